//! Which format bytes are in, as far as bytes can tell.

use super::Format;
use crate::automation::ademco685::{Ademco685Record, Dialect};
use crate::automation::d6500::D6500Record;
use crate::automation::dc07::{Dc07Frame, HostCommand};
use crate::automation::iti::ItiRecord;
use crate::automation::surgard::{END, b32_read};
use crate::cesa::CesaMessage;
use crate::cid::text::{CsvChecksum, CsvReport, EldesCheck, EldesReport};
use crate::cid::{AdemcoReport, CidReport, ExpressReport};
use crate::isecnet::IsecnetFrame;
use crate::robofon::{BlockCheck, RobofonFrame};
use crate::sia::Block;
use crate::{Frame, FrameError, RecordError, Strictness};

const TOLERANT: Strictness = Strictness::Tolerant;

impl Format {
    /// The format of these bytes, which are one record; `None` for none.
    ///
    /// A record that is damaged in transit is still known by its outward form. Formats that look alike cannot be told apart
    /// by a single record: eight digits may be Express or a caller's number, and a programmed header of CP-220 is nobody's.
    /// A receiver is configured; this is for looking at captures. What is under 3DES looks like nothing.
    ///
    /// ```
    /// use contactid::Format;
    /// assert_eq!(Format::detect(b"1234181131010158"), Some(Format::ContactId));
    /// assert_eq!(Format::detect(b"5011 181234E12101001\x14"), Some(Format::Surgard));
    /// assert_eq!(Format::detect(b"GET / HTTP/1.1\r\n\r\n"), None);
    /// ```
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        let dc09 = Frame::parse(bytes, TOLERANT);
        if dc09.is_ok() {
            return Some(Self::Dc09);
        }
        by_start(bytes)
            .or_else(|| by_end(bytes))
            .or_else(|| by_digits(bytes))
            .or_else(|| text(bytes))
            .or_else(|| binary(bytes))
            .or_else(|| matches!(dc09, Err(FrameError::Damaged(_))).then_some(Self::Dc09))
    }
}

/// Formats that begin with a mark of their own.
fn by_start(bytes: &[u8]) -> Option<Format> {
    let ends_with = |end: &[u8]| bytes.ends_with(end);
    match bytes {
        [b'\n', b'0', b'1', b'0', b'1', _, _, _, _, b'"', ..] => Some(Format::OhPlain),
        [b'S', b'R', _, _, _, _, b'L', ..] if !ends_with(&[END]) => Some(Format::OhPlain),
        [b'A', b'L', b'0'..=b'9' | b'B'..=b'F', ..] => Some(Format::CidAl00),
        [b'>', b'#', ..] => Some(Format::GalaxySms),
        [b'|', b'[', ..] => Some(Format::ItiComputer),
        [b'[' | b'!', ..] if HostCommand::parse(bytes).is_ok() => Some(Format::Dc07),
        [b'[', ..] => Some(Format::CidBracket),
        [b'P', b'O', b'L', b'L', ..] | b"+++" => Some(Format::Texecom),
        [b'2' | b'3', ..] if ends_with(b"\r\n") => Some(Format::Texecom),
        [b'&' | 2 | 3, .., b'\r'] => Some(Format::Mx8000),
        [b'\'' | 1, .., b'\r'] => Some(Format::SilentKnight),
        _ => None,
    }
}

/// Receivers that print between LF and CR, the original before its imitators.
const DIALECTS: [(Dialect<'static>, Format); 4] = [
    (Dialect::Ademco685, Format::Ademco685),
    (Dialect::Fe100, Format::Fe100),
    (Dialect::Caps, Format::Caps),
    (Dialect::CP220, Format::Cp220),
];

/// Records between LF or nothing, and CR or DC4.
fn by_end(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [b'\n' | b' ', .., END] => D6500Record::parse(bytes, TOLERANT).is_ok().then_some(Format::D6500),
        [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', .., END] => Some(Format::Surgard),
        [b'\n', .., b'\r'] => {
            // A damaged frame of DC-07 keeps the bracket behind seventeen bytes.
            let shaped = bytes.get(16) == Some(&b'[') && bytes.ends_with(b"]\r");
            let dc07 = || match Dc07Frame::parse(bytes, TOLERANT) {
                Ok(_) => Some(Format::Dc07),
                Err(RecordError::Check { .. }) if shaped => Some(Format::Dc07),
                Err(_) => None,
            };
            // What departs from no layout of one dialect is not one of another's that has departures.
            let ademco = |strictness| {
                let reads = |dialect| Ademco685Record::parse(bytes, dialect, strictness).is_ok();
                DIALECTS.into_iter().find(|(dialect, _)| reads(*dialect)).map(|(_, format)| format)
            };
            dc07()
                .or_else(|| ademco(Strictness::Strict))
                .or_else(|| ademco(TOLERANT))
                .or_else(|| ItiRecord::parse(bytes).is_ok().then_some(Format::Iti))
        }
        _ => None,
    }
}

/// Digits of a telephone line, by how many they are.
fn by_digits(bytes: &[u8]) -> Option<Format> {
    if !bytes.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let twice = |(first, second): (&[u8], &[u8])| first == second;
    let halves = bytes.split_at(bytes.len() / 2);
    match bytes.len() {
        4..=6 => Some(Format::Pulse),
        8 if twice(halves) && ExpressReport::parse(bytes, TOLERANT).is_err() => Some(Format::Pulse),
        8 => Some(Format::Express41),
        9 => Some(Format::Express42),
        10 | 12 if twice(halves) => Some(Format::Pulse),
        13 | 14 | 21..=23 | 29..=31 => Some(Format::Scancom),
        15 if bytes.get(4..6) != Some(b"56") => Some(Format::Scancom),
        15 => Some(Format::SuperFast),
        16 if CidReport::parse(bytes, TOLERANT).is_ok() => Some(Format::ContactId),
        16 if bytes.ends_with(b"00000000") => Some(Format::Cesa),
        16 if matches!(bytes.get(4..6), Some(b"18" | b"98")) => Some(Format::ContactId),
        16 if AdemcoReport::parse(bytes, TOLERANT).is_ok() => Some(Format::HighSpeed),
        16 => Some(Format::ContactId),
        17 if EldesReport::parse(bytes, EldesCheck::Ignored, TOLERANT).is_ok() => Some(Format::CidEldes),
        32 if CesaMessage::agreed(halves.0, halves.1, TOLERANT).is_ok() => Some(Format::Cesa),
        _ => None,
    }
}

/// Text that a whole report of Contact ID stands in, and characters with their parity.
fn text(bytes: &[u8]) -> Option<Format> {
    let csv = |rule| CsvReport::parse(bytes, rule, TOLERANT).is_ok_and(|record| record.report().is_ok());
    if csv(CsvChecksum::Absent) || csv(CsvChecksum::LastField) {
        Some(Format::CidCsv)
    } else {
        RobofonFrame::parse(bytes, BlockCheck::Ignored, TOLERANT).is_ok().then_some(Format::Robofon)
    }
}

/// Formats that say how long they are, or end in a check.
fn binary(bytes: &[u8]) -> Option<Format> {
    /// Behind the account of a Galaxy's line check.
    const GALAXY: &[u8] = &[0x11, 0x0C, 0x00, 0xFD, 0x09, 0x00];
    // An encrypted VdS telegram shows no more than its length: at least 48 bytes, in blocks of sixteen.
    let vds = || match bytes {
        [_, _, high, low, inside @ ..] => {
            let told = usize::from(u16::from_be_bytes([*high, *low]));
            told == inside.len() && told >= 48 && told.is_multiple_of(16)
        }
        _ => false,
    };
    if bytes.len() == 26 && bytes[0] == 0 && bytes.get(9..15) == Some(GALAXY) {
        Some(Format::GalaxyCheck)
    } else if bytes.starts_with(&[0, 0]) && b32_read(bytes).is_ok() {
        Some(Format::SurgardB32)
    } else if vds() {
        Some(Format::Vds)
    } else if Block::parse(bytes, TOLERANT).is_ok() {
        Some(Format::Dc03)
    } else if IsecnetFrame::parse(bytes, TOLERANT).is_ok() {
        Some(Format::Isecnet)
    } else {
        // A block whose parity fails is known by its length and its function.
        let function = bytes.get(1).copied().map(crate::sia::Function);
        let shaped = bytes.first().is_some_and(|&header| usize::from(header & 0x3F) + 3 == bytes.len());
        let listed = function.is_some_and(|function| function.name(crate::Lang::En).is_some());
        (shaped && listed).then_some(Format::Dc03)
    }
}
