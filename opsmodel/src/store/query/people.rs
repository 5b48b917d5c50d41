//! The people of the centre, and the one question that a log-in asks.

use std::collections::BTreeMap;

use alarmcore::OperatorId;
use rusqlite::OptionalExtension;

use super::{Reader, spelling};
use crate::crm::OperatorCard;
use crate::store::StoreError;

pub(super) const OPERATORS: &str = "SELECT body FROM operator ORDER BY id";
pub(super) const BY_LOGIN: &str = "SELECT o.body, p.secret FROM operator AS o INDEXED BY operator_login \
    JOIN operator_password AS p ON p.operator = o.id WHERE o.login = ?1 AND o.closed_at IS NULL";

pub(super) const NAMES: &str = "SELECT id, name FROM operator";

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

    /// The card of whoever has this log-in name, and the password's digest as it was stored; `None` when nobody has it,
    /// the person has left, or has no password.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn operator_by_login(&self, login: &str) -> Result<Option<(OperatorCard, String)>, StoreError> {
        let mut statement = self.sql.prepare_cached(BY_LOGIN)?;
        Ok(statement.query_row([login], |row| Ok((spelling::json(row, 0)?, row.get(1)?))).optional()?)
    }
}
