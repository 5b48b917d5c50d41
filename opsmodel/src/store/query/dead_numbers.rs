//! Telephone numbers of cards that turned out dead, and by when they are to be corrected (complaint C-2).

use std::collections::BTreeSet;

use alarmcore::{Call, CallResult, ContactId, Incident, IncidentId, NumberId, Timestamp};
use contactid::AccountNumber;
use rusqlite::params;
use serde::Serialize;

use super::{Reader, spelling};
use crate::crm::{Dead, dead_numbers};
use crate::store::StoreError;

/// A number that must be corrected or confirmed. It says whose it is, and not which digits it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadNumberRow {
    /// The account.
    pub account: AccountNumber,
    /// The name on its card.
    pub name: String,
    /// Whom it was dialled for; 0 for the site itself.
    pub contact: ContactId,
    /// Their name; `None` for the site, or when they are no longer on the card.
    pub contact_name: Option<String>,
    /// Which number of the card.
    pub number: NumberId,
    /// What was found.
    pub result: CallResult,
    /// When it was found first.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// By when it is to be corrected.
    #[serde(serialize_with = "spelling::time")]
    pub due: Timestamp,
    /// In which incident it was found.
    pub incident: IncidentId,
}

pub(super) const ACCOUNTS: &str =
    "SELECT account FROM incident INDEXED BY incident_correct_by WHERE correct_by IS NOT NULL AND account IS NOT NULL";
pub(super) const CALLS: &str = "SELECT body FROM incident INDEXED BY incident_account WHERE account = ?1 \
    ORDER BY opened_at DESC LIMIT 500";

impl Reader {
    /// Every dead number that was neither changed on its card nor answered since, the first due first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn dead_numbers(&self) -> Result<Vec<DeadNumberRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(ACCOUNTS)?;
        let accounts = statement.query_map([], |row| spelling::account(row, 0))?;
        let accounts: BTreeSet<AccountNumber> = accounts.collect::<Result<_, _>>()?;
        let mut rows = Vec::new();
        for account in accounts {
            rows.extend(self.dead_numbers_of(account)?);
        }
        rows.sort_by_key(|row: &DeadNumberRow| (row.due, row.account));
        Ok(rows)
    }

    /// Those of one account; none of one that is closed.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn dead_numbers_of(&self, account: AccountNumber) -> Result<Vec<DeadNumberRow>, StoreError> {
        let Some(card) = self.account_card(account)?.filter(|card| card.closed_at.is_none()) else {
            return Ok(Vec::new());
        };
        let found = dead_numbers(&card, &self.calls_of(account)?);
        let row = |Dead { number, contact, result, since, due, incident }| {
            let contact_name = card.contacts.iter().find(|one| one.id == contact).map(|one| one.name.clone());
            let name = card.name.clone();
            DeadNumberRow { account, name, contact, contact_name, number, result, since, due, incident }
        };
        Ok(found.into_iter().map(row).collect())
    }

    /// The calls made in the last 500 incidents of an account, oldest first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn calls_of(&self, account: AccountNumber) -> Result<Vec<(IncidentId, Call)>, StoreError> {
        let mut statement = self.sql.prepare_cached(CALLS)?;
        let incidents = statement.query_map(params![account.as_str()], |row| spelling::json::<Incident>(row, 0))?;
        let mut calls = Vec::new();
        for incident in incidents {
            let incident = incident?;
            calls.extend(incident.calls.iter().map(|call| (incident.id, *call)));
        }
        calls.sort_by_key(|(incident, call)| (call.at, *incident));
        Ok(calls)
    }
}
