//! The day that the modifier `da` names: of the calendar, or of the week.

use core::{fmt, str::FromStr};

use crate::text;

/// A day as the modifier `da` writes it: `MM-DD-YY`, where the month `00` makes of the day one of the week (DC-03).
///
/// ```
/// use contactid::{SiaMessage, sia::Day};
/// let message = SiaMessage::parse(b"Nda11-24-26/RP|Nda00-01-00/RP").unwrap();
/// let days: Vec<_> = message.events.iter().map(|event| event.modifiers.day().unwrap()).collect();
/// assert_eq!(days, [Day::Date { month: 11, day: 24, year: 26 }, Day::Weekday(1)]); // 1 is Sunday
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    /// A day of the calendar. Whether the month has such a day is not looked at.
    Date {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
        /// The last two digits of the year, 0 to 99.
        year: u8,
    },
    /// A day of the week: 1 Sunday to 7 Saturday.
    Weekday(u8),
}

/// The text is not `MM-DD-YY`, or names no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day reads MM-DD-YY, or 00 and 1 to 7 for one of the week")]
pub struct DayError;

impl FromStr for Day {
    type Err = DayError;

    fn from_str(written: &str) -> Result<Self, DayError> {
        let mut parts = written.split('-').map(|part| {
            let number = Some(part).filter(|part| part.len() == 2).and_then(text::decimal);
            number.and_then(|number| u8::try_from(number).ok())
        });
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(0)), Some(Some(day @ 1..=7)), Some(Some(_)), None) => Ok(Self::Weekday(day)),
            (Some(Some(month @ 1..=12)), Some(Some(day @ 1..=31)), Some(Some(year)), None) => {
                Ok(Self::Date { month, day, year })
            }
            _ => Err(DayError),
        }
    }
}

impl fmt::Display for Day {
    /// As the modifier writes it; a day of the week with the year `00`, which says nothing there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date { month, day, year } => write!(f, "{month:02}-{day:02}-{year:02}"),
            Self::Weekday(day) => write!(f, "00-{day:02}-00"),
        }
    }
}
