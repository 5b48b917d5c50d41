//! What pages and reports take over a million signals of ten thousand accounts: `cargo bench -p benches --bench pages`.
//! The store is made first, which takes minutes; with `SCALE_DIR` it is made there, or used when it is there already.

#![allow(clippy::unwrap_used, reason = "it measures, and stops when it cannot")]

#[path = "../opsmodel/tests/query/town.rs"]
mod town;

use std::path::Path;

use alarmcore::{
    Cause, Disposition, Evidence, IncidentEvent, IncidentId, Kind, OperatorId, Outcome, Output, Priority, Received,
    Record, Resolution, Rule, SignalId, Timestamp, UnitId,
};
use contactid::{Class, Qualifier};
use criterion::Criterion;
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
    let dispose = |outcome, rule| {
        Output::Dispose(Disposition {
            signal: received.id,
            at,
            outcome,
            rule,
            policy: 1,
            overridden: None,
            unweighed: false,
            counted: false,
            unseen: false,
        })
    };
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
        user: None,
        source: None,
        marks: received.report.marks,
    };
    let (kind, priority, rule) = (Kind::Burglary, Priority::clamped((mixed(id) % 9) as u8 + 1), Rule::ClassShown);
    let (account, unit) = (received.report.account, UnitId::new(1));
    let mut events =
        vec![(None, IncidentEvent::Opened { account, kind, priority, evidence, rule, policy: 1, plan: None })];
    if id + 1_000 * PER_INCIDENT <= SIGNALS {
        let (wang, cause) = (Some(OperatorId::new(1)), Cause::UserError);
        events.push((wang, IncidentEvent::Taken {}));
        events.push((wang, IncidentEvent::PreProcessed { note: None }));
        events.push((wang, IncidentEvent::UnitOffered { unit, until: at.plus_secs(90), choice: None }));
        events.push((wang, IncidentEvent::SceneFalse { cause, second: None, note: None }));
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

fn main() {
    let own = tempfile::tempdir().unwrap();
    let dir = std::env::var_os("SCALE_DIR").map_or_else(|| own.path().to_owned(), Into::into);
    if !dir.join("centre.db").exists() {
        build(&dir);
    }
    let reader = Reader::open(&dir).unwrap();
    assert_eq!(reader.queue().unwrap().rows.len(), 1_000);
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    pages(&mut criterion, &reader);
    reports(&mut criterion, &reader);
    criterion.final_summary();
}

fn pages(criterion: &mut Criterion, reader: &Reader) {
    let mut group = criterion.benchmark_group("page");
    group.bench_function("queue, 1,000 open", |b| b.iter(|| reader.queue().unwrap()));
    group.bench_function("incident", |b| b.iter(|| reader.incident(IncidentId::new(7_777)).unwrap().unwrap()));
    group.bench_function("handover", |b| b.iter(|| reader.handover(&alarmcore::Policy::default()).unwrap()));
    group.bench_function("board", |b| b.iter(|| reader.board().unwrap()));
    let any = SignalFilter::default;
    let account = Some(town::account("0042"));
    let filters = [
        ("all", any()),
        ("an account", SignalFilter { account, ..any() }),
        ("a class", SignalFilter { class: Some(Class::Burglary), ..any() }),
        ("a rare class", SignalFilter { class: Some(Class::Fire), ..any() }),
        ("a class that never came", SignalFilter { class: Some(Class::Medical), ..any() }),
        ("a code", SignalFilter { code: Some("301".parse().unwrap()), ..any() }),
        ("an account and class", SignalFilter { account, class: Some(Class::Battery), ..any() }),
        ("a token that never came", SignalFilter { token: Some("XYZ".to_owned()), ..any() }),
        ("half a year ago", SignalFilter { to: Some(town::at(SECONDS / 2)), ..any() }),
    ];
    for (what, filter) in filters {
        group.bench_function(format!("signals of {what}"), |b| b.iter(|| reader.signals(&filter, None, 50).unwrap()));
    }
    group.finish();
}

fn reports(criterion: &mut Criterion, reader: &Reader) {
    let (from, to) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    let (noon, next) = (town::at(SECONDS / 2), town::at(SECONDS / 2 + 86_400));
    let mut group = criterion.benchmark_group("report");
    group.bench_function("response, a year", |b| b.iter(|| reader.response(from, to).unwrap()));
    group.bench_function("false alarms, a year", |b| b.iter(|| reader.false_alarms(from, to).unwrap()));
    group.bench_function("day counts, a year", |b| b.iter(|| reader.counts(from, to).unwrap()));
    group.bench_function("conservation, a day", |b| b.iter(|| reader.conservation(noon, next).unwrap()));
    group.finish();
}
