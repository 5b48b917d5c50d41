//! The read-only connection that every question is asked through.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::store::StoreError;

/// A read-only connection over the signal log and, where there is one, the centre's file.
///
/// It never waits for a writer and never makes one wait. Keep a few and lend them out: one connection serves one
/// question at a time.
pub struct Reader {
    pub(super) sql: Connection,
    /// Whether there is a desk's file beside the log. The spool of a receiver on its own has none.
    pub(super) desk: bool,
}

impl Reader {
    /// Opens the store in `dir` for reading. The log must be there; `centre.db` need not be.
    ///
    /// # Errors
    /// When `dir` holds no signal log, or one that this version cannot read.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let log = dir.join("signals.db");
        let centre = dir.join("centre.db");
        let desk = centre.exists();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sql = Connection::open_with_flags(if desk { &centre } else { &log }, flags)?;
        if desk {
            sql.execute("ATTACH ?1 AS log", [log.to_string_lossy()])?;
        }
        sql.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456")?;
        Ok(Self { sql, desk })
    }
}
