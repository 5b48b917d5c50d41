//! Swingers: a zone that is set off again and again within one armed period says nothing new after the first times that it was shown.

use contactid::{AccountNumber, Qualifier, Signal};

use super::Desk;
use crate::account::{AccountState, Arming, Trips, UnseenTrips};
use crate::disposition::{Outcome, Rule};
use crate::policy::Handling;
use crate::report::Received;

impl Desk {
    /// What becomes of a trip too many. Only where an area is known to be armed: its opening will end the silence, and
    /// where none is ever reported a zone would be silent for good.
    pub(super) fn log_swinger(&self, number: AccountNumber, signal: &Signal) -> Option<(Outcome, Rule)> {
        let state = self.account(&number).filter(|_| signal.qualifier == Qualifier::New)?;
        state.trips_of(signal).filter(|trips| self.swings(state, trips))?;
        // What waits for its restore may have been settled by it each time, and never shown: the wait is its own rule for what flaps.
        let shows = matches!(self.policy_of(Some(number)).handling(signal).0, Handling::Show { .. });
        shows.then_some((Outcome::Logged, Rule::SwingerLogged))
    }

    /// Has this zone been set off more often than its alarms are shown, without a rest? What a test, an agreement, a run, an override or
    /// another rule kept from people says nothing of how often they were shown it.
    pub(super) fn swings(&self, state: &AccountState, trips: &Trips) -> bool {
        let limits = self.policy_of(Some(state.account)).swinger;
        let armed = state.areas.iter().any(|area| area.arming != Arming::Disarmed && area.holds(trips.group));
        let rested = trips.before.is_none_or(|before| trips.last.secs_since(before) >= i64::from(limits.rest_s));
        let unseen = self.unseen.get(&state.account).map(Vec::as_slice).unwrap_or_default();
        let unseen = unseen.iter().find(|unseen| unseen.place() == trips.place()).map_or(0, |unseen| unseen.count);
        limits.trips > 0 && trips.count.saturating_sub(unseen) > limits.trips && armed && !rested
    }

    /// Forgets the unseen trips of zones that began anew, and adds this signal where it is a trip that nobody is shown; says whether it
    /// is. A trip that is held counts as shown: it will be, unless it is settled.
    pub(super) fn sees_trips(
        &mut self,
        number: AccountNumber,
        received: &Received,
        (is_trip, outcome, rule): (bool, Outcome, Rule),
    ) -> bool {
        let hidden = match outcome {
            Outcome::Opened { .. } | Outcome::Joined { .. } | Outcome::Held { .. } => false,
            Outcome::Logged => rule != Rule::SwingerLogged,
            Outcome::Repeat { .. } => true,
        };
        let is_unseen = is_trip && hidden;
        if !is_unseen && !self.unseen.contains_key(&number) {
            return false;
        }
        let state = self.accounts.get(&Some(number)).and_then(|account| account.state.as_ref());
        let Some(state) = state else { return false };
        let all = self.unseen.remove(&number).unwrap_or_default();
        let this = received.report.signal.as_ref().filter(|_| is_unseen).and_then(|signal| state.trips_of(signal));
        let place = this.map(Trips::place);
        let kept: Vec<_> = state
            .trips
            .iter()
            .filter_map(|trips| {
                // A zone whose first trip since is this one has none before.
                let before = all
                    .iter()
                    .find(|unseen| unseen.place() == trips.place())
                    .filter(|_| trips.count > 1 || place != Some(trips.place()));
                let count =
                    before.map_or(0, |unseen| unseen.count).saturating_add(u32::from(place == Some(trips.place())));
                (count > 0).then(|| UnseenTrips::new(number, trips, count))
            })
            .collect();
        if !kept.is_empty() {
            self.unseen.insert(number, kept);
        }
        is_unseen
    }
}
