//! CESA: sixteen characters at 200 baud, sent twice.
//!
//! ```
//! use contactid::{Lang, Strictness, cesa::CesaMessage};
//! let message = CesaMessage::parse(b"1234510700000000", Strictness::Strict)?;
//! assert_eq!(message.account().map(|account| account.to_string()), Some("12345".into()));
//! let signal = message.signal();
//! assert_eq!((signal.name(Lang::En), signal.number), ("alarm".into(), Some(7)));
//! assert_eq!(message.encode(), *b"1234510700000000");
//! # Ok::<(), contactid::RecordError>(())
//! ```
//!
//! The receiver begins with [`HANDSHAKE_MS`] of two tones in turn, [`HANDSHAKE_PIECE_MS`] each, and acknowledges with the
//! same. The transmitter sends 1180 Hz for 0.8 to 1 s, then the message, and the message again 600 to 800 ms later.

use crate::cid::digits::allowed;
use crate::{AccountNumber, Check, Code, EncodeError, OwnCode, OwnList, Quirks, RecordError};
use crate::{Signal, Strictness};

/// The tones of handshake and acknowledgement, in Hz, in their order.
pub const HANDSHAKE_HZ: [u16; 2] = [1850, 1650];
/// How long each of them sounds before the other, in ms.
pub const HANDSHAKE_PIECE_MS: u16 = 15;
/// How long the handshake lasts, in ms: the two tones 32 times.
pub const HANDSHAKE_MS: u16 = 960;
/// Bits in a second; eight to a character from the lowest up, no parity, two stop bits.
pub const BAUD: u16 = 200;
/// The tone of a 1, in Hz.
pub const MARK_HZ: u16 = 980;
/// The tone of a 0, and of the carrier before the message, in Hz.
pub const SPACE_HZ: u16 = 1180;

const FILL: &[u8; 8] = b"00000000";

/// One CESA message. That its characters are ASCII digits is unverified: the sources count them, and do not spell them.
///
/// ```text
/// 12345 1 07 00000000
/// │     │ │  └─ zeros
/// │     │ └──── zone, 00 for none
/// │     └────── event: 0 audio follows, 1 new, 2 restored, 3 status in alarm, 4 status normal
/// └──────────── account
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CesaMessage {
    account: AccountNumber,
    event: OwnCode,
    zone: u8,
    quirks: Quirks,
}

impl CesaMessage {
    /// How many characters a message has.
    pub const LEN: usize = 16;

    /// A message of this event, 0 to 9, and zone, 0 to 99.
    ///
    /// # Errors
    /// [`EncodeError`] if the account has not five characters, or event or zone are beyond that.
    pub fn new(account: AccountNumber, event: u8, zone: u8) -> Result<Self, EncodeError> {
        let found = account.as_str().len();
        if found != 5 {
            return Err(EncodeError::Width { field: "account", expected: 5, found });
        }
        let out_of_range = |field, found| EncodeError::Byte { field, found };
        let event = Some(event).filter(|&event| event < 10).ok_or(out_of_range("event", event))?;
        let event = own(b'0' + event).ok_or(out_of_range("event", event))?;
        if zone > 99 {
            return Err(out_of_range("zone", zone));
        }
        Ok(Self { account, event, zone, quirks: Quirks::NONE })
    }

    /// Reads the sixteen characters of a message.
    ///
    /// # Errors
    /// [`RecordError::Length`], or [`RecordError::Form`] at a character that has no place there. Other characters than
    /// zeros at the end are passed over, and named.
    pub fn parse(characters: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        let wrong = RecordError::Length { expected: Self::LEN, found: characters.len() };
        let characters: [u8; Self::LEN] = characters.try_into().map_err(|_| wrong)?;
        let [account @ .., event, tens, ones, _, _, _, _, _, _, _, _] = characters;
        let form = |expected, at, found| RecordError::Form { expected, at, found };
        if let Some(at) = account.iter().position(|byte| !(byte.is_ascii_digit() || byte.is_ascii_uppercase())) {
            return Err(form("a digit of the account", at, account[at]));
        }
        let account = AccountNumber::new(&account).map_err(|_| form("a digit of the account", 0, account[0]))?;
        let event = own(event).ok_or(form("an event digit", 5, event))?;
        for (at, found) in [(6, tens), (7, ones)] {
            if !found.is_ascii_digit() {
                return Err(form("a digit of the zone", at, found));
            }
        }
        let zone = (tens - b'0') * 10 + (ones - b'0');
        let quirks = if characters.ends_with(FILL) { Quirks::NONE } else { Quirks::STRAY_TAIL };
        allowed(Self { account, event, zone, quirks }, quirks, strictness)
    }

    /// Reads a message as it was heard twice.
    ///
    /// # Errors
    /// [`RecordError::Check`] with the first characters that differ, else as [`CesaMessage::parse`].
    pub fn agreed(first: &[u8], second: &[u8], strictness: Strictness) -> Result<Self, RecordError> {
        if let Some((&expected, &found)) = first.iter().zip(second).find(|(first, second)| first != second) {
            let (expected, found) = (u32::from(expected), u32::from(found));
            return Err(RecordError::Check { check: Check::Checksum, expected, found });
        }
        Self::parse(if first.len() == Self::LEN { second } else { first }, strictness)
    }

    /// The account: there always is one.
    pub const fn account(&self) -> Option<AccountNumber> {
        Some(self.account)
    }

    /// The event digit as a code.
    pub const fn event(&self) -> OwnCode {
        self.event
    }

    /// The zone, 1 to 99; 0 for none.
    pub const fn zone(&self) -> u8 {
        self.zone
    }

    /// The departures from the format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// The message as an event.
    pub fn signal(&self) -> Signal {
        let number = Some(u32::from(self.zone)).filter(|&zone| zone > 0);
        Signal { number, ..Signal::new(Code::Own(self.event), self.event.qualifier()) }
    }

    /// The sixteen characters.
    pub fn encode(&self) -> [u8; 16] {
        let mut characters = [b'0'; Self::LEN];
        let zone = [b'0' + self.zone / 10, b'0' + self.zone % 10];
        let said = self.account.as_str().bytes().chain(self.event.as_str().bytes()).chain(zone);
        for (place, byte) in characters.iter_mut().zip(said) {
            *place = byte;
        }
        characters
    }
}

fn own(digit: u8) -> Option<OwnCode> {
    digit.is_ascii_digit().then(|| OwnCode::new(OwnList::Cesa, &[digit])).flatten()
}
