//! The DC-09 frame: everything up to the opening bracket, borrowed from the bytes it was read from.

pub(crate) mod cipher;
pub(crate) mod edition;
pub(crate) mod encode;
pub mod extended;
pub(crate) mod message;
pub(crate) mod parse;
pub(crate) mod quirks;
mod record;
pub(crate) mod response;
pub(crate) mod stamp;
pub(crate) mod token;

use crate::{AccountNumber, FrameError, Quirks, Token};

/// The longest frame, in bytes: twice what the length field of the standard can say.
pub const FRAME_MAX: usize = 8192;

/// How much departure from the standard is borne.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Reads what panels in the field send, and names each departure in [`Frame::quirks`].
    #[default]
    Tolerant,
    /// Refuses what departs from the standard, in the envelope, behind it and in the content: for testing panels.
    Strict,
}

/// One intact DC-09 frame (2013, 5.5.1): check value and length hold.
///
/// ```text
/// LF CE11 0032 "SIA-DCS" 9876 R579BDF L789ABC #12345A [#12345A|NFA129] _12:34:56,03-07-2025 CR
///    │    │     │        │    │       │       │        └─ Frame::open ▶ Message
///    │    │     │        │    │       │       └─ account()      optional
///    │    │     │        │    │       └─ line()                 optional in the field
///    │    │     │        │    └─ receiver()                     optional
///    │    │     │        └─ sequence()
///    │    │     └─ token(); is_encrypted() with a * before it
///    │    └─ length and
///    └─ CRC of everything from the first " to before CR
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    token: Token<'a>,
    encrypted: bool,
    strictness: Strictness,
    // Bytes that are known to be text: most readers never ask for it, and to prove it twice costs a tenth of the reading.
    pub(crate) sequence: &'a [u8],
    pub(crate) receiver: Option<&'a [u8]>,
    pub(crate) line: Option<&'a [u8]>,
    pub(crate) account: Option<&'a [u8]>,
    body: &'a [u8],
    quirks: Quirks,
}

impl<'a> Frame<'a> {
    /// Reads the frame in `bytes`: one that a [`Deframer`](crate::Deframer) cut, or a datagram.
    ///
    /// Allocates nothing. Noise around the frame is passed over, and named if it is more than LF, CR and NUL.
    ///
    /// # Errors
    /// [`FrameError`], whose [`reply`](FrameError::reply) is always silence.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, FrameError> {
        parse::frame(bytes, strictness)
    }

    /// What kind of message it carries.
    pub const fn token(&self) -> Token<'a> {
        self.token
    }

    /// Whether the message is encrypted: an asterisk before the token.
    pub const fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// The sequence number: decimal, or hexadecimal if it has letters (some senders). `None` if it is neither.
    #[inline]
    pub fn sequence(&self) -> Option<u16> {
        if let &[a, b, c, d] = self.sequence
            && let [a @ 0..=9, b @ 0..=9, c @ 0..=9, d @ 0..=9] = [a, b, c, d].map(|digit| digit.wrapping_sub(b'0'))
        {
            return Some(u16::from(a) * 1000 + u16::from(b) * 100 + u16::from(c) * 10 + u16::from(d));
        }
        let text = self.sequence_text();
        text.parse().ok().or_else(|| u16::from_str_radix(text, 16).ok())
    }

    /// The sequence number as received.
    pub const fn sequence_text(&self) -> &'a str {
        text(self.sequence)
    }

    /// The receiver number as received, without its `R`.
    pub const fn receiver(&self) -> Option<&'a str> {
        match self.receiver {
            Some(receiver) => Some(text(receiver)),
            None => None,
        }
    }

    /// The line number as received, without its `L`.
    pub const fn line(&self) -> Option<&'a str> {
        match self.line {
            Some(line) => Some(text(line)),
            None => None,
        }
    }

    /// The account as received, without its `#`. It may be anything that a panel can be set to.
    pub const fn account(&self) -> Option<&'a str> {
        match self.account {
            Some(account) => Some(text(account)),
            None => None,
        }
    }

    /// The account, if it is one.
    pub fn account_number(&self) -> Option<AccountNumber> {
        self.account.and_then(|text| AccountNumber::new(text).ok())
    }

    /// The bytes behind the opening bracket up to CR, encrypted or not.
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The departures from the standard in the envelope.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }
}

/// Bytes that are known to be text.
const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
