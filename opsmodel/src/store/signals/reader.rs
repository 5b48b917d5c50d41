//! Reading the signal log in the order of arrival, beside the writer.

use std::path::Path;

use alarmcore::{Marks, Received, Report, SignalId, SignalSource, Timestamp};
use contactid::{AccountNumber, Code, Qualifier, Signal};
use rusqlite::{Connection, OptionalExtension, Row};

use super::Answer;
use crate::store::{StoreError, connection, schema};

/// A stored signal with all that the log knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedSignal {
    /// What was received, with its place in the log.
    pub received: Received,
    /// Who sent it.
    pub peer: String,
    /// What the transmitter was told.
    pub answer: Answer,
    /// The frame as received; empty for all but the first event of a frame.
    pub raw: Vec<u8>,
}

/// A reading end of `signals.db`: sees every commit, and never makes the writer wait.
#[derive(Debug)]
pub struct SignalReader {
    sql: Connection,
}

pub(in crate::store) const COLUMNS: &str = "id, received_at, line, peer, answer, account, token, sequence, part, parts, marks, content, code, \
                       qualifier, grp, number, address, user_number, peripheral, device_time, message, raw";

impl SignalReader {
    /// Opens the log in `dir`, which must be there.
    ///
    /// # Errors
    /// When there is no log that this version can read.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self { sql: connection::open_reader(dir, &schema::SIGNALS)? })
    }

    /// The signals that follow `id`, at most `limit`, in the order of arrival. `SignalId::new(0)` reads from the start.
    ///
    /// # Errors
    /// When the file cannot be read, or a row holds what no writer wrote.
    pub fn after(&self, id: SignalId, limit: usize) -> Result<Vec<LoggedSignal>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM signal WHERE id > ?1 ORDER BY id LIMIT ?2");
        let mut statement = self.sql.prepare_cached(&text)?;
        let mut rows = statement.query((id.get().cast_signed(), limit as i64))?;
        let mut signals = Vec::with_capacity(limit.min(1024));
        while let Some(row) = rows.next()? {
            signals.push(logged(row)?);
        }
        Ok(signals)
    }

    /// The signal at a place in the log.
    ///
    /// # Errors
    /// When the file cannot be read, or the row holds what no writer wrote.
    pub fn get(&self, id: SignalId) -> Result<Option<LoggedSignal>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM signal WHERE id = ?1");
        let mut statement = self.sql.prepare_cached(&text)?;
        let mut rows = statement.query([id.get().cast_signed()])?;
        rows.next()?.map(logged).transpose()
    }

    /// The last place in the log, which is also how many signals there are; 0 for an empty log.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last(&self) -> Result<SignalId, StoreError> {
        let last: Option<i64> = self
            .sql
            .prepare_cached("SELECT max(id) FROM signal")?
            .query_row([], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(SignalId::new(last.unwrap_or(0).cast_unsigned()))
    }
}

pub(in crate::store) fn logged(row: &Row<'_>) -> Result<LoggedSignal, StoreError> {
    let id: i64 = row.get(0)?;
    let unreadable = |column, found: String| StoreError::Unreadable { record: format!("signal {id}"), column, found };
    let answer: String = row.get(4)?;
    let account: Option<String> = row.get(5)?;
    let peer: String = row.get(3)?;
    let report = Report {
        received_at: Timestamp::from_millis(row.get(1)?),
        line: row.get(2)?,
        account: account
            .map(|text| text.parse::<AccountNumber>().map_err(|_| unreadable("account", text)))
            .transpose()?,
        token: row.get(6)?,
        sequence: row.get(7)?,
        part: row.get(8)?,
        parts: row.get(9)?,
        marks: Marks::from_bits(row.get(10)?),
        content: row.get::<_, i64>(11)?.cast_unsigned(),
        source: SignalSource::of_peer(&peer),
        signal: signal(row, &unreadable)?,
    };
    Ok(LoggedSignal {
        received: Received { id: SignalId::new(id.cast_unsigned()), report },
        peer,
        answer: Answer::from_word(&answer).ok_or_else(|| unreadable("answer", answer))?,
        raw: row.get(21)?,
    })
}

fn signal(
    row: &Row<'_>,
    unreadable: &impl Fn(&'static str, String) -> StoreError,
) -> Result<Option<Signal>, StoreError> {
    let Some(code) = row.get::<_, Option<String>>(12)? else { return Ok(None) };
    let digit: u8 = row.get(13)?;
    Ok(Some(Signal {
        code: code.parse::<Code>().map_err(|_| unreadable("code", code))?,
        qualifier: qualifier(digit).ok_or_else(|| unreadable("qualifier", digit.to_string()))?,
        group: row.get(14)?,
        number: row.get(15)?,
        address: row.get(16)?,
        user: row.get(17)?,
        peripheral: row.get(18)?,
        device_time: row.get(19)?,
        text: row.get(20)?,
    }))
}

fn qualifier(digit: u8) -> Option<Qualifier> {
    [Qualifier::New, Qualifier::Restore, Qualifier::Status].into_iter().find(|qualifier| qualifier.digit() == digit)
}
