//! How each receiver frames its records, what answers them, and its times.

use alloc::vec::Vec;

use crate::automation::ademco685::{self, Ademco685Record, Dialect};
use crate::automation::d6500::{self, D6500Record};
use crate::automation::dc07::{Dc07Frame, Kind};
use crate::automation::iti::{ComputerRecord, ItiRecord};
use crate::automation::native::{Maker, NativeRecord, VByte};
use crate::automation::surgard::{self, ACK, END, NAK, SurgardRecord, b32_read, b32_write};
use crate::{RecordError, Strictness};

/// Which records a link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// Sur-Gard records, each ended by DC4.
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
}

/// What a record turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// It only says that the link lives.
    pub(super) heartbeat: bool,
    /// The number that an answer repeats, where the format has one.
    pub(super) sequence: Option<u16>,
}

impl Framing {
    /// The byte that ends a record; `None` where the length is told instead.
    pub(super) const fn end(self) -> Option<u8> {
        match self {
            Self::Surgard | Self::D6500 => Some(END),
            Self::B32 => None,
            Self::Ademco685(_) | Self::Dc07 | Self::Native(..) | Self::Iti | Self::ItiComputer => Some(b'\r'),
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
        }
    }

    /// The longest record that is waited for, in bytes. Of Sur-Gard's text records the manual names no end: our choice.
    pub(super) const fn longest(self) -> usize {
        match self {
            Self::B32 => 9999,
            Self::Native(maker, _) => maker.longest(),
            _ => 512,
        }
    }

    /// What this record is.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn see(self, bytes: &[u8]) -> Result<Seen, RecordError> {
        let tolerant = Strictness::Tolerant;
        let seen = |heartbeat| Seen { heartbeat, sequence: None };
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
            Self::Dc07 => Dc07Frame::parse(bytes, tolerant)
                .map(|frame| Seen { heartbeat: frame.is_link_test(), sequence: Some(frame.sequence()) }),
            Self::Native(maker, check) => NativeRecord::parse(bytes, maker, check)
                .map(|record| seen(matches!(record, NativeRecord::Heartbeat { .. }))),
            Self::Iti => {
                ItiRecord::parse(bytes).map(|record| seen(matches!(record, ItiRecord::Heartbeat | ItiRecord::Test)))
            }
            Self::ItiComputer => ComputerRecord::parse(bytes).map(|_| seen(false)),
        }
    }
}

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
}

impl Answer {
    /// The bytes of this answer to the record of this number.
    pub(super) fn write(self, taken: bool, sequence: Option<u16>) -> Vec<u8> {
        let byte = if taken { ACK } else { NAK };
        match self {
            Self::Byte => alloc::vec![byte],
            Self::B32 => b32_write(&[byte]).unwrap_or_default(),
            Self::Sequenced { ack, nak } => {
                let kind = if taken { ack } else { nak };
                let frame = sequence.and_then(|number| Dc07Frame::new(kind, number, 0, 0, None, b""));
                frame.and_then(|frame| frame.encode().ok()).unwrap_or_default()
            }
        }
    }

    /// Whether an answer says which record it answers, so that a late one cannot be taken for another's.
    pub(super) const fn names_its_record(self) -> bool {
        matches!(self, Self::Sequenced { .. })
    }

    /// Whether these bytes hold an answer to the record of this number, and what they say: the last one counts.
    pub(super) fn read(self, bytes: &[u8], sequence: Option<u16>) -> Option<bool> {
        match self {
            Self::Byte | Self::B32 => bytes.iter().rev().find_map(|&byte| match byte {
                ACK => Some(true),
                NAK => Some(false),
                _ => None,
            }),
            Self::Sequenced { .. } => [true, false].into_iter().find(|&taken| {
                let written = self.write(taken, sequence);
                !written.is_empty() && bytes.windows(written.len()).any(|window| window == written)
            }),
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

    /// ITI generic records. Their answers and times are not established: those of Sur-Gard are taken.
    pub fn iti() -> Self {
        Self::new(Framing::Iti, b"\n00 OKAY @\r")
    }
}
