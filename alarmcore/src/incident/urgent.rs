//! What an incident is about when more than one danger is in it, and the response clock of one that grave danger came to only later.

use serde::{Deserialize, Serialize};

use super::{Incident, Kind, Origin, RaiseReason};
use crate::queue::Priority;
use crate::time::Timestamp;

/// Since when an incident is about the gravest danger in it, where that came after the first signal, and what was done first
/// after that. What was done before was done about something else, so the response to the danger is measured by these alone:
/// the incident counts as what it is about in the end, from when that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urgent {
    /// When it came.
    pub since: Timestamp,
    /// When somebody took the incident, first after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// When a person did something about it, first after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_act_at: Option<Timestamp>,
    /// When a unit was asked to go, first after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<Timestamp>,
}

impl Incident {
    /// Is it of this kind, or does something of this kind stand in it that has not restored? The duress word is a hold-up.
    pub fn is_of(&self, kind: Kind) -> bool {
        let stands = |origin: &Origin| !origin.restored && Kind::of(origin.class) == kind;
        self.kind == kind || self.origins.iter().any(stands) || kind == Kind::HoldUp && self.is_under_duress()
    }

    /// From when the response to it is measured: see [`Urgent`].
    pub fn counted_from(&self) -> Timestamp {
        self.urgent.as_ref().map_or(self.received_at, |urgent| urgent.since)
    }

    /// When a person first did something about what it is about in the end.
    pub fn answered_at(&self) -> Option<Timestamp> {
        self.urgent.as_ref().map_or(self.first_act_at, |urgent| urgent.first_act_at)
    }

    /// Graver danger came than it was about, or it was not about life and death before. A mere reminder is no danger.
    pub(super) fn becomes_urgent(&mut self, at: Timestamp, reason: RaiseReason, kind: Kind, priority: Priority) {
        let first = priority == Priority::LIFE_SAFETY && self.priority != Priority::LIFE_SAFETY;
        if reason.must_be_seen() && (first || kind.danger() > self.kind.danger()) {
            self.urgent = Some(Box::new(Urgent { since: at, taken_at: None, first_act_at: None, dispatched_at: None }));
        }
    }

    /// Something is done about the danger for the first time.
    pub(super) fn stamp_urgent(&mut self, at: Timestamp, moment: impl FnOnce(&mut Urgent) -> &mut Option<Timestamp>) {
        if let Some(urgent) = &mut self.urgent {
            moment(urgent).get_or_insert(at);
        }
    }
}
