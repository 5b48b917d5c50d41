//! What the centre itself would have reported under other rules: of tests, openings and closings that did not come.

use std::collections::BTreeMap;
use std::sync::Arc;

use alarmcore::{
    AccountCard, Command, Decided, Desk, Differences, Figures, IncidentId, Input, Kind, MadeAnew, Opening, OperatorId,
    Output, Past, PastAct, Policy, Received, SignalId, Snapshot, Supervision, Timestamp, TrueEvent, WhatIf,
};

use crate::script::{at, rules, signal};

/// Two that promise a test each hour, and a shop that is to be closed by half past eight, a minute later at most.
fn cards() -> [AccountCard; 3] {
    let card = |account: &str| AccountCard::new(account.parse().unwrap());
    [
        AccountCard { test_interval_s: Some(3600), ..card("1001") },
        AccountCard { test_interval_s: Some(3600), ..card("1002") },
        AccountCard {
            schedule: Some(Arc::new("zone UTC; tolerance 1m; Mon-Sun 08:00-08:30".parse().unwrap())),
            ..card("1003")
        },
    ]
}

/// The first misses a test and sends it later, the second sends but openings, the third closes three hours late.
const PANELS: &[&str] = &[
    "08:00:00 1001 E602",
    "08:00:00 1002 E602",
    "08:05:00 1003 E401 n1",
    "08:50:00 1002 E401 n1",
    "09:40:00 1002 R401 n1",
    "10:30:00 1001 E602",
    "10:40:00 1002 E401 n1",
    "11:20:00 1001 E602",
    "11:30:00 1003 R401 n1",
    "11:40:00 1002 E602",
    "13:59:59 1003 E602",
];

const END: &str = "14:00:00";

/// A centre that works by this policy: what its log holds of the day, with what was decided.
fn recorded(policy: &Policy) -> Vec<Past> {
    let mut desk = Desk::new(policy.clone());
    let mut watch = Supervision::new(&policy.expect, Timestamp::from_millis(0));
    let mut log: Vec<Received> = Vec::new();
    let mut decided: BTreeMap<SignalId, Decided> = BTreeMap::new();
    let mut tell = |desk: &mut Desk, watch: &mut Supervision, input: Input, now: Timestamp| {
        desk.handle(input);
        loop {
            match desk.poll() {
                Output::Wait(_) => break,
                Output::Dispose(one) => {
                    decided.insert(one.signal, Decided { outcome: one.outcome.word(), rule: one.rule });
                }
                Output::Touched(account) => watch.plan(account, &desk.expected(&account, now), now),
                _ => {}
            }
        }
    };
    cards().into_iter().for_each(|card| tell(&mut desk, &mut watch, Input::Account(card), at("00:00:00")));
    let panels = PANELS.iter().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        (at(words[0]), Some(signal(0, at(words[0]), words[1], &words[2..])))
    });
    for (now, panel) in panels.chain([(at(END), None)]) {
        while let Some(due) = watch.next().filter(|due| *due < now) {
            for edge in watch.poll(due) {
                let received = Received { id: SignalId::new(log.len() as u64 + 1), report: edge.report() };
                log.push(received.clone());
                tell(&mut desk, &mut watch, Input::Signal(received), due);
            }
        }
        if let Some(panel) = panel {
            let received = Received { id: SignalId::new(log.len() as u64 + 1), ..panel };
            log.push(received.clone());
            tell(&mut desk, &mut watch, Input::Signal(received), now);
        }
    }
    let cards = cards().into_iter().map(Past::Account);
    cards
        .chain(log.into_iter().map(|received| Past::Signal(received.clone(), decided.get(&received.id).copied())))
        .collect()
}

fn asked(past: &[Past], old: &Policy, new: &Policy, truth: &[TrueEvent]) -> Differences {
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), old.clone(), new.clone());
    past.iter().for_each(|past| what_if.hear(past));
    what_if.end(at(END), truth)
}

/// What differs, one line each, and how often what was decided.
fn told(found: &Differences) -> String {
    let lines = found.incidents.iter().flat_map(|one| {
        let Opening { signal, kind, .. } = one.opening;
        let signal = if signal.is_anew() { "anew".to_owned() } else { signal.to_string() };
        let name = format!("{signal} {kind} {}", one.account.unwrap());
        one.differences.iter().map(move |found| format!("{name}: {}: {} | {}", found.aspect, found.old, found.new))
    });
    let made = found.anew.map(|MadeAnew { recorded, made }| format!("recorded {recorded}, made {made}\n"));
    let agree = format!("agree {} of {}, disagree {}\n", found.agree, found.signals, found.disagree.len());
    let lines: String = lines.map(|line| line.replace("2026-11-22T", "").replace(".000Z", "") + "\n").collect();
    made.unwrap_or_default() + &agree + &lines
}

const POLICIES: &[&str] = &[
    r#"{"expect": {"test_tolerance_s": 3600}}"#,
    r#"{"expect": {"test_tolerance_s": 600}}"#,
    r#"{"expect": {"test_tolerance_s": 0, "late_again_s": 1800}}"#,
    r#"{"expect": {"test_by": "test", "test_tolerance_s": 1200, "late_again_s": 3600}}"#,
    r#"{"expect": {"test_tolerance_s": 300}, "override": [{"accounts": ["1001"], "expect": {"test_by": "test"}}]}"#,
];

/// Whatever policy a centre worked by, the replay under another one comes to what a centre comes to that works by that other one: the
/// same reports, incidents and acts. What differs for one account only is made anew for that one.
#[test]
fn the_replay_is_what_the_other_centre_would_have_been() {
    for old in POLICIES.iter().map(|text| rules(text)) {
        let past = recorded(&old);
        for new in POLICIES.iter().map(|text| rules(text)) {
            let found = asked(&past, &old, &new, &[]);
            let other = recorded(&new);
            let lived = asked(&other, &new, &new, &[]);
            let figures = |figures: &Figures| format!("{figures:?}");
            assert_eq!(figures(&found.new), figures(&lived.old), "{:?} {:?}", old.expect, new.expect);
            assert_eq!((lived.anew, lived.incidents.len(), lived.agree), (None, 0, lived.signals));
            assert_eq!((found.disagree.len(), found.agree), (0, found.signals));
            let of_centre = |past: &[Past]| {
                let reports =
                    past.iter().filter(|past| matches!(past, Past::Signal(one, _) if one.report.line == "centre"));
                reports.count() as u64
            };
            if old.overrides.is_empty() && new.overrides.is_empty() && old != new {
                let made = MadeAnew { recorded: of_centre(&past), made: of_centre(&other) };
                assert_eq!(found.anew, Some(made), "{:?} {:?}", old.expect, new.expect);
            }
        }
    }
}

/// A longer tolerance leaves a report out, a shorter one makes it earlier; a closing that is reported again joins the incident of it.
#[test]
fn what_the_centre_reports_itself_is_made_anew() {
    let told: Vec<String> = [(0, 1), (1, 0), (0, 2), (1, 3)]
        .map(|(old, new)| {
            let (old, new) = (rules(POLICIES[old]), rules(POLICIES[new]));
            format!("{:?}\n{:?}\n{}", old.expect, new.expect, told(&asked(&recorded(&old), &old, &new, &[])))
        })
        .into();
    insta::assert_snapshot!("reports_made_anew", told.join("\n"));
}

/// What people did about a report that is recorded, they do about the same one that the new policy makes earlier, and what they found
/// true is found again.
#[test]
fn acts_and_truth_find_the_report_that_is_made_earlier() {
    let (old, new) = (rules(POLICIES[0]), rules(POLICIES[1]));
    let mut past = recorded(&old);
    let account = "1001".parse().ok();
    let reported = |past: &Past| match past {
        Past::Signal(one, _) if one.report.line == "centre" && one.report.account == account => {
            Some((one.id, one.report.received_at))
        }
        _ => None,
    };
    let (place, (id, since)) =
        past.iter().enumerate().find_map(|(place, past)| Some((place, reported(past)?))).unwrap();
    let on = Opening { signal: id, kind: Kind::Communication, nth: 0 };
    let by = OperatorId::new(1);
    let act = Past::Act(PastAct { at: since.plus_secs(60), by, on, command: Command::Take, second: None });
    past.insert(place + 1, act);
    let truth = TrueEvent {
        incident: IncidentId::new(1),
        kind: Kind::Communication,
        account,
        opened_at: since,
        signals: vec![id],
    };
    let found = asked(&past, &old, &new, std::slice::from_ref(&truth));
    assert_eq!((found.hidden.len(), found.later.len(), found.new.acts, found.new.dropped), (0, 0, 1, 0));
    let logs = r#"{"expect": {"test_tolerance_s": 60}, "codes": {"358": {"action": "log"}}}"#;
    let gone = asked(&past, &old, &rules(logs), &[truth]);
    assert_eq!((gone.hidden.len(), gone.new.acts, gone.new.dropped), (1, 0, 1));
}

/// Whichever of the keys an override says otherwise: what it covers is made anew, and nothing else. A panel that sends the code of a
/// missing closing itself is heard.
#[test]
fn what_an_override_says_is_made_anew_for_those_whom_it_covers() {
    let old = rules(r#"{"expect": {"test_tolerance_s": 600}}"#);
    let mut past = recorded(&old);
    let own = signal(9000, at("13:59:59"), "1001", &["E454"]);
    past.push(Past::Signal(own, None));
    for says in [r#""test_by": "test""#, r#""test_tolerance_s": 700"#, r#""late_again_s": 1800"#] {
        let new = format!(
            r#"{{"expect": {{"test_tolerance_s": 600}}, "override": [{{"accounts": ["1001"], "expect": {{{says}}}}}]}}"#
        );
        let found = asked(&past, &old, &rules(&new), &[]);
        let of_1001 = past.iter().filter(|past| match past {
            Past::Signal(one, _) => one.report.line == "centre" && one.report.account == "1001".parse().ok(),
            _ => false,
        });
        assert_eq!(found.anew.map(|made| made.recorded), Some(of_1001.count() as u64), "{says}");
    }
}
