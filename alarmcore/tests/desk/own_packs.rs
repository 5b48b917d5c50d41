//! Rule packs that are in force for some accounts only (issue 4, items 5 and 9): what their clauses set, ask for and count.

use alarmcore::{AccountCard, AreaNames, PackRule, PackScope, Policy, Rulebook, Timestamp};

use crate::script::{play, rules};

/// Shanghai has its rules, malls have those of fire, and one account has counting rules of its own.
const CITY: &str = r#"
    packs = ["cs-v-01"]
    [[override]]
    accounts = ["1003"]
    packs = ["es-2011"]
    [[override]]
    site_type = "mall"
    packs = ["gb50440"]
    [[override]]
    district = "Shanghai"
    packs = ["cn-sh-2010"]
    confirm = { within_s = 600, path_fault = true }
    avs = { enabled = false }
    [[override.rules]]
    clause = "house.look"
    mark = "V"
    rule = { kind = "due", act = "call-site", within_s = 15, when = { kinds = ["burglary"] } }
"#;

fn city() -> Rulebook {
    Rulebook::read(CITY, &|_| Err("no file".to_owned())).unwrap()
}

fn card(account: &str, site_type: Option<&str>, district: Option<&str>) -> AccountCard {
    let [site_type, district] = [site_type, district].map(|name| name.map(Into::into));
    let areas = AreaNames { site_type, district, ..AreaNames::default() };
    AccountCard { areas: areas.into(), ..AccountCard::new(account.parse().unwrap()) }
}

/// Each account has the packs of the centre and those of its overrides; what they set lies under what the override says, and over
/// what is less specific; where it differs that is told, and of which override.
#[test]
fn an_account_has_the_packs_of_its_overrides() {
    let book = city();
    let packs = |account: &AccountCard| {
        let own = book.policy.of(account, Timestamp::default());
        own.packs.iter().filter_map(|stamp| stamp.split('@').next()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(packs(&card("1001", None, None)), "cs-v-01");
    assert_eq!(packs(&card("1001", Some("mall"), Some("Shanghai"))), "cs-v-01 cn-sh-2010 gb50440");
    assert_eq!(packs(&card("1003", None, Some("Shanghai"))), "cs-v-01 cn-sh-2010 es-2011");
    assert_eq!(
        book.packs.iter().map(|pack| pack.id.as_str()).collect::<Vec<_>>(),
        ["cs-v-01", "es-2011", "gb50440", "cn-sh-2010"]
    );
    let shanghai = card("1001", None, Some("Shanghai"));
    let own = book.policy.of(&shanghai, Timestamp::default());
    assert_eq!((own.confirm.within_s, own.confirm.path_fault, own.confirm.zones.get()), (600, true, 2));
    assert_eq!((own.verify.police.calls, own.avs.enabled, book.policy.avs.enabled), (2, false, true));
    // The account's own pack asks for three zones, before its district's.
    assert_eq!(book.policy.of(&card("1003", None, Some("Shanghai")), Timestamp::default()).confirm.zones.get(), 3);
    let clauses = |account: &AccountCard, pack: &str| {
        book.policy.of(account, Timestamp::default()).rules.iter().filter(|rule| rule.clause.pack() == pack).count()
    };
    assert_eq!((clauses(&shanghai, "house"), clauses(&card("1001", None, None), "house")), (1, 0));
    assert_eq!(clauses(&shanghai, "gb50440"), 0);
    assert!(clauses(&card("1001", Some("mall"), None), "gb50440") > 1);
    let deviations: Vec<String> = book
        .deviations
        .iter()
        .map(|of| format!("{:?} {} {} {}", of.whose.as_deref(), of.clause, of.key, of.set))
        .collect();
    assert_eq!(deviations, [r#"Some("district Shanghai") cn-sh-2010.two-signs confirm.path_fault false"#]);
    let scope = |pack| match book.policy.scope_of(pack) {
        PackScope::Everybody => "everybody".to_owned(),
        PackScope::Some(some) => some.iter().map(|one| one.name().to_string()).collect::<Vec<_>>().join(", "),
        PackScope::Nobody => "nobody".to_owned(),
    };
    assert_eq!(
        ["cs-v-01", "gb50440", "cn-sh-2010", "uk-npcc"].map(scope),
        ["everybody", "site-type mall", "district Shanghai", "nobody"]
    );
    let stored = serde_json::to_string(&book.policy).unwrap();
    assert_eq!(rules(&stored), book.policy);
}

/// What a clause asks for is asked of the accounts that its pack is in force for, and of no other; the disposition names the
/// override whose pack decided. A card that leaves the district leaves its clauses, for what comes from then on.
#[test]
fn clauses_ask_where_their_pack_is_in_force() {
    let day = "
        unit 7
        account 1001 district=Shanghai
        account 1002 district=Hangzhou
        account 1003
        09:00:00 signal 1001 E130 g1 n5
        09:00:01 signal 1002 E130 g1 n5
        09:00:02 signal 1003 E130 g1 n5
        09:01:02 time
        09:02:00 signal 1001 E130 g1 n6
        09:02:01 signal 1002 E130 g1 n6
        09:02:02 signal 1003 E130 g1 n6
        09:02:20 time
        account 1001 district=Hangzhou
        09:30:00 op1 inc1 take
        09:30:01 op1 inc1 verify-false cause=animal
        09:30:02 op1 inc1 close
        09:40:00 signal 1001 E130 g1 n5
        09:42:00 time
        show queue
    ";
    insta::assert_snapshot!(play(city().policy, day));
}

/// False alarms are counted where a pack counts them, and of nobody else. While an account is not under the pack nothing counts; when
/// it is again, what was asked of it goes on from where it stood.
#[test]
fn false_calls_count_where_their_pack_is_in_force() {
    let policy = Policy::from_toml("[[override]]\nsite_type = 'bank'\npacks = ['es-2011']\n").unwrap();
    let day = "
        unit 7
        account 1001 site_type=bank
        account 1002
        2027-03-01/09:00:00 false-call 1001
        2027-03-01/10:00:00 false-call 1002
        2027-03-02/09:00:00 false-call 1001
        2027-03-02/10:00:00 false-call 1002
        2027-03-03/09:00:00 false-call 1001
        2027-03-03/10:00:00 false-call 1002
        account 1001
        2027-03-04/09:00:00 false-call 1001
        account 1001 site_type=bank
        2027-03-05/09:00:00 false-call 1001
    ";
    let told: String =
        play(policy, day).lines().filter(|line| line.contains("calls1")).map(|line| format!("{line}\n")).collect();
    insta::assert_snapshot!(told);
}

/// A pack that sets what is the whole centre's, one that is there twice, and one that there is not, are faults at their name.
#[test]
fn packs_of_some_have_faults_at_their_place() {
    let storm = "id = 'house'\nversion = 7\ntitle = { en = 'House', zh = '本中心' }\nsource = { en = 'us', zh = '本中心' }\n\
                 [[clause]]\nid = 'few'\nmark = 'V'\nen = 'Two are a storm.'\nzh = '两处即为风暴。'\nsets = { storm = { accounts = 2 } }\n";
    let file = |name: &str| if name == "house.toml" { Ok(storm.to_owned()) } else { Err("no such file".to_owned()) };
    let faults = [
        (
            "packs = ['uk-npcc']\n[[override]]\nsite = 'a'\npacks = ['gb50440', 'uk-npcc']",
            (4, 21),
            "the pack uk-npcc is in force for the whole centre already",
        ),
        ("[[override]]\nsite = 'a'\npacks = ['uk-npcc', 'uk-npcc']", (3, 21), "the pack uk-npcc is named twice"),
        ("[[override]]\nsite = 'a'\npacks = ['uk-npc']", (3, 10), "unknown pack `uk-npc`, expected one of `auburn`"),
        (
            "[[override]]\nsite = 'a'\npacks = ['house.toml']",
            (3, 10),
            "the pack house is for the whole centre only: what house.few sets: unknown field `storm`",
        ),
        ("[[override]]\nsite = 'a'\npacks = []", (1, 1), "an override that changes nothing"),
        (
            "[[override]]\nsite = 'a'\n[[override.rules]]\nclause = 'house.x'\nmark = 'V'\nrule = { kind = 'due', act = 'call' }",
            (6, 8),
            "a rule of kind `due` needs `within_s`",
        ),
    ];
    for (text, place, fault) in faults {
        let error = Rulebook::read(text, &file).unwrap_err();
        assert!(error.fault.starts_with(fault), "{text:?}: {error}");
        assert_eq!((error.line, error.column), place, "{text:?}: {error}");
    }
}

/// A rule of an override takes the place of the one of its clause, and of no other.
#[test]
fn a_rule_of_some_takes_the_place_of_its_own_clause() {
    let due = |clause: &str, within_s: u32| {
        format!(
            "clause = 'house.{clause}'\nmark = 'V'\nrule = {{ kind = 'due', act = 'call', within_s = {within_s} }}\n"
        )
    };
    let text = format!(
        "[[rules]]\n{}[[rules]]\n{}[[override]]\naccounts = ['1001']\n[[override.rules]]\n{}",
        due("a", 60),
        due("b", 60),
        due("a", 20)
    );
    let policy = Policy::from_toml(&text).unwrap();
    let asked = |account: &str| {
        let own = policy.of(&card(account, None, None), Timestamp::default());
        let due = own.rules.iter().map(|one| match &one.rule {
            PackRule::Due(due) => (one.clause.to_string(), due.within_s),
            other => panic!("{other:?}"),
        });
        due.collect::<Vec<_>>()
    };
    let rule = |clause: &str, within_s| (format!("house.{clause}"), within_s);
    assert_eq!(asked("1001"), [rule("b", 60), rule("a", 20)]);
    assert_eq!(asked("1002"), [rule("a", 60), rule("b", 60)]);
}
