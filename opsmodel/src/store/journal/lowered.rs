//! The journal of lowered protection: one stream an account.

use alarmcore::{FreeText, LoweredEvent, LoweredRecord, Lowering, Lowers, evolve_lowered};
use contactid::AccountNumber;
use rusqlite::Row;

use super::{Entry, Journal, Line, SHAPE};
use crate::store::{Centre, StoreError, project};

/// With a recurring test.
const SHAPE_WITH_TEST: u32 = 2;

/// The stored form of an event.
const fn shape(event: &LoweredEvent) -> u32 {
    match event {
        LoweredEvent::Began { lowering: Lowering { lowers: Lowers::RecurringTest(_), .. } } => SHAPE_WITH_TEST,
        _ => SHAPE,
    }
}

/// The name of the stream of an account's lowered protection.
fn lowered_stream(account: AccountNumber) -> String {
    format!("lowered-{account}")
}

impl Journal<'_> {
    /// Appends one event about the lowered protection of an account, or refuses one that does not follow the last.
    pub(in crate::store) fn append_lowered(&mut self, record: &LoweredRecord) -> Result<(), StoreError> {
        let before = match self.lowered.remove(&record.account) {
            Some(lowered) => Some(lowered),
            None => project::lowered(self.sql, record.account)?,
        };
        let (stream, found) = (lowered_stream(record.account), before.as_ref().map_or(0, |lowered| lowered.version));
        if record.version != found + 1 {
            return Err(StoreError::VersionConflict { stream, expected: record.version, found });
        }
        let mut event = record.event.clone();
        let text = event.take_text();
        let body = serde_json::to_string(&event)?;
        let LoweredRecord { version, at, by, .. } = *record;
        self.write(Entry { stream, version, kind: event.kind().as_str(), shape: shape(&event), at, by, body, text })?;
        self.lowered.insert(record.account, evolve_lowered(before, record));
        Ok(())
    }
}

impl Centre {
    /// The events about the lowered protection of one account, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn lowered_records(&self, account: AccountNumber) -> Result<Vec<LoweredRecord>, StoreError> {
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = lowered_record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&lowered_stream(account), read)
    }
}

/// A record of the lowered protection of an account, without its free text, from a row of the journal.
pub(in crate::store) fn lowered_record(row: &Row<'_>) -> Result<LoweredRecord, StoreError> {
    let line = Line::read(row, "lowered-", |event: &LoweredEvent| event.kind().as_str())?;
    let Line { of: account, version, at, by, event } = line;
    Ok(LoweredRecord { account, version, at, by, event })
}
