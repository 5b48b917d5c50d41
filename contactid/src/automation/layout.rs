//! Records of fixed width, read and written by the very layouts that their manuals print.

use alloc::vec::Vec;

use crate::{AccountNumber, EncodeError, Quirks, RecordError};

/// A layout: `s` is a space, a capital letter a place of the field of that name, anything else itself.
///
/// The places of a field need not stand together: `C` in `RRLAAAAsCCCCsC` has five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Layout(pub(crate) &'static str);

impl Layout {
    pub(crate) const fn len(self) -> usize {
        self.0.len()
    }

    /// That `bytes`, which begin at `from` in their record, have this layout. A place that should be blank and is not is
    /// named, not refused.
    pub(crate) fn check(self, bytes: &[u8], from: usize, quirks: &mut Quirks) -> Result<(), RecordError> {
        if bytes.len() != self.len() {
            return Err(RecordError::Length { expected: from + self.len(), found: from + bytes.len() });
        }
        for (place, (wanted, &found)) in self.0.bytes().zip(bytes).enumerate() {
            let fits = match wanted {
                b's' => {
                    if found != b' ' {
                        quirks.add(Quirks::FILLED_BLANKS);
                    }
                    (b' '..=b'~').contains(&found)
                }
                b'A'..=b'Z' => (b' '..=b'~').contains(&found),
                literal => found == literal,
            };
            if !fits {
                return Err(RecordError::Form { expected: "what the layout has", at: from + place, found });
            }
        }
        Ok(())
    }

    /// The bytes of the field of this letter, in their order.
    pub(crate) fn field(self, bytes: &[u8], letter: u8) -> impl Iterator<Item = u8> + Clone {
        self.0.bytes().zip(bytes.iter().copied()).filter(move |(wanted, _)| *wanted == letter).map(|(_, found)| found)
    }

    /// The bytes of the field of this letter, as many as it has and at most `N`.
    pub(crate) fn array<const N: usize>(self, bytes: &[u8], letter: u8) -> [u8; N] {
        let mut taken = [b' '; N];
        for (place, byte) in taken.iter_mut().zip(self.field(bytes, letter)) {
            *place = byte;
        }
        taken
    }

    /// The account in the field `A`, without the blanks before and behind it.
    pub(crate) fn account(self, bytes: &[u8]) -> Option<AccountNumber> {
        let held: [u8; AccountNumber::MAX] = self.array(bytes, b'A');
        AccountNumber::new(held.trim_ascii()).ok()
    }

    /// The field of this letter as a decimal number; `None` if it is blank or no number.
    pub(crate) fn number(self, bytes: &[u8], letter: u8) -> Option<u32> {
        let held: [u8; 8] = self.array(bytes, letter);
        crate::text::ascii(held.trim_ascii()).and_then(crate::text::decimal)
    }

    /// Appends a record of this layout. An account is set to the right, blanks before it; every other field must have its
    /// width; a field that is not given is blank.
    pub(crate) fn write(self, fields: &[(char, &str)], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let start = out.len();
        let width = |letter: char| self.0.chars().filter(|&wanted| wanted == letter).count();
        out.extend(self.0.bytes().map(|wanted| match wanted {
            b's' | b'A'..=b'Z' => b' ',
            literal => literal,
        }));
        for &(letter, text) in fields {
            let (expected, found) = (width(letter), text.len());
            let right = letter == 'A' && found < expected;
            let name = name(letter);
            if expected != found && !right {
                out.truncate(start);
                return Err(EncodeError::Width { field: name, expected, found });
            }
            if let Some(found) = text.bytes().find(|byte| !(b' '..=b'~').contains(byte)) {
                out.truncate(start);
                return Err(EncodeError::Byte { field: name, found });
            }
            let places = self.0.chars().zip(out.iter_mut().skip(start)).filter(|(wanted, _)| *wanted == letter);
            for ((_, place), byte) in places.skip(expected - found).zip(text.bytes()) {
                *place = byte;
            }
        }
        Ok(())
    }
}

/// What an error calls a field.
const fn name(letter: char) -> &'static str {
    match letter {
        'A' => "account",
        'R' => "receiver",
        'L' => "line",
        'Q' => "qualifier",
        'G' => "group",
        'C' => "channels",
        'Y' | 'Z' => "number",
        _ => "event",
    }
}
