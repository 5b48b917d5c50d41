//! Late to close (§2.2): the people of the site are asked before an operator is, and what they answer is done.

use crate::script::{play, rules};

/// Somebody is asked, and has ten minutes.
const ASKED: &str = r#"{"late_close": {"answer_within_s": 600, "extend_max_s": 3600}}"#;

/// §2.2 Late to close: "message to customer with answers {extend, not closing today, arm remotely} (C-12) → else operator". Of
/// seven shops that are all late one extends and closes, one extends and stays open, one does not close today and opens the next
/// morning, one asks the centre to arm, one says nothing, of one somebody answers who may not, and one cannot be asked.
#[test]
fn row_2_2_late_to_close_asks_the_customer() {
    let hours = r#"late_closers=[1] schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00""#;
    let shops = ["1001", "1002", "1003", "1004", "1005", "1006", "1007"];
    let cards: String = shops.iter().map(|shop| format!("account {shop} {hours}\n")).collect();
    let opened: String = shops.iter().map(|shop| format!("08:05:00 signal {shop} E401 g1 n3\n")).collect();
    let day = r#"
        account 1008 schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00"
        08:05:00 signal 1008 E401 g1 n3
        18:00:00 watch
        18:01:00 outside lowered1001 answer-closing signal=9 answer=extend minutes=61 contact=1 message=M-1
        18:01:10 outside lowered1001 answer-closing signal=9 answer=extend minutes=30 contact=1 message=M-2
        18:01:11 outside lowered1001 answer-closing signal=9 answer=extend minutes=30 contact=1 message=M-2
        18:01:20 outside lowered1002 answer-closing signal=10 answer=extend minutes=20 contact=1 message=M-3 note="stock-taking"
        18:01:30 op1 lowered1003 answer-closing signal=11 answer=not-today contact=2
        18:01:40 op1 lowered1003 answer-closing signal=11 answer=not-today contact=1
        18:01:50 outside lowered1004 answer-closing signal=12 answer=arm contact=1 message=M-4 note="nobody is there"
        18:02:00 outside lowered1006 answer-closing signal=14 answer=not-today contact=7 message=M-5
        18:02:10 outside lowered1007 fail-closing signal=15 note="HTTP 503"
        18:09:59 time
        18:10:00 time
        18:20:00 signal 1001 R401 g1 n3
        18:20:01 watch
        18:21:19 time
        18:21:20 time
        18:30:00 outside lowered1003 answer-closing signal=11 answer=not-today contact=1 message=M-6
        18:30:00 outside lowered1005 answer-closing signal=13 answer=extend minutes=30 contact=1 message=M-7
        32:00:00 time
        show queue
    "#;
    insta::assert_snapshot!(play(rules(ASKED), &format!("{cards}{opened}{day}")));
}

/// Where the policy allows two extensions, whoever is still late is asked once more; and while an incident of the kind is open, or
/// where the policy asks nobody, an operator sees it at once.
#[test]
fn asked_once_more_or_not_at_all() {
    let policy = r#"{"late_close": {"answer_within_s": 300, "extensions": 2}}"#;
    let day = r#"
        account 1001 late_closers=[1,2] schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00; area 2 Mon-Sun 08:00-18:30"
        08:05:00 signal 1001 E401 g1 n3
        08:06:00 signal 1001 E401 g2 n3
        18:00:00 watch
        18:01:00 outside lowered1001 answer-closing signal=3 answer=extend minutes=10 contact=2 message=M-1
        18:11:00 time
        18:12:00 outside lowered1001 answer-closing signal=3 answer=extend minutes=10 contact=1 message=M-1
        18:12:00 outside lowered1001 answer-closing signal=3 answer=extend minutes=10 contact=1 message=M-2
        18:13:00 outside lowered1001 answer-closing signal=3 answer=extend minutes=10 contact=1 message=M-3
        18:22:00 time
        18:30:00 watch
        show queue
    "#;
    insta::assert_snapshot!(play(rules(policy), day));
    insta::assert_snapshot!("asks_nobody", play(alarmcore::Policy::default(), day.split("18:01:00").next().unwrap()));
}

/// §2.2 Late to open, late to close: "timer per area; tolerance; repeat (e.g. 30 min)". Reported at the exact second and every half hour
/// since, into the one incident, until it is closed (1001, its second area by itself), opened (1002), or the next hours ask for
/// nothing any more (1003); opened late is said only in the hours (1004). Somebody who is asked is not asked twice: what is
/// reported meanwhile is logged, and the end of the answer shows it (1005). By default it is said once (1006, an override).
#[test]
fn row_2_2_late_is_repeated() {
    let policy = r#"{"late_close": {"answer_within_s": 600, "extend_max_s": 3600},
        "expect": {"restart_grace_s": 0, "late_again_s": 1800},
        "override": [{"accounts": ["1006"], "expect": {"late_again_s": 0}}]}"#;
    let hours = r#"schedule="zone UTC; tolerance 10m; Mon-Sun 08:00-18:00""#;
    let day = format!(
        r#"
        account 1001 schedule="zone UTC; tolerance 10m; Mon-Sun 08:00-18:00; area 2 Mon-Sun 08:00-18:15"
        account 1002 {hours}
        account 1003 schedule="zone UTC; tolerance 10m; Mon-Sun 08:00-18:00, 19:00-23:00"
        account 1004 schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-09:00"
        account 1005 late_closers=[1] {hours}
        account 1006 {hours}
        00:00:00 signal 1002 R401 g1 n3
        00:00:00 signal 1004 R401 g1 n3
        08:00:00 watch
        08:10:00 watch
        08:30:00 watch
        08:39:59 watch
        08:40:00 watch
        08:50:00 signal 1001 E401 g1 n3
        08:50:00 signal 1001 E401 g2 n3
        08:50:00 signal 1002 E401 g1 n3
        08:50:00 signal 1003 E401 g1 n3
        08:50:00 signal 1005 E401 g1 n3
        08:50:00 signal 1006 E401 g1 n3
        10:00:00 watch
        12:00:00 signal 1002 R401 g1 n3
        18:10:00 watch
        18:11:00 outside lowered1005 answer-closing signal=17 answer=extend minutes=45 contact=1 message=M-1
        18:25:00 watch
        18:39:59 watch
        18:40:00 watch
        18:50:00 signal 1001 R401 g1 n3
        18:51:00 watch
        18:56:00 time
        19:10:00 watch
        20:00:00 signal 1001 R401 g2 n3
        20:00:01 watch
        20:10:00 signal 1005 R401 g1 n3
        22:00:00 watch
        show queue
        "#
    );
    insta::assert_snapshot!(play(rules(policy), &day));
}

/// Only what the centre itself misses is asked about: a panel that says of its own accord that it was not closed is shown at once.
#[test]
fn what_the_panel_says_itself_is_asked_of_nobody() {
    let day = "
        account 1001 late_closers=[1] schedule=\"zone UTC; tolerance 0m; Mon-Sun 08:00-18:00\"
        08:05:00 signal 1001 E401 g1 n3
        18:00:00 signal 1001 E454 g1";
    let said = play(rules(ASKED), &format!("{day} supervision"));
    assert!(said.contains(" closing-asked "), "{said}");
    let said = play(rules(ASKED), day);
    assert!(!said.contains("closing-asked"), "{said}");
}

/// Whoever does not close today is late again when the next hours begin; where the card names none any more, a day later.
#[test]
fn not_today_lasts_a_day_where_no_hours_follow() {
    let hours = "schedule=\"zone UTC; tolerance 0m; Mon-Sun 08:00-18:00\"";
    let until = |card: &str| {
        let day = format!(
            "account 1001 late_closers=[1] {hours}\n08:05:00 signal 1001 E401 g1 n3\n18:00:00 watch
            account 1001 late_closers=[1] {card}\n18:01:00 op1 lowered1001 answer-closing signal=2 answer=not-today contact=1"
        );
        let said = play(rules(ASKED), &day);
        let answered =
            said.lines().find(|line| line.contains(" closing-answered ")).unwrap_or_else(|| panic!("{said}"));
        answered.split_once(r#""until":""#).unwrap().1[..8].to_owned()
    };
    assert_eq!((until(hours), until("")), ("32:00:00".into(), "42:01:00".into()));
}

/// Over a holiday "not closing today" holds for a day, and they are asked once more; whoever thinks better of it is heard: that it closes
/// later (1001, which does), that the centre is to arm it (1002), and that an operator sees it where nobody answers any more (1003).
/// The next hours end it without a word (1004, which is closed on Monday only).
#[test]
fn row_2_2_late_to_close_not_today_over_a_holiday() {
    let hours = r#"late_closers=[1] schedule="zone UTC; tolerance 0m; Mon-Sun 08:00-18:00; closed 2026-11-23"#;
    let shops = ["1001", "1002", "1003"];
    let cards: String = shops.iter().map(|shop| format!("account {shop} {hours}..2026-11-29\"\n")).collect();
    let opened: String = shops.iter().map(|shop| format!("08:05:00 signal {shop} E401 g1 n3\n")).collect();
    let answers: String = (5..9)
        .map(|signal| {
            let shop = 996 + signal;
            format!("18:01:00 op1 lowered{shop} answer-closing signal={signal} answer=not-today contact=1\n")
        })
        .collect();
    let day = format!(
        r#"
        account 1004 {hours}"
        {opened}08:05:00 signal 1004 E401 g1 n3
        18:00:00 watch
        {answers}
        18:02:00 op1 lowered1001 answer-closing signal=5 answer=not-today contact=1
        18:30:00 outside lowered1001 answer-closing signal=5 answer=extend minutes=30 contact=1 message=M-1
        18:45:00 signal 1001 R401 g1 n3
        18:45:01 watch
        19:00:00 outside lowered1002 answer-closing signal=6 answer=arm contact=1 message=M-2
        2026-11-23/18:00:59 time
        2026-11-23/18:01:00 time
        2026-11-23/18:02:00 op1 lowered1003 answer-closing signal=7 answer=not-today contact=1
        2026-11-23/18:02:00 op1 lowered1004 answer-closing signal=8 answer=not-today contact=1
        2026-11-24/08:00:00 time
        2026-11-24/18:02:00 time
        2026-11-24/18:12:00 time
        show queue
        "#
    );
    insta::assert_snapshot!(play(rules(ASKED), &format!("{cards}{day}")));
}

/// A site that is open outside all of its hours is to be closed an hour after its opening: opened in the night (1001), or its hours
/// were taken away while it was open (1002). Not one whose hours begin meanwhile (1003, by their end), nor one whose user has hours of
/// their own (1004, by the end of those); and by the end of the next hours only, where an override says so (1005).
#[test]
fn row_2_2_late_to_close_when_open_outside_its_hours() {
    let policy = r#"{"expect": {"restart_grace_s": 0},
        "override": [{"accounts": ["1005"], "owner": "Li", "until": "2027-03-31", "expect": {"outside_close_s": 0}}]}"#;
    let hours = r#"schedule="zone UTC; tolerance 10m; Mon-Sun 08:00-18:00"#;
    let day = format!(
        r#"
        account 1001 {hours}"
        account 1002 {hours}"
        account 1003 {hours}"
        account 1004 {hours}; user 7 Mon-Sun 04:00-06:00"
        account 1005 {hours}"
        00:30:00 signal 1001 E401 g1 n3
        01:29:59 watch
        01:30:00 watch
        04:30:00 signal 1004 E401 g1 n7
        05:30:00 signal 1005 E401 g1 n3
        06:09:59 watch
        06:10:00 watch
        07:40:00 signal 1003 E401 g1 n3
        09:00:00 signal 1002 E401 g1 n3
        11:00:00 watch
        account 1002 {hours}; closed 2026-11-22"
        12:00:00 watch
        12:05:00 signal 1002 R401 g1 n3
        12:05:01 watch
        18:10:00 watch
        show queue
        "#
    );
    insta::assert_snapshot!(play(rules(policy), &day));
}
