//! The frame's check value: CRC-16/ARC (polynomial 0x8005 reflected, initial 0, no final XOR).
//!
//! It needs no tables. The polynomial is (x + 1)(x¹⁵ + x + 1), so that the remainder by it follows from the remainders by
//! the two factors. The one by x + 1 is the parity of all bits. For the other, x¹⁵ = x + 1; squared once and again,
//! x³⁰ = x² + 1, x⁶⁰ = x⁴ + 1, x¹²⁰ = x⁸ + 1: bits move far down the sum by two shifts. Compared with sixteen tables of 512
//! bytes, a frame of sixty bytes takes two thirds of the time.
//!
//! A word holds the bits as they are sent, the first, of the highest power, at the bottom: to multiply by x is to shift right.

/// How many bytes one step takes in: two words, that do not wait for each other.
const STEP: usize = 16;

/// CRC-16/ARC of these bytes: for a frame, those from its first `"` up to, not including, CR (DC-09).
pub fn checksum(bytes: &[u8]) -> u16 {
    // The first step is as long as leaves whole ones: zeros before the first byte change nothing. It is put together in a
    // register, because bytes that are copied cannot be read as a word at once.
    let (odd, steps) = bytes.as_rchunks::<STEP>();
    let first = odd.iter().fold(0_u128, |word, &byte| word >> 8 | u128::from(byte) << 120);
    let mut sums = [first as u64, (first >> 64) as u64];
    let mut bits = sums;
    for step in steps {
        let words = words(step);
        for ((sum, bits), word) in sums.iter_mut().zip(&mut bits).zip(words) {
            // By x¹²⁸ = x⁸ x¹²⁰ = x¹⁶ + x⁸.
            let moved = fold::<30, 2>(*sum);
            *sum = moved >> 16 ^ moved >> 8 ^ word;
            *bits ^= word;
        }
    }
    let [high, low] = sums;
    // The first word stands before the second, by x⁶⁴ = x⁴ x⁶⁰ = x⁸ + x⁴.
    let moved = fold::<30, 2>(high);
    let sum = fold::<30, 2>(fold::<30, 2>(moved >> 8 ^ moved >> 4 ^ low));
    // And sixteen places wait for the check value, by x¹⁶ = x² + x.
    let sum = fold::<15, 1>(fold::<15, 1>(sum >> 2 ^ sum >> 1));
    odd_bits((sum >> 48) as u16, bits[0] ^ bits[1])
}

/// The check value that takes in one more byte: some panels count the CR.
pub(crate) fn extended(checksum: u16, byte: u8) -> u16 {
    let low = (checksum & 0xFF) ^ u16::from(byte);
    odd_bits(low << 7 ^ low << 6 ^ checksum >> 8, u64::from(checksum) ^ u64::from(byte))
}

fn words(step: &[u8; STEP]) -> [u64; 2] {
    let (words, _) = step.as_chunks::<8>();
    [words[0], words[1]].map(u64::from_le_bytes)
}

/// Brings the powers from `POWER` on down, where x to the `POWER` is x to the `LEFT` plus one.
const fn fold<const POWER: u32, const LEFT: u32>(sum: u64) -> u64 {
    let (above, below) = (sum << POWER, sum & !(u64::MAX >> POWER));
    below ^ above ^ above >> LEFT
}

/// The remainder that has the parity of the bits it was taken of: this one, or this and x¹⁵ + x + 1.
const fn odd_bits(sum: u16, bits: u64) -> u16 {
    if (sum as u64 ^ bits).count_ones() % 2 == 1 { sum ^ 0xC001 } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_value_holds() {
        assert_eq!(checksum(b"123456789"), 0xBB3D);
    }

    #[test]
    fn steps_give_what_single_bits_give() {
        let bytes: alloc::vec::Vec<u8> = (0..200_u32).map(|at| (at * 89 + at / 7) as u8).collect();
        for length in 0..bytes.len() {
            let (mut bit, mut byte) = (0, 0);
            for &next in &bytes[..length] {
                byte = extended(byte, next);
                bit = (0..8).fold(bit ^ u16::from(next), |sum, _| (sum >> 1) ^ ((sum & 1) * 0xA001));
            }
            assert_eq!((checksum(&bytes[..length]), byte), (bit, bit), "{length} bytes");
        }
    }
}
