//! The rules as data: what can be said, what cannot, and what a label says in both languages.

use std::collections::BTreeSet;

use alarmcore::{
    Ageing, AgeingLimits, AreaOf, Authority, AvsReason, Basis, CallResult, CaughtUp, Cause, Check, ContactAnswer,
    DispatchState, EventKind, Exemption, Kind, Lang, OutcomeWord, Policy, Priority, Proof, QueueKey, RaiseReason,
    Resolution, Rule, Settlement, Sight, Source, Stage, StormEventKind, StormState, TestEnd, TestEventKind, TestReason,
    Timestamp,
};
use proptest::prelude::*;

use crate::script::play;

fn policy(json: &str) -> Result<Policy, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn a_file_names_only_what_differs() {
    assert_eq!(policy("{}"), Ok(Policy::default()));
    let stored = serde_json::to_string(&Policy::default()).unwrap();
    assert_eq!(policy(&stored), Ok(Policy::default()));
    let named = policy(r#"{"version": 7, "ageing": {"warning_s": 20}, "without_wish": {"burglary": ["police"]}}"#);
    let mut expected =
        Policy { version: 7, ageing: AgeingLimits { warning_s: 20, critical_s: 60 }, ..Policy::default() };
    expected.without_wish.insert(Kind::Burglary, BTreeSet::from([Authority::Police]));
    assert_eq!(named, Ok(expected));
}

/// Invariant 11: no rule can be made that holds or hides life safety.
#[test]
fn what_must_not_be_cannot_be_said() {
    let refusals = [
        (r#"{"classes": {"fire": {"action": "log"}}}"#, "fire is life safety"),
        (r#"{"classes": {"duress": {"action": "show", "priority": 9}}}"#, "duress is life safety"),
        (r#"{"codes": {"110": {"action": "log"}}}"#, "fire is life safety"),
        (r#"{"codes": {"GA": {"action": "hold", "priority": 2, "seconds": 5}}}"#, "gas is life safety"),
        (r#"{"codes": {"1": {"action": "log"}}}"#, "an event code is"),
        (r#"{"security": 0}"#, "a priority is 1 to 10, not 0"),
        (r#"{"security": 11}"#, "a priority is 1 to 10, not 11"),
        (r#"{"security": -300}"#, "a priority is 1 to 10, not -300"),
        (r#"{"currency": "yuan"}"#, "a currency is three letters"),
        (r#"{"colour": 1}"#, "unknown field `colour`"),
        (r#"{"ageing": {"late_s": 1}}"#, "unknown field `late_s`"),
        (r#"{"classes": {"battery": {"action": "log", "priority": 3}}}"#, "`log` takes no `priority`"),
        (r#"{"classes": {"battery": {"action": "show"}}}"#, "`show` needs a `priority`"),
        (r#"{"classes": {"battery": {"action": "show", "priority": 3, "seconds": 5}}}"#, "`show` takes no `seconds`"),
        (r#"{"classes": {"battery": {"action": "hold", "priority": 3}}}"#, "`hold` needs `seconds`"),
        (r#"{"classes": {"battery": {"action": "log", "colour": 3}}}"#, "unknown field `colour`"),
    ];
    for (json, why) in refusals {
        let error = policy(json).unwrap_err();
        assert!(error.contains(why), "{json}: {error}");
    }
}

/// A code goes before its class, a class before the standard; a rule of its own may hold anything but life safety.
#[test]
fn rules_of_the_centre_go_first() {
    let rules = policy(
        r#"{"version": 2, "codes": {"602": {"action": "show", "priority": 9}, "302": {"action": "log"}, "698": {"action": "log"}},
            "classes": {"battery": {"action": "hold", "priority": 8, "seconds": 60}, "burglary": {"action": "log"}}}"#,
    );
    insta::assert_snapshot!(
        "rules_of_the_centre_go_first",
        play(
            rules.unwrap(),
            "
            account 1001
            10:00:00 signal 1001 E602
            10:00:01 signal 1001 E302
            10:00:02 signal 1001 E311
            10:00:03 signal 1001 E130 n5
            10:00:04 signal 1001 E698
            10:00:05 signal 1001 E423 n1
            10:00:06 signal 1001 E641 n1
            10:00:07 signal 1001 R641 n1
            10:00:08 signal 1001 E645 n1
            10:05:00 time
        "
        )
    );
}

/// I11: what a rule of the centre hands over without the owner's wish is owed at the closing.
#[test]
fn police_without_the_owners_wish() {
    let rules = policy(r#"{"without_wish": {"burglary": ["police"]}}"#).unwrap();
    insta::assert_snapshot!(
        "police_without_the_owners_wish",
        play(
            rules,
            "
            account 1001
            10:00:00 signal 1001 E130 n5
            10:00:10 op1 inc1 take
            10:00:20 op1 inc1 hand-off to=police
            10:00:30 op1 inc1 confirm-real basis=video
            10:00:40 op1 inc1 notify-owner contact=1
            10:01:00 op1 inc1 record-wish police=false insurer=false
            10:01:10 op1 inc1 hand-off to=insurer
            10:01:20 op1 inc1 close
            10:01:30 op1 inc1 hand-off to=police
            10:01:40 op1 inc1 close
            10:01:50 op1 inc1 answer-hand-off number=1 accepted=true
            10:02:00 op1 inc1 close
        "
        )
    );
}

#[test]
fn a_waiting_incident_changes_colour() {
    let limits = AgeingLimits { warning_s: 30, critical_s: 60 };
    let at = |secs: i64| limits.colour(Timestamp::from_secs(1000), Timestamp::from_secs(1000 + secs));
    assert_eq!(
        [-5, 0, 29, 30, 59, 60].map(at),
        [Ageing::Fresh, Ageing::Fresh, Ageing::Fresh, Ageing::Warning, Ageing::Warning, Ageing::Critical]
    );
}

/// Every word has both labels, and no two words of a list share one: an operator must be able to tell them apart.
#[test]
fn every_word_has_two_labels_of_its_own() {
    fn check<T: Copy>(all: &[T], label: impl Fn(T, Lang) -> &'static str, word: impl Fn(T) -> &'static str) {
        for lang in [Lang::En, Lang::Zh] {
            let labels: BTreeSet<&str> = all.iter().map(|value| label(*value, lang)).collect();
            assert_eq!(labels.len(), all.len(), "two words share a label: {labels:?}");
            assert!(!labels.contains(""));
        }
        for value in all {
            assert!(label(*value, Lang::En).is_ascii(), "{}", label(*value, Lang::En));
            assert!(!label(*value, Lang::Zh).is_ascii(), "{}", label(*value, Lang::Zh));
        }
        let words: BTreeSet<&str> = all.iter().map(|value| word(*value)).collect();
        assert_eq!(words.len(), all.len());
    }
    macro_rules! check_all {
        ($($name:ident)*) => { $(
            check($name::ALL, $name::label, $name::as_str);
            assert!($name::ALL.iter().all(|value| $name::from_word(value.as_str()) == Some(*value)));
            assert_eq!($name::from_word("no such word"), None);
        )* };
    }
    check_all!(
        Ageing Authority AvsReason Basis CallResult Cause Check DispatchState EventKind Kind OutcomeWord RaiseReason Resolution Rule
        Exemption Proof Settlement Sight Source Stage TestEnd TestEventKind TestReason
        AreaOf CaughtUp ContactAnswer StormEventKind StormState
    );
}

proptest! {
    /// The queue is in the order of priority, then age, then number, whatever else is true of the incidents.
    #[test]
    fn row_2_5_queue_order(
        keys in proptest::collection::vec((1_u8..=10, 0_i64..5, 1_u64..9), 0..40)
    ) {
        let key = |(priority, secs, id)| QueueKey {
            priority: Priority::clamped(priority),
            opened_at: Timestamp::from_secs(secs),
            id: alarmcore::IncidentId::new(id),
        };
        let mut by_key = keys.clone();
        by_key.sort_by_key(|parts| key(*parts));
        let mut by_parts = keys;
        by_parts.sort();
        prop_assert_eq!(by_key, by_parts);
    }
}
