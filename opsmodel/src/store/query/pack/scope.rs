//! Whose incidents and lines a pack asks something of: everybody's, or those of the accounts that overrides name it for.

use alarmcore::{AccountCard, Override, PackScope, Policy, Timestamp};
use contactid::AccountNumber;

use super::super::Reader;
use crate::store::StoreError;

/// For whom a pack is measured.
pub(super) struct Scope(Option<Vec<Override>>);

impl Scope {
    /// By the policy that was in force at the end of the period. A pack that is in force for nobody is measured of everybody: it
    /// is asked how far it would be kept.
    pub(super) fn of(in_force: Option<Policy>, pack: &str) -> Self {
        let some = in_force.and_then(|policy| match policy.scope_of(pack) {
            PackScope::Some(some) => Some(some.into_iter().cloned().collect()),
            PackScope::Everybody | PackScope::Nobody => None,
        });
        Self(some)
    }

    /// The names of the overrides; none for everybody.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().flatten().map(|one| one.name().to_string()).collect()
    }

    /// Is it about everybody?
    pub(super) const fn is_everybody(&self) -> bool {
        self.0.is_none()
    }

    /// Is the account of this card among them?
    pub(super) fn has(&self, card: &AccountCard) -> bool {
        self.0.as_ref().is_none_or(|some| some.iter().any(|one| one.covers.holds(card)))
    }

    /// Was this account among them at a moment, as its card stood then?
    pub(super) fn covers(
        &self,
        reader: &Reader,
        account: Option<AccountNumber>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        if self.is_everybody() {
            return Ok(true);
        }
        let Some(account) = account else { return Ok(false) };
        let card = reader.card_as_it_was(account, at)?;
        Ok(card.is_some_and(|card| self.has(&card.desk_card())))
    }
}
