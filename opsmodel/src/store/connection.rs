//! How a file of the store is opened: the settings that durability and the two commits depend on.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::StoreError;
use super::schema::Schema;

/// How long a writer waits for another one before it gives up, in steps of [`WAIT_STEP`].
const WAIT_STEPS: i32 = 50_000;
/// SQLite's own waiting sleeps up to 100 ms at a time; a log that is appended to all the time must notice a free lock
/// at once.
const WAIT_STEP: Duration = Duration::from_micros(100);
/// At this many pages (16 MiB) the writer moves what a [`Checkpoint`](super::Checkpoint) has left of the write-ahead log,
/// so that it starts over.
const WAL_PAGES_MAX: u32 = 4096;
/// A page of 4096 bytes and its header in the write-ahead log.
const LOG_BYTES_PER_PAGE: u64 = 4096 + 24;
/// A commit of the desk touches a page per account. They must fit (64 MiB), or they are written out and read back within
/// the commit. The log is only ever written at its end, and needs none of it.
const CACHE_KIB: i32 = 65_536;

/// Opens a file of the store for writing, makes it where it is not there, and brings its tables up to date.
pub(super) fn open_writer(dir: &Path, schema: &Schema) -> Result<Connection, StoreError> {
    make_folder(dir).map_err(|source| StoreError::Folder { path: dir.to_owned(), source })?;
    let mut sql = Connection::open_with_flags(
        dir.join(schema.file),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    sql.busy_handler(Some(wait_for_writer))?;
    sql.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = FAST;
         PRAGMA temp_store = MEMORY;",
    )?;
    keep_log(&sql, false)?;
    sql.pragma_update(None, "cache_size", -CACHE_KIB)?;
    sql.set_prepared_statement_cache_capacity(64);
    schema.apply(&mut sql)?;
    Ok(sql)
}

/// Makes the folder of a store, and those above it, where they are not there: for nobody but the user of the centre, because it holds keys of
/// panels and call lists. One that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

/// From now on the write-ahead log is moved into the file with every commit, so that it takes no more room than one of them; or, as
/// at first, only now and then.
pub(super) fn keep_log(sql: &Connection, short: bool) -> Result<(), StoreError> {
    let pages = if short { 1 } else { WAL_PAGES_MAX };
    Ok(sql.pragma_update(None, "wal_autocheckpoint", pages)?)
}

/// Takes the disk room of the write-ahead log before it is needed. A commit that only overwrites is durable twice as fast
/// as one that makes its file longer, because the file system has no journal of its own to write then.
///
/// # Errors
/// Of the database. A disk without the room is none: the log grows as it can.
pub(super) fn reserve_log(sql: &mut Connection, dir: &Path, schema: &Schema) -> Result<(), StoreError> {
    // Nobody else may make the log longer meanwhile.
    let tx = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let _ = lengthen(&dir.join(format!("{}-wal", schema.file)));
    Ok(tx.rollback()?)
}

/// What lies behind the last commit in a write-ahead log is ignored, for want of a checksum that fits.
fn lengthen(log: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(log)?;
    let before = file.metadata()?.len();
    let missing = (u64::from(WAL_PAGES_MAX) * LOG_BYTES_PER_PAGE).saturating_sub(before);
    let zeros = vec![0; missing as usize];
    let room = file.write_all(&zeros).and_then(|()| file.sync_all());
    if room.is_err() {
        file.set_len(before)?;
    }
    room
}

/// Opens a file of the store that must be there, to read only.
pub(super) fn open_reader(dir: &Path, schema: &Schema) -> Result<Connection, StoreError> {
    let sql = Connection::open_with_flags(
        dir.join(schema.file),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    sql.busy_handler(Some(wait_for_writer))?;
    sql.execute_batch("PRAGMA query_only = ON;")?;
    schema.check(&sql, "main")?;
    Ok(sql)
}

fn wait_for_writer(waited: i32) -> bool {
    std::thread::sleep(WAIT_STEP);
    waited < WAIT_STEPS
}
