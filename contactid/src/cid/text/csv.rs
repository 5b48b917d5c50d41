//! CSV-IP: four fields and commas, over TCP.

use alloc::vec::Vec;
use core::fmt;

use crate::cid::{CidReport, digits};
use crate::{AccountNumber, EncodeError, Quirks, RecordError, Signal, Strictness};

/// Whether a checksum stands behind the four fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CsvChecksum {
    /// Four fields and no more.
    #[default]
    Absent,
    /// One field more, as Chiptech sends. Unverified: neither its rule nor its place was established, and what stands in a
    /// fifth field is kept and not checked.
    LastField,
}

/// One CSV-IP record: `user,password,client code,message`.
///
/// What the receiver answers was not established: any [`TextReply`](super::TextReply) is unverified here.
///
/// ```
/// use contactid::{Strictness, cid::text::{CsvChecksum, CsvReport}};
/// let record = CsvReport::parse(b"arc,secret,1234,1234181131010158", CsvChecksum::Absent, Strictness::Strict)?;
/// assert_eq!(record.account().map(|account| account.to_string()), Some("1234".into()));
/// assert_eq!(record.signal().map(|signal| signal.code.to_string()), Some("131".into()));
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CsvReport<'a> {
    user: &'a str,
    password: &'a str,
    client: &'a str,
    message: &'a str,
    checksum: Option<&'a str>,
    quirks: Quirks,
}

impl<'a> CsvReport<'a> {
    /// A record of these fields as it is sent: user, password, client code, message, and the checksum of a sender that
    /// writes one.
    ///
    /// # Errors
    /// [`EncodeError::Byte`] if a field holds a comma or a control character.
    pub fn new(fields: [&'a str; 4], checksum: Option<&'a str>) -> Result<Self, EncodeError> {
        for (field, text) in ["user", "password", "client", "message"].into_iter().zip(fields) {
            if let Some(found) = text.bytes().find(|&byte| !holds(byte)) {
                return Err(EncodeError::Byte { field, found });
            }
        }
        if let Some(found) = checksum.unwrap_or_default().bytes().find(|&byte| !holds(byte)) {
            return Err(EncodeError::Byte { field: "checksum", found });
        }
        let [user, password, client, message] = fields;
        Ok(Self { user, password, client, message, checksum, quirks: Quirks::NONE })
    }

    /// Reads one record. CR and LF behind it are passed over, and named: no source says how a record ends.
    ///
    /// # Errors
    /// [`RecordError::Length`] for another number of fields, counted in commas; [`RecordError::Form`] at a byte that is no
    /// printable ASCII.
    pub fn parse(bytes: &'a [u8], checksum: CsvChecksum, strictness: Strictness) -> Result<Self, RecordError> {
        let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        let quirks = if body.len() < bytes.len() { Quirks::STRAY_TAIL } else { Quirks::NONE };
        if let Some(at) = body.iter().position(|&byte| !holds(byte) && byte != b',') {
            return Err(RecordError::Form { expected: "printable ASCII", at, found: body[at] });
        }
        let expected = match checksum {
            CsvChecksum::Absent => 3,
            CsvChecksum::LastField => 4,
        };
        let found = body.iter().filter(|&&byte| byte == b',').count();
        let mut fields = core::str::from_utf8(body).unwrap_or_default().split(',');
        let mut next = || fields.next().ok_or(RecordError::Length { expected, found });
        let [user, password, client, message] = [next()?, next()?, next()?, next()?];
        if found != expected {
            return Err(RecordError::Length { expected, found });
        }
        digits::allowed(Self { user, password, client, message, checksum: fields.next(), quirks }, quirks, strictness)
    }

    /// The sender's name at the receiver.
    pub const fn user(&self) -> &'a str {
        self.user
    }

    /// The sender's password, in clear.
    pub const fn password(&self) -> &'a str {
        self.password
    }

    /// The client code as received.
    pub const fn client(&self) -> &'a str {
        self.client
    }

    /// The client code, if it is an account number.
    pub fn account(&self) -> Option<AccountNumber> {
        AccountNumber::new(self.client.as_bytes()).ok()
    }

    /// The message as received.
    pub const fn message(&self) -> &'a str {
        self.message
    }

    /// The field behind the message, if one was asked for.
    pub const fn checksum(&self) -> Option<&'a str> {
        self.checksum
    }

    /// The message as sixteen digits of Contact ID.
    ///
    /// # Errors
    /// As [`CidReport::parse`].
    pub fn report(&self) -> Result<CidReport, RecordError> {
        CidReport::parse(self.message.as_bytes(), Strictness::Tolerant)
    }

    /// The departures from the form that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The message as an event; `None` if it is not sixteen digits of Contact ID. A centre shows it as it came.
    pub fn signal(&self) -> Option<Signal> {
        self.report().ok().map(|report| report.signal())
    }

    /// The fields with their commas, and nothing behind them.
    pub fn encode(&self) -> Vec<u8> {
        let fields = [self.user, self.password, self.client, self.message];
        fields.into_iter().chain(self.checksum).collect::<Vec<_>>().join(",").into_bytes()
    }
}

impl fmt::Debug for CsvReport<'_> {
    /// Everything but the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvReport")
            .field("user", &self.user)
            .field("client", &self.client)
            .field("message", &self.message)
            .field("checksum", &self.checksum)
            .field("quirks", &self.quirks)
            .finish_non_exhaustive()
    }
}

/// Whether a field can hold this byte.
const fn holds(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b','
}
