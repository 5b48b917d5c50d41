//! Digits of a telephone line, and their text forms.

use contactid::Format;

use super::fields::{Answer, Fields};

/// Reads one record.
pub fn decode(format: Format, _bytes: &[u8]) -> Answer {
    Answer::refused(format!("format: {format} is not read yet"))
}

/// Writes one record.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(format: Format, _fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    Err(format!("format: {format} is not written yet"))
}
