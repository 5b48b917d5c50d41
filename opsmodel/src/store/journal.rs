//! The journal: every event of everything with a lifecycle, in one chain, with a version per stream.

mod clips;
mod lowered;
mod on_test;

use std::collections::BTreeMap;
use std::str::FromStr;

use alarmcore::{
    Attention, Evidence, FalseCalls, FalseCallsEvent, FalseCallsRecord, FollowUp, FollowUpEvent, FollowUpId,
    FollowUpRecord, FreeText, Incident, IncidentEvent, IncidentId, Lowered, OperatorId, Record, Storm, StormEvent,
    StormId, StormRecord, TestId, TestSession, Timestamp, evolve, evolve_false_calls, evolve_follow_up, evolve_storm,
};
use contactid::AccountNumber;
use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::chain::{Field, JOURNAL, Tail};
use super::{Centre, StoreError, project};
pub(super) use clips::{clip_record, clips_stream, kept_clips};
pub(super) use lowered::lowered_record;
pub(super) use on_test::test_record;

/// The stored forms of events. The golden files beside the events' tests hold each form; a form that changes is a new number
/// here and, where it is read otherwise, an arm in [`event`].
const SHAPE: u32 = 1;
/// With the user that a rule rests on, in the evidence of incidents.
const SHAPE_WITH_USER: u32 = 2;
/// With the plan that an incident got when it was raised.
const SHAPE_RAISED_WITH_PLAN: u32 = 2;
/// With the plan that an incident got when it was opened.
const SHAPE_OPENED_WITH_PLAN: u32 = 3;
/// With the source that a rule rests on, in the evidence of incidents.
const SHAPE_WITH_SOURCE: u32 = 4;
/// With the number that was dialled and what the centre knows of the call.
const SHAPE_CALLED_WITH_NUMBER: u32 = 2;
/// With the time at which they are called again.
const SHAPE_CALLED_AGAIN: u32 = 3;
/// With the level of AVS-01 that the police were told.
const SHAPE_HANDED_OFF_WITH_LEVEL: u32 = 2;
/// With the time that an authority has for its answer.
const SHAPE_HANDED_OFF_WITH_TIME: u32 = 3;
/// The second of an offer to a unit, which says how the unit was chosen.
const SHAPE_OFFERED_WITH_CHOICE: u32 = 2;
/// That a unit said something in words.
const SHAPE_ANSWERED_IN_WORDS: u32 = 2;
/// With why a rule made a follow-up.
const SHAPE_MADE_BY_RULE: u32 = 2;
/// With how urgent a follow-up is, and what was said.
const SHAPE_MADE_URGENT: u32 = 3;

/// The writing end of the journal inside a commit. Holds the incidents and tests that the commit touches, so that each is read
/// and written once.
pub(super) struct Journal<'c> {
    sql: &'c Connection,
    tail: Tail<'c>,
    incidents: BTreeMap<IncidentId, Incident>,
    tests: BTreeMap<TestId, TestSession>,
    false_calls: BTreeMap<AccountNumber, FalseCalls>,
    follow_ups: BTreeMap<FollowUpId, FollowUp>,
    lowered: BTreeMap<AccountNumber, Lowered>,
    /// Of their ledgers only the lines that the commit is about.
    storms: BTreeMap<StormId, Storm>,
    /// What was seen of people's attention.
    seen: BTreeMap<OperatorId, Attention>,
    /// The last record: the one that effects after it belong to.
    last: Option<LastRecord>,
}

struct LastRecord {
    stream: String,
    version: u32,
    at: Timestamp,
    effects: u32,
}

/// One line of the journal, before it is written.
struct Entry {
    stream: String,
    version: u32,
    kind: &'static str,
    shape: u32,
    at: Timestamp,
    by: Option<OperatorId>,
    /// JSON of the event without its free text.
    body: String,
    text: Option<FreeText>,
}

/// The name of an incident's stream.
pub(super) fn stream(incident: IncidentId) -> String {
    format!("incident-{incident}")
}

/// The name of the stream of an account's false alarms.
pub(super) fn false_calls_stream(account: AccountNumber) -> String {
    format!("false-calls-{account}")
}
/// The name of a storm's stream.
pub(super) fn storm_stream(storm: StormId) -> String {
    format!("storm-{storm}")
}

/// The name of a follow-up's stream.
pub(super) fn follow_up_stream(follow_up: FollowUpId) -> String {
    format!("follow-up-{follow_up}")
}

/// What the journal keeps of a free text: a digest over its entry's number and its stored form, in hexadecimal digits.
pub(super) fn note_digest(seq: i64, body: &[u8]) -> String {
    let digest = Sha256::new_with_prefix(seq.to_be_bytes()).chain_update(body).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<'c> Journal<'c> {
    pub(super) fn open(sql: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            sql,
            tail: Tail::open(sql, &JOURNAL)?,
            incidents: BTreeMap::new(),
            tests: BTreeMap::new(),
            false_calls: BTreeMap::new(),
            follow_ups: BTreeMap::new(),
            lowered: BTreeMap::new(),
            storms: BTreeMap::new(),
            seen: BTreeMap::new(),
            last: None,
        })
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
        let text = event.take_text();
        let body = serde_json::to_string(&event)?;
        let Record { version, at, by, .. } = *record;
        let evidence = event.evidence();
        let shape = shape(&event);
        self.write(Entry { stream, version, kind: event.kind().as_str(), shape, at, by, body, text })?;
        if let Some(evidence) = evidence {
            project::put_incident_signal(self.sql, record.incident, evidence.signal)?;
        }
        if let Some((operator, attention)) = Attention::of(record) {
            let before = self.seen.entry(operator).or_default();
            *before = before.with(attention);
        }
        let incident = evolve(before, record);
        project::tell_source(self.sql, &incident, record)?;
        self.incidents.insert(record.incident, incident);
        Ok(())
    }

    /// Appends one event about the false alarms of an account, or refuses one that does not follow the last.
    pub(super) fn append_false_calls(&mut self, record: &FalseCallsRecord) -> Result<(), StoreError> {
        let before = match self.false_calls.remove(&record.account) {
            Some(calls) => Some(calls),
            None => project::false_calls(self.sql, record.account)?,
        };
        let (stream, found) = (false_calls_stream(record.account), before.as_ref().map_or(0, |calls| calls.version));
        if record.version != found + 1 {
            return Err(StoreError::VersionConflict { stream, expected: record.version, found });
        }
        let mut event = record.event.clone();
        let text = event.take_text();
        let body = serde_json::to_string(&event)?;
        let FalseCallsRecord { version, at, by, .. } = *record;
        self.write(Entry { stream, version, kind: event.kind().as_str(), shape: SHAPE, at, by, body, text })?;
        self.false_calls.insert(record.account, evolve_false_calls(before, record));
        Ok(())
    }
    /// Appends one event of a storm, or refuses one that does not follow the storm's last.
    pub(super) fn append_storm(&mut self, record: &StormRecord) -> Result<(), StoreError> {
        let mut before = match self.storms.remove(&record.storm) {
            Some(storm) => Some(storm),
            None => project::storm(self.sql, record.storm)?,
        };
        if let (Some(storm), Some(outage)) = (&mut before, record.event.outage())
            && storm.ledger.line(outage).is_none()
            && let Some(line) = project::storm_line(self.sql, storm.id, outage)?
        {
            storm.ledger.put(line);
        }
        let (stream, found) = (storm_stream(record.storm), before.as_ref().map_or(0, |storm| storm.version));
        let after = evolve_storm(before, record).filter(|_| record.version == found + 1);
        let Some(after) = after else {
            return Err(StoreError::VersionConflict { stream, expected: record.version, found });
        };
        let mut event = record.event.clone();
        let text = event.take_text();
        let body = serde_json::to_string(&event)?;
        let StormRecord { version, at, by, .. } = *record;
        self.write(Entry { stream, version, kind: event.kind().as_str(), shape: SHAPE, at, by, body, text })?;
        self.storms.insert(record.storm, after);
        Ok(())
    }

    /// Appends one event of a follow-up, or refuses one that does not follow its last.
    pub(super) fn append_follow_up(&mut self, record: &FollowUpRecord) -> Result<(), StoreError> {
        let before = match self.follow_ups.remove(&record.follow_up) {
            Some(follow_up) => Some(follow_up),
            None => project::follow_up(self.sql, record.follow_up)?,
        };
        let (stream, found) =
            (follow_up_stream(record.follow_up), before.as_ref().map_or(0, |follow_up| follow_up.version));
        let after = evolve_follow_up(before, record).filter(|_| record.version == found + 1);
        let Some(after) = after else {
            return Err(StoreError::VersionConflict { stream, expected: record.version, found });
        };
        let mut event = record.event.clone();
        let text = event.take_text();
        let body = serde_json::to_string(&event)?;
        let FollowUpRecord { version, at, by, .. } = *record;
        let shape = match event {
            FollowUpEvent::Created { priority: Some(_), .. } | FollowUpEvent::Created { said: Some(_), .. } => {
                SHAPE_MADE_URGENT
            }
            FollowUpEvent::Created { reason: Some(_), .. } => SHAPE_MADE_BY_RULE,
            _ => SHAPE,
        };
        self.write(Entry { stream, version, kind: event.kind().as_str(), shape, at, by, body, text })?;
        self.follow_ups.insert(record.follow_up, after);
        Ok(())
    }

    fn write(&mut self, entry: Entry) -> Result<(), StoreError> {
        let note = entry.text.map(|text| serde_json::to_string(&text)).transpose()?;
        let digest = note.as_ref().map(|note| note_digest(self.tail.next(), note.as_bytes()));
        let seq = self.tail.append(&[
            Field::Text(&entry.stream),
            Field::Int(entry.version.into()),
            Field::Text(entry.kind),
            Field::Int(entry.shape.into()),
            Field::Int(entry.at.millis()),
            Field::int(entry.by.map(OperatorId::get)),
            Field::Text(&entry.body),
            Field::text(digest.as_deref()),
        ])?;
        if let Some(note) = note {
            self.sql.prepare_cached("INSERT INTO note (seq, body) VALUES (?1, ?2)")?.execute(params![seq, note])?;
        }
        self.last = Some(LastRecord { stream: entry.stream, version: entry.version, at: entry.at, effects: 0 });
        Ok(())
    }

    /// The outbox number of the next effect, and since when it is owed.
    pub(super) fn next_effect(&mut self) -> Result<(String, Timestamp), StoreError> {
        let last = self.last.as_mut().ok_or(StoreError::EffectWithoutRecord)?;
        let id = format!("{}.{}.{}", last.stream, last.version, last.effects);
        last.effects += 1;
        Ok((id, last.at))
    }

    /// Writes everything that the commit touched as it now stands. Returns the number of the last entry.
    pub(super) fn close(self) -> Result<u64, StoreError> {
        for incident in self.incidents.values() {
            project::put_incident(self.sql, incident)?;
        }
        project::put_attention(self.sql, self.seen)?;
        for session in self.tests.values() {
            project::put_test(self.sql, session)?;
        }
        for calls in self.false_calls.values() {
            project::put_false_calls(self.sql, calls)?;
        }
        for follow_up in self.follow_ups.values() {
            project::put_follow_up(self.sql, follow_up)?;
        }
        for lowered in self.lowered.values() {
            project::put_lowered(self.sql, lowered)?;
        }
        for storm in self.storms.values() {
            project::put_storm(self.sql, storm)?;
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
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&stream(incident), read)
    }

    /// Has a machine had this hand-off of an incident: has one delivered it, failed to, or answered?
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn went_by_machine(&self, incident: IncidentId, hand_off: u16) -> Result<bool, StoreError> {
        let is_it = |record: &Record| {
            record.by == Some(OperatorId::OUTSIDE)
                && matches!(
                    record.event,
                    IncidentEvent::HandOffDelivered { number, .. }
                    | IncidentEvent::HandOffFailed { number, .. }
                    | IncidentEvent::AuthorityAnswered { number, .. } if number == hand_off
                )
        };
        Ok(self.records(incident)?.iter().any(is_it))
    }

    /// The events about the false alarms of one account, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn false_calls_records(&self, account: AccountNumber) -> Result<Vec<FalseCallsRecord>, StoreError> {
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = false_calls_record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&false_calls_stream(account), read)
    }
    /// The events of one storm, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn storm_records(&self, storm: StormId) -> Result<Vec<StormRecord>, StoreError> {
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = storm_record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&storm_stream(storm), read)
    }

    /// The events of one follow-up, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn follow_up_records(&self, follow_up: FollowUpId) -> Result<Vec<FollowUpRecord>, StoreError> {
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = follow_up_record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&follow_up_stream(follow_up), read)
    }

    fn entries<T>(
        &self,
        stream: &str,
        read: impl Fn(&Row<'_>, Option<FreeText>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT journal.seq, stream, version, kind, shape, at, by_id, journal.body, note.body
             FROM journal LEFT JOIN note ON note.seq = journal.seq WHERE stream = ?1 ORDER BY version",
        )?;
        let mut rows = statement.query([stream])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let note: Option<String> = row.get(8)?;
            entries.push(read(row, note.map(|note| serde_json::from_str(&note)).transpose()?)?);
        }
        Ok(entries)
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

/// The stored form of an event.
const fn shape(event: &IncidentEvent) -> u32 {
    match event {
        IncidentEvent::Opened { evidence: Evidence { source: Some(_), .. }, .. }
        | IncidentEvent::SignalJoined { evidence: Evidence { source: Some(_), .. }, .. } => SHAPE_WITH_SOURCE,
        IncidentEvent::Opened { plan: Some(_), .. } => SHAPE_OPENED_WITH_PLAN,
        IncidentEvent::Raised { plan: Some(_), .. } => SHAPE_RAISED_WITH_PLAN,
        IncidentEvent::Called { again_at: Some(_), .. } => SHAPE_CALLED_AGAIN,
        IncidentEvent::Called { number: None, numbers: None, compared: false, correct_by: None, .. } => SHAPE,
        IncidentEvent::Called { .. } => SHAPE_CALLED_WITH_NUMBER,
        IncidentEvent::UnitOffered { choice: Some(_), .. } => SHAPE_OFFERED_WITH_CHOICE,
        IncidentEvent::UnitAnswered { speaks: true, .. } => SHAPE_ANSWERED_IN_WORDS,
        IncidentEvent::HandedOff { answer_by: Some(_), .. } => SHAPE_HANDED_OFF_WITH_TIME,
        IncidentEvent::HandedOff { avs: Some(_), .. } => SHAPE_HANDED_OFF_WITH_LEVEL,
        _ => match event.evidence() {
            Some(Evidence { user: Some(_), .. }) => SHAPE_WITH_USER,
            _ => SHAPE,
        },
    }
}

/// A record of an incident, without its free text, from a row of `seq, stream, version, kind, shape, at, by_id, body`.
pub(super) fn record(row: &Row<'_>) -> Result<Record, StoreError> {
    let line = Line::read(row, "incident-", |event: &IncidentEvent| event.kind().as_str())?;
    let Line { of: number, version, at, by, event } = line;
    Ok(Record { incident: IncidentId::new(number), version, at, by, event })
}

/// The same of the false alarms of an account.
pub(super) fn false_calls_record(row: &Row<'_>) -> Result<FalseCallsRecord, StoreError> {
    let line = Line::read(row, "false-calls-", |event: &FalseCallsEvent| event.kind().as_str())?;
    let Line { of: account, version, at, by, event } = line;
    Ok(FalseCallsRecord { account, version, at, by, event })
}

/// The same of a follow-up.
pub(super) fn follow_up_record(row: &Row<'_>) -> Result<FollowUpRecord, StoreError> {
    let line = Line::read(row, "follow-up-", |event: &FollowUpEvent| event.kind().as_str())?;
    let Line { of: number, version, at, by, event } = line;
    Ok(FollowUpRecord { follow_up: FollowUpId::new(number), version, at, by, event })
}

/// The same of a storm.
pub(super) fn storm_record(row: &Row<'_>) -> Result<StormRecord, StoreError> {
    let line = Line::read(row, "storm-", |event: &StormEvent| event.kind().as_str())?;
    let Line { of: number, version, at, by, event } = line;
    Ok(StormRecord { storm: StormId::new(number), version, at, by, event })
}

/// A row of the journal.
struct Line<N, E> {
    /// What its stream is of, as the stream's name says.
    of: N,
    version: u32,
    at: Timestamp,
    by: Option<OperatorId>,
    event: E,
}

impl<N: FromStr, E: DeserializeOwned> Line<N, E> {
    /// Reads a row of the streams whose names begin so.
    fn read(row: &Row<'_>, streams: &str, word: impl Fn(&E) -> &'static str) -> Result<Self, StoreError> {
        let (seq, stream, kind): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let unreadable = |column, found| StoreError::Unreadable { record: format!("journal {seq}"), column, found };
        let number = stream.strip_prefix(streams).and_then(|number| number.parse().ok());
        let event: E = event(row.get(4)?, row.get_ref(7)?.as_str()?).map_err(|found| unreadable("body", found))?;
        if word(&event) != kind {
            return Err(unreadable("kind", kind));
        }
        let by: Option<u32> = row.get(6)?;
        Ok(Self {
            of: number.ok_or_else(|| unreadable("stream", stream))?,
            version: row.get(2)?,
            at: Timestamp::from_millis(row.get(5)?),
            by: by.map(OperatorId::new),
            event,
        })
    }
}

/// Reads an event in whichever form it was stored.
fn event<E: DeserializeOwned>(shape: u32, body: &str) -> Result<E, String> {
    match shape {
        SHAPE..=SHAPE_WITH_SOURCE => serde_json::from_str(body).map_err(|error| error.to_string()),
        newer => Err(format!("shape {newer}")),
    }
}
