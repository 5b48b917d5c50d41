//! The journal of the period: which incidents were open when it began, which acts were done in it and between which
//! signals, and what people found to be true.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{
    AccountNumber, Area, Calmed, Evidence, FalseCalls, FalseCallsRecord, Incident, IncidentEvent, IncidentId, Kind,
    LoweredEvent, LoweredRecord, Opening, OperatorId, Past, PastAct, Record, Returned, SignalId, Storm, StormId,
    StormRecord, TestId, TestRecord, TestSession, Timestamp, TrueEvent, evolve, evolve_false_calls, evolve_storm,
    evolve_test,
};

use super::{Reader, spelling};
use crate::store::{StoreError, journal};

pub(in crate::store::query) const ENTRIES: &str = "SELECT seq, stream, version, kind, shape, at, by_id, body FROM journal \
    WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT 4096";

/// An act, and between which signals it was done: an incident's own signals stand in the journal before it and after it.
pub(super) struct Placed {
    /// On an incident or a test; or that somebody was gone.
    pub(super) act: Past,
    pub(super) at: Timestamp,
    /// After this signal.
    after: u64,
    /// Before this one.
    before: u64,
}

impl Placed {
    /// Was it done before this signal?
    pub(super) fn comes_before(&self, signal: u64, received_at: Timestamp) -> bool {
        self.before <= signal || (self.at < received_at && self.after < signal)
    }
}

/// What the journal tells of the period.
pub(super) struct Told {
    /// The incidents that were open when it began.
    pub(super) open: Vec<Incident>,
    /// The tests that were not over when it began.
    pub(super) tests: Vec<TestSession>,
    /// How accounts stood when their last tests before it were over.
    pub(super) returned: BTreeMap<AccountNumber, Returned>,
    /// The false alarms of accounts at that moment.
    pub(super) false_calls: Vec<FalseCalls>,
    /// The number of the next test at that moment.
    pub(super) next_test: TestId,
    /// The storms that were not over when it began, when each area was last calm, and the number of the next storm.
    pub(super) storms: Vec<Storm>,
    pub(super) calmed: Vec<Calmed>,
    pub(super) next_storm: StormId,
    /// The number of the next incident at that moment.
    pub(super) next_incident: IncidentId,
    /// The signals that incidents showed by then.
    pub(super) shown: BTreeSet<SignalId>,
    /// The numbers of those that were open then or were opened since, by what each is recognised by.
    pub(super) numbers: BTreeMap<Opening, IncidentId>,
    /// The acts, in their order.
    pub(super) acts: Vec<Placed>,
    /// The incidents opened in it that people found real, or handed to an authority.
    pub(super) truth: Vec<TrueEvent>,
    /// The moment of the last entry; the beginning of time for none.
    pub(super) last: Timestamp,
}

/// One incident while its journal is read.
struct Case {
    first: SignalId,
    opened_for: Kind,
    /// As it stood when the period began.
    start: Option<Incident>,
    /// The person, moment and event of its last entry.
    last: Option<(OperatorId, Timestamp, IncidentEvent)>,
    /// It was opened in the period.
    event: Option<TrueEvent>,
    is_real: bool,
    was_handed_off: bool,
}

struct Reading {
    from: Timestamp,
    to: Timestamp,
    /// The first signal of the period.
    start: u64,
    cases: BTreeMap<IncidentId, Case>,
    /// The incidents that one signal opened for the same, oldest first.
    alike: BTreeMap<(SignalId, Kind), Vec<IncidentId>>,
    /// The tests as they stand, and those of them as they stood when the period began.
    tests: BTreeMap<TestId, TestSession>,
    tests_before: BTreeMap<TestId, TestSession>,
    /// The false alarms of accounts as they stood when the period began.
    false_calls: BTreeMap<AccountNumber, FalseCalls>,
    /// The same of storms.
    storms: BTreeMap<StormId, Storm>,
    storms_before: BTreeMap<StormId, Storm>,
    acts: Vec<Placed>,
    /// The last signal that an incident was opened by or that joined one.
    evidenced: u64,
    /// The signals that incidents showed before the period.
    shown: BTreeSet<SignalId>,
    /// From here on the acts wait for the signal that comes after them.
    waiting: usize,
    next_incident: u64,
    last: Timestamp,
}

impl Told {
    /// Reads the journal once, up to entry `end`. `start` is the first signal of the period.
    pub(super) fn read(
        reader: &Reader,
        (from, to): (Timestamp, Timestamp),
        start: u64,
        end: u64,
    ) -> Result<Self, StoreError> {
        let last = Timestamp::from_millis(i64::MIN);
        let (cases, acts) = (BTreeMap::new(), Vec::new());
        let (tests, tests_before, false_calls) = Default::default();
        let (storms, storms_before) = Default::default();
        let mut reading = Reading {
            from,
            to,
            start,
            cases,
            alike: BTreeMap::new(),
            tests,
            tests_before,
            false_calls,
            storms,
            storms_before,
            acts,
            evidenced: 0,
            shown: BTreeSet::new(),
            waiting: 0,
            next_incident: 1,
            last,
        };
        let mut after: i64 = 0;
        loop {
            let mut statement = reader.sql.prepare_cached(ENTRIES)?;
            let mut rows = statement.query([after, spelling::bigint(end)])?;
            let before = after;
            while let Some(row) = rows.next()? {
                after = row.get(0)?;
                let stream = row.get_ref(1)?.as_str()?;
                if stream.starts_with("incident-") {
                    reading.note(&journal::record(row)?);
                } else if stream.starts_with("test-") {
                    reading.note_test(&journal::test_record(row)?);
                } else if stream.starts_with("false-calls-") {
                    reading.note_false_calls(&journal::false_calls_record(row)?);
                } else if stream.starts_with("storm-") {
                    reading.note_storm(&journal::storm_record(row)?);
                } else if stream.starts_with("lowered-") {
                    reading.note_closing(&journal::lowered_record(row)?);
                }
            }
            if after == before {
                return Ok(reading.told());
            }
        }
    }
}

impl Reading {
    fn note_test(&mut self, record: &TestRecord) {
        self.last = self.last.max(record.at);
        let Some(session) = evolve_test(self.tests.remove(&record.test), record) else { return };
        let account = session.account;
        if record.at < self.from {
            self.tests_before.insert(record.test, session.clone());
        } else if record.by.is_some() && record.at < self.to {
            let (act, at) = (Past::Test(account, record.clone()), record.at);
            self.acts.push(Placed { act, at, after: self.evidenced, before: u64::MAX });
        }
        self.tests.insert(record.test, session);
    }

    fn note_false_calls(&mut self, record: &FalseCallsRecord) {
        self.last = self.last.max(record.at);
        if record.at < self.from {
            let calls = evolve_false_calls(self.false_calls.remove(&record.account), record);
            self.false_calls.insert(record.account, calls);
        } else if record.by.is_some() && record.at < self.to {
            let (act, at) = (Past::FalseCalls(record.clone()), record.at);
            self.acts.push(Placed { act, at, after: self.evidenced, before: u64::MAX });
        }
    }

    /// What people have agreed on stands on their cards; what they answer stands nowhere else.
    fn note_closing(&mut self, record: &LoweredRecord) {
        self.last = self.last.max(record.at);
        let says = matches!(record.event, LoweredEvent::ClosingAnswered { .. } | LoweredEvent::ClosingOver { .. });
        if says && record.by.is_some() && record.at >= self.from && record.at < self.to {
            let (act, at) = (Past::Closing(record.clone()), record.at);
            self.acts.push(Placed { act, at, after: self.evidenced, before: u64::MAX });
        }
    }

    fn note_storm(&mut self, record: &StormRecord) {
        self.last = self.last.max(record.at);
        let Some(storm) = evolve_storm(self.storms.remove(&record.storm), record) else { return };
        if record.at < self.from {
            self.storms_before.insert(record.storm, storm.clone());
        } else if record.by.is_some() && record.at < self.to {
            let (act, at) = (Past::Storm(storm.area.clone(), record.clone()), record.at);
            self.acts.push(Placed { act, at, after: self.evidenced, before: u64::MAX });
        }
        self.storms.insert(record.storm, storm);
    }

    fn note(&mut self, record: &Record) {
        self.last = self.last.max(record.at);
        // A signal of the period can bear an earlier time, where the clock was set back.
        let evidence = own_evidence(record);
        let is_before = record.at < self.from && evidence.is_none_or(|evidence| evidence.signal.get() < self.start);
        if let IncidentEvent::Opened { evidence, .. } | IncidentEvent::SignalJoined { evidence, .. } = &record.event
            && record.at < self.from
        {
            self.shown.insert(evidence.signal);
        }
        if let Some(evidence) = evidence {
            self.evidenced = self.evidenced.max(evidence.signal.get());
            for act in &mut self.acts[self.waiting..] {
                act.before = evidence.signal.get();
            }
            self.waiting = self.acts.len();
        }
        if let IncidentEvent::Opened { account, kind, evidence, .. } = &record.event {
            if is_before {
                self.next_incident = self.next_incident.max(record.incident.get() + 1);
            }
            let event = TrueEvent {
                incident: record.incident,
                kind: *kind,
                account: *account,
                opened_at: record.at,
                signals: Vec::new(),
            };
            let case = Case {
                first: evidence.signal,
                opened_for: *kind,
                start: None,
                last: None,
                event: Some(event).filter(|_| !is_before && record.at < self.to),
                is_real: false,
                was_handed_off: false,
            };
            self.alike.entry((case.first, case.opened_for)).or_default().push(record.incident);
            self.cases.insert(record.incident, case);
        }
        let Some(case) = self.cases.get_mut(&record.incident) else { return };
        let is_before = is_before && (case.start.is_some() || matches!(record.event, IncidentEvent::Opened { .. }));
        if let (IncidentEvent::Opened { evidence, .. } | IncidentEvent::SignalJoined { evidence, .. }, Some(event)) =
            (&record.event, &mut case.event)
        {
            event.signals.push(evidence.signal);
        }
        match record.event {
            IncidentEvent::ConfirmedReal { .. } => case.is_real = true,
            IncidentEvent::Overturned { .. } => case.is_real = false,
            IncidentEvent::HandedOff { .. } => case.was_handed_off = true,
            _ => {}
        }
        if let (IncidentEvent::OwnerLost { from, .. }, false) = (&record.event, is_before || record.at >= self.to) {
            let (act, at) = (Past::Gone(*from, record.at), record.at);
            self.acts.push(Placed { act, at, after: self.evidenced, before: u64::MAX });
        }
        if is_before {
            case.start = Some(evolve(case.start.take(), record));
        } else if let Some(by) = record.by.filter(|_| record.at < self.to) {
            let same = case.last.take().filter(|(person, at, _)| (*person, *at) == (by, record.at));
            if let Some((command, second)) = record.event.act(same.as_ref().map(|(.., event)| event)) {
                let (signal, kind) = (case.first, case.opened_for);
                let alike = self.alike.get(&(signal, kind)).map_or(&[][..], Vec::as_slice);
                let nth = alike.iter().take_while(|other| **other != record.incident).count();
                let nth = u32::try_from(nth).unwrap_or(u32::MAX);
                let act = PastAct { at: record.at, by, on: Opening { signal, kind, nth }, command, second };
                let (act, at) = (Past::Act(act), record.at);
                self.acts.push(Placed { act, at, after: self.evidenced, before: u64::MAX });
            }
        }
        case.last = record.by.map(|by| (by, record.at, record.event.clone()));
        let closed = matches!(record.event, IncidentEvent::Closed { .. } | IncidentEvent::Merged { .. });
        if closed && is_before {
            if let Some(alike) = self.alike.get_mut(&(case.first, case.opened_for)) {
                alike.retain(|other| *other != record.incident);
            }
            self.cases.remove(&record.incident);
        }
    }

    fn told(self) -> Told {
        let next_test = TestId::new(self.tests_before.keys().next_back().map_or(1, |last| last.get() + 1));
        let next_storm = StormId::new(self.storms_before.keys().next_back().map_or(1, |last| last.get() + 1));
        let mut calmed: BTreeMap<Area, Timestamp> = BTreeMap::new();
        for (storm, at) in self.storms_before.values().filter_map(|storm| Some((storm, storm.calm_at?))) {
            let calm = calmed.entry(storm.area.clone()).or_insert(at);
            *calm = at.max(*calm);
        }
        let (over, open): (Vec<_>, Vec<_>) = self.tests_before.into_values().partition(TestSession::is_over);
        let returned = over.iter().filter_map(|test| {
            let (at, signals) = (test.ended_at?, test.signals.unwrap_or_default());
            Some((test.account, Returned { at, signals, scope: test.scope.clone(), tested_s: test.tested_s(at) }))
        });
        let mut told = Told {
            shown: self.shown,
            tests: open,
            returned: returned.collect(),
            false_calls: self.false_calls.into_values().collect(),
            next_test,
            storms: self.storms_before.into_values().filter(|storm| !storm.is_over()).collect(),
            calmed: calmed.into_iter().map(|(area, at)| Calmed { area, at }).collect(),
            next_storm,
            open: Vec::new(),
            next_incident: IncidentId::new(self.next_incident),
            numbers: BTreeMap::new(),
            acts: self.acts,
            truth: Vec::new(),
            last: self.last,
        };
        for (incident, case) in self.cases {
            let kind = case.start.as_ref().map_or(case.opened_for, |start| start.kind);
            let mut on = Opening { signal: case.first, kind, nth: 0 };
            while told.numbers.contains_key(&on) {
                on.nth += 1;
            }
            told.numbers.insert(on, incident);
            told.open.extend(case.start);
            told.truth.extend(case.event.filter(|_| case.is_real || case.was_handed_off));
        }
        told
    }
}

/// The signal that this entry was made at, where one was. A held signal that is shown at last was received before.
fn own_evidence(record: &Record) -> Option<&Evidence> {
    match &record.event {
        IncidentEvent::Opened { evidence, .. } | IncidentEvent::SignalJoined { evidence, .. } => {
            Some(evidence).filter(|evidence| evidence.received_at == record.at)
        }
        _ => None,
    }
}
