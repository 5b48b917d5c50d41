//! What a panel reports: an account, and the blocks that say what happened.

use alloc::{string::ToString, vec::Vec};

use crate::sia::{Block, Function, SiaEvent};
use crate::{AccountNumber, EncodeError};

/// One report to be sent: its account, and its blocks in their order.
///
/// ```
/// use contactid::{SiaMessage, sia::{Function, report::Outgoing}};
/// let message = SiaMessage::parse(b"Nri1BA005|AFront door").unwrap();
/// let report = Outgoing::new("1234".parse().unwrap()).with_event(&message.events[0])?;
/// let blocks: Vec<_> = report.blocks().collect();
/// assert_eq!(blocks, [(Function::NEW_EVENT, &b"ri1/BA005"[..]), (Function::TEXT, b"Front door")]);
/// # Ok::<(), contactid::EncodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outgoing {
    account: AccountNumber,
    // Of each, at most `Block::DATA_MAX` bytes.
    blocks: Vec<(Function, Vec<u8>)>,
}

impl Outgoing {
    /// A report of this account that says nothing yet.
    pub const fn new(account: AccountNumber) -> Self {
        Self { account, blocks: Vec::new() }
    }

    /// The same report with this block at its end: a function other than `0` to `9`, `#` and those that are never
    /// acknowledged (`@`, `C`, `X`), which the session sends by itself or nobody would hear.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond [`Block::DATA_MAX`] bytes; [`EncodeError::Byte`] for another function.
    pub fn with_block(mut self, function: Function, written: &[u8]) -> Result<Self, EncodeError> {
        Block::new(function, written)?;
        if function.is_system() || function == Function::ACCOUNT || !function.may_be_acknowledged() {
            return Err(EncodeError::Byte { field: "function", found: function.0 });
        }
        self.blocks.push((function, written.to_vec()));
        Ok(self)
    }

    /// The same report with this event at its end, and its text in blocks of function `A` behind it. A text that does not fit
    /// one block is parted at a blank, which the reader puts back, or else between two characters.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] if event and modifiers do not fit a block.
    pub fn with_event(self, event: &SiaEvent<'_>) -> Result<Self, EncodeError> {
        let written = SiaEvent { text: None, ..event.clone() }.to_string();
        let (letter, packets) =
            written.as_bytes().split_first().map_or((b'N', &[][..]), |(letter, rest)| (*letter, rest));
        let mut report = self.with_block(Function(letter), packets)?;
        let mut left = event.text.as_deref().unwrap_or_default();
        while !left.is_empty() {
            let (part, rest) = cut(left);
            report = report.with_block(Function::TEXT, part.as_bytes())?;
            left = rest;
        }
        Ok(report)
    }

    /// Who reports.
    pub const fn account(&self) -> AccountNumber {
        self.account
    }

    /// The blocks, each with its function.
    pub fn blocks(&self) -> impl Iterator<Item = (Function, &[u8])> {
        self.blocks.iter().map(|(function, written)| (*function, &written[..]))
    }
}

/// As much of a text as fits a block, and the rest behind the blank.
fn cut(text: &str) -> (&str, &str) {
    if text.len() <= Block::DATA_MAX {
        return (text, "");
    }
    let most = (0..=Block::DATA_MAX).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (part, rest) = text.split_at(most);
    match part.rsplit_once(' ') {
        Some((part, word)) if !part.is_empty() => (part, &text[text.len() - rest.len() - word.len()..]),
        _ => (part, rest),
    }
}
