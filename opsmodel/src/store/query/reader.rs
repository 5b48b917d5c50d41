//! The read-only connection that every question is asked through.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction};

use crate::store::StoreError;

/// A read-only connection over the signal log and, where there is one, the centre's file.
///
/// It never waits for a writer and never makes one wait. Keep a few and lend them out: one connection serves one
/// question at a time.
pub struct Reader {
    pub(super) sql: Connection,
    desk: bool,
}

impl Reader {
    /// Opens the store in `dir` for reading. The log must be there; `centre.db` need not be.
    ///
    /// # Errors
    /// When `dir` holds no signal log, or one that cannot be read.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let log = dir.join("signals.db");
        let centre = dir.join("centre.db");
        let desk = centre.exists();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sql = Connection::open_with_flags(if desk { &centre } else { &log }, flags)?;
        if desk {
            sql.execute("ATTACH ?1 AS log", [log.to_string_lossy()])?;
        }
        sql.execute_batch("PRAGMA query_only = ON")?;
        sql.set_prepared_statement_cache_capacity(64);
        Ok(Self { sql, desk })
    }

    /// Whether a desk works on this store. The spool of a receiver on its own has none: only its signals and its
    /// conservation can be asked about.
    pub fn has_desk(&self) -> bool {
        self.desk
    }

    /// Everything read until this is dropped is read from one state of the files.
    pub(super) fn snapshot(&self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.sql.unchecked_transaction()?)
    }
}
