//! What is more urgent than what an incident began with: nobody ends it unseen.

use alarmcore::Policy;

use crate::script::play;

macro_rules! day {
    ($(#[$doc:meta])* $name:ident $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), play(Policy::default(), $script));
        }
    };
}

day! {
    /// Grouping, and life safety that is never joined away: a fire joins a burglary, and an act that was meant for
    /// the burglary comes a moment later. It is refused, says what came and when, and so is every other act that ends it or
    /// finds it harmless. Neither a call that was under way nor a hold stops the call: only taking it again does. What the
    /// owner was told on the telephone they have heard.
    row_2_5_grouping_danger_is_looked_at_first "
        account 1001
        account 1002
        account 1003
        unit 7
        10:00:00 signal 1001 E130 n5
        10:00:05 op1 inc1 take
        10:00:20 op1 inc1 call contact=1 result=code-ok
        10:00:40 signal 1001 E110 n2
        10:00:40 op1 inc1 verify-false cause=user-error
        10:00:41 op1 inc1 call contact=1 result=no-answer
        10:00:42 op1 inc1 verify-false cause=user-error
        10:00:43 op1 inc1 close
        10:00:44 op1 inc1 hold minutes=2 reason=call-back
        show incident 1
        10:00:50 op1 inc1 take
        10:00:55 op1 inc1 call contact=1 result=code-ok note=\"toast in the kitchen\"
        10:00:58 op1 inc1 verify-false cause=user-error
        11:00:00 signal 1002 E130 n5
        11:00:05 op1 inc2 take
        11:00:06 op1 inc2 pre-process unit=7
        11:00:07 op1 inc2 accept unit=7
        11:01:00 op1 inc2 arrive unit=7
        11:02:00 op1 inc2 report-scene unit=7 doors=intact windows=intact
        11:02:10 signal 1002 E131 n6
        11:02:11 op1 inc2 scene-false cause=animal
        11:02:12 op1 inc2 end-undetermined end=no-finding
        11:02:20 op1 inc2 release
        11:02:30 op2 inc2 take
        11:02:31 op2 inc2 confirm-real basis=scene
        11:02:40 signal 1002 E120 n7
        11:02:41 op2 inc2 overturn cause=user-error second=op1
        11:02:50 op1 inc2 take-over
        11:02:51 op1 inc2 overturn cause=user-error second=op2
        12:00:00 signal 1003 E130 n5
        12:00:05 op1 inc3 take
        12:00:06 op1 inc3 pre-process unit=7
        12:00:07 op1 inc3 call contact=1 result=duress-code
        12:00:08 op1 inc3 scene-false cause=animal
        show queue
    "
}
