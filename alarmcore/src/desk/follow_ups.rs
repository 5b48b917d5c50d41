//! Follow-ups: the acts, and when they ring.

use super::{Desk, Due};
use crate::effect::Effect;
use crate::follow_up::{
    Assignee, Call, FollowUp, FollowUpAct, FollowUpCommand, FollowUpEvent, FollowUpReason, FollowUpRecord,
    FollowUpRefusal, Subject, decide_follow_up, evolve_follow_up,
};
use crate::id::{ContactId, FollowUpId, IncidentId, OperatorId};
use crate::incident::Rank;
use crate::output::Output;
use crate::queue::Priority;
use crate::time::Timestamp;

impl Desk {
    pub(super) fn follow_up_act(
        &mut self,
        at: Timestamp,
        by: OperatorId,
        id: Option<FollowUpId>,
        command: &FollowUpCommand,
    ) {
        self.advance(at);
        self.acted(by, at);
        match self.granted_follow_up(id, &FollowUpAct { at, command }) {
            Ok((id, event)) => self.record_follow_up(id, at, Some(by), event),
            Err(refusal) => self.outputs.push_back(Output::RefuseFollowUp(refusal)),
        }
    }

    fn granted_follow_up(
        &self,
        id: Option<FollowUpId>,
        act: &FollowUpAct<'_>,
    ) -> Result<(FollowUpId, FollowUpEvent), FollowUpRefusal> {
        let id = match (act.command, id) {
            (FollowUpCommand::Create { .. }, _) => self.next_follow_up,
            (FollowUpCommand::Reassign { .. } | FollowUpCommand::Done { .. }, None) => {
                return Err(FollowUpRefusal::NoneNamed);
            }
            (FollowUpCommand::Reassign { .. } | FollowUpCommand::Done { .. }, Some(follow_up)) => {
                let was_there = follow_up.get() > 0 && follow_up < self.next_follow_up;
                match (self.follow_ups.contains_key(&follow_up), was_there) {
                    (true, _) => follow_up,
                    (false, true) => return Err(FollowUpRefusal::AlreadyDone { follow_up }),
                    (false, false) => return Err(FollowUpRefusal::NoSuchFollowUp { follow_up }),
                }
            }
        };
        let event = decide_follow_up(self.follow_ups.get(&id), &self.rules.centre().follow_up, act)?;
        match event {
            FollowUpEvent::Created { subject: Subject::Incident(incident), .. }
                if incident.get() == 0 || incident >= self.next_incident =>
            {
                Err(FollowUpRefusal::NoSuchIncident { incident })
            }
            FollowUpEvent::Created { subject: Subject::Account(account), .. }
                if self.accounts.get(&Some(account)).is_none_or(|known| known.card.is_none()) =>
            {
                Err(FollowUpRefusal::NoSuchAccount { account })
            }
            FollowUpEvent::Created { subject, to, due_at, reason, said, note, .. } => {
                let priority = self.urgency_of(subject);
                Ok((id, FollowUpEvent::Created { subject, to, due_at, reason, said, priority, note }))
            }
            event => Ok((id, event)),
        }
    }

    /// How urgent a follow-up is: as the incident that it is about, where that is open, or still awaits somebody's word; else as the
    /// policy says.
    pub(super) fn urgency_of(&self, subject: Subject) -> Option<Priority> {
        let known = match subject {
            Subject::Incident(incident) => {
                self.incidents.get(&incident).or_else(|| self.awaited.get(&incident).map(AsRef::as_ref))
            }
            Subject::Account(_) => None,
        };
        Some(known.map_or(self.rules.centre().follow_up.otherwise, |incident| incident.priority))
    }

    /// What was promised by earlier calls of this person in this incident, and is not done.
    pub(super) fn promised(&self, incident: IncidentId, contact: ContactId) -> Vec<FollowUpId> {
        let calls = self.incidents.get(&incident).map(|incident| incident.calls.as_slice()).unwrap_or_default();
        let theirs = calls.iter().filter(|call| call.contact == contact);
        let promises: Vec<Timestamp> = theirs.filter_map(|call| call.again_at).collect();
        if promises.is_empty() {
            return Vec::new();
        }
        let is_of = |one: &&FollowUp| {
            one.reason == Some(FollowUpReason::CallAgain)
                && one.subject == Subject::Incident(incident)
                && promises.contains(&one.due_at)
        };
        self.follow_ups.values().filter(is_of).map(|one| one.id).collect()
    }

    /// Somebody was called: what was promised before is done, and where they are to be called again, whoever is at the desk then is
    /// told at that second.
    pub(super) fn call_again(
        &mut self,
        incident: IncidentId,
        (at, by): (Timestamp, OperatorId),
        promised: Vec<FollowUpId>,
        again_at: Option<Timestamp>,
    ) {
        for id in promised {
            self.record_follow_up(id, at, Some(by), FollowUpEvent::Done { note: None });
        }
        if let Some(due_at) = again_at {
            let (subject, to) = (Subject::Incident(incident), Assignee::Rank(Rank::Operator));
            let reason = Some(FollowUpReason::CallAgain);
            let priority = self.urgency_of(subject);
            let made = FollowUpEvent::Created { subject, to, due_at, reason, said: None, priority, note: None };
            self.record_follow_up(self.next_follow_up, at, Some(by), made);
        }
    }

    /// It is due: it rings. It is due and not done: the next of those is called who are told then.
    pub(super) fn follow_up_due(&mut self, id: FollowUpId, at: Timestamp) {
        let rules = &self.rules.centre().follow_up;
        let event = match self.follow_ups.get(&id).and_then(|open| open.next_call(rules)) {
            Some((_, Call::Rings)) => FollowUpEvent::Rang {},
            Some((_, Call::Calls(to))) => FollowUpEvent::Escalated { to },
            None => return,
        };
        self.record_follow_up(id, at, None, event);
    }

    pub(super) fn record_follow_up(
        &mut self,
        id: FollowUpId,
        at: Timestamp,
        by: Option<OperatorId>,
        event: FollowUpEvent,
    ) {
        let before = self.follow_ups.remove(&id);
        if let Some((due, _)) = before.as_ref().and_then(|before| before.next_call(&self.rules.centre().follow_up)) {
            self.deadlines.remove(&(due, Due::FollowUp(id)));
        }
        let version = before.as_ref().map_or(1, |open| open.version + 1);
        let record = FollowUpRecord { follow_up: id, version, at, by, event };
        let after = evolve_follow_up(before, &record);
        let calls = match record.event {
            FollowUpEvent::Rang {} => Some(None),
            FollowUpEvent::Escalated { to } => Some(Some(to)),
            FollowUpEvent::Created { .. } | FollowUpEvent::Reassigned { .. } | FollowUpEvent::Done { .. } => None,
        };
        self.outputs.push_back(Output::FollowUpRecord(record));
        let Some(after) = after else { return };
        let (follow_up, priority) = (id, after.urgency());
        self.outputs.extend(calls.map(|calls| {
            Output::Perform(match calls {
                None => Effect::FollowUpDue { follow_up, to: after.to, priority },
                Some(to) => Effect::FollowUpUndone { follow_up, to, priority },
            })
        }));
        self.keep_follow_up(after);
    }

    /// Puts a follow-up among those that are not done.
    pub(super) fn keep_follow_up(&mut self, follow_up: FollowUp) {
        let id = follow_up.id;
        self.next_follow_up = self.next_follow_up.max(FollowUpId::new(id.get() + 1));
        if let Some((due, _)) = follow_up.next_call(&self.rules.centre().follow_up) {
            self.deadlines.insert((due, Due::FollowUp(id)));
        }
        if follow_up.done_at.is_none() {
            self.follow_ups.insert(id, follow_up);
        }
    }

    /// The follow-ups that are not done, in the order of their numbers.
    pub fn follow_ups(&self) -> impl Iterator<Item = &FollowUp> {
        self.follow_ups.values()
    }
}
