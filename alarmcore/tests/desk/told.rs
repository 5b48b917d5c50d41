//! What those who go are told after they were asked to: what joined, what it is about now, and where it is.

use alarmcore::Policy;

use crate::script::play;

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
        09:03:03 outside inc1 fail-telling unit=1 offer=1 note=\"HTTP 503\"
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

day! {
    /// Nobody is told of another address who has closed it, has it as the insurer, or was asked and let go: the unit is told in its last job.
    row_2_6_who_has_closed_it_is_told_of_no_address, Policy::default(), "
        account 1001
        unit 1
        unit 2
        09:00:00 signal 1001 E110 g1 n5
        09:00:05 op1 inc1 take
        09:00:10 op1 inc1 hand-off to=fire
        09:00:11 outside inc1 confirm-delivery number=1 sequence=1
        09:00:20 outside inc1 record-answer number=1 answer=closed outcome=nothing-found message=a
        09:01:00 op1 inc1 take
        09:01:01 op1 inc1 confirm-real basis=video
        09:01:05 op1 inc1 record-wish police=false insurer=true
        09:01:10 op1 inc1 hand-off to=insurer
        09:01:11 outside inc1 confirm-delivery number=2 sequence=1
        09:02:00 op1 inc1 offer unit=1
        09:02:01 op1 inc1 decline unit=1
        09:02:02 op1 inc1 offer unit=2
        09:02:03 op1 inc1 withdraw unit=2
        09:02:04 op1 inc1 offer unit=1
        09:02:05 op1 inc1 accept unit=1
        09:02:10 op1 inc1 tell-unit unit=1
        09:05:00 address 1001
    "
}
