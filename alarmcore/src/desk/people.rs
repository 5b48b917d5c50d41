//! Who is at the desk: an owner who is gone has nothing any more, and what they had calls again.

use super::{Desk, Due};
use crate::id::{IncidentId, OperatorId};
use crate::incident::IncidentEvent;
use crate::presence::{Absence, Presence};
use crate::queue::QueueKey;
use crate::time::Timestamp;

impl Desk {
    pub(super) fn presence(&mut self, at: Timestamp, operator: OperatorId, presence: Presence) {
        self.advance(at);
        match presence {
            Presence::Here => {
                self.heard_of(operator);
                self.present.insert(operator);
            }
            Presence::Silent => self.silent_from(operator, at),
            Presence::Left => self.gone(operator, at, Absence::LoggedOut),
        }
    }

    /// Whoever acts is there. Of one who is silent it is the last sign from now on.
    pub(super) fn acted(&mut self, operator: OperatorId, at: Timestamp) {
        if self.silent.contains_key(&operator) {
            self.silent_from(operator, at);
        }
    }

    fn silent_from(&mut self, operator: OperatorId, at: Timestamp) {
        self.heard_of(operator);
        self.present.insert(operator);
        let gone_at = at.plus_secs(self.rules.centre().ownership.absent_s);
        self.silent.insert(operator, gone_at);
        self.deadlines.insert((gone_at, Due::Silence(operator)));
    }

    fn heard_of(&mut self, operator: OperatorId) {
        self.look_at_offers();
        if let Some(gone_at) = self.silent.remove(&operator) {
            self.deadlines.remove(&(gone_at, Due::Silence(operator)));
        }
    }

    /// Everything that they had goes back to the queue, the most urgent first. What is on hold stays so until its time.
    pub(super) fn gone(&mut self, operator: OperatorId, at: Timestamp, reason: Absence) {
        self.heard_of(operator);
        self.present.remove(&operator);
        let theirs = self.incidents.values().filter(|incident| incident.owner == Some(operator));
        let mut theirs: Vec<(QueueKey, IncidentId)> =
            theirs.map(|incident| (incident.queue_key(), incident.id)).collect();
        theirs.sort_unstable();
        for (_, id) in theirs {
            self.record(id, at, None, vec![IncidentEvent::OwnerLost { from: operator, reason }]);
        }
        self.spill_all(at);
    }
}
