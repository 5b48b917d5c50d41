//! Frames written: the whole envelope, plain and encrypted.

use alloc::vec::Vec;

use super::cipher::{BLOCK, HEX, Key, NIBBLE, Pad, hex};
use super::edition::Edition;
use super::extended::Extended;
use super::stamp::Stamp;
use super::token::Token;
use crate::crc::checksum;

/// A frame to be written, field by field.
///
/// ```
/// use contactid::{Encoder, Token};
/// let frame = Encoder {
///     line: Some("0"),
///     account: Some("1002"),
///     data: b"#1002|1602 00 001",
///     ..Encoder::new(Token::AdmCid, 1)
/// };
/// assert_eq!(frame.encode()?, b"\n9EC40027\"ADM-CID\"0001L0#1002[#1002|1602 00 001]\r");
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoder<'a> {
    /// What kind of message it is.
    pub token: Token<'a>,
    /// 1 to 9999, after which a panel begins again with 1; some send 0 with a supervision message.
    pub sequence: u16,
    /// Receiver number without its `R`: 1 to 6 hexadecimal digits. Optional.
    pub receiver: Option<&'a str>,
    /// Line number without its `L`: 1 to 6 hexadecimal digits. The standard demands one: `0` if it is not used.
    pub line: Option<&'a str>,
    /// Account without its `#`.
    pub account: Option<&'a str>,
    /// Everything between the brackets, with the inner account: `#1002|1602 00 001`. Empty for a supervision message.
    pub data: &'a [u8],
    /// Extended fields, in the order in which they are written.
    pub extended: &'a [Extended<'a>],
    /// When it is sent. An encrypted message must have one.
    pub stamp: Option<Stamp>,
    /// Writes the CRC as two raw bytes, as some old panels do.
    pub binary_crc: bool,
}

/// Why a frame cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A field holds a byte that would end it, or that its place does not allow.
    #[error("{field} holds {found:#04x}, which cannot stand there")]
    Byte {
        /// Which field.
        field: &'static str,
        /// The byte.
        found: u8,
    },
    /// A sequence number above 9999, or 0 where an edition has none.
    #[error("a sequence number is 1 to 9999, not {found}")]
    Sequence {
        /// The number.
        found: u16,
    },
    /// A field of another width than its place has.
    #[error("{field} has {found} characters, its place takes {expected}")]
    Width {
        /// Which field.
        field: &'static str,
        /// How many characters belong there.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// An encrypted message, and no key.
    #[error("the message is to be encrypted, and there is no key")]
    NoKey,
    /// An encrypted message without a time stamp.
    #[error("an encrypted message must carry a time stamp")]
    NoStamp,
    /// More than the length field can say: 4095 bytes.
    #[error("{length} bytes, the length field counts to 4095")]
    TooLong {
        /// How many bytes the frame would have from the first `"` to before the CR.
        length: usize,
    },
    /// A token that the edition's receivers do not know.
    #[error("DC-09-{edition} has no such token")]
    NoSuchToken {
        /// The edition.
        edition: Edition,
    },
    /// An extended field that the edition's receivers do not know.
    #[error("DC-09-{edition} has no extended field {id}")]
    NoSuchField {
        /// The edition.
        edition: Edition,
        /// The field's letter.
        id: char,
    },
    /// The value of an extended field is not in the form that its letter has in the edition.
    #[error("not the form that DC-09-{edition} gives the extended field {id}")]
    Form {
        /// The edition.
        edition: Edition,
        /// The field's letter.
        id: char,
    },
    /// A field is longer or shorter than its place allows.
    #[error("{field} has {length} bytes; {least} to {most} fit")]
    Size {
        /// Which field.
        field: &'static str,
        /// How many bytes it has.
        length: usize,
        /// How many it must have.
        least: usize,
        /// How many it may have.
        most: usize,
    },
    /// A character for which the edition's character set has no byte.
    #[error("DC-09-{edition} writes Windows-1252, which has no {found:?}")]
    Text {
        /// The edition.
        edition: Edition,
        /// The character.
        found: char,
    },
}

impl<'a> Encoder<'a> {
    /// A frame of this token and sequence number, on line 0, without account, data and time.
    pub const fn new(token: Token<'a>, sequence: u16) -> Self {
        Self {
            token,
            sequence,
            receiver: None,
            line: Some("0"),
            account: None,
            data: &[],
            extended: &[],
            stamp: None,
            binary_crc: false,
        }
    }

    /// The frame from LF to CR.
    ///
    /// # Errors
    /// [`EncodeError`] if a field cannot be written as it is.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        // The envelope of most frames has fewer bytes than that.
        let mut out = Vec::with_capacity(96 + self.data.len());
        self.encode_into(&mut out)?;
        Ok(out)
    }

    /// Appends what [`Encoder::encode`] returns; after an error, nothing.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode_into(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.check()?;
        let start = out.len();
        let begun = self.head(false, out);
        out.push(b'[');
        self.tail(out);
        self.finish(begun, start, out)
    }

    /// The frame from LF to CR, encrypted.
    ///
    /// # Errors
    /// [`EncodeError`] if a field cannot be written as it is, or the time stamp is missing.
    pub fn encrypt(&self, key: &Key, pad: Pad<'_>) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        self.encrypt_into(key, pad, &mut out)?;
        Ok(out)
    }

    /// Appends what [`Encoder::encrypt`] returns; after an error, nothing.
    ///
    /// # Errors
    /// As [`Encoder::encrypt`].
    pub fn encrypt_into(&self, key: &Key, pad: Pad<'_>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.check()?;
        self.stamp.ok_or(EncodeError::NoStamp)?;
        let start = out.len();
        let begun = self.head(true, out);
        sealed(key, pad, out, |plain| self.tail(plain));
        self.finish(begun, start, out)
    }

    pub(super) fn check(&self) -> Result<(), EncodeError> {
        if self.sequence > 9999 {
            return Err(EncodeError::Sequence { found: self.sequence });
        }
        if let Token::Other(name) = self.token {
            only("token", name.as_bytes(), |byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'*'))?;
        }
        for (field, number) in [("receiver", self.receiver), ("line", self.line)] {
            let wrong = number.unwrap_or_default().bytes().find(|&byte| NIBBLE[usize::from(byte)] > 15);
            wrong.map_or(Ok(()), |found| Err(EncodeError::Byte { field, found }))?;
        }
        only("account", self.account.unwrap_or_default().as_bytes(), |byte| byte.is_ascii_alphanumeric())?;
        content(self.data, self.extended)
    }

    fn head(&self, encrypted: bool, out: &mut Vec<u8>) -> Begun {
        let begun = Begun::new(self.binary_crc, out);
        token(self.token, encrypted, out);
        out.extend_from_slice(&[1000, 100, 10, 1].map(|place| b'0' + (self.sequence / place % 10) as u8));
        let [receiver, line, account] = [self.receiver, self.line, self.account].map(|field| field.map(str::as_bytes));
        fields(receiver, line, account, out);
        if self.token == Token::Nak && account.is_none() {
            // The standard's fixed form of a refusal has this in place of "#" and account.
            out.extend_from_slice(b"A0");
        }
        begun
    }

    fn tail(&self, out: &mut Vec<u8>) {
        inside(self.data, self.extended, out);
        if let Some(moment) = self.stamp {
            stamp(moment, out);
        }
    }

    fn finish(&self, begun: Begun, start: usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let length = out.len() - begun.body;
        if length > 0xFFF {
            out.truncate(start);
            return Err(EncodeError::TooLong { length });
        }
        begun.end(out);
        Ok(())
    }
}

/// Refuses a byte that the field does not allow.
fn only(field: &'static str, bytes: &[u8], allowed: impl Fn(u8) -> bool) -> Result<(), EncodeError> {
    // Without a way out of the loop, it takes many bytes at a time.
    if bytes.iter().fold(true, |fits, &byte| fits & allowed(byte)) {
        return Ok(());
    }
    match bytes.iter().find(|&&byte| !allowed(byte)) {
        Some(&found) => Err(EncodeError::Byte { field, found }),
        None => Ok(()),
    }
}

/// Refuses data and extended fields that would end too early.
pub(crate) fn content(data: &[u8], extended: &[Extended<'_>]) -> Result<(), EncodeError> {
    let text = |byte| !matches!(byte, b'\n' | b'\r' | b'[' | b']');
    only("data", data, text)?;
    extended.iter().try_for_each(|field| {
        let mut id = [0; 4];
        only("extended", field.id.encode_utf8(&mut id).as_bytes(), |byte| {
            byte.is_ascii_graphic() && !matches!(byte, b'[' | b']')
        })?;
        only("extended", field.value, text)
    })
}

/// Writes data and extended fields, from behind the opening bracket.
pub(crate) fn inside(data: &[u8], extended: &[Extended<'_>], out: &mut Vec<u8>) {
    out.extend_from_slice(data);
    out.push(b']');
    for field in extended {
        out.extend_from_slice(&[b'[', field.id as u8]);
        out.extend_from_slice(field.value);
        out.push(b']');
    }
}

/// A frame whose header still waits for its check value and length.
pub(crate) struct Begun {
    body: usize,
    binary_crc: bool,
}

impl Begun {
    /// Writes LF and leaves room for the header.
    pub(crate) fn new(binary_crc: bool, out: &mut Vec<u8>) -> Self {
        out.extend_from_slice(if binary_crc { b"\n\0\0\0\0\0\0" } else { b"\n\0\0\0\0\0\0\0\0" });
        Self { body: out.len(), binary_crc }
    }

    /// Fills in the header and writes CR.
    pub(crate) fn end(self, out: &mut Vec<u8>) {
        let (crc, length) = (checksum(&out[self.body..]), out.len() - self.body);
        out[self.body - 4..self.body].copy_from_slice(&hex4(length as u16));
        if self.binary_crc {
            out[self.body - 6..self.body - 4].copy_from_slice(&crc.to_be_bytes());
        } else {
            out[self.body - 8..self.body - 4].copy_from_slice(&hex4(crc));
        }
        out.push(b'\r');
    }
}

fn hex4(number: u16) -> [u8; 4] {
    [12, 8, 4, 0].map(|shift| HEX[usize::from(number >> shift & 15)])
}

pub(crate) fn token(token: Token<'_>, encrypted: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if encrypted { b"\"*" } else { b"\"" });
    out.extend_from_slice(token.as_str().as_bytes());
    out.push(b'"');
}

pub(crate) fn fields(receiver: Option<&[u8]>, line: Option<&[u8]>, account: Option<&[u8]>, out: &mut Vec<u8>) {
    for (prefix, field) in [(b'R', receiver), (b'L', line), (b'#', account)] {
        if let Some(text) = field {
            out.push(prefix);
            out.extend_from_slice(text);
        }
    }
}

pub(crate) fn stamp(stamp: Stamp, out: &mut Vec<u8>) {
    out.push(b'_');
    out.extend_from_slice(&stamp.text());
}

/// Writes `[` and the cipher text of pad, `|` and what `content` writes.
pub(crate) fn sealed(key: &Key, pad: Pad<'_>, out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let mut rest = Vec::with_capacity(128);
    rest.push(b'|');
    content(&mut rest);
    let mut plain = Vec::with_capacity(rest.len() + 2 * BLOCK);
    pad.write(rest.len(), &mut plain);
    plain.extend_from_slice(&rest);
    key.encrypt(&mut plain);
    out.push(b'[');
    hex(&plain, out);
}
