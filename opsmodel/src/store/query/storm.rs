//! Storms: those that are not over, those of a period, and what each of them grouped.

use alarmcore::{
    Area, CaughtUp, Grouped, IncidentId, Kind, OperatorId, SignalId, StaffAnswer, Storm, StormEvent, StormEventKind,
    StormId, StormState, Timestamp,
};
use contactid::AccountNumber;
use rusqlite::{Params, Row, params};
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::{StoreError, journal};

/// A storm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StormRow {
    /// Its number.
    pub storm: StormId,
    /// Over which accounts.
    pub area: Area,
    /// Where it stands.
    pub state: StormState,
    /// Who declared it; `None` when a rule did.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub declared_at: Timestamp,
    /// How many troubles the rule had counted; 0 for a storm that a person declared.
    pub counted_signals: u32,
    /// Of how many accounts.
    pub counted_accounts: u32,
    /// When it stops, or would have stopped, grouping by itself.
    #[serde(serialize_with = "spelling::time")]
    pub until: Timestamp,
    /// When a person confirmed it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub confirmed_at: Option<Timestamp>,
    /// Their name.
    pub confirmed_by_name: Option<String>,
    /// When staff was called in, the first time.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub called_in_at: Option<Timestamp>,
    /// When it stopped grouping.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub calm_at: Option<Timestamp>,
    /// When it ended.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by_name: Option<String>,
    /// Who agreed to that.
    pub second_name: Option<String>,
    /// How many lines its ledger has.
    pub grouped: u32,
    /// How many of them nobody has caught up on.
    pub left: u32,
}

/// A line of a storm's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StormLine {
    /// The account.
    pub account: AccountNumber,
    /// The name on its card.
    pub account_name: Option<String>,
    /// What failed there.
    pub kind: Kind,
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// The first signal that was grouped.
    pub first: SignalId,
    /// The last one.
    pub last: SignalId,
    /// How many.
    pub signals: u32,
    /// How it was caught up on; `None` while nobody has.
    pub how: Option<CaughtUp>,
    /// When.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub settled_at: Option<Timestamp>,
    /// By whom; `None` when it restored.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// The signal that restored it.
    pub restored_by: Option<SignalId>,
    /// The incident that shows it, after the storm was dismissed.
    pub incident: Option<IncidentId>,
    /// The order for its repair.
    pub reference: Option<String>,
}

/// What people and the time did about a storm; what it grouped stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StormMoment {
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Who; `None` when a rule or the time did.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// What kind of event it is.
    pub kind: StormEventKind,
    /// Of which account, where it is about one.
    pub account: Option<AccountNumber>,
    /// What somebody who was called in said.
    pub answer: Option<StaffAnswer>,
    /// What was noted.
    pub note: Option<String>,
}

/// Everything about one storm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StormPage {
    /// The storm as lists show it.
    pub row: StormRow,
    /// Its ledger: what is left first, by account.
    pub lines: Vec<StormLine>,
    /// What was done about it, oldest first.
    pub moments: Vec<StormMoment>,
}

macro_rules! storm_rows {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT s.body, d.name, c.name, e.name, t.name FROM storm AS s ",
            $from,
            " LEFT JOIN operator AS d ON d.id = json_extract(s.body, '$.by') ",
            "LEFT JOIN operator AS c ON c.id = json_extract(s.body, '$.confirmed_by') ",
            "LEFT JOIN operator AS e ON e.id = json_extract(s.body, '$.ended_by') ",
            "LEFT JOIN operator AS t ON t.id = json_extract(s.body, '$.second') WHERE ",
            $rest
        )
    };
}

pub(super) const OPEN: &str = storm_rows!("INDEXED BY storm_open", "s.ended_at IS NULL ORDER BY s.id");
pub(super) const OF_PERIOD: &str = storm_rows!(
    "INDEXED BY storm_declared",
    "s.declared_at < ?2 AND (s.ended_at IS NULL OR s.ended_at >= ?1) ORDER BY s.declared_at, s.id"
);
pub(super) const ONE: &str = storm_rows!("", "s.id = ?1");
pub(super) const LINES: &str = "SELECT l.body, a.name, o.name FROM storm_line AS l \
    LEFT JOIN account AS a ON a.account = l.account \
    LEFT JOIN operator AS o ON o.id = json_extract(l.body, '$.settled.by') WHERE l.storm = ?1 \
    ORDER BY l.account, l.kind";
pub(super) const MOMENTS: &str = "SELECT j.seq, j.stream, j.version, j.kind, j.shape, j.at, j.by_id, j.body, n.body, o.name \
    FROM journal AS j INDEXED BY journal_stream LEFT JOIN note AS n ON n.seq = j.seq \
    LEFT JOIN operator AS o ON o.id = j.by_id \
    WHERE j.stream = ?1 AND j.kind NOT IN ('grouped', 'restored', 'shown') ORDER BY j.version";

impl Reader {
    /// The storms that are not over, oldest first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn open_storms(&self) -> Result<Vec<StormRow>, StoreError> {
        self.storm_rows(OPEN, [])
    }

    /// The storms that went on at any time from `from` on and before `to`, in the order in which they were declared.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn storms(&self, from: Timestamp, to: Timestamp) -> Result<Vec<StormRow>, StoreError> {
        self.storm_rows(OF_PERIOD, [from.millis(), to.millis()])
    }

    /// Everything about one storm; `None` when there is none of that number.
    ///
    /// # Errors
    /// When the files cannot be read, or an entry holds what no writer wrote.
    pub fn storm(&self, storm: StormId) -> Result<Option<StormPage>, StoreError> {
        let _snapshot = self.snapshot()?;
        let Some(row) = self.storm_rows(ONE, [storm.get().cast_signed()])?.pop() else { return Ok(None) };
        let mut lines = self.storm_lines(storm)?;
        lines.sort_by_key(|line| line.how.is_some());
        let mut statement = self.sql.prepare_cached(MOMENTS)?;
        let mut rows = statement.query([journal::storm_stream(storm)])?;
        let mut moments = Vec::new();
        while let Some(row) = rows.next()? {
            let record = journal::storm_record(row)?;
            let text = spelling::json_or_null::<alarmcore::FreeText>(row, 8)?.unwrap_or_default();
            moments.push(StormMoment {
                at: record.at,
                by: record.by,
                by_name: row.get(9)?,
                kind: record.event.kind(),
                account: record.event.outage().map(|outage| outage.account),
                answer: match record.event {
                    StormEvent::StaffAnswered { answer, .. } => Some(answer),
                    _ => None,
                },
                note: text.0.get("note").cloned().or(match record.event {
                    StormEvent::Ordered { reference, .. } => Some(reference),
                    _ => None,
                }),
            });
        }
        Ok(Some(StormPage { row, lines, moments }))
    }

    /// The ledger of a storm, by account.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn storm_lines(&self, storm: StormId) -> Result<Vec<StormLine>, StoreError> {
        let mut statement = self.sql.prepare_cached(LINES)?;
        Ok(statement.query_map(params![storm.get().cast_signed()], storm_line)?.collect::<Result<_, _>>()?)
    }

    fn storm_rows(&self, statement: &str, of: impl Params) -> Result<Vec<StormRow>, StoreError> {
        let mut statement = self.sql.prepare_cached(statement)?;
        Ok(statement.query_map(of, storm_row)?.collect::<Result<_, _>>()?)
    }
}

fn storm_row(row: &Row<'_>) -> rusqlite::Result<StormRow> {
    let storm: Storm = spelling::json(row, 0)?;
    Ok(StormRow {
        storm: storm.id,
        area: storm.area,
        state: storm.state,
        by: storm.by,
        by_name: row.get(1)?,
        declared_at: storm.declared_at,
        counted_signals: storm.counted.signals,
        counted_accounts: storm.counted.accounts,
        until: storm.until,
        confirmed_at: storm.confirmed_at,
        confirmed_by_name: row.get(2)?,
        called_in_at: storm.called_in_at,
        calm_at: storm.calm_at,
        ended_at: storm.ended_at,
        ended_by_name: row.get(3)?,
        second_name: row.get(4)?,
        grouped: storm.grouped,
        left: storm.left,
    })
}

fn storm_line(row: &Row<'_>) -> rusqlite::Result<StormLine> {
    let Grouped { outage, first, since, last, signals, settled } = spelling::json(row, 0)?;
    let settled = settled.as_ref();
    Ok(StormLine {
        account: outage.account,
        account_name: row.get(1)?,
        kind: outage.kind,
        since,
        first,
        last,
        signals,
        how: settled.map(|settled| settled.how),
        settled_at: settled.map(|settled| settled.at),
        by: settled.and_then(|settled| settled.by),
        by_name: row.get(2)?,
        restored_by: settled.and_then(|settled| settled.signal),
        incident: settled.and_then(|settled| settled.incident),
        reference: settled.and_then(|settled| settled.reference.clone()),
    })
}
