//! The same event over two paths (capabilities 2.1, "duplicate"): one incident, every signal with a disposition that names the
//! first; and what is no copy.

use std::collections::BTreeMap;

use alarmcore::{AccountCard, AccountNumber, Desk, Input, Outcome, Output, Policy, Report, Rule, SignalId, Timestamp};

use crate::script::{MIDNIGHT, play, rules, signal};

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
    /// 2.1 duplicate: what a second path says as well is a copy of the first, in the order in which the first path said it; a second
    /// trip is none, be it on another line, and neither is what comes on the same. A copy opens nothing anew when its incident was closed in the meantime; one of life safety joins.
    row_2_1_duplicate Policy::default(), "
        account 1001
        account 1002
        10:00:00 signal 1001 E130 g1 n5 s10
        10:00:12 signal 1001 E130 g1 n5 s500 udp
        10:00:13 signal 1001 R130 g1 n5 s11
        10:00:20 signal 1001 E130 g1 n5 s12
        10:00:30 signal 1001 R130 g1 n5 s501 udp
        10:00:50 signal 1001 E130 g1 n5 s502 udp
        10:00:51 signal 1001 E130 g1 n5 s502 udp
        show queue
        10:01:00 op1 inc1 take
        10:01:05 op1 inc1 verify-false cause=animal
        10:05:00 signal 1002 E131 n1 s20
        10:05:10 op1 inc2 take
        10:05:15 op1 inc2 verify-false cause=animal
        10:05:40 signal 1002 E131 n1 s3000 udp
        10:07:00 signal 1002 E110 n2 s21
        10:07:20 signal 1002 E110 n2 s3001 udp
        show queue
        10:08:20 signal 1002 E110 n2 s3005 udp
        10:08:21 signal 1002 E110 n2 s22
        10:10:00 signal 1001 E134 n6 s13
        10:10:01 signal 1001 E134 n6 s14 udp
        10:10:02 signal 1001 E134 n6 s3000
    "
}

day! {
    /// A copy adds no trip: it confirms nothing, and makes no swinger. A second trip does both.
    a_copy_is_no_second_trip rules(r#"{"confirm": {"two_trips": true, "unconfirmed": 5}}"#), "
        account 1001
        10:00:00 signal 1001 E130 g1 n5 s10
        10:00:05 signal 1001 E130 g1 n5 s700 udp
        10:00:06 signal 1001 R130 g1 n5 s11
        10:00:07 signal 1001 R130 g1 n5 s701 udp
        show queue
        10:00:10 signal 1001 E130 g1 n5 s12
        show queue
    "
}

day! {
    /// A copy says nothing that is not known: a late copy of an opening does not open what was closed since.
    a_late_copy_changes_no_state Policy::default(), "
        account 1001 schedule=\"zone UTC; Mon-Sun 09:00-18:00\"
        10:00:00 signal 1001 E401 g1 n3 s10
        10:00:10 signal 1001 R401 g1 n3 s11
        10:00:30 signal 1001 E401 g1 n3 s900 udp
        show account 1001
        10:00:35 signal 1001 R401 g1 n3 s901 udp
        10:01:31 signal 1001 R401 g1 n3 s902 udp
        show account 1001
    "
}

/// 2.1 duplicate: dual path, 0-40 s skew, 10⁵ pairs make 10⁵ incidents of one signal each; 2·10⁵ signals are disposed of, and every
/// copy names its first.
#[test]
fn row_2_1_a_hundred_thousand_pairs() {
    const PAIRS: u32 = 100_000;
    let account = |n: u32| format!("{n:06}").parse::<AccountNumber>().unwrap();
    let mut desk = Desk::new(Policy::default());
    let said = |desk: &mut Desk, input| {
        desk.handle(input);
        let outputs = core::iter::from_fn(|| Some(desk.poll()).filter(|output| !matches!(output, Output::Wait(_))));
        outputs.filter_map(|output| if let Output::Dispose(one) = output { Some(one) } else { None }).last()
    };
    (0..PAIRS).for_each(|n| drop(said(&mut desk, Input::Account(AccountCard::new(account(n))))));
    let skew = |n: u32| (n * 7919) % 40_001;
    let first = |n: u32| MIDNIGHT.millis() + i64::from(n) * 20;
    let both = |n: u32| [(first(n), n, false), (first(n) + i64::from(skew(n)), n, true)];
    let mut order: Vec<(i64, u32, bool)> = (0..PAIRS).flat_map(both).collect();
    order.sort_unstable();
    let (mut firsts, mut opened, mut copies) = (BTreeMap::new(), 0, 0);
    for (place, (at, n, second)) in (1..).zip(order) {
        let sequence = format!("s{}", 1 + (if second { n + 5000 } else { n }) % 9999);
        let words = ["E130", "g1", "n5", &sequence];
        let received = signal(place, Timestamp::from_millis(at), "1", &words);
        let line = if second == n.is_multiple_of(2) { "dc09-udp" } else { "dc09-tcp" };
        let report = Report { account: Some(account(n)), line: line.into(), ..received.report };
        let decided = said(&mut desk, Input::Signal(alarmcore::Received { report, ..received })).unwrap();
        match (decided.outcome, decided.rule) {
            (Outcome::Opened { .. }, Rule::ClassShown) => {
                assert!(firsts.insert(n, SignalId::new(place)).is_none(), "{n} opened twice");
                opened += 1;
            }
            (Outcome::Repeat { of }, Rule::Duplicate) => {
                assert_eq!(Some(&of), firsts.get(&n));
                copies += 1;
            }
            other => panic!("{n}: {other:?}"),
        }
    }
    assert_eq!((opened, copies), (PAIRS, PAIRS));
    let queue = desk.queue();
    assert_eq!((queue.len(), queue.iter().all(|incident| incident.signals == 1)), (PAIRS as usize, true));
}

/// What is nought is not written down with each frame of an account.
#[test]
fn a_frame_that_came_once_is_kept_without_what_it_has_not() {
    let mut desk = Desk::new(Policy::default());
    desk.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
    desk.handle(Input::Signal(signal(1, MIDNIGHT, "1001", &["E130", "n1", "s1"])));
    let state = desk.account(&"1001".parse().unwrap()).unwrap();
    let kept = serde_json::to_value(&state.recent).unwrap();
    assert!(kept[0].get("gone_ms").is_none() && kept[0].get("content").is_some(), "{kept}");
}
