//! Which override decided: every disposition names the one that says something of what decided, and no other.

use alarmcore::{AccountCard, Handling, Policy, Rule};
use contactid::{Code, Qualifier, Signal};

use crate::script::{MIDNIGHT, play};

/// Open from 08:00 to 18:00, to the minute; user 9 only in the afternoon.
const HOURS: &str = "account 1001 schedule=\"zone UTC; tolerance 0m; Mon-Sun 08:00-18:00; user 9 Mon-Sun 12:00-18:00\" \
     user_rights=[{\"user\":1},{\"user\":8,\"until\":0}]";

/// How the last signal of this day was disposed of, where the account's override says this.
fn decided(says: &str, day: &str) -> String {
    let policy =
        Policy::from_toml(&format!("[[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\n{says}\n"))
            .unwrap();
    let said = play(policy, &format!("{HOURS}\n{day}"));
    let last = said.lines().rfind(|line| line.contains(" sig")).unwrap();
    last.split_once('(').unwrap().1.trim_end_matches(')').to_owned()
}

/// Openings and closings out of their hours.
#[test]
fn of_the_schedule() {
    let closed = "00:10:00 signal 1001 R401 g1 n1\n";
    let open = format!("{closed}08:00:00 signal 1001 E401 g1 n1\n");
    let log = "{ action = 'log' }";
    let cases = [
        ("unexpected_open", "schedule.unexpected-open", format!("{closed}03:00:00 signal 1001 E401 g1 n1")),
        ("user_open", "schedule.user-open", format!("{closed}09:00:00 signal 1001 E401 g1 n9")),
        ("open_again", "schedule.open-again", format!("{open}09:00:00 signal 1001 E401 g1 n1")),
        ("expired_user", "schedule.expired-user", format!("{closed}09:00:00 signal 1001 E401 g1 n8")),
        ("unlisted_user", "schedule.unlisted-user", format!("{closed}09:00:00 signal 1001 E401 g1 n7")),
        ("early_open", "schedule.early-open", format!("{closed}07:50:00 signal 1001 E401 g1 n1")),
        ("late_open", "schedule.late-open", format!("{closed}09:00:00 signal 1001 E401 g1 n1")),
        ("early_close", "schedule.early-close", format!("{open}17:00:00 signal 1001 R401 g1 n1")),
        ("late_close", "schedule.late-close", format!("{open}19:00:00 signal 1001 R401 g1 n1")),
    ];
    for (key, rule, day) in &cases {
        assert_eq!(decided(&format!("schedule = {{ {key} = {log} }}"), day), format!("{rule}, override of account"));
        let other = if *key == "late_open" { "user_open" } else { "late_open" };
        assert_eq!(decided(&format!("schedule = {{ {other} = {log} }}"), day), *rule, "{key}");
    }
    // How early is early decides of both sides of that limit.
    let early = "schedule = { early_open_s = 60 }";
    assert_eq!(decided(early, &cases[5].2), "schedule.unexpected-open, override of account");
    assert_eq!(decided("schedule = { early_open_s = 18000 }", &cases[0].2), "schedule.early-open, override of account");
}

/// An intrusion soon after an opening or a closing: how soon is soon is said of each by itself, and of both how it is shown.
#[test]
fn of_what_comes_soon_after_an_opening_or_closing() {
    let opened = "09:00:00 signal 1001 E401 g1 n1\n09:00:30 signal 1001 E130 g1 n5";
    let closed = "09:00:00 signal 1001 R401 g1 n1\n09:00:30 signal 1001 E130 g1 n5";
    let said = |says: &str| [opened, closed].map(|day| decided(&format!("recent = {{ {says} }}"), day));
    let (opening, closing) = ("recent-opening", "recent-closing");
    let named = |rule: &str| format!("{rule}, override of account");
    assert_eq!(said("opening_s = 60"), [named(opening), closing.into()]);
    assert_eq!(said("closing_s = 60"), [opening.into(), named(closing)]);
    assert_eq!(said("before_closing_s = 60"), [opening, closing]);
    assert_eq!(said("priority = 6"), [named(opening), named(closing)]);
    let left = "09:00:00 signal 1001 E130 g1 n5\n09:00:30 signal 1001 R401 g1 n1";
    let leaving = |says: &str| decided(&format!("recent = {{ {says} }}"), left);
    let says = ["before_closing_s = 60", "priority = 6", "opening_s = 60"].map(leaving);
    assert_eq!(says, [named("before-closing"), named("before-closing"), "before-closing".into()]);
    assert_eq!(said("log = true"), [named("recent-opening.logged"), named("recent-closing.logged")]);
}

/// A panel that runs away, and an intrusion that nothing has confirmed yet.
#[test]
fn of_runaways_and_what_is_unconfirmed() {
    let noise = |n: u32| format!("09:01:{n:02} signal 1001 E602\n");
    let day = (0..5).map(noise).collect::<String>();
    assert_eq!(decided("runaway = { signals = 5 }", &day), "runaway, override of account");
    let loud = (0..45).map(noise).collect::<String>();
    let own = decided("swinger = { trips = 9 }", &loud);
    assert!(own.starts_with("runaway") && !own.contains("override"), "{own}");
    let alarm = "09:00:00 signal 1001 E130 g1 n5";
    assert_eq!(decided("confirm = { unconfirmed = 5 }", alarm), "unconfirmed, override of account");
    let paths = "19:00:00 signal 1001 E351\n19:00:10 signal 1001 E353";
    assert_eq!(decided("confirm = { two_paths = true }", paths), "two-paths, override of account");
}

/// What an override says of a class goes before what the centre says of its codes, and of no other's.
#[test]
fn a_class_of_an_override_goes_before_codes_of_the_centre() {
    let policy = Policy::from_toml(
        "codes = { 137 = { action = 'show', priority = 3 }, 301 = { action = 'log' } }\n\
         [[override]]\naccounts = ['1001']\nowner = 'Li'\nuntil = '2027-03-31'\nclasses = { tamper = { action = 'log' } }\n",
    )
    .unwrap();
    let own = policy.of(&AccountCard::new("1001".parse().unwrap()), MIDNIGHT);
    let handled = |code: &str| own.handling(&Signal::new(code.parse::<Code>().unwrap(), Qualifier::New));
    assert_eq!(handled("137"), (Handling::Log {}, Rule::ClassLogged));
    assert_eq!(handled("301"), (Handling::Log {}, Rule::CodeLogged));
}
