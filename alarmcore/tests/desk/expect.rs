//! What accounts promised to send (capabilities 2.2, "fail to test"): scripted days, and three thousand timers.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, Edge, ExpectationRules, Expected, Input, Kind, Policy, Received, Rule, SignalId, Supervision, TestBy,
    Timestamp,
};
use contactid::AccountNumber;

use crate::script::{MIDNIGHT, at, play, signal};
use crate::witness::Witness;

macro_rules! day {
    ($(#[$doc:meta])* $name:ident $policy:expr, $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), play($policy, $script));
        }
    };
}

day! {
    /// 2.2 fail to test: nothing before the first traffic; missed once an hour after its interval; any signal restores it.
    a_test_that_does_not_come Policy::default(), "
        account 1001 test_interval_s=86400
        account 1002 test_interval_s=86400
        account 1003
        00:10:00 signal 1001 E602
        00:10:00 signal 1003 E602
        25:09:59 watch
        25:10:00 watch
        72:00:00 watch
        show account 1001
        show queue
        72:00:01 signal 1001 E401 g1 n3
        72:00:02 watch
        show queue
        97:00:00 watch
        97:00:01 watch
    "
}

day! {
    /// Where the policy counts test reports alone, an opening is none; and a short interval is given twice.
    a_test_by_test_reports_alone
    Policy {
        expect: ExpectationRules { test_by: TestBy::Test, ..ExpectationRules::default() },
        ..Policy::default()
    }, "
        account 1001 test_interval_s=600
        00:00:00 signal 1001 E401 g1 n3
        01:00:00 watch
        01:00:00 signal 1001 E602
        01:10:00 signal 1001 R401 g1 n3
        01:19:59 watch
        01:20:00 watch
        01:21:00 signal 1001 E401 g1 n3
        01:21:01 watch
        01:22:00 signal 1001 RP
        01:22:01 watch
    "
}

day! {
    /// A card that promises no tests any more leaves nothing to wait for; what was missed still comes to its end.
    a_test_that_is_no_longer_promised Policy::default(), "
        account 1001 test_interval_s=86400
        account 1002 test_interval_s=86400
        00:10:00 signal 1001 E602
        00:10:00 signal 1002 E602
        24:00:00 watch
        account 1002
        26:00:00 watch
        account 1001
        30:00:00 signal 1001 E602
        30:00:01 watch
        99:00:00 watch
    "
}

/// A clock that is set forward takes nobody's time to be heard: each line has what was left of its silence, and is missed after that.
#[test]
fn a_clock_set_forward_makes_no_line_late() {
    let [one, two]: [AccountNumber; 2] = ["1001", "1002"].map(|number| number.parse().unwrap());
    let mut watch = Supervision::new(&ExpectationRules::default(), at("10:00:00"));
    watch.expect(one, 90, at("10:00:00"), false);
    watch.expect(two, 90, at("10:00:00"), false);
    watch.seen(&two, at("11:00:30"));
    watch.set_forward(3_600_000, at("11:00:40"));
    assert_eq!(watch.poll(at("11:01:29")), []);
    let lost = |account, clock: &str| Edge {
        at: at(clock),
        account,
        expected: Expected::Heartbeat,
        group: None,
        missing: true,
        raised: None,
    };
    // What was heard at the new hour already is not moved beyond the present.
    assert_eq!(watch.poll(at("11:02:10")), [lost(one, "11:01:30"), lost(two, "11:02:10")]);
}

/// 2.2 fail to test: 3,000 panels that test daily, each at its own second; 30 of them stop. Exactly those are reported, each
/// at its own second and so at its own minute, once.
#[test]
fn row_2_2_fail_to_test() {
    let number = |n: u32| format!("{:04}", n).parse::<AccountNumber>().unwrap();
    let (mut witness, mut signals) = (Witness::new(Policy::default()), 0);
    let mut watch = Supervision::new(&Policy::default().expect, MIDNIGHT);
    let mut test = |witness: &mut Witness, watch: &mut Supervision, n: u32, when: Timestamp| {
        signals += 1;
        let _ = witness.handle(Input::Signal(signal(signals, when, &number(n).to_string(), &["E602"])));
        watch.plan(number(n), &witness.desk().expected(&number(n), when), when);
    };
    let second_of = |n: u32| n * 7919 % 86_400;
    for n in 0..3000 {
        let card = AccountCard { test_interval_s: Some(86_400), ..AccountCard::new(number(n)) };
        let _ = witness.handle(Input::Account(card));
        test(&mut witness, &mut watch, n, MIDNIGHT.plus_secs(second_of(n)));
    }
    let silent = |n: &u32| n % 100 == 57;
    let mut tests: Vec<(Timestamp, u32)> = (0..3000)
        .filter(|n| !silent(n))
        .flat_map(|n| [1, 2].map(|day| (MIDNIGHT.plus_secs(second_of(n) + day * 86_400), n)))
        .collect();
    tests.sort_unstable();
    let (mut missed, mut tests) = (BTreeMap::new(), tests.into_iter().peekable());
    for minute in 1440..=2940 {
        let now = MIDNIGHT.plus_secs(minute * 60);
        while let Some((when, n)) = tests.next_if(|(when, _)| *when <= now) {
            test(&mut witness, &mut watch, n, when);
        }
        for edge in watch.poll(now) {
            assert!(edge.missing && edge.expected == Expected::Test);
            assert!(missed.insert(edge.account, (minute, edge.at)).is_none(), "{} twice", edge.account);
        }
    }
    let due = |n: u32| MIDNIGHT.plus_secs(second_of(n) + 25 * 3600);
    let minute_of = |at: Timestamp| at.secs_since(MIDNIGHT).unsigned_abs().div_ceil(60) as u32;
    let expected: BTreeMap<_, _> = (0..3000).filter(silent).map(|n| (number(n), (minute_of(due(n)), due(n)))).collect();
    assert_eq!(missed, expected);
    assert_eq!(missed.len(), 30);
}

/// What stands missing is known by the fold: another supervision, after a restart, does not say it again, and says that it
/// has come. What fell due while nobody listened is said once the grace is over.
#[test]
fn a_restart_reports_nothing_twice() {
    let account: AccountNumber = "1001".parse().unwrap();
    let mut witness = Witness::new(Policy::default());
    let card = AccountCard { test_interval_s: Some(86_400), ..AccountCard::new(account) };
    let _ = witness.handle(Input::Account(card));
    let _ = witness.handle(Input::Signal(signal(1, at("00:00:00"), "1001", &["E602"])));
    let started = |clock: &str| Supervision::new(&ExpectationRules::default(), at(clock));
    let edge = |missing, clock: &str| Edge {
        at: at(clock),
        account,
        expected: Expected::Test,
        group: None,
        missing,
        raised: None,
    };

    let mut late = started("26:00:00");
    late.plan(account, &witness.desk().expected(&account, at("26:00:00")), at("26:00:00"));
    assert_eq!(late.poll(at("26:04:59")), []);
    assert_eq!(late.poll(at("26:05:00")), [edge(true, "26:05:00")]);
    // Planned again before the desk has heard of it: said all the same only once.
    late.plan(account, &witness.desk().expected(&account, at("26:05:30")), at("26:05:30"));
    assert_eq!((late.poll(at("26:06:00")), late.next()), (vec![], None));

    let report = edge(true, "26:05:00").report();
    let said = witness.handle_after_restart(Input::Signal(Received { id: SignalId::new(2), report }));
    assert!(format!("{said:?}").contains("ClassShown"), "{said:?}");
    assert_eq!(witness.desk().account(&account).unwrap().missed_since(Expected::Test, None), Some(at("26:05:00")));
    let mut again = started("30:00:00");
    again.plan(account, &witness.desk().expected(&account, at("30:00:00")), at("30:00:00"));
    assert_eq!((again.poll(at("60:00:00")), again.next()), (vec![], None));

    let _ = witness.handle(Input::Signal(signal(3, at("60:00:00"), "1001", &["E602"])));
    let mut once_more = started("60:00:01");
    once_more.plan(account, &witness.desk().expected(&account, at("60:00:01")), at("60:00:01"));
    let come = edge(false, "60:05:01");
    assert_eq!(once_more.poll(at("60:06:00")), vec![come.clone()]);
    let _ = witness.handle(Input::Signal(Received { id: SignalId::new(4), report: come.report() }));
    assert_eq!(witness.desk().account(&account).unwrap().missed, []);
    let queue = witness.desk().queue();
    let brief: Vec<_> = queue.iter().map(|incident| (incident.kind, incident.rule, incident.signals)).collect();
    assert_eq!(brief, [(Kind::Communication, Rule::ClassShown, 2)]);
    witness.close();
}
