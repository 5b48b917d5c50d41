//! The sixteen DTMF tone pairs, in the names that alarm formats give them.

use core::fmt;

/// One DTMF tone pair, as the digit that Ademco formats read in it (SIA DC-05).
///
/// The keys of a telephone are named otherwise: the key `A` is the digit `D`, and the digits `B` and `C` are the keys `*` and
/// `#`. The pair of the key `D` is no digit of Contact ID; it is held as [`Digit::UNUSED`] and written `A`.
///
/// ```
/// use contactid::dtmf::Digit;
/// let digit = Digit::from_key('A').unwrap();
/// assert_eq!((digit.to_char(), digit.key(), digit.value(), digit.pair()), ('D', 'A', 13, (697, 1633)));
/// assert_eq!(Digit::from_char('0').map(Digit::value), Some(10));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digit(u8);

/// The key of each digit, 0 to 9 and A to F.
const KEYS: &[u8; 16] = b"0123456789D*#ABC";
const LOW: [u16; 4] = [697, 770, 852, 941];
const HIGH: [u16; 4] = [1209, 1336, 1477, 1633];
/// Row and column of each digit on the key pad, 0 to 9 and A to F.
const PLACE: [(usize, usize); 16] = [
    (3, 1),
    (0, 0),
    (0, 1),
    (0, 2),
    (1, 0),
    (1, 1),
    (1, 2),
    (2, 0),
    (2, 1),
    (2, 2),
    (3, 3),
    (3, 0),
    (3, 2),
    (0, 3),
    (1, 3),
    (2, 3),
];

impl Digit {
    /// The digit `0`, which counts ten.
    pub const ZERO: Self = Self(0);

    /// The pair 941/1633 Hz, which no Ademco format sends.
    pub const UNUSED: Self = Self(10);

    /// The digit of this number, 0 to 15, where 10 is [`Digit::UNUSED`] and 11 to 15 are `B` to `F`; `None` above.
    pub const fn new(number: u8) -> Option<Self> {
        if number < 16 { Some(Self(number)) } else { None }
    }

    /// The digit written `0` to `9` or `A` to `F`, in either case.
    pub const fn from_char(written: char) -> Option<Self> {
        match written {
            '0'..='9' => Some(Self(written as u8 - b'0')),
            'A'..='F' => Some(Self(written as u8 - b'A' + 10)),
            'a'..='f' => Some(Self(written as u8 - b'a' + 10)),
            _ => None,
        }
    }

    /// The digit of a telephone key: `0` to `9`, `*`, `#`, `A` to `D`.
    pub fn from_key(key: char) -> Option<Self> {
        let at = KEYS.iter().position(|&known| char::from(known) == key)?;
        Some(Self(at as u8))
    }

    /// The digit of a row and a column of the key pad, both 0 to 3 from the lowest frequency; `None` above.
    pub fn from_place(row: usize, column: usize) -> Option<Self> {
        PLACE.iter().position(|&place| place == (row, column)).map(|at| Self(at as u8))
    }

    /// The digit as Contact ID writes it: `0` to `9`, `B` to `F`, and `A` for the unused pair.
    pub fn to_char(self) -> char {
        char::from(b"0123456789ABCDEF"[usize::from(self.0)])
    }

    /// The telephone key of this pair.
    pub fn key(self) -> char {
        char::from(KEYS[usize::from(self.0)])
    }

    /// The digit as a number, 0 to 15.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// What the digit counts in a check sum: 10 for `0`, else its number.
    pub const fn value(self) -> u8 {
        if self.0 == 0 { 10 } else { self.0 }
    }

    /// The two frequencies in Hz, the lower first.
    pub const fn pair(self) -> (u16, u16) {
        let (row, column) = PLACE[self.0 as usize];
        (LOW[row], HIGH[column])
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_char())
    }
}

impl fmt::Debug for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digit({})", self.to_char())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_one_digit_and_one_key() {
        let rows: alloc::vec::Vec<_> = (0..16)
            .map(|number| {
                let digit = Digit::new(number).unwrap();
                assert_eq!(
                    (Digit::from_key(digit.key()), Digit::from_char(digit.to_char())),
                    (Some(digit), Some(digit))
                );
                (digit.to_char(), digit.key(), digit.pair())
            })
            .collect();
        assert_eq!(
            rows,
            [
                ('0', '0', (941, 1336)),
                ('1', '1', (697, 1209)),
                ('2', '2', (697, 1336)),
                ('3', '3', (697, 1477)),
                ('4', '4', (770, 1209)),
                ('5', '5', (770, 1336)),
                ('6', '6', (770, 1477)),
                ('7', '7', (852, 1209)),
                ('8', '8', (852, 1336)),
                ('9', '9', (852, 1477)),
                ('A', 'D', (941, 1633)),
                ('B', '*', (941, 1209)),
                ('C', '#', (941, 1477)),
                ('D', 'A', (697, 1633)),
                ('E', 'B', (770, 1633)),
                ('F', 'C', (852, 1633)),
            ]
        );
    }
}
