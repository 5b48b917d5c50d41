//! What a unit that has the job does not know of: what joined, or what it is about since, after the unit was asked to go.

use super::{Dispatch, Incident, IncidentEvent, Kind};
use crate::id::SignalId;
use crate::time::Timestamp;

impl Dispatch {
    /// Did something come of which the unit was not told, and can a machine tell it?
    fn is_to_be_told(&self) -> bool {
        self.is_running() && self.by_machine && self.untold_since.is_some()
    }
}

impl Incident {
    /// What whoever goes must know: from how many places signals came, what it is about, and whether somebody is threatened.
    /// `None` where nobody was asked to go.
    pub(crate) fn units_know(&self) -> Option<(usize, Kind, bool)> {
        (!self.dispatches.is_empty()).then(|| (self.origins.len(), self.kind, self.is_under_duress()))
    }

    /// That has changed, and no unit was told.
    pub(super) fn units_miss(&mut self, at: Timestamp) {
        for dispatch in self.dispatches.iter_mut().filter(|dispatch| dispatch.is_running()) {
            dispatch.untold_since.get_or_insert(at);
        }
    }

    /// Who is told by machine now: every unit that has the job, can be reached so, and was not told.
    pub(crate) fn tell_units(&self, signal: Option<SignalId>) -> Vec<IncidentEvent> {
        let told = |(offer, dispatch): (u16, &Dispatch)| {
            let unit = dispatch.unit;
            dispatch.is_to_be_told().then_some(IncidentEvent::UnitTold { unit, offer, signal, note: None })
        };
        (1..).zip(&self.dispatches).filter_map(told).collect()
    }

    /// Changes this offer, counted from 1.
    pub(super) fn amend_offer(&mut self, offer: u16, change: impl FnOnce(&mut Dispatch)) {
        let place = usize::from(offer).checked_sub(1);
        if let Some(dispatch) = place.and_then(|place| self.dispatches.get_mut(place)) {
            change(dispatch);
        }
    }

    /// Is a message to this unit sent by machine?
    pub(crate) fn reaches_by_machine(&self, offer: u16) -> bool {
        let place = usize::from(offer).checked_sub(1);
        place.and_then(|place| self.dispatches.get(place)).is_some_and(|dispatch| dispatch.by_machine)
    }
}
