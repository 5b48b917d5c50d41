//! What another policy would have made of incidents after they were opened: each kind of difference, named by incident.

use std::collections::BTreeMap;

use alarmcore::{
    AccountCard, AnswerStanding, Choice, ChosenBy, Command, Desk, Differences, Differing, Edge, Expected, HoldReason,
    IncidentEvent, Input, Kind, Lang, Opening, OperatorId, Output, Part, Past, PastAct, Policy, Received, Shown,
    SignalId, Snapshot, Telling, TheirAnswer, UnitCard, UnitId, Unreplayed, WhatIf,
};

use crate::script::{at, rules, signal};

/// The day of these lines through both policies, up to eleven o'clock: `time account event` is a signal, numbered from 1 on;
/// `time opN on N KIND act` an act on the incident that signal N opened.
pub(super) fn lived(old: Policy, new: Policy, day: &str) -> Differences {
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), old, new);
    for account in 1001..=1009 {
        let cancel_users = Some(std::sync::Arc::new([5].into()));
        let card = AccountCard { cancel_users, ..AccountCard::new(account.to_string().parse().unwrap()) };
        what_if.hear(&Past::Account(card));
    }
    (7..=8).for_each(|unit| what_if.hear(&Past::Unit(UnitCard::new(UnitId::new(unit)))));
    let mut id = 0;
    for line in day.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.splitn(6, ' ').collect();
        if let [clock, by, "on", opened, kind, act] = words[..] {
            let act = if act.starts_with('{') { act.to_owned() } else { format!(r#"{{"act": "{act}"}}"#) };
            what_if.hear(&Past::Act(PastAct {
                at: at(clock),
                by: OperatorId::new(by.trim_start_matches("op").parse().unwrap()),
                on: Opening {
                    signal: SignalId::new(opened.parse().unwrap()),
                    kind: Kind::from_word(kind).unwrap(),
                    nth: 0,
                },
                command: serde_json::from_str(&act).unwrap(),
                second: None,
            }));
        } else {
            id += 1;
            what_if.hear(&Past::Signal(signal(id, at(words[0]), words[1], &words[2..]), None));
        }
    }
    what_if.end(at("11:00:00"), &[])
}

/// What differs, one line each: `signal kind account: what: old | new`. The day is left out of moments.
fn told(found: &Differences) -> String {
    let lines = found.incidents.iter().flat_map(|one| {
        let Opening { signal, kind, nth } = one.opening;
        let nth = if nth > 0 { format!(" again {nth}") } else { String::new() };
        let name = format!("{signal} {kind} {}{nth}", one.account.unwrap());
        one.differences.iter().map(move |found| format!("{name}: {}: {} | {}", found.aspect, found.old, found.new))
    });
    lines.map(|line| line.replace("2026-11-22T", "").replace(".000Z", "") + "\n").collect()
}

fn differ(old: &str, new: &str, day: &str) -> String {
    let found = lived(rules(old), rules(new), day);
    let again = lived(rules(old), rules(new), day);
    assert_eq!(serde_json::to_string(&found).unwrap(), serde_json::to_string(&again).unwrap());
    told(&found)
}

/// Nobody is called, no second zone confirms, a stranger's cancel is nothing and no fire is reminded of: all of it happens after the
/// openings, which are the same.
#[test]
fn what_happens_after_the_openings_is_compared() {
    let new = r#"{"escalation": [], "confirm": {"within_s": 0}, "cancel": {"stranger": 10}, "hand_off": {"fire_within_s": 0}, "rest": {"life_safety_s": 0}}"#;
    let day = "10:00:00 1001 E130 n1
        10:00:30 1001 E130 n2
        10:01:00 1002 E130 n1
        10:01:30 1002 E406 n9
        10:02:00 1003 E110 n1
        10:02:10 op1 on 5 fire take
        10:10:00 1004 E302";
    let found = lived(Policy::default(), rules(new), day);
    assert_eq!((found.changed.len(), found.old.opened, found.new.opened, found.both), (0, 4, 4, 4));
    let often = [&found.old, &found.new].map(|course| (course.raised, course.lowered, course.escalated));
    assert_eq!(often, [(3, 0, 17), (1, 0, 0)]);
    insta::assert_snapshot!(told(&found));
}

#[test]
fn an_unconfirmed_intrusion_is_less_urgent() {
    let day = "10:00:00 1001 E130 n1
        10:00:30 1001 E130 n2
        10:01:00 1002 E130 n1";
    let found = differ("{}", r#"{"confirm": {"unconfirmed": 9}}"#, day);
    insta::assert_snapshot!(found);
}

/// A cancel by a user who may: how often, and to what.
#[test]
fn what_a_cancel_lowers_is_compared() {
    let day = "10:00:00 1001 E130 n1
        10:00:30 1001 E406 n5";
    insta::assert_snapshot!(differ("{}", r#"{"cancel": {"priority": 7}}"#, day));
    insta::assert_snapshot!(differ("{}", r#"{"cancel": {"within_s": 0}}"#, day));
}

/// Of the chain every step that was come to is told, by whom it called.
#[test]
fn steps_of_the_chain_are_compared() {
    let chain = r#"{"escalation": [{"missing": "take", "after_s": 60, "to": "manager"}]}"#;
    let day = "10:00:00 1001 E130 n1
        10:02:00 op1 on 1 burglary take";
    insta::assert_snapshot!(differ("{}", chain, day));
}

/// Units, and those that were asked in their place: an offer that ends sooner asks the next one.
#[test]
fn units_that_were_asked_are_compared() {
    let day = r#"10:00:00 1001 E130 n1
        10:00:10 op1 on 1 burglary take
        10:00:20 op1 on 1 burglary {"act": "call", "contact": 1, "result": "no-answer"}
        10:00:30 op1 on 1 burglary pre-process
        10:01:20 op1 on 1 burglary {"act": "accept", "unit": 7}
        10:05:00 op1 on 1 burglary {"act": "arrive", "unit": 7}"#;
    insta::assert_snapshot!(differ("{}", r#"{"offer_accept_s": 30}"#, day));
}

/// Hand-offs, and the acts that the rules refuse, with their reason; what clauses ask for, and by when.
#[test]
fn hand_offs_refusals_and_due_acts_are_compared() {
    let day = r#"10:00:00 1001 E130 n1
        10:00:10 op1 on 1 burglary take
        10:00:20 op1 on 1 burglary {"act": "confirm-real", "basis": "contact"}
        10:00:30 op1 on 1 burglary {"act": "record-wish", "police": true, "insurer": false}
        10:00:40 op1 on 1 burglary {"act": "hand-off", "to": "police"}"#;
    insta::assert_snapshot!(differ("{}", r#"{"verify": {"police": {"calls": 2, "numbers": 2}}}"#, day));
    let due =
        r#"{"rules": [{"clause": "house.call", "mark": "V", "rule": {"kind": "due", "act": "call", "within_s": 60}}]}"#;
    insta::assert_snapshot!(differ("{}", due, day));
    // Nobody answers: that somebody is called because of it comes at another moment.
    insta::assert_snapshot!(differ("{}", r#"{"hand_off": {"answer_s": {"police": 600}}}"#, day));
}

/// What is shown later is acted on later; what is never shown drops the acts.
#[test]
fn late_and_dropped_acts_are_compared() {
    let day = r#"10:00:00 1001 E137 n3
        10:00:10 op1 on 1 tamper take
        10:00:20 op1 on 1 tamper {"act": "verify-false", "cause": "person"}
        10:01:00 1001 E302
        10:01:30 1001 E130 n1
        10:01:40 op1 on 2 battery take"#;
    let hold = r#"{"classes": {"tamper": {"action": "hold", "priority": 3, "seconds": 30}}}"#;
    insta::assert_snapshot!(differ("{}", hold, day));
    let log = r#"{"classes": {"tamper": {"action": "log"}, "battery": {"action": "log"}}}"#;
    insta::assert_snapshot!(differ("{}", log, day));
    insta::assert_snapshot!(differ(log, "{}", day));
}

/// Desks number incidents each for itself: one that only the new policy opens does not make another of what comes after it.
#[test]
fn the_numbers_of_incidents_are_not_compared() {
    let day = r#"10:00:00 1009 E137 n3
        10:01:00 1001 E130 n1
        10:01:10 op1 on 2 burglary take
        10:01:20 op1 on 2 burglary {"act": "call", "contact": 1, "result": "code-ok"}
        10:01:30 op1 on 2 burglary {"act": "verify-false", "cause": "user-error"}"#;
    let of =
        |tamper: &str| rules(&format!(r#"{{"unrestored": {{"within_s": 60}}, "classes": {{"tamper": {tamper}}}}}"#));
    let (log, show) = (|| of(r#"{"action": "log"}"#), || of(r#"{"action": "show", "priority": 3}"#));
    let opened = |old: Policy, new: Policy| {
        let found = lived(old, new, day);
        // The alarm, and that it was not restored after it was closed.
        assert_eq!(found.both, 2);
        let one = |one: &Differing| (one.opening.signal.get(), [&one.old, &one.new].map(Shown::is_opened));
        found.incidents.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(opened(log(), show()), [(1, [false, true])]);
    assert_eq!(opened(show(), log()), [(1, [true, false])]);
}

/// The queue that an incident is in.
#[test]
fn queues_are_compared() {
    let queue = r#"{"queue": [{"name": "alarms", "for": {"families": ["alarm"]}}]}"#;
    insta::assert_snapshot!(differ("{}", queue, "10:00:00 1001 E130 n1"));
}

/// What stood when the replay begins goes on under either policy, and is compared too; it was opened by neither.
#[test]
fn what_stood_at_the_beginning_is_compared() {
    let mut desk = Desk::new(Policy::default());
    desk.handle(Input::Account(AccountCard::new("1001".parse().unwrap())));
    desk.handle(Input::Signal(signal(1, at("09:59:50"), "1001", &["E130", "n1"])));
    while !matches!(desk.poll(), Output::Wait(_)) {}
    let none = rules(r#"{"escalation": []}"#);
    let what_if = WhatIf::new(desk.snapshot(), &BTreeMap::new(), Policy::default(), none);
    let found = what_if.end(at("10:02:00"), &[]);
    assert_eq!((found.old.opened, found.new.opened, found.both, found.old.escalated), (0, 0, 0, 1));
    assert_eq!(told(&found), "1 burglary 1001: escalated: operator take 90 s | \n");
}

/// Signals for another centre, questions and warnings are no records of an incident: what the outside would be asked is counted.
#[test]
fn what_the_outside_is_asked_for_is_counted() {
    let forward = r#"{"forward": [{"to": "north", "classes": ["burglary"]}]}"#;
    let found = lived(rules("{}"), rules(forward), "10:00:00 1001 E130 n1");
    assert_eq!((found.old.asked, found.new.asked), ([].into(), [("forward to north".to_owned(), 1)].into()));
    assert_eq!(found.incidents, []);
}

/// Each section that cannot be followed is named where it differs, and only there.
#[test]
fn what_is_not_replayed_is_named() {
    let named = |new: &str| {
        let found = lived(rules("{}"), rules(new), "");
        found.unreplayed.iter().map(|one| one.section.as_str()).collect::<Vec<_>>()
    };
    let all = [
        ("queue", r#"{"queue": [{"name": "all"}]}"#),
        ("feed", r#"{"feed": {"enabled": true}}"#),
        ("ownership", r#"{"ownership": {"absent_s": 21}}"#),
        ("expect", r#"{"expect": {"heartbeats_missed": 4}}"#),
        ("expect", r#"{"expect": {"restart_grace_s": 301}}"#),
        ("expect", r#"{"override": [{"site": "North", "expect": {"heartbeats_missed": 4}}]}"#),
        ("on_test", r#"{"on_test": {"default_s": 7201}}"#),
        ("on_test", r#"{"override": [{"site": "North", "on_test": {"default_s": 7201}}]}"#),
        ("late_close", r#"{"late_close": {"answer_within_s": 60}}"#),
        ("follow_up", r#"{"follow_up": {"priority": 1}}"#),
        ("self_watch", r#"{"self_watch": {"disk_free_mb": 1}}"#),
        ("lowered", r#"{"lowered": {"warn_before_s": 0}}"#),
        ("ageing", r#"{"ageing": {"warning_s": 31}}"#),
        ("plain_despite_key", r#"{"plain_despite_key": "refuse"}"#),
        ("battery_hours", r#"{"battery_hours": 9}"#),
        ("currency", r#"{"currency": "EUR"}"#),
        (
            "rules",
            r#"{"override": [{"site": "North", "rules": [{"clause": "house.look", "mark": "V", "rule": {"kind": "always", "holds": "nothing-lost"}}]}]}"#,
        ),
        (
            "rules",
            r#"{"rules": [{"clause": "house.look", "mark": "V", "rule": {"kind": "always", "holds": "nothing-lost"}}]}"#,
        ),
    ];
    for (section, new) in all {
        assert_eq!(named(new), [section], "{new}");
        assert!(!Unreplayed::from_word(section).unwrap().label(Lang::En).is_empty());
    }
    assert_eq!(Unreplayed::ALL.len(), all.len() - 4);
    let followed = r#"{"version": 2, "escalation": [], "self_watch": {"priority": 3, "lead_after_s": 9}, "hold": {"alarm_s": 1},
        "override": [{"site": "North", "swinger": {"trips": 5}}], "calls": {"correct_within_s": 1},
        "expect": {"test_by": "test", "test_tolerance_s": 60, "late_again_s": 60}}"#;
    assert_eq!(named(followed), Vec::<&str>::new());
}

/// What was decided at the time by a section that differs is heard as it is recorded: how much that was is said, and of what decides
/// about nothing that is heard, nothing.
#[test]
fn what_is_heard_as_it_is_recorded_is_counted() {
    let new = r#"{"expect": {"heartbeats_missed": 4, "restart_grace_s": 301}, "self_watch": {"clock_step_s": 9}, "ownership": {"absent_s": 9},
        "on_test": {"default_s": 9}, "late_close": {"extensions": 9}, "feed": {"enabled": true}}"#;
    let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), Policy::default(), rules(new));
    let account = "1001".parse().unwrap();
    what_if.hear(&Past::Account(AccountCard::new(account)));
    what_if.hear(&Past::Signal(signal(1, at("10:00:00"), "1001", &["E130", "n1"]), None));
    let edge =
        |expected, missing| Edge { account, at: at("10:01:00"), expected, group: None, missing, raised: None }.report();
    let reports = [
        edge(Expected::Heartbeat, true),
        edge(Expected::Test, true),
        edge(Expected::Test, false),
        edge(Expected::Closing, true),
        Part::Clock.report(at("10:02:00"), true, "set forward by 61 s".into()),
    ];
    for (id, report) in (2..).zip(reports) {
        what_if.hear(&Past::Signal(Received { id: SignalId::new(id), report }, None));
    }
    what_if.hear(&Past::Gone(OperatorId::new(1), at("10:03:00")));
    let found = what_if.end(at("11:00:00"), &[]);
    let heard: Vec<_> = found.unreplayed.iter().map(|one| (one.section.as_str(), one.heard)).collect();
    let expected = [
        ("feed", None),
        ("ownership", Some(1)),
        ("expect", Some(1)),
        ("on_test", Some(0)),
        ("late_close", Some(0)),
        ("self_watch", Some(1)),
    ];
    assert_eq!(heard, expected);
    assert_eq!(found.anew, None);
}

/// A message to an authority consists of its text: where that was erased, a dash stands for it, or it could not be told again. What
/// says something by itself is told again without one.
#[test]
fn a_message_whose_text_was_erased_is_told_again() {
    let told = |telling| IncidentEvent::AuthorityTold {
        number: 1,
        sequence: 2,
        telling,
        contact: None,
        signal: None,
        second: None,
        note: Some("the neighbour, 13800000000, has the keys".into()),
    };
    let command = |telling| {
        let mut event = told(telling);
        event.take_text();
        event.act(None)
    };
    let again = |telling, note: Option<&str>| {
        let note = note.map(str::to_owned);
        Some((Command::TellAuthority { number: 1, telling, contact: None, note }, None))
    };
    assert_eq!(command(Telling::Note), again(Telling::Note, Some("-")));
    assert_eq!(command(Telling::Cancel), again(Telling::Cancel, None));
    let hold = |reason| IncidentEvent::PutOnHold { reason, minutes: 5, note: None }.act(None);
    let held = |reason, note| Some((Command::Hold { reason: Some(reason), minutes: 5, note }, None));
    assert_eq!(hold(HoldReason::Other), held(HoldReason::Other, Some("-".into())));
    assert_eq!(hold(HoldReason::CallBack), held(HoldReason::CallBack, None));
}

/// What is told again is what was done: the unit that a person named, in one act with what it was the first of; a message that could not be
/// read as one.
#[test]
fn what_was_done_is_told_again_as_it_was() {
    let unit = UnitId::new(7);
    let again = |by, before: Option<IncidentEvent>| {
        let choice = Choice { by, policy: 1, skills: Vec::new(), anew: false, order: Vec::new(), more: 0 };
        let offered = IncidentEvent::UnitOffered { unit, until: at("10:00:00"), choice: Some(Box::new(choice)) };
        offered.act(before.as_ref()).unwrap().0
    };
    let begun = || Some(IncidentEvent::PreProcessed { note: Some("go".into()) });
    let named = |unit| Command::PreProcess { unit, note: Some("go".into()) };
    assert_eq!(again(ChosenBy::Cost, begun()), named(None));
    assert_eq!(again(ChosenBy::Person, begun()), named(Some(unit)));
    assert_eq!(again(ChosenBy::Cost, None), Command::Offer { unit: None });
    assert_eq!(again(ChosenBy::Person, None), Command::Offer { unit: Some(unit) });

    let unread = |standing| {
        let event = IncidentEvent::AuthorityAnswered {
            number: 1,
            answer: TheirAnswer::Told,
            standing,
            reason: None,
            outcome: None,
            eta_s: None,
            reference: None,
            message: Some("A1".into()),
            note: None,
        };
        matches!(event.act(None), Some((Command::RecordAnswer { unread: true, .. }, None)))
    };
    assert_eq!((unread(AnswerStanding::Unread), unread(AnswerStanding::Taken)), (true, false));
}
