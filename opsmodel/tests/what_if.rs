//! The past under other rules, over a real store: the same rules give the same past from whatever moment, and what the new
//! rules would have hidden is found.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "query/evening.rs"]
mod evening;
#[path = "query/town.rs"]
mod town;

use alarmcore::{Decided, Differences, Differing, Figures, OutcomeWord, Policy, Rule, Shown, SignalId, Timestamp};
use opsmodel::store::Centre;
use opsmodel::store::query::{Compared, Reader};
use town::at;

fn evening() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    evening::build(dir.path());
    dir
}

const BEGIN: Timestamp = Timestamp::from_millis(i64::MIN);
const END: Timestamp = Timestamp::from_millis(i64::MAX);

fn compare(reader: &Reader, from: Timestamp, to: Timestamp, new: Policy) -> Compared {
    reader.what_if((from, to), (evening::policy(), new), &mut |_| {}).unwrap()
}

fn reader(dir: &tempfile::TempDir) -> Reader {
    Reader::open(dir.path()).unwrap()
}

/// Under the rules that were in force, what is recorded happens again, word for word, whatever the moment it begins or ends
/// at: what stood at that moment is put together from the truth alone, and every act finds its incident.
#[test]
fn the_same_rules_make_the_same_past() {
    let dir = evening();
    let reader = reader(&dir);
    let whole = compare(&reader, BEGIN, END, evening::policy());
    let found = &whole.differences;
    assert_eq!((found.signals, found.agree, found.true_events, &found.disagree), (15, 15, 3, &vec![]));
    assert_eq!((found.old.opened, found.old.acts, found.old.dispatches, found.old.hand_offs), (6, 16, 2, 1));
    assert_eq!((whole.from, whole.to), (at(0), at(2200)));
    assert_eq!(whole.recorded, [(3, 15)].into());
    let mut acts = 0;
    for (from, to) in evening::moments().flat_map(|moment| [(BEGIN, moment), (moment, END)]) {
        let found = compare(&reader, from, to, evening::policy()).differences;
        let Figures { refused, dropped, .. } = found.old;
        assert_eq!((refused, dropped, found.agree), (0, 0, found.signals), "{from} to {to}");
        let same = Differences {
            true_events: found.true_events,
            signals: found.signals,
            agree: found.agree,
            both: found.old.opened,
            old: found.old.clone(),
            new: found.old.clone(),
            ..Differences::default()
        };
        assert_eq!(found, same, "{from} to {to}");
        acts += found.old.acts;
    }
    let moments = evening::moments().count() as u64;
    assert_eq!(acts, 16 * moments, "before and after a moment are the whole");
}

/// A tamper that people found real would not have been shown had tampers been logged; and mains that waits for an hour is
/// shown later, or not at all.
#[test]
fn what_would_have_been_hidden_is_found() {
    let dir = evening();
    let new = Policy::from_toml(
        "version = 4\n[classes]\ntamper = { action = 'log' }\nmains-power = { action = 'log' }\n\
         burglary = { action = 'hold', priority = 2, seconds = 30 }\nopen-close = { action = 'show', priority = 8 }\n",
    )
    .unwrap();
    let compared = compare(&reader(&dir), BEGIN, END, new);
    // Each incident that differs has its recorded number, but those that nobody had then.
    let numbers: Vec<_> = compared.differences.incidents.iter().zip(&compared.numbers).collect();
    for (one, number) in numbers {
        assert_eq!(number.is_some(), one.old.is_opened(), "{one:?}");
    }
    let found = compared.differences;
    let missed = |missed: &[alarmcore::Missed]| {
        let facts = missed.iter().map(|one| (one.incident.get(), one.signal.unwrap().get(), one.later_ms));
        facts.collect::<Vec<_>>()
    };
    assert_eq!(missed(&found.hidden), [(2, 6, None)], "the tamper: {found:#?}");
    assert_eq!(missed(&found.later), [(1, 1, Some(30_000))], "the burglary, after its wait");
    assert_eq!((found.signals, found.agree, found.disagree.len(), found.true_events), (15, 15, 0, 3));
    let decided = |outcome, rule| Decided { outcome, rule };
    let changed: Vec<_> = found.changed.iter().map(|pair| (pair.here, pair.there, pair.signals)).collect();
    let shown = decided(OutcomeWord::Opened, Rule::ClassShown);
    let logged = decided(OutcomeWord::Logged, Rule::ClassLogged);
    assert!(changed.contains(&(shown, logged, 1)), "{changed:?}");
    assert!(changed.contains(&(logged, shown, 2)), "{changed:?}");
    let openings = |counts: fn(&Differing) -> bool| {
        let counted = found.incidents.iter().filter(|one| counts(one));
        counted.map(|one| one.opening.signal.get()).collect::<Vec<_>>()
    };
    assert_eq!(openings(|one| one.old.is_opened() && one.new == Shown::Nowhere), [4, 6, 7], "{found:?}");
    assert_eq!(openings(|one| one.new.is_opened() && !one.old.is_opened()), [8, 9], "{found:?}");
    assert!(found.new.dropped > 0 && found.old.dropped == 0, "{found:?}");
}

/// An override that ended before the period is over in it from the start: what it hid was shown and closed before.
#[test]
fn an_override_that_ended_before_the_period_shows_nothing_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let policy = evening::build_ended(dir.path());
    let reader = reader(&dir);
    let opened = |from: i64| {
        let found = reader.what_if((at(from), END), (policy.clone(), policy.clone()), &mut |_| {}).unwrap().differences;
        (found.signals, found.agree, found.old.opened, found.old.refused, found.old.dropped)
    };
    assert_eq!(
        [-100, 200, 305, 350, 450].map(opened),
        [(3, 3, 2, 0, 0), (2, 2, 2, 0, 0), (2, 2, 1, 0, 0), (2, 2, 1, 0, 0), (1, 1, 1, 0, 0)]
    );
}

#[test]
fn the_same_question_has_the_same_answer_on_a_rebuilt_store_too() {
    let dir = evening();
    let ask = || {
        let new = Policy::from_toml("version = 9\n[classes]\ntamper = { action = 'log' }\n").unwrap();
        serde_json::to_string(&compare(&reader(&dir), at(25), at(2150), new)).unwrap()
    };
    let first = ask();
    assert_eq!(first, ask());
    Centre::open(dir.path()).unwrap().rebuild().unwrap();
    assert_eq!(first, ask());
}

/// What the desk has not reached yet is not of the past, however the period is asked for.
#[test]
fn a_signal_that_the_desk_has_not_reached_is_left_out() {
    let dir = evening();
    let whole = compare(&reader(&dir), BEGIN, END, Policy::default());
    let more = town::signal(2300, "1002", "110", contactid::Qualifier::New, 1, 4);
    let mut log = opsmodel::store::SignalLog::open(dir.path()).unwrap();
    assert_eq!(log.append(&[more], &[]).unwrap()[0].id(), SignalId::new(16));
    assert_eq!(compare(&reader(&dir), BEGIN, END, Policy::default()), whole);
    assert_eq!(compare(&reader(&dir), at(2250), END, Policy::default()).differences.signals, 0);
}

/// When the policy that is taken for the old one was another, that is seen.
#[test]
fn a_wrong_old_policy_disagrees_with_what_is_recorded() {
    let dir = evening();
    let wrong = Policy::from_toml("[classes]\ntest = { action = 'show', priority = 9 }\n").unwrap();
    let compared = reader(&dir).what_if((BEGIN, END), (wrong.clone(), wrong), &mut |_| {}).unwrap();
    let found = compared.differences;
    assert_eq!((found.agree, found.changed.len()), (14, 0));
    let [pair] = found.disagree.as_slice() else { panic!("{:?}", found.disagree) };
    assert_eq!(
        (pair.here.rule, pair.there.rule, &pair.examples),
        (Rule::ClassLogged, Rule::ClassShown, &vec![SignalId::new(10)])
    );
}

#[test]
fn an_empty_store_has_no_past() {
    let dir = tempfile::tempdir().unwrap();
    opsmodel::store::SignalLog::open(dir.path()).unwrap();
    Centre::open(dir.path()).unwrap();
    let compared = compare(&reader(&dir), BEGIN, END, Policy::default());
    assert_eq!((compared.differences.signals, compared.differences.old.acts), (0, 0));
}
