//! False alarms as the store keeps them: with their incidents, over restarts, and as a rebuild makes them anew; and the
//! policy that was in force.

use alarmcore::{
    Cause, Command, Desk, FalseCallsCommand, FalseCallsEvent, IncidentId, Measure, Plans, Policy, Timestamp,
};
use contactid::Qualifier::New;
use opsmodel::store::query::Reader;
use opsmodel::store::verify;

use crate::room::{Room, change, says};
use crate::sample::{account, at};

const HOUR: i64 = 3_600_000;

fn spain() -> Policy {
    Policy::from_toml("packs = ['es-2011']").unwrap()
}

/// Starts the desk anew from what is stored.
fn restart(room: &mut Room) {
    let snapshot = room.centre.snapshot().unwrap();
    room.desk = Desk::restore(spain(), snapshot.clone());
    assert_eq!(room.desk.snapshot(), snapshot);
}

/// The rows are those that a rebuild makes.
fn same_after_rebuild(room: &mut Room) {
    let before = room.table("centre.db", "false_calls");
    room.centre.rebuild().unwrap();
    assert_eq!(room.table("centre.db", "false_calls"), before);
}

/// Two false alarms in a month: an order that is overdue after 72 hours, whoever was restarted meanwhile, until it is proved.
#[test]
fn false_alarms_are_counted_over_restarts() {
    let mut room = Room::new();
    restart(&mut room);
    for incident in 1..=2 {
        let millis = incident * HOUR;
        room.receive(&[says(millis, 1, "130", New, 5)]);
        room.act(millis + 1000, incident.cast_unsigned(), Command::Take);
        let cause = Some(Cause::Animal);
        room.act(millis + 2000, incident.cast_unsigned(), Command::VerifyFalse { cause, note: None });
        restart(&mut room);
    }
    let stands = |room: &Room| room.desk.false_calls(account(1)).map(|calls| calls.standing.len());
    assert_eq!(stands(&room), Some(1));
    room.time(80 * HOUR);
    restart(&mut room);
    let calls = room.desk.false_calls(account(1)).unwrap();
    let imposed = calls.standing.values().next().unwrap();
    assert_eq!((imposed.measure, imposed.calls, imposed.until), (Measure::Remedy, 2, Some(at(74 * HOUR + 2000))));
    assert_eq!(imposed.overdue_at, imposed.until);
    same_after_rebuild(&mut room);
    room.prove(90 * HOUR, 1, FalseCallsCommand::Prove { reference: Some("WO-7".into()), note: Some("Mr Li's".into()) });
    assert_eq!(stands(&room), Some(0));
    same_after_rebuild(&mut room);
    let records = room.centre.false_calls_records(account(1)).unwrap();
    let kinds: Vec<&str> = records.iter().map(|record| record.event.kind().as_str()).collect();
    assert_eq!(kinds, ["counted", "counted", "imposed", "overdue", "proved", "lifted"]);
    let FalseCallsEvent::Proved { reference, note } = &records[4].event else { panic!("{records:?}") };
    assert_eq!((reference.as_str(), note.as_deref()), ("WO-7", Some("Mr Li's")));
    let reader = Reader::open(&room.dir).unwrap();
    let row = reader.false_calls_of(account(1)).unwrap().unwrap();
    assert_eq!((Some(&row.calls), row.account_name.as_deref()), (room.desk.false_calls(account(1)), Some("Shop 1")));
    assert_eq!(reader.all_false_calls().unwrap(), [row]);
    assert_eq!(reader.false_calls_records(account(1)).unwrap().len(), 6);
    verify(&room.dir).unwrap();
}

/// The policy in force is written down once for each change, chained, and found by time.
#[test]
fn the_policy_in_force_is_written_down() {
    let mut room = Room::new();
    let cards = verify(&room.dir).unwrap().card_history;
    assert!(room.centre.put_policy(&Policy::default(), &change(0, "start")).unwrap());
    assert!(!room.centre.put_policy(&Policy::default(), &change(1000, "start")).unwrap());
    assert!(room.centre.put_policy(&spain(), &change(HOUR, "start")).unwrap());
    let reader = Reader::open(&room.dir).unwrap();
    let since: Vec<(Timestamp, Vec<String>)> =
        reader.policies().unwrap().into_iter().map(|all| (all.since, all.policy.packs)).collect();
    assert_eq!(since, [(at(0), vec![]), (at(HOUR), vec!["es-2011@3".to_owned()])]);
    assert_eq!(reader.policy_at(at(HOUR)).unwrap(), Some(spain()));
    assert_eq!(reader.policy_at(at(2000)).unwrap(), Some(Policy::default()));
    assert_eq!(reader.policy_at(at(-1)).unwrap(), Some(Policy::default()));
    let plans = Policy::default().plans.iter().count() as u64;
    assert_eq!(verify(&room.dir).unwrap().card_history, cards + 2 + plans, "and each of its plans once");
}

/// The text of each action plan is written down when it comes into force: a closed incident has the text of the version that it
/// names, and of two texts under one version the one that was in force when it was closed; also after a rebuild.
#[test]
fn a_closed_incident_has_its_plan_as_it_was() {
    let mut room = Room::new();
    let worded = |version: u32, words: &str| {
        let text = Plans::DOCUMENTED.replacen("version = 2", &format!("version = {version}"), 1);
        let en = Plans::standard().get("burglary").unwrap().en.clone();
        let text = text.replacen(&format!("en = \"{en}\""), &format!("en = \"{words}\""), 1);
        Policy { plans: Plans::from_toml(&text).unwrap().into(), ..Policy::default() }
    };
    let in_force = |room: &mut Room, millis: i64, policy: &Policy| {
        room.centre.put_policy(policy, &change(millis, "start")).unwrap();
        room.desk = Desk::restore(policy.clone(), room.centre.snapshot().unwrap());
    };
    let dealt_with = |room: &mut Room, millis: i64, incident: u64, closed: bool| {
        room.receive(&[says(millis, 1, "130", New, 5)]);
        room.act(millis + 1000, incident, Command::Take);
        if closed {
            room.act(millis + 2000, incident, Command::VerifyFalse { cause: Some(Cause::Animal), note: None });
        }
    };
    dealt_with(&mut room, HOUR - 10_000, 1, true);
    in_force(&mut room, HOUR, &worded(7, "first"));
    dealt_with(&mut room, HOUR + 1000, 2, true);
    in_force(&mut room, 2 * HOUR, &worded(7, "second"));
    dealt_with(&mut room, 2 * HOUR + 1000, 3, false);
    in_force(&mut room, 3 * HOUR, &worded(8, "third"));
    // It names version 7, and is closed when version 8 is in force.
    room.act(3 * HOUR + 500, 3, Command::VerifyFalse { cause: Some(Cause::Animal), note: None });
    room.receive(&[says(3 * HOUR + 1000, 2, "130", New, 5)]);
    let words = |room: &Room| {
        let reader = Reader::open(&room.dir).unwrap();
        let word = |incident| {
            let page = reader.incident(IncidentId::new(incident)).unwrap().unwrap();
            let plans = reader.plan_as_it_was(&page.incident).unwrap()?;
            Some((plans.version, plans.get("burglary").unwrap().en.clone()))
        };
        [1, 2, 3, 4].map(word)
    };
    // The first was closed before any text was written down; the last is open, and goes by the plans in force.
    let expected = [None, Some((7, "first".to_owned())), Some((7, "second".to_owned())), None];
    assert_eq!(words(&room), expected);
    room.centre.rebuild().unwrap();
    assert_eq!(words(&room), expected);
    verify(&room.dir).unwrap();
}
