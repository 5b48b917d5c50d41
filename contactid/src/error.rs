//! Why bytes were not taken, who has to act on it, and what the transmitter hears.

use crate::{Quirks, Reply};

/// Who has to act on a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The line or the radio path: nothing to do but to send again.
    Line,
    /// The sender departs from its format: its maker or installer.
    Sender,
    /// Both ends do not share a key: somebody has to type it again.
    Key,
    /// The sender's clock.
    Clock,
    /// Nobody of ours: a scanner, or another protocol on the port.
    Stranger,
}

/// Any reason why bytes were not taken, whatever the format.
///
/// The one place that decides who has to act and what the transmitter hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No DC-09 frame that can be worked with.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A DC-09 frame whose message was not understood or not accepted.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// No record of another format that can be worked with.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Fault {
    /// Who has to act.
    pub const fn blame(self) -> Blame {
        match self {
            Self::Frame(FrameError::Damaged(_)) | Self::Record(RecordError::Check { .. }) => Blame::Line,
            Self::Frame(FrameError::Foreign(_)) | Self::Record(RecordError::Foreign { .. }) => Blame::Stranger,
            Self::Frame(FrameError::NonStandard(_)) => Blame::Sender,
            Self::Message(MessageError::Content(_) | MessageError::NonStandard(_)) => Blame::Sender,
            Self::Record(RecordError::Form { .. } | RecordError::Length { .. } | RecordError::NonStandard(_)) => {
                Blame::Sender
            }
            Self::Message(MessageError::Key(_)) | Self::Record(RecordError::Key(_)) => Blame::Key,
            Self::Message(MessageError::Clock { .. }) => Blame::Clock,
        }
    }

    /// What the transmitter hears. A format without DUH or NAK is silent in their place; which bytes an answer has is the
    /// format's own matter.
    ///
    /// A receiver that has stored a DC-09 frame may answer [`ContentFault`] with an acknowledgement instead: many panels
    /// take DUH for a broken line and hang.
    pub const fn reply(self) -> Reply {
        match self {
            // Nothing in such bytes can be trusted, not even the sequence number.
            Self::Frame(FrameError::Damaged(_) | FrameError::Foreign(_) | FrameError::NonStandard(_)) => Reply::Silence,
            // Never a plain acknowledgement: it would confirm to a stranger what no key has confirmed to us.
            Self::Message(MessageError::Key(KeyFault::Missing | KeyFault::Wrong)) => Reply::Duh,
            Self::Message(MessageError::Content(_) | MessageError::NonStandard(_)) => Reply::Duh,
            Self::Message(MessageError::Clock { .. }) => Reply::Nak,
            // A link of records has no address to lose: the other end repeats at once.
            Self::Record(RecordError::Check { .. } | RecordError::Form { .. } | RecordError::Length { .. }) => {
                Reply::Nak
            }
            Self::Record(RecordError::NonStandard(_)) => Reply::Nak,
            Self::Record(RecordError::Foreign { .. } | RecordError::Key(_)) => Reply::Silence,
        }
    }
}

/// Which check of a record failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// A cyclic redundancy check.
    Crc,
    /// A parity byte or bit.
    Parity,
    /// A check digit or a sum of bytes.
    Checksum,
    /// The length that the record declares of itself.
    Length,
}

impl Check {
    /// The stable word for it: `crc`, `parity`, `checksum` or `length`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crc => "crc",
            Self::Parity => "parity",
            Self::Checksum => "checksum",
            Self::Length => "length",
        }
    }
}

/// Why bytes are no record of a format: every format but DC-09 answers with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A check does not hold: the line mangled the record.
    #[error("{}: the bytes give {expected:X}, the record says {found:X}", check.as_str())]
    Check {
        /// Which check.
        check: Check,
        /// What the bytes give.
        expected: u32,
        /// What the record says.
        found: u32,
    },
    /// A byte that the format does not have in this place.
    #[error("format: byte {at} is {found:#04x}, {expected} belongs there")]
    Form {
        /// What belongs there.
        expected: &'static str,
        /// Where, counted from 0.
        at: usize,
        /// What stands there.
        found: u8,
    },
    /// Too few or too many bytes, and no check that failed.
    #[error("format: {found} bytes, {expected} make a record")]
    Length {
        /// How many bytes make a record of this kind: exactly, or at least.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// It is nothing of this format.
    #[error("format: {expected} does not begin so")]
    Foreign {
        /// The format's name.
        expected: &'static str,
    },
    /// Readable, but it departs from the format, and [`Strictness::Strict`](crate::Strictness::Strict) was asked for.
    #[error("format: departs from the standard: {0}")]
    NonStandard(Quirks),
    /// The key is missing or does not fit.
    #[error(transparent)]
    Key(KeyFault),
}

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
        Fault::Frame(self).reply()
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
    /// Readable, but it departs from the standard, and [`Strictness::Strict`](crate::Strictness::Strict) was asked for.
    #[error("format: departs from the standard: {0}")]
    NonStandard(Quirks),
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
    /// What the transmitter hears by the standard: see [`Fault::reply`].
    pub const fn reply(self) -> Reply {
        Fault::Message(self).reply()
    }
}

impl RecordError {
    /// What the transmitter hears: see [`Fault::reply`].
    pub const fn reply(self) -> Reply {
        Fault::Record(self).reply()
    }
}
