//! How fast the centre answered: receive, first act, dispatch, close.

use alarmcore::{IncidentId, Timestamp};
use contactid::AccountNumber;
use serde::Serialize;

use super::spelling;

/// The answer of [`Reader::response`](super::Reader::response).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// One row per incident that was opened in the period, in the order of their numbers.
    pub rows: Vec<ResponseRow>,
    /// The same in figures: by priority, then by measure in the order of [`Measure`].
    pub percentiles: Vec<Percentiles>,
}

/// The times of one incident. Each `*_ms` counts milliseconds from `received_at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResponseRow {
    /// Its number.
    pub incident: IncidentId,
    /// Whose it is.
    pub account: Option<AccountNumber>,
    /// What it is about.
    pub kind: String,
    /// 1 (life safety) to 10.
    pub priority: u8,
    /// When the signal that opened it was received; where an operator opened it by hand, when they did.
    #[serde(serialize_with = "spelling::time")]
    pub received_at: Timestamp,
    /// When a person first did something about it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub first_act_at: Option<Timestamp>,
    /// When a unit was first sent.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub dispatched_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub closed_at: Option<Timestamp>,
    /// Receive to first act.
    pub first_act_ms: Option<u64>,
    /// Receive to dispatch.
    pub dispatch_ms: Option<u64>,
    /// Receive to close.
    pub close_ms: Option<u64>,
}

/// What a row of [`Percentiles`] measures, always from the receipt of the first signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// To the first act of a person.
    FirstAct,
    /// To the dispatch of the first unit.
    Dispatch,
    /// To the closing.
    Close,
}

/// Percentiles of one measure over the incidents of one priority that came so far, by nearest rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// 1 (life safety) to 10.
    pub priority: u8,
    /// What is measured.
    pub measure: Measure,
    /// Incidents of this priority in the period.
    pub incidents: u32,
    /// Those of them that came so far; the figures are theirs.
    pub reached: u32,
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
