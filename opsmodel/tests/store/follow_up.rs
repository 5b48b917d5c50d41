//! Follow-ups in the store: they survive a restart and a rebuild, and say whose they are and what came of them.

use alarmcore::Rank;
use contactid::Qualifier::New;
use opsmodel::store::query::Reader;
use opsmodel::store::verify;

use crate::room::{ANNA, Room, says};
use crate::sample::{account, at};

/// 2.5 Follow-up: "item later, to role or person".
#[test]
fn what_is_to_be_done_later_is_kept() {
    let mut room = Room::new();
    room.receive(&[says(1_000, 1, "130", New, 5)]);
    room.follow_up(
        2_000,
        None,
        r#"{"act": "create", "incident": 1, "rank": "supervisor", "minutes": 10, "note": "call Li"}"#,
    );
    room.follow_up(
        3_000,
        None,
        r#"{"act": "create", "account": "1002", "operator": 1, "minutes": 5, "note": "battery"}"#,
    );
    room.time(400_000);
    room.follow_up(500_000, Some(2), r#"{"act": "done", "note": "changed"}"#);
    assert_eq!(room.centre.snapshot().unwrap().follow_ups, room.desk.snapshot().follow_ups);
    assert_eq!(room.centre.snapshot().unwrap().next_follow_up, room.desk.snapshot().next_follow_up);

    let reader = Reader::open(&room.dir).unwrap();
    let open = reader.open_follow_ups().unwrap();
    let row = &open[0];
    assert_eq!(open.len(), 1);
    assert_eq!((row.incident.map(|one| one.get()), row.account), (Some(1), Some(account(1))));
    assert_eq!(
        (row.to_rank, row.to_operator, row.by, row.by_name.as_deref()),
        (Some(Rank::Supervisor), None, Some(ANNA), Some("Anna"))
    );
    assert_eq!((row.note.as_deref(), row.due_at, row.rang_at), (Some("call Li"), at(602_000), None));
    let all = reader.follow_ups(at(0), at(1_000_000)).unwrap();
    let done = &all[1];
    assert_eq!((all.len(), done.to_name.as_deref(), done.rang_at), (2, Some("Anna"), Some(at(303_000))));
    assert_eq!((done.done_at, done.done_name.as_deref()), (Some(at(500_000)), Some("Anna")));
    assert_eq!((done.note.as_deref(), done.outcome.as_deref()), (Some("battery"), Some("changed")));
    assert_eq!(reader.follow_ups(at(600_000), at(1_000_000)).unwrap(), open);
    assert_eq!(reader.handover(&alarmcore::Policy::default()).unwrap().follow_ups, open);

    let live = room.table("centre.db", "follow_up");
    assert_eq!(room.centre.rebuild().unwrap().follow_ups, 2);
    assert_eq!(room.table("centre.db", "follow_up"), live);
    verify(&room.dir).unwrap();
}
