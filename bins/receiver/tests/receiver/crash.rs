//! `kill -9` under load: what was acknowledged is in the spool, once.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::mpsc;
use std::time::Duration;

use contactid::Token;

use crate::binary::Process;
use crate::world::{Peer, Spool, answer, burglary};

const KILLS: u64 = 10;
const CONNECTIONS: u64 = 12;

#[test]
fn every_acknowledged_signal_survives_a_kill_exactly_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        let mut receiver = Process::start(dir.path(), &[]);
        let (tell, told) = mpsc::channel();
        let panels: Vec<_> = (0..CONNECTIONS)
            .map(|panel| {
                let (dc09, tell) = (receiver.dc09, tell.clone());
                // Each reports under an account of its own, so that account and number name one frame.
                std::thread::spawn(move || report(&mut Peer::connect(dc09), &format!("{kill:02}{panel:02}"), &tell))
            })
            .collect();
        drop(tell);
        // The printed lines must find a reader.
        let mut out = receiver.out.take().unwrap();
        let reader = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        acknowledged.push(told.recv().unwrap());
        let micros = RandomState::new().build_hasher().finish() % 150_000;
        std::thread::sleep(Duration::from_micros(micros));
        receiver.child.kill().unwrap();
        receiver.child.wait().unwrap();
        acknowledged.extend(told.iter());
        for panel in panels {
            panel.join().unwrap();
        }
        reader.join().unwrap().unwrap();
    }
    let mut stored: HashMap<(String, u16), u32> = HashMap::new();
    let spool = Spool::read(dir.path());
    for signal in &spool.signals {
        let report = &signal.received.report;
        *stored.entry((report.account.unwrap().to_string(), report.sequence.unwrap())).or_default() += 1;
    }
    for frame in &acknowledged {
        assert_eq!(stored.get(frame), Some(&1), "{frame:?} was acknowledged");
    }
    assert!(stored.values().all(|count| *count == 1), "nothing was sent twice, so nothing is stored twice");
    // Each panel waits for one answer, so that at most one frame of each can be stored without the panel knowing.
    assert!(stored.len() as u64 - acknowledged.len() as u64 <= KILLS * CONNECTIONS);
    assert!(acknowledged.len() as u64 >= KILLS * 2, "there was load");
    assert_eq!(spool.sum("dc09-tcp"), [spool.signals.len() as u32, spool.signals.len() as u32, 0, 0, 0]);
    let places: Vec<_> = spool.signals.iter().map(|signal| signal.received.id.get()).collect();
    assert_eq!(places, (1..=places.len() as u64).collect::<Vec<_>>());
}

/// Sends one frame after the other until the receiver is gone, and tells what was acknowledged.
fn report(peer: &mut Peer, account: &str, tell: &mpsc::Sender<(String, u16)>) {
    for sequence in 1..=9999 {
        if !peer.try_say(&burglary(account, sequence, sequence.into())) {
            return;
        }
        let heard = peer.hear_the_end_or_answer();
        // An answer that was cut off by the kill acknowledges nothing.
        if heard != answer(Token::Ack, account, sequence) {
            assert!(!heard.ends_with('\r'), "{heard:?}");
            return;
        }
        tell.send((account.to_owned(), sequence)).unwrap();
    }
}
