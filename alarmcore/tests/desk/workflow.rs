//! Operator workflow: holds, owners who are gone, and the chain of those who are called when nobody acts.

use alarmcore::Policy;

use crate::script::{play_whole, rules};

/// 2.5 Timers: "report separates first view, first act, hold": a hold needs a reason and has an end, and no clock stops for
/// it: neither the times of the incident nor the chain that waits for a first act.
#[test]
fn row_2_5_timers() {
    insta::assert_snapshot!(play_whole(
        Policy::default(),
        r#"
        account 1001
        account 1002
        22:14:00 signal 1001 E130 g1 n5
        22:14:20 op1 inc1 take
        22:14:25 op1 inc1 hold minutes=10
        22:14:26 op1 inc1 hold minutes=10 reason=other
        22:14:27 op1 inc1 hold minutes=16 reason=keyholder-coming
        22:14:30 op1 inc1 hold minutes=10 reason=keyholder-coming note="Mr Chen, ten minutes"
        22:14:31 op1 inc1 hold minutes=5 reason=keyholder-coming
        22:14:32 op2 inc1 resume
        show queue
        22:20:00 time
        show queue
        22:25:00 time
        22:25:10 op1 inc1 take
        22:25:20 op1 inc1 call contact=3 result=no-answer
        22:25:30 op1 inc1 hold minutes=5 reason=call-back
        22:26:00 op1 inc1 resume
        22:26:01 op1 inc1 resume
        show incident 1
        22:27:00 signal 1002 E110 g1 n1
        22:27:05 op1 inc2 take
        22:27:06 op1 inc2 hold minutes=2 reason=at-work
        22:27:10 op1 inc2 confirm-real basis=contact
        22:27:11 op1 inc2 hold minutes=3 reason=at-work
        22:27:12 op1 inc2 hold minutes=2 reason=at-work
        22:29:12 time
        show incident 2
        "#,
    ));
}

/// 2.5 Assignment: "browser of the owner dies → item back in the queue in ≤ 30 s with a note": what has life safety first;
/// what is on hold keeps its time; whoever acts is there; whoever logs out is gone at once.
#[test]
fn row_2_5_assignment_limbo() {
    insta::assert_snapshot!(play_whole(
        Policy::default(),
        r#"
        account 1001
        account 1002
        account 1003
        08:00:00 signal 1001 E130 g1 n5
        08:00:05 op1 inc1 take
        08:00:06 signal 1002 E321
        08:00:07 op1 inc2 take
        08:00:08 op1 inc2 hold minutes=30 reason=technician
        08:00:10 signal 1003 E110 g1 n1
        08:00:12 op1 inc3 take
        08:00:20 op1 silent
        08:00:30 op1 inc3 call contact=1 result=code-ok
        08:00:45 op1 silent
        08:00:50 op1 here
        08:01:20 time
        08:02:00 op1 silent
        08:02:20 time
        show queue
        08:02:25 op2 inc3 take
        08:02:26 op2 left
        08:30:08 time
        show queue
        "#,
    ));
}

/// 2.5 Escalation: "chain fires at exact seconds in simulated time": however late the caller looks. Taking ends what waits for
/// a taker, an act ends what waits for an act, and a neighbour may take what an owner does not act on.
#[test]
fn row_2_5_escalation() {
    insta::assert_snapshot!(play_whole(
        Policy::default(),
        r#"
        account 1001
        account 1002
        22:00:00 signal 1001 E110 g1 n1
        22:05:00 time
        show queue
        22:05:01 op2 inc1 take
        show queue
        22:05:05 op3 inc1 take
        22:05:10 op3 inc1 call contact=1 result=no-answer
        show queue
        22:06:00 signal 1001 E110 g1 n2
        22:06:50 signal 1001 E110 g1 n3
        22:07:00 time
        show queue
        22:10:00 signal 1002 E321
        22:24:59 time
        22:25:00 time
        "#,
    ));
}

/// 2.5 Escalation: the chain is data. A priority restricts a step, and no chain calls nobody.
#[test]
fn escalation_is_data() {
    let chain = r#"{"escalation": [
        {"priority": 2, "missing": "take", "after_s": 10, "to": "manager"},
        {"family": "service", "missing": "act", "after_s": 5, "to": "operator"}
    ]}"#;
    let day = r#"
        account 1001
        account 1002
        22:00:00 signal 1001 E130 g1 n1
        22:00:01 signal 1002 E321
        22:30:00 time
        "#;
    insta::assert_snapshot!(play_whole(rules(chain), day));
    assert!(!play_whole(rules(r#"{"escalation": []}"#), day).contains("escalated"));
}

/// 2.5 Grouping: "later life-safety signal re-raises an incident in progress or on hold"; what only joins does not wake it.
#[test]
fn row_2_5_grouping() {
    insta::assert_snapshot!(play_whole(
        rules(r#"{"confirm": {"within_s": 0}}"#),
        r#"
        account 1001
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 call contact=1 result=no-answer
        22:00:30 op1 inc1 hold minutes=15 reason=keyholder-coming
        22:01:00 signal 1001 E131 g1 n6
        show queue
        22:02:00 signal 1001 E110 g1 n9
        show queue
        22:02:10 op1 inc1 take
        22:02:11 op1 inc1 hold minutes=2 reason=keyholder-coming
        22:02:20 signal 1001 E120 g1 n10
        show queue
        "#,
    ));
}

/// 2.5 Follow-up: "item later, to role or person": about an incident, closed ones too, or an account; it rings once when it is
/// due, and stays until somebody says that it is done.
#[test]
fn row_2_5_follow_up() {
    insta::assert_snapshot!(play_whole(
        Policy::default(),
        r#"
        account 1001
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 verify-false cause=user-error
        22:00:30 op1 follow create incident=1 minutes=60 note="tell the owner"
        22:00:31 op1 follow create incident=1 account=1001 rank=supervisor minutes=60 note="tell the owner"
        22:00:32 op1 follow create incident=2 rank=supervisor minutes=60 note="tell the owner"
        22:00:33 op1 follow create account=9001 rank=supervisor minutes=60 note="tell the owner"
        22:00:34 op1 follow create incident=1 rank=supervisor minutes=60
        22:00:35 op1 follow create incident=1 rank=supervisor minutes=0 note="tell the owner"
        22:01:00 op1 follow create incident=1 rank=supervisor minutes=60 note="tell the owner"
        22:02:00 op1 follow create account=1001 operator=2 minutes=30 note="battery"
        22:10:00 op1 follow2 reassign operator=2
        22:10:00 op1 follow2 reassign rank=operator minutes=120 note="technician comes at midnight"
        23:30:00 time
        23:31:00 op2 follow1 reassign minutes=10
        23:45:00 op3 follow1 done note="told him"
        23:45:01 op3 follow1 done
        23:45:02 op3 follow7 done
        23:45:03 op3 follow done
        "#,
    ));
}

/// 2.5 Timers: what somebody has in hand and lets rest calls its owner, and from there the chain goes on. Any act, note or word begins the
/// time anew; what waits for a unit, an authority or a hold has their times, and what is settled rests for longer.
#[test]
fn row_2_5_timers_what_is_left_to_rest_calls() {
    insta::assert_snapshot!(play_whole(
        Policy::default(),
        r#"
        account 1001
        account 1002
        account 1003
        unit 7
        12:00:00 signal 1001 E130 g1 n5
        12:00:05 op1 inc1 take
        12:00:08 signal 1003 E321
        12:00:10 op2 inc2 take
        12:00:30 op1 inc1 call contact=1 result=no-answer
        12:10:00 op1 inc1 note note="trying the neighbour"
        12:24:59 time
        12:25:00 time
        12:26:30 time
        12:27:00 op1 inc1 take
        12:28:00 time
        12:28:10 op1 inc1 call contact=2 result=no-answer
        12:30:00 op1 inc1 pre-process unit=7
        12:30:10 op1 inc1 accept unit=7
        12:50:00 time
        12:51:00 op1 inc1 arrive unit=7
        13:40:00 time
        13:41:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        13:41:05 op1 inc1 leave unit=7
        13:56:05 time
        13:57:00 op1 inc1 end-undetermined end=secured-by-owner contact=1
        14:56:59 time
        14:57:00 time
        14:58:00 signal 1002 E120 n1
        14:58:05 op1 inc3 take
        14:58:10 op1 inc3 confirm-real basis=contact
        15:03:09 time
        15:03:10 time
        15:03:20 op1 inc3 hand-off to=police
        15:03:30 op1 inc3 answer-hand-off number=1 accepted=true
        16:03:29 time
        16:03:30 time
        16:04:00 op1 inc3 take
        20:00:09 time
        20:00:10 time
        "#,
    ));
}

/// 2.5 Timers: no promise to call somebody again, no word of an insurer, and no authority that took it before the danger came lets life
/// safety rest.
#[test]
fn row_2_5_timers_what_lets_nothing_rest() {
    insta::assert_snapshot!(play_whole(
        Policy::default(),
        r#"
        account 1001
        account 1002
        12:00:00 signal 1001 E130 g1 n5
        12:00:05 op1 inc1 take
        12:00:30 op1 inc1 call contact=1 result=no-answer again_at=1795388400000
        12:01:00 signal 1001 E122 g1 n6
        12:01:05 op1 inc1 take
        12:06:05 time
        12:10:00 signal 1002 E130 g1 n5
        12:10:05 op2 inc2 take
        12:10:10 op2 inc2 confirm-real basis=contact
        12:10:12 op2 inc2 notify-owner contact=1
        12:10:14 op2 inc2 owner-arrived
        12:10:16 op2 inc2 record-wish police=true insurer=true
        12:10:20 op2 inc2 hand-off to=insurer
        12:10:30 op2 inc2 hand-off to=police
        12:10:40 op2 inc2 answer-hand-off number=2 accepted=true
        12:11:00 signal 1002 E121 g1 n1
        12:11:05 op2 inc2 take
        12:16:05 time
        "#,
    ));
}

/// 2.5 Timers: rules may say never, and otherwise.
#[test]
fn row_2_5_timers_what_may_rest_for_good() {
    insta::assert_snapshot!(play_whole(
        rules(r#"{"rest": {"alarm_s": 60, "life_safety_s": 0, "settled_s": 0}, "escalation": []}"#),
        r#"
        account 1001
        account 1002
        20:00:00 signal 1001 E130 g1 n5
        20:00:00 signal 1002 E120 n5
        20:00:05 op1 inc1 take
        20:00:06 op2 inc2 take
        20:01:05 time
        20:01:10 op1 inc1 verify-false cause=animal
        21:59:00 time
        "#,
    ));
}
