//! Recent opening and closing (capabilities 2.2): lowered or logged by policy, with the user; never life safety.

use alarmcore::Policy;

use crate::script::{play, rules};

/// The acceptance test: an intrusion soon after an authorised opening or a closing is shown lower, with the user's number; life
/// safety, an opening without a user, another group, what the panel confirms and what a person reports are not; two zones of
/// the user's own walk confirm nothing.
#[test]
fn row_2_2_recent_soon_after() {
    insta::assert_snapshot!(
        "recent_lowered",
        play(
            Policy::default(),
            "
            account 1001
            08:00:00 signal 1001 E401 g1 n3
            08:05:00 signal 1001 E130 g1 n5
            08:05:00 signal 1001 E131 g1 n6
            08:05:01 signal 1001 E132 g1 n7
            account 1002
            18:00:00 signal 1002 R401 g1 n4
            18:01:30 signal 1002 E134 g1 n1
            18:01:31 signal 1002 E130 g1 n2
            account 1003
            19:00:00 signal 1003 E401 n3
            19:00:01 signal 1003 E121 n3
            account 1004
            20:00:00 signal 1004 E401
            20:00:01 signal 1004 E130 n5
            account 1005
            21:00:00 signal 1005 E401 g1 n3
            21:00:01 signal 1005 E130 g2 n5
            account 1006
            22:00:00 signal 1006 E401 n3
            22:00:01 signal 1006 E139 n5
            account 1007
            23:00:00 signal 1007 E401 n3
            23:00:01 signal 1007 E130 n5 manual
            show queue
        "
        )
    );
}

/// The other half of the row: an intrusion soon *before* a closing that names its user is lowered by it, and stays. Not one that
/// came longer before, that is confirmed, of another group, reported by a person or about people; nor by a closing without a user
/// or out of its hours.
#[test]
fn row_2_2_recent_before_a_closing() {
    insta::assert_snapshot!(
        "recent_before_closing",
        play(
            Policy::default(),
            "
            account 1001
            18:00:00 signal 1001 E130 g1 n5
            18:01:30 signal 1001 R401 g1 n4
            account 1002
            18:10:00 signal 1002 E130 g1 n5
            18:11:31 signal 1002 R401 g1 n4
            account 1003
            18:20:00 signal 1003 E130 g1 n5
            18:20:10 signal 1003 E131 g1 n6
            18:20:20 signal 1003 R401 g1 n4
            account 1004
            18:30:00 signal 1004 E130 g1 n5
            18:30:20 signal 1004 R401 g2 n4
            account 1005
            18:40:00 signal 1005 E130 g1 n5 manual
            18:40:20 signal 1005 R401 g1 n4
            account 1006
            18:50:00 signal 1006 E120 g1 n5
            18:50:20 signal 1006 R401 g1 n4
            account 1007
            19:00:00 signal 1007 E130 g1 n5
            19:00:20 signal 1007 R401 g1
            show queue
        "
        )
    );
}

/// A centre may log them. What belongs to an open alarm still joins it.
#[test]
fn logged_where_the_centre_says_so() {
    insta::assert_snapshot!(
        "recent_logged",
        play(
            rules(r#"{"recent": {"opening_s": 60, "closing_s": 30, "log": true}}"#),
            "
            account 1001
            08:00:00 signal 1001 E401 n3
            08:01:00 signal 1001 E130 n5
            08:01:01 signal 1001 E130 n6
            18:00:00 signal 1001 R401 n4
            18:00:30 signal 1001 E130 n5
            account 1002
            18:00:00 signal 1002 R401 n4
            18:00:30 signal 1002 E130 n5
            18:00:31 signal 1002 E130 n6
            18:00:32 signal 1002 E110 n7
            show queue
        "
        )
    );
}

/// 0 seconds: never.
#[test]
fn a_centre_may_show_all_alike() {
    let off = rules(r#"{"recent": {"opening_s": 0, "closing_s": 0}}"#);
    let script = "account 1001\n08:00:00 signal 1001 E401 n3\n08:00:00 signal 1001 E130 n5\nshow queue";
    assert_eq!(play(off, script).lines().last(), Some("  | inc1 p2 burglary new nobody signals=1 marks=-"));
}

/// Nor does a closing lower what came in its very second, where no seconds before it count.
#[test]
fn no_closing_lowers_where_none_is_to() {
    let last = |seconds: u32| {
        let policy = rules(&format!(r#"{{"recent": {{"before_closing_s": {seconds}}}}}"#));
        let day = "account 1001\n18:00:00 signal 1001 E130 g1 n5\n18:00:00 signal 1001 R401 g1 n4\nshow queue";
        play(policy, day).lines().last().unwrap().to_owned()
    };
    assert_eq!(last(0), "  | inc1 p2 burglary new nobody signals=1 marks=-");
    assert!(last(1).contains("signals=2"), "{}", last(1));
}
