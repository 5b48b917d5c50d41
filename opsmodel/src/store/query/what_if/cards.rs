//! Cards as they were when the period began, and as they became in it: from the history that every change of a card has.

use std::collections::{BTreeMap, VecDeque};

use alarmcore::{AccountCard, Past, Timestamp, UnitCard, UnitId};
use contactid::AccountNumber;

use super::{Reader, spelling};
use crate::crm;
use crate::store::StoreError;

pub(in crate::store::query) const HISTORY: &str = "SELECT seq, card, at, after FROM card_history \
    WHERE seq > ?1 ORDER BY seq LIMIT 4096";

/// The cards of the accounts that were served, as they stood just before a moment.
pub(in crate::store::query) fn accounts_at(reader: &Reader, at: Timestamp) -> Result<Vec<AccountCard>, StoreError> {
    Ok(Cards::read(reader, (at, at))?.accounts())
}

/// The cards of accounts and units.
#[derive(Default)]
pub(super) struct Cards {
    accounts: BTreeMap<AccountNumber, AccountCard>,
    units: BTreeMap<UnitId, UnitCard>,
    changes: VecDeque<(Timestamp, Past)>,
}

impl Cards {
    pub(super) fn read(reader: &Reader, (from, to): (Timestamp, Timestamp)) -> Result<Self, StoreError> {
        let mut cards = Self::default();
        let mut after = 0;
        loop {
            let mut statement = reader.sql.prepare_cached(HISTORY)?;
            let mut rows = statement.query([after])?;
            let before = after;
            while let Some(row) = rows.next()? {
                after = row.get(0)?;
                let at = spelling::moment(row, 2)?;
                let past = match row.get_ref(1)?.as_str()? {
                    "account" => account(&spelling::json(row, 3)?),
                    "unit" => Past::Unit(spelling::json::<crm::UnitCard>(row, 3)?.desk_card()),
                    _ => continue,
                };
                if at < from {
                    cards.put(&past);
                } else if at < to {
                    cards.changes.push_back((at, past));
                }
            }
            if after == before {
                return Ok(cards);
            }
        }
    }

    fn put(&mut self, past: &Past) {
        match past {
            Past::Account(card) => {
                self.accounts.insert(card.account, card.clone());
            }
            Past::AccountClosed(account) => {
                self.accounts.remove(account);
            }
            Past::Unit(card) => {
                self.units.insert(card.unit, card.clone());
            }
            Past::Signal(..)
            | Past::Act(_)
            | Past::Test(..)
            | Past::Storm(..)
            | Past::Closing(_)
            | Past::FalseCalls(_)
            | Past::Gone(..)
            | Past::Time(_) => {}
        }
    }

    /// Those of the accounts that were served.
    pub(super) fn accounts(&self) -> Vec<AccountCard> {
        self.accounts.values().cloned().collect()
    }

    /// That of an account, if it is served.
    pub(super) fn account(&self, account: AccountNumber) -> Option<&AccountCard> {
        self.accounts.get(&account)
    }

    /// Those of the units.
    pub(super) fn units(&self) -> Vec<UnitCard> {
        self.units.values().cloned().collect()
    }

    /// Says every change up to a moment that was not said yet.
    pub(super) fn up_to(&mut self, at: Timestamp, mut say: impl FnMut(Past)) {
        while self.changes.front().is_some_and(|(changed_at, _)| *changed_at <= at) {
            self.changes.pop_front().into_iter().for_each(|(_, past)| say(past));
        }
    }
}

fn account(card: &crm::AccountCard) -> Past {
    if card.closed_at.is_some() { Past::AccountClosed(card.account) } else { Past::Account(card.desk_card()) }
}
