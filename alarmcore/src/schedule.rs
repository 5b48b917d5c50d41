//! `Schedule`: when the people of an account may come and go, in the local time of its site.

pub(crate) mod judge;
mod parse;
mod span;
mod test_hours;

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use judge::{Irregular, NothingToHold, ScheduleRules};
pub use parse::{Phrase, ScheduleError};
pub(crate) use parse::{Word, once, one, read_tolerance, words, wrong};
pub use span::Open;
pub(crate) use span::{Around, Span, first_shown};
pub use test_hours::TestHours;

/// When an account may be open.
///
/// It is written, stored and shown as one line of entries, parted by semicolons:
///
/// | entry | what it says |
/// |---|---|
/// | `zone Asia/Shanghai` | the IANA name of the site's time zone; always there |
/// | `tolerance 15m` | how much earlier or later than its hours is still in time, 0 to 240 minutes; 15 where it is not said |
/// | `Mon-Fri 08:30-12:00, 13:00-18:00` | the hours of weekdays; hours that end before they begin end on the next day; `24:00` is midnight |
/// | `area 2 Mon-Fri 09:00-17:00` | the hours of one group, in place of those of the account |
/// | `user 7 Mon-Fri 05:00-07:00` | the hours in which one user may open, in place of those of the account and of groups |
/// | `2026-12-31 09:00-12:00` | the hours of one day, in place of those of account and groups |
/// | `closed 2026-10-01..2026-10-07` | a holiday or a vacation, both days included: nothing begins then, for nobody |
///
/// Where clocks are set back, hours begin at the first and end at the second time that the clock shows; where they are set
/// forward over a time, it stands for the moment at which they are set.
///
/// ```
/// let text = "zone Europe/Berlin; Mon-Fri 8:30-18:00; Sat 09:00-12:00; closed 2026-12-25, 2026-12-26";
/// let schedule: alarmcore::Schedule = text.parse()?;
/// assert_eq!(
///     schedule.to_string(),
///     "zone Europe/Berlin; tolerance 15m; Mon-Fri 08:30-18:00; Sat 09:00-12:00; closed 2026-12-25; closed 2026-12-26"
/// );
/// let error = "zone Europe/Berlin; Mon-Fri 08:30-18:60".parse::<alarmcore::Schedule>().unwrap_err();
/// assert_eq!(error.to_string(), "character 29: expected hours such as 08:30-18:00, found \"08:30-18:60\"");
/// # Ok::<(), alarmcore::ScheduleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule {
    zone: Tz,
    tolerance_min: u16,
    hours: BTreeMap<Whose, Week>,
    days: BTreeMap<NaiveDate, Vec<Hours>>,
    /// First and last day of each.
    closed: Vec<(NaiveDate, NaiveDate)>,
}

/// Whose hours they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// The account's.
    Account,
    /// Those of one group.
    Area(u16),
    /// Those of one user.
    User(u32),
}

/// The hours of each weekday, Monday first.
type Week = [Vec<Hours>; 7];

/// Open from, open until.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// Minutes from the beginning of the day: 0 to 1439.
    opens: u16,
    /// The same, above `opens`: beyond 1440 on the next day.
    closes: u16,
}

/// One entry of a schedule, for whoever shows it in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleLine<'a> {
    /// The time zone.
    Zone(&'static str),
    /// The tolerance, in minutes.
    Tolerance(u16),
    /// Hours of weekdays from the first to the last of them, Monday being 0.
    Week(Whose, u8, u8, &'a [Hours]),
    /// Hours of one day.
    Day(NaiveDate, &'a [Hours]),
    /// Closed from the first day to the last.
    Closed(NaiveDate, NaiveDate),
}

/// How the weekdays are written.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Schedule {
    /// Its entries, in the order in which they are written.
    pub fn lines(&self) -> Vec<ScheduleLine<'_>> {
        let mut lines = vec![ScheduleLine::Zone(self.zone.name()), ScheduleLine::Tolerance(self.tolerance_min)];
        for (whose, week) in &self.hours {
            let mut day = 0;
            for alike in week.chunk_by(|one, other| one == other) {
                let last = day + alike.len() - 1;
                if let Some(hours) = alike.first().filter(|hours| !hours.is_empty()) {
                    lines.push(ScheduleLine::Week(*whose, day as u8, last as u8, hours));
                }
                day = last + 1;
            }
        }
        lines.extend(self.days.iter().map(|(day, hours)| ScheduleLine::Day(*day, hours)));
        lines.extend(self.closed.iter().map(|(from, to)| ScheduleLine::Closed(*from, *to)));
        lines
    }

    /// The same hours with another tolerance, in minutes.
    pub(crate) fn tolerating(self, tolerance_min: u16) -> Self {
        Self { tolerance_min, ..self }
    }

    const fn tolerance_s(&self) -> u32 {
        self.tolerance_min as u32 * 60
    }
}

impl Hours {
    /// For how many minutes, by the clock.
    pub(crate) const fn minutes(&self) -> u32 {
        (self.closes - self.opens) as u32
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The next day's midnight is 24:00; later than that is a time of the next day.
        let closes = if self.closes > 1440 { self.closes - 1440 } else { self.closes };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.opens / 60, self.opens % 60, closes / 60, closes % 60)
    }
}

impl fmt::Display for ScheduleLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = |f: &mut fmt::Formatter<'_>, hours: &[Hours]| {
            hours.iter().enumerate().try_for_each(|(place, hours)| {
                f.write_str(if place == 0 { " " } else { ", " })?;
                fmt::Display::fmt(hours, f)
            })
        };
        match *self {
            Self::Zone(name) => write!(f, "zone {name}"),
            Self::Tolerance(minutes) => write!(f, "tolerance {minutes}m"),
            Self::Week(whose, from, to, hours) => {
                match whose {
                    Whose::Account => {}
                    Whose::Area(group) => write!(f, "area {group} ")?,
                    Whose::User(user) => write!(f, "user {user} ")?,
                }
                f.write_str(WEEKDAYS[usize::from(from)])?;
                if to > from {
                    write!(f, "-{}", WEEKDAYS[usize::from(to)])?;
                }
                several(f, hours)
            }
            Self::Day(day, hours) => {
                write!(f, "{day}")?;
                several(f, hours)
            }
            Self::Closed(from, to) if from == to => write!(f, "closed {from}"),
            Self::Closed(from, to) => write!(f, "closed {from}..{to}"),
        }
    }
}

/// The line that it is read from.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().iter().enumerate().try_for_each(|(place, line)| {
            f.write_str(if place == 0 { "" } else { "; " })?;
            fmt::Display::fmt(line, f)
        })
    }
}

impl TryFrom<String> for Schedule {
    type Error = ScheduleError;

    fn try_from(text: String) -> Result<Self, ScheduleError> {
        Self::from_str(&text)
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.to_string()
    }
}
