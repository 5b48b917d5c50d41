//! Overrides of the policy (issue 4, item 9): for whom, what goes before what, and what cannot be said.

use alarmcore::{AccountCard, Covers, Handling, Input, Output, Policy, Priority, Rule};
use contactid::{Code, Qualifier, Signal};

use crate::script::{at, play, signal};
use crate::witness::Witness;

const RULES: &str = r#"
    version = 4
    codes = { 137 = { action = "show", priority = 3 } }

    [[override]]
    site = "North Mall"
    swinger = { trips = 1 }
    classes = { tamper = { action = "log" }, battery = { action = "log" } }
    recent = { opening_s = 60 }

    [[override]]
    accounts = ["1001"]
    classes = { battery = { action = "show", priority = 2 } }
    codes = { 301 = { action = "log" } }
    offer_accept_s = 20
"#;

fn rules() -> Policy {
    Policy::from_toml(RULES).unwrap()
}

/// The account goes before the site, the site before the centre; who is of neither keeps the centre's rules, and every
/// disposition names the override that decided. A class that is named goes before what the centre says of its codes.
#[test]
fn the_most_specific_override_decides() {
    let script = "
        account 1001 site=\"North Mall\"
        account 1002 site=\"North Mall\"
        account 1003
        unit 7
        09:00:00 signal 1001 E302
        09:00:01 signal 1002 E302
        09:00:02 signal 1003 E302
        09:01:00 signal 1001 E137 n3
        09:01:01 signal 1003 E137 n3
        09:02:00 signal 1001 E301
        09:02:01 signal 1002 E301
        09:03:00 signal 1002 R401 n1
        09:03:10 signal 1002 E130 n5
        09:03:20 signal 1002 R130 n5
        09:03:30 signal 1002 E130 n5
        09:04:00 signal 1002 E110 n5
        09:05:00 signal 1001 E130 n1
        09:05:10 op1 inc5 take
        09:05:20 op1 inc5 pre-process unit=7
        09:05:39 time
        09:05:40 time
        09:06:00 signal 1001 E350
        09:06:01 signal 9001 E302
        show queue
    ";
    insta::assert_snapshot!(play(rules(), script));
}

/// A kind of site goes before the centre, its site and the account before it: each takes what the less specific say and it does
/// not; every disposition names the one that decided.
#[test]
fn a_kind_of_site_has_its_rules() {
    let policy = Policy::from_toml(
        r#"
        [[override]]
        site_type = "bank"
        classes = { tamper = { action = "show", priority = 2 }, battery = { action = "log" } }
        [[override]]
        site = "North Mall"
        classes = { battery = { action = "show", priority = 4 } }
        [[override]]
        accounts = ["1003"]
        classes = { tamper = { action = "log" } }
        "#,
    );
    let script = "
        account 1001 site_type=bank
        account 1002 site_type=bank site=\"North Mall\"
        account 1003 site_type=bank
        account 1004 site_type=school
        09:00:00 signal 1001 E137 n1
        09:00:01 signal 1001 E302
        09:00:02 signal 1002 E137 n1
        09:00:03 signal 1002 E302
        09:00:04 signal 1003 E137 n1
        09:00:05 signal 1003 E302
        09:00:06 signal 1004 E302
        account 1001 site_type=school
        09:01:00 signal 1001 E302
        show queue
    ";
    insta::assert_snapshot!(play(policy.unwrap(), script));
}

/// A card that moves to another site has the rules of that from then on; without a site, those of the centre.
#[test]
fn the_rules_follow_the_card() {
    let script = "
        account 1002 site=\"North Mall\"
        09:00:00 signal 1002 E302
        account 1002 site=\"South Mall\"
        09:01:00 signal 1002 E302
        account 1002 site=\"North Mall\"
        09:02:00 signal 1002 R302
        09:02:10 signal 1002 E302
        closed 1002
        09:03:00 signal 1002 E302
    ";
    insta::assert_snapshot!(play(rules(), script));
}

/// What a signal would come to for whoever has overrides of account and site at once.
#[test]
fn the_rules_of_one_account_are_one_policy() {
    let policy = rules();
    let card = AccountCard {
        site: Some(std::sync::Arc::new("North Mall".into())),
        ..AccountCard::new("1001".parse().unwrap())
    };
    let own = policy.of(&card);
    let handled = |code: &str| own.handling(&Signal::new(code.parse::<Code>().unwrap(), Qualifier::New));
    assert_eq!(handled("302"), (Handling::Show { priority: Priority::clamped(2) }, Rule::ClassShown));
    assert_eq!(handled("137"), (Handling::Log {}, Rule::ClassLogged));
    assert_eq!(handled("301"), (Handling::Log {}, Rule::CodeLogged));
    assert_eq!((own.swinger.trips, own.swinger.rest_s, own.offer_accept_s), (1, 86_400, 20));
    assert_eq!((own.recent.opening_s, own.recent.closing_s), (60, 90));
    let covers: Vec<&Covers> = policy.overrides.iter().map(|one| &one.covers).collect();
    assert_eq!(covers, [&Covers::Site("North Mall".into()), &Covers::Accounts(["1001".parse().unwrap()].into()),]);
    assert_eq!(*policy.of(&AccountCard::new("1003".parse().unwrap())), policy);
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
}

/// A fault has its own line, in one override or between two; life safety cannot be named.
#[test]
fn a_fault_of_an_override_has_its_line() {
    let good = "version = 2\n[[override]]\nsite = 'a'\nswinger = { trips = 3 }\n\n";
    let faults = [
        (
            "[[override]]\nswinger = { trips = 3 }",
            (6, 1),
            "an override needs `accounts`, a list of their numbers, `site`, the name of one, `site_type`, a kind of them, or `district`",
        ),
        (
            "[[override]]\naccounts = []\nswinger = { trips = 3 }",
            (6, 1),
            "an override needs `accounts`, a list of their numbers, `site`, the name of one, `site_type`, a kind of them, or `district`",
        ),
        (
            "[[override]]\nsite = 'b'\naccounts = ['7']\nswinger = { trips = 3 }",
            (6, 1),
            "an override is for `accounts`, for a `site`, for a `site_type` or for a `district`, not for several of them: make one of each",
        ),
        ("[[override]]\nsite = 'b'", (6, 1), "an override that changes nothing: name a rule"),
        (
            "[[override]]\nsite = 'b'\nsite_type = 'bank'\nswinger = { trips = 3 }",
            (6, 1),
            "an override is for `accounts`, for a `site`, for a `site_type` or for a `district`, not for several of them: make one of each",
        ),
        (
            "[[override]]\nsite_type = 'bank'\nswinger = { trips = 3 }\n[[override]]\nsite_type = 'bank '\nswinger = { trips = 4 }",
            (9, 1),
            "site_type \"bank\" stands in two overrides: put what differs for it into one",
        ),
        (
            "[[override]]\ndistrict = 'East'\nswinger = { trips = 3 }\n[[override]]\ndistrict = 'East'\nswinger = { trips = 4 }",
            (9, 1),
            "district \"East\" stands in two overrides: put what differs for it into one",
        ),
        (
            "[[override]]\nsite = ' a'\nrecent = { log = true }",
            (6, 1),
            "site \"a\" stands in two overrides: put what differs for it into one",
        ),
        (
            "[[override]]\nsite = 'b'\nclasses = { fire = { action = 'log' } }",
            (8, 13),
            "fire is life safety: it is always shown first, and no rule can change that",
        ),
        (
            "[[override]]\nsite = 'b'\ncodes = { 110 = { action = 'log' } }",
            (8, 11),
            "fire is life safety: it is always shown first, and no rule can change that",
        ),
        (
            "[[override]]\nsite = 'b'\nswinger = { trips = 3, rest = 3 }",
            (8, 24),
            "unknown field `rest`, expected `trips` or `rest_s`",
        ),
        (
            "[[override]]\naccounts = ['1001', 7]\nswinger = { trips = 3 }",
            (7, 21),
            "invalid type: integer `7`, expected",
        ),
    ];
    for (bad, place, why) in faults {
        let error = Policy::from_toml(&format!("{good}{bad}")).unwrap_err();
        assert_eq!((error.line, error.column), place, "{bad}: {error}");
        assert!(error.fault.starts_with(why), "{bad}: {error}");
    }
    let twice = "override = [{accounts=['1','2'], swinger={trips=3}}, {accounts=['2'], swinger={trips=3}}]";
    let error = Policy::from_toml(twice).unwrap_err();
    assert_eq!((error.line, error.column), (1, 54));
    assert_eq!(error.fault, "account 2 stands in two overrides: put what differs for it into one");
}

/// Nothing that an override can say keeps life safety from an operator.
#[test]
fn life_safety_is_shown_under_every_override() {
    let policy = Policy::from_toml(
        "[[override]]\naccounts = ['1001']\nswinger = { trips = 1 }\nrunaway = { signals = 1 }\n\
         recent = { log = true, opening_s = 9999, closing_s = 9999 }\nclasses = { burglary = { action = 'log' } }",
    )
    .unwrap();
    let mut witness = Witness::new(policy);
    witness.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
    for (place, code) in ["E401", "E110", "E120", "E121", "E100", "E151"].iter().enumerate() {
        let said = witness.handle(Input::Signal(signal(place as u64 + 1, at("09:00:00"), "1001", &[code, "n1"])));
        let rules = said.iter().filter_map(|output| match output {
            Output::Dispose(disposition) => Some(disposition.rule),
            _ => None,
        });
        let due = if place == 0 { Rule::Runaway } else { Rule::LifeSafety };
        assert_eq!(rules.collect::<Vec<_>>(), [due], "{code}");
    }
    witness.close();
}
