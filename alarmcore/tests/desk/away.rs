//! The centre was away while somebody was to answer: nobody is late who could not be heard.

use crate::script::{play, rules};

/// Two outages. In the first one a unit is asked, the police have an incident, and people are asked about their closing: all of it would
/// be due while nobody could hear an answer, the offer of the second outage soon after. From the start on they have the whole time, a
/// signal that a receiver stored meanwhile changes nothing of it, and only then are they late. Once is enough: what is asked after the
/// start, and who has answered, has no longer.
#[test]
fn what_waits_for_an_answer_begins_anew_after_an_outage() {
    let policy =
        r#"{"offer_accept_s": 60, "hand_off": {"answer_s": {"police": 120}}, "late_close": {"answer_within_s": 600}}"#;
    let day = r#"
        account 1001 district=East
        account 1002
        account 1003 late_closers=[1] schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00"
        unit 1 travel_s={"East":300}
        unit 2 travel_s={"East":120}
        08:05:00 signal 1003 E401 g1 n3
        17:58:00 signal 1001 E130 g1 n5
        17:58:05 op1 inc1 take
        17:58:10 op1 inc1 call contact=1 result=no-answer
        17:58:10 signal 1002 E120 g1 n1
        17:58:15 op2 inc2 take
        18:00:00 watch
        18:00:10 op2 inc2 hand-off to=police
        18:00:12 op1 inc1 pre-process
        18:30:00 started
        18:29:00 signal 1001 E130 g1 n6
        18:30:00 time
        18:30:59 time
        18:31:00 time
        18:31:10 op1 inc1 accept unit=1
        18:32:00 time
        18:33:00 op2 inc2 hand-off to=fire
        18:39:59 time
        18:40:00 time
        18:50:00 op1 inc1 withdraw unit=1
        18:50:00 op1 inc1 offer unit=2
        18:50:30 started
        18:50:31 time
        18:51:10 op1 inc1 accept unit=2
        18:51:30 time
        show queue
    "#;
    insta::assert_snapshot!(play(rules(policy), day));
}
