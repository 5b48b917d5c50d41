//! One desk on its way through the past, and what it came to.

use std::collections::{BTreeMap, BTreeSet};

use contactid::AccountNumber;

use super::trace::Trace;
use super::{Decided, Opening, Past, PastAct};
use crate::desk::Desk;
use crate::disposition::Disposition;
use crate::effect::Effect;
use crate::expect::Edge;
use crate::id::{IncidentId, SignalId};
use crate::incident::{Incident, IncidentEvent, Kind, Record, Refusal, evolve};
use crate::input::Input;
use crate::output::Output;
use crate::policy::Policy;
use crate::presence::Presence;
use crate::snapshot::Snapshot;
use crate::time::Timestamp;

/// A desk under one policy.
#[derive(Debug)]
pub(super) struct Course {
    desk: Desk,
    /// Every incident that was open at the start or was opened since, as it stands.
    pub(super) incidents: BTreeMap<IncidentId, Incident>,
    /// What is kept of each beside that.
    traces: BTreeMap<IncidentId, Trace>,
    /// All of them, by what opened them.
    pub(super) openings: BTreeMap<Opening, IncidentId>,
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
    /// Why the last act was refused.
    refusal: Option<Refusal>,
    /// Acts that were done on nothing here, by the incident that they were done on.
    dropped: BTreeMap<Opening, u32>,
    /// The accounts that something has changed of since it was last asked, where it is asked.
    pub(super) touched: Option<Vec<AccountNumber>>,
    /// What the outside would have been asked for beside what incidents say, and how often.
    pub(super) asked: BTreeMap<String, u64>,
}

impl Course {
    pub(super) fn new(start: Snapshot, policy: Policy) -> Self {
        let incidents: BTreeMap<_, _> =
            start.incidents.iter().map(|incident| (incident.id, incident.clone())).collect();
        let first = |incident: &Incident| ((incident.first_signal, incident.id), (incident.opened_at, incident.kind));
        let mut alike: BTreeMap<_, Vec<IncidentId>> = BTreeMap::new();
        let mut openings = BTreeMap::new();
        for incident in incidents.values() {
            let (signal, kind) = (incident.first_signal, incident.kind);
            openings.insert(opening(&mut alike, (signal, kind), incident.id), incident.id);
        }
        Self {
            alike,
            openings,
            traces: incidents.values().map(|incident| (incident.id, Trace::of(incident))).collect(),
            holds: incidents.values().map(first).collect(),
            incidents,
            groups: start
                .incidents
                .iter()
                .filter(|incident| incident.storm.is_some())
                .map(|incident| incident.id)
                .collect(),
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
            refusal: None,
            dropped: BTreeMap::new(),
            touched: None,
            asked: BTreeMap::new(),
        }
    }

    /// The rules that hold for an account.
    pub(super) fn policy_of(&self, account: AccountNumber) -> &Policy {
        self.desk.policy_of(Some(account))
    }

    /// What the centre would report of an account unless something else comes first.
    pub(super) fn expected(&self, account: AccountNumber, now: Timestamp) -> Vec<Edge> {
        self.desk.expected(&account, now)
    }

    fn touch(&mut self, account: AccountNumber) {
        self.touched.iter_mut().for_each(|touched| touched.push(account));
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
                self.touch(*account);
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
            Past::Account(card) => {
                self.tell(Input::Account(card.clone()));
                self.touch(card.account);
            }
            Past::AccountClosed(account) => {
                self.tell(Input::AccountClosed(*account));
                self.touch(*account);
            }
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
        match self.holding(act.on) {
            Some(incident) => self.do_on(incident, act, act.at),
            None if self.held.contains(&act.on.signal) => {
                self.late.entry(act.on.signal).or_default().push(act.clone());
            }
            None => self.drop_act(act),
        }
    }

    fn do_on(&mut self, incident: IncidentId, act: &PastAct, at: Timestamp) {
        let &PastAct { by, second, ref command, .. } = act;
        self.tell(Input::Act { at, by, incident, command: command.clone(), second });
        let refusal = self.refusal.take();
        self.granted += u64::from(refusal.is_none());
        self.refused += u64::from(refusal.is_some());
        if let Some(trace) = self.traces.get_mut(&incident) {
            trace.refused.extend(refusal.map(|refusal| (at, refusal)));
            trace.late += u32::from(at > act.at);
        }
    }

    fn drop_act(&mut self, act: &PastAct) {
        *self.dropped.entry(act.on).or_default() += 1;
    }

    /// What was done on an incident that is there only now is done now.
    fn catch_up(&mut self) {
        for (signal, at) in std::mem::take(&mut self.released) {
            for act in self.late.remove(&signal).unwrap_or_default() {
                match self.holding(act.on) {
                    Some(incident) => self.do_on(incident, &act, at),
                    None => self.drop_act(&act),
                }
            }
        }
    }

    /// Acts that were done on nothing here.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.values().copied().map(u64::from).sum()
    }

    pub(super) fn dropped_of(&self, opening: Opening) -> u32 {
        self.dropped.get(&opening).copied().unwrap_or_default()
    }

    /// Does this signal still wait to be shown?
    pub(super) fn holds_back(&self, signal: SignalId) -> bool {
        self.held.contains(&signal)
    }

    /// Everything was heard: what waits still waits in vain.
    pub(super) fn end(&mut self) {
        for act in std::mem::take(&mut self.late).into_values().flatten() {
            self.drop_act(&act);
        }
    }

    /// The incident of this opening, and what is kept of it.
    pub(super) fn own(&self, opening: Opening) -> Option<(&Incident, &Trace)> {
        let id = self.openings.get(&opening)?;
        Some((self.incidents.get(id)?, self.traces.get(id)?))
    }

    /// The incidents that were opened on the way, and what is kept of each.
    pub(super) fn opened(&self) -> impl Iterator<Item = (&Incident, &Trace)> {
        let all = self.openings.keys().filter_map(|opening| self.own(*opening));
        all.filter(|(_, trace)| trace.opened_as.is_some())
    }

    /// What is kept of all incidents.
    pub(super) fn traces(&self) -> impl Iterator<Item = &Trace> {
        self.traces.values()
    }

    /// The signal that opened the incident that shows this one, where it is shown at all.
    pub(super) fn holder(&self, signal: SignalId) -> Option<SignalId> {
        let shown = self.of(signal).find(|((_, incident), _)| !self.groups.contains(incident));
        shown.and_then(|((_, incident), _)| Some(self.incidents.get(incident)?.first_signal))
    }

    /// The incident that holds a signal: the one that was opened alike, or any.
    fn holding(&self, Opening { signal, kind, nth }: Opening) -> Option<IncidentId> {
        let alike = self.alike.get(&(signal, kind)).and_then(|alike| alike.get(nth as usize).or(alike.last()));
        alike.copied().or_else(|| self.of(signal).next().map(|((_, incident), _)| *incident))
    }

    fn of(&self, signal: SignalId) -> impl Iterator<Item = (&(SignalId, IncidentId), &(Timestamp, Kind))> {
        self.holds.range((signal, IncidentId::new(0))..=(signal, IncidentId::new(u64::MAX)))
    }

    /// Since when an operator has been shown a signal; `None` when none was. To be the first of what a storm groups, or what a doubtful
    /// line or a panel that runs away said among others, is not to be shown.
    pub(super) fn shown_at(&self, signal: SignalId) -> Option<Timestamp> {
        let beside = |kind: Kind| matches!(kind, Kind::Security | Kind::Runaway);
        let shown = self.of(signal).filter(|((_, id), (_, kind))| !self.groups.contains(id) && !beside(*kind));
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
                Output::Refuse(refusal) => self.refusal = Some(refusal),
                Output::Perform(effect) => self.note_effect(&effect),
                Output::Touched(account) => self.touch(account),
                // Nobody asks here for what could be refused about a test, false alarms, a follow-up or a storm.
                Output::OverridesOver(_)
                | Output::OverrideWarned(_)
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
                let opening = opening(&mut self.alike, (evidence.signal, *kind), id);
                self.openings.insert(opening, id);
                self.traces.insert(id, Trace::opened(*priority));
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
        if let Some(trace) = self.traces.get_mut(&id) {
            trace.note(record);
        }
        let incident = evolve(self.incidents.remove(&id), record);
        self.incidents.insert(id, incident);
    }

    /// What the records of incidents say is compared there.
    fn note_effect(&mut self, effect: &Effect) {
        let asked = match effect {
            Effect::Forward { to, .. } => format!("forward to {to}"),
            Effect::FalseCalls { clause, measure, .. } => format!("false calls: {measure} by {clause}"),
            Effect::AskClosing { .. } => "ask who closes late".to_owned(),
            Effect::CallIn { .. } => "call the staff in".to_owned(),
            Effect::TestEnding { .. } => "test ends soon".to_owned(),
            Effect::LoweringEnding { .. } => "lowering ends soon".to_owned(),
            Effect::OverrideEnding { .. } => "override ends soon".to_owned(),
            Effect::FollowUpDue { .. } => "follow-up is due".to_owned(),
            Effect::FollowUpUndone { .. } => "follow-up is not done".to_owned(),
            Effect::Alert { .. }
            | Effect::Escalate { .. }
            | Effect::Offer { .. }
            | Effect::Recall { .. }
            | Effect::TellUnit { .. }
            | Effect::HandOff { .. }
            | Effect::TellAuthority { .. }
            | Effect::FirstContact { .. } => return,
        };
        *self.asked.entry(asked).or_default() += 1;
    }
}

/// The incidents that one signal opened for the same, oldest first: this one is the last of them.
fn opening(
    alike: &mut BTreeMap<(SignalId, Kind), Vec<IncidentId>>,
    (signal, kind): (SignalId, Kind),
    id: IncidentId,
) -> Opening {
    let alike = alike.entry((signal, kind)).or_default();
    let nth = u32::try_from(alike.len()).unwrap_or(u32::MAX);
    alike.push(id);
    Opening { signal, kind, nth }
}
