//! A telephone line for tests: tones of any frequency, noise, gain and companding, always the same for the same seed.
#![allow(dead_code, reason = "shared by tests that use parts of it")]

use std::collections::VecDeque;
use std::f64::consts::TAU;

use contactid::audio::{Samples, Volume, g711, samples};
use contactid::line::Sound;

/// Numbers that look like chance: a congruential generator.
pub struct Chance(pub u64);

impl Chance {
    /// 0 to 1.
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normally distributed, of variance one.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// Full scale in samples.
const FULL: f64 = 32_767.0;

/// Sines of these frequencies and levels (dB below full scale) for so many ms.
pub fn sines(tones: &[(f64, f64)], ms: f64) -> Vec<f64> {
    let level = |db: f64| 10f64.powf(db / 20.0) * FULL;
    (0..(ms * 8.0) as usize)
        .map(|n| tones.iter().map(|&(hz, db)| level(db) * (TAU * hz * n as f64 / 8000.0).sin()).sum())
        .collect()
}

/// Nothing for so many ms.
pub fn silence(ms: f64) -> Vec<f64> {
    vec![0.0; (ms * 8.0) as usize]
}

/// Adds white noise of this level: the same power as a sine of so many dB below full scale.
pub fn noisy(line: &[f64], db: f64, chance: &mut Chance) -> Vec<f64> {
    let deviation = 10f64.powf(db / 20.0) * FULL / 2f64.sqrt();
    line.iter().map(|sample| sample + deviation * chance.normal()).collect()
}

/// As samples, clipped at full scale.
pub fn sampled(line: &[f64]) -> Vec<i16> {
    line.iter().map(|sample| sample.round() as i16).collect()
}

/// Through a μ-law leg.
pub fn mu_law(line: &[i16]) -> Vec<i16> {
    line.iter().map(|&sample| g711::from_mu_law(g711::mu_law(sample))).collect()
}

/// Through an A-law leg.
pub fn a_law(line: &[i16]) -> Vec<i16> {
    line.iter().map(|&sample| g711::from_a_law(g711::a_law(sample))).collect()
}

/// What one end says, and what it sounds like by the time it is out.
#[derive(Default)]
pub struct Mouth {
    pub sounds: VecDeque<Sound>,
    pub now: Option<Samples>,
    pub volume: Volume,
}

impl Mouth {
    /// The next sample of it.
    pub fn sample(&mut self) -> i16 {
        loop {
            if let Some(sample) = self.now.as_mut().and_then(Iterator::next) {
                return sample;
            }
            let Some(sound) = self.sounds.pop_front() else { return 0 };
            self.now = Some(match &self.now {
                Some(before) => before.then(sound, self.volume),
                None => samples(sound, self.volume),
            });
        }
    }
}

/// What is between the ends.
#[derive(Clone, Copy)]
pub struct Leg {
    pub law: fn(&[i16]) -> Vec<i16>,
    pub gain: f64,
    /// White noise, in dB below a sine of full scale.
    pub noise_db: f64,
    /// How much of its own voice an end hears.
    pub echo: f64,
    /// The higher tones of digits against the lower ones, in dB.
    pub twist_db: f32,
}

/// Nothing but μ-law.
pub const CLEAN: Leg = Leg { law: mu_law, gain: 1.0, noise_db: -90.0, echo: 0.0, twist_db: 0.0 };

impl Leg {
    /// A sample as the other end hears it.
    pub fn carry(&self, far: i16, own: i16, chance: &mut Chance) -> i16 {
        let deviation = 10f64.powf(self.noise_db / 20.0) * 32_767.0 / 2f64.sqrt();
        let line = f64::from(far) * self.gain + f64::from(own) * self.echo + deviation * chance.normal();
        (self.law)(&[line.round() as i16])[0]
    }
}
