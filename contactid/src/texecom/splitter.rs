//! A stream between a Texecom panel and a centre, cut into messages or answers.

use alloc::vec::Vec;

use super::MESSAGE_MAX;
use crate::sia::{Block, Function};

/// Which way a stream goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Messages of a panel.
    FromPanel,
    /// Answers of a centre.
    FromCentre,
}

/// Cuts a stream into messages of a panel, or into the answers to them.
///
/// A message is as long as its form says, because CR LF may stand inside its blocks. What begins none is passed over byte by
/// byte. Call [`pop`](Self::pop) until it gives `None` after each [`push`](Self::push): then never more is held than one
/// unfinished message, at most [`MESSAGE_MAX`] bytes.
///
/// ```
/// use contactid::texecom::{Direction, TexecomSplitter};
/// let mut splitter = TexecomSplitter::new(Direction::FromPanel);
/// splitter.push(b"21AAA18113001004F\r\nPOLL1000#\0\0");
/// assert_eq!(splitter.pop(), Some(&b"21AAA18113001004F\r\n"[..]));
/// assert_eq!(splitter.pop(), None);
/// splitter.push(b"\0\0\r\n+++");
/// assert_eq!(splitter.pop(), Some(&b"POLL1000#\0\0\0\0\r\n"[..]));
/// assert_eq!(splitter.pop(), Some(&b"+++"[..]));
/// ```
#[derive(Clone, Debug)]
pub struct TexecomSplitter {
    direction: Direction,
    held: Vec<u8>,
    start: usize,
    noise: u64,
}

impl TexecomSplitter {
    /// A splitter at the start of a stream. Allocates nothing yet.
    pub const fn new(direction: Direction) -> Self {
        Self { direction, held: Vec::new(), start: 0, noise: 0 }
    }

    /// Takes in what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.drain(..self.start);
        self.start = 0;
        self.held.extend_from_slice(bytes);
    }

    /// The next message, its CR LF included; `None` means not yet.
    pub fn pop(&mut self) -> Option<&[u8]> {
        while let held @ [_, ..] = self.held.get(self.start..).unwrap_or_default() {
            // Never more is looked at, so that the same messages come out however the stream was cut.
            let seen = held.get(..MESSAGE_MAX).unwrap_or(held);
            let length = match self.direction {
                Direction::FromPanel => message(seen),
                Direction::FromCentre => answer(seen),
            };
            match length {
                Length::Whole(length) => {
                    let from = self.start;
                    self.start += length;
                    return self.held.get(from..from + length);
                }
                Length::Unfinished if seen.len() < MESSAGE_MAX => return None,
                Length::Unfinished | Length::None => {
                    self.start += 1;
                    self.noise += 1;
                }
            }
        }
        None
    }

    /// How many bytes were passed over because they belong to no message.
    pub const fn noise(&self) -> u64 {
        self.noise
    }

    /// How many bytes wait for the rest of their message.
    pub fn pending(&self) -> usize {
        self.held.len() - self.start
    }
}

/// What stands at the front.
enum Length {
    Whole(usize),
    Unfinished,
    None,
}

/// The longest account, in characters.
const ACCOUNT_MAX: usize = crate::AccountNumber::MAX;

fn message(held: &[u8]) -> Length {
    match held {
        [b'+', b'+', b'+', ..] => Length::Whole(3),
        [b'2', ..] => ended(held, 17),
        [b'3', ..] => blocks(held),
        [b'P', b'O', b'L', b'L', poll @ ..] => match poll.iter().take(ACCOUNT_MAX + 1).position(|&byte| byte == b'#') {
            Some(mark) => ended(held, 4 + mark + 5),
            None if poll.len() <= ACCOUNT_MAX => Length::Unfinished,
            None => Length::None,
        },
        _ if b"POLL".starts_with(held) || b"+++".starts_with(held) => Length::Unfinished,
        _ => Length::None,
    }
}

fn answer(held: &[u8]) -> Length {
    match held {
        [b'2' | b'3', 6, ..] => ended(held, 2),
        [b'[', b'P', b']', 0, _, 6, ..] => ended(held, 6),
        [b'[', b'P', b']', 0, _] | [b'2' | b'3'] => Length::Unfinished,
        _ if b"[P]\0".starts_with(held) => Length::Unfinished,
        _ => Length::None,
    }
}

/// Blocks as long as their headers say, up to one that ends the data.
fn blocks(held: &[u8]) -> Length {
    let mut at = 1;
    while let Some(&[header, function, ..]) = held.get(at..) {
        at += Block::length(header);
        if Function(function) == Function::END_OF_DATA {
            return ended(held, at);
        }
        if !Function(function).is_listed() {
            return Length::None;
        }
    }
    Length::Unfinished
}

/// A message of this length, with CR LF behind it.
fn ended(held: &[u8], length: usize) -> Length {
    match held.get(length..) {
        Some([b'\r', b'\n', ..]) => Length::Whole(length + 2),
        None | Some([] | [b'\r']) => Length::Unfinished,
        Some(_) => Length::None,
    }
}
