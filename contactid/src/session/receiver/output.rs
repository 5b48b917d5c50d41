//! What a receiver asks for.

use alloc::vec::Vec;

use crate::{AccountNumber, Fault, MessageError, Quirks, Signal, Stamp};

/// The caller's name for a TCP connection, or for the address and port that a datagram came from. No two that are in use
/// share a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub u64);

/// A report that waits to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub(super) u64);

impl Ticket {
    /// Its number: 1 for the first report, and rising.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What is to be done or to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Store this, then hand in [`Input::Stored`](super::Input::Stored).
    Report(Report),
    /// A supervision message came, and is acknowledged.
    Alive {
        /// Where it came from.
        link: Link,
        /// Who sent it, if it says.
        account: Option<AccountNumber>,
        /// The frame as it came.
        frame: Vec<u8>,
    },
    /// A message came again. It is not reported again, and acknowledged if the first was.
    Repeated {
        /// Where it came from.
        link: Link,
        /// Who sent it.
        account: Option<AccountNumber>,
    },
    /// Something came that is not reported. If it deserves an answer, that follows.
    Fault {
        /// Where it came from.
        link: Link,
        /// Who sent it, if that could be read.
        account: Option<AccountNumber>,
        /// What is wrong, and who has to act.
        fault: Fault,
        /// The frame, if it came intact: under a key that does not fit, or with a clock that is off, it may be an alarm all the
        /// same. Keep it; [`Frame::open`](crate::Frame::open) reads what can be read.
        frame: Option<Vec<u8>>,
    },
    /// A message opened under [`Terms::offered`](super::Terms::offered) only: the panel took that key. Make it the account's key,
    /// and give up the old one.
    KeyTaken {
        /// Where it came from.
        link: Link,
        /// Who took it, if it says.
        account: Option<AccountNumber>,
    },
    /// A report came while too many wait to be stored. It is left unanswered.
    Overloaded {
        /// Where it came from.
        link: Link,
        /// Who sent it, if it says.
        account: Option<AccountNumber>,
    },
    /// Send these bytes.
    Send {
        /// Where to: the connection, or in one datagram to the address.
        link: Link,
        /// One whole frame.
        bytes: Vec<u8>,
    },
    /// Close this connection, behind what was to be sent.
    Close {
        /// Which.
        link: Link,
        /// Why.
        why: Why,
    },
    /// An account has not been heard for its interval and tolerance.
    Lost {
        /// Who.
        account: AccountNumber,
        /// For how long it has been silent, in milliseconds.
        silent_ms: u64,
    },
    /// A lost account was heard again.
    Restored {
        /// Who.
        account: AccountNumber,
    },
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Its time is over, or it was silent too long.
    Silent,
    /// It brought too many bytes that are no frame: a scanner.
    Noise,
    /// There are as many connections as may be.
    Full,
}

/// One message of a panel, new to this receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Names it in [`Input::Stored`](super::Input::Stored).
    pub ticket: Ticket,
    /// Where it came from.
    pub link: Link,
    /// Who sent it, if it says. Without an account repeats cannot be told, and are reported again.
    pub account: Option<AccountNumber>,
    /// What it reports: nothing if the content was not read, or is of a token whose content stays raw.
    pub signals: Vec<Signal>,
    /// Why the content was not read. Store it all the same: the meaning is lost, not the report.
    pub unread: Option<MessageError>,
    /// When the panel sent it, by its own clock.
    pub stamp: Option<Stamp>,
    /// Whether it came encrypted.
    pub encrypted: bool,
    /// The departures from the standard.
    pub quirks: Quirks,
    /// The frame as it came: [`Frame::parse`](crate::Frame::parse) and the account's key read all of it again.
    pub frame: Vec<u8>,
}
