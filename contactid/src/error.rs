//! Why a frame or message was not taken, who has to act on it, and what the transmitter hears.

use crate::{Quirks, Reply};

/// Why bytes are no frame that can be worked with.
///
/// Nothing in such bytes can be trusted, not even the sequence number: they are never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The line mangled it. The panel hears nothing, and sends again.
    #[error(transparent)]
    Damaged(Damage),
    /// It is no DC-09: a scanner, another protocol on the port, noise.
    #[error(transparent)]
    Foreign(Foreign),
    /// Intact, but the panel departs from the standard, and [`Strictness::Strict`](crate::Strictness::Strict) was asked for.
    #[error("format: departs from the standard: {0}")]
    NonStandard(Quirks),
}

/// What the line did to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The check value does not fit the bytes.
    #[error("crc: the bytes give {expected:04X}, the header says {found:04X}")]
    Crc {
        /// What the bytes give.
        expected: u16,
        /// What the header says.
        found: u16,
    },
    /// The check value fits, the length does not.
    #[error("length: {expected} bytes, the header says {found}")]
    Length {
        /// How many bytes there are from the first `"` to before the CR.
        expected: u16,
        /// How many the header says.
        found: u16,
    },
}

/// In what way bytes are not DC-09.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// No header: nowhere a check value and a length before a `"`.
    #[error("format: no frame header in {length} bytes")]
    Header {
        /// How many bytes were searched.
        length: usize,
    },
    /// The check value fits, and yet there is no token between quotes.
    #[error("format: no token in quotes")]
    Token,
    /// Longer than any frame.
    #[error("format: {length} bytes, a frame has at most {max}", max = crate::FRAME_MAX)]
    TooLong {
        /// How long it is, in bytes.
        length: usize,
    },
}

impl FrameError {
    /// What the transmitter hears: nothing, whatever went wrong.
    pub const fn reply(self) -> Reply {
        match self {
            Self::Damaged(_) | Self::Foreign(_) | Self::NonStandard(_) => Reply::Silence,
        }
    }
}

/// Why the message of an intact frame was not understood or not accepted.
///
/// The frame is intact all the same, and a receiver keeps it: what is lost here is the meaning, not the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// Panel and centre do not share a key: somebody has to type it again.
    #[error(transparent)]
    Key(KeyFault),
    /// The panel wrote what no rule of its token reads.
    #[error(transparent)]
    Content(ContentFault),
    /// The panel's clock is outside the window. The answer names the right time, and the panel sends again.
    #[error("clock: {skew_secs:?} s off")]
    Clock {
        /// How far the panel is ahead, in seconds; negative if behind, `None` if it sent no readable time.
        skew_secs: Option<i64>,
    },
}

/// What is wrong with the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The message is encrypted and the centre has no key for it.
    #[error("key: none for an encrypted message")]
    Missing,
    /// What the key makes of the message has no time stamp at its end, or no data.
    #[error("key: does not fit the message")]
    Wrong,
}

/// What is wrong with the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// The encrypted part is not whole blocks of sixteen bytes in hexadecimal.
    #[error("format: {length} characters of cipher text are not whole blocks in hexadecimal")]
    CipherText {
        /// How many characters it has.
        length: usize,
    },
    /// No Contact ID qualifier (DC-05: 1, 3 or 6).
    #[error("format: Contact ID qualifier is 1, 3 or 6, not {:?}", char::from(*found))]
    Qualifier {
        /// The character in its place.
        found: u8,
    },
    /// Not `QXYZ GG CCC`.
    #[error("format: not a Contact ID message of the form QXYZ GG CCC, {length} bytes")]
    Cid {
        /// How many bytes the content has.
        length: usize,
    },
    /// No block in it carries an event.
    #[error("format: no SIA event in {length} bytes")]
    Sia {
        /// How many bytes the content has.
        length: usize,
    },
}

impl MessageError {
    /// What the transmitter hears by the standard. The only place that decides it.
    ///
    /// A receiver that has stored the frame may answer [`ContentFault`] with an acknowledgement instead: many panels take
    /// DUH for a broken line and hang.
    pub const fn reply(self) -> Reply {
        match self {
            // Never a plain acknowledgement: it would confirm to a stranger what no key has confirmed to us.
            Self::Key(KeyFault::Missing | KeyFault::Wrong) => Reply::Duh,
            Self::Content(_) => Reply::Duh,
            Self::Clock { .. } => Reply::Nak,
        }
    }
}
