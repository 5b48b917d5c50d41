//! What a centre answers a Texecom panel.

use alloc::vec::Vec;

use crate::RecordError;

/// The answer to a message, as the panel reads it.
///
/// ```
/// use contactid::texecom::Answer;
/// assert_eq!(Answer::parse(b"[P]\0\x05\x06\r\n")?, Answer::Poll { minutes: 5 });
/// assert_eq!(Answer::Sia.encode(), b"3\x06\r\n");
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// To a poll: after how many minutes the panel is to poll again.
    Poll {
        /// Minutes, 0 to 255. What 0 does is not established.
        minutes: u8,
    },
    /// To Contact ID.
    ContactId,
    /// To DC-03 blocks.
    Sia,
}

impl Answer {
    /// Reads one answer, its CR LF included.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] for anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        match *bytes {
            [b'[', b'P', b']', 0, minutes, 6, b'\r', b'\n'] => Ok(Self::Poll { minutes }),
            [b'2', 6, b'\r', b'\n'] => Ok(Self::ContactId),
            [b'3', 6, b'\r', b'\n'] => Ok(Self::Sia),
            _ => Err(RecordError::Foreign { expected: "texecom-arc" }),
        }
    }

    /// The bytes of the answer.
    pub fn encode(self) -> Vec<u8> {
        match self {
            Self::Poll { minutes } => [&b"[P]\0"[..], &[minutes], b"\x06\r\n"].concat(),
            Self::ContactId => b"2\x06\r\n".to_vec(),
            Self::Sia => b"3\x06\r\n".to_vec(),
        }
    }
}
