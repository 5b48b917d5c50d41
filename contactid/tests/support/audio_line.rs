//! A telephone line for tests: tones of any frequency, noise, gain and companding, always the same for the same seed.
#![allow(dead_code, reason = "shared by tests that use parts of it")]

use std::f64::consts::TAU;

use contactid::audio::g711;

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
