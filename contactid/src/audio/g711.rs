//! G.711: the eight bits a sample that telephone networks and VoIP legs carry, as pure functions.
//!
//! ```
//! use contactid::audio::g711;
//! let sample = 1000;
//! assert_eq!(g711::from_mu_law(g711::mu_law(sample)), 988);
//! assert_eq!(g711::from_a_law(g711::a_law(sample)), 1008);
//! assert_eq!((g711::mu_law(0), g711::a_law(0)), (0xFF, 0xD5));
//! ```

/// What μ-law adds to a magnitude, so that every segment begins at a power of two.
const BIAS: u16 = 132;
/// The largest magnitude that μ-law can write, before the bias.
const CLIP: u16 = 32_635;
/// A-law inverts every other bit, so that silence is no row of zeros.
const ALTERNATE: u8 = 0x55;

/// A sample as μ-law (North America, Japan). Magnitudes above 32 635 are clipped.
pub const fn mu_law(sample: i16) -> u8 {
    let magnitude = sample.unsigned_abs();
    let magnitude = if magnitude > CLIP { CLIP } else { magnitude } + BIAS;
    // The bias keeps the segment at or above zero.
    let segment = 8 - magnitude.leading_zeros() as u8;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !(sign | segment << 4 | (magnitude >> (segment + 3)) as u8 & 15)
}

/// A sample from μ-law.
pub const fn from_mu_law(byte: u8) -> i16 {
    let byte = !byte;
    let segment = byte >> 4 & 7;
    let magnitude = ((((byte & 15) as i16) << 3) + BIAS as i16) << segment;
    let magnitude = magnitude - BIAS as i16;
    if byte & 0x80 == 0 { magnitude } else { -magnitude }
}

/// A sample as A-law (elsewhere).
pub const fn a_law(sample: i16) -> u8 {
    let (sign, magnitude) = if sample < 0 { (0, !sample) } else { (0x80, sample) };
    // Twelve bits of magnitude; the two lowest segments have steps of the same size.
    let magnitude = magnitude as u16 >> 4;
    let bits = 16 - magnitude.leading_zeros() as u8;
    let segment = bits.saturating_sub(4);
    let step = segment.saturating_sub(1);
    (sign | segment << 4 | (magnitude >> step) as u8 & 15) ^ ALTERNATE
}

/// A sample from A-law.
pub const fn from_a_law(byte: u8) -> i16 {
    let byte = byte ^ ALTERNATE;
    let segment = byte >> 4 & 7;
    let step = ((byte & 15) as i16) << 4;
    let magnitude = if segment == 0 { step + 8 } else { (step + 0x108) << (segment - 1) };
    if byte & 0x80 == 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives() {
        for byte in 0..=u8::MAX {
            // μ-law has two zeros.
            let again = if byte == 0x7F { 0xFF } else { byte };
            assert_eq!((mu_law(from_mu_law(byte)), a_law(from_a_law(byte))), (again, byte));
        }
    }

    #[test]
    fn samples_come_back_within_a_step() {
        for sample in i16::MIN..=i16::MAX {
            let near = |back: i16, least: i32| {
                let (sample, back) = (i32::from(sample), i32::from(back));
                assert!((sample - back).abs() <= (sample.abs() / 16).max(least), "{sample} became {back}");
            };
            near(from_mu_law(mu_law(sample)), 8);
            near(from_a_law(a_law(sample)), 16);
        }
        assert_eq!([i16::MIN, -1, 0, 1, i16::MAX].map(mu_law), [0x00, 0x7F, 0xFF, 0xFF, 0x80]);
        assert_eq!([i16::MIN, -1, 0, 1, i16::MAX].map(a_law), [0x2A, 0x55, 0xD5, 0xD5, 0xAA]);
    }
}
