//! The open incidents, and which of them wait for another.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::IncidentId;
use crate::incident::Incident;

/// The incidents that are not closed, by number. Each is in a box of its own: one that changes is taken out and put back, and
/// only the box moves.
#[derive(Clone, Debug, Default)]
pub(super) struct Incidents {
    open: BTreeMap<IncidentId, Box<Incident>>,
    /// Those that were interrupted, behind the one that came first. Every act looks here, and there is hardly ever one.
    interrupted: BTreeSet<(IncidentId, IncidentId)>,
}

impl Incidents {
    pub(super) fn get(&self, id: &IncidentId) -> Option<&Incident> {
        self.open.get(id).map(|incident| &**incident)
    }

    /// All of them, the oldest first.
    pub(super) fn values(&self) -> impl Iterator<Item = &Incident> {
        self.open.values().map(|incident| &**incident)
    }

    pub(super) fn insert(&mut self, incident: Box<Incident>) {
        self.interrupted.extend(interruption(&incident));
        self.open.insert(incident.id, incident);
    }

    pub(super) fn remove(&mut self, id: &IncidentId) -> Option<Box<Incident>> {
        let incident = self.open.remove(id)?;
        if let Some(interruption) = interruption(&incident) {
            self.interrupted.remove(&interruption);
        }
        Some(incident)
    }

    /// Those that were interrupted for this one, the oldest first.
    pub(super) fn interrupted_for(&self, first: IncidentId) -> impl Iterator<Item = &Incident> {
        let all = (first, IncidentId::new(0))..=(first, IncidentId::new(u64::MAX));
        self.interrupted.range(all).filter_map(|(_, waiting)| self.get(waiting))
    }
}

fn interruption(incident: &Incident) -> Option<(IncidentId, IncidentId)> {
    Some((incident.interrupted?, incident.id))
}
