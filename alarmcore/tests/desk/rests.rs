//! For how long what somebody has in hand may rest, and whose having it lets it rest for longer (capabilities 2.5, timers).

use crate::script::{play, rules};

/// When it called because nobody went on with it, of what was taken, and answered, at noon.
fn calls(policy: &str, day: &str) -> Vec<String> {
    let said = play(rules(policy), &format!("account 1001\nunit 7\n{day}\n13:30:00 time"));
    assert!(!said.contains("refused: "), "{said}");
    let calls = said.lines().filter(|line| line.contains("left-to-rest"));
    calls.map(|line| line[..8].to_owned()).collect()
}

/// Whoever sees to what it is about lets it rest for an hour: any of them a burglary, the fire brigade a fire and gas, the ambulance
/// whoever is ill, and the police whatever they took after the danger.
#[test]
fn row_2_5_timers_who_sees_to_it_lets_it_rest() {
    let held = |code: &str, to: &str, before: &str| {
        let real =
            "12:00:02 op1 inc1 confirm-real basis=contact\n12:00:03 op1 inc1 record-wish police=true insurer=false";
        let day = format!(
            "12:00:00 signal 1001 E{code} g1 n1\n12:00:01 op1 inc1 take\n{real}
            12:00:04 op1 inc1 hand-off to={to}\n{before}\n12:00:10 op1 inc1 answer-hand-off number=1 accepted=true"
        );
        calls("{}", &day)
    };
    let hour = ["13:00:10"];
    for (code, to) in [("130", "ambulance"), ("130", "fire"), ("110", "fire"), ("151", "fire"), ("100", "ambulance")] {
        assert_eq!(held(code, to, ""), hour, "{code} {to}");
    }
    for (code, to) in [("151", "ambulance"), ("120", "fire"), ("120", "ambulance"), ("100", "fire")] {
        assert_eq!(held(code, to, ""), ["12:05:10"], "{code} {to}");
    }
    let danger = |clock: &str| format!("{clock} signal 1001 E120 g1 n2\n{clock} op1 inc1 take");
    assert_eq!(held("120", "police", &danger("12:00:09")), hour);
    assert_eq!(held("120", "police", &danger("12:00:10")), ["12:05:10"]);
}

/// What may rest for ever is called for by nobody, settled or not.
#[test]
fn row_2_5_timers_never_is_longer_than_any_time() {
    let day = "12:00:00 signal 1001 E130 g1 n1\n12:00:01 op1 inc1 take\n12:00:02 op1 inc1 pre-process unit=7
        12:00:03 op1 inc1 accept unit=7\n12:00:04 op1 inc1 arrive unit=7
        12:00:05 op1 inc1 report-scene unit=7 doors=intact windows=intact\n12:00:06 op1 inc1 leave unit=7
        12:00:07 op1 inc1 end-undetermined end=no-finding";
    let rests = |alarm_s: u32, settled_s: u32| {
        calls(&format!(r#"{{"rest": {{"alarm_s": {alarm_s}, "settled_s": {settled_s}}}}}"#), day)
    };
    assert_eq!((rests(60, 120), rests(120, 60)), (vec!["12:02:07".to_owned()], vec!["12:02:07".to_owned()]));
    assert!(rests(0, 60).is_empty() && rests(60, 0).is_empty());
}
