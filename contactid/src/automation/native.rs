//! Native calls of Honeywell MX8000 and Silent Knight 9000, 9500 and 9800 receivers.
//!
//! ```
//! use contactid::{Strictness, automation::native::{Maker, NativeRecord, VByte}};
//! let bytes = b"&112426\"134501\"01\"0042\"00407\x051234\"BA01\"RP@\r";
//! let record = NativeRecord::parse(bytes, Maker::Mx8000, VByte::Ignored)?;
//! let NativeRecord::Call(call) = record else { panic!("a call") };
//! assert_eq!((call.account, call.date, call.line), ("1234", "112426", "07"));
//! let told: Vec<_> = record.signals().iter().map(|signal| (signal.code.to_string(), signal.number)).collect();
//! assert_eq!(told, [("BA".to_string(), Some(1)), ("RP".to_string(), None)]);
//! assert_eq!(record.encode(Maker::Mx8000, VByte::Ignored)?, bytes);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{format, vec::Vec};

use crate::cursor::Cursor;
use crate::sia::SiaEvents;
use crate::{AccountNumber, Check, Code, EncodeError, OwnCode, OwnList, RecordError, Signal, text};

/// Whose receiver prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Maker {
    /// Honeywell MX8000: calls of at most 128 bytes, which name receiver and reference, and system and heartbeat messages.
    Mx8000,
    /// Silent Knight 9000, 9500 and 9800: calls of at most 70 bytes, times without seconds.
    SilentKnight,
}

impl Maker {
    /// The longest record, in bytes.
    pub const fn longest(self) -> usize {
        match self {
            Self::Mx8000 => 128,
            Self::SilentKnight => 70,
        }
    }

    /// The bytes that a call may begin with.
    const fn starts(self) -> &'static [u8] {
        match self {
            Self::Mx8000 => b"&",
            Self::SilentKnight => b"'\x01",
        }
    }

    /// How many digits stand behind the byte 2A of a call with listen-in.
    const fn listen_in_digits(self) -> usize {
        match self {
            Self::Mx8000 => 3,
            Self::SilentKnight => 0,
        }
    }

    /// The byte 2A with its digits at the end of a call, and what stands before it.
    fn listen_in(self, call: &[u8]) -> Option<(&[u8], &[u8])> {
        let at = call.len().checked_sub(self.listen_in_digits() + 1)?;
        call.split_at_checked(at).filter(|(_, mark)| mark[0] == b'*' && mark[1..].iter().all(u8::is_ascii_digit))
    }
}

/// What is done with the V byte, which stands before the CR of every record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VByte {
    /// Read as it comes, written as it came.
    #[default]
    Ignored,
    /// By the words of the manual: a running sum; after each addition bit 7 is cleared and bit 6 set, so that it is 40 to 7F.
    /// Unverified: the two examples that the manual prints do not come out so.
    Summed,
}

/// What a host tells an MX8000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum HostByte {
    /// It is there.
    LogOn = 0x4A,
    /// It leaves.
    LogOff = 0x4B,
    /// End the call.
    HangUp = 0x05,
    /// The account is on the list of those that are listened to.
    Listen = 0x04,
    /// It is not.
    NoListen = 0x03,
    /// Is the link there? Answered with NAK. The byte 00 asks the same.
    LinkTest = 0x0D,
}

/// How many digits follow this system code of an MX8000; `None` for a code that is not listed.
pub const fn system_digits(code: u8) -> Option<usize> {
    match code {
        0x77 | 0x78 | 0x7B | 0x7D => Some(0),
        0x70..=0x73 | 0x7E | 0x7F => Some(2),
        0x79 | 0x7A => Some(4),
        _ => None,
    }
}

/// This system code of an MX8000 as a code of the list [`OwnList::Mx8000`], listed there or not.
pub fn system_code(code: u8) -> Option<OwnCode> {
    OwnCode::new(OwnList::Mx8000, format!("{code:02X}").as_bytes())
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NativeRecord<'a> {
    /// A panel reported.
    Call(NativeCall<'a>),
    /// `02 code digits V 0D`: the receiver tells of itself (MX8000). The order inside is inferred from the list of codes.
    System {
        /// What it tells: [`system_code`].
        code: u8,
        /// Of which part of it: [`system_digits`] digits.
        told: &'a str,
        /// The V byte.
        v: u8,
    },
    /// `03 … V 0D`: the receiver lives (MX8000). What stands in it is kept.
    Heartbeat {
        /// Between the first byte and the V byte.
        told: &'a str,
        /// The V byte.
        v: u8,
    },
}

/// A call, `"` standing for the byte 22.
///
/// ```text
/// & 112426 " 134501 " 01 " 0042 " 004 07 ^E 1234 " BA01 " RP [* 123] [,] V CR     MX8000
/// ' 112426 " 1345               " 004 07 ^E 1234 " BA01      [*]         V CR     Silent Knight
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NativeCall<'a> {
    /// The first byte: 26; of a Silent Knight 27 or 01.
    pub start: u8,
    /// Month, day, year: six digits.
    pub date: &'a str,
    /// Hour, minute, second: six digits; of a Silent Knight without the second.
    pub time: &'a str,
    /// The receiver, two characters (MX8000).
    pub receiver: Option<&'a str>,
    /// The running number of the call, four characters (MX8000).
    pub reference: Option<&'a str>,
    /// The format that the panel reported in, three characters: `004` is SIA. For a Silent Knight the width is inferred.
    pub format: &'a str,
    /// The line, two characters. For a Silent Knight the width is inferred.
    pub line: &'a str,
    /// Number and name of the caller, where the line gives them (MX8000).
    pub caller: Option<(&'a str, &'a str)>,
    /// Who reports, as written.
    pub account: &'a str,
    /// The events, each with the byte 22 before it. The event `#` stands for what the receiver could not read.
    pub events: &'a str,
    /// The receiver holds the line for listening in: the digits behind the byte 2A (MX8000: three; Silent Knight: none).
    pub listen_in: Option<&'a str>,
    /// The byte 2C before the end: the call goes on in the next record (MX8000).
    pub continues: bool,
    /// The V byte.
    pub v: u8,
}

/// The V byte of these bytes by the manual's words; unverified, see [`VByte::Summed`].
pub fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum: u8, &byte| sum.wrapping_add(byte) & 0x7F | 0x40)
}

impl<'a> NativeRecord<'a> {
    /// Reads one record, from its first byte to CR.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] for another first byte, [`RecordError::Check`] if V was asked for and does not fit,
    /// [`RecordError::Form`] or [`RecordError::Length`] at what departs from the layout.
    pub fn parse(bytes: &'a [u8], maker: Maker, check: VByte) -> Result<Self, RecordError> {
        let start = bytes.first().copied().unwrap_or_default();
        let mx = maker == Maker::Mx8000;
        let known = maker.starts().contains(&start) || mx && matches!(start, 2 | 3);
        if !known {
            return Err(RecordError::Foreign { expected: if mx { "mx8000" } else { "silent-knight" } });
        }
        if bytes.len() > maker.longest() {
            return Err(RecordError::Length { expected: maker.longest(), found: bytes.len() });
        }
        let [inside @ .., v, b'\r'] = bytes else {
            let found = bytes.last().copied().unwrap_or_default();
            return Err(RecordError::Form { expected: "CR", at: bytes.len().saturating_sub(1), found });
        };
        let (expected, v) = (sum(inside), *v);
        if check == VByte::Summed && expected != v {
            return Err(RecordError::Check { check: Check::Checksum, expected: expected.into(), found: v.into() });
        }
        let mut cursor = Cursor::new(inside);
        cursor.byte()?;
        let rest = inside.len().saturating_sub(1);
        let read = match start {
            2 if mx => cursor.byte().and_then(|code| {
                let told = cursor.text(rest.saturating_sub(1), PRINTABLE)?;
                Ok(Self::System { code, told, v })
            }),
            3 if mx => cursor.text(rest, PRINTABLE).map(|told| Self::Heartbeat { told, v }),
            _ => NativeCall::parse(start, cursor, maker, v).map(Self::Call),
        };
        read.map_err(|error| match error {
            // V and CR belong to the record, too.
            RecordError::Length { expected, found } => RecordError::Length { expected: expected + 2, found: found + 2 },
            other => other,
        })
    }

    /// Who reports; `None` for the receiver itself, and where the account is none.
    pub fn account(&self) -> Option<AccountNumber> {
        match self {
            Self::Call(call) => AccountNumber::new(call.account.trim_ascii().as_bytes()).ok(),
            Self::System { .. } | Self::Heartbeat { .. } => None,
        }
    }

    /// What a call reports, or what the receiver tells of itself; nothing for a heartbeat.
    pub fn signals(&self) -> Vec<Signal> {
        match self {
            Self::Call(call) => call.signals(),
            Self::System { code, told, .. } => {
                let signal = system_code(*code).map(|code| Signal::new(Code::Own(code), code.qualifier()));
                signal.map(|signal| Signal { number: text::decimal(told), ..signal }).into_iter().collect()
            }
            Self::Heartbeat { .. } => Vec::new(),
        }
    }

    /// The bytes of the record. The V byte is the one that was read, or the sum.
    ///
    /// # Errors
    /// [`EncodeError`] if a field does not fit its place, or the record is too long for its maker.
    pub fn encode(&self, maker: Maker, check: VByte) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        let v = match self {
            Self::Call(call) => {
                call.write(maker, &mut out)?;
                call.v
            }
            Self::System { code, told, v } => {
                out.extend([2, *code]);
                printable("system message", told, &mut out)?;
                *v
            }
            Self::Heartbeat { told, v } => {
                out.push(3);
                printable("heartbeat", told, &mut out)?;
                *v
            }
        };
        out.push(if check == VByte::Summed { sum(&out) } else { v });
        out.push(b'\r');
        if out.len() > maker.longest() {
            return Err(EncodeError::TooLong { length: out.len() });
        }
        Ok(out)
    }
}

const MARK: u8 = b'"';
const ACCOUNT: u8 = 0x05;
const NUMBER: u8 = 0x12;
const NAME: u8 = 0x11;
const PRINTABLE: &str = "printable characters";

impl<'a> NativeCall<'a> {
    fn parse(start: u8, mut cursor: Cursor<'a>, maker: Maker, v: u8) -> Result<Self, RecordError> {
        let mx = maker == Maker::Mx8000;
        let marked = |cursor: &mut Cursor<'a>, width| {
            let told = cursor.text(width, PRINTABLE)?;
            cursor.fixed(&[MARK], "the byte 22").map(|()| told)
        };
        let until = |cursor: &mut Cursor<'a>, end: u8, expected| {
            let length = memchr::memchr(end, cursor.rest()).unwrap_or(cursor.rest().len());
            let told = cursor.text(length, PRINTABLE)?;
            cursor.fixed(&[end], expected).map(|()| told)
        };
        let date = marked(&mut cursor, 6)?;
        let time = marked(&mut cursor, if mx { 6 } else { 4 })?;
        let receiver = mx.then(|| marked(&mut cursor, 2)).transpose()?;
        let reference = mx.then(|| marked(&mut cursor, 4)).transpose()?;
        let format = cursor.text(3, "three characters of format")?;
        let line = cursor.text(2, "two characters of line")?;
        let caller = if mx && cursor.rest().first() == Some(&NUMBER) {
            cursor.byte()?;
            let number = until(&mut cursor, NAME, "the byte 11")?;
            Some((number, until(&mut cursor, ACCOUNT, "the byte 05")?))
        } else {
            cursor.fixed(&[ACCOUNT], "the byte 05")?;
            None
        };
        let rest = cursor.rest();
        let (rest, continues) = rest.strip_suffix(b",").filter(|_| mx).map_or((rest, false), |rest| (rest, true));
        let told = maker.listen_in(rest);
        let length = memchr::memchr(MARK, rest).unwrap_or(told.map_or(rest.len(), |(before, _)| before.len()));
        let account = cursor.text(length, PRINTABLE)?;
        let events =
            cursor.text(told.map_or(rest.len(), |(before, _)| before.len()).saturating_sub(length), PRINTABLE)?;
        let listen_in =
            told.map(|_| cursor.byte().and_then(|_| cursor.text(maker.listen_in_digits(), PRINTABLE))).transpose()?;
        Ok(Self {
            start,
            date,
            time,
            receiver,
            reference,
            format,
            line,
            caller,
            account,
            events,
            listen_in,
            continues,
            v,
        })
    }

    /// The events one by one.
    pub fn each(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.events.split('"').filter(|event| !event.is_empty())
    }

    /// What they report: SIA text, or a code of no list. Nothing for what the receiver could not read.
    fn signals(&self) -> Vec<Signal> {
        let read = |event: &'a str| {
            let packet = [b"N", event.as_bytes()].concat();
            let sia = SiaEvents::new(&packet).next().map(|event| event.signal());
            sia.or_else(|| super::surgard::own(OwnList::Other, event.as_bytes()))
        };
        self.each().filter(|&event| event != "#").filter_map(read).collect()
    }

    fn write(&self, maker: Maker, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let mx = maker == Maker::Mx8000;
        if !maker.starts().contains(&self.start) {
            return Err(EncodeError::Byte { field: "first byte", found: self.start });
        }
        out.push(self.start);
        let mut fixed = |name, told: &str, expected, mark: bool| {
            if told.len() != expected {
                return Err(EncodeError::Width { field: name, expected, found: told.len() });
            }
            printable(name, told, out)?;
            out.extend(mark.then_some(MARK));
            Ok(())
        };
        fixed("date", self.date, 6, true)?;
        fixed("time", self.time, if mx { 6 } else { 4 }, true)?;
        if mx {
            fixed("receiver", self.receiver.unwrap_or_default(), 2, true)?;
            fixed("reference", self.reference.unwrap_or_default(), 4, true)?;
        } else {
            // A call of a Silent Knight has no place for them.
            fixed("receiver", self.receiver.unwrap_or_default(), 0, false)?;
            fixed("reference", self.reference.unwrap_or_default(), 0, false)?;
        }
        fixed("format", self.format, 3, false)?;
        fixed("line", self.line, 2, false)?;
        if let Some((number, name)) = self.caller {
            if !mx {
                return Err(EncodeError::Byte { field: "caller", found: NUMBER });
            }
            out.push(NUMBER);
            printable("number", number, out)?;
            out.push(NAME);
            printable("name", name, out)?;
        }
        out.push(ACCOUNT);
        let start = out.len();
        if self.account.contains('"') {
            return Err(EncodeError::Byte { field: "account", found: MARK });
        }
        if let Some(&found) = self.events.as_bytes().first().filter(|&&first| first != MARK) {
            return Err(EncodeError::Byte { field: "events", found });
        }
        printable("account", self.account, out)?;
        printable("events", self.events, out)?;
        // What would be read as the end of the call cannot end its events.
        let written = out.get(start..).unwrap_or_default();
        if let Some(digits) = self.listen_in {
            let expected = maker.listen_in_digits();
            if digits.len() != expected || text::decimal(digits).is_none() && expected > 0 {
                return Err(EncodeError::Width { field: "listen-in", expected, found: digits.len() });
            }
            out.push(b'*');
            printable("listen-in", digits, out)?;
        } else if maker.listen_in(written).is_some() {
            return Err(EncodeError::Byte { field: "events", found: b'*' });
        } else if mx && !self.continues && written.ends_with(b",") {
            return Err(EncodeError::Byte { field: "events", found: b',' });
        }
        match (self.continues, mx) {
            (true, true) => out.push(b','),
            (true, false) => return Err(EncodeError::Byte { field: "continues", found: b',' }),
            (false, _) => {}
        }
        Ok(())
    }
}

/// Appends printable characters.
fn printable(field: &'static str, told: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if let Some(found) = told.bytes().find(|byte| !(b' '..=b'~').contains(byte)) {
        return Err(EncodeError::Byte { field, found });
    }
    out.extend_from_slice(told.as_bytes());
    Ok(())
}
