//! The read side over a small centre that always is the same: what every page and report is told.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "query/town.rs"]
mod town;

use alarmcore::{IncidentId, OperatorId, SignalId, Timestamp};
use contactid::Class;
use opsmodel::store::query::{Fate, Hole, IncidentFilter, Reader, Rule, SignalFilter, nearest_rank};
use opsmodel::store::{Answer, Batch, Centre, NewSignal, SignalLog};
use rusqlite::Connection;
use serde::Serialize;
use town::{account, at};

fn town() -> (tempfile::TempDir, Reader) {
    let dir = tempfile::tempdir().unwrap();
    town::build(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    (dir, reader)
}

/// Compares with `tests/query/NAME.json`; `GOLDEN=write` writes the file, to be read before it is believed.
fn golden(name: &str, found: &impl Serialize) {
    let path = format!("{}/tests/query/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let found = serde_json::to_string_pretty(found).unwrap() + "\n";
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap(), "{path}");
}

#[test]
fn pages_and_reports_are_told_what_is_stored() {
    let (_dir, reader) = town();
    let hour = (at(0), at(3600));
    golden("queue", &reader.queue().unwrap());
    for (name, id) in [("incident", 3), ("incident-closed", 1)] {
        let page = reader.incident(IncidentId::new(id)).unwrap().unwrap();
        let account = page.account.as_ref().unwrap();
        assert_eq!((page.incident.id, page.incident.version), (page.row.incident, page.row.version));
        golden(name, &(&page.row, &account.row, &page.signals, &page.recent, &page.moments));
    }
    let page = reader.account(account("1001")).unwrap().unwrap();
    assert_eq!(page.sheet.state, town::states(&town::received(&town::signals()[..11])).into_iter().next());
    let sheet = &page.sheet;
    golden("account", &(&sheet.row, &sheet.zones, &sheet.contacts, &page.signals, &page.incidents, &page.history));
    golden("accounts", &reader.accounts("", None, 10).unwrap());
    golden("board", &reader.board().unwrap());
    golden("handover", &reader.handover(&alarmcore::Policy::default()).unwrap());
    golden("tests", &reader.tests(at(0), at(3600)).unwrap());
    golden("lowered", &reader.lowered(&alarmcore::Policy::default()).unwrap());
    golden("response", &reader.response(hour.0, hour.1).unwrap());
    golden("false-alarms", &reader.false_alarms(hour.0, hour.1).unwrap());
    golden("conservation", &reader.conservation(hour.0, hour.1).unwrap());
    golden("counts", &reader.counts(at(0), at(86_400)).unwrap());
    golden("happenings", &reader.happenings(2, 5).unwrap());
    let why = [1, 3, 4, 5, 6, 7, 8, 12].map(|id| reader.explain(SignalId::new(id)).unwrap().unwrap());
    golden("explain", &why.map(|why| (why.signal.id, why.shown, why.steps, why.remarks, why.evidence.len())));
}

#[test]
fn the_last_word_on_a_signal_counts() {
    let (dir, reader) = town();
    let told = |reader: &Reader| {
        let row = reader.signal(SignalId::new(5)).unwrap().unwrap();
        let minute = reader.conservation(at(60), at(120)).unwrap().minutes.remove(0);
        (row.disposition, row.rule, minute.disposed, minute.held)
    };
    assert_eq!(told(&reader), (Some(Fate::Held), Some("restore-wait".to_owned()), 1, 1));
    let rule = alarmcore::Rule::RestoreWaitRestored;
    let (signal, outcome) = (SignalId::new(5), alarmcore::Outcome::Logged);
    let last = alarmcore::Output::Dispose(alarmcore::Disposition {
        signal,
        at: at(500),
        outcome,
        rule,
        policy: 1,
        overridden: None,
        unweighed: false,
        counted: false,
        unseen: false,
    });
    let batch = Batch { cursor: SignalId::new(11), received: &[], outputs: &[last], states: &[] };
    Centre::open(dir.path()).unwrap().commit(batch).unwrap();
    assert_eq!(told(&reader), (Some(Fate::Logged), Some("restore-wait.restored".to_owned()), 2, 0));
}

/// A mains loss on whose restore the wait ended: each of the two names the other, and the card names its own wait.
#[test]
fn a_held_signal_and_its_restore_explain_each_other() {
    let (dir, reader) = town();
    let mut restore = town::signal(400, "1002", "301", contactid::Qualifier::Restore, 0, 0);
    restore.report.content = 8;
    let mut log = SignalLog::open(dir.path()).unwrap();
    assert_eq!(log.append(&[restore], &[]).unwrap().len(), 1);
    let mut centre = Centre::open(dir.path()).unwrap();
    let school = centre.account(account("1002")).unwrap().unwrap();
    let change = opsmodel::crm::Change { by: None, at: at(66), origin: "desk".to_owned(), reason: "rain".to_owned() };
    centre.put_account(&opsmodel::crm::AccountCard { mains_wait_s: Some(900), ..school }, &change).unwrap();
    let mut desk = alarmcore::Desk::restore(alarmcore::Policy::default(), centre.snapshot().unwrap());
    let waiting = opsmodel::store::SignalReader::open(dir.path()).unwrap().after(SignalId::new(11), 10).unwrap();
    let received: Vec<_> = waiting.into_iter().map(|logged| logged.received).collect();
    let mut outputs = Vec::new();
    for signal in &received {
        desk.handle(alarmcore::Input::Signal(signal.clone()));
        outputs.extend(std::iter::from_fn(|| {
            Some(desk.poll()).filter(|output| !matches!(output, alarmcore::Output::Wait(_)))
        }));
    }
    let batch = Batch { cursor: SignalId::new(13), received: &received, outputs: &outputs, states: &[] };
    centre.commit(batch).unwrap();
    let why = |id| reader.explain(SignalId::new(id)).unwrap().unwrap();
    let of = |id, about: &str| {
        let remarks = why(id).remarks.into_iter().filter(|remark| remark.about.as_str() == about);
        remarks.map(|remark| remark.en).collect::<Vec<_>>()
    };
    assert_eq!(of(5, "other"), ["Signal 13 restored it after 330 s, at 2026-11-22T08:06:40.000Z."]);
    assert_eq!(
        of(5, "card"),
        [
            "Card version 2 of 2026-11-22T08:01:06.000Z counted: a mains loss waits 900 s here, whatever the policy says."
        ]
    );
    assert_eq!(of(13, "other"), ["It restored signal 5 of 2026-11-22T08:01:10.000Z, which was held until then."]);
    assert_eq!(of(13, "state"), ["Incident #3 of the account was open."]);
    let steps: Vec<_> = why(5).steps.into_iter().map(|step| (step.outcome, step.rule)).collect();
    let expected = [(Fate::Held, "restore-wait".to_owned()), (Fate::Logged, "restore-wait.restored".to_owned())];
    assert_eq!((why(5).shown, steps), (false, expected.to_vec()));
    // An incident's explanations are those of its signals, in their order.
    let of_incident: Vec<_> = reader.explain_incident(IncidentId::new(3)).unwrap();
    assert_eq!(of_incident.iter().map(|one| one.signal.id.get()).collect::<Vec<_>>(), [10, 11]);
    assert_eq!(why(10).evidence.iter().map(|one| one.signal.id.get()).collect::<Vec<_>>(), [10, 11]);
    assert_eq!(reader.explain_incident(IncidentId::new(9)).unwrap(), []);
    assert_eq!(reader.explain(SignalId::new(99)).unwrap(), None);
}

#[test]
fn what_is_not_there_is_none() {
    let (_dir, reader) = town();
    assert_eq!(reader.incident(IncidentId::new(4)).unwrap(), None);
    assert_eq!(reader.account(account("9999")).unwrap(), None);
    assert_eq!(reader.account_card(account("9999")).unwrap(), None);
    assert_eq!(reader.signal(SignalId::new(13)).unwrap(), None);
    assert_eq!(reader.operator_by_login("nobody").unwrap(), None);
    let none = reader.response(at(3600), at(7200)).unwrap();
    assert_eq!((none.rows.len(), none.percentiles.len()), (0, 0));
}

#[test]
fn nothing_that_a_page_is_told_holds_a_secret() {
    let (_dir, reader) = town();
    let page = serde_json::to_string(&reader.account(account("1001")).unwrap()).unwrap();
    let card = serde_json::to_value(reader.account_card(account("1001")).unwrap()).unwrap();
    let codeword = card["contacts"][0]["codeword"].to_string();
    assert!(codeword.len() > 2 && !page.contains(codeword.trim_matches(['{', '}'])), "{page}");
    assert!(!page.contains("digest") && !page.contains("salt"), "{page}");
}

#[test]
fn who_may_log_in() {
    let (_dir, reader) = town();
    let names = |reader: &Reader| reader.operators().unwrap().into_iter().map(|card| card.name).collect::<Vec<_>>();
    assert_eq!(names(&reader), ["王芳", "李娜"]);
    let wang = reader.operator_by_login("wang").unwrap().unwrap();
    assert_eq!((wang.card.id, wang.digest.as_str(), wang.password), (OperatorId::new(1), "$argon2id$digest", 1));
    assert_eq!(reader.signed_in(wang.card.id, 1).unwrap(), Some(wang.card.clone()));
    assert_eq!(reader.signed_in(wang.card.id, 2).unwrap(), None, "signed in with another password");
    assert_eq!(reader.operator_by_login("li").unwrap(), None, "has no password yet");
}

#[test]
fn accounts_are_found_by_number_name_and_address() {
    let (_dir, reader) = town();
    let found = |search: &str, after: Option<&str>, limit| {
        let rows = reader.accounts(search, after.map(account), limit).unwrap();
        rows.into_iter().map(|row| row.account.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("", None, 10), ["1001", "1002"]);
    assert_eq!(found("", None, 1), ["1001"]);
    assert_eq!(found("", Some("1001"), 10), ["1002"]);
    assert_eq!(found("1002", None, 10), ["1002"]);
    assert_eq!(found("珠宝", None, 10), ["1001"]);
    assert_eq!(found("north road", None, 10), ["1002"]);
    assert_eq!(found("002", None, 10), [""; 0], "a number is found by how it begins");
    assert_eq!(found("%", None, 10), [""; 0]);
}

fn ids(reader: &Reader, filter: &SignalFilter) -> Vec<u64> {
    let page = reader.signals(filter, None, 50).unwrap();
    assert_eq!(page.older, None);
    page.rows.into_iter().map(|row| row.id.get()).collect()
}

#[test]
fn signals_are_filtered_newest_first() {
    let (_dir, reader) = town();
    let any = SignalFilter::default;
    let cases = [
        (any(), vec![12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (SignalFilter { account: Some(account("1001")), ..any() }, vec![6, 3, 2, 1]),
        (SignalFilter { account: Some(account("1001")), outcome: Some(Fate::Joined), ..any() }, vec![2]),
        (SignalFilter { account: Some(account("1002")), class: Some(Class::Burglary), ..any() }, vec![11, 10]),
        (SignalFilter { class: Some(Class::Burglary), ..any() }, vec![11, 10, 6, 3, 2, 1]),
        (SignalFilter { class: Some(Class::Burglary), from: Some(at(1)), to: Some(at(120)), ..any() }, vec![3, 2]),
        (SignalFilter { class: Some(Class::Fire), ..any() }, vec![]),
        (SignalFilter { code: Some("130".parse().unwrap()), ..any() }, vec![6, 3, 1]),
        (SignalFilter { code: Some("BA".parse().unwrap()), ..any() }, vec![10]),
        (SignalFilter { incident: Some(IncidentId::new(1)), ..any() }, vec![2, 1]),
        (SignalFilter { incident: Some(IncidentId::new(1)), code: Some("131".parse().unwrap()), ..any() }, vec![2]),
        (SignalFilter { outcome: Some(Fate::Pending), ..any() }, vec![12]),
        (SignalFilter { outcome: Some(Fate::Held), ..any() }, vec![5]),
        (SignalFilter { outcome: Some(Fate::Repeat), ..any() }, vec![6]),
        (SignalFilter { token: Some("XYZ".to_owned()), ..any() }, vec![8]),
        (SignalFilter { line: Some("dc09-udp".to_owned()), ..any() }, vec![]),
        (SignalFilter { from: Some(at(65)), to: Some(at(180)), ..any() }, vec![6, 5, 4]),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(&reader, &filter), expected, "{filter:?}");
    }
}

#[test]
fn pages_hold_every_signal_once() {
    let (_dir, reader) = town();
    for filter in [
        SignalFilter::default(),
        SignalFilter { account: Some(account("1001")), ..SignalFilter::default() },
        SignalFilter { class: Some(Class::Burglary), ..SignalFilter::default() },
        SignalFilter { incident: Some(IncidentId::new(3)), ..SignalFilter::default() },
    ] {
        for limit in 1..5 {
            let (mut paged, mut older) = (Vec::new(), None);
            loop {
                let page = reader.signals(&filter, older, limit).unwrap();
                paged.extend(page.rows.iter().map(|row| row.id.get()));
                older = page.older;
                if older.is_none() {
                    break;
                }
            }
            assert_eq!(paged, ids(&reader, &filter), "{limit} a page, {filter:?}");
        }
    }
}

#[test]
fn incidents_are_paged_newest_first_and_in_order() {
    let (_dir, reader) = town();
    let list = |filter: &IncidentFilter, older: Option<u64>, limit| {
        let rows = reader.incidents(filter, older.map(IncidentId::new), limit).unwrap();
        rows.into_iter().map(|row| row.incident.get()).collect::<Vec<_>>()
    };
    let any = IncidentFilter::default;
    assert_eq!(list(&any(), None, 2), [3, 2]);
    assert_eq!(list(&any(), Some(2), 2), [1]);
    assert_eq!(list(&IncidentFilter { open: Some(true), ..any() }, None, 9), [3, 2]);
    assert_eq!(list(&IncidentFilter { open: Some(false), ..any() }, None, 9), [1]);
    assert_eq!(list(&IncidentFilter { account: Some(account("1002")), ..any() }, None, 9), [3]);
    assert_eq!(list(&IncidentFilter { from: Some(at(1)), to: Some(at(300)), ..any() }, None, 9), [2]);
    let first = reader.incidents_in_order(at(0), at(3600), None, 2).unwrap();
    let rest = reader.incidents_in_order(at(0), at(3600), first.last(), 2).unwrap();
    let numbers = first.iter().chain(&rest).map(|row| row.incident.get()).collect::<Vec<_>>();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn a_period_is_found_though_the_clock_was_set_back() {
    let dir = tempfile::tempdir().unwrap();
    // Received at 0, 100, ... 9,900 seconds, and in between the clock goes back by half an hour.
    let seconds = |step: i64| if step < 50 { step * 100 } else { step * 100 - 1800 };
    let signals: Vec<NewSignal> =
        (0..100).map(|step| town::signal(seconds(step), "1001", "602", contactid::Qualifier::New, 0, 0)).collect();
    town::store(dir.path(), &signals);
    let reader = Reader::open(dir.path()).unwrap();
    for (from, to) in [(0, 9_999), (3_000, 3_300), (4_000, 5_000), (8_100, 8_101), (9_999, 20_000)] {
        let expected: Vec<u64> =
            (0..100).filter(|&step| (from..to).contains(&seconds(step))).map(|step| step as u64 + 1).rev().collect();
        let filter = SignalFilter { from: Some(at(from)), to: Some(at(to)), ..SignalFilter::default() };
        let page = reader.signals(&filter, None, 200).unwrap();
        assert_eq!(page.rows.iter().map(|row| row.id.get()).collect::<Vec<_>>(), expected, "{from} to {to}");
    }
}

#[test]
fn a_search_for_something_rare_stops_and_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let mut signals: Vec<NewSignal> =
        (0..21_000).map(|_| town::signal(0, "1001", "602", contactid::Qualifier::New, 0, 0)).collect();
    signals[0].report.token = "XYZ".to_owned();
    town::store(dir.path(), &signals);
    let reader = Reader::open(dir.path()).unwrap();
    let filter = SignalFilter { token: Some("XYZ".to_owned()), ..SignalFilter::default() };
    let first = reader.signals(&filter, None, 50).unwrap();
    assert_eq!((first.rows.len(), first.older, first.searched_to), (0, Some(SignalId::new(1_001)), Some(at(0))));
    let second = reader.signals(&filter, first.older, 50).unwrap();
    assert_eq!((second.rows.len(), second.rows[0].id, second.older), (1, SignalId::new(1), None));
}

#[test]
fn a_spool_has_signals_and_no_fates() {
    let dir = tempfile::tempdir().unwrap();
    town::store(dir.path(), &town::signals());
    let reader = Reader::open(dir.path()).unwrap();
    assert!(!reader.has_desk());
    let rows = reader.log_rows(reader.log_range(at(0), at(3600)).unwrap()).unwrap();
    assert_eq!(rows.iter().map(|row| row.disposition).collect::<Vec<_>>(), [None; 12]);
    let of = SignalFilter { account: Some(account("1001")), ..SignalFilter::default() };
    assert_eq!(ids(&reader, &of), [12, 6, 3, 2, 1]);
    let conservation = reader.conservation(at(0), at(3600)).unwrap();
    assert_eq!((conservation.minutes.len(), conservation.holes), (7, vec![]));
}

#[test]
fn an_empty_store_answers_everything_with_nothing() {
    let dir = tempfile::tempdir().unwrap();
    SignalLog::open(dir.path()).unwrap();
    Centre::open(dir.path()).unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    let always = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    assert_eq!(reader.queue().unwrap().rows, []);
    assert_eq!(reader.signals(&SignalFilter::default(), None, 50).unwrap().rows, []);
    assert_eq!(reader.log_range(always.0, always.1).unwrap(), 1..1);
    assert_eq!(reader.response(always.0, always.1).unwrap().rows, []);
    assert_eq!(reader.conservation(always.0, always.1).unwrap().minutes, []);
    assert_eq!(reader.handover(&alarmcore::Policy::default()).unwrap().accounts, []);
    assert_eq!(reader.board().unwrap(), []);
    assert_eq!(reader.counts(always.0, always.1).unwrap(), []);
    assert_eq!(reader.journal_end().unwrap(), 0);
}

#[test]
fn a_directory_without_a_log_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Reader::open(dir.path()).is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn files_of_another_version_are_refused() {
    for (file, version, said) in [
        ("signals.db", 0, "signals.db has the older schema 0"),
        ("centre.db", 0, "centre.db has the older schema 0"),
        ("signals.db", 99, "signals.db has schema 99"),
        ("centre.db", 99, "centre.db has schema 99"),
    ] {
        let (dir, reader) = town();
        drop(reader);
        Connection::open(dir.path().join(file)).unwrap().pragma_update(None, "user_version", version).unwrap();
        let refused = Reader::open(dir.path()).map(drop).unwrap_err().to_string();
        assert!(refused.starts_with(said), "{refused}");
    }
}

/// Changes the files behind the store's back.
fn meddle(dir: &tempfile::TempDir, file: &str, change: &str) {
    let sql = Connection::open(dir.path().join(file)).unwrap();
    assert_eq!(sql.execute(change, []).unwrap(), 1, "{change}");
}

#[test]
fn every_hole_is_named() {
    let hole = |minute, rule, expected, found, signal: Option<u64>| Hole {
        minute: at(minute),
        line: "dc09-tcp".to_owned(),
        rule,
        expected,
        found,
        signal: signal.map(SignalId::new),
    };
    let cases = [
        (
            "signals.db",
            "UPDATE line_count SET received = received + 1 WHERE refused = 1",
            hole(240, Rule::ReceivedIsAnswered, 3, 2, None),
        ),
        ("signals.db", "DELETE FROM signal WHERE id = 6", hole(120, Rule::AcknowledgedIsStored, 1, 0, None)),
        ("centre.db", "DELETE FROM disposition WHERE signal = 11", hole(300, Rule::StoredIsDisposed, 2, 1, Some(11))),
    ];
    for (file, change, expected) in cases {
        let (dir, reader) = town();
        meddle(&dir, file, change);
        assert_eq!(reader.conservation(at(0), at(3600)).unwrap().holes, [expected], "{change}");
    }
}

#[test]
fn a_minute_is_counted_whole_or_not_at_all() {
    let (_dir, reader) = town();
    let found = reader.conservation(at(1), at(241)).unwrap();
    let minutes: Vec<Timestamp> = found.minutes.iter().map(|minute| minute.minute).collect();
    assert_eq!((minutes, found.holes), (vec![at(60), at(120), at(180), at(240)], vec![]));
    let (first, last) = reader.reach().unwrap().unwrap();
    assert!(first <= at(0) && last > at(360), "{first} to {last}");
}

#[test]
fn signals_of_the_centre_itself_are_no_frames() {
    let dir = tempfile::tempdir().unwrap();
    let mut own = town::signal(0, "1001", "350", contactid::Qualifier::New, 0, 0);
    own.report.line = "supervision".to_owned();
    own.report.marks = alarmcore::Marks::SUPERVISION;
    own.answer = Answer::None;
    assert_eq!(SignalLog::open(dir.path()).unwrap().append(&[own], &[]).unwrap().len(), 1);
    let found = Reader::open(dir.path()).unwrap().conservation(at(0), at(60)).unwrap();
    assert_eq!((found.minutes[0].signals, found.minutes[0].stored, found.holes), (1, 0, vec![]));
}

#[test]
fn percentiles_are_by_nearest_rank() {
    let hundred: Vec<u64> = (1..=100).collect();
    let ten: Vec<u64> = (1..=10).map(|value| value * 10).collect();
    for (values, per_mille, expected) in [
        (&hundred[..], 500, Some(50)),
        (&hundred, 800, Some(80)),
        (&hundred, 950, Some(95)),
        (&hundred, 985, Some(99)),
        (&hundred, 1000, Some(100)),
        (&ten, 500, Some(50)),
        (&ten, 950, Some(100)),
        (&ten, 1, Some(10)),
        (&ten[..1], 500, Some(10)),
        (&ten[..2], 500, Some(10)),
        (&[], 500, None),
    ] {
        assert_eq!(nearest_rank(values, per_mille), expected, "{per_mille} of {values:?}");
    }
}
