//! `BlockSplitter`: a stream of bytes cut into DC-03 blocks.

use alloc::vec::Vec;

use super::Block;
use crate::{RecordError, Strictness};

/// Cuts a stream into DC-03 blocks.
///
/// A block has no mark at its start. So whatever has a listed function and the right parity is one. One that fails its parity
/// is passed over whole, because parity is all the check there is, and parts of a damaged block can have the right one by
/// chance; a byte that begins none is passed over alone. The first block that fails its parity is reported, so that it can be
/// refused; what is passed over behind it is not, up to the next good block.
///
/// Call [`pop`](Self::pop) until it gives `None` after each [`push`](Self::push): then never more is held than one
/// unfinished block.
///
/// ```
/// use contactid::sia::{BlockSplitter, Function};
/// let mut splitter = BlockSplitter::new();
/// splitter.push(b"\xFF\xFF\x46#0234");
/// assert_eq!(splitter.pop(), None);
/// splitter.push(b"99\x9F");
/// let block = splitter.pop().unwrap()?;
/// assert_eq!((block.function(), block.data()), (Function::ACCOUNT, &b"023499"[..]));
/// assert_eq!(splitter.pop(), None);
/// assert_eq!(splitter.noise(), 2);
/// # Ok::<(), contactid::RecordError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct BlockSplitter {
    held: Vec<u8>,
    start: usize,
    /// A damaged block was reported, and no good one came since.
    damaged: bool,
    /// The first byte passed over since the last good block.
    passed: Option<u8>,
    noise: u64,
}

impl BlockSplitter {
    /// A splitter at the start of a stream. Allocates nothing yet.
    pub const fn new() -> Self {
        Self { held: Vec::new(), start: 0, damaged: false, passed: None, noise: 0 }
    }

    /// Takes in what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.drain(..self.start);
        self.start = 0;
        self.held.extend_from_slice(bytes);
    }

    /// The line has fallen silent: what waits for more bytes is no block, and is passed over. Without this, noise that looks
    /// like the start of a long block swallows what comes behind it.
    pub fn quiet(&mut self) {
        self.skip(self.pending());
    }

    /// The next block, or that one was damaged; `None` means not yet.
    pub fn pop(&mut self) -> Option<Result<Block<'_>, RecordError>> {
        self.pop_behind().map(|read| read.map(|(block, _)| block))
    }

    /// As [`pop`](Self::pop), and with a block the first byte that was passed over since the block before it: what may have
    /// been the header of a block that is lost.
    pub(super) fn pop_behind(&mut self) -> Option<Result<(Block<'_>, Option<u8>), RecordError>> {
        loop {
            let held = self.held.get(self.start..).unwrap_or_default();
            let &[header, ref behind @ ..] = held else { return None };
            let listed = behind.first().is_none_or(|&function| super::Function(function).is_listed());
            let length = Block::length(header);
            if listed && held.len() < length {
                return None;
            }
            match held.get(..length).filter(|_| listed).map(|whole| Block::parse(whole, Strictness::Tolerant)) {
                Some(Ok(_)) => break,
                Some(Err(error)) => {
                    self.skip(length);
                    if !core::mem::replace(&mut self.damaged, true) {
                        return Some(Err(error));
                    }
                }
                None => self.skip(1),
            }
        }
        self.damaged = false;
        let from = self.start;
        let held = self.held.get(from..).unwrap_or_default();
        let length = held.first().map_or(0, |&header| Block::length(header));
        self.start += length;
        let passed = self.passed.take();
        let block = Block::parse(held.get(..length).unwrap_or_default(), Strictness::Tolerant);
        Some(block.map(|block| (block, passed)))
    }

    fn skip(&mut self, count: usize) {
        self.passed = self.passed.or(self.held.get(self.start).copied());
        self.start += count;
        self.noise += count as u64;
    }

    /// How many bytes were passed over because they belong to no block.
    pub const fn noise(&self) -> u64 {
        self.noise
    }

    /// How many bytes wait for the rest of their block.
    pub fn pending(&self) -> usize {
        self.held.len() - self.start
    }
}
