//! What a rule pack asks for, measured from what is stored: row 2.10 "each standard = a named rule pack with pass/fail list and
//! the events behind it".

use std::fmt::Write as _;

use alarmcore::{AccountNumber, Command, Desk, OperatorId, Pack, Policy};
use contactid::Qualifier::New;
use opsmodel::crm::{AccountCard, SignedHandover};
use opsmodel::store::query::{PackReport, Reader};

use crate::room::{ANNA, Room, change, says};
use crate::sample::{account, at};

const S: i64 = 1_000;
const MIN: i64 = 60 * S;
const HOUR: i64 = 60 * MIN;

fn act(room: &mut Room, millis: i64, incident: u64, json: &str) {
    let command: Command = serde_json::from_str(json).unwrap();
    room.act(millis, incident, command);
}

/// Anna takes an incident and calls one number of its site.
fn take_and_call(room: &mut Room, millis: i64, incident: u64, result: &str) {
    act(room, millis, incident, r#"{"act": "take"}"#);
    act(room, millis + 10 * S, incident, &format!(r#"{{"act": "call", "contact": 1, "result": "{result}"}}"#));
}

/// An alarm that the police are called to, and that two persons find false.
fn false_call(room: &mut Room, millis: i64, n: u32, incident: u64) {
    room.receive(&[says(millis, n, "130", New, 5)]);
    for (seconds, json) in [
        (5, r#"{"act": "take"}"#),
        (10, r#"{"act": "confirm-real", "basis": "witness"}"#),
        (12, r#"{"act": "record-wish", "police": true, "insurer": false}"#),
        (15, r#"{"act": "hand-off", "to": "police"}"#),
        (18, r#"{"act": "answer-hand-off", "number": 1, "accepted": true}"#),
        (50, r#"{"act": "overturn", "cause": "user-error"}"#),
        (50, r#"{"act": "tell-authority", "number": 1, "telling": "cancel"}"#),
        (51, r#"{"act": "close"}"#),
    ] {
        let second = json.contains("overturn").then_some(OperatorId::new(2));
        room.act_with(millis + seconds * S, incident, serde_json::from_str(json).unwrap(), second);
    }
}

/// Two days from 2026-11-22T08:00Z on under four packs.
fn two_days() -> Room {
    let mut room = Room::new();
    let policy =
        Policy::from_toml("packs = ['cn-sh-2010', 'gb50440', 'uk-npcc', 'es-2011']\n[confirm]\npath_fault = false")
            .unwrap();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    room.desk = Desk::restore(policy, room.centre.snapshot().unwrap());
    // Real, and all in time: a unit after 40 s, the police 5 s after the scene is known.
    room.receive(&[says(0, 0, "130", New, 5)]);
    take_and_call(&mut room, 10 * S, 1, "no-answer");
    act(&mut room, 40 * S, 1, r#"{"act": "pre-process", "unit": 7}"#);
    act(&mut room, 50 * S, 1, r#"{"act": "accept", "unit": 7}"#);
    act(&mut room, 300 * S, 1, r#"{"act": "arrive", "unit": 7}"#);
    act(&mut room, 360 * S, 1, r#"{"act": "confirm-real", "basis": "scene"}"#);
    act(&mut room, 365 * S, 1, r#"{"act": "hand-off", "to": "police"}"#);
    // Nobody is sent, and the first act comes after 110 s.
    room.receive(&[says(HOUR, 1, "130", New, 5)]);
    room.time(HOUR + 61 * S);
    act(&mut room, HOUR + 100 * S, 2, r#"{"act": "take"}"#);
    act(&mut room, HOUR + 110 * S, 2, r#"{"act": "verify-false", "cause": "animal"}"#);
    // Two fires: one is passed on after 2 s, the other after 10.
    for (incident, after, late) in [(3, 2 * HOUR, 2 * S), (4, 3 * HOUR, 10 * S)] {
        room.receive(&[says(after, u32::try_from(incident).unwrap(), "110", New, 2)]);
        take_and_call(&mut room, after + 5 * S, incident, "code-ok");
        act(&mut room, after + 25 * S, incident, r#"{"act": "confirm-real", "basis": "contact"}"#);
        room.time(after + 29 * S);
        act(&mut room, after + 25 * S + late, incident, r#"{"act": "hand-off", "to": "fire"}"#);
    }
    // Two false calls of one site.
    false_call(&mut room, 4 * HOUR, 2, 5);
    false_call(&mut room, 5 * HOUR, 2, 6);
    // The second day: a test of a panel, a shift handed over, and no look at the clock.
    room.receive(&[says(30 * HOUR, 0, "602", New, 0)]);
    let signed = SignedHandover {
        number: 0,
        at: at(31 * HOUR),
        from: ANNA,
        to: OperatorId::new(2),
        as_of: 1,
        list: "0".repeat(64),
        text: String::new(),
        since: String::new(),
        open: 0,
        note: String::new(),
    };
    room.centre.put_handover(&signed, &change(31 * HOUR, "hand-over")).unwrap();
    // Still running when the report is made.
    room.receive(&[says(41 * HOUR, 4, "130", New, 5)]);
    room
}

fn measured(room: &Room, pack: &str, as_of: Option<i64>, listed: usize) -> PackReport {
    let pack = Pack::from_toml(Pack::built_in(pack).unwrap()).unwrap();
    let reader = Reader::open(&room.dir).unwrap();
    reader.pack(&pack, (at(-8 * HOUR), at(1000 * HOUR)), as_of.map(at), listed).unwrap()
}

/// A clause a line, as a person would read it.
fn lines(report: &PackReport) -> String {
    let mut said = String::new();
    for row in &report.clauses {
        let why = row.why.map(|why| format!(" ({why})")).unwrap_or_default();
        write!(said, "{} {} {}{why}", row.clause, row.mark, row.finding).unwrap();
        if row.why.is_none() {
            write!(said, " | {} | {} -> {} | {}-{}", row.measures, row.target, row.figure, row.cases, row.failed)
                .unwrap();
        }
        if row.open > 0 {
            write!(said, " +{}", row.open).unwrap();
        }
        for failure in &row.failures {
            match failure.incident {
                Some(incident) => write!(said, " #{incident}").unwrap(),
                None => write!(said, " {}", failure.at).unwrap(),
            }
            if let Some(took) = failure.took_ms {
                write!(said, "={took}").unwrap();
            }
        }
        said.push('\n');
    }
    said
}

/// Clause by clause: what was measured, and the incidents behind each failure.
#[test]
fn row_2_10_compliance() {
    let room = two_days();
    let all = Pack::BUILT_IN.iter().map(|(name, _)| lines(&measured(&room, name, None, 20)));
    insta::assert_snapshot!(all.collect::<Vec<_>>().join("\n"));
    // The same question over the same files is the same answer, to the byte.
    let twice = || serde_json::to_string(&measured(&room, "cn-sh-2010", None, 20)).unwrap();
    assert_eq!(twice(), twice());
}

/// What is not known yet has not happened: of two fires none was passed on late at the moment when the second had two seconds
/// left, and that one counts neither way.
#[test]
fn what_happened_after_the_moment_is_not_known() {
    let room = two_days();
    let of = |as_of| {
        let report = measured(&room, "gb50440", Some(as_of), 20);
        let row = report.clauses.into_iter().find(|row| row.clause.as_str() == "gb50440.forwarded").unwrap();
        (row.finding.as_str(), row.cases, row.failed, row.open)
    };
    let confirmed = 3 * HOUR + 25 * S;
    assert_eq!(of(confirmed - 1), ("pass", 1, 0, 0));
    assert_eq!(of(confirmed + S), ("pass", 1, 0, 1));
    assert_eq!(of(confirmed + 4 * S), ("fail", 2, 1, 0));
    assert_eq!(of(confirmed + HOUR), ("fail", 2, 1, 0));
}

/// A hand-off that could not be delivered forwarded nothing and did nothing that was due: also in what is measured later.
#[test]
fn what_never_arrived_is_not_forwarded() {
    let mut room = Room::new();
    let policy = Policy::from_toml("packs = ['gb50440', 'uk-npcc']").unwrap();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    room.desk = Desk::restore(policy, room.centre.snapshot().unwrap());
    // A fire, of which the fire brigade hears at the second attempt.
    room.receive(&[says(0, 0, "110", New, 2)]);
    act(&mut room, 5 * S, 1, r#"{"act": "take"}"#);
    act(&mut room, 10 * S, 1, r#"{"act": "confirm-real", "basis": "contact"}"#);
    act(&mut room, 12 * S, 1, r#"{"act": "hand-off", "to": "fire"}"#);
    act(&mut room, 40 * S, 1, r#"{"act": "fail-delivery", "number": 1, "sequence": 1}"#);
    act(&mut room, 50 * S, 1, r#"{"act": "hand-off", "to": "fire"}"#);
    // A confirmed burglary, of which the police never hear; found false after that.
    room.receive(&[says(HOUR, 1, "130", New, 5)]);
    act(&mut room, HOUR + 5 * S, 2, r#"{"act": "take"}"#);
    room.receive(&[says(HOUR + 6 * S, 1, "130", New, 6)]);
    act(&mut room, HOUR + 8 * S, 2, r#"{"act": "take"}"#);
    act(&mut room, HOUR + 10 * S, 2, r#"{"act": "hand-off", "to": "police"}"#);
    act(&mut room, HOUR + 70 * S, 2, r#"{"act": "fail-delivery", "number": 1, "sequence": 1}"#);
    act(&mut room, HOUR + 80 * S, 2, r#"{"act": "verify-false", "cause": "user-error"}"#);
    let row = |pack: &str, clause: &str| {
        let row =
            measured(&room, pack, None, 20).clauses.into_iter().find(|row| row.clause.as_str() == clause).unwrap();
        let failures: Vec<_> = row.failures.iter().map(|one| (one.incident.map(|id| id.get()), one.took_ms)).collect();
        (row.finding.as_str(), row.cases, failures)
    };
    assert_eq!(row("gb50440", "gb50440.forwarded"), ("fail", 1, vec![(Some(1), Some(40_000))]));
    assert_eq!(row("uk-npcc", "uk-npcc.confirmed"), ("fail", 1, vec![(Some(2), None)]));
    assert_eq!(row("uk-npcc", "uk-npcc.withdraw"), ("unmeasured", 0, vec![]));
}

/// A parameter that nobody has verified neither passes nor fails, whatever is measured.
#[test]
fn an_unverified_clause_is_never_passed() {
    let room = two_days();
    for (name, _) in Pack::BUILT_IN {
        for row in measured(&room, name, None, 20).clauses {
            let judged = matches!(row.finding.as_str(), "pass" | "fail");
            assert!(!judged || row.mark != alarmcore::Mark::Unverified, "{}", row.clause);
        }
    }
}

/// How often lines are to be heard say the cards, as they stood at the end of the period: two hours keep it, a second more and a
/// line that nobody supervises do not; what a card says later is not known yet.
#[test]
fn lines_are_polled_as_the_cards_say() {
    let mut room = Room::new();
    let mut put = |number: u32, heartbeat_s: Option<u32>| {
        let card = AccountCard { heartbeat_s, ..AccountCard::new(account(number), "Mill") };
        room.centre.put_account(&card, &change(HOUR, "agreement")).unwrap()
    };
    let kept = put(20, Some(7200));
    put(21, Some(7201));
    put(22, None);
    let slower = AccountCard { heartbeat_s: Some(86_400), ..kept };
    room.centre.put_account(&slower, &change(3 * HOUR, "cheaper")).unwrap();
    room.receive(&[says(4 * HOUR, 0, "602", New, 0)]);
    let failed = |as_of: i64| -> Vec<AccountNumber> {
        let report = measured(&room, "gb50440", Some(as_of), usize::MAX);
        let row = report.clauses.iter().find(|row| row.clause.as_str() == "gb50440.poll").unwrap();
        assert_eq!(row.failed as usize, row.failures.len());
        row.failures.iter().filter_map(|failure| failure.account).filter(|number| *number >= account(20)).collect()
    };
    assert_eq!(failed(2 * HOUR), [account(21), account(22)]);
    assert_eq!(failed(4 * HOUR), [account(20), account(21), account(22)]);
}

/// Of many failures as many are listed as were asked for, and all are counted; nothing stored is no answer.
#[test]
fn failures_are_capped_and_counted() {
    let room = two_days();
    let forwarded = |listed| {
        let report = measured(&room, "uk-npcc", None, listed);
        report.clauses.iter().map(|row| (row.failed, row.failures.len())).collect::<Vec<_>>()
    };
    let (all, one) = (forwarded(usize::MAX), forwarded(1));
    assert!(all.iter().all(|(failed, listed)| *failed == *listed as u64), "{all:?}");
    assert!(all.iter().any(|(failed, _)| *failed > 1), "{all:?}");
    let capped: Vec<_> = all.iter().map(|(failed, listed)| (*failed, (*listed).min(1))).collect();
    assert_eq!(one, capped);
    let empty = Room::new();
    let nothing = measured(&empty, "gb50394", None, 20);
    assert!(nothing.clauses.iter().all(|row| row.why.is_some()), "{nothing:?}");
}
