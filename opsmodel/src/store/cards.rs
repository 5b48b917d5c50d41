//! Cards: a row as it stands now, and a chained history row for every version of it (requirements H3 and H4).
//!
//! Nothing is deleted: a closed card stays, and so do all its versions. Secrets (keys, passwords) are rows of their own;
//! the history of a secret names it by fingerprint only.

pub(super) mod account;
mod handover;
mod key;
mod operator;
mod policy;
mod unit;

use alarmcore::{AccountNumber, OperatorId, Timestamp, UnitId};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use account::Admission;
pub(super) use key::NO_KEY;
pub(super) use operator::fingerprint;

use super::chain::{CARD_HISTORY, Field, Tail};
use super::{Centre, StoreError};
use crate::crm::Change;

/// One version of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardVersion {
    /// Which version, from 1.
    pub version: u32,
    /// Who made it, when, from where and why.
    pub change: Change,
    /// The card before, as JSON; `None` for the first version.
    pub before: Option<String>,
    /// The card after, as JSON; for a secret, its fingerprint.
    pub after: String,
}

/// A kind of card, as the history names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardKind {
    /// The card of an account.
    Account,
    /// An account's key.
    AccountKey,
    /// The card of an operator.
    Operator,
    /// An operator's password.
    Password,
    /// The card of a unit.
    Unit,
    /// A signed hand-over from one shift to the next.
    Handover,
    /// The policy that is in force.
    Policy,
    /// An action plan.
    Plan,
}

/// Cards that were written, by the numbers that their kinds have, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The last row of the history of cards.
    pub seq: u64,
    /// Accounts.
    pub accounts: Vec<AccountNumber>,
    /// Operators.
    pub operators: Vec<OperatorId>,
    /// Units.
    pub units: Vec<UnitId>,
    /// A key was written, too.
    pub keys: bool,
}

impl CardKind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::AccountKey => "account-key",
            Self::Operator => "operator",
            Self::Password => "password",
            Self::Unit => "unit",
            Self::Handover => "handover",
            Self::Policy => "policy",
            Self::Plan => "plan",
        }
    }
}

impl Centre {
    /// The cards that were written after a row of their history, as far as they can change under a desk that goes on; with
    /// `most + 1` of them there are more.
    ///
    /// # Errors
    /// When the file cannot be read, or a row holds what no writer wrote.
    pub fn written_after(&self, seq: u64, most: u32) -> Result<Written, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT DISTINCT card, key FROM card_history WHERE seq > ?1
             AND card IN ('account', 'operator', 'unit', 'account-key') LIMIT ?2 + 1",
        )?;
        let last = "SELECT coalesce(max(seq), 0) FROM card_history";
        let last: i64 = self.sql.prepare_cached(last)?.query_row([], |row| row.get(0))?;
        let mut written = Written { seq: last.cast_unsigned(), ..Written::default() };
        let mut rows = statement.query(params![seq.cast_signed(), most])?;
        while let Some(row) = rows.next()? {
            let (card, key) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            let unreadable =
                || StoreError::Unreadable { record: card.to_owned(), column: "key", found: key.to_owned() };
            match card {
                "account" => written.accounts.push(key.parse().map_err(|_| unreadable())?),
                "operator" => written.operators.push(key.parse().map_err(|_| unreadable())?),
                "unit" => written.units.push(key.parse().map_err(|_| unreadable())?),
                _ => written.keys = true,
            }
        }
        Ok(written)
    }

    /// Every version of a card, oldest first. `key` is the account's number, or the operator's or unit's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn card_history(&self, kind: CardKind, key: &str) -> Result<Vec<CardVersion>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT version, at, by_id, origin, before, after, reason FROM card_history
             WHERE card = ?1 AND key = ?2 ORDER BY version",
        )?;
        let rows = statement.query_map([kind.word(), key], |row| {
            let by: Option<u32> = row.get(2)?;
            Ok(CardVersion {
                version: row.get(0)?,
                change: Change {
                    by: by.map(OperatorId::new),
                    at: Timestamp::from_millis(row.get(1)?),
                    origin: row.get(3)?,
                    reason: row.get(6)?,
                },
                before: row.get(4)?,
                after: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The last version of a card and what it was, 0 and nothing for a card that is not there.
fn last_version(sql: &Connection, kind: CardKind, key: &str) -> Result<(u32, Option<String>), StoreError> {
    let last = sql
        .prepare_cached(
            "SELECT version, after FROM card_history WHERE card = ?1 AND key = ?2 ORDER BY version DESC LIMIT 1",
        )?
        .query_row([kind.word(), key], |row| Ok((row.get(0)?, Some(row.get(1)?))))
        .optional()?;
    Ok(last.unwrap_or((0, None)))
}

/// Refuses a card that was edited from another version than the last.
fn expect_version(kind: CardKind, key: &str, expected: u32, found: u32) -> Result<(), StoreError> {
    if expected == found {
        return Ok(());
    }
    Err(StoreError::VersionConflict { stream: format!("{} {key}", kind.word()), expected, found })
}

/// Appends a version to a card's history.
fn remember(
    sql: &Connection,
    (kind, key, version): (CardKind, &str, u32),
    before: Option<&str>,
    after: &str,
    change: &Change,
) -> Result<(), StoreError> {
    let mut tail = Tail::open(sql, &CARD_HISTORY)?;
    tail.append(&[
        Field::Text(kind.word()),
        Field::Text(key),
        Field::Int(version.into()),
        Field::Int(change.at.millis()),
        Field::int(change.by.map(OperatorId::get)),
        Field::Text(&change.origin),
        Field::text(before),
        Field::Text(after),
        Field::Text(&change.reason),
    ])?;
    tail.close()?;
    Ok(())
}

/// The stored form of a card.
fn to_json(card: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(card).map_err(StoreError::from)
}

/// A card from its stored form.
pub(super) fn from_json<T: DeserializeOwned>(kind: &str, key: &str, body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Unreadable {
        record: format!("{kind} {key}"),
        column: "body",
        found: error.to_string(),
    })
}
