//! The panels' keys: in a table of their own, known to everybody else by fingerprint only.

use contactid::AccountNumber;
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use super::{CardKind, last_version, remember};
use crate::crm::{AccountKey, Change};
use crate::store::{Centre, StoreError};

/// What the history says of a key that was taken away.
pub(in crate::store) const NO_KEY: &str = "none";

impl Centre {
    /// Gives an account a key, another key, or (`None`) no key any more.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`] when there is no such account.
    pub fn put_account_key(
        &mut self,
        account: AccountNumber,
        key: Option<&AccountKey>,
        change: &Change,
    ) -> Result<(), StoreError> {
        self.write(|sql| put(sql, account, key, change))
    }

    /// Every key, by account: for the receiver's directory and nobody else.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn account_keys(&self) -> Result<Vec<(AccountNumber, AccountKey)>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT account, secret FROM account_key ORDER BY account")?;
        let mut rows = statement.query([])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            let account: String = row.get(0)?;
            let unreadable = |column| StoreError::Unreadable {
                record: format!("account-key {account}"),
                column,
                found: "no such thing".to_owned(),
            };
            let number = account.parse().map_err(|_| unreadable("account"))?;
            keys.push((number, AccountKey::new(row.get(1)?).map_err(|_| unreadable("secret"))?));
        }
        Ok(keys)
    }
}

/// Gives an account this key, or none, where it does not have it already.
pub(super) fn renew(
    sql: &Connection,
    account: AccountNumber,
    key: Option<&AccountKey>,
    change: &Change,
) -> Result<(), StoreError> {
    let stored: Option<Zeroizing<Vec<u8>>> = sql
        .prepare_cached("SELECT secret FROM account_key WHERE account = ?1")?
        .query_row([account.as_str()], |row| row.get(0).map(Zeroizing::new))
        .optional()?;
    if stored.as_ref().map(|secret| secret.as_slice()) == key.map(AccountKey::expose) {
        return Ok(());
    }
    put(sql, account, key, change)
}

pub(super) fn put(
    sql: &Connection,
    account: AccountNumber,
    key: Option<&AccountKey>,
    change: &Change,
) -> Result<(), StoreError> {
    if last_version(sql, CardKind::Account, account.as_str())?.0 == 0 {
        return Err(StoreError::NoAccount(account));
    }
    let (found, before) = last_version(sql, CardKind::AccountKey, account.as_str())?;
    let fingerprint = key.map_or(NO_KEY.to_owned(), AccountKey::fingerprint);
    match key {
        Some(key) => sql
            .prepare_cached(
                "INSERT INTO account_key (account, version, secret, fingerprint) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (account) DO UPDATE SET version = excluded.version, secret = excluded.secret,
                    fingerprint = excluded.fingerprint",
            )?
            .execute(params![account.as_str(), found + 1, key.expose(), fingerprint])?,
        None => sql.execute("DELETE FROM account_key WHERE account = ?1", [account.as_str()])?,
    };
    let version = (CardKind::AccountKey, account.as_str(), found + 1);
    remember(sql, version, before.as_deref(), &fingerprint, change)
}
