//! How each receiver frames its records, what answers them, and its times.

use alloc::vec::Vec;

use crate::automation::ademco685::{self, Ademco685Record, Dialect};
use crate::automation::d6500::{self, D6500Record};
use crate::automation::dc07::{Dc07Frame, Kind};
use crate::automation::iti::{ComputerRecord, ItiRecord};
use crate::automation::native::{Maker, NativeRecord, VByte};
use crate::automation::surgard::{self, ACK, B32_HEADER, END, NAK, SurgardRecord, b32_read, b32_write};
use crate::isecnet::{self, IsecnetFrame};
use crate::oh::{self, OhLine};
use crate::texecom::{self, TexecomMessage};
use crate::{RecordError, Strictness, text};

/// Which records a link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// Sur-Gard records, each ended by DC4. One that lacks it ends where the next begins.
    Surgard,
    /// Sur-Gard records under the length header of option B32.
    B32,
    /// Ademco 685 records, LF to CR, or a dialect of theirs.
    Ademco685(Dialect<'static>),
    /// D6500 records, a blank or LF to DC4.
    D6500,
    /// DC-07 frames, LF to CR.
    Dc07,
    /// Native calls of an MX8000 or a Silent Knight receiver, to CR.
    Native(Maker, VByte),
    /// ITI generic records, LF to CR.
    Iti,
    /// ITI computer interface records, `|[` to CR.
    ItiComputer,
    /// Texecom messages, to CR LF; `+++` ends a session.
    Texecom,
    /// ISECNet frames, which say how long they are.
    Isecnet,
    /// OH lines, deciphered: reports say how long they are; a heartbeat ends before the zeros that fill its last block, else
    /// with its bracket, else with its segment.
    Oh,
}

/// What a record turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It only says that the link lives, and is answered at once.
    Heartbeat,
    /// It is to be stored before it is answered.
    Report,
    /// It wants something else than to be stored.
    Other,
}

/// Where the record ends that begins at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Behind so many bytes.
    At(usize),
    /// Nobody can know yet.
    NotYet,
    /// No record begins here.
    Nowhere,
}

impl Framing {
    /// Where the record ends that begins at the front of these bytes.
    pub(super) fn cut(self, held: &[u8]) -> Cut {
        let until = |end: u8| match memchr::memchr(end, held.get(..=self.longest()).unwrap_or(held)) {
            Some(at) => Cut::At(at + 1),
            None if held.len() > self.longest() => Cut::Nowhere,
            None => Cut::NotYet,
        };
        let told = |length: usize| if length <= held.len() { Cut::At(length) } else { Cut::NotYet };
        match self {
            Self::Surgard => match until(END) {
                Cut::At(length) => Cut::At(surgard::first_length(&held[..length])),
                cut @ (Cut::NotYet | Cut::Nowhere) => cut,
            },
            Self::D6500 => until(END),
            Self::Ademco685(_) | Self::Dc07 | Self::Native(..) | Self::Iti | Self::ItiComputer => until(b'\r'),
            Self::B32 => match held.first_chunk::<B32_HEADER>() {
                Some(&[0, 0, high, low]) => b32_length(high, low).map_or(Cut::Nowhere, told),
                Some(_) => Cut::Nowhere,
                None => Cut::NotYet,
            },
            Self::Texecom if held.starts_with(b"+") => match held.first_chunk::<3>() {
                Some(b"+++") => Cut::At(3),
                Some(_) => Cut::Nowhere,
                None => Cut::NotYet,
            },
            Self::Texecom => match held.windows(2).take(self.longest()).position(|pair| pair == b"\r\n") {
                Some(at) => Cut::At(at + 2),
                None if held.len() > self.longest() => Cut::Nowhere,
                None => Cut::NotYet,
            },
            Self::Isecnet => IsecnetFrame::length(held).map_or(Cut::NotYet, told),
            Self::Oh => oh_cut(held),
        }
    }

    /// Whether a record may begin with this byte.
    pub(super) const fn begins(self, byte: u8) -> bool {
        match self {
            Self::Surgard => byte.is_ascii_alphanumeric(),
            Self::B32 => byte == 0,
            Self::Ademco685(Dialect::Cp220 { header: [], .. }) => true,
            Self::Ademco685(Dialect::Cp220 { header, .. }) => byte == header[0],
            Self::Ademco685(_) | Self::Dc07 | Self::Iti => byte == b'\n',
            Self::D6500 => matches!(byte, b'\n' | b' '),
            Self::Native(Maker::Mx8000, _) => matches!(byte, b'&' | 2 | 3),
            Self::Native(Maker::SilentKnight, _) => matches!(byte, b'\'' | 1),
            Self::ItiComputer => byte == b'|',
            Self::Texecom => matches!(byte, b'P' | b'2' | b'3' | b'+'),
            Self::Isecnet => true,
            Self::Oh => matches!(byte, b'\n' | b'S'),
        }
    }

    /// The longest record that is waited for, in bytes. Of Sur-Gard's text records the manual names no end: our choice.
    pub(super) const fn longest(self) -> usize {
        match self {
            Self::B32 => 9999,
            Self::Native(maker, _) => maker.longest(),
            Self::Texecom => texecom::MESSAGE_MAX,
            Self::Isecnet => isecnet::FRAME_MAX,
            Self::Oh => oh::LINE_MAX,
            Self::Surgard | Self::Ademco685(_) | Self::D6500 | Self::Dc07 | Self::Iti | Self::ItiComputer => 512,
        }
    }

    /// What this record is.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn see(self, bytes: &[u8]) -> Result<Seen, RecordError> {
        let tolerant = Strictness::Tolerant;
        let seen = |heartbeat| if heartbeat { Seen::Heartbeat } else { Seen::Report };
        let surgard = |bytes| {
            let record = SurgardRecord::parse(bytes, tolerant)?;
            Ok(seen(record.form() == surgard::Form::Heartbeat))
        };
        match self {
            Self::Surgard => surgard(bytes),
            Self::B32 => surgard(b32_read(bytes)?),
            Self::Ademco685(dialect) => Ademco685Record::parse(bytes, dialect, tolerant)
                .map(|record| seen(record.form() == ademco685::Form::Heartbeat)),
            Self::D6500 => {
                D6500Record::parse(bytes, tolerant).map(|record| seen(record.form() == d6500::Form::Heartbeat))
            }
            Self::Dc07 => Dc07Frame::parse(bytes, tolerant).map(|frame| seen(frame.is_link_test())),
            Self::Native(maker, check) => NativeRecord::parse(bytes, maker, check)
                .map(|record| seen(matches!(record, NativeRecord::Heartbeat { .. }))),
            Self::Iti => {
                ItiRecord::parse(bytes).map(|record| seen(matches!(record, ItiRecord::Heartbeat | ItiRecord::Test)))
            }
            Self::ItiComputer => ComputerRecord::parse(bytes).map(|_| Seen::Report),
            Self::Texecom => TexecomMessage::parse(bytes, tolerant).map(|message| match message.content {
                texecom::Content::End => Seen::Other,
                ref content => seen(matches!(content, texecom::Content::Poll { .. })),
            }),
            Self::Isecnet => IsecnetFrame::parse(bytes, tolerant).map(|frame| match frame.content {
                isecnet::Content::Time(_) => Seen::Other,
                isecnet::Content::Heartbeat | isecnet::Content::Identification { .. } => Seen::Heartbeat,
                isecnet::Content::Event { .. } | isecnet::Content::Other { .. } => Seen::Report,
            }),
            Self::Oh => {
                OhLine::parse(bytes, tolerant).map(|line| seen(matches!(line.content, oh::Content::Heartbeat { .. })))
            }
        }
    }
}

/// What the two bytes of decimal places say.
fn b32_length(high: u8, low: u8) -> Option<usize> {
    let two =
        |byte: u8| (byte >> 4 <= 9 && byte & 15 <= 9).then(|| usize::from(byte >> 4) * 10 + usize::from(byte & 15));
    Some(two(high)? * 100 + two(low)?).filter(|&length| length > B32_HEADER)
}

fn oh_cut(held: &[u8]) -> Cut {
    match held {
        [b'\n', rest @ ..] => {
            let begins = rest.len().min(4);
            match rest.get(4..8) {
                _ if rest[..begins] != b"0101"[..begins] => Cut::Nowhere,
                None => Cut::NotYet,
                Some(digits) => match text::hexadecimal(digits).and_then(|length| usize::try_from(length).ok()) {
                    Some(length) if length >= oh::LINE_MAX => Cut::Nowhere,
                    Some(length) if length < held.len() => Cut::At(length + 1),
                    Some(_) => Cut::NotYet,
                    None => Cut::Nowhere,
                },
            }
        }
        [b'S', b'R', ..] => {
            // How long a heartbeat is, nothing in it says.
            let end = held.iter().position(|&byte| matches!(byte, 0 | b'\n'));
            let close = || memchr::memchr(b']', held).map(|close| close + 1);
            let unfinished = held.len() < oh::HEARTBEAT_MIN || held.contains(&b'[');
            match end.or_else(close) {
                Some(end) if end <= oh::LINE_MAX => Cut::At(end),
                None if held.len() <= oh::LINE_MAX && unfinished => Cut::NotYet,
                None if held.len() <= oh::LINE_MAX => Cut::At(held.len()),
                Some(_) | None => Cut::Nowhere,
            }
        }
        [b'S'] => Cut::NotYet,
        _ => Cut::Nowhere,
    }
}

/// No answer is longer, in bytes: a DC-07 frame with nothing in it.
pub(super) const ANSWER_MAX: usize = 19;

/// How automation answers a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// One byte: ACK 06 or NAK 15 (Sur-Gard R161).
    Byte,
    /// One byte under the length header of option B32.
    B32,
    /// A DC-07 frame of these letters with the number of the record and nothing in it. Unverified: the manual says no more
    /// than that the host answers with the same number.
    Sequenced {
        /// The letter of an acknowledgement.
        ack: Kind,
        /// The letter of a refusal.
        nak: Kind,
    },
    /// What Texecom's messages want: `2`, `3` or `[P]`, 06, CR LF. There is no refusal.
    Texecom {
        /// After how many minutes a panel that polls is to poll again.
        poll_minutes: u8,
    },
    /// FE, for everything but a request for the time. There is no refusal.
    Isecnet,
    /// `ACK` and CR. There is no refusal.
    Oh,
}

impl Answer {
    /// The bytes of this answer to this record; none where it has none.
    pub(super) fn write(self, taken: bool, record: &[u8]) -> Vec<u8> {
        let byte = if taken { ACK } else { NAK };
        match self {
            Self::Byte => alloc::vec![byte],
            Self::B32 => b32_write(&[byte]).unwrap_or_default(),
            Self::Sequenced { ack, nak } => {
                let kind = if taken { ack } else { nak };
                let number = Dc07Frame::parse(record, Strictness::Tolerant).map(|frame| frame.sequence());
                let frame = number.ok().and_then(|number| Dc07Frame::new(kind, number, 0, 0, None, b""));
                frame.and_then(|frame| frame.encode().ok()).unwrap_or_default()
            }
            Self::Texecom { poll_minutes } if taken => {
                let message = TexecomMessage::parse(record, Strictness::Tolerant).ok();
                message.and_then(|message| message.answer(poll_minutes)).map_or_else(Vec::new, |answer| answer.encode())
            }
            Self::Isecnet if taken => alloc::vec![isecnet::ACK],
            Self::Oh if taken => oh::ACK.to_vec(),
            Self::Texecom { .. } | Self::Isecnet | Self::Oh => Vec::new(),
        }
    }

    /// Whether an answer says which record it answers, so that a late one cannot be taken for another's.
    pub(super) const fn names_its_record(self) -> bool {
        matches!(self, Self::Sequenced { .. })
    }

    /// Whether these bytes hold an answer to this record, and what they say: the last one counts.
    pub(super) fn read(self, bytes: &[u8], record: &[u8]) -> Option<bool> {
        match self {
            Self::Byte | Self::B32 => bytes.iter().rev().find_map(|&byte| match byte {
                ACK => Some(true),
                NAK => Some(false),
                _ => None,
            }),
            Self::Sequenced { .. } | Self::Texecom { .. } | Self::Isecnet | Self::Oh => {
                [true, false].into_iter().find(|&taken| {
                    let written = self.write(taken, record);
                    !written.is_empty() && bytes.windows(written.len()).any(|window| window == written)
                })
            }
        }
    }
}

/// The times of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkTiming {
    /// How long an answer may take, in milliseconds. Sur-Gard: 4 s, MLR2-DV 10 s; of others not established.
    pub answer_ms: u64,
    /// How often a record is sent before the link counts as down. Sur-Gard: once, and three repeats. MX8000: two.
    pub tries: u8,
    /// How long the sender waits, in milliseconds, before it sends the next record, when an answer came and earlier tries of
    /// the same record have none yet: an answer of one byte does not say what it answers, and a late one would acknowledge a
    /// record that was lost. Our choice: twice what an answer may take.
    pub settle_ms: u64,
    /// How often an idle link is tried, in milliseconds. Sur-Gard: about 30 s; of others not established.
    pub heartbeat_ms: u64,
    /// How long automation hears nothing before the link counts as down, in milliseconds. Our choice: two heartbeats and what
    /// all tries of one may take.
    pub silence_ms: u64,
    /// How long a record that equals the last one may be its repeat, in milliseconds. Our choice: what all tries of one take.
    pub repeat_ms: u64,
}

impl Default for LinkTiming {
    fn default() -> Self {
        Self {
            answer_ms: 4_000,
            tries: 4,
            settle_ms: 8_000,
            heartbeat_ms: 30_000,
            silence_ms: 76_000,
            repeat_ms: 16_000,
        }
    }
}

/// All that the two ends of a link must agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Which records it carries.
    pub framing: Framing,
    /// How they are answered.
    pub answer: Answer,
    /// The record that says that the link lives; empty for none.
    pub heartbeat: Vec<u8>,
    /// Its times.
    pub timing: LinkTiming,
}

impl Profile {
    fn new(framing: Framing, heartbeat: &[u8]) -> Self {
        Self { framing, answer: Answer::Byte, heartbeat: heartbeat.to_vec(), timing: LinkTiming::default() }
    }

    /// Sur-Gard MLR2, MLR2000 and System I to III on a serial line (R161).
    pub fn surgard() -> Self {
        Self::new(Framing::Surgard, b"1011           @    \x14")
    }

    /// Sur-Gard over TCP with option B32.
    pub fn b32() -> Self {
        let heartbeat = b32_write(b"1011           @    \x14").unwrap_or_default();
        Self { answer: Answer::B32, ..Self::new(Framing::B32, &heartbeat) }
    }

    /// Ademco 685 and its dialects.
    pub fn ademco685(dialect: Dialect<'static>) -> Self {
        Self::new(Framing::Ademco685(dialect), b"\n00 OKAY @ \r")
    }

    /// Radionics D6500.
    pub fn d6500() -> Self {
        Self::new(Framing::D6500, b" 1011           @    \x14")
    }

    /// DC-07 of Bosch receivers, with the letters of its answers: unverified, see [`Answer::Sequenced`].
    pub fn dc07(ack: Kind, nak: Kind) -> Self {
        let heartbeat = Dc07Frame::new(Kind::INTERNAL, 1, 1, 0, None, b"").and_then(|frame| frame.encode().ok());
        Self { answer: Answer::Sequenced { ack, nak }, ..Self::new(Framing::Dc07, &heartbeat.unwrap_or_default()) }
    }

    /// MX8000 and Silent Knight native calls. After two refusals or silences the receiver reports computer trouble and sends
    /// heartbeats. That ACK is 06 and NAK 15 is inferred: the notes name them, and not the bytes.
    pub fn native(maker: Maker, check: VByte) -> Self {
        let record = NativeRecord::Heartbeat { told: "", v: b'@' };
        let heartbeat = record.encode(maker, VByte::Summed).unwrap_or_default();
        let timing = LinkTiming { tries: 2, ..LinkTiming::default() };
        Self { timing, ..Self::new(Framing::Native(maker, check), &heartbeat) }
    }

    /// Texecom over TCP. A panel sets the heartbeat to a poll of its own.
    pub fn texecom(poll_minutes: u8) -> Self {
        Self { answer: Answer::Texecom { poll_minutes }, ..Self::new(Framing::Texecom, b"") }
    }

    /// Intelbras ISECNet over TCP.
    pub fn isecnet() -> Self {
        Self { answer: Answer::Isecnet, ..Self::new(Framing::Isecnet, &[isecnet::HEARTBEAT]) }
    }

    /// OH lines in plain text: `OhCentre` and `OhPanel` of [`oh`] have the key around them. A panel sets the
    /// heartbeat to one of its own.
    pub fn oh() -> Self {
        Self { answer: Answer::Oh, ..Self::new(Framing::Oh, b"") }
    }

    /// ITI generic records. Their answers and times are not established: those of Sur-Gard are taken.
    pub fn iti() -> Self {
        Self::new(Framing::Iti, b"\n00 OKAY @\r")
    }
}
