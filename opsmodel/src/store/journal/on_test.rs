//! The journal of tests: one stream a session.

use alarmcore::{FreeText, TestEvent, TestId, TestRecord, evolve_test};
use rusqlite::Row;

use super::{Entry, Journal, Line, SHAPE};
use crate::store::{Centre, StoreError, project};

/// With the second person who agreed to a test.
const SHAPE_WITH_SECOND: u32 = 2;
/// With the agreement that a recurring test came of.
const SHAPE_WITH_AGREED: u32 = 3;

/// With the time on test that it goes on from, and whichever of the others it has.
const SHAPE_WITH_BEFORE: u32 = 4;

/// The stored form of an event.
const fn shape(event: &TestEvent) -> u32 {
    match event {
        TestEvent::Started { before_s: 1.., .. } => SHAPE_WITH_BEFORE,
        TestEvent::Started { agreed: Some(_), .. } => SHAPE_WITH_AGREED,
        TestEvent::Started { second: Some(_), .. } => SHAPE_WITH_SECOND,
        _ => SHAPE,
    }
}

/// The name of a test session's stream.
fn test_stream(test: TestId) -> String {
    format!("test-{test}")
}

impl Journal<'_> {
    /// Appends one event of a test session, or refuses one that does not follow the session's last.
    pub(in crate::store) fn append_test(&mut self, record: &TestRecord) -> Result<(), StoreError> {
        let before = match self.tests.remove(&record.test) {
            Some(session) => Some(session),
            None => project::test(self.sql, record.test)?,
        };
        let (stream, found) = (test_stream(record.test), before.as_ref().map_or(0, |session| session.version));
        let after = evolve_test(before, record).filter(|_| record.version == found + 1);
        let Some(after) = after else {
            return Err(StoreError::VersionConflict { stream, expected: record.version, found });
        };
        let mut event = record.event.clone();
        let text = event.take_text();
        let body = serde_json::to_string(&event)?;
        let TestRecord { version, at, by, .. } = *record;
        self.write(Entry { stream, version, kind: event.kind().as_str(), shape: shape(&event), at, by, body, text })?;
        self.tests.insert(record.test, after);
        Ok(())
    }
}

impl Centre {
    /// The events of one test session, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn test_records(&self, test: TestId) -> Result<Vec<TestRecord>, StoreError> {
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = test_record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&test_stream(test), read)
    }
}

/// A record of a test session, without its free text, from a row of the journal.
pub(in crate::store) fn test_record(row: &Row<'_>) -> Result<TestRecord, StoreError> {
    let line = Line::read(row, "test-", |event: &TestEvent| event.kind().as_str())?;
    let Line { of: number, version, at, by, event } = line;
    Ok(TestRecord { test: TestId::new(number), version, at, by, event })
}
