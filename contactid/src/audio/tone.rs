//! Single tones: handshakes and kissoffs, how long they sound and how far they are off.
//!
//! ```
//! use contactid::audio::{HeardTone, ToneListener, ToneOptions, Volume, samples};
//! use contactid::line::Sound;
//!
//! let mut listener = ToneListener::new([1400, 2300], ToneOptions::default())?;
//! let sounds = [Sound::Silence { ms: 50 }, Sound::Tone { hz: 1400, ms: 100 }, Sound::Silence { ms: 100 }];
//! let line = sounds.into_iter().flat_map(|sound| samples(sound, Volume::default()));
//! let heard: Vec<HeardTone> = line.filter_map(|sample| listener.hear(sample)).collect();
//! let [HeardTone::Begins { .. }, HeardTone::Over { meant_hz: 1400, hz: 1400, start_ms, end_ms }] = heard[..] else {
//!     panic!("a tone begins and is over: {heard:?}")
//! };
//! assert!(start_ms.abs_diff(50) <= 3 && end_ms.abs_diff(150) <= 3);
//! # Ok::<(), contactid::audio::SettingError>(())
//! ```

use super::correlate::{Block, Complex, Correlator, fit, offset_hz, power_of_db, shift};
use super::runs::{Run, Runs};
use super::setting::{SettingError, carried, level, within};
use super::{RATE_HZ, ms_of};

/// What a [`ToneListener`] takes for a tone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToneOptions {
    /// How far the frequency may be off, in thousandths. A transmitter has to accept 50, a receiver keeps within 30 (AN93);
    /// by default 55, since whoever hears of the tone has a limit of its own. No limit reaches
    /// further than 200 Hz.
    pub tolerance_permille: u16,
    /// The shortest tone, in ms, known to about 3 ms. No source; by default 40, below the 100 of a handshake (AN93).
    pub min_on_ms: u16,
    /// The shortest silence that ends a tone, in ms. No source; by default 20.
    pub min_off_ms: u16,
    /// The weakest tone, in dB below a sine of full scale. No source; by default -45.
    pub min_level_db: f32,
    /// How much of the energy on the line the tone has to be, 0 to 1. No source; by default 0.7, which is a noise 4 dB below
    /// the tone, and more than either tone of an even pair.
    pub min_share: f32,
}

impl Default for ToneOptions {
    fn default() -> Self {
        Self { tolerance_permille: 55, min_on_ms: 40, min_off_ms: 20, min_level_db: -45.0, min_share: 0.7 }
    }
}

/// What is heard of a single tone. Times are ms since the first sample, to about 3 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeardTone {
    /// It sounds for as long as a tone has to, and goes on.
    Begins {
        /// The tone that was listened for and is nearest, in Hz.
        meant_hz: u16,
        /// When it began.
        start_ms: u64,
    },
    /// It is over. Every tone that began will be, and is told about 20 ms after its end.
    Over {
        /// The tone that was listened for and is nearest, in Hz.
        meant_hz: u16,
        /// What it was, in Hz, measured over the whole tone.
        hz: u16,
        /// When it began.
        start_ms: u64,
        /// When it ended.
        end_ms: u64,
    },
}

/// Samples a block: 2.5 ms.
const BLOCK: u16 = 20;
/// Blocks that are looked at together: 20 ms.
const WINDOW: usize = 8;

/// Hears `N` tones that come one at a time, sample by sample.
#[derive(Clone, Debug)]
pub struct ToneListener<const N: usize> {
    meant: [u16; N],
    options: ToneOptions,
    min_power: f32,
    correlator: Correlator<N>,
    window: [Block<N>; WINDOW],
    blocks: u64,
    runs: Runs<1>,
    /// Whether the tone that goes on was told of.
    told: bool,
}

impl<const N: usize> ToneListener<N> {
    /// A listener for these frequencies in Hz at the beginning of a line.
    ///
    /// # Errors
    /// [`SettingError`]: a frequency beyond 300 to 3400; a tolerance above 150; a length above 1000; a level beyond -90 to 0;
    /// a share beyond 0 to 1.
    pub fn new(hz: [u16; N], options: ToneOptions) -> Result<Self, SettingError> {
        hz.into_iter().try_for_each(|hz| carried("hz", hz))?;
        within("tolerance_permille", options.tolerance_permille.into(), 0.0, 150.0)?;
        within("min_on_ms", options.min_on_ms.into(), 0.0, 1000.0)?;
        within("min_off_ms", options.min_off_ms.into(), 0.0, 1000.0)?;
        level(options.min_level_db)?;
        within("min_share", options.min_share, 0.0, 1.0)?;
        let gap = (u64::from(options.min_off_ms) * 2).div_ceil(5).max(1);
        Ok(Self {
            meant: hz,
            options,
            min_power: power_of_db(options.min_level_db),
            correlator: Correlator::new(hz, BLOCK),
            window: [Block::EMPTY; WINDOW],
            blocks: 0,
            runs: Runs::new(gap),
            told: false,
        })
    }

    /// Takes the next sample of the line, at 8 kHz. To hear the end of a tone that ends with the line, let silence follow.
    pub fn hear(&mut self, sample: i16) -> Option<HeardTone> {
        shift(&mut self.window, self.correlator.push(sample)?);
        self.blocks += 1;
        let heard = self.tone();
        if let Some(over) = self.runs.step(self.blocks, heard) {
            return core::mem::take(&mut self.told).then(|| self.over(over)).flatten();
        }
        let run = *self.runs.now()?;
        let (start, end) = self.span(run);
        let long = (end.saturating_sub(start)) * 1000 >= u64::from(self.options.min_on_ms) * u64::from(RATE_HZ);
        if self.told || !long || self.right(run).is_none() {
            return None;
        }
        self.told = true;
        Some(HeardTone::Begins { meant_hz: *self.meant.get(run.key)?, start_ms: ms_of(start) })
    }

    /// The tone in the window, if there is one, and how it turns.
    fn tone(&self) -> Option<(usize, [Complex; 1])> {
        let energy: f32 = self.window.iter().map(|block| block.energy).sum();
        // A tone of that level in half of the window.
        if energy * 4.0 < self.min_power * f32::from(BLOCK) * WINDOW as f32 {
            return None;
        }
        let fits = (0..N).filter_map(|tone| Some((tone, fit(&self.window, tone, BLOCK)?)));
        let near = fits.filter(|(tone, fit)| self.near(*tone, fit.turn).is_some());
        let (tone, best) = near.max_by(|(_, a), (_, b)| a.share.total_cmp(&b.share))?;
        (best.power >= self.min_power && best.share >= self.options.min_share).then_some((tone, [best.turn]))
    }

    /// What a tone that turns so is in Hz, if that is near enough to what it is taken for.
    fn near(&self, tone: usize, turn: Complex) -> Option<f32> {
        let meant = f32::from(*self.meant.get(tone)?);
        let offset = offset_hz(turn, BLOCK);
        // A short stretch in noise is known less well than the whole tone.
        (offset.abs() * 1000.0 <= meant * (f32::from(self.options.tolerance_permille) + 10.0)).then_some(meant + offset)
    }

    /// What the tone of a run is in Hz, if that is within the tolerance.
    fn right(&self, run: Run<1>) -> Option<u16> {
        let [turn] = run.turns;
        let meant = f32::from(*self.meant.get(run.key)?);
        let offset = offset_hz(turn, BLOCK);
        let within = offset.abs() * 1000.0 <= meant * f32::from(self.options.tolerance_permille);
        within.then(|| libm::roundf(meant + offset) as u16)
    }

    /// The first and the last sample of a run: the first window that passed held so much of it, and the last one.
    fn span(&self, run: Run<1>) -> (u64, u64) {
        let window = f32::from(BLOCK) * WINDOW as f32;
        let held = (window * self.options.min_share) as u64;
        let half = u64::from(BLOCK) / 2;
        let start = (run.first * u64::from(BLOCK)).saturating_sub(held + half);
        (start, (run.last * u64::from(BLOCK) + held + half).saturating_sub(window as u64))
    }

    fn over(&self, run: Run<1>) -> Option<HeardTone> {
        let [turn] = run.turns;
        let meant_hz = *self.meant.get(run.key)?;
        let hz = libm::roundf(f32::from(meant_hz) + offset_hz(turn, BLOCK)) as u16;
        let (start, end) = self.span(run);
        Some(HeardTone::Over { meant_hz, hz, start_ms: ms_of(start), end_ms: ms_of(end) })
    }
}
