//! Whoever was sent to an address that is another one since.

use super::authority::told;
use super::raise;
use crate::incident::{Authority, Dispatch, HandOff, Incident, IncidentEvent, RaiseReason, Telling};
use crate::policy::Policy;
use crate::time::Timestamp;

impl HandOff {
    /// Do they come, as far as we know, and were last told of where before then?
    fn is_misled(&self, since: Timestamp) -> bool {
        let comes = self.to != Authority::Insurer && !self.state().is_end() && !self.is_called_off();
        comes && self.address_told_at.unwrap_or(self.at) < since
    }
}

impl Dispatch {
    /// The same of a unit.
    fn is_misled(&self, since: Timestamp) -> bool {
        self.is_running() && self.told_at.unwrap_or(self.offered_at) < since
    }
}

/// When those who go are to be told that the address is another one since then; `None` where everybody was.
pub(crate) fn address_due(incident: &Incident, since: Timestamp) -> Option<Timestamp> {
    let somebody = machines(incident, since).next().is_some() || wants_people(incident, since);
    somebody.then(|| since.max(incident.changed_at))
}

/// Machines are told where it is now; for everybody else it calls, so that somebody tells them.
pub(crate) fn address_changed(incident: &Incident, policy: &Policy, since: Timestamp) -> Vec<IncidentEvent> {
    let calls = || raise(incident, RaiseReason::AddressChanged, incident.kind, policy.escalated);
    machines(incident, since).chain(wants_people(incident, since).then(calls)).collect()
}

fn machines(incident: &Incident, since: Timestamp) -> impl Iterator<Item = IncidentEvent> {
    let by_machine = move |hand_off: &&HandOff| hand_off.is_told() && hand_off.is_misled(since);
    let hand_offs = incident.hand_offs.iter().filter(by_machine);
    let hand_offs = hand_offs.map(|hand_off| told(hand_off, Telling::Site, None, None, None));
    let units = (1..).zip(&incident.dispatches).filter(move |(_, one)| one.by_machine && one.is_misled(since));
    let units = units.map(|(offer, one)| IncidentEvent::UnitTold { unit: one.unit, offer, signal: None, note: None });
    hand_offs.chain(units)
}

/// Goes somebody whom no machine can tell, and nobody was called for that?
fn wants_people(incident: &Incident, since: Timestamp) -> bool {
    let by_people = incident.hand_offs.iter().any(|one| !one.is_told() && one.is_misled(since))
        || incident.dispatches.iter().any(|one| !one.by_machine && one.is_misled(since));
    by_people && incident.address_called_at.is_none_or(|called| called < since)
}
