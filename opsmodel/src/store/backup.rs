//! A copy of both files and of the clips, made beside whoever writes them, and inspected before it counts.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::schema::{CENTRE, SIGNALS, Schema};
use super::{Broken, StoreError, Verified, clip_file, connection, generation, journal, keep_clip, verify};

/// Pages of a step: what is copied between two words about how far it has come.
const PAGES: i32 = 4096;

/// Copies the store in `from` into the new folder `to`, beside whoever writes it, and inspects the copy. The copy is a store:
/// a centre can be started on it, and to restore is to copy its files back. `told` hears how many of how many pages of a file
/// are copied. The answer is what the copy holds, and each clip that is not in it.
///
/// Each file is one state. That of the log is the younger one: every signal that the desk has seen is in it, and what it has
/// not seen is disposed of when a centre is started on the copy. Every clip that the copied journal names is copied with it, where its
/// file still is what was kept; one that is spoilt or cannot be read keeps nothing else from being copied. The folder has its name only once all of it is durable and
/// sound; it holds keys and passwords as the store does, and only its owner may open it.
///
/// # Errors
/// When the store is not sound, cannot be read, or there is no room. Then there is no copy. A folder `to` that is there
/// already is left as it is.
pub fn back_up(from: &Path, to: &Path, mut told: impl FnMut(u64, u64)) -> Result<(Verified, Vec<Broken>), StoreError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::Folder { path, source }
    };
    let part = unfinished(to);
    if to.exists() {
        return Err(at(to)(io::ErrorKind::AlreadyExists.into()));
    }
    // What a copy that was broken off has left.
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(at(&part))?;
    }
    make(&part).map_err(at(&part))?;
    let copied = copy_all(from, &part, &mut told).and_then(|()| verify::inspect_copy(&part));
    let finished = copied.and_then(|found| finish(&part, to).map_err(at(to)).map(|()| found));
    if finished.is_err() {
        // What is left of it is taken away by the next one, if it cannot be now.
        let _ = std::fs::remove_dir_all(&part);
    }
    finished
}

fn copy_all(from: &Path, to: &Path, told: &mut impl FnMut(u64, u64)) -> Result<(), StoreError> {
    // In this order: the log may know more than the desk has seen, never less.
    if from.join(CENTRE.file).exists() {
        generation::unsettle(&copy(from, to, &CENTRE, told)?)?;
    }
    copy(from, to, &SIGNALS, told)?;
    copy_clips(from, to)
}

/// Copies the files of the clips: a clip is recorded only once its file is there, so each that the copy names can be found.
fn copy_clips(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !to.join(CENTRE.file).exists() {
        return Ok(());
    }
    let sql = connection::open_reader(to, &CENTRE)?;
    for (_, _, sha256) in journal::kept_clips(&sql)? {
        // What cannot be read, or is another file now, is missing in the copy, and found to be when that is inspected.
        if let Ok(Ok(bytes)) = clip_file(from, &sha256) {
            keep_clip(to, &bytes)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, schema: &Schema, told: &mut impl FnMut(u64, u64)) -> Result<Connection, StoreError> {
    let source = connection::open_reader(from, schema)?;
    // The state of this moment, whoever writes meanwhile: without it, every commit would begin the copy anew.
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut copy = Connection::open(to.join(schema.file))?;
    let steps = Backup::new(&source, &mut copy)?;
    while steps.step(PAGES)? != StepResult::Done {
        let all = steps.progress();
        told(
            (all.pagecount - all.remaining).max(0).cast_unsigned().into(),
            all.pagecount.max(0).cast_unsigned().into(),
        );
    }
    drop(steps);
    Ok(copy)
}

/// Where a copy stands until it counts.
fn unfinished(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Makes all of it durable, and gives it its name.
fn finish(part: &Path, to: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(part)? {
        // The clips are durable already.
        File::open(entry?.path())?.sync_all()?;
    }
    File::open(part)?.sync_all()?;
    std::fs::rename(part, to)?;
    match to.parent() {
        Some(parent) if parent != Path::new("") => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}
