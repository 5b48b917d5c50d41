//! What is on its way out by machine, how the ways do, and what came in that has no place.

use alarmcore::{Effect, IncidentId, OperatorId, Priority, SignalId, Timestamp, UnitId};
use rusqlite::{OptionalExtension as _, Params, params};
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::{StoreError, journal};

/// A message that is owed to a way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outgoing {
    /// What a second delivery is recognised by: see [`crate::store::Owed::id`].
    pub id: String,
    /// The way.
    pub way: String,
    /// Since when it is owed.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// What is to be done.
    pub effect: Effect,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// How often of these the other end had it and refused it.
    pub refusals: u32,
    /// When it is tried again.
    #[serde(serialize_with = "spelling::time")]
    pub due_at: Timestamp,
    /// Why the last try failed.
    pub fault: Option<String>,
}

/// How a way out does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WayRow {
    /// Its name.
    pub way: String,
    /// How many messages it has settled, delivered or given up.
    pub settled: u64,
    /// When it settled the last.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub settled_at: Option<Timestamp>,
    /// How many are owed.
    pub owed: u64,
    /// Since when the oldest of them is.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub owed_since: Option<Timestamp>,
}

/// Something that came from outside and has no place at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnmatchedRow {
    /// Its number.
    pub id: u64,
    /// The way that it came.
    pub way: String,
    /// The number that its sender gave it, or its digest.
    pub message: String,
    /// When it came.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// As it came.
    pub body: String,
    /// Why it has no place, as a word.
    pub code: String,
    /// The same in English.
    pub why_en: String,
    /// The same in Chinese.
    pub why_zh: String,
    /// When a person had seen it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub seen_at: Option<Timestamp>,
    /// Who.
    pub seen_by: Option<OperatorId>,
    /// Their name.
    pub seen_by_name: Option<String>,
    /// What they did about it.
    pub note: Option<String>,
}

pub(super) const OUTGOING: &str = "SELECT id, way, at, body, attempts, refusals, due_at, fault FROM outbox INDEXED BY outbox_way \
    WHERE way = ?1 AND state = 'owed' ORDER BY at, id LIMIT ?2";
/// What arrives one after the other is one course: what is said of one hand-off, what a unit is told of one incident, what one account
/// sends. Its order is that of the numbers of the outbox, whatever the clock says; these grow with their length, so that the tenth comes
/// after the ninth. Of several courses the most urgent goes first, and of those alike what people are called to before what they are asked.
pub(super) const NEXT: &str = "SELECT id, way, at, body, attempts, refusals, due_at, fault, coalesce( \
        (SELECT priority FROM incident WHERE id = json_extract(one.body, '$.incident')), json_extract(one.body, '$.priority'), \
        CASE json_extract(body, '$.effect') WHEN 'call-in' THEN 1 WHEN 'ask-closing' THEN 3 ELSE 10 END) AS urgency FROM ( \
    SELECT id, way, at, body, attempts, refusals, due_at, fault, row_number() OVER ( \
        PARTITION BY CASE json_extract(body, '$.effect') \
            WHEN 'forward' THEN 'account ' || json_extract(body, '$.account') \
            WHEN 'hand-off' THEN 'hand-off ' || json_extract(body, '$.incident') || ' ' || json_extract(body, '$.number') \
            WHEN 'tell-authority' THEN 'hand-off ' || json_extract(body, '$.incident') || ' ' || json_extract(body, '$.number') \
            WHEN 'offer' THEN 'unit ' || json_extract(body, '$.incident') || ' ' || json_extract(body, '$.unit') \
            WHEN 'recall' THEN 'unit ' || json_extract(body, '$.incident') || ' ' || json_extract(body, '$.unit') \
            ELSE id END \
        ORDER BY length(id), id) AS place \
    FROM outbox INDEXED BY outbox_way WHERE way = ?1 AND state = 'owed') AS one \
    WHERE place = 1 AND due_at <= ?2 \
    ORDER BY urgency, json_extract(body, '$.effect') = 'first-contact', at, length(id), id LIMIT ?3";
pub(super) const ASTRAY: &str = "SELECT id, way, at, body, attempts, refusals, due_at, fault FROM outbox INDEXED BY outbox_way \
    WHERE way IS NOT NULL AND state = 'owed' AND way NOT IN (SELECT value FROM json_each(?1)) ORDER BY at, length(id), id LIMIT ?2";
pub(super) const OUTGOING_OF: &str = "SELECT id, way, at, body, attempts, refusals, due_at, fault FROM outbox \
    WHERE id > ?1 AND id < ?2 AND way IS NOT NULL AND state = 'owed' ORDER BY at, id";
pub(super) const OFFERED: &str = "SELECT state FROM outbox WHERE id > ?1 AND id < ?2 AND way IS NOT NULL \
    AND json_extract(body, '$.effect') = 'offer' AND json_extract(body, '$.unit') = ?3 AND (length(id), id) < (length(?4), ?4) \
    ORDER BY length(id) DESC, id DESC LIMIT 1";
pub(super) const HELD_IN: &str = "SELECT i.id, i.priority FROM disposition AS d JOIN incident AS i ON i.id = d.incident \
    WHERE d.signal = ?1 AND i.closed_at IS NULL ORDER BY d.step DESC LIMIT 1";
pub(super) const WAYS: &str = "SELECT way, sum(state = 'done'), max(CASE WHEN state = 'done' THEN done_at END), sum(state = 'owed'), \
    min(CASE WHEN state = 'owed' THEN at END) FROM outbox INDEXED BY outbox_way WHERE way IS NOT NULL GROUP BY way";
pub(super) const UNSEEN: &str = "SELECT count(*) FROM unmatched INDEXED BY unmatched_unseen WHERE seen_at IS NULL";
pub(super) const UNMATCHED: &str = "SELECT u.id, u.way, u.message, u.at, u.body, u.code, u.why_en, u.why_zh, u.seen_at, \
    u.seen_by, o.name, u.note FROM unmatched AS u LEFT JOIN operator AS o ON o.id = u.seen_by \
    ORDER BY u.seen_at IS NOT NULL, u.id DESC LIMIT ?1";

impl Reader {
    /// What is owed to a way, the longest owed first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn outgoing(&self, way: &str, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        self.owed(OUTGOING, params![way, spelling::limit(limit)])
    }

    /// What can be sent on a way by `now`, each with its urgency: what is due, and the first of its course. The most urgent comes first: what is
    /// said of an incident is as urgent as that, staff is called in as for life safety, and of what is alike the longest owed. However
    /// much one course owes, it holds up no other: a request to cancel does not overtake what it cancels, nor a recall its offer.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn sendable(&self, way: &str, now: Timestamp, limit: usize) -> Result<Vec<(Priority, Outgoing)>, StoreError> {
        let mut statement = self.sql.prepare_cached(NEXT)?;
        let rows = statement.query_map(params![way, now.millis(), spelling::limit(limit)], |row| {
            Ok((Priority::clamped(row.get(8)?), outgoing(row)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What is owed to other ways than these, the longest owed first: nothing of it goes out any more.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn astray(&self, ways: &[&str], limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        self.owed(ASTRAY, params![serde_json::to_string(ways)?, spelling::limit(limit)])
    }

    /// What is owed to ways for one incident, the longest owed first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn outgoing_of(&self, incident: IncidentId) -> Result<Vec<Outgoing>, StoreError> {
        // Numbers of the outbox begin with the stream and a full stop; what follows that in the alphabet is a slash.
        let stream = journal::stream(incident);
        self.owed(OUTGOING_OF, params![format!("{stream}."), format!("{stream}/")])
    }

    /// The open incident that a signal is part of, and how urgent it is.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn held_in(&self, signal: SignalId) -> Result<Option<(IncidentId, u8)>, StoreError> {
        let row = |row: &rusqlite::Row<'_>| Ok((IncidentId::new(spelling::natural(row, 0)?), row.get(1)?));
        Ok(self.sql.prepare_cached(HELD_IN)?.query_row(params![signal.get().cast_signed()], row).optional()?)
    }

    /// Was the offer that this recall takes back left unsent? Then nobody is to be called back.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn never_offered(&self, incident: IncidentId, unit: UnitId, recall: &str) -> Result<bool, StoreError> {
        let stream = journal::stream(incident);
        let of = params![format!("{stream}."), format!("{stream}/"), unit.get(), recall];
        let state = self.sql.prepare_cached(OFFERED)?.query_row(of, |row| row.get::<_, String>(0)).optional()?;
        Ok(state.is_some_and(|state| state == "left"))
    }

    fn owed(&self, statement: &str, of: impl Params) -> Result<Vec<Outgoing>, StoreError> {
        let mut statement = self.sql.prepare_cached(statement)?;
        let rows = statement.query_map(of, outgoing)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How every way does that something was ever given to.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn ways(&self) -> Result<Vec<WayRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(WAYS)?;
        let rows = statement.query_map([], |row| {
            Ok(WayRow {
                way: row.get(0)?,
                settled: spelling::natural(row, 1)?,
                settled_at: spelling::moment_or_null(row, 2)?,
                owed: spelling::natural(row, 3)?,
                owed_since: spelling::moment_or_null(row, 4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How much came in that has no place and that nobody has seen.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn unseen(&self) -> Result<u64, StoreError> {
        Ok(self.sql.prepare_cached(UNSEEN)?.query_row([], |row| spelling::natural(row, 0))?)
    }

    /// What came in that has no place: first what nobody has seen, and the newest first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn unmatched(&self, limit: usize) -> Result<Vec<UnmatchedRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(UNMATCHED)?;
        let rows = statement.query_map([spelling::limit(limit)], |row| {
            Ok(UnmatchedRow {
                id: spelling::natural(row, 0)?,
                way: row.get(1)?,
                message: row.get(2)?,
                at: spelling::moment(row, 3)?,
                body: row.get(4)?,
                code: row.get(5)?,
                why_en: row.get(6)?,
                why_zh: row.get(7)?,
                seen_at: spelling::moment_or_null(row, 8)?,
                seen_by: row.get::<_, Option<u32>>(9)?.map(OperatorId::new),
                seen_by_name: row.get(10)?,
                note: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn outgoing(row: &rusqlite::Row<'_>) -> rusqlite::Result<Outgoing> {
    Ok(Outgoing {
        id: row.get(0)?,
        way: row.get(1)?,
        at: spelling::moment(row, 2)?,
        effect: spelling::json(row, 3)?,
        attempts: row.get(4)?,
        refusals: row.get(5)?,
        due_at: spelling::moment(row, 6)?,
        fault: row.get(7)?,
    })
}
