//! Counts per day, kept by the desk as it goes: answered from `day_count`, never from the log.

use serde::Serialize;

/// How many signals of one class ended one way on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// The day in UTC, `2026-11-22`.
    pub day: String,
    /// What the signals were about, as `contactid::Class` spells it.
    pub class: String,
    /// What became of them: `opened`, `joined`, `logged`, `held` or `repeat`.
    pub outcome: String,
    /// How many.
    pub signals: u64,
}
