//! One incident: where it stands, whose it is, what came in, and what was done. And lists of them.

use alarmcore::{
    Cause, Escalated, EventKind, Hold, HoldReason, InQueue, Incident, IncidentEvent, IncidentId, Kind, Offered,
    OperatorId, Rank, Record, Resolution, SignalId, Stage, StormId, Timestamp,
};
use contactid::AccountNumber;
use rusqlite::{OptionalExtension, Params, Row, params};
use serde::Serialize;

use super::stream::Entry;
use super::{AccountSheet, Reader, SignalFilter, SignalRow, spelling};
use crate::store::{StoreError, journal};

/// An incident as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentRow {
    /// Its number.
    pub incident: IncidentId,
    /// 1 (life safety) to 10.
    pub priority: u8,
    /// What it is about.
    pub kind: Kind,
    /// Where it stands.
    pub stage: Stage,
    /// Whose it is; `None` for reports that name no account.
    pub account: Option<AccountNumber>,
    /// The name on the account's card, where there is one.
    pub account_name: Option<String>,
    /// Who has taken it.
    pub owner: Option<OperatorId>,
    /// Their name.
    pub owner_name: Option<String>,
    /// When the signal that opened it was received.
    #[serde(serialize_with = "spelling::time")]
    pub received_at: Timestamp,
    /// When it was opened.
    #[serde(serialize_with = "spelling::time")]
    pub opened_at: Timestamp,
    /// Since when it has been calling for an operator; `None` while nobody is missed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub calling_since: Option<Timestamp>,
    /// When an operator first took it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub taken_at: Option<Timestamp>,
    /// When a person first did something about it, other than taking, releasing or writing a note.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub first_act_at: Option<Timestamp>,
    /// When a unit was first asked to go.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub dispatched_at: Option<Timestamp>,
    /// When a unit first arrived.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub arrived_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub closed_at: Option<Timestamp>,
    /// When something last happened to it.
    #[serde(serialize_with = "spelling::time")]
    pub changed_at: Timestamp,
    /// What it was, once it is closed.
    pub resolution: Option<Resolution>,
    /// Why it was false.
    pub cause: Option<Cause>,
    /// When it calls again, where it is on hold.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub hold_until: Option<Timestamp>,
    /// Why it is on hold.
    pub hold_reason: Option<HoldReason>,
    /// The highest rank that was called because nobody acted, and that has not answered.
    pub escalated_to: Option<Rank>,
    /// How many signals it holds.
    pub signals: u32,
    /// The storm of which it stands for everything of its kind.
    pub group_of: Option<StormId>,
    /// The incident of life safety that calls its operator away from it.
    pub interrupted: Option<IncidentId>,
    /// The queue that it is in; `None` where it is everybody's.
    pub queue: Option<InQueue>,
    /// To whom it is offered, where the policy offers incidents to operators.
    pub offered_to: Option<OperatorId>,
    /// Their name.
    pub offered_name: Option<String>,
    /// Until when.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub offered_until: Option<Timestamp>,
    /// Version of its stream of events: what an operator's act is checked against.
    pub version: u32,
    /// The last signal that it holds.
    pub last_signal: Option<SignalRow>,
}

/// Which incidents to list. Everything that is `None` is not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentFilter {
    /// Of this account.
    pub account: Option<AccountNumber>,
    /// Open ones, or closed ones.
    pub open: Option<bool>,
    /// Opened at or after this time.
    pub from: Option<Timestamp>,
    /// Opened before this time.
    pub to: Option<Timestamp>,
}

/// Everything that an incident's page shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentPage {
    /// The incident as lists show it.
    pub row: IncidentRow,
    /// The incident as the desk sees it.
    pub incident: Incident,
    /// Its account's card with zones, contacts and state, where there is a card.
    pub account: Option<AccountSheet>,
    /// Its signals, oldest first; of more than 500 the last 500.
    pub signals: Vec<SignalRow>,
    /// The last 20 signals of its account, newest first, whatever became of them.
    pub recent: Vec<SignalRow>,
    /// Its time line, oldest first.
    pub moments: Vec<Moment>,
}

/// One event of an incident's time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Its place in the journal.
    pub seq: u64,
    /// Its place in the incident's stream.
    pub version: u32,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Who did it; `None` when a signal or the time did.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// What happened, with its free text where that has not been erased.
    pub event: IncidentEvent,
    /// The name of the user whom its evidence names, as the account's card then had it.
    pub user_name: Option<String>,
}

/// Something that happened to an incident, in the order of the journal: what a live page catches up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// Its place in the journal.
    pub seq: u64,
    /// The incident.
    pub incident: IncidentId,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// What kind of thing happened.
    pub kind: EventKind,
}

macro_rules! incident_rows {
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT i.id, i.priority, i.kind, i.stage, i.account, a.name, i.owner, o.name, i.received_at, i.opened_at, ",
            "i.calling_since, i.taken_at, i.first_act_at, i.dispatched_at, i.arrived_at, i.closed_at, i.changed_at, ",
            "i.resolution, i.cause, i.signals, i.version, i.last_signal, i.body, json_extract(i.body, '$.hold'), ",
            "json_extract(i.body, '$.escalated'), json_extract(i.body, '$.storm'), ",
            "json_extract(i.body, '$.interrupted'), json_extract(i.body, '$.queue'), ",
            "json_extract(i.body, '$.offered'), p.name FROM incident AS i ",
            $index,
            " LEFT JOIN account AS a ON a.account = i.account LEFT JOIN operator AS o ON o.id = i.owner ",
            "LEFT JOIN operator AS p ON p.id = json_extract(i.body, '$.offered.to') WHERE ",
            $rest
        )
    };
}

pub(super) const OPEN: &str =
    incident_rows!("INDEXED BY incident_open", "i.closed_at IS NULL ORDER BY i.priority, i.opened_at, i.id");
pub(super) const ONE: &str = incident_rows!("", "i.id = ?1");
pub(super) const OF_ACCOUNT: &str = incident_rows!(
    "INDEXED BY incident_account",
    "i.account = ?1 AND i.opened_at >= ?2 AND (i.opened_at, i.id) < (?3, ?4) \
     AND (?5 IS NULL OR (i.closed_at IS NULL) = ?5) ORDER BY i.opened_at DESC, i.id DESC LIMIT ?6"
);
pub(super) const OF_ALL: &str = incident_rows!(
    "INDEXED BY incident_opened",
    "?1 IS NULL AND i.opened_at >= ?2 AND (i.opened_at, i.id) < (?3, ?4) \
     AND (?5 IS NULL OR (i.closed_at IS NULL) = ?5) ORDER BY i.opened_at DESC, i.id DESC LIMIT ?6"
);
pub(super) const IN_ORDER: &str = incident_rows!(
    "INDEXED BY incident_opened",
    "(i.opened_at, i.id) > (?1, ?2) AND i.opened_at < ?3 ORDER BY i.opened_at, i.id LIMIT ?4"
);
pub(super) const OPENED_AT: &str = "SELECT opened_at FROM incident WHERE id = ?1";
pub(super) const SINCE: &str = "SELECT seq, stream, at, kind FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2";

const SIGNALS_SHOWN: usize = 500;
const RECENT_SHOWN: usize = 20;

impl Reader {
    /// Everything that an incident's page shows; `None` when there is no such incident.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn incident(&self, id: IncidentId) -> Result<Option<IncidentPage>, StoreError> {
        let _snapshot = self.snapshot()?;
        let found = self
            .sql
            .prepare_cached(ONE)?
            .query_row([spelling::bigint(id.get())], |row| Ok((incident_row(row)?, spelling::json(row, 22)?)))
            .optional()?;
        let Some(((mut row, last_signal), incident)) = found else { return Ok(None) };
        row.last_signal = self.signal(last_signal)?;
        let filter = SignalFilter { incident: Some(id), ..SignalFilter::default() };
        let mut signals = self.signals(&filter, None, SIGNALS_SHOWN)?.rows;
        signals.reverse();
        let (account, recent) = match row.account {
            Some(account) => (self.account_sheet(account)?, self.signals_of(account, RECENT_SHOWN)?),
            None => (None, Vec::new()),
        };
        let moments = self.moments(id, row.account)?;
        Ok(Some(IncidentPage { row, incident, account, signals, recent, moments }))
    }

    /// Incidents that pass the filter, newest first. Reads on after the incident `older`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn incidents(
        &self,
        filter: &IncidentFilter,
        older: Option<IncidentId>,
        limit: usize,
    ) -> Result<Vec<IncidentRow>, StoreError> {
        let (before_at, before) = match older {
            // Numbers begin at 1: (to, 0) is before everything that was opened at `to`.
            None => (filter.to.map_or(i64::MAX, Timestamp::millis), 0),
            Some(id) => match self.opened_at(id)? {
                Some(at) => (at, spelling::bigint(id.get())),
                None => return Ok(Vec::new()),
            },
        };
        let statement = if filter.account.is_some() { OF_ACCOUNT } else { OF_ALL };
        self.incident_rows(
            statement,
            params![
                filter.account.as_ref().map(AccountNumber::as_str),
                filter.from.map_or(i64::MIN, Timestamp::millis),
                before_at,
                before,
                filter.open,
                spelling::limit(limit),
            ],
        )
    }

    /// Incidents that were opened from `from` on and before `to`, in the order in which they were. Reads on after
    /// `after`, the last row of the page before.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn incidents_in_order(
        &self,
        from: Timestamp,
        to: Timestamp,
        after: Option<&IncidentRow>,
        limit: usize,
    ) -> Result<Vec<IncidentRow>, StoreError> {
        let (at, id) =
            after.map_or((from.millis(), 0), |row| (row.opened_at.millis(), spelling::bigint(row.incident.get())));
        self.incident_rows(IN_ORDER, params![at, id, to.millis(), spelling::limit(limit)])
    }

    fn opened_at(&self, id: IncidentId) -> Result<Option<i64>, StoreError> {
        let mut statement = self.sql.prepare_cached(OPENED_AT)?;
        Ok(statement.query_row([spelling::bigint(id.get())], |row| row.get(0)).optional()?)
    }

    /// What happened to incidents after the journal entry `seq`, in order.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn happenings(&self, seq: u64, limit: usize) -> Result<Vec<Happening>, StoreError> {
        let mut statement = self.sql.prepare_cached(SINCE)?;
        let mut rows = statement.query([spelling::bigint(seq), spelling::limit(limit)])?;
        let mut happenings = Vec::new();
        while let Some(row) = rows.next()? {
            // Streams of other kinds than incidents are none of a live page's business.
            let Some(incident) = row.get_ref(1)?.as_str().ok().and_then(incident_of) else { continue };
            happenings.push(Happening {
                seq: spelling::natural(row, 0)?,
                incident,
                at: spelling::moment(row, 2)?,
                kind: spelling::word(row, 3, EventKind::from_word)?,
            });
        }
        Ok(happenings)
    }

    pub(super) fn incident_rows(&self, statement: &str, of: impl Params) -> Result<Vec<IncidentRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(statement)?;
        let found = statement.query_map(of, incident_row)?.collect::<Result<Vec<_>, _>>()?;
        found
            .into_iter()
            .map(|(row, last_signal)| Ok(IncidentRow { last_signal: self.signal(last_signal)?, ..row }))
            .collect()
    }

    fn moments(&self, id: IncidentId, account: Option<AccountNumber>) -> Result<Vec<Moment>, StoreError> {
        let put = |record: &mut Record, text| record.event.put_text(text);
        let entries = self.stream(&journal::stream(id), journal::record, put)?;
        let moment = |Entry { seq, by_name, record: Record { version, at, by, event, .. } }: Entry<Record>| {
            let user = event.evidence().and_then(|evidence| Some((evidence.user?, evidence.received_at)));
            let user_name = match (account, user) {
                (Some(account), Some((user, at))) => self.user_name(account, user, at)?,
                _ => None,
            };
            Ok(Moment { seq, version, at, by, by_name, kind: event.kind(), event, user_name })
        };
        entries.into_iter().map(moment).collect()
    }
}

pub(super) fn incident_of(stream: &str) -> Option<IncidentId> {
    stream.strip_prefix("incident-")?.parse().ok()
}

/// The row, and the id of its last signal.
fn incident_row(row: &Row<'_>) -> rusqlite::Result<(IncidentRow, SignalId)> {
    let hold: Option<Hold> = spelling::json_or_null(row, 23)?;
    let escalated: Option<Vec<Escalated>> = spelling::json_or_null(row, 24)?;
    let offered: Option<Offered> = spelling::json_or_null(row, 28)?;
    let incident = IncidentRow {
        incident: IncidentId::new(spelling::natural(row, 0)?),
        priority: row.get(1)?,
        kind: spelling::word(row, 2, Kind::from_word)?,
        stage: spelling::word(row, 3, Stage::from_word)?,
        account: spelling::account_or_null(row, 4)?,
        account_name: row.get(5)?,
        owner: row.get::<_, Option<u32>>(6)?.map(OperatorId::new),
        owner_name: row.get(7)?,
        received_at: spelling::moment(row, 8)?,
        opened_at: spelling::moment(row, 9)?,
        calling_since: spelling::moment_or_null(row, 10)?,
        taken_at: spelling::moment_or_null(row, 11)?,
        first_act_at: spelling::moment_or_null(row, 12)?,
        dispatched_at: spelling::moment_or_null(row, 13)?,
        arrived_at: spelling::moment_or_null(row, 14)?,
        closed_at: spelling::moment_or_null(row, 15)?,
        changed_at: spelling::moment(row, 16)?,
        resolution: spelling::word_or_null(row, 17, Resolution::from_word)?,
        cause: spelling::word_or_null(row, 18, Cause::from_word)?,
        hold_until: hold.map(|hold| hold.until),
        hold_reason: hold.map(|hold| hold.reason),
        escalated_to: escalated.iter().flatten().map(|step| step.to).max(),
        signals: row.get(19)?,
        group_of: row.get::<_, Option<i64>>(25)?.map(|storm| StormId::new(storm.cast_unsigned())),
        interrupted: row.get::<_, Option<i64>>(26)?.map(|first| IncidentId::new(first.cast_unsigned())),
        queue: spelling::json_or_null(row, 27)?,
        offered_to: offered.map(|offered| offered.to),
        offered_name: row.get(29)?,
        offered_until: offered.map(|offered| offered.until),
        version: row.get(20)?,
        last_signal: None,
    };
    Ok((incident, SignalId::new(spelling::natural(row, 21)?)))
}
