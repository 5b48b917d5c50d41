//! `AL00…##`: Contact ID over a serial line.

use alloc::vec::Vec;

use crate::cid::{CidReport, digits};
use crate::{AccountNumber, Quirks, RecordError, Signal, Strictness};

/// What a serial report begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SerialPrefix {
    /// `AL00`.
    #[default]
    Long,
    /// `AL`.
    Short,
}

impl SerialPrefix {
    /// As on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Long => "AL00",
            Self::Short => "AL",
        }
    }
}

/// One report of the serial form.
///
/// ```text
/// AL00 1234 18 1 627 01 000 ## CR LF
/// ```
///
/// A sender repeats it up to three times until it hears `OK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SerialReport {
    /// Which of the two beginnings it has.
    pub prefix: SerialPrefix,
    /// Account, message type and message. The form has no check digit.
    pub report: CidReport,
    quirks: Quirks,
}

impl SerialReport {
    /// A report as it is sent.
    pub const fn new(prefix: SerialPrefix, report: CidReport) -> Self {
        Self { prefix, report, quirks: report.quirks() }
    }

    /// Reads one report, with or without the CR and LF behind it.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if it does not begin with `AL`, else what does not fit.
    pub fn parse(bytes: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let body =
            bytes.strip_prefix(b"AL").ok_or(RecordError::Foreign { expected: "a report of the form AL00…##" })?;
        let (body, mut quirks) = match body.strip_suffix(b"\r\n") {
            Some(body) => (body, Quirks::NONE),
            None => (body.trim_ascii_end(), Quirks::NO_CR),
        };
        let (prefix, at, written) = match *body {
            [ref written @ .., b'#', b'#'] if written.len() == 15 => (SerialPrefix::Short, 2, written),
            [b'0', b'0', ref written @ .., b'#', b'#'] if written.len() == 15 => (SerialPrefix::Long, 4, written),
            _ => return Err(RecordError::Length { expected: 23, found: bytes.len() }),
        };
        let report = CidReport::unchecked(at, written)?;
        quirks = quirks.with(report.quirks());
        digits::allowed(Self { prefix, report, quirks }, quirks, strictness)
    }

    /// The account: there always is one.
    pub fn account(&self) -> Option<AccountNumber> {
        self.report.account()
    }

    /// The departures from the form that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The report as an event.
    pub fn signal(&self) -> Signal {
        self.report.signal()
    }

    /// The report with CR and LF.
    pub fn encode(&self) -> Vec<u8> {
        let [digits @ .., _] = self.report.encode();
        [self.prefix.as_str().as_bytes(), &digits, b"##\r\n"].concat()
    }
}
