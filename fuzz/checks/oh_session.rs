//! Osborne-Hoffman sessions, both ends, over operations.

use contactid::link::{SenderInput, SenderOutput, TakerInput, TakerOutput};
use contactid::oh::{OhCentre, OhKey, OhPanel, masked_key, write_report};

/// The targets of this family.
pub const TARGETS: &[super::Target] = &[("oh-centre", oh_centre), ("oh-panel", oh_panel), ("oh-session", oh_session)];

const RANDOM: &[u8; 24] = b"0123456789abcdefghijklmn";
const HEARTBEAT: &[u8] = b"SR0001L0001    006969XX    [ID00000000]";

fn line(number: u16) -> Vec<u8> {
    write_report(number % 10_000, "0075", "0001", "001465", b"NBA001*'DOOR'NM", b"").expect("a line of ours")
}

/// A centre that hears whatever comes, under its key and not.
fn oh_centre(bytes: &[u8]) {
    let (key, mut centre) = (OhKey::new(RANDOM), OhCentre::new(RANDOM, 0));
    assert_eq!(centre.poll(), Some(TakerOutput::Send(masked_key(*RANDOM).to_vec())));
    let (mut now_ms, mut last, mut down) = (0u64, 0, false);
    for (operation, told) in super::operations(bytes) {
        match operation % 6 {
            0 => centre.handle(now_ms, TakerInput::Bytes(told)),
            1 => centre.handle(now_ms, TakerInput::Bytes(&key.seal(told))),
            2 => centre.handle(now_ms, TakerInput::Bytes(&key.seal(&line(u16::from(operation))))),
            3 => centre.handle(now_ms, TakerInput::Stored(last)),
            4 => centre.handle(now_ms, TakerInput::NotStored(last)),
            _ => {
                now_ms = now_ms.max(centre.deadline().unwrap_or(0));
                centre.handle(now_ms, TakerInput::Time);
                assert!(centre.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that stays");
            }
        }
        while let Some(output) = centre.poll() {
            match output {
                TakerOutput::Record(arrival) => {
                    assert_eq!(arrival.ticket, last + 1);
                    last = arrival.ticket;
                }
                // There is no refusal: whatever is sent acknowledges.
                TakerOutput::Send(sealed) => assert_eq!(sealed, key.seal(b"ACK\r")),
                TakerOutput::Other(record) => panic!("{record:?} wants something else than to be stored"),
                TakerOutput::Refused(error) => assert!(!error.to_string().is_empty()),
                TakerOutput::Down => assert!(!std::mem::replace(&mut down, true)),
                TakerOutput::Up => assert!(std::mem::replace(&mut down, false)),
            }
        }
    }
}

/// A panel that hears whatever comes, before its key and behind it.
fn oh_panel(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let heartbeat = if choice & 1 == 0 { Vec::new() } else { HEARTBEAT.to_vec() };
    let (key, mut panel) = (OhKey::new(RANDOM), OhPanel::new(heartbeat, 0));
    let (mut now_ms, mut queued, mut delivered, mut heard) = (0u64, 0, 0, 0usize);
    for (operation, told) in super::operations(rest) {
        match operation % 5 {
            0 => {
                queued += 1;
                assert_eq!(panel.queue(line(u16::from(operation))), Some(queued));
                panel.handle(now_ms, SenderInput::Time);
            }
            1 => {
                panel.handle(now_ms, SenderInput::Bytes(told));
                heard += told.len();
            }
            2 if choice & 2 == 0 => {
                panel.handle(now_ms, SenderInput::Bytes(&masked_key(*RANDOM)));
                heard += RANDOM.len();
            }
            3 => {
                panel.handle(now_ms, SenderInput::Bytes(&key.seal(b"ACK\r")));
                heard += 8;
            }
            _ => {
                now_ms = now_ms.max(panel.deadline().unwrap_or(now_ms));
                panel.handle(now_ms, SenderInput::Time);
                assert!(panel.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that stays");
            }
        }
        assert_eq!(panel.deadline().is_some(), heard >= RANDOM.len(), "it has the key when 24 bytes came");
        while let Some(output) = panel.poll() {
            match output {
                SenderOutput::Send(sealed) => {
                    assert!(heard >= RANDOM.len() && !sealed.is_empty() && sealed.len().is_multiple_of(8));
                }
                SenderOutput::Delivered(number) => {
                    delivered += 1;
                    assert_eq!(number, delivered);
                }
                SenderOutput::Down | SenderOutput::Up => {}
            }
        }
        assert_eq!(panel.waiting() as u64, queued - delivered);
    }
}

/// Both ends over a line that loses and cuts as it is told, and a store that is as slow: nothing is delivered that was not
/// stored, all is in order, and the number of a line never goes back.
fn oh_session(bytes: &[u8]) {
    let (mut centre, mut panel) = (OhCentre::new(RANDOM, 0), OhPanel::new(HEARTBEAT.to_vec(), 0));
    let (mut now_ms, mut queued, mut delivered, mut stored) = (0u64, 0u64, 0u64, 0u64);
    let (mut lost, mut size, mut unstored) = (0usize, usize::MAX, Vec::new());
    let mut keyed = false;
    for &operation in bytes {
        let much = usize::from(operation >> 3) + 1;
        match operation % 8 {
            0 | 1 => {
                queued += 1;
                assert_eq!(panel.queue(line(queued as u16)), Some(queued));
            }
            2 => lost = much,
            3 => size = much,
            4 | 5 => {
                for (ticket, number) in unstored.drain(..much.min(unstored.len())) {
                    stored = stored.max(number);
                    centre.handle(now_ms, TakerInput::Stored(ticket));
                }
            }
            6 => now_ms = now_ms.saturating_add(much as u64 * 500),
            _ => now_ms = now_ms.max(panel.deadline().unwrap_or(now_ms)),
        }
        panel.handle(now_ms, SenderInput::Time);
        centre.handle(now_ms, TakerInput::Time);
        // The key is not lost: it opens the connection.
        let mut arrives = |sealed: Vec<u8>| {
            let gone = std::mem::replace(&mut keyed, true) && lost > 0;
            lost -= usize::from(gone);
            if gone { Vec::new() } else { sealed }
        };
        loop {
            if let Some(output) = centre.poll() {
                match output {
                    TakerOutput::Send(sealed) => {
                        arrives(sealed).chunks(size).for_each(|piece| panel.handle(now_ms, SenderInput::Bytes(piece)))
                    }
                    TakerOutput::Record(arrival) => {
                        let number = (1..=queued).find(|&number| line(number as u16) == arrival.record);
                        unstored.push((arrival.ticket, number.expect("one of the lines that were queued")));
                    }
                    TakerOutput::Other(record) => panic!("{record:?} wants something else than to be stored"),
                    TakerOutput::Refused(error) => panic!("our own line: {error}"),
                    TakerOutput::Down | TakerOutput::Up => {}
                }
            } else if let Some(output) = panel.poll() {
                match output {
                    SenderOutput::Send(sealed) => {
                        arrives(sealed).chunks(size).for_each(|piece| centre.handle(now_ms, TakerInput::Bytes(piece)))
                    }
                    SenderOutput::Delivered(number) => {
                        delivered += 1;
                        assert_eq!(number, delivered);
                        assert!(number <= stored, "line {number} is delivered, and {stored} are stored");
                    }
                    SenderOutput::Down | SenderOutput::Up => {}
                }
            } else {
                break;
            }
        }
    }
}
