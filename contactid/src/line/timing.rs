//! What an installer can set of a call, and what both ends put on the line.

use alloc::{vec, vec::Vec};

use super::keyed::{KeyedFormat, KeyedTiming, Sign};
use super::pulse::{Parity, PulseCheck};
use crate::Strictness;
use crate::dtmf::Digit;
use crate::robofon::BlockCheck;

/// A handshake: what a receiver offers when it has answered. Each family of formats waits for its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handshake {
    /// 1400 Hz, a pause, 2300 Hz: Contact ID, Express, High Speed. Kissoff 1400 Hz.
    Pair,
    /// 2300 Hz alone: pulse formats at 20 and 40 a second. Kissoff 2300 Hz.
    Single2300,
    /// 1400 Hz alone: pulse formats at 10, 20 and 40 a second. Kissoff 1400 Hz.
    Single1400,
    /// The handshake of a format of characters, which also has acknowledgements of its own. When and for how long panels of
    /// these formats listen for it is not established.
    Keyed(KeyedFormat),
}

impl Handshake {
    /// The tone that acknowledges a message after this handshake, in Hz; `None` where no single tone does.
    pub const fn kissoff_hz(self) -> Option<u16> {
        match self {
            Self::Pair | Self::Single1400 => Some(1400),
            Self::Single2300 => Some(2300),
            Self::Keyed(_) => None,
        }
    }

    /// The format of characters that answers this handshake, if one does.
    pub(super) const fn keyed(self) -> Option<KeyedFormat> {
        match self {
            Self::Keyed(format) => Some(format),
            Self::Pair | Self::Single1400 | Self::Single2300 => None,
        }
    }

    /// The handshake as sounds.
    pub(super) fn offer(self, timing: &ReceiverTiming) -> Vec<Sound> {
        let tone = |hz| Sound::Tone { hz, ms: timing.handshake_tone_ms };
        match self {
            Self::Pair => vec![tone(1400), Sound::Silence { ms: timing.handshake_gap_ms }, tone(2300)],
            Self::Single1400 => vec![tone(1400)],
            Self::Single2300 => vec![tone(2300)],
            Self::Keyed(format) => format.sounds(Sign::Handshake),
        }
    }

    /// What acknowledges a message after this handshake, as sounds.
    pub(super) fn acknowledge(self, timing: &ReceiverTiming) -> Vec<Sound> {
        match self {
            Self::Keyed(format) => format.sounds(Sign::Acknowledge),
            Self::Pair | Self::Single1400 | Self::Single2300 => {
                self.kissoff_hz().map(|hz| Sound::Tone { hz, ms: timing.kissoff_ms }).into_iter().collect()
            }
        }
    }
}

/// What a session puts on the line. Sounds follow each other in the order in which they come out, without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sound {
    /// Nothing.
    Silence {
        /// For how long, in ms.
        ms: u32,
    },
    /// A single tone.
    Tone {
        /// Its frequency, in Hz.
        hz: u16,
        /// For how long, in ms.
        ms: u32,
    },
    /// A tone pair, and silence behind it.
    Digit {
        /// Which pair.
        digit: Digit,
        /// How long it sounds, in ms.
        on_ms: u32,
        /// How long nothing sounds then, in ms.
        off_ms: u32,
    },
}

impl Sound {
    /// How long it takes, in ms.
    pub const fn ms(self) -> u64 {
        match self {
            Self::Silence { ms } | Self::Tone { ms, .. } => ms as u64,
            Self::Digit { on_ms, off_ms, .. } => on_ms as u64 + off_ms as u64,
        }
    }
}

/// What a receiver is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiverOptions {
    /// The handshakes that are offered, one after the other until a panel answers one.
    pub handshakes: Vec<Handshake>,
    /// How many times the list of handshakes is gone through before the receiver hangs up. No source; by default twice. CESA's
    /// is offered once in a call: it is the acknowledgement as well, and a panel whose message was not heard would take it so.
    pub rounds: u8,
    /// Whether messages of formats without a check digit are taken: Super Fast and Scancom. A High Speed message that lost a
    /// digit can look like Super Fast, and then carries a wrong account; so only where such panels call.
    pub unchecked: bool,
    /// How pulse rounds are checked: by default every round twice.
    pub pulse_check: PulseCheck,
    /// The rule of the parity digit of pulse rounds, where they have one.
    pub parity: Parity,
    /// Whether rounds of four digits come in pairs, as extended 3/1: then 3/1 is not read. Unverified; by default not.
    pub extended: bool,
    /// The rule of the check character of Robofon 8: by default unknown.
    pub block_check: BlockCheck,
    /// Whether departures are read or refused.
    pub strictness: Strictness,
    /// When and for how long.
    pub timing: ReceiverTiming,
}

impl Default for ReceiverOptions {
    fn default() -> Self {
        Self {
            handshakes: vec![Handshake::Pair, Handshake::Single2300, Handshake::Single1400],
            rounds: 2,
            unchecked: false,
            pulse_check: PulseCheck::Twice,
            parity: Parity::Ignored,
            extended: false,
            block_check: BlockCheck::Ignored,
            strictness: Strictness::Tolerant,
            timing: ReceiverTiming::default(),
        }
    }
}

/// The times of a receiver, in ms. AN93 is the manual of a maker of modem chips; "Asterisk" is what its receiver does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReceiverTiming {
    /// Silence between answering and the first handshake: 500 to 2000 (AN93); by default 1000.
    pub before_handshake_ms: u32,
    /// Each handshake tone: 100, within 5 % (AN93). A single tone is as long: no source gives another length for it.
    pub handshake_tone_ms: u32,
    /// Between the two tones of the pair: 100, within 5 % (AN93).
    pub handshake_gap_ms: u32,
    /// How long a panel may take for its first digit: 2000 (Asterisk).
    pub first_digit_ms: u32,
    /// The end of a message: no further digit for this long. 200, at least 110 (Asterisk).
    pub between_digits_ms: u32,
    /// How long a panel that sends pulses may pause between two of them, be it between digits or rounds. No source; by
    /// default 4000.
    pub between_pulses_ms: u32,
    /// How long a panel may take for the first character of a message, be it behind a handshake, an answer, or what was not
    /// readable; CESA's panels begin with a second of carrier. Longer than a panel waits for an answer and begins again. No
    /// source; by default 7000.
    pub next_character_ms: u32,
    /// The end of a message of characters: no further one for this long. Longer than two characters of Robofon, 400, so that
    /// a lost one does not cut a message in two, and shorter than CESA's pause, 600. Our choice; by default 500.
    pub between_characters_ms: u32,
    /// How long CESA's message is waited for to come a second time, from the end of the first. Its pause is 600 to 800;
    /// whether a panel has its carrier in it is not established. Our choice; by default 2500.
    pub second_copy_ms: u32,
    /// Silence before the kissoff: 200 (Asterisk). Before an answer of Robofon or CESA it is as long; no source.
    pub before_kissoff_ms: u32,
    /// The kissoff: 850 (AN93), 900 (Asterisk); that the standard asks for 750 to 1000 is unverified. Transmitters take
    /// 500 to 1100 (AN93).
    pub kissoff_ms: u32,
    /// How long a panel may be silent behind a kissoff or a message that was not readable, before the receiver hangs up. It
    /// has to be longer than a panel waits for a kissoff. No source; by default 3000.
    pub next_message_ms: u32,
    /// After how many unreadable messages in a row the receiver hangs up: 4, after which panels dial again (AN93).
    pub tries: u8,
}

impl Default for ReceiverTiming {
    fn default() -> Self {
        Self {
            before_handshake_ms: 1000,
            handshake_tone_ms: 100,
            handshake_gap_ms: 100,
            first_digit_ms: 2000,
            between_digits_ms: 200,
            between_pulses_ms: 4000,
            next_character_ms: 7000,
            between_characters_ms: 500,
            second_copy_ms: 2500,
            before_kissoff_ms: 200,
            kissoff_ms: 850,
            next_message_ms: 3000,
            tries: 4,
        }
    }
}

/// The times of a transmitter, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransmitterTiming {
    /// How long to wait for a handshake once the line is up. No source; by default 30 000.
    pub handshake_ms: u32,
    /// Silence between a handshake or kissoff and the digits: 250 to 300 (AN93); by default 275.
    pub pause_ms: u32,
    /// How long a digit sounds: 50 (AN93).
    pub digit_on_ms: u32,
    /// How long nothing sounds behind it: 50 (AN93).
    pub digit_off_ms: u32,
    /// How long to wait for a kissoff to begin, or to end if the tone decoder tells ends only: about 1250, unverified.
    pub kissoff_wait_ms: u32,
    /// The shortest tone that is a kissoff: 500 (AN93: 800, within 300).
    pub kissoff_min_ms: u32,
    /// The longest tone that is a kissoff: 1100 (AN93).
    pub kissoff_max_ms: u32,
    /// How many times a message is sent in a call: 4 (AN93).
    pub tries: u8,
    /// How many calls are made before the messages are given up: 8 for each number (LYNX).
    pub calls: u8,
    /// How long to wait before dialling again. No source; by default 10 000.
    pub redial_ms: u32,
    /// How far the tones may be off, in thousandths: 50, which a transmitter has to accept (AN93).
    pub tolerance_permille: u16,
    /// By how much the tones and the gap of the handshake may be longer or shorter than 100: the receiver keeps to 5 %
    /// (AN93), a tone decoder adds its own doubt. By default 40.
    pub slack_ms: u32,
    /// The times of messages of Robofon 8 and CESA.
    pub keyed: KeyedTiming,
}

impl Default for TransmitterTiming {
    fn default() -> Self {
        Self {
            handshake_ms: 30_000,
            pause_ms: 275,
            digit_on_ms: 50,
            digit_off_ms: 50,
            kissoff_wait_ms: 1250,
            kissoff_min_ms: 500,
            kissoff_max_ms: 1100,
            tries: 4,
            calls: 8,
            redial_ms: 10_000,
            tolerance_permille: 50,
            slack_ms: 40,
            keyed: KeyedTiming::default(),
        }
    }
}
