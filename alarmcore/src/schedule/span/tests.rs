//! The quick answer to "is it open?" is that of the spans.

use super::*;

const BERLIN: &str = "zone Europe/Berlin; tolerance 240m; Mon-Fri 08:30-12:00 13:00-18:00; Sat 22:00-06:00; Sun 00:00-24:00; \
                      2026-10-28 10:00-11:00; closed 2026-10-29..2026-10-30; area 2 Mon-Sun 21:00-05:00";
/// Where clocks skipped a whole day, and where hours touch at each midnight.
const APIA: &str = "zone Pacific/Apia; tolerance 0m; Mon-Sun 00:00-24:00; area 2 Fri 20:00-04:00";

#[test]
fn what_is_within_lies_in_a_span() {
    // From before the clocks are set back in Berlin to after the closed days; and around the day that Apia never had.
    for (text, from, days) in [(BERLIN, "2026-10-23T00:00:00Z", 9), (APIA, "2011-12-27T00:00:00Z", 7)] {
        let schedule: Schedule = text.parse().expect("a schedule");
        let from = DateTime::parse_from_rfc3339(from).expect("a moment").timestamp();
        let (mut within, mut changes) = (0, 0);
        for minute in (0..days * 1440).step_by(7) {
            let at = Timestamp::from_secs(from + minute * 60);
            for group in [None, Some(2)] {
                let slow = schedule.around(group, at).map(|around| around.current.is_some());
                assert_eq!(schedule.is_within(group, at), slow, "{text} group {group:?} minute {minute}");
                if group.is_none() {
                    let (open, until) = schedule.is_within_until(at);
                    let next = Timestamp::from_secs(from + (minute + 7) * 60);
                    assert_eq!(Some(open), slow, "{text} minute {minute}");
                    // So it stays until then, and no longer.
                    if next < until {
                        assert_eq!(
                            schedule.is_within(None, next),
                            Some(open),
                            "{text} minute {minute} until {until:?}"
                        );
                    }
                    changes += u32::from(until > at && schedule.is_within(None, until) == Some(!open));
                }
                within += u32::from(slow == Some(true));
            }
        }
        assert_eq!(changes > 0, text == BERLIN, "the answer changes when it is said to, in {text}");
        let all = 2 * days as u32 * 1440 / 7;
        assert!((all / 4..all).contains(&within), "both answers are given: {within} of {all}");
    }
}
