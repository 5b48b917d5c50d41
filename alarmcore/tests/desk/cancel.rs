//! Cancels at the panel, weighed by who gave them (capabilities 2.2, abort and cancel; C-3).

use alarmcore::Policy;

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

/// A hold of the centre before an alarm is shown: a user on the list can still cancel in it, a stranger's cancel ends it, and
/// people in danger do not wait for anybody.
#[test]
fn row_2_2_pre_alarm_hold() {
    insta::assert_snapshot!(
        "row_2_2_pre_alarm_hold",
        play(
            rules(r#"{"classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 60}}}"#),
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
