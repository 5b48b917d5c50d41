//! Counts per day, kept by the desk as it goes: answered from `day_count`, never from the log.

use alarmcore::Timestamp;
use chrono::{DateTime, NaiveDate};
use serde::Serialize;

use super::{Reader, spelling};
use crate::store::StoreError;

/// How many signals of one class ended one way on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// The day in UTC.
    pub day: NaiveDate,
    /// What the signals were about, as `contactid::Class` spells it.
    pub class: String,
    /// What became of them: `opened`, `joined`, `logged`, `held` or `repeat`.
    pub outcome: String,
    /// How many.
    pub signals: u64,
}

pub(super) const COUNTS: &str =
    "SELECT day, class, outcome, n FROM day_count WHERE day >= ?1 AND day < ?2 ORDER BY day, class, outcome";

const DAY_MS: i64 = 86_400_000;

impl Reader {
    /// Signals per day, class and outcome, from the day of `from` up to and without the day of `to`, by day (UTC).
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn counts(&self, from: Timestamp, to: Timestamp) -> Result<Vec<DayCount>, StoreError> {
        let mut statement = self.sql.prepare_cached(COUNTS)?;
        let days = [from.millis().div_euclid(DAY_MS), to.millis().div_euclid(DAY_MS)];
        let rows = statement.query_map(days, |row| {
            let day: i64 = row.get(0)?;
            Ok(DayCount {
                day: DateTime::from_timestamp_millis(day.saturating_mul(DAY_MS)).unwrap_or_default().date_naive(),
                class: row.get(1)?,
                outcome: row.get(2)?,
                signals: spelling::natural(row, 3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
