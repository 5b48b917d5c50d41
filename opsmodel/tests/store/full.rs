//! A full disk: nobody is acknowledged, nothing is half stored, and the log goes on by itself once there is room.

use std::path::Path;
use std::process::Command;

use alarmcore::SignalId;
use opsmodel::store::{SignalLog, SignalReader, verify};

use crate::sample::burglary;

/// Runs `work` on a file system of one MiB of its own, where the system lets us have one.
fn on_a_small_disk(work: impl FnOnce(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "store-test"])
        .arg(dir.path())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        println!("skipped: only root can mount a small disk; the quota test shows the same without one");
        return;
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(dir.path())));
    Command::new("umount").arg(dir.path()).status().unwrap();
    result.unwrap();
}

#[test]
fn a_full_disk_costs_no_acknowledged_signal_and_needs_no_restart() {
    on_a_small_disk(|dir| {
        let ballast = dir.join("ballast");
        let mut log = SignalLog::open(dir).unwrap();
        let mut stored = 0;
        log.append(&[burglary(0)], &[]).unwrap().iter().for_each(|_| stored += 1);
        std::fs::write(&ballast, vec![0; 400 << 10]).unwrap();
        let error = loop {
            match log.append(&(0..10).map(burglary).collect::<Vec<_>>(), &[]) {
                Ok(proofs) => stored += proofs.len() as u64,
                Err(error) => break error,
            }
        };
        assert!(error.is_full(), "{error}");
        assert!(log.append(&(0..10).map(burglary).collect::<Vec<_>>(), &[]).unwrap_err().is_full());
        std::fs::remove_file(&ballast).unwrap();
        let proofs = log.append(&[burglary(1), burglary(2)], &[]).unwrap();
        assert_eq!(proofs.iter().map(|proof| proof.id().get()).collect::<Vec<_>>(), [stored + 1, stored + 2]);
        assert_eq!(SignalReader::open(dir).unwrap().last().unwrap(), SignalId::new(stored + 2));
        assert_eq!(verify(dir).unwrap().signals, stored + 2);
    });
}
