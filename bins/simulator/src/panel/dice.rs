//! Chance that repeats: the same seed throws the same numbers, so that a simulated day can be run again.

/// A small generator of pseudo-random numbers (SplitMix64). Good enough for made-up days, and for nothing secret.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that throw the series of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of the series.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to just below `high`; `low` when there is none between.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + (self.next_u64() % u64::from(high.saturating_sub(low).max(1))) as u32
    }

    /// True once in `times` throws on average.
    pub fn one_in(&mut self, times: u32) -> bool {
        self.between(0, times) == 0
    }

    /// Fills `bytes` with the series.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_throws_the_published_series() {
        let mut dice = Dice::new(1_234_567);
        let series = [(); 3].map(|()| dice.next_u64());
        assert_eq!(series, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
