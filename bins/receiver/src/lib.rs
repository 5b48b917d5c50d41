//! The receiver: hears DC-09 on TCP and UDP, stores every report, and only then acknowledges it.
//!
//! ```text
//! panel ──bytes──▶ connection ──frame──▶ judge ──signals, answer──▶ queue ──batch──▶ intake ──commit──▶ signal log
//!   ▲                                      │ heartbeat                                 │
//!   └──────────────── answer ──────────────┴───────────── answer, once durable ────────┘
//! ```

pub mod accounts;
pub mod clock;
mod config;
mod counts;
mod directory;
pub mod files;
mod gate;
mod intake;
mod judge;
mod keeper;
mod last_seen;
mod random;
mod server;
mod tcp;
mod turned_away;
mod udp;

pub use config::{Config, Limits, PlainAnswer, Policy};
pub use directory::Directory;
pub use gate::Gate;
pub use intake::Intake;
pub use keeper::Keeper;
pub use last_seen::LastSeen;
pub use server::{BindError, Receiver, Refusals};
pub use turned_away::NoPlace;
