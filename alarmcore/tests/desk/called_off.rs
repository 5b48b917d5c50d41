//! §2.6 of the capabilities: whom we asked to cancel is not coming, and danger that comes after that is handed off anew.

use alarmcore::{Authority, HandOffState, Incident, Policy};

use crate::script::{play, rules};

day! {
    /// A fire whose brigade was asked to turn round waits for one from that moment on, and one that joins is handed off anew, which its
    /// owner reads at once; found real, it is closed only then. Who comes all the same is with it again.
    row_2_6_a_fire_after_a_cancel_request_is_handed_off_anew, rules(r#"{"hand_off": {"fire_within_s": 6}}"#), "
        account 1001
        account 1002
        10:00:00 signal 1001 E110 g1 n1
        10:00:01 op1 inc1 take
        10:00:02 op1 inc1 hand-off to=fire
        10:00:03 op1 inc1 answer-hand-off number=1 accepted=true
        10:00:20 op1 inc1 tell-authority number=1 telling=cancel
        10:00:21 op1 inc1 confirm-delivery number=1 sequence=2
        10:00:22 signal 1001 E110 g1 n1
        10:00:23 op1 inc1 take
        10:00:24 signal 1001 E110 g1 n2
        10:00:24 op1 inc1 verify-false cause=user-error
        10:00:25 op1 inc1 take
        10:00:40 time
        10:00:41 op1 inc1 confirm-real basis=video
        10:00:42 op1 inc1 notify-owner contact=2
        10:00:43 op1 inc1 record-wish police=false insurer=false
        10:00:44 op1 inc1 record-case note=fire
        10:00:45 op1 inc1 take
        10:00:46 op1 inc1 close
        10:00:47 op1 inc1 tell-authority number=1 telling=further-alarm
        10:00:48 op1 inc1 hand-off to=fire
        10:00:49 op1 inc1 hand-off to=fire
        10:00:50 op1 inc1 answer-hand-off number=2 accepted=true
        10:00:51 op1 inc1 close
        10:01:00 signal 1002 E110 g1 n1
        10:01:01 op1 inc2 take
        10:01:02 op1 inc2 hand-off to=fire
        10:01:03 op1 inc2 answer-hand-off number=1 accepted=true
        10:01:04 op1 inc2 tell-authority number=1 telling=cancel
        10:01:05 op1 inc2 record-answer number=1 answer=cancel-refused
        10:01:06 op1 inc2 hand-off to=fire
        10:01:20 time
    "
}

day! {
    /// Further zones are not told to a machine that was asked to cancel: they call. What it says after that is heard, and that it
    /// agrees calls where somebody is to come after all, or where nobody asked it to. 1 is an ambulance that comes after all, 2 police
    /// who agree, found real later; 3 police who cancel by themselves.
    row_2_6_a_cancel_request_ends_what_machines_are_told, Policy::default(), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E100 g1 n1
        10:00:00 signal 1002 E120 g1 n1
        10:00:00 signal 1003 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op2 inc2 take
        10:00:05 op3 inc3 take
        10:00:06 op1 inc1 hand-off to=ambulance
        10:00:06 op2 inc2 hand-off to=police
        10:00:06 op3 inc3 hand-off to=police
        10:00:07 outside inc1 record-answer number=1 answer=accepted message=A1
        10:00:07 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:07 outside inc3 record-answer number=1 answer=accepted message=C1
        10:00:08 signal 1001 E130 g1 n5
        10:00:10 op1 inc1 tell-authority number=1 telling=cancel
        10:00:11 signal 1001 E130 g1 n6
        10:00:12 signal 1001 E130 g1 n6
        10:00:13 signal 1001 R130 g1 n6
        10:00:14 outside inc1 record-answer number=1 answer=dispatched message=A2
        10:00:15 outside inc1 record-answer number=1 answer=cancelled message=A3
        10:00:16 op1 inc1 take
        10:00:17 op1 inc1 hand-off to=ambulance
        10:00:18 outside inc1 record-answer number=2 answer=accepted message=A4
        10:00:19 signal 1001 E130 g1 n7
        10:00:20 outside inc1 record-answer number=1 answer=told message=A5 note=\"coming again\"
        10:01:00 op2 inc2 tell-authority number=1 telling=cancel second=op9
        10:01:01 outside inc2 record-answer number=1 answer=cancelled message=B2
        10:01:02 op2 inc2 confirm-real basis=witness
        10:01:03 op2 inc2 notify-owner contact=2
        10:01:04 op2 inc2 record-wish police=false insurer=false
        10:01:05 op2 inc2 record-case note=robbery
        10:01:06 op2 inc2 close
        10:01:07 op2 inc2 hand-off to=police
        10:01:08 outside inc2 record-answer number=2 answer=rejected message=B3
        10:01:09 op2 inc2 close
        10:02:00 outside inc3 record-answer number=1 answer=cancelled message=C2
        10:02:01 outside inc3 record-answer number=1 answer=cancelled message=C2
        10:02:02 op3 inc3 take
        10:02:03 op3 inc3 hand-off to=police
        10:02:04 op3 inc3 record-answer number=2 answer=cancelled
    "
}

day! {
    /// Danger by telephone, or a call that they closed because we called it off: somebody is to come after all, a burglary too. Whoever
    /// is asked once more not to come need not be asked anew, for by then it was known to be real.
    row_2_6_a_duress_word_after_a_cancel_request, rules(r#"{"without_wish": {"burglary": ["police"]}}"#), "
        account 1001
        account 1002
        10:00:00 signal 1001 E130 g1 n1
        10:00:00 signal 1002 E130 g1 n1
        10:00:05 op1 inc1 take
        10:00:05 op2 inc2 take
        10:00:06 op1 inc1 confirm-real basis=contact
        10:00:06 op2 inc2 confirm-real basis=contact
        10:00:07 op1 inc1 hand-off to=police
        10:00:07 op2 inc2 hand-off to=police
        10:00:08 outside inc1 record-answer number=1 answer=accepted message=A1
        10:00:08 op2 inc2 answer-hand-off number=1 accepted=true
        10:00:10 op1 inc1 tell-authority number=1 telling=cancel
        10:00:10 op2 inc2 tell-authority number=1 telling=cancel
        10:00:20 op1 inc1 call contact=1 number=1 result=duress-code
        10:00:21 outside inc1 record-answer number=1 answer=closed outcome=other message=A2
        10:00:22 op1 inc1 take
        10:00:23 op1 inc1 notify-owner contact=2
        10:00:24 op1 inc1 record-case note=robbery
        10:00:25 op1 inc1 close
        10:00:26 op1 inc1 record-wish police=false insurer=false
        10:00:27 op1 inc1 close
        10:00:28 op1 inc1 hand-off to=police
        10:01:00 signal 1002 E130 g1 n2
        10:01:01 op2 inc2 take
        10:01:02 op2 inc2 tell-authority number=1 telling=cancel
        10:01:03 op2 inc2 hand-off to=ambulance
        10:01:04 op2 inc2 hand-off to=police
        10:01:05 op2 inc2 answer-hand-off number=3 accepted=true
        show queue
    "
}

day! {
    /// What could not be delivered, as far as we know, they may have all the same: whoever answers has it, is asked to cancel what is
    /// false, and calls people while it is open; after the closing that is a follow-up. 1 and 2 are false after they answered and
    /// before it; 3 is real, 4 was given up by its operator, and 5 was asked to cancel before anybody answered.
    row_2_6_what_failed_on_our_side_and_they_have, rules(r#"{"hand_off": {"fire_within_s": 20}}"#), "
        account 1001
        account 1002
        account 1003
        account 1004
        account 1005
        10:00:00 signal 1001 E110 g1 n1
        10:00:00 signal 1002 E110 g1 n1
        10:00:00 signal 1003 E110 g1 n1
        10:00:00 signal 1004 E120 g1 n1
        10:00:00 signal 1005 E120 g1 n1
        10:00:01 op1 inc1 take
        10:00:01 op2 inc2 take
        10:00:01 op3 inc3 take
        10:00:01 op4 inc4 take
        10:00:01 op5 inc5 take
        10:00:02 op1 inc1 hand-off to=fire
        10:00:02 op2 inc2 hand-off to=fire
        10:00:02 op3 inc3 hand-off to=fire
        10:00:02 op4 inc4 hand-off to=police
        10:00:02 op5 inc5 hand-off to=police
        10:00:03 outside inc1 fail-delivery number=1 sequence=1 note=timeout
        10:00:03 outside inc2 fail-delivery number=1 sequence=1 note=timeout
        10:00:03 outside inc3 fail-delivery number=1 sequence=1 note=timeout
        10:00:03 outside inc4 confirm-delivery number=1 sequence=1
        10:00:03 outside inc5 confirm-delivery number=1 sequence=1
        10:00:04 op1 inc1 take
        10:00:04 op2 inc2 take
        10:00:04 op3 inc3 take
        10:00:05 outside inc1 record-answer number=1 answer=dispatched message=A1
        10:00:06 op1 inc1 take
        10:00:07 op1 inc1 hand-off to=fire
        10:00:08 op1 inc1 verify-false cause=user-error
        10:00:10 op2 inc2 verify-false cause=user-error
        10:00:11 outside inc2 record-answer number=1 answer=accepted message=B1
        10:00:12 outside inc2 fail-delivery number=1 sequence=2 note=timeout
        10:00:13 outside inc3 record-answer number=1 answer=rejected message=C1
        10:00:14 outside inc3 record-answer number=1 answer=told message=C3 note=\"no cars here\"
        10:00:15 op3 inc3 take
        10:00:30 time
        10:00:31 op3 inc3 take
        10:00:32 outside inc3 record-answer number=1 answer=eta eta_s=240 message=C2
        10:01:00 time
        10:01:01 op4 inc4 answer-hand-off number=1 accepted=false
        10:01:02 outside inc4 record-answer number=1 answer=dispatched message=D1
        10:01:03 op4 inc4 take
        10:01:04 op4 inc4 verify-false cause=user-error second=op9
        10:01:05 outside inc4 record-answer number=1 answer=on-scene message=D2
        10:02:00 op5 inc5 verify-false cause=user-error second=op9
        10:02:01 op5 inc5 tell-authority number=1 telling=cancel second=op9
        10:02:02 op5 inc5 verify-false cause=user-error second=op9
    "
}

day! {
    /// Whoever is threatened says that all is well: under duress nobody alone calls anybody off. Two people find it false, and then they
    /// are asked not to come.
    row_2_6_nobody_alone_calls_off_whom_a_duress_word_called, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E130 g1 n1
        10:00:01 op1 inc1 take
        10:00:05 op1 inc1 call contact=1 result=duress-code
        10:00:06 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:20 op1 inc1 answer-hand-off number=1 accepted=true
        10:00:30 op1 inc1 tell-authority number=1 telling=cancel
        10:00:40 op1 inc1 confirm-real basis=contact
        10:00:50 op1 inc1 tell-authority number=1 telling=cancel
        10:01:00 op1 inc1 overturn cause=user-error second=op2
        10:01:10 op1 inc1 tell-authority number=1 telling=cancel
    "
}

day! {
    /// Who closes what we called off has done with it, whether somebody was on the scene or not: danger after that calls for somebody.
    /// That a zone restored twice is no danger.
    row_2_6_what_was_called_off_is_closed_by_them, Policy::default(), "
        account 1001
        account 1002
        10:00:00 signal 1001 E120 g1 n1
        10:00:00 signal 1002 E120 g1 n1
        10:00:01 op1 inc1 take
        10:00:01 op1 inc2 take
        10:00:02 op1 inc1 hand-off to=police
        10:00:02 op1 inc2 hand-off to=police
        10:00:03 outside inc1 record-answer number=1 answer=accepted message=A1
        10:00:03 outside inc2 record-answer number=1 answer=on-scene message=B1
        10:00:04 op1 inc1 tell-authority number=1 telling=level
        10:00:05 op1 inc1 tell-authority number=1 telling=cancel second=op9
        10:00:05 op1 inc2 tell-authority number=1 telling=cancel second=op9
        10:00:06 signal 1001 R120 g1 n1
        10:00:12 signal 1001 R120 g1 n1
        10:00:13 outside inc1 record-answer number=1 answer=closed outcome=other message=A2
        10:00:13 outside inc2 record-answer number=1 answer=closed outcome=other message=B2
        10:00:20 signal 1001 E120 g1 n3
        10:00:20 signal 1002 E120 g1 n3
    "
}

day! {
    /// Nothing is waited for where they have it, it is false and they were asked to cancel; until all three are so, their answer is.
    row_2_6_whose_answer_is_waited_for_at_the_closing, Policy::default(), "
        account 1001
        account 1002
        10:00:00 signal 1001 E120 g1 n1
        10:00:00 signal 1002 E120 g1 n1
        10:00:01 op1 inc1 take
        10:00:01 op1 inc2 take
        10:00:02 op1 inc1 confirm-real basis=witness
        10:00:02 op1 inc2 confirm-real basis=witness
        10:00:03 op1 inc1 record-wish police=false insurer=false
        10:00:04 op1 inc1 hand-off to=police
        10:00:04 op1 inc2 hand-off to=police
        10:00:05 op1 inc1 notify-owner contact=2
        10:00:06 outside inc1 confirm-delivery number=1 sequence=1
        10:00:07 op1 inc1 record-case note=robbery
        10:00:08 op1 inc1 tell-authority number=1 telling=cancel second=op9
        10:00:09 op1 inc1 close
        10:00:11 op1 inc2 overturn cause=user-error second=op2
        10:00:12 op1 inc2 close
        10:00:13 op1 inc2 confirm-delivery number=1 sequence=1
        10:00:14 op1 inc2 close
        10:00:15 op1 inc2 tell-authority number=1 telling=cancel
        10:00:16 op1 inc2 close
    "
}

day! {
    /// That they agree to cancel calls where somebody is to come after all: whom a clause asks for (the insurer of 1), the brigade that a
    /// fire needs (2), whom the owner wishes (the insurer of 3); not where nobody does, though another is asked for.
    row_2_6_who_agrees_to_cancel_is_missed_where_they_are_due, rules(r#"{"rules": [{"clause": "house.a", "mark": "S", "rule": {"kind": "due", "act": "hand-off", "to": "insurer", "within_s": 60, "when": {"any": ["real-by-witness"]}}}, {"clause": "house.b", "mark": "S", "rule": {"kind": "due", "act": "hand-off", "to": "ambulance", "within_s": 60, "when": {"any": ["real-by-video"]}}}]}"#), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E130 g1 n1
        10:00:00 signal 1002 E110 g1 n1
        10:00:00 signal 1003 E130 g1 n1
        10:00:01 op1 inc1 take
        10:00:01 op1 inc2 take
        10:00:01 op1 inc3 take
        10:00:02 op1 inc1 confirm-real basis=witness
        10:00:02 op1 inc3 confirm-real basis=video
        10:00:03 op1 inc1 record-wish police=true insurer=false
        10:00:03 op1 inc3 record-wish police=true insurer=true
        10:00:04 op1 inc1 hand-off to=insurer
        10:00:04 op1 inc1 hand-off to=police
        10:00:04 op1 inc2 hand-off to=police
        10:00:04 op1 inc2 hand-off to=fire
        10:00:04 op1 inc3 hand-off to=insurer
        10:00:04 op1 inc3 hand-off to=police
        10:00:05 op1 inc1 answer-hand-off number=1 accepted=true
        10:00:05 op1 inc1 answer-hand-off number=2 accepted=true
        10:00:05 op1 inc2 answer-hand-off number=1 accepted=true
        10:00:05 op1 inc3 answer-hand-off number=1 accepted=true
        10:00:05 op1 inc3 answer-hand-off number=2 accepted=true
        10:00:06 op1 inc1 tell-authority number=1 telling=cancel
        10:00:06 op1 inc1 tell-authority number=2 telling=cancel
        10:00:06 op1 inc2 tell-authority number=1 telling=cancel
        10:00:06 op1 inc2 tell-authority number=2 telling=cancel
        10:00:06 op1 inc3 tell-authority number=1 telling=cancel
        10:00:06 op1 inc3 tell-authority number=2 telling=cancel
        10:00:07 op1 inc3 record-wish police=false insurer=true
        10:00:08 outside inc1 record-answer number=1 answer=cancelled message=A1
        10:00:08 outside inc1 record-answer number=2 answer=cancelled message=A2
        10:00:08 outside inc2 record-answer number=1 answer=cancelled message=B1
        10:00:08 outside inc2 record-answer number=2 answer=cancelled message=B2
        10:00:08 outside inc3 record-answer number=1 answer=cancelled message=C1
        10:00:08 outside inc3 record-answer number=2 answer=cancelled message=C2
    "
}

day! {
    /// What a clause asks for is done by whoever answers though it could not be delivered, and by nobody else.
    row_2_6_an_answer_after_a_failure_does_what_is_due, rules(r#"{"rules":[{"clause":"house.a","mark":"S","rule":{"kind":"due","act":"hand-off","to":"police","within_s":60,"when":{"any":["real-by-witness"]}}}]}
"#), "
        account 1001
        10:00:00 signal 1001 E120 g1 n1
        10:00:01 op1 inc1 take
        10:00:02 op1 inc1 confirm-real basis=witness
        10:00:03 op1 inc1 hand-off to=police
        10:00:04 op1 inc1 hand-off to=ambulance
        10:00:05 outside inc1 fail-delivery number=1 sequence=1
        10:00:06 op1 inc1 take
        10:00:10 outside inc1 record-answer number=2 answer=accepted message=A1
        10:00:20 outside inc1 record-answer number=1 answer=accepted message=A2
        10:00:21 op1 inc1 take
        10:05:00 time
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

/// Whoever is needed again is so no longer where it was false after all.
#[test]
fn row_2_6_nobody_is_needed_where_it_was_false() {
    let needed = |rest: &str| {
        let day = format!(
            "account 1001
            09:00:00 signal 1001 E120 g1 n5
            09:00:05 op1 inc1 take
            09:00:10 op1 inc1 confirm-real basis=video
            09:00:11 op1 inc1 hand-off to=police
            09:00:12 op1 inc1 answer-hand-off number=1 accepted=true
            09:00:20 op1 inc1 tell-authority number=1 telling=cancel second=op9
            09:00:30 signal 1001 E120 g1 n6
            09:00:40 op1 inc1 take
            {rest}
            show incident 1"
        );
        let said = play(Policy::default(), &day);
        let incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
        (incident.is_false(), incident.is_needed(Authority::Police))
    };
    assert_eq!(needed(""), (false, true));
    assert_eq!(needed("09:00:50 op1 inc1 overturn cause=user-error second=op2"), (true, false));
}

/// Whoever closes what they were asked to leave has done nothing about it, unless they were there, and nothing came since the request; who
/// rejects it was not called off.
#[test]
fn row_2_6_who_closes_what_was_called_off_has_done_nothing() {
    let called_off = |answers: &str| {
        let day = format!(
            "account 1001
            09:00:00 signal 1001 E120 g1 n5
            09:00:05 op1 inc1 take
            09:00:11 op1 inc1 hand-off to=police
            09:00:12 op1 inc1 answer-hand-off number=1 accepted=true
            {answers}
            show incident 1"
        );
        let said = play(Policy::default(), &day);
        let incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
        let hand_off = &incident.hand_offs[0];
        (hand_off.state(), hand_off.is_called_off())
    };
    let cancel = "09:00:20 op1 inc1 tell-authority number=1 telling=cancel second=op9\n";
    let there = "09:00:40 op1 inc1 record-answer number=1 answer=on-scene\n";
    let danger = "09:00:30 signal 1001 E120 g1 n6\n09:00:31 op1 inc1 take\n";
    let closed = "09:00:50 op1 inc1 record-answer number=1 answer=closed outcome=nothing-found";
    let closed_by = [cancel.to_owned(), format!("{cancel}{there}"), format!("{cancel}{danger}{there}")];
    let ends = closed_by.map(|day| called_off(&format!("{day}{closed}")));
    assert_eq!(ends, [true, false, true].map(|undone| (HandOffState::Closed, undone)));
    let rejected = called_off(&format!("{cancel}09:00:50 op1 inc1 record-answer number=1 answer=rejected"));
    assert_eq!(rejected, (HandOffState::Rejected, false));
}
