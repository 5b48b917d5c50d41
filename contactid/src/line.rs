//! A call on a telephone line, from either end: handshake, digits, kissoff. No modem and no clock are in here.
//!
//! ```text
//! receiver                                         transmitter
//!    ◀───────────────── rings, is answered ────────────┤
//!    │ 0.5–2 s silence                                 │
//!    ├── 1400 Hz 100 ms, pause 100 ms, 2300 Hz 100 ms ─▶
//!    │                                                 │ 250–300 ms
//!    ◀──────────── digits, 50 ms on, 50 ms off ────────┤
//!    │ check digit holds; stored                       │ waits about 1.25 s,
//!    ├────────────── kissoff: 1400 Hz 850 ms ──────────▶ up to 4 tries
//!    │                                                 │ 250–300 ms
//!    ◀───────────────── next message ──────────────────┤
//! ```
//!
//! Panels of the formats in [`keyed`] send characters instead of digits, behind handshakes of their own; the rest is alike.
//!
//! [`Receiver`] and [`Transmitter`] are state machines: what is heard and what time it is go in, what to send comes out. A
//! tone decoder and a tone generator stand between them and the line. All times are milliseconds from any origin.
//!
//! # What a call guarantees, and what it cannot
//!
//! - A message is acknowledged only after the caller has said that it is stored ([`ReceiverInput::Stored`]), so that one
//!   that the transmitter counts as delivered was reported at least once.
//! - One that the check digit does not hold for is never reported and never acknowledged: its transmitter repeats it. A check
//!   digit of fifteen does not see every mangled message; no receiver can.
//! - A kissoff that is lost makes the transmitter repeat a message that was stored. Contact ID has no sequence number, so a
//!   repeat and a second event of the same kind look alike. The receiver reports a message that equals the last one of the
//!   same call with its number beside it ([`Report::repeats`]), and who stores it decides; none is dropped in silence.
//! - Across calls nothing is known: a message repeated in another call is reported as a new one.

pub mod keyed;
pub mod pulse;
mod receiver;
mod report;
mod timing;
mod transmitter;

pub use receiver::{Ending, Receiver, ReceiverInput, ReceiverOutput};
pub use report::{LineMessage, Report};
pub use timing::{Handshake, ReceiverOptions, ReceiverTiming, Sound, TransmitterTiming};
pub use transmitter::{Transmitter, TransmitterInput, TransmitterOutput};
