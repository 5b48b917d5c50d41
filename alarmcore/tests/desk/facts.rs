//! Facts that an incident and a site are remembered by, and what is logged beside them.

use alarmcore::{AccountCard, Dispatch, IncidentId, Input, Policy, UnitCard, UnitId};
use serde_json::Value;

use crate::script::{at, play, rules, signal};
use crate::witness::Witness;

day! {
    /// On test a closing ends nothing, and neither does an alarm: both are logged. A restore still ends what began before.
    on_test_only_a_restore_ends, Policy::default(), "
        account 1001 schedule=\"zone UTC; Mon-Sun 08:30-18:00\"
        account 1002
        02:00:00 signal 1001 E401 g1 n3
        02:01:00 op1 test1001 start reason=repair asked_by=Li minutes=60
        02:02:00 signal 1001 R401 g1 n3
        10:00:00 signal 1002 E130 g1 n5
        10:01:00 op1 test1002 start reason=repair asked_by=Li minutes=60 second=op9
        10:02:00 signal 1002 E130 g1 n5
        10:03:00 signal 1002 R130 g1 n5
    "
}

day! {
    /// The first trips after a test are shown, and what comes in the second in which it ends is after it.
    a_swinger_begins_anew_after_a_test, Policy::default(), "
        account 1001
        08:00:00 signal 1001 R401 g1 n1
        09:00:00 op1 test1001 start reason=repair asked_by=Li minutes=60
        09:50:00 signal 1001 E130 g1 n5
        09:50:10 signal 1001 R130 g1 n5
        09:55:00 signal 1001 E130 g1 n5
        09:55:10 signal 1001 R130 g1 n5
        10:00:00 signal 1001 E130 g1 n5
        10:00:10 signal 1001 R130 g1 n5
        10:00:30 signal 1001 E130 g1 n5
        10:01:00 signal 1001 E130 g1 n5
    "
}

/// A mains loss that waits is not settled by what a runaway panel says besides, only by its restore.
#[test]
fn a_runaway_settles_nothing_but_by_a_restore() {
    let noise = |n: u32| format!("10:01:{:02} signal 1001 E602\n", n);
    let tail = "10:02:00 signal 1001 E301 n1 s900\n10:02:01 signal 1001 R401 g1\n10:03:00 signal 1001 R301 n1\n";
    let script =
        "account 1001\n10:00:00 signal 1001 E301 n1\n".to_owned() + &(0..40).map(noise).collect::<String>() + tail;
    let said = play(Policy::default(), &script);
    let end: Vec<&str> = said.lines().rev().take(5).collect();
    assert_eq!(
        end,
        [
            "10:03:00 sig44 logged (restore-wait.restored)",
            "10:03:00 sig1 logged (restore-wait.restored)",
            "10:02:01 sig43 logged (runaway.logged)",
            "10:02:00 sig42 logged (runaway.logged)",
            "10:01:39 sig41 logged (runaway.logged)",
        ]
    );
}

/// One fact of the first incident after this script.
fn of_incident(script: &str, fact: &str) -> Value {
    let said = play(rules(r#"{"runaway": {"signals": 0}}"#), &format!("{script}\nshow incident 1"));
    let incident: Value = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    incident.pointer(fact).cloned().unwrap_or_default()
}

/// The plan of an incident knows how its own area was armed; of an alarm without an area, the only area that there is.
#[test]
fn a_plan_knows_the_area_of_its_alarm() {
    let armed = |came: &str| of_incident(&format!("account 1001\n{came}"), "/plan/armed");
    let two = "20:00:00 signal 1001 R401 g1 n1\n20:00:01 signal 1001 E401 g2 n1\n22:00:00 signal 1001";
    assert_eq!(armed(&format!("{two} E130 g1 n5")), "armed");
    assert_eq!(armed(&format!("{two} E130 g2 n5")), "disarmed");
    assert_eq!(armed(&format!("{two} E130 g3 n5")), Value::Null);
    let one = "20:00:00 signal 1001 R401 g1 n1\n22:00:00 signal 1001";
    assert_eq!(armed(&format!("{one} E130 n5")), "armed");
}

/// An incident names so many zones and no more; it counts every signal.
#[test]
fn as_many_zones_are_named_as_an_account_has_standing() {
    let zone = |n: u32| format!("10:{:02}:{:02} signal 1001 E130 g1 n{n}\n", n / 60, n % 60);
    let script = "account 1001\n".to_owned() + &(1..=257).map(zone).collect::<String>();
    assert_eq!(of_incident(&script, "/origins").as_array().unwrap().len(), 256);
    assert_eq!(of_incident(&script, "/signals"), 257);
}

/// The duress code opens what was found false, and what was left undetermined, again: with no verdict.
#[test]
fn the_duress_code_takes_a_verdict_back() {
    let scene = "account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:30 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact";
    let duress = "22:08:00 op1 inc1 call contact=1 result=duress-code";
    for verdict in ["scene-false cause=animal", "end-undetermined end=no-finding"] {
        let decided = format!("{scene}\n22:07:00 op1 inc1 {verdict}");
        assert_ne!(of_incident(&decided, "/verdict"), Value::Null, "{verdict}");
        let taken_back = format!("{decided}\n{duress}");
        assert_eq!(of_incident(&taken_back, "/verdict"), Value::Null, "{verdict}");
        assert_eq!(of_incident(&taken_back, "/stage"), "on-scene", "{verdict}");
        assert_eq!(of_incident(&taken_back, "/kind"), "hold-up", "{verdict}");
    }
}

/// A unit is expected its travel after it was asked, accepted or set out, whichever came last, until it is there.
#[test]
fn when_a_unit_is_expected() {
    let mut witness = Witness::new(rules(r#"{"units": {"next": "ask"}}"#));
    let card = AccountCard {
        areas: alarmcore::AreaNames { district: Some("East".into()), ..Default::default() }.into(),
        ..AccountCard::new("1001".parse().unwrap())
    };
    let _ = witness.handle(Input::Account(card));
    let unit = UnitCard { travel_s: [("East".into(), 300)].into(), ..UnitCard::new(UnitId::new(7)) };
    let _ = witness.handle(Input::Unit(unit));
    let _ = witness.handle(Input::Signal(signal(1, at("10:00:00"), "1001", &["E130", "n5"])));
    let mut expected = Vec::new();
    for (time, act) in [
        ("10:00:10", r#"{"act": "take"}"#),
        ("10:00:20", r#"{"act": "pre-process"}"#),
        ("10:00:30", r#"{"act": "accept", "unit": 7}"#),
        ("10:01:00", r#"{"act": "depart", "unit": 7}"#),
        ("10:06:00", r#"{"act": "arrive", "unit": 7}"#),
    ] {
        let (by, incident, second) = (alarmcore::OperatorId::new(1), IncidentId::new(1), None);
        let command = serde_json::from_str(act).unwrap();
        let _ = witness.handle(Input::Act { at: at(time), by, incident, command, second });
        let incident = witness.desk().incident(incident).unwrap();
        expected.push(incident.dispatches.first().and_then(Dispatch::expected_at));
    }
    let moment = |clock: &str| Some(at(clock));
    assert_eq!(expected, [None, moment("10:05:20"), moment("10:05:30"), moment("10:06:00"), None]);
}

/// A unit that does not come after all takes the incident back to where another is looked for.
#[test]
fn where_a_lost_unit_leaves_an_incident() {
    let sent = "account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:30 op1 inc1 accept unit=7
        22:00:40 op1 inc1 depart unit=7";
    let stage = |script: &str, lost: &str| {
        of_incident(&format!("{script}\n22:06:00 op1 inc1 withdraw unit={lost} note=no"), "/stage")
    };
    assert_eq!(of_incident(sent, "/stage"), "dispatched");
    assert_eq!(stage(sent, "7"), "pre-processed");
}

/// With another plan what was said of the steps of the one before is forgotten.
#[test]
fn another_plan_begins_at_its_start() {
    let day = "account 1001
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 skip-step step=call note=\"no telephone\"";
    assert_eq!(of_incident(day, "/steps/0/step"), "call");
    assert_eq!(of_incident(&format!("{day}\n22:01:00 signal 1001 E110 g1 n6"), "/steps"), Value::Null);
}

/// Of an account without a card a restore ends what began at its place, and joins no other danger; nor does life safety end what
/// is none.
#[test]
fn a_restore_without_a_card_joins_what_it_ends() {
    let queue = |restore: &str| {
        let day = format!("10:00:00 signal 9999 E110 n1\n10:00:10 signal 9999 {restore}\nshow queue");
        let said = play(Policy::default(), &day);
        let shown = said.lines().filter_map(|line| line.strip_prefix("  | "));
        shown
            .map(|line| line.split(" new ").next().unwrap().to_owned() + &line[line.find(" signals").unwrap()..])
            .collect::<Vec<_>>()
    };
    assert_eq!(queue("R110 n1"), ["inc1 p1 fire signals=2 marks=-"]);
    assert_eq!(queue("R110 n2"), ["inc1 p1 fire signals=1 marks=-", "inc2 p4 unknown-account signals=1 marks=-"]);
}
