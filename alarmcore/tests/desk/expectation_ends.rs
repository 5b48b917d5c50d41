//! Expectations with an end, hours or an area, around the second in which they begin, end and go on.

use alarmcore::Policy;

use crate::expectation::course;
use crate::script::play;

const WAY: &str = "name w; expect E461; after E130 zone 9; zone UTC; Mon-Sun 22:00-06:00; within 10m; raise 641";
const ALONE: &str = "name a; expect E462 user 7; after itself; until closing user 7; within 30m";
const NIGHT: &str =
    "name a; expect E462 user 7; after itself; until closing user 7; zone UTC; Mon-Sun 22:00-06:00; within 1h";
const ROUND: &str = "name r; expect E422; until closing; zone UTC; Mon-Sun 22:00-23:00; within 30m; raise 641";
const CLASS: &str = "name c; expect access; after E130 zone 9; within 10m; raise 641";
const ZONE: &str = "name z; expect E461 zone 1 area 2; after E130 zone 9; within 10m; raise 641";
const OPENING: &str = "name o; expect opening area 2; after E130 zone 9; within 10m; raise 641";

/// What happens, of which line, the steps of 2026-11-02 as `hh:mm EVENT`, and what is said.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("a way that begins outside the hours is none", WAY, "21:00 E130 n9; 21:30 watch", "none"),
    ("a way that begins in them is one", WAY, "22:10 E130 n9; 22:30 watch", "+02T22:20"),
    ("whoever left before came again", ALONE, "09:00 R401 g1 n7; 10:00 E462 n7; 11:00 watch", "+02T10:30"),
    ("whoever left afterwards is not missed", ALONE, "10:00 E462 n7; 10:10 R401 g1 n7; 11:00 watch", "none"),
    ("whoever left in that minute is not missed", ALONE, "10:00 E462 n7; 10:00 R401 g1 n7; 11:00 watch", "none"),
    ("at night, left before", NIGHT, "22:10 R401 g1 n7; 22:20 E462 n7; 23:30 watch", "+02T23:20"),
    ("at night, left afterwards", NIGHT, "22:20 E462 n7; 22:30 R401 g1 n7; 23:50 watch", "none"),
    ("at night, left in that minute", NIGHT, "22:20 E462 n7; 22:20 R401 g1 n7; 23:50 watch", "none"),
    ("a round that nobody goes", ROUND, "21:00 E602; 22:40 watch", "+02T22:30"),
    ("a round in hours that were ended", ROUND, "21:00 E602; 22:10 R401 g1 n7; 22:40 watch", "none"),
    ("a round in hours that were ended as they began", ROUND, "21:00 E602; 22:00 R401 g1 n7; 22:40 watch", "none"),
    ("an end before its hours ends nothing", ROUND, "21:00 E602; 21:59 R401 g1 n7; 22:40 watch", "+02T22:30"),
    ("an event of the class", CLASS, "10:00 E130 n9; 10:05 E422 n1; 10:30 watch", "none"),
    ("the end of one is none", CLASS, "10:00 E130 n9; 10:05 R422 n1; 10:30 watch", "+02T10:10"),
    ("one of another class is none", CLASS, "10:00 E130 n9; 10:05 E301; 10:30 watch", "+02T10:10"),
    ("the zone in its area", ZONE, "10:00 E130 n9; 10:05 E461 g2 n1; 10:30 watch", "none"),
    ("the zone in another area", ZONE, "10:00 E130 n9; 10:05 E461 g1 n1; 10:30 watch", "+02T10:10"),
    ("another zone in its area", ZONE, "10:00 E130 n9; 10:05 E461 g2 n3; 10:30 watch", "+02T10:10"),
    ("an opening of its area", OPENING, "10:00 E130 n9; 10:05 E401 g2 n4; 10:30 watch", "none"),
    ("an opening of another area", OPENING, "10:00 E130 n9; 10:05 E401 g1 n4; 10:30 watch", "+02T10:10"),
];

#[test]
fn what_is_said_of_each_day() {
    let day = |steps: &str| {
        let steps: Vec<String> = steps
            .split("; ")
            .map(|step| {
                let (time, what) = step.split_once(' ').unwrap();
                format!("2026-11-02T{time}Z {what}")
            })
            .collect();
        steps.join("; ")
    };
    let said: Vec<(&str, String)> =
        CASES.iter().map(|(name, line, steps, _)| (*name, course(line, "2026-11-02T00:00:00Z", &day(steps)))).collect();
    let expected: Vec<(&str, String)> = CASES.iter().map(|(name, .., said)| (*name, (*said).to_owned())).collect();
    assert_eq!(said, expected);
}

/// A test that is over before the hours are gives whoever goes the round the whole time again; one that ends as they do, or
/// later, leaves nothing of them.
#[test]
fn hours_after_a_test() {
    let missed = |end: &str| -> Vec<String> {
        let script = format!(
            "expects 1001 name r; expect E422; zone UTC; Mon-Sun 22:00-23:00; within 30m; raise 641
            21:00:00 signal 1001 E602
            21:50:00 sup1 test1001 start minutes=120 reason=repair asked_by=Li proof=right
            {end} op1 test1001 end
            24:30:00 watch"
        );
        let said = play(Policy::default(), &script);
        said.lines().filter(|line| line.contains(" missing")).map(str::to_owned).collect()
    };
    assert_eq!(missed("22:10:00"), ["22:40:00 sig2 event \"r\" 641 missing"]);
    assert_eq!(missed("22:59:59"), ["23:29:59 sig2 event \"r\" 641 missing"]);
    assert_eq!(missed("23:00:00"), [""; 0]);
    assert_eq!(missed("23:10:00"), [""; 0]);
}

/// The tolerance of an expectation is how much earlier than its hours is still in them; without one, that is nothing.
#[test]
fn how_early_is_in_the_hours() {
    let said = |tolerance: &str, came: &str| {
        let line = format!("name r; expect E422; zone UTC; Mon-Sun 22:00-23:00; within 30m{tolerance}; raise 641");
        let steps = format!("2026-11-02T20:00Z E602; 2026-11-02T{came}Z E422; 2026-11-02T23:59Z watch");
        course(&line, "2026-11-02T00:00:00Z", &steps)
    };
    assert_eq!(said("; tolerance 40m", "21:20"), "none");
    assert_eq!(said("; tolerance 40m", "21:19"), "+02T23:10");
    assert_eq!(said("", "21:59"), "+02T22:30");
    assert_eq!(said("", "22:00"), "none");
}

/// A group that is closed in the very second in which its hours begin was closed in them: nobody has to open it once more in
/// these, and whoever opens it later in them is not the first.
#[test]
fn closed_as_the_hours_begin() {
    let day = |closed: &str| {
        let script = format!(
            "account 1001 schedule=\"zone UTC; tolerance 0m; Mon-Sun 08:00-18:00\"
            07:00:00 signal 1001 E401 g1 n1
            {closed} signal 1001 R401 g1 n1
            08:30:00 watch
            09:00:00 signal 1001 E401 g1 n1"
        );
        let said = play(Policy::default(), &script);
        let shown = |line: &&str| line.contains("missing") || line.contains("late-open");
        said.lines().filter(shown).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(day("08:00:00"), [""; 0]);
    assert_eq!(day("07:59:59"), ["08:00:00 sig3 opening missing", "09:00:00 sig4 logged (schedule.late-open)"]);
}
