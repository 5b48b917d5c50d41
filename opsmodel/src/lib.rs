//! The business of an alarm centre: its cards, and the store that keeps them together with every signal and decision.
//!
//! ```text
//!  panel ─▶ receiver ──commit 1──▶ signals.db ──▶ desk (alarmcore) ──commit 2──▶ centre.db ──▶ console, reports
//!   ◀─ack─────┘ Stored               SignalReader                     Centre       store::query
//! ```
//!
//! Two things are kept apart on purpose. [`store::SignalLog`] makes a report durable before anybody is answered, and does
//! nothing else, so it stays fast for ever: no secondary index, one `fdatasync` for all who wait. [`store::Centre`]
//! writes what the desk decided about it: events, dispositions, look-up rows, owed effects and the desk's place in the
//! log, all of it or nothing. Whatever is written is hash-chained ([`store::verify`]), and every row that is only a
//! picture of the truth can be made anew ([`store::Centre::rebuild`]).
//!
//! | to | see |
//! |---|---|
//! | store signals, and hold proof of it | [`store::SignalLog`], [`store::Stored`] |
//! | read them in order of arrival | [`store::SignalReader`] |
//! | commit what a desk said, and start a desk | [`store::Centre::commit`], [`store::Centre::snapshot`] |
//! | keep accounts, units and people | [`crm`], [`store::Centre::put_account`], [`store::Centre::import`] |
//! | perform effects at least once | [`store::Centre::claim`], [`store::Centre::done`] |
//! | ask questions | [`store::query::Reader`] |
//! | find what was altered | [`store::verify`] |
//!
//! # A report on its way through the store
//!
#![cfg_attr(feature = "sqlite", doc = "```")]
#![cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
//! use alarmcore::{AccountNumber, Desk, Input, Marks, Output, Policy, Report, Timestamp};
//! use contactid::{Qualifier, Signal};
//! use opsmodel::crm::{AccountCard, Change};
//! use opsmodel::store::{Answer, Batch, Centre, NewSignal, SignalLog, SignalReader, verify};
//!
//! # let folder = tempfile::tempdir()?;
//! # let dir = folder.path();
//! let mut log = SignalLog::open(dir)?;
//! let mut centre = Centre::open(dir)?;
//! let account: AccountNumber = "1234".parse()?;
//! let at = Timestamp::from_secs(1_795_334_400);
//! let admission = Change { by: None, at, origin: "example".into(), reason: "agreement 17".into() };
//! centre.put_account(&AccountCard::new(account, "Lantern Street Pharmacy"), &admission)?;
//!
//! // Commit 1: the panel may hear ACK because, and only because, there is a `Stored`.
//! let burglary = Signal { number: Some(5), ..Signal::new("130".parse()?, Qualifier::New) };
//! let report = Report {
//!     received_at: at,
//!     line: "dc09-tcp".into(),
//!     account: Some(account),
//!     token: "ADM-CID".into(),
//!     sequence: Some(55),
//!     part: 0,
//!     parts: 1,
//!     marks: Marks::NONE,
//!     content: 0x1130_01_005,
//!     source: None,
//!     signal: Some(burglary),
//! };
//! let frame = b"\n...[#1234|1130 01 005]\r".to_vec();
//! let new = NewSignal { report, peer: "192.0.2.7:40112".into(), answer: Answer::Ack, raw: frame };
//! let stored = log.append(&[new], &[])?;
//! assert_eq!(stored[0].id().get(), 1);
//!
//! // Commit 2: the desk reads the log from where it stood, and all that it says is written at once.
//! let mut desk = Desk::restore(Policy::default(), centre.snapshot()?);
//! let logged = SignalReader::open(dir)?.after(centre.cursor()?, 1000)?;
//! let received: Vec<_> = logged.into_iter().map(|logged| logged.received).collect();
//! let mut outputs = Vec::new();
//! for signal in &received {
//!     desk.handle(Input::Signal(signal.clone()));
//!     loop {
//!         match desk.poll() {
//!             Output::Wait(_) => break,
//!             output => outputs.push(output),
//!         }
//!     }
//! }
//! let states: Vec<_> = desk.account(&account).cloned().into_iter().collect();
//! let cursor = received[0].id;
//! centre.commit(Batch { cursor, received: &received, outputs: &outputs, states: &states })?;
//!
//! // The operator's bell is owed until somebody has rung it.
//! let owed = centre.claim(at, at.plus_secs(30), 10)?;
//! assert_eq!(owed[0].id, "incident-1.1.0");
//! centre.done(&owed[0].id, at)?;
//!
//! let verified = verify(dir)?;
//! assert_eq!((verified.signals, verified.journal, verified.cards), (1, 1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate reads no clock, draws no random number, starts no thread and prints nothing. Without the feature `sqlite`
//! (on by default) only the pure part remains: [`crm`].

pub mod crm;
#[cfg(feature = "sqlite")]
pub mod store;
