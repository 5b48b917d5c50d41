//! Intelbras ISECNet: panels in Brazil that report over TCP, port 9009 by default (protocol notes 4.14, seen by others;
//! nothing of it is published by the maker).
//!
//! ```
//! use contactid::{Strictness, isecnet::{IsecnetFrame, Content}};
//! let bytes = [0x11, 0xB0, 0x11, 1, 2, 3, 4, 1, 8, 1, 1, 3, 10, 10, 1, 10, 10, 4, 0x44];
//! let frame = IsecnetFrame::parse(&bytes, Strictness::Strict)?;
//! assert_eq!(frame.account().unwrap().as_str(), "1234");
//! let signal = frame.signal().unwrap();
//! assert_eq!((signal.code.to_string(), signal.group, signal.number), ("130".into(), Some(1), Some(4)));
//! assert_eq!(frame.encode(), bytes);
//! # Ok::<(), contactid::RecordError>(())
//! ```

use alloc::vec::Vec;

use crate::cid::digits::allowed;
use crate::{AccountNumber, Check, CidMessage, Quirks, RecordError, Signal, Strictness};

/// The byte that says that the line lives.
pub const HEARTBEAT: u8 = 0xF7;
/// What a receiver answers to everything but a request for the time, once it is stored.
pub const ACK: u8 = 0xFE;
/// The longest frame, in bytes: what its length byte can say.
pub const FRAME_MAX: usize = 257;

const IDENTIFICATION: u8 = 0x94;
const EVENT: u8 = 0xB0;
const PHOTO: u8 = 0xB5;
const TIME: u8 = 0x80;

/// The path that an event came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Channel(pub u8);

impl Channel {
    /// What is known of it: `Ethernet` for 45, `GPRS` for 47 and 48, in hexadecimal.
    pub const fn name(self) -> Option<&'static str> {
        match self.0 {
            0x45 => Some("Ethernet"),
            0x47 | 0x48 => Some("GPRS"),
            _ => None,
        }
    }
}

/// A photo that an event announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Photo {
    /// Its index, the high byte first.
    pub index: u16,
    /// How many there are.
    pub count: u8,
}

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content<'a> {
    /// `F7` alone: the line lives.
    Heartbeat,
    /// Type 94: who is there.
    Identification {
        /// The path.
        channel: Channel,
        /// The account, two bytes of two decimal digits.
        account: [u8; 2],
        /// The last three bytes of the MAC address.
        mac_tail: [u8; 3],
    },
    /// Type B0, or B5 with a photo: a Contact ID event.
    Event {
        /// The path.
        channel: Channel,
        /// The account, one byte a digit, `0A` for zero.
        account: [u8; 4],
        /// What happened.
        message: CidMessage,
        /// The photo, in type B5.
        photo: Option<Photo>,
    },
    /// Type 80: what time is it?
    Time(&'a [u8]),
    /// Another type, kept as it came.
    Other {
        /// The type.
        kind: u8,
        /// What it carries.
        bytes: &'a [u8],
    },
}

/// One frame of an Intelbras panel.
///
/// ```text
/// 11 B0 11 01 02 03 04 01 08 01 01 03 0A 0A 01 0A 0A 04 44
/// │  │  │  └─account─┘ └18─┘ Q  └─130──┘ └─01┘ └─004──┘ └─ check: all bytes of the frame together give FF
/// │  │  └─ channel
/// │  └──── type
/// └─────── how many bytes follow, without the check
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IsecnetFrame<'a> {
    /// What it carries.
    pub content: Content<'a>,
    quirks: Quirks,
}

impl<'a> IsecnetFrame<'a> {
    /// A frame to be sent.
    pub const fn new(content: Content<'a>) -> Self {
        Self { content, quirks: Quirks::NONE }
    }

    /// How many bytes the frame at the front of these has, as its first byte says; `None` for no bytes.
    pub fn length(bytes: &[u8]) -> Option<usize> {
        bytes.first().map(|&first| if first == HEARTBEAT { 1 } else { usize::from(first) + 2 })
    }

    /// Reads one frame.
    ///
    /// # Errors
    /// [`RecordError::Length`] if there are more or fewer bytes than it says, [`RecordError::Check`] if the check byte is
    /// wrong, [`RecordError::Form`] if the digits of an event are none.
    pub fn parse(bytes: &'a [u8], strictness: Strictness) -> Result<Self, RecordError> {
        if bytes == [HEARTBEAT] {
            return Ok(Self::new(Content::Heartbeat));
        }
        let least = if bytes.first() == Some(&HEARTBEAT) { 1 } else { 3 };
        let expected = Self::length(bytes).unwrap_or(least).max(least);
        let wrong = RecordError::Length { expected, found: bytes.len() };
        if bytes.first() == Some(&HEARTBEAT) {
            return Err(wrong);
        }
        let [told, kind, inside @ .., found] = bytes else { return Err(wrong) };
        if *told == 0 {
            return Err(RecordError::Form { expected: "a length that counts the type", at: 0, found: 0 });
        }
        if bytes.len() != expected {
            return Err(wrong);
        }
        let mut quirks = Quirks::NONE;
        let right = check(&bytes[..bytes.len() - 1]);
        if right != *found {
            if *kind != TIME {
                let (expected, found) = (u32::from(right), u32::from(*found));
                return Err(RecordError::Check { check: Check::Checksum, expected, found });
            }
            // Some firmware miscounts its request for the time, and only that.
            quirks.add(Quirks::WRONG_TIME_CHECK);
        }
        let content = match (*kind, inside) {
            (IDENTIFICATION, &[channel, high, low, a, b, c]) => {
                Content::Identification { channel: Channel(channel), account: [high, low], mac_tail: [a, b, c] }
            }
            (EVENT, event) => Self::event(event, None)?,
            (PHOTO, [event @ .., high, low, count]) => {
                Self::event(event, Some(Photo { index: u16::from_be_bytes([*high, *low]), count: *count }))?
            }
            (TIME, asked) => Content::Time(asked),
            (kind, bytes) => Content::Other { kind, bytes },
        };
        if let Content::Event { message, .. } = content {
            quirks = quirks.with(message.quirks());
        }
        allowed(Self { content, quirks }, quirks, strictness)
    }

    fn event(bytes: &'a [u8], photo: Option<Photo>) -> Result<Content<'a>, RecordError> {
        let [channel, a, b, c, d, 1, 8, message @ ..] = bytes else {
            return Err(RecordError::Length { expected: 19, found: bytes.len() + 3 });
        };
        let mut digits: [u8; 9] =
            message.try_into().map_err(|_| RecordError::Length { expected: 19, found: bytes.len() + 3 })?;
        for (at, digit) in digits.iter_mut().enumerate() {
            let found = *digit;
            *digit = ascii(found).ok_or(RecordError::Form { expected: "a digit 01 to 0F", at: 9 + at, found })?;
        }
        let message = CidMessage::packed(digits, 9)?;
        Ok(Content::Event { channel: Channel(*channel), account: [*a, *b, *c, *d], message, photo })
    }

    /// Who reports; `None` for a heartbeat, a request for the time and types that are not known.
    pub fn account(&self) -> Option<AccountNumber> {
        match self.content {
            Content::Event { account, .. } => {
                let [a, b, c, d] = account.map(ascii);
                AccountNumber::new(&[a?, b?, c?, d?]).ok()
            }
            Content::Identification { account: [high, low], .. } => {
                let [a, b, c, d] = [high >> 4, high & 15, low >> 4, low & 15].map(hex_digit);
                AccountNumber::new(&[a, b, c, d]).ok()
            }
            Content::Heartbeat | Content::Time(_) | Content::Other { .. } => None,
        }
    }

    /// What it reports, if it is an event.
    pub fn signal(&self) -> Option<Signal> {
        match &self.content {
            Content::Event { message, .. } => Some(message.signal()),
            _ => None,
        }
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The bytes of the frame. Of a type that is not known, what does not fit a length byte is left out.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = alloc::vec![0];
        match &self.content {
            Content::Heartbeat => return alloc::vec![HEARTBEAT],
            Content::Identification { channel, account, mac_tail } => {
                out.extend_from_slice(&[IDENTIFICATION, channel.0]);
                out.extend_from_slice(account);
                out.extend_from_slice(mac_tail);
            }
            Content::Event { channel, account, message, photo } => {
                out.extend_from_slice(&[if photo.is_some() { PHOTO } else { EVENT }, channel.0]);
                out.extend_from_slice(account);
                out.extend_from_slice(&[1, 8]);
                out.extend(message.pack().map(digit));
                if let Some(photo) = photo {
                    out.extend_from_slice(&photo.index.to_be_bytes());
                    out.push(photo.count);
                }
            }
            Content::Time(asked) => {
                out.push(TIME);
                out.extend_from_slice(asked);
            }
            Content::Other { kind, bytes } => {
                out.push(*kind);
                out.extend_from_slice(bytes);
            }
        }
        out.truncate(FRAME_MAX - 1);
        if let Some((length, rest)) = out.split_first_mut() {
            *length = rest.len() as u8;
        }
        out.push(check(&out));
        out
    }
}

/// The moment that a receiver tells a panel which asked for it: local time, as the panel shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalTime {
    /// The last two digits of the year.
    pub year: u8,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// The day of the week as the panel counts it; which day is the first has not been established.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

impl LocalTime {
    /// The answer to a request for the time: a frame of type 80 with two decimal digits a byte. That the answer is binary
    /// coded decimal is established; the order of its bytes, which is that of the fields here, is not.
    pub fn answer(self) -> Vec<u8> {
        let bcd = |number: u8| ((number / 10 % 10) << 4) | (number % 10);
        let fields = [self.year, self.month, self.day, self.weekday, self.hour, self.minute, self.second].map(bcd);
        IsecnetFrame::new(Content::Time(&fields)).encode()
    }
}

/// All bytes and the check together give FF.
fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0xFF, |sum, byte| sum ^ byte)
}

const fn hex_digit(number: u8) -> u8 {
    match number {
        0..=9 => b'0' + number,
        _ => b'A' + number - 10,
    }
}

/// One byte a digit: 0A is zero.
const fn ascii(digit: u8) -> Option<u8> {
    match digit {
        1..=9 => Some(b'0' + digit),
        0x0A => Some(b'0'),
        0x0B..=0x0F => Some(b'A' + digit - 10),
        _ => None,
    }
}

/// The inverse of [`ascii`]. A message holds nothing but digits up to F.
const fn digit(written: u8) -> u8 {
    match written {
        b'1'..=b'9' => written - b'0',
        b'A'..=b'F' => written - b'A' + 10,
        _ => 0x0A,
    }
}
