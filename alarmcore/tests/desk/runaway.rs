//! Runaway panels (capabilities 2.2): one item, no danger to people hidden, and all as before after a silence.

use alarmcore::{AccountCard, AccountState, Desk, IncidentEvent, Input, Output, Pace, Policy};
use proptest::prelude::*;

use crate::script::{MIDNIGHT, play, rules, signal};

/// A line of a script for every `step` seconds from 10:00:00 on.
fn every(step: u32, times: std::ops::Range<u32>, line: impl Fn(u32) -> String) -> String {
    let clock = |seconds: u32| format!("{:02}:{:02}:{:02}", 10 + seconds / 3600, seconds / 60 % 60, seconds % 60);
    times.map(|time| format!("{} {}\n", clock(time * step), line(time))).collect()
}

fn flapping(time: u32) -> String {
    format!("signal 1001 {} g1 n7", if time.is_multiple_of(2) { "E130" } else { "R130" })
}

fn count(timeline: &str, words: &str) -> usize {
    timeline.lines().filter(|line| line.contains(words)).count()
}

/// The acceptance test, "10/min for 2 h -> 1 runaway item, 1 repair order; a different life-safety zone of the same account in that
/// time still reaches an operator in normal time": ten a minute for two hours are one item and one repair order; the life-safety zone
/// calls an operator in the same second, and again; half an hour of silence ends it.
#[test]
fn row_2_2_runaway() {
    let script = [
        "account 1001".to_owned(),
        every(6, 0..600, flapping),
        "11:00:01 signal 1001 E110 g1 n2\n11:00:02 signal 1001 R110 g1 n2\n".to_owned(),
        every(6, 601..1200, flapping),
        "11:59:55 signal 1001 E120 g1 n3\nshow queue\n12:29:56 signal 1001 E302\nshow queue".to_owned(),
    ];
    let timeline = play(Policy::default(), &script.join("\n"));
    let (head, rest) = timeline.split_once("10:03:00 sig31 logged (runaway.logged)\n").unwrap();
    let rest: Vec<&str> = rest.lines().filter(|line| !line.ends_with("logged (runaway.logged)")).collect();
    let head = head.lines().skip_while(|line| !line.starts_with("10:02:48 sig29"));
    insta::assert_snapshot!(
        "runaway_two_hours",
        head.chain(["10:03:00 sig31 logged"]).chain(rest).collect::<Vec<_>>().join("\n")
    );
    let items = [r#""kind":"runaway""#, "(runaway.logged)"].map(|words| count(&timeline, words));
    // 30 before it runs, and one that joins the fire: an intrusion at a place of which nothing was known.
    assert_eq!(items, [1, 1199 - 31]);
    let orders = ["follow1 v1 - created", "follow2", "ran-away", "run-over"].map(|words| count(&timeline, words));
    assert_eq!(orders, [1, 0, 1, 1], "one item, one repair order");
}

/// Each run orders one repair, whatever becomes of its incident; while that of the last run is not done, another run orders none; and
/// a test ends a run, for what is said then is meant.
#[test]
fn one_repair_order_a_run() {
    let limits =
        rules(r#"{"runaway": {"signals": 3, "silence_s": 60, "repair_within_s": 3600, "repair_by": "operator"}}"#);
    insta::assert_snapshot!(
        "runaway_orders",
        play(
            limits,
            "
            account 1001
            10:00:00 signal 1001 E602
            10:00:01 signal 1001 E602
            10:00:02 signal 1001 E602
            10:00:03 op1 inc1 take
            10:00:03 op1 inc1 settle settlement=customer-told
            10:00:04 op1 follow1 done note=seen
            10:00:05 signal 1001 E602
            10:00:06 signal 1001 E602
            10:00:07 signal 1001 E602
            10:05:00 signal 1001 E602
            10:05:01 signal 1001 E602
            10:05:02 signal 1001 E602
            10:10:00 signal 1001 E602
            10:10:01 signal 1001 E602
            10:10:02 signal 1001 E602
            10:10:03 signal 1001 E602
            10:10:04 op1 test1001 start reason=repair asked_by=Wang minutes=60
            10:10:05 signal 1001 E602
            10:10:06 op1 test1001 end
            10:10:07 signal 1001 E602
            10:10:08 signal 1001 E602
            10:10:09 signal 1001 E602
            11:30:00 time
        "
        )
    );
    let none = rules(r#"{"runaway": {"signals": 3, "repair_within_s": 0}}"#);
    let script = ["account 1001\n".to_owned(), every(1, 0..9, |_| "signal 1001 E602".to_owned())].concat();
    assert_eq!(count(&play(none, &script), "follow1"), 0);
}

/// People settle the item while the panel runs on: they hear of it again each time the run has doubled, and not before.
#[test]
fn settled_while_it_runs_on() {
    let settle = |clock: &str, id: u32| {
        format!("{clock} op1 inc{id} take\n{clock} op1 inc{id} settle settlement=repair-ordered\n")
    };
    let test = |_| "signal 1001 E602".to_owned();
    let script = [
        "account 1001\n".to_owned(),
        every(1, 0..30, test),
        settle("10:00:30", 1),
        every(1, 31..300, test),
        "show queue".to_owned(),
    ];
    let timeline = play(Policy::default(), &script.concat());
    let said: Vec<&str> = timeline.lines().filter(|line| !line.ends_with("logged (runaway.logged)")).collect();
    insta::assert_snapshot!("runaway_settled", said[29..].join("\n"));
}

/// What the panel says beyond the limit is logged whatever it is, but its restore settles what is held, the centre's own
/// reports and those of people go their way, and a frame sent again counts for nothing.
#[test]
fn what_a_runaway_does_not_touch() {
    let limits = rules(r#"{"runaway": {"signals": 3, "silence_s": 60, "priority": 2}}"#);
    insta::assert_snapshot!(
        "runaway_untouched",
        play(
            limits,
            "
            account 1001
            10:00:00 signal 1001 E602 s1
            10:00:01 signal 1001 E602 s1
            10:00:02 signal 1001 E602 s1
            10:00:03 signal 1001 E301 s2
            10:00:04 signal 1001 E130 n5 s3
            10:00:05 signal 1001 E131 n6 s4
            10:00:06 signal 1001 R301 s5
            10:00:07 signal 1001 E406 n1 s6
            10:00:08 signal 1001 E350 supervision
            10:00:09 signal 1001 E140 n9 s7 manual
            10:00:10 signal 1001 E130 n8 s8 plain-despite-key
            10:00:11 signal 1001 E121 n1 s9
            10:01:10 signal 1001 E401 n1 s10
            10:02:10 signal 1001 E131 n6 s11
            show account 1001
            show queue
        "
        )
    );
}

/// A run of five, and a silence of eight seconds.
const SHORT: &str = r#"{"runaway": {"signals": 5, "silence_s": 8, "repair_within_s": 0}}"#;

fn short(day: &str) -> String {
    let run = "10:00:00 signal 1001 E602\n10:00:01 signal 1001 E602\n10:00:02 signal 1001 E602\n\
               10:00:03 signal 1001 E602\n10:00:04 signal 1001 E602\n";
    play(rules(SHORT), &format!("account 1001 cancel_users=[1]\n{run}{day}"))
}

/// What a run logged and still stands is shown when the panel has been silent, in one incident whose time counts from then; what restored
/// meanwhile, and what an open incident shows, is not. The panel's own word that somebody is there is shown while it runs.
#[test]
fn row_2_2_runaway_over_shows_what_it_hid() {
    insta::assert_snapshot!(
        "runaway_over",
        short(
            "10:00:05 signal 1001 E130 g1 n9
            10:00:06 signal 1001 E131 g1 n8
            10:00:07 signal 1001 R131 g1 n8
            10:00:08 signal 1001 E110 g1 n2
            10:00:09 signal 1001 E137 g1 n7
            10:00:10 signal 1001 E139 g1 n9
            10:00:11 signal 1001 E139 g1 n9
            10:00:12 signal 1001 E302
            10:00:20 time
            show queue
            10:00:21 signal 1001 E130 g1 n5"
        )
    );
    // The panel is put on test: the run is over, and what it hid is not what the test covers.
    let tested = short(
        "10:00:05 signal 1001 E130 n9\n10:00:06 op1 test1001 start reason=repair asked_by=Wang minutes=60\nshow queue",
    );
    assert!(tested.contains(r#""rule":"runaway.over""#), "{tested}");
    // Where no alarm is open, the time counts from the end of the run.
    let again = short("10:00:05 signal 1001 E130 n9\n10:00:13 time\nshow incident 2");
    assert!(again.contains(r#""received_at":1795341613000,"opened_at":1795341613000"#), "{again}");
    // What is only logged in any case stays so.
    let logged = short("10:00:05 signal 1001 E570 n9\n10:00:13 time");
    assert_eq!(count(&logged, " opened {"), 1, "{logged}");
}

/// While it runs, a cancel by somebody who may not raises what is open, once; one by a user on the list is logged, and lowers nothing.
#[test]
fn row_2_2_runaway_hides_no_stranger() {
    let under = |policy: &str, rest: &str| {
        let day = format!("09:59:59 signal 1001 E130 n3\n{rest}");
        let (first, rest) = day.split_once('\n').unwrap();
        let run = (0..4).map(|n| format!("10:00:0{n} signal 1001 E602\n")).collect::<String>();
        play(rules(policy), &format!("account 1001 cancel_users=[1]\n{first}\n{run}{rest}"))
    };
    let open = |rest: &str| under(SHORT, rest);
    let stranger = open("10:00:05 signal 1001 E406 n9\n10:00:06 signal 1001 E406 n9\n10:00:07 signal 1001 E406");
    assert_eq!(count(&stranger, r#""reason":"stranger-cancelled""#), 1, "{stranger}");
    assert_eq!(count(&stranger, "(runaway.logged)"), 2, "{stranger}");
    // The first is evidence also where it makes nothing more urgent.
    let as_urgent = SHORT.replacen('{', r#"{"cancel": {"stranger": 2}, "#, 1);
    let told = under(&as_urgent, "10:00:05 signal 1001 E406 n9\n10:00:06 signal 1001 E406 n9");
    assert_eq!((count(&told, "sig6 joined"), count(&told, "sig7 logged (runaway.logged)")), (1, 1), "{told}");
    let allowed = open("10:00:05 signal 1001 E406 n1");
    assert_eq!((count(&allowed, "lowered {"), count(&allowed, "sig6 logged (runaway.logged)")), (0, 1), "{allowed}");
}

/// However much it says, what comes back is at most what the state of the account keeps as standing, in the incident that is open.
#[test]
fn row_2_2_runaway_over_is_bounded() {
    let mut desk = Desk::new(rules(SHORT));
    let mut records = Vec::new();
    let mut hear = |input| {
        desk.handle(input);
        loop {
            match desk.poll() {
                Output::Wait(_) => return desk.queue().len(),
                Output::Record(record) => records.push(record),
                _ => {}
            }
        }
    };
    hear(Input::Account(AccountCard::new("1001".parse().unwrap())));
    for n in 0..100_000 {
        let (group, zone) = (format!("g{}", n % 90), format!("n{}", n % 900));
        hear(Input::Signal(signal(n + 1, MIDNIGHT.plus_secs(n as u32), "1001", &["E130", &group, &zone])));
    }
    let last = MIDNIGHT.plus_secs(99_999);
    assert_eq!(hear(Input::Time(last.plus_secs(100))), 2, "one incident of burglary, and one of the run");
    let over = records.iter().filter(|record| record.at > last);
    let shown = over.filter(|record| matches!(record.event, IncidentEvent::SignalJoined { .. })).count();
    // The five zones before the run were shown, and stand in the open incident.
    assert_eq!(shown, AccountState::STANDING - 5);
}

/// 0 signals: never.
#[test]
fn a_centre_may_do_without() {
    let script = ["account 1001\n".to_owned(), every(1, 0..100, |_| "signal 1001 E602".to_owned())].concat();
    assert_eq!(count(&play(rules(r#"{"runaway": {"signals": 0}}"#), &script), "runaway"), 0);
}

proptest! {
    /// The few pauses that are kept answer for every silence what all of them would.
    #[test]
    fn a_run_is_counted_exactly(
        pauses in proptest::collection::vec(prop_oneof![0_u32..100, 0_u32..4000, 0_u32..30_000], 0..60),
        silence in prop_oneof![1_u32..100, 1_u32..4000, 1_u32..30_000],
    ) {
        let mut state = AccountState::new("1001".parse().unwrap());
        let mut at = MIDNIGHT;
        state.apply(&signal(1, at, "1001", &["E602"]));
        for (place, pause) in pauses.iter().enumerate() {
            at = at.plus_secs(*pause);
            state.apply(&signal(place as u64 + 2, at, "1001", &["E602"]));
        }
        let asked = silence.min(Pace::LONGEST_S);
        let naive = 1 + pauses.iter().rev().take_while(|pause| **pause < asked).count() as u32;
        prop_assert_eq!(state.pace.run(silence), naive);
    }
}

/// A strange source is of a run only while that goes on: what it says afterwards is shown as it would be without one.
#[test]
fn row_2_2_runaway_over_hides_no_strange_source() {
    let run: String = (0..6).map(|n| format!("10:00:0{n} signal 1001 E602 @192.0.2.7:1\n")).collect();
    let day = format!("account 1001 sources=\"192.0.2.0/24\"\n{run}10:01:00 signal 1001 E130 n5 @198.51.100.9:1");
    let said = play(rules(SHORT), &day);
    assert!(said.contains("run-over {}") && said.contains("sig7 opened inc2 (class.shown)"), "{said}");
}
