//! What failed lately in each area: by it a rule declares a storm. Counting a trouble costs the
//! logarithm of what is counted, however many come.

use std::collections::{BTreeMap, BTreeSet};

use contactid::AccountNumber;

use crate::account::AccountCard;
use crate::id::SignalId;
use crate::snapshot::{Calmed, Failure};
use crate::storm::{Area, Counted};
use crate::time::Timestamp;

/// The troubles of the window, and how many of them count in each area.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    failures: BTreeSet<(Timestamp, SignalId, AccountNumber)>,
    /// Follows from the failures, the cards, the storms that group, and when the last one of an area stopped.
    areas: BTreeMap<Area, Failing>,
    calmed: BTreeMap<Area, Timestamp>,
    members: BTreeMap<Area, u32>,
}

#[derive(Clone, Debug, Default)]
struct Failing {
    signals: u32,
    accounts: BTreeMap<AccountNumber, u32>,
}

impl Tally {
    pub(super) fn restore(failures: Vec<Failure>, calmed: Vec<Calmed>, window_s: u32) -> Self {
        let mut tally = Self {
            failures: failures.into_iter().map(|failure| (failure.at, failure.signal, failure.account)).collect(),
            calmed: calmed.into_iter().map(|calmed| (calmed.area, calmed.at)).collect(),
            ..Self::default()
        };
        tally.prune(window_s, |_| None);
        tally
    }

    pub(super) fn failures(&self) -> Vec<Failure> {
        self.failures.iter().map(|&(at, signal, account)| Failure { at, signal, account }).collect()
    }

    pub(super) fn calmed(&self) -> Vec<Calmed> {
        self.calmed.iter().map(|(area, at)| Calmed { area: area.clone(), at: *at }).collect()
    }

    /// A card is there instead of another, or of none.
    pub(super) fn enrol(&mut self, before: Option<&AccountCard>, after: Option<&AccountCard>) {
        for area in before.into_iter().flat_map(AccountCard::areas) {
            if let Some(members) = self.members.get_mut(&area) {
                *members -= 1;
                if *members == 0 {
                    self.members.remove(&area);
                }
            }
        }
        for area in after.into_iter().flat_map(AccountCard::areas) {
            *self.members.entry(area).or_default() += 1;
        }
    }

    /// How many accounts belong to it.
    pub(super) fn members(&self, area: &Area) -> u32 {
        self.members.get(area).copied().unwrap_or(0)
    }

    /// Is this one of the troubles of the window?
    pub(super) fn holds(&self, failure: Failure) -> bool {
        self.failures.contains(&(failure.at, failure.signal, failure.account))
    }

    /// Did this account fail within the window?
    pub(super) fn has_failed(&self, account: AccountNumber) -> bool {
        self.failures.iter().any(|(_, _, failed)| *failed == account)
    }

    /// An account has failed. `counts` gives its card where no storm groups it.
    pub(super) fn count(&mut self, failure: Failure, counts: Option<&AccountCard>) {
        self.failures.insert((failure.at, failure.signal, failure.account));
        self.add(failure.at, failure.account, counts);
    }

    /// What lies before the window of the latest failure counts no more. `counts` is asked as in [`Tally::count`].
    pub(super) fn prune<'c>(&mut self, window_s: u32, counts: impl Fn(AccountNumber) -> Option<&'c AccountCard>) {
        let Some((latest, ..)) = self.failures.last().copied() else { return };
        while let Some(&(at, signal, account)) = self.failures.first() {
            if latest.secs_since(at) < i64::from(window_s) {
                return;
            }
            self.failures.remove(&(at, signal, account));
            for area in counts(account).into_iter().flat_map(AccountCard::areas) {
                if self.calmed.get(&area).is_none_or(|calm| *calm < at) {
                    self.take(&area, account);
                }
            }
        }
    }

    fn add(&mut self, at: Timestamp, account: AccountNumber, card: Option<&AccountCard>) {
        for area in card.into_iter().flat_map(AccountCard::areas) {
            if self.calmed.get(&area).is_none_or(|calm| *calm < at) {
                let failing = self.areas.entry(area).or_default();
                failing.signals += 1;
                *failing.accounts.entry(account).or_default() += 1;
            }
        }
    }

    fn take(&mut self, area: &Area, account: AccountNumber) {
        let Some(failing) = self.areas.get_mut(area) else { return };
        failing.signals = failing.signals.saturating_sub(1);
        if let Some(signals) = failing.accounts.get_mut(&account) {
            *signals -= 1;
            if *signals == 0 {
                failing.accounts.remove(&account);
            }
        }
        if failing.signals == 0 {
            self.areas.remove(area);
        }
    }

    /// What failed in an area within the window.
    pub(super) fn counted(&self, area: &Area) -> Counted {
        self.areas.get(area).map_or_else(Counted::default, |failing| Counted {
            signals: failing.signals,
            accounts: u32::try_from(failing.accounts.len()).unwrap_or(u32::MAX),
        })
    }

    /// A storm over this area groups no more: what failed before is no reason for another.
    pub(super) fn calm(&mut self, area: Area, at: Timestamp) {
        let calm = self.calmed.entry(area).or_insert(at);
        *calm = (*calm).max(at);
    }

    /// Counts anew: a card has changed, or a storm began to group or stopped.
    pub(super) fn recount<'c>(&mut self, counts: impl Fn(AccountNumber) -> Option<&'c AccountCard>) {
        self.areas.clear();
        for (at, _, account) in self.failures.clone() {
            self.add(at, account, counts(account));
        }
    }
}
