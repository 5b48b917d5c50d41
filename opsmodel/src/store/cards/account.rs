//! Accounts: admitted once, edited by version, imported all or none.

use contactid::AccountNumber;
use rusqlite::{Connection, OptionalExtension, params};

use super::{CardKind, expect_version, from_json, last_version, remember, to_json};
use crate::crm::{AccountCard, AccountKey, Change};
use crate::store::{Centre, StoreError};

/// One row of an import: an account as it is to be, and its panel's key if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The card: with version 0 for a new account, with its version for one that is there.
    pub card: AccountCard,
    /// The key.
    pub key: Option<AccountKey>,
}

impl Centre {
    /// Stores a new card (version 0) or the next version of one, and returns it with its new version.
    ///
    /// # Errors
    /// [`StoreError::AccountExists`] for a new card with a number that is taken, [`StoreError::VersionConflict`] when
    /// somebody changed the card in the meantime, [`StoreError::Card`] when it contradicts itself.
    pub fn put_account(&mut self, card: &AccountCard, change: &Change) -> Result<AccountCard, StoreError> {
        self.write(|sql| put(sql, card, change))
    }

    /// Admits or changes many accounts with their keys: all of them, or none. What is as it is to be stays untouched.
    ///
    /// # Errors
    /// [`StoreError::Import`] names the first row that is refused, and why.
    pub fn import(&mut self, rows: &[Admission], change: &Change) -> Result<(), StoreError> {
        self.write(|sql| {
            for (index, row) in rows.iter().enumerate() {
                admit(sql, row, change)
                    .map_err(|error| StoreError::Import { row: index + 1, source: Box::new(error) })?;
            }
            Ok(())
        })
    }

    /// The card of an account.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn account(&self, account: AccountNumber) -> Result<Option<AccountCard>, StoreError> {
        stored(&self.sql, account)
    }

    /// Every account's card, closed ones too, by number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountCard>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT account, body FROM account ORDER BY account")?;
        let mut rows = statement.query([])?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next()? {
            cards.push(from_json("account", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
        }
        Ok(cards)
    }
}

fn stored(sql: &Connection, account: AccountNumber) -> Result<Option<AccountCard>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM account WHERE account = ?1")?
        .query_row([account.as_str()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("account", account.as_str(), &body)).transpose()
}

fn admit(sql: &Connection, row: &Admission, change: &Change) -> Result<(), StoreError> {
    if stored(sql, row.card.account)?.as_ref() != Some(&row.card) {
        put(sql, &row.card, change)?;
    }
    super::key::renew(sql, row.card.account, row.key.as_ref(), change)
}

fn put(sql: &Connection, card: &AccountCard, change: &Change) -> Result<AccountCard, StoreError> {
    card.check()?;
    let key = card.account.as_str();
    let (found, before) = last_version(sql, CardKind::Account, key)?;
    if card.version == 0 && found > 0 {
        return Err(StoreError::AccountExists(card.account));
    }
    expect_version(CardKind::Account, key, card.version, found)?;
    let card = AccountCard { version: found + 1, ..card.clone() };
    let body = to_json(&card)?;
    sql.prepare_cached(
        "INSERT INTO account (account, version, closed_at, name, address, phone, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (account) DO UPDATE SET version = excluded.version, closed_at = excluded.closed_at,
            name = excluded.name, address = excluded.address, phone = excluded.phone, body = excluded.body",
    )?
    .execute(params![
        key,
        card.version,
        card.closed_at.map(|at| at.millis()),
        card.name,
        card.address,
        card.phone,
        body
    ])?;
    remember(sql, (CardKind::Account, key, card.version), before.as_deref(), &body, change)?;
    Ok(card)
}
