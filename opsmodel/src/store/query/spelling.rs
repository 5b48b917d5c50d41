//! How rows spell times and bytes, so that the same row reads alike on a page, in an answer and in a report.

use alarmcore::Timestamp;
use chrono::{DateTime, SecondsFormat};
use serde::Serializer;

/// The time as RFC 3339 in UTC with milliseconds: `2026-11-22T23:35:29.120Z`.
///
/// A time outside the years that RFC 3339 can write is given as its number of milliseconds.
pub fn rfc3339(at: Timestamp) -> String {
    match DateTime::from_timestamp_millis(at.millis()) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Millis, true),
        None => at.millis().to_string(),
    }
}

pub(super) fn time<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*at))
}

pub(super) fn time_or_null<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => time(at, serializer),
        None => serializer.serialize_none(),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
