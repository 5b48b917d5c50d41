//! What a quiet account costs the desk in memory: the promise that a million of them fit.
#![allow(clippy::unwrap_used, reason = "a test stops where its text does not read")]

use std::alloc::System;
use std::sync::Arc;

use alarmcore::{
    AccountCard, AccountNumber, Desk, Input, Marks, Output, Policy, Received, Report, Schedule, SignalId, Timestamp,
};
use contactid::{Code, Qualifier, Signal};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ACCOUNTS: u32 = 20_000;
/// 2026-11-22T00:00:00Z.
const START_MS: i64 = 1_795_305_600_000;

fn account(n: u32) -> AccountNumber {
    format!("{n:06}").parse().unwrap()
}

/// A day of a shop: opened, closed, tested, and never in alarm.
fn day(desk: &mut Desk) {
    let mut id = 0;
    for (hour, code, qualifier) in
        [(3, "602", Qualifier::New), (9, "401", Qualifier::New), (21, "401", Qualifier::Restore)]
    {
        let code: Code = code.parse().unwrap();
        for n in 0..ACCOUNTS {
            id += 1;
            let report = Report {
                received_at: Timestamp::from_millis(START_MS + i64::from(hour) * 3_600_000 + i64::from(n)),
                line: "dc09-tcp".into(),
                account: Some(account(n)),
                token: "ADM-CID".into(),
                sequence: Some((id % 9999) as u16 + 1),
                part: 0,
                parts: 1,
                marks: Marks::NONE,
                content: id,
                source: None,
                signal: Some(Signal { group: Some(1), number: Some(1), ..Signal::new(code, qualifier) }),
            };
            desk.handle(Input::Signal(Received { id: SignalId::new(id), report }));
            while !matches!(desk.poll(), Output::Wait(_)) {}
        }
    }
}

/// Issue figure: at most 600 bytes of state for an account of which nothing stands, with card, hours and its last frames.
#[test]
fn a_quiet_account_takes_at_most_600_bytes() {
    let hours: Arc<Schedule> = Arc::new("zone UTC; Mon-Sun 08:30-21:30".parse().unwrap());
    let region = Region::new(ALLOCATOR);
    let mut desk = Desk::new(Policy::default());
    for n in 0..ACCOUNTS {
        let card = AccountCard {
            heartbeat_s: Some(60),
            test_interval_s: Some(86_400),
            schedule: Some(hours.clone()),
            ..AccountCard::new(account(n))
        };
        desk.handle(Input::Account(card));
    }
    day(&mut desk);
    let change = region.change();
    let bytes = change.bytes_allocated - change.bytes_deallocated;
    let each = bytes / ACCOUNTS as usize;
    assert!(each <= 600, "{each} bytes an account");

    assert!(desk.queue().is_empty());
}
