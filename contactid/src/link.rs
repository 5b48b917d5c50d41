//! Links that carry records one by one, from either end and without IO: a receiver and its automation, a panel and a centre.
//! Records, answers, heartbeats, and whether the other end is there.
//!
//! ```text
//! receiver or panel (Sender)                    automation or centre (Taker)
//!   │ queue(record)                               │
//!   ├── record ─────────────────────────────────▶ │ Record(ticket): stored by the caller,
//!   │ ◀───────────────────────────────── ACK ─────┤ then Stored(ticket), and only then answered
//!   │   Delivered                                 │
//!   ├── record ─────────────────────────────────▶ │ damaged
//!   │ ◀───────────────────────────────── NAK ─────┤
//!   ├── again, `tries` times; then Down           │
//!   ├── heartbeat, every `heartbeat_ms` ────────▶ │ answered; a link that is silent for `silence_ms` is Down
//!   │ ◀───────────────────────────────── ACK ─────┤
//!   │   Up: the queue goes on where it stood      │
//! ```
//!
//! Both ends take what happens with `handle`, and say what is to be done with `poll`, which is called until it gives `None`;
//! then they want to be called again at `deadline`. Times are milliseconds from any origin and must not go back.
//!
//! # What a link guarantees, and what it cannot
//!
//! - A record is acknowledged only after the caller has said that it is stored. A record leaves the queue of the sender only
//!   when it was acknowledged. So none is lost while both ends live; what must survive a restart its owner stores.
//! - An answer of one byte does not say what it answers. After a repeat the sender therefore lets late answers pass
//!   ([`LinkTiming::settle_ms`]); automation that answers later than that can make it take a lost record for delivered.
//! - An answer that is lost makes the sender repeat a record that was stored. Only DC-07 numbers its records; of all others a
//!   repeat and a second event of the same kind look alike. The taker reports both, with [`Arrival::repeats`] beside it, and
//!   who stores them decides; none is dropped in silence.

mod profile;
mod sender;
mod splitter;
mod taker;

pub use profile::{Answer, Framing, LinkTiming, Profile};
pub use sender::{Sender, SenderInput, SenderOutput};
pub use splitter::RecordSplitter;
pub use taker::{Arrival, Taker, TakerInput, TakerOutput};
