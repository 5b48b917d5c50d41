//! A fire that no fire brigade has: it calls again and again, and its chain goes on, until a hand-off is placed or it is over.

use super::{Authority, Incident, IncidentEvent, Kind, Missing, RaiseReason, Record};

impl Incident {
    /// Looks, after each record, whether a fire waits to be handed to the fire brigade.
    ///
    /// Its time runs from when it began to wait: since it was opened or became a fire, or the hand-off that was placed came to
    /// nothing. When the time is over it calls. Once that is answered, by taking it or by any other act, and there is still no
    /// hand-off placed, its time runs anew; so it does from a further life-safety signal. What anybody does meanwhile does not
    /// prolong it.
    pub(super) fn watch_fire(&mut self, record: &Record) {
        if self.kind != Kind::Fire || self.is_closed() || self.is_false() || self.is_with(Authority::Fire) {
            self.fire_since = None;
            if self.unplaced_since.take().is_some() && self.unacted_since.is_none() {
                self.answer_escalation(Missing::Act);
            }
            return;
        }
        let reason = match record.event {
            IncidentEvent::Raised { reason, .. } => Some(reason),
            _ => None,
        };
        let begins = self.unplaced_since.is_none() || reason == Some(RaiseReason::LifeSafety);
        self.unplaced_since.get_or_insert(record.at);
        if reason == Some(RaiseReason::FireNotHandedOff) {
            self.fire_since = None;
        } else if begins || self.calling_since.is_none() {
            self.fire_since.get_or_insert(record.at);
        }
    }
}
