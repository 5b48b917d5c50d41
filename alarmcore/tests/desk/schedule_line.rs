//! The line that a schedule is read from: what it says, how it is written, and what is named as wrong.

use alarmcore::Schedule;
use proptest::prelude::*;

/// Each line that cannot be read is named with its place, what was expected and what was found.
#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let faults = [
        ("", "character 1: expected a time zone such as `zone Asia/Shanghai`, found \"\""),
        ("Mon-Fri 08:30-18:00", "character 20: expected a time zone such as `zone Asia/Shanghai`, found \"\""),
        ("zone UTC", "character 9: expected hours such as `Mon-Fri 08:30-18:00`, found \"\""),
        (
            "zone Berlin; Mon 08:00-09:00",
            "character 6: expected an IANA time zone such as Asia/Shanghai, found \"Berlin\"",
        ),
        ("zone; Mon 08:00-09:00", "character 5: expected a word more, found \"\""),
        ("zone UTC CET; Mon 08:00-09:00", "character 10: expected the end of the entry, found \"CET\""),
        ("zone UTC; zone CET; Mon 08:00-09:00", "character 11: expected this entry only once, found \"zone\""),
        ("zone UTC; tolerance 15; Mon 08:00-09:00", "character 21: expected 0m to 240m, found \"15\""),
        ("zone UTC; tolerance 241m; Mon 08:00-09:00", "character 21: expected 0m to 240m, found \"241m\""),
        ("zone UTC; Mon", "character 14: expected hours such as 08:30-18:00, found \"\""),
        ("zone UTC; Mon 8-18", "character 15: expected hours such as 08:30-18:00, found \"8-18\""),
        ("zone UTC; Mon 24:00-25:00", "character 15: expected hours such as 08:30-18:00, found \"24:00-25:00\""),
        ("zone UTC; Mon 08:00-08:00", "character 15: expected hours such as 08:30-18:00, found \"08:00-08:00\""),
        (
            "zone UTC; Mon 08:00-12:00, 11:00-13:00",
            "character 28: expected hours of a day that do not overlap, found \"11:00-13:00\"",
        ),
        (
            "zone UTC; Mon 08:00-12:00; Mon-Tue 11:00-13:00",
            "character 28: expected hours of a day that do not overlap, found \"Mon-Tue\"",
        ),
        ("zone UTC; area Mon 08:00-12:00", "character 16: expected the number of a group, found \"Mon\""),
        ("zone UTC; user", "character 15: expected the number of a user, found \"\""),
        (
            "zone UTC; area 2 08:00-12:00",
            "character 18: expected a weekday such as Mon or Mon-Fri, found \"08:00-12:00\"",
        ),
        ("zone UTC; closed", "character 17: expected a word more, found \"\""),
        ("zone UTC; closed 2026-13-01", "character 18: expected a day such as 2026-12-31, found \"2026-13-01\""),
        (
            "zone UTC; closed 2026-12-02..2026-12-01",
            "character 18: expected the first day before the last, found \"2026-12-02..2026-12-01\"",
        ),
        (
            "zone UTC; 2026-12-31 09:00-10:00; 2026-12-31 11:00-12:00",
            "character 35: expected each day only once, found \"2026-12-31\"",
        ),
        (
            "zone UTC; 周一 08:00-12:00",
            "character 11: expected a weekday such as Mon or Mon-Fri, or zone, tolerance, area, user, closed or a day, found \"周一\"",
        ),
    ];
    for (text, fault) in faults {
        assert_eq!(text.parse::<Schedule>().unwrap_err().to_string(), fault, "{text}");
    }
}

/// Whatever is spelled in another way is written in one.
#[test]
fn a_schedule_is_written_in_one_way() {
    let text = " zone  UTC ;mon,wed-thu 8:30-12:00,13:00-18:00; Sun-Mon 20:00-2:00;; tolerance 0m; closed 2026-12-26,2026-10-01..2026-10-07; \
        user 12 Sat 5:00-6:00; area 3 Sat 0:00-24:00; 2026-12-31 9:00-12:00;";
    let written = "zone UTC; tolerance 0m; Mon 08:30-12:00, 13:00-18:00, 20:00-02:00; Wed-Thu 08:30-12:00, 13:00-18:00; \
        Sun 20:00-02:00; area 3 Sat 00:00-24:00; user 12 Sat 05:00-06:00; 2026-12-31 09:00-12:00; closed 2026-10-01..2026-10-07; \
        closed 2026-12-26";
    let schedule: Schedule = text.parse().unwrap();
    assert_eq!(schedule.to_string(), written);
    assert_eq!(serde_json::to_string(&schedule).unwrap(), format!("\"{written}\""));
    let error = serde_json::from_str::<Schedule>("\"zone UTC; Mon\"").unwrap_err().to_string();
    assert!(error.starts_with("character 14: expected hours"), "{error}");
}

proptest! {
    /// What is written is read as the same schedule.
    #[test]
    fn a_schedule_is_read_as_it_was_written(
        weeks in proptest::collection::vec((0_usize..7, 0_u16..1439, 1_u16..1440, 0_u8..3), 1..9),
        closed in proptest::collection::vec((0_u32..400, 0_u32..20), 0..4),
        tolerance in 0_u16..=240,
    ) {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let day = |n: u32| chrono::NaiveDate::from_yo_opt(2026, 1).unwrap() + chrono::Days::new(n.into());
        let mut text = format!("zone America/New_York; tolerance {tolerance}m");
        for (weekday, opens, length, whose) in weeks {
            let name = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday];
            let whose = ["", "area 4 ", "user 9 "][usize::from(whose)];
            text += &format!("; {whose}{name} {}-{}", clock(opens), clock((opens + length) % 1440));
        }
        for (from, length) in closed {
            text += &format!("; closed {}..{}", day(from), day(from + length));
        }
        // Hours of a day that overlap are no schedule, which has a case above.
        if let Ok(schedule) = text.parse::<Schedule>() {
            let written = schedule.to_string();
            prop_assert_eq!(&written.parse::<Schedule>().unwrap(), &schedule);
            prop_assert_eq!(written.parse::<Schedule>().unwrap().to_string(), written);
        }
    }
}
