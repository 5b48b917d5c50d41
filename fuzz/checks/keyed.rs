//! Robofon 8 and CESA: both ends of a call, and their sounds.

use std::collections::VecDeque;

use contactid::Strictness;
use contactid::audio::{Character, KeyedListener, Volume, WarbleListener, g711, samples};
use contactid::cesa::CesaMessage;
use contactid::line::keyed::{KeyedFormat, KeyedMessage, Sign};
use contactid::line::{
    Handshake, LineMessage, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Sound, Transmitter,
    TransmitterInput, TransmitterOutput, TransmitterTiming,
};
use contactid::robofon::{BAUD, BlockCheck, ParityBit, RobofonFrame, TONE_HZ};

/// The targets of this family.
pub const TARGETS: &[super::Target] = &[("line-keyed", line_keyed), ("audio-keyed", audio_keyed)];

/// The message of this number.
pub fn message(format: KeyedFormat, number: u32) -> KeyedMessage {
    let written = format!("123450{number:02}00000000");
    match format {
        KeyedFormat::Cesa => {
            let message = CesaMessage::parse(written.as_bytes(), Strictness::Strict).expect("a message of ours");
            KeyedMessage::Cesa(message)
        }
        KeyedFormat::Robofon => {
            let digits: [u8; 8] = std::array::from_fn(|place| written.as_bytes()[place]);
            let check = BlockCheck::Sum.of(digits).expect("a rule");
            let account = written[..6].parse().expect("an account");
            let frame = RobofonFrame::new(account, [digits[6], digits[7]], check).expect("a frame of ours");
            KeyedMessage::Robofon(frame)
        }
    }
}

/// What arrives at an end, and when.
#[derive(Clone, Copy)]
enum Arrival {
    Character(u8),
    Garbled,
    Sign(Sign),
    Stored(u32),
}

/// The characters of a message as they come one by one, in ms from its beginning.
fn characters(message: &KeyedMessage) -> Vec<(u64, u8)> {
    let (bytes, from_ms, each_ms, copies) = match message {
        KeyedMessage::Robofon(frame) => (frame.encode().to_vec(), [250, 0], 200, 1),
        KeyedMessage::Cesa(message) => (message.encode().to_vec(), [1250, 2830], 55, 2),
    };
    let copy =
        |from_ms: u64| (1u64..).zip(bytes.clone()).map(move |(place, byte)| (from_ms + each_ms * place - 5, byte));
    from_ms[..copies].iter().flat_map(|&from_ms| copy(from_ms)).collect()
}

/// Both ends of a call over a line that does to each character, answer and store what the next byte says, and nothing when
/// none is left: nothing is delivered that was not stored, each message is settled once and in order, and all of them are.
fn line_keyed(bytes: &[u8]) {
    let Some((&choice, mut fate)) = bytes.split_first() else { return };
    let mut next = || fate.split_off_first().copied().unwrap_or(0);
    let format = if choice & 1 == 0 { KeyedFormat::Robofon } else { KeyedFormat::Cesa };
    let count = u32::from(choice >> 1 & 3) + 1;
    let handshakes = vec![Handshake::Keyed(format)];
    // Of Robofon frames that are mangled twice few are read in spite of the check character, and then wrongly.
    let block_check = BlockCheck::Sum;
    let mut receiver = Receiver::new(ReceiverOptions { handshakes, block_check, ..ReceiverOptions::default() });
    let mut panel = Transmitter::new(TransmitterTiming::default());
    (1..=count).for_each(|number| panel.handle(0, TransmitterInput::SendKeyed(message(format, number))));
    let (mut now_ms, mut settled, mut delivered, mut stored) = (0, 0, 0, 0);
    let mut arrivals: VecDeque<(u64, Arrival)> = VecDeque::new();
    let mut told: Vec<LineMessage> = Vec::new();
    for _ in 0..20_000 {
        let (mut said, mut sent) = (Vec::new(), Vec::new());
        while let Some(output) = receiver.poll() {
            match output {
                ReceiverOutput::Sound(sound) => said.push(sound),
                ReceiverOutput::Report(report) => {
                    assert_eq!(report.number as usize, told.len() + 1);
                    told.push(report.message);
                    arrivals.push_back((now_ms + u64::from(next()) * 20, Arrival::Stored(report.number)));
                }
                ReceiverOutput::Refused(error) => assert!(!error.to_string().is_empty()),
                ReceiverOutput::HangUp(_) => {
                    arrivals.clear();
                    panel.handle(now_ms, TransmitterInput::HungUp);
                }
                ReceiverOutput::ListenIn(number) => assert!(told[number as usize - 1].announces_audio()),
            }
        }
        while let Some(output) = panel.poll() {
            match output {
                TransmitterOutput::Sound(sound) => sent.push(sound),
                TransmitterOutput::Delivered(number) => {
                    (settled, delivered) = (settled + 1, delivered + 1);
                    assert_eq!(number, settled);
                    assert!(delivered <= stored, "{delivered} are delivered, and {stored} stored");
                }
                TransmitterOutput::GaveUp(number) => {
                    settled += 1;
                    assert_eq!(number, settled);
                }
                TransmitterOutput::Dial(_) => {
                    told.clear();
                    panel.handle(now_ms, TransmitterInput::Connected);
                    receiver.handle(now_ms, ReceiverInput::Answered);
                }
                TransmitterOutput::Talk(_) => panel.handle(now_ms, TransmitterInput::Release),
                TransmitterOutput::HangUp => {
                    arrivals.clear();
                    receiver.handle(now_ms, ReceiverInput::HungUp);
                }
            }
        }
        for sign in [Sign::Handshake, Sign::Acknowledge, Sign::Refuse] {
            let sounds = format.sounds(sign);
            // The two tones of CESA mean both.
            if !sounds.is_empty() && said.ends_with(&sounds) && next() < 200 {
                let until_ms = now_ms + said.iter().map(|sound| sound.ms()).sum::<u64>();
                arrivals.push_back((until_ms, Arrival::Sign(sign)));
                break;
            }
        }
        if let Some(number) = Some(settled + 1).filter(|_| !sent.is_empty()) {
            for (later_ms, byte) in characters(&message(format, number)) {
                let arrival = match next() {
                    0..200 => Arrival::Character(byte),
                    200..228 => continue,
                    228..240 => Arrival::Garbled,
                    mangled => Arrival::Character(byte ^ 1 << (mangled & 7)),
                };
                arrivals.push_back((now_ms + later_ms, arrival));
            }
        }
        if !said.is_empty() || !sent.is_empty() {
            continue;
        }
        arrivals.make_contiguous().sort_by_key(|&(at_ms, _)| at_ms);
        let due = [receiver.deadline(), panel.deadline()].into_iter().flatten().min();
        match (arrivals.front().copied(), due) {
            (Some((at_ms, arrival)), due) if due.is_none_or(|due_ms| at_ms <= due_ms) => {
                arrivals.pop_front();
                now_ms = now_ms.max(at_ms);
                match arrival {
                    Arrival::Character(byte) => receiver.handle(now_ms, ReceiverInput::Character(byte)),
                    Arrival::Garbled => receiver.handle(now_ms, ReceiverInput::Garbled),
                    Arrival::Sign(sign) => panel.handle(now_ms, TransmitterInput::Sign(sign)),
                    Arrival::Stored(number) => {
                        stored += 1;
                        receiver.handle(now_ms, ReceiverInput::Stored(number));
                    }
                }
            }
            (_, Some(due_ms)) => {
                now_ms = now_ms.max(due_ms);
                receiver.handle(now_ms, ReceiverInput::Time);
                panel.handle(now_ms, TransmitterInput::Time);
                let deadlines = [receiver.deadline(), panel.deadline()].into_iter().flatten();
                assert!(deadlines.into_iter().all(|deadline| deadline > now_ms), "a deadline that is over");
            }
            (_, None) => break,
        }
    }
    assert_eq!((settled, panel.waiting()), (count, 0));
}

/// Characters on a keyed tone, and anything else as samples.
fn audio_keyed(bytes: &[u8]) {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let bytes = &bytes[..bytes.len().min(60)];
    let ms = 1000 / u32::from(BAUD);
    let bit = |one| if one { Sound::Silence { ms } } else { Sound::Tone { hz: TONE_HZ, ms } };
    let character = |&byte: &u8| (0..10).map(move |place| bit((u16::from(byte) | 0x100) << 1 >> place & 1 == 1));
    let rest = [Sound::Silence { ms: 100 }];
    let sounds = rest.into_iter().chain(bytes.iter().flat_map(character)).chain(rest);
    let sent: Vec<i16> = sounds.flat_map(|sound| samples(sound, Volume::default())).collect();
    let law = if choice & 1 == 0 { g711::from_mu_law } else { g711::from_a_law };
    let raw: Vec<i16> =
        bytes.iter().flat_map(|&byte| [law(byte); 20].into_iter().chain([law(byte ^ choice); 4])).collect();
    for (line, exact) in [(&sent, true), (&raw, false)] {
        let mut listener = KeyedListener::new(TONE_HZ, BAUD).expect("within the limits");
        let mut warble = WarbleListener::cesa();
        let mut heard = Vec::new();
        for &sample in line {
            match listener.hear(sample) {
                Some(Character::Byte(byte)) => heard.push(byte),
                Some(Character::Garbled) => assert!(!exact),
                None => {}
            }
            if let Some(pattern) = warble.hear(sample) {
                assert!(!exact && pattern.start_ms < pattern.end_ms);
            }
        }
        assert!(!exact || heard == bytes);
        heard.into_iter().filter_map(|byte| Sign::of(byte, ParityBit::Odd)).for_each(|sign| {
            assert_eq!(KeyedFormat::Robofon.sounds(sign).len(), 10);
        });
    }
}
