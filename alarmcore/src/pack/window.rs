//! The stretch of time that false calls are counted in, by the calendar and in UTC.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// For how long a false call counts. Written `12 months`, `30 days` or `year from 01-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Window {
    /// So many months of the calendar from the call on: 1 to 12.
    Months(u32),
    /// So many days from the call on: 1 to 366.
    Days(u32),
    /// Until the next such day of the year, at its beginning.
    Year {
        /// 1 to 12.
        month: u32,
        /// 1 to 28: a day that every such month has.
        day: u32,
    },
}

/// The text is not a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a window is `1 months` to `12 months`, `1 days` to `366 days`, or `year from MM-DD` with a day up to 28")]
pub struct NotAWindow;

impl Window {
    /// When a call of this moment counts no more.
    pub fn ends(self, call: Timestamp) -> Timestamp {
        let Some(moment) = DateTime::<Utc>::from_timestamp_millis(call.millis()) else { return call };
        let end = match self {
            Self::Months(months) => moment.checked_add_months(Months::new(months)),
            Self::Days(days) => moment.checked_add_days(Days::new(days.into())),
            Self::Year { month, day } => {
                let begins = |year| {
                    NaiveDate::from_ymd_opt(year, month, day).map(|date| date.and_time(NaiveTime::MIN).and_utc())
                };
                begins(moment.year()).filter(|begin| *begin > moment).or_else(|| begins(moment.year() + 1))
            }
        };
        end.map_or(call, |end| Timestamp::from_millis(end.timestamp_millis()))
    }
}

/// The moment so many months of the calendar later; the last day of a shorter month.
pub(crate) fn plus_months(at: Timestamp, months: u32) -> Timestamp {
    if months == 0 { at } else { Window::Months(months).ends(at) }
}

impl FromStr for Window {
    type Err = NotAWindow;

    fn from_str(text: &str) -> Result<Self, NotAWindow> {
        let number = |text: &str, most: u32| text.parse().ok().filter(|number| (1..=most).contains(number));
        let window = match text.split_whitespace().collect::<Vec<_>>()[..] {
            [count, "month" | "months"] => number(count, 12).map(Self::Months),
            [count, "day" | "days"] => number(count, 366).map(Self::Days),
            ["year", "from", day] => day
                .split_once('-')
                .and_then(|(month, day)| Some(Self::Year { month: number(month, 12)?, day: number(day, 28)? })),
            _ => None,
        };
        window.ok_or(NotAWindow)
    }
}

impl TryFrom<String> for Window {
    type Error = NotAWindow;

    fn try_from(text: String) -> Result<Self, NotAWindow> {
        text.parse()
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Months(months) => write!(f, "{months} months"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::Year { month, day } => write!(f, "year from {month:02}-{day:02}"),
        }
    }
}
