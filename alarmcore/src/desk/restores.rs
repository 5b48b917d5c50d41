//! Restores: what each settles that is held, and which open incidents see it.

use contactid::{AccountNumber, Qualifier, Signal};

use super::Desk;
use crate::account::is_intrusion;
use crate::disposition::{Outcome, Rule};
use crate::id::{IncidentId, SignalId};
use crate::incident::{Family, Incident};
use crate::report::Received;
use crate::restore::Place;
use crate::snapshot::Held;
use crate::time::Timestamp;

impl Desk {
    /// A restore: it settles what is held, or becomes part of the incident that shows what it ends.
    pub(super) fn end(&mut self, key: Option<AccountNumber>, received: &Received, signal: &Signal) -> (Outcome, Rule) {
        if let Some(settled) = self.settle_held(key, received, signal) {
            return settled;
        }
        self.join_begun(key, received, signal, received.report.received_at)
    }

    /// A restore becomes part of every open incident in which what it ends stands: a fire that came by a suspect line is an alarm and a
    /// security event, and whoever has either sees it end. What became of the signal is said of the first of them.
    pub(super) fn join_begun(
        &mut self,
        key: Option<AccountNumber>,
        received: &Received,
        signal: &Signal,
        at: Timestamp,
    ) -> (Outcome, Rule) {
        let Some(first) = self.begun_by(key, signal) else { return (Outcome::Logged, Rule::RestoreLogged) };
        let place = Place::of(signal);
        let open = self.accounts.get(&key).map(|account| account.open.clone()).unwrap_or_default();
        let others = open.into_iter().filter(|id| {
            let incident = self.incidents.get(id).filter(|_| *id != first);
            incident.is_some_and(|incident| stands_in(incident, &place))
        });
        let others: Vec<IncidentId> = others.collect();
        let outcome = self.join(first, received, at, Rule::RestoreJoined);
        for id in others {
            self.join(id, received, at, Rule::RestoreJoined);
        }
        (outcome, Rule::RestoreJoined)
    }

    /// The open incident of what this restore ends: one in which it stands, then one that tells of it; of these an alarm first.
    pub(super) fn begun_by(&self, key: Option<AccountNumber>, signal: &Signal) -> Option<IncidentId> {
        let place = Place::of(signal);
        let alarm = |incident: &Incident| incident.kind.family() != Family::Service;
        let tells = |incident: &Incident| incident.origins.iter().any(|origin| place.ends(&origin.place()));
        self.newest(key, |incident| alarm(incident) && stands_in(incident, &place))
            .or_else(|| self.newest(key, |incident| stands_in(incident, &place)))
            .or_else(|| self.newest(key, |incident| alarm(incident) && tells(incident)))
            .or_else(|| self.newest(key, tells))
    }

    /// A restore of something held: neither of the two needs an operator. An intrusion goes on waiting, and its restore with it: a
    /// door that closes does not prove that nobody came in by it.
    pub(super) fn settle_held(
        &mut self,
        key: Option<AccountNumber>,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        let (at, place) = (received.report.received_at, Place::of(signal));
        let ended = |(_, held): &(&Held, &Signal)| held.qualifier != Qualifier::Restore && place.ends(&Place::of(held));
        let ends = self.held_of(key).filter(ended);
        let (waiting, settled): (Vec<_>, Vec<_>) = ends.partition(|(_, held)| is_intrusion(held.class()));
        let until = waiting.iter().map(|(held, _)| held.until).max();
        let settled: Vec<SignalId> = settled.iter().map(|(held, _)| held.received.id).collect();
        for id in &settled {
            if let Some(held) = self.release(*id) {
                self.dispose(&held.received, at, Outcome::Logged, Rule::RestoreWaitRestored);
            }
        }
        match until {
            Some(until) => Some(self.wait_along(key, received, signal, until)),
            None => (!settled.is_empty()).then_some((Outcome::Logged, Rule::RestoreWaitRestored)),
        }
    }

    /// The restore of an intrusion that is held becomes whatever that becomes.
    fn wait_along(
        &mut self,
        key: Option<AccountNumber>,
        received: &Received,
        signal: &Signal,
        until: Timestamp,
    ) -> (Outcome, Rule) {
        let place = Place::of(signal);
        if self.held_of(key).any(|(_, held)| held.qualifier == Qualifier::Restore && Place::of(held) == place) {
            return (Outcome::Logged, Rule::RestoreWaitAgain);
        }
        if !self.may_hold(key) {
            return (Outcome::Logged, Rule::CancelWaitRestore);
        }
        self.keep(Held { received: received.clone(), until });
        (Outcome::Held { until }, Rule::CancelWaitRestore)
    }
}

/// Does what a restore of this place ends stand in this incident?
fn stands_in(incident: &Incident, place: &Place) -> bool {
    incident.origins.iter().any(|origin| !origin.restored && place.ends(&origin.place()))
}
