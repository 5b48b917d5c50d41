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
//!
//! Both ends of one report, without a socket between them:
//!
//! ```
//! use contactid::session::{Moment, receiver, transmitter};
//! use contactid::{CidMessage, Stamp, Token};
//! use receiver::{Link, Receiver, Terms};
//! use transmitter::{Content, Path, Setup, Transmitter};
//!
//! let moment = Moment { now_ms: 0, utc: Stamp::from_unix(1_741_350_896), random: &[7; 31] };
//! let terms = |_: Option<_>| Terms::default();
//! let mut centre = Receiver::new(receiver::Options::default());
//! let mut panel = Transmitter::new(Setup::new("1234", Path::udp()), 0)?;
//!
//! let alarm = CidMessage::parse(b"1130 01 005")?;
//! let event = panel.queue(Content::report(Token::AdmCid, "1234", alarm), Vec::new())?;
//! panel.handle(transmitter::Input::Tick, moment);
//! let Some(transmitter::Output::Send { bytes, .. }) = panel.poll() else { panic!("a frame") };
//!
//! centre.handle(receiver::Input::Datagram { link: Link(1), bytes: &bytes }, moment, &terms);
//! let Some(receiver::Output::Report(report)) = centre.poll() else { panic!("a report") };
//! // Here the centre stores it.
//! centre.handle(receiver::Input::Stored { ticket: report.ticket, response: None }, moment, &terms);
//! let Some(receiver::Output::Send { bytes, .. }) = centre.poll() else { panic!("an answer") };
//!
//! panel.handle(transmitter::Input::Received { path: 0, bytes: &bytes }, moment);
//! let Some(transmitter::Output::Delivered(delivery)) = panel.poll() else { panic!("delivered") };
//! assert_eq!(delivery.event, event);
//! # Ok::<(), Box<dyn std::error::Error>>(())
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
