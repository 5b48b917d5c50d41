//! The journal of clips: one stream an incident. It is short and seldom read: nothing is projected of it.

use alarmcore::{
    ClipCommand, ClipEvent, ClipRecord, ClipRefusal, Clips, FreeText, IncidentId, OperatorId, Timestamp, decide_clip,
    evolve_clips,
};
use rusqlite::{Connection, Row};

use super::{Entry, Journal, Line, SHAPE};
use crate::store::{Centre, StoreError};

/// The name of the stream of an incident's clips.
pub(in crate::store) fn clips_stream(incident: IncidentId) -> String {
    format!("clips-{incident}")
}

impl Centre {
    /// Does something about the clips of an incident, or says why not. The answer is what was recorded, with its version and the
    /// number of its journal entry.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn clip_act(
        &mut self,
        incident: IncidentId,
        (at, by): (Timestamp, OperatorId),
        command: &ClipCommand,
    ) -> Result<Result<(ClipRecord, u64), ClipRefusal>, StoreError> {
        let clips = self
            .clip_records(incident)?
            .iter()
            .fold(None, |clips: Option<Clips>, record| Some(evolve_clips(clips, record)));
        let event = match decide_clip(clips.as_ref(), at, command) {
            Ok(event) => event,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let version = clips.map_or(0, |clips| clips.version) + 1;
        let record = ClipRecord { incident, version, at, by: Some(by), event };
        let seq = self.write(|sql| {
            let mut journal = Journal::open(sql)?;
            let mut event = record.event.clone();
            let text = event.take_text();
            let body = serde_json::to_string(&event)?;
            let (stream, kind) = (clips_stream(incident), event.kind().as_str());
            journal.write(Entry { stream, version, kind, shape: SHAPE, at, by: Some(by), body, text })?;
            journal.close()
        })?;
        Ok(Ok((record, seq)))
    }

    /// The events about the clips of one incident, oldest first, with their free text where it is not erased.
    ///
    /// # Errors
    /// When the file cannot be read, or an entry holds what no writer wrote.
    pub fn clip_records(&self, incident: IncidentId) -> Result<Vec<ClipRecord>, StoreError> {
        let read = |row: &Row<'_>, text: Option<FreeText>| {
            let mut record = clip_record(row)?;
            text.into_iter().for_each(|text| record.event.put_text(text));
            Ok(record)
        };
        self.entries(&clips_stream(incident), read)
    }
}

/// Every clip that was ever kept: its incident, its number there, and the digest of its file.
pub(in crate::store) fn kept_clips(sql: &Connection) -> Result<Vec<(IncidentId, u32, String)>, StoreError> {
    let mut statement = sql.prepare(
        "SELECT seq, stream, version, kind, shape, at, by_id, body FROM journal INDEXED BY journal_stream
         WHERE stream >= 'clips-' AND stream < 'clips.' AND kind = 'added' ORDER BY stream, version",
    )?;
    let mut rows = statement.query([])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        let record = clip_record(row)?;
        if let ClipEvent::Added { number, sha256, .. } = record.event {
            kept.push((record.incident, number, sha256));
        }
    }
    Ok(kept)
}

/// A record of the clips of an incident, without its free text, from a row of the journal.
pub(in crate::store) fn clip_record(row: &Row<'_>) -> Result<ClipRecord, StoreError> {
    let line = Line::read(row, "clips-", |event: &ClipEvent| event.kind().as_str())?;
    let Line { of: incident, version, at, by, event } = line;
    Ok(ClipRecord { incident: IncidentId::new(incident), version, at, by, event })
}
