//! A million accounts at one desk: what an account costs in memory, and what a timer costs among two million of them as
//! against twenty thousand in the same run.
//!
//! Every account promises a heartbeat a minute and a test a day: two running timers each.

use std::alloc::System;
use std::time::Instant;

use alarmcore::{
    AccountCard, Desk, ExpectationRules, Input, Marks, Output, Policy, Received, Report, SignalId, Supervision,
    Timestamp,
};
use contactid::{AccountNumber, Qualifier, Signal};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// 2026-11-22T00:00:00Z.
const START_MS: i64 = 1_795_305_600_000;
const HEARTBEAT_S: u32 = 60;
/// How many timers are moved in the measured time.
const MOVED: u32 = 500_000;

fn account(n: u32) -> AccountNumber {
    format!("{n:07}").parse().expect("seven digits are an account")
}

fn test_report(n: u32, id: u64, at: Timestamp) -> Input {
    let report = Report {
        received_at: at,
        line: "dc09-tcp".into(),
        account: Some(account(n)),
        token: "ADM-CID".into(),
        sequence: Some((id % 9999) as u16 + 1),
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: id,
        source: None,
        signal: Some(Signal::new("602".parse().expect("three digits are a code"), Qualifier::New)),
    };
    Input::Signal(Received { id: SignalId::new(id), report })
}

fn tell(desk: &mut Desk, input: Input) {
    desk.handle(input);
    while !matches!(desk.poll(), Output::Wait(_)) {}
}

/// A centre of so many accounts: what a moved timer costs, in nanoseconds: of a heartbeat that came, and of a signal with the
/// test that is expected after it.
fn centre(accounts: u32) -> (f64, f64) {
    let start = Timestamp::from_millis(START_MS);
    let region = Region::new(ALLOCATOR);
    let mut desk = Desk::new(Policy::default());
    for n in 0..accounts {
        let card = AccountCard {
            heartbeat_s: Some(HEARTBEAT_S),
            test_interval_s: Some(86_400),
            ..AccountCard::new(account(n))
        };
        tell(&mut desk, Input::Account(card));
        tell(&mut desk, test_report(n, u64::from(n) + 1, start.plus_secs(n % 3600)));
    }
    let bytes = |region: &Region<'_, System>| {
        let change = region.change();
        (change.bytes_allocated - change.bytes_deallocated) / accounts as usize
    };
    println!("{accounts} accounts: {} bytes each at the desk", bytes(&region));

    let region = Region::new(ALLOCATOR);
    let now = start.plus_secs(3600);
    let rules = ExpectationRules::default();
    let mut watch = Supervision::new(&rules, start);
    for n in 0..accounts {
        let number = account(n);
        watch.expect(number, rules.silence_s(HEARTBEAT_S), now, false);
        watch.plan(number, &desk.expected(&number, now), now);
    }
    println!("  {} timers: {} bytes an account in the index", 2 * accounts, bytes(&region));
    assert!(watch.next().is_some());

    // Accounts in an order that no cache likes; what is due meanwhile is looked at as a running centre does.
    let place = |n: u32| (u64::from(n) * 7_919 % u64::from(accounts)) as u32;
    let beats = Instant::now();
    for n in 0..MOVED {
        let at = now.plus_secs((u64::from(n) * u64::from(HEARTBEAT_S) / u64::from(accounts)) as u32);
        watch.seen(&account(place(n)), at);
        if n.is_multiple_of(1000) {
            watch.poll(at);
        }
    }
    let beat = beats.elapsed().as_nanos() as f64 / f64::from(MOVED);

    let signals = Instant::now();
    for n in 0..MOVED {
        let number = account(place(n));
        tell(&mut desk, test_report(place(n), u64::from(accounts + n) + 1, now));
        watch.plan(number, &desk.expected(&number, now), now);
    }
    let signal = signals.elapsed().as_nanos() as f64 / f64::from(MOVED);
    println!("  a heartbeat {beat:.0} ns; a signal, decided, and its timer moved {signal:.0} ns");
    (beat, signal)
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let small = centre(10_000);
    let large = centre(1_000_000);
    println!("a hundred times the timers: heartbeat x{:.1}, signal x{:.1}", large.0 / small.0, large.1 / small.1);
}
