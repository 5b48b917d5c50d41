//! Frequency shift keying: bytes in samples, and the blocks of SIA DC-03 in the bytes.
//!
//! ```text
//!            ┌ mark ┐ power over      which is        start bit, eight data bits      a block by the
//! samples ───┤      ├ one bit ─────── stronger ────── lowest first, stop bit(s) ──── length in its header
//!            └ space┘                 FskListener                        bytes       BlockReader
//! ```
//!
//! ```
//! use contactid::audio::{BlockReader, FskHeard, FskListener, Modem, Volume};
//! use contactid::sia::{Block, Function};
//! use contactid::Strictness;
//!
//! let account = Block::new(Function::ACCOUNT, b"1234")?.encode();
//! let modem = Modem::BELL_103_CALLING;
//! let (mut listener, mut reader) = (FskListener::new(modem)?, BlockReader::default());
//! let mut blocks = Vec::new();
//! for sample in modem.samples(&account, 500, Volume::default()).chain([0; 400]) {
//!     match listener.hear(sample) {
//!         Some(FskHeard::Byte(byte)) => blocks.extend(reader.push(byte).map(<[u8]>::to_vec)),
//!         Some(FskHeard::Begins | FskHeard::Garbled | FskHeard::Over) => reader.reset(),
//!         None => {}
//!     }
//! }
//! assert_eq!(blocks, [account.clone()]);
//! assert_eq!(Block::parse(&account, Strictness::Strict)?.data(), b"1234");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod listener;
mod modem;
mod reader;

pub use listener::{FskHeard, FskListener};
pub use modem::{FskSamples, Modem};
pub use reader::BlockReader;
