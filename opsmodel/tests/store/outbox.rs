//! Owed effects: written with their event, claimed once at a time, performed at least once.

use alarmcore::OperatorId;
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
    room.centre.send_by("incident-1.1.0", "psap", at(2_000)).unwrap();
    assert_eq!(room.centre.claim(at(99_000), at(99_999), 10).unwrap(), [], "the desk does not perform it");

    let reader = Reader::open(&room.dir).unwrap();
    let owed = |attempts, due_at, fault: Option<&str>| Outgoing {
        id: "incident-1.1.0".into(),
        way: "psap".into(),
        at: claimed[0].at,
        effect: claimed[0].effect.clone(),
        attempts,
        due_at: at(due_at),
        fault: fault.map(str::to_owned),
    };
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed(0, 2_000, None)]);
    assert_eq!(reader.outgoing("mail", 10).unwrap(), []);
    room.centre.retry("incident-1.1.0", at(3_000), "nobody listens").unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed(1, 3_000, Some("nobody listens"))]);

    // Whoever had it in hand has ended: the same way tries at once, and without that way the desk has it again.
    room.centre.take_back(&["psap"], at(2_500)).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), [owed(1, 2_500, Some("nobody listens"))]);
    room.centre.take_back(&["mail"], at(2_600)).unwrap();
    assert_eq!(reader.outgoing("psap", 10).unwrap(), []);
    assert_eq!(room.centre.claim(at(2_600), at(9_000), 10).unwrap()[0].effect, claimed[0].effect);

    room.centre.send_by("incident-1.1.0", "psap", at(2_700)).unwrap();
    room.centre.done("incident-1.1.0", at(2_800)).unwrap();
    let way = WayRow { way: "psap".into(), settled: 1, settled_at: Some(at(2_800)), owed: 0, owed_since: None };
    assert_eq!(reader.ways().unwrap(), [way]);
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
