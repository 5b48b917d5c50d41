//! Digits of a telephone line, their text forms, and calls.

use contactid::cesa::CesaMessage;
use contactid::cid::text::{
    BracketReport, CsvChecksum, CsvReport, EldesCheck, EldesReport, SerialReport, TextForm, TextSplitter,
};
use contactid::cid::{AdemcoReport, CidReport};
use contactid::dtmf::Digit;
use contactid::line::keyed::{KeyedFormat, Sign};
use contactid::line::pulse::{Parity, PulseCheck, PulseReader, PulseReport};
use contactid::line::{
    Handshake, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Transmitter, TransmitterInput,
    TransmitterOutput, TransmitterTiming,
};
use contactid::robofon::{BlockCheck, RobofonFrame};
use contactid::scancom::{Channels, ScancomReport};
use contactid::{Lang, RecordError, Signal, Strictness};

/// Bytes as tone pairs.
fn digits(bytes: &[u8]) -> Vec<Digit> {
    bytes.iter().filter_map(|byte| Digit::new(byte & 15)).collect()
}

fn shown(signal: &Signal) {
    for lang in [Lang::En, Lang::Zh] {
        assert!(!signal.name(lang).is_empty());
    }
    let _ = (signal.group_text(), signal.number_text(), signal.class(), signal.number_is());
}

/// The sixteen digits, as text and as tones.
fn contact_id(bytes: &[u8]) {
    let read = CidReport::parse(bytes, Strictness::Tolerant);
    for report in [read, CidReport::from_digits(&digits(bytes), Strictness::Tolerant)].into_iter().flatten() {
        shown(&report.signal());
        let again = CidReport::parse(&report.encode(), Strictness::Tolerant).expect("our own digits read");
        assert_eq!((again.digits(), again.signal()), (report.digits(), report.signal()));
        assert!(report.account().is_some());
    }
    let strict = CidReport::parse(bytes, Strictness::Strict);
    match read {
        Ok(report) if report.quirks().is_empty() => {
            assert_eq!((strict, &report.encode()[..]), (Ok(report), bytes));
        }
        Ok(report) => assert_eq!(strict, Err(RecordError::NonStandard(report.quirks()))),
        Err(_) => assert!(strict.is_err()),
    }
}

/// Whatever Ademco format it is, as text and as tones.
fn ademco(bytes: &[u8]) {
    let read = AdemcoReport::parse(bytes, Strictness::Tolerant);
    for report in [read, AdemcoReport::from_digits(&digits(bytes), Strictness::Tolerant)].into_iter().flatten() {
        report.signals().for_each(|signal| shown(&signal));
        let again = AdemcoReport::parse(&report.encode(), Strictness::Tolerant).expect("our own digits read");
        assert_eq!((again.digits(), again.format()), (report.digits(), report.format()));
    }
    if let Ok(report) = AdemcoReport::parse(bytes, Strictness::Strict) {
        assert!(report.quirks().is_empty() && report.encode() == bytes);
    }
}

/// A stream of text: the first byte says which form, the second how long the segments are.
fn cid_text(bytes: &[u8]) {
    let &[form, size, ref stream @ ..] = bytes else { return };
    let form = [TextForm::Serial, TextForm::Bracket, TextForm::Bare, TextForm::Csv][usize::from(form % 4)];
    let cut = |size: usize| {
        let (mut splitter, mut records) = (TextSplitter::new(form), Vec::new());
        for segment in stream.chunks(size) {
            splitter.push(segment);
            while let Some(record) = splitter.pop() {
                assert!(!record.is_empty() && record.len() <= TextSplitter::MAX);
                records.push(record.to_vec());
            }
            assert!(splitter.pending() <= TextSplitter::MAX);
        }
        records
    };
    let records = cut(usize::from(size) + 1);
    assert_eq!(records, cut(stream.len().max(1)));
    for record in records.iter().map(Vec::as_slice).chain([stream]) {
        if let Ok(report) = SerialReport::parse(record, Strictness::Tolerant) {
            shown(&report.signal());
            assert!(!report.quirks().is_empty() || report.encode() == record);
        }
        if let Ok(report) = BracketReport::parse(record, Strictness::Tolerant) {
            shown(&report.signal());
            let _ = report.check_holds();
            assert!(!report.quirks().is_empty() || report.encode() == record);
        }
        for rule in [CsvChecksum::Absent, CsvChecksum::LastField] {
            if let Ok(report) = CsvReport::parse(record, rule, Strictness::Tolerant) {
                report.signal().iter().for_each(shown);
                assert!(!report.quirks().is_empty() || report.encode() == record);
            }
        }
        for rule in [EldesCheck::Ignored, EldesCheck::ContactId] {
            if let Ok(report) = EldesReport::parse(record, rule, Strictness::Tolerant) {
                shown(&report.signal());
                assert!(!report.quirks().is_empty() || report.encode() == record);
            }
        }
    }
}

/// Rounds of pulses: the first byte says how they are checked, a zero ends a round.
fn pulse(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    if let Ok(report) = PulseReport::parse(rest, Strictness::Tolerant) {
        let again = PulseReport::parse(&report.encode(), Strictness::Tolerant).expect("our own digits read");
        assert_eq!(again.encode(), report.encode());
    }
    let check = if choice & 1 == 0 { PulseCheck::Twice } else { PulseCheck::Parity };
    let parity = if choice & 2 == 0 { Parity::Ignored } else { Parity::Ademco };
    let mut reader = PulseReader::new(check, parity).with_extended(choice & 4 != 0);
    let rounds: Vec<Vec<Digit>> = rest.split(|&byte| byte == 0).map(digits).collect();
    for round in &rounds {
        if let Ok(Some(report)) = reader.round(round) {
            shown(&report.signal());
            let read = match report.rounds().as_slice() {
                [round] => PulseReport::from_round(round),
                rounds => PulseReport::from_extended(&rounds[0], &rounds[1]),
            };
            assert_eq!(read, Ok(report));
        }
    }
    for pair in rounds.windows(2) {
        if let Ok(report) = PulseReport::from_extended(&pair[0], &pair[1]) {
            shown(&report.signal());
            assert_eq!(report.rounds().len(), 2);
        }
    }
}

/// The Scancom fast format, as text and as tones.
fn scancom(bytes: &[u8]) {
    let read = ScancomReport::parse(bytes, Strictness::Tolerant);
    for report in [read, ScancomReport::from_digits(&digits(bytes), Strictness::Tolerant)].into_iter().flatten() {
        for named in [Channels::Agreed, Channels::Usual] {
            assert!(report.signals(named).inspect(shown).count() > 0);
        }
        let again = ScancomReport::parse(&report.encode(), Strictness::Tolerant).expect("our own digits read");
        assert_eq!(again.digits(), report.digits());
    }
    if let Ok(report) = ScancomReport::parse(bytes, Strictness::Strict) {
        assert_eq!(report.encode(), bytes);
    }
}

/// Robofon frames, under every rule for their check character.
fn robofon(bytes: &[u8]) {
    for rule in [BlockCheck::Ignored, BlockCheck::Sum, BlockCheck::Xor] {
        if let Ok(frame) = RobofonFrame::parse(bytes, rule, Strictness::Strict) {
            shown(&frame.signal());
            assert_eq!(frame.encode(), bytes);
        }
    }
}

/// CESA messages, the second half of the bytes as the repetition.
fn cesa(bytes: &[u8]) {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let twice = CesaMessage::agreed(first, second, Strictness::Tolerant);
    for message in [CesaMessage::parse(bytes, Strictness::Tolerant), twice].into_iter().flatten() {
        shown(&message.signal());
        let again = CesaMessage::parse(&message.encode(), Strictness::Strict).expect("our own message reads");
        assert_eq!(again.signal(), message.signal());
    }
}

/// A receiver on a line on which anything happens: two bytes say what, and how much later.
fn line_receiver(bytes: &[u8]) {
    let Some((&choice, steps)) = bytes.split_first() else { return };
    let all = [Handshake::Pair, Handshake::Single2300, Handshake::Single1400];
    let keyed = [KeyedFormat::Robofon, KeyedFormat::Cesa].map(Handshake::Keyed);
    let mut receiver = Receiver::new(ReceiverOptions {
        handshakes: if choice & 32 == 0 { all[usize::from(choice & 3)..].to_vec() } else { keyed.to_vec() },
        unchecked: choice & 4 != 0,
        pulse_check: if choice & 8 == 0 { PulseCheck::Twice } else { PulseCheck::Parity },
        extended: choice & 16 != 0,
        ..ReceiverOptions::default()
    });
    let (mut now_ms, mut unstored) = (0u64, None);
    for &[what, later] in steps.as_chunks::<2>().0 {
        now_ms += u64::from(later) * if what & 0x80 == 0 { 1 } else { 50 };
        let round = digits(&[what, later, what, later, what, later][..usize::from(later % 7)]);
        let input = match what & 0x7F {
            number @ 0..16 => Digit::new(number).map_or(ReceiverInput::Time, ReceiverInput::Digit),
            16 => ReceiverInput::Answered,
            17 => ReceiverInput::HungUp,
            18 => ReceiverInput::Release,
            19..24 => ReceiverInput::Stored(unstored.unwrap_or(u32::from(later))),
            24..32 => ReceiverInput::Round(&round),
            64..68 => ReceiverInput::Pulse,
            68..72 => ReceiverInput::Character(later),
            72 => ReceiverInput::Garbled,
            // Whole messages make more of a call than single digits do.
            32..64 => {
                let message: &[u8] = if what & 1 == 0 { b"1234181131010158" } else { b"1234181606010007" };
                for digit in message.iter().filter_map(|&byte| Digit::from_char(char::from(byte))) {
                    receiver.handle(now_ms, ReceiverInput::Digit(digit));
                }
                now_ms += 200;
                ReceiverInput::Time
            }
            _ => {
                now_ms = receiver.deadline().unwrap_or(now_ms).max(now_ms);
                ReceiverInput::Time
            }
        };
        receiver.handle(now_ms, input);
        while let Some(output) = receiver.poll() {
            match output {
                ReceiverOutput::Report(report) => {
                    assert!(report.repeats.is_none_or(|number| number < report.number));
                    report.message.signals(Channels::Usual).for_each(|signal| shown(&signal));
                    unstored = Some(report.number);
                }
                ReceiverOutput::HangUp(_) => unstored = None,
                ReceiverOutput::Sound(_) | ReceiverOutput::Refused(_) | ReceiverOutput::ListenIn(_) => {}
            }
        }
        assert!(receiver.is_busy() || receiver.deadline().is_none());
        assert!(receiver.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that is over");
    }
}

/// A panel to which anything happens: two bytes say what, and how much later. Every message is settled once, in order.
fn line_transmitter(bytes: &[u8]) {
    let mut panel = Transmitter::new(TransmitterTiming::default());
    let message = AdemcoReport::parse(b"1234181131010158", Strictness::Strict).expect("sixteen digits");
    let audio = AdemcoReport::parse(b"1234181606010007", Strictness::Strict).expect("sixteen digits");
    let (mut now_ms, mut sent, mut settled) = (0u64, 0, 0);
    for &[what, later] in bytes.as_chunks::<2>().0 {
        now_ms += u64::from(later) * if what & 0x80 == 0 { 1 } else { 50 };
        let tone = |hz, length_ms: u64| TransmitterInput::Tone {
            hz,
            start_ms: now_ms.saturating_sub(length_ms),
            end_ms: now_ms,
        };
        let input = match what & 0x7F {
            0..8 => TransmitterInput::Send(message),
            8..16 => TransmitterInput::Send(audio),
            16..32 => TransmitterInput::Connected,
            32..40 => TransmitterInput::HungUp,
            40..44 => TransmitterInput::Release,
            44..48 => TransmitterInput::ToneBegins(1400),
            48..64 => tone(1400, 100),
            64..80 => tone(2300, 100),
            80..96 => tone(1400, 850),
            96..104 => tone(u16::from(later) * 20, u64::from(later) * 10),
            104 => TransmitterInput::SendKeyed(super::keyed::message(KeyedFormat::Robofon, 1)),
            105 => TransmitterInput::SendKeyed(super::keyed::message(KeyedFormat::Cesa, 1)),
            106 => TransmitterInput::Sign(Sign::Handshake),
            107 => TransmitterInput::Sign(Sign::Acknowledge),
            108 => TransmitterInput::Sign(Sign::Refuse),
            _ => {
                now_ms = panel.deadline().unwrap_or(now_ms).max(now_ms);
                TransmitterInput::Time
            }
        };
        sent += u32::from(matches!(input, TransmitterInput::Send(_) | TransmitterInput::SendKeyed(_)));
        panel.handle(now_ms, input);
        // The pair as a receiver sends it, so that more than a lucky byte gets through.
        if input == TransmitterInput::Connected && later & 1 == 0 {
            panel.handle(now_ms + 100, TransmitterInput::Tone { hz: 1400, start_ms: now_ms, end_ms: now_ms + 100 });
            now_ms += 300;
            panel.handle(now_ms, TransmitterInput::Tone { hz: 2300, start_ms: now_ms - 100, end_ms: now_ms });
        }
        while let Some(output) = panel.poll() {
            match output {
                TransmitterOutput::Delivered(number) | TransmitterOutput::GaveUp(number) => {
                    settled += 1;
                    assert_eq!(number, settled);
                }
                TransmitterOutput::Dial(_)
                | TransmitterOutput::Sound(_)
                | TransmitterOutput::Talk(_)
                | TransmitterOutput::HangUp => {}
            }
        }
        assert_eq!(panel.waiting() as u32, sent - settled);
        assert!(panel.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that is over");
    }
}

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[
    ("contact-id", contact_id),
    ("ademco", ademco),
    ("cid-text", cid_text),
    ("pulse", pulse),
    ("scancom", scancom),
    ("robofon", robofon),
    ("cesa", cesa),
    ("line-receiver", line_receiver),
    ("line-transmitter", line_transmitter),
];
