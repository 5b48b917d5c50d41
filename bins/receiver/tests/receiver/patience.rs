//! Peers that are slow, silent, half gone or too many.

use std::time::{Duration, Instant};

use contactid::Token;

use crate::world::{Peer, World, answer, burglary, plain};

const PATIENCE: Duration = Duration::from_millis(400);

fn impatient() -> World {
    World::with(|config| {
        config.limits.patience = PATIENCE;
        config.limits.idle = 3 * PATIENCE;
    })
}

#[test]
fn a_peer_that_never_says_anything_is_cut() {
    let world = impatient();
    let start = Instant::now();
    assert_eq!(world.connect().hear_the_end(), b"");
    let took = start.elapsed();
    assert!((PATIENCE..PATIENCE * 4).contains(&took), "cut after {took:?}");
}

#[test]
fn a_peer_that_drips_bytes_is_cut() {
    let world = impatient();
    let mut peer = world.connect();
    assert_eq!(peer.ask(&burglary("1234", 1, 5)), answer(Token::Ack, "1234", 1));
    let start = Instant::now();
    for byte in burglary("1234", 2, 5) {
        peer.say_in_vain(&[byte]);
        std::thread::sleep(PATIENCE / 10);
    }
    assert_eq!(peer.hear_the_end(), b"", "a frame that takes {:?} is not waited for", start.elapsed());
    assert_eq!(world.end().signals.len(), 1);
}

#[test]
fn a_panel_may_keep_its_connection_as_long_as_it_reports_now_and_then() {
    let world = impatient();
    let mut peer = world.connect();
    for sequence in 1..=4 {
        assert_eq!(peer.ask(&plain(Token::Null, "1234", sequence, "")), answer(Token::Ack, "1234", sequence));
        std::thread::sleep(2 * PATIENCE);
    }
    let start = Instant::now();
    assert_eq!(peer.hear_the_end(), b"", "and when nothing comes any more, it is closed");
    assert!(start.elapsed() < 4 * PATIENCE);
}

#[test]
fn no_more_connections_than_allowed() {
    let world = World::with(|config| config.limits.connections = 2);
    let frame = burglary("1234", 1, 5);
    let mut first = world.connect();
    assert_eq!(first.ask(&frame), answer(Token::Ack, "1234", 1));
    let mut second = world.connect();
    assert_eq!(second.ask(&frame), answer(Token::Ack, "1234", 1));
    assert_eq!(world.connect().hear_the_end(), b"");
    drop(first);
    // The place is free again as soon as the receiver has noticed.
    let start = Instant::now();
    loop {
        let mut third = world.connect();
        third.say_in_vain(&frame);
        if third.hear_the_end_or_answer() == answer(Token::Ack, "1234", 1) {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    assert_eq!(second.ask(&frame), answer(Token::Ack, "1234", 1));
}

#[test]
fn a_panel_that_does_not_read_its_answers_is_cut_and_its_reports_are_kept() {
    let world = World::new();
    let mut peer = Peer::connect_with_small_ears(world.dc09);
    let frame = burglary("1234", 1, 5);
    let many = frame.repeat(100);
    // Far more answers than the system holds for a peer that does not read; sending stops when it is cut.
    let sent = (0..4000).take_while(|_| peer.try_say(&many)).count();
    assert!(sent < 4000, "a peer was let send {} frames without reading", sent * 100);
    let mut other = world.connect();
    assert_eq!(other.ask(&burglary("1234", 2, 6)), answer(Token::Ack, "1234", 2));
    let spool = world.end();
    assert_eq!(spool.sum("dc09-tcp")[0] as usize, spool.signals.len());
    assert!(spool.signals.len() > 1);
}
