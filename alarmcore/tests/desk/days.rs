//! Scripted days, one for each way that a signal or an incident can go. The time lines are the files in `snapshots/`.

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
    /// I3, I4: taken, a contact called, verified false with its cause; refusals on the way.
    branch_one_verified_false "
        account 1001
        22:14:03 signal 1001 E130 g1 n5
        22:14:05 op1 inc1 verify-false cause=animal
        22:14:09 op1 inc1 take
        22:14:10 op1 inc1 take
        22:14:11 op2 inc1 take
        22:14:12 op2 inc1 verify-false cause=animal
        22:14:20 op1 inc1 call contact=3 result=no-answer
        22:14:50 op1 inc1 call contact=4 result=code-ok note=\"the cat again\"
        22:15:00 op1 inc1 close
        22:15:01 op1 inc1 verify-false
        22:15:02 op1 inc1 verify-false cause=unexplained
        22:15:10 op1 inc1 verify-false cause=animal note=\"cat in the shop\"
        22:15:20 op1 inc1 note note=late
        22:15:30 op1 inc9 take
        show queue
    "
}

day! {
    /// I5 to I8: undetermined, pre-processed and offered to a unit in one act; inspected; false; dispatch record; closed.
    branch_two_false_on_scene "
        account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 call contact=1 result=no-answer
        22:00:50 op1 inc1 pre-process unit=8
        22:01:00 op1 inc1 pre-process unit=7 note=\"nobody answers\"
        22:01:01 op1 inc1 pre-process unit=7
        22:01:02 op1 inc1 close
        22:01:03 op1 inc1 verify-false cause=animal
        22:01:04 op1 inc1 scene-false cause=animal
        22:01:20 op1 inc1 accept unit=7
        22:01:30 op2 inc1 depart unit=7
        22:01:31 op1 inc1 report-scene unit=7 doors=intact windows=intact
        22:09:00 op2 inc1 arrive unit=7
        22:10:00 op1 inc1 scene-false cause=animal
        22:14:00 op2 inc1 report-scene unit=7 doors=intact windows=open persons=1 photos=[\"p1\",\"p2\"] note=\"a cat and its owner\"
        22:15:00 op1 inc1 scene-false
        22:15:10 op1 inc1 scene-false cause=animal
        22:15:20 op1 inc1 close
        22:15:30 op1 inc1 record-dispatch unit=7 people=Wang findings=cat signed_by=Wang
        22:20:00 op2 inc1 leave unit=7
        22:21:00 op1 inc1 record-dispatch unit=7 people=Wang findings=cat
        22:21:10 op1 inc1 record-dispatch unit=7 people=\"Wang, Li\" findings=\"a cat\" signed_by=Wang
        22:22:00 op1 inc1 close
        show queue
    "
}

day! {
    /// I9 to I15: real; owner called; police and insurer by the owner's wish; losses listed and signed; records; closed.
    branch_three_real "
        account 1001
        unit 7
        02:00:00 signal 1001 E130 g1 n5
        02:00:10 op1 inc1 take
        02:01:00 op1 inc1 pre-process unit=7
        02:01:20 op1 inc1 accept unit=7
        02:01:30 op1 inc1 confirm-real basis=scene
        02:01:31 op1 inc1 hand-off to=police
        02:08:00 op1 inc1 arrive unit=7
        02:10:00 op1 inc1 confirm-real basis=scene note=\"back door forced\"
        02:10:10 op1 inc1 scene-false cause=animal
        02:10:20 op1 inc1 overturn cause=animal
        02:10:21 op1 inc1 overturn cause=animal second=op1
        02:10:30 op1 inc1 hand-off to=police
        02:10:40 op1 inc1 owner-arrived
        02:11:00 op1 inc1 notify-owner contact=1 note=\"on his way\"
        02:30:00 op1 inc1 owner-arrived
        02:31:00 op1 inc1 record-wish police=true insurer=true loss_minor=1200000
        02:32:00 op1 inc1 hand-off to=police reference=110-77 note=\"duty desk\"
        02:32:10 op1 inc1 hand-off to=police
        02:33:00 op1 inc1 answer-hand-off number=1 accepted=false note=\"wrong district\"
        02:34:00 op1 inc1 hand-off to=police
        02:34:30 op1 inc1 answer-hand-off number=2 accepted=true reference=110-78
        02:50:00 op1 inc1 take-charge number=2 officer=\"Officer Zhao\" case_number=C-5
        02:55:00 op1 inc1 close
        03:00:00 op1 inc1 report-scene unit=7 doors=damaged windows=intact entry_signs=true
        03:10:00 op1 inc1 list-loss item=Rings quantity=0 value_minor=5
        03:10:01 op1 inc1 list-loss item=Rings quantity=12 value_minor=900000 evidence=receipts
        03:11:00 op1 inc1 list-loss item=Till quantity=1 value_minor=150000
        03:12:00 op1 inc1 sign-losses signed_by=\"Mr Chen\"
        03:12:10 op1 inc1 list-loss item=Watch quantity=1 value_minor=100
        03:20:00 op1 inc1 leave unit=7
        03:25:00 op1 inc1 record-dispatch unit=7 people=Wang findings=\"door forced\" signed_by=Wang
        03:26:00 op1 inc1 close
        03:30:00 op1 inc1 hand-off to=insurer
        03:31:00 op1 inc1 answer-hand-off number=3 accepted=true reference=PICC-9
        03:32:00 op1 inc1 close
        03:33:00 op1 inc1 record-case note=\"burglary through the back door\"
        show incident 1
        03:34:00 op1 inc1 close note=done
        show queue
    "
}

day! {
    /// I9: a real alarm becomes false only with a second person.
    row_2_5_four_eyes_overturned "
        account 1001
        02:00:00 signal 1001 E130 n5
        02:00:10 op1 inc1 take
        02:00:20 op1 inc1 confirm-real basis=contact
        02:00:30 op1 inc1 verify-false cause=animal
        02:00:40 op1 inc1 overturn cause=user-error second=op2
        02:00:50 op1 inc1 close
    "
}

day! {
    /// A8: mains back within the wait is a log line; one second over it is an incident, which its restore joins.
    row_2_2_restoral_wait "
        account 1001
        account 1002
        account 1003 mains_wait_s=600
        10:00:00 signal 1001 E301
        10:00:00 signal 1002 E301
        10:00:00 signal 1003 E301
        10:05:00 signal 1001 E301
        10:10:00 time
        show account 1001
        10:20:00 signal 1001 R301
        10:31:00 signal 1002 R301
        show queue
        10:32:00 op1 inc2 take
        10:32:01 op1 inc2 verify-false cause=power
        10:32:02 op1 inc2 settle
        10:32:03 op1 inc2 settle settlement=restored
        show account 1002
        show account 1003
    "
}

day! {
    /// The same frame twice is one incident; the same event with another sequence number is news.
    same_frame_twice "
        account 1001
        10:00:00 signal 1001 E130 n5 s17
        10:00:10 signal 1001 E130 n5 s17
        10:00:20 signal 1001 E130 n5 s18
        10:05:00 signal 1001 E130 n5 s17
        10:06:00 signal 1001 E110 n1 s20
        10:06:05 signal 1001 E110 n1 s20
        10:06:10 op1 inc1 take
        10:06:11 op1 inc1 verify-false cause=test
        10:06:12 signal 1001 E110 n1 s20
    "
}

day! {
    /// A life-safety signal is never joined away: it raises the incident, takes its kind, and calls again.
    life_safety_joins_and_raises "
        account 1001
        unit 7
        10:00:00 signal 1001 E383 n9
        10:00:05 signal 1001 E130 n5
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 pre-process unit=7
        10:00:30 signal 1001 E110 n2
        10:00:40 signal 1001 E120 n3
        10:00:50 signal 1001 R110 n2
        show queue
        10:00:55 op1 inc1 take
        10:01:00 op1 inc1 accept unit=7
        10:05:00 op1 inc1 arrive unit=7
        10:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        10:07:00 op1 inc1 scene-false cause=unexplained
        10:08:00 signal 1001 E110 n2
        show queue
        10:09:00 op1 inc2 take
        10:09:10 op1 inc2 hand-off to=fire
        10:09:11 op1 inc2 hand-off to=insurer
    "
}

day! {
    /// I6: nobody accepts, declines: each time the incident is back on top of the queue, and another unit can be asked.
    dispatch_not_accepted "
        account 1001
        account 1002
        unit 7
        unit 8
        unit 9 on_duty=false
        10:00:00 signal 1001 E130 n5
        10:00:05 signal 1002 E110 n1
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 pre-process unit=7
        show queue
        10:01:30 time
        show queue
        10:01:40 op1 inc1 accept unit=7
        10:01:50 op1 inc1 offer unit=8
        10:01:55 op1 inc1 offer unit=7
        10:02:00 op1 inc1 decline unit=8 note=\"flat tyre\"
        10:02:10 op1 inc1 offer unit=9
        10:02:20 op1 inc1 offer unit=7
        10:02:30 op2 inc1 accept unit=7
        10:02:35 op2 inc2 take
        10:02:40 op2 inc2 pre-process unit=7
        10:02:45 op2 inc2 pre-process unit=8
        10:02:50 op2 inc2 withdraw unit=8 note=\"owner called back\"
        10:02:55 op2 inc2 release
        10:02:56 op3 inc2 take
        10:02:57 op2 inc2 take-over
        show queue
    "
}

day! {
    /// The duress code on a call makes a hold-up of it, and a call can no longer call it false.
    row_2_5_password_duress "
        account 1001
        10:00:00 signal 1001 E130 n5
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 call contact=1 result=duress-code
        10:00:30 op1 inc1 verify-false cause=user-error
        10:00:40 op1 inc1 hand-off to=police note=\"armed robbery\"
        show queue
        10:00:50 signal 1001 E401 n1
        11:00:00 signal 1001 E121 n2
    "
}

day! {
    /// I11: a fire goes to the fire brigade at once; it is not called false while their answer is out. Taking it again
    /// answers the call when it calls again.
    fire_handed_off_at_once "
        account 1001
        10:00:00 signal 1001 E110 n1
        10:00:10 op1 inc1 hand-off to=fire
        10:00:11 op1 inc1 take
        10:00:12 op1 inc1 hand-off to=fire note=\"smoke in the store\"
        10:00:20 op1 inc1 verify-false cause=test
        10:00:30 signal 1001 E111 n2
        10:00:31 op1 inc1 take
        10:00:32 op1 inc1 take
        10:01:00 op1 inc1 answer-hand-off number=1 accepted=true reference=119-4
        10:20:00 op1 inc1 take-charge number=1 officer=Captain
        10:21:00 op1 inc1 confirm-real basis=witness
        10:21:10 op1 inc1 close
        10:21:20 op1 inc1 notify-owner contact=1
        10:30:00 op1 inc1 record-case note=\"rubbish bin burnt\"
        10:31:00 op1 inc1 close
    "
}

day! {
    /// A cancel is evidence for an open incident, never its end (C-3).
    cancel_is_evidence "
        account 1001
        10:00:00 signal 1001 E406 n1
        10:00:10 signal 1001 E130 n5
        10:00:20 signal 1001 E406 n1
        show queue
    "
}

day! {
    /// Unknown code, unreadable and undecipherable frames, plain frames despite a key, stale clocks: all of them are shown.
    nothing_is_dropped "
        account 1001
        10:00:00 signal 1001 E799
        10:00:01 signal 1001 E698 n5
        10:00:02 signal 1001 R697 n5
        10:00:03 signal 1001 nothing unread
        10:00:04 signal 1001 nothing undeciphered
        10:00:05 signal 1001 E130 n5 plain-despite-key
        10:00:06 signal 1001 E602 plain-despite-key
        10:00:07 signal 1001 E130 n6 encrypted stale-clock
        10:00:08 signal 1001 nothing
        10:00:09 signal - nothing unread
        10:00:10 signal - E110 n1
        10:00:11 signal 1001 E301 plain-despite-key
        show queue
    "
}

day! {
    /// A9, A11: open, close, part arming, bypass with its user, tests: logged, and the state follows.
    open_close_bypass_test "
        account 1001
        08:00:00 signal 1001 E401 g1 n3
        18:00:00 signal 1001 E570 g1 n4
        18:00:01 signal 1001 R401 g1 n2
        show account 1001
        18:30:00 signal 1001 R441 g2 n2
        18:31:00 signal 1001 E602
        18:32:00 signal 1001 CL n2
        18:33:00 signal 1001 OP n2
        18:34:00 signal 1001 BB n6
        18:35:00 signal 1001 BU n6
        18:36:00 signal 1001 R570 g1 n4
        18:37:00 signal 1001 P401 g1 n9
        show account 1001
        show queue
    "
}

day! {
    /// A7, A10: troubles are incidents of their own kind; a restore joins the one it ends, and nothing else.
    row_2_2_signal_or_alarm "
        account 1001
        09:00:00 signal 1001 E302
        09:01:00 signal 1001 E350 n2
        09:02:00 signal 1001 E321 n1
        09:03:00 signal 1001 E300
        09:04:00 signal 1001 R321 n1
        09:05:00 signal 1001 R322 n1
        09:06:00 signal 1001 YT
        09:07:00 signal 1001 YR
        09:08:00 signal 1001 BT n8
        09:09:00 signal 1001 BR n8
        09:10:00 signal 1001 E305
        show account 1001
        show queue
    "
}

day! {
    /// A fire needs no card: it has the clocks of a fire, goes to the fire brigade, and does not share the incident of what else
    /// such an account says. Its restore comes to it. Where there are too many, it shares an incident of fires.
    life_safety_of_an_unknown_account "
        10:00:00 signal 9001 E110 n1
        10:01:00 time
        10:01:10 op1 inc1 take
        10:01:20 op1 inc1 hand-off to=fire
        10:01:30 signal 9001 E130 n2
        10:01:40 signal 9001 R110 n1
        10:02:00 op1 inc1 answer-hand-off number=1 accepted=true
        10:02:10 op1 inc2 take
        10:02:20 op1 inc2 hand-off to=police
        10:03:00 signal - E120
        show queue
    "
}

day! {
    /// An unknown account gets one incident; a fire among its signals still calls. Then it gets a card.
    unknown_account_then_known "
        10:00:00 signal 9999 E602
        10:00:01 signal 9999 E130 n1
        10:00:02 signal 9999 E110 n1
        10:00:03 signal 9999 R110 n1
        show queue
        account 9999
        10:01:00 signal 9999 E130 n1
        10:02:00 op1 inc1 take
        10:02:01 op1 inc1 settle settlement=cards-corrected note=\"card was missing\"
        closed 9999
        10:03:00 signal 9999 E130 n1
        show queue
    "
}

/// 500 frames of one unknown account are one item with a counter.
#[test]
fn five_hundred_frames_of_one_unknown_account() {
    let mut script: String = (0..500)
        .map(|second| format!("10:{:02}:{:02} signal 4711 E130 n{}\n", second / 60, second % 60, second % 9))
        .collect();
    script.push_str("show queue\n");
    let timeline = play(Policy::default(), &script);
    let (last, head) = (timeline.lines().last().unwrap(), timeline.lines().filter(|line| line.contains(" sig")));
    assert_eq!(last, "  | inc1 p2 unknown-account new nobody signals=500 marks=-");
    assert_eq!(head.clone().filter(|line| line.contains(" opened ")).count(), 1);
    assert_eq!(head.filter(|line| line.contains(" joined inc1 ")).count(), 499);
}

/// Beyond the limit, unknown accounts share one incident; its account is none of theirs.
#[test]
fn too_many_unknown_accounts_share_one_incident() {
    let policy = Policy { unknown_accounts_shown: 2, ..Policy::default() };
    insta::assert_snapshot!(
        "too_many_unknown_accounts",
        play(
            policy,
            "
            10:00:00 signal 9001 E602
            10:00:01 signal 9002 E602
            10:00:02 signal 9003 E602
            10:00:03 signal 9004 E602
            10:00:04 signal 9001 E602
            show queue
        "
        )
    );
}
