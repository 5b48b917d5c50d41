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
//! Pulse formats are in [`pulse`].

pub mod pulse;
