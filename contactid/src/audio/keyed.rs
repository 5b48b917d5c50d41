//! A keyed tone: bytes of which each 0 sounds and each 1 is silence, as Robofon 8 sends them.
//!
//! ```
//! use contactid::audio::{Character, KeyedListener, Volume, samples};
//! use contactid::line::{Sound, keyed::{KeyedFormat, Sign}};
//! use contactid::robofon::{BAUD, TONE_HZ};
//!
//! let mut listener = KeyedListener::new(TONE_HZ, BAUD)?;
//! let rest = [Sound::Silence { ms: 100 }];
//! let sounds = rest.into_iter().chain(KeyedFormat::Robofon.sounds(Sign::Handshake)).chain(rest);
//! let line = sounds.flat_map(|sound| samples(sound, Volume::default()));
//! let heard: Vec<Character> = line.filter_map(|sample| listener.hear(sample)).collect();
//! assert_eq!(heard, [Character::Byte(0xF7)]);
//! # Ok::<(), contactid::audio::SettingError>(())
//! ```

use super::RATE_HZ;
use super::correlate::{Block, Complex, Correlator, power_of_db, shift};
use super::framer::{Character, Framer, LOOKS};
use super::setting::{SettingError, carried, within};

/// The weakest tone, in dB below a sine of full scale.
const LEVEL_DB: f32 = -45.0;
/// How much of the energy on the line the tone has to be.
const MIN_SHARE: f32 = 0.5;
/// Behind so many looks of silence the next tone may be of any height: 12 bits, and no character has so many.
const QUIET: u16 = 12 * LOOKS as u16;

/// Hears the bytes of a keyed tone, sample by sample.
///
/// ```text
///  ▁▁▁▁▁███▁▁▁▁▁███▁▁▁███▁▁▁███▁▁▁▁
///       0  1 1  0  1  0  1  0  1
///    start bit …          stop bit
/// ```
///
/// A bit is a 0 where the tone has more than half of the power of the highest tone around it. For that the listener lags one
/// bit behind: only when a tone is whole it is known how high it is.
#[derive(Clone, Debug)]
pub struct KeyedListener {
    correlator: Correlator<1>,
    window: [Block<1>; LOOKS],
    /// The power of the tone at the last looks.
    powers: [f32; LOOKS],
    /// Samples in the window.
    samples: f32,
    min_power: f32,
    /// The power of a tone of these characters; 0 for not known.
    high: f32,
    quiet: u16,
    framer: Framer,
}

impl KeyedListener {
    /// A listener for a tone that is keyed so many times a second, at the beginning of a line.
    ///
    /// # Errors
    /// [`SettingError`]: a tone beyond 300 to 3400, or a rate beyond 45 to 200: faster than that the tone has too few waves.
    pub fn new(tone_hz: u16, baud: u16) -> Result<Self, SettingError> {
        carried("tone_hz", tone_hz)?;
        within("baud", baud.into(), 45.0, 200.0)?;
        let bit = RATE_HZ as f32 / f32::from(baud);
        let look = libm::roundf(bit / LOOKS as f32);
        Ok(Self {
            correlator: Correlator::new([tone_hz], look as u16),
            window: [Block::EMPTY; LOOKS],
            powers: [0.0; LOOKS],
            samples: look * LOOKS as f32,
            min_power: power_of_db(LEVEL_DB),
            high: 0.0,
            quiet: 0,
            framer: Framer::new(look, bit),
        })
    }

    /// Takes the next sample of the line, at 8 kHz. A byte is told a bit behind the middle of its stop bit.
    pub fn hear(&mut self, sample: i16) -> Option<Character> {
        shift(&mut self.window, self.correlator.push(sample)?);
        // Blocks are not added up in phase, so that the tone may be off by half a look.
        let sums = self.window.iter().flat_map(|block| block.sums).map(Complex::norm);
        let power = sums.sum::<f32>() * 4.0 * LOOKS as f32 / (self.samples * self.samples);
        let energy: f32 = self.window.iter().map(|block| block.energy).sum();
        shift(&mut self.powers, power);
        if power >= self.min_power && power * self.samples >= 2.0 * energy * MIN_SHARE {
            self.high = self.high.max(power);
        }
        let [power, ..] = self.powers;
        let balance = if self.high > 0.0 { (1.0 - 2.0 * power / self.high).max(-1.0) } else { 1.0 };
        self.quiet = if balance < 0.0 { 0 } else { self.quiet + 1 };
        if self.quiet == QUIET {
            (self.high, self.quiet) = (0.0, 0);
        }
        self.framer.step(balance)
    }
}
