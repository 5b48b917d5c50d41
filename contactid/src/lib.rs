//! Alarm panel protocols: Contact ID, SIA DC-03 and SIA DC-09, decoded and encoded without IO, clock or panic.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod account;
pub mod cid;
pub mod class;
mod crc;
mod deframe;
mod error;
mod frame;
mod reply;
pub mod sia;
mod signal;
mod text;

pub use account::{AccountError, AccountNumber};
pub use cid::code::{CidEntry, EventCode};
pub use cid::{CidMessage, Qualifier};
pub use class::{Class, Lang, NumberIs, Source};
pub use deframe::{Deframer, Overrun};
pub use error::{ContentFault, Damage, Foreign, FrameError, KeyFault, MessageError};
pub use frame::cipher::{Key, KeyError, Pad};
pub use frame::encode::{EncodeError, Encoder};
pub use frame::extended::Extended;
pub use frame::message::Message;
pub use frame::quirks::Quirks;
pub use frame::stamp::{Stamp, StampError, Window};
pub use frame::token::Token;
pub use frame::{FRAME_MAX, Frame, Strictness};
pub use reply::Reply;
pub use sia::code::{SiaCode, SiaEntry};
pub use sia::{Modifiers, SiaEvent, SiaMessage};
pub use signal::{Code, CodeError, Signal};
