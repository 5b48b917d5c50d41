//! Confirmed alarms: further zones, a second trip or a failing path within the time turns one alarm into one that is believed;
//! two failing paths are one by themselves.

use std::collections::BTreeSet;

use contactid::{AccountNumber, Class, Qualifier, Signal};

use super::Desk;
use crate::account::{Arming, Technology, Trips, is_confirmed_by_panel, is_intrusion};
use crate::disposition::{Outcome, Rule};
use crate::incident::{Family, Incident, Kind, RaiseReason, raise};
use crate::queue::Priority;
use crate::report::Received;
use crate::restore::Place;
use crate::time::Timestamp;

impl Desk {
    /// How urgent an intrusion is while nothing confirms it, where the centre shows such alarms lower.
    pub(super) fn unconfirmed(
        &self,
        number: AccountNumber,
        signal: &Signal,
        shown: (Priority, Rule),
    ) -> (Priority, Rule) {
        let open = self.target(Some(number), Kind::General).and_then(|id| self.incidents.get(&id));
        let alone = begins_intrusion(signal)
            && !is_confirmed_by_panel(signal.code)
            && open.is_none_or(|incident| incident.confirmed.is_none());
        match self.policy_of(Some(number)).confirm.unconfirmed {
            Some(lower) if alone && shown.0.is_above(lower) => (lower, Rule::Unconfirmed),
            Some(_) | None => shown,
        }
    }

    /// Two paths of different technologies failed within the time: a confirmed alarm, though no detector says so. Where all areas
    /// are known to be open there is nobody to be kept out, and in a storm the storm has cut them.
    pub(super) fn two_paths(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        if signal.class() != Class::Communication || signal.qualifier != Qualifier::New {
            return None;
        }
        let rules = self.policy_of(Some(number)).confirm;
        let (state, at) = (self.account(&number).filter(|_| rules.two_paths)?, received.report.received_at);
        let path = Technology::failing(received, signal)?;
        if self.storm_cuts(number) {
            return None;
        }
        let open = !state.areas.is_empty() && state.areas.iter().all(|area| area.arming == Arming::Disarmed);
        if open
            || !state.begins_failing(received.id)
            || !state.others_failing(path).any(|since| rules.counts(since, at))
        {
            return None;
        }
        let confirmable = |id| {
            self.incidents.get(&id).is_some_and(|incident: &Incident| {
                incident.confirmed.is_none() && incident.kind.family() != Family::LifeSafety
            })
        };
        if !self.target(Some(number), Kind::General).is_none_or(confirmable) {
            return None;
        }
        self.show_intrusions(number, at, Rule::CancelWaitConfirmed, None);
        let shown = self.show(Some(number), received, at, Kind::General, rules.priority, Rule::TwoPaths);
        let id = shown.incident()?;
        let event =
            raise(self.incidents.get(&id)?, RaiseReason::TwoPaths, self.incidents.get(&id)?.kind, rules.priority);
        self.record(id, at, None, vec![event]);
        Some((shown, Rule::TwoPaths))
    }

    /// Shows what is held of an intrusion as soon as another sign confirms it, and says since when that was held.
    pub(super) fn show_confirmed(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<Timestamp> {
        let held = self.held_of(Some(number)).filter(|(_, held)| begins_intrusion(held));
        let began = held.map(|(held, _)| held.received.report.received_at).min()?;
        let confirms = match signal.class() {
            Class::Communication => self.fails_beside(began, number, received, signal).is_some(),
            _ => self.is_confirmed(began, number, received, signal),
        };
        if !confirms {
            return None;
        }
        self.show_intrusions(number, received.report.received_at, Rule::CancelWaitConfirmed, None);
        Some(began)
    }

    /// Is this an intrusion that the panel itself, or what has come since then, confirms? Such a one is held for nobody. Whoever has
    /// just come or gone may well walk past two detectors.
    pub(super) fn is_confirmed(
        &self,
        since: Timestamp,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> bool {
        begins_intrusion(signal)
            && self.recently(number, received, signal).is_none()
            && self.confirms(since, number, received, signal).is_some()
    }

    /// Raises the account's open alarm, once, when this signal confirms it. What was held before it was shown began with its wait.
    pub(super) fn confirm(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        (outcome, rule): (Outcome, Rule),
        began: Timestamp,
        at: Timestamp,
    ) {
        let open = self.target(Some(number), Kind::General).and_then(|id| self.incidents.get(&id));
        let Some(incident) = open.filter(|incident| incident.confirmed.is_none()) else { return };
        // Whoever has just come or gone may well walk past two detectors.
        let is_part = outcome.incident() == Some(incident.id) && !rule.is_recent();
        let began = began.min(incident.received_at);
        let intrusion = incident.origins.iter().any(|origin| is_intrusion(origin.class));
        let reason = match begins_intrusion(signal) {
            true if is_part => self.confirms(began, number, received, signal),
            false if signal.class() == Class::Communication && intrusion => {
                self.fails_beside(began, number, received, signal)
            }
            false if signal.class() == Class::HoldUp => self.pressed_again(incident, number, received, signal),
            true | false => None,
        };
        let Some(reason) = reason else { return };
        let id = incident.id;
        let event = raise(incident, reason, incident.kind, self.policy_of(Some(number)).confirm.priority);
        self.record(id, at, None, vec![event]);
        self.show_intrusions(number, at, Rule::CancelWaitConfirmed, None);
    }

    /// What makes this alarm the sign that confirms an intrusion. Only what came since that began counts, except that the path may
    /// have failed before.
    fn confirms(
        &self,
        since: Timestamp,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<RaiseReason> {
        if is_confirmed_by_panel(signal.code) {
            return Some(RaiseReason::PanelConfirmed);
        }
        let (state, at, rules) =
            (self.account(&number)?, received.report.received_at, self.policy_of(Some(number)).confirm);
        let with_it = |trip: Timestamp| trip >= since && rules.counts(trip, at);
        let trips = state.trips_of(signal);
        let another = |zone: &(Option<u16>, u32)| trips.is_some_and(|trips| (trips.group, trips.zone) != *zone);
        let counts = |other: &&Trips| with_it(other.last_told()) && !self.swings(state, other);
        let others: BTreeSet<(Option<u16>, u32)> =
            state.trips.iter().filter(counts).map(|other| (other.group, other.zone)).filter(another).collect();
        let begun = state.alarms.iter().any(|alarm| alarm.signal == received.id && alarm.place() == Place::of(signal));
        let second_trip = begun && trips.is_some_and(|trips| trips.earlier(at).any(with_it));
        [
            (others.len() + 1 >= usize::from(rules.zones.get()), RaiseReason::CrossZone),
            (second_trip && rules.two_trips, RaiseReason::TwoTrip),
            (self.path_failed(number, signal.group, at), RaiseReason::PathFault),
        ]
        .into_iter()
        .find_map(|(is_so, reason)| is_so.then_some(reason))
    }

    /// Has a path failed, so that an alarm of this group is confirmed by it? One that fails still does so; one that is back where it
    /// failed in the same set period, or within the time. What a storm has cut, nobody else has.
    fn path_failed(&self, number: AccountNumber, group: Option<u16>, at: Timestamp) -> bool {
        let rules = self.policy_of(Some(number)).confirm;
        let Some(state) = self.account(&number).filter(|_| rules.path_fault && rules.within_s > 0) else {
            return false;
        };
        let areas = state.areas.iter().filter(|area| rules.set_period && area.holds(group));
        let lately = |failed: Timestamp| match areas.max_by_key(|area| area.since) {
            Some(area) => area.arming != Arming::Disarmed && failed >= area.since,
            None => rules.counts(failed, at),
        };
        (state.path_fails() || state.path_failed_at.is_some_and(lately)) && !self.storm_cuts(number)
    }

    /// A hold-up is signalled once more, so long after the first that it was no slip.
    fn pressed_again(
        &self,
        incident: &Incident,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<RaiseReason> {
        let apart_s = i64::from(self.policy_of(Some(number)).confirm.hold_up_apart_s);
        if apart_s == 0 || signal.qualifier != Qualifier::New {
            return None;
        }
        let opened = incident.origins.first().filter(|origin| origin.class == Class::HoldUp);
        let opened = opened.map(|_| incident.received_at);
        let standing = self.account(&number)?.alarms.iter();
        let standing = standing.filter(|alarm| alarm.class == Class::HoldUp && alarm.since >= incident.received_at);
        let first = opened.into_iter().chain(standing.map(|alarm| alarm.since)).min()?;
        (received.report.received_at.secs_since(first) > apart_s).then_some(RaiseReason::HoldUpAgain)
    }

    /// A path fails soon after an intrusion began, or in the same set period: somebody may have cut it, unless a storm has.
    fn fails_beside(
        &self,
        began: Timestamp,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<RaiseReason> {
        let rules = self.policy_of(Some(number)).confirm;
        let mut areas = self.account(&number)?.areas.iter();
        let same = match rules.set_period && rules.within_s > 0 && areas.len() > 0 {
            true => areas.any(|area| area.arming != Arming::Disarmed && area.since <= began),
            false => rules.counts(began, received.report.received_at),
        };
        let confirms = rules.path_fault && signal.qualifier == Qualifier::New && same && !self.storm_cuts(number);
        confirms.then_some(RaiseReason::PathFault)
    }
}

pub(super) fn begins_intrusion(signal: &Signal) -> bool {
    is_intrusion(signal.class()) && signal.qualifier == Qualifier::New
}
