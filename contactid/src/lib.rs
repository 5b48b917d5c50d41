//! The protocols of alarm panels and receivers, decoded and encoded without IO, clock or panic.
//!
//! ```text
//!                      IP                        telephone line             receiver to automation
//!              DC-09 · Texecom · Galaxy      digits · pulses · FSK     Sur-Gard · 685 · D6500 · DC-07
//!               OH · VdS 2465 · ISECNet      Robofon · CESA · texts     MX8000 · Silent Knight · ITI
//!                       │                            │                            │
//!           session · texecom · oh · vds         line · audio                    link        sessions, sans IO
//!                       └────────────────────────────┼────────────────────────────┘
//!                                                    ▼
//!                                                 Signal ◀──▶ translate
//! ```
//!
//! Whatever the format, one event of a report ends as a [`Signal`]: [`Code`], [`Qualifier`], group, number, text, each with a
//! [`Class`] that sorts all codes alike and names in English and Chinese. Every format is written as well as read, and every
//! exchange stands here as a state machine of either end, to which bytes and times are given.
//!
//! | what speaks | where to look |
//! |---|---|
//! | IP panels: SIA DC-09 of 2007 to 2026, plain and AES | [`Frame`], [`Encoder`], [`session`] |
//! | panels on a telephone line: Contact ID and its family, pulses | [`cid`], [`line`](mod@line), [`line::pulse`] |
//! | the same: Scancom, Robofon, CESA | [`scancom`], [`robofon`], [`cesa`], [`line::keyed`] |
//! | the line itself, in samples: tones, modems, pulses | `audio` (feature `audio`) |
//! | SIA DC-03 blocks, raw, and reports made of them | [`sia`], [`sia::report`] |
//! | Galaxy, Texecom, Aritech (OH), VdS 2465, ISECNet | [`galaxy`], [`texecom`], [`oh`], [`vds`], [`isecnet`] |
//! | receivers that report to automation | [`automation`], and [`link`] for the exchange |
//! | nobody knows | [`Format::detect`] |
//!
//! # A frame of DC-09
//!
//! ```text
//! bytes ──Deframer──▶ frame ──Frame::parse──▶ Frame ──open──▶ Message ──events──▶ Signal
//!  TCP               datagram                   │     key                    what the rest of
//!                    UDP                        │                            the world is told
//! bytes ◀──────────────────Reply::encode────────┘
//!  sent only when the report is durable: that is the caller's promise
//! ```
//!
//! - A [`Deframer`] cuts a stream into frames, bounded, through noise. A datagram needs none.
//! - A [`Frame`] is the envelope of DC-09: check value and length hold, everything is borrowed, nothing is allocated.
//! - A [`Message`] is what is in it, decrypted if need be: data, extended fields, time stamp.
//! - A [`Signal`] is one event, whatever protocol carried it: [`Code`], [`Qualifier`], group, number, text. Both code lists
//!   have English and Chinese names, and a [`Class`] that sorts them alike.
//! - A [`Reply`] is built from the received fields, and an [`Encoder`] writes any frame: for panels, and for testing.
//!
//! Panels in the field depart from the standard, and a receiver that refuses them loses alarms. So everything readable is
//! read, and each departure has a name in [`Quirks`]; [`Strictness::Strict`] refuses them, for testing panels. Codes, tokens
//! and extended fields that no list knows are kept as they came.
//!
//! # One report, from the wire to the acknowledgement
//!
//! ```
//! use contactid::{Class, Deframer, Frame, Lang, Pad, Qualifier, Reply, Stamp, Strictness};
//!
//! let now = Stamp::from_unix(1_741_350_896); // the caller's clock: this crate has none
//! let mut deframer = Deframer::new();
//! deframer.push(b"\nFE1A0027\"ADM-CID\"0042L0#1234[#1234|3130 01 005]\r")?;
//!
//! while let Some(bytes) = deframer.pop() {
//!     let frame = Frame::parse(bytes, Strictness::Tolerant)?;
//!     let message = frame.open(None)?; // or with the account's Key
//!     for signal in message.events()? {
//!         assert_eq!((signal.class(), signal.qualifier), (Class::Burglary, Qualifier::Restore));
//!         assert_eq!((signal.group, signal.number), (Some(1), Some(5)));
//!         assert_eq!(signal.name(Lang::En), "burglary alarm restored");
//!     }
//!     // Here the report is stored. Then, and only then:
//!     let answer = Reply::Ack.encode(&frame, now, None, Pad::Short(b""));
//!     assert_eq!(answer, b"\n24240012\"ACK\"0042L0#1234[]\r");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every error says who has to act, and what the transmitter hears: [`FrameError::reply`] and [`MessageError::reply`].
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `std` (default) | faster byte search; the crate itself is `no_std` with `alloc` |
//! | `aes` (default) | encrypted messages: AES-CBC of 128, 192 and 256 bits; 3DES of OH |
//! | `audio` | tones, modems and pulses in samples of a telephone line, and back |
//! | `serde` | [`Signal`] and the types in it as stored or sent on |
//!
//! # Sources
//!
//! Clauses are those of SIA DC-09-2007, 2013 and 2026, SIA DC-05-2016 and SIA DC-03-2017, as published material has them; what
//! panels and receivers really send comes from manuals and published captures, and each is a test. What no source settles is
//! an option whose documentation says so.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod account;
#[cfg(feature = "audio")]
pub mod audio;
pub mod automation;
pub mod cesa;
pub mod cid;
pub mod class;
mod crc;
mod cursor;
mod deframe;
pub mod dtmf;
mod error;
mod format;
mod frame;
pub mod galaxy;
pub mod isecnet;
pub mod line;
pub mod link;
pub mod oh;
pub mod own;
mod reply;
pub mod robofon;
mod rows;
pub mod scancom;
pub mod session;
pub mod sia;
mod signal;
pub mod texecom;
mod text;
pub mod translate;
pub mod vds;

pub use account::{AccountError, AccountNumber};
pub use cid::code::{CidEntry, EventCode};
pub use cid::{CidMessage, Qualifier};
pub use class::{Class, Lang, NumberIs, Source};
pub use crc::checksum as crc16_arc;
pub use deframe::{Deframer, Overrun};
pub use error::{Blame, Check, ContentFault, Damage, Fault, Foreign, FrameError, KeyFault, MessageError, RecordError};
pub use format::{Format, FormatError};
pub use frame::cipher::{Key, KeyError, Pad};
pub use frame::edition::Edition;
pub use frame::encode::{EncodeError, Encoder};
pub use frame::extended::{self, Extended, ExtendedId};
pub use frame::message::Message;
pub use frame::quirks::Quirks;
pub use frame::response::Response;
pub use frame::stamp::{Stamp, StampError, Window};
pub use frame::token::{Carries, Token};
pub use frame::{FRAME_MAX, Frame, Strictness};
pub use own::{OwnCode, OwnEntry, OwnList};
pub use reply::Reply;
pub use sia::code::{SiaCode, SiaEntry};
pub use sia::{Modifiers, SiaEvent, SiaEvents, SiaMessage};
pub use signal::{Code, CodeError, Signal};

#[cfg(all(doctest, feature = "aes"))]
#[doc = include_str!("../README.md")]
mod readme {}
