//! From where signals come: what the card of an account does not list is told, and everything is handled as always.

use alarmcore::{
    AccountCard, AccountState, Desk, Input, Output, Policy, RaiseReason, Rule, SignalSource, Sources, ToldSources,
};

use crate::script::{at, play, signal};

/// "Signal from a number/IP not on the account → security event; spoofed source → flagged, still handled": an opening and a burglary
/// from elsewhere, a repeat of a frame from elsewhere, many signals of one strange source, a second one, and the same a day later.
/// Of an account without a list, and of what comes from where it should, nothing is told.
#[test]
fn row_2_1_source_check() {
    let script = "
        account 1001 sources=\"192.0.2.0/24, 13900000001\"
        account 1002
        09:00:00 signal 1001 E401 g1 n3 @192.0.2.7:5000
        09:00:01 signal 1001 E602 @+8613900000001
        09:00:02 signal 1002 E401 g1 n3 @198.51.100.9:5000
        09:01:00 signal 1001 R401 g1 n3 @198.51.100.9:5000
        09:02:00 signal 1001 E130 g1 n5 @198.51.100.9:5001
        09:03:00 signal 1001 E602 @198.51.100.9:5002
        09:04:00 signal 1001 E602 @198.51.100.10:5000
        09:05:00 signal 1001 E602 @13900000002
        09:06:00 signal 1001 E110 n7 s77 @192.0.2.7:5000
        09:06:10 signal 1001 E110 n7 s77 @203.0.113.5:5000
        show queue
        33:01:01 signal 1001 E602 @198.51.100.9:5003
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// After the incident is closed the same source is told again only when the time of the policy is over, also by a desk that started
/// anew; of eight sources within that time, and of a ninth not.
#[test]
fn row_2_1_source_check_is_bounded() {
    let policy = serde_json::from_str(r#"{"source": {"again_s": 3600}}"#).unwrap();
    let many: String = (1..=9).map(|n| format!("12:00:{n:02} signal 1002 E602 @203.0.113.{n}:1\n")).collect();
    let script = format!(
        "
        account 1001 sources=\"192.0.2.0/24\"
        account 1002 sources=\"192.0.2.0/24\"
        09:00:00 signal 1001 E602 @198.51.100.9:5000
        09:00:10 op1 inc1 take
        09:00:20 op1 inc1 settle settlement=customer-told
        09:10:00 signal 1001 E602 @198.51.100.9:5000
        09:59:59 signal 1001 E602 @198.51.100.9:5000
        10:00:00 signal 1001 E602 @198.51.100.9:5000
        {many}
        show queue
        "
    );
    insta::assert_snapshot!(play(policy, &script));
}

/// Whoever only pretends to be the panel makes no danger less visible. A spoofed opening before a burglary (1001), a closing and a cancel
/// by a user on the list after one (1002, 1003), a restore of a zone and of mains that wait (1003, 1004), and a closing in the evening
/// (1005): the burglaries stay urgent, the mains are shown, the site is not closed in time, and each signal is shown with the source
/// beside. An opening in the night and a burglary from elsewhere count in full, as does a cancel by nobody on the list (1006, 1007).
#[test]
fn row_2_1_a_strange_source_weighs_nothing() {
    let from = r#"sources="192.0.2.0/24""#;
    let script = format!(
        r#"
        account 1001 {from}
        account 1002 {from}
        account 1003 cancel_users=[2] {from}
        account 1004 {from}
        account 1005 schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00" {from}
        account 1006 schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00" {from}
        account 1007 cancel_users=[2] {from}
        07:59:00 signal 1005 R401 g1 n3 @192.0.2.7:5000
        08:01:00 signal 1005 E401 g1 n3 @192.0.2.7:5000
        09:00:00 signal 1001 R401 g1 n3 @192.0.2.7:5000
        09:10:00 signal 1001 E401 g1 n3 @198.51.100.9:5000
        09:10:05 signal 1001 E130 g1 n5 @192.0.2.7:5000
        09:20:00 signal 1002 E130 g1 n5 @192.0.2.7:5000
        09:20:30 signal 1002 R401 g1 n3 @198.51.100.9:5000
        09:30:00 signal 1003 E130 g1 n5 @192.0.2.7:5000
        09:30:30 signal 1003 E406 n2 @198.51.100.9:5000
        09:30:31 signal 1003 R130 g1 n5 @198.51.100.9:5000
        show incident 5
        09:40:00 signal 1004 E301 @192.0.2.7:5000
        09:41:00 signal 1004 R301 @198.51.100.9:5000
        10:10:00 time
        10:20:00 signal 1007 E130 g1 n5 @192.0.2.7:5000
        10:20:30 signal 1007 E406 n9 @198.51.100.9:5000
        17:55:00 signal 1005 R401 g1 n3 @198.51.100.9:5000
        18:00:00 watch
        22:00:00 signal 1006 E401 g1 n3 @198.51.100.9:5000
        22:01:00 signal 1006 E130 g1 n5 @198.51.100.9:5000
        22:01:10 signal 1006 E130 g1 n6 @192.0.2.7:5000
        show account 1006
        show queue
        "#
    );
    insta::assert_snapshot!(play(Policy::default(), &script));
    let weighs: Policy = serde_json::from_str(r#"{"source": {"strange_weighs": true}}"#).unwrap();
    insta::assert_snapshot!("strange_weighs", play(weighs, &script));
}

/// What a strange source says often makes no panel run away, no zone swing and no storm; and it is no test, no sign of life and no
/// copy that the panel's own signal could be taken for.
#[test]
fn row_2_1_a_strange_source_hides_nothing_of_the_panel() {
    let policy = serde_json::from_str(r#"{"runaway": {"signals": 5}, "storm": {"accounts": 2, "times": 1}}"#).unwrap();
    let from = r#"sources="192.0.2.0/24" district=north"#;
    let many: String = (1..=8).map(|n| format!("09:00:{n:02} signal 1001 E130 g1 n5 s{n} @198.51.100.9:1\n")).collect();
    let script = format!(
        r#"
        account 1001 test_interval_s=3600 {from}
        account 1002 {from}
        account 1003 {from}
        08:00:00 signal 1001 R401 g1 n3 s90 @192.0.2.7:1
        {many}
        09:00:20 signal 1001 E130 g1 n5 s8 @192.0.2.7:1
        09:00:30 signal 1001 E602 s91 @198.51.100.9:1
        11:00:00 signal 1002 E301 @198.51.100.9:1
        11:00:01 signal 1003 E301 @198.51.100.9:1
        11:00:02 signal 1002 E302 @192.0.2.7:1
        11:00:19 watch
        11:00:20 watch
        show account 1001
        show queue
        "#
    );
    insta::assert_snapshot!(play(policy, &script));
}

/// Another source than before is told of an account without a list only where the policy says so.
#[test]
fn row_2_1_source_check_of_accounts_without_a_list() {
    let script = "
        account 1001
        account 1002 sources=\"192.0.2.0/24\"
        09:00:00 signal 1001 E602 @198.51.100.9:5000
        09:00:01 signal 1001 E602 @198.51.100.9:5001
        09:00:02 signal 1001 E602 @198.51.100.10:5000
        09:00:03 signal 1002 E602 @192.0.2.1:1
        09:00:04 signal 1002 E602 @192.0.2.2:1
        show queue
    ";
    assert!(!play(Policy::default(), script).contains("inc1"));
    let policy: Policy = serde_json::from_str(r#"{"source": {"changed": true}}"#).unwrap();
    insta::assert_snapshot!(play(policy, script));
}

/// Networks by their bits, numbers with and without country and area; what cannot be read is named.
#[test]
fn sources_are_read_and_compared() {
    let allowed =
        |list: &str, peer: &str| list.parse::<Sources>().unwrap().allows(SignalSource::of_peer(peer).unwrap());
    let cases = [
        ("192.0.2.7", "192.0.2.7:1", true),
        ("192.0.2.7", "192.0.2.8:1", false),
        ("192.0.2.7", "[::ffff:192.0.2.7]:1", true),
        ("::ffff:192.0.2.7", "192.0.2.7", true),
        ("192.0.2.128/25", "192.0.2.129:1", true),
        ("192.0.2.128/25", "192.0.2.127:1", false),
        ("0.0.0.0/0", "203.0.113.1:1", true),
        ("0.0.0.0/0", "[2001:db8::1]:1", false),
        ("::/0", "[2001:db8::1]:1", true),
        ("2001:db8::/32", "[2001:db9::1]:1", false),
        ("13900000001", "008613900000001", true),
        ("0571-5550123", "+865715550123", true),
        ("5550123", "0571 5550123", true),
        ("550123", "0571 5550123", false),
        ("13900000001", "192.0.2.7:1", false),
        ("192.0.2.7", "13900000001", false),
    ];
    for (list, peer, expected) in cases {
        assert_eq!(allowed(list, peer), expected, "{list} {peer}");
    }
    assert_eq!(SignalSource::of_peer("operator"), None);
    assert_eq!(SignalSource::of_peer(""), None);
    let refused = |list: &str| list.parse::<Sources>().unwrap_err().to_string();
    let many = vec!["192.0.2.7"; 65].join(",");
    assert_eq!(
        ["moat", "192.0.2.7/33", "192.0.2.7/24", " ; ", &many].map(refused),
        [
            "expected an address such as 192.0.2.7, a network such as 192.0.2.0/24 or a telephone number, found \"moat\"",
            "\"192.0.2.7/33\": expected 0 to 32 bits after the slash, and none of the address beyond them",
            "\"192.0.2.7/24\": expected 0 to 32 bits after the slash, and none of the address beyond them",
            "no entry",
            "65 entries: a card takes 64",
        ]
    );
}

/// What a person writes down comes from nowhere, and does not make the desk forget where the last signal came from.
#[test]
fn what_is_written_by_hand_is_no_source() {
    let policy: Policy = serde_json::from_str(r#"{"source": {"changed": true}}"#).unwrap();
    let day = "
        account 1001
        09:00:00 signal 1001 E602 @198.51.100.9:5000
        09:00:01 signal 1001 E602 manual
        09:00:02 signal 1001 E602 @198.51.100.10:5000";
    let said = play(policy, day);
    assert!(said.lines().last().unwrap().contains("sig3 opened inc1"), "{said}");
}

/// A card takes 64 entries; a list is written as it is read; more digits than a number has are none.
#[test]
fn lists_of_sources_are_whole() {
    let list: Vec<String> = (1..=Sources::MAX).map(|n| format!("192.0.2.{n}")).collect();
    let list = list.join(", ");
    assert_eq!(list.parse::<Sources>().unwrap().to_string(), list);
    let both = "192.0.2.7, 192.0.2.0/24, 2001:db8::7, 2001:db8::/32, 13900000001";
    assert_eq!(both.parse::<Sources>().unwrap().to_string(), both);
    assert!(SignalSource::of_peer("861390000000012").is_some());
    assert_eq!(SignalSource::of_peer("8613900000000123"), None);
    let source = |peer| SignalSource::of_peer(peer).unwrap();
    let mut told = ToldSources::default();
    told.tell(source("198.51.100.9:5000"), at("09:00:00"));
    told.tell(source("192.0.2.9:5000"), at("10:00:00"));
    told.tell(source("198.51.100.9:5001"), at("11:00:00"));
    let all = [(source("192.0.2.9"), at("10:00:00")), (source("198.51.100.9"), at("11:00:00"))];
    assert_eq!(told.iter().collect::<Vec<_>>(), all);
    // The one that is older by more than a week is forgotten.
    told.tell(source("203.0.113.1"), at("10:00:01").plus_secs(7 * 24 * 3600));
    let left: Vec<_> = told.iter().map(|(known, _)| known).collect();
    assert_eq!(left, [source("198.51.100.9"), source("203.0.113.1")]);
}

/// A cancel from a strange source settles nothing that waits for its restore, and is named for what it is where no alarm is open;
/// what it is told beside is shown as it would be, and where the panel was last is not forgotten over it.
#[test]
fn what_weighs_nothing_settles_and_hides_nothing() {
    let (here, there) = ("@192.0.2.7:1", "@198.51.100.9:1");
    let card = r#"account 1001 cancel_users=[2] sources="192.0.2.0/24" schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00""#;
    let day = |acts: &str| play(Policy::default(), &format!("{card}\n{acts}"));
    let holds = r#"{"classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 60}}}"#;
    let waits = |source: &str| {
        let policy: Policy = serde_json::from_str(holds).unwrap();
        let day = format!(
            "{card}\n09:00:00 signal 1001 E130 n5 {here}\n09:00:10 signal 1001 E406 n2 {source}\n09:01:00 time"
        );
        play(policy, &day).contains(r#""kind":"burglary""#)
    };
    assert_eq!([here, there].map(waits), [false, true]);
    let cancelled = day(&format!("09:01:00 signal 1001 E406 n2 {there}\n09:02:00 signal 1001 E406 n2 {there}"));
    assert!(
        cancelled.lines().last().unwrap().ends_with(&format!("logged ({})", Rule::NotWeighed.as_str())),
        "{cancelled}"
    );
    let opened = day(&format!(
        "00:10:00 signal 1001 R401 g1 n3 {here}\n03:00:00 signal 1001 E602 {there}\n03:01:00 signal 1001 E401 g1 n3 {there}"
    ));
    let last = opened.lines().rfind(|line| line.contains(" sig3 ")).unwrap();
    assert!(last.contains("inc") && last.contains("(schedule.unexpected-open"), "{opened}");
    let changed: Policy = serde_json::from_str(r#"{"source": {"changed": true, "again_s": 1}}"#).unwrap();
    let moved = format!(
        "{card}\n09:00:00 signal 1001 E602 {here}\n09:01:00 signal 1001 E602 {there}\naccount 1001\n09:02:00 signal 1001 E602 {there}"
    );
    let said = play(changed, &moved);
    assert!(said.lines().rfind(|line| line.contains(" sig3 ")).unwrap().contains("(security.changed-source"), "{said}");
}

/// A disposition says of what came from a strange source that it weighed nothing, and of nothing else.
#[test]
fn a_disposition_says_whether_its_signal_weighed() {
    let mut desk = Desk::new(Policy::default());
    let sources = Some(std::sync::Arc::new("192.0.2.0/24".parse().unwrap()));
    desk.handle(Input::Account(AccountCard { sources, ..AccountCard::new("1001".parse().unwrap()) }));
    for (id, source) in [(1, "@192.0.2.7:1"), (2, "@198.51.100.9:1")] {
        desk.handle(Input::Signal(signal(id, at("09:00:00"), "1001", &["E130", "n5", source])));
    }
    let said: Vec<_> = std::iter::from_fn(|| match desk.poll() {
        Output::Wait(_) => None,
        output => Some(output),
    })
    .filter_map(|output| match output {
        Output::Dispose(one) => Some((one.signal.get(), one.unweighed)),
        _ => None,
    })
    .collect();
    assert_eq!(said, [(1, false), (2, true)]);
}

/// The account after these, each a second after the one before: `E130 n5` from where it should come, `E130 n5 !` from elsewhere.
fn after(lines: impl IntoIterator<Item = String>) -> AccountState {
    let mut desk = Desk::new(Policy::default());
    let sources = Some("192.0.2.0/24".parse::<Sources>().unwrap().into());
    desk.handle(Input::Account(AccountCard { sources, ..AccountCard::new("1001".parse().unwrap()) }));
    for (id, line) in (1..).zip(lines) {
        let (said, peer) =
            line.strip_suffix(" !").map_or((line.as_str(), "@192.0.2.7:1"), |said| (said, "@203.0.113.5:1"));
        let words: Vec<&str> = said.split(' ').chain(["g1", peer]).collect();
        desk.handle(Input::Signal(signal(id, at("09:00:00").plus_secs(id as u32), "1001", &words)));
    }
    desk.account(&"1001".parse().unwrap()).unwrap().clone()
}

/// Of each zone: how often the panel said so, when last and before, and when a strange source did; in seconds of this hour.
fn trips(state: &AccountState) -> Vec<String> {
    let second = |moment: alarmcore::Timestamp| moment.secs_since(at("09:00:00"));
    let line = |one: &alarmcore::Trips| {
        let (before, strange) = (one.before.map(second), one.strange.map(second));
        format!(
            "zone {} {} times, last {}, before {before:?}, strange {strange:?}",
            one.zone,
            one.count,
            second(one.last)
        )
    };
    state.trips.iter().map(line).collect()
}

/// What a strange source says of a zone stands beside what the panel says of it: neither is taken for the other's.
#[test]
fn trips_by_a_strange_source_stand_beside_those_of_the_panel() {
    let lines = |lines: &[&str]| after(lines.iter().map(|line| (*line).to_owned()));
    let first = ["E130 n6", "E130 n5 !", "R130 n5", "E130 n5 !"];
    assert_eq!(
        trips(&lines(&first)),
        ["zone 6 1 times, last 1, before None, strange None", "zone 5 0 times, last 2, before None, strange Some(4)"]
    );
    // The panel's own first trip of the zone is its first.
    let then = [&first[..], &["E130 n5"]].concat();
    assert_eq!(
        trips(&lines(&then)),
        ["zone 6 1 times, last 1, before None, strange None", "zone 5 1 times, last 5, before None, strange Some(4)"]
    );
}

/// Where no more is kept, a strange source pushes out nothing that the panel said, and goes first itself.
#[test]
fn a_strange_source_pushes_out_nothing_of_the_panel() {
    let own = |zones: std::ops::RangeInclusive<u32>| zones.map(|zone| format!("E130 n{zone}"));
    let full = AccountState::TRIPS as u32;
    let zones = |state: &AccountState| state.trips.iter().map(|one| one.zone).collect::<Vec<_>>();
    let state = after(own(1..=full).chain(["E130 n900 !".to_owned()]));
    assert_eq!(zones(&state), (1..=full).collect::<Vec<_>>(), "there is no room for it");
    let state = after(own(1..=full - 1).chain(["E130 n900 !".to_owned(), format!("E130 n{full}")]));
    assert_eq!(zones(&state), (1..=full).collect::<Vec<_>>(), "it goes before what the panel said");

    let standing = AccountState::STANDING as u32;
    let state = after(own(1..=standing).chain(["E130 n900 !".to_owned()]));
    let numbers: Vec<_> = state.alarms.iter().filter_map(|alarm| alarm.number).collect();
    assert_eq!(numbers, (1..=standing).collect::<Vec<_>>());
}

/// A second trip confirms, also where the first came from a strange source; nothing confirms before it.
#[test]
fn a_trip_by_a_strange_source_and_one_of_the_panel_are_two() {
    let policy: Policy = serde_json::from_str(r#"{"confirm": {"two_trips": true}}"#).unwrap();
    let raised = |first: &str, last: &str| {
        let script = format!(
            "
            account 1001 sources=\"192.0.2.0/24\"
            09:00:00 signal 1001 R401 g1 n3 @192.0.2.7:1
            10:00:00 signal 1001 E130 g1 n5 {first}
            10:00:05 signal 1001 R130 g1 n5 @192.0.2.7:1
            10:01:00 signal 1001 E130 g1 n5 {last}
            "
        );
        play(policy.clone(), &script).contains(RaiseReason::TwoTrip.as_str())
    };
    let (own, strange) = ("@192.0.2.7:1", "@203.0.113.5:1");
    assert_eq!([raised(own, own), raised(strange, own), raised(own, strange)], [true, true, true]);
}

/// "Replayed frame with old sequence -> stored as late/replayed, no dispatch without operator" (2.1, clock rule): what came plain despite
/// a key, or was encrypted long before, cancels, ends, opens and satisfies nothing. What it reports is shown.
#[test]
fn row_2_1_a_doubtful_frame_weighs_nothing() {
    let script = "
        account 1001 cancel_users=[1]
        09:00:00 signal 1001 R401 g1 n1 s1 encrypted
        10:00:00 signal 1001 E130 g1 n5 s2 encrypted
        10:00:05 signal 1001 E406 n1 s901 plain-despite-key
        10:00:10 signal 1001 R130 g1 n5 s902 encrypted stale-clock
        10:00:15 signal 1001 E401 g1 n1 s903 encrypted stale-clock
        10:00:20 signal 1001 E130 g1 n6 s3 encrypted
        10:00:25 signal 1001 E110 g1 n7 s904 encrypted stale-clock
        10:00:30 signal 1001 E602 s905 encrypted stale-clock
        show account 1001
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// A counter that begins anew at each alarm gives every one the number of the first: an alarm is a repeat only while an open incident
/// holds what it tells of, and that has not restored.
#[test]
fn an_alarm_under_a_number_that_was_used_is_shown() {
    let script = "
        account 1001
        10:00:00 signal 1001 E130 g1 n5 s1
        10:00:02 signal 1001 E130 g1 n5 s1
        10:00:04 signal 1001 R130 g1 n5 s1
        10:00:06 signal 1001 E130 g1 n5 s1
        10:00:08 op1 inc1 take
        10:00:10 op1 inc1 verify-false cause=user-error
        10:00:40 signal 1001 E130 g1 n5 s1
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}
