//! Digits in a row: read from text, and the check digit that ends every Ademco message but Super Fast.

use alloc::vec::Vec;

use crate::dtmf::Digit;
use crate::{AccountNumber, Check, EncodeError, Quirks, RecordError, Strictness};

/// The digit that makes the values of all digits, itself included, a multiple of 15 (DC-05): `F` where nothing is
/// missing, `0` where ten is.
///
/// ```
/// use contactid::{cid::check_digit, dtmf::Digit};
/// let digits: Vec<Digit> = "123418113101015".chars().filter_map(Digit::from_char).collect();
/// assert_eq!(check_digit(&digits).to_char(), '8');
/// ```
pub fn check_digit(digits: &[Digit]) -> Digit {
    // Taken modulo 15 at each step, so that no length of input overflows.
    let sum = digits.iter().fold(0, |sum, digit| (sum + digit.value()) % 15);
    match 15 - sum {
        10 => Digit::ZERO,
        missing => Digit::new(missing).unwrap_or(Digit::ZERO),
    }
}

/// Whether the last digit is the check digit of those before it. `0` and `A` count the same.
///
/// # Errors
/// [`RecordError::Check`] with both digits as numbers; [`RecordError::Length`] if there is no digit.
pub fn verify_check_digit(digits: &[Digit]) -> Result<(), RecordError> {
    let (found, before) = digits.split_last().ok_or(RecordError::Length { expected: 1, found: 0 })?;
    let expected = check_digit(before);
    if expected.value() == found.value() {
        return Ok(());
    }
    let [expected, found] = [expected, *found].map(|digit| u32::from(digit.number()));
    Err(RecordError::Check { check: Check::Checksum, expected, found })
}

/// Reads as many digits as `into` takes, written as text.
pub(crate) fn read(written: &[u8], into: &mut [Digit]) -> Result<Quirks, RecordError> {
    read_from(0, written, into)
}

/// As [`read`], where the first digit stands at `from`.
pub(crate) fn read_from(from: usize, written: &[u8], into: &mut [Digit]) -> Result<Quirks, RecordError> {
    if written.len() != into.len() {
        return Err(RecordError::Length { expected: into.len(), found: written.len() });
    }
    let mut quirks = Quirks::NONE;
    for (at, (&found, digit)) in written.iter().zip(into).enumerate() {
        *digit = Digit::from_char(char::from(found)).ok_or(RecordError::Form {
            expected: "a digit 0 to 9 or B to F",
            at: from + at,
            found,
        })?;
        if found.is_ascii_lowercase() {
            quirks.add(Quirks::LOWER_CASE_DIGITS);
        }
    }
    Ok(quirks)
}

/// Names the digit that Ademco formats do not have.
pub(crate) fn quirks(digits: &[Digit]) -> Quirks {
    if digits.contains(&Digit::UNUSED) { Quirks::DIGIT_A } else { Quirks::NONE }
}

/// The digits as ASCII characters.
pub(crate) fn written<const N: usize>(digits: [Digit; N]) -> [u8; N] {
    digits.map(|digit| digit.to_char() as u8)
}

/// The digits of a constant text.
pub(crate) const fn fixed<const N: usize>(text: &[u8; N]) -> [Digit; N] {
    let mut digits = [Digit::ZERO; N];
    let mut at = 0;
    while at < N {
        match Digit::from_char(text[at] as char) {
            Some(digit) => digits[at] = digit,
            None => panic!("a digit is 0 to 9 or A to F"),
        }
        at += 1;
    }
    digits
}

/// That these are the two digits behind the account which tell one format from another.
pub(crate) fn of_type(found: [Digit; 2], wanted: [Digit; 2], expected: &'static str) -> Result<(), RecordError> {
    if found == wanted {
        return Ok(());
    }
    let place = usize::from(found[0] == wanted[0]);
    Err(RecordError::Form { expected, at: 4 + place, found: found[place].to_char() as u8 })
}

/// These parts in a row, and their check digit.
pub(crate) fn checked(parts: &[&[Digit]]) -> Vec<Digit> {
    let mut dialled = parts.concat();
    dialled.push(check_digit(&dialled));
    dialled
}

/// The digits as ASCII characters.
pub(crate) fn text(digits: &[Digit]) -> Vec<u8> {
    digits.iter().map(|digit| digit.to_char() as u8).collect()
}

/// The account that these digits are.
pub(crate) fn account<const N: usize>(digits: [Digit; N]) -> Option<AccountNumber> {
    AccountNumber::new(&written(digits)).ok()
}

/// The digits of an account of exactly `N` digits.
pub(crate) fn of_account<const N: usize>(account: AccountNumber) -> Result<[Digit; N], EncodeError> {
    let field = "account";
    let text = account.as_str();
    if text.len() != N {
        return Err(EncodeError::Width { field, expected: N, found: text.len() });
    }
    let mut digits = [Digit::ZERO; N];
    for (byte, digit) in text.bytes().zip(&mut digits) {
        *digit = of_byte(field, byte)?;
    }
    Ok(digits)
}

/// One digit as a field of a message to be written holds it.
pub(crate) fn of_byte(field: &'static str, found: u8) -> Result<Digit, EncodeError> {
    Digit::from_char(char::from(found)).ok_or(EncodeError::Byte { field, found })
}

/// What has been read, unless it departs from the format and only the format itself will do.
pub(crate) fn allowed<T>(read: T, quirks: Quirks, strictness: Strictness) -> Result<T, RecordError> {
    match strictness {
        Strictness::Strict if !quirks.is_empty() => Err(RecordError::NonStandard(quirks)),
        _ => Ok(read),
    }
}
