//! After the centre was away: who was asked and could not be heard has the whole time again, from its start on.

use super::Desk;
use crate::id::IncidentId;
use crate::incident::{DispatchState, Incident, IncidentEvent};
use crate::lowered::{ClosingStage, LateClosing, LoweredEvent};
use crate::policy::Policy;
use crate::time::Timestamp;

/// The answers that are awaited anew, each with the moment that it was due at: those that were asked for before the start, and would be
/// due before the whole time has gone since.
pub(super) fn anew(
    incident: &Incident,
    policy: &Policy,
    started: Option<Timestamp>,
) -> impl Iterator<Item = (Timestamp, IncidentEvent)> {
    let from = move |asked: Timestamp, due: Timestamp, within_s: u32| {
        let until = started.filter(|started| asked < *started)?.plus_secs(within_s);
        (due < until).then_some(until)
    };
    let offered = incident.dispatches.iter().filter(|dispatch| dispatch.state == DispatchState::Offered);
    let offers = offered.filter_map(move |dispatch| {
        let until = from(dispatch.offered_at, dispatch.until, policy.offer_accept_s)?;
        Some((dispatch.until, IncidentEvent::AnswerAwaited { unit: Some(dispatch.unit), number: None, until }))
    });
    let hand_offs = incident.hand_offs.iter().filter_map(move |hand_off| {
        let due = hand_off.answer_by?;
        let until = from(hand_off.at, due, policy.hand_off.answer_s.of(hand_off.to)?)?;
        Some((due, IncidentEvent::AnswerAwaited { unit: None, number: Some(hand_off.number), until }))
    });
    offers.chain(hand_offs)
}

/// When it is said that they are: in its place among what became due while the centre was away, and at its start at the latest.
pub(super) fn anew_at(incident: &Incident, policy: &Policy, started: Option<Timestamp>) -> Option<Timestamp> {
    let due = anew(incident, policy, started).map(|(due, _)| due).min()?;
    Some(started.map_or(due, |started| due.min(started)).max(incident.changed_at))
}

impl Desk {
    /// Who was asked before the centre was away could not be heard: they have the whole time again.
    pub(super) fn await_anew(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let events = anew(incident, self.policy_of(incident.account), self.started).map(|(_, event)| event).collect();
        self.record(id, at, None, events);
    }

    /// Whoever may say that a site is closed later is asked once more, where the time to answer ended while the centre was away.
    pub(super) fn asked_anew(&self, closing: &LateClosing, within_s: u32, at: Timestamp) -> Option<LoweredEvent> {
        let started = self.started.filter(|started| closing.stage == ClosingStage::Asked && at <= *started)?;
        let &LateClosing { signal, group, since, .. } = closing;
        Some(LoweredEvent::ClosingAsked { signal, group, since, until: started.plus_secs(within_s.max(1)) })
    }
}
