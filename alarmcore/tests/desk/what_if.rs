//! What another policy would have made of a day: the whole of what differs.

mod after;
mod supervised;

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, Area, AreaNames, AreaOf, ClosingAnswer, ContactId, Decided, Differences, FalseCallsEvent,
    FalseCallsRecord, IncidentId, Kind, LoweredEvent, LoweredRecord, Opening, OperatorId, OutcomeWord, Past, PastAct,
    Policy, Rule, SignalId, Snapshot, StormEvent, StormId, StormRecord, Timestamp, TrueEvent, UnitCard, UnitId, WhatIf,
};

use crate::script::{at, rules, signal};

/// An account of the district East.
fn card(account: &str) -> Past {
    let areas = AreaNames { district: Some("East".into()), ..AreaNames::default() }.into();
    Past::Account(AccountCard { areas, ..AccountCard::new(account.parse().unwrap()) })
}

/// The day of these signals, `time account event`, numbered from 1 on; and so many of `decided` as are known.
fn hear(what_if: &mut WhatIf, id: &mut u64, decided: Option<Decided>, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    *id += 1;
    what_if.hear(&Past::Signal(signal(*id, at(words[0]), words[1], &words[2..]), decided));
}

/// Tampers are logged and shown, batteries shown and logged, a line's trouble is more urgent, mains wait a minute and ten. What is
/// hidden, shown later, merged, added, gone, of another priority, and what disagrees with the record is named, with the first
/// examples; a true event that is shown as early as before is neither hidden nor later.
#[test]
fn everything_that_differs() {
    let old = rules(
        r#"{"version": 3, "classes": {"tamper": {"action": "log"}, "mains-power": {"action": "hold", "priority": 6, "seconds": 60}}}"#,
    );
    let new = rules(
        r#"{"version": 4, "classes": {"battery": {"action": "log"}, "communication": {"action": "show", "priority": 2},
            "mains-power": {"action": "hold", "priority": 6, "seconds": 600}}}"#,
    );
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), old, new);
    for account in 1001..=1020 {
        what_if.hear(&Past::Account(AccountCard::new(account.to_string().parse().unwrap())));
    }
    let mut id = 0;
    let shown = Some(Decided { outcome: OutcomeWord::Opened, rule: Rule::ClassShown });
    let logged = Some(Decided { outcome: OutcomeWord::Logged, rule: Rule::ClassLogged });
    for (decided, line) in [
        (logged, "10:00:00 1001 E137 n3"),
        (shown, "10:00:10 1001 E130 n5"),
        (shown, "10:01:00 1002 E302"),
        (None, "10:02:00 1003 E301"),
        (logged, "10:03:00 1004 E350"),
        (logged, "10:03:30 1005 E350"),
        (shown, "10:04:00 1006 E130 n5"),
        (None, "10:05:00 1007 E302"),
        (None, "10:05:01 1008 E302"),
        (None, "10:05:02 1009 E302"),
        (None, "10:05:03 1010 E302"),
        (None, "10:05:04 1011 E302"),
        (None, "10:06:00 1012 E137 n3"),
        (None, "10:59:30 1013 E301"),
    ] {
        hear(&mut what_if, &mut id, decided, line);
    }
    let truth = |incident: u64, kind, account: &str, opened: &str, signals: &[u64]| TrueEvent {
        incident: IncidentId::new(incident),
        kind,
        account: account.parse().ok(),
        opened_at: at(opened),
        signals: signals.iter().copied().map(SignalId::new).collect(),
    };
    let truths = [
        truth(1, Kind::Burglary, "1001", "10:00:10", &[2]),
        truth(2, Kind::Battery, "1002", "10:01:00", &[3]),
        truth(3, Kind::Power, "1003", "10:03:00", &[4]),
    ];
    insta::assert_debug_snapshot!(what_if.end(at("11:00:00"), &truths));
}

/// What persons did about a storm happens again to the one over its area, if it can: a dismissal to one that a rule declared and
/// nobody has confirmed, an end to one with nothing left, a declaration where none groups.
#[test]
fn what_persons_did_about_storms_is_retold() {
    let small = rules(r#"{"storm": {"accounts": 3}}"#);
    let large = rules(r#"{"version": 2, "storm": {"accounts": 100}}"#);
    let over = |name: &str| Area { of: AreaOf::District, name: name.into() };
    let record = |at: Timestamp, event: StormEvent| StormRecord {
        storm: StormId::new(1),
        version: 2,
        at,
        by: Some(OperatorId::new(1)),
        event,
    };
    let declared = |name: &str, until: &str| StormEvent::Declared {
        area: over(name),
        until: at(until),
        counted: Default::default(),
        policy: 1,
        note: None,
    };
    let told = |policy: &Policy, other: &Policy| -> Differences {
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), policy.clone(), other.clone());
        (1001..=1006).for_each(|account| what_if.hear(&card(&account.to_string())));
        let mut id = 0;
        let grouped = Some(Decided { outcome: OutcomeWord::Logged, rule: Rule::StormGrouped });
        let shown = Some(Decided { outcome: OutcomeWord::Opened, rule: Rule::ClassShown });
        hear(&mut what_if, &mut id, shown, "10:00:00 1001 E350");
        hear(&mut what_if, &mut id, shown, "10:00:01 1002 E350");
        hear(&mut what_if, &mut id, grouped, "10:00:02 1003 E350");
        let west = record(at("10:00:03"), StormEvent::Dismissed { note: None });
        what_if.hear(&Past::Storm(over("West"), west));
        hear(&mut what_if, &mut id, grouped, "10:00:04 1004 E350");
        what_if.hear(&Past::Storm(over("East"), record(at("10:00:10"), StormEvent::Dismissed { note: None })));
        hear(&mut what_if, &mut id, shown, "10:10:00 1005 E350");
        what_if.hear(&Past::Storm(over("East"), record(at("10:20:00"), declared("East", "12:00:00"))));
        what_if.hear(&Past::Storm(over("East"), record(at("10:20:02"), StormEvent::Dismissed { note: None })));
        hear(&mut what_if, &mut id, grouped, "10:20:10 1006 E350");
        let ended = StormEvent::Ended { second: OperatorId::new(2), note: None };
        what_if.hear(&Past::Storm(over("East"), record(at("10:20:20"), ended)));
        hear(&mut what_if, &mut id, grouped, "10:20:30 1006 E301");
        what_if.hear(&Past::Storm(over("East"), record(at("10:20:40"), declared("East", "14:00:00"))));
        hear(&mut what_if, &mut id, shown, "13:00:00 1006 E302");
        what_if.end(at("15:00:00"), &[])
    };
    insta::assert_debug_snapshot!((told(&small, &small), told(&small, &large)));
}

/// Acts happen to the incident that their signal opened, at once or when it is shown here too; what is shown nowhere, or not yet at
/// the end, drops them. What is refused, asked for and handed over is counted.
#[test]
fn acts_are_done_where_their_incident_is() {
    let mains = |version: u32, seconds: u32, battery: &str| {
        let mains = format!(r#""mains-power": {{"action": "hold", "priority": 6, "seconds": {seconds}}}"#);
        rules(&format!(r#"{{"version": {version}, "classes": {{{mains}, "battery": {battery}}}}}"#))
    };
    let old = mains(1, 60, r#"{"action": "show", "priority": 6}"#);
    let new = mains(2, 600, r#"{"action": "log"}"#);
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), old, new);
    (1001..=1006).for_each(|account| what_if.hear(&card(&account.to_string())));
    what_if.hear(&Past::Unit(UnitCard::new(UnitId::new(7))));
    let act = |clock: &str, first: u64, kind: Kind, command: &str| {
        Past::Act(PastAct {
            at: at(clock),
            by: OperatorId::new(1),
            on: Opening { signal: SignalId::new(first), kind, nth: 0 },
            command: serde_json::from_str(command).unwrap(),
            second: None,
        })
    };
    let mut id = 0;
    // The mains of two accounts: one is back before the longer wait is over, one is not. A third still waits at the end.
    hear(&mut what_if, &mut id, None, "10:00:00 1001 E301");
    hear(&mut what_if, &mut id, None, "10:00:01 1002 E301");
    hear(&mut what_if, &mut id, None, "10:02:00 1003 E302");
    what_if.hear(&act("10:03:00", 1, Kind::Power, r#"{"act": "take"}"#));
    what_if.hear(&act("10:03:10", 2, Kind::Power, r#"{"act": "take"}"#));
    what_if.hear(&act("10:03:20", 2, Kind::Power, r#"{"act": "settle", "settlement": "customer-told"}"#));
    what_if.hear(&act("10:03:30", 3, Kind::Battery, r#"{"act": "take"}"#));
    hear(&mut what_if, &mut id, None, "10:05:00 1001 R301");
    hear(&mut what_if, &mut id, None, "10:06:00 1004 E110 n1");
    what_if.hear(&act("10:06:10", 5, Kind::Fire, r#"{"act": "take"}"#));
    what_if.hear(&act("10:06:20", 5, Kind::Fire, r#"{"act": "take"}"#));
    what_if.hear(&act("10:06:30", 5, Kind::Fire, r#"{"act": "hand-off", "to": "fire"}"#));
    what_if.hear(&act("10:06:40", 5, Kind::Fire, r#"{"act": "pre-process", "unit": 7}"#));
    hear(&mut what_if, &mut id, None, "10:55:00 1005 E301");
    what_if.hear(&act("10:57:00", 6, Kind::Power, r#"{"act": "take"}"#));
    let found = what_if.end(at("11:00:00"), &[]);
    insta::assert_debug_snapshot!((found.old, found.new));
}

/// The proof of a remedy that a person recorded counts in both: the police come again, and what was handed to them then is.
#[test]
fn what_persons_did_about_false_calls_is_retold() {
    let withdraws = |version: u32| {
        let rule =
            "kind = 'false-calls', counts = 'all', window = '1 months', after = 1, then = 'withdraw', proof = 'clears'";
        Policy::from_toml(&format!(
            "version = {version}\nrules = [{{ clause = 'house.a', mark = 'S', rule = {{ {rule} }} }}]\n"
        ))
        .unwrap()
    };
    let told = |proved: bool| {
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), withdraws(1), withdraws(2));
        what_if.hear(&card("1001"));
        let mut id = 0;
        let act = |clock: &str, first: u64, command: &str| {
            Past::Act(PastAct {
                at: at(clock),
                by: OperatorId::new(1),
                on: Opening { signal: SignalId::new(first), kind: Kind::Burglary, nth: 0 },
                command: serde_json::from_str(command).unwrap(),
                second: None,
            })
        };
        hear(&mut what_if, &mut id, None, "09:00:00 1001 E130 n1");
        what_if.hear(&act("09:00:10", 1, r#"{"act": "take"}"#));
        what_if.hear(&act("09:00:20", 1, r#"{"act": "call", "contact": 1, "result": "code-ok"}"#));
        what_if.hear(&act("09:00:30", 1, r#"{"act": "verify-false", "cause": "user-error"}"#));
        let event = FalseCallsEvent::Proved { reference: "WO-7".into(), note: None };
        let (account, by) = ("1001".parse().unwrap(), Some(OperatorId::new(2)));
        if proved {
            what_if.hear(&Past::FalseCalls(FalseCallsRecord { account, version: 3, at: at("09:30:00"), by, event }));
        }
        hear(&mut what_if, &mut id, None, "10:00:00 1001 E130 n1");
        what_if.hear(&act("10:00:10", 2, r#"{"act": "take"}"#));
        what_if.hear(&act("10:00:20", 2, r#"{"act": "confirm-real", "basis": "witness"}"#));
        what_if.hear(&act("10:00:30", 2, r#"{"act": "record-wish", "police": true, "insurer": false}"#));
        what_if.hear(&act("10:00:40", 2, r#"{"act": "hand-off", "to": "police"}"#));
        let found = what_if.end(at("11:00:00"), &[]);
        [found.old, found.new].map(|course| (course.hand_offs, course.acts, course.refused))
    };
    assert_eq!(told(false), [(0, 6, 1), (0, 6, 1)]);
    assert_eq!(told(true), [(1, 7, 0), (1, 7, 0)]);
}

/// Of a late closing that signal 2 reported, whoever was asked says that it will be later, or nothing; then it is closed.
fn closed_later(mut what_if: WhatIf, mut id: u64, answered: bool) -> Differences {
    let event = LoweredEvent::ClosingAnswered {
        signal: SignalId::new(2),
        answer: ClosingAnswer::Extend,
        contact: ContactId::new(1),
        until: Some(at("18:30:00")),
        message: None,
        note: None,
    };
    let (account, by) = ("1001".parse().unwrap(), Some(OperatorId::OUTSIDE));
    if answered {
        what_if.hear(&Past::Closing(LoweredRecord { account, version: 2, at: at("18:05:00"), by, event }));
    }
    hear(&mut what_if, &mut id, None, "18:20:00 1001 R401 g1 n3");
    hear(&mut what_if, &mut id, None, "18:20:01 1001 R454 g1 supervision");
    what_if.end(at("19:00:00"), &[])
}

/// Who was asked about a late closing and said that it will be later is heard where the same question stands: nobody is called.
#[test]
fn what_was_answered_about_a_late_closing_is_retold() {
    let asks = |version: u32| rules(&format!(r#"{{"version": {version}, "late_close": {{"answer_within_s": 600}}}}"#));
    let opened = |answered: bool| {
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), asks(1), rules(r#"{"version": 2}"#));
        let account = "1001".parse().unwrap();
        let late_closers = [ContactId::new(1)].into();
        what_if.hear(&Past::Account(AccountCard { late_closers, ..AccountCard::new(account) }));
        let mut id = 0;
        hear(&mut what_if, &mut id, None, "08:00:00 1001 E401 g1 n3");
        hear(&mut what_if, &mut id, None, "18:00:00 1001 E454 g1 supervision");
        let found = closed_later(what_if, id, answered);
        (found.old.opened, found.new.opened)
    };
    assert_eq!((opened(false), opened(true)), ((1, 1), (0, 1)));
}

/// Whoever works by the new policy reports the late closing itself, and earlier than the log has it: the answer, which names the recorded
/// report, is heard of that one.
#[test]
fn an_answer_finds_the_late_closing_that_is_reported_earlier() {
    let opened = |answered: bool| {
        let old = rules(r#"{"version": 1, "late_close": {"answer_within_s": 600}}"#);
        let new = r#"{"version": 2, "late_close": {"answer_within_s": 600}, "expect": {"test_tolerance_s": 60}}"#;
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), old, rules(new));
        let account = "1001".parse().unwrap();
        let late_closers = [ContactId::new(1)].into();
        let schedule = Some(std::sync::Arc::new("zone UTC; tolerance 1m; Mon-Sun 08:00-18:00".parse().unwrap()));
        what_if.hear(&Past::Account(AccountCard { late_closers, schedule, ..AccountCard::new(account) }));
        let mut id = 0;
        hear(&mut what_if, &mut id, None, "08:00:00 1001 E401 g1 n3");
        hear(&mut what_if, &mut id, None, "18:01:30 1001 E454 g1 supervision");
        let found = closed_later(what_if, id, answered);
        let reports = found.anew.map(|anew| (anew.recorded, anew.made));
        (found.old.opened, found.new.opened, reports)
    };
    assert_eq!(opened(false), (1, 1, Some((2, 2))));
    assert_eq!(opened(true), (0, 0, Some((2, 2))));
}

/// What still waits under the new policy when everything was heard is not hidden: nobody knows yet whether it would have been.
#[test]
fn what_still_waits_at_the_end_is_not_hidden() {
    let missed = |end: &str| {
        let holds =
            rules(r#"{"version": 2, "classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 30}}}"#);
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), Policy::default(), holds);
        what_if.hear(&card("1001"));
        hear(&mut what_if, &mut 0, None, "10:00:00 1001 E130");
        let (account, signals) = ("1001".parse().ok(), vec![SignalId::new(1)]);
        let opened_at = at("10:00:00");
        let truth = TrueEvent { incident: IncidentId::new(1), kind: Kind::Burglary, account, opened_at, signals };
        let found = what_if.end(at(end), &[truth]);
        [found.hidden, found.waiting, found.later].map(|some| some.iter().map(|one| one.later_ms).collect::<Vec<_>>())
    };
    assert_eq!(missed("10:00:29"), [vec![], vec![None], vec![]]);
    assert_eq!(missed("10:00:30"), [vec![], vec![], vec![Some(30_000)]]);
}

/// To be the first that a storm groups is not to be shown.
#[test]
fn what_a_storm_groups_is_hidden() {
    let small = rules(r#"{"version": 2, "storm": {"accounts": 3}}"#);
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), Policy::default(), small);
    (1001..=1003).for_each(|account| what_if.hear(&card(&account.to_string())));
    let mut id = 0;
    for line in ["10:00:00 1001 E301", "10:00:01 1002 E301", "10:00:02 1003 E301"] {
        hear(&mut what_if, &mut id, None, line);
    }
    let account = "1001".parse().ok();
    let signals = vec![SignalId::new(1)];
    let truth =
        TrueEvent { incident: IncidentId::new(1), kind: Kind::Power, account, opened_at: at("10:30:00"), signals };
    let found = what_if.end(at("11:00:00"), &[truth]);
    let hidden: Vec<_> = found.hidden.iter().map(|missed| (missed.incident, missed.later_ms)).collect();
    assert_eq!((hidden, found.later.len()), (vec![(IncidentId::new(1), None)], 0));
}
