//! Who is threatened or calls for help is believed before whoever says that all is well: two people, the scene or the police must say so,
//! and what a unit found before danger came says nothing of it.

use alarmcore::Policy;

use crate::script::{play, rules};

/// What was refused and decided, who did it and who else signed, in the order in which it happened.
fn course(day: &str) -> Vec<String> {
    course_by(Policy::default(), day)
}

fn course_by(policy: Policy, day: &str) -> Vec<String> {
    const DECIDED: [&str; 7] =
        ["verified-false", "scene-false", "ended-undetermined", "handed-off", "authority-told", "overturned", "closed"];
    let told = |line: &str| {
        if let Some(refused) = line.trim().strip_prefix("refused: ") {
            return refused.split(" / ").next().map(|english| format!("refused: {english}"));
        }
        let words: Vec<&str> = line.split(' ').collect();
        let [_, incident, _, who, event, ..] = words[..] else { return None };
        let second = line.split_once(r#""second":"#).map(|(_, rest)| &rest[..1]);
        let signed = second.map_or_else(String::new, |second| format!("+op{second}"));
        DECIDED.contains(&event).then(|| format!("{incident} {who}{signed} {event}"))
    };
    play(policy, &format!("account 1001 district=East\naccount 1002\nunit 7\nunit 8\n{day}"))
        .lines()
        .filter_map(told)
        .collect()
}

const THREATENED: &str = "refused: somebody is threatened or calls for help: a supervisor other than you must sign as well, or a unit \
     or the police must have been there since";
const TWO: &str = "refused: a second person must agree";
const HIMSELF: &str = "refused: the second person must be somebody else";

/// A burglary that unit 7 has looked at: all intact. It is still there.
const INSPECTED: &str = "10:00:00 signal 1001 E130 g1 n5
    10:00:10 op1 inc1 take
    10:00:20 op1 inc1 pre-process unit=7
    10:00:30 op1 inc1 accept unit=7
    10:05:00 op1 inc1 arrive unit=7
    10:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
";

/// Danger that comes after the report is none that the unit has seen: neither is it false by that, nor left so. A report of afterwards
/// counts; what a unit saw that had left before does not.
#[test]
fn row_2_6_a_report_of_before_the_danger_ends_nothing() {
    let later = |danger: &str| {
        course(&format!(
            "{INSPECTED}10:07:00 {danger}
            10:07:05 op1 inc1 take
            10:07:10 op1 inc1 scene-false cause=user-error second=op2
            10:07:11 op1 inc1 end-undetermined end=no-finding second=op2
            10:08:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
            10:08:10 op1 inc1 scene-false cause=user-error second=op2"
        ))
    };
    let old =
        "refused: danger came at 2026-11-22T10:07:00.000Z, after the scene report: look anew and report once more";
    let seen = [old, old, "inc1 op1+op2 scene-false"];
    for danger in
        ["signal 1001 E110 g1 n1", "signal 1001 E121 g1 n2", "signal 1001 E120 g1 n3", "signal 1001 E130 g1 n6"]
    {
        assert_eq!(later(danger), seen, "{danger}");
    }
    let left = course(&format!(
        "{INSPECTED}10:06:10 op1 inc1 leave unit=7
        10:07:00 signal 1001 E110 g1 n1
        10:07:05 op1 inc1 take
        10:08:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        10:08:10 op1 inc1 scene-false cause=user-error
        10:09:00 op1 inc1 offer unit=8
        10:09:01 op1 inc1 accept unit=8
        10:12:00 op1 inc1 arrive unit=8
        10:12:10 op1 inc1 scene-false cause=user-error
        10:13:00 op1 inc1 report-scene unit=8 doors=intact windows=intact
        10:13:10 op1 inc1 scene-false cause=user-error"
    ));
    assert_eq!(left, [old, old, "inc1 op1 scene-false"]);
}

/// Under duress, by the word on a call or the code of the panel, a report of afterwards is not enough for one person alone; and whoever
/// said the word secures nothing. What leaves it with the police is said alone. No cancel request goes by one person.
#[test]
fn row_2_5_password_duress_is_ended_at_the_scene_by_two() {
    let ends = |duress: &str| {
        course(&format!(
            "{INSPECTED}10:07:00 op1 inc1 {duress}
            10:07:05 op1 inc1 take
            10:07:10 op1 inc1 hand-off to=police
            10:07:11 op1 inc1 answer-hand-off number=1 accepted=true
            10:08:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
            10:08:10 op1 inc1 scene-false cause=user-error
            10:08:11 op1 inc1 scene-false cause=user-error second=op1
            10:08:12 op1 inc1 end-undetermined end=no-finding
            10:08:13 op1 inc1 end-undetermined end=secured-by-owner contact=2
            10:08:14 op1 inc1 end-undetermined end=secured-by-owner contact=1 second=op2
            10:08:15 op1 inc1 tell-authority number=1 telling=cancel
            10:08:16 op1 inc1 end-undetermined end=handed-to-police
            10:08:17 op1 inc1 tell-authority number=1 telling=cancel
            10:08:18 op1 inc1 tell-authority number=1 telling=cancel second=op2"
        ))
    };
    let forced = "refused: this contact said the duress word: somebody else has to secure the scene";
    assert_eq!(
        ends("call contact=1 result=duress-code"),
        [
            "inc1 op1 handed-off",
            TWO,
            HIMSELF,
            TWO,
            TWO,
            forced,
            THREATENED,
            "inc1 op1 ended-undetermined",
            THREATENED,
            "inc1 op1+op2 authority-told",
        ]
    );
    let code = course(&format!(
        "{INSPECTED}10:07:00 signal 1001 E121 g1 n2
        10:07:01 signal 1001 R121 g1 n2
        10:07:05 op1 inc1 take
        10:08:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        10:08:10 op1 inc1 scene-false cause=user-error
        10:08:11 op1 inc1 end-undetermined end=no-finding
        10:08:12 op1 inc1 end-undetermined end=secured-by-owner contact=1 second=op2"
    ));
    assert_eq!(code, [TWO, TWO, "inc1 op1+op2 ended-undetermined"]);
}

/// A hold-up button or a duress code, also one that has restored: nobody finds it false by telephone alone or asks the police not to
/// come. A second person's signature is enough for the everyday false one; and whoever is alone at the desk sends a unit, or hears from
/// the police that they found nothing.
#[test]
fn row_2_5_four_eyes_hold_up_verified_false() {
    for code in ["120", "121", "122"] {
        let by_two = course(&format!(
            "10:00:00 signal 1001 E{code} g1 n1
            10:00:01 signal 1001 R{code} g1 n1
            10:00:05 op1 inc1 take
            10:00:06 op1 inc1 call contact=1 result=code-ok
            10:00:10 op1 inc1 hand-off to=police
            10:00:11 op1 inc1 answer-hand-off number=1 accepted=true
            10:00:20 op1 inc1 tell-authority number=1 telling=cancel
            10:00:21 op1 inc1 verify-false cause=user-error
            10:00:22 op1 inc1 tell-authority number=1 telling=cancel second=op2
            10:00:23 op1 inc1 verify-false cause=user-error second=op1
            10:00:24 op1 inc1 verify-false cause=user-error second=op2"
        ));
        let told = "inc1 op1+op2 authority-told";
        let course = ["inc1 op1 handed-off", THREATENED, THREATENED, told, HIMSELF, "inc1 op1+op2 verified-false"];
        assert_eq!(by_two, [&course[..], &["inc1 op1 closed"]].concat(), "{code}");
    }
    let by_scene = course(
        "10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 pre-process unit=7
        10:00:11 op1 inc1 accept unit=7
        10:05:00 op1 inc1 arrive unit=7
        10:06:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        10:06:10 op1 inc1 scene-false cause=user-error",
    );
    assert_eq!(by_scene, ["inc1 op1 scene-false"]);
    let by_police = |outcome: &str, after: &str| {
        course(&format!(
            "10:00:00 signal 1001 E121 g1 n1
            10:00:05 op1 inc1 take
            10:00:10 op1 inc1 hand-off to=police
            10:05:00 op1 inc1 record-answer number=1 answer=closed outcome={outcome}
            {after}
            10:09:10 op1 inc1 verify-false cause=user-error"
        ))
    };
    let over = ["inc1 op1 handed-off", "inc1 op1 verified-false", "inc1 op1 closed"];
    assert_eq!(by_police("nothing-found", ""), over);
    assert_eq!(by_police("real", ""), ["inc1 op1 handed-off", THREATENED]);
    let once_more = "10:06:00 signal 1001 E120 g1 n2\n10:09:00 op1 inc1 take";
    assert_eq!(by_police("nothing-found", once_more), ["inc1 op1 handed-off", THREATENED]);
}

/// A unit that calls for help, or the customer who was asked: police, ambulance and fire brigade are asked at once, without a word of
/// the owner, a call or a verdict, and nobody alone finds it false after that. What was found false before is so no longer.
#[test]
fn row_2_6_help_waits_for_nobody() {
    let calls = || rules(r#"{"verify": {"police": {"calls": 2}}}"#);
    let hand_offs = "op1 inc1 take
        10:07:10 op1 inc1 hand-off to=police
        10:07:11 op1 inc1 hand-off to=ambulance
        10:07:12 op1 inc1 hand-off to=fire";
    let handed = ["inc1 op1 handed-off", "inc1 op1 handed-off", "inc1 op1 handed-off"];
    let help = "outside inc1 record-unit-answer unit=7 offer=1 answer=help message=m1";
    assert_eq!(course_by(calls(), &format!("{INSPECTED}10:07:00 {help}\n10:07:05 {hand_offs}")), handed);
    let anew = course_by(
        calls(),
        &format!(
            "{INSPECTED}10:06:10 op1 inc1 scene-false cause=animal
            10:07:00 {help}
            10:07:05 {hand_offs}
            10:07:13 op1 inc1 scene-false cause=animal
            10:07:14 op1 inc1 leave unit=7
            10:07:15 op1 inc1 record-dispatch unit=7 people=Wang findings=nothing signed_by=Wang
            10:07:16 op1 inc1 close"
        ),
    );
    let old =
        "refused: danger came at 2026-11-22T10:07:00.000Z, after the scene report: look anew and report once more";
    let open = "refused: still undetermined: only the scene can end it";
    assert_eq!(anew, [&["inc1 op1 scene-false"], &handed[..], &[old, open]].concat());
    let customer = course_by(
        calls(),
        &format!(
            "10:00:00 sup1 storm declare area=district name=East
            10:00:01 signal 1001 E130 g1 n5
            10:07:00 outside inc1 answer-contact answer=help
            10:07:05 {hand_offs}
            10:07:13 outside inc1 record-answer number=1 answer=rejected message=a
            10:07:14 outside inc1 record-answer number=2 answer=rejected message=b
            10:07:15 outside inc1 record-answer number=3 answer=rejected message=c
            10:07:16 op1 inc1 take
            10:07:17 op1 inc1 verify-false cause=animal
            10:07:18 op1 inc1 verify-false cause=animal second=op2"
        ),
    );
    assert_eq!(customer, [&handed[..], &[THREATENED, "inc1 op1+op2 verified-false", "inc1 op1 closed"]].concat());
}

day! {
    /// While people are in danger, an intrusion at a place of which nothing was known joins, though a suspension, a rule that logs, or the
    /// third trip of a swinger would only log it; the same place once more says nothing new, and without danger all is logged as ever.
    row_2_2_an_intrusion_beside_danger_is_shown, rules(r#"{"classes": {"tamper": {"action": "log"}}}"#), "
        account 1001 lowerings=[{\"number\":1,\"lowers\":\"suspension\",\"from\":\"08:00:00\",\"until\":\"12:00:00\"}]
        account 1002
        09:00:00 signal 1001 E130 g1 n3
        09:01:00 signal 1001 E121 g1 n0
        09:01:10 signal 1001 E130 g1 n3
        09:01:20 signal 1001 E130 g1 n3
        09:01:30 signal 1001 E130 g1 n4
        09:02:00 signal 1002 E383 g1 n8
        09:02:10 signal 1002 E110 g1 n1
        09:02:20 signal 1002 E383 g1 n8
        09:02:30 signal 1002 E130 g1 n9
        show queue
    "
}

/// A fire hides no threat: whoever was held up, is forced or has called for help is so, whatever the incident is called since.
#[test]
fn row_2_5_four_eyes_a_fire_hides_no_threat() {
    let found_false = |danger: &str| {
        course(&format!(
            "09:59:59 sup1 storm declare area=district name=East
            10:00:00 signal 1001 E130 g1 n5
            10:00:01 signal 1001 E110 g1 n1
            10:00:05 {danger}
            10:00:06 outside inc1 answer-contact answer=all-well
            10:00:10 op1 inc1 take
            10:00:20 op1 inc1 verify-false cause=user-error
            10:00:21 op1 inc1 verify-false cause=user-error second=op2"
        ))
    };
    let by_two = [THREATENED, "inc1 op1+op2 verified-false", "inc1 op1 closed"];
    for danger in ["signal 1001 E120 g1 n2", "signal 1001 E121 g1 n2", "outside inc1 answer-contact answer=help"] {
        assert_eq!(found_false(danger), by_two, "{danger}");
    }
    assert_eq!(found_false("signal 1001 E110 g1 n2")[..2], ["inc1 op1 verified-false", "inc1 op1 closed"]);
    let at_the_scene = course(&format!(
        "{INSPECTED}10:07:00 signal 1001 E110 g1 n1
        10:07:01 signal 1001 E121 g1 n2
        10:07:05 op1 inc1 take
        10:08:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
        10:08:10 op1 inc1 scene-false cause=user-error"
    ));
    assert_eq!(at_the_scene, [TWO]);
}

/// The police who closed it after the last danger have seen that it is nothing; where both are of one moment, nobody knows.
#[test]
fn row_2_5_four_eyes_the_police_close_it_after_the_danger() {
    let closed = |danger: &str| {
        course(&format!(
            "10:00:00 signal 1001 E121 g1 n1
            10:00:05 op1 inc1 take
            10:00:10 op1 inc1 hand-off to=police
            {danger} signal 1001 E120 g1 n2
            10:05:00 op1 inc1 record-answer number=1 answer=closed outcome=nothing-found
            10:05:01 op1 inc1 take
            10:05:10 op1 inc1 verify-false cause=user-error"
        ))
    };
    assert_eq!(closed("10:04:59"), ["inc1 op1 handed-off", "inc1 op1 verified-false", "inc1 op1 closed"]);
    assert_eq!(closed("10:05:00"), ["inc1 op1 handed-off", THREATENED]);
}

/// What a unit that leaves after the danger has seen of it counts; not where it left as the danger came.
#[test]
fn row_2_6_a_unit_that_leaves_after_the_danger_has_seen_it() {
    let left = |clock: &str| {
        course(&format!(
            "{INSPECTED}10:07:00 signal 1001 E110 g1 n1
            10:07:00 op1 inc1 take
            {clock} op1 inc1 leave unit=7
            10:08:00 op1 inc1 report-scene unit=7 doors=intact windows=intact
            10:08:10 op1 inc1 scene-false cause=user-error"
        ))
    };
    let old =
        "refused: danger came at 2026-11-22T10:07:00.000Z, after the scene report: look anew and report once more";
    assert_eq!([left("10:07:00"), left("10:07:01")], [[old], ["inc1 op1 scene-false"]]);
}

/// That somebody is needed again, or has cancelled who may not, is no further danger: what the scene has shown stands.
#[test]
fn row_2_6_a_stranger_who_cancels_is_no_danger() {
    let stranger = course(&format!(
        "account 1001 cancel_users=[1]\n{INSPECTED}10:07:00 signal 1001 E406 g1 n99
        10:07:05 op1 inc1 take
        10:08:10 op1 inc1 scene-false cause=user-error"
    ));
    assert_eq!(stranger, ["inc1 op1 scene-false"]);
}
