//! The policy as a file: the documented one is the default and says every key; a fault is named with its place.

use alarmcore::{Handling, OrdinaryClass, OrdinaryCode, Policy, PolicyError};
use contactid::{Class, Code};

#[test]
fn the_documented_file_is_the_default() {
    assert_eq!(Policy::from_toml(Policy::DOCUMENTED), Ok(Policy::default()));
    assert_eq!(Policy::from_toml(""), Ok(Policy::default()));
}

/// Every key of the policy, as far down as there are defaults, stands in the file and not only in a comment.
#[test]
fn the_documented_file_says_every_key() {
    let written: toml::Table = Policy::DOCUMENTED.parse().unwrap();
    fn keys(table: &toml::Table) -> Vec<String> {
        let of = |(key, value): (&String, &toml::Value)| match value {
            toml::Value::Table(inner) => [vec![key.clone()], keys(inner)].concat(),
            _ => vec![key.clone()],
        };
        table.iter().flat_map(of).collect()
    }
    assert_eq!(keys(&written), keys(&toml::Table::try_from(Policy::default()).unwrap()));
    for word in ["action", "priority", "seconds", "\"show\"", "\"hold\"", "\"log\""] {
        assert!(Policy::DOCUMENTED.contains(word), "{word}");
    }
}

/// The examples are the defaults, and none is left out: a file that says them all changes nothing.
#[test]
fn the_examples_are_the_defaults() {
    let uncommented: Vec<&str> = Policy::DOCUMENTED
        .lines()
        .map(|line| {
            line.strip_prefix('#').filter(|rest| rest.starts_with(|sign: char| sign.is_alphanumeric())).unwrap_or(line)
        })
        .collect();
    let said = Policy::from_toml(&uncommented.join("\n")).unwrap();
    let classes =
        Class::ALL.iter().filter_map(|class| Some((OrdinaryClass::try_from(*class).ok()?, Policy::standard(*class))));
    assert_eq!(said.classes, classes.collect());
    let default = Policy::default();
    let every_code = (100..1000).map(|number: u16| number.to_string()).chain(pairs());
    let differs = every_code.filter_map(|text| {
        let code: Code = text.parse().ok()?;
        let signal = contactid::Signal::new(code, contactid::Qualifier::New);
        let handling: Handling = default.handling(&signal).0;
        (code.name(contactid::Lang::En).is_some() && handling != Policy::standard(code.class()))
            .then(|| Some((OrdinaryCode::try_from(code).ok()?, handling)))?
    });
    assert_eq!(said.codes, differs.collect());
}

fn pairs() -> impl Iterator<Item = String> {
    ('A'..='Z').flat_map(|first| ('A'..='Z').map(move |second| format!("{first}{second}")))
}

#[test]
fn a_fault_has_its_place_and_says_what_is_allowed() {
    let faults = [
        (
            "version = 2\nrepeat_windw_s = 9",
            (2, 1),
            "unknown field `repeat_windw_s`, expected one of `",
            Some("repeat_window_s"),
        ),
        ("colour = 2", (1, 1), "unknown field `colour`, expected one of `", None),
        (
            "[ageing]\n  warning = 3",
            (2, 3),
            "unknown field `warning`, expected `warning_s` or `critical_s`",
            Some("warning_s"),
        ),
        ("security = 300", (1, 12), "a priority is 1 to 10, not 300", None),
        ("security = 'high'", (1, 12), "invalid type: string \"high\", expected a whole number", None),
        ("a", (1, 2), "key with no value, expected `=`", None),
        ("version = -1", (1, 11), "invalid value: integer `-1`, expected a whole number from 0 to 4294967295", None),
        ("classes = 3", (1, 11), "invalid type: integer `3`, expected a table", None),
        ("version = 1\nversion = 2", (2, 1), "duplicate key", None),
        (
            "# 规则\n[classes]\nbatery = { action = 'log' }",
            (3, 1),
            "unknown variant `batery`, expected one of `",
            Some("battery"),
        ),
        (
            "[classes]\nfire = { action = 'log' }",
            (2, 1),
            "fire is life safety: it is always shown first, and no rule can change that",
            None,
        ),
        (
            "[codes]\n110 = { action = 'log' }",
            (2, 1),
            "fire is life safety: it is always shown first, and no rule can change that",
            None,
        ),
        (
            "[codes]\n1 = { action = 'log' }",
            (2, 1),
            "an event code is three digits (130), two upper-case letters (BA), or a list with its code (vds:34)",
            None,
        ),
        ("[classes.battery]\naction = 'hold'\npriority = 70", (3, 12), "a priority is 1 to 10, not 70", None),
        ("[confirm]\nzones = 1", (2, 9), "2 to 32 zones confirm an intrusion, not 1", None),
        (
            "[[override]]\naccounts = ['1']\nconfirm = { zones = 33 }",
            (3, 21),
            "2 to 32 zones confirm an intrusion, not 33",
            None,
        ),
        (
            "[classes.battery]\naction = 'hald'",
            (2, 10),
            "unknown variant `hald`, expected one of `show`, `hold`, `log`",
            Some("hold"),
        ),
        (
            "[classes.battery]\naction = 'hold'\npriority = 7\nsecond = 3",
            (4, 1),
            "unknown field `second`, expected one of `action`, `priority`, `seconds`",
            Some("seconds"),
        ),
        (
            "\n[classes]\nbattery = { action = 'hold', priority = 7 }",
            (3, 11),
            "`hold` needs `seconds`: how long it waits for the restore",
            None,
        ),
        (
            "[schedule]\nlate_close = { action = 'hold', priority = 3, seconds = 9 }",
            (2, 14),
            "an opening or closing has no restore to wait for: `show` it or `log` it",
            None,
        ),
        ("[classes.battery]\npriority = 7", (1, 1), "missing field `action`", None),
        (
            "[without_wish]\nburglary = ['plice']",
            (2, 13),
            "unknown variant `plice`, expected one of `police`, `fire`, `ambulance`, `insurer`",
            Some("police"),
        ),
        ("currency = 'yuan'", (1, 12), "a currency is three letters such as CNY, not \"yuan\"", None),
    ];
    for (text, place, why, nearest) in faults {
        let PolicyError { line, column, mut fault, nearest: found, text: shown } = Policy::from_toml(text).unwrap_err();
        if why.ends_with("one of `") {
            fault.truncate(why.len());
        }
        assert_eq!(((line, column), fault.as_str(), found.as_deref()), (place, why, nearest), "{text}");
        assert_eq!(Some(shown.as_str()), text.lines().nth(line - 1), "{text}");
    }
}

#[test]
fn a_fault_is_shown_with_its_line() {
    let error = Policy::from_toml("[classes.battery]\naction = \"hold\"\npriority = 70\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3, column 12: a priority is 1 to 10, not 70\n  priority = 70\n             ^");
    let error = Policy::from_toml("[ageing]\nwarning = 3").unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2, column 1: unknown field `warning`, expected `warning_s` or `critical_s`; did you mean `warning_s`?\n  \
         warning = 3\n  ^"
    );
}
