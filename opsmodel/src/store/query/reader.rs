//! The read-only connection that every question is asked through.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction};

use crate::store::StoreError;
use crate::store::schema::{CENTRE, SIGNALS};

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
    /// When `dir` holds no signal log, or files of another version of the program.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let [log, centre] = [SIGNALS, CENTRE].map(|schema| dir.join(schema.file));
        let desk = centre.exists();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sql = Connection::open_with_flags(if desk { &centre } else { &log }, flags)?;
        if desk {
            sql.execute("ATTACH ?1 AS log", [log.to_string_lossy()])?;
            CENTRE.check(&sql, "main")?;
        }
        SIGNALS.check(&sql, if desk { "log" } else { "main" })?;
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
