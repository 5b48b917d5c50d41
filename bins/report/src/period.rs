//! Moments as people type them: RFC 3339, a day, `today`, or so long ago.

use alarmcore::Timestamp;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

/// How `--from` and `--to` may be written; shown where one cannot be read.
pub(crate) const FORMS: &str = "2026-11-22T08:00:00+08:00, 2026-11-22, today, or -24h (s, m, h, d, w)";

/// Reads a moment. A day is its first moment in UTC, whatever the time zone of the machine, so that the same command
/// asks the same question everywhere.
pub(crate) fn moment(text: &str, now: DateTime<Utc>) -> Option<Timestamp> {
    let time = if text == "today" {
        now.date_naive().and_time(NaiveTime::MIN).and_utc()
    } else if let Some(ago) = text.strip_prefix('-') {
        now.checked_sub_signed(span(ago)?)?
    } else if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        day.and_time(NaiveTime::MIN).and_utc()
    } else {
        DateTime::parse_from_rfc3339(text).ok()?.to_utc()
    };
    Some(Timestamp::from_millis(time.timestamp_millis()))
}

fn span(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let count: u32 = text[..text.len() - 1].parse().ok()?;
    Duration::try_seconds(i64::from(count) * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let now = DateTime::parse_from_rfc3339("2026-11-22T23:35:29.120Z").unwrap().to_utc();
        let read = |text| moment(text, now).map(|at| at.to_string());
        for (text, expected) in [
            ("2026-11-22T08:00:00+08:00", Some("2026-11-22T00:00:00.000Z")),
            ("2026-11-22T08:00:00.5Z", Some("2026-11-22T08:00:00.500Z")),
            ("2026-11-01", Some("2026-11-01T00:00:00.000Z")),
            ("today", Some("2026-11-22T00:00:00.000Z")),
            ("-24h", Some("2026-11-21T23:35:29.120Z")),
            ("-90s", Some("2026-11-22T23:33:59.120Z")),
            ("-2w", Some("2026-11-08T23:35:29.120Z")),
            ("-", None),
            ("-h", None),
            ("-3x", None),
            ("-3时", None),
            ("-99999999999h", None),
            ("2026-02-30", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text:?}");
        }
    }
}
