//! Recurring tests (§2.2, on test): hours that two people agreed to, in which an account is put on test again and again.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, Lowering, Lowers, Past, Policy, RecurringFault, RecurringTest, Scope, Snapshot, TestHours, TestReason,
    Timestamp, WhatIf,
};
use contactid::Class;

use crate::script::{at, play, rules, signal};

/// "Recurring": in its hours it is on test by itself, warns, ends by itself, and shows at the end what it hid and still stands. Whoever
/// has it on test when the hours come keeps their own test; on days that are closed there is none; and a person may end one before.
#[test]
fn row_2_2_on_test_recurring() {
    let script = r#"
        account 1001 lowerings=[{"number":3,"lowers":"recurring-test","hours":"zone UTC; Mon-Fri 09:00-10:00; closed 2026-11-25","test_reason":"customer","from":"2026-11-22/12:00:00","until":"2026-11-27/09:30:00"}]
        2026-11-22/09:05:00 signal 1001 E130 g1 n4
        2026-11-22/09:05:20 signal 1001 R130 g1 n4
        2026-11-23/08:59:00 signal 1001 E130 g1 n5
        2026-11-23/08:59:10 signal 1001 R130 g1 n5
        2026-11-23/09:05:00 signal 1001 E130 g1 n6
        2026-11-23/09:05:20 signal 1001 R130 g1 n6
        2026-11-23/09:06:00 signal 1001 E110 g1 n2
        2026-11-23/09:06:10 signal 1001 R110 g1 n2
        2026-11-23/09:06:20 op1 inc1 take
        2026-11-23/09:06:30 op1 inc1 call contact=1 result=code-ok
        2026-11-23/09:06:40 op1 inc1 verify-false cause=user-error
        2026-11-23/09:30:00 signal 1001 E130 g1 n7
        2026-11-23/10:00:00 time
        2026-11-23/10:05:00 signal 1001 R130 g1 n7
        2026-11-24/08:30:00 op1 test1001 start reason=repair asked_by=Li minutes=60 second=op9
        2026-11-24/09:45:00 signal 1001 E130 g1 n8
        2026-11-24/09:46:00 signal 1001 R130 g1 n8
        2026-11-25/09:05:00 signal 1001 E130 g1 n8
        2026-11-25/09:06:00 signal 1001 R130 g1 n8
        2026-11-26/09:10:00 op1 test1001 end note="all zones tried"
        2026-11-26/09:11:00 signal 1001 E130 g1 n8
        2026-11-26/09:12:00 signal 1001 R130 g1 n8
        2026-11-27/09:10:00 signal 1001 E130 g1 n8
        2026-11-28/09:05:00 signal 1001 E130 g1 n9
        show queue
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Fire is tested only where the agreement names it, and only in its zones: the monthly try of the sprinklers.
#[test]
fn row_2_2_on_test_recurring_life_safety() {
    let script = r#"
        account 1001 lowerings=[{"number":1,"lowers":"recurring-test","hours":"zone UTC; 2026-11-23 09:00-10:00","scope":{"zones":{"which":"listed","zones":[2]},"life_safety":["fire"]},"test_reason":"inspection","from":"00:00:01","until":"2026-12-24/12:00:00"}]
        2026-11-23/09:06:00 signal 1001 E110 g1 n2
        2026-11-23/09:07:00 signal 1001 R110 g1 n2
        2026-11-23/09:08:00 signal 1001 E120 g1 n2
        2026-11-23/09:09:00 signal 1001 E110 g1 n3
        2026-11-23/09:30:00 signal 1001 E110 g1 n2
        2026-11-23/10:00:00 time
        show queue
    "#;
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// What was agreed to ends early, and its test with it; what stands is shown then. No test is longer than an operator's may be, whatever
/// was agreed to before the limit was what it is.
#[test]
fn a_recurring_test_ends_with_its_agreement_and_at_its_limit() {
    let script = r#"
        account 1001 lowerings=[{"number":1,"lowers":"recurring-test","hours":"zone UTC; Sun 09:00-10:00","test_reason":"works","from":"00:00:01","until":"2026-12-24/12:00:00"}]
        account 1002 lowerings=[{"number":1,"lowers":"recurring-test","hours":"zone UTC; Sun 09:00-20:00","test_reason":"works","from":"00:00:01","until":"2026-12-24/12:00:00"}]
        09:10:00 signal 1001 E130 g1 n7
        account 1001 lowerings=[{"number":1,"lowers":"recurring-test","hours":"zone UTC; Sun 09:00-10:00","test_reason":"works","from":"00:00:01","until":"09:20:00"}]
        09:20:00 time
        09:59:00 signal 1002 E130 g1 n7
        10:01:00 time
        2026-11-29/09:30:00 signal 1001 E130 g1 n8
        show queue
    "#;
    let policy = rules(r#"{"on_test": {"operator_max_s": 3600}, "lowered": {"warn_before_s": 600}}"#);
    insta::assert_snapshot!(play(policy, script));
}

/// Under both policies its hours come by themselves; a policy that lets no test last so long shows what the other hid.
#[test]
fn what_if_plays_recurring_tests() {
    let test = Lowering {
        number: 1,
        lowers: Lowers::RecurringTest(test("zone UTC; Sun 10:00-10:30")),
        from: at("00:00:01"),
        until: at("2026-12-24/12:00:00"),
        agreed_at: None,
    };
    let card = AccountCard { lowerings: [test].into_iter().collect(), ..AccountCard::new("1001".parse().unwrap()) };
    let new = rules(r#"{"version": 2, "on_test": {"operator_max_s": 600}}"#);
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), Policy::default(), new);
    what_if.hear(&Past::Account(card));
    let signals = [
        ("10:05:00", "E130", "n4"),
        ("10:05:10", "R130", "n4"),
        ("10:15:00", "E130", "n5"),
        ("10:20:00", "R130", "n5"),
    ];
    for (id, (clock, event, zone)) in (1..).zip(signals) {
        what_if.hear(&Past::Signal(signal(id, at(clock), "1001", &[event, "g1", zone]), None));
    }
    let found = what_if.end(at("11:00:00"), &[]);
    insta::assert_debug_snapshot!(found);
}

fn test(hours: &str) -> RecurringTest {
    RecurringTest { hours: hours.parse().unwrap(), scope: Scope::default(), test_reason: TestReason::Customer }
}

/// The next hours, over a night, over a change of the clocks, and on single days.
#[test]
fn hours_come_again() {
    let moment = |text: &str| Timestamp::from_rfc3339(text).unwrap();
    let follow = |hours: &str, after: &str, times: usize| {
        let test = test(hours);
        let step = |last: &Option<(Timestamp, Timestamp)>| last.map(|(opens, _)| test.hours.next(opens));
        let first = test.hours.next(moment(after));
        let all = std::iter::successors(Some(first), step).flatten().take(times);
        all.map(|(opens, closes)| format!("{opens} {closes}")).collect::<Vec<_>>()
    };
    // The night in which the clocks of Berlin are set back has one hour more; a test does not, nor where its end is shown twice.
    assert_eq!(
        follow("zone Europe/Berlin; Sat-Sun 23:00-04:00", "2026-10-24T12:00:00Z", 3),
        [
            "2026-10-24T21:00:00.000Z 2026-10-25T02:00:00.000Z",
            "2026-10-25T22:00:00.000Z 2026-10-26T03:00:00.000Z",
            "2026-10-31T22:00:00.000Z 2026-11-01T03:00:00.000Z",
        ]
    );
    let twice = |hours: &str| follow(&format!("zone Europe/Berlin; Sun {hours}"), "2026-10-24T12:00:00Z", 1);
    assert_eq!(twice("02:15-02:45"), ["2026-10-25T00:15:00.000Z 2026-10-25T00:45:00.000Z"]);
    assert_eq!(twice("01:30-02:30"), ["2026-10-24T23:30:00.000Z 2026-10-25T00:30:00.000Z"]);
    let forward = follow("zone Europe/Berlin; Sun 01:30-03:30", "2027-03-27T12:00:00Z", 1);
    assert_eq!(forward, ["2027-03-28T00:30:00.000Z 2027-03-28T01:30:00.000Z"], "an hour that no clock shows");
    // Hours that touch are two tests. What begins at the moment itself is not the next.
    assert_eq!(
        follow("zone UTC; Mon 22:00-24:00; Tue 00:00-02:00", "2026-11-23T22:00:00Z", 2),
        ["2026-11-24T00:00:00.000Z 2026-11-24T02:00:00.000Z", "2026-11-30T22:00:00.000Z 2026-12-01T00:00:00.000Z",]
    );
    // Single days alone, and none after the last.
    let days = "zone Asia/Shanghai; 2026-12-05 09:00-10:00; 2027-01-02 09:00-10:00";
    assert_eq!(
        follow(days, "2026-11-23T22:00:00Z", 3),
        ["2026-12-05T01:00:00.000Z 2026-12-05T02:00:00.000Z", "2027-01-02T01:00:00.000Z 2027-01-02T02:00:00.000Z"]
    );
}

/// What can be no recurring test, and why.
#[test]
fn hours_that_no_test_can_recur_in() {
    let four_hours = 4 * 3600;
    assert_eq!(test("zone UTC; Mon 09:00-13:00").check(four_hours), Ok(()));
    let too_long = RecurringFault::TooLong { found: 241, at_most: 240 };
    assert_eq!(test("zone UTC; Mon 09:00-10:00; 2026-12-05 09:00-13:01").check(four_hours), Err(too_long));
    assert_eq!(too_long.to_string(), "hours of 241 minutes: a test may last 240 minutes at most");
    let fault = |line: &str| line.parse::<TestHours>().unwrap_err().to_string();
    assert_eq!(
        [
            "zone UTC; closed 2026-12-05",
            "zone UTC; Mon 09:00-10:00; area 2 Mon 09:00-10:00",
            "zone UTC; user 4 Mon 09:00-10:00",
            "zone UTC; tolerance 5m; Mon 09:00-10:00",
            "Mon 09:00-10:00",
        ]
        .map(fault),
        [
            "character 28: expected hours such as `Mon 09:00-10:00` or `2026-12-05 09:00-10:00`, found \"\"",
            "character 28: expected hours of the whole account, found \"area\"",
            "character 11: expected hours of the whole account, found \"user\"",
            "character 11: expected hours that are kept to the minute, found \"tolerance\"",
            "character 16: expected a time zone such as `zone Asia/Shanghai`, found \"\"",
        ]
    );
    let scope = Scope { life_safety: [Class::Fire, Class::Tamper].into(), ..Scope::default() };
    let misplaced = RecurringTest { scope, ..test("zone UTC; Mon 09:00-10:00") }.check(four_hours);
    assert_eq!(misplaced, Err(RecurringFault::NotLifeSafety(Class::Tamper)));
}

/// Hours that begin in the very second in which a test is agreed to count; those that begin when the agreement ends do not.
#[test]
fn a_recurring_test_begins_with_its_agreement_and_not_at_its_end() {
    let recurs = |from: &str, until: &str| {
        let day = format!(
            r#"account 1001 lowerings=[{{"number":1,"lowers":"recurring-test","hours":"zone UTC; Sun 09:00-10:00","test_reason":"works","from":"{from}","until":"{until}"}}]
            08:59:59 time
            09:00:00 time
            09:00:01 time"#
        );
        play(Policy::default(), &day).contains(" recurred ")
    };
    assert!(recurs("09:00:00", "12:00:00"));
    assert!(recurs("08:00:00", "09:00:01"));
    assert!(!recurs("08:00:00", "09:00:00"));
    assert!(!recurs("09:00:01", "12:00:00"));
}
