//! `kill -9` at random instants: every acknowledged signal is in the log exactly once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use alarmcore::{Desk, Policy, SignalId};
use contactid::Qualifier::{New, Restore};
use opsmodel::store::{SignalLog, SignalReader, verify};

use crate::rebuild::PROJECTED;
use crate::room::{Room, says};
use crate::sample::burglary;

const DIR: &str = "STORE_CRASH_DIR";
const KILLS: u64 = 20;

/// Starts a test of this file as a child on the store in `dir`.
fn child(test: &str, dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

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
        let mut child = child("crash::child_appends_until_it_is_killed", dir.path());
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

/// The child: stores a few signals of every kind and lets the desk decide them, for ever.
#[test]
#[ignore = "run as a child by a_desk_resumes_where_it_was_killed"]
fn child_decides_until_it_is_killed() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let mut room = Room::open(Path::new(&dir));
    let start = room.reader.last().unwrap().get();
    for n in start.. {
        let millis = n as i64 * 700;
        let account = (n % 6) as u32;
        room.receive(&[
            says(millis, account, "130", New, (n % 8) as u32),
            says(millis + 1, account, "301", if n % 3 == 0 { Restore } else { New }, 0),
            says(millis + 2, account, "401", New, 1),
        ]);
        println!("decided");
    }
}

#[test]
fn a_desk_resumes_where_it_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    Room::furnish(dir.path());
    for round in 0..KILLS / 2 {
        let mut child = child("crash::child_decides_until_it_is_killed", dir.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.by_ref().map(Result::unwrap).find(|line| line == "decided").unwrap();
        std::thread::sleep(Duration::from_micros(round * 7_919 % 23_000));
        child.kill().unwrap();
        child.wait().unwrap();
        // What was written stands as it is, decided or not.
        verify(dir.path()).unwrap();
    }
    let mut room = Room::open(dir.path());
    room.work().unwrap();
    assert_eq!(room.centre.cursor().unwrap(), room.reader.last().unwrap());
    // The store gives the failures of the longest window a policy may have; the desk keeps those of its own.
    let restarted = Desk::restore(Policy::default(), room.centre.snapshot().unwrap());
    assert_eq!(restarted.snapshot(), room.desk.snapshot());
    let signals = room.reader.last().unwrap().get();
    assert!(signals > KILLS, "only {signals} signals");
    let first = room.table("centre.db", "(SELECT signal FROM disposition WHERE step = 1)").len() as u64;
    let doubtful = room.table(
        "centre.db",
        "(SELECT signal FROM disposition GROUP BY signal HAVING sum(outcome <> 'held') + (SELECT count(*) FROM held_signal
          WHERE held_signal.signal = disposition.signal) <> 1)",
    );
    assert_eq!((first, doubtful), (signals, vec![]), "each signal ends in one disposition, or is held");
    let live = PROJECTED.map(|table| room.table("centre.db", table));
    room.centre.rebuild().unwrap();
    assert_eq!(PROJECTED.map(|table| room.table("centre.db", table)), live);
    verify(dir.path()).unwrap();
}
