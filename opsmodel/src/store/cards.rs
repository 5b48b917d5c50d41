//! Cards: a row as it stands now, and a chained history row for every version of it (requirements H3 and H4).
//!
//! Nothing is deleted: a closed card stays, and so do all its versions. Secrets (keys, passwords) are rows of their own;
//! the history of a secret names it by fingerprint only.

mod account;
mod handover;
mod key;
mod operator;
mod policy;
mod unit;

use alarmcore::{OperatorId, Timestamp};
use rusqlite::{Connection, OptionalExtension};
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
