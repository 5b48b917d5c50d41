//! §2.5 of the capabilities, "auto-feed": what calls is offered to the next free operator by itself.

use alarmcore::{IncidentEvent, OperatorId, Timestamp};

use crate::script::{play, play_whole, rules};

/// A queue for banks that only its members see, and everything else.
const RULES: &str = r#"{"version": 4, "feed": {"enabled": true, "offer_s": 15, "rest_s": 600}, "queue": [
    {"name": "banks", "for": {"site_types": ["bank"]}, "skills": ["banks"], "exclusive": true, "overflow_s": 40}
]}"#;

macro_rules! day {
    ($(#[$doc:meta])* $name:ident, $play:ident, $policy:expr, $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!($play($policy, $script));
        }
    };
}

day! {
    /// "auto-feed": offered to whoever is free longest; not taken in 15 s, to the next one; with nobody left it is everybody's, as
    /// before. The bank's goes to its member only. Whoever acts is offered something again; whoever pauses is not, and the shift
    /// lead never. What somebody takes by hand is theirs, whoever was offered it.
    row_2_5_assignment_auto_feed, play, rules(RULES), "
        account 1001
        account 1002
        account 1003 site_type=bank
        operator 1
        operator 2 skills=[\"banks\"]
        operator 3 supervisor=true
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:00 op3 here
        10:00:01 signal 1001 E130 g1 n5
        show queue
        10:00:16 time
        10:00:31 time
        show queue
        10:00:40 op2 inc1 note note=\"I am here\"
        10:00:42 op2 inc1 take
        10:00:44 op2 inc1 verify-false cause=animal
        10:00:45 signal 1003 E130 g1 n5
        10:00:46 op1 inc2 take
        10:00:48 op2 inc2 take
        10:00:50 signal 1002 E130 g1 n5
        10:00:52 op1 inc3 take
        10:00:54 op1 inc3 verify-false cause=environment
        10:00:55 op2 inc2 hold minutes=5 reason=keyholder-coming
        10:01:00 signal 1001 E137 g1 n5
        10:01:02 operator 1 paused=true
        10:01:03 op2 left
        show queue
        10:01:10 op2 here
        10:01:20 operator 1 paused=false
        10:01:25 time
        show queue
    "
}

day! {
    /// Life safety comes first: it is offered in place of something less urgent, and to whoever has only that in hand when nobody
    /// is free. The chain of those who are called when nobody acts goes on as without offers.
    row_2_5_assignment_auto_feed_life_safety, play_whole, rules(RULES), "
        account 1001
        account 1002
        account 1003
        account 1004
        operator 1
        operator 2
        10:00:00 op1 here
        10:00:00 op2 here
        10:00:01 signal 1001 E130 g1 n5
        10:00:02 op1 inc1 take
        10:00:05 signal 1002 E301
        10:00:06 signal 1002 E350
        10:00:08 signal 1003 E110 g1 n1
        10:00:09 signal 1004 E120 g1 n1
        show queue
        10:00:12 op2 inc3 take
        10:00:40 time
        show queue
    "
}

/// An event with everything in it.
pub(crate) fn a_fed() -> IncidentEvent {
    IncidentEvent::Fed { to: OperatorId::new(2), until: Timestamp::from_millis(1_795_385_658_500), policy: 3 }
}
