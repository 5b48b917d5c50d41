//! VdS 2465-S2: reports over TCP, as German panels send them (protocol notes 4.13: two open receivers agree on it; the
//! guideline itself was not seen).
//!
//! ```
//! use contactid::{Class, Qualifier, Strictness, vds::VdsFrame};
//! let records = [5, 0x02, 0x11, 5, 0, 1, 34, 3, 0x56, 0x21, 0x43, 0x65];
//! let frame = VdsFrame::data(10, 0x0102_0305, &records).ok_or("too long")?;
//! let bytes = frame.encode(None)?;
//! let read = VdsFrame::parse(&bytes, None, Strictness::Strict)?;
//! assert_eq!(read, frame);
//! assert_eq!(read.account().unwrap().as_str(), "123456");
//! let signal = read.signals().pop().unwrap();
//! assert_eq!((signal.class(), signal.qualifier, signal.number), (Class::Burglary, Qualifier::New, Some(5)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The link
//!
//! [`VdsCentre`] and [`VdsPanel`] are its two ends, without IO: they take what happens with `handle`, say what is to be done
//! with `poll`, which is called until it gives `None`, and want to be called again at `deadline`. Times are milliseconds from
//! any origin and must not go back.
//!
//! ```text
//!  panel (VdsPanel)                              centre (VdsCentre), one for each connection
//!    │ ◀────────────── IK 1 request, TC 7 ───────┤ connected
//!    ├── IK 2 response, TC 9, RC 8 ────────────▶ │ Up
//!    │ queue(records)                            │
//!    ├── IK 4 records 56, 02; TC 10, RC 8 ─────▶ │ Record(ticket): stored by the caller,
//!    │ ◀──── IK 4 record 03; TC 8, RC 11 ────────┤ then Stored(ticket), and only then answered
//!    │ Delivered                                 │
//!    │ ◀──── IK 3 poll; TC 9, RC 11 ─────────────┤ nothing came for `poll_ms`
//!    ├── IK 3; TC 11, RC 10 ───────────────────▶ │ no answer in `answer_ms`: again, `repeats` times, then Down
//!    ├── IK 4 again, TC 10 ────────────────────▶ │ Repeated(ticket): acknowledged again
//! ```
//!
//! The notes give the frames, the purposes, RC = the other's TC + 1 and the times. They do not say more, so that these rules
//! are our choice, and unverified against other makers' ends:
//!
//! - Every new frame of an end counts its TC up by one, and a frame that is sent again keeps it. A frame that answers another
//!   names that one in its RC, every other the last that was received: a frame that is not stored yet, or could not be
//!   stored, is never named.
//! - The centre polls. The panel answers each IK 3 and IK 4 that does not acknowledge what it has under way; an
//!   acknowledgement is not answered, neither is a panel's IK 3.
//! - A panel's records 02 are delivered when a record 03 with the same bytes came for each of them, in a frame whose RC names
//!   theirs; lists without a record 02 when such a frame came. Records 04, 20, 24 and so on are acknowledged with IK 3.
//! - An RC that names no frame since the last synchronization, and a TC behind the last records, are not in step: the frame is
//!   refused, the centre synchronizes anew, the panel asks for it with IK 7. Whatever is under way is sent again after that
//!   with a new TC.
//! - A record 40 is answered with an empty record 41. What follows record FF (connection done) is the caller's matter, who
//!   sees it in the frame.
//! - What cannot be read is not answered, so that it is sent again.

mod centre;
mod line;
mod panel;
mod record;

use alloc::{borrow::Cow, vec::Vec};

pub use centre::{VdsArrival, VdsCentre, VdsCentreInput, VdsCentreOutput, VdsCentreSetup};
pub use line::{VdsFault, VdsKey, VdsTiming};
pub use panel::{VdsPanel, VdsPanelInput, VdsPanelOutput, VdsPanelSetup};
pub use record::{Kind, VdsError, VdsMessage, VdsRecord, ident, ident_record};

use crate::cid::digits::allowed;
use crate::cursor::Cursor;
use crate::frame::cipher::BLOCK;
use crate::{AccountNumber, Check, EncodeError, Key, KeyFault, Quirks, RecordError, Signal, Strictness};

/// The longest frame, in bytes: header, counters, 255 bytes of records, and what fills the last block.
pub const FRAME_MAX: usize = 4 + 288;
/// Fewer bytes are filled up with zeros.
const SHORTEST: usize = 48;
/// Counters, check value, and the three bytes before the records.
const HEAD: usize = 13;

/// What a frame is for (IK).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Purpose(pub u8);

macro_rules! purposes {
    ($($name:ident $number:literal $en:literal,)*) => {
        impl Purpose {
            $(#[doc = concat!($en, ".")] pub const $name: Self = Self($number);)*

            /// What it is called; `None` for a number that is not listed.
            pub const fn name(self) -> Option<&'static str> {
                match self { $(Self::$name => Some($en),)* _ => None }
            }
        }
    };
}

purposes! {
    SYNC_REQUEST 1 "sync request",
    SYNC_RESPONSE 2 "sync response",
    POLL 3 "poll or acknowledge",
    DATA 4 "data",
    UNKNOWN_PURPOSE 5 "unknown IK",
    UNKNOWN_PROTOCOL 6 "unknown PK",
    CLOSE 7 "close or resync",
}

/// One frame.
///
/// ```text
/// 00 00 00 30 | 01 02 03 04 | F9 F7 | 00 00 00 00 | 01 01 01 | 01 | zeros up to 48 bytes
/// │     │       │             │       │             │  │  │    └─ records()
/// │     │       │             │       │             │  │  └────── length of the records
/// │     │       │             │       │             │  └───────── protocol, PK: 1
/// │     │       │             │       │             └──────────── purpose, IK
/// │     │       │             │       └── received, RC: the counter that the other side sent last, plus one
/// │     │       │             └────────── check value: one's complement of the end-around sum of everything else
/// │     │       └──────────────────────── sent, TC: this side's counter
/// │     └── length of all that follows; AES-128 in CBC mode with a zero vector
/// └──────── key number; 0 is plain
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VdsFrame<'a> {
    /// Which key it is under; 0 for none.
    pub key_number: u16,
    /// This side's counter (TC).
    pub sent: u32,
    /// The other side's counter plus one (RC).
    pub received: u32,
    /// What it is for (IK).
    pub purpose: Purpose,
    /// The protocol of the records (PK): 1 is the only one known.
    pub protocol: u8,
    records: Cow<'a, [u8]>,
    quirks: Quirks,
}

impl<'a> VdsFrame<'a> {
    /// A plain frame of this purpose with these records, each with its length and type before it; `None` if they are more
    /// than 255 bytes.
    pub const fn new(purpose: Purpose, sent: u32, received: u32, records: &'a [u8]) -> Option<Self> {
        if records.len() > 255 {
            return None;
        }
        let records = Cow::Borrowed(records);
        Some(Self { key_number: 0, sent, received, purpose, protocol: 1, records, quirks: Quirks::NONE })
    }

    /// A plain frame of data.
    pub const fn data(sent: u32, received: u32, records: &'a [u8]) -> Option<Self> {
        Self::new(Purpose::DATA, sent, received, records)
    }

    /// The same frame under a key of this number.
    #[must_use]
    pub fn under(self, key_number: u16) -> Self {
        Self { key_number, ..self }
    }

    /// How many bytes the frame at the front of these has, as its header says; `None` for fewer than four bytes.
    pub fn length(bytes: &[u8]) -> Option<usize> {
        let [_, _, high, low, ..] = *bytes else { return None };
        Some(4 + usize::from(u16::from_be_bytes([high, low])))
    }

    /// The number of the key that the frame is under, to look it up before [`VdsFrame::parse`].
    pub fn key_number(bytes: &[u8]) -> Option<u16> {
        let [high, low, ..] = *bytes else { return None };
        Some(u16::from_be_bytes([high, low]))
    }

    /// Reads one frame, with the key of its number if it has one.
    ///
    /// # Errors
    /// [`RecordError::Length`] if there are more or fewer bytes than it says, [`RecordError::Key`] if it is encrypted and
    /// the key is missing or does not fit, [`RecordError::Check`] if a plain one's check value is wrong.
    pub fn parse(bytes: &'a [u8], key: Option<&Key>, strictness: Strictness) -> Result<Self, RecordError> {
        let mut cursor = Cursor::new(bytes);
        let key_number = u16::from_be_bytes(cursor.array()?);
        let length = usize::from(u16::from_be_bytes(cursor.array()?));
        let sealed = cursor.take(length)?;
        cursor.end()?;
        let plain: Cow<'a, [u8]> = if key_number == 0 {
            Cow::Borrowed(sealed)
        } else {
            let key = key.ok_or(RecordError::Key(KeyFault::Missing))?;
            if !length.is_multiple_of(BLOCK) {
                let expected = 4 + length.next_multiple_of(BLOCK);
                return Err(RecordError::Length { expected, found: bytes.len() });
            }
            let mut plain = sealed.to_vec();
            key.decrypt(&mut plain);
            Cow::Owned(plain)
        };
        let mut cursor = Cursor::new(&plain);
        let sent = u32::from_be_bytes(cursor.array()?);
        let found = u16::from_be_bytes(cursor.array()?);
        let expected = checksum(&plain);
        if found != expected {
            // With a key that does not fit, everything is wrong.
            let (expected, found) = (u32::from(expected), u32::from(found));
            let mangled = RecordError::Check { check: Check::Checksum, expected, found };
            return Err(if key_number == 0 { mangled } else { RecordError::Key(KeyFault::Wrong) });
        }
        let received = u32::from_be_bytes(cursor.array()?);
        let [purpose, protocol, told] = cursor.array()?;
        let told = usize::from(told);
        cursor.take(told)?;
        let mut quirks = Quirks::NONE;
        if cursor.rest().iter().any(|&byte| byte != 0) {
            quirks.add(Quirks::STRAY_TAIL);
        }
        let records = match plain {
            Cow::Borrowed(plain) => Cow::Borrowed(plain.get(HEAD..HEAD + told).unwrap_or_default()),
            Cow::Owned(plain) => Cow::Owned(plain.get(HEAD..HEAD + told).unwrap_or_default().to_vec()),
        };
        let frame = Self { key_number, sent, received, purpose: Purpose(purpose), protocol, records, quirks };
        let torn = frame.purpose == Purpose::DATA && !record::are_whole(&frame.records);
        let quirks = if torn { quirks.with(Quirks::UNREAD_PART) } else { quirks };
        allowed(Self { quirks, ..frame }, quirks, strictness)
    }

    /// The same frame with its records copied, so that it outlives the bytes it was read from.
    pub fn into_owned(self) -> VdsFrame<'static> {
        VdsFrame { records: Cow::Owned(self.records.into_owned()), ..self }
    }

    /// The bytes behind the purpose, as they came: in a request or response of synchronization, the window.
    pub fn record_bytes(&self) -> &[u8] {
        &self.records
    }

    /// The records, in the order in which they were sent. A record that runs beyond the end is left out.
    pub fn records(&self) -> impl Iterator<Item = VdsRecord<'_>> {
        record::all(&self.records)
    }

    /// Who reports: the ident among the records.
    pub fn account(&self) -> Option<AccountNumber> {
        self.records().find_map(|record| record.ident())
    }

    /// What is reported: the messages among the records, with the text and the time that follow them.
    pub fn signals(&self) -> Vec<Signal> {
        let mut signals: Vec<Signal> = Vec::new();
        for record in self.records() {
            if let Some(message) = record.message() {
                signals.extend(message.signal());
            } else if let Some(last) = signals.last_mut() {
                if let Some(text) = record.text() {
                    last.text.get_or_insert(text);
                } else if let Some(time) = record.time() {
                    last.device_time.get_or_insert(time);
                }
            }
        }
        signals
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The bytes of the frame, encrypted if its key number is not 0.
    ///
    /// # Errors
    /// [`EncodeError::NoKey`] if it needs a key and there is none.
    pub fn encode(&self, key: Option<&Key>) -> Result<Vec<u8>, EncodeError> {
        let mut plain = Vec::with_capacity(SHORTEST);
        plain.extend_from_slice(&self.sent.to_be_bytes());
        plain.extend_from_slice(&[0; 2]);
        plain.extend_from_slice(&self.received.to_be_bytes());
        plain.extend_from_slice(&[self.purpose.0, self.protocol, self.records.len() as u8]);
        plain.extend_from_slice(&self.records);
        plain.resize(plain.len().next_multiple_of(BLOCK).max(SHORTEST), 0);
        let check = checksum(&plain).to_be_bytes();
        plain[4..6].copy_from_slice(&check);
        if self.key_number != 0 {
            key.ok_or(EncodeError::NoKey)?.encrypt(&mut plain);
        }
        let length = u16::try_from(plain.len()).unwrap_or(u16::MAX);
        Ok([&self.key_number.to_be_bytes()[..], &length.to_be_bytes(), &plain].concat())
    }
}

/// One's complement of the 16-bit sum with end-around carry, the place of the check value itself left out.
fn checksum(plain: &[u8]) -> u16 {
    let words = plain.chunks(2).enumerate().filter(|(at, _)| *at != 2);
    let sum = words.fold(0u32, |sum, (_, word)| {
        let word = u32::from(word[0]) << 8 | u32::from(word.get(1).copied().unwrap_or(0));
        let sum = sum + word;
        (sum & 0xFFFF) + (sum >> 16)
    });
    !(sum as u16)
}
