//! Another centre as a mirror (§2.6): which signals it gets.

use crate::script::{play, rules};

/// §2.6 Other ARC / mirror: "forward as DC-09 to another centre". All of one site, and the alarms of one account; logged, held or
/// shown, a signal goes once to each centre; a frame sent again, what names no account and what was not understood does not.
#[test]
fn row_2_6_mirror_what_is_forwarded() {
    let policy = r#"{"forward": [
        {"to": "north", "sites": ["mall"]},
        {"to": "north", "accounts": ["1001"], "classes": ["burglary"]},
        {"to": "south", "classes": ["burglary", "fire"]}]}"#;
    let day = "
        account 1001 site=mall
        account 1002 site=mall
        account 1003
        09:00:00 signal 1001 E130 g1 n5 s4
        09:00:01 signal 1001 E130 g1 n5 s4
        09:00:10 signal 1002 E602
        09:00:20 signal 1002 E301
        09:00:30 signal 1003 E110 g1 n2
        09:00:40 signal 1003 E602
        09:00:50 signal 1002 nothing unread
        09:01:00 signal 9001 E130 g1 n1
        09:01:10 signal - E130 g1 n1
    ";
    insta::assert_snapshot!(play(rules(policy), day));
}
