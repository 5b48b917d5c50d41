//! Texecom Premier's link to a receiving centre: polls, Contact ID and SIA over TCP (protocol notes 4.10, reverse
//! engineered by others; nothing of it is published by the maker).
//!
//! ```
//! use contactid::{Strictness, texecom::{Content, TexecomMessage}};
//! let message = TexecomMessage::parse(b"21AAA18113001004F\r\n", Strictness::Strict)?;
//! let Content::ContactId(report) = &message.content else { panic!("a Contact ID report") };
//! assert_eq!(report.message().code.number(), 130);
//! assert_eq!(message.account().unwrap().as_str(), "1000"); // A stands for 0 here
//! assert_eq!(message.answer(0).unwrap().encode(), b"2\x06\r\n");
//! # Ok::<(), contactid::RecordError>(())
//! ```

mod answer;
mod receiver;
mod splitter;

use alloc::vec::Vec;

pub use answer::Answer;
pub use receiver::{Receiver, ReceiverInput, ReceiverOutput, Report};
pub use splitter::{Direction, TexecomSplitter};

use crate::cid::{CidReport, digits::allowed};
use crate::cursor::Cursor;
use crate::sia::{self, Block, Function};
use crate::{AccountNumber, EncodeError, Quirks, RecordError, SiaMessage, Signal, Strictness};

/// The longest message, in bytes: as many blocks as fit a group, and what is around them.
pub const MESSAGE_MAX: usize = 1024;

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Content<'a> {
    /// `POLL`: the panel is there. The account, the flags, and three zeros of unknown use.
    Poll {
        /// Who polls.
        account: AccountNumber,
        /// What it says of itself.
        flags: PollFlags,
    },
    /// `2`: sixteen digits of Contact ID, the zeros of the account written `A`.
    ContactId(CidReport),
    /// `3`: DC-03 blocks, one behind the other, ended by a block of function `0`.
    Sia(Vec<Block<'a>>),
    /// `+++`: the session is over.
    End,
}

/// The byte of flags in a poll. Which bit says what has been confirmed for some only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PollFlags(pub u8);

impl PollFlags {
    /// The words of the bits that are set: line, mains, battery, armed, engineer (unverified).
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let words = [(1, "line"), (2, "mains"), (4, "battery"), (8, "armed"), (16, "engineer")];
        words.into_iter().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, word)| word)
    }
}

/// One message of a Texecom panel, from its first byte to CR LF.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TexecomMessage<'a> {
    /// What it carries.
    pub content: Content<'a>,
    quirks: Quirks,
}

impl<'a> TexecomMessage<'a> {
    /// A message to be sent.
    pub const fn new(content: Content<'a>) -> Self {
        Self { content, quirks: Quirks::NONE }
    }

    /// Reads one message. The CR LF may be missing; behind `+++` it is taken, and not written.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] for another first byte, else what is wrong with the digits or blocks behind it.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let mut quirks = Quirks::NONE;
        if matches!(bytes, b"+++" | b"+++\r\n") {
            return Ok(Self::new(Content::End));
        }
        let line = bytes.strip_suffix(b"\r\n").unwrap_or_else(|| {
            quirks.add(Quirks::NO_CR);
            bytes
        });
        let content = match line {
            [b'P', b'O', b'L', b'L', poll @ ..] => Self::poll(poll, &mut quirks)?,
            [b'2', written @ ..] => Content::ContactId(Self::contact_id(written, &mut quirks)?),
            [b'3', written @ ..] => {
                let read: Result<Vec<_>, _> = sia::blocks(written, Strictness::Tolerant).collect();
                let read = read?;
                quirks = read.iter().fold(quirks, |all, block| all.with(block.quirks()));
                if read.last().is_none_or(|block| block.function() != Function::END_OF_DATA) {
                    quirks.add(Quirks::NO_END_OF_DATA);
                }
                Content::Sia(read)
            }
            _ => return Err(RecordError::Foreign { expected: "texecom-arc" }),
        };
        allowed(Self { content, quirks }, quirks, strictness)
    }

    fn poll(written: &[u8], quirks: &mut Quirks) -> Result<Content<'a>, RecordError> {
        let mark = written.iter().position(|&byte| byte == b'#');
        let end = mark.ok_or(RecordError::Length { expected: 11, found: written.len() + 4 })?;
        let account = AccountNumber::new(&written[..end]);
        let account = account.map_err(|_| RecordError::Foreign { expected: "texecom-arc" })?;
        if written[..end].iter().any(u8::is_ascii_lowercase) {
            quirks.add(Quirks::LOWER_CASE_DIGITS);
        }
        let mut rest = Cursor::new(&written[end + 1..]);
        let flags = PollFlags(rest.byte()?);
        rest.fixed(&[0; 3], "00")?;
        rest.end()?;
        Ok(Content::Poll { account, flags })
    }

    /// The digits as Contact ID writes them: here, `A` is how an account says 0.
    fn contact_id(written: &[u8], quirks: &mut Quirks) -> Result<CidReport, RecordError> {
        let mut digits: [u8; CidReport::LEN] =
            written.try_into().map_err(|_| RecordError::Length { expected: CidReport::LEN, found: written.len() })?;
        let (account, _) = digits.split_at_mut(4);
        for digit in account {
            match digit {
                b'A' => *digit = b'0',
                b'a' => {
                    *digit = b'0';
                    quirks.add(Quirks::LOWER_CASE_DIGITS);
                }
                b'0' => quirks.add(Quirks::PLAIN_ZERO),
                _ => {}
            }
        }
        let report = CidReport::parse(&digits, Strictness::Tolerant)?;
        *quirks = quirks.with(report.quirks());
        Ok(report)
    }

    /// Who reports.
    pub fn account(&self) -> Option<AccountNumber> {
        match &self.content {
            Content::Poll { account, .. } => Some(*account),
            Content::ContactId(report) => report.account(),
            Content::Sia(blocks) => blocks.iter().find_map(Block::account),
            Content::End => None,
        }
    }

    /// What it reports.
    pub fn signals(&self) -> Vec<Signal> {
        match &self.content {
            Content::ContactId(report) => alloc::vec![report.signal()],
            Content::Sia(blocks) => {
                let read = sia::content(blocks);
                let message = SiaMessage::parse(&read).unwrap_or_default();
                message.events.iter().map(|event| event.signal()).collect()
            }
            Content::Poll { .. } | Content::End => Vec::new(),
        }
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// What the centre answers once the message is stored: for a poll, after how many minutes the panel is to poll again;
    /// nothing for the end of a session.
    pub const fn answer(&self, poll_minutes: u8) -> Option<Answer> {
        match &self.content {
            Content::Poll { .. } => Some(Answer::Poll { minutes: poll_minutes }),
            Content::ContactId(_) => Some(Answer::ContactId),
            Content::Sia(_) => Some(Answer::Sia),
            Content::End => None,
        }
    }

    /// The bytes of the message.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] if the blocks make more than [`MESSAGE_MAX`] bytes.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        match &self.content {
            Content::Poll { account, flags } => {
                out.extend_from_slice(b"POLL");
                out.extend_from_slice(account.as_str().as_bytes());
                out.extend_from_slice(&[b'#', flags.0, 0, 0, 0]);
            }
            Content::ContactId(report) => {
                out.push(b'2');
                let digits = report.encode();
                out.extend(digits.iter().take(4).map(|&digit| if digit == b'0' { b'A' } else { digit }));
                out.extend_from_slice(&digits[4..]);
            }
            Content::Sia(blocks) => {
                out.push(b'3');
                blocks.iter().for_each(|block| block.encode_into(&mut out));
            }
            Content::End => return Ok(b"+++".to_vec()),
        }
        out.extend_from_slice(b"\r\n");
        if out.len() > MESSAGE_MAX {
            return Err(EncodeError::TooLong { length: out.len() });
        }
        Ok(out)
    }
}
