//! How pages spell times, spans and bytes. Times are those of the centre's own time zone.

use alarmcore::Timestamp;
use chrono::{DateTime, Local, NaiveDateTime, TimeZone};

use crate::i18n::Words;

pub(super) use crate::desk::now;

fn local(at: Timestamp) -> Option<DateTime<Local>> {
    DateTime::from_timestamp_millis(at.millis()).map(|at| at.with_timezone(&Local))
}

/// The time of day: `23:35:29`.
pub(super) fn time(at: Timestamp) -> String {
    local(at).map_or_else(String::new, |at| at.format("%H:%M:%S").to_string())
}

/// The day: `2026-11-22`.
pub(super) fn day(at: Timestamp) -> String {
    local(at).map_or_else(String::new, |at| at.format("%F").to_string())
}

/// Day and time, without the day when it is the day of `now`.
pub(super) fn moment(at: Timestamp, now: Timestamp) -> String {
    let (Some(at), Some(now)) = (local(at), local(now)) else { return String::new() };
    let form = if at.date_naive() == now.date_naive() { "%H:%M:%S" } else { "%m-%d %H:%M:%S" };
    at.format(form).to_string()
}

/// The time of day, or the day when it is not the day of `now`: as much as a narrow list has room for.
pub(super) fn short(at: Timestamp, now: Timestamp) -> String {
    let (Some(at), Some(now)) = (local(at), local(now)) else { return String::new() };
    at.format(if at.date_naive() == now.date_naive() { "%H:%M:%S" } else { "%m-%d" }).to_string()
}

/// A span of seconds: `04:09`, `2:04:09`, `3d 02h`. The console's script spells clocks the same way.
pub(super) fn span(secs: i64) -> String {
    let s = secs.max(0);
    match s {
        86_400.. => format!("{}d {:02}h", s / 86_400, s / 3600 % 24),
        3600.. => format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
        _ => format!("{:02}:{:02}", s / 60, s % 60),
    }
}

/// A measured span in milliseconds: `0.8 s`, `42 s`, `3:05 min`, `2:10 h`.
pub(super) fn took(ms: u64) -> String {
    match ms {
        0..10_000 => format!("{:.1} s", ms as f64 / 1000.0),
        10_000..100_000 => format!("{} s", ms / 1000),
        100_000..3_600_000 => format!("{}:{:02} min", ms / 60_000, ms / 1000 % 60),
        _ => format!("{}:{:02} h", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// What a `datetime-local` field holds, in the centre's time zone.
pub(super) fn from_field(text: &str) -> Option<Timestamp> {
    let form = if text.len() > 16 { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M" };
    let naive = NaiveDateTime::parse_from_str(text, form).ok()?;
    // Where the clock is set back an hour exists twice: the earlier one misses nothing.
    Local.from_local_datetime(&naive).earliest().map(|at| Timestamp::from_millis(at.timestamp_millis()))
}

/// The start of the day of `at` in the centre's time zone.
pub(super) fn midnight(at: Timestamp) -> Timestamp {
    from_field(&format!("{}T00:00", day(at))).unwrap_or(at)
}

/// Sixteen bytes a line, as hexadecimal and as text.
pub(super) fn dump(hex: &str) -> String {
    let bytes: Vec<u8> =
        (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect();
    let line = |(row, chunk): (usize, &[u8])| {
        let digits: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String =
            chunk.iter().map(|&byte| if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '·' }).collect();
        format!("{:04x}  {:<47}  {text}", row * 16, digits.join(" "))
    };
    bytes.chunks(16).enumerate().map(line).collect::<Vec<_>>().join("\n")
}

impl Words {
    /// A user of a panel, by number and name where the card has one.
    pub(super) fn user(&self, user: u32, name: Option<&str>) -> String {
        let number = self.n("user-n", user);
        name.map_or_else(|| number.clone(), |name| format!("{number} {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_grow_from_minutes_to_days() {
        let spans: Vec<_> = [-3, 0, 69, 3600, 7449, 266_400].into_iter().map(span).collect();
        assert_eq!(spans, ["00:00", "00:00", "01:09", "1:00:00", "2:04:09", "3d 02h"]);
        assert_eq!([took(840), took(42_100), took(185_000)], ["0.8 s", "42 s", "3:05 min"]);
    }

    #[test]
    fn bytes_are_shown_sixteen_a_line() {
        let shown = dump("0a3041434430303333224144");
        assert_eq!(shown, "0000  0a 30 41 43 44 30 30 33 33 22 41 44              ·0ACD0033\"AD");
        assert_eq!(dump(&"41".repeat(17)).lines().count(), 2);
    }

    #[test]
    fn a_field_and_its_day_agree() {
        let at = from_field("2026-11-22T23:35").unwrap();
        assert_eq!((day(at), time(at)), ("2026-11-22".to_owned(), "23:35:00".to_owned()));
        assert_eq!(from_field("2026-11-22T00:00"), Some(midnight(at)));
        assert_eq!(from_field("yesterday"), None);
    }
}
