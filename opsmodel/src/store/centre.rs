//! `Centre`: the single writer of `centre.db`, and commit 2: what the desk decided, all of it or nothing.

use std::path::Path;

use alarmcore::{AccountState, Effect, Output, OverrideEnd, Received, SignalId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::disposition::Decisions;
use super::journal::Journal;
use super::{SignalReader, StoreError, connection, outbox, project, schema};

/// The writing end of `centre.db`: the desk's commits, and the cards. One thread owns it.
#[derive(Debug)]
pub struct Centre {
    pub(super) sql: Connection,
    /// What was decided is about signals: rebuilding and restoring read them from the log.
    pub(super) log: SignalReader,
}

/// What the desk made of some signals, or of an operator's act or the time: one commit.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The last signal of the log that the desk has seen, with this batch.
    pub cursor: SignalId,
    /// The signals that it saw since the batch before: those that lead up to `cursor`, without a gap.
    pub received: &'a [Received],
    /// All that it said, in order.
    pub outputs: &'a [Output],
    /// The state of each account that it said it touched.
    pub states: &'a [AccountState],
}

impl Centre {
    /// Opens the centre's file in `dir`, and makes it (and the folder) where there is none. The signal log must be
    /// there: open that first.
    ///
    /// # Errors
    /// When a file cannot be made or opened, or is of a newer version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let log = SignalReader::open(dir)?;
        Ok(Self { sql: connection::open_writer(dir, &schema::CENTRE)?, log })
    }

    /// Commit 2: events, dispositions, rows, owed effects and the cursor, in one durable transaction. Returns the
    /// number of the last journal entry.
    ///
    /// # Errors
    /// [`StoreError::CursorConflict`] and [`StoreError::VersionConflict`] when the desk's picture is not the stored one:
    /// make a new desk from a [`Centre::snapshot`]. After any error nothing of the batch is stored.
    pub fn commit(&mut self, batch: Batch<'_>) -> Result<u64, StoreError> {
        self.write(|sql| {
            advance_cursor(sql, batch)?;
            let mut journal = Journal::open(sql)?;
            let mut decisions = Decisions::open(sql, batch.received)?;
            for output in batch.outputs {
                match output {
                    Output::Record(record) => journal.append(record)?,
                    Output::TestRecord(record) => journal.append_test(record)?,
                    Output::FalseCallsRecord(record) => journal.append_false_calls(record)?,
                    Output::FollowUpRecord(record) => journal.append_follow_up(record)?,
                    Output::LoweredRecord(record) => journal.append_lowered(record)?,
                    Output::StormRecord(record) => journal.append_storm(record)?,
                    Output::OverridesOver(at) => put_ended(sql, *at)?,
                    Output::OverrideWarned(end) => put_warned(sql, end)?,
                    Output::Dispose(disposition) => decisions.append(disposition)?,
                    Output::Perform(effect @ Effect::Forward { signal, at, to, .. }) => {
                        outbox::owe(sql, &format!("signal-{signal}.{to}"), *at, effect)?;
                    }
                    Output::Perform(effect @ Effect::OverrideEnding { at, end }) => {
                        outbox::owe(sql, &format!("override-{}", warning(sql, end)?), *at, effect)?;
                    }
                    Output::Perform(effect) => {
                        let (id, at) = journal.next_effect()?;
                        outbox::owe(sql, &id, at, effect)?;
                    }
                    // States come with the batch; a refusal and a deadline are nobody's history.
                    Output::Touched(_)
                    | Output::Refuse(_)
                    | Output::RefuseTest(_)
                    | Output::RefuseFalseCalls(_)
                    | Output::RefuseFollowUp(_)
                    | Output::RefuseStorm(_)
                    | Output::RefuseLowered(_)
                    | Output::Wait(_) => {}
                }
            }
            decisions.close()?;
            for state in batch.states {
                project::put_state(sql, state)?;
            }
            journal.close()
        })
    }

    /// The last signal that the desk has seen: where [`SignalReader::after`] goes on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cursor(&self) -> Result<SignalId, StoreError> {
        Ok(cursor(&self.sql)?)
    }

    /// The later of the moments of the last signal and of the last entry of the journal; `None` before the first of either.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn last_moment(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut last = self.sql.prepare_cached("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")?;
        let written = last.query_row([], |row| row.get(0).map(Timestamp::from_millis)).optional()?;
        let signal = self.log.get(self.log.last()?)?;
        Ok(written.max(signal.map(|signal| signal.received.report.received_at)))
    }

    /// A number that changes when another connection, such as an import, has written to the file: what was read before
    /// may be outdated.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self.sql.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Keeps the write-ahead log as short as one commit, for a disk without room; or, as at first, as is fastest.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn keep_log_short(&self, short: bool) -> Result<(), StoreError> {
        connection::keep_log(&self.sql, short)
    }

    /// Runs `work` in one transaction that has the write lock from its start.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // What is dropped without a commit is rolled back.
        let tx = self.sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&tx)?;
        tx.commit()?;
        Ok(value)
    }
}

pub(super) fn cursor(sql: &Connection) -> rusqlite::Result<SignalId> {
    let signal: Option<i64> = sql
        .prepare_cached("SELECT signal FROM cursor WHERE reader = 'desk'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(SignalId::new(signal.unwrap_or(0).cast_unsigned()))
}

/// Remembers that the desk has come past the end of overrides.
fn put_ended(sql: &Connection, at: Timestamp) -> rusqlite::Result<()> {
    sql.prepare_cached("INSERT INTO override_over (at) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([at.millis()])?;
    Ok(())
}

/// Remembers that somebody is warned of the end of an override.
fn put_warned(sql: &Connection, end: &OverrideEnd) -> rusqlite::Result<()> {
    sql.prepare_cached("INSERT INTO override_warned (until, whom) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![end.until.millis(), end.whom])?;
    Ok(())
}

/// The number of the warning of this end.
fn warning(sql: &Connection, end: &OverrideEnd) -> rusqlite::Result<i64> {
    sql.prepare_cached("SELECT id FROM override_warned WHERE until = ?1 AND whom = ?2")?
        .query_row(params![end.until.millis(), end.whom], |row| row.get(0))
}

/// Moves the cursor from where it stands over the batch's signals to the batch's cursor, or refuses.
fn advance_cursor(sql: &Connection, batch: Batch<'_>) -> Result<(), StoreError> {
    let found = cursor(sql)?.get();
    let expected = batch.cursor.get().saturating_sub(batch.received.len() as u64);
    let follows = batch.received.iter().map(|received| received.id.get()).eq(expected + 1..=batch.cursor.get());
    if expected != found || !follows {
        return Err(StoreError::CursorConflict { expected, found });
    }
    if batch.received.is_empty() {
        return Ok(());
    }
    sql.prepare_cached(
        "INSERT INTO cursor (reader, signal) VALUES ('desk', ?1)
         ON CONFLICT (reader) DO UPDATE SET signal = excluded.signal",
    )?
    .execute([batch.cursor.get().cast_signed()])?;
    Ok(())
}
