//! Formats whose panels send characters instead of digits: Robofon 8, a tone keyed on and off, and CESA, keyed between two.
//!
//! ```text
//! receiver               Robofon 8         transmitter     receiver                 CESA               transmitter
//!    ├── 77 (wire F7) ───────────────────────▶│               ├── 1850/1650 Hz in turn, 960 ms ──────────▶│
//!    ◀── U 123456 10 ETX check ───────────────┤               ◀── 1180 Hz 0.8–1 s, message, message ──────┤
//!    │ stored                                 │               │ both agree; stored                        │
//!    ├── 06 (wire 86) taken, 15 not ─────────▶│               ├── 1850/1650 Hz in turn, 960 ms ──────────▶│
//! ```
//!
//! The ends of such a call are [`Receiver`](super::Receiver) with [`Handshake::Keyed`](super::Handshake::Keyed) among its
//! handshakes, and [`Transmitter`](super::Transmitter).
//!
//! # What is not established
//!
//! No source says how long either end waits, how often a panel repeats, or whether it sends several messages in a call: those
//! are options, and their defaults our choice. Nor does one say how a receiver refuses a message of CESA: it is silent, and
//! the panel expected to begin again. CESA's carrier is the tone of a 0, and so is a start bit: there has to be some rest
//! between them, and how much is unverified ([`KeyedTiming::rest_ms`]).
//!
//! CESA acknowledges with its handshake. So a receiver offers that once in a call, and a panel that missed it dials again.

mod copies;

use alloc::{vec, vec::Vec};

use super::timing::Sound;
use crate::cesa::{self, CesaMessage};
use crate::robofon::{self, ParityBit, RobofonFrame};
use crate::{AccountNumber, Quirks, Signal};

pub(super) use copies::Copies;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyedFormat {
    /// Robofon 8.
    Robofon,
    /// CESA.
    Cesa,
}

/// What a receiver says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Begin: 77 of Robofon; the two tones of CESA.
    Handshake,
    /// Taken: 06 of Robofon. CESA's is its handshake, so that who hears the two tones need not tell which is meant.
    Acknowledge,
    /// Send it again: 15 of Robofon. CESA has none.
    Refuse,
}

impl Sign {
    const fn character(self) -> u8 {
        match self {
            Self::Handshake => robofon::HANDSHAKE,
            Self::Acknowledge => robofon::ACK,
            Self::Refuse => robofon::NAK,
        }
    }

    /// What a character of Robofon says; `None` if it is none of a receiver's, or its parity bit is wrong.
    ///
    /// ```
    /// use contactid::{line::keyed::Sign, robofon::ParityBit};
    /// assert_eq!(Sign::of(0xF7, ParityBit::Odd), Some(Sign::Handshake));
    /// assert_eq!((Sign::of(0x06, ParityBit::Odd), Sign::of(0x06, ParityBit::Stripped)), (None, Some(Sign::Acknowledge)));
    /// ```
    pub fn of(character: u8, parity: ParityBit) -> Option<Self> {
        let all = [Self::Handshake, Self::Acknowledge, Self::Refuse];
        all.into_iter().find(|sign| parity.apply(sign.character()) == character)
    }
}

impl KeyedFormat {
    /// What a receiver says, as sounds: none for a refusal of CESA.
    pub fn sounds(self, sign: Sign) -> Vec<Sound> {
        match (self, sign) {
            (Self::Robofon, sign) => self.characters(&[ParityBit::Odd.apply(sign.character())]),
            (Self::Cesa, Sign::Handshake | Sign::Acknowledge) => {
                let pieces = cesa::HANDSHAKE_MS / cesa::HANDSHAKE_PIECE_MS;
                let tones = cesa::HANDSHAKE_HZ.map(|hz| Sound::Tone { hz, ms: cesa::HANDSHAKE_PIECE_MS.into() });
                tones.into_iter().cycle().take(pieces.into()).collect()
            }
            (Self::Cesa, Sign::Refuse) => Vec::new(),
        }
    }

    /// How many characters a message has.
    const fn length(self) -> usize {
        match self {
            Self::Robofon => RobofonFrame::LEN,
            Self::Cesa => CesaMessage::LEN,
        }
    }

    /// Characters as sounds, one for each bit: a start bit, eight bits from the lowest up, and the stop bits.
    fn characters(self, bytes: &[u8]) -> Vec<Sound> {
        let tone = |hz, baud: u16| Sound::Tone { hz, ms: 1000 / u32::from(baud) };
        let (zero, one, stop_bits) = match self {
            Self::Robofon => {
                let ms = 1000 / u32::from(robofon::BAUD);
                (tone(robofon::TONE_HZ, robofon::BAUD), Sound::Silence { ms }, 1)
            }
            Self::Cesa => (tone(cesa::SPACE_HZ, cesa::BAUD), tone(cesa::MARK_HZ, cesa::BAUD), 2),
        };
        let bits = |&byte: &u8| {
            // Everything above the byte is a 1: the stop bits.
            let bits = (0xFF00 | u16::from(byte)) << 1;
            (0..9 + stop_bits).map(move |place| if bits >> place & 1 == 0 { zero } else { one })
        };
        bytes.iter().flat_map(bits).collect()
    }
}

/// A message of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyedMessage {
    /// Robofon 8.
    Robofon(RobofonFrame),
    /// CESA.
    Cesa(CesaMessage),
}

impl KeyedMessage {
    /// Which format it is of.
    pub const fn format(&self) -> KeyedFormat {
        match self {
            Self::Robofon(_) => KeyedFormat::Robofon,
            Self::Cesa(_) => KeyedFormat::Cesa,
        }
    }

    /// The account: there always is one.
    pub const fn account(&self) -> Option<AccountNumber> {
        match self {
            Self::Robofon(frame) => frame.account(),
            Self::Cesa(message) => message.account(),
        }
    }

    /// The departures from its format that it was read in spite of.
    pub const fn quirks(&self) -> Quirks {
        match self {
            Self::Robofon(frame) => frame.quirks(),
            Self::Cesa(message) => message.quirks(),
        }
    }

    /// The event in it.
    pub fn signal(&self) -> Signal {
        match self {
            Self::Robofon(frame) => frame.signal(),
            Self::Cesa(message) => message.signal(),
        }
    }

    /// All that a panel sends of it, as sounds: for CESA the carrier, and the message twice.
    ///
    /// In samples the tones of CESA have to go on without a jump: `then` of the feature `audio`'s `Samples`.
    pub fn sounds(&self, timing: &KeyedTiming) -> Vec<Sound> {
        match self {
            Self::Robofon(frame) => KeyedFormat::Robofon.characters(&frame.with_parity(ParityBit::Odd).encode()),
            Self::Cesa(message) => {
                let copy = KeyedFormat::Cesa.characters(&message.encode());
                let rest = |ms| Sound::Tone { hz: cesa::MARK_HZ, ms };
                let mut sounds = vec![Sound::Tone { hz: cesa::SPACE_HZ, ms: timing.carrier_ms }, rest(timing.rest_ms)];
                sounds.extend(&copy);
                sounds.push(rest(timing.gap_ms));
                sounds.extend(copy);
                sounds.push(rest(timing.rest_ms));
                sounds
            }
        }
    }
}

/// The times of a panel that sends such messages, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyedTiming {
    /// Silence between a handshake, or an answer, and what follows it. No source; by default 250.
    pub pause_ms: u32,
    /// The tone of a 0 before a message of CESA: 800 to 1000; by default 900.
    pub carrier_ms: u32,
    /// The tone of a 1 between that and the first character, and behind the last. Unverified; by default 100.
    pub rest_ms: u32,
    /// Between the two copies of a message of CESA: 600 to 800, by default 700. That the tone of a 1 is in it is unverified.
    pub gap_ms: u32,
    /// How long to wait for an answer to be over, from the end of a message. No source; by default 2500.
    pub answer_ms: u32,
}

impl Default for KeyedTiming {
    fn default() -> Self {
        Self { pause_ms: 250, carrier_ms: 900, rest_ms: 100, gap_ms: 700, answer_ms: 2500 }
    }
}

/// What an end says comes back to it, and is told of a little later than it was out: characters that are whole so shortly
/// behind it are its own, since one of Robofon takes 200 ms and of CESA 55, behind a carrier. Our choice.
pub(super) const ECHO_MS: u64 = 100;
