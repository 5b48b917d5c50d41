//! Accounts: admitted once, edited by version, imported all or none.

use contactid::AccountNumber;
use rusqlite::{Connection, OptionalExtension, params};

use super::{CardKind, expect_version, from_json, last_version, remember, to_json};
use crate::crm::{AccountCard, AccountKey, CardError, Change};
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

    /// Stores the next version of a card as a person wants it. What safety rests on in it acts at once, and is marked as pending
    /// until [another person has reviewed it](Centre::review_account).
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], and those of [`Centre::put_account`]; a card of version 0 is one of an older version.
    pub fn edit_account(&mut self, wanted: &AccountCard, change: &Change) -> Result<AccountCard, StoreError> {
        self.write(|sql| {
            let before = stored(sql, wanted.account)?.ok_or(StoreError::NoAccount(wanted.account))?;
            // Also of version 0, which here is no new card: whoever looked at none of this one has not looked.
            expect_version(CardKind::Account, wanted.account.as_str(), wanted.version, before.version)?;
            let wanted = wanted.clone().changed_from(&before, change.by, change.at);
            if wanted == before { Ok(before) } else { put(sql, &wanted, change) }
        })
    }

    /// What another person says of the pending changes of a card: approved, they are pending no more; rejected, everything that
    /// they changed is put back as it was before them. Either is the next version of the card, with who and why.
    ///
    /// # Errors
    /// [`StoreError::Card`] when nothing is pending or whoever reviews changed something themselves,
    /// [`StoreError::VersionConflict`] when the card is no longer the version that was looked at.
    pub fn review_account(
        &mut self,
        account: AccountNumber,
        version: u32,
        approve: bool,
        change: &Change,
    ) -> Result<AccountCard, StoreError> {
        self.write(|sql| {
            let card = stored(sql, account)?.ok_or(StoreError::NoAccount(account))?;
            expect_version(CardKind::Account, account.as_str(), version, card.version)?;
            let Some(pending) = card.pending.clone() else { return Err(StoreError::Card(CardError::NothingPending)) };
            let Some(by) = change.by.filter(|by| !pending.by.contains(by)) else {
                return Err(StoreError::Card(CardError::OwnChange));
            };
            let (word, reviewed) = if approve {
                ("approved".to_owned(), card.approved(by, change.at))
            } else {
                let base = pending.base;
                (format!("rejected, back to version {base}"), card.put_back(&at_version(sql, account, base)?))
            };
            let why = if change.reason.is_empty() { String::new() } else { format!(": {}", change.reason) };
            put(sql, &reviewed, &Change { reason: format!("review: {word}{why}"), ..change.clone() })
        })
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
        all(&self.sql)
    }
}

/// Every account's card, closed ones too, by number.
pub(in crate::store) fn all(sql: &Connection) -> Result<Vec<AccountCard>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT account, body FROM account ORDER BY account")?;
    let mut rows = statement.query([])?;
    let mut cards = Vec::new();
    while let Some(row) = rows.next()? {
        cards.push(from_json("account", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?);
    }
    Ok(cards)
}

fn stored(sql: &Connection, account: AccountNumber) -> Result<Option<AccountCard>, StoreError> {
    let body: Option<String> = sql
        .prepare_cached("SELECT body FROM account WHERE account = ?1")?
        .query_row([account.as_str()], |row| row.get(0))
        .optional()?;
    body.map(|body| from_json("account", account.as_str(), &body)).transpose()
}

/// A card as one version of it was.
fn at_version(sql: &Connection, account: AccountNumber, version: u32) -> Result<AccountCard, StoreError> {
    let after: String = sql
        .prepare_cached("SELECT after FROM card_history WHERE card = ?1 AND key = ?2 AND version = ?3")?
        .query_row(params![CardKind::Account.word(), account.as_str(), version], |row| row.get(0))?;
    from_json("account", account.as_str(), &after)
}

fn admit(sql: &Connection, row: &Admission, change: &Change) -> Result<(), StoreError> {
    let before = stored(sql, row.card.account)?;
    let address_since = before.as_ref().and_then(|before| before.address_since);
    if before.as_ref() != Some(&AccountCard { address_since, ..row.card.clone() }) {
        let proposes = |before: &AccountCard| row.card.agreed() != before.agreed();
        match before {
            Some(before) if !proposes(&before) => put(sql, &row.card, change)?,
            None if row.card.agreed().is_empty() => put(sql, &row.card, change)?,
            // What lowers protection waits for a second person, whoever brings the rest of the card.
            before => {
                let (agreed, agreed_last) = before.map_or((None, 0), |before| (before.agreed, before.agreed_last));
                let rest = put(sql, &AccountCard { agreed, agreed_last, ..row.card.clone() }, change)?;
                let wanted = AccountCard { version: rest.version, pending: rest.pending.clone(), ..row.card.clone() };
                put(sql, &wanted.changed_from(&rest, change.by, change.at), change)?
            }
        };
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
    let last: Option<AccountCard> = before.as_deref().map(|body| from_json("account", key, body)).transpose()?;
    let card = last.as_ref().map_or_else(|| card.clone(), |last| card.renumbered(last));
    // Whoever opens an account again agrees anew.
    let agreed = card.agreed.clone().filter(|_| card.closed_at.is_none());
    let address_since = match &last {
        Some(last) if last.address.trim() == card.address.trim() => last.address_since,
        None if card.address.trim().is_empty() => None,
        _ => Some(change.at),
    };
    let card = AccountCard { version: found + 1, agreed, address_since, ..card };
    let body = to_json(&card)?;
    sql.prepare_cached(
        "INSERT INTO account (account, version, closed_at, name, address, phone, body, pending_since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (account) DO UPDATE SET version = excluded.version, closed_at = excluded.closed_at,
            name = excluded.name, address = excluded.address, phone = excluded.phone, body = excluded.body,
            pending_since = excluded.pending_since",
    )?
    .execute(params![
        key,
        card.version,
        card.closed_at.map(|at| at.millis()),
        card.name,
        card.address,
        card.phone,
        body,
        card.pending.as_ref().map(|pending| pending.since.millis())
    ])?;
    remember(sql, (CardKind::Account, key, card.version), before.as_deref(), &body, change)?;
    Ok(card)
}
