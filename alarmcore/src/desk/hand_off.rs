//! Hand-offs at the desk: who has not answered in time, what machines are told by themselves, and whose last word is awaited
//! after the closing.

use super::Desk;
use crate::follow_up::{Assignee, FollowUpEvent, FollowUpReason, Said, Subject};
use crate::id::{IncidentId, OperatorId, SignalId};
use crate::incident::{HandOff, Incident, IncidentEvent, Rank, TheirOutcome, further_alarm, level_changed, unanswered};
use crate::time::Timestamp;

impl Desk {
    /// An authority has not answered, or a fire is not handed off: the incident calls.
    pub(super) fn hand_off_due(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return self.cancel_due(id, at) };
        let events = unanswered(incident, self.policy_of(incident.account), at);
        // As with a step of the chain: never before what has happened since it was due.
        let at = at.max(incident.changed_at);
        self.record(id, at, None, events);
    }

    /// An authority that comes, as far as we know, has not answered the cancel request of a closed incident: people telephone.
    fn cancel_due(&mut self, id: IncidentId, at: Timestamp) {
        let Some(mut incident) = self.take_awaited(id) else { return };
        let due = |hand_off: &HandOff| hand_off.cancel_due().is_some_and(|by| by <= at).then_some(hand_off.number);
        let numbers: Vec<u16> = incident.hand_offs.iter().filter_map(due).collect();
        for number in numbers {
            let event = IncidentEvent::HandOffUnanswered { number };
            let about = event.said();
            incident = self.add(incident, at, event);
            if let Some(about) = about {
                self.make_known(&incident, at, FollowUpReason::CancelUnanswered, about);
            }
        }
        self.keep_awaited(incident);
    }

    /// A zone that the incident did not name before: the machines that have it are told.
    pub(super) fn tell_further(&mut self, incident: Box<Incident>, signal: SignalId, at: Timestamp) -> Box<Incident> {
        let told = further_alarm(&incident, signal);
        told.into_iter().fold(incident, |incident, event| self.add(incident, at, event))
    }

    /// The level of AVS-01 has changed: the machines of the police that have it are told.
    pub(super) fn tell_level(&mut self, incident: Box<Incident>, at: Timestamp) -> Box<Incident> {
        let told = level_changed(&incident, self.policy_of(incident.account));
        told.into_iter().fold(incident, |incident, event| self.add(incident, at, event))
    }

    /// What joined, or what it is about now: the units that have the job and can be told by machine are.
    pub(super) fn tell_units(
        &mut self,
        incident: Box<Incident>,
        joined: Option<SignalId>,
        at: Timestamp,
    ) -> Box<Incident> {
        let told = incident.tell_units(joined);
        told.into_iter().fold(incident, |incident, event| self.add(incident, at, event))
    }

    /// Remembers a closed incident that an authority still has, for as long as the policy says.
    pub(super) fn follow_hand_offs(&mut self, incident: Box<Incident>, at: Timestamp) -> Box<Incident> {
        let follow_s = self.policy_of(incident.account).hand_off.follow_s;
        if follow_s == 0 || !incident.is_theirs() {
            return incident;
        }
        self.add(incident, at, IncidentEvent::HandOffsFollowed { until: at.plus_secs(follow_s) })
    }

    /// An authority's word on a closed incident. A closed incident calls nobody: what people have to know all the same is a follow-up
    /// that is due at once.
    pub(super) fn record_followed(
        &mut self,
        incident: Box<Incident>,
        at: Timestamp,
        by: OperatorId,
        events: Vec<IncidentEvent>,
    ) {
        let mut said = incident;
        for event in events {
            let reason = said.is_to_be_known(&event).filter(|_| by == OperatorId::OUTSIDE);
            let about = reason.and_then(|reason| Some((reason, event.said()?)));
            said = self.add_by(said, at, Some(by), event);
            if let Some((reason, about)) = about {
                self.make_known(&said, at, reason, about);
            }
        }
        self.keep_awaited(said);
    }

    /// What people have to know of a closed incident: a follow-up that is due at once, as urgent as the incident, and as what calls
    /// again where it looks as if somebody is in danger to whom nobody comes.
    pub(super) fn make_known(&mut self, incident: &Incident, at: Timestamp, reason: FollowUpReason, about: Said) {
        let (subject, to) = (Subject::Incident(incident.id), Assignee::Rank(Rank::Operator));
        let real = about.outcome == Some(TheirOutcome::Real) || !incident.is_false();
        let escalated = self.policy_of(incident.account).escalated;
        let priority = if real { incident.priority.min(escalated) } else { incident.priority };
        let (said, reason) = (Some(Said { record: incident.version, ..about }), Some(reason));
        let made =
            FollowUpEvent::Created { subject, to, due_at: at, reason, said, priority: Some(priority), note: None };
        self.record_follow_up(self.next_follow_up, at, None, made);
    }

    /// Their last word is not awaited any more.
    pub(super) fn follow_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.take_awaited(id) else { return };
        let incident = self.add(incident, at, IncidentEvent::HandOffsLeft {});
        self.keep_awaited(incident);
    }
}
