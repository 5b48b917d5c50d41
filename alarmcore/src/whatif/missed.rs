//! What people found true in the end, and whether the new policy would have shown it.

use contactid::AccountNumber;
use serde::Serialize;

use super::Differences;
use super::course::Course;
use crate::id::{IncidentId, SignalId};
use crate::incident::Kind;
use crate::time::Timestamp;

/// An incident that people found real, or handed to an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrueEvent {
    /// The incident, as it is recorded.
    pub incident: IncidentId,
    /// What it was opened for.
    pub kind: Kind,
    /// Its account.
    pub account: Option<AccountNumber>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Everything that it holds.
    pub signals: Vec<SignalId>,
}

/// A true event that would have been hidden, or shown later, or of which that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// The incident, as it is recorded.
    pub incident: IncidentId,
    /// What it was opened for.
    pub kind: Kind,
    /// Its account.
    pub account: Option<AccountNumber>,
    /// The first of its signals.
    pub signal: Option<SignalId>,
    /// By how many milliseconds later it would have been shown; `None` when none of its signals was.
    pub later_ms: Option<i64>,
}

impl Differences {
    /// Sorts what is true by whether, and when, the course of the new policy shows it. `known_as` names a signal as that course does.
    pub(super) fn judge(&mut self, new: &Course, truth: &[TrueEvent], known_as: impl Fn(SignalId) -> SignalId) {
        for event in truth {
            let signals = || event.signals.iter().copied().map(&known_as);
            let later_ms = signals()
                .filter_map(|signal| new.shown_at(signal))
                .min()
                .map(|at| at.millis() - event.opened_at.millis());
            let &TrueEvent { incident, kind, account, .. } = event;
            let missed = Missed { incident, kind, account, signal: event.signals.first().copied(), later_ms };
            match later_ms {
                None if signals().any(|signal| new.holds_back(signal)) => self.waiting.push(missed),
                None => self.hidden.push(missed),
                Some(1..) => self.later.push(missed),
                Some(_) => {}
            }
        }
    }
}
