//! What must hold of danger that came to an incident: nobody ends it, or finds it harmless, before its owner has looked.

use alarmcore::{IncidentEvent, Output, RaiseReason, Record};

use super::Witness;

impl Witness {
    /// By the records alone: whoever ended it, or found it harmless, had taken it since danger was told of by anybody else.
    pub(super) fn check_seen(&self, said: &[Output]) {
        for output in said {
            let Output::Record(ended) = output else { continue };
            let ends = matches!(
                ended.event,
                IncidentEvent::VerifiedFalse { .. }
                    | IncidentEvent::SceneFalse { .. }
                    | IncidentEvent::EndedUndetermined { .. }
                    | IncidentEvent::Overturned { .. }
                    | IncidentEvent::Settled { .. }
                    | IncidentEvent::Closed { .. }
            );
            let before = |record: &&Record| record.version < ended.version;
            let records = self.records[&ended.incident].iter().take_while(before);
            assert!(!ends || !unseen(records), "incident {}: ended before anybody looked: {ended:?}", ended.incident);
        }
    }
}

/// Does danger stand that whoever has the incident neither told of nor has taken it after?
fn unseen<'r>(records: impl Iterator<Item = &'r Record>) -> bool {
    let (mut owner, mut unseen) = (None, false);
    for record in records {
        match record.event {
            IncidentEvent::Taken {} | IncidentEvent::TakenOver { .. } => (owner, unseen) = (record.by, false),
            IncidentEvent::Released { .. } | IncidentEvent::OwnerLost { .. } => owner = None,
            IncidentEvent::Raised { reason, .. } => {
                let danger = matches!(
                    reason,
                    RaiseReason::LifeSafety
                        | RaiseReason::MoreUrgent
                        | RaiseReason::DuressCode
                        | RaiseReason::HelpWanted
                        | RaiseReason::StrangerCancelled
                );
                let own = record.by.is_some() && record.by == owner;
                unseen |= (danger || reason.confirms()) && !own;
            }
            _ => {}
        }
    }
    unseen
}
