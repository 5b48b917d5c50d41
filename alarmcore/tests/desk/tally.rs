//! How many troubles of an area count towards a storm, as they come, age and are no reason any more, and as cards change.

use alarmcore::{AccountCard, AreaNames, Input};

use crate::script::{MIDNIGHT, play, rules, signal};
use crate::witness::Witness;

/// Three accounts within ten minutes are a storm.
const THREE: &str = r#"{"storm": {"accounts": 3, "window_s": 600}}"#;

/// The storms that a rule declares on this day: when each.
fn declared(day: &str) -> Vec<String> {
    let cards = (1..=6).map(|number| format!("account 100{number} district=East\n")).collect::<String>();
    let said = play(rules(THREE), &(cards + day));
    let by_rule = said.lines().filter(|line| line.contains(" - declared "));
    by_rule.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

/// A trouble counts for as long as the window is, and no second longer.
#[test]
fn a_trouble_counts_for_the_window() {
    let day = |third: &str| format!("10:00:00 signal 1001 E350\n10:05:00 signal 1002 E350\n{third} signal 1003 E350");
    assert_eq!(declared(&day("10:09:59")), ["10:09:59"]);
    assert_eq!(declared(&day("10:10:00")), [""; 0]);
}

/// What has aged counts neither for its account nor for the area, however often the account failed.
#[test]
fn what_has_aged_is_taken_away() {
    let day = |again: &str| {
        format!(
            "10:00:00 signal 1001 E350\n{again}10:11:00 signal 1002 E350\n10:12:00 signal 1003 E350\n10:13:00 signal 1004 E350"
        )
    };
    assert_eq!(declared(&day("")), ["10:13:00"]);
    assert_eq!(declared(&day("10:00:30 signal 1001 E301\n")), ["10:13:00"]);
    // A trouble of it that is younger still counts.
    assert_eq!(declared(&day("10:08:00 signal 1001 E301\n")), ["10:12:00"]);
}

/// What failed up to the second in which a storm stopped grouping is no reason for another, and is not taken from what came after.
#[test]
fn what_counts_after_a_storm() {
    let storm = "10:00:00 sup1 storm declare area=district name=East minutes=10\n";
    let after = |day: &str| declared(&format!("{storm}{day}"));
    let three =
        |first: &str| after(&format!("{first} signal 1001 E350\n10:10:10 signal 1002 E350\n10:10:20 signal 1003 E350"));
    assert_eq!(three("10:10:01"), ["10:10:20"]);
    assert_eq!(three("10:10:00"), [""; 0]);
    // What came after it ages as anything does.
    let aged = "10:10:01 signal 1001 E350\n10:10:02 signal 1002 E350\n10:21:00 signal 1003 E350";
    assert_eq!(after(aged), [""; 0]);
    let both =
        "10:10:00 signal 1001 E350\n10:15:00 signal 1001 E301\n10:16:00 signal 1002 E350\n10:20:30 signal 1003 E350";
    assert_eq!(after(both), ["10:20:30"]);
}

/// How many troubles are usual depends on how many accounts an area has: cards that leave it are members no more.
#[test]
fn members_go_with_their_cards() {
    let declared_by = |moved: u32| {
        let policy = r#"{"storm": {"accounts": 1, "times": 10, "window_s": 3600, "normal_per_thousand": 20}}"#;
        let mut witness = Witness::new(rules(policy));
        let mut put = |number: u32, district: &str| {
            let areas = AreaNames { district: Some(district.into()), ..AreaNames::default() }.into();
            let account = (1000 + number).to_string().parse().unwrap();
            let _ = witness.handle(Input::Account(AccountCard { areas, ..AccountCard::new(account) }));
        };
        (0..361).for_each(|number| put(number, "East"));
        (0..moved).for_each(|number| put(360 - number, "West"));
        let storm = (1..=5_u64).find(|id| {
            let received = signal(*id, MIDNIGHT.plus_secs(*id as u32 * 60), &(1000 + id).to_string(), &["E350"]);
            let _ = witness.handle(Input::Signal(received));
            witness.desk().storms().next().is_some()
        });
        witness.close();
        storm
    };
    // Up to 120 accounts one trouble an hour is ten times as many as usual, up to 240 the second, up to 360 the third.
    assert_eq!([0, 1, 121, 122, 241].map(declared_by), [Some(4), Some(3), Some(2), Some(2), Some(1)]);
}
