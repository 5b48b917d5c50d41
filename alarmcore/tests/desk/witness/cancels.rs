//! What must hold of what is found false: whoever comes for it was asked to cancel, and nobody said so alone where people are threatened.

use std::collections::BTreeMap;

use alarmcore::{
    AnswerStanding, CallResult, IncidentEvent, Kind, Output, RaiseReason, Record, Telling, TheirAnswer, TheirOutcome,
};

use super::Witness;

impl Witness {
    /// By the records alone: whoever had taken it, and was not on the scene, was asked to cancel.
    pub(super) fn check_cancels(&self, said: &[Output]) {
        for output in said {
            let Output::Record(closed @ Record { event: IncidentEvent::Closed { .. }, .. }) = output else { continue };
            let before = |record: &&Record| record.version < closed.version;
            let coming = come_for_nothing(self.records[&closed.incident].iter().take_while(before));
            assert!(
                coming.is_empty(),
                "incident {}: closed as false, and they come: {coming:?}, {closed:?}",
                closed.incident
            );
        }
    }

    /// By the records alone: where people are threatened or call for help, two say that it is false, or it was closed as nothing.
    pub(super) fn check_four_eyes(&self, said: &[Output]) {
        for output in said {
            let Output::Record(found) = output else { continue };
            let (Record { by, .. }, IncidentEvent::VerifiedFalse { second, .. }) = (found, &found.event) else {
                continue;
            };
            let before = |record: &&Record| record.version < found.version;
            let alone = second.is_none() || second == by;
            assert!(!alone || !threatened(self.records[&found.incident].iter().take_while(before)), "{found:?}");
        }
    }
}

fn threatened<'r>(records: impl Iterator<Item = &'r Record>) -> bool {
    let (mut threatened, mut nothing) = (false, false);
    for record in records {
        match &record.event {
            IncidentEvent::Opened { kind: Kind::HoldUp | Kind::Duress, .. }
            | IncidentEvent::Called { result: CallResult::DuressCode, .. }
            | IncidentEvent::Raised { reason: RaiseReason::UnitHelp | RaiseReason::HelpWanted, .. }
            | IncidentEvent::Raised { kind: Kind::HoldUp | Kind::Duress, .. } => threatened = true,
            IncidentEvent::AuthorityAnswered {
                outcome: Some(TheirOutcome::FalseAlarm | TheirOutcome::NothingFound),
                ..
            } => nothing = true,
            _ => {}
        }
    }
    threatened && !nothing
}

/// The hand-offs that somebody comes for although it is false, and was not asked to cancel.
fn come_for_nothing<'r>(records: impl Iterator<Item = &'r Record>) -> Vec<u16> {
    let (mut harmless, mut coming) = (false, BTreeMap::new());
    for record in records {
        match &record.event {
            IncidentEvent::VerifiedFalse { .. }
            | IncidentEvent::SceneFalse { .. }
            | IncidentEvent::Overturned { .. } => harmless = true,
            IncidentEvent::ConfirmedReal { .. } => harmless = false,
            IncidentEvent::HandOffAccepted { number, .. } => {
                coming.entry(*number).or_insert(true);
            }
            IncidentEvent::HandOffRejected { number, .. }
            | IncidentEvent::HandOffFailed { number, sequence: 1, .. }
            | IncidentEvent::AuthorityTold { number, telling: Telling::Cancel, .. } => {
                coming.insert(*number, false);
            }
            IncidentEvent::AuthorityAnswered { number, answer, standing: AnswerStanding::Taken, .. } => match answer {
                TheirAnswer::Accepted | TheirAnswer::Dispatched => {
                    coming.entry(*number).or_insert(true);
                }
                TheirAnswer::Rejected | TheirAnswer::OnScene | TheirAnswer::Cancelled | TheirAnswer::Closed => {
                    coming.insert(*number, false);
                }
                TheirAnswer::Eta | TheirAnswer::Told | TheirAnswer::CancelRefused => {}
            },
            _ => {}
        }
    }
    coming.into_iter().filter(|(_, comes)| harmless && *comes).map(|(number, _)| number).collect()
}
