//! How rows read the database's columns and spell them again, alike on a page, in an answer and in a report.

use alarmcore::Timestamp;
use contactid::AccountNumber;
use rusqlite::{Error, Result, Row, types::Type};
use serde::Serializer;

pub(super) fn time<S: Serializer>(at: &Timestamp, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

pub(super) fn time_or_null<S: Serializer>(
    at: &Option<Timestamp>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// A moment, stored as milliseconds since the epoch.
pub(super) fn moment(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

pub(super) fn moment_or_null(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

/// A number that is never negative: an id, a count.
pub(super) fn natural(row: &Row<'_>, column: usize) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| Error::IntegralValueOutOfRange(column, number))
}

pub(super) fn natural_or_null(row: &Row<'_>, column: usize) -> Result<Option<u64>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => natural(row, column).map(Some),
    }
}

/// A number as SQLite takes it. Ids count rows, and there are never 2^63 of them.
pub(super) fn bigint(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn account(row: &Row<'_>, column: usize) -> Result<AccountNumber> {
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|refused| Error::FromSqlConversionFailure(column, Type::Text, Box::new(refused)))
}

pub(super) fn account_or_null(row: &Row<'_>, column: usize) -> Result<Option<AccountNumber>> {
    match row.get_ref(column)?.as_str_or_null()? {
        None | Some("") => Ok(None),
        Some(_) => account(row, column).map(Some),
    }
}

/// A stored JSON text as the value that it stands for.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|fault| Error::FromSqlConversionFailure(column, Type::Text, Box::new(fault)))
}

/// The same of a column that may be null.
pub(super) fn json_or_null<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => json(row, column).map(Some),
    }
}

/// A stored word as the value that it stands for.
pub(super) fn word<T>(row: &Row<'_>, column: usize, from_word: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    from_word(text).ok_or_else(|| {
        Error::FromSqlConversionFailure(column, Type::Text, format!("{text:?} is no word of this version").into())
    })
}

pub(super) fn word_or_null<T>(
    row: &Row<'_>,
    column: usize,
    from_word: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => word(row, column, from_word).map(Some),
    }
}

/// How many rows at most, as SQLite takes it.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
