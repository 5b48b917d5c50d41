//! The time stamp `_HH:MM:SS,MM-DD-YYYY`, and the window in which it must lie.

use core::{fmt, str::FromStr};

/// A moment in UTC, to the second, from year 0 to 9999: what a DC-09 time stamp says (2013, 5.5.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    unix_secs: i64,
}

/// The text is not `HH:MM:SS,MM-DD-YYYY`, or names no moment of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time stamp reads HH:MM:SS,MM-DD-YYYY")]
pub struct StampError;

/// How far a panel's clock may be off before its message is refused, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How far the panel may be ahead of the receiver.
    pub ahead_secs: u32,
    /// How far it may be behind.
    pub behind_secs: u32,
}

impl Window {
    /// The window that DC-09 sets for encrypted messages: 20 seconds ahead, 40 behind.
    pub const STANDARD: Self = Self { ahead_secs: 20, behind_secs: 40 };

    /// Whether a clock that is `skew_secs` ahead (behind if negative) is inside; both ends are.
    pub const fn admits(self, skew_secs: i64) -> bool {
        -(self.behind_secs as i64) <= skew_secs && skew_secs <= self.ahead_secs as i64
    }
}

const DAY: i64 = 86_400;

impl Stamp {
    /// The length of the text, without its underscore.
    pub(crate) const LENGTH: usize = 19;
    const FIRST: i64 = days(0, 1, 1) * DAY;
    const LAST: i64 = days(10_000, 1, 1) * DAY - 1;

    /// The moment this many seconds after 1970-01-01 00:00 UTC, held within the years 0 to 9999.
    pub const fn from_unix(secs: i64) -> Self {
        let unix_secs = if secs < Self::FIRST {
            Self::FIRST
        } else if secs > Self::LAST {
            Self::LAST
        } else {
            secs
        };
        Self { unix_secs }
    }

    /// Seconds since 1970-01-01 00:00 UTC.
    pub const fn unix(self) -> i64 {
        self.unix_secs
    }

    /// How far this stamp is ahead of `now`, in seconds; negative if it is behind.
    pub const fn skew_secs(self, now: Self) -> i64 {
        self.unix_secs - now.unix_secs
    }

    /// The stamp as frames write it, without the underscore.
    pub(crate) fn text(self) -> [u8; Self::LENGTH] {
        let (year, month, day) = date(self.unix_secs.div_euclid(DAY));
        let second = self.unix_secs.rem_euclid(DAY) as u32;
        let numbers = [second / 3600, second / 60 % 60, second % 60, month, day, year / 100, year % 100];
        let digits = numbers.map(|number| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
        let [[h, i], [m, n], [s, t], [o, p], [d, e], [c, k], [y, z]] = digits;
        [h, i, b':', m, n, b':', s, t, b',', o, p, b'-', d, e, b'-', c, k, y, z]
    }

    /// Whether these bytes have the shape of a stamp, be it a date of the calendar or not.
    #[inline]
    pub(crate) fn shape(text: &[u8; Self::LENGTH]) -> bool {
        let digits = [0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 17, 18];
        let marks = [text[2], text[5], text[8], text[11], text[14]];
        marks == *b"::,--" && digits.iter().all(|&at| text[at].is_ascii_digit())
    }

    /// The stamp in these bytes, if they are one.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let text = text.try_into().ok()?;
        if Self::shape(text) { Self::of(text) } else { None }
    }

    /// The moment that bytes of this shape name, if there is such a one.
    pub(crate) fn of(text: &[u8; Self::LENGTH]) -> Option<Self> {
        let two = |at: usize| u32::from(text[at] & 15) * 10 + u32::from(text[at + 1] & 15);
        let (hour, minute, second) = (two(0), two(3), two(6));
        let (month, day, year) = (two(9), two(12), two(15) * 100 + two(17));
        let in_calendar = (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day);
        (in_calendar && hour < 24 && minute < 60 && second < 60)
            .then(|| Self { unix_secs: days(year, month, day) * DAY + i64::from(hour * 3600 + minute * 60 + second) })
    }
}

const fn month_days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. The year is taken to begin in March, so that the leap day is
/// its last, and to be four hundred later, so that none is negative.
const fn days(year: u32, month: u32, day: u32) -> i64 {
    let year = year + 400 - (month <= 2) as u32;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    (year * 365 + year / 4 - year / 100 + year / 400 + day_of_year) as i64 - (719_468 + 146_097)
}

/// The date so many days after 1970-01-01, from the year 0 on: year, month, day. Counted as in [`days`].
const fn date(days: i64) -> (u32, u32, u32) {
    let days = (days + 719_468 + 146_097) as u32;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + (month <= 2) as u32 - 400;
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

impl FromStr for Stamp {
    type Err = StampError;

    /// Reads `HH:MM:SS,MM-DD-YYYY`, without the underscore that a frame writes before it.
    fn from_str(text: &str) -> Result<Self, StampError> {
        Self::read(text.as_bytes()).ok_or(StampError)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn known_moments() {
        for (text, unix) in [
            ("00:00:00,01-01-1970", 0),
            ("03:07:43,09-22-2026", 1_790_046_463),
            ("12:34:56,03-07-2025", 1_741_350_896),
            ("23:59:59,02-29-2024", 1_709_251_199),
            ("00:00:00,01-01-0000", -62_167_219_200),
            ("23:59:59,12-31-9999", 253_402_300_799),
        ] {
            assert_eq!(text.parse(), Ok(Stamp::from_unix(unix)), "{text}");
            assert_eq!(Stamp::from_unix(unix).to_string(), text);
        }
        assert_eq!(Stamp::from_unix(i64::MAX).to_string(), "23:59:59,12-31-9999");
        assert_eq!(Stamp::from_unix(i64::MIN).to_string(), "00:00:00,01-01-0000");
    }

    #[test]
    fn no_moment_of_the_calendar() {
        for text in ["00:00:00,00-00-0000", "24:00:00,01-01-2025", "00:00:00,02-29-2025", "0:00:00,01-01-2025", ""] {
            assert_eq!(text.parse::<Stamp>(), Err(StampError), "{text}");
        }
    }

    #[test]
    fn the_window_includes_both_ends() {
        let inside = [-41, -40, 0, 20, 21].map(|skew| Window::STANDARD.admits(skew));
        assert_eq!(inside, [false, true, true, true, false]);
    }
}
