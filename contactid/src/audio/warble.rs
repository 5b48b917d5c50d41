//! Two tones in turn: the handshake and acknowledgement of CESA.
//!
//! ```
//! use contactid::audio::{HeardWarble, Volume, WarbleListener, samples};
//! use contactid::line::{Sound, keyed::{KeyedFormat, Sign}};
//!
//! let mut listener = WarbleListener::cesa();
//! let rest = [Sound::Silence { ms: 100 }];
//! let sounds = rest.into_iter().chain(KeyedFormat::Cesa.sounds(Sign::Handshake)).chain(rest);
//! let line = sounds.flat_map(|sound| samples(sound, Volume::default()));
//! let heard: Vec<HeardWarble> = line.filter_map(|sample| listener.hear(sample)).collect();
//! let [HeardWarble { start_ms, end_ms }] = heard[..] else { panic!("one pattern: {heard:?}") };
//! assert!(start_ms.abs_diff(100) <= 10 && end_ms.abs_diff(1060) <= 10);
//! ```

use super::correlate::{Block, Complex, Correlator, power_of_db, shift, whole};
use super::ms_of;
use crate::cesa;

/// Samples of a look: 2.5 ms.
const LOOK: u16 = 20;
/// Looks of a piece, 15 ms, and of the window.
const PIECE: usize = 6;
/// How much of the energy on the line both tones have to be: a window with half of each holds half of what one with a whole
/// piece does, and white noise comes to 0.03.
const MIN_SHARE: f32 = 0.3;
/// The weakest pattern, in dB below a sine of full scale.
const LEVEL_DB: f32 = -45.0;
/// How many times in a row the tones have to change in time: half of the 63 times that they do. Our choice.
const TURNS: u32 = 31;

/// The pattern was heard, and is over. Times are ms since the first sample, to about 10 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeardWarble {
    /// When it began.
    pub start_ms: u64,
    /// When it ended.
    pub end_ms: u64,
}

/// Hears the pattern of CESA, sample by sample: each tone for 15 ms before the other, within half of that. How far real
/// receivers are off is not established; that, and that half of the pattern is enough, is our choice.
#[derive(Clone, Debug)]
pub struct WarbleListener {
    correlator: Correlator<2>,
    window: [Block<2>; PIECE],
    min_energy: f32,
    looks: u64,
    /// Whether the first of the tones is the one that sounds; `None` while nothing does.
    first: Option<bool>,
    /// When the pattern began and when its tones last changed, in looks, and how often they did in time.
    since: u64,
    turned: u64,
    turns: u32,
}

impl WarbleListener {
    /// A listener at the beginning of a line.
    pub fn cesa() -> Self {
        Self {
            correlator: Correlator::new(cesa::HANDSHAKE_HZ, LOOK),
            window: [Block::EMPTY; PIECE],
            min_energy: power_of_db(LEVEL_DB) * f32::from(LOOK) * PIECE as f32 / 2.0,
            looks: 0,
            first: None,
            since: 0,
            turned: 0,
            turns: 0,
        }
    }

    /// Takes the next sample of the line, at 8 kHz. The pattern is told about 30 ms behind its end.
    pub fn hear(&mut self, sample: i16) -> Option<HeardWarble> {
        shift(&mut self.window, self.correlator.push(sample)?);
        self.looks += 1;
        let Block { sums, energy } = whole(&self.window);
        let [one, other] = sums.map(Complex::norm);
        let share = 2.0 * (one + other) / (f32::from(LOOK) * PIECE as f32);
        let first = (energy >= self.min_energy && share >= energy * MIN_SHARE).then_some(one > other);
        let piece = PIECE as u64;
        let length = self.looks - self.turned;
        if first.is_none() || first == self.first {
            return (length == piece * 2).then(|| self.over()).flatten();
        }
        if self.first.is_some() && (piece / 2..=piece * 3 / 2).contains(&length) {
            self.turns += 1;
            (self.turned, self.first) = (self.looks, first);
            return None;
        }
        let over = self.over();
        (self.since, self.turned, self.first) = (self.looks, self.looks, first);
        over
    }

    /// What is over. A tone is noticed two looks behind its beginning, and the last change in the middle of the window.
    fn over(&mut self) -> Option<HeardWarble> {
        let turns = core::mem::take(&mut self.turns);
        self.first = None;
        let ms = |looks: u64| ms_of(looks * u64::from(LOOK));
        let (start, end) = (self.since.saturating_sub(2), self.turned + PIECE as u64 / 2);
        (turns >= TURNS).then(|| HeardWarble { start_ms: ms(start), end_ms: ms(end) })
    }
}
