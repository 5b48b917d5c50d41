//! The write-ahead log stays bounded under constant load, with a checkpoint beside the writer and without one.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use alarmcore::SignalId;
use opsmodel::store::{Checkpoint, NewSignal, SignalLog, SignalReader, StoreFile, verify};

use crate::sample::burglary;

const MIB: u64 = 1 << 20;

fn wal_bytes(dir: &Path) -> u64 {
    std::fs::metadata(dir.join("signals.db-wal")).unwrap().len()
}

/// A signal with a large frame: fills the log fast.
fn large(n: u32) -> NewSignal {
    NewSignal { raw: vec![n as u8; 8000], ..burglary(n) }
}

/// Appends about `mib` MiB, with `pause` between two appends. Returns the longest append.
fn load(log: &mut SignalLog, mib: u64, pause: Duration) -> Duration {
    let batch: Vec<_> = (0..32).map(large).collect();
    (0..mib * 4)
        .map(|_| {
            std::thread::sleep(pause);
            #[expect(clippy::disallowed_methods, reason = "a test measures")]
            let start = Instant::now();
            drop(log.append(&batch, &[]).unwrap());
            start.elapsed()
        })
        .max()
        .unwrap()
}

#[test]
fn the_log_has_its_room_from_the_start_and_keeps_what_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let room = wal_bytes(dir.path());
    assert!(room >= 16 * MIB, "{room}");
    drop(log.append(&[burglary(1), burglary(2)], &[]).unwrap());
    assert_eq!(wal_bytes(dir.path()), room);
    // Another one finds the room taken, and the rows in it.
    let mut other = SignalLog::open(dir.path()).unwrap();
    assert_eq!(wal_bytes(dir.path()), room);
    drop(other.append(&[burglary(3)], &[]).unwrap());
    let verified = verify(dir.path()).unwrap();
    assert_eq!((verified.signals, SignalReader::open(dir.path()).unwrap().last().unwrap()), (3, SignalId::new(3)));
}

#[test]
fn a_checkpoint_beside_the_writer_keeps_the_log_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut checkpoint = Checkpoint::open(dir.path(), StoreFile::Signals).unwrap();
            while !done.load(Ordering::Relaxed) {
                checkpoint.run().unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        scope.spawn(|| {
            let reader = SignalReader::open(dir.path()).unwrap();
            while !done.load(Ordering::Relaxed) {
                reader.after(SignalId::new(0), 100).unwrap();
            }
        });
        let longest = load(&mut log, 128, Duration::from_millis(4));
        done.store(true, Ordering::Relaxed);
        println!("128 MiB appended; log {} MiB; longest append {longest:?}", wal_bytes(dir.path()) / MIB);
    });
    // The bound is 16 MiB; what is appended while the checkpoint copies comes on top.
    assert!(wal_bytes(dir.path()) < 48 * MIB, "{} MiB", wal_bytes(dir.path()) / MIB);
    assert_eq!(verify(dir.path()).unwrap().signals, 128 * 4 * 32);
}

#[test]
fn without_a_checkpoint_the_writer_bounds_the_log_itself() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = SignalLog::open(dir.path()).unwrap();
    load(&mut log, 96, Duration::ZERO);
    assert!(wal_bytes(dir.path()) < 24 * MIB, "{} MiB", wal_bytes(dir.path()) / MIB);
}
