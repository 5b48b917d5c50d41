//! Units and the ways that lead to them: an offer or a recall that does not arrive, a unit that goes all the same, and what a unit
//! writes, finds or calls.

use alarmcore::Policy;

use crate::script::{play, rules};

day! {
    /// An offer that cannot be delivered is over at once and calls people; no other unit is asked by itself, for the same way leads to it.
    /// Who is telephoned, or answers though the offer did not arrive as far as we know, has the job, but not once another one goes or it
    /// has another job.
    row_2_6_an_offer_that_cannot_be_delivered_calls, Policy::default(), "
        account 1001
        account 1002
        account 1003
        unit 1
        unit 2
        unit 3
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:22 outside inc1 fail-offer unit=2 offer=1
        09:00:22 outside inc1 fail-offer unit=1 offer=1 note=\"HTTP 503\"
        09:00:23 outside inc1 fail-offer unit=1 offer=1 note=\"HTTP 503\"
        09:00:30 op1 inc1 take
        09:00:40 op1 inc1 accept unit=1
        09:00:41 outside inc1 fail-offer unit=1 offer=1
        09:01:00 signal 1002 E130 g1 n5
        09:01:05 op2 inc2 take
        09:01:20 op2 inc2 pre-process unit=2
        09:01:22 outside inc2 fail-offer unit=2 offer=1
        09:01:25 outside inc2 record-unit-answer unit=2 offer=1 answer=accepted message=a
        09:02:00 op2 inc2 withdraw unit=2
        09:02:10 op2 inc2 offer unit=3
        09:02:12 outside inc2 fail-offer unit=3 offer=2
        09:02:20 op2 inc2 take
        09:02:30 op2 inc2 offer unit=2
        09:02:40 outside inc2 record-unit-answer unit=3 offer=2 answer=accepted message=b
        09:02:50 outside inc2 record-unit-answer unit=3 offer=2 answer=departed message=c
        09:02:51 op2 inc2 take
        09:03:00 op2 inc2 withdraw unit=2
        09:03:10 signal 1003 E130 g1 n5
        09:03:15 op3 inc3 take
        09:03:20 op3 inc3 pre-process unit=3
        09:03:25 outside inc2 record-unit-answer unit=3 offer=2 answer=accepted message=d
        09:03:30 op2 inc2 accept unit=3
        show incident 2
    "
}

day! {
    /// A recall that does not arrive calls, once; and who was called back and says that it goes, or is there, calls each time. That it
    /// accepts, or has left, is refused as before: whoever hears it keeps it for people to see.
    row_2_6_a_recall_that_cannot_be_delivered_calls, Policy::default(), "
        account 1001
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:30 outside inc1 record-unit-answer unit=1 offer=1 answer=departed message=a
        09:00:35 outside inc1 fail-recall unit=1 offer=1
        09:01:00 op1 inc1 withdraw unit=1 note=gas
        09:01:02 outside inc1 fail-recall unit=1 offer=1 note=\"HTTP 503\"
        09:01:03 outside inc1 fail-recall unit=1 offer=1 note=\"HTTP 503\"
        09:01:10 op1 inc1 take
        09:02:00 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=b
        09:02:10 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=c
        09:02:11 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=c
        09:02:20 op1 inc1 take
        09:02:30 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=d
        09:02:40 outside inc1 record-unit-answer unit=1 offer=1 answer=help message=e
        show incident 1
    "
}

day! {
    /// What is found by a unit that was called back is not lost: whoever is there all the same, has been or needs help is heard with what
    /// it found, as the text of its word, and calls. So is a call for help of whoever is not there yet. Who only says that it accepts or
    /// has left, is not.
    row_2_6_what_is_found_by_whom_was_called_back_calls, Policy::default(), "
        account 1001
        unit 1
        unit 2
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process unit=1
        09:00:30 outside inc1 record-unit-answer unit=1 offer=1 answer=departed message=a
        09:01:00 op1 inc1 withdraw unit=1
        09:02:00 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=b scene={\"doors\":\"intact\",\"windows\":\"open\"}
        09:02:10 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=c scene={\"doors\":\"damaged\",\"windows\":\"open\",\"entry_signs\":true,\"persons\":2,\"note\":\"two men inside\"}
        09:02:20 op1 inc1 take
        09:02:30 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=d
        09:02:40 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=e note=\"they fled\" scene={\"doors\":\"damaged\",\"windows\":\"open\",\"photos\":[\"P-7\"]}
        09:02:50 op1 inc1 take
        09:03:00 outside inc1 record-unit-answer unit=1 offer=1 answer=help message=f scene={\"doors\":\"intact\",\"windows\":\"intact\"}
        09:03:10 op1 inc1 take
        09:03:20 op1 inc1 offer unit=2
        09:03:30 outside inc1 record-unit-answer unit=2 offer=2 answer=help message=g scene={\"doors\":\"unchecked\",\"windows\":\"intact\"}
        show incident 1
    "
}

day! {
    /// A guard who writes is read: what a unit says in words calls its operator, who may have something else in hand by then, and what it
    /// found calls where somebody was met or has been; that it is there, and that all is whole, calls nobody, and neither does what its
    /// operator writes down. Who needs help calls first of all, and has to be looked at before anything is ended.
    row_2_6_what_a_unit_says_calls_its_operator, Policy::default(), "
        account 1001
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:30 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=a
        09:10:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=b
        09:11:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=c note=\"shots fired, send police\"
        09:11:30 op1 inc1 take
        09:12:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=d scene={\"doors\":\"intact\",\"windows\":\"intact\"}
        09:12:10 op1 inc1 report-scene unit=1 doors=damaged windows=intact
        09:12:20 op2 inc1 report-scene unit=1 doors=intact windows=intact entry_signs=true
        09:12:30 op1 inc1 take
        09:13:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=e scene={\"doors\":\"intact\",\"windows\":\"intact\",\"persons\":2}
        09:13:10 op1 inc1 take
        09:13:20 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=f scene={\"doors\":\"intact\",\"windows\":\"intact\",\"note\":\"all is locked\"}
        09:13:30 op1 inc1 take
        09:14:00 outside inc1 record-unit-answer unit=1 offer=1 answer=help message=g
        09:14:10 op1 inc1 scene-false cause=animal
        09:14:20 op1 inc1 take
        09:14:30 outside inc1 record-unit-answer unit=1 offer=1 answer=done message=h
        show queue
    "
}

/// A replay does not know the words: that there were any is a mark of its own, and so the same day comes of it.
#[test]
fn that_a_unit_wrote_is_known_without_its_words() {
    let day = |said: &str| {
        format!(
            "account 1001\nunit 1\n09:00:00 signal 1001 E130 g1 n5\n09:00:05 op1 inc1 take\n09:00:20 op1 inc1 pre-process\n\
             09:01:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=a {said}\nshow queue\n"
        )
    };
    let told = play(rules("{}"), &day("note=\"shots fired\""));
    let erased = play(rules("{}"), &day("speaks=true"));
    assert!(told.contains("\"reason\":\"unit-word\""), "{told}");
    assert_eq!(told.replace("\"note\":\"shots fired\",", ""), erased);
}

/// Who declines and writes is read, though the next unit is asked by itself; who only declines is not.
#[test]
fn who_declines_in_words_is_read_though_the_next_is_asked() {
    let day = |said: &str| {
        format!(
            "account 1001\nunit 1\nunit 2\n09:00:00 signal 1001 E130 g1 n5\n09:00:05 op1 inc1 take\n09:00:20 op1 inc1 pre-process\n\
             09:01:00 outside inc1 record-unit-answer unit=1 offer=1 answer=declined message=a {said}\n"
        )
    };
    let raised = |said: &str| {
        let said = play(rules("{}"), &day(said));
        let asked = said.contains("unit-offered {\"choice\"") || said.contains("-> offer inc1 to unit 2");
        (asked, said.lines().filter(|line| line.contains(" raised ")).map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(raised(""), (true, Vec::new()));
    let (asked, read) = raised("note=\"men with knives at the gate\"");
    assert_eq!((asked, read.len()), (true, 1), "{read:?}");
    assert!(read[0].contains("unit-word"), "{read:?}");
}

day! {
    /// Who is on the scene and silent is missed: an hour after it arrived, reported or said anything, and as long again after somebody acted
    /// on that call, until it has left. Where the rules say never, nobody is.
    row_2_6_a_unit_that_is_silent_on_the_scene_calls, Policy::default(), "
        account 1001
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:30 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=z
        09:10:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=a
        09:30:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=b
        10:00:00 op1 inc1 report-scene unit=1 doors=intact windows=intact
        10:59:59 time
        11:00:00 time
        11:59:00 time
        12:10:00 op1 inc1 take
        13:09:59 time
        13:10:00 time
        13:10:30 op1 inc1 take
        13:20:00 outside inc1 record-unit-answer unit=1 offer=1 answer=on-site message=c
        14:19:59 time
        14:20:00 time
        14:21:00 outside inc1 record-unit-answer unit=1 offer=1 answer=left message=d
        18:00:00 time
        show queue
    "
}

#[test]
fn nobody_is_missed_on_the_scene_where_the_rules_say_never() {
    let missed = |policy: &str| {
        let day = "account 1001\nunit 1\n09:00:00 signal 1001 E130 g1 n5\n09:00:05 op1 inc1 take\n09:00:20 op1 inc1 pre-process\n\
                   09:01:00 op1 inc1 accept unit=1\n09:02:00 op1 inc1 arrive unit=1\n20:00:00 time\n";
        play(rules(policy), day).lines().filter(|line| line.contains(" unit-silent ")).count()
    };
    assert_eq!([missed(r#"{"arrival": {"on_scene_s": 0}}"#), missed(r#"{"arrival": {"on_scene_s": 600}}"#)], [0, 1]);
}

day! {
    /// What comes where a guard is kept goes on in the incident that they stand in: it calls, has to be looked at and ended anew, and a duress
    /// makes a hold-up of it. A trouble is an incident of its own, and so is what comes when the guard has left.
    row_2_6_an_alarm_where_a_guard_is_kept_calls_the_guarded_incident, Policy::default(), "
        account 1001
        unit 7
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:01:00 op1 inc1 accept unit=7
        09:10:00 op1 inc1 arrive unit=7
        09:12:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        09:13:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000
        09:20:00 signal 1001 E130 g1 n6
        09:20:05 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000
        09:20:10 op1 inc1 take
        09:20:12 op1 inc1 report-scene unit=7 doors=intact windows=intact
        09:20:20 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000
        09:30:00 signal 1001 E121 g1 n0
        09:30:10 op1 inc1 take
        09:30:20 op1 inc1 report-scene unit=7 doors=intact windows=intact
        09:31:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000 second=op9
        09:32:00 signal 1001 E302 g0 n0
        09:40:00 op1 inc1 leave unit=7
        09:41:00 signal 1001 E130 g1 n7
        show queue
    "
}

day! {
    /// Who keeps guard is asked at the time that was set for it, and is not missed before; then it is, like any other unit.
    row_2_6_who_keeps_guard_is_asked_at_its_own_time, Policy::default(), "
        account 1001
        unit 7
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:01:00 op1 inc1 accept unit=7
        09:10:00 op1 inc1 arrive unit=7
        09:12:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        09:13:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000 check_at=1795347000000
        11:29:59 time
        11:30:00 time
        12:00:00 time
        12:10:00 op1 inc1 take
        13:09:59 time
        13:10:00 time
    "
}

day! {
    /// A unit that could not be told, and has got another job since, does not get the first one by an answer; help it gets wherever it is.
    row_2_6_a_unit_with_another_job_calls_for_help, Policy::default(), "
        account 1001
        account 1002
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:00 signal 1002 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:05 op1 inc2 take
        09:00:20 op1 inc1 pre-process
        09:00:21 outside inc1 fail-offer unit=1 offer=1
        09:00:22 op1 inc1 take
        09:00:23 op1 inc2 pre-process
        09:00:24 outside inc2 record-unit-answer unit=1 offer=1 answer=accepted message=a
        09:00:25 outside inc1 record-unit-answer unit=1 offer=1 answer=departed message=b
        09:00:26 outside inc1 record-unit-answer unit=1 offer=1 answer=help message=c
    "
}

day! {
    /// Who answers an offer that is over hears who has the job instead; where nobody has it any more, how its own offer stands.
    row_2_6_who_answers_too_late_hears_why, Policy::default(), "
        account 1001
        unit 1
        unit 2
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process unit=1
        09:00:21 op1 inc1 decline unit=1
        09:00:22 op1 inc1 offer unit=2
        09:00:23 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=a
        09:00:24 op1 inc1 accept unit=2
        09:00:25 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=b
        09:00:26 op1 inc1 withdraw unit=2 note=gas
        09:00:27 outside inc1 record-unit-answer unit=1 offer=1 answer=accepted message=c
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

/// Whoever keeps guard and leaves by machine before its time calls, though it has reported; who leaves when it is over, or kept no guard,
/// does not. A guard without a time of its own is missed like any other unit.
#[test]
fn row_2_6_a_guard_that_leaves_early_calls() {
    let calls = |rest: &str| {
        let day = format!(
            "account 1001\nunit 7\nunit 8
            09:00:00 signal 1001 E130 g1 n5
            09:00:05 op1 inc1 take
            09:00:20 op1 inc1 pre-process unit=7
            09:01:00 op1 inc1 accept unit=7
            09:10:00 op1 inc1 arrive unit=7
            09:10:10 op1 inc1 offer unit=8
            09:10:20 op1 inc1 accept unit=8
            09:11:00 op1 inc1 arrive unit=8
            09:11:10 op1 inc1 report-scene unit=8 doors=intact windows=intact
            09:12:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
            09:13:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795340400000
            {rest}"
        );
        let said = play(Policy::default(), &day);
        let calls = said.lines().filter(|line| line.contains(" raised "));
        let calls = calls.map(|line| (&line[..8], line.split_once(r#""priority":"#).unwrap().1.trim_end_matches('}')));
        calls.map(|(clock, call)| format!("{clock} {call}")).collect::<Vec<_>>()
    };
    let leaves = |clock: &str, unit: u8, offer: u8| {
        calls(&format!("{clock} outside inc1 record-unit-answer unit={unit} offer={offer} answer=left message=a"))
    };
    let check = r#"09:40:00 2,"reason":"guard-check""#;
    assert_eq!(leaves("09:39:59", 7, 1), [r#"09:39:59 1,"reason":"unit-word""#]);
    assert_eq!((leaves("09:40:00", 7, 1), leaves("09:39:59", 8, 2)), (vec![check.to_owned()], vec![]));
    let long = calls(
        "09:13:30 op1 inc1 leave unit=8\n09:14:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000\n11:00:00 time",
    );
    assert_eq!(long, [r#"10:12:00 1,"reason":"unit-silent""#]);
}

day! {
    /// A burglary where a guard is kept after a tamper makes a burglary of it, however little was known before.
    row_2_6_a_burglary_where_a_guard_is_kept_makes_it_one, rules(r#"{"confirm": {"within_s": 0}}"#), "
        account 1001
        unit 7
        09:00:00 signal 1001 E383 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:01:00 op1 inc1 accept unit=7
        09:10:00 op1 inc1 arrive unit=7
        09:12:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        09:13:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=1795348800000
        09:20:00 signal 1001 E130 g1 n6
        show queue
    "
}

day! {
    /// Who has left and then declines by machine has said nothing; what it adds in words is heard.
    row_2_6_who_has_left_and_declines_is_heard_by_its_words, Policy::default(), "
        account 1001
        unit 1
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:01:00 op1 inc1 accept unit=1
        09:10:00 op1 inc1 arrive unit=1
        09:12:00 op1 inc1 report-scene unit=1 doors=intact windows=intact
        09:13:00 op1 inc1 leave unit=1
        09:14:00 outside inc1 record-unit-answer unit=1 offer=1 answer=declined message=a
        09:15:00 outside inc1 record-unit-answer unit=1 offer=1 answer=declined message=b note=\"I have the keys\"
    "
}
