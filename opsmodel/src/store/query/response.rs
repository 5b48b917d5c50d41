//! How fast the centre answered: receive, first act, dispatch, close.

use std::collections::BTreeSet;

use alarmcore::{IncidentId, Kind, Timestamp};
use contactid::AccountNumber;
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::StoreError;

/// The answer of [`Reader::response`](super::Reader::response).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// One row per incident that was opened in the period, in the order in which they were.
    pub rows: Vec<ResponseRow>,
    /// The same in figures: by priority, then by measure in the order of [`Measure`].
    pub percentiles: Vec<Percentiles>,
}

/// The times of one incident. Each `*_ms` counts milliseconds from `received_at`, but for the time on hold, which no other
/// time leaves out: view, act and hold are kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResponseRow {
    /// Its number.
    pub incident: IncidentId,
    /// Whose it is.
    pub account: Option<AccountNumber>,
    /// What it is about.
    pub kind: Kind,
    /// 1 (life safety) to 10.
    pub priority: u8,
    /// From when its times count: when the signal that opened it was received or, where graver danger came to it later, when
    /// that came. The times below are the first after that: the incident is measured as what it is about in the end.
    #[serde(serialize_with = "spelling::time")]
    pub received_at: Timestamp,
    /// When an operator first took it: the first view.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub taken_at: Option<Timestamp>,
    /// When a person first did something about it, other than taking, releasing or writing a note.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub first_act_at: Option<Timestamp>,
    /// When a unit was first asked to go.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub dispatched_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub closed_at: Option<Timestamp>,
    /// Receive to taken.
    pub taken_ms: Option<u64>,
    /// Receive to first act.
    pub first_act_ms: Option<u64>,
    /// Receive to dispatch.
    pub dispatch_ms: Option<u64>,
    /// Receive to close.
    pub close_ms: Option<u64>,
    /// How often it was put on hold.
    pub holds: u32,
    /// For how long it was on hold in all, a hold that goes on not counted.
    pub held_ms: u64,
}

/// What a row of [`Percentiles`] measures, always from the receipt of the first signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// To an operator's taking it.
    Taken,
    /// To the first act of a person.
    FirstAct,
    /// To the dispatch of the first unit.
    Dispatch,
    /// To the closing.
    Close,
}

impl Measure {
    /// The stable word that rows and reports write for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::FirstAct => "first-act",
            Self::Dispatch => "dispatch",
            Self::Close => "close",
        }
    }
}

/// Percentiles of one measure over the incidents of one priority that came so far, by nearest rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// 1 (life safety) to 10.
    pub priority: u8,
    /// What is measured.
    pub measure: Measure,
    /// Incidents of this priority in the period.
    pub incidents: usize,
    /// Those of them that came so far; the figures are theirs.
    pub reached: usize,
    /// Half of them took no longer, in milliseconds.
    pub p50_ms: Option<u64>,
    /// 80 % of them.
    pub p80_ms: Option<u64>,
    /// 95 % of them.
    pub p95_ms: Option<u64>,
    /// 98.5 % of them.
    pub p985_ms: Option<u64>,
}

/// The nearest-rank percentile: the smallest value such that at least `per_mille` thousandths of all values are not
/// above it, so always a value that occurred. `sorted` is ascending; `per_mille` is 1 to 1000; `None` for no values.
pub fn nearest_rank(sorted: &[u64], per_mille: usize) -> Option<u64> {
    let rank = (sorted.len() * per_mille).div_ceil(1000);
    sorted.get(rank.checked_sub(1)?).copied()
}

// Where graver danger came later, what was done before was done about something else.
pub(super) const OPENED: &str = "SELECT id, account, kind, priority, coalesce(json_extract(body, '$.urgent.since'), received_at), \
    CASE WHEN json_extract(body, '$.urgent.since') IS NULL THEN taken_at ELSE json_extract(body, '$.urgent.taken_at') END, \
    CASE WHEN json_extract(body, '$.urgent.since') IS NULL THEN first_act_at ELSE json_extract(body, '$.urgent.first_act_at') END, \
    CASE WHEN json_extract(body, '$.urgent.since') IS NULL THEN dispatched_at ELSE json_extract(body, '$.urgent.dispatched_at') END, closed_at, \
    coalesce(json_extract(body, '$.holds'), 0), coalesce(json_extract(body, '$.held_ms'), 0) FROM incident INDEXED BY incident_opened WHERE opened_at >= ?1 AND opened_at < ?2 ORDER BY opened_at, id";

impl Reader {
    /// The times of every incident that was opened from `from` on and before `to`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn response(&self, from: Timestamp, to: Timestamp) -> Result<Response, StoreError> {
        let mut statement = self.sql.prepare_cached(OPENED)?;
        let rows = statement
            .query_map([from.millis(), to.millis()], |row| {
                let received_at = spelling::moment(row, 4)?;
                let (taken_at, first_act_at) = (spelling::moment_or_null(row, 5)?, spelling::moment_or_null(row, 6)?);
                let (dispatched_at, closed_at) = (spelling::moment_or_null(row, 7)?, spelling::moment_or_null(row, 8)?);
                let since = |at: Option<Timestamp>| at.map(|at| elapsed_ms(received_at, at));
                Ok(ResponseRow {
                    incident: IncidentId::new(spelling::natural(row, 0)?),
                    account: spelling::account_or_null(row, 1)?,
                    kind: spelling::word(row, 2, Kind::from_word)?,
                    priority: row.get(3)?,
                    received_at,
                    taken_at,
                    first_act_at,
                    dispatched_at,
                    closed_at,
                    taken_ms: since(taken_at),
                    first_act_ms: since(first_act_at),
                    dispatch_ms: since(dispatched_at),
                    close_ms: since(closed_at),
                    holds: row.get(9)?,
                    held_ms: spelling::natural(row, 10)?,
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let percentiles = percentiles(&rows);
        Ok(Response { rows, percentiles })
    }
}

/// A clock that was set back must not make an answer faster than at once.
pub(super) fn elapsed_ms(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.millis().saturating_sub(from.millis())).unwrap_or(0)
}

fn percentiles(rows: &[ResponseRow]) -> Vec<Percentiles> {
    let mut figures = Vec::new();
    let priorities: BTreeSet<u8> = rows.iter().map(|row| row.priority).collect();
    for priority in priorities {
        let of_priority = || rows.iter().filter(|row| row.priority == priority);
        let incidents = of_priority().count();
        for measure in [Measure::Taken, Measure::FirstAct, Measure::Dispatch, Measure::Close] {
            let mut reached: Vec<u64> = of_priority()
                .filter_map(|row| match measure {
                    Measure::Taken => row.taken_ms,
                    Measure::FirstAct => row.first_act_ms,
                    Measure::Dispatch => row.dispatch_ms,
                    Measure::Close => row.close_ms,
                })
                .collect();
            reached.sort_unstable();
            figures.push(Percentiles {
                priority,
                measure,
                incidents,
                reached: reached.len(),
                p50_ms: nearest_rank(&reached, 500),
                p80_ms: nearest_rank(&reached, 800),
                p95_ms: nearest_rank(&reached, 950),
                p985_ms: nearest_rank(&reached, 985),
            });
        }
    }
    figures
}
