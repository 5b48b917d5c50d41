//! The users of a panel: who opens outside the hours or once more, whose time is over, who may close late and who may cancel.

use alarmcore::Policy;

use crate::script::play;

/// "Opening outside window or second open while open → item priority by site class": a bank, a home, and a shop for which the rules
/// of the centre hold, each opened at night and then in its hours, and in its hours once more.
#[test]
fn row_2_2_unexpected_open() {
    let policy = r#"
        [[override]]
        site_type = "bank"
        schedule = { unexpected_open = { action = "show", priority = 2 }, open_again = { action = "show", priority = 1 } }
        [[override]]
        site_type = "home"
        schedule = { unexpected_open = { action = "show", priority = 5 }, open_again = { action = "log" } }
    "#;
    let hours = "schedule=\"zone UTC; Mon-Sun 08:30-18:00\"";
    let day: String = ["03:00:00 signal N E401 g1 n3", "03:05:00 signal N R401 g1 n3"]
        .into_iter()
        .chain(["09:00:00 signal N E401 g1 n3", "10:00:00 signal N E401 g1 n4"])
        .flat_map(|line| ["1001", "1002", "1003"].map(|account| format!("{}\n", line.replace('N', account))))
        .collect();
    let script = format!(
        "account 1001 site_type=bank {hours}\naccount 1002 site_type=home {hours}\naccount 1003 {hours}\n{day}show queue"
    );
    insta::assert_snapshot!(play(Policy::from_toml(policy).unwrap(), &script));
}

/// A user with hours of their own who opens in them what is open already is as everybody else; outside them that is said first.
#[test]
fn row_2_2_unexpected_open_again_by_a_user_with_own_hours() {
    let script = "
        account 1001 schedule=\"zone UTC; Mon-Sun 08:30-18:00; user 7 Mon-Sun 05:00-07:00\"
        05:10:00 signal 1001 E401 g1 n7
        05:20:00 signal 1001 E401 g1 n7
        07:30:00 signal 1001 E401 g1 n7
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}

/// Whose time is over may do nothing any more: an opening in the hours is shown, a cancel raises, and an intrusion after the opening
/// is as urgent as ever. To the last second before, all is as it was.
#[test]
fn row_2_2_unexpected_open_by_a_user_whose_time_is_over() {
    // 10:00:00 of the day that scripts play.
    let until = 1_795_305_600_000_i64 + 10 * 3_600_000;
    let script = format!(
        "
        account 1001 schedule=\"zone UTC; Mon-Sun 08:30-18:00\" user_rights=[{{\"user\":3,\"until\":{until}}}] cancel_users=[3]
        account 1002 user_rights=[{{\"user\":3,\"until\":{until}}}]
        00:00:00 signal 1001 R401 g1 n4
        08:45:00 signal 1001 E401 g1 n3
        08:46:00 signal 1001 E130 g1 n5
        08:47:00 signal 1001 E406 n3
        09:00:00 signal 1001 R401 g1 n3
        09:59:59 signal 1002 E401 g1 n3
        10:00:00 signal 1001 E401 g1 n3
        10:00:30 signal 1001 E130 g1 n6
        10:01:00 signal 1001 E406 n3
        10:02:00 signal 1002 R401 g1 n3
        10:03:00 signal 1002 E401 g1 n3
        show queue
        "
    );
    insta::assert_snapshot!(play(Policy::default(), &script));
}

/// "User name on screen", "per-user authority": whoever opens and is none of the users whom the card lists is shown at whatever hour,
/// with the priority of the kind of site (1001, a bank), and at night as what is more urgent; neither that nor a closing of theirs
/// lowers the burglary beside it. Listed are those on the list (3), whoever may cancel (5) and whoever has own hours (7), and what
/// names nobody is nobody's. Where the card lists nobody, or the centre logs it, all is as it was (1002, 1003).
#[test]
fn row_2_2_unexpected_open_by_a_user_who_is_not_on_the_card() {
    let policy = r#"
        [schedule]
        unexpected_open = { action = "show", priority = 3 }
        unlisted_user = { action = "show", priority = 4 }
        [[override]]
        site_type = "bank"
        schedule = { unlisted_user = { action = "show", priority = 2 } }
        [[override]]
        accounts = ["1003"]
        owner = "Li"
        until = "2027-03-31"
        schedule = { unlisted_user = { action = "log" } }
    "#;
    let hours = r#"schedule="zone UTC; Mon-Sun 08:30-18:00; user 7 Mon-Sun 05:00-20:00""#;
    let listed = format!(r#"user_rights=[{{"user":3}}] cancel_users=[5] {hours}"#);
    let all = ["1001", "1002", "1003", "1004"];
    let each =
        |line: &str, of: &[&str]| of.iter().map(|one| format!("{}\n", line.replace('N', one))).collect::<String>();
    let script = [
        format!(
            "account 1001 site_type=bank {listed}\naccount 1002 {hours}\naccount 1003 {listed}\naccount 1004 {listed}\n"
        ),
        each("00:10:00 signal N R401 g1 n3", &all),
        each("08:45:00 signal N E401 g1 n4", &all),
        each("08:45:30 signal N E130 g1 n9", &all),
        each("08:46:00 signal N R401 g1 n4", &all),
        each("08:46:10 signal N E131 g1 n8", &all),
        "show queue\n".into(),
        "account 1005 user_rights=[{\"user\":3}]\n".into(),
        format!("account 1006 {listed}\n"),
        "03:00:00 signal 1006 E401 g1 n4\n".into(),
        ["n3", "n5", "n7", ""]
            .map(|user| format!("09:00:00 signal 1006 R401 g1 n3\n09:01:00 signal 1006 E401 g1 {user}\n"))
            .concat(),
        "09:10:00 signal 1005 E401 g1 n3\n09:11:00 signal 1005 E401 g2 n4\nshow queue".into(),
    ]
    .concat();
    insta::assert_snapshot!(play(Policy::from_toml(policy).unwrap(), &script));
}

/// Who may close late closes late in order, where the centre shows late closings; whoever may not, or not any more, is shown.
#[test]
fn row_2_2_schedule_who_may_close_late() {
    let until = 1_795_305_600_000_i64 + 20 * 3_600_000;
    let rights = format!(
        "user_rights=[{{\"user\":3,\"closes_late\":true,\"until\":{until}}},{{\"user\":4,\"closes_late\":true}}]"
    );
    let script = format!(
        "
        account 1001 schedule=\"zone UTC; Mon-Sun 08:30-18:00\" {rights}
        account 1002 schedule=\"zone UTC; Mon-Sun 08:30-18:00\" {rights}
        account 1003 schedule=\"zone UTC; Mon-Sun 08:30-18:00\" {rights}
        09:00:00 signal 1001 E401 g1 n3
        09:00:00 signal 1002 E401 g1 n3
        09:00:00 signal 1003 E401 g1 n3
        19:00:00 signal 1001 R401 g1 n3
        19:30:00 signal 1002 R401 g1 n5
        20:30:00 signal 1003 R401 g1 n3
        show queue
        "
    );
    let policy = Policy::from_toml("[schedule]\nlate_close = { action = 'show', priority = 4 }\n").unwrap();
    insta::assert_snapshot!(play(policy, &script));
}
