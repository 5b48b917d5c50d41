//! Owed effects: written with their event, claimed once at a time, performed at least once.

use alarmcore::{IncidentId, OperatorId, UnitId};
use contactid::Qualifier::New;
use opsmodel::store::Unmatched;
use opsmodel::store::query::{Outgoing, Reader, WayRow};

use crate::room::{Room, says};
use crate::sample::at;

#[test]
fn an_owed_effect_is_claimed_retried_and_done() {
    let mut room = Room::new();
    room.receive(&[says(1_000, 1, "130", New, 5)]);

    assert_eq!(room.centre.claim(at(999), at(5_000), 10).unwrap(), [], "nothing is due before its event");
    let claimed = room.centre.claim(at(2_000), at(5_000), 10).unwrap();
    let ids: Vec<_> = claimed.iter().map(|owed| (owed.id.as_str(), owed.attempt)).collect();
    assert_eq!(ids, [("incident-1.1.0", 1)]);
    assert_eq!(room.centre.claim(at(4_999), at(9_000), 10).unwrap(), [], "it is claimed");

    // Whoever claimed it died: after the lease it is due again, the same effect by its id.
    let again = room.centre.claim(at(5_000), at(9_000), 10).unwrap();
    assert_eq!((again[0].id.as_str(), again[0].attempt), ("incident-1.1.0", 2));
    assert_eq!(again[0].effect, claimed[0].effect);
    room.centre.retry("incident-1.1.0", at(20_000), "nobody listens").unwrap();
    assert_eq!(room.centre.claim(at(19_999), at(30_000), 10).unwrap(), []);
    assert_eq!(room.centre.claim(at(20_000), at(30_000), 10).unwrap()[0].attempt, 3);

    room.centre.done("incident-1.1.0", at(20_001)).unwrap();
    room.centre.done("incident-1.1.0", at(20_002)).unwrap();
    assert_eq!(room.centre.claim(at(99_000), at(99_999), 10).unwrap(), []);
}

#[test]
fn what_goes_a_way_out_is_the_ways_until_it_is_done_or_taken_back() {
    let mut room = Room::new();
    room.receive(&[says(1_000, 1, "130", New, 5)]);
    let claimed = room.centre.claim(at(2_000), at(7_000), 10).unwrap();
    assert_eq!(room.centre.claim(at(2_000), at(7_000), 10).unwrap(), [], "whoever claimed it is at it");
    // Whoever was at it has ended before it went any way: it is due, and not when the lease would have been over.
    room.centre.unclaim(at(2_000)).unwrap();
    assert_eq!(room.centre.claim(at(2_000), at(7_000), 10).unwrap()[0].id, claimed[0].id);
    room.centre.send_by("incident-1.1.0", "psap", at(2_000)).unwrap();
    assert_eq!(room.centre.claim(at(99_000), at(99_999), 10).unwrap(), [], "the desk does not perform it");

    let reader = Reader::open(&room.dir).unwrap();
    let owed = |(attempts, refusals), due_at, fault: Option<&str>| Outgoing {
        id: "incident-1.1.0".into(),
        way: "psap".into(),
        at: claimed[0].at,
        effect: claimed[0].effect.clone(),
        attempts,
        refusals,
        due_at: at(due_at),
        fault: fault.map(str::to_owned),
    };
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed((0, 0), 2_000, None)]);
    assert_eq!(reader.outgoing("mail", 10).unwrap(), []);
    room.centre.retry("incident-1.1.0", at(3_000), "nobody listens").unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed((1, 0), 3_000, Some("nobody listens"))]);

    room.centre.hurry("mail", at(2_400)).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap()[0].due_at, at(3_000), "another way");
    room.centre.hurry("psap", at(2_400)).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed((1, 0), 2_400, Some("nobody listens"))]);

    // Whoever had it in hand has ended: the same way tries at once, and without that way the desk has it again.
    room.centre.take_back(&["psap"], at(2_500), |_| true).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed((1, 0), 2_500, Some("nobody listens"))]);
    // What the other end has refused stays counted and is due when it was, whoever ends and starts in between.
    room.centre.refused("incident-1.1.0", at(9_000), "DUH").unwrap();
    room.centre.take_back(&["psap"], at(2_550), |_| true).unwrap();
    room.centre.hurry("psap", at(2_560)).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed((2, 1), 9_000, Some("DUH"))]);
    // What is lost with its way stays there, and people hear of it; anything else the desk has again.
    room.centre.take_back(&["mail"], at(2_580), |effect| *effect == claimed[0].effect).unwrap();
    assert_eq!(reader.astray(&["mail"], 10).unwrap(), [owed((2, 1), 2_580, Some("DUH"))]);
    assert_eq!(reader.astray(&["psap"], 10).unwrap(), []);
    room.centre.take_back(&["mail"], at(2_600), |_| false).unwrap();
    assert_eq!(reader.astray(&["mail"], 10).unwrap(), []);
    assert_eq!(reader.outgoing("psap", 10).unwrap(), []);
    assert_eq!(room.centre.claim(at(2_600), at(9_000), 10).unwrap()[0].effect, claimed[0].effect);

    room.centre.send_by("incident-1.1.0", "psap", at(2_700)).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed((0, 0), 2_700, None)], "counted anew");
    room.centre.done("incident-1.1.0", at(2_800)).unwrap();
    let way = WayRow { way: "psap".into(), settled: 1, settled_at: Some(at(2_800)), owed: 0, owed_since: None };
    assert_eq!(reader.ways().unwrap(), [way]);
}

/// However much one account owes a way, the others go on; of each course the first is sent until it has arrived, the tenth word after the
/// ninth, and a recall after its offer.
#[test]
fn what_can_be_sent_is_the_first_of_each_course() {
    let mut room = Room::new();
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    let owe = |id: &str, millis: i64, due: i64, body: &str| {
        let values = rusqlite::params![id, at(millis).millis(), body, at(due).millis()];
        let insert = "INSERT INTO outbox (id, at, body, state, attempts, due_at, way) VALUES (?1, ?2, ?3, 'owed', 0, ?4, 'north')";
        sql.execute(insert, values).unwrap();
    };
    let forward = |signal: u64, account: u32, millis: i64, due: i64| {
        let body = format!(
            r#"{{"effect": "forward", "account": "{account}", "signal": {signal}, "at": {}, "to": "north"}}"#,
            at(millis).millis()
        );
        owe(&format!("signal-{signal}.north"), millis, due, &body);
    };
    let unit = |id: &str, effect: &str, unit: u32, millis: i64| {
        let until = if effect == "offer" { r#", "until": 9000"# } else { "" };
        owe(id, millis, millis, &format!(r#"{{"effect": "{effect}", "incident": 7, "unit": {unit}{until}}}"#));
    };
    // Nobody answers for 1003, whose first waits to be tried again.
    forward(9, 1003, 1_000, 60_000);
    (10..700).for_each(|signal| forward(signal, 1003, 1_000, 1_000));
    forward(800, 1005, 2_000, 2_000);
    forward(801, 1005, 2_000, 2_000);
    // The clock was set back between these two.
    forward(802, 1006, 3_500, 3_500);
    forward(803, 1006, 2_500, 2_500);
    unit("incident-7.9.0", "offer", 1, 3_000);
    unit("incident-7.10.0", "recall", 1, 3_000);
    unit("incident-7.10.1", "offer", 2, 3_000);
    let reader = Reader::open(&room.dir).unwrap();
    let sent = |now: i64| -> Vec<String> {
        reader.sendable("north", at(now), 10).unwrap().into_iter().map(|(_, owed)| owed.id).collect()
    };
    assert_eq!(sent(5_000), ["signal-800.north", "incident-7.9.0", "incident-7.10.1", "signal-802.north"]);
    assert_eq!(sent(60_000)[..2], ["signal-9.north", "signal-800.north"]);
    for id in ["signal-9.north", "signal-800.north", "incident-7.9.0"] {
        sql.execute("UPDATE outbox SET state = 'done' WHERE id = ?1", [id]).unwrap();
    }
    let then = ["signal-10.north", "signal-801.north", "incident-7.10.0", "incident-7.10.1", "signal-802.north"];
    assert_eq!(sent(5_000), then);
    assert_eq!(reader.sendable("south", at(5_000), 10).unwrap(), []);

    // An offer that was over before it went is no message, and nobody is called back from it.
    unit("incident-7.11.0", "offer", 1, 4_000);
    unit("incident-7.12.0", "recall", 1, 4_000);
    room.centre.leave("incident-7.11.0", at(7_000), "it was over").unwrap();
    let never = |recall: &str| reader.never_offered(IncidentId::new(7), UnitId::new(1), recall).unwrap();
    assert_eq!(["incident-7.10.0", "incident-7.12.0"].map(never), [false, true]);
    let of_unit = |unit: u32| reader.never_offered(IncidentId::new(7), UnitId::new(unit), "incident-7.12.0").unwrap();
    assert_eq!([of_unit(2), of_unit(3)], [false, false]);
    let way = &reader.ways().unwrap()[0];
    assert_eq!((way.settled, way.settled_at), (3, None));
}

#[test]
fn what_has_no_place_is_kept_once_and_until_somebody_has_seen_it() {
    let mut room = Room::new();
    let kept = |message: &str, time| Unmatched {
        way: "psap".into(),
        message: message.into(),
        at: at(time),
        body: "{}".into(),
        code: "unknown-incident".into(),
        why_en: "there is no incident 9".into(),
        why_zh: "没有警情 9".into(),
    };
    let keep = |room: &mut Room, message, time| room.centre.keep_unmatched(&kept(message, time)).unwrap();
    assert_eq!([keep(&mut room, "A", 1), keep(&mut room, "A", 2), keep(&mut room, "B", 3)], [true, false, true]);
    let reader = Reader::open(&room.dir).unwrap();
    assert_eq!(reader.unseen().unwrap(), 2);
    let by = OperatorId::new(3);
    assert!(room.centre.see_unmatched(2, by, at(9), Some("telephoned")).unwrap());
    assert!(!room.centre.see_unmatched(2, by, at(10), None).unwrap(), "seen before");
    assert_eq!(reader.unseen().unwrap(), 1);
    let rows = reader.unmatched(10).unwrap();
    let brief: Vec<_> =
        rows.iter().map(|row| (row.message.as_str(), row.at, row.seen_at, row.note.as_deref())).collect();
    assert_eq!(brief, [("A", at(1), None, None), ("B", at(3), Some(at(9)), Some("telephoned"))]);
}

/// In a storm a fire's hand-off goes before the many first contacts that are owed to the same way for longer, and staff before all but life
/// safety; a burglary's hand-off before the first contacts of burglaries.
#[test]
fn the_most_urgent_goes_first() {
    let mut room = Room::new();
    room.receive(&[
        says(1_000, 1, "130", New, 5),
        says(1_000, 2, "130", New, 5),
        says(1_500, 3, "130", New, 5),
        says(2_000, 4, "110", New, 5),
    ]);
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    let owe = |id: &str, millis: i64, body: &str| {
        let insert = "INSERT INTO outbox (id, at, body, state, attempts, due_at, way) VALUES (?1, ?2, ?3, 'owed', 0, ?2, 'town')";
        sql.execute(insert, rusqlite::params![id, at(millis).millis(), body]).unwrap();
    };
    owe("incident-1.2.0", 1_001, r#"{"effect": "first-contact", "incident": 1}"#);
    owe("incident-2.2.0", 1_001, r#"{"effect": "first-contact", "incident": 2}"#);
    owe("storm-1.5.0", 1_600, r#"{"effect": "call-in", "storm": 1}"#);
    owe("incident-3.2.0", 1_700, r#"{"effect": "hand-off", "incident": 3, "number": 1, "to": "police"}"#);
    owe("incident-4.3.0", 2_001, r#"{"effect": "hand-off", "incident": 4, "number": 1, "to": "fire"}"#);
    owe("incident-4.4.0", 2_002, r#"{"effect": "hand-off", "incident": 4, "number": 2, "to": "ambulance"}"#);
    let reader = Reader::open(&room.dir).unwrap();
    let sent = reader.sendable("town", at(5_000), 10).unwrap();
    let sent: Vec<_> = sent.into_iter().map(|(priority, owed)| (priority.get(), owed.id)).collect();
    let all = [
        (1, "storm-1.5.0"),
        (1, "incident-4.3.0"),
        (1, "incident-4.4.0"),
        (2, "incident-3.2.0"),
        (2, "incident-1.2.0"),
        (2, "incident-2.2.0"),
    ];
    assert_eq!(sent, all.map(|(priority, id)| (priority, id.to_owned())));
    assert_eq!(reader.sendable("town", at(5_000), 2).unwrap().len(), 2);
}
