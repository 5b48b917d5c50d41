//! Calls before the police (§2.2, ECV / two-call), and what is kept of a call.

use alarmcore::Policy;

use crate::script::{at, play, rules};

const TWO: &str = r#"{"verify": {"police": {"calls": 2, "numbers": 2}}, "without_wish": {"burglary": ["police"]}}"#;

/// §2.2, ECV / two-call: "state machine refuses police hand-off without two recorded attempts unless type exempt or rule of
/// 3.6 met". Two people with one number are one number; two calls to one number are not two numbers.
#[test]
fn row_2_2_ecv() {
    let script = "
        account 1001
        22:14:00 signal 1001 E130 g1 n5
        22:14:05 op1 inc1 take
        22:14:10 op1 inc1 confirm-real basis=contact
        22:14:11 op1 inc1 hand-off to=police
        22:14:12 op1 inc1 close
        22:14:20 op1 inc1 call contact=1 result=NA number=1 numbers=3
        22:14:21 op1 inc1 hand-off to=police
        22:14:30 op1 inc1 call contact=2 result=NA number=1 numbers=3
        22:14:31 op1 inc1 hand-off to=police
        22:14:32 op1 inc1 hand-off to=fire
        22:14:40 op1 inc1 call contact=2 result=DN number=2 numbers=3
        22:14:41 op1 inc1 hand-off to=police
    ";
    insta::assert_snapshot!(play(rules(TWO), script));
}

/// Life safety never waits for a call; nor does a confirmed intrusion, what was seen, the scene, a witness.
#[test]
fn row_2_2_ecv_exempt() {
    let script = "
        account 1001
        account 1002
        account 1003
        account 1004
        account 1005
        unit 7
        22:00:00 signal 1001 E120 n4
        22:00:01 op1 inc1 take
        22:00:02 op1 inc1 hand-off to=police
        22:01:00 signal 1002 E130 g1 n5
        22:01:10 signal 1002 E130 g1 n6
        22:01:20 op1 inc2 take
        22:01:21 op1 inc2 confirm-real basis=contact
        22:01:22 op1 inc2 hand-off to=police
        22:02:00 signal 1003 E130 g1 n5
        22:02:10 op1 inc3 take
        22:02:11 op1 inc3 confirm-real basis=contact
        22:02:12 op1 inc3 observe source=video saw=nobody
        22:02:13 op1 inc3 hand-off to=police
        22:02:14 op1 inc3 observe source=video saw=people
        22:02:15 op1 inc3 hand-off to=police
        22:03:00 signal 1004 E130 g1 n5
        22:03:10 op1 inc4 take
        22:03:11 op1 inc4 confirm-real basis=witness
        22:03:12 op1 inc4 hand-off to=police
        22:04:00 signal 1005 E130 g1 n5
        22:04:10 op1 inc5 take
        22:04:11 op1 inc5 call contact=1 result=DC number=1 numbers=1
        22:04:12 op1 inc5 hand-off to=police
    ";
    insta::assert_snapshot!(play(rules(TWO), script));
}

/// An account with one number has it called as often as is asked for, and no more numbers; without a rule nothing is asked.
#[test]
fn ecv_asks_for_no_more_numbers_than_there_are() {
    let script = "
        account 1001
        22:14:00 signal 1001 E130 g1 n5
        22:14:05 op1 inc1 take
        22:14:10 op1 inc1 confirm-real basis=contact
        22:14:20 op1 inc1 call contact=1 result=NA number=1 numbers=1
        22:14:21 op1 inc1 hand-off to=police
        22:14:30 op1 inc1 call contact=1 result=AN number=1 numbers=1
        22:14:31 op1 inc1 hand-off to=police
    ";
    insta::assert_snapshot!(play(rules(TWO), script));
    let none = play(rules(r#"{"without_wish": {"burglary": ["police"]}}"#), script);
    assert_eq!(none.matches("refused").count(), 1, "only the second hand-off: {none}");
}

/// Whoever has no number on the card was not called: such a call is none of the two. Without any number on the card, each counts.
#[test]
fn ecv_counts_no_call_without_a_number() {
    let refused = |calls: &str| {
        let script = format!(
            "account 1001\n22:14:00 signal 1001 E130 g1 n5\n22:14:05 op1 inc1 take\n{calls}
            22:14:29 op1 inc1 confirm-real basis=contact\n22:14:30 op1 inc1 hand-off to=police"
        );
        let timeline = play(rules(TWO), &script);
        timeline.lines().find_map(|line| {
            line.split_once("refused: before the police: ").map(|(_, why)| why.split(" / ").next().unwrap().to_owned())
        })
    };
    let site = "22:14:10 op1 inc1 call contact=0 result=NA numbers=2\n";
    let owner = "22:14:20 op1 inc1 call contact=1 result=NA number=1 numbers=2\n";
    let other = "22:14:25 op1 inc1 call contact=2 result=NA number=2 numbers=2\n";
    let days =
        [format!("{site}{owner}"), format!("{owner}{other}"), site.repeat(2), site.replace("=2", "=0").repeat(2)];
    let lacks = |what: &str| Some(what.to_owned());
    let one = lacks("1 more call(s), to 1 more different number(s)");
    let two = lacks("2 more call(s), to 2 more different number(s)");
    assert_eq!(days.each_ref().map(|day| refused(day)), [one, None, two, None]);
}

/// A dead number is to be corrected by the time that the rules of the moment say; other results ask for nothing.
#[test]
fn a_dead_number_has_its_deadline() {
    let script = "
        account 1001
        22:14:00 signal 1001 E130 g1 n5
        22:14:05 op1 inc1 take
        22:14:20 op1 inc1 call contact=1 result=wrong-number number=1 numbers=2
        22:14:30 op1 inc1 call contact=1 result=disconnected
        22:14:40 op1 inc1 call contact=1 result=busy number=2 numbers=2
    ";
    insta::assert_snapshot!(play(rules(r#"{"calls": {"correct_within_s": 3600}}"#), script));
    let nobody = play(rules(r#"{"calls": {"correct_within_s": 0}}"#), script);
    assert!(!nobody.contains("correct_by"), "{nobody}");
    assert_eq!(Policy::default().calls.correct_within_s, 86_400);
}

/// §2.5, call list: "next call date". Who did not answer is called again at 22:30: it rings for whoever is at the desk at that second,
/// and stays on the list until they are called, answer or not; somebody else's call ends nothing. What was put off again rings
/// again, after the incident was closed, too. No time that has gone, none beyond a year, none for a dead number.
#[test]
fn row_2_5_call_again() {
    let script = "
        account 1001
        22:00:00 signal 1001 E130 g1 n5
        22:00:10 op1 inc1 take
        22:01:00 op1 inc1 call contact=1 result=NA number=1 numbers=3 again_at=22:01:00-ms
        22:01:00 op1 inc1 call contact=1 result=NA number=1 numbers=3 again_at=999999999999999
        22:01:00 op1 inc1 call contact=1 result=DN number=1 numbers=3 again_at=22:30:00-ms
        22:01:00 op1 inc1 call contact=1 result=NA number=1 numbers=3 again_at=22:30:00-ms
        22:02:00 op1 inc1 call contact=2 result=NA number=2 numbers=3 again_at=22:10:00-ms
        22:05:00 op1 inc1 call contact=2 result=AN number=2 numbers=3
        22:10:00 time
        22:29:59 time
        22:30:00 time
        22:31:00 op1 inc1 call contact=1 result=BY number=1 numbers=3 again_at=23:00:00-ms
        22:32:00 op1 inc1 verify-false cause=animal
        23:00:00 time
        23:10:00 op2 follow3 done note=\"he rang himself\"
        show queue
    ";
    let moments = ["22:01:00", "22:10:00", "22:30:00", "23:00:00"];
    let dated = moments.iter().fold(script.to_owned(), |script, moment| {
        script.replace(&format!("{moment}-ms"), &at(moment).millis().to_string())
    });
    insta::assert_snapshot!(play(Policy::default(), &dated));
}
