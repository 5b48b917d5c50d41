//! Commit 2 and what rests on its rows: signals decided per second, a desk's start, a rebuild, a check of all chains; and a
//! past replayed through two policies, in memory and from the store.
//!
//! `cargo bench -p benches --bench desk` decides a million signals of 3,000 accounts. `STORE_BENCH_DIR` names the folder.

use std::time::Instant;

use std::collections::BTreeMap;

use alarmcore::{
    CallResult, Cause, Command, ContactId, Desk, Input, Kind, Marks, Opening, OperatorId, Output, Past, PastAct,
    Policy, Received, Report, SignalId, Snapshot, Timestamp, WhatIf,
};
use contactid::{AccountNumber, Code, Qualifier, Signal};
use opsmodel::crm::{AccountCard, Change};
use opsmodel::store::query::Reader;
use opsmodel::store::{Admission, Answer, Batch, Centre, NewSignal, SignalLog, SignalReader, verify};

const SIGNALS: u64 = 1_000_000;
const ACCOUNTS: u64 = 3_000;
const BATCH: usize = 1_000;
/// 2026-11-22T00:00:00Z.
const START_MS: i64 = 1_795_305_600_000;

fn account(n: u64) -> AccountNumber {
    format!("{:06}", n % ACCOUNTS).parse().expect("six digits are an account")
}

/// A day's mix, spread over the year: mostly openings and closings and tests, one alarm in 500, one mains loss in 100.
fn signal(n: u64) -> NewSignal {
    let (code, qualifier) = match n % 500 {
        0 => ("130", Qualifier::New),
        100 | 200 | 300 | 400 => ("301", Qualifier::New),
        103 | 203 | 303 | 403 => ("301", Qualifier::Restore),
        k if k % 4 == 0 => ("602", Qualifier::New),
        k if k % 2 == 0 => ("401", Qualifier::New),
        _ => ("401", Qualifier::Restore),
    };
    // A restore is of the account that lost its mains three signals before.
    let of = if (n % 500).is_multiple_of(100) { n } else { n - n.min(3) * u64::from(n % 100 == 3) };
    let code: Code = code.parse().expect("three digits are a code");
    NewSignal {
        report: Report {
            received_at: Timestamp::from_millis(START_MS + n as i64 * 30_000),
            line: "dc09-tcp".to_owned(),
            account: Some(account(of)),
            token: "ADM-CID".to_owned(),
            sequence: Some((n % 9999) as u16 + 1),
            part: 0,
            parts: 1,
            marks: Marks::NONE,
            content: n + 1,
            source: None,
            signal: Some(Signal { group: Some(1), number: Some((n % 16) as u32), ..Signal::new(code, qualifier) }),
        },
        peer: "192.0.2.7:40112".to_owned(),
        answer: Answer::Ack,
        raw: format!("\n1B2C0055\"ADM-CID\"{:04}R0L0#{}[...]\r", n % 9999, account(of)).into_bytes(),
    }
}

/// The desk reads what is next in the log, at most `limit`, as the centre's desk thread does. Returns how many it decided.
fn work(desk: &mut Desk, reader: &SignalReader, centre: &mut Centre, limit: usize) -> usize {
    let cursor = centre.cursor().expect("the file can be read");
    let received: Vec<Received> =
        reader.after(cursor, limit).expect("the log can be read").into_iter().map(|logged| logged.received).collect();
    let Some(last) = received.last() else { return 0 };
    let mut outputs = Vec::new();
    let mut touched = std::collections::BTreeSet::new();
    for signal in &received {
        desk.handle(Input::Signal(signal.clone()));
        loop {
            match desk.poll() {
                Output::Wait(_) => break,
                Output::Touched(account) => {
                    touched.insert(account);
                }
                output => outputs.push(output),
            }
        }
    }
    let states: Vec<_> = touched.iter().filter_map(|account| desk.account(account).cloned()).collect();
    let batch = Batch { cursor: last.id, received: &received, outputs: &outputs, states: &states };
    centre.commit(batch).expect("the disk has room");
    received.len()
}

/// A month of 3,000 accounts: cards, signals, and for each alarm what a person did about it.
fn month(signals: u64) -> Vec<Past> {
    // Each is heard of every 25 hours. One in a hundred promises it more often, and is late each time.
    let card = |n| {
        let test_interval_s = Some(if n % 100 == 0 { 86_400 } else { 90_000 });
        alarmcore::AccountCard { test_interval_s, ..alarmcore::AccountCard::new(account(n)) }
    };
    let mut past: Vec<Past> = (0..ACCOUNTS).map(|n| Past::Account(card(n))).collect();
    for n in 0..signals {
        let (id, report) = (SignalId::new(n + 1), signal(n).report);
        let at = report.received_at;
        past.push(Past::Signal(Received { id, report }, None));
        if n % 500 == 0 {
            let contact = ContactId::new(1);
            let commands = [
                Command::Take,
                Command::Call {
                    contact,
                    result: CallResult::NoAnswer,
                    number: None,
                    numbers: None,
                    compared: false,
                    again_at: None,
                    note: None,
                },
                Command::VerifyFalse { cause: Some(Cause::Animal), note: None },
            ];
            let by = OperatorId::new(1);
            past.extend((1..).zip(commands).map(|(second, command)| {
                let at = at.plus_secs(second);
                let on = Opening { signal: id, kind: Kind::Burglary, nth: 0 };
                Past::Act(PastAct { at, by, on, command, second: None })
            }));
        }
    }
    past
}

/// The policy that the past is asked about.
const OTHER_POLICY: &str = "version = 2\n[classes]\nmains-power = { action = 'log' }\n";

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    println!("{what}: {:.2?}", start.elapsed());
    value
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let past = month(300_000);
    let late = "[expect]\ntest_tolerance_s = 600\n";
    for (what, more) in [("in memory", ""), ("in memory, the centre's own reports of tests made anew", late)] {
        let new = Policy::from_toml(&format!("{OTHER_POLICY}{more}")).expect("is a policy");
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), Policy::default(), new);
        timed(&format!("300,000 signals and 1,800 acts through two policies, {what}"), || {
            past.iter().for_each(|past| what_if.hear(past));
        });
        let found = what_if.end(Timestamp::from_millis(START_MS), &[]);
        println!(
            "  {} acts done, {} incidents and {} signals differ, {} reports made anew",
            found.new.acts,
            found.incidents.len(),
            found.changed.iter().map(|pair| pair.signals).sum::<u64>(),
            found.anew.map_or(0, |anew| anew.made)
        );
    }
    drop(past);
    let root = std::env::var_os("STORE_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(root).expect("the folder can be written");
    let mut log = SignalLog::open(dir.path()).expect("a new log");
    let mut centre = Centre::open(dir.path()).expect("a new centre");
    let rows: Vec<Admission> = (0..ACCOUNTS)
        .map(|n| Admission { card: AccountCard::new(account(n), format!("Account {n}")), key: None })
        .collect();
    let by_bench = Change {
        by: None,
        at: Timestamp::from_millis(START_MS),
        origin: "bench".to_owned(),
        reason: "measure".to_owned(),
    };
    timed("import of 3,000 accounts", || centre.import(&rows, &by_bench).expect("all are new"));
    timed("commit 1 of 1 M signals, 1,000 a commit", || {
        for first in (0..SIGNALS).step_by(BATCH) {
            let batch: Vec<_> = (first..first + BATCH as u64).map(signal).collect();
            assert_eq!(log.append(&batch, &[]).expect("the disk has room").len(), BATCH);
        }
    });
    let reader = SignalReader::open(dir.path()).expect("the log is there");
    let mut desk = Desk::restore(Policy::default(), centre.snapshot().expect("the file can be read"));
    timed("commit 2 of 100,000 signals, 100 a commit", || {
        (0..1_000).for_each(|_| assert_eq!(work(&mut desk, &reader, &mut centre, 100), 100));
    });
    timed("commit 2 of 200,000 signals, 1,000 a commit", || {
        (0..200).for_each(|_| assert_eq!(work(&mut desk, &reader, &mut centre, 1_000), 1_000));
    });
    timed("commit 2 of 700,000 signals, 10,000 a commit", || {
        (0..70).for_each(|_| assert_eq!(work(&mut desk, &reader, &mut centre, 10_000), 10_000));
    });
    let snapshot = timed("snapshot for a new desk", || centre.snapshot().expect("the file can be read"));
    println!(
        "  {} accounts, {} open incidents, {} held",
        snapshot.accounts.len(),
        snapshot.incidents.len(),
        snapshot.held.len()
    );
    // The store gives the failures of the longest window a policy may have; the desk keeps those of its own.
    assert!(Desk::restore(Policy::default(), snapshot).snapshot() == desk.snapshot(), "a restart stands elsewhere");
    let rebuilt = timed("rebuild of every projected row", || centre.rebuild().expect("the truth is whole"));
    println!("  {rebuilt:?}");
    let reader = Reader::open(dir.path()).expect("the files are there");
    let to = Timestamp::from_millis(START_MS + 300_000 * 30_000);
    let asked = (
        (Timestamp::from_millis(START_MS), to),
        (Policy::default(), Policy::from_toml(OTHER_POLICY).expect("is a policy")),
    );
    let compared = timed("what-if over 300,000 of them, with all reading", || {
        reader.what_if(asked.0, asked.1, &mut |_| {}).expect("the store is whole")
    });
    let found = compared.differences;
    println!("  {} of {} agree", found.agree, found.signals);
    let verified = timed("verify of every chain", || verify(dir.path()).expect("every chain holds"));
    println!("  {verified:?}");
}
