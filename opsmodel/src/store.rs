//! The store: two SQLite files in one folder, and the rule of the two commits.
//!
//! ```text
//!  receiver ──commit 1──▶ signals.db            desk ──commit 2──▶ centre.db
//!             SignalLog   append-only, chained         Centre      journal, dispositions, rows, outbox, cursor
//!                │ Stored: may be acknowledged           ▲
//!                └──────────SignalReader─────────────────┘
//! ```

mod cards;
mod centre;
mod chain;
mod checkpoint;
mod connection;
mod disposition;
mod error;
mod journal;
mod outbox;
mod project;
pub mod query;
mod rebuild;
mod schema;
mod signals;
mod snapshot;
mod verify;

pub use cards::{Admission, CardKind, CardVersion};
pub use centre::{Batch, Centre};
pub use checkpoint::{Checkpoint, Checkpointed, StoreFile};
pub use error::{Broken, Fault, StoreError};
pub use outbox::Owed;
pub use rebuild::Rebuilt;
pub use signals::{Answer, LineCount, LoggedSignal, NewSignal, SignalLog, SignalReader, Stored};
pub use verify::{Verified, verify};
