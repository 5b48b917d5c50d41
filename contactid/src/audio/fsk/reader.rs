//! From bytes to blocks.

use crate::sia::Block;

/// Cuts the bytes of a modem into blocks of SIA DC-03, by the length in their header.
///
/// A byte that is lost or too many puts every block behind it out of step. So [`reset`](Self::reset) it whenever the line
/// says that something new begins: at [`Begins`](super::FskHeard::Begins), [`Garbled`](super::FskHeard::Garbled) and
/// [`Over`](super::FskHeard::Over), and when a block was refused.
#[derive(Clone, Copy, Debug)]
pub struct BlockReader {
    bytes: [u8; Block::MAX],
    count: usize,
}

impl Default for BlockReader {
    fn default() -> Self {
        Self { bytes: [0; Block::MAX], count: 0 }
    }
}

impl BlockReader {
    /// Takes the next byte; gives the bytes of a block when it is the last one, for [`Block::parse`].
    pub fn push(&mut self, byte: u8) -> Option<&[u8]> {
        *self.bytes.get_mut(self.count)? = byte;
        self.count += 1;
        let [header, ..] = self.bytes;
        // Header, function, parity, and as many bytes as the header says.
        if self.count < usize::from(header & 0x3F) + 3 {
            return None;
        }
        let count = core::mem::take(&mut self.count);
        self.bytes.get(..count)
    }

    /// How many bytes of a block are there.
    pub const fn pending(&self) -> usize {
        self.count
    }

    /// Forgets the bytes of a block that is not complete.
    pub const fn reset(&mut self) {
        self.count = 0;
    }
}
