//! The people of the centre, and the one question that a log-in asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alarmcore::OperatorId;
use rusqlite::OptionalExtension;
use serde::Serialize;

use super::account::{CardChange, card_change};
use super::{Reader, spelling};
use crate::crm::{OperatorCard, OperatorField};
use crate::store::StoreError;

pub(super) const OPERATORS: &str = "SELECT body FROM operator ORDER BY id";
pub(super) const BY_LOGIN: &str = "SELECT o.body, p.secret, p.version FROM operator AS o INDEXED BY operator_login \
    JOIN operator_password AS p ON p.operator = o.id WHERE o.login = ?1 AND o.closed_at IS NULL";

/// Asked at every request of a session.
pub(super) const SIGNED_IN: &str = "SELECT o.body FROM operator AS o JOIN operator_password AS p ON p.operator = o.id \
    WHERE o.id = ?1 AND o.closed_at IS NULL AND p.version = ?2";

pub(super) const CARD: &str = "SELECT body FROM operator WHERE id = ?1";
pub(super) const HISTORY: &str = "SELECT h.card, h.version, h.at, h.by_id, o.name, h.origin, h.reason, h.before, h.after \
    FROM card_history AS h INDEXED BY card_history_card LEFT JOIN operator AS o ON o.id = h.by_id \
    WHERE h.card IN ('operator', 'password') AND h.key = ?1 ORDER BY h.at DESC, h.seq DESC LIMIT 100";
/// Asked by whoever changes the languages of a person, and by nobody else: it looks at every account.
pub(super) const LANGUAGES: &str =
    "SELECT DISTINCT json_extract(body, '$.language') FROM account WHERE json_extract(body, '$.language') IS NOT NULL";

pub(super) const NAMES: &str = "SELECT id, name FROM operator";

/// What a log-in is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogIn {
    /// Whose it is.
    pub card: OperatorCard,
    /// The password's digest as it was stored.
    pub digest: String,
    /// The version of the password.
    pub password: u32,
}

/// One version of the card of a person, or of their password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperatorChange {
    /// Who made it, when, from where and why.
    #[serde(flatten)]
    pub change: CardChange,
    /// What it changed; nothing is told of a password.
    pub changes: Vec<OperatorFieldChange>,
}

/// One thing that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperatorFieldChange {
    /// What.
    pub field: OperatorField,
    /// What stood there.
    pub old: String,
    /// What stands there now.
    pub new: String,
}

impl Reader {
    /// Everybody's name.
    pub(super) fn people(&self) -> Result<BTreeMap<OperatorId, String>, StoreError> {
        let mut statement = self.sql.prepare_cached(NAMES)?;
        let names = statement.query_map([], |row| Ok((OperatorId::new(row.get(0)?), row.get(1)?)))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// What the desk knows of somebody; `None` of whoever is not at the desk.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn desk_card(&self, operator: OperatorId) -> Result<Option<alarmcore::OperatorCard>, StoreError> {
        let card = self.operators()?.into_iter().find(|card| card.id == operator);
        Ok(card.and_then(|card| card.desk_card()))
    }

    /// Everybody's card, in the order of their numbers; those who left have `closed_at`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn operators(&self) -> Result<Vec<OperatorCard>, StoreError> {
        let mut statement = self.sql.prepare_cached(OPERATORS)?;
        Ok(statement.query_map([], |row| spelling::json(row, 0))?.collect::<Result<_, _>>()?)
    }

    /// The card of one person with what changed of it, newest first; `None` when there is none.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn operator(&self, operator: OperatorId) -> Result<Option<(OperatorCard, Vec<OperatorChange>)>, StoreError> {
        let _snapshot = self.snapshot()?;
        let mut statement = self.sql.prepare_cached(CARD)?;
        let card = statement.query_row([operator.get()], |row| spelling::json(row, 0)).optional()?;
        let Some(card) = card else { return Ok(None) };
        let mut statement = self.sql.prepare_cached(HISTORY)?;
        let history = statement.query_map([operator.to_string()], |row| {
            let change = card_change(row)?;
            // Of a password there is a fingerprint, which says nothing.
            let changes = if change.card == "operator" {
                let before: Option<OperatorCard> = spelling::json_or_null(row, 7)?;
                let changes = spelling::json::<OperatorCard>(row, 8)?.changes(before.as_ref());
                changes.into_iter().map(|(field, old, new)| OperatorFieldChange { field, old, new }).collect()
            } else {
                Vec::new()
            };
            Ok(OperatorChange { change, changes })
        })?;
        Ok(Some((card, history.collect::<Result<_, _>>()?)))
    }

    /// The languages of sites, by the names on the cards of accounts.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn site_languages(&self) -> Result<BTreeSet<Arc<str>>, StoreError> {
        let mut statement = self.sql.prepare_cached(LANGUAGES)?;
        let names = statement.query_map([], |row| row.get_ref(0)?.as_str().map(Arc::from).map_err(Into::into))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// What the log-in of whoever has this name is checked against; `None` when nobody has it, the person has left, or has no
    /// password.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn operator_by_login(&self, login: &str) -> Result<Option<LogIn>, StoreError> {
        let mut statement = self.sql.prepare_cached(BY_LOGIN)?;
        let log_in = |row: &rusqlite::Row<'_>| {
            Ok(LogIn { card: spelling::json(row, 0)?, digest: row.get(1)?, password: row.get(2)? })
        };
        Ok(statement.query_row([login], log_in).optional()?)
    }

    /// The card, as it is now, of somebody who has signed in with this version of the password; `None` once they have left, or
    /// have another password.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn signed_in(&self, operator: OperatorId, password: u32) -> Result<Option<OperatorCard>, StoreError> {
        let mut statement = self.sql.prepare_cached(SIGNED_IN)?;
        Ok(statement.query_row([operator.get(), password], |row| spelling::json(row, 0)).optional()?)
    }
}
