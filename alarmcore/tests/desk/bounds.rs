//! Where a rule begins and ends to the second and the unit, and what is said at the wrong time: the last that counts and the
//! first that does not.

use alarmcore::{Incident, Policy};

use crate::script::{at, play, rules};

macro_rules! day {
    ($(#[$doc:meta])* $name:ident, $policy:expr, $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            let millis = |clock: &str| at(clock).millis().to_string();
            let script = $script.replace("22:30-ms", &millis("22:30:00")).replace("22:40-ms", &millis("22:40:00"));
            insta::assert_snapshot!(play($policy, &script));
        }
    };
}

day! {
    /// After the closing an authority's last word is heard, and nothing else is done; of an incident that no machine has, nothing.
    /// Who writes an answer down has read it: it calls nobody. A note to an authority says something.
    after_the_closing_only_the_authority_is_heard, Policy::default(), "
        account 1001
        account 1002
        10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:11 outside inc1 confirm-delivery number=1 sequence=1
        10:00:20 outside inc1 record-answer number=1 answer=accepted message=M1
        10:00:30 op1 inc1 record-answer number=1 answer=told note=\"they ask for the key holder\"
        10:00:40 op1 inc1 tell-authority number=1 telling=note
        10:00:41 op1 inc1 tell-authority number=1 telling=note note=\"the side door is open\"
        10:00:50 op1 inc1 confirm-real basis=witness
        10:01:00 op1 inc1 notify-owner contact=2
        10:01:10 op1 inc1 record-case note=robbery
        10:01:20 op1 inc1 close
        10:02:00 op1 inc1 note note=late
        10:02:01 op2 inc1 take
        10:02:02 op1 inc1 call contact=3 result=no-answer
        10:03:00 outside inc1 record-answer number=1 answer=on-scene message=M2
        11:00:00 signal 1002 E130 g1 n5
        11:00:05 op1 inc2 take
        11:00:10 op1 inc2 verify-false cause=animal
        11:00:20 outside inc2 record-answer number=1 answer=accepted message=M3
        show queue
    "
}

day! {
    /// A loss and an item of the list may be worth nothing, and never less than that; none of an item is no item.
    amounts_begin_at_nought, Policy::default(), "
        account 1001
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 confirm-real basis=contact
        22:00:30 op1 inc1 record-wish police=true insurer=true loss_minor=-1
        22:00:31 op1 inc1 record-wish police=true insurer=true loss_minor=0
        22:01:00 op1 inc1 list-loss item=till quantity=0 value_minor=100
        22:01:01 op1 inc1 list-loss item=till quantity=1 value_minor=-1
        22:01:02 op1 inc1 list-loss item=till quantity=1 value_minor=0
        22:01:03 op1 inc1 list-loss item=safe quantity=1 value_minor=9223372036854775807
        22:01:04 op1 inc1 list-loss item=till quantity=1 value_minor=1
        show incident 1
    "
}

day! {
    /// A guard is kept until later than now, and asked at the latest when it ends.
    a_guard_is_kept_until_later_than_now, Policy::default(), "
        account 1001
        unit 7
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:00:20 op1 inc1 pre-process unit=7
        22:00:30 op1 inc1 accept unit=7
        22:05:00 op1 inc1 arrive unit=7
        22:06:00 op1 inc1 report-scene unit=7 doors=damaged windows=intact
        22:30:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=22:30-ms
        22:30:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=22:40-ms check_at=22:30-ms
        22:30:00 op1 inc1 end-undetermined end=kept-guarded unit=7 until=22:40-ms check_at=22:40-ms
        22:40:00 time
    "
}

day! {
    /// Where the policy gives a fire no time until it is handed off, nobody is called for that.
    a_fire_without_a_time_to_hand_off_calls_nobody, rules(r#"{"hand_off": {"fire_within_s": 0}}"#), "
        account 1001
        20:00:00 signal 1001 E110 g1 n1
        20:00:05 op1 inc1 take
        20:30:00 time
        show queue
    "
}

day! {
    /// An act on a storm names one that there is: neither number 0 nor one that comes only later; and what is over is over. A storm
    /// over one district says nothing of another.
    acts_name_a_storm_that_there_is, Policy::default(), "
        account 1001 district=East
        account 2001 district=West
        10:00:00 sup1 storm declare area=district name=East minutes=30
        10:00:10 sup1 storm declare area=district name=West minutes=30
        10:00:20 sup1 storm declare area=district name=West minutes=30
        10:01:00 op1 storm0 extend minutes=60
        10:01:01 op1 storm3 extend minutes=60
        10:01:02 op1 storm9 extend minutes=60
        10:01:03 op1 storm2 end second=op2
        10:01:04 op1 storm2 extend minutes=60
        10:01:05 op1 storm1 extend minutes=60
    "
}

day! {
    /// A rule declares a storm and does nothing but group: customers are asked by machine when a person has confirmed it, once.
    nobody_is_asked_before_a_person_has_confirmed, rules(r#"{"storm": {"accounts": 3}}"#), "
        account 1001 district=East
        account 1002 district=East
        account 1003 district=East
        18:20:00 signal 1001 E130 n5
        18:20:10 signal 1001 E301
        18:20:11 signal 1002 E301
        18:20:12 signal 1003 E301
        18:20:20 signal 1002 E130 n6
        18:20:30 signal 1003 E130 n7
        18:20:40 op2 inc4 take
        18:21:00 op1 storm1 confirm minutes=120
        18:21:30 op1 storm1 extend minutes=180
    "
}

day! {
    /// What a district failed counts for a carrier again when the district's storm is dismissed, and no more for the district. While
    /// lines of a storm that groups no more are caught up on, new failures are counted all the same.
    what_counts_for_the_next_storm, rules(r#"{"storm": {"accounts": 3}}"#), "
        account 1001 district=East carrier=Mobile
        account 1002 district=East carrier=Mobile
        account 1003 district=East carrier=Mobile
        account 2001 district=West carrier=Mobile
        account 3001 district=South
        account 3002 district=South
        account 3003 district=South
        account 3004 district=South
        10:00:00 signal 1001 E350
        10:00:01 signal 1002 E350
        10:00:02 signal 1003 E350
        10:00:10 op1 storm1 dismiss
        10:00:20 signal 2001 E350
        12:00:00 signal 3001 E301
        12:00:01 signal 3002 E301
        12:00:02 signal 3003 E301
        12:00:30 op1 storm3 confirm minutes=10
        12:11:00 signal 3002 E350
        12:11:01 signal 3003 E350
        12:11:02 signal 3001 R301
        12:11:03 signal 3004 E350
    "
}

day! {
    /// A machine that has a hand-off, because it took the message or answered, is told of each zone once: neither of its second
    /// alarm nor of its restore. People who have it are told by people. A cancel that nobody asked for calls: nobody is coming.
    a_machine_is_told_of_a_zone_once, Policy::default(), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 hand-off to=police
        10:00:11 outside inc1 confirm-delivery number=1 sequence=1
        10:01:00 signal 1001 E130 g1 n5
        10:02:00 signal 1001 E130 g1 n5 s77
        10:03:00 signal 1001 R130 g1 n5
        10:04:00 op1 inc1 tell-authority number=1 telling=ask-eta
        10:04:10 outside inc1 record-answer number=1 answer=cancelled message=M1
        10:04:20 op1 inc1 tell-authority number=1 telling=cancel
        10:04:30 outside inc1 record-answer number=1 answer=cancelled message=M2
        11:00:00 signal 1002 E120 g1 n1
        11:00:05 op1 inc2 take
        11:00:10 op1 inc2 hand-off to=police
        11:00:20 op1 inc2 confirm-delivery number=1 sequence=1
        11:00:30 op1 inc2 record-answer number=1 answer=accepted
        11:01:00 signal 1002 E130 g1 n5
        12:00:00 signal 1003 E120 g1 n1
        12:00:05 op1 inc3 take
        12:00:10 op1 inc3 hand-off to=police
        12:00:30 outside inc3 record-answer number=1 answer=accepted message=M3
        12:01:00 signal 1003 E130 g1 n5
    "
}

day! {
    /// The copy of a fire whose incident was closed in between opens another: it hides nothing.
    a_copy_of_a_fire_is_shown_when_nobody_deals_with_it, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E110 g1 n5 s10
        10:00:03 op1 inc1 take
        10:00:06 op1 inc1 verify-false cause=user-error
        10:00:12 signal 1001 E110 g1 n5 s500 udp
        show queue
    "
}

day! {
    /// Two mains of one account wait each for its own restore. One that waits no time is shown at once, and one of which an incident
    /// is open joins it.
    mains_wait_each_for_its_own, Policy::default(), "
        account 1001
        account 1002 mains_wait_s=0
        10:00:00 signal 1001 E301 n1
        10:00:01 signal 1001 E301 n2
        10:00:02 signal 1001 E301 n3
        10:05:00 signal 1001 R301 n1
        10:06:00 signal 1001 R301 n2
        10:30:02 time
        10:31:00 signal 1001 E301 n4
        11:00:00 signal 1002 E301
        show queue
    "
}

day! {
    /// Where a centre shows burglary first of all, a second one raises nothing; only life safety does that again.
    as_urgent_as_life_safety_is_not_life_safety,
    rules(r#"{"classes": {"burglary": {"action": "show", "priority": 1}}}"#), "
        account 1001
        10:00:00 signal 1001 E130 g1 n5
        10:00:10 op1 inc1 take
        10:00:20 signal 1001 E130 g1 n6
        10:00:30 signal 1001 E110 g1 n7
    "
}

/// Accounts without a card share an incident once so many have one of their own; fires of several buildings do not, until there are ten
/// times as many.
#[test]
fn fires_without_a_card_share_no_incident() {
    let fires: String = (0..12).map(|n| format!("10:{n:02}:00 signal 70{n:02} E110 g1 n5\n")).collect();
    let tests = "09:00:00 signal 6001 E602\n09:01:00 signal 6002 E602\n09:02:00 signal 6003 E602\n";
    let said = play(rules(r#"{"unknown_accounts_shown": 1}"#), &format!("{tests}{fires}"));
    let opened: Vec<&str> = said.lines().filter(|line| line.contains(" opened {")).collect();
    let of = |line: &str| {
        let event: serde_json::Value = serde_json::from_str(line.split_once(" opened ").unwrap().1).unwrap();
        (event["account"].clone(), event["kind"].clone())
    };
    let unknown = |account: serde_json::Value| (account, "unknown-account".into());
    let mut wanted = vec![unknown("6001".into()), unknown(serde_json::Value::Null)];
    wanted.extend((0..8).map(|n| (format!("70{n:02}").into(), "fire".into())));
    wanted.push((serde_json::Value::Null, "fire".into()));
    assert_eq!(opened.into_iter().map(of).collect::<Vec<_>>(), wanted);
}

day! {
    /// An unknown account whose incident is settled makes room for another.
    a_settled_unknown_account_makes_room, rules(r#"{"unknown_accounts_shown": 2}"#), "
        10:00:00 signal 9001 E602
        10:00:01 signal 9002 E602
        10:00:02 signal 9003 E602
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 settle settlement=customer-told
        10:00:30 op1 inc2 take
        10:00:40 op1 inc2 settle settlement=customer-told
        10:00:50 signal 9004 E602
        show queue
    "
}

/// So many signals of an account wait for their restore, and no more: the next is shown at once.
#[test]
fn sixty_four_wait_and_the_next_is_shown() {
    let mains = |zone: u32| format!("10:{:02}:{:02} signal 1001 E301 n{zone}\n", zone / 3, zone % 3 * 20);
    let script = "account 1001\n".to_owned() + &(1..=65).map(mains).collect::<String>();
    let said = play(rules(r#"{"runaway": {"signals": 0}}"#), &script);
    let shown: Vec<&str> = said.lines().filter(|line| line.contains("opened inc1 (")).collect();
    assert_eq!(said.lines().filter(|line| line.contains("held until")).count(), 64);
    assert_eq!(shown, ["10:21:40 sig65 opened inc1 (class.shown)"]);
}

day! {
    /// Numbers that no incident and no follow-up has, or has yet, are said to be none; those that are settled, to be that.
    numbers_that_nothing_has, Policy::default(), "
        account 1001
        10:00:00 signal 1001 E130 g1 n5
        10:00:10 op1 inc1 take
        10:00:20 op1 inc1 verify-false cause=animal
        10:01:00 op1 inc1 take
        10:01:01 op1 inc2 take
        10:01:02 op1 inc0 take
        10:02:00 op1 follow create account=1001 rank=supervisor minutes=60 note=call
        10:03:00 op1 follow1 done note=called
        10:03:01 op1 follow1 done
        10:03:02 op1 follow2 done
        10:03:03 op1 follow0 done
    "
}

day! {
    /// In a confirmed storm life safety interrupts one who has something less urgent in hand. Not one who has life safety in hand
    /// or is called to it, not one who waits for others or has it on hold, and nobody who has it no more: it is the next that is
    /// called away.
    who_is_interrupted_and_who_is_not, Policy::default(), "
        account 1001 district=East
        account 1002 district=East
        account 1003 district=East
        account 1004 district=East
        account 1005 district=East
        account 1006 district=East
        unit 7
        10:00:00 sup1 storm declare area=district name=East minutes=120
        10:00:10 signal 1001 E130 n5
        10:00:11 signal 1002 E130 n5
        10:00:12 signal 1003 E130 n5
        10:01:00 op1 inc1 take
        10:01:01 op2 inc2 take
        10:01:02 op3 inc3 take
        10:01:10 op2 inc2 hold reason=call-back minutes=10
        10:01:20 op3 inc3 pre-process unit=7
        10:02:00 signal 1004 E110 n1
        10:02:10 signal 1005 E110 n1
        10:02:20 op2 inc4 take
        10:02:25 op2 inc4 call contact=1 result=no-answer
        10:02:30 op2 inc2 resume
        10:03:00 signal 1006 E110 n1
        show queue
    "
}

day! {
    /// A unit is sent again to an incident when its papers are written, and its papers of others count as jobs; while it is on its
    /// way to another it is busy, not asked.
    papers_and_jobs_of_a_unit, rules(r#"{"units": {"next": "ask"}}"#), "
        account 1001 district=East
        account 1002 district=East
        unit 1 travel_s={\"East\":100}
        unit 2 travel_s={\"East\":200}
        unit 3 travel_s={\"East\":900}
        09:00:00 signal 1001 E130 g1 n5
        09:00:05 op1 inc1 take
        09:00:20 op1 inc1 pre-process
        09:00:30 op1 inc1 accept unit=1
        09:05:00 op1 inc1 arrive unit=1
        09:10:00 op1 inc1 report-scene unit=1 doors=intact windows=intact
        09:15:00 op1 inc1 leave unit=1
        09:15:10 op1 inc1 offer
        09:15:30 op1 inc1 decline unit=2
        09:16:00 signal 1002 E130 g1 n5
        09:16:05 op2 inc2 take
        09:16:10 op2 inc2 pre-process
        09:16:30 op1 inc1 offer
        09:16:40 op1 inc1 decline unit=3
        09:17:10 time
        09:17:20 op1 inc1 record-dispatch unit=1 people=Wang findings=nothing signed_by=Wang
        09:17:30 op2 inc2 offer
        09:18:30 op1 inc1 offer
    "
}

day! {
    /// Where a cancel counts for no time, one in the very second of the alarm lowers nothing.
    a_cancel_that_counts_for_no_time, rules(r#"{"cancel": {"within_s": 0}}"#), "
        account 1001 cancel_users=[1]
        10:00:00 signal 1001 E130 n5
        10:00:00 signal 1001 E406 n1
        show queue
    "
}

day! {
    /// What an operator has had in hand is not taken away by a storm, although nobody has it now.
    what_somebody_had_in_hand_is_not_merged, rules(r#"{"storm": {"accounts": 3}}"#), "
        account 1001 district=East
        account 1002 district=East
        account 1003 district=East
        10:00:00 signal 1001 E350
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 release
        10:00:20 signal 1002 E350
        10:00:30 signal 1003 E350
        show queue
    "
}

day! {
    /// What a suspension hid is shown at its end, unless it is on test then: what began before the test is, what the test hid too is
    /// shown when that is over.
    what_a_test_hides_after_a_suspension, Policy::default(), "
        account 1001 lowerings=[{\"number\":1,\"lowers\":\"suspension\",\"from\":\"09:00:00\",\"until\":\"12:00:00\"}]
        10:30:00 signal 1001 E130 g1 n4
        11:00:00 op1 test1001 start reason=repair asked_by=Li minutes=120
        11:30:00 signal 1001 E130 g1 n5
        12:00:00 time
        show queue
        13:00:00 time
        show queue
    "
}

day! {
    /// An account that gets its card while its incident is open keeps it when that is closed.
    a_card_outlives_the_incident_of_its_unknown_account, Policy::default(), "
        10:00:00 signal 9001 E130 n5
        account 9001
        10:01:00 op1 inc1 take
        10:02:00 op1 inc1 settle settlement=cards-corrected
        10:03:00 signal 9001 E130 n5
        show queue
    "
}

/// While people are in danger an intrusion that would be logged joins, as long as their incident has room for its place.
#[test]
fn an_intrusion_joins_danger_that_has_room_for_it() {
    let joins = |zones: usize| {
        let day: String = (1..zones).map(|zone| format!("09:00:00 signal 1001 E110 g1 n{zone}\n")).collect();
        let logs = rules(r#"{"classes": {"tamper": {"action": "log"}}}"#);
        let said = play(
            logs,
            &format!("account 1001\n09:00:00 signal 1001 E121 g1 n0\n{day}09:01:00 signal 1001 E383 g1 n999"),
        );
        said.contains("danger.beside")
    };
    assert!(joins(Incident::ORIGINS - 1) && !joins(Incident::ORIGINS));
}

/// An incident names as many places as it has room for, and no more.
#[test]
fn an_incident_names_so_many_places() {
    let day: String = (0..=Incident::ORIGINS).map(|zone| format!("09:00:00 signal 1001 E110 g1 n{zone}\n")).collect();
    let said = play(Policy::default(), &format!("account 1001\n{day}show incident 1"));
    let incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    assert_eq!((incident.signals as usize, incident.origins.len()), (Incident::ORIGINS + 1, Incident::ORIGINS));
}
