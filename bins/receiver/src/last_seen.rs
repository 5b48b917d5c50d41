//! When each known account was last heard. Heartbeats are 99.6 % of all frames, so they end here and not in the store.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use alarmcore::Timestamp;
use contactid::AccountNumber;

/// The last authentic frame of each account of the directory. Accounts that nobody knows are not kept, so that a
/// stranger cannot fill the memory with invented ones.
#[derive(Debug, Default)]
pub struct LastSeen {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    times: HashMap<AccountNumber, Timestamp>,
    fresh: HashMap<AccountNumber, Timestamp>,
}

impl LastSeen {
    /// When the account was last heard; `None` before its first frame since the start.
    #[must_use]
    pub fn get(&self, account: AccountNumber) -> Option<Timestamp> {
        let seen = self.lock();
        seen.fresh.get(&account).or_else(|| seen.times.get(&account)).copied()
    }

    /// The accounts that were heard since the last call, each with its latest time: what supervision is fed with.
    #[must_use]
    pub fn take_fresh(&self) -> Vec<(AccountNumber, Timestamp)> {
        let mut seen = self.lock();
        let fresh: Vec<_> = seen.fresh.drain().collect();
        seen.times.extend(fresh.iter().copied());
        fresh
    }

    /// An authentic frame of a known account has come.
    pub(crate) fn note(&self, account: AccountNumber, at: Timestamp) {
        self.lock().fresh.insert(account, at);
    }

    /// A panic elsewhere cannot leave two maps of times in a state that matters.
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
