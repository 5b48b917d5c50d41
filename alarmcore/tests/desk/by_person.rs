//! An alarm that a person tells of (capabilities 2.1, "manual signal"): judged as its panel's would be, and kept back by nothing that
//! somebody agreed to or that counts what a panel says.

use alarmcore::{NotReportable, Policy, Report};
use contactid::{EventCode, Lang};

use crate::script::{at, play, rules};

fn code(number: u16) -> EventCode {
    EventCode::new(number).unwrap()
}

/// No test, agreement or suspension keeps it back, whatever it is: nobody agreed to it.
#[test]
fn row_2_1_manual_signal_on_test() {
    let script = "
        account 1001
        09:00:00 op1 test1001 start reason=repair contact=1
        09:01:00 signal 1001 E130 n3
        09:01:10 signal 1001 E130 n3 manual
        09:02:00 op1 inc1 take
        09:02:10 op1 inc1 verify-false cause=animal second=op9
        09:03:00 signal 1001 E110 manual
        show queue";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// In a storm a panel's outage is grouped; whoever tells of one is heard, and stands in an incident of the account.
#[test]
fn row_2_1_manual_signal_is_no_outage_of_the_district() {
    let script = "
        account 1001 district=East
        account 1002 district=East
        18:20:00 signal 1001 E301
        18:20:01 signal 1002 E301
        18:20:30 signal 1001 E301 manual
        18:20:40 signal 1002 E301 n1
        show queue";
    insta::assert_snapshot!(play(
        rules(
            r#"{"storm": {"accounts": 2, "window_s": 600, "times": 1}, "classes": {"mains-power": {"action": "show", "priority": 5}}}"#
        ),
        script
    ));
}

/// Whoever tells of what the panel has just reported is a witness and no second path, and the panel that reports what somebody has just
/// told of is none either.
#[test]
fn row_2_1_manual_signal_is_no_copy() {
    let script = "
        account 1001
        account 1002
        10:00:00 signal 1001 E130 g1 n5 s10
        10:00:20 signal 1001 E130 g1 n5 s900 udp manual
        10:01:00 signal 1002 E130 g1 n5 s900 udp manual
        10:01:20 signal 1002 E130 g1 n5 s10
        show queue";
    let said = play(Policy::default(), script);
    assert!(!said.contains("duplicate") && !said.contains("repeat"), "{said}");
    insta::assert_snapshot!(said);
}

/// A person is no zone that swings, and brings none nearer to it.
#[test]
fn row_2_1_manual_signal_is_no_swinger() {
    let script = "
        account 1001
        08:00:00 signal 1001 R401 g1 n1
        10:00:00 signal 1001 E130 g1 n5 manual
        10:01:00 signal 1001 E130 g1 n5 manual
        10:10:00 signal 1001 E130 g1 n5 s1
        10:10:10 signal 1001 E130 g1 n5 s2
        10:10:20 signal 1001 E130 g1 n5 s3
        10:10:30 signal 1001 E130 g1 n5 manual";
    let said = play(Policy::default(), script);
    assert_eq!(said.matches("swinger.logged").count(), 1, "{said}");
    insta::assert_snapshot!(said);
}

/// Nothing waits for a cancel or a restore, nothing has to confirm it, and it satisfies nothing that is expected of the panel.
#[test]
fn row_2_1_manual_signal_waits_for_nothing() {
    let policy = || {
        rules(
            r#"{"classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 60}, "general": {"action": "show", "priority": 3}},
                "confirm": {"unconfirmed": 6}, "unrestored": {"within_s": 3600}}"#,
        )
    };
    let script = "
        account 1001
        account 1002
        10:00:00 signal 1001 E130 n5 manual
        10:00:10 signal 1002 E140 n5 manual
        10:01:00 op1 inc1 take
        10:01:10 op1 inc1 verify-false cause=animal
        13:00:00 signal 1001 E602 s9
        show queue
        show account 1001";
    insta::assert_snapshot!(play(policy(), script));
}

/// What calms, or what no list explains, nobody can say; a code that counts users has no zone.
#[test]
fn what_a_person_can_tell_of() {
    let told = |number, zone| {
        Report::told_by_person(at("10:00:00"), "1001".parse().unwrap(), (code(number), zone), "telephone".into())
    };
    for number in [100, 110, 120, 121, 130, 137, 151, 154, 301, 350] {
        let report = told(number, None).unwrap();
        assert_eq!(
            report,
            Report::by_person(at("10:00:00"), "1001".parse().unwrap(), code(number), "telephone".into())
        );
    }
    assert_eq!(told(130, Some(5)).unwrap().signal.unwrap().number, Some(5));
    for number in [401, 406, 521, 570, 602, 607] {
        assert_eq!(told(number, None), Err(NotReportable::NoAlarm(code(number))), "{number}");
    }
    assert_eq!(told(299, None), Err(NotReportable::Unknown(code(299))));
    assert_eq!(told(121, Some(5)), Err(NotReportable::NoZone(code(121))));
    let wrong =
        [NotReportable::Unknown(code(299)), NotReportable::NoAlarm(code(406)), NotReportable::NoZone(code(121))];
    for wrong in wrong {
        assert!(wrong.label(Lang::En).starts_with(&wrong.to_string()[..3]) && wrong.label(Lang::Zh).contains('：'));
    }
}
