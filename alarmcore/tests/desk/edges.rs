//! Small values and lines at their edges: marks, seconds, hours of a schedule, times of an expectation and of a follow-up.

use alarmcore::{AvsLevel, Expectation, Incident, Marks, Open, Policy, Refusal, Report, Schedule, Timestamp};
use contactid::EventCode;

use crate::script::{at, play, rules};

#[test]
fn marks_and_seconds() {
    assert_eq!((Marks::UNREAD.bits(), Marks::NONE.bits()), (Marks::from_bits(Marks::UNREAD.bits()).bits(), 0));
    assert!(Marks::UNREAD.bits().is_power_of_two() && Marks::UNREAD.bits() != Marks::MANUAL.bits());
    assert_eq!((Marks::NONE.is_empty(), Marks::UNREAD.is_empty()), (true, false));
    assert_eq!([1999, 0, -1].map(|millis| Timestamp::from_millis(millis).secs()), [1, 0, -1]);
    let code = EventCode::new(130).unwrap();
    let report = Report::by_person(at("10:00:00"), "1001".parse().unwrap(), code, "a broken window".into());
    assert_eq!(report.signal.unwrap().text.as_deref(), Some("a broken window"));
}

/// Open by the hours alone, without the tolerance: from their first second to the last before their end, and then from the next.
#[test]
fn open_by_the_hours_alone() {
    let schedule: Schedule = "zone UTC; tolerance 30m; Mon-Sun 08:00-18:00".parse().unwrap();
    let tomorrow = Open::From(at("32:00:00"));
    assert_eq!(schedule.open_at(at("07:59:59")), Open::From(at("08:00:00")));
    assert_eq!(schedule.open_at(at("08:00:00")), Open::Now);
    assert_eq!(schedule.open_at(at("12:00:00")), Open::Now);
    assert_eq!(schedule.open_at(at("17:59:59")), Open::Now);
    assert_eq!(schedule.open_at(at("18:00:00")), tomorrow);
    assert_eq!(schedule.open_at(at("18:10:00")), tomorrow);
}

/// Hours are two pairs of digits up to 24:00, and begin on their day.
#[test]
fn hours_that_are_read() {
    let read = |hours: &str| format!("zone UTC; Mon-Sun {hours}").parse::<Schedule>().is_ok();
    for fine in ["00:00-24:00", "22:00-06:00", "8:30-18:00", "23:59-24:00"] {
        assert!(read(fine), "{fine}");
    }
    for wrong in [
        "24:00-06:00",
        "08:00-08:00",
        "08:00-24:01",
        "25:00-26:00",
        "08:5-09:00",
        "008:00-09:00",
        "+8:00-09:00",
        "08:60-09:00",
        "a:00-09:00",
        "08:+5-09:00",
    ] {
        assert!(!read(wrong), "{wrong}");
    }
}

/// What a line of an expectation may say, and the last that it may not.
#[test]
fn lines_that_are_read() {
    let read = |text: &str| text.parse::<Expectation>().map(|line| line.to_string()).map_err(|error| error.to_string());
    let status = "name Look; expect P422; after E421; within 5m; raise 641";
    assert_eq!(read(status), Ok(status.into()));
    let long =
        |letters: usize| read(&format!("name {}; expect E422; after E421; within 5m; raise 641", "n".repeat(letters)));
    assert!(long(64).is_ok() && long(65).is_err());
    let area = read("name r; expect E422; zone UTC; area 2 Mon-Sun 22:00-23:00; within 5m; raise 641").unwrap_err();
    assert!(area.contains("hours of everybody"), "{area}");
    assert!(read("name r; expect test area 2; after E421; within 5m; raise 641").is_err());
    // Places are those of the whole line, also behind an empty entry.
    let behind = read("name r;   ; expect E422; zone UTC; Mon 22:00-23:60; within 5m; raise 641").unwrap_err();
    assert!(behind.starts_with("character 40:"), "{behind}");
    let many = |count: usize| {
        let all: Vec<String> =
            (0..count).map(|n| format!("name n{n}; expect E422 user {n}; after itself; within 30m")).collect();
        Expectation::read_all(&all.join("\n")).is_ok()
    };
    assert!(many(Expectation::MAX) && !many(Expectation::MAX + 1));
}

/// A follow-up is due within a year and a day, and that day counts.
#[test]
fn a_follow_up_is_due_within_a_year_and_a_day() {
    let said = |minutes: u32| {
        play(
            Policy::default(),
            &format!(
                "account 1001\n10:00:00 op1 follow create account=1001 rank=supervisor minutes={minutes} note=call"
            ),
        )
        .contains("created")
    };
    assert_eq!([0, 1, 527_040, 527_041].map(said), [false, true, true, false]);
}

/// Closed is closed, also for one whose last word an authority still has, as far as the decision alone goes.
#[test]
fn a_followed_incident_is_closed() {
    let day = "account 1001
        10:00:00 signal 1001 E120 g1 n1
        10:00:05 op1 inc1 take
        10:00:10 op1 inc1 call contact=1 result=no-answer
        show incident 1";
    let said = play(Policy::default(), day);
    let mut incident: Incident = serde_json::from_str(said.lines().last().unwrap().trim_start_matches("  | ")).unwrap();
    incident.closed_at = Some(at("10:01:00"));
    incident.followed_until = Some(at("11:00:00"));
    let decided = |incident: &Incident, json: &str| {
        let (command, by) = (serde_json::from_str(json).unwrap(), alarmcore::OperatorId::new(1));
        let act = alarmcore::Act { at: at("10:02:00"), by, second: None, command: &command };
        alarmcore::decide(incident, &Policy::default(), &act)
    };
    let closed = Err(Refusal::AlreadyClosed { incident: incident.id });
    assert_eq!(decided(&incident, r#"{"act": "note", "note": "late"}"#), closed);
    let late = r#"{"act": "record-answer", "number": 1, "answer": "accepted"}"#;
    assert_eq!(decided(&incident, late), Err(Refusal::NoSuchHandOff { number: 1 }));
    incident.followed_until = None;
    assert_eq!(decided(&incident, late), closed);
    assert_eq!(incident.avs_level(), AvsLevel::PEOPLE);
}

/// Without a time a test takes what is left of the longest that is allowed: a minute of it, and less where no more is allowed at all; but not
/// less than a minute of what was on test until just now.
#[test]
fn the_last_minute_of_a_test() {
    let day = "account 1001\naccount 1002
        10:00:00 op1 test1001 start reason=repair asked_by=Li minutes=59
        10:00:00 op1 test1002 start reason=repair asked_by=Li minutes=60
        10:59:30 op1 test1001 start reason=repair asked_by=Li
        11:00:30 op1 test1002 start reason=repair asked_by=Li";
    let told = |policy: &str, day: &str| {
        let said = play(rules(policy), day);
        let said = said.lines().filter(|line| line.contains(" started ") || line.contains("refused"));
        said.map(|line| {
            let until = line.split_once(r#""until":"#).map(|(_, rest)| rest.chars().take(10).collect());
            until.unwrap_or_else(|| line.split(" / ").next().unwrap().trim().to_owned())
        })
        .collect::<Vec<String>>()
    };
    let over = "refused: it was on test for 60 minutes until just now, which count: at most 0 more, or a supervisor puts it on test";
    let [first, second, last] = ["10:59:00", "11:00:00", "11:00:30"].map(|clock| format!("\"{clock}\""));
    assert_eq!(told(r#"{"on_test": {"operator_max_s": 3600}}"#, day), [first, second, last, over.to_owned()]);
    let short = r#"{"on_test": {"operator_max_s": 59, "default_s": 59}}"#;
    let day = "account 1001\n10:00:00 op1 test1001 start reason=repair asked_by=Li";
    assert_eq!(told(short, day), ["\"10:00:59\"".to_owned()]);
}
