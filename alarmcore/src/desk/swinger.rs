//! Swingers: a zone that is set off again and again within one armed period says nothing new after the first times.

use contactid::{AccountNumber, Qualifier, Signal};

use super::Desk;
use crate::account::{AccountState, Arming, Trips};
use crate::disposition::{Outcome, Rule};
use crate::policy::Handling;
use crate::time::Timestamp;

impl Desk {
    /// What becomes of a trip too many. Only where an area is known to be armed: its opening will end the silence, and
    /// where none is ever reported a zone would be silent for good.
    pub(super) fn log_swinger(&self, number: AccountNumber, signal: &Signal) -> Option<(Outcome, Rule)> {
        let state = self.account(&number).filter(|_| signal.qualifier == Qualifier::New)?;
        let trips = state.trips_of(signal).filter(|trips| self.swings(state, trips))?;
        // Where what follows a closing is logged, nobody has seen those trips: the first after them is shown.
        let policy = self.policy_of(Some(number));
        let unseen =
            policy.recent.log && trips.before.is_some_and(|before| self.has_just_changed(number, signal, before));
        // What waits for its restore may have been settled by it each time, and never shown: the wait is its own rule for what flaps.
        // Nor was anybody shown what is only logged.
        let shows = matches!(policy.handling(signal).0, Handling::Show { .. });
        (!unseen && shows).then_some((Outcome::Logged, Rule::SwingerLogged))
    }

    /// Has this zone been set off more often than its alarms are shown, without a rest?
    pub(super) fn swings(&self, state: &AccountState, trips: &Trips) -> bool {
        let limits = self.policy_of(Some(state.account)).swinger;
        let armed = state.areas.iter().any(|area| area.arming != Arming::Disarmed && area.holds(trips.group));
        // Whoever tested set it off on purpose: the first alarm after that is shown.
        let tested = trips.before.is_some_and(|before| self.returned_at(state.account).is_some_and(|at| before < at));
        let rested = trips.before.is_none_or(|before| trips.last.secs_since(before) >= i64::from(limits.rest_s));
        let swings = limits.trips > 0 && trips.count > limits.trips && armed && !rested && !tested;
        swings && !trips.before.is_some_and(|before| self.was_hidden(state.account, before, trips.last))
    }

    /// Did something that is over by `now` hide what the account said at `at`: a run, a suspension or log-only agreement, an override?
    /// Nobody has seen those trips: the first alarm after them is shown.
    fn was_hidden(&self, account: AccountNumber, at: Timestamp, now: Timestamp) -> bool {
        let run = self.lowered.get(&account).and_then(|lowered| lowered.runaway.as_ref());
        let ran = run.is_some_and(|run| run.since <= at && run.over.is_some_and(|over| at < over));
        let lowered = self.lowerings(account).any(|one| one.holds(at) && one.until <= now);
        let card = self.accounts.get(&Some(account)).and_then(|account| account.card.as_ref());
        let ended = |until: Timestamp| at < until && until <= now;
        let overrides = self.rules.centre().overrides.iter().filter(|one| one.until.is_some_and(ended));
        ran || lowered || card.is_some_and(|card| overrides.into_iter().any(|one| one.covers.holds(card)))
    }
}
