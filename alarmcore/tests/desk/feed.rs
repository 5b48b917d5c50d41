//! §2.5 of the capabilities, "auto-feed": what calls is offered to the next free operator by itself.

use alarmcore::{
    Attention, FeedEnd, Incident, IncidentEvent, IncidentId, OperatorId, Record, StormId, Timestamp, evolve,
};

use crate::script::{at, play, play_whole, rules};

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

/// A queue that everybody sees is its members' first. While none of them is there it is offered to whoever is, and life safety also while
/// none of them is free; one that only members see is not, until it is everybody's.
#[test]
fn row_2_5_assignment_auto_feed_where_no_member_is_there() {
    let fed = |exclusive: bool, code: &str, day: &str| {
        let exclusive = if exclusive { r#", "exclusive": true, "overflow_s": 40, "life_safety_s": 20"# } else { "" };
        let rules = rules(&format!(
            r#"{{"version": 4, "feed": {{"enabled": true, "offer_s": 15, "rest_s": 600}}, "queue": [
                {{"name": "banks", "for": {{"site_types": ["bank"]}}, "skills": ["banks"]{exclusive}}}]}}"#
        ));
        let day = format!(
            "account 1001 site_type=bank\naccount 1002 site_type=bank\noperator 1\noperator 2 skills=[\"banks\"]
            10:00:00 op1 here\n{day}\n10:00:10 signal 1001 {code} g1 n5\n10:00:20 time\n10:00:40 time"
        );
        let said = play(rules, &day);
        let fed = said.lines().filter(|line| line.contains(" fed "));
        let who = |line: &str| line.split_once("\"to\":").map(|(_, to)| to[..1].to_owned()).unwrap();
        fed.map(|line| format!("{} to {}", &line.trim()[..13], who(line))).collect::<Vec<_>>().join(", ")
    };
    let (member, alone) = ("10:00:01 op2 here", "");
    let busy = "10:00:01 op2 here\n10:00:02 signal 1002 E130 g1 n5\n10:00:03 op2 inc1 take";
    let said = [
        fed(false, "E130", alone),
        fed(false, "E110", alone),
        fed(true, "E130", alone),
        fed(false, "E130", member),
        fed(false, "E110", member),
        fed(true, "E110", member),
        fed(false, "E130", busy),
        fed(false, "E110", busy),
    ];
    // Nobody of the queue is there; a member is; a member is there and busy.
    let expected = [
        "10:00:10 inc1 to 1",
        "10:00:10 inc1 to 1",
        "10:00:10 inc1 to 1",
        "10:00:10 inc1 to 2",
        "10:00:10 inc1 to 2, 10:00:25 inc1 to 1",
        "10:00:10 inc1 to 2, 10:00:30 inc1 to 1",
        "10:00:02 inc1 to 2",
        "10:00:02 inc1 to 2, 10:00:10 inc2 to 1, 10:00:25 inc2 to 2",
    ];
    assert_eq!(said, expected);
}

/// Whoever has laid aside what turned out real is free meanwhile, and is offered the next one.
#[test]
fn whoever_holds_a_real_alarm_is_offered_the_next() {
    let day = |hold: &str| {
        let day = format!(
            "account 1001\naccount 1002\noperator 1\n10:00:00 op1 here\n10:00:01 signal 1001 E130 g1 n5
            10:00:02 op1 inc1 take\n10:00:03 op1 inc1 confirm-real basis=witness\n{hold}\n10:01:00 signal 1002 E130 g1 n5"
        );
        let said = play(rules(RULES), &day);
        said.lines().filter(|line| line.contains(" fed ")).map(|line| line.trim()[..13].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(day(""), ["10:00:01 inc1"]);
    assert_eq!(day("10:00:30 op1 inc1 hold minutes=2 reason=keyholder-coming"), ["10:00:01 inc1", "10:01:00 inc2"]);
}

/// What a storm takes in while it is offered to somebody is offered to nobody any more.
#[test]
fn what_is_merged_is_offered_to_nobody() {
    let day = "account 1001\noperator 1\n10:00:00 op1 here\n10:00:01 signal 1001 E350\nshow incident 1";
    let said = play(rules(RULES), day);
    let offered: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    assert_eq!(offered.offered.map(|offer| offer.to), Some(OperatorId::new(1)));
    let event = IncidentEvent::Merged { into: IncidentId::new(2), storm: StormId::new(1) };
    let (version, at) = (offered.version + 1, at("10:00:05"));
    let record = Record { incident: offered.id, version, at, by: None, event };
    assert_eq!(evolve(Some(offered), &record).offered, None);
}

/// Whoever acts in the very moment in which an offer to them is over has acted; what comes from outside is nobody's attention.
#[test]
fn attention_is_that_of_people_and_acts_count_first() {
    let (then, later) = (at("10:00:00"), at("10:00:01"));
    let record =
        |by: Option<OperatorId>, event| Record { incident: IncidentId::new(1), version: 2, at: then, by, event };
    let (one, noted) = (OperatorId::new(1), || IncidentEvent::Noted { note: None });
    let acted = Attention { acted_at: Some(then), missed_at: None };
    assert_eq!(Attention::of(&record(Some(one), noted())), Some((one, acted)));
    assert_eq!(Attention::of(&record(Some(OperatorId::OUTSIDE), noted())), None);
    assert_eq!(Attention::of(&record(None, noted())), None);
    let over = IncidentEvent::FeedOver { to: one, reason: FeedEnd::NotTaken };
    let missed = |missed_at| Attention { acted_at: None, missed_at: Some(missed_at) };
    assert_eq!(Attention::of(&record(None, over)), Some((one, missed(then))));
    assert_eq!((acted.with(missed(then)), missed(then).with(acted)), (acted, acted));
    assert_eq!(acted.with(missed(later)), Attention { acted_at: Some(then), missed_at: Some(later) });
}

/// An event with everything in it.
pub(crate) fn a_fed() -> IncidentEvent {
    IncidentEvent::Fed { to: OperatorId::new(2), until: Timestamp::from_millis(1_795_385_658_500), policy: 3 }
}

/// Only who has said that they are there is offered anything, and so long as they are heard.
#[test]
fn row_2_5_assignment_auto_feed_only_to_who_is_there() {
    let fed = |there: &str| {
        let day =
            format!("account 1001\noperator 1\noperator 2\n{there}\n10:00:01 signal 1001 E130 g1 n5\n10:02:00 time");
        play(rules(RULES), &day).lines().filter(|line| line.contains(" fed ")).count()
    };
    let said =
        ["", "10:00:00 op2 here", "10:00:00 op2 here\n10:00:00 op2 silent", "10:00:00 op2 here\n10:00:00 op2 left"];
    assert_eq!(said.map(fed), [0, 1, 0, 0]);
}
