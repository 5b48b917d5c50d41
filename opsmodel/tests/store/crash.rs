//! `kill -9` at random instants: every acknowledged signal is in the log exactly once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use alarmcore::SignalId;
use opsmodel::store::{SignalLog, SignalReader, verify};

use crate::sample::burglary;

const DIR: &str = "STORE_CRASH_DIR";
const KILLS: u64 = 20;

/// The child: appends for ever, and prints the peer and number of each signal once it holds the proof.
#[test]
#[ignore = "run as a child by acknowledged_signals_survive_kills"]
fn child_appends_until_it_is_killed() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let mut log = SignalLog::open(&PathBuf::from(dir)).unwrap();
    let mut out = std::io::stdout().lock();
    for n in 0.. {
        let batch: Vec<_> = (0..1 + n % 9)
            .map(|part| {
                let mut new = burglary(n);
                new.peer = format!("{}-{n}-{part}", std::process::id());
                new
            })
            .collect();
        let stored = log.append(&batch, &[]).unwrap();
        for (new, stored) in batch.iter().zip(&stored) {
            writeln!(out, "ack {} {}", new.peer, stored.id()).unwrap();
        }
        out.flush().unwrap();
    }
}

#[test]
fn acknowledged_signals_survive_kills() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeMap::new();
    for round in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child_appends_until_it_is_killed", "--ignored", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("ack ")).unwrap();
        // Instants spread over a few commits: not random, and never the same twice.
        std::thread::sleep(Duration::from_micros(round * 7_919 % 23_000));
        child.kill().unwrap();
        for line in std::iter::once(first).chain(lines.map_while(Result::ok)) {
            // The last line may be cut off; a signal that is only half acknowledged is not.
            if let ["ack", peer, id] = *line.split(' ').collect::<Vec<_>>()
                && let Ok(id) = id.parse::<u64>()
            {
                acknowledged.insert(peer.to_owned(), id);
            }
        }
        child.wait().unwrap();
    }
    let logged = SignalReader::open(dir.path()).unwrap().after(SignalId::new(0), usize::MAX >> 1).unwrap();
    let mut found: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    for signal in &logged {
        found.entry(signal.peer.clone()).or_default().push(signal.received.id.get());
    }
    assert!(acknowledged.len() as u64 > KILLS, "only {} were acknowledged", acknowledged.len());
    for (peer, id) in &acknowledged {
        assert_eq!(found.get(peer), Some(&vec![*id]), "{peer}");
    }
    assert_eq!(verify(dir.path()).unwrap().signals, logged.len() as u64);
}
