//! What is more urgent than what an incident began with: nobody ends it unseen, and a fire is not
//! forgotten.

use alarmcore::{Incident, Kind, Policy, RaiseReason, Timestamp, Unseen};

use crate::script::{at, play, play_whole, rules};

macro_rules! day {
    ($(#[$doc:meta])* $name:ident, $play:ident, $policy:expr, $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), $play($policy, $script));
        }
    };
}

day! {
    /// Grouping, and life safety that is never joined away: a fire joins a burglary, and an act that was meant for
    /// the burglary comes a moment later. It is refused, says what came and when, and so is every other act that ends it or
    /// finds it harmless. Neither a call that was under way nor a hold stops the call: only taking it again does. What the
    /// owner was told on the telephone they have heard.
    row_2_5_grouping_danger_is_looked_at_first, play, Policy::default(), "
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

/// A fire calls after three seconds, and its chain has a step at five and one at twelve.
const FIRE: &str = r#"{"hand_off": {"fire_within_s": 3}, "escalation": [
    {"missing": "act", "after_s": 5, "to": "supervisor"}, {"missing": "act", "after_s": 12, "to": "manager"}
]}"#;

day! {
    /// "fire hand-off in the same minute": a fire that nobody has handed off calls again as long after each time that it was
    /// answered by anything else, a call that nobody takes ends nothing, and neither does it end the chain. A further zone
    /// begins the time anew. A hand-off that is placed ends both, and one that comes to nothing begins them again; so does
    /// finding it false. A hold-up's chain ends with its first act.
    row_2_6_fire_is_not_forgotten, play_whole, rules(FIRE), "
        account 1001
        account 1002
        account 1003
        10:00:00 signal 1001 E110 n1
        10:00:01 op1 inc1 take
        10:00:03 time
        10:00:03 op1 inc1 take
        10:00:04 op1 inc1 call contact=1 result=no-answer
        10:00:05 op1 inc1 call contact=2 result=no-answer
        10:00:20 time
        show queue
        10:00:21 op1 inc1 call contact=1 result=no-answer
        10:00:22 op1 inc1 hold minutes=1 reason=call-back
        10:00:30 signal 1001 E110 n2
        10:00:40 time
        10:00:41 op1 inc1 take
        10:00:42 op1 inc1 hand-off to=fire
        show queue
        10:01:30 time
        10:01:31 outside inc1 fail-delivery number=1 sequence=1 note=\"HTTP 503\"
        10:01:32 op1 inc1 take
        10:02:00 time
        10:02:01 op1 inc1 take
        10:02:02 op1 inc1 verify-false cause=user-error
        10:02:30 time
        11:00:00 signal 1002 E120 n1
        11:00:01 op1 inc2 take
        11:00:02 op1 inc2 call contact=1 result=no-answer
        11:01:00 time
        show queue
    "
}

/// What a pack asks of a fire, and another of a hold-up.
const PACKS: &str = "packs = ['gb50440', 'cn-sh-2010']";

day! {
    /// "Life safety re-raises": a fire stays a fire, whatever joins it: a call for help, a hold-up, the duress word. Its plan,
    /// what is due of it and its time go on, and what is due of the hold-up within it is due, too. A call for help becomes a
    /// hold-up, and a hold-up a fire. Each time graver danger comes, what is measured begins anew, and what was done before
    /// is not the first act.
    row_2_5_grouping_a_fire_stays_a_fire, play, Policy::from_toml(PACKS).unwrap(), "
        account 1001
        account 1002
        10:00:00 signal 1001 E110 n1
        10:00:02 op1 inc1 take
        10:00:05 op1 inc1 call contact=1 result=no-answer
        10:00:10 signal 1001 E100 n2
        10:00:11 op1 inc1 take
        10:00:12 op1 inc1 confirm-real basis=contact
        10:00:20 signal 1001 E120 n3
        10:00:21 op1 inc1 take
        10:00:22 op1 inc1 call contact=1 result=duress-code
        10:00:23 op1 inc1 hand-off to=fire
        show incident 1
        11:00:00 signal 1002 E130 n1
        11:00:01 op1 inc2 take
        11:00:02 op1 inc2 call contact=1 result=no-answer
        11:00:30 signal 1002 E100 n2
        11:00:31 op1 inc2 take
        11:00:32 op1 inc2 call contact=1 result=no-answer
        11:00:40 signal 1002 E121 n3
        11:00:50 signal 1002 E110 n4
        11:00:55 op1 inc2 take
        11:00:58 op1 inc2 call contact=1 result=no-answer
        show incident 2
    "
}

/// Incident 1 of a day of account 1001, as it stands at the end of it.
fn stands(day: &str) -> Incident {
    let timeline = play(Policy::default(), &format!("account 1001 district=East\n{day}\nshow incident 1"));
    let told = timeline.lines().last().and_then(|line| line.trim().strip_prefix("| "));
    told.and_then(|told| serde_json::from_str(told).ok()).unwrap_or_else(|| panic!("nothing is shown: {timeline}"))
}

/// Who else wants help than whom the owner of the incident has heard is to be looked at, whoever writes it down; and of what came
/// unseen danger to life is said, from when it last came.
#[test]
fn row_2_5_grouping_what_is_to_be_looked_at() {
    let unseen = |reason, clock| Some(Unseen { reason, since: at(clock) });
    let burglary = "18:00:10 signal 1001 E130 n5\n18:00:20 op1 inc1 take";
    let storm = "18:00:00 sup1 storm declare area=district name=East";
    let asked = format!("{storm}\n{burglary}\n18:00:30 outside inc1 answer-contact answer=help");
    assert_eq!(stands(&asked).unseen, unseen(RaiseReason::HelpWanted, "18:00:30"));
    let second_zone = format!("{burglary}\n18:00:30 signal 1001 E131 n6");
    assert_eq!(stands(&second_zone).unseen, unseen(RaiseReason::CrossZone, "18:00:30"));
    let fire = format!("{second_zone}\n18:00:40 signal 1001 E110 n2");
    assert_eq!(stands(&fire).unseen, unseen(RaiseReason::LifeSafety, "18:00:40"));
    let hold_up = format!("{fire}\n18:00:50 signal 1001 E120 n3");
    assert_eq!(stands(&hold_up).unseen, unseen(RaiseReason::LifeSafety, "18:00:50"));
    assert_eq!(stands(&format!("{hold_up}\n18:00:55 op1 inc1 take")).unseen, None);
}

/// From when the response is measured, and what was the first act of it: of a burglary from its first signal, also where a second
/// zone confirms it, and anew from the fire that joins it.
#[test]
fn row_2_5_grouping_the_response_to_the_gravest_danger_is_measured() {
    let measured = |day: &str| -> (Timestamp, Option<Timestamp>) {
        let incident = stands(day);
        (incident.counted_from(), incident.answered_at())
    };
    let burglary =
        "18:00:10 signal 1001 E130 n5\n18:00:20 op1 inc1 take\n18:00:25 op1 inc1 call contact=1 result=no-answer";
    assert_eq!(measured(burglary), (at("18:00:10"), Some(at("18:00:25"))));
    let second_zone = format!("{burglary}\n18:00:30 signal 1001 E131 n6");
    assert_eq!(measured(&second_zone), (at("18:00:10"), Some(at("18:00:25"))));
    let fire = format!("{second_zone}\n18:00:40 signal 1001 E110 n2");
    assert_eq!(measured(&fire), (at("18:00:40"), None));
    let answered = format!("{fire}\n18:00:45 op1 inc1 take\n18:00:50 op1 inc1 call contact=1 result=no-answer");
    assert_eq!(measured(&answered), (at("18:00:40"), Some(at("18:00:50"))));
}

/// Whoever has said that all is well, or nothing, and then wants help, is heard; help that was asked for already is life safety already.
#[test]
fn help_is_heard_after_any_other_answer() {
    let storm = "18:00:00 sup1 storm declare area=district name=East\n18:00:10 signal 1001 E130 n5";
    for (first, raised, refused) in [("all-well", 1, 0), ("silent", 1, 0), ("help", 1, 0)] {
        let answers = format!(
            "18:00:20 outside inc1 answer-contact answer={first}\n18:00:30 outside inc1 answer-contact answer=help"
        );
        let timeline = play(Policy::default(), &format!("account 1001 district=East\n{storm}\n{answers}"));
        let count = |what: &str| timeline.matches(what).count();
        assert_eq!((count(r#""reason":"help-wanted""#), count("refused: ")), (raised, refused), "{first}: {timeline}");
    }
}

/// Somebody who is ill and gas are danger alike: the incident stays what came first, and is no intrusion's once somebody is in danger.
#[test]
fn row_2_5_grouping_of_two_dangers_alike_the_first_stays() {
    let kind = |first: &str, then: &str| {
        stands(&format!("18:00:00 signal 1001 {first} n1\n18:00:10 op1 inc1 take\n18:00:20 signal 1001 {then} n2")).kind
    };
    for (first, then, expected) in [
        ("E100", "E151", Kind::Medical),
        ("E151", "E100", Kind::Gas),
        ("E130", "E151", Kind::Gas),
        ("E151", "E120", Kind::HoldUp),
        ("E151", "E110", Kind::Fire),
    ] {
        assert_eq!(kind(first, then), expected, "{first}, then {then}");
    }
}
