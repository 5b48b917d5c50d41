//! What a transmitter asks for.

use alloc::vec::Vec;

/// An event in the queue of a transmitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event(pub(super) u64);

impl Event {
    /// Its number: 1 for the first event, and rising.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What is to be done or to be known. A path is named by its place in [`Setup::paths`](super::Setup::paths).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Connect to the receiver of this path, then hand in [`Input::Connected`](super::Input::Connected), or
    /// [`Input::Broken`](super::Input::Broken) if it cannot be.
    Connect {
        /// Which path.
        path: usize,
    },
    /// Send these bytes.
    Send {
        /// On which path.
        path: usize,
        /// One whole frame.
        bytes: Vec<u8>,
    },
    /// Close the connection of this path, or give up making one.
    Close {
        /// Which path.
        path: usize,
    },
    /// The receiver took an event; it has left the queue.
    Delivered(Delivery),
    /// The receiver does not understand any content of an event, or under a key set later it is too long to be sent; it has
    /// left the queue.
    Refused(Delivery),
    /// The receiver took a supervision message.
    Supervised {
        /// Over which path.
        path: usize,
    },
    /// The receiver's answer carries content. What became of the message follows, and nothing is sent before the next
    /// [`Input`](super::Input): if the content is a key, [`Transmitter::set_key`](super::Transmitter::set_key) comes first.
    Response {
        /// The frame as it came: [`Frame::parse`](crate::Frame::parse) and the panel's key read it.
        frame: Vec<u8>,
    },
    /// The receiver named its time: stamps are corrected from now on. NAK is never encrypted, so that whoever can answer
    /// can do this; the panel's own clock stays as it is.
    ClockSet {
        /// How far the receiver's clock is ahead of the time that the session is told, in seconds.
        ahead_secs: i64,
    },
    /// No answer on this path in all its tries, or none but refusals of the time.
    PathFailed {
        /// Which path.
        path: usize,
    },
    /// As [`Output::PathFailed`] on every path. Events stay in the queue, and the panel rests before it begins again.
    Unreachable,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which event.
    pub event: Event,
    /// Which of its contents the receiver answered: 0 for the first.
    pub content: usize,
    /// The number that this content had in every try.
    pub sequence: u16,
    /// How often this content was sent.
    pub sent: u32,
    /// Over which path the answer came.
    pub path: usize,
}
