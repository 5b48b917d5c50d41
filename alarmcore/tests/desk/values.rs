//! What single values say: numbers and names of levels, who may do what, lines and labels as people read them, and the places
//! that a restore ends.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, AccountState, Arming, AvsLevel, Candidate, ClauseId, Command, Currency, Effect, Evidence, Expectation,
    Expected, IncidentEvent, IncidentId, Kind, Lang, Lowered, Lowering, LoweringStage, Lowers, NotSent, Outage,
    Outcome, Part, Plans, Policy, RaiseReason, Report, Rule, SignalId, StormCommand, StormEvent, StormId, TravelBasis,
    UnitId,
};
use contactid::{Class, Code, Qualifier};

use crate::script::{at, signal};

#[test]
fn levels_of_avs_01() {
    let said = AvsLevel::ALL.map(|level| (level.get(), level.label(Lang::En), level.label(Lang::Zh)));
    assert_eq!(
        said,
        [
            (0, "No request for police", "不请求出警"),
            (1, "Little beside the signal", "仅有报警信号"),
            (2, "People there, intent unknown", "现场有人,意图不明"),
            (3, "Threat to property", "财产受威胁"),
            (4, "Threat to life", "生命受威胁"),
        ]
    );
}

/// Which acts only a supervisor may do, and which a second person must agree to: of each kind one that is so and one that is not.
#[test]
fn who_may_do_what() {
    let act = |json: &str| serde_json::from_str::<Command>(json).unwrap();
    let needs = |json: &str| (act(json).needs_supervisor(), act(json).needs_second());
    assert_eq!(needs(r#"{"act": "take"}"#), (false, false));
    assert_eq!(needs(r#"{"act": "take-over"}"#), (true, false));
    assert_eq!(needs(r#"{"act": "overturn", "cause": "animal"}"#), (false, true));
    assert_eq!(needs(r#"{"act": "skip-step", "step": "call"}"#), (false, true));
    let storm = |json: &str| serde_json::from_str::<StormCommand>(json).unwrap();
    let needs = |json: &str| (storm(json).needs_supervisor(), storm(json).needs_second());
    assert_eq!(needs(r#"{"act": "declare", "area": "everywhere"}"#), (true, false));
    assert_eq!(needs(r#"{"act": "end"}"#), (false, true));
    assert_eq!(needs(r#"{"act": "dismiss"}"#), (false, false));
}

#[test]
fn names_and_currencies() {
    let clause: ClauseId = "uk-npcc.3-2".parse().unwrap();
    assert_eq!((clause.pack(), clause.as_str()), ("uk-npcc", "uk-npcc.3-2"));
    assert_eq!((Currency::CNY.to_string(), format!("{:?}", Currency::CNY)), ("CNY".into(), "CNY".into()));
    assert_eq!("eur".parse::<Currency>().unwrap().as_str(), "EUR");
    for wrong in ["E1R", "EURO", "E R", "¥¥"] {
        assert_eq!(wrong.parse::<Currency>().unwrap_err().0, wrong);
    }
}

/// What a unit costs, with its parts, as an operator reads it.
#[test]
fn the_cost_of_a_unit_is_read() {
    let one = Candidate {
        unit: UnitId::new(7),
        travel_s: 300,
        basis: TravelBasis::Stated,
        jobs: 2,
        jobs_s: 600,
        area_s: 900,
        out: None,
    };
    let said = |out| [Lang::En, Lang::Zh].map(|lang| Candidate { out, ..one }.label(lang));
    assert_eq!(
        said(None),
        [
            "1800 s = 300 travel (stated for the district) + 600 for 2 jobs + 900 other area",
            "1800 秒 = 路程 300(按区域设定)+ 在手任务 2 项 600 + 跨区 900",
        ]
    );
    assert_eq!(
        said(Some(NotSent::Busy)),
        [
            "1800 s = 300 travel (stated for the district) + 600 for 2 jobs + 900 other area, not sent: has a job",
            "1800 秒 = 路程 300(按区域设定)+ 在手任务 2 项 600 + 跨区 900,不派:正在处理警情",
        ]
    );
}

/// Times are written in the largest unit that they are a whole number of; a tolerance of nothing is not written.
#[test]
fn lines_of_expectations() {
    let written = |times: &str| {
        let text = format!("name Round; expect E422 user 1; after E421; {times}; raise 641");
        text.parse::<Expectation>().unwrap().to_string().split_once("E421; ").unwrap().1.to_owned()
    };
    assert_eq!(written("within 86400s"), "within 1d; raise 641");
    assert_eq!(written("within 36h"), "within 36h; raise 641");
    assert_eq!(written("within 7200s"), "within 2h; raise 641");
    assert_eq!(written("within 5400s"), "within 90m; raise 641");
    assert_eq!(written("within 90s"), "within 90s; raise 641");
    assert_eq!(written("within 5m; tolerance 0m"), "within 5m; raise 641");
    assert_eq!(written("within 5m; tolerance 1m"), "within 5m; tolerance 1m; raise 641");
}

/// What a card expected before holds since then; what is new, or says something else, from now on.
#[test]
fn expectations_keep_their_beginning() {
    let all = |text: &str| Expectation::read_all(text).unwrap();
    let gate = "name Gate; expect E422 user 1; after E421; within 5m; raise 641";
    let vault = "name Vault; expect E422 user 2; after E421; within 5m; raise 646";
    let (before, now) = (at("08:00:00"), at("09:00:00"));
    let first = Expectation::dated(&all(gate), &[], before);
    let both = Expectation::dated(&all(&format!("{gate}\n{vault}")), &first, now);
    let begun: Vec<(&str, serde_json::Value)> =
        both.iter().map(|one| (one.name(), serde_json::to_value(one).unwrap()["since"].clone())).collect();
    assert_eq!(begun, [("Gate", before.millis().into()), ("Vault", now.millis().into())]);
    let changed = Expectation::dated(&all(&gate.replace("5m", "6m")), &first, now);
    assert_eq!(serde_json::to_value(&changed[0]).unwrap()["since"], now.millis());
}

/// Plans by day and by night, in open hours and outside of them; their names and those of their steps in both languages.
#[test]
fn plans_by_the_hour() {
    let plan = |id: &str, rest: &str| {
        format!(
            "[[plan]]\nid = \"{id}\"\nen = \"Plan {id}\"\nzh = \"预案 {id}\"\n{rest}\n\
             step = [{{ id = \"end\", en = \"Close it\", zh = \"消警\", act = \"close\" }}]\n"
        )
    };
    let text = [
        "version = 3\nnight = \"zone UTC; tolerance 0m; Mon-Sun 22:00-06:00\"\n".to_owned(),
        plan("any", ""),
        plan("night", "kinds = [\"burglary\"]\nat = \"night\""),
        plan("day", "kinds = [\"tamper\"]\nat = \"day\""),
        plan("open", "kinds = [\"general\"]\nat = \"on-hours\""),
        plan("shut", "kinds = [\"access\"]\nat = \"off-hours\""),
    ]
    .concat();
    let plans = Plans::from_toml(&text).unwrap();
    assert_eq!(plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), ["any", "night", "day", "open", "shut"]);
    assert_eq!((plans.is_night(at("23:00:00")), plans.is_night(at("12:00:00"))), (true, false));
    let chosen = |kind, night, hours| plans.choose(kind, None, None, night, hours).unwrap().id.as_str();
    assert_eq!([true, false].map(|night| chosen(Kind::Burglary, night, None)), ["night", "any"]);
    assert_eq!([true, false].map(|night| chosen(Kind::Tamper, night, None)), ["any", "day"]);
    let hours = [Some(true), Some(false), None];
    assert_eq!(hours.map(|hours| chosen(Kind::General, false, hours)), ["open", "any", "any"]);
    assert_eq!(hours.map(|hours| chosen(Kind::Access, false, hours)), ["any", "shut", "any"]);
    let day = plans.get("day").unwrap();
    assert_eq!([Lang::En, Lang::Zh].map(|lang| day.label(lang)), ["Plan day", "预案 day"]);
    assert_eq!([Lang::En, Lang::Zh].map(|lang| day.steps[0].label(lang)), ["Close it", "消警"]);
}

/// What is kept of lowerings that were not followed from their beginning, as the card says: what began or ended before the moment
/// has; what does so at it has yet to.
#[test]
fn how_a_card_stood() {
    let (from, until) = (at("09:00:00"), at("12:00:00"));
    let lowering = Lowering { number: 4, lowers: Lowers::Suspension, from, until, agreed_at: None };
    let card = AccountCard { lowerings: [lowering].into_iter().collect(), ..AccountCard::new("1001".parse().unwrap()) };
    let stood = |clock: &str| Lowered::stood(&card, at(clock)).map(|lowered| lowered.stages);
    assert_eq!(stood("09:00:00"), None);
    assert_eq!(stood("09:00:01"), Some(BTreeMap::from([(4, LoweringStage::Began)])));
    assert_eq!(stood("12:00:00"), Some(BTreeMap::from([(4, LoweringStage::Began)])));
    assert_eq!(stood("12:00:01"), Some(BTreeMap::from([(4, LoweringStage::Ended)])));
    // Of a test that recurs, and has begun to, the hours up to then are past; of a suspension there are none.
    let recurs = r#"{"number": 5, "lowers": "recurring-test", "hours": "zone UTC; Sun 09:00-10:00", "test_reason": "works",
        "from": 0, "until": 0}"#;
    let recurs = Lowering { from: at("10:00:00"), until: at("18:00:00"), ..serde_json::from_str(recurs).unwrap() };
    let lowerings = card.lowerings.iter().cloned().chain([recurs]).collect();
    let card = AccountCard { lowerings, ..card.clone() };
    let recurred = |clock: &str| Lowered::stood(&card, at(clock)).map(|lowered| lowered.recurred);
    assert_eq!(recurred("09:30:00"), Some(BTreeMap::new()));
    assert_eq!(recurred("10:30:00"), Some(BTreeMap::from([(5, at("10:30:00"))])));
}

/// Which keys of the policy decide: by which rule a signal is handled, what confirms, and what is found missing.
#[test]
fn keys_that_decide() {
    let own = crate::script::rules(r#"{"codes": {"301": {"action": "hold", "priority": 6, "seconds": 60}}}"#);
    let code = |digits: &str| digits.parse::<Code>().unwrap();
    let first = |policy: &Policy, rule, class: Class, digits: &str| {
        policy.keys_of(rule, Some(class), Some(code(digits))).first().map(|key| key.to_string())
    };
    let plain = Policy::default();
    let key = |key: &str| Some(key.to_owned());
    assert_eq!(first(&plain, Rule::ClassShown, Class::Burglary, "130"), key("classes.burglary"));
    assert_eq!(first(&plain, Rule::CodeLogged, Class::Burglary, "130"), key("codes.130"));
    assert_eq!(first(&plain, Rule::RestoreWait, Class::MainsPower, "301"), key("classes.mains-power"));
    assert_eq!(first(&own, Rule::RestoreWaitOver, Class::MainsPower, "301"), key("codes.301"));
    assert_eq!(first(&plain, Rule::Repeat, Class::Burglary, "130"), key("repeat_window_s"));
    assert_eq!(RaiseReason::HoldUpAgain.confirming_keys(), ["confirm.hold_up_apart_s"]);
    assert_eq!(RaiseReason::TwoPaths.confirming_keys(), ["confirm.two_paths", "confirm.within_s", "confirm.priority"]);
    assert_eq!(RaiseReason::Declined.confirming_keys(), [""; 0]);
    assert_eq!(Expected::Test.keys(), ["expect.test_by", "expect.test_tolerance_s"]);
    assert_eq!(Expected::Event.keys(), [""; 0]);
}

/// By which rules circumstances kept a signal from operators, lowered it or ended its wait.
#[test]
fn rules_that_policies_are_audited_by() {
    let automatic: Vec<&str> = Rule::ALL.iter().filter(|rule| rule.is_automatic()).map(|rule| rule.as_str()).collect();
    let expected = "restore-wait.restored cancel.allowed cancel.in-time late-close.closed late-close.not-today on-test suspended \
                    log-only storm.grouped storm.restored runaway.logged swinger.logged unconfirmed recent-opening \
                    recent-opening.logged recent-closing recent-closing.logged before-closing";
    assert_eq!(automatic.join(" "), expected);
}

/// What an effect and an event are about: the incident, and the signal.
#[test]
fn effects_and_events_name_what_they_are_about() {
    let (incident, storm) = (IncidentId::new(4), StormId::new(1));
    assert_eq!(Effect::FirstContact { incident }.incident(), Some(incident));
    assert_eq!(Effect::CallIn { storm }.incident(), None);
    let evidence = Evidence::of(&signal(7, at("10:00:00"), "1001", &["E130", "n5"]));
    let joined = IncidentEvent::SignalJoined { evidence: evidence.clone(), rule: Rule::ClassShown };
    assert_eq!((joined.evidence(), IncidentEvent::Taken {}.evidence()), (Some(&evidence), None));
}

/// Which part of the centre one of its own reports is about; the daily look is about none.
#[test]
fn reports_of_the_centre_name_their_part() {
    let code = |report: Report| report.signal.unwrap().code;
    for part in Part::ALL {
        assert_eq!(Part::of(&code(part.report(at("10:00:00"), true, "x".into()))), Some(*part));
    }
    assert_eq!(Part::of(&code(Part::checked(at("10:00:00"), "x".into()))), None);
}

/// Which line of the ledger an event of a storm is about.
#[test]
fn events_of_storms_name_their_line() {
    let outage = Outage { account: "1001".parse().unwrap(), kind: Kind::Power };
    let event = StormEvent::Shown { outage, incident: IncidentId::new(4) };
    assert_eq!((event.outage(), StormEvent::Lapsed {}.outage()), (Some(outage), None));
    assert_eq!(Outcome::Joined { incident: IncidentId::new(4) }.incident(), Some(IncidentId::new(4)));
}

/// The state after these signals, a second apart.
fn state(signals: &[&[&str]]) -> AccountState {
    let mut state = AccountState::new("1001".parse().unwrap());
    for (id, words) in (1..).zip(signals) {
        state.apply(&signal(id, at("10:00:00").plus_secs(id as u32), "1001", words));
    }
    state
}

/// A restore without a group ends what began in any, and one of a group what began without; SIA's `xR` ends what speaks of a zone of
/// the same letter, and what the list names as its restore.
#[test]
fn what_a_restore_ends() {
    let left = |signals: &[&[&str]]| {
        let state = state(signals);
        state.alarms.len() + state.troubles.len() + state.bypassed.len()
    };
    assert_eq!(left(&[&["E130", "g1", "n5"], &["R130", "n5"]]), 0);
    assert_eq!(left(&[&["E130", "n5"], &["R130", "g1", "n5"]]), 0);
    assert_eq!(left(&[&["E130", "g2", "n5"], &["R130", "g1", "n5"]]), 1);
    assert_eq!(left(&[&["E130", "n5"], &["R130", "n6"]]), 1);
    assert_eq!(left(&[&["E130", "n5"], &["R131", "n5"]]), 1);
    assert_eq!(left(&[&["BA", "n5"], &["BT", "n5"], &["BR", "n5"]]), 0);
    assert_eq!(left(&[&["BA", "n5"], &["FR", "n5"]]), 1);
    assert_eq!(left(&[&["FA", "n5"], &["BR", "n5"]]), 1);
    assert_eq!(left(&[&["BA", "n5"], &["BH", "n5"]]), 0);
    assert_eq!(left(&[&["BT", "n5"], &["BJ", "n5"]]), 0);
    assert_eq!(left(&[&["BT", "n5"], &["BH", "n5"]]), 1);
}

/// How an opening or closing leaves an area, and which: that of the code's own number where it counts areas.
#[test]
fn how_areas_stand() {
    let areas = |words: &[&str]| -> Vec<(Option<u16>, Arming, Option<u32>)> {
        state(&[words]).areas.iter().map(|area| (area.group, area.arming, area.by)).collect()
    };
    assert_eq!(areas(&["E401", "g1", "n3"]), [(Some(1), Arming::Disarmed, Some(3))]);
    assert_eq!(areas(&["E456", "g1", "n3"]), [(Some(1), Arming::Part, Some(3))]);
    assert_eq!(areas(&["R441", "g1", "n3"]), [(Some(1), Arming::Part, Some(3))]);
    assert_eq!(areas(&["OG", "n3"]), [(Some(3), Arming::Part, None)]);
    assert_eq!(areas(&["CG", "g7", "n3"]), [(Some(7), Arming::Part, Some(3))]);
}

/// Zones are no users; a panel in its own test says so until it says that it is over.
#[test]
fn who_and_since_when() {
    let by = |words: &[&str]| state(&[words]).alarms[0].by;
    assert_eq!((by(&["E130", "n5"]), by(&["E121", "n5"])), (None, Some(5)));
    let test = |signals: &[&[&str]]| state(signals).test_mode_since;
    assert_eq!(test(&[&["E607"]]), Some(at("10:00:01")));
    assert_eq!(test(&[&["E607"], &["E607"]]), Some(at("10:00:01")));
    assert_eq!(test(&[&["E607"], &["R607"]]), None);
}

/// What people do on purpose outlasts what detectors say, where there is no room for all; the same event is remembered once.
#[test]
fn what_was_heard_is_remembered() {
    let code = |word: &str| word.parse::<Code>().unwrap();
    let mut many = AccountState::new("1001".parse().unwrap());
    many.apply(&signal(1, at("09:00:00"), "1001", &["E422", "n1"]));
    for id in 2..=100_u64 {
        many.apply(&signal(id, at("10:00:00").plus_secs(id as u32), "1001", &["E130", &format!("n{id}")]));
    }
    assert_eq!(many.seen.len(), AccountState::SEEN);
    assert!(many.seen.iter().any(|seen| seen.code == code("422")), "the round is remembered");
    let twice = state(&[&["E130", "n5"], &["R130", "n5"], &["E130", "n5"]]);
    let seen: Vec<_> = twice.seen.iter().map(|seen| (seen.qualifier, seen.at)).collect();
    assert_eq!(seen, [(Qualifier::New, at("10:00:03")), (Qualifier::Restore, at("10:00:02"))]);
}

/// A frame that nobody can read is known when it is sent again, and so is an event without a number.
#[test]
fn frames_sent_again() {
    let first = signal(1, at("10:00:00"), "1001", &["nothing", "unread"]);
    let mut state = AccountState::new("1001".parse().unwrap());
    state.apply(&first);
    let again = alarmcore::Report { received_at: at("10:00:10"), ..first.report.clone() };
    assert_eq!(state.repeat_of(&again, 60), Some(SignalId::new(1)));
    let mut unnumbered = signal(2, at("10:01:00"), "1001", &["E130", "n5"]);
    unnumbered.report.sequence = None;
    state.apply(&unnumbered);
    let other = alarmcore::Report { line: "dc09-udp".into(), received_at: at("10:01:10"), ..unnumbered.report.clone() };
    assert_eq!(state.duplicate_of(&other), Some(SignalId::new(2)));
    // Two lines are two paths, however alike their names are.
    for (first, second) in [("a", "e"), ("1", "5"), ("0", "1"), ("gsm-1", "gsm-2")] {
        let mut state = AccountState::new("1001".parse().unwrap());
        unnumbered.report.line = first.into();
        state.apply(&unnumbered);
        let other = alarmcore::Report { line: second.into(), received_at: at("10:01:10"), ..unnumbered.report.clone() };
        assert_eq!(state.duplicate_of(&other), Some(SignalId::new(2)), "{first} {second}");
    }
}

/// Two numbers that one counter gives soon after one another, forward or backward and over its end, are no second path.
#[test]
fn numbers_of_one_counter() {
    let copy = |first: &str, then: &str| {
        let mut state = AccountState::new("1001".parse().unwrap());
        state.apply(&signal(1, at("10:00:00"), "1001", &["E130", "n5", first]));
        let second = signal(2, at("10:00:10"), "1001", &["E130", "n5", then, "udp"]);
        state.duplicate_of(&second.report).is_some()
    };
    let of_one = [
        ("s100", "s101"),
        ("s101", "s100"),
        ("s100", "s164"),
        ("s164", "s100"),
        ("s9999", "s3"),
        ("s3", "s9999"),
        ("s9990", "s50"),
    ];
    assert_eq!(of_one.map(|(first, then)| copy(first, then)), [false; 7]);
    let of_two = [("s100", "s165"), ("s165", "s100"), ("s100", "s5000"), ("s9990", "s60"), ("s0", "s5"), ("s5", "s0")];
    assert_eq!(of_two.map(|(first, then)| copy(first, then)), [true; 6]);
}

/// What is not so is left out of what is stored.
#[test]
fn what_is_stored_of_nothing() {
    let state = serde_json::to_value(AccountState::new("1001".parse().unwrap())).unwrap();
    for absent in ["pace", "trips", "missed", "seen", "path_failed_at", "silent_signal"] {
        assert_eq!(state.get(absent), None, "{absent}");
    }
}
