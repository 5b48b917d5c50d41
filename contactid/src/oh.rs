//! Osborne-Hoffman / XSIA: the lines of UTC Aritech ATS panels over TCP, under 3DES (protocol notes 4.12, seen by others;
//! nothing of it is published by the maker).
//!
//! ```
//! use contactid::{Strictness, oh::{OhLine, Content}};
//! let text = b"\n01010053\"SIA-DCS\"0007R0075L0001[#001465|NRP000*'DECKERS'NM]7C9677F21948CC12|#001465";
//! let line = OhLine::parse(text, Strictness::Strict)?;
//! assert_eq!(line.account().unwrap().as_str(), "001465");
//! let signal = line.signals().pop().unwrap();
//! assert_eq!((signal.code.to_string(), signal.text.as_deref()), ("RP".into(), Some("DECKERS")));
//! assert_eq!(line.encode(), text);
//! # Ok::<(), contactid::RecordError>(())
//! ```

#[cfg(feature = "aes")]
mod cipher;
#[cfg(feature = "aes")]
mod session;

use alloc::{format, vec::Vec};

#[cfg(feature = "aes")]
pub use cipher::{OhKey, masked_key};
#[cfg(feature = "aes")]
pub use session::{OhCentre, OhPanel};

use crate::cid::digits::allowed;
use crate::cursor::Cursor;
use crate::{AccountNumber, Check, EncodeError, Quirks, RecordError, SiaMessage, Signal, Strictness, text};

/// The longest line, in bytes: what its four hexadecimal digits could say is never believed.
pub const LINE_MAX: usize = 1024;
/// The shortest heartbeat, in bytes: receiver and line alone.
pub(crate) const HEARTBEAT_MIN: usize = 11;
/// What a receiver answers to a line that it stored, before zeros fill the block and the key covers it.
pub const ACK: &[u8] = b"ACK\r";
/// Stands where a frame of DC-09 has its check value, and is none.
const CONSTANT: &[u8] = b"0101";

/// What a line carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content<'a> {
    /// `"SIA-DCS"`: a report.
    Report {
        /// Four decimal digits.
        sequence: u16,
        /// SIA packets, as DC-09 has them behind the account.
        content: &'a [u8],
        /// What stands behind the bracket. Its meaning has not been established.
        tail: &'a [u8],
    },
    /// `SR`: the line lives. What stands behind the account, `[ID00000000]` or nothing.
    Heartbeat {
        /// It, as it came.
        tail: &'a [u8],
    },
}

/// One line, deciphered and without the zeros that filled its last block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OhLine<'a> {
    /// What it carries.
    pub content: Content<'a>,
    receiver: &'a [u8],
    line: &'a [u8],
    account: &'a [u8],
    /// Whether a bar stands behind the account; one may with nothing behind it.
    bar: bool,
    quirks: Quirks,
}

impl<'a> OhLine<'a> {
    /// Reads one line; zeros at its end are passed over.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if it begins as neither kind does, [`RecordError::Check`] if the length is wrong,
    /// [`RecordError::Form`] or [`RecordError::Length`] for what is wrong behind that.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        let bytes = &bytes[..end];
        let line = match bytes {
            [b'\n', b'0', b'1', b'0', b'1', ..] => Self::report(bytes)?,
            [b'S', b'R', ..] => Self::heartbeat(bytes)?,
            _ => return Err(RecordError::Foreign { expected: "oh-plain" }),
        };
        allowed(line, line.quirks, strictness)
    }

    fn report(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let mut cursor = Cursor::new(bytes);
        cursor.fixed(b"\n0101", "LF and 0101")?;
        let digits = cursor.take(4)?;
        let place = digits.iter().position(|digit| !digit.is_ascii_hexdigit()).unwrap_or(0);
        let wrong =
            RecordError::Form { expected: "four hexadecimal digits of length", at: 5 + place, found: digits[place] };
        let found = text::hexadecimal(digits).ok_or(wrong)?;
        let expected = u32::try_from(bytes.len() - 1).unwrap_or(u32::MAX);
        if found != expected {
            return Err(RecordError::Check { check: Check::Length, expected, found });
        }
        cursor.fixed(b"\"SIA-DCS\"", "\"SIA-DCS\"")?;
        let sequence = cursor.decimal(4, "four decimal digits of sequence")?;
        cursor.fixed(b"R", "R")?;
        let receiver = cursor.take(4)?;
        cursor.fixed(b"L", "L")?;
        let line = cursor.take(4)?;
        cursor.fixed(b"[#", "[#")?;
        let rest = cursor.rest();
        let short = RecordError::Length { expected: bytes.len() + 1, found: bytes.len() };
        let close = memchr::memchr(b']', rest).ok_or(short)?;
        let (inside, tail) = (&rest[..close], &rest[close + 1..]);
        let bar = memchr::memchr(b'|', inside).unwrap_or(inside.len());
        let content = inside.get(bar + 1..).unwrap_or_default();
        let mut quirks = SiaMessage::parse(content).map_or(Quirks::UNREAD_PART, |message| message.quirks());
        if digits.iter().any(u8::is_ascii_lowercase) {
            quirks.add(Quirks::LOWER_CASE_HEADER);
        }
        let sequence = u16::try_from(sequence).unwrap_or_default();
        Ok(Self {
            content: Content::Report { sequence, content, tail },
            receiver,
            line,
            account: &inside[..bar],
            bar: bar < inside.len(),
            quirks,
        })
    }

    fn heartbeat(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let mut cursor = Cursor::new(bytes);
        cursor.fixed(b"SR", "SR")?;
        let receiver = cursor.take(4)?;
        cursor.fixed(b"L", "L")?;
        let line = cursor.take(4)?;
        // Four blanks, six of account and four more by the capture; other versions are shorter.
        let rest = cursor.rest();
        let bracket = memchr::memchr(b'[', rest).unwrap_or(rest.len());
        let (account, tail) = rest.split_at(bracket);
        Ok(Self { content: Content::Heartbeat { tail }, receiver, line, account, bar: false, quirks: Quirks::NONE })
    }

    /// Who reports.
    pub fn account(&self) -> Option<AccountNumber> {
        let account = self.account.trim_ascii();
        // A heartbeat has `XX` behind the account.
        let plain = account.strip_suffix(b"XX").filter(|_| matches!(self.content, Content::Heartbeat { .. }));
        AccountNumber::new(plain.unwrap_or(account)).ok()
    }

    /// The receiver number, four characters.
    pub fn receiver(&self) -> &'a str {
        text::ascii(self.receiver).unwrap_or_default()
    }

    /// The line number, four characters.
    pub fn line(&self) -> &'a str {
        text::ascii(self.line).unwrap_or_default()
    }

    /// What it reports; nothing for a heartbeat.
    pub fn signals(&self) -> Vec<Signal> {
        match self.content {
            Content::Report { content, .. } => {
                let message = SiaMessage::parse(content).unwrap_or_default();
                message.events.iter().map(|event| event.signal()).collect()
            }
            Content::Heartbeat { .. } => Vec::new(),
        }
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The bytes of the line, before zeros fill its last block.
    pub fn encode(&self) -> Vec<u8> {
        match self.content {
            Content::Report { sequence, content, tail } => {
                let number = format!("{sequence:04}");
                let body: [&[u8]; 11] = [
                    b"\"SIA-DCS\"",
                    number.as_bytes(),
                    b"R",
                    self.receiver,
                    b"L",
                    self.line,
                    b"[#",
                    self.account,
                    if self.bar { b"|" } else { b"" },
                    content,
                    b"]",
                ];
                let body = body.concat();
                let length = format!("{:04X}", body.len() + tail.len() + 8);
                [b"\n", CONSTANT, length.as_bytes(), &body, tail].concat()
            }
            Content::Heartbeat { tail } => [b"SR", self.receiver, b"L", self.line, self.account, tail].concat(),
        }
    }
}

/// Writes a report from its parts; receiver and line have four characters.
///
/// # Errors
/// [`EncodeError`] if one has another width, a field holds a byte that would end it, or the line grows beyond
/// [`LINE_MAX`].
pub fn write_report(
    sequence: u16,
    receiver: &str,
    line: &str,
    account: &str,
    content: &[u8],
    tail: &[u8],
) -> Result<Vec<u8>, EncodeError> {
    for (field, text) in [("receiver", receiver), ("line", line)] {
        if text.len() != 4 {
            return Err(EncodeError::Width { field, expected: 4, found: text.len() });
        }
    }
    for (field, bytes) in [("account", account.as_bytes()), ("data", content), ("tail", tail)] {
        if let Some(&found) = bytes.iter().find(|byte| matches!(byte, 0 | b'\n' | b']')) {
            return Err(EncodeError::Byte { field, found });
        }
    }
    let report = OhLine {
        content: Content::Report { sequence: sequence % 10_000, content, tail },
        receiver: receiver.as_bytes(),
        line: line.as_bytes(),
        account: account.as_bytes(),
        bar: !content.is_empty(),
        quirks: Quirks::NONE,
    };
    let written = report.encode();
    if written.len() > LINE_MAX { Err(EncodeError::TooLong { length: written.len() }) } else { Ok(written) }
}
