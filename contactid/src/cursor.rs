//! Fields of a record taken off one after the other, with errors that know the place.

use crate::{RecordError, text};

/// A record, and how far it has been read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

#[allow(dead_code, reason = "one way to take each kind of field, for every format whose records have fields")]
impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been taken.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// What has not been taken yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], RecordError> {
        let wrong = RecordError::Length { expected: self.at.saturating_add(count), found: self.bytes.len() };
        let taken = self.rest().get(..count).ok_or(wrong)?;
        self.at += count;
        Ok(taken)
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let wrong = RecordError::Length { expected: self.at + N, found: self.bytes.len() };
        self.take(N)?.try_into().map_err(|_| wrong)
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8, RecordError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next `count` bytes, printable characters and spaces only.
    pub(crate) fn text(&mut self, count: usize, expected: &'static str) -> Result<&'a str, RecordError> {
        let from = self.at;
        let taken = self.take(count)?;
        if let Some(place) = taken.iter().position(|byte| !(b' '..=b'~').contains(byte)) {
            return Err(RecordError::Form { expected, at: from + place, found: taken[place] });
        }
        Ok(core::str::from_utf8(taken).unwrap_or_default())
    }

    /// The next `count` bytes, decimal digits only.
    pub(crate) fn decimal(&mut self, count: usize, expected: &'static str) -> Result<u32, RecordError> {
        let from = self.at;
        let digits = self.text(count, expected)?;
        let found = digits.bytes().position(|byte| !byte.is_ascii_digit());
        let place = found.map_or(0, |place| place);
        let wrong = RecordError::Form {
            expected,
            at: from + place,
            found: digits.as_bytes().get(place).map_or(0, |&byte| byte),
        };
        text::decimal(digits).ok_or(wrong)
    }

    /// Exactly these bytes.
    pub(crate) fn fixed(&mut self, wanted: &[u8], expected: &'static str) -> Result<(), RecordError> {
        for &byte in wanted {
            let (at, found) = (self.at, self.byte()?);
            if found != byte {
                return Err(RecordError::Form { expected, at, found });
            }
        }
        Ok(())
    }

    /// Exactly one of these bytes.
    pub(crate) fn one_of(&mut self, wanted: &[u8], expected: &'static str) -> Result<u8, RecordError> {
        let (at, found) = (self.at, self.byte()?);
        if wanted.contains(&found) { Ok(found) } else { Err(RecordError::Form { expected, at, found }) }
    }

    /// That nothing is left.
    pub(crate) fn end(&self) -> Result<(), RecordError> {
        match self.rest() {
            [] => Ok(()),
            _ => Err(RecordError::Length { expected: self.at, found: self.bytes.len() }),
        }
    }
}
