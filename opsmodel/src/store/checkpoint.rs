//! Keeps the write-ahead log of a file bounded, from a connection of its own, so that no append does the work.

use std::path::Path;
use std::time::Duration;

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
    /// Whether the writer was held up for a moment so that the log starts over.
    pub restarted: bool,
}

/// Moves the write-ahead log of one file into the file. To be run a few times a second by a thread of its own.
#[derive(Debug)]
pub struct Checkpoint {
    sql: Connection,
}

/// From this size on (16 MiB) the writer is held up for a moment, so that the log can start over.
const PAGES_MAX: u32 = 4096;
const STEP: Duration = Duration::from_micros(50);
/// How long a restart waits for the writer to finish a commit, and for readers of an old state.
const STEPS: i32 = 400;

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
        sql.busy_handler(Some(wait_briefly))?;
        Ok(Self { sql })
    }

    /// Moves what it can beside the writer; and where the log has grown beyond its bound, holds the writer up for the
    /// few pages that were added meanwhile, so that its next commit starts the log over.
    ///
    /// # Errors
    /// When the file cannot be written, for example because the disk is full. Nothing is lost by it.
    pub fn run(&mut self) -> Result<Checkpointed, StoreError> {
        let passive = self.pass("PRAGMA wal_checkpoint(PASSIVE)")?;
        if passive.pages <= PAGES_MAX {
            return Ok(passive);
        }
        // What is left after the passive pass is what the writer appended meanwhile.
        let full = self.pass("PRAGMA wal_checkpoint(FULL)")?;
        Ok(Checkpointed { restarted: full.moved == full.pages, ..full })
    }

    fn pass(&self, text: &str) -> Result<Checkpointed, StoreError> {
        Ok(self.sql.query_row(text, [], |row| {
            // Both are -1 when the file is not in WAL mode, which the store never leaves.
            let (pages, moved): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Checkpointed { pages: pages.max(0) as u32, moved: moved.max(0) as u32, restarted: false })
        })?)
    }
}

fn wait_briefly(waited: i32) -> bool {
    std::thread::sleep(STEP);
    waited < STEPS
}
