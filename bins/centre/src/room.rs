//! Room on the disk that is kept back for the desk: what was acknowledged is decided and shown although the disk is full.
//!
//! A file of real blocks lies beside the database. When the desk finds the disk full, the intake is held up first, so that nothing
//! more is acknowledged and nobody else of the centre takes what becomes free; then the file is given up, and the desk goes on with
//! what is stored. Once there is room for the file again it is written anew, and the intake goes on.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opsmodel::store::StoreError;
use receiver::Gate;

/// The file, in the folder of the centre's data.
const FILE: &str = "room.reserve";
/// A disk with less free room than so many bytes is full.
const LEAST: u64 = 1024 * 1024;
/// How often it is looked whether there is room again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What is written at once: more than file systems make smaller at once, so that nothing in it is seen to come again.
const CHUNK: usize = 256 * 1024;

/// The room that is kept back. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Room(Arc<Reserve>);

#[derive(Debug)]
struct Reserve {
    dir: PathBuf,
    bytes: u64,
    /// Closed while it is given up.
    gate: Gate,
    state: Mutex<State>,
    /// The desk has ended a turn since it found the disk full.
    desk_works: AtomicBool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The file is there.
    Kept,
    /// There was no room for it.
    Missing,
    /// The desk has it, or found the disk full where there was none: signals are not acknowledged.
    Given {
        /// There was one.
        was_kept: bool,
    },
}

/// Why no room is kept back now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The disk has no room for it.
    NoRoom,
    /// The disk was full, and the desk has it: signals are not acknowledged.
    InUse,
}

impl Room {
    /// Keeps so many megabytes back in the folder `dir`, where there is room for them.
    pub(crate) fn keep(dir: &Path, mb: u32) -> Self {
        let room = Self(Arc::new(Reserve {
            dir: dir.to_owned(),
            bytes: u64::from(mb) * 1024 * 1024,
            gate: Gate::default(),
            state: Mutex::new(State::Missing),
            desk_works: AtomicBool::new(true),
        }));
        room.look();
        if room.lack() == Some(Lack::NoRoom) {
            tracing::error!("no room is kept back for the desk: the disk has no {mb} MB to spare; make room on it");
            if room.0.free() < LEAST {
                room.0.gate.close();
                *room.0.state() = State::Given { was_kept: false };
            }
        }
        room
    }

    /// Closed while the disk is full: whoever else writes much passes it.
    pub(crate) fn gate(&self) -> Gate {
        self.0.gate.clone()
    }

    /// How much is kept back, in megabytes.
    pub(crate) fn mb(&self) -> u64 {
        self.0.bytes / 1024 / 1024
    }

    /// Why no room is kept back now; `None` while it is.
    pub(crate) fn lack(&self) -> Option<Lack> {
        match *self.0.state() {
            State::Kept => None,
            State::Missing => Some(Lack::NoRoom),
            State::Given { .. } => Some(Lack::InUse),
        }
    }

    /// The desk has ended a turn.
    pub(crate) fn desk_works(&self) {
        self.0.desk_works.store(true, Ordering::Release);
    }

    /// The desk could not store what it decided. Where that was for want of room it gets what is kept back, and nothing is acknowledged
    /// until there is room again; says whether it has got anything by it.
    pub(crate) fn give(&self, error: &StoreError) -> bool {
        if !error.is_full() && self.0.free() >= LEAST {
            return false;
        }
        let mut state = self.0.state();
        self.0.desk_works.store(false, Ordering::Release);
        if matches!(*state, State::Given { .. }) {
            return false;
        }
        // Before anything becomes free: nobody else may have it.
        self.0.gate.close();
        let was_kept = *state == State::Kept;
        *state = State::Given { was_kept };
        let given = was_kept.then(|| self.0.give_up()).transpose();
        tracing::error!(
            "the disk is full: signals are NOT acknowledged until there is room again, and the desk goes on in the room that was kept \
             back; free space on the disk, nothing needs to be restarted"
        );
        if let Err(error) = &given {
            tracing::error!("what was kept back cannot be given up: {error}");
        }
        was_kept && given.is_ok()
    }

    /// Looks until the task is dropped.
    pub(crate) async fn watch(self) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let room = self.clone();
            let _ = tokio::task::spawn_blocking(move || room.look()).await;
        }
    }

    /// Writes the file where it is missing and there is room for it; whoever was held up for it goes on. Where there never was room
    /// for it, some has to do.
    fn look(&self) {
        let mut state = self.0.state();
        if *state == State::Kept && self.0.is_whole() {
            return;
        }
        let works = self.0.desk_works.load(Ordering::Acquire);
        let next = match *state {
            State::Given { .. } if !works => return,
            State::Given { was_kept: false } if !self.0.fits() && self.0.free() >= LEAST => State::Missing,
            _ if self.0.fits() && self.0.write().is_ok() => State::Kept,
            State::Kept => State::Missing,
            State::Missing | State::Given { .. } => return,
        };
        if matches!(*state, State::Given { .. }) {
            tracing::warn!("there is room on the disk again: signals are stored and acknowledged");
        }
        *state = next;
        drop(state);
        self.0.gate.open();
    }
}

impl Reserve {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self) -> PathBuf {
        self.dir.join(FILE)
    }

    /// The free room on the disk; as much as anybody wants where the system does not say.
    fn free(&self) -> u64 {
        rustix::fs::statvfs(&self.dir).map_or(u64::MAX, |room| room.f_bavail.saturating_mul(room.f_frsize))
    }

    /// Is there room for what of the file is not there, and some more?
    fn fits(&self) -> bool {
        self.free() >= self.bytes.saturating_sub(self.taken()) + LEAST
    }

    /// What the file takes of the disk: one that only says how long it is takes nothing.
    fn taken(&self) -> u64 {
        std::fs::metadata(self.path()).map_or(0, |file| file.len().min(file.blocks().saturating_mul(512)))
    }

    fn is_whole(&self) -> bool {
        self.taken() >= self.bytes
    }

    /// Writes the file anew, durable and of blocks that no file system leaves out or makes smaller; all of it or nothing.
    fn write(&self) -> io::Result<()> {
        if self.is_whole() {
            return Ok(());
        }
        let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            chunk.extend(noise.to_le_bytes());
        }
        let mut file = File::create(self.path())?;
        let times = self.bytes.div_ceil(CHUNK as u64);
        let written = (0..times).try_for_each(|_| file.write_all(&chunk)).and_then(|()| file.sync_all());
        if written.is_err() {
            file.set_len(0)?;
        }
        written
    }

    /// Empties the file. Its room is free when this returns, on file systems that free it with the next entry of their journal, too.
    fn give_up(&self) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(self.path())?;
        file.set_len(0)?;
        file.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> StoreError {
        let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
        rusqlite::Error::SqliteFailure(full, None).into()
    }

    fn length(dir: &Path) -> Option<u64> {
        std::fs::metadata(dir.join(FILE)).ok().map(|file| file.len())
    }

    #[test]
    fn what_is_kept_back_is_real_and_is_given_once_with_the_intake_held_up() {
        let dir = tempfile::tempdir().unwrap();
        let room = Room::keep(dir.path(), 2);
        let stands = |room: &Room| (room.lack(), room.gate().is_open(), length(dir.path()));
        assert_eq!(stands(&room), (None, true, Some(2 << 20)));
        assert_eq!(room.0.taken(), 2 << 20, "not sparse");
        // What fails for another reason gives nothing away.
        assert!(!room.give(&StoreError::EffectWithoutRecord));
        assert_eq!(stands(&room), (None, true, Some(2 << 20)));
        assert!(room.give(&full()));
        assert!(!room.give(&full()), "only once");
        assert_eq!(stands(&room), (Some(Lack::InUse), false, Some(0)));
        // The desk has not gone on: nobody else does.
        room.look();
        assert_eq!(stands(&room), (Some(Lack::InUse), false, Some(0)));
        room.desk_works();
        room.look();
        assert_eq!(stands(&room), (None, true, Some(2 << 20)));
        // Whoever deletes it finds it again, and a smaller one is made larger.
        std::fs::remove_file(dir.path().join(FILE)).unwrap();
        room.look();
        assert_eq!(stands(&room), (None, true, Some(2 << 20)));
        assert_eq!(stands(&Room::keep(dir.path(), 3)), (None, true, Some(3 << 20)));
    }

    #[test]
    fn where_there_is_no_room_for_it_that_is_said_and_a_full_disk_holds_the_intake_up_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        // No disk of today has four million gigabytes free.
        let room = Room::keep(dir.path(), u32::MAX);
        let stands = |room: &Room| (room.lack(), room.gate().is_open(), length(dir.path()));
        assert_eq!(stands(&room), (Some(Lack::NoRoom), true, None));
        assert!(!room.give(&full()), "there is nothing to be given");
        assert_eq!(stands(&room), (Some(Lack::InUse), false, None));
        room.look();
        assert_eq!(stands(&room), (Some(Lack::InUse), false, None));
        room.desk_works();
        room.look();
        assert_eq!(stands(&room), (Some(Lack::NoRoom), true, None));
    }
}
