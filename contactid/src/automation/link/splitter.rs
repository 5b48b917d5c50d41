//! `RecordSplitter`: a stream of bytes cut into the records of one receiver.

use alloc::vec::Vec;

use super::Framing;
use crate::automation::surgard::B32_HEADER;

/// Cuts a stream into records; what belongs to none is passed over and counted.
///
/// Call [`pop`](Self::pop) until it gives `None` after each [`push`](Self::push): then never more is held than one unfinished
/// record.
///
/// ```
/// use contactid::automation::link::{Framing, RecordSplitter};
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
            if !self.framing.begins(first) {
                self.skip();
                continue;
            }
            match self.length(held) {
                Some(length) if length <= held.len() => break length,
                // A start that no end follows soon is none.
                None if held.len() > self.framing.longest() => self.skip(),
                Some(_) | None => return None,
            }
        };
        let from = self.start;
        self.start += length;
        self.held.get(from..self.start)
    }

    /// How long the record is that begins here; `None` if that cannot be known yet.
    fn length(&self, held: &[u8]) -> Option<usize> {
        match self.framing.end() {
            Some(end) => {
                let held = held.get(..=self.framing.longest()).unwrap_or(held);
                memchr::memchr(end, held).map(|at| at + 1)
            }
            None => match *held.first_chunk::<B32_HEADER>()? {
                [0, 0, high, low] if [high, low].iter().all(|byte| byte >> 4 <= 9 && byte & 15 <= 9) => {
                    let two = |byte: u8| usize::from(byte >> 4) * 10 + usize::from(byte & 15);
                    // Less than its own header is no length: one byte is passed over, and the search goes on.
                    Some((two(high) * 100 + two(low)).max(1))
                }
                _ => Some(1),
            },
        }
    }

    const fn skip(&mut self) {
        self.start += 1;
        self.noise += 1;
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
