//! Keeps the write-ahead log of a file bounded, from a connection of its own, so that no append does the work.

use std::path::Path;

use rusqlite::Connection;

use super::{StoreError, connection, schema};

/// A file of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFile {
    /// `signals.db`.
    Signals,
    /// `centre.db`.
    Centre,
}

/// What one run found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpointed {
    /// Pages that the write-ahead log held.
    pub pages: u32,
    /// How many of them are in the file now.
    pub moved: u32,
}

/// Moves the write-ahead log of one file into the file, beside the writer. To be run about ten times a second by a thread
/// of its own.
///
/// A log can start over only when all of it has been moved, and under constant load there is always a page that was
/// appended a moment ago. So whenever the log holds 16 MiB the writer moves the rest itself, after a commit: with this
/// beside it that is little, without it, it is everything, and an append waits for that long.
#[derive(Debug)]
pub struct Checkpoint {
    sql: Connection,
}

impl Checkpoint {
    /// Opens a connection for it. The file must be there.
    ///
    /// # Errors
    /// When the file is not there or cannot be read.
    pub fn open(dir: &Path, file: StoreFile) -> Result<Self, StoreError> {
        let sql = connection::open_reader(
            dir,
            match file {
                StoreFile::Signals => &schema::SIGNALS,
                StoreFile::Centre => &schema::CENTRE,
            },
        )?;
        Ok(Self { sql })
    }

    /// Moves what can be moved without holding anybody up.
    ///
    /// # Errors
    /// When the file cannot be written, for example because the disk is full. Nothing is lost by it.
    pub fn run(&mut self) -> Result<Checkpointed, StoreError> {
        Ok(self.sql.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            // Both are -1 while the writer itself is at it.
            let (pages, moved): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Checkpointed { pages: pages.max(0) as u32, moved: moved.max(0) as u32 })
        })?)
    }
}
