//! Pulses: the rounds of pulse formats in samples, and as sounds.
//!
//! ```
//! use contactid::audio::{PulseHeard, PulseListener, PulseOptions, Volume, samples};
//! use contactid::line::pulse::PulseReport;
//! use contactid::Strictness;
//!
//! let options = PulseOptions::at(1900, 10); // Ademco slow
//! let round = PulseReport::parse(b"123A3", Strictness::Strict)?.rounds().concat();
//! let mut listener = PulseListener::new(options)?;
//! let line = options.sounds(&round).flat_map(|sound| samples(sound, Volume::default()));
//! let heard: Vec<_> = line.filter_map(|sample| listener.hear(sample)).collect();
//! let (Some(PulseHeard::Round(heard)), pulses) = (heard.last(), heard.len() - 1) else { panic!("a round: {heard:?}") };
//! assert_eq!((heard.digits(), pulses), (&round[..], 1 + 2 + 3 + 10 + 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::RATE_HZ;
use super::correlate::{Block, Complex, Correlator, power_of_db, shift};
use super::setting::{SettingError, carried, level, within};
use crate::dtmf::Digit;
use crate::line::Sound;
use crate::line::pulse::PulseReport;

/// How the pulses of a format are made and told apart.
///
/// The sources give the rates of all formats and the tones of some ([`FORMATS`](crate::line::pulse::FORMATS)). How long a
/// pulse sounds and how long panels pause is not established: the rest is defaults of our own, and each can be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PulseOptions {
    /// The tone of a pulse, in Hz, 300 to 3400. Where it is not known whether a panel sends 1800 or 1900, 1850 hears both.
    pub tone_hz: u16,
    /// Pulses in a second, 5 to 50.
    pub rate: u8,
    /// The silence between two digits of a round, in ms, from the end of the last pulse. A digit is taken to end after half
    /// of it: at least two pulses. No source; by default five pulses.
    pub digit_gap_ms: u16,
    /// The silence between two rounds, in ms. A round is taken to end after half of it: at least twice the other. No source;
    /// by default twenty pulses.
    pub round_gap_ms: u16,
    /// The weakest pulse, in dB below a sine of full scale. No source; by default -45.
    pub min_level_db: f32,
}

impl PulseOptions {
    /// Pulses of this tone, so many a second.
    pub fn at(tone_hz: u16, rate: u8) -> Self {
        let period_ms = 1000 / u16::from(rate.max(1));
        Self {
            tone_hz,
            rate,
            digit_gap_ms: period_ms.saturating_mul(5),
            round_gap_ms: period_ms.saturating_mul(20),
            min_level_db: -45.0,
        }
    }

    /// A round as sounds: so many pulses a digit as it counts, half of the time tone, and the silence behind the round.
    ///
    /// Digits come as [`PulseReport::rounds`] gives them, where ten pulses are [`Digit::UNUSED`]; [`Digit::ZERO`] counts ten
    /// as well.
    pub fn sounds(self, round: &[Digit]) -> impl Iterator<Item = Sound> {
        let period_ms = 1000 / u32::from(self.rate.max(1));
        let on_ms = period_ms / 2;
        let last = round.len().saturating_sub(1);
        round.iter().enumerate().flat_map(move |(place, digit)| {
            let count = digit.value();
            let behind_ms = u32::from(if place == last { self.round_gap_ms } else { self.digit_gap_ms });
            (1..=count).flat_map(move |number| {
                let off_ms = if number == count { behind_ms } else { period_ms - on_ms };
                [Sound::Tone { hz: self.tone_hz, ms: on_ms }, Sound::Silence { ms: off_ms }]
            })
        })
    }
}

/// The digits of a round, one more than a report has at most with its parity digit: that many are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PulseRound {
    digits: [Digit; PulseReport::MAX + 2],
    count: usize,
}

impl PulseRound {
    const EMPTY: Self = Self { digits: [Digit::UNUSED; PulseReport::MAX + 2], count: 0 };

    /// The digits: what [`ReceiverInput::Round`](crate::line::ReceiverInput::Round) takes.
    pub fn digits(&self) -> &[Digit] {
        self.digits.get(..self.count).unwrap_or_default()
    }

    fn push(&mut self, digit: Digit) {
        if let Some(place) = self.digits.get_mut(self.count) {
            *place = digit;
            self.count += 1;
        }
    }
}

/// What is heard of pulses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulseHeard {
    /// A pulse is over: the round goes on. What [`ReceiverInput::Pulse`](crate::line::ReceiverInput::Pulse) stands for.
    Pulse,
    /// A round is over.
    Round(PulseRound),
    /// A round is over in which something was no pulse, or a digit had more than fifteen.
    Garbled,
}

/// Looks at the line so many times a pulse, from the beginning of one to the beginning of the next.
const LOOKS: u16 = 16;
/// Looks that are taken together: a quarter of a pulse.
const WINDOW: usize = 4;
/// How long a tone may be to be a pulse, in looks; half of the time is eight. A click looks four long, as
/// long as the window.
const PULSE: core::ops::RangeInclusive<u32> = 5..=14;
/// How much of the energy on the line the tone has to be.
const MIN_SHARE: f32 = 0.5;

/// Hears the rounds of a pulse format, sample by sample.
///
/// ```text
///  ▁▁▁▁██▁▁██▁▁██▁▁▁▁▁▁▁▁▁▁██▁▁██▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
///      1   2   3    digit   1   2      digit     round
/// ```
///
/// A pulse is where the tone is most of what is on the line, and at least half as high as the pulses before it. All is
/// measured in parts of a pulse, so that every rate is heard alike.
#[derive(Clone, Debug)]
pub struct PulseListener {
    correlator: Correlator<1>,
    window: [Block<1>; WINDOW],
    /// Samples in the window.
    samples: f32,
    min_power: f32,
    /// Silences that end a digit and a round, in looks.
    digit_gap: u32,
    round_gap: u32,
    /// The power of pulses.
    high: f32,
    /// For how many looks the tone was there, or not.
    sounding: bool,
    looks: u32,
    pulses: u8,
    garbled: bool,
    round: PulseRound,
}

impl PulseListener {
    /// A listener at the beginning of a line.
    ///
    /// # Errors
    /// [`SettingError`]: a tone beyond 300 to 3400; a rate beyond 5 to 50; a level beyond -90 to 0; silences by which the end
    /// of a pulse, of a digit and of a round cannot be told apart.
    pub fn new(options: PulseOptions) -> Result<Self, SettingError> {
        carried("tone_hz", options.tone_hz)?;
        within("rate", options.rate.into(), 5.0, 50.0)?;
        level(options.min_level_db)?;
        let rate = u32::from(options.rate);
        // Half of a silence ends a digit, and between the pulses of a digit it is silent for up to three quarters of one.
        let digit_ms = 2.0 * 1000.0 / f32::from(options.rate);
        within("digit_gap_ms", options.digit_gap_ms.into(), digit_ms, 30_000.0)?;
        within("round_gap_ms", options.round_gap_ms.into(), 2.0 * f32::from(options.digit_gap_ms), 60_000.0)?;
        let look = RATE_HZ / rate / u32::from(LOOKS);
        let looks = |gap_ms: u16| u32::from(gap_ms) * RATE_HZ / 1000 / look / 2;
        Ok(Self {
            correlator: Correlator::new([options.tone_hz], look as u16),
            window: [Block::EMPTY; WINDOW],
            samples: look as f32 * WINDOW as f32,
            min_power: power_of_db(options.min_level_db),
            digit_gap: looks(options.digit_gap_ms),
            round_gap: looks(options.round_gap_ms),
            high: 0.0,
            sounding: false,
            looks: 0,
            pulses: 0,
            garbled: false,
            round: PulseRound::EMPTY,
        })
    }

    /// Takes the next sample of the line, at 8 kHz.
    pub fn hear(&mut self, sample: i16) -> Option<PulseHeard> {
        shift(&mut self.window, self.correlator.push(sample)?);
        let sounds = self.sounds();
        self.looks = self.looks.saturating_add(1);
        if sounds != self.sounding {
            let looks = core::mem::take(&mut self.looks);
            self.sounding = sounds;
            return if sounds { None } else { self.pulse(looks) };
        }
        if sounds {
            return None;
        }
        if self.looks == self.digit_gap {
            self.digit();
        }
        (self.looks == self.round_gap).then(|| self.over()).flatten()
    }

    /// Whether the tone is there. Blocks are not added up in phase, so that the tone may be off by half a look.
    fn sounds(&mut self) -> bool {
        let sums = self.window.iter().flat_map(|block| block.sums).map(Complex::norm);
        let power = sums.sum::<f32>() * 4.0 * WINDOW as f32 / (self.samples * self.samples);
        let energy: f32 = self.window.iter().map(|block| block.energy).sum();
        if power < self.min_power || power * self.samples < 2.0 * energy * MIN_SHARE {
            return false;
        }
        // What was as high as the pulses are fades over about two hundred looks, so that a crash does not deafen.
        self.high = power.max(self.high * 0.995);
        // Half of the window, with some room on either side.
        let part = if self.sounding { 0.4 } else { 0.6 };
        power >= self.high * part
    }

    /// A tone is over that was there for so many looks.
    fn pulse(&mut self, looks: u32) -> Option<PulseHeard> {
        if !PULSE.contains(&looks) {
            // Shorter is a click, longer is a tone of something else: neither counts, and neither leaves the count right.
            self.garbled |= self.pulses > 0 || self.round.count > 0;
            return None;
        }
        self.pulses = self.pulses.saturating_add(1);
        Some(PulseHeard::Pulse)
    }

    /// A digit is over, if there was one.
    fn digit(&mut self) {
        match core::mem::take(&mut self.pulses) {
            0 => {}
            count => match Digit::new(count) {
                Some(digit) => self.round.push(digit),
                None => self.garbled = true,
            },
        }
    }

    /// A round is over, if there was one.
    fn over(&mut self) -> Option<PulseHeard> {
        let round = core::mem::replace(&mut self.round, PulseRound::EMPTY);
        let garbled = core::mem::take(&mut self.garbled);
        self.high = 0.0;
        match (garbled, round.count) {
            (true, _) => Some(PulseHeard::Garbled),
            (false, 0) => None,
            (false, _) => Some(PulseHeard::Round(round)),
        }
    }
}
