//! People, and the passwords that they log in with.

use alarmcore::OperatorId;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};

use super::{CardKind, expect_version, from_json, last_version, remember, to_json};
use crate::crm::{Change, OperatorCard};
use crate::store::{Centre, StoreError};

impl Centre {
    /// Stores a new operator (version 0) or the next version of one, and returns it with its new version.
    ///
    /// # Errors
    /// [`StoreError::LoginTaken`], [`StoreError::VersionConflict`] when the number is taken or somebody changed the card
    /// in the meantime, [`StoreError::LastSupervisor`] when no supervisor or manager would be left, [`StoreError::Card`] when it
    /// contradicts itself.
    pub fn put_operator(&mut self, card: &OperatorCard, change: &Change) -> Result<OperatorCard, StoreError> {
        self.write(|sql| {
            card.check()?;
            let key = card.id.to_string();
            let (found, before) = last_version(sql, CardKind::Operator, &key)?;
            expect_version(CardKind::Operator, &key, card.version, found)?;
            if by_login(sql, &card.login)?.is_some_and(|other| other.id != card.id) {
                return Err(StoreError::LoginTaken(card.login.clone()));
            }
            if let Some(before) = &before {
                let before: OperatorCard = from_json("operator", &key, before)?;
                if supervises(&before) && !supervises(card) && is_last_supervisor(sql, card.id)? {
                    return Err(StoreError::LastSupervisor(before.login));
                }
            }
            let card = OperatorCard { version: found + 1, ..card.clone() };
            let body = to_json(&card)?;
            sql.prepare_cached(
                "INSERT INTO operator (id, version, closed_at, login, name, role, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET version = excluded.version, closed_at = excluded.closed_at,
                    login = excluded.login, name = excluded.name, role = excluded.role, body = excluded.body",
            )?
            .execute(params![
                card.id.get(),
                card.version,
                card.closed_at.map(|at| at.millis()),
                card.login,
                card.name,
                card.role.word(),
                body
            ])?;
            remember(sql, (CardKind::Operator, &key, card.version), before.as_deref(), &body, change)?;
            Ok(card)
        })
    }

    /// Every operator's card, also of those who left, by number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn operators(&self) -> Result<Vec<OperatorCard>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT id, body FROM operator ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            cards.push(from_json("operator", &id.to_string(), row.get_ref(1)?.as_str()?)?);
        }
        Ok(cards)
    }

    /// The operator with this log-in name, also one who left.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn operator_by_login(&self, login: &str) -> Result<Option<OperatorCard>, StoreError> {
        by_login(&self.sql, login)
    }

    /// Sets the password of an operator: `hash` is what the log-in checks against, such as an Argon2 string. It is
    /// opaque to the store, and neither the history nor any card holds it.
    ///
    /// # Errors
    /// [`StoreError::NoOperator`] when there is no such operator.
    pub fn put_password(&mut self, operator: OperatorId, hash: &str, change: &Change) -> Result<(), StoreError> {
        self.write(|sql| {
            let key = operator.to_string();
            if last_version(sql, CardKind::Operator, &key)?.0 == 0 {
                return Err(StoreError::NoOperator(operator));
            }
            let (found, before) = last_version(sql, CardKind::Password, &key)?;
            let fingerprint = fingerprint(hash);
            sql.prepare_cached(
                "INSERT INTO operator_password (operator, version, secret, fingerprint) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (operator) DO UPDATE SET version = excluded.version, secret = excluded.secret,
                    fingerprint = excluded.fingerprint",
            )?
            .execute(params![operator.get(), found + 1, hash, fingerprint])?;
            remember(sql, (CardKind::Password, &key, found + 1), before.as_deref(), &fingerprint, change)
        })
    }

    /// The hash to check an operator's password against.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn password(&self, operator: OperatorId) -> Result<Option<String>, StoreError> {
        Ok(self
            .sql
            .prepare_cached("SELECT secret FROM operator_password WHERE operator = ?1")?
            .query_row([operator.get()], |row| row.get(0))
            .optional()?)
    }
}

/// May this person sign in and do what only supervisors may?
fn supervises(card: &OperatorCard) -> bool {
    card.closed_at.is_none() && card.role.is_supervisor()
}

/// Is this person the only one left of them? Whoever has no password cannot act.
fn is_last_supervisor(sql: &Connection, operator: OperatorId) -> Result<bool, StoreError> {
    let mut statement = sql.prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM operator AS o JOIN operator_password AS p ON p.operator = o.id
         WHERE o.id <> ?1 AND o.closed_at IS NULL AND o.role IN ('supervisor', 'manager'))",
    )?;
    Ok(statement.query_row([operator.get()], |row| row.get(0))?)
}

fn by_login(sql: &Connection, login: &str) -> Result<Option<OperatorCard>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM operator WHERE login = ?1")?
        .query_row([login], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("operator", login, &body)).transpose()
}

/// Tells hashes apart; a salted hash gives nothing away by it.
pub(in crate::store) fn fingerprint(hash: &str) -> String {
    let digest = Sha256::new_with_prefix(b"password").chain_update(hash).finalize();
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
