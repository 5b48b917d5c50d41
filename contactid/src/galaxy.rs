//! Honeywell Galaxy, around the DC-03 blocks that it sends over TCP: its line check, its text message, and the commands that
//! it takes (protocol notes 4.11, seen by others; nothing of it is published by the maker).
//!
//! Its reports are those of [`sia::report`](crate::sia::report).
//!
//! ```
//! use contactid::galaxy::GalaxySms;
//! let sms = GalaxySms::parse(b">#002113 NBA1023/ti10:35/A+INTRUDER.")?;
//! assert_eq!(sms.account().unwrap().as_str(), "002113");
//! let signal = sms.signal().unwrap();
//! assert_eq!((signal.code.to_string(), signal.number, signal.text.as_deref()), ("BA".into(), Some(1023), Some("+INTRUDER.")));
//! # Ok::<(), contactid::RecordError>(())
//! ```

pub mod remote;

use alloc::vec::Vec;

use crate::cursor::Cursor;
use crate::{AccountNumber, EncodeError, RecordError, SiaMessage, Signal, text};

/// Whether a connection's first bytes are those of the encrypted Galaxy link. Its keys are not public: refuse it, and tell
/// the installer to switch the encryption off.
pub const fn is_encrypted_link(first: &[u8]) -> bool {
    matches!(first, [0x05, 0x01, ..])
}

/// The check of the line that a Galaxy sends to a port of its own: 26 bytes, echoed as they are before the receiver closes.
///
/// ```text
/// 00 | account, 8 characters | 11 0C 00 FD 09 00 | time, 4 | 3C | interval in s, 4 | 2 of unknown use
/// ```
///
/// The time counts seconds and has been seen 54,000 s off; the widths of time and interval are inferred from the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LineCheck {
    /// Eight characters, blanks or NUL at the end where it is shorter.
    account: [u8; 8],
    /// The panel's clock, in seconds of its own count.
    pub time: u32,
    /// After how many seconds the next check comes.
    pub interval_secs: u32,
    /// Two bytes of unknown use.
    pub tail: [u8; 2],
}

const AFTER_ACCOUNT: &[u8; 6] = b"\x11\x0C\x00\xFD\x09\x00";
const BEFORE_INTERVAL: u8 = 0x3C;

impl LineCheck {
    /// How many bytes it has.
    pub const LEN: usize = 26;

    /// The check of an account of at most eight characters; `None` for a longer one.
    pub fn new(account: AccountNumber, time: u32, interval_secs: u32) -> Option<Self> {
        let mut held = [b' '; 8];
        let text = account.as_str().as_bytes();
        held.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self { account: held, time, interval_secs, tail: [0; 2] })
    }

    /// Reads a check.
    ///
    /// # Errors
    /// [`RecordError::Length`] or [`RecordError::Form`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut cursor = Cursor::new(bytes);
        cursor.fixed(b"\0", "the 00 of a Galaxy line check")?;
        let account = cursor.array()?;
        cursor.fixed(AFTER_ACCOUNT, "the mark of a Galaxy line check")?;
        let time = u32::from_le_bytes(cursor.array()?);
        cursor.fixed(&[BEFORE_INTERVAL], "the mark of a Galaxy line check")?;
        let interval_secs = u32::from_le_bytes(cursor.array()?);
        let tail = cursor.array()?;
        cursor.end()?;
        Ok(Self { account, time, interval_secs, tail })
    }

    /// Who checks its line.
    pub fn account(&self) -> Option<AccountNumber> {
        let end = self.account.iter().position(|byte| matches!(byte, 0 | b' ')).unwrap_or(self.account.len());
        AccountNumber::new(&self.account[..end]).ok()
    }

    /// The bytes of the check, which are those of its answer as well.
    pub fn encode(&self) -> [u8; Self::LEN] {
        let mut out = [0; Self::LEN];
        let parts: [&[u8]; 7] = [
            b"\0",
            &self.account,
            AFTER_ACCOUNT,
            &self.time.to_le_bytes(),
            &[BEFORE_INTERVAL],
            &self.interval_secs.to_le_bytes(),
            &self.tail,
        ];
        for (place, &byte) in out.iter_mut().zip(parts.iter().copied().flatten()) {
            *place = byte;
        }
        out
    }
}

/// A Galaxy's report as a text message: `>#002113 NBA1023/ti10:35/A+INTRUDER.`
///
/// Unlike in a DC-03 block, time and text stand behind the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GalaxySms<'a> {
    /// Whether `>` stands before it: some gateways take it off.
    marked: bool,
    account: AccountNumber,
    content: &'a [u8],
}

impl<'a> GalaxySms<'a> {
    /// A message of this account, with event, time and text as [`content`](Self::content) has them.
    ///
    /// # Errors
    /// [`EncodeError::Width`] if the content is shorter than a block letter and a code.
    pub const fn new(account: AccountNumber, content: &'a [u8]) -> Result<Self, EncodeError> {
        if content.len() < CONTENT_MIN {
            return Err(EncodeError::Width { field: "content", expected: CONTENT_MIN, found: content.len() });
        }
        Ok(Self { marked: true, account, content })
    }

    /// Reads a message; the `>` may be missing.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if no account begins it, [`RecordError::Length`] if nothing follows.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let foreign = RecordError::Foreign { expected: "galaxy-sms" };
        let unmarked = bytes.strip_prefix(b">");
        let inside = unmarked.unwrap_or(bytes).strip_prefix(b"#").ok_or(foreign)?;
        let end = inside.iter().position(|&byte| byte == b' ').ok_or(foreign)?;
        let account = AccountNumber::new(&inside[..end]).map_err(|_| foreign)?;
        let content = &inside[end + 1..];
        if content.len() < CONTENT_MIN {
            return Err(RecordError::Length {
                expected: bytes.len() + CONTENT_MIN - content.len(),
                found: bytes.len(),
            });
        }
        Ok(Self { marked: unmarked.is_some(), account, content })
    }

    /// Who reports.
    pub const fn account(&self) -> Option<AccountNumber> {
        Some(self.account)
    }

    /// What stands behind the account: event, time, text.
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// What it reports; `None` if the content is no SIA event.
    pub fn signal(&self) -> Option<Signal> {
        let content = self.content.trim_ascii();
        // The text comes last, and may hold a `/` itself.
        let mark = content.windows(2).position(|pair| pair == b"/A");
        let (packets, words) = match mark {
            Some(at) => (content.get(..at)?, content.get(at + 2..)),
            None => (content, None),
        };
        let mut packets = packets.split(|&byte| byte == b'/');
        let event = packets.next()?;
        let mut modified = Vec::from(event.get(..1)?);
        for modifier in packets {
            modified.extend_from_slice(modifier);
            modified.push(b'/');
        }
        modified.extend_from_slice(event.get(1..)?);
        let message = SiaMessage::parse(&modified).ok()?;
        let signal = message.events.first()?.signal();
        Some(Signal { text: words.map(|words| text::decode(words).into_owned()).or(signal.text.clone()), ..signal })
    }

    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mark: &[u8] = if self.marked { b">#" } else { b"#" };
        [mark, self.account.as_str().as_bytes(), b" ", self.content].concat()
    }
}

/// The shortest content: the letter of a block, and a code.
const CONTENT_MIN: usize = 3;
