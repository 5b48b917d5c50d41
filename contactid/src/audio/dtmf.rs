//! DTMF: the digits in samples.
//!
//! ```
//! use contactid::audio::{DtmfListener, DtmfOptions, HeardDigit, Volume, samples};
//! use contactid::{dtmf::Digit, line::Sound};
//!
//! let digit = Digit::from_char('5').unwrap();
//! let mut listener = DtmfListener::new(DtmfOptions::default())?;
//! let sounds = [Sound::Silence { ms: 100 }, Sound::Digit { digit, on_ms: 50, off_ms: 50 }];
//! let line = sounds.into_iter().flat_map(|sound| samples(sound, Volume::default()));
//! let heard: Vec<HeardDigit> = line.filter_map(|sample| listener.hear(sample)).collect();
//! assert_eq!(heard.iter().map(|heard| heard.digit).collect::<Vec<_>>(), [digit]);
//! assert!(heard[0].start_ms.abs_diff(100) <= 5 && heard[0].end_ms.abs_diff(150) <= 5);
//! # Ok::<(), contactid::audio::SettingError>(())
//! ```

use super::correlate::{Block, Complex, Correlator, fit, offset_hz, power_of_db, shift};
use super::runs::{Run, Runs};
use super::setting::{SettingError, level, within};
use super::{RATE_HZ, ms_of};
use crate::dtmf::Digit;

/// What a [`DtmfListener`] takes for a digit.
///
/// Of these limits the sources for alarm formats give two: frequencies within 1.5 %, and 50 ms on and 50 ms off (AN93). The
/// others are those of telephone exchanges (ITU-T Q.24, second-hand).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DtmfOptions {
    /// How far each frequency may be off, in thousandths. Within 15 is to be taken (AN93), from 35 on refused (Q.24); by
    /// default 22.
    pub tolerance_permille: u16,
    /// The shortest tone that is a digit, in ms, known to about 4 ms. From 40 on is to be taken, up to 23 refused (Q.24); by
    /// default 35.
    pub min_on_ms: u16,
    /// The shortest silence that ends a digit, in ms, known to about 5 ms. Up to 10 is an interruption (Q.24); by default 20.
    pub min_off_ms: u16,
    /// How much stronger the higher tone may be, in dB: 8 is to be taken; by default 9.
    pub twist_db: f32,
    /// How much stronger the lower tone may be, in dB: 8 is to be taken; by default 9.
    pub reverse_twist_db: f32,
    /// The weakest tone, in dB below a sine of full scale; by default -45.
    pub min_level_db: f32,
    /// How much of the energy on the line the pair has to be, 0 to 1: what keeps speech out, and what noise is held against.
    /// By default 0.6, which is a noise 2 dB below the pair.
    pub min_share: f32,
}

impl Default for DtmfOptions {
    fn default() -> Self {
        Self {
            tolerance_permille: 22,
            min_on_ms: 35,
            min_off_ms: 20,
            twist_db: 9.0,
            reverse_twist_db: 9.0,
            min_level_db: -45.0,
            min_share: 0.6,
        }
    }
}

/// A digit that was heard, and when: in ms since the first sample, to about 5 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeardDigit {
    /// Which tone pair.
    pub digit: Digit,
    /// When it began.
    pub start_ms: u64,
    /// When it ended.
    pub end_ms: u64,
}

/// Samples a block: 5 ms.
const BLOCK: u16 = 40;
/// Blocks that are looked at together: 20 ms.
const WINDOW: usize = 4;
const TONES: [u16; 8] = [697, 770, 852, 941, 1209, 1336, 1477, 1633];

/// Hears digits, sample by sample. A digit is told when it is over, about 25 ms after its end.
///
/// ```text
///            ┌ 697 ┐                                              share of the energy, twist, level
/// samples ───┤  …  ├── sums of 5 ms ── the last 20 ms ── best of low and high ── the same pair for long enough
///            └ 1633┘                                     frequencies
/// ```
///
/// How far a frequency is off is taken from how its phase moves from block to block. That has to be right in every window:
/// tones of a voice glide.
#[derive(Clone, Debug)]
pub struct DtmfListener {
    options: DtmfOptions,
    /// The limits of level, twist and reverse twist, as ratios of power.
    limits: [f32; 3],
    correlator: Correlator<8>,
    window: [Block<8>; WINDOW],
    blocks: u64,
    runs: Runs<0>,
}

impl DtmfListener {
    /// A listener at the beginning of a line.
    ///
    /// # Errors
    /// [`SettingError`]: a tolerance above 100, beyond which tones are nearer to another one; a length above 1000; a twist
    /// beyond 0 to 30; a level beyond -90 to 0; a share beyond 0 to 1.
    pub fn new(options: DtmfOptions) -> Result<Self, SettingError> {
        within("tolerance_permille", options.tolerance_permille.into(), 0.0, 100.0)?;
        within("min_on_ms", options.min_on_ms.into(), 0.0, 1000.0)?;
        within("min_off_ms", options.min_off_ms.into(), 0.0, 1000.0)?;
        within("twist_db", options.twist_db, 0.0, 30.0)?;
        within("reverse_twist_db", options.reverse_twist_db, 0.0, 30.0)?;
        level(options.min_level_db)?;
        within("min_share", options.min_share, 0.0, 1.0)?;
        // Windows that hold part of a digit pass: a gap looks 4 ms longer than it is.
        let gap = (u64::from(options.min_off_ms) + 4).div_ceil(5).max(1);
        let DtmfOptions { min_level_db, twist_db, reverse_twist_db, .. } = options;
        Ok(Self {
            options,
            limits: [min_level_db, twist_db, reverse_twist_db].map(power_of_db),
            correlator: Correlator::new(TONES, BLOCK),
            window: [Block::EMPTY; WINDOW],
            blocks: 0,
            runs: Runs::new(gap),
        })
    }

    /// Takes the next sample of the line, at 8 kHz. To hear a digit that ends with the line, let silence follow it.
    pub fn hear(&mut self, sample: i16) -> Option<HeardDigit> {
        shift(&mut self.window, self.correlator.push(sample)?);
        self.blocks += 1;
        let heard = self.pair();
        self.runs.step(self.blocks, heard).and_then(|run| self.digit(run))
    }

    /// The pair in the window, if it is one, as its place on the key pad.
    fn pair(&self) -> Option<(usize, [Complex; 0])> {
        let [min_power, twist, reverse_twist] = self.limits;
        let energy: f32 = self.window.iter().map(|block| block.energy).sum();
        // Two tones of that level, half of them in the window.
        if energy * 2.0 < min_power * f32::from(BLOCK) * WINDOW as f32 {
            return None;
        }
        let power = |tone: usize| {
            let sums = self.window.iter().filter_map(|block| block.sums.get(tone));
            sums.fold(Complex::default(), |whole, &sum| whole.plus(sum)).norm()
        };
        let best = |tones: core::ops::Range<usize>| tones.max_by(|&a, &b| power(a).total_cmp(&power(b)));
        let (row, column) = (best(0..4)?, best(4..8)?);
        let fits = [fit(&self.window, row, BLOCK)?, fit(&self.window, column, BLOCK)?];
        let right = [row, column].into_iter().zip(fits).all(|(tone, fit)| {
            let limit = f32::from(TONES[tone]) * f32::from(self.options.tolerance_permille);
            offset_hz(fit.turn, BLOCK).abs() * 1000.0 <= limit
        });
        let [low, high] = fits;
        let strong = low.power >= min_power && high.power >= min_power;
        let even = high.power <= low.power * twist && low.power <= high.power * reverse_twist;
        let pure = low.share + high.share >= self.options.min_share;
        (right && strong && even && pure).then_some((row * 4 + column - 4, []))
    }

    /// A run of blocks as a digit, if it is one.
    fn digit(&self, run: Run<0>) -> Option<HeardDigit> {
        let digit = Digit::from_place(run.key / 4, run.key % 4)?;
        // The first window that passed held so much of the digit, the last one so much again; between two windows lies what
        // half a block can tell.
        let window = f32::from(BLOCK) * WINDOW as f32;
        let held = (window * self.options.min_share) as u64;
        let half = u64::from(BLOCK) / 2;
        let start = (run.first * u64::from(BLOCK)).saturating_sub(held + half);
        let end = (run.last * u64::from(BLOCK) + held + half).saturating_sub(window as u64);
        let long = (end.saturating_sub(start)) * 1000 >= u64::from(self.options.min_on_ms) * u64::from(RATE_HZ);
        long.then(|| HeardDigit { digit, start_ms: ms_of(start), end_ms: ms_of(end) })
    }
}
