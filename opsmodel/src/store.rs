//! The store: two SQLite files in one folder, and the rule of the two commits.
//!
//! ```text
//!  receiver ──commit 1──▶ signals.db            desk ──commit 2──▶ centre.db
//!             SignalLog   append-only, chained         Centre      journal, dispositions, rows, outbox, cursor
//!                │ Stored: may be acknowledged           ▲
//!                └──────────SignalReader─────────────────┘
//! ```
//!
//! - **One writer a file.** A thread owns the [`SignalLog`], another the [`Centre`]; readers are on their own connections
//!   and neither wait nor make anybody wait. A [`Checkpoint`] a file keeps the write-ahead logs short.
//! - **Truth and picture.** `signal`, `journal`, `disposition`, `card_history`, `note`, `outbox` and `unmatched` are the truth.
//!   `signal_row`, `held_signal`, `day_count`, `incident`, `incident_signal`, `test_session`, `false_calls` and `account_state` are
//!   projected from it in the same transaction, and [`Centre::rebuild`] makes them anew.
//! - **Nothing is updated or deleted** in the chained tables (`signal`, `journal`, `disposition`, `card_history`):
//!   [`verify`] finds it if it was.
//! - **A copy is a store.** [`back_up`] copies both files and the clips beside whoever writes them, and [`inspect`]s the copy. A centre that is
//!   started on one says so by [`Centre::settle`]: the numbers of what it owes from then on are not those of the store that was lost.
//! - **Files of clips** lie in the folder `clips`, each under its SHA-256, which stands in the journal: [`verify`] reads them too.
//! - **Any error leaves nothing behind**, and the same value works on once the cause is gone.
//!
//! A desk that is behind should take more signals into one batch, up to ten thousand: the look-up rows are clustered by
//! account, so that a batch writes a page per account rather than a page per signal.

mod backup;
mod cards;
mod centre;
mod chain;
mod checkpoint;
mod clip_files;
mod connection;
mod disposition;
mod error;
mod generation;
mod hidden;
mod journal;
mod outbox;
mod project;
pub mod query;
mod rebuild;
mod schema;
mod sessions;
mod signals;
mod snapshot;
mod unmatched;
mod verify;

pub use backup::back_up;
pub use cards::{Admission, CardKind, CardVersion, Written};
pub use centre::{Batch, Centre};
pub use checkpoint::{Checkpoint, Checkpointed, StoreFile};
pub use clip_files::{clip_fault, clip_file, keep_clip};
pub use connection::make_folder;
pub use error::{Broken, Fault, StoreError};
pub use generation::generation_of;
pub use outbox::Owed;
pub use rebuild::Rebuilt;
pub use sessions::KeptSession;
pub use signals::{Answer, LineCount, LoggedSignal, NewSignal, SignalLog, SignalReader, Stored};
pub use unmatched::Unmatched;
pub use verify::{Verified, inspect, verify};
