//! `TestHours`: when an account is put on test again and again.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Hours, Phrase, Schedule, ScheduleError, Span, Whose};
use crate::time::Timestamp;

/// Hours that come again and again, written, stored and shown as a [`Schedule`] is: those of weekdays and of single days, in the time
/// zone that it names. On days that are `closed` none begin. Hours of areas and users, and a tolerance, are none of a test.
///
/// ```
/// let hours: alarmcore::TestHours = "zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28".parse()?;
/// assert_eq!(hours.to_string(), "zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28");
/// let error = "zone Asia/Shanghai; area 2 Mon 09:00-10:00".parse::<alarmcore::TestHours>().unwrap_err();
/// assert_eq!(error.to_string(), "character 21: expected hours of the whole account, found \"area\"");
/// # Ok::<(), alarmcore::ScheduleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TestHours(Schedule);

impl TestHours {
    /// The next of them that begin after a moment, and when they end. Hours that touch are two. They last no longer than was agreed to
    /// where clocks are set back meanwhile: what people may do is read widely, what lowers protection is not.
    pub fn next(&self, after: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let Span { opens, closes, minutes } = self.0.next_hours(after)?;
        Some((opens, closes.min(opens.plus_secs(minutes * 60))))
    }

    /// For how many minutes the longest of them lasts by the clock.
    pub fn longest(&self) -> u32 {
        let weeks = self.0.hours.values().flatten().flatten();
        weeks.chain(self.0.days.values().flatten()).map(Hours::minutes).max().unwrap_or(0)
    }
}

impl FromStr for TestHours {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let wrong = |word: &str, expected| {
            let place = text.find(word).unwrap_or(text.len());
            ScheduleError { at: text[..place].chars().count() + 1, expected, found: word.to_owned() }
        };
        let mut schedule = Schedule::read(text)?;
        let others = schedule.hours.keys().find_map(|whose| match whose {
            Whose::Account => None,
            Whose::Area(_) => Some("area"),
            Whose::User(_) => Some("user"),
        });
        if let Some(word) = others {
            return Err(wrong(word, Phrase("hours of the whole account", "整个用户的时段")));
        }
        if text.contains("tolerance") {
            return Err(wrong("tolerance", Phrase("hours that are kept to the minute", "精确到分钟的时段")));
        }
        schedule.tolerance_min = 0;
        let hours = Self(schedule);
        if hours.longest() == 0 {
            let end = text.chars().count() + 1;
            let expected = Phrase(
                "hours such as `Mon 09:00-10:00` or `2026-12-05 09:00-10:00`",
                "时段，如 `Mon 09:00-10:00` 或 `2026-12-05 09:00-10:00`",
            );
            return Err(ScheduleError { at: end, expected, found: String::new() });
        }
        Ok(hours)
    }
}

/// The line that it is read from.
impl fmt::Display for TestHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string().replacen("; tolerance 0m", "", 1))
    }
}

impl TryFrom<String> for TestHours {
    type Error = ScheduleError;

    fn try_from(text: String) -> Result<Self, ScheduleError> {
        text.parse()
    }
}

impl From<TestHours> for String {
    fn from(hours: TestHours) -> Self {
        hours.to_string()
    }
}
