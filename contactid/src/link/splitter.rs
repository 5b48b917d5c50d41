//! `RecordSplitter`: a stream of bytes cut into the records of one receiver.

use alloc::vec::Vec;

use super::Framing;
use super::profile::Cut;

/// Cuts a stream into records; what belongs to none is passed over and counted.
///
/// Call [`pop`](Self::pop) until it gives `None` after each [`push`](Self::push): then never more is held than one unfinished
/// record.
///
/// ```
/// use contactid::link::{Framing, RecordSplitter};
/// let mut splitter = RecordSplitter::new(Framing::Surgard);
/// splitter.push(b"\r\n5011 181234E1210");
/// assert_eq!(splitter.pop(), None);
/// splitter.push(b"1001\x141011           @    \x14");
/// assert_eq!(splitter.pop(), Some(&b"5011 181234E12101001\x14"[..]));
/// assert_eq!(splitter.pop(), Some(&b"1011           @    \x14"[..]));
/// assert_eq!(splitter.pop(), None);
/// assert_eq!(splitter.noise(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct RecordSplitter {
    framing: Framing,
    held: Vec<u8>,
    start: usize,
    noise: u64,
}

impl RecordSplitter {
    /// A splitter at the start of a stream. Allocates nothing yet.
    pub const fn new(framing: Framing) -> Self {
        Self { framing, held: Vec::new(), start: 0, noise: 0 }
    }

    /// Takes in what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.drain(..self.start);
        self.start = 0;
        self.held.extend_from_slice(bytes);
    }

    /// The next record, whole or not; `None` means not yet.
    pub fn pop(&mut self) -> Option<&[u8]> {
        let length = loop {
            let held = self.held.get(self.start..).unwrap_or_default();
            let &first = held.first()?;
            let cut = if self.framing.begins(first) { self.framing.cut(held) } else { Cut::Nowhere };
            match cut {
                Cut::At(length) => break length,
                Cut::NotYet => return None,
                // Zeros between OH lines fill blocks of the cipher.
                Cut::Nowhere => self.skip(first != 0 || self.framing != Framing::Oh),
            }
        };
        let from = self.start;
        self.start += length;
        self.held.get(from..self.start)
    }

    fn skip(&mut self, is_noise: bool) {
        self.start += 1;
        self.noise += u64::from(is_noise);
    }

    /// How many bytes were passed over because no record can begin with them.
    pub const fn noise(&self) -> u64 {
        self.noise
    }

    /// How many bytes wait for the rest of their record.
    pub fn pending(&self) -> usize {
        self.held.len() - self.start
    }
}
