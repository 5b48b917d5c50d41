//! Restoral tracking (capabilities 2.2): what has not restored some time after its incident was closed calls once more.

use crate::script::{play, rules};

/// The acceptance test: a zone and a battery that still stand remind an operator when their time is over, once; what has
/// restored, what an open incident shows, and what began anew do not.
#[test]
fn row_2_2_restoral_tracking() {
    let policy = rules(r#"{"unrestored": {"within_s": 3600, "priority": 4}}"#);
    insta::assert_snapshot!(
        "unrestored",
        play(
            policy,
            "
            account 1001
            10:00:00 signal 1001 E130 g1 n5
            10:00:05 signal 1001 E131 g1 n6
            10:00:06 signal 1001 E302
            10:00:10 op1 inc1 take
            10:01:00 op1 inc1 verify-false cause=detector
            10:02:00 op1 inc2 take
            10:03:00 op1 inc2 settle settlement=repair-ordered
            10:10:00 signal 1001 R130 g1 n5
            11:00:59 time
            11:01:00 time
            11:03:00 time
            show queue
            11:10:00 op1 inc3 take
            11:10:01 op1 inc3 settle settlement=repair-ordered
            account 1002
            12:00:00 signal 1002 E130 n5
            12:00:10 op1 inc4 take
            12:01:00 op1 inc4 verify-false cause=detector
            12:30:00 signal 1002 R130 n5
            12:40:00 signal 1002 E130 n5
            12:41:00 op1 inc5 take
            12:42:00 op1 inc5 verify-false cause=detector
            12:50:00 signal 1002 E130 n5
            14:00:00 time
            show queue
        "
        )
    );
}

/// It is off unless the policy asks for it: many panels report no restores.
#[test]
fn nobody_asked() {
    let script = "account 1001\n10:00:00 signal 1001 E302\n10:00:01 op1 inc1 take
        10:00:02 op1 inc1 settle settlement=repair-ordered\n99:00:00 time";
    let timeline = play(rules("{}"), script);
    assert_eq!(timeline.lines().last(), Some("10:00:02 inc1 v4 op1 closed {\"resolution\":\"settled\"}"));
}
