//! Alarm panel protocols: Contact ID, SIA DC-03 and SIA DC-09, decoded and encoded without IO, clock or panic.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod cid;
pub mod class;
pub mod sia;

pub use cid::Qualifier;
pub use cid::code::{CidEntry, EventCode};
pub use class::{Class, Lang, NumberIs, Source};
pub use sia::code::{SiaCode, SiaEntry};
