//! Osborne-Hoffman sessions from the key to the answer: whole exchanges, every way to cut a stream, hostile input, and both
//! ends over a bad line.
#![cfg(feature = "aes")]
#![allow(clippy::unwrap_used, reason = "a test stops where a session does not answer")]

use std::collections::VecDeque;

use contactid::link::{Arrival, SenderInput, SenderOutput, TakerInput, TakerOutput};
use contactid::oh::{OhCentre, OhKey, OhPanel, masked_key, write_report};
use contactid::{KeyFault, RecordError};
use proptest::prelude::*;

const RANDOM: &[u8; 24] = b"24 bytes of randomness!!";
const HEARTBEAT: &[u8] = b"SR0001L0001    006969XX    [ID00000000]";

fn key() -> OhKey {
    OhKey::new(RANDOM)
}

fn line(number: u16) -> Vec<u8> {
    let content = format!("NBA{number:03}*'FRONT DOOR'NM");
    write_report(number, "0075", "0001", "001465", content.as_bytes(), b"7C9677F21948CC12|#001465").unwrap()
}

fn taken(centre: &mut OhCentre, now_ms: u64, input: TakerInput<'_>) -> Vec<TakerOutput> {
    centre.handle(now_ms, input);
    std::iter::from_fn(|| centre.poll()).collect()
}

fn sent(panel: &mut OhPanel, now_ms: u64, input: SenderInput<'_>) -> Vec<SenderOutput> {
    panel.handle(now_ms, input);
    std::iter::from_fn(|| panel.poll()).collect()
}

/// A centre whose key went out.
fn centre() -> OhCentre {
    let mut centre = OhCentre::new(RANDOM, 0);
    assert_eq!(centre.poll(), Some(TakerOutput::Send(masked_key(*RANDOM).to_vec())));
    assert_eq!(centre.poll(), None);
    centre
}

fn record(ticket: u64, record: Vec<u8>) -> TakerOutput {
    TakerOutput::Record(Arrival { ticket, record, repeats: None })
}

fn ack() -> Vec<u8> {
    key().seal(b"ACK\r")
}

#[test]
fn key_heartbeat_report_and_answers() {
    let mut centre = centre();
    assert_eq!(
        taken(&mut centre, 0, TakerInput::Bytes(&key().seal(HEARTBEAT))),
        [TakerOutput::Send(ack())],
        "a heartbeat is answered at once"
    );
    // Two lines in one segment, each filled to whole blocks on its own.
    let both = [key().seal(&line(7)), key().seal(&line(8))].concat();
    assert_eq!(taken(&mut centre, 5, TakerInput::Bytes(&both)), [record(1, line(7)), record(2, line(8))]);
    assert_eq!(taken(&mut centre, 6, TakerInput::Stored(1)), [TakerOutput::Send(ack())]);
    assert_eq!(taken(&mut centre, 6, TakerInput::Stored(1)), [], "one answer for one line");
    assert_eq!(taken(&mut centre, 7, TakerInput::NotStored(2)), [], "what is not stored is not answered");
    // The panel repeats it, and it is the first of it.
    let repeated = key().seal(&line(8));
    assert_eq!(taken(&mut centre, 4_000, TakerInput::Bytes(&repeated)), [record(3, line(8))]);
    assert_eq!(taken(&mut centre, 4_001, TakerInput::Stored(3)), [TakerOutput::Send(ack())]);
    assert_eq!((centre.deadline(), centre.noise()), (Some(80_000), 0));
    assert_eq!(taken(&mut centre, 80_000, TakerInput::Time), [TakerOutput::Down]);
    assert_eq!(centre.deadline(), None);
    let beat = key().seal(HEARTBEAT);
    assert_eq!(taken(&mut centre, 81_000, TakerInput::Bytes(&beat)), [TakerOutput::Up, TakerOutput::Send(ack())]);
}

#[test]
fn the_panel_says_nothing_before_it_has_the_key() {
    let mut panel = OhPanel::new(HEARTBEAT.to_vec(), 0);
    assert_eq!((panel.queue(line(1)), panel.queue(Vec::new())), (Some(1), None));
    assert_eq!(sent(&mut panel, 99_000, SenderInput::Time), []);
    let masked = masked_key(*RANDOM);
    assert_eq!(sent(&mut panel, 99_000, SenderInput::Bytes(&masked[..23])), []);
    assert_eq!(panel.deadline(), None);
    // The last byte of the key, and at once the line.
    let once = vec![SenderOutput::Send(key().seal(&line(1)))];
    assert_eq!(sent(&mut panel, 99_010, SenderInput::Bytes(&masked[23..])), once);
    assert_eq!(panel.deadline(), Some(103_010));
    assert_eq!(sent(&mut panel, 103_010, SenderInput::Time), once, "no answer: again");
    // The answer in two pieces.
    let (one, other) = (&ack()[..3], &ack()[3..]);
    assert_eq!(sent(&mut panel, 103_500, SenderInput::Bytes(one)), []);
    assert_eq!(sent(&mut panel, 103_501, SenderInput::Bytes(other)), [SenderOutput::Delivered(1)]);
    assert_eq!(panel.waiting(), 0);
}

#[test]
fn unanswered_lines_bring_the_link_down_and_an_answer_to_a_heartbeat_up() {
    let mut panel = OhPanel::new(HEARTBEAT.to_vec(), 0);
    panel.queue(line(1));
    sent(&mut panel, 0, SenderInput::Bytes(&masked_key(*RANDOM)));
    for at_ms in [4_000, 8_000, 12_000] {
        assert_eq!(sent(&mut panel, at_ms, SenderInput::Time), [SenderOutput::Send(key().seal(&line(1)))]);
    }
    assert_eq!(sent(&mut panel, 16_000, SenderInput::Time), [SenderOutput::Down]);
    assert_eq!(panel.deadline(), Some(46_000));
    assert_eq!(sent(&mut panel, 46_000, SenderInput::Time), [SenderOutput::Send(key().seal(HEARTBEAT))]);
    assert_eq!(
        sent(&mut panel, 46_100, SenderInput::Bytes(&ack())),
        [SenderOutput::Up, SenderOutput::Send(key().seal(&line(1)))]
    );
    assert_eq!(sent(&mut panel, 46_200, SenderInput::Bytes(&ack())), [SenderOutput::Delivered(1)]);
}

/// Heartbeats of every length and reports, cut in every place and into single bytes: the same comes out.
#[test]
fn a_stream_may_be_cut_anywhere() {
    let short = [
        b"SR0001L0001".as_slice(),
        b"SR0001L0001    006969XX",
        HEARTBEAT,
        b"SR0001L0001 [ID1]",
        b"SR0001L00010069XX[ID000]",
    ];
    for heartbeat in short {
        let stream = [key().seal(heartbeat), key().seal(&line(7))].concat();
        let expected = vec![TakerOutput::Send(ack()), record(1, line(7))];
        let mut whole = centre();
        assert_eq!(taken(&mut whole, 0, TakerInput::Bytes(&stream)), expected);
        for at in 1..stream.len() {
            let mut centre = centre();
            let mut outputs = taken(&mut centre, 0, TakerInput::Bytes(&stream[..at]));
            outputs.extend(taken(&mut centre, 0, TakerInput::Bytes(&stream[at..])));
            assert_eq!(outputs, expected, "{} at {at}", heartbeat.escape_ascii());
        }
    }
    let stream = [key().seal(HEARTBEAT), key().seal(&line(7)), key().seal(&line(8))].concat();
    let mut centre = centre();
    let outputs: Vec<_> = stream.iter().flat_map(|&byte| taken(&mut centre, 0, TakerInput::Bytes(&[byte]))).collect();
    assert_eq!(outputs, [TakerOutput::Send(ack()), record(1, line(7)), record(2, line(8))]);
}

#[test]
fn a_panel_that_has_not_the_key_is_told_of_once() {
    let wrong = TakerOutput::Refused(RecordError::Key(KeyFault::Wrong));
    let other = OhKey::new(b"another 24 random bytes!");
    for sealed in [other.seal(&line(7)), line(7), masked_key(*RANDOM).to_vec(), vec![0; 8]] {
        let mut centre = centre();
        assert_eq!(taken(&mut centre, 0, TakerInput::Bytes(&sealed)).first(), Some(&wrong));
        assert!(!taken(&mut centre, 0, TakerInput::Bytes(&sealed)).contains(&wrong));
    }
}

/// Hostile bytes in either direction, under the key and not: no panic, no line, no answer taken, and little is held.
#[test]
fn hostile_input() {
    for byte in 0..=255u8 {
        let flood = vec![byte; 1100];
        for bytes in [flood.clone(), key().seal(&flood)] {
            let mut centre = centre();
            let outputs = taken(&mut centre, 0, TakerInput::Bytes(&bytes));
            let expected = |output: &TakerOutput| matches!(output, TakerOutput::Refused(_));
            assert!(outputs.iter().all(expected), "{byte}: {outputs:?}");
            let mut panel = OhPanel::new(Vec::new(), 0);
            panel.queue(line(1));
            panel.handle(0, SenderInput::Bytes(&masked_key(*RANDOM)));
            assert_eq!(panel.poll(), Some(SenderOutput::Send(key().seal(&line(1)))));
            assert_eq!(sent(&mut panel, 1, SenderInput::Bytes(&bytes)), [], "{byte}");
        }
    }
    // A length beyond every line, a length that is no number, a line that ends too early, one damaged.
    for text in
        [&b"\n0101FFFF\"SIA-DCS\""[..], b"\n0101+053\"SIA", b"\n01010009\"S\n0101", b"SR001\0\0\0", b"SX0001L0001"]
    {
        let mut centre = centre();
        let outputs = taken(&mut centre, 0, TakerInput::Bytes(&key().seal(text)));
        assert!(outputs.iter().all(|output| matches!(output, TakerOutput::Refused(_))), "{outputs:?}");
        // The next line is read all the same.
        let next = key().seal(&line(7));
        let mut outputs = taken(&mut centre, 0, TakerInput::Bytes(&next));
        outputs.extend(taken(&mut centre, 0, TakerInput::Bytes(&next)));
        assert!(outputs.contains(&record(1, line(7))), "{}: {outputs:?}", text.escape_ascii());
    }
}

proptest! {
    /// What is lost in either direction comes again; every line is stored before it is delivered, in order, whatever the
    /// segments.
    #[test]
    fn nothing_is_lost(
        faults in proptest::collection::vec(any::<bool>(), 0..40),
        sizes in proptest::collection::vec(1usize..60, 1..20),
        count in 1u16..8,
        beats in any::<bool>(),
    ) {
        let mut centre = OhCentre::new(RANDOM, 0);
        let mut panel = OhPanel::new(if beats { HEARTBEAT.to_vec() } else { Vec::new() }, 0);
        for number in 1..=count {
            panel.queue(line(number));
        }
        let (mut faults, mut sizes) = (faults.into_iter(), sizes.into_iter().cycle());
        let mut pieces = |bytes: Vec<u8>| {
            let (mut rest, mut pieces) = (VecDeque::from(bytes), Vec::new());
            while !rest.is_empty() {
                let size = sizes.next().unwrap_or(1).min(rest.len());
                pieces.push(rest.drain(..size).collect::<Vec<u8>>());
            }
            pieces
        };
        let (mut now_ms, mut stored, mut delivered) = (0u64, Vec::new(), 0);
        while delivered < u64::from(count) {
            panel.handle(now_ms, SenderInput::Time);
            let mut moved = true;
            while std::mem::take(&mut moved) {
                while let Some(output) = centre.poll() {
                    moved = true;
                    match output {
                        TakerOutput::Send(bytes) => {
                            // The key arrives: without it there is no session.
                            if bytes.len() == 24 || !faults.next().unwrap_or(false) {
                                for piece in pieces(bytes) {
                                    panel.handle(now_ms, SenderInput::Bytes(&piece));
                                }
                            }
                        }
                        TakerOutput::Record(arrival) => {
                            if stored.last() != Some(&arrival.record) {
                                stored.push(arrival.record);
                            }
                            centre.handle(now_ms, TakerInput::Stored(arrival.ticket));
                        }
                        other => prop_assert!(matches!(other, TakerOutput::Down | TakerOutput::Up), "{other:?}"),
                    }
                }
                while let Some(output) = panel.poll() {
                    moved = true;
                    match output {
                        SenderOutput::Send(bytes) if !faults.next().unwrap_or(false) => {
                            for piece in pieces(bytes) {
                                centre.handle(now_ms, TakerInput::Bytes(&piece));
                            }
                        }
                        SenderOutput::Delivered(number) => {
                            delivered += 1;
                            prop_assert_eq!(number, delivered);
                            prop_assert!(stored.len() as u64 >= number, "delivered before it was stored");
                        }
                        SenderOutput::Send(_) | SenderOutput::Down | SenderOutput::Up => {}
                    }
                }
            }
            now_ms = now_ms.max(panel.deadline().unwrap());
            prop_assert!(now_ms < 10_000_000, "stuck with {delivered} of {count} delivered");
        }
        prop_assert_eq!(stored, (1..=count).map(line).collect::<Vec<_>>());
    }
}
