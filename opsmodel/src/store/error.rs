//! Why the store could not do what it was asked.

use std::path::PathBuf;

use alarmcore::{OperatorId, UnitId};
use contactid::AccountNumber;

use crate::crm::CardError;

/// What the store refuses, finds broken, or cannot reach.
///
/// After any error nothing of the failed call is stored, and the same value can be used again: a disk that was full
/// needs no restart once there is room.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite could not do it: see [`StoreError::is_full`] and [`StoreError::is_busy`].
    #[error("the database: {0}")]
    Sql(#[source] Box<rusqlite::Error>),
    /// The folder of the store cannot be made or read.
    #[error("{path}: {source}", path = path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The file was written by a newer version of the program.
    #[error("{file} has schema {found}, this program knows {known}: start the newer program")]
    Newer {
        /// The file.
        file: String,
        /// Its schema.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// The file was written by an older version of the program, and is only read here.
    #[error("{file} has the older schema {found}: open it once with the program that writes it")]
    Older {
        /// The file.
        file: String,
        /// Its schema.
        found: u32,
    },
    /// A stored value does not read back as what it must be.
    #[error("{record}: {column} holds {found:?}")]
    Unreadable {
        /// The record, such as `signal 17`.
        record: String,
        /// The column.
        column: &'static str,
        /// What was found there.
        found: String,
    },
    /// A value has no stored form.
    #[error("no stored form: {0}")]
    Form(#[from] serde_json::Error),
    /// A signal of the batch has no disposition, or more than its share.
    #[error("signal {signal} has {found} dispositions in its batch")]
    Undisposed {
        /// The signal.
        signal: u64,
        /// How many there were.
        found: usize,
    },
    /// An effect does not follow the record that it belongs to.
    #[error("an effect without a record before it")]
    EffectWithoutRecord,
    /// A file is not as SQLite wrote it.
    #[error("{file} is damaged: {found}; see the disk, and take the newest backup")]
    Damaged {
        /// The file.
        file: &'static str,
        /// What SQLite says.
        found: String,
    },
    /// A hash chain does not hold, or a card is not what its history says.
    #[error("{0}")]
    Broken(Broken),
    /// Somebody else wrote to the stream first.
    #[error("{stream} is at version {found}, version {expected} was to follow")]
    VersionConflict {
        /// The stream, such as `incident-42`, or the card, such as `account 1234`.
        stream: String,
        /// The version that the writer started from.
        expected: u32,
        /// The version that is there.
        found: u32,
    },
    /// The batch does not continue where the desk stands.
    #[error("the desk has read up to signal {found}; the batch starts from {expected}")]
    CursorConflict {
        /// Where the batch says that the desk stood.
        expected: u64,
        /// Where the desk stands.
        found: u64,
    },
    /// There is an account with this number already.
    #[error("account {0} exists already")]
    AccountExists(AccountNumber),
    /// There is no account with this number.
    #[error("there is no account {0}")]
    NoAccount(AccountNumber),
    /// There is no operator with this number.
    #[error("there is no operator {0}")]
    NoOperator(OperatorId),
    /// There is no unit with this number.
    #[error("there is no unit {0}")]
    NoUnit(UnitId),
    /// Another operator has this log-in name.
    #[error("the log-in name {0:?} is taken")]
    LoginTaken(String),
    /// Nobody else could do what only supervisors may.
    #[error("{0:?} is the last supervisor or manager who can sign in; add another one first")]
    LastSupervisor(String),
    /// A card contradicts itself.
    #[error(transparent)]
    Card(#[from] CardError),
    /// One row of an import was refused; none was taken.
    #[error("row {row}: {source}")]
    Import {
        /// The row, counted from 1.
        row: usize,
        /// Why.
        #[source]
        source: Box<StoreError>,
    },
}

/// The first record of a chain that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{record}: {fault}")]
pub struct Broken {
    /// The chain: `signal`, `journal`, `disposition`, `card_history`; or the table of cards or notes.
    pub chain: &'static str,
    /// The record, such as `journal 5`.
    pub record: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It, or the order of it and those before, was changed after it was written.
    #[error("altered or moved")]
    Altered,
    /// It is not there.
    #[error("missing")]
    Missing,
    /// It is there, and was never written by the store.
    #[error("not written by the store")]
    Foreign,
}

impl StoreError {
    /// Whether the disk, or a quota on it, is full.
    pub fn is_full(&self) -> bool {
        self.code() == Some(rusqlite::ErrorCode::DiskFull)
    }

    /// Whether another writer held the file for too long.
    pub fn is_busy(&self) -> bool {
        matches!(self.code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked))
    }

    /// Whether a record or a file is not as it was written. Everything else may pass.
    pub fn is_damage(&self) -> bool {
        let damaged = [rusqlite::ErrorCode::DatabaseCorrupt, rusqlite::ErrorCode::NotADatabase];
        matches!(self, Self::Damaged { .. } | Self::Broken(_) | Self::Unreadable { .. })
            || self.code().is_some_and(|code| damaged.contains(&code))
    }

    fn code(&self) -> Option<rusqlite::ErrorCode> {
        match self {
            Self::Sql(error) => error.sqlite_error_code(),
            Self::Import { source, .. } => source.code(),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(Box::new(error))
    }
}

impl From<rusqlite::types::FromSqlError> for StoreError {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        rusqlite::Error::from(error).into()
    }
}
