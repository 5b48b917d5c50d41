//! A full disk under the real receiver: nothing is acknowledged, and all goes on by itself when there is room.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use contactid::Token;

use crate::binary::Process;
use crate::world::{Spool, answer, ask_by_datagram, burglary, plain};

/// Runs `work` on a file system of one MiB of its own, where the system lets us have one.
fn on_a_small_disk(work: impl FnOnce(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "receiver-test"]).arg(dir.path()).output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        println!("skipped: only root can mount a small disk");
        return;
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(dir.path())));
    assert!(Command::new("umount").arg(dir.path()).status().unwrap().success());
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn a_full_disk_acknowledges_nothing_and_recovers_by_itself() {
    on_a_small_disk(|dir| {
        let ballast = dir.join("ballast");
        let moment = Duration::from_millis(300);
        let receiver = Process::start(dir, &[]);
        let ask = |sequence, patience| ask_by_datagram(receiver.dc09, &burglary("1234", sequence, 5), patience);
        let mut acknowledged = Vec::new();
        assert_eq!(ask(1, moment * 20), Some(answer(Token::Ack, "1234", 1)));
        acknowledged.push(1);

        // Fills up what is left, and then what the log has in reserve.
        let room = |size: usize| std::fs::write(&ballast, vec![0; size << 10]).is_ok();
        assert!((0..1024).rev().any(room));
        let refused = (2..500).find(|&sequence| match ask(sequence, moment) {
            Some(heard) => {
                assert_eq!(heard, answer(Token::Ack, "1234", sequence));
                acknowledged.push(sequence);
                false
            }
            None => true,
        });
        let refused = refused.expect("a full disk is not acknowledged");
        assert_eq!(ask(refused, moment), None, "nor is the repeat");
        let heartbeat = plain(Token::Null, "1234", 0, "");
        let heard = ask_by_datagram(receiver.dc09, &heartbeat, moment * 20);
        assert_eq!(heard, Some(answer(Token::Ack, "1234", 0)), "a heartbeat needs no disk");

        std::fs::remove_file(&ballast).unwrap();
        let start = Instant::now();
        while ask(refused, moment) != Some(answer(Token::Ack, "1234", refused)) {
            assert!(start.elapsed() < Duration::from_secs(20), "there is room, and still nothing is acknowledged");
        }
        acknowledged.push(refused);
        receiver.end_with_success();
        let spool = Spool::read(dir);
        let stored: Vec<_> = spool.signals.iter().map(|signal| signal.received.report.sequence.unwrap()).collect();
        assert_eq!(stored, acknowledged);
        let [received, acked, supervised, unanswered, _] = spool.sum("dc09-udp");
        assert_eq!([acked as usize, supervised as usize], [acknowledged.len(), 1]);
        assert!(unanswered >= 2);
        assert_eq!(received, acked + supervised + unanswered);
    });
}
