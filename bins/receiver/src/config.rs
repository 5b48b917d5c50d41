//! What can be set, and what it is when nobody sets it.

use std::net::SocketAddr;
use std::time::Duration;

use contactid::Window;

/// How a receiver listens, judges and defends itself.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where DC-09 is heard, on TCP and UDP alike. Port 0 takes a free one.
    pub dc09: SocketAddr,
    /// What the panels hear.
    pub policy: Policy,
    /// What a peer may do to us.
    pub limits: Limits,
}

/// What is answered where the standard leaves a choice.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How far the clock of an encrypted message may be off (DC-09, 5.5.1.9). Outside, it is stored, marked, and answered
    /// with our time, so that the panel corrects its clock and repeats it.
    pub window: Window,
    /// From how many seconds on the clock of a plain message is marked as off. It is acknowledged in any case: panels send
    /// local time, or have dead clocks.
    pub clock_off_secs: u32,
    /// What a plain frame hears whose account has a key. It is stored and marked in any case.
    pub plain_despite_key: PlainAnswer,
}

/// The answer to a plain frame of an account that has a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainAnswer {
    /// Acknowledge it: a panel that lost its key is still heard, and stops repeating.
    Ack,
    /// Refuse it with DUH: only the key counts.
    Duh,
    /// No answer.
    Silence,
}

/// Bounds on what a peer may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Connections at a time from one address; loopback is exempt.
    pub connections_per_address: usize,
    /// A peer that has not finished a first frame, or a frame it began, within this time is cut.
    pub patience: Duration,
    /// A connection on which nothing came for so long is closed. Generous: panels keep their sockets, and some report only
    /// once an hour.
    pub idle: Duration,
    /// Bytes that belong to no intact frame, before a peer is cut. An intact frame clears the account.
    pub noise_bytes: u64,
}

impl Config {
    /// The defaults, listening on `dc09`.
    #[must_use]
    pub fn new(dc09: SocketAddr) -> Self {
        Self { dc09, policy: Policy::default(), limits: Limits::default() }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { window: Window::STANDARD, clock_off_secs: 300, plain_despite_key: PlainAnswer::Ack }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 50_000,
            connections_per_address: 1_000,
            patience: Duration::from_secs(10),
            idle: Duration::from_secs(2 * 3600),
            noise_bytes: 32 * 1024,
        }
    }
}
