//! The length header of option B32: four bytes before each record on a TCP connection.

use alloc::vec::Vec;

use super::ACK;
use crate::{Check, RecordError};

/// How many bytes the header has.
pub const B32_HEADER: usize = 4;

/// What automation answers under option B32: `00 00 00 05 06`.
pub const B32_ACK: [u8; 5] = [0, 0, 0, 5, ACK];

/// The record behind the header, which says in four decimal places how long both are together.
///
/// ```
/// use contactid::automation::surgard::{b32_read, b32_write};
/// assert_eq!(b32_read(&[0, 0, 0, 5, 6])?, [6]);
/// assert_eq!(b32_write(&[6]), Some(vec![0, 0, 0, 5, 6]));
/// # Ok::<(), contactid::RecordError>(())
/// ```
///
/// # Errors
/// [`RecordError::Length`] if there are fewer than four bytes, [`RecordError::Form`] if they are no such header,
/// [`RecordError::Check`] if there are more or fewer bytes than it says.
pub fn b32_read(bytes: &[u8]) -> Result<&[u8], RecordError> {
    let short = RecordError::Length { expected: B32_HEADER + 1, found: bytes.len() };
    let (&[zero, second, high, low], record) = bytes.split_first_chunk::<B32_HEADER>().ok_or(short)?;
    let expected = "00 00 and four decimal places of length";
    if let Some((at, found)) = [zero, second].into_iter().enumerate().find(|(_, found)| *found != 0) {
        return Err(RecordError::Form { expected, at, found });
    }
    let mut declared = 0;
    for (at, found) in [(2, high), (3, low)] {
        if found >> 4 > 9 || found & 15 > 9 {
            return Err(RecordError::Form { expected, at, found });
        }
        declared = declared * 100 + u32::from(found >> 4) * 10 + u32::from(found & 15);
    }
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    if declared != length {
        return Err(RecordError::Check { check: Check::Length, expected: length, found: declared });
    }
    Ok(record)
}

/// The record with the header before it; `None` if both are longer than 9999 bytes.
pub fn b32_write(record: &[u8]) -> Option<Vec<u8>> {
    let length = record.len() + B32_HEADER;
    if length > 9999 {
        return None;
    }
    let bcd = |number: usize| ((number / 10) << 4 | (number % 10)) as u8;
    Some([&[0, 0, bcd(length / 100), bcd(length % 100)], record].concat())
}
