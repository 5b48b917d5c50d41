//! The false alarms that rules count, and what they have brought.

use alarmcore::{FalseCalls, FalseCallsRecord};
use contactid::AccountNumber;
use rusqlite::OptionalExtension;
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::{StoreError, journal};

/// The false alarms of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FalseCallsRow {
    /// The name on its card.
    pub account_name: Option<String>,
    /// The false alarms that are kept, and the measures that stand.
    #[serde(flatten)]
    pub calls: FalseCalls,
}

macro_rules! rows {
    ($rest:literal) => {
        concat!("SELECT f.body, a.name FROM false_calls AS f LEFT JOIN account AS a ON a.account = f.account ", $rest)
    };
}

pub(super) const ALL: &str = rows!("ORDER BY f.account");
pub(super) const OF_ACCOUNT: &str = rows!("WHERE f.account = ?1");
pub(super) const RECORDS: &str = "SELECT seq, stream, version, kind, shape, at, by_id, body FROM journal \
    INDEXED BY journal_stream WHERE stream = ?1 ORDER BY version";

impl Reader {
    /// The false alarms of every account of which any were counted, by account.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn all_false_calls(&self) -> Result<Vec<FalseCallsRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(ALL)?;
        let rows = statement.query_map([], false_calls_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The false alarms of an account; `None` where none was counted.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn false_calls_of(&self, account: AccountNumber) -> Result<Option<FalseCallsRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(OF_ACCOUNT)?;
        Ok(statement.query_row([account.as_str()], false_calls_row).optional()?)
    }

    /// Everything that happened about the false alarms of an account, oldest first, without free text.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn false_calls_records(&self, account: AccountNumber) -> Result<Vec<FalseCallsRecord>, StoreError> {
        let mut statement = self.sql.prepare_cached(RECORDS)?;
        let mut rows = statement.query([journal::false_calls_stream(account)])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(journal::false_calls_record(row)?);
        }
        Ok(records)
    }
}

fn false_calls_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<FalseCallsRow> {
    Ok(FalseCallsRow { calls: spelling::json(row, 0)?, account_name: row.get(1)? })
}
