//! The stretch of time that false calls are counted in, by the calendar of a time zone.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::schedule::first_shown;
use crate::time::Timestamp;

/// For how long a false call counts, and by which clocks. Written `12 months in Europe/London`, `30 days` or
/// `year from 01-01 in America/Los_Angeles`; where no time zone is named its days and years turn by UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    length: Length,
    /// `None` where none is named.
    zone: Option<Tz>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
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
#[error(
    "a window is `1 months` to `12 months`, `1 days` to `366 days`, or `year from MM-DD` with a day up to 28; after it may stand \
     the time zone, as `in Asia/Shanghai`"
)]
pub struct NotAWindow;

impl Window {
    /// When a call of this moment counts no more.
    pub fn ends(self, call: Timestamp) -> Timestamp {
        match self.length {
            Length::Months(months) => self.plus_months(call, months),
            Length::Days(days) => self.later(call, |date| date.checked_add_days(Days::new(days.into()))),
            Length::Year { month, day } => {
                let Some(date) = self.clock(call).map(|clock| clock.date()) else { return call };
                let begins = |year| NaiveDate::from_ymd_opt(year, month, day);
                let next = begins(date.year()).filter(|begin| *begin > date).or_else(|| begins(date.year() + 1));
                next.map_or(call, |begin| self.moment(begin.and_time(NaiveTime::MIN)))
            }
        }
    }

    /// The moment so many months of the calendar later; the last day of a shorter month.
    pub(crate) fn plus_months(self, at: Timestamp, months: u32) -> Timestamp {
        if months == 0 { at } else { self.later(at, |date| date.checked_add_months(Months::new(months))) }
    }

    /// The same time of the clock on another day.
    fn later(self, at: Timestamp, day: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Timestamp {
        let clock = self.clock(at).and_then(|clock| Some(day(clock.date())?.and_time(clock.time())));
        clock.map_or(at, |clock| self.moment(clock))
    }

    /// When the clocks show this, the first time; where they are set forward over it, when they are.
    fn moment(self, clock: NaiveDateTime) -> Timestamp {
        let shown = self.zone().from_local_datetime(&clock).earliest();
        let set = || Timestamp::from_secs(first_shown(self.zone(), clock));
        shown.map_or_else(set, |shown| Timestamp::from_millis(shown.timestamp_millis()))
    }

    fn zone(self) -> Tz {
        self.zone.unwrap_or(Tz::UTC)
    }

    /// What the clocks of the time zone show.
    fn clock(self, at: Timestamp) -> Option<NaiveDateTime> {
        let moment = DateTime::from_timestamp_millis(at.millis())?;
        Some(moment.with_timezone(&self.zone()).naive_local())
    }
}

impl FromStr for Window {
    type Err = NotAWindow;

    fn from_str(text: &str) -> Result<Self, NotAWindow> {
        let number = |text: &str, most: u32| text.parse().ok().filter(|number| (1..=most).contains(number));
        let words: Vec<&str> = text.split_whitespace().collect();
        let (length, zone) = match &words[..] {
            [length @ .., "in", zone] => (length, Some(zone.parse().map_err(|_| NotAWindow)?)),
            length => (length, None),
        };
        let length = match *length {
            [count, "month" | "months"] => number(count, 12).map(Length::Months),
            [count, "day" | "days"] => number(count, 366).map(Length::Days),
            ["year", "from", day] => day
                .split_once('-')
                .and_then(|(month, day)| Some(Length::Year { month: number(month, 12)?, day: number(day, 28)? })),
            _ => None,
        };
        Ok(Self { length: length.ok_or(NotAWindow)?, zone })
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
        match self.length {
            Length::Months(months) => write!(f, "{months} months")?,
            Length::Days(days) => write!(f, "{days} days")?,
            Length::Year { month, day } => write!(f, "year from {month:02}-{day:02}")?,
        }
        self.zone.map_or(Ok(()), |zone| write!(f, " in {zone}"))
    }
}
