//! An incident that calls again.

use super::{Confirmed, Incident, IncidentEvent, RaiseReason, Record, Stage};

impl Incident {
    /// It calls for an operator again, at least as urgently as before.
    pub(super) fn raised(&mut self, record: &Record) {
        let IncidentEvent::Raised { reason, kind, priority, ref plan } = record.event else { return };
        let at = record.at;
        self.raised_unseen(record, reason);
        self.becomes_urgent(at, reason, kind, priority);
        self.kind = kind;
        self.priority = priority;
        self.end_hold(at);
        self.calling_since.get_or_insert(at);
        self.unacted_since.get_or_insert(at);
        match reason {
            // That somebody is needed again is no further danger.
            RaiseReason::HandOffNeeded | RaiseReason::AnotherFault | RaiseReason::StrangerCancelled => {
                self.need_cancelled(at)
            }
            danger if danger.must_be_seen() => self.need_again(at),
            _ => {}
        }
        if reason.confirms() {
            self.confirmed.get_or_insert(Confirmed { at, reason });
        }
        if let Some(plan) = plan {
            self.follow(plan);
        }
        match reason {
            RaiseReason::GuardCheck => self.end_guard_check(),
            RaiseReason::NotArrived => self.miss_units(at),
            RaiseReason::AuthorityLate => self.miss_authorities(at),
            RaiseReason::AddressChanged => self.address_called_at = Some(at),
            _ => {}
        }
        if reason.begins_anew() && (self.is_false() || self.scene_end().is_some()) {
            (self.verdict, self.guard) = (None, None);
            self.stage = Stage::OnScene;
        }
    }
}
