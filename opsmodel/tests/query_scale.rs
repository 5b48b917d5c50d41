//! A million signals of ten thousand accounts, and how long pages and reports take over them. Slow, so asked for by name:
//! `cargo test --release -p opsmodel --test query_scale -- --ignored --nocapture`.
//! With `SCALE_DIR` the store is made there, or used when it is there already.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "it measures, and stops when it cannot")]

#[path = "query/town.rs"]
mod town;

use std::path::Path;
use std::time::{Duration, Instant};

use alarmcore::{
    Cause, Disposition, Evidence, IncidentEvent, IncidentId, Kind, OperatorId, Outcome, Output, Priority, Received,
    Record, Resolution, Rule, SignalId, Timestamp, UnitId,
};
use contactid::{Class, Qualifier};
use opsmodel::store::query::{Reader, SignalFilter};
use opsmodel::store::{Batch, Centre, NewSignal, SignalLog};

const SIGNALS: u64 = 1_000_000;
const ACCOUNTS: u64 = 10_000;
/// Every so many signals opens an incident; those of the last thousand stay open.
const PER_INCIDENT: u64 = 50;
const PER_COMMIT: u64 = 2_000;
/// A year.
const SECONDS: i64 = 31_536_000;

/// Numbers that look like chance and always are the same.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 32;
    mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 16
}

fn received_at(id: u64) -> i64 {
    (id as i64) * SECONDS / (SIGNALS as i64)
}

fn signal(id: u64) -> NewSignal {
    let chance = mixed(id);
    let account = format!("{:04}", chance % ACCOUNTS);
    let code = match chance / ACCOUNTS % 1_000 {
        0 => "110",
        1..=20 => "130",
        21..=60 => "301",
        61..=160 => "602",
        _ => "401",
    };
    let code = if id.is_multiple_of(PER_INCIDENT) { "130" } else { code };
    town::signal(received_at(id), &account, code, Qualifier::New, 1, (chance / 7 % 32) as u32 + 1)
}

fn build(dir: &Path) {
    let mut log = SignalLog::open(dir).unwrap();
    let mut centre = Centre::open(dir).unwrap();
    for first in (1..=SIGNALS).step_by(PER_COMMIT as usize) {
        let ids = first..(first + PER_COMMIT).min(SIGNALS + 1);
        let signals: Vec<NewSignal> = ids.clone().map(signal).collect();
        assert_eq!(log.append(&signals, &town::counts(&signals)).unwrap().len(), signals.len());
        let received: Vec<Received> = ids
            .clone()
            .zip(&signals)
            .map(|(id, new)| Received { id: SignalId::new(id), report: new.report.clone() })
            .collect();
        let outputs: Vec<Output> = received.iter().flat_map(decisions).collect();
        let states = town::states(&received);
        let cursor = SignalId::new(ids.end - 1);
        centre.commit(Batch { cursor, received: &received, outputs: &outputs, states: &states }).unwrap();
    }
}

fn decisions(received: &Received) -> Vec<Output> {
    let id = received.id.get();
    let at = received.report.received_at;
    let dispose = |outcome, rule| Output::Dispose(Disposition { signal: received.id, at, outcome, rule, policy: 1 });
    if !id.is_multiple_of(PER_INCIDENT) {
        return vec![dispose(Outcome::Logged, Rule::ClassLogged)];
    }
    let incident = IncidentId::new(id / PER_INCIDENT);
    let told = received.report.signal.as_ref().unwrap();
    let evidence = Evidence {
        signal: received.id,
        received_at: at,
        code: Some(told.code),
        qualifier: Some(told.qualifier),
        group: told.group,
        number: told.number,
        marks: received.report.marks,
    };
    let (kind, priority, rule) = (Kind::Burglary, Priority::clamped((mixed(id) % 9) as u8 + 1), Rule::ClassShown);
    let (account, unit) = (received.report.account, UnitId::new(1));
    let mut events = vec![(None, IncidentEvent::Opened { account, kind, priority, evidence, rule, policy: 1 })];
    if id + 1_000 * PER_INCIDENT <= SIGNALS {
        let (wang, cause) = (Some(OperatorId::new(1)), Cause::UserError);
        events.push((wang, IncidentEvent::Taken {}));
        events.push((wang, IncidentEvent::PreProcessed { note: None }));
        events.push((wang, IncidentEvent::UnitOffered { unit, until: at.plus_secs(90) }));
        events.push((wang, IncidentEvent::SceneFalse { cause, note: None }));
        events.push((wang, IncidentEvent::Closed { resolution: Resolution::FalseByPerson, note: None }));
    }
    let mut outputs: Vec<Output> = (1..)
        .zip(events)
        .map(|(version, (by, event))| {
            let after = (version - 1) * (mixed(id + u64::from(version)) % 60) as u32;
            Output::Record(Record { incident, version, at: at.plus_secs(after), by, event })
        })
        .collect();
    outputs.push(dispose(Outcome::Opened { incident }, rule));
    outputs
}

fn timed<T>(what: &str, ask: impl Fn() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let started = Instant::now();
            let answer = ask();
            let time = started.elapsed();
            drop(answer);
            time
        })
        .collect();
    times.sort();
    println!("{what}: median {:.2?}, worst {:.2?}", times[2], times[4]);
    times[2]
}

#[test]
#[ignore = "takes minutes"]
fn pages_stay_quick_over_a_million_signals() {
    let own = tempfile::tempdir().unwrap();
    let dir = std::env::var_os("SCALE_DIR").map_or_else(|| own.path().to_owned(), Into::into);
    if !dir.join("centre.db").exists() {
        let started = Instant::now();
        build(&dir);
        println!("built in {:.1?}", started.elapsed());
    }
    let reader = Reader::open(&dir).unwrap();
    let queue = timed("queue, 1,000 open", || reader.queue().unwrap());
    assert_eq!(reader.queue().unwrap().rows.len(), 1_000);
    timed("incident", || reader.incident(IncidentId::new(7_777)).unwrap().unwrap());
    timed("handover", || reader.handover().unwrap());
    timed("board", || reader.board().unwrap());
    let any = SignalFilter::default;
    let account = Some(town::account("0042"));
    let pages = [
        ("all", any()),
        ("of an account", SignalFilter { account, ..any() }),
        ("of a class", SignalFilter { class: Some(Class::Burglary), ..any() }),
        ("of a rare class", SignalFilter { class: Some(Class::Fire), ..any() }),
        ("of a class that never came", SignalFilter { class: Some(Class::Medical), ..any() }),
        ("of a code", SignalFilter { code: Some("301".parse().unwrap()), ..any() }),
        ("of an account and class", SignalFilter { account, class: Some(Class::Battery), ..any() }),
        ("of a token that never came", SignalFilter { token: Some("XYZ".to_owned()), ..any() }),
        ("of half a year ago", SignalFilter { to: Some(town::at(SECONDS / 2)), ..any() }),
    ];
    for (what, filter) in pages {
        let page = timed(&format!("first page {what}"), || reader.signals(&filter, None, 50).unwrap());
        assert!(page < Duration::from_millis(200), "{what}: {page:?}");
    }
    let always = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    timed("response, a year", || reader.response(always.0, always.1).unwrap());
    timed("false alarms, a year", || reader.false_alarms(always.0, always.1).unwrap());
    timed("day counts, a year", || reader.counts(always.0, always.1).unwrap());
    timed("conservation, a day", || {
        reader.conservation(town::at(SECONDS / 2), town::at(SECONDS / 2 + 86_400)).unwrap()
    });
    assert!(queue < Duration::from_millis(50), "queue: {queue:?}");
}
