//! An address that changes while somebody is on the way to it.

use contactid::AccountNumber;

use super::{Desk, Due};
use crate::id::IncidentId;
use crate::incident::{Incident, address_changed, address_due};
use crate::time::Timestamp;

impl Desk {
    /// When whoever was sent to this incident is to be told that its address is another one since.
    pub(super) fn address_deadline(&self, incident: &Incident) -> Option<(Timestamp, Due)> {
        if incident.hand_offs.is_empty() && incident.dispatches.is_empty() {
            return None;
        }
        let due = address_due(incident, self.address_since(incident.account?)?)?;
        Some((due, Due::Address(incident.id)))
    }

    /// What is due of the open incidents of an account because its address is another one.
    pub(super) fn address_deadlines(&self, number: AccountNumber) -> Vec<(Timestamp, Due)> {
        let open = self.accounts.get(&Some(number)).map(|account| account.open.as_slice()).unwrap_or_default();
        open.iter().filter_map(|id| self.address_deadline(self.incidents.get(id)?)).collect()
    }

    /// Whoever was sent before the address changed is told, by machine or by whom this calls.
    pub(super) fn address_over(&mut self, id: IncidentId, at: Timestamp) {
        let Some(incident) = self.incidents.get(&id) else { return };
        let Some(since) = incident.account.and_then(|number| self.address_since(number)) else { return };
        let events = address_changed(incident, self.policy_of(incident.account), since);
        self.record(id, at, None, events);
    }

    fn address_since(&self, number: AccountNumber) -> Option<Timestamp> {
        self.accounts.get(&Some(number))?.card.as_ref()?.address_since
    }
}
