//! Rule packs: every case of every clause that is built in, played on a desk; and how packs, policy files and their faults are
//! read.

use alarmcore::{
    AccountCard, Authority, Clause, Deviation, Finding, Handling, KeySet, Kind, Lang, Mark, Pack, PackRule, Policy,
    PollRule, Priority, Register, RegisterRule, Rulebook, TargetRule,
};

use crate::script::play;

/// Plays every case of a pack on a desk that works by this pack alone, and compares what the desk says.
fn cases_of(pack: &str) -> usize {
    let read = Pack::from_toml(Pack::built_in(pack).unwrap()).unwrap();
    let (mut played, mut otherwise) = (0, Vec::new());
    for clause in &read.clauses {
        for case in &clause.cases {
            let policy = Policy::from_toml(&format!("packs = [\"{pack}\"]\n{}", case.policy)).unwrap();
            let said = play(policy, &case.script);
            let shown =
                |line: &&str| case.shows.is_empty() || case.shows.iter().any(|word| line.contains(word.as_str()));
            let level = pack == "avs-01";
            let said: Vec<String> =
                said.lines().map(str::trim).filter(shown).map(|line| unnumbered(line, level)).collect();
            let expected: Vec<&str> = case.expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            if said != expected {
                otherwise.push(format!("{}: {}\n{}\n", clause.id, case.name, said.join("\n")));
            }
            played += 1;
        }
    }
    assert!(otherwise.is_empty(), "cases in which the desk says something else:\n{}", otherwise.join("\n"));
    played
}

/// A line without the version of its record: how many records came before is not what a clause is about.
fn unnumbered(line: &str, level: bool) -> String {
    let version = |word: &&str| word.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
    let line = line.split(' ').filter(|word| !version(word)).collect::<Vec<_>>().join(" ");
    // Of a hand-off only to whom, and the level where that is what the pack is about: what else goes with it is not the clause's.
    let Some((head, facts)) = line.split_once(" handed-off ") else { return line };
    let facts: serde_json::Value = serde_json::from_str(facts).unwrap();
    let to = facts["to"].as_str().unwrap();
    if level { format!("{head} handed-off {to} level {}", facts["avs"]) } else { format!("{head} handed-off {to}") }
}

macro_rules! packs {
    ($($(#[$doc:meta])* $name:ident $pack:literal $cases:literal,)*) => {
        $($(#[$doc])* #[test] fn $name() { assert_eq!(cases_of($pack), $cases); })*
    };
}

packs! {
    /// 3.5: "warn after 2, withdraw after 3 false calls in rolling 12 months; back after 3 clean months + remedy": 30 sequences
    /// on the count, and two on what is called in; "two path faults of different technologies = confirmed; hold-up confirmation > 2
    /// min apart": four; "transmission fault + alarm in one set period": two. And one on calls that never reached the police.
    clause_uk_npcc "uk-npcc" 39,
    /// 3.5: "\u{2265} 2 false in a month: repair \u{2264} 72 h": 30 sequences; "sequential = 3 detectors \u{2264} 30 min": four.
    clause_es_2011 "es-2011" 34,
    /// 3.5: "3 false per permit year: suspension; waived with documented repair work orders": 30 sequences; "two-zone trigger": two.
    clause_auburn "auburn" 32,
    /// 3.6: "acceptance = one case per clause, hand-off in \u{2264} 10 s of simulated operator time".
    clause_cn_sh_2010 "cn-sh-2010" 24,
    /// 3.6: three invariants: no loss, a panic is not disarmed, no automatic reset.
    clause_gb50394 "gb50394" 4,
    /// 3.5: "\u{2265} 2 calls to 2 different numbers before police".
    clause_cs_v_01 "cs-v-01" 2,
    /// 3.1: "alarm shown \u{2264} 10 s; confirmed alarm forwarded \u{2264} 3 s; poll \u{2264} 2 h; daily communication test, daily clock
    /// check; > 5 false alarms/day".
    clause_gb50440 "gb50440" 8,
    /// 3.3: "the level goes with the hand-off"; its sixty sequences are played by `row_2_2_avs_01_sixty_sequences`.
    clause_avs_01 "avs-01" 1,
    /// 3.1: "daily tests, records of operator actions".
    clause_en_50518 "en-50518" 4,
}

/// Everything that is built in is read, is named in the documentation of the policy file, says what it asks in both languages,
/// and has a case of every clause that is measured.
#[test]
fn every_built_in_pack_is_whole() {
    for (name, text) in Pack::BUILT_IN {
        let pack = Pack::from_toml(text).unwrap();
        assert_eq!(pack.id, *name);
        assert!(Policy::DOCUMENTED.contains(&format!("\"{name}\"")), "{name} is not in the documented policy");
        for clause in &pack.clauses {
            assert!(!clause.text.en.is_empty() && !clause.text.zh.is_ascii(), "{} says nothing", clause.id);
            assert!(clause.rule.is_some() != clause.unmeasured.is_some(), "{} names no measure", clause.id);
            assert_eq!(clause.rule.is_some(), !clause.measures(Lang::Zh).is_empty() && !clause.target().is_empty());
            // A hand-over of a shift is no affair of the desk: its case is `row_2_10_compliance`, with the store.
            let of_store =
                matches!(clause.rule, Some(PackRule::Register(RegisterRule { register: Register::HandOver, .. })));
            let proved = clause.rule.is_some() && clause.mark != Mark::Unverified && !of_store;
            assert!(!proved || !clause.cases.is_empty(), "{} is measured, and has no case", clause.id);
            assert!(
                clause.mark != Mark::Unverified || clause.cases.is_empty(),
                "{} is unverified and proved",
                clause.id
            );
        }
        let policy = Policy::from_toml(&format!("packs = [\"{name}\"]")).unwrap();
        assert_eq!(policy.packs, [pack.stamp()]);
        // What is in force can be stored, and read back as it was.
        let stored = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
    }
}

fn book(text: &str) -> Rulebook {
    Rulebook::read(text, &|name| Err(format!("no file {name}"))).unwrap()
}

/// Packs lie under the file's own keys, key by key; where the file differs, that is listed.
#[test]
fn a_policy_file_goes_before_its_packs() {
    let under = book(
        "packs = ['cn-sh-2010']\n[confirm]\nwithin_s = 60\n[classes]\nburglary = { action = 'show', priority = 3 }",
    );
    assert_eq!((under.policy.confirm.within_s, under.policy.confirm.path_fault), (60, false));
    assert_eq!(under.policy.classes.len(), 1);
    assert_eq!(under.deviations, []);
    let against = book("version = 3\npacks = ['cn-sh-2010']\n[confirm]\npath_fault = true");
    let deviation = Deviation {
        clause: "cn-sh-2010.two-signs".parse().unwrap(),
        whose: None,
        key: "confirm.path_fault".into(),
        set: "false".into(),
        in_force: "true".into(),
    };
    assert_eq!(against.deviations, [deviation]);
    assert!(against.policy.confirm.path_fault);
    // Two packs that do not agree: the later one holds, and the earlier one is deviated from.
    let two = book("packs = ['cn-sh-2010', 'uk-npcc']");
    let deviated: Vec<String> = two.deviations.iter().map(|of| format!("{} {}", of.clause, of.key)).collect();
    assert_eq!(deviated, ["cn-sh-2010.two-signs confirm.path_fault"]);
    assert!(two.policy.confirm.path_fault && !two.policy.confirm.two_trips);
    let two = book("packs = ['cn-sh-2010', 'es-2011']");
    let deviated: Vec<String> = two.deviations.iter().map(|of| format!("{} {}", of.clause, of.key)).collect();
    assert_eq!(deviated, ["cn-sh-2010.two-signs confirm.zones"]);
}

/// A pack in a file of its own, whose clause sets a handling as a whole; and a rule of the centre's own.
#[test]
fn a_pack_of_ones_own() {
    let own = "id = 'house'\nversion = 7\ntitle = { en = 'House', zh = '本中心' }\nsource = { en = 'us', zh = '本中心' }\n\
               [[clause]]\nid = 'tamper'\nmark = 'V'\nen = 'Tamper is urgent.'\nzh = '防拆报警须优先。'\n\
               sets = { classes = { tamper = { action = 'show', priority = 2 } } }\n";
    let file = |name: &str| if name == "house.toml" { Ok(own.to_owned()) } else { Err("no such file".to_owned()) };
    let text = "packs = ['house.toml']\n[[rules]]\nclause = 'house.own'\nmark = 'S'\n\
                rule = { kind = 'due', act = 'call', within_s = 30 }\n";
    let book = Rulebook::read(text, &file).unwrap();
    assert_eq!(book.policy.packs, ["house@7"]);
    let handlings: Vec<Handling> = book.policy.classes.values().copied().collect();
    assert_eq!(handlings, [Handling::Show { priority: Priority::clamped(2) }]);
    assert_eq!(book.policy.rules.iter().map(|rule| rule.clause.as_str()).collect::<Vec<_>>(), ["house.own"]);
}

/// The policy keeps of each clause in force what it says and which keys it sets, for all or for some; that is no key of a file.
#[test]
fn the_clauses_in_force_are_kept_with_their_keys() {
    let text = "packs = ['es-2011']\nconfirm = { zones = 2 }\n[[override]]\nsite = 'mall'\npacks = ['cs-v-01']\n";
    let policy = Policy::from_toml(text).unwrap();
    let sets: Vec<String> = policy
        .clauses
        .iter()
        .flat_map(|one| one.sets.iter().map(move |set| (one, set)))
        .map(|(one, KeySet { key, set, otherwise })| {
            format!("{} {:?} {} {key} = {set}, not {otherwise:?}", one.pack, one.place, one.clause)
        })
        .collect();
    assert_eq!(
        sets,
        [
            "es-2011@3 None es-2011.sequential confirm.path_fault = false, not None",
            "es-2011@3 None es-2011.sequential confirm.two_trips = false, not None",
            "es-2011@3 None es-2011.sequential confirm.within_s = 1800, not None",
            r#"es-2011@3 None es-2011.sequential confirm.zones = 3, not Some("2")"#,
            r#"cs-v-01@2 Some(0) cs-v-01.two-calls verify.police = { calls = 2, exempt = ["confirmed", "scene", "video", "witness"], numbers = 2 }, not None"#,
        ]
    );
    assert!(policy.clauses.iter().all(|one| !one.sets.is_empty() || policy.rule_of(&one.clause).is_some()));
    assert!(policy.clauses.iter().any(|one| one.sets.is_empty()));
    let sequential = policy.clauses.iter().find(|one| one.clause.as_str() == "es-2011.sequential").unwrap();
    let set_to = |key| sequential.sets(key).map(|set| set.set.as_str());
    assert_eq!(["confirm.zones", "confirm.within_s", "confirm.priority"].map(set_to), [Some("3"), Some("1800"), None]);
    let kept = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&kept).unwrap().clauses, policy.clauses);
    let told = Policy::from_toml("version = 2\nclauses = []\n").unwrap_err();
    assert_eq!(
        (told.line, told.column, told.fault.as_str()),
        (2, 11, "`clauses` is kept of the packs that are in force: name those")
    );
}

/// A fault in a policy file or in a pack has its line and says what is allowed.
#[test]
fn faults_of_packs_have_their_place() {
    let pack = |clause: &str| {
        format!(
            "id = 'p'\nversion = 1\ntitle = {{ en = 'p', zh = 'p' }}\nsource = {{ en = 'p', zh = 'p' }}\n\
             [[clause]]\nid = 'c'\nmark = 'V'\nen = 'c'\nzh = 'c'\n{clause}"
        )
    };
    let faults = [
        (pack("colour = 1"), (10, 1), "unknown field `colour`"),
        (pack("sets = { repeat_windw_s = 3 }"), (10, 10), "unknown field `repeat_windw_s`"),
        (pack("sets = { packs = ['uk-npcc'] }"), (6, 6), "a clause sets neither `packs` nor `rules`"),
        (
            pack("sets = { clauses = [{ clause = 'a.b', pack = 'a@1', mark = 'V', text = { en = 'a', zh = 'a' } }] }"),
            (6, 6),
            "a clause sets neither `packs` nor `rules`, nor `clauses`",
        ),
        (pack("[clause.rule]\nkind = 'dew'"), (11, 8), "unknown variant `dew`"),
        (pack("[clause.rule]\nkind = 'due'\nact = 'send'"), (10, 1), "a rule of kind `due` needs `within_s`"),
        (pack("[clause.rule]\nkind = 'due'\nact = 'send'\nwithin_s = 0"), (10, 1), "`within_s` must be 1 to 86400"),
        (
            pack("[clause.rule]\nkind = 'due'\nact = 'send'\nwithin_s = 5\nafter = 2"),
            (10, 1),
            "a rule of kind `due` has no `after`",
        ),
        (pack("[clause.rule]\nkind = 'due'\nact = 'hand-off'\nwithin_s = 5"), (10, 1), "a hand-off needs `to`"),
        (pack("[clause.rule]\nkind = 'false-calls'\nwindow = '13 months'"), (12, 10), "a window is `1 months`"),
        (
            pack(
                "[clause.rule]\nkind = 'false-calls'\ncounts = 'all'\nwindow = '1 month'\nafter = 2\nthen = 'withdraw'",
            ),
            (10, 1),
            "a withdrawal is lifted after `clean_months`",
        ),
        (pack("[clause.rule]\nkind = 'poll'"), (10, 1), "a rule of kind `poll` needs `within_s`"),
        (
            pack("[clause.rule]\nkind = 'poll'\nwithin_s = 5\nevery_h = 1"),
            (10, 1),
            "a rule of kind `poll` has no `every_h`",
        ),
        (pack("unmeasured = 'lazy'"), (10, 14), "unknown variant `lazy`, expected one of `at-the-panel`"),
        (
            pack("unmeasured = 'nothing-happened'"),
            (10, 14),
            "a report finds that by itself; a pack says `at-the-panel`, `premises`, `on-cards`, `recordings`, `meaning`, \
             `done-otherwise`, `not-read`",
        ),
        (
            pack("unmeasured = 'premises'\n[clause.rule]\nkind = 'always'\nholds = 'nothing-lost'"),
            (10, 14),
            "a clause with a rule is measured",
        ),
        (pack("[clause.rule]\nkind = 'always'\nholds = 'wisdom'"), (12, 9), "unknown variant `wisdom`"),
        (
            pack("[clause.rule]\nkind = 'target'\nspan = 'shown'\nwithin_s = 5\nto = 'fire'"),
            (10, 1),
            "only what is `forwarded` has a `to`",
        ),
        (pack("[[clause]]\nid = 'c'\nmark = 'V'\nen = 'c'\nzh = 'c'"), (11, 6), "there is another clause of this name"),
        (pack("").replace("id = 'c'", "id = 'C'"), (6, 6), "a clause is named"),
    ];
    for (text, place, fault) in faults {
        let error = Pack::from_toml(&text).unwrap_err();
        assert!(error.fault.starts_with(fault), "{text:?}: {error}");
        assert_eq!((error.line, error.column), place, "{text:?}: {error}");
    }
    let faults = [
        ("version = 2\npacks = ['uk-npc']", (2, 10), "unknown pack `uk-npc`, expected one of `auburn`"),
        ("packs = ['uk-npcc', 'uk-npcc']", (1, 21), "the pack uk-npcc is named twice"),
        ("packs = ['uk-npcc@9']", (1, 10), "uk-npcc@4 is built in, not uk-npcc@9"),
        ("packs = ['mine.toml']", (1, 10), "the pack mine.toml: a pack in a file of its own cannot be read here"),
    ];
    for (text, place, fault) in faults {
        let error = Policy::from_toml(text).unwrap_err();
        assert!(error.fault.starts_with(fault), "{text:?}: {error}");
        assert_eq!((error.line, error.column), place, "{text:?}: {error}");
    }
}

/// A parameter that nobody has verified is neither kept nor broken of any standard.
#[test]
fn what_is_found_of_an_unverified_clause_is_no_pass() {
    let found = |mark| [true, false].map(|kept| Finding::of(mark, kept).as_str());
    assert_eq!(found(Mark::Verified), ["pass", "fail"]);
    assert_eq!(found(Mark::SecondHand), ["pass", "fail"]);
    assert_eq!(found(Mark::Unverified), ["within-parameter", "beyond-parameter"]);
}

/// What is measured of a clause and what it asks for, as a report says it: of each kind of rule.
#[test]
fn what_clauses_measure_is_read() {
    let clause = |rule: &str| -> Clause {
        let text = format!(
            "id = 'house'\nversion = 1\ntitle = {{ en = 'x', zh = 'x' }}\nsource = {{ en = 'x', zh = 'x' }}\n[[clause]]\n\
             id = 'a'\nmark = 'V'\nen = 'x'\nzh = 'x'\n{rule}\n"
        );
        Pack::from_toml(&text).unwrap().clauses.remove(0)
    };
    let said = |rule: &str| {
        let clause = clause(&format!("rule = {{ {rule} }}"));
        (clause.measures(Lang::En), clause.target())
    };
    let counted = "kind = 'false-calls', counts = 'all', window = '12 months', after = 3";
    let (warned, remedied) =
        (format!("{counted}, then = 'warn'"), format!("{counted}, then = 'remedy', proof = 'needed'"));
    let all = [
        ("kind = 'due', act = 'hand-off', to = 'police', within_s = 60", "act due: hand off → Police", "100 % ≤ 60 s"),
        ("kind = 'due', act = 'call', within_s = 60", "act due: call a contact", "100 % ≤ 60 s"),
        (&warned, "false calls: false alarms → warning", "< 3 / 12 months"),
        (&format!("{remedied}, within_h = 24"), "false calls: false alarms → remedy due", "100 % ≤ 24 h"),
        (&remedied, "false calls: false alarms → remedy due", "100 %"),
        (
            "kind = 'target', span = 'shown', within_s = 60, per_mille = 985",
            "measured: received to shown",
            "98.5 % ≤ 60 s",
        ),
        (
            "kind = 'target', span = 'first-act', within_s = 60, per_mille = 800",
            "measured: received to first act",
            "80 % ≤ 60 s",
        ),
        ("kind = 'register', register = 'clock-check', every_h = 24", "register: clock check", "1 / 24 h"),
        ("kind = 'poll', within_s = 90", "lines polled", "100 % ≤ 90 s"),
        ("kind = 'always', holds = 'nothing-lost'", "always so: every signal has its end", "100 %"),
    ];
    let found: Vec<_> = all.iter().map(|(rule, ..)| said(rule)).collect();
    let expected: Vec<(String, String)> =
        all.iter().map(|(_, measures, target)| ((*measures).into(), (*target).into())).collect();
    assert_eq!(found, expected);
    let none = clause("sets = { confirm = { within_s = 7 } }");
    assert_eq!((none.measures(Lang::En), none.target()), (String::new(), String::new()));
    assert_eq!(none.policy().confirm.within_s, 7);
}

/// Of which incidents and to whom a span is measured, and which cards are polled often enough.
#[test]
fn what_a_rule_measures() {
    let target = |keys: &str| -> TargetRule {
        let rule = format!("kind = 'target', span = 'forwarded', within_s = 60, per_mille = 900{keys}");
        let text = format!("[[rules]]\nclause = 'house.a'\nmark = 'V'\nrule = {{ {rule} }}\n");
        match Policy::from_toml(&text).unwrap().rules.remove(0).rule {
            PackRule::Target(target) => target,
            other => panic!("{other:?}"),
        }
    };
    let about = |keys: &str| [Kind::Fire, Kind::Burglary, Kind::Power].map(|kind| target(keys).is_about(kind));
    assert_eq!(about(""), [true, true, true]);
    assert_eq!(about(", kinds = ['fire', 'power']"), [true, false, true]);
    assert_eq!(about(", kinds = ['fire'], others = true"), [false, true, false]);
    let to = |keys: &str| [Authority::Police, Authority::Fire, Authority::Insurer].map(|to| target(keys).is_to(to));
    assert_eq!(to(""), [true, true, false]);
    assert_eq!(to(", to = 'fire'"), [false, true, false]);
    let card = |heartbeat_s| AccountCard { heartbeat_s, ..AccountCard::new("1001".parse().unwrap()) };
    let kept = |heartbeat_s| PollRule { within_s: 90 }.is_kept(&card(heartbeat_s));
    assert_eq!([Some(60), Some(90), Some(91), None].map(kept), [true, true, false, false]);
}
