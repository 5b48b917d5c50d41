//! Overrides of the policy (issue 4, item 9): for whom, what goes before what, and what cannot be said.

use std::collections::BTreeSet;

use alarmcore::{AccountCard, Covers, Desk, Handling, IncidentEvent, Input, Output, Policy, Priority, Rule, Snapshot};
use contactid::{Code, Lang, Qualifier, Signal};

use crate::script::{MIDNIGHT, at, play, signal};
use crate::witness::Witness;

const RULES: &str = r#"
    version = 4
    codes = { 137 = { action = "show", priority = 3 } }

    [[override]]
    site = "North Mall"
    owner = "Li"
    until = "2027-03-31"
    swinger = { trips = 1 }
    classes = { tamper = { action = "log" }, battery = { action = "log" } }
    recent = { opening_s = 60 }

    [[override]]
    accounts = ["1001"]
    owner = "supervisor"
    until = "2027-03-31T18:00:00+08:00"
    classes = { battery = { action = "show", priority = 2 } }
    codes = { 301 = { action = "log" } }
    offer_accept_s = 20
"#;

fn rules() -> Policy {
    Policy::from_toml(RULES).unwrap()
}

/// The account goes before the site, the site before the centre; who is of neither keeps the centre's rules, and every
/// disposition names the override that decided. A class that is named goes before what the centre says of its codes.
#[test]
fn the_most_specific_override_decides() {
    let script = "
        account 1001 site=\"North Mall\"
        account 1002 site=\"North Mall\"
        account 1003
        unit 7
        09:00:00 signal 1001 E302
        09:00:01 signal 1002 E302
        09:00:02 signal 1003 E302
        09:01:00 signal 1001 E137 n3
        09:01:01 signal 1003 E137 n3
        09:02:00 signal 1001 E301
        09:02:01 signal 1002 E301
        09:03:00 signal 1002 R401 n1
        09:03:10 signal 1002 E130 n5
        09:03:20 signal 1002 R130 n5
        09:03:30 signal 1002 E130 n5
        09:04:00 signal 1002 E110 n5
        09:05:00 signal 1001 E130 n1
        09:05:10 op1 inc5 take
        09:05:20 op1 inc5 pre-process unit=7
        09:05:39 time
        09:05:40 time
        09:06:00 signal 1001 E350
        09:06:01 signal 9001 E302
        show queue
    ";
    insta::assert_snapshot!(play(rules(), script));
}

/// A kind of site goes before the centre, its site and the account before it: each takes what the less specific say and it does
/// not; every disposition names the one that decided.
#[test]
fn a_kind_of_site_has_its_rules() {
    let policy = Policy::from_toml(
        r#"
        [[override]]
        site_type = "bank"
        owner = "Li"
        until = "2027-03-31"
        classes = { tamper = { action = "show", priority = 2 }, battery = { action = "log" } }
        [[override]]
        site = "North Mall"
        classes = { battery = { action = "show", priority = 4 } }
        [[override]]
        accounts = ["1003"]
        owner = "Li"
        until = "2027-03-31"
        classes = { tamper = { action = "log" } }
        "#,
    );
    let script = "
        account 1001 site_type=bank
        account 1002 site_type=bank site=\"North Mall\"
        account 1003 site_type=bank
        account 1004 site_type=school
        09:00:00 signal 1001 E137 n1
        09:00:01 signal 1001 E302
        09:00:02 signal 1002 E137 n1
        09:00:03 signal 1002 E302
        09:00:04 signal 1003 E137 n1
        09:00:05 signal 1003 E302
        09:00:06 signal 1004 E302
        account 1001 site_type=school
        09:01:00 signal 1001 E302
        show queue
    ";
    insta::assert_snapshot!(play(policy.unwrap(), script));
}

/// A card that moves to another site has the rules of that from then on; without a site, those of the centre.
#[test]
fn the_rules_follow_the_card() {
    let script = "
        account 1002 site=\"North Mall\"
        09:00:00 signal 1002 E302
        account 1002 site=\"South Mall\"
        09:01:00 signal 1002 E302
        account 1002 site=\"North Mall\"
        09:02:00 signal 1002 R302
        09:02:10 signal 1002 E302
        closed 1002
        09:03:00 signal 1002 E302
    ";
    insta::assert_snapshot!(play(rules(), script));
}

/// What a signal would come to for whoever has overrides of account and site at once.
#[test]
fn the_rules_of_one_account_are_one_policy() {
    let policy = rules();
    let card = AccountCard {
        site: Some(std::sync::Arc::new("North Mall".into())),
        ..AccountCard::new("1001".parse().unwrap())
    };
    let own = policy.of(&card, MIDNIGHT);
    let handled = |code: &str| own.handling(&Signal::new(code.parse::<Code>().unwrap(), Qualifier::New));
    assert_eq!(handled("302"), (Handling::Show { priority: Priority::clamped(2) }, Rule::ClassShown));
    assert_eq!(handled("137"), (Handling::Log {}, Rule::ClassLogged));
    assert_eq!(handled("301"), (Handling::Log {}, Rule::CodeLogged));
    assert_eq!((own.swinger.trips, own.swinger.rest_s, own.offer_accept_s), (1, 86_400, 20));
    assert_eq!((own.recent.opening_s, own.recent.closing_s), (60, 90));
    let covers: Vec<&Covers> = policy.overrides.iter().map(|one| &one.covers).collect();
    assert_eq!(covers, [&Covers::Site("North Mall".into()), &Covers::Accounts(["1001".parse().unwrap()].into()),]);
    assert_eq!(*policy.of(&AccountCard::new("1003".parse().unwrap()), MIDNIGHT), policy);
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
}

/// A fault has its own line, in one override or between two; life safety cannot be named.
#[test]
fn a_fault_of_an_override_has_its_line() {
    let good = "version = 2\n[[override]]\nsite = 'a'\nswinger = { trips = 3 }\n\n";
    let faults = [
        (
            "[[override]]\nswinger = { trips = 3 }",
            (6, 1),
            "an override needs `accounts`, a list of their numbers, `site`, the name of one, `site_type`, a kind of them, or `district`",
        ),
        (
            "[[override]]\naccounts = []\nswinger = { trips = 3 }",
            (6, 1),
            "an override needs `accounts`, a list of their numbers, `site`, the name of one, `site_type`, a kind of them, or `district`",
        ),
        (
            "[[override]]\nsite = 'b'\naccounts = ['7']\nswinger = { trips = 3 }",
            (6, 1),
            "an override is for `accounts`, for a `site`, for a `site_type` or for a `district`, not for several of them: make one of each",
        ),
        ("[[override]]\nsite = 'b'", (6, 1), "an override that changes nothing: name a rule"),
        (
            "[[override]]\nsite = 'b'\nsite_type = 'bank'\nswinger = { trips = 3 }",
            (6, 1),
            "an override is for `accounts`, for a `site`, for a `site_type` or for a `district`, not for several of them: make one of each",
        ),
        (
            "[[override]]\nsite_type = 'bank'\nswinger = { trips = 3 }\n[[override]]\nsite_type = 'bank '\nswinger = { trips = 4 }",
            (9, 1),
            "site_type \"bank\" stands in two overrides: put what differs for it into one",
        ),
        (
            "[[override]]\ndistrict = 'East'\nswinger = { trips = 3 }\n[[override]]\ndistrict = 'East'\nswinger = { trips = 4 }",
            (9, 1),
            "district \"East\" stands in two overrides: put what differs for it into one",
        ),
        (
            "[[override]]\nsite = ' a'\nrecent = { log = true }",
            (6, 1),
            "site \"a\" stands in two overrides: put what differs for it into one",
        ),
        (
            "[[override]]\nsite = 'b'\nclasses = { fire = { action = 'log' } }",
            (8, 13),
            "fire is life safety: it is always shown first, and no rule can change that",
        ),
        (
            "[[override]]\nsite = 'b'\ncodes = { 110 = { action = 'log' } }",
            (8, 11),
            "fire is life safety: it is always shown first, and no rule can change that",
        ),
        (
            "[[override]]\nsite = 'b'\nswinger = { trips = 3, rest = 3 }",
            (8, 24),
            "unknown field `rest`, expected `trips` or `rest_s`",
        ),
        (
            "[[override]]\nsite = 'b'\nclasses = { tamper = { action = 'log' } }",
            (6, 1),
            "an override that lowers protection (Tamper: logged only) needs `owner`: who answers for it",
        ),
        (
            "[[override]]\nsite = 'b'\nowner = 'Li'\ncodes = { 302 = { action = 'hold', priority = 7, seconds = 60 } }",
            (6, 1),
            "an override that lowers protection (302 system battery low: held for 60 s) needs `until`: the date it ends with",
        ),
        (
            "[[override]]\nsite = 'b'\nowner = 'Li'\nuntil = 'soon'\nrecent = { log = true }",
            (9, 9),
            "\"soon\" is no date: write \"2027-03-31\", or a moment as \"2027-03-31T18:00:00+08:00\"",
        ),
        (
            "[[override]]\naccounts = ['1001', 7]\nswinger = { trips = 3 }",
            (7, 21),
            "invalid type: integer `7`, expected",
        ),
    ];
    for (bad, place, why) in faults {
        let error = Policy::from_toml(&format!("{good}{bad}")).unwrap_err();
        assert_eq!((error.line, error.column), place, "{bad}: {error}");
        assert!(error.fault.starts_with(why), "{bad}: {error}");
    }
    let twice = "override = [{accounts=['1','2'], swinger={trips=3}}, {accounts=['2'], swinger={trips=3}}]";
    let error = Policy::from_toml(twice).unwrap_err();
    assert_eq!((error.line, error.column), (1, 54));
    assert_eq!(error.fault, "account 2 stands in two overrides: put what differs for it into one");
}

/// Nothing that an override can say keeps life safety from an operator.
#[test]
fn life_safety_is_shown_under_every_override() {
    let policy = Policy::from_toml(
        "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\nswinger = { trips = 1 }\nrunaway = { signals = 1 }\n\
         recent = { log = true, opening_s = 9999, closing_s = 9999 }\nclasses = { burglary = { action = 'log' } }",
    )
    .unwrap();
    let mut witness = Witness::new(policy);
    witness.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
    for (place, code) in ["E401", "E110", "E120", "E121", "E100", "E151"].iter().enumerate() {
        let said = witness.handle(Input::Signal(signal(place as u64 + 1, at("09:00:00"), "1001", &[code, "n1"])));
        let rules = said.iter().filter_map(|output| match output {
            Output::Dispose(disposition) => Some(disposition.rule),
            _ => None,
        });
        let due = if place == 0 { Rule::Runaway } else { Rule::LifeSafety };
        assert_eq!(rules.collect::<Vec<_>>(), [due], "{code}");
    }
    witness.close();
}

/// What an override keeps from the operators or tells them later, and what not: what is as it is for the centre, or stronger, or out of
/// schedule in another way than by coming unexpected, lowers nothing, and needs nobody who answers for it.
#[test]
fn what_an_override_withholds() {
    let withheld = |centre: &str, says: &str| {
        let text = format!("{centre}\n[[override]]\nsite = 'b'\nowner = 'Li'\nuntil = '2027-03-31'\n{says}\n");
        let policy = Policy::from_toml(&text).unwrap();
        let all = policy.withheld_by(policy.overrides.get(0).unwrap());
        all.iter().map(|one| [one.label(Lang::En), one.label(Lang::Zh)].join(" / ")).collect::<Vec<_>>().join("; ")
    };
    let log = "{ action = 'log' }";
    let cases = [
        ("", format!("classes = {{ tamper = {log}, bypass = {log} }}"), "Tamper: logged only / 防拆报警:只记录"),
        ("", format!("classes = {{ mains-power = {log} }}"), "Mains power: logged only / 交流电源:只记录"),
        ("classes.mains-power = { action = 'log' }", format!("classes = {{ mains-power = {log} }}"), ""),
        ("", "classes = { mains-power = { action = 'hold', priority = 6, seconds = 9 } }".to_owned(), ""),
        ("", format!("classes = {{ access = {log} }}"), "Access control: logged only / 门禁:只记录"),
        (
            "",
            format!(
                "classes = {{ access = {log} }}\ncodes = {{ 423 = {{ action = 'show', priority = 9 }}, DF = {log} }}"
            ),
            "DF door forced: logged only / DF 强行开门:只记录",
        ),
        (
            "",
            format!("schedule = {{ open_again = {log}, late_close = {log}, unexpected_open = {log} }}"),
            "Opened outside its hours: logged only / 非允许时段撤防:只记录",
        ),
        (
            "",
            "recent = { log = true }".to_owned(),
            "intrusions soon after an opening or a closing: logged only / 撤防、布防后不久的入侵信号:只记录",
        ),
        ("recent.log = true", "recent = { log = true }".to_owned(), ""),
        (
            "",
            "swinger = { trips = 1 }\nrunaway = { signals = 3 }".to_owned(),
            "a panel that says much is only logged sooner, or for longer / 频繁上报的主机更早或更久只记录; a zone that is set off \
             again is only logged sooner, or for longer / 反复触发的防区更早或更久只记录",
        ),
        (
            "runaway.signals = 0\nswinger.trips = 0",
            "runaway = { signals = 99 }\nswinger = { trips = 9, rest_s = 60 }".to_owned(),
            "a panel that says much is only logged sooner, or for longer / 频繁上报的主机更早或更久只记录; a zone that is set off \
             again is only logged sooner, or for longer / 反复触发的防区更早或更久只记录",
        ),
        ("swinger.trips = 5", "swinger = { trips = 5 }".to_owned(), ""),
        ("", "runaway = { signals = 0, silence_s = 1800 }\nswinger = { trips = 3, rest_s = 86400 }".to_owned(), ""),
        (
            "",
            "runaway = { silence_s = 1801 }".to_owned(),
            "a panel that says much is only logged sooner, or for longer / 频繁上报的主机更早或更久只记录",
        ),
        (
            "",
            "swinger = { rest_s = 86401 }".to_owned(),
            "a zone that is set off again is only logged sooner, or for longer / 反复触发的防区更早或更久只记录",
        ),
        (
            "",
            "expect = { heartbeats_missed = 4 }\nescalation = []\nhold = { life_safety_s = 121 }".to_owned(),
            "a silent line is reported later / 线路中断延后上报; nobody is called when nobody acts / 无人处置时不逐级上报; life \
             safety may be on hold for longer / 涉及人身安全的警情可更久挂起",
        ),
        (
            "escalation = []",
            "expect = { heartbeats_missed = 3 }\nescalation = []\nhold = { life_safety_s = 120 }".to_owned(),
            "",
        ),
        ("expect.heartbeats_missed = 0", "expect = { heartbeats_missed = 1 }".to_owned(), ""),
        ("", "arrival = { within_s = 3600, margin_s = 900 }".to_owned(), ""),
        ("arrival.within_s = 0", "arrival = { within_s = 0 }".to_owned(), ""),
        ("arrival.on_scene_s = 0", "arrival = { on_scene_s = 0 }".to_owned(), ""),
        (
            "",
            "arrival = { within_s = 0 }".to_owned(),
            "nobody is called when a unit does not arrive / 出警人员未到达时不提醒",
        ),
        (
            "",
            "arrival = { on_scene_s = 0 }".to_owned(),
            "nobody is called when a unit on the scene is silent / 出警人员在现场无音讯时不提醒",
        ),
        ("", "rest = { alarm_s = 900, life_safety_s = 30, service_s = 0 }".to_owned(), ""),
        (
            "",
            "rest = { alarm_s = 901 }".to_owned(),
            "what nobody goes on with calls later, or never / 无人继续处置时延后提醒或不提醒",
        ),
        (
            "",
            "rest = { life_safety_s = 0 }".to_owned(),
            "what nobody goes on with calls later, or never / 无人继续处置时延后提醒或不提醒",
        ),
        ("rest.life_safety_s = 0", "rest = { life_safety_s = 0 }".to_owned(), ""),
        (
            "",
            "hand_off = { fire_within_s = 0 }".to_owned(),
            "a fire that is not handed off calls later, or never / 火警未移交时延后提醒或不提醒",
        ),
        (
            "hand_off.fire_within_s = 60",
            "hand_off = { fire_within_s = 61 }".to_owned(),
            "a fire that is not handed off calls later, or never / 火警未移交时延后提醒或不提醒",
        ),
        ("hand_off.fire_within_s = 60", "hand_off = { fire_within_s = 60 }".to_owned(), ""),
        ("hand_off.fire_within_s = 0", "hand_off = { fire_within_s = 60 }".to_owned(), ""),
    ];
    for (centre, says, what) in cases {
        assert_eq!(withheld(centre, &says), what, "{centre} {says}");
    }
}

/// Until its last second it is in force, and not after: a trouble that it logged is shown again. A desk that starts anew later does
/// not take it up again.
#[test]
fn an_override_ends() {
    let policy = Policy::from_toml(
        "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2026-11-22T10:00:00+01:00'\n\
         classes = { tamper = { action = 'log' } }\nhold = { alarm_s = 60 }\n",
    )
    .unwrap();
    let script = "
        account 1001
        08:59:59 signal 1001 E137 n1
        09:00:00 signal 1001 E137 n2
        09:30:00 signal 1001 E137 n3
    ";
    let said = play(policy.clone(), script);
    let decided: Vec<&str> = said.lines().filter(|line| line.contains(" sig") && line.contains('(')).collect();
    assert_eq!(
        decided,
        [
            "08:59:59 sig1 logged (class.logged, override of account)",
            "09:00:00 sig2 joined inc1 (class.shown)",
            "09:30:00 sig3 joined inc1 (class.shown)"
        ]
    );
    let card = AccountCard::new("1001".parse().unwrap());
    let own = ["08:59:59", "09:00:00"].map(|clock| policy.of(&card, at(clock)).hold.alarm_s);
    assert_eq!(own, [60, policy.hold.alarm_s]);
    let date = Policy::from_toml("[[override]]\nsite = 'b'\nuntil = '2027-03-31'\nswinger = { trips = 5 }\n").unwrap();
    let ends = date.overrides.get(0).and_then(|one| one.until).map(|until| until.to_string());
    assert_eq!(ends.as_deref(), Some("2027-04-01T00:00:00.000Z"));
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
}

/// An override of the policy ends: what it logged, or held for longer, and still stands is shown, as at the end of a test, one incident
/// of an account and a kind; not what has restored (1001, zone 2), what an open incident shows (zone 5), what the centre's rules log
/// (the battery of 1002), nor another account (1004). Where the centre was down over the end, or starts anew after it, it is shown once;
/// with a later date only then.
#[test]
fn what_an_override_hid_is_shown_at_its_end() {
    let policy = |until: &str| {
        Policy::from_toml(&format!(
            "[classes]\nbattery = {{ action = 'log' }}\n[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2026-11-22T{until}Z'\n\
             classes = {{ tamper = {{ action = 'log' }}, battery = {{ action = 'log' }}, \
             system = {{ action = 'hold', priority = 3, seconds = 90000 }} }}\n"
        ))
        .unwrap()
    };
    let script = "
        account 1001 site=mall
        account 1002 site=mall
        account 1003 site=mall
        account 1004
        08:00:00 signal 1001 E137 n1
        08:01:00 signal 1001 E137 n2
        08:02:00 signal 1001 E137 n3
        08:03:00 signal 1001 R137 n2
        08:04:00 signal 1001 E130 n5
        08:05:00 signal 1002 E302
        08:06:00 signal 1002 E300
        08:07:00 signal 1003 E401 n1
    ";
    let until = |until: &str| play(policy(until), &format!("{script}\n10:00:00 time\n12:00:00 time\nshow queue\n"));
    insta::assert_snapshot!("what_an_override_hid", until("10:00:00"));

    // What a file of an older version says of a desk: not which overrides have ended.
    let restarted =
        |desk: &Desk, until: &str| Desk::restore(policy(until), Snapshot { ended: BTreeSet::new(), ..desk.snapshot() });
    let opened = |desk: &mut Desk, clock: &str| {
        desk.handle(Input::Time(at(clock)));
        let mut opened = Vec::new();
        loop {
            match desk.poll() {
                Output::Wait(_) => return opened,
                Output::Record(record) if matches!(record.event, IncidentEvent::Opened { .. }) => {
                    opened.push(format!("{} {:?}", record.at, desk.incident(record.incident).unwrap().account));
                }
                _ => {}
            }
        }
    };
    let mut desk = Desk::new(policy("10:00:00"));
    for account in ["1001", "1002"] {
        let site = Some(std::sync::Arc::new("mall".into()));
        desk.handle(Input::Account(AccountCard { site, ..AccountCard::new(account.parse().unwrap()) }));
    }
    desk.handle(Input::Signal(signal(1, at("08:00:00"), "1001", &["E137", "n1"])));
    assert_eq!(opened(&mut desk, "09:00:00"), Vec::<String>::new());
    let once = [format!("{} {:?}", at("10:00:00"), Some("1001".parse::<alarmcore::AccountNumber>().unwrap()))];
    let mut down = restarted(&desk, "10:00:00");
    assert_eq!(opened(&mut down, "11:00:00"), once);
    assert_eq!(opened(&mut restarted(&down, "10:00:00"), "12:00:00"), Vec::<String>::new());
    let mut later = restarted(&desk, "13:00:00");
    assert_eq!(opened(&mut later, "12:59:59"), Vec::<String>::new());
    assert_eq!(opened(&mut later, "13:00:00").len(), 1);
    assert_eq!(opened(&mut restarted(&down, "13:00:00"), "14:00:00"), Vec::<String>::new());
}
