//! DC-03 blocks as they travel raw: over modems, serial lines, and the TCP links that imitate them.

use alloc::vec::Vec;

use super::Function;
use crate::cid::digits::allowed;
use crate::{AccountNumber, Check, EncodeError, Quirks, RecordError, Strictness, text};

const LENGTH: u8 = 0x3F;
pub(super) const ACK_REQUEST: u8 = 0x40;
const REVERSE_CHANNEL: u8 = 0x80;

/// One block of DC-03: header, function, up to 63 bytes of data, parity.
///
/// ```text
/// 46 23 30 32 33 34 39 39 9F
/// │  │  └──────────────┴─ └─ parity: all bytes of the block together give FF
/// │  │                  └─── data: 023499
/// │  └────────────────────── function: # account
/// └───────────────────────── 40 acknowledgement requested, 80 reverse channel, and the number of data bytes
/// ```
///
/// ```
/// use contactid::{Strictness, sia::{Block, Function}};
/// let block = Block::parse(b"\x46#023499\x9F", Strictness::Strict)?;
/// assert_eq!((block.function(), block.data(), block.asks_for_answer()), (Function::ACCOUNT, &b"023499"[..], true));
/// assert_eq!(block.encode(), b"\x46#023499\x9F");
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Block<'a> {
    flags: u8,
    function: Function,
    // At most `Block::DATA_MAX` bytes: whoever makes a block sees to it.
    data: &'a [u8],
    quirks: Quirks,
}

impl<'a> Block<'a> {
    /// The most data that a block carries, in bytes.
    pub const DATA_MAX: usize = 63;
    /// The longest block, in bytes.
    pub const MAX: usize = Self::DATA_MAX + 3;
    /// The acknowledgement as receivers on a serial line send it: `00 38 C7`.
    pub const ACKNOWLEDGEMENT: Block<'static> =
        Block { flags: 0, function: Function::ACKNOWLEDGE, data: &[], quirks: Quirks::NONE };
    /// The refusal as receivers on a serial line send it: `00 39 C6`.
    pub const REFUSAL: Block<'static> = Block { flags: 0, function: Function::REJECT, data: &[], quirks: Quirks::NONE };

    /// The acknowledgement as receivers on a network send it: `40 38 87`.
    pub const NETWORK_ACKNOWLEDGEMENT: Block<'static> =
        Block { flags: ACK_REQUEST, function: Function::ACKNOWLEDGE, data: &[], quirks: Quirks::NONE };
    /// The most data that a panel sends in a group, blocks of which only the last asks for an answer: 500 bytes.
    pub const PANEL_GROUP_MAX: usize = 500;
    /// The most data that a receiver sends in a group: 300 bytes.
    pub const RECEIVER_GROUP_MAX: usize = 300;
    /// The longest time between two blocks of a group: 4000 ms.
    pub const GROUP_GAP_MS: u32 = 4000;

    /// A block of this function that asks for an answer.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] if there are more than 63 bytes of data.
    pub const fn new(function: Function, data: &'a [u8]) -> Result<Self, EncodeError> {
        if data.len() > Self::DATA_MAX {
            return Err(EncodeError::TooLong { length: data.len() });
        }
        Ok(Self { flags: ACK_REQUEST, function, data, quirks: Quirks::NONE })
    }

    /// The same block with these two flags in its header.
    #[must_use]
    pub const fn with_flags(mut self, asks_for_answer: bool, reverse_channel: bool) -> Self {
        self.flags = if asks_for_answer { ACK_REQUEST } else { 0 } | if reverse_channel { REVERSE_CHANNEL } else { 0 };
        self
    }

    /// Reads one block, with nothing behind it.
    ///
    /// # Errors
    /// [`RecordError::Length`] if bytes are missing or left over, [`RecordError::Check`] if the parity is wrong.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        let (block, rest) = Self::split(bytes, Strictness::Tolerant)?;
        match rest {
            [] => allowed(block, block.quirks, strictness),
            _ => Err(RecordError::Length { expected: bytes.len() - rest.len(), found: bytes.len() }),
        }
    }

    /// Reads the block at the front, and gives what lies behind it.
    ///
    /// # Errors
    /// As [`Block::parse`], but for bytes left over.
    pub fn split(bytes: &'a [u8], strictness: Strictness) -> Result<(Self, &'a [u8]), RecordError> {
        let short = |expected| RecordError::Length { expected, found: bytes.len() };
        let &header = bytes.first().ok_or(short(3))?;
        let length = usize::from(header & LENGTH);
        let (whole, rest) = bytes.split_at_checked(length + 3).ok_or(short(length + 3))?;
        let [_, function, data @ .., found] = whole else { return Err(short(3)) };
        let expected = parity(header, *function, data);
        if expected != *found {
            let (expected, found) = (u32::from(expected), u32::from(*found));
            return Err(RecordError::Check { check: Check::Parity, expected, found });
        }
        let function = Function(*function);
        let quirks = if function == function.canonical() { Quirks::NONE } else { Quirks::CONTROL_CODE_FUNCTION };
        let block = Self { flags: header & !LENGTH, function, data, quirks };
        allowed((block, rest), quirks, strictness)
    }

    /// How long the block is that begins with this header, in bytes.
    pub(crate) const fn length(header: u8) -> usize {
        (header & LENGTH) as usize + 3
    }

    /// Whether an acknowledgement is owed: the header asks for one, and the function is one that is acknowledged.
    pub const fn is_owed_answer(&self) -> bool {
        self.asks_for_answer() && self.function.may_be_acknowledged()
    }

    /// What the block is for.
    pub const fn function(&self) -> Function {
        self.function
    }

    /// What it carries, 0 to 63 bytes.
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Whether the header asks for an acknowledgement.
    pub const fn asks_for_answer(&self) -> bool {
        self.flags & ACK_REQUEST != 0
    }

    /// Whether the sender listens on the reverse channel.
    pub const fn opens_reverse_channel(&self) -> bool {
        self.flags & REVERSE_CHANNEL != 0
    }

    /// The account, if this is an account block.
    pub fn account(&self) -> Option<AccountNumber> {
        let named = self.function == Function::ACCOUNT;
        named.then(|| AccountNumber::new(self.data.trim_ascii()).ok()).flatten()
    }

    /// The data as text: UTF-8, or else Windows-1252.
    pub fn text(&self) -> alloc::borrow::Cow<'a, str> {
        text::decode(self.data)
    }

    /// The departures from DC-03 that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The bytes of the block.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data.len() + 3);
        self.encode_into(&mut out);
        out
    }

    /// Appends what [`Block::encode`] returns.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        let header = self.flags | self.data.len() as u8;
        out.extend_from_slice(&[header, self.function.0]);
        out.extend_from_slice(self.data);
        out.push(parity(header, self.function.0, self.data));
    }
}

fn parity(header: u8, function: u8, data: &[u8]) -> u8 {
    data.iter().fold(0xFF ^ header ^ function, |sum, byte| sum ^ byte)
}

/// The blocks of a report, one behind the other.
///
/// ```
/// use contactid::{Strictness, sia};
/// let report = b"\xC4#1000\x19\xC8Nri1CL001m\xC3ABobl";
/// let blocks: Vec<_> = sia::blocks(&report[..18], Strictness::Tolerant).collect::<Result<_, _>>()?;
/// assert_eq!((blocks.len(), blocks[1].data()), (2, &b"ri1CL001"[..]));
/// # Ok::<(), contactid::RecordError>(())
/// ```
pub fn blocks(bytes: &[u8], strictness: Strictness) -> impl Iterator<Item = Result<Block<'_>, RecordError>> {
    let mut left = bytes;
    core::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let read = Block::split(left, strictness);
        left = read.as_ref().map_or(&[], |(_, rest)| *rest);
        Some(read.map(|(block, _)| block))
    })
}

/// The blocks of a report as the content of a `SIA-DCS` message says them: function and data, with `|` between. Account and
/// system blocks, which say nothing of events, are left out.
pub fn content(blocks: &[Block<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let telling = |block: &&Block<'_>| !block.function.is_system() && block.function != Function::ACCOUNT;
    for block in blocks.iter().filter(telling) {
        if !out.is_empty() {
            out.push(b'|');
        }
        out.push(block.function.0);
        out.extend_from_slice(block.data);
    }
    out
}
