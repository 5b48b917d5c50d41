//! Life safety goes first in a storm: it interrupts an operator who has something less urgent in hand.

use super::Desk;
use crate::id::{IncidentId, OperatorId};
use crate::incident::{Incident, IncidentEvent, Stage};
use crate::queue::Priority;
use crate::time::Timestamp;

impl Desk {
    /// An incident of priority 1 calls, and nobody has it: while a storm is confirmed one operator is interrupted. It is the
    /// one with the least urgent incident in hand; among these the one who took it last, then the one with the higher number.
    pub(super) fn interrupt_for(&mut self, first: IncidentId, at: Timestamp) {
        let calls = |incident: &Incident| incident.priority == Priority::LIFE_SAFETY && incident.owner.is_none();
        let storm = self.rules.centre().storm.interrupt && self.storms.values().any(|storm| storm.is_confirmed());
        if !storm || !self.incidents.get(&first).is_some_and(calls) {
            return;
        }
        // Who has life safety in hand, or is on the way to it, goes on with that.
        let engaged = |by: OperatorId| {
            let theirs = self.incidents.values().filter(|incident| incident.owner == Some(by));
            theirs.into_iter().any(|incident| {
                (in_hand(incident) && incident.priority == Priority::LIFE_SAFETY) || incident.interrupted.is_some()
            })
        };
        let lower = |incident: &&Incident| {
            (2..=4).contains(&incident.priority.get()) && in_hand(incident) && !incident.owner.is_some_and(engaged)
        };
        let called = self.incidents.interrupted_for(first).next().is_some();
        let lowest = self.incidents.values().filter(lower);
        let lowest = lowest.max_by_key(|incident| (incident.priority, incident.taken_at, incident.id));
        if let Some(id) = lowest.filter(|_| !called).map(|incident| incident.id) {
            self.record(id, at, None, vec![IncidentEvent::Interrupted { first }]);
        }
    }

    /// Somebody has the incident that came first, or it is over: what it interrupted goes on. Where the one who was
    /// interrupted did not take it, or has done with it, their own calls them back.
    pub(super) fn resume_after(&mut self, first: IncidentId, by: Option<OperatorId>, over: bool, at: Timestamp) {
        let waits = |incident: &&Incident| over || (by.is_some() && incident.owner != by);
        let waiting = self.incidents.interrupted_for(first).filter(waits);
        let waiting: Vec<IncidentId> = waiting.map(|incident| incident.id).collect();
        for id in waiting {
            self.record(id, at, None, vec![IncidentEvent::Continued {}]);
        }
    }
}

/// Is an operator busy with it, rather than waiting for others?
pub(super) fn in_hand(incident: &Incident) -> bool {
    incident.owner.is_some()
        && incident.interrupted.is_none()
        && incident.hold.is_none()
        && matches!(incident.stage, Stage::Taken | Stage::Verifying)
}
