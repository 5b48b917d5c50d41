//! `Deframer`: a byte stream cut into frames, bounded, whatever the segments look like and whatever lies between.

use alloc::vec::Vec;

use memchr::{memchr, memchr2_iter};

use crate::FRAME_MAX;
use crate::frame::parse::Header;

/// Cuts a byte stream into `LF … CR` frames.
///
/// A frame begins where a header follows an LF: four digits of CRC and four of length before a `"`, or the six bytes of a
/// binary CRC. Everything else between frames is noise, is passed over and counted. A frame ends at the first CR behind its
/// `"`, or is given up where another frame begins in it (its CR was lost). Lengths are not believed: nothing is allocated
/// for what a header promises.
///
/// ```
/// use contactid::Deframer;
/// let mut deframer = Deframer::new();
/// deframer.push(b"noise\nD3440015\"NULL\"0000")?;
/// assert_eq!(deframer.pop(), None);
/// deframer.push(b"L0#008312[]\r\0")?;
/// assert_eq!(deframer.pop(), Some(&b"\nD3440015\"NULL\"0000L0#008312[]\r"[..]));
/// assert_eq!(deframer.pop(), None);
/// assert_eq!(deframer.noise(), 5);
/// # Ok::<(), contactid::Overrun>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Deframer {
    held: Vec<u8>,
    /// Everything before is done with.
    start: usize,
    /// At `start` stands a whole frame header, and up to here there is no CR.
    searched: Option<usize>,
    noise: u64,
    overrun: bool,
}

/// A frame grew beyond [`FRAME_MAX`] without an end. It is given up; the next frame is found all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no end of frame in {FRAME_MAX} bytes")]
pub struct Overrun;

impl Deframer {
    /// A deframer at the start of a stream. Allocates nothing yet.
    pub const fn new() -> Self {
        Self { held: Vec::new(), start: 0, searched: None, noise: 0, overrun: false }
    }

    /// Takes in what was read. Call [`pop`](Self::pop) until it gives `None` after each: then never more is held than one
    /// unfinished frame.
    ///
    /// # Errors
    /// [`Overrun`] if a frame without end was given up since the last call. The bytes are taken in all the same.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Overrun> {
        self.held.drain(..self.start);
        self.searched = self.searched.map(|searched| searched - self.start);
        self.start = 0;
        self.held.extend_from_slice(bytes);
        if self.held.len() > FRAME_MAX {
            self.find_end();
        }
        if core::mem::take(&mut self.overrun) { Err(Overrun) } else { Ok(()) }
    }

    /// The next frame, from LF to CR; `None` means not yet.
    pub fn pop(&mut self) -> Option<&[u8]> {
        let end = self.find_end()?;
        let frame = self.start..end;
        self.start = end;
        self.searched = None;
        Some(&self.held[frame])
    }

    /// How many bytes were passed over because they belong to no frame; LF, CR and NUL are not counted.
    pub const fn noise(&self) -> u64 {
        self.noise
    }

    /// How many bytes wait for the rest of their frame.
    pub fn pending(&self) -> usize {
        self.held.len() - self.start
    }

    /// Where the frame at the front ends, behind its CR, once noise before it is passed over.
    fn find_end(&mut self) -> Option<usize> {
        loop {
            let searched = match self.searched {
                Some(searched) => searched,
                None => self.find_header()?,
            };
            let held = &self.held[..];
            let mut restart = None;
            for at in memchr2_iter(b'\r', b'\n', &held[searched..]).map(|at| searched + at) {
                if held[at] == b'\r' {
                    if at + 1 - self.start > FRAME_MAX {
                        break;
                    }
                    self.searched = Some(at);
                    return Some(at + 1);
                }
                match Header::after_lf(&held[at + 1..]) {
                    Some(Header::Partial) => {
                        self.searched = Some(at);
                        return None;
                    }
                    Some(Header::Text | Header::Binary) => {
                        restart = Some(at);
                        break;
                    }
                    None => {}
                }
            }
            let pending = self.pending();
            match restart {
                Some(at) => {
                    self.overrun |= at - self.start > FRAME_MAX;
                    self.skip(at - self.start);
                }
                None if pending > FRAME_MAX => {
                    self.overrun = true;
                    self.skip(1);
                }
                None => {
                    self.searched = Some(self.held.len());
                    return None;
                }
            }
        }
    }

    /// Passes over noise up to the LF of a header, and gives the place of its `"`.
    fn find_header(&mut self) -> Option<usize> {
        loop {
            let Some(lf) = memchr(b'\n', &self.held[self.start..]) else {
                self.skip(self.pending());
                return None;
            };
            self.skip(lf);
            match Header::after_lf(&self.held[self.start + 1..]) {
                Some(Header::Partial) => return None,
                Some(header) => return Some(self.start + 1 + header.length()),
                None => self.skip(1),
            }
        }
    }

    fn skip(&mut self, count: usize) {
        let passed = &self.held[self.start..self.start + count];
        self.noise += passed.iter().filter(|byte| !matches!(byte, b'\n' | b'\r' | 0)).count() as u64;
        self.start += count;
        self.searched = None;
    }
}
