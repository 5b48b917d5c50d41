//! Sounds as samples.

use core::f32::consts::TAU;

use super::RATE_HZ;
use super::correlate::power_of_db;
use crate::line::Sound;

/// How loud something is put on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volume {
    /// Single tones, and the lower tone of a pair, in dB below a sine of full scale. No source; by default -12. Above -6 the
    /// two tones of a pair are clipped.
    pub db: f32,
    /// How much louder the higher tone of a pair is, in dB; by default 0.
    pub twist_db: f32,
}

impl Default for Volume {
    fn default() -> Self {
        Self { db: -12.0, twist_db: 0.0 }
    }
}

impl Volume {
    /// The amplitude of a single tone.
    pub(super) fn amplitude(self) -> f32 {
        libm::sqrtf(power_of_db(self.db)) * f32::from(i16::MAX)
    }
}

/// A sine that goes on without a jump when its frequency changes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Oscillator {
    /// In turns, 0 to 1.
    phase: f32,
}

impl Oscillator {
    pub(super) fn next(&mut self, hz: f32) -> f32 {
        let sine = libm::sinf(self.phase * TAU);
        self.phase += hz / RATE_HZ as f32;
        self.phase -= libm::floorf(self.phase);
        sine
    }

    /// So many samples further.
    fn skip(&mut self, hz: f32, samples: u64) {
        self.phase += hz * (samples as f32 / RATE_HZ as f32);
        self.phase -= libm::floorf(self.phase);
    }
}

/// Rounds, and clips at full scale.
pub(super) fn sample_of(value: f32) -> i16 {
    libm::roundf(value) as i16
}

/// The samples of one sound, at 8 kHz.
#[derive(Clone, Debug)]
pub struct Samples {
    hz: [f32; 2],
    amplitudes: [f32; 2],
    oscillators: [Oscillator; 2],
    on: u64,
    off: u64,
}

/// A sound as samples: what a session of [`line`](crate::line) wants on the line.
pub fn samples(sound: Sound, volume: Volume) -> Samples {
    let low = volume.amplitude();
    let high = Volume { db: volume.db + volume.twist_db, ..volume }.amplitude();
    let (hz, amplitudes, on_ms, off_ms) = match sound {
        Sound::Silence { ms } => ([0, 0], [0.0, 0.0], 0, ms),
        Sound::Tone { hz, ms } => ([hz, 0], [low, 0.0], ms, 0),
        Sound::Digit { digit, on_ms, off_ms } => {
            let pair = digit.pair();
            ([pair.0, pair.1], [low, high], on_ms, off_ms)
        }
    };
    tone_pair(hz.map(f32::from), amplitudes, on_ms, off_ms)
}

impl Samples {
    /// The samples of the sound behind this one: where one tone follows another, the line goes on without a jump, as a modem's
    /// does. Whether the samples of this one were taken already makes no difference.
    ///
    /// ```
    /// use contactid::audio::{Volume, samples};
    /// use contactid::line::Sound;
    /// let tone = samples(Sound::Tone { hz: 980, ms: 5 }, Volume::default());
    /// let longest = samples(Sound::Tone { hz: 980, ms: 10 }, Volume::default());
    /// let behind = tone.then(Sound::Tone { hz: 980, ms: 5 }, Volume::default());
    /// assert!(tone.chain(behind).zip(longest).all(|(one, other)| one.abs_diff(other) <= 1));
    /// ```
    #[must_use]
    pub fn then(&self, sound: Sound, volume: Volume) -> Self {
        let mut oscillators = self.oscillators;
        for (oscillator, hz) in oscillators.iter_mut().zip(self.hz) {
            oscillator.skip(hz, self.on);
        }
        Self { oscillators, ..samples(sound, volume) }
    }
}

fn tone_pair(hz: [f32; 2], amplitudes: [f32; 2], on_ms: u32, off_ms: u32) -> Samples {
    let [on, off] = [on_ms, off_ms].map(|ms| u64::from(ms) * u64::from(RATE_HZ) / 1000);
    Samples { hz, amplitudes, oscillators: [Oscillator::default(); 2], on, off }
}

impl Iterator for Samples {
    type Item = i16;

    fn next(&mut self) -> Option<i16> {
        if self.on == 0 {
            self.off = self.off.checked_sub(1)?;
            return Some(0);
        }
        self.on -= 1;
        let [low, high] = &mut self.oscillators;
        let value = self.amplitudes[0] * low.next(self.hz[0]) + self.amplitudes[1] * high.next(self.hz[1]);
        Some(sample_of(value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.on + self.off).ok();
        (left.unwrap_or(usize::MAX), left)
    }
}
