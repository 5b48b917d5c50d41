//! Confirmed intrusions (capabilities 2.2, standards 3.5): the table of sequences, and what an operator sees of them.

use alarmcore::{Incident, Policy, RaiseReason};

use crate::script::{play, rules};

/// What confirmed incident 1 of a script, and how urgent it is.
fn outcome(policy: Policy, script: &str) -> (Option<RaiseReason>, u8) {
    let timeline = play(policy, &format!("account 1001\n{script}\nshow incident 1"));
    let shown = timeline.lines().last().unwrap().strip_prefix("  | ").unwrap();
    let incident: Incident = serde_json::from_str(shown).unwrap();
    (incident.confirmed.map(|confirmed| confirmed.reason), incident.priority.get())
}

/// The acceptance test: the table of sequences under the standard rules, then under a centre's own.
#[test]
fn row_2_2_cross_zone() {
    use RaiseReason::{CrossZone, HoldUpAgain, PanelConfirmed, PathFault, TwoPaths, TwoTrip};
    let standard = [
        ("one zone", "10:00:00 signal 1001 E130 n5", None, 2),
        ("a second zone", "10:00:00 signal 1001 E130 n5\n10:30:00 signal 1001 E131 n6", Some(CrossZone), 2),
        ("too late", "10:00:00 signal 1001 E130 n5\n10:30:01 signal 1001 E131 n6", None, 2),
        (
            "the same number in another group",
            "10:00:00 signal 1001 E130 g1 n5\n10:00:01 signal 1001 E130 g2 n5",
            Some(CrossZone),
            2,
        ),
        ("the cover of the same zone", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 E137 n5", None, 2),
        ("said again, not restored", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 E130 n5", None, 2),
        ("its restore", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 R131 n6", None, 2),
        (
            "the same zone again after its restore",
            "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 R130 n5\n10:00:02 signal 1001 E130 n5",
            None,
            2,
        ),
        ("no zones named", "10:00:00 signal 1001 E130\n10:00:01 signal 1001 E140", None, 2),
        ("a near miss", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 E138 n6", None, 2),
        ("water beside it", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 E154 n6", None, 2),
        ("the panel says so", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 E139 n5", Some(PanelConfirmed), 2),
        ("the panel says so at once", "10:00:00 signal 1001 BV n1", Some(PanelConfirmed), 2),
        (
            "the alarm, then the path",
            "10:00:00 signal 1001 E130 n5\n10:30:00 signal 1001 E350 supervision",
            Some(PathFault),
            2,
        ),
        ("the alarm, then the path too late", "10:00:00 signal 1001 E130 n5\n10:30:01 signal 1001 E350", None, 2),
        ("the alarm, then the path is back", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 R350", None, 2),
        (
            "two paths",
            "10:00:00 signal 1001 E351\n10:00:01 signal 1001 E352\n10:00:02 signal 1001 E350 supervision",
            None,
            5,
        ),
        ("a fire and a path", "10:00:00 signal 1001 E110 n1\n10:00:01 signal 1001 E350", None, 1),
        ("a fire and one zone", "10:00:00 signal 1001 E110 n1\n10:00:01 signal 1001 E130 n5", None, 1),
    ];
    for (what, script, reason, priority) in standard {
        assert_eq!(outcome(Policy::default(), script), (reason, priority), "{what}");
    }
    let own =
        r#"{"confirm": {"within_s": 60, "two_trips": true, "path_fault": false, "priority": 3, "unconfirmed": 6}}"#;
    let twice = "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 R130 n5\n10:01:00 signal 1001 E130 n5";
    let own_rules = [
        ("one zone", "10:00:00 signal 1001 E130 n5", None, 6),
        ("the same zone twice", twice, Some(TwoTrip), 3),
        ("a path", "10:00:00 signal 1001 E130 n5\n10:00:01 signal 1001 E350", None, 6),
        ("a hold-up is not lowered", "10:00:00 signal 1001 E120 n5", None, 1),
        ("water is not lowered", "10:00:00 signal 1001 E154 n5", None, 4),
        ("nor what the panel confirms", "10:00:00 signal 1001 E139 n5", Some(PanelConfirmed), 2),
    ];
    for (what, script, reason, priority) in own_rules {
        assert_eq!(outcome(rules(own), script), (reason, priority), "{what}");
    }
    let three = || rules(r#"{"confirm": {"zones": 3}}"#);
    let two = "10:00:00 signal 1001 E130 n5\n10:10:00 signal 1001 E131 n6\n";
    let three_zones = [
        ("two of three zones", two.to_owned(), None),
        ("the third, at the last second", format!("{two}10:30:00 signal 1001 E130 n7"), Some(CrossZone)),
        ("the third, when the first is too old", format!("{two}10:30:01 signal 1001 E130 n7"), None),
        ("the first again, with its cover", format!("{two}10:20:00 signal 1001 E137 n5"), None),
        ("two, and a path", format!("{two}10:20:00 signal 1001 E350"), Some(PathFault)),
        ("the panel says so", format!("{two}10:20:00 signal 1001 E139 n6"), Some(PanelConfirmed)),
    ];
    for (what, script, reason) in three_zones {
        assert_eq!(outcome(three(), &script), (reason, 2), "{what}");
    }
    let paths = || rules(r#"{"confirm": {"two_paths": true, "path_fault": false}}"#);
    let line_first = "10:00:00 signal 1001 E351\n";
    let two_paths = [
        ("the line, then the network is silent", format!("{line_first}10:30:00 signal 1001 E350 supervision"), true),
        ("too late", format!("{line_first}10:30:01 signal 1001 E350 supervision"), false),
        ("the line, then the radio", format!("{line_first}10:30:00 signal 1001 E353"), true),
        ("in SIA", "10:00:00 signal 1001 LT\n10:00:10 signal 1001 NT".into(), true),
        (
            "the network, as the panel says it, then the line",
            "10:00:00 signal 1001 E359\n10:00:10 signal 1001 E351".into(),
            true,
        ),
        ("two lines", format!("{line_first}10:00:10 signal 1001 E352"), false),
        ("a path without a name", format!("{line_first}10:00:10 signal 1001 E350"), false),
        ("said again", format!("{line_first}10:00:10 signal 1001 E351"), false),
        ("back in time", format!("{line_first}10:00:10 signal 1001 R351\n10:00:20 signal 1001 E353"), false),
        ("a shop that is open", format!("09:00:00 signal 1001 E401 n1\n{line_first}10:00:10 signal 1001 E353"), false),
        ("one that is closed", format!("09:00:00 signal 1001 R401 n1\n{line_first}10:00:10 signal 1001 E353"), true),
    ];
    for (what, script, confirmed) in two_paths {
        let said = play(paths(), &format!("account 1001\n{script}"));
        assert_eq!(said.contains(r#""reason":"two-paths""#), confirmed, "{what}\n{said}");
        let off = play(Policy::default(), &format!("account 1001\n{script}"));
        assert!(!off.contains("two-paths"), "{what}");
    }
    // In a storm the storm has cut them, also of an account whose first path somebody looks after already.
    let in_hand = |storm: &str| {
        let day = format!(
            "account 1001 district=East\n{line_first}10:00:05 op1 inc1 take\n{storm}\n10:00:10 signal 1001 E353"
        );
        play(paths(), &day).contains("two-paths")
    };
    assert!(in_hand(""));
    assert!(!in_hand("10:00:07 sup1 storm declare area=district name=East minutes=60"));
    // Beside an alarm two paths are a second sign; beside a fire they are none.
    let beside = |code: &str| {
        outcome(paths(), &format!("10:00:00 signal 1001 {code} n5\n{line_first}10:00:10 signal 1001 E353"))
    };
    assert_eq!([beside("E130"), beside("E110")], [(Some(TwoPaths), 2), (None, 1)]);
    // A hold-up is as urgent before it is confirmed as after.
    let again = |apart: u32, second: &str| {
        let policy = rules(&format!(r#"{{"confirm": {{"hold_up_apart_s": {apart}}}}}"#));
        outcome(policy, &format!("10:00:00 signal 1001 E120 n5\n{second}"))
    };
    let later = "10:02:01 signal 1001 E120 n6";
    assert_eq!(again(120, later), (Some(HoldUpAgain), 1));
    assert_eq!(again(120, "10:02:00 signal 1001 E120 n6"), (None, 1));
    assert_eq!(again(120, "10:02:01 signal 1001 E110 n6"), (None, 1));
    assert_eq!(again(0, later), (None, 1));
    let after_a_burglary = "10:01:00 signal 1001 E130 n1\n10:05:00 signal 1001 E120 n6\n10:07:01 signal 1001 E120 n7";
    assert_eq!(again(120, after_a_burglary), (Some(HoldUpAgain), 1));
    // Of one account, by an override.
    let of = |account| {
        let text = format!(r#"{{"override": [{{"accounts": ["{account}"], "confirm": {{"zones": 3}}}}]}}"#);
        outcome(rules(&text), two)
    };
    assert_eq!([of("1001"), of("1002")], [(None, 2), (Some(CrossZone), 2)]);
    let off = rules(r#"{"confirm": {"within_s": 0}}"#);
    assert_eq!(outcome(off, "10:00:00 signal 1001 E130 n5\n10:00:00 signal 1001 E131 n6"), (None, 2));
}

/// How often a failing path confirmed an alarm on a day.
fn by_path(policy: &str, day: &str) -> usize {
    play(rules(policy), &format!("account 1001 district=East\n{day}")).matches(r#""reason":"path-fault""#).count()
}

/// A path that still fails counts however long ago that began, one that is back only within the time. Where the rules go by the set
/// period it is the closing that decides, and the time where no opening or closing is known.
#[test]
fn row_2_2_cross_zone_by_a_failing_path() {
    let period = r#"{"confirm": {"set_period": true}}"#;
    let (fails, back) = ("10:00:00 signal 1001 E351\n", "10:01:00 signal 1001 R351\n");
    let alarm = |clock: &str| format!("{clock} signal 1001 E130 n5\n");
    let back_at = |clock: &str| format!("{fails}{back}{}", alarm(clock));
    for (what, day, by_time, by_period) in [
        ("31 minutes, and still failing", format!("{fails}{}", alarm("10:31:00")), 1, 1),
        (
            "a week, and the line is still silent",
            format!("10:00:00 signal 1001 E350 supervision\n{}", alarm("23:00:00")),
            1,
            1,
        ),
        ("back, within the time", back_at("10:30:00"), 1, 1),
        ("back, and too late", back_at("10:30:01"), 0, 0),
        ("closed before it failed", format!("09:00:00 signal 1001 R401 n1\n{}", back_at("12:00:00")), 0, 1),
        ("closed after it was back", format!("{fails}{back}10:02:00 signal 1001 R401 n1\n{}", alarm("10:10:00")), 1, 0),
        ("closed while it fails", format!("{fails}10:02:00 signal 1001 R401 n1\n{}", alarm("10:40:00")), 1, 1),
        (
            "opened since",
            format!("09:00:00 signal 1001 R401 n1\n{fails}{back}10:05:00 signal 1001 E401\n{}", alarm("10:20:00")),
            1,
            0,
        ),
        ("armed in part", format!("09:00:00 signal 1001 R441 n1\n{}", back_at("12:00:00")), 0, 1),
        (
            "the alarm, then the path",
            format!("09:00:00 signal 1001 R401 n1\n09:01:00 signal 1001 E130 n5\n{fails}"),
            0,
            1,
        ),
        ("the alarm, then the path, and no closing known", format!("09:50:00 signal 1001 E130 n5\n{fails}"), 1, 1),
        (
            "the alarm before the closing",
            format!("09:50:00 signal 1001 E130 n5\n09:52:00 signal 1001 R401 n1\n{fails}"),
            1,
            0,
        ),
    ] {
        assert_eq!((by_path("{}", &day), by_path(period, &day)), (by_time, by_period), "{what}");
    }
    for off in [r#"{"confirm": {"within_s": 0, "set_period": true}}"#, r#"{"confirm": {"path_fault": false}}"#] {
        assert_eq!(by_path(off, &format!("{fails}{}", alarm("10:00:10"))), 0, "{off}");
        let set = format!("09:00:00 signal 1001 R401 n1\n{}{fails}", alarm("09:59:50"));
        assert_eq!(by_path(off, &set), 0, "the alarm, then the path: {off}");
    }
}

/// In a storm a lost line is the storm's: it confirms nothing, and nothing is confirmed by it, until what the storm grouped is caught up
/// on. What was confirmed before the storm was declared stays confirmed, for nobody knew of it then.
#[test]
fn row_2_3_effect_a_lost_line_confirms_nothing() {
    let declare = "10:00:00 sup1 storm declare area=district name=East minutes=60\n";
    let (lost, alarm) = ("10:01:00 signal 1001 E350 supervision\n", "10:02:00 signal 1001 E130 n5\n");
    let late = "10:03:00 signal 1001 E350 supervision\n";
    for (what, day, confirmed) in [
        ("no storm", format!("{lost}{alarm}"), 1),
        ("the line, then the alarm", format!("{declare}{lost}{alarm}"), 0),
        ("the alarm, then the line", format!("{declare}{alarm}{late}"), 0),
        ("lost before it was declared", format!("09:59:00 signal 1001 E350\n{declare}{alarm}"), 0),
        (
            "confirmed before it was declared",
            format!("09:59:00 signal 1001 E350\n09:59:10 signal 1001 E130 n5\n{declare}"),
            1,
        ),
        ("over, and not caught up on", format!("{declare}{lost}11:30:00 signal 1001 E130 n5"), 0),
        ("elsewhere", format!("account 1001 district=West\naccount 1002 district=East\n{declare}{lost}{alarm}"), 1),
        ("two zones", format!("{declare}{lost}{alarm}10:02:10 signal 1001 E131 n6\n"), 0),
    ] {
        assert_eq!(by_path("{}", &day), confirmed, "{what}");
    }
    let zones = format!("account 1001 district=East\n{declare}{lost}{alarm}10:02:10 signal 1001 E131 n6\n");
    assert!(play(Policy::default(), &zones).contains(r#""reason":"cross-zone""#), "other signs confirm as ever");
}

/// A path that fails already, and says so again after the confirmed alarm is closed, is nothing new.
#[test]
fn two_paths_that_fail_on_confirm_once() {
    let policy = rules(r#"{"confirm": {"two_paths": true, "path_fault": false}}"#);
    let day = "
        account 1001
        10:00:00 signal 1001 E351
        10:00:10 signal 1001 E353
        10:01:00 op1 inc2 take
        10:01:10 op1 inc2 verify-false cause=line
        10:05:00 signal 1001 E353
        show queue";
    let said = play(policy, day);
    assert_eq!(said.matches(r#""reason":"two-paths""#).count(), 1, "{said}");
}

/// How long after the first a hold-up is pressed again is counted from the signal that opened the incident, restored or not; where
/// something else opened it, from the first hold-up in it, and never from one that stands since before.
#[test]
fn a_hold_up_is_pressed_again_after_the_first_of_its_incident() {
    let again = |day: &str| {
        let policy = rules(r#"{"confirm": {"hold_up_apart_s": 120}}"#);
        play(policy, &format!("account 1001\n{day}")).contains(r#""reason":"hold-up-again""#)
    };
    let restored = "10:00:00 signal 1001 E120 n5\n10:00:05 signal 1001 R120 n5\n";
    assert!(again(&format!("{restored}10:02:01 signal 1001 E120 n5")));
    let medical = "10:00:00 signal 1001 E100 n1\n10:05:00 signal 1001 E120 n6\n";
    assert!(!again(&format!("{medical}10:05:30 signal 1001 E120 n7")));
    assert!(again(&format!("{medical}10:07:01 signal 1001 E120 n7")));
    let before = "09:00:00 signal 1001 E120 n5\n09:01:00 op1 inc1 take\n09:01:10 op1 inc1 call contact=1 result=code-ok\n\
                  09:01:20 op1 inc1 verify-false cause=user-error second=op9\n";
    let closed = format!("{before}10:00:00 signal 1001 E100 n1\n10:05:00 signal 1001 E120 n6\n");
    assert!(!again(&format!("{closed}10:05:30 signal 1001 E120 n7")));
}

/// An operator hears of a confirmation once, sees by what, and an alarm found false confirms no later one.
#[test]
fn a_second_zone_calls_once() {
    insta::assert_snapshot!(
        "confirm_second_zone",
        play(
            Policy::default(),
            "
            account 1001
            10:00:00 signal 1001 E130 n5
            10:00:05 op1 inc1 take
            10:00:10 signal 1001 E131 n6
            10:00:20 signal 1001 E132 n7
            10:00:30 op1 inc1 take
            10:01:00 op1 inc1 verify-false cause=animal
            10:25:00 signal 1001 E130 n8
            show queue
            10:26:00 signal 1001 E130 n9
            account 1002
            11:00:00 signal 1002 E351
            11:01:00 signal 1002 R351
            11:30:00 signal 1002 E130 n5
            show queue
        "
        )
    );
}
