//! What those who go are told after they were asked to: what joined, what it is about now, and where it is.

use alarmcore::Policy;

use crate::script::{play, rules};

macro_rules! day {
    ($(#[$doc:meta])* $name:ident, $policy:expr, $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(play($policy, $script));
        }
    };
}

day! {
    /// A unit that a machine reached is told of every further zone, of another danger, and of a duress word, for as long as it has the job;
    /// the same zone once more is nothing new. What cannot be told calls, and is told again once the unit is heard. A unit that was asked by
    /// telephone is told by its operator, whom the page reminds: that is written down, and sent by no machine.
    row_2_6_units_are_told_what_joins, Policy::default(), "
        account 1001
        account 1002
        unit 1
        unit 2
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:21 outside inc1 confirm-offer unit=1 offer=1
        09:00:22 outside inc1 confirm-offer unit=1 offer=1
        09:00:40 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=z
        09:01:00 signal 1001 E130 g1 n6
        09:01:10 signal 1001 E130 g1 n6
        09:01:30 outside inc1 record-unit-answer unit=1 offer=1 answer=departed message=a
        09:02:00 op1 inc1 call contact=1 result=duress-code
        09:02:05 op1 inc1 take
        09:03:00 signal 1001 E110 g1 n7
        09:03:02 outside inc1 fail-telling unit=1 offer=1 note=\"HTTP 503\"
        09:03:05 op1 inc1 take
        09:03:30 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=b
        09:03:40 op1 inc1 tell-unit unit=1 note=\"they are armed\"
        09:20:00 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=c
        09:20:10 signal 1001 E130 g1 n9
        09:20:20 op1 inc1 tell-unit unit=1
        09:20:30 outside inc1 fail-telling unit=1 offer=1
        09:21:00 signal 1002 E130 g1 n5
        09:21:05 op2 inc2 take
        09:21:20 op2 inc2 pre-process unit=2
        09:21:30 op2 inc2 accept unit=2
        09:22:00 signal 1002 E130 g1 n6
        show incident 2
        09:22:10 op1 inc2 tell-unit unit=2
        show incident 2
        09:22:20 op2 inc2 tell-unit unit=1
    "
}

day! {
    /// An authority that has closed what was before does not have what comes after: a further fire, or a duress after the police found
    /// nothing, is to be handed off anew, calls as if nobody had it, and is owed at the end. That it is found real needs nobody again.
    row_2_6_danger_after_an_authority_has_closed_it_is_handed_off_anew, rules(r#"{"hand_off": {"fire_within_s": 60}}"#), "
        account 1001
        account 1002
        09:00:00 signal 1001 E110 g1 n5
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 hand-off to=fire
        09:00:11 outside inc1 confirm-delivery number=1 sequence=1
        09:00:20 outside inc1 record-answer number=1 answer=on-scene message=a
        09:05:00 outside inc1 record-answer number=1 answer=closed outcome=nothing-found message=b
        09:05:10 op1 inc1 take
        09:06:00 op1 inc1 confirm-real basis=video
        09:07:00 signal 1001 E110 g1 n6
        09:07:10 op1 inc1 take
        09:09:00 time
        09:09:10 op1 inc1 take
        09:09:20 op1 inc1 notify-owner contact=1
        09:09:30 op1 inc1 record-case note=burnt
        09:09:40 op1 inc1 close
        09:09:50 op1 inc1 hand-off to=fire
        09:10:00 op1 inc1 answer-hand-off number=2 accepted=true
        09:10:10 op1 inc1 close
        09:20:00 signal 1002 E130 g1 n5
        09:20:05 op2 inc2 take
        09:20:10 op2 inc2 confirm-real basis=video
        09:20:20 op2 inc2 hand-off to=police
        09:20:30 op2 inc2 record-wish police=true insurer=false
        09:20:40 op2 inc2 hand-off to=police
        09:20:45 op2 inc2 answer-hand-off number=1 accepted=true
        09:21:00 op2 inc2 record-answer number=1 answer=closed outcome=nothing-found
        09:22:00 signal 1002 E121 g1 n0
        09:22:10 op2 inc2 take
        09:22:20 op2 inc2 close
        show incident 2
    "
}

day! {
    /// While people are in danger, an intrusion at a place of which nothing was known joins, though a suspension, a rule that logs, or the
    /// third trip of a swinger would only log it; the same place once more says nothing new, and without danger all is logged as ever.
    row_2_2_an_intrusion_beside_danger_is_shown, rules(r#"{"classes": {"tamper": {"action": "log"}}}"#), "
        account 1001 lowerings=[{\"number\":1,\"lowers\":\"suspension\",\"from\":\"08:00:00\",\"until\":\"12:00:00\"}]
        account 1002
        09:00:00 signal 1001 E130 g1 n3
        09:01:00 signal 1001 E121 g1 n0
        09:01:10 signal 1001 E130 g1 n3
        09:01:20 signal 1001 E130 g1 n3
        09:01:30 signal 1001 E130 g1 n4
        09:02:00 signal 1002 E383 g1 n8
        09:02:10 signal 1002 E110 g1 n1
        09:02:20 signal 1002 E383 g1 n8
        09:02:30 signal 1002 E130 g1 n9
        show queue
    "
}

day! {
    /// A tamper where a guard is kept after a burglary calls, and leaves it a burglary.
    row_2_6_a_tamper_where_a_guard_is_kept_leaves_it_what_it_is, Policy::default(), "
        account 1001
        unit 7
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:01:00 op1 inc1 accept unit=7
        09:10:00 op1 inc1 arrive unit=7
        09:12:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        09:13:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000
        09:20:00 signal 1001 E383 g1 n6
        show queue
    "
}

day! {
    /// What joins before a machine is known to have reached the unit is told as soon as it is.
    row_2_6_what_joined_before_the_offer_arrived_is_told_then, Policy::default(), "
        account 1001
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:30 signal 1001 E130 g1 n6
        09:00:40 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=a
        09:00:41 outside inc1 confirm-offer unit=1 offer=1
    "
}

day! {
    /// Whoever was sent before an address was said or changed is told where it is: machines by themselves, once for each change, units and
    /// authorities alike; whoever goes by telephone is told by whom this calls. Who has ended or was asked to cancel is not.
    row_2_6_whoever_goes_is_told_that_the_address_has_changed, Policy::default(), "
        account 1002
        account 1003
        unit 1
        unit 2
        09:00:00 signal 1001 E110 g1 n5
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 hand-off to=fire
        09:00:11 outside inc1 confirm-delivery number=1 sequence=1
        09:00:20 outside inc1 record-answer number=1 answer=dispatched message=m
        09:05:00 address 1001
        09:05:10 outside inc1 fail-delivery number=1 sequence=2
        09:05:20 op1 inc1 take
        09:06:00 op1 inc1 tell-authority number=1 telling=cancel
        09:07:00 address 1001
        09:10:00 signal 1002 E130 g1 n5
        09:10:05 op2 inc2 take
        09:10:20 op2 inc2 pre-process unit=1
        09:10:21 outside inc2 confirm-offer unit=1 offer=1
        09:10:30 op2 inc2 accept unit=1
        09:11:00 address 1002
        09:12:00 address 1002
        09:13:10 op2 inc2 withdraw unit=1
        09:14:00 address 1002
        09:15:00 signal 1003 E130 g1 n5
        09:15:05 op3 inc3 take
        09:15:20 op3 inc3 pre-process unit=2
        09:15:30 op3 inc3 accept unit=2
        09:16:00 address 1003
        09:16:10 op3 inc3 tell-unit unit=2
        09:20:00 signal 1004 E110 g1 n5
        09:20:05 op4 inc4 take
        09:20:10 op4 inc4 hand-off to=fire
        09:20:15 op4 inc4 confirm-delivery number=1 sequence=1
        09:20:20 op4 inc4 answer-hand-off number=1 accepted=true
        09:21:00 address 1004
        09:21:10 op4 inc4 take
        09:21:20 op4 inc4 tell-authority number=1 telling=site
        09:22:00 address 1004
        show queue
    "
}
