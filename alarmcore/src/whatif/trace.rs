//! What is kept of an incident while a course goes on, beside how it stands: what its records say and its state forgets.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::id::{IncidentId, StormId};
use crate::incident::{Incident, IncidentEvent, Missing, RaiseReason, Rank, Record, Refusal, event::EventKind};
use crate::queue::Priority;
use crate::time::Timestamp;

/// A small account of one incident. Two that are equal had the same records at the same moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    /// How urgent it was opened; `None` for one that stood when the course began.
    pub(super) opened_as: Option<Priority>,
    /// How urgent it ever was.
    pub(super) most_urgent: Priority,
    pub(super) raised: BTreeMap<RaiseReason, u32>,
    pub(super) lowered: BTreeMap<Priority, u32>,
    /// The steps of the chain that it came to.
    pub(super) escalated: BTreeMap<(Missing, u32, Rank), u32>,
    pub(super) refused: Vec<(Timestamp, Refusal)>,
    /// Acts that were done later than they are recorded, because it was shown later.
    pub(super) late: u32,
    /// Its records, by their kind.
    pub(super) entries: BTreeMap<EventKind, Entries>,
}

/// The records of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entries {
    pub(super) count: u32,
    pub(super) last: Timestamp,
    digest: u64,
}

impl Trace {
    /// Of an incident that is there already.
    pub(super) fn of(incident: &Incident) -> Self {
        Self { opened_as: None, ..Self::opened(incident.priority) }
    }

    pub(super) fn opened(priority: Priority) -> Self {
        Self {
            opened_as: Some(priority),
            most_urgent: priority,
            raised: BTreeMap::new(),
            lowered: BTreeMap::new(),
            escalated: BTreeMap::new(),
            refused: Vec::new(),
            late: 0,
            entries: BTreeMap::new(),
        }
    }

    pub(super) fn note(&mut self, record: &Record) {
        match &record.event {
            IncidentEvent::Raised { reason, priority, .. } => {
                *self.raised.entry(*reason).or_default() += 1;
                self.most_urgent = self.most_urgent.min(*priority);
            }
            IncidentEvent::Lowered { priority } => *self.lowered.entry(*priority).or_default() += 1,
            IncidentEvent::Escalated { to, missing, after_s, .. } => {
                *self.escalated.entry((*missing, *after_s, *to)).or_default() += 1;
            }
            _ => {}
        }
        let none = Entries { count: 0, last: record.at, digest: OFFSET };
        let entries = self.entries.entry(record.event.kind()).or_insert(none);
        let mut digest = Digest(entries.digest);
        // A digest takes everything that it is told.
        let _ = write!(digest, "{} {:?} {:?}", record.at.millis(), record.by, comparable(record.event.clone()));
        *entries = Entries { count: entries.count + 1, last: record.at, digest: digest.0 };
    }
}

/// The event without what differs between two desks that do the same: versions of policies, and numbers that each counts for
/// itself.
fn comparable(mut event: IncidentEvent) -> IncidentEvent {
    match &mut event {
        IncidentEvent::Opened { policy, .. }
        | IncidentEvent::Escalated { policy, .. }
        | IncidentEvent::Queued { policy, .. }
        | IncidentEvent::Fed { policy, .. } => *policy = 0,
        IncidentEvent::UnitOffered { choice: Some(choice), .. } => choice.policy = 0,
        IncidentEvent::RestoreDue { follow_up: Some(incident) } | IncidentEvent::Interrupted { first: incident } => {
            *incident = IncidentId::new(0);
        }
        IncidentEvent::Merged { into, storm } => (*into, *storm) = (IncidentId::new(0), StormId::new(0)),
        IncidentEvent::Grouped { storm } | IncidentEvent::ContactAsked { storm } => *storm = StormId::new(0),
        _ => {}
    }
    event
}

/// FNV-1a, of 64 bits: the same everywhere, and nobody gains by two that are alike.
struct Digest(u64);

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the authors of FNV publish: two records that differ in one bit have two digests.
    #[test]
    fn digests_are_fnv_1a() {
        let digest = |text: &str| {
            let mut digest = Digest(OFFSET);
            let _ = digest.write_str(text);
            digest.0
        };
        assert_eq!(["", "a", "foobar"].map(digest), [OFFSET, 0xaf63_dc4c_8601_ec8c, 0x8594_4171_f739_67e8]);
    }
}
