//! What cards expect besides tests and hours (capabilities 2.2, "guard tour / entry-exit / duress / welfare": one rule kind
//! "expect E within T else raise F"): scripted days, the table of cases around midnight and the change of clocks, and the line.

use alarmcore::{
    AccountCard, Edge, Expectation, ExpectationRules, Input, Policy, Received, SignalId, Supervision, Timestamp,
};

use crate::script::{play, signal};
use crate::witness::Witness;

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
    /// 2.2 guard tour: a round begins with its hours and goes from point to point; a point that is not reached in time is shown,
    /// reported again, and over when it is reached after all. Nobody is held to a round that never began.
    row_2_2_guard_tour "
        expects 1001 name Gate; expect E422 user 1; zone UTC; Mon-Sun 22:00-22:30, 02:00-02:30; within 15m; tolerance 5m; raise 641; priority 3 | name Vault; expect E422 user 2; after E422 user 1; within 10m; raise 646; again 15m
        21:00:00 signal 1001 E602
        21:56:00 signal 1001 E422 n1
        22:03:00 signal 1001 E422 n2
        22:30:00 watch
        26:20:00 watch
        show queue
        26:24:00 signal 1001 E422 n1
        26:24:01 watch
        26:34:00 watch
        26:49:00 watch
        26:50:00 signal 1001 E422 n2
        26:50:01 watch
        show queue
        show account 1001
    "
}

day! {
    /// 2.2 entry/exit: whoever opens the outer door has to disarm; whoever leaves has to arm. A way that is not finished is shown.
    row_2_2_entry_exit "
        expects 1001 name Way in; expect opening; after E426 zone 9; within 45s; raise 130 | name Way out; expect closing user 4; after E425 user 4; within 2m; raise 643; priority 5
        08:00:00 signal 1001 E426 n9
        08:00:40 signal 1001 E401 g1 n4
        08:01:00 watch
        18:00:00 signal 1001 E425 n4
        18:01:00 signal 1001 R401 g1 n4
        18:05:00 watch
        19:00:00 signal 1001 E426 n9
        19:00:44 watch
        19:00:45 watch
        19:01:10 signal 1001 E401 g1 n4
        19:01:11 watch
        19:10:00 signal 1001 E425 n4
        19:11:00 signal 1001 R401 g1 n7
        19:12:00 watch
        show queue
    "
}

day! {
    /// 2.2 welfare: somebody who is alone reports every half hour until they leave. What does not come is life safety, although
    /// nobody has said so, and stays so until a person has dealt with it.
    row_2_2_welfare "
        expects 1001 name Night porter; expect E462 user 7; after itself; until closing user 7; within 30m; tolerance 2m
        05:00:00 watch
        22:00:00 signal 1001 E462 n7
        22:31:00 signal 1001 E462 n7
        23:02:59 watch
        23:03:00 watch
        show queue
        23:10:00 signal 1001 E462 n7
        23:10:01 watch
        show queue
        23:30:00 signal 1001 R401 g1 n7
        47:00:00 watch
    "
}

day! {
    /// A test pauses what it covers, and the time begins anew when it is over; life safety is paused only where a person named it.
    expectations_stand_still_on_test "
        expects 1001 name Porter; expect E462 user 7; after itself; within 30m | name Gate; expect E422 user 1; after E422 user 2; within 10m; raise 641
        10:00:00 signal 1001 E462 n7
        10:05:00 sup1 test1001 start minutes=120 reason=repair asked_by=Wang proof=right
        10:06:00 signal 1001 E422 n2
        10:30:00 watch
        10:40:00 signal 1001 E462 n7
        10:40:01 watch
        10:50:00 op1 test1001 end
        10:59:59 watch
        11:00:00 watch
        11:05:00 sup1 test1001 start life_safety=[\"medical\"] minutes=60 reason=repair asked_by=Wang proof=right
        11:30:00 watch
        12:05:00 time
        12:34:59 watch
        12:35:00 watch
    "
}

day! {
    /// A suspension, and a log-only agreement that lists what would be reported, pause it, and the time begins anew when they are
    /// over. Whoever is alone is looked after all the same: nothing lowers life safety.
    expectations_stand_still_while_protection_is_lowered "
        account 1001 lowerings=[{\"number\":1,\"lowers\":\"suspension\",\"from\":\"10:05:00\",\"until\":\"12:00:00\"}]
        expects 1001 name Porter; expect E462 user 7; after itself; within 30m | name Gate; expect E422 user 1; after E422 user 2; within 10m; raise 641
        account 1002 lowerings=[{\"number\":1,\"lowers\":\"log-only\",\"classes\":[\"burglary\"],\"from\":\"10:05:00\",\"until\":\"12:00:00\"}]
        expects 1002 name Way in; expect opening; after E426 zone 9; within 10m; raise 130 | name Gate; expect E422 user 1; after E422 user 2; within 10m; raise 641
        10:00:00 signal 1001 E462 n7
        10:04:00 signal 1001 E422 n2
        10:04:00 signal 1002 E426 n9
        10:04:01 signal 1002 E422 n2
        10:05:00 time
        10:31:00 watch
        10:40:00 signal 1001 E462 n7
        10:40:01 watch
        10:50:00 signal 1001 R401 g1 n7
        12:00:00 time
        12:09:59 watch
        12:10:00 watch
        show queue
    "
}

day! {
    /// What the card expects no more is not missing any more.
    what_is_expected_no_more_has_come "
        expects 1001 name Gate; expect E422 user 1; after E422 user 2; within 10m; raise 641
        10:00:00 signal 1001 E422 n2
        10:10:00 watch
        expects 1001
        10:10:01 watch
        show account 1001
        show queue
    "
}

/// One account with one expectation, and what is said of each step: `time EVENT` or `time watch`; with the minute in UTC.
pub(crate) fn course(line: &str, since: &str, steps: &str) -> String {
    let policy =
        Policy { expect: ExpectationRules { restart_grace_s: 0, ..ExpectationRules::default() }, ..Policy::default() };
    let mut watch = Supervision::new(&policy.expect, Timestamp::default());
    let (mut witness, mut signals, mut said) = (Witness::new(policy), 0, Vec::new());
    let since = Timestamp::from_rfc3339(since).unwrap();
    let expectations = Expectation::dated(&Expectation::read_all(line).unwrap(), &[], since);
    let account = "1001".parse().unwrap();
    let card = AccountCard { expectations: Some(expectations.into()), ..AccountCard::new(account) };
    let _ = witness.handle(Input::Account(card));
    for step in steps.split(';').map(str::trim) {
        let (time, what) = step.split_once(' ').unwrap();
        let (day, zone) = time.split_at(16);
        let now = Timestamp::from_rfc3339(&format!("{day}:00{zone}")).unwrap();
        if what != "watch" {
            signals += 1;
            let words: Vec<&str> = what.split(' ').collect();
            let _ = witness.handle_after_restart(Input::Signal(signal(signals, now, "1001", &words)));
            watch.plan(account, &witness.desk().expected(&account, now), now);
            continue;
        }
        let mut here = Vec::new();
        while let Some(due) = watch.next().filter(|due| *due <= now) {
            for edge in watch.poll(due) {
                let Edge { at, missing, .. } = edge;
                here.push(format!("{}{}", if missing { '+' } else { '-' }, &at.to_string()[8..16]));
                signals += 1;
                let received = Received { id: SignalId::new(signals), report: edge.report() };
                let _ = witness.handle_after_restart(Input::Signal(received));
            }
            watch.plan(account, &witness.desk().expected(&account, due), due);
        }
        said.push(if here.is_empty() { "none".into() } else { here.join(" ") });
    }
    witness.close();
    said.join("; ")
}

const ROUND: &str = "name r; expect E422; zone UTC; Mon-Sun 23:50-00:30; within 30m; raise 641";
const BERLIN: &str = "name r; expect E422; zone Europe/Berlin; Sun 02:30-04:00; within 30m; raise 641";
const ALONE: &str = "name a; expect E422; after itself; zone Europe/Berlin; Sat 22:00-06:00; within 1h";

/// Expectation, since when, steps, what is said. Berlin sets its clocks forward on 2026-03-29 and back on 2026-10-25.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "over midnight, in time",
        ROUND,
        "2026-11-01T00:00:00Z",
        "2026-11-01T20:00Z E602; 2026-11-02T00:10Z E422; 2026-11-02T23:00Z watch",
        "none",
    ),
    (
        "over midnight, missed",
        ROUND,
        "2026-11-01T00:00:00Z",
        "2026-11-01T20:00Z E602; 2026-11-02T00:19Z watch; 2026-11-02T00:20Z watch",
        "none; +02T00:20",
    ),
    (
        "missed once a day",
        ROUND,
        "2026-11-01T00:00:00Z",
        "2026-11-01T20:00Z E602; 2026-11-04T00:19Z watch",
        "+02T00:20 +03T00:20",
    ),
    (
        "came late, and the next day counts",
        ROUND,
        "2026-11-01T00:00:00Z",
        "2026-11-01T20:00Z E602; 2026-11-02T00:20Z watch; 2026-11-02T00:25Z E422; 2026-11-02T00:26Z watch; 2026-11-03T01:00Z watch",
        "+02T00:20; -02T00:25; +03T00:20",
    ),
    (
        "hours that began before it held",
        ROUND,
        "2026-11-01T23:55:00Z",
        "2026-11-01T20:00Z E602; 2026-11-01T23:56Z E602; 2026-11-02T10:00Z watch; 2026-11-03T00:20Z watch",
        "none; +03T00:20",
    ),
    ("nothing was ever heard", ROUND, "2026-11-01T00:00:00Z", "2026-11-09T00:00Z watch", "none"),
    (
        "clocks forward: the hours begin when they are set",
        BERLIN,
        "2026-03-23T00:00:00Z",
        "2026-03-23T00:00Z E602; 2026-03-29T01:29Z watch; 2026-03-29T01:30Z watch",
        "none; +29T01:30",
    ),
    (
        "clocks back: the hours begin at the first 02:30",
        BERLIN,
        "2026-10-24T00:00:00Z",
        "2026-10-24T00:00Z E602; 2026-10-25T00:59Z watch; 2026-10-25T01:00Z watch",
        "none; +25T01:00",
    ),
    (
        "alone in a night that is an hour longer",
        ALONE,
        "2026-10-24T00:00:00Z",
        "2026-10-24T20:30Z E422; 2026-10-24T21:29Z E422; 2026-10-24T22:29Z watch; 2026-10-24T22:30Z E422; 2026-10-24T22:31Z watch; 2026-10-24T23:27Z E422; 2026-10-25T00:26Z E422; 2026-10-25T01:25Z E422; 2026-10-25T02:24Z E422; 2026-10-25T03:23Z E422; 2026-10-25T04:22Z E422; 2026-10-31T20:59Z watch; 2026-10-31T22:00Z watch",
        "+24T22:29; -24T22:30; none; +31T22:00",
    ),
    (
        "alone: the time begins with the hours",
        ALONE,
        "2026-11-07T00:00:00Z",
        "2026-11-07T10:00Z E422; 2026-11-07T21:59Z watch; 2026-11-07T22:00Z watch",
        "none; +07T22:00",
    ),
    (
        "alone: what would be due after the hours is not",
        ALONE,
        "2026-11-07T00:00:00Z",
        "2026-11-07T10:00Z E602; 2026-11-07T21:30Z E422; 2026-11-07T22:30Z watch; 2026-11-08T04:30Z E422; 2026-11-08T12:00Z watch",
        "+07T22:30; -08T04:30",
    ),
    (
        "again and again until it comes",
        "name g; expect E461 zone 1; after E423 zone 1; within 5m; raise 641; again 1h",
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:00Z E423 n1; 2026-11-01T02:10Z watch; 2026-11-01T02:20Z E461 n1; 2026-11-01T09:00Z watch",
        "+01T00:05 +01T01:05 +01T02:05; -01T02:20",
    ),
    (
        "an ending ends what is missing, too",
        "name g; expect E462 user 7; after itself; until closing user 7; within 30m; again 1h",
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:00Z E462 n7; 2026-11-01T01:31Z watch; 2026-11-01T01:40Z R401 n7; 2026-11-01T09:00Z watch",
        "+01T00:30 +01T01:30; -01T01:40",
    ),
    (
        "who begins again has the whole time again",
        "name g; expect opening; after E426 zone 9; within 60s; raise 641",
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:00Z E426 n9; 2026-11-01T00:01Z E426 n9; 2026-11-01T00:01Z watch; 2026-11-01T00:02Z watch",
        "none; +01T00:02",
    ),
    (
        "an opening that was closed again was one",
        "name g; expect opening; after E426 zone 9; within 10m; raise 641",
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:00Z E426 n9; 2026-11-01T00:01Z E401 g1 n4; 2026-11-01T00:02Z R401 g1 n4; 2026-11-01T01:00Z watch",
        "none",
    ),
];

#[test]
fn around_midnight_and_the_change_of_clocks() {
    let said: Vec<(&str, String)> =
        CASES.iter().map(|(name, line, since, steps, _)| (*name, course(line, since, steps))).collect();
    let expected: Vec<(&str, String)> = CASES.iter().map(|(name, .., said)| (*name, (*said).to_owned())).collect();
    assert_eq!(said, expected);
}

/// A line says the same when it is written and read again; what is no line is named with its place and what to do.
#[test]
fn lines() {
    let text = "name 东门 round; expect E422 user 7 area 2; after R426 zone 3; until closing user 7; \
                zone Asia/Shanghai; Mon-Fri 22:00-06:00; closed 2026-10-01..2026-10-07; within 90s; tolerance 5m; raise 641; \
                priority 3; again 1h";
    assert_eq!(text.parse::<Expectation>().unwrap().to_string(), text);
    let wrong = |text: &str| Expectation::read_all(text).unwrap_err().to_string();
    let said: Vec<String> = [
        "name a; expect E422; after itself",
        "name a; expect E422; within 30m",
        "name a; expect E401; after itself; within 30m",
        "name a; expect E602; after itself; within 30m",
        "name a; expect E422 zone 5; after itself; within 30m",
        "name a; expect E422; after E422; within 30m; raise 641",
        "name a; expect E422; after E421; within 30m",
        "name a; expect E422; after E421; within 30m; raise 454",
        "name a; expect E422; after E421; within 30m; raise MA",
        "name a; expect E422; after itself; within 30m; priority 3",
        "name a; expect E422; after itself; within 8d",
        "name a; expect E422; Mon 22:00-23:00; within 30m; raise 641",
        "name a; expect E422; zone UTC; Mon 22:00-23:60; within 30m; raise 641",
        "name a; name b; expect E422; after itself; within 30m",
        "expect E422; after itself; within 30m",
        "name a; expect E422 user 1; after itself; within 30m\nname a; expect E422 user 2; after itself; within 30m",
        "name a; expect E422; after itself; within 30m | name b; expect E421; after itself; within 30m",
        "name a; expect nonsense; after itself; within 30m",
        "name a; expect opening zone 3; after itself; within 30m",
    ]
    .into_iter()
    .map(wrong)
    .collect();
    insta::assert_snapshot!(said.join("\n"));
    let many: Vec<String> =
        (0..33).map(|n| format!("name n{n}; expect E422 user {n}; after itself; within 30m")).collect();
    assert_eq!(wrong(&many.join("\n")), "33 expectations, and a card holds 32");
}
