//! Cancels at the panel, weighed by who gave them (capabilities 2.2, abort and cancel; C-3).

use alarmcore::{Incident, Policy, RaiseReason};

use crate::script::{play, rules};

/// The acceptance test: a cancel by a user who is not on the list, or whom nobody names, raises the priority; one by a user
/// who is on it lowers an intrusion that nothing has confirmed; neither ends anything, and without a list a cancel is
/// evidence alone.
#[test]
fn row_2_2_cancel() {
    insta::assert_snapshot!(
        "row_2_2_cancel",
        play(
            Policy::default(),
            "
            account 1001 cancel_users=[1,2]
            account 1002 cancel_users=[1,2]
            account 1003 cancel_users=[1,2]
            account 1004
            account 1005 cancel_users=[1,2]
            10:00:00 signal 1001 E130 g1 n5
            10:00:20 signal 1001 E406 n2
            10:00:25 signal 1001 E131 g1 n6
            10:01:00 signal 1002 E130 g1 n5
            10:01:20 signal 1002 E406 n9
            10:02:00 signal 1003 E130 g1 n5
            10:02:10 signal 1003 E406
            10:03:00 signal 1004 E130 g1 n5
            10:03:10 signal 1004 E406 n9
            10:04:00 signal 1005 E130 g1 n5
            10:04:10 signal 1005 E121 n1
            10:04:12 signal 1005 E406 n1
            show queue
        "
        )
    );
}

/// Life safety, what is confirmed, and what is cancelled late is not lowered; nor is what is less urgent anyway.
#[test]
fn what_a_cancel_never_lowers() {
    let lowered = |policy: Policy, rest: &str| {
        let timeline = play(policy, &format!("account 1001 cancel_users=[1]\n{rest}"));
        timeline.lines().any(|line| line.contains(" lowered"))
    };
    let default = Policy::default;
    assert!(lowered(default(), "10:00:00 signal 1001 E130 n5\n10:05:00 signal 1001 E406 n1"));
    assert!(!lowered(default(), "10:00:00 signal 1001 E130 n5\n10:05:01 signal 1001 E406 n1"));
    assert!(!lowered(default(), "10:00:00 signal 1001 E110 n5\n10:00:10 signal 1001 E406 n1"));
    assert!(!lowered(default(), "10:00:00 signal 1001 E120 n5\n10:00:10 signal 1001 E406 n1"));
    let confirmed = "10:00:00 signal 1001 E130 n5\n10:00:05 signal 1001 E131 n6\n10:00:10 signal 1001 E406 n1";
    assert!(!lowered(default(), confirmed));
    let fire_too = "10:00:00 signal 1001 E130 n5\n10:00:05 signal 1001 E110 n6\n10:00:10 signal 1001 E406 n1";
    assert!(!lowered(default(), fire_too));
    let alarm = "10:00:00 signal 1001 E130 n5\n10:00:10 signal 1001 E406 n1";
    assert!(!lowered(rules(r#"{"cancel": {"within_s": 0}}"#), alarm));
    assert!(!lowered(rules(r#"{"cancel": {"priority": 2}}"#), alarm));
}

const HELD: &str = r#"{"classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 60}}}"#;

/// What confirmed incident 1 of a day under rules that hold burglaries, when it was opened, and how many signals it holds.
fn shown(policy: &str, day: &str) -> (Option<RaiseReason>, String, u32) {
    let timeline = play(rules(policy), &format!("account 1001 cancel_users=[1]\n{day}\nshow incident 1"));
    let told = timeline.lines().last().unwrap().strip_prefix("  | ");
    let incident: Incident =
        serde_json::from_str(told.unwrap()).unwrap_or_else(|_| panic!("nothing is shown: {timeline}"));
    let opened = timeline.lines().find(|line| line.contains(" opened {")).unwrap();
    (incident.confirmed.map(|sign| sign.reason), opened[..8].to_owned(), incident.signals)
}

/// A door that closes behind the burglar settles nothing: the alarm is shown when the wait is over, with the restore; a cancel of a
/// user on the list settles both. What is no intrusion is settled by its restore, as ever.
#[test]
fn row_2_2_pre_alarm_hold_is_not_settled_by_a_restore() {
    insta::assert_snapshot!(
        "row_2_2_pre_alarm_hold_restore",
        play(
            rules(
                r#"{"classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 60},
                    "tamper": {"action": "hold", "priority": 3, "seconds": 60},
                    "environment": {"action": "hold", "priority": 4, "seconds": 60}}}"#
            ),
            "
            account 1001 cancel_users=[1]
            account 1002
            10:00:00 signal 1001 E130 g1 n5
            10:00:01 signal 1001 R130 g1 n5
            10:00:02 signal 1001 E130 g1 n5
            10:00:03 signal 1001 R130 g1 n5
            10:01:00 time
            show incident 1
            10:30:00 signal 1002 E137 g1 n5
            10:30:01 signal 1002 R137 g1 n5
            10:31:00 time
            11:00:00 signal 1002 E154 n8
            11:00:01 signal 1002 R154 n8
            11:01:00 time
            12:00:00 op1 inc1 take
            12:00:01 op1 inc1 verify-false cause=user-error
            12:10:00 signal 1001 E130 g1 n5
            12:10:01 signal 1001 R130 g1 n5
            12:10:30 signal 1001 E406 n1
            12:11:00 time
            show queue
        "
        )
    );
}

/// What a second sign confirms waits no longer, and the panel's own word never does; what is shown when its wait is over is weighed
/// as any other alarm.
#[test]
fn row_2_2_pre_alarm_hold_ends_when_it_is_confirmed() {
    use RaiseReason::{CrossZone, PanelConfirmed, PathFault, TwoPaths, TwoTrip};
    let both = HELD.replace("}}}", r#"}}, "confirm": {"two_trips": true, "two_paths": true, "path_fault": false}}"#);
    let alone = "10:00:00 signal 1001 E130 n5\n";
    let opened = |at: &str| at.to_owned();
    let second = |line: &str| shown(HELD, &format!("{alone}{line}"));
    assert_eq!(second("10:01:00 time"), (None, opened("10:01:00"), 1));
    assert_eq!(second("10:00:20 signal 1001 E131 n6"), (Some(CrossZone), opened("10:00:20"), 2));
    assert_eq!(second("10:00:20 signal 1001 E137 n6"), (Some(CrossZone), opened("10:00:20"), 2));
    assert_eq!(second("10:00:20 signal 1001 E139 n5"), (Some(PanelConfirmed), opened("10:00:20"), 2));
    assert_eq!(second("10:00:20 signal 1001 BV n5"), (Some(PanelConfirmed), opened("10:00:20"), 2));
    assert_eq!(second("10:00:20 signal 1001 E350 supervision"), (Some(PathFault), opened("10:00:20"), 1));
    let restored = "10:00:01 signal 1001 R130 n5\n10:00:20 signal 1001 E131 n6";
    assert_eq!(second(restored), (Some(CrossZone), opened("10:00:20"), 3));
    // One that is confirmed from the beginning is not held at all.
    assert_eq!(shown(HELD, "10:00:00 signal 1001 E139 n5"), (Some(PanelConfirmed), opened("10:00:00"), 1));
    let failed = "09:59:00 signal 1001 E350\n09:59:10 op1 inc1 take\n";
    let timeline = play(rules(HELD), &format!("account 1001\n{failed}{alone}"));
    assert!(timeline.contains(r#""reason":"path-fault""#), "{timeline}");
    // By the centre's own rules.
    let twice = format!("{alone}10:00:05 signal 1001 R130 n5\n10:00:10 signal 1001 E130 n5");
    assert_eq!(shown(&both, &twice), (Some(TwoTrip), opened("10:00:10"), 3));
    let paths = format!("09:59:00 signal 1001 R401 n1\n{alone}10:00:05 signal 1001 E351\n10:00:10 signal 1001 E353");
    let timeline = play(rules(&both), &format!("account 1001\n{paths}\n10:00:11 time"));
    assert!(timeline.contains("10:00:10 sig2 opened inc2 (cancel-wait.confirmed)"), "{timeline}");
    assert!(timeline.contains(&format!(r#""reason":"{TwoPaths}""#)), "{timeline}");
    // Whoever has just come walks past two detectors; they wait, and confirm nothing when that is over.
    let opens = format!("09:59:00 signal 1001 E401 n1\n{alone}10:00:20 signal 1001 E131 n6\n10:01:20 time");
    assert_eq!(shown(HELD, &opens), (None, opened("10:01:00"), 2));
    // A fire is shown at once, beside what waits; the second zone confirms what began before it.
    let fire = format!("{alone}10:00:05 signal 1001 E110 n1\n10:00:10 signal 1001 E131 n6");
    assert_eq!(shown(HELD, &fire), (Some(CrossZone), opened("10:00:05"), 3));
}

/// A hold of the centre before an alarm is shown: a user on the list can still cancel in it, a stranger's cancel ends it, and
/// people in danger do not wait for anybody.
#[test]
fn row_2_2_pre_alarm_hold() {
    insta::assert_snapshot!(
        "row_2_2_pre_alarm_hold",
        play(
            rules(HELD),
            "
            account 1001 cancel_users=[1]
            10:00:00 signal 1001 E130 g1 n5
            10:00:30 signal 1001 E406 n1
            11:00:00 signal 1001 E130 g1 n5
            11:00:30 signal 1001 E406 n9
            11:01:00 time
            12:00:00 signal 1001 E120 g1 n7
            show queue
        "
        )
    );
}

/// Whoever is threatened may be forced to cancel: as soon as anybody is, what is held of an intrusion is shown, and a cancel settles
/// nothing of it. A fire threatens nobody: whoever is on the list still cancels what is held beside it.
#[test]
fn row_2_2_pre_alarm_hold_ends_when_somebody_is_threatened() {
    let day = |threat: &str| {
        let timeline = play(
            rules(HELD),
            &format!(
                "account 1001 cancel_users=[1]
                09:50:00 signal 1001 E602
                {threat}
                10:00:30 signal 1001 E406 n1"
            ),
        );
        let said = timeline.lines().filter_map(|line| line[8..].trim().strip_prefix("sig"));
        said.filter(|line| !line.starts_with('1')).map(str::to_owned).collect::<Vec<String>>()
    };
    let held = "10:00:00 signal 1001 E130 n5";
    let days = [
        "10:00:10 signal 1001 E121",
        "10:00:10 signal 1001 E122",
        "10:00:10 signal 1001 E110 n1",
        "10:00:10 signal 1001 E380 n2\n10:00:12 op1 inc1 take\n10:00:13 op1 inc1 call contact=1 result=duress-code",
    ];
    let days = days.map(|threat| day(&format!("{held}\n{threat}")));
    let shown = "2 joined inc1 (cancel-wait.threat)";
    let danger = "3 opened inc1 (life-safety)";
    let expected = [
        [shown, danger],
        [shown, danger],
        [danger, "2 logged (cancel.in-time)"],
        ["3 opened inc1 (class.shown)", shown],
    ];
    let (first, last) = ("2 held until 10:01:00 (cancel-wait)", "4 joined inc1 (cancel.allowed)");
    assert_eq!(days, expected.map(|[one, two]| [first, one, two, last]));
}

/// What became of each signal of an account whose burglaries are held.
fn held(day: &str) -> Vec<String> {
    let timeline = play(rules(HELD), &format!("account 1001\n{day}"));
    timeline.lines().filter_map(|line| line[8..].trim().strip_prefix("sig")).map(str::to_owned).collect()
}

/// While an alarm is held, the same frame repeats it, and its restore waits with it once; another zone's is its own.
#[test]
fn row_2_2_pre_alarm_hold_of_what_is_sent_again() {
    let again = held("10:00:00 signal 1001 E130 n5 s4\n10:00:02 signal 1001 E130 n5 s4");
    assert_eq!(again, ["1 held until 10:01:00 (cancel-wait)", "2 repeats sig1 (repeat)"]);
    let restored = held("10:00:00 signal 1001 E130 n5\n10:00:02 signal 1001 R130 n5\n10:00:04 signal 1001 R130 n5");
    assert_eq!(
        restored,
        [
            "1 held until 10:01:00 (cancel-wait)",
            "2 held until 10:01:00 (cancel-wait.restore)",
            "3 logged (restore-wait.again)"
        ]
    );
}
