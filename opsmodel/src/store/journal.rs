//! The journal: every event of everything with a lifecycle, in one chain, with a version per stream.

use std::collections::BTreeMap;

use alarmcore::{EventKind, FreeText, Incident, IncidentEvent, IncidentId, OperatorId, Record, Timestamp, evolve};
use rusqlite::{Connection, Row, params};
use sha2::{Digest as _, Sha256};

use super::chain::{Field, JOURNAL, Tail};
use super::{Centre, StoreError, project};

/// The stored forms of events. The golden files beside the events' tests hold each form; a form that changes is a new number
/// here and, where it is read otherwise, an arm in [`event`].
const SHAPE: u32 = 1;
/// With the user that a rule rests on, in the evidence of incidents.
const SHAPE_WITH_USER: u32 = 2;

/// The writing end of the journal inside a commit. Holds the incidents that the commit touches, so that each is read and
/// written once.
pub(super) struct Journal<'c> {
    sql: &'c Connection,
    tail: Tail<'c>,
    incidents: BTreeMap<IncidentId, Incident>,
    /// The last record: the one that effects after it belong to.
    last: Option<LastRecord>,
}

struct LastRecord {
    stream: String,
    version: u32,
    at: Timestamp,
    effects: u32,
}

/// The name of an incident's stream.
pub(super) fn stream(incident: IncidentId) -> String {
    format!("incident-{incident}")
}

/// What the journal keeps of a free text: a digest over its entry's number and its stored form, in hexadecimal digits.
pub(super) fn note_digest(seq: i64, body: &[u8]) -> String {
    let digest = Sha256::new_with_prefix(seq.to_be_bytes()).chain_update(body).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<'c> Journal<'c> {
    pub(super) fn open(sql: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self { sql, tail: Tail::open(sql, &JOURNAL)?, incidents: BTreeMap::new(), last: None })
    }

    /// Appends one event and folds it into its incident, or refuses one that does not follow the incident's last.
    pub(super) fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let before = match self.incidents.remove(&record.incident) {
            Some(incident) => Some(incident),
            None => project::incident(self.sql, record.incident)?,
        };
        let (stream, found) = (stream(record.incident), before.as_ref().map_or(0, |incident| incident.version));
        if record.version != found + 1 {
            return Err(StoreError::VersionConflict { stream, expected: record.version, found });
        }
        let mut event = record.event.clone();
        let note = event.take_text().map(|text| serde_json::to_string(&text)).transpose()?;
        let digest = note.as_ref().map(|note| note_digest(self.tail.next(), note.as_bytes()));
        let seq = self.tail.append(&[
            Field::Text(&stream),
            Field::Int(record.version.into()),
            Field::Text(event.kind().as_str()),
            Field::Int(shape(&event).into()),
            Field::Int(record.at.millis()),
            Field::int(record.by.map(OperatorId::get)),
            Field::Text(&serde_json::to_string(&event)?),
            Field::text(digest.as_deref()),
        ])?;
        if let Some(note) = note {
            self.sql.prepare_cached("INSERT INTO note (seq, body) VALUES (?1, ?2)")?.execute(params![seq, note])?;
        }
        self.incidents.insert(record.incident, evolve(before, record));
        self.last = Some(LastRecord { stream, version: record.version, at: record.at, effects: 0 });
        Ok(())
    }

    /// The outbox number of the next effect, and since when it is owed.
    pub(super) fn next_effect(&mut self) -> Result<(String, Timestamp), StoreError> {
        let last = self.last.as_mut().ok_or(StoreError::EffectWithoutRecord)?;
        let id = format!("{}.{}.{}", last.stream, last.version, last.effects);
        last.effects += 1;
        Ok((id, last.at))
    }

    /// Writes the incidents as they now stand. Returns the number of the last entry.
    pub(super) fn close(self) -> Result<u64, StoreError> {
        for incident in self.incidents.values() {
            project::put_incident(self.sql, incident)?;
        }
        Ok(self.tail.close()?.cast_unsigned())
    }
}

impl Centre {
    /// The events of one incident, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn records(&self, incident: IncidentId) -> Result<Vec<Record>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT journal.seq, stream, version, kind, shape, at, by_id, journal.body, note.body
             FROM journal LEFT JOIN note ON note.seq = journal.seq WHERE stream = ?1 ORDER BY version",
        )?;
        let mut rows = statement.query([stream(incident)])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let mut record = record(row)?;
            if let Some(note) = row.get::<_, Option<String>>(8)? {
                let text: FreeText = serde_json::from_str(&note)?;
                record.event.put_text(text);
            }
            records.push(record);
        }
        Ok(records)
    }

    /// Destroys the free text of a journal entry for good: it is overwritten in the file, and the write-ahead log, which
    /// may hold it once more, is emptied. The entry, its digest and the chain stay as they are.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn erase_note(&mut self, seq: u64, at: Timestamp) -> Result<(), StoreError> {
        self.sql.pragma_update(None, "secure_delete", "ON")?;
        let erased = self.write(|sql| {
            sql.execute(
                "UPDATE note SET body = NULL, erased_at = ?2 WHERE seq = ?1 AND body IS NOT NULL",
                params![seq.cast_signed(), at.millis()],
            )?;
            Ok(())
        });
        self.sql.pragma_update(None, "secure_delete", "FAST")?;
        erased?;
        // A reader that still looks at the old state keeps it there until the log is next overwritten.
        Ok(self.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

/// A record, without its free text, from a row of `seq, stream, version, kind, shape, at, by_id, body`.
pub(super) fn record(row: &Row<'_>) -> Result<Record, StoreError> {
    let (seq, stream, kind): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
    let unreadable = |column, found| StoreError::Unreadable { record: format!("journal {seq}"), column, found };
    let number = stream.strip_prefix("incident-").and_then(|number| number.parse().ok());
    let event = event(row.get(4)?, row.get_ref(7)?.as_str()?).map_err(|found| unreadable("body", found))?;
    if EventKind::from_word(&kind) != Some(event.kind()) {
        return Err(unreadable("kind", kind));
    }
    let by: Option<u32> = row.get(6)?;
    Ok(Record {
        incident: number.ok_or_else(|| unreadable("stream", stream))?,
        version: row.get(2)?,
        at: Timestamp::from_millis(row.get(5)?),
        by: by.map(OperatorId::new),
        event,
    })
}

/// The form in which an event is stored.
fn shape(event: &IncidentEvent) -> u32 {
    match event {
        IncidentEvent::Opened { evidence, .. } | IncidentEvent::SignalJoined { evidence, .. }
            if evidence.user.is_some() =>
        {
            SHAPE_WITH_USER
        }
        _ => SHAPE,
    }
}

/// Reads an event in whichever form it was stored.
fn event(shape: u32, body: &str) -> Result<IncidentEvent, String> {
    match shape {
        SHAPE | SHAPE_WITH_USER => serde_json::from_str(body).map_err(|error| error.to_string()),
        newer => Err(format!("shape {newer}")),
    }
}
