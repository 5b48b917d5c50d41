//! §2.6 of the capabilities: what is said after the closing, or is not said, calls people until somebody has seen to it.

use alarmcore::Policy;

use crate::script::{play, rules};

day! {
    /// What an authority says after the closing is as urgent as what it was said of, and most urgent where it was real: it names what was
    /// said and where its words stand, and calls one after the other, the last again and again, until it is done. Whoever is given it
    /// has the whole time for it; given to a supervisor it calls no operator. What is about an account calls as the policy says.
    row_2_6_what_was_said_after_the_closing_calls_until_it_is_done, Policy::default(), "
        account 1001
        account 1002
        10:00:00 signal 1001 E110 g1 n1
        10:00:00 signal 1002 E130 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:15 outside inc1 record-answer number=1 answer=dispatched message=A1
        10:00:20 op1 inc1 verify-false cause=user-error
        10:00:21 op1 inc2 take
        10:00:22 op1 inc2 confirm-real basis=witness
        10:00:23 op1 inc2 record-wish police=true insurer=false
        10:00:24 op1 inc2 hand-off to=police
        10:00:25 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:26 op1 inc2 overturn cause=user-error second=op2
        10:00:27 op1 inc2 close
        10:00:28 op1 follow create account=1001 rank=operator minutes=1 note=battery
        10:01:00 outside inc1 record-answer number=1 answer=closed outcome=real message=A2 note=\"two people hurt\"
        10:01:01 outside inc2 record-answer number=1 answer=told message=B2 note=\"nothing to see\"
        10:02:30 op1 follow3 reassign operator=2
        10:04:00 op1 follow3 reassign rank=supervisor
        10:09:01 op3 follow3 done note=\"telephoned\"
        10:31:02 op3 follow2 done note=\"telephoned\"
        12:00:00 time
    "
}

day! {
    /// What an authority said after the closing is put off by as long as the policy lets it, as urgent as it is, and no longer; giving it to
    /// somebody else moves no time. What a person leaves for later is theirs to put off.
    row_2_5_follow_up_of_a_late_word_is_put_off_within_bounds, rules(r#"{"follow_up": {"put_off_life_safety_s": 600}}"#), "
        account 1001
        account 1002
        10:00:00 signal 1001 E110 g1 n1
        10:00:00 signal 1002 E130 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:06 op1 inc1 hand-off to=police
        10:00:07 outside inc1 record-answer number=1 answer=dispatched message=A1
        10:00:08 op1 inc1 verify-false cause=user-error
        10:00:09 op1 inc2 confirm-real basis=witness
        10:00:10 op1 inc2 record-wish police=true insurer=false
        10:00:11 op1 inc2 hand-off to=police
        10:00:12 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:13 op1 inc2 overturn cause=user-error second=op2
        10:00:14 op1 inc2 close
        10:01:00 outside inc1 record-answer number=1 answer=closed outcome=real message=A2
        10:01:00 outside inc2 record-answer number=1 answer=told message=B2 note=\"nothing to see\"
        10:01:10 op1 follow1 reassign minutes=525600
        10:01:11 op1 follow1 reassign minutes=11
        10:01:12 op1 follow1 reassign minutes=10
        10:01:13 op1 follow1 reassign rank=supervisor
        10:01:20 op1 follow2 reassign minutes=241
        10:01:21 op1 follow2 reassign minutes=240
        10:01:30 op1 follow create account=1001 rank=operator minutes=1 note=battery
        10:01:31 op1 follow3 reassign minutes=525600
        10:12:00 op1 follow1 done
        14:02:00 op1 follow2 done
    "
}

day! {
    /// What a person leaves for later about an account, or about what was closed and is not awaited any more, is as urgent as the policy
    /// says: it rings so, and calls on where that is urgent enough.
    row_2_5_follow_up_about_an_account_calls_on, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E130 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 verify-false cause=user-error
        10:00:20 op1 follow create account=1001 rank=operator minutes=1 note=battery
        10:00:30 op1 follow create incident=1 rank=supervisor minutes=1 note=\"ask again\"
        10:30:00 op3 follow1 done
        10:30:00 op3 follow2 done
    "
}

day! {
    /// Where the policy calls that less urgent, it rings, and calls nobody.
    row_2_5_follow_up_about_an_account_only_rings, rules(r#"{"follow_up": {"otherwise": 4}}"#), "
        account 1001
        10:00:20 op1 follow create account=1001 rank=operator minutes=1 note=battery
        10:30:00 time
    "
}

day! {
    /// Whoever comes, as far as we know, and has our cancel request by machine answers it within the time of that authority: after that it
    /// calls, or is a follow-up of what is closed, once. Who is there, has answered, or was telephoned is not missed.
    row_2_6_a_cancel_request_that_is_not_answered, rules(r#"{"hand_off": {"answer_s": {"police": 180, "fire": 60}}}"#), "
        account 1001
        account 1002
        account 1003
        account 1004
        10:00:00 signal 1001 E110 g1 n1
        10:00:00 signal 1002 E110 g1 n1
        10:00:00 signal 1003 E110 g1 n1
        10:00:00 signal 1004 E110 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:05 op1 inc3 take
        10:00:06 op1 inc1 hand-off to=fire
        10:00:06 op1 inc1 hand-off to=police
        10:00:06 op1 inc2 hand-off to=fire
        10:00:06 op1 inc3 hand-off to=fire
        10:00:07 outside inc1 record-answer number=1 answer=dispatched message=A1
        10:00:07 outside inc1 record-answer number=2 answer=accepted message=A2
        10:00:07 outside inc2 record-answer number=1 answer=dispatched message=B1
        10:00:07 outside inc3 record-answer number=1 answer=accepted message=C1
        10:00:07 outside inc1 confirm-delivery number=1 sequence=1
        10:00:08 op1 inc2 tell-authority number=1 telling=cancel
        10:00:09 outside inc2 confirm-delivery number=1 sequence=2
        10:00:10 op1 inc1 verify-false cause=user-error
        10:00:11 outside inc1 confirm-delivery number=1 sequence=2
        10:00:12 outside inc1 confirm-delivery number=2 sequence=2
        10:00:13 op1 inc3 tell-authority number=1 telling=cancel
        10:00:14 op1 inc3 confirm-delivery number=1 sequence=2
        10:02:00 op1 follow1 done
        10:02:30 outside inc1 record-answer number=2 answer=cancelled message=A3
        10:02:31 outside inc2 record-answer number=1 answer=cancelled message=B2
        10:30:00 time
    "
}

day! {
    /// After the closing: 1, false, where an ambulance that was asked to cancel says that it went, and police who never had it say no, calls
    /// nobody; neither does what could not be told of 2, which they had closed. 3 was real: police who come after all are not asked to
    /// cancel, and what they say is as urgent as what calls again.
    row_2_6_what_is_said_after_the_closing_calls_only_where_it_must, Policy::default(), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E120 g1 n1
        10:00:00 signal 1002 E120 g1 n1
        10:00:00 signal 1003 E130 g1 n1
        10:00:01 op1 inc1 take
        10:00:01 op1 inc2 take
        10:00:01 op1 inc3 take
        10:00:02 op1 inc1 hand-off to=police
        10:00:02 op1 inc1 hand-off to=ambulance
        10:00:02 op1 inc2 hand-off to=police
        10:00:03 outside inc1 fail-delivery number=1 sequence=1
        10:00:04 op1 inc1 take
        10:00:04 outside inc1 record-answer number=2 answer=accepted message=A1
        10:00:05 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:06 signal 1002 E130 g1 n2
        10:00:07 outside inc2 record-answer number=1 answer=closed outcome=other message=B2
        10:00:08 op1 inc2 take
        10:00:10 op1 inc1 verify-false cause=user-error second=op9
        10:00:10 op1 inc2 verify-false cause=user-error second=op9
        10:00:11 outside inc2 fail-delivery number=1 sequence=2
        10:00:12 outside inc1 record-answer number=2 answer=dispatched message=A2
        10:00:13 outside inc1 record-answer number=1 answer=rejected message=A3
        10:00:20 op1 inc3 confirm-real basis=witness
        10:00:20 op1 inc3 record-wish police=true insurer=false
        10:00:21 op1 inc3 hand-off to=police
        10:00:22 outside inc3 fail-delivery number=1 sequence=1
        10:00:23 op1 inc3 take
        10:00:23 op1 inc3 notify-owner contact=2
        10:00:23 op1 inc3 hand-off to=police
        10:00:24 op1 inc3 answer-hand-off number=2 accepted=true
        10:00:25 op1 inc3 record-case note=burglary
        10:00:26 op1 inc3 take-charge number=2 officer=Zhao case_number=C-5
        10:00:26 op1 inc3 sign-losses signed_by=Wang
        10:00:27 op1 inc3 close
        10:00:30 outside inc3 record-answer number=1 answer=accepted message=C1
    "
}

day! {
    /// What is said of what was real is most urgent, however urgent it was.
    row_2_6_what_is_said_of_what_was_real, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E130 g1 n1
        10:00:01 op1 inc1 take
        10:00:02 op1 inc1 confirm-real basis=witness
        10:00:03 op1 inc1 record-wish police=true insurer=false
        10:00:04 op1 inc1 hand-off to=police
        10:00:05 op1 inc1 notify-owner contact=2
        10:00:06 outside inc1 record-answer number=1 answer=accepted message=A1
        10:00:07 op1 inc1 record-case note=burglary
        10:00:08 op1 inc1 take-charge number=1 officer=Zhao case_number=C-5
        10:00:09 op1 inc1 sign-losses signed_by=Wang
        10:00:10 op1 inc1 close
        10:01:00 outside inc1 record-answer number=1 answer=told message=A2 note=\"two are caught\"
    "
}

day! {
    /// Who refuses to cancel has answered, and so has who is there: nobody misses them.
    row_2_6_a_cancel_request_that_is_refused_is_answered, rules(r#"{"hand_off": {"answer_s": {"police": 180}, "fire_within_s": 0}}"#), "
        account 1001
        account 1002
        10:00:00 signal 1001 E110 g1 n1
        10:00:00 signal 1002 E110 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:06 op1 inc1 hand-off to=police
        10:00:06 op1 inc2 hand-off to=police
        10:00:07 outside inc1 record-answer number=1 answer=dispatched message=A1
        10:00:07 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:08 op1 inc1 tell-authority number=1 telling=cancel
        10:00:08 op1 inc2 tell-authority number=1 telling=cancel
        10:00:09 outside inc1 confirm-delivery number=1 sequence=2
        10:00:09 outside inc2 confirm-delivery number=1 sequence=2
        10:00:10 outside inc1 record-answer number=1 answer=cancel-refused message=A2
        10:00:10 outside inc2 record-answer number=1 answer=on-scene message=B2
        10:10:00 time
    "
}

day! {
    /// Where the rules say never, a rank is not called, and the last is not called again.
    row_2_6_what_is_said_after_the_closing_calls_whom_the_rules_name, rules(r#"{"follow_up": {"supervisor_after_s": 0, "again_s": 0}}"#), "
        account 1001
        10:00:00 signal 1001 E110 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:15 outside inc1 record-answer number=1 answer=dispatched message=A1
        10:00:20 op1 inc1 verify-false cause=user-error
        10:01:00 outside inc1 record-answer number=1 answer=closed outcome=real message=A2
        12:00:00 time
    "
}

/// A promise to call somebody again is put off as long as anybody likes, and where the policy says so what an authority said, too.
#[test]
fn row_2_5_follow_up_that_is_put_off_for_a_year() {
    let refused = |policy: &str| {
        let day = "account 1001
            10:00:00 signal 1001 E130 g1 n1
            10:00:01 op1 inc1 take
            10:00:02 op1 inc1 call contact=1 result=no-answer again_at=1795388400000
            10:00:03 op1 inc1 confirm-real basis=witness
            10:00:04 op1 inc1 record-wish police=true insurer=false
            10:00:05 op1 inc1 hand-off to=police
            10:00:06 outside inc1 record-answer number=1 answer=accepted message=B1
            10:00:07 op1 inc1 overturn cause=user-error second=op2
            10:00:08 op1 inc1 close
            10:01:00 outside inc1 record-answer number=1 answer=told message=B2 note=\"nothing to see\"
            10:01:10 op1 follow1 reassign minutes=525600
            10:01:11 op1 follow2 reassign minutes=525600";
        play(rules(policy), day).lines().filter(|line| line.contains("refused: ")).count()
    };
    assert_eq!((refused("{}"), refused(r#"{"follow_up": {"put_off_s": 0}}"#)), (1, 0));
}
