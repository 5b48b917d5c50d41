//! Trips that nobody was shown: another rule logged them, or took them for repeats. They bring no zone nearer to swinging.

use contactid::{AccountNumber, Code};
use serde::{Deserialize, Serialize};

use super::{AccountState, Trips};
use crate::report::Received;
use crate::restore::Place;

/// How many trips of a zone nobody was shown, of those since its area was last opened or closed. That is no part of
/// [`AccountState`]: it depends on the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnseenTrips {
    /// The account.
    pub account: AccountNumber,
    /// The code that reported them.
    pub code: Code,
    /// The group.
    pub group: Option<u16>,
    /// The zone.
    pub zone: u32,
    /// How many.
    pub count: u32,
}

impl UnseenTrips {
    pub(crate) const fn new(account: AccountNumber, trips: &Trips, count: u32) -> Self {
        Self { account, code: trips.code, group: trips.group, zone: trips.zone, count }
    }

    pub(crate) const fn place(&self) -> Place {
        Place { code: self.code, group: self.group, number: Some(self.zone) }
    }
}

impl AccountState {
    /// What the trips of this account that nobody was shown come to, by their [dispositions](crate::Disposition::unseen): what an area
    /// that was opened or closed since has made nothing of is left out.
    pub fn unseen<'r>(&self, signals: impl Iterator<Item = &'r Received> + Clone) -> Vec<UnseenTrips> {
        let count = |trips: &Trips| {
            let same = |received: &&Received| {
                received.id >= trips.first
                    && received.report.signal.as_ref().is_some_and(|signal| Place::of(signal) == trips.place())
            };
            u32::try_from(signals.clone().filter(same).count()).unwrap_or(u32::MAX)
        };
        let all = self.trips.iter().map(|trips| UnseenTrips::new(self.account, trips, count(trips)));
        all.filter(|unseen| unseen.count > 0).collect()
    }
}
