//! Robofon 8: eleven characters at 50 baud, keyed on a tone of 1000 Hz.
//!
//! ```
//! use contactid::robofon::{BlockCheck, RobofonFrame};
//! use contactid::{Reply, Strictness};
//!
//! // As a line card gives them, with the parity bit: U, six digits of account, two of code, ETX, check character.
//! let wire = [0xD5, 0x31, 0x32, 0xB3, 0x34, 0xB5, 0xB6, 0x31, 0xB0, 0x83, 0x2F];
//! let frame = RobofonFrame::parse(&wire, BlockCheck::Ignored, Strictness::Strict)?;
//! assert_eq!(frame.account().map(|account| account.to_string()), Some("123456".into()));
//! assert_eq!(frame.signal().code.to_string(), "robofon:10");
//! assert_eq!(frame.reply(Reply::Ack), [0x86]);
//! assert_eq!(frame.encode(), wire);
//! # Ok::<(), contactid::RecordError>(())
//! ```
//!
//! Tone is a 0 and silence is a 1; a character is a start bit, seven bits from the lowest up, odd parity and a stop bit.

use crate::cid::digits::allowed;
use crate::{AccountNumber, Check, Code, EncodeError, OwnCode, OwnList, Qualifier, Quirks, RecordError, Reply};
use crate::{Signal, Strictness};

/// The tone that is keyed, in Hz.
pub const TONE_HZ: u16 = 1000;
/// Bits in a second.
pub const BAUD: u16 = 50;
/// What the receiver says first, without its parity bit: F7 on the wire.
pub const HANDSHAKE: u8 = 0x77;
/// What the receiver says of a frame that it took, without its parity bit: 86 on the wire.
pub const ACK: u8 = 0x06;
/// What the receiver says of a frame that it did not take; its parity bit is 0.
pub const NAK: u8 = 0x15;

const START: u8 = b'U';
const ETX: u8 = 0x03;

/// How the check character is made. The sources say that there is one, and not how it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BlockCheck {
    /// Unknown: any character is taken.
    #[default]
    Ignored,
    /// The sum of the eight digits and ETX, modulo 128. Unverified.
    Sum,
    /// The exclusive or of the eight digits and ETX. Unverified.
    Xor,
}

impl BlockCheck {
    /// The check character of these digits; `None` if the rule is unknown.
    pub fn of(self, digits: [u8; 8]) -> Option<u8> {
        let whole = digits.into_iter().chain([ETX]);
        match self {
            Self::Ignored => None,
            Self::Sum => Some(whole.fold(0u8, u8::wrapping_add) & 0x7F),
            Self::Xor => Some(whole.fold(0, |sum, byte| sum ^ byte) & 0x7F),
        }
    }
}

/// Whether the eighth bit of a character is still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ParityBit {
    /// Odd parity, as on the line.
    #[default]
    Odd,
    /// Taken off by a line card that has checked it.
    Stripped,
}

impl ParityBit {
    /// Seven bits as they are on the line, or behind the card.
    pub(crate) const fn apply(self, character: u8) -> u8 {
        match self {
            Self::Odd if character.count_ones().is_multiple_of(2) => character | 0x80,
            Self::Odd | Self::Stripped => character,
        }
    }

    /// What a receiver says in characters of this kind: empty for silence.
    pub const fn reply(self, reply: Reply) -> &'static [u8] {
        match (reply, self) {
            (Reply::Ack, Self::Odd) => const { &[Self::Odd.apply(ACK)] },
            (Reply::Ack, Self::Stripped) => &[ACK],
            (Reply::Nak | Reply::Duh, _) => &[NAK],
            (Reply::Silence, _) => &[],
        }
    }
}

/// One Robofon 8 frame.
///
/// ```text
/// U 123456 10 ETX c
///   │      │      └─ check character, of a rule that is not established
///   │      └──────── code
///   └─────────────── account
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RobofonFrame {
    account: AccountNumber,
    code: OwnCode,
    check: u8,
    parity: ParityBit,
}

impl RobofonFrame {
    /// How many characters a frame has.
    pub const LEN: usize = 11;

    /// A frame of this code, with this check character ([`BlockCheck::of`]).
    ///
    /// # Errors
    /// [`EncodeError`] if the account has not six characters, the code not two, or the check character more than seven
    /// bits.
    pub fn new(account: AccountNumber, code: [u8; 2], check: u8) -> Result<Self, EncodeError> {
        let found = account.as_str().len();
        if found != 6 {
            return Err(EncodeError::Width { field: "account", expected: 6, found });
        }
        let odd = code.into_iter().find(|byte| !byte.is_ascii_alphanumeric()).unwrap_or_default();
        let code = own(code).ok_or(EncodeError::Byte { field: "code", found: odd })?;
        if check > 0x7F {
            return Err(EncodeError::Byte { field: "check", found: check });
        }
        Ok(Self { account, code, check, parity: ParityBit::Odd })
    }

    /// The same frame with or without its parity bits.
    #[must_use]
    pub const fn with_parity(mut self, parity: ParityBit) -> Self {
        self.parity = parity;
        self
    }

    /// Reads the eleven characters of a frame, with their parity bits, or without them if the first one has none.
    ///
    /// # Errors
    /// [`RecordError::Foreign`] if it does not begin with `U`; [`RecordError::Check`] where a parity bit is wrong, or the
    /// check character by a rule that was given; [`RecordError::Form`] at a character that has no place there.
    pub fn parse(wire: &[u8], rule: BlockCheck, strictness: Strictness) -> Result<Self, RecordError> {
        let parity = match wire.first() {
            Some(&0x55) => ParityBit::Stripped,
            Some(&0xD5) => ParityBit::Odd,
            _ => return Err(RecordError::Foreign { expected: "a frame of Robofon 8" }),
        };
        let wrong = RecordError::Length { expected: Self::LEN, found: wire.len() };
        let wire: [u8; Self::LEN] = wire.try_into().map_err(|_| wrong)?;
        let bare = wire.map(|byte| byte & 0x7F);
        if let Some((&found, expected)) =
            wire.iter().zip(bare.map(|byte| parity.apply(byte))).find(|&(&found, expected)| found != expected)
        {
            let (expected, found) = (u32::from(expected), u32::from(found));
            return Err(RecordError::Check { check: Check::Parity, expected, found });
        }
        let [_, digits @ .., end, check] = bare;
        if end != ETX {
            return Err(RecordError::Form { expected: "ETX", at: 9, found: end });
        }
        if let Some(expected) = rule.of(digits).filter(|&expected| expected != check) {
            let (expected, found) = (u32::from(expected), u32::from(check));
            return Err(RecordError::Check { check: Check::Checksum, expected, found });
        }
        if let Some(at) = digits.iter().position(|byte| !(byte.is_ascii_digit() || byte.is_ascii_uppercase())) {
            return Err(RecordError::Form { expected: "a digit of account or code", at: 1 + at, found: digits[at] });
        }
        let [account @ .., high, low] = digits;
        let strange = RecordError::Form { expected: "a digit of account or code", at: 1, found: digits[0] };
        let account = AccountNumber::new(&account).map_err(|_| strange)?;
        let code = own([high, low]).ok_or(strange)?;
        allowed(Self { account, code, check, parity }, Quirks::NONE, strictness)
    }

    /// The account: there always is one.
    pub const fn account(&self) -> Option<AccountNumber> {
        Some(self.account)
    }

    /// The code: what its two digits mean is agreed for each account.
    pub const fn code(&self) -> OwnCode {
        self.code
    }

    /// The check character, without its parity bit.
    pub const fn check(&self) -> u8 {
        self.check
    }

    /// Whether the characters have their parity bits.
    pub const fn parity(&self) -> ParityBit {
        self.parity
    }

    /// The departures from the format that it was read in spite of: none is known.
    pub const fn quirks(&self) -> Quirks {
        Quirks::NONE
    }

    /// The frame as an event, always new.
    pub const fn signal(&self) -> Signal {
        Signal::new(Code::Own(self.code), Qualifier::New)
    }

    /// The eleven characters.
    pub fn encode(&self) -> [u8; 11] {
        let mut wire = [START; Self::LEN];
        let [_, digits @ .., end, check] = &mut wire;
        for (place, byte) in digits.iter_mut().zip(self.account.as_str().bytes().chain(self.code.as_str().bytes())) {
            *place = byte;
        }
        (*end, *check) = (ETX, self.check);
        wire.map(|byte| self.parity.apply(byte))
    }

    /// What the receiver says of it, in the same kind of characters: empty for silence.
    pub const fn reply(&self, reply: Reply) -> &'static [u8] {
        self.parity.reply(reply)
    }
}

fn own(code: [u8; 2]) -> Option<OwnCode> {
    code.iter().all(u8::is_ascii_alphanumeric).then(|| OwnCode::new(OwnList::Robofon, &code)).flatten()
}
