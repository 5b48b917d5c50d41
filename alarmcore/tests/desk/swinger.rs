//! Swingers (capabilities 2.2): the trip too many is logged, until the area is opened or closed; people in danger are heard.

use alarmcore::{AccountCard, AccountState, Desk, Disposition, Input, Output, Policy, UnseenTrips};

use crate::script::{MIDNIGHT, play, rules, signal};

/// The acceptance test: the third trip of one zone in one armed period is logged, of another zone it is news; opening and
/// closing resets it, of its own area only; hold-up and fire zones are exempt.
#[test]
fn row_2_2_swinger() {
    insta::assert_snapshot!(
        "swinger_third_trip",
        play(
            Policy::default(),
            "
            account 1001
            20:00:00 signal 1001 R401 g1 n1
            20:00:01 signal 1001 R401 g2 n1
            21:00:00 signal 1001 E130 g1 n5
            21:00:10 signal 1001 R130 g1 n5
            21:01:00 signal 1001 E130 g1 n5
            21:01:10 signal 1001 R130 g1 n5
            21:02:00 signal 1001 E130 g1 n5
            21:02:10 signal 1001 R130 g1 n5
            21:02:20 signal 1001 E131 g1 n6
            21:03:00 signal 1001 E120 g1 n7
            21:03:01 signal 1001 E120 g1 n7
            21:03:02 signal 1001 E120 g1 n7
            21:03:03 signal 1001 E110 g1 n8
            21:03:04 signal 1001 E110 g1 n8
            21:03:05 signal 1001 E110 g1 n8
            21:04:00 signal 1001 E401 g2 n1
            21:04:10 signal 1001 E130 g1 n5
            21:05:00 signal 1001 E401 g1 n1
            21:06:00 signal 1001 R401 g1 n1
            21:20:00 signal 1001 E130 g1 n5
            show queue
        "
        )
    );
}

/// Trips that a log-only agreement, a run or an override hid were seen by nobody and do not count: as many as ever are shown after its
/// end, and the next is logged.
#[test]
fn what_was_hidden_is_no_swinger() {
    let trips = "
        20:00:00 signal 1001 R401 g1 n1
        21:00:00 signal 1001 E130 g1 n5
        21:00:10 signal 1001 R130 g1 n5
        21:01:00 signal 1001 E130 g1 n5
        21:01:10 signal 1001 R130 g1 n5
        21:02:00 signal 1001 E130 g1 n5
        21:02:10 signal 1001 R130 g1 n5
        21:30:00 signal 1001 E130 g1 n5
        21:30:10 signal 1001 R130 g1 n5
        21:31:00 signal 1001 E130 g1 n5
        21:31:10 signal 1001 R130 g1 n5
        21:32:00 signal 1001 E130 g1 n5
    ";
    let decided = |policy: Policy, card: &str| -> Vec<String> {
        let timeline = play(policy, &format!("account 1001 {card}\n{trips}"));
        let alarms = ["sig2 ", "sig4 ", "sig6 ", "sig8 ", "sig10 ", "sig12 "];
        let line =
            |signal: &&str| timeline.lines().rfind(|line| line.get(9..).is_some_and(|rest| rest.starts_with(*signal)));
        alarms
            .iter()
            .filter_map(line)
            .map(|line| line.rsplit('(').next().unwrap().trim_end_matches(')').to_owned())
            .collect()
    };
    let shown_then_logged =
        |hidden: &str| [hidden, hidden, hidden, "class.shown", "class.shown", "swinger.logged"].map(str::to_owned);
    let agreed = r#"lowerings=[{"number":1,"lowers":"log-only","zones":{"which":"listed","zones":[5]},"from":"20:30:00","until":"21:20:00"}]"#;
    assert_eq!(decided(Policy::default(), agreed), shown_then_logged("log-only"));
    let over = "[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2026-11-22T21:20:00Z'\nclasses = { burglary = { action = 'log' } }\n";
    let logged = "class.logged, override of account";
    assert_eq!(decided(Policy::from_toml(over).unwrap(), ""), shown_then_logged(logged));
    let runs = rules(r#"{"runaway": {"signals": 1, "silence_s": 600}}"#);
    let run = decided(runs, "");
    assert_eq!(run[1..4], ["runaway.logged", "runaway.logged", "class.shown"].map(str::to_owned)[..], "{run:?}");
}

/// Where nothing is known to be armed, or the zone has rested, or the rule is off, every trip is shown.
#[test]
fn what_a_swinger_is_not() {
    let trips = |rest: &str| {
        format!(
            "account 1001\n{rest}
            00:00:10 signal 1001 E137 n5
            00:00:20 signal 1001 E137 n5
            00:00:30 signal 1001 E137 n5
            00:00:40 signal 1001 E139 n5
            24:00:30 signal 1001 E137 n5
            24:00:40 signal 1001 E137 n5"
        )
    };
    let logged = |policy: Policy, rest: &str| -> Vec<usize> {
        let timeline = play(policy, &trips(rest));
        let logged = |line: &str| line.ends_with("logged (swinger.logged)");
        let decided = timeline.lines().filter(|line| line.get(8..12) == Some(" sig"));
        decided.enumerate().filter(|(_, line)| logged(line)).map(|(place, _)| place).collect()
    };
    let armed = "00:00:00 signal 1001 R401 n1";
    assert_eq!(logged(Policy::default(), armed), [3, 6]);
    assert_eq!(logged(Policy::default(), "00:00:00 signal 1001 E401 n1"), [0; 0]);
    assert_eq!(logged(Policy::default(), "00:00:00 signal 1001 E602"), [0; 0]);
    assert_eq!(logged(rules(r#"{"swinger": {"trips": 0}}"#), armed), [0; 0]);
    assert_eq!(logged(rules(r#"{"swinger": {"trips": 3}}"#), armed), [6]);
    assert_eq!(logged(rules(r#"{"swinger": {"trips": 1, "rest_s": 15}}"#), armed), [2, 3, 6]);
}

/// What is remembered of zones is bounded, and the one quiet for longest is forgotten first.
#[test]
fn trips_are_bounded() {
    let mut state = AccountState::new("1001".parse().unwrap());
    for id in 1..=100_u64 {
        state.apply(&signal(id, MIDNIGHT.plus_secs(id as u32), "1001", &["E130", &format!("n{}", id % 50)]));
    }
    let zones: Vec<(u32, u32)> = state.trips.iter().map(|trips| (trips.zone, trips.count)).collect();
    let last: Vec<(u32, u32)> = (69..=100).map(|id| (id % 50, 1)).collect();
    assert_eq!(zones, last);
}

/// Where what follows a closing is logged, nobody has seen the first trips: the next ones are news, and the one after them swings.
#[test]
fn trips_that_nobody_saw_do_not_hide_the_next() {
    let timeline = play(
        rules(r#"{"recent": {"closing_s": 90, "log": true}}"#),
        "
        account 1001
        22:00:00 signal 1001 R401 g1 n1
        22:00:10 signal 1001 E130 g1 n5
        22:00:40 signal 1001 E130 g1 n5
        22:05:00 signal 1001 E130 g1 n5
        22:06:00 signal 1001 E130 g1 n5
        22:07:00 signal 1001 E130 g1 n5
        ",
    );
    let rules: Vec<&str> = timeline
        .lines()
        .filter(|line| line.get(8..12) == Some(" sig"))
        .filter_map(|line| line.rsplit_once('(')?.1.strip_suffix(')'))
        .collect();
    assert_eq!(
        rules,
        [
            "class.logged",
            "recent-closing.logged",
            "recent-closing.logged",
            "class.shown",
            "class.shown",
            "swinger.logged"
        ]
    );
}

/// Only trips that were shown count, in whatever order others were kept from people; an opening and closing forgets both.
#[test]
fn only_what_was_shown_counts() {
    let timeline = play(
        Policy::default(),
        "
        account 1001
        20:00:00 signal 1001 R401 g1 n1
        20:10:00 signal 1001 E130 g1 n5
        20:20:00 op1 test1001 start reason=repair asked_by=Li minutes=5 only=[5] second=op9
        20:21:00 signal 1001 E130 g1 n5
        20:21:30 signal 1001 E130 g1 n6
        20:22:00 signal 1001 E130 g1 n5
        20:23:00 op1 test1001 end
        20:30:00 signal 1001 E130 g1 n5
        20:31:00 signal 1001 E130 g1 n5
        20:40:00 op1 test1001 start reason=repair asked_by=Li minutes=5 second=op9
        20:41:00 signal 1001 E130 g1 n5
        20:42:00 signal 1001 E401 g1 n1
        20:43:00 signal 1001 R401 g1 n1
        20:43:30 signal 1001 E130 g1 n5
        20:44:00 op1 test1001 end
        20:50:00 signal 1001 E130 g1 n5
        20:51:00 signal 1001 E130 g1 n5
        20:52:00 signal 1001 E130 g1 n5
        ",
    );
    let of_zone: Vec<(&str, &str)> = timeline
        .lines()
        .filter(|line| line.get(8..12) == Some(" sig"))
        .filter_map(|line| Some((line.get(9..)?.split(' ').next()?, line.rsplit_once('(')?.1.strip_suffix(')')?)))
        .collect();
    let decided = [
        ("sig1", "class.logged"),
        ("sig2", "class.shown"),
        ("sig3", "on-test"),
        ("sig4", "class.shown"),
        ("sig5", "on-test"),
        ("sig6", "class.shown"),
        ("sig7", "swinger.logged"),
        ("sig8", "on-test"),
        ("sig9", "on-test"),
        ("sig10", "on-test"),
        ("sig11", "on-test"),
        ("sig12", "class.shown"),
        ("sig13", "class.shown"),
        ("sig14", "swinger.logged"),
    ];
    assert_eq!(of_zone, decided);
}

/// What is held is told when its wait is over, however often the zone flaps: a trip that was not shown does not make the next ones a
/// swinger, and a restore that is true no more is not told.
#[test]
fn what_waits_for_its_restore_is_no_swinger() {
    let policy =
        r#"{"swinger": {"trips": 1}, "classes": {"tamper": {"action": "hold", "priority": 3, "seconds": 600}}}"#;
    insta::assert_snapshot!(
        "swinger_waits",
        play(
            rules(policy),
            "
            account 1001
            20:00:00 signal 1001 R401 g1 n1
            20:01:00 signal 1001 E137 g1 n5
            20:01:10 signal 1001 R137 g1 n5
            20:02:00 signal 1001 E137 g1 n5
            20:03:00 signal 1001 E137 g1 n5
            20:12:00 time
            20:13:00 signal 1001 E137 g1 n5
            show queue
        "
        )
    );
}

/// What is kept of each signal says whether it was a trip that nobody was shown, and whether it counts towards a storm: a trip that the
/// rules log, and nothing else of that zone; a trouble, and not its restore.
#[test]
fn what_is_kept_of_a_signal_says_what_it_counts_for() {
    let mut desk = Desk::new(rules(r#"{"codes": {"131": {"action": "log"}}}"#));
    let card: AccountCard = serde_json::from_str(r#"{"account": "1001", "district": "East"}"#).unwrap();
    desk.handle(Input::Account(card));
    let day = ["E130 n5", "R130 n5", "E131 n6", "R131 n6", "E401 n1", "E301", "R301"];
    let mut kept = Vec::new();
    for (id, (second, words)) in (1..).zip((0..).zip(day)) {
        let words: Vec<&str> = words.split(' ').collect();
        desk.handle(Input::Signal(signal(id, MIDNIGHT.plus_secs(second), "1001", &words)));
        loop {
            match desk.poll() {
                Output::Wait(_) => break,
                Output::Dispose(Disposition { signal, counted, unseen, .. }) => {
                    kept.push((signal.get(), counted, unseen))
                }
                _ => {}
            }
        }
    }
    let no = |signal| (signal, false, false);
    // The trouble is held, and over when it restores: what counts is said when it comes.
    let expected = [no(1), no(2), (3, false, true), no(4), no(5), (6, true, false), no(6), no(7)];
    assert_eq!(kept, expected);
}

/// What of an account nobody was shown is counted zone by zone from its first trip since the area was last opened or closed, and known from
/// the account and its signals: those that were shown are none, and an opening leaves nothing of them.
#[test]
fn trips_that_nobody_was_shown_are_counted() {
    let mut desk = Desk::new(rules(r#"{"classes": {"tamper": {"action": "log"}}}"#));
    let mut logged = Vec::new();
    let mut hear = |id: u64, words: &[&str]| {
        if id == 1 {
            desk.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
        }
        let received = signal(id, MIDNIGHT.plus_secs(id as u32), "1001", words);
        desk.handle(Input::Signal(received.clone()));
        loop {
            match desk.poll() {
                Output::Wait(_) => break,
                Output::Dispose(disposition) if disposition.unseen => logged.push(received.clone()),
                _ => {}
            }
        }
        let counted = |all: Vec<UnseenTrips>| all.iter().map(|one| (one.zone, one.count)).collect::<Vec<_>>();
        let state = desk.account(&"1001".parse().unwrap()).unwrap();
        (counted(desk.snapshot().unseen), counted(state.unseen(logged.iter())))
    };
    let twice = |all: &[(u32, u32)]| (all.to_vec(), all.to_vec());
    assert_eq!(hear(1, &["E383", "g1", "n5"]), twice(&[(5, 1)]));
    assert_eq!(hear(2, &["E130", "g1", "n6"]), twice(&[(5, 1)]));
    assert_eq!(hear(3, &["R383", "g1", "n5"]), twice(&[(5, 1)]));
    assert_eq!(hear(4, &["E383", "g1", "n5"]), twice(&[(5, 2)]));
    assert_eq!(hear(5, &["E383", "g1", "n7"]), twice(&[(5, 2), (7, 1)]));
    assert_eq!(hear(6, &["E401", "g1", "n1"]), twice(&[]));
    assert_eq!(hear(7, &["E383", "g1", "n5"]), twice(&[(5, 1)]));
}
