//! The link between a receiver and its automation, both ends, over operations.

use contactid::automation::ademco685::Dialect;
use contactid::automation::dc07::Kind;
use contactid::automation::native::{Maker, VByte};
use contactid::link::{
    Framing, Profile, RecordSplitter, Sender, SenderInput, SenderOutput, Taker, TakerInput, TakerOutput,
};

/// The targets of this family.
pub const TARGETS: &[super::Target] =
    &[("link-sender", link_sender), ("link-taker", link_taker), ("link-splitter", link_splitter)];

fn profile(choice: u8) -> Profile {
    match choice % 11 {
        0 => Profile::surgard(),
        1 => Profile::b32(),
        2 => Profile::ademco685(Dialect::Ademco685),
        3 => Profile::d6500(),
        4 => Profile::dc07(Kind(b'A'), Kind(b'B')),
        5 => Profile::native(Maker::Mx8000, VByte::Ignored),
        6 => Profile::native(Maker::SilentKnight, VByte::Summed),
        7 => Profile::iti(),
        8 => Profile::texecom(1),
        9 => Profile::isecnet(),
        _ => Profile::oh(),
    }
}

fn link_sender(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let mut sender = Sender::new(profile(choice), 0);
    let (mut now_ms, mut queued, mut delivered, mut down) = (0u64, 0, 0, false);
    for (operation, told) in super::operations(rest) {
        match operation % 4 {
            0 => {
                queued += u64::from(!told.is_empty());
                assert_eq!(sender.queue(told.to_vec()), (!told.is_empty()).then_some(queued));
                sender.handle(now_ms, SenderInput::Time);
            }
            1 => sender.handle(now_ms, SenderInput::Bytes(told)),
            2 => {
                now_ms = now_ms.saturating_add(u64::from(operation) * 100);
                sender.handle(now_ms, SenderInput::Time);
            }
            _ => {
                now_ms = now_ms.max(sender.deadline());
                sender.handle(now_ms, SenderInput::Time);
                assert!(sender.deadline() > now_ms, "a deadline that stays");
            }
        }
        while let Some(output) = sender.poll() {
            match output {
                SenderOutput::Send(record) => assert!(!record.is_empty()),
                // In order, and each once.
                SenderOutput::Delivered(number) => {
                    delivered += 1;
                    assert_eq!(number, delivered);
                }
                SenderOutput::Down => assert!(!std::mem::replace(&mut down, true)),
                SenderOutput::Up => assert!(std::mem::replace(&mut down, false)),
            }
        }
        assert_eq!((sender.waiting() as u64, sender.is_down()), (queued - delivered, down));
    }
}

fn link_taker(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let mut taker = Taker::new(profile(choice), 0);
    let (mut now_ms, mut last, mut down) = (0u64, 0, false);
    for (operation, told) in super::operations(rest) {
        let settled = matches!(operation % 5, 1);
        match operation % 5 {
            0 => taker.handle(now_ms, TakerInput::Bytes(told)),
            1 => taker.handle(now_ms, TakerInput::Stored(last)),
            2 => taker.handle(now_ms, TakerInput::NotStored(last)),
            3 => {
                now_ms = now_ms.saturating_add(u64::from(operation) * 100);
                taker.handle(now_ms, TakerInput::Time);
            }
            _ => {
                now_ms = now_ms.max(taker.deadline().unwrap_or(0));
                taker.handle(now_ms, TakerInput::Time);
                assert!(taker.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that stays");
            }
        }
        while let Some(output) = taker.poll() {
            match output {
                TakerOutput::Record(arrival) => {
                    assert_eq!(arrival.ticket, last + 1);
                    assert!(arrival.repeats.is_none_or(|ticket| ticket <= last));
                    last = arrival.ticket;
                }
                TakerOutput::Send(bytes) => assert!(!bytes.is_empty() && (settled || operation % 5 == 0)),
                TakerOutput::Other(record) => assert!(!record.is_empty()),
                TakerOutput::Refused(error) => assert!(!error.to_string().is_empty()),
                TakerOutput::Down => assert!(!std::mem::replace(&mut down, true)),
                TakerOutput::Up => assert!(std::mem::replace(&mut down, false)),
            }
        }
    }
}

/// However a stream is cut, the same records come out of it, and little is held. Not so of OH, whose heartbeats end with their
/// segments.
fn link_splitter(bytes: &[u8]) {
    let &[choice, size, ref stream @ ..] = bytes else { return };
    let framing = profile(choice).framing;
    if framing == Framing::Oh {
        return;
    }
    let cut = |size: usize| {
        let (mut splitter, mut records) = (RecordSplitter::new(framing), Vec::new());
        for segment in stream.chunks(size) {
            splitter.push(segment);
            while let Some(record) = splitter.pop() {
                assert!(!record.is_empty());
                records.push(record.to_vec());
            }
            assert!(splitter.pending() <= 10_000);
        }
        (records, splitter.noise())
    };
    assert_eq!(cut(usize::from(size) + 1), cut(stream.len().max(1)));
}
