//! §2.6 of the capabilities: hand-offs to police, fire brigade and insurer, from the asking to their one end.

use alarmcore::Policy;

use crate::script::{play, rules};

day! {
    /// An authority that has done with it and sent nobody calls an operator, and so does one that was there where people are in danger; of
    /// a burglary that it looked at it need not, nor where the operator wrote it down.
    an_authority_that_sent_nobody_calls_an_operator, rules(r#"{"without_wish": {"burglary": ["police"]}}"#), "
        account 1001
        account 1002
        account 1003
        account 1004
        10:00:00 signal 1001 E130 n1
        10:00:00 signal 1002 E130 n1
        10:00:00 signal 1003 E110 n1
        10:00:00 signal 1004 E130 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:05 op1 inc3 take
        10:00:05 op1 inc4 take
        10:00:07 op1 inc1 confirm-real basis=contact
        10:00:07 op1 inc2 confirm-real basis=contact
        10:00:07 op1 inc4 confirm-real basis=contact
        10:00:10 op1 inc1 hand-off to=police
        10:00:10 op1 inc2 hand-off to=police
        10:00:10 op1 inc3 hand-off to=fire
        10:00:10 op1 inc4 hand-off to=police
        10:00:15 outside inc1 record-answer number=1 answer=accepted message=M1
        10:00:15 outside inc2 record-answer number=1 answer=on-scene message=M1
        10:00:15 outside inc3 record-answer number=1 answer=on-scene message=M1
        10:01:00 outside inc1 record-answer number=1 answer=closed message=M2 note=\"no such address\"
        10:01:00 outside inc2 record-answer number=1 answer=closed message=M2
        10:01:00 outside inc3 record-answer number=1 answer=closed message=M2
        10:01:00 op1 inc4 record-answer number=1 answer=closed
        show queue
    "
}

day! {
    /// "hand-off record, response accepted/rejected with reason, cancel request, updates, on scene, closed with disposition";
    /// "rejected hand-off returns to an operator as priority 1". Duplicates and late answers are written down and change nothing;
    /// after our own closing the authority still has the last word.
    row_2_6_police, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:11 outside inc1 confirm-delivery number=1 sequence=1
        10:00:11 outside inc1 confirm-delivery number=1 sequence=1
        10:00:20 outside inc1 record-answer number=1 answer=rejected reason=bad-address message=M1 note=\"no such street\"
        10:00:20 outside inc1 record-answer number=1 answer=rejected reason=bad-address message=M1
        10:00:21 outside inc1 record-answer number=1 answer=accepted message=M2
        10:00:25 op1 inc1 take
        10:00:30 op1 inc1 hand-off to=police note=\"12 North Road, corner shop\"
        10:00:31 outside inc1 confirm-delivery number=2 sequence=1
        10:00:40 outside inc1 record-answer number=2 answer=dispatched message=M4 from=police
        10:00:41 outside inc1 record-answer number=2 answer=accepted message=M3 from=police
        10:00:42 outside inc1 record-answer number=2 answer=on-scene message=M5 from=fire
        10:00:50 op1 inc1 tell-authority number=2 telling=ask-eta
        10:00:51 outside inc1 confirm-delivery number=2 sequence=2
        10:00:55 outside inc1 record-answer number=2 answer=eta eta_s=240 message=M6
        10:01:00 signal 1001 E130 g1 n5
        10:01:05 outside inc1 fail-delivery number=2 sequence=3 note=\"connection refused\"
        10:01:06 op1 inc1 tell-authority number=2 telling=key-holder
        10:01:07 op1 inc1 tell-authority number=2 telling=key-holder contact=2
        10:01:30 op1 inc1 tell-authority number=2 telling=cancel note=\"the owner pressed it by mistake\" second=op9
        10:01:35 outside inc1 record-answer number=2 answer=cancel-refused message=M7 note=\"we look all the same\"
        10:02:00 op1 inc1 record-answer number=2 answer=on-scene
        10:02:10 op1 inc1 record-answer number=2 answer=dispatched
        10:03:00 op1 inc1 confirm-real basis=witness
        10:03:01 op1 inc1 notify-owner contact=2
        10:03:02 op1 inc1 record-case note=\"robbery\"
        10:03:03 op1 inc1 close
        10:30:00 outside inc1 record-answer number=2 answer=closed outcome=report-taken reference=C-7 message=M8
        10:30:01 outside inc1 record-answer number=2 answer=closed outcome=report-taken reference=C-7 message=M8
        10:30:02 outside inc1 record-answer number=2 answer=rejected message=M9
        10:30:03 op1 inc1 tell-authority number=2 telling=cancel second=op9
        10:30:04 op1 follow1 done
        180:00:00 time
    "
}

day! {
    /// What an authority says by machine and cannot be read calls as what is rejected does, for it may say so: once, it moves nothing, and
    /// nobody waits less for an answer to 1 because of it. Of what they have done with (2) it calls as any word of theirs does; of what
    /// was closed (3) it is a follow-up. A person cannot say so.
    row_2_6_what_cannot_be_read_of_an_authority_calls,
    rules(r#"{"hand_off": {"answer_s": {"police": 120}}, "without_wish": {"burglary": ["police"]}}"#), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E130 g1 n1
        10:00:00 signal 1002 E130 g1 n1
        10:00:00 signal 1003 E130 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:05 op1 inc3 take
        10:00:06 op1 inc1 confirm-real basis=witness
        10:00:06 op1 inc2 confirm-real basis=witness
        10:00:06 op1 inc3 confirm-real basis=witness
        10:00:10 op1 inc1 hand-off to=police
        10:00:10 op1 inc2 hand-off to=police
        10:00:10 op1 inc3 hand-off to=police
        10:00:12 outside inc2 record-answer number=1 answer=rejected message=B1
        10:00:13 op1 inc2 take
        10:00:14 outside inc3 record-answer number=1 answer=accepted message=C1
        10:00:16 op1 inc3 overturn cause=user-error second=op2
        10:00:17 op1 inc3 close
        10:00:20 outside inc1 record-answer number=1 answer=told message=A1 unread=true note=\"unknown reason: {...}\"
        10:00:21 outside inc1 record-answer number=1 answer=told message=A1 unread=true note=\"unknown reason: {...}\"
        10:00:22 outside inc2 record-answer number=1 answer=told message=B2 unread=true note=\"no JSON: {...\"
        10:00:23 outside inc3 record-answer number=1 answer=told message=C2 unread=true note=\"no JSON: {...\"
        10:00:24 op1 inc2 record-answer number=1 answer=told unread=true note=\"by telephone\"
        10:00:25 op1 inc1 take
        10:03:00 op1 follow1 done
        show queue
    "
}

day! {
    /// Whoever said when they arrive, and is not there a margin after that, is asked: the incident calls its operator, and again as long after
    /// somebody has acted on that call. Their last word counts. Nobody asks who is there (2), was asked to cancel (3), or has closed it (4),
    /// nor once it was found false (5).
    row_2_6_an_authority_that_does_not_arrive_as_it_said_calls,
    rules(r#"{"hand_off": {"answer_s": {"police": 0, "fire": 0}}, "arrival": {"margin_s": 120}}"#), "
        account 1001
        account 1002
        account 1003
        account 1004
        account 1005
        10:00:00 signal 1001 E110 g1 n1
        10:00:00 signal 1002 E110 g1 n1
        10:00:00 signal 1003 E110 g1 n1
        10:00:00 signal 1004 E110 g1 n1
        10:00:00 signal 1005 E110 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:05 op1 inc3 take
        10:00:05 op1 inc4 take
        10:00:05 op2 inc5 take
        10:00:10 op1 inc1 hand-off to=fire
        10:00:10 op1 inc2 hand-off to=fire
        10:00:10 op1 inc3 hand-off to=fire
        10:00:10 op1 inc4 hand-off to=fire
        10:00:10 op2 inc5 hand-off to=fire
        10:00:15 outside inc1 record-answer number=1 answer=eta eta_s=60 message=A1
        10:00:15 outside inc2 record-answer number=1 answer=eta eta_s=60 message=B1
        10:00:15 outside inc3 record-answer number=1 answer=eta eta_s=60 message=C1
        10:00:15 outside inc4 record-answer number=1 answer=eta eta_s=60 message=D1
        10:00:15 outside inc5 record-answer number=1 answer=on-scene message=E1
        10:00:20 outside inc1 record-answer number=1 answer=eta eta_s=120 message=A2
        10:00:30 outside inc2 record-answer number=1 answer=on-scene message=B2
        10:00:30 op1 inc3 tell-authority number=1 telling=cancel second=op9
        10:00:30 outside inc4 record-answer number=1 answer=closed message=D2
        10:00:40 op2 inc5 verify-false cause=user-error
        10:04:30 op1 inc1 take
        10:07:00 op1 inc1 record-answer number=1 answer=eta eta_s=60
        10:10:10 op1 inc1 take
        10:11:00 outside inc1 record-answer number=1 answer=on-scene message=A3
        11:00:00 time
    "
}

day! {
    /// Nobody comes for nothing: closing as false asks every machine that has it to cancel, in the same act; whom people called, people
    /// call again first, and who is on the scene sees for himself. That they come all the same, or were not reached, is a follow-up.
    row_2_6_false_asks_them_to_cancel, Policy::default(), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E120 g1 n1
        10:00:00 signal 1002 E120 g1 n1
        10:00:00 signal 1003 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:05 op1 inc3 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:10 op1 inc2 hand-off to=police
        10:00:10 op1 inc3 hand-off to=police
        10:00:10 op1 inc3 hand-off to=ambulance
        10:00:11 op1 inc1 verify-false cause=user-error second=op9
        10:00:12 outside inc1 record-answer number=1 answer=dispatched message=M1
        10:00:13 op1 inc2 answer-hand-off number=1 accepted=true reference=110-7
        10:00:14 outside inc3 record-answer number=1 answer=on-scene message=M2
        10:00:15 outside inc3 record-answer number=2 answer=accepted message=M3
        10:01:00 op1 inc1 verify-false cause=user-error second=op9
        10:01:01 op1 inc2 verify-false cause=user-error second=op9
        10:01:02 op1 inc2 tell-authority number=1 telling=cancel second=op9
        10:01:03 op1 inc2 confirm-delivery number=1 sequence=2
        10:01:04 op1 inc2 verify-false cause=user-error second=op9
        10:01:05 op1 inc3 confirm-real basis=witness
        10:01:06 op1 inc3 overturn cause=user-error second=op2
        10:01:07 op1 inc3 close
        10:01:10 outside inc1 fail-delivery number=1 sequence=2 note=\"connection refused\"
        10:01:20 outside inc3 record-answer number=2 answer=cancel-refused message=M4
        10:01:21 outside inc3 record-answer number=2 answer=cancel-refused message=M4
        10:01:30 time
    "
}

day! {
    /// After the closing people are called where it looks wrong or nobody comes to what is not false, and only there: by what a machine
    /// says late, too, and not by what they wrote down themselves. 1 is false, 2 real, 3 undetermined, and secured by its owner; 4 to 6
    /// are real, and the police of 6 were asked to cancel after that was known.
    row_2_6_what_calls_people_after_the_closing, Policy::default(), "
        account 1001
        account 1002
        account 1003
        account 1004
        account 1005
        account 1006
        unit 7
        10:00:00 signal 1001 E120 g1 n1
        10:00:00 signal 1002 E120 g1 n1
        10:00:00 signal 1003 E120 g1 n1
        10:00:00 signal 1004 E110 g1 n1
        10:00:00 signal 1005 E120 g1 n1
        10:00:00 signal 1006 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op1 inc2 take
        10:00:05 op1 inc3 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:10 op1 inc2 hand-off to=police
        10:00:10 op1 inc3 hand-off to=police
        10:00:15 outside inc1 record-answer number=1 answer=on-scene message=A1
        10:00:15 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:15 outside inc3 record-answer number=1 answer=accepted message=C1
        10:00:20 op1 inc1 verify-false cause=user-error second=op9
        10:00:21 op1 inc2 confirm-real basis=witness
        10:00:22 op1 inc2 notify-owner contact=2
        10:00:23 op1 inc2 tell-authority number=1 telling=note note=\"back door\"
        10:00:24 op1 inc2 record-case note=robbery
        10:00:25 op1 inc2 close
        10:00:30 op1 inc3 pre-process unit=7
        10:00:31 op1 inc3 accept unit=7
        10:00:32 op1 inc3 depart unit=7
        10:00:33 op1 inc3 arrive unit=7
        10:00:34 op1 inc3 report-scene unit=7 doors=intact windows=intact entry_signs=false persons=0
        10:00:35 op1 inc3 leave unit=7
        10:00:36 op1 inc3 record-dispatch unit=7 people=Li findings=none signed_by=Li
        10:00:37 op1 inc3 end-undetermined end=secured-by-owner contact=2
        10:00:38 op1 inc3 close
        10:00:40 op2 inc4 take
        10:00:40 op2 inc5 take
        10:00:40 op2 inc6 take
        10:00:41 op2 inc4 hand-off to=fire
        10:00:41 op2 inc5 hand-off to=police
        10:00:41 op2 inc6 hand-off to=police
        10:00:42 outside inc4 record-answer number=1 answer=accepted message=D1
        10:00:42 outside inc5 record-answer number=1 answer=accepted message=E1
        10:00:42 outside inc6 record-answer number=1 answer=accepted message=F1
        10:00:43 op2 inc4 confirm-real basis=witness
        10:00:43 op2 inc5 confirm-real basis=witness
        10:00:43 op2 inc6 confirm-real basis=witness
        10:00:44 op2 inc4 notify-owner contact=2
        10:00:44 op2 inc5 notify-owner contact=2
        10:00:44 op2 inc6 notify-owner contact=2
        10:00:45 op2 inc4 record-case note=fire
        10:00:45 op2 inc5 record-case note=robbery
        10:00:45 op2 inc6 record-case note=robbery
        10:00:46 op2 inc4 close
        10:00:46 op2 inc5 close
        10:00:46 op2 inc6 tell-authority number=1 telling=cancel note=\"the owner holds him\" second=op9
        10:00:47 op2 inc6 close
        10:00:48 op2 inc6 record-wish police=false insurer=false
        10:00:49 op2 inc6 close
        10:01:00 op1 inc1 record-answer number=1 answer=told note=\"by telephone\"
        10:01:01 outside inc1 record-answer number=1 answer=closed outcome=nothing-found message=A2
        10:01:02 outside inc1 record-answer number=1 answer=rejected message=A3
        10:01:03 outside inc1 record-answer number=1 answer=told message=A4 note=\"a man in the yard\"
        10:01:10 outside inc2 fail-delivery number=1 sequence=2 note=\"connection refused\"
        10:01:11 outside inc2 record-answer number=1 answer=told message=B2 note=\"on our way\"
        10:01:12 outside inc2 record-answer number=1 answer=closed outcome=real message=B3
        10:01:20 outside inc3 record-answer number=1 answer=rejected message=C2
        10:01:30 outside inc4 record-answer number=1 answer=rejected reason=bad-address message=D2
        10:01:40 outside inc5 record-answer number=1 answer=cancelled message=E2
        10:01:41 outside inc5 record-answer number=1 answer=cancelled message=E3
        10:01:50 outside inc6 record-answer number=1 answer=cancelled message=F2
        10:02:00 time
    "
}

day! {
    /// The same where the closing is an act of its own: asked once, also where they said that they come all the same.
    row_2_6_false_by_telephone_is_told_before_the_closing, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:20 op1 inc1 record-answer number=1 answer=dispatched
        10:00:30 op1 inc1 confirm-real basis=contact
        10:00:40 op1 inc1 overturn cause=user-error second=op2
        10:00:45 op1 inc1 close
        10:00:50 op1 inc1 tell-authority number=1 telling=cancel
        10:00:55 op1 inc1 record-answer number=1 answer=cancel-refused note=\"we look all the same\"
        10:01:00 op1 inc1 close
    "
}

day! {
    /// "fire hand-off in the same minute; never delayed by burglary rules": a fire that joins a burglary waits no longer than one
    /// alone, and what is not handed off, not answered or not delivered calls again at once.
    row_2_6_fire, rules(r#"{"hand_off": {"answer_s": {"fire": 30}}}"#), "
        account 1001
        account 1002
        20:00:00 signal 1001 E130 g1 n5
        20:00:05 op1 inc1 take
        20:00:30 signal 1001 E110 g1 n1
        20:00:40 op1 inc1 take
        20:01:40 time
        20:01:45 op1 inc1 hand-off to=fire
        20:02:20 time
        20:02:30 outside inc1 fail-delivery number=1 sequence=1 note=\"HTTP 503\"
        20:02:35 op1 inc1 hand-off to=fire
        20:02:36 outside inc1 confirm-delivery number=2 sequence=1
        20:02:38 outside inc1 record-answer number=2 answer=accepted reference=119-4 message=F1
        20:02:40 op1 inc1 hand-off to=ambulance
        20:02:45 op1 inc1 record-answer number=3 answer=accepted
        20:05:00 signal 1002 E110 g1 n1
        20:05:20 op2 inc2 take
        20:05:30 op2 inc2 verify-false cause=user-error
        20:07:00 time
    "
}

day! {
    /// "notice + dossier": the insurer is told when the owner wishes it, by people, and has as long as the policy gives.
    row_2_6_insurer, Policy::default(), "
        account 1001
        08:00:00 signal 1001 E130 g1 n5
        08:00:05 op1 inc1 take
        08:01:00 op1 inc1 confirm-real basis=contact
        08:01:10 op1 inc1 hand-off to=insurer
        08:01:20 op1 inc1 record-wish police=false insurer=true loss_minor=900000
        08:02:00 op1 inc1 list-loss item=rings quantity=3 value_minor=900000
        08:02:30 op1 inc1 sign-losses signed_by=Chen
        08:03:00 op1 inc1 hand-off to=insurer
        08:04:00 op1 inc1 confirm-delivery number=1 sequence=1 note=\"by fax\"
        08:05:00 op1 inc1 record-answer number=1 answer=closed outcome=report-taken reference=PICC-9
        08:06:00 op1 inc1 tell-authority number=1 telling=note note=\"one more ring\"
    "
}

/// Each authority is missed at its own time, and none where the rules say never.
#[test]
fn row_2_6_each_authority_is_missed_at_its_own_time() {
    let missed = |policy: &str| {
        let day = "account 1001
            10:00:00 signal 1001 E110 g1 n1
            10:00:05 op1 inc1 take
            10:00:10 op1 inc1 hand-off to=fire
            10:00:11 op1 inc1 hand-off to=police
            10:00:15 outside inc1 record-answer number=1 answer=eta eta_s=60 message=A1
            10:00:15 outside inc1 record-answer number=2 answer=eta eta_s=600 message=A2
            10:30:00 time";
        let said = play(rules(policy), day);
        let late = said.lines().filter(|line| line.contains("authority-late"));
        late.map(|line| line[..8].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(missed("{}"), ["10:06:15", "10:15:15"]);
    assert!(missed(r#"{"arrival": {"within_s": 0}}"#).is_empty());
}

/// What cannot be read is a message, whatever it was taken for.
#[test]
fn row_2_6_what_cannot_be_read_is_a_message() {
    let said = play(
        Policy::default(),
        "account 1001
        10:00:00 signal 1001 E110 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=fire
        10:00:15 outside inc1 record-answer number=1 answer=rejected unread=true message=A1 note=R?",
    );
    assert!(said.contains(r#"authority-answered {"answer":"told","eta_s":null,"message":"A1""#), "{said}");
}
