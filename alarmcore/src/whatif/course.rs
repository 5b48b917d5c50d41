//! One desk on its way through the past, and what it came to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Decided, Past, PastAct};
use crate::desk::Desk;
use crate::disposition::Disposition;
use crate::id::{IncidentId, SignalId};
use crate::incident::{Incident, IncidentEvent, Kind, Record, evolve};
use crate::input::Input;
use crate::output::Output;
use crate::policy::Policy;
use crate::presence::Presence;
use crate::queue::Priority;
use crate::snapshot::Snapshot;
use crate::time::Timestamp;

/// A desk under one policy.
#[derive(Debug)]
pub(super) struct Course {
    desk: Desk,
    /// Every incident that was open at the start or was opened since, as it stands.
    pub(super) incidents: BTreeMap<IncidentId, Incident>,
    /// Those that were opened since, by what opened them.
    pub(super) opened: BTreeMap<Opening, Opened>,
    /// The incidents that were opened by one signal for the same, oldest first.
    alike: BTreeMap<(SignalId, Kind), Vec<IncidentId>>,
    /// Which incident holds a signal, since when, and what that incident was opened for.
    holds: BTreeMap<(SignalId, IncidentId), (Timestamp, Kind)>,
    /// The incidents that stand for what a storm groups.
    groups: BTreeSet<IncidentId>,
    /// What was said of signals since it was last asked.
    pub(super) decided: Vec<(SignalId, Decided)>,
    /// When the desk wants to be told the time.
    deadline: Option<Timestamp>,
    /// The signals that it holds.
    held: BTreeSet<SignalId>,
    /// Those that it held and does not any more, and since when.
    released: Vec<(SignalId, Timestamp)>,
    /// Acts on incidents that would be opened by signals that it holds.
    late: BTreeMap<SignalId, Vec<PastAct>>,
    pub(super) offers: u64,
    pub(super) hand_offs: u64,
    pub(super) granted: u64,
    pub(super) refused: u64,
    dropped: u64,
}

/// What an incident is recognised by in both courses: the signal that opened it, what for, and how many that signal had
/// opened for the same before. What does not restore can be shown more than once, by incidents of one signal.
pub(super) type Opening = (SignalId, Kind, usize);

/// An incident that was opened on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    pub(super) incident: IncidentId,
    pub(super) priority: Priority,
}

impl Course {
    pub(super) fn new(start: Snapshot, policy: Policy) -> Self {
        let incidents: BTreeMap<_, _> =
            start.incidents.iter().map(|incident| (incident.id, incident.clone())).collect();
        let first = |incident: &Incident| ((incident.first_signal, incident.id), (incident.opened_at, incident.kind));
        let mut alike: BTreeMap<_, Vec<IncidentId>> = BTreeMap::new();
        for incident in incidents.values() {
            alike.entry((incident.first_signal, incident.kind)).or_default().push(incident.id);
        }
        Self {
            alike,
            holds: incidents.values().map(first).collect(),
            incidents,
            groups: start
                .incidents
                .iter()
                .filter(|incident| incident.storm.is_some())
                .map(|incident| incident.id)
                .collect(),
            opened: BTreeMap::new(),
            // The beginning of time: the desk then says when it wants to be told again.
            deadline: Some(Timestamp::from_millis(i64::MIN)),
            held: start.held.iter().map(|held| held.received.id).collect(),
            released: Vec::new(),
            late: BTreeMap::new(),
            desk: Desk::restore(policy, start),
            decided: Vec::new(),
            offers: 0,
            hand_offs: 0,
            granted: 0,
            refused: 0,
            dropped: 0,
        }
    }

    /// Lives through one thing of the past; what falls due before it, each at its own moment.
    pub(super) fn hear(&mut self, past: &Past) {
        match past {
            Past::Signal(received, _) => {
                self.pass(received.report.received_at);
                self.tell(Input::Signal(received.clone()));
            }
            Past::Act(act) => {
                self.pass(act.at);
                self.act(act);
            }
            Past::Test(account, record) => {
                self.pass(record.at);
                self.desk.retell(*account, record);
                self.drain();
            }
            Past::Gone(operator, at) => {
                self.pass(*at);
                self.tell(Input::Operator { at: *at, operator: *operator, presence: Presence::Left });
            }
            Past::FalseCalls(record) => {
                self.pass(record.at);
                self.desk.retell_false_calls(record);
                self.drain();
            }
            Past::Storm(area, record) => {
                self.pass(record.at);
                self.desk.retell_storm(area, record);
                self.drain();
            }
            Past::Closing(record) => {
                self.pass(record.at);
                self.desk.retell_closing(record);
                self.drain();
            }
            Past::Account(card) => self.tell(Input::Account(card.clone())),
            Past::AccountClosed(account) => self.tell(Input::AccountClosed(*account)),
            Past::Unit(card) => self.tell(Input::Unit(card.clone())),
            Past::Time(at) => self.pass(*at),
        }
        self.catch_up();
    }

    /// Lets time pass, one deadline after the other.
    fn pass(&mut self, now: Timestamp) {
        while let Some(due) = self.deadline.filter(|due| *due <= now) {
            self.tell(Input::Time(due));
            self.catch_up();
        }
    }

    /// An act goes to the incident that holds the first signal of the one it was done on. While that signal is still held
    /// here, the act waits for it to be shown.
    fn act(&mut self, act: &PastAct) {
        match self.holding(act.first, act.kind, act.nth) {
            Some(incident) => self.do_on(incident, act, act.at),
            None if self.held.contains(&act.first) => self.late.entry(act.first).or_default().push(act.clone()),
            None => self.dropped += 1,
        }
    }

    fn do_on(&mut self, incident: IncidentId, act: &PastAct, at: Timestamp) {
        let &PastAct { by, second, ref command, .. } = act;
        let refused = self.refused;
        self.tell(Input::Act { at, by, incident, command: command.clone(), second });
        self.granted += u64::from(self.refused == refused);
    }

    /// What was done on an incident that is there only now is done now.
    fn catch_up(&mut self) {
        for (signal, at) in std::mem::take(&mut self.released) {
            for act in self.late.remove(&signal).unwrap_or_default() {
                match self.holding(signal, act.kind, act.nth) {
                    Some(incident) => self.do_on(incident, &act, at),
                    None => self.dropped += 1,
                }
            }
        }
    }

    /// Acts that were done on nothing here.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped + self.late.values().map(|acts| acts.len() as u64).sum::<u64>()
    }

    /// The incident that holds a signal: the one that was opened alike, or any.
    fn holding(&self, first: SignalId, kind: Kind, nth: u32) -> Option<IncidentId> {
        let alike = self.alike.get(&(first, kind)).and_then(|alike| alike.get(nth as usize).or(alike.last()));
        alike.copied().or_else(|| self.of(first).next().map(|((_, incident), _)| *incident))
    }

    fn of(&self, signal: SignalId) -> impl Iterator<Item = (&(SignalId, IncidentId), &(Timestamp, Kind))> {
        self.holds.range((signal, IncidentId::new(0))..=(signal, IncidentId::new(u64::MAX)))
    }

    /// Since when an operator has been shown a signal; `None` when none was. To be the first of what a storm groups is not to
    /// be shown.
    pub(super) fn shown_at(&self, signal: SignalId) -> Option<Timestamp> {
        let shown = self.of(signal).filter(|((_, incident), _)| !self.groups.contains(incident));
        shown.map(|(_, (at, _))| *at).min()
    }

    fn tell(&mut self, input: Input) {
        self.desk.handle(input);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.desk.poll() {
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                Output::Record(record) => self.note(&record),
                Output::Dispose(Disposition { signal, at, outcome, rule, .. }) => {
                    if !outcome.is_final() {
                        self.held.insert(signal);
                    } else if self.held.remove(&signal) {
                        self.released.push((signal, at));
                    }
                    self.decided.push((signal, Decided { outcome: outcome.word(), rule }));
                }
                Output::Refuse(_) => self.refused += 1,
                // Nobody asks here for what could be refused about a test, false alarms, a follow-up or a storm.
                Output::Touched(_)
                | Output::Perform(_)
                | Output::TestRecord(_)
                | Output::RefuseTest(_)
                | Output::FalseCallsRecord(_)
                | Output::RefuseFalseCalls(_)
                | Output::FollowUpRecord(_)
                | Output::RefuseFollowUp(_)
                | Output::LoweredRecord(_)
                | Output::RefuseLowered(_)
                | Output::StormRecord(_)
                | Output::RefuseStorm(_) => {}
            }
        }
    }

    fn note(&mut self, record: &Record) {
        let id = record.incident;
        match &record.event {
            IncidentEvent::Opened { kind, priority, evidence, .. } => {
                let alike = self.alike.entry((evidence.signal, *kind)).or_default();
                let opening = (evidence.signal, *kind, alike.len());
                alike.push(id);
                self.opened.insert(opening, Opened { incident: id, priority: *priority });
                self.holds.insert((evidence.signal, id), (record.at, *kind));
            }
            IncidentEvent::SignalJoined { evidence, .. } => {
                let kind = self.incidents.get(&id).map_or(Kind::General, |incident| incident.kind);
                self.holds.entry((evidence.signal, id)).or_insert((record.at, kind));
            }
            IncidentEvent::Grouped { .. } => drop(self.groups.insert(id)),
            IncidentEvent::UnitOffered { .. } => self.offers += 1,
            IncidentEvent::HandedOff { .. } => self.hand_offs += 1,
            _ => {}
        }
        let incident = evolve(self.incidents.remove(&id), record);
        self.incidents.insert(id, incident);
    }
}
