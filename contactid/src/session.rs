//! DC-09 sessions, sans IO: the receiving and the transmitting side.
//!
//! Neither has a socket, a clock or chance: bytes, time and random bytes come in with
//! [`Receiver::handle`](receiver::Receiver::handle) and [`Transmitter::handle`](transmitter::Transmitter::handle); what is
//! to be done comes out of `poll`, until it gives `None`; and `deadline` says when to come back if nothing happens.
//!
//! ```text
//!  panel                                                          centre
//! event ──▶ Transmitter ──Send──▶ socket ═══ socket ──▶ Receiver ──Report(ticket)──▶ store
//!   ▲            ▲                                         │  ▲                        │
//!   └─Delivered──┴───────────── socket ═══ socket ◀──Send──┘  └──────Stored(ticket)────┘
//! ```

pub mod receiver;
pub mod transmitter;

use crate::Stamp;

/// What a session is told with every input.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Milliseconds from any origin, never going back.
    pub now_ms: u64,
    /// The time of day.
    pub utc: Stamp,
    /// At least 31 random bytes, fresh for every call: they salt what is encrypted in answer to it. Where nothing is
    /// encrypted they may be empty.
    pub random: &'a [u8],
}
