//! Every projected row can be made anew from journal, dispositions and signal log, and comes out the same.

use alarmcore::LoweredKind;

use crate::room::{Room, morning, noon};

pub(crate) const PROJECTED: [&str; 12] = [
    "signal_row",
    "held_signal",
    "day_count",
    "incident",
    "incident_signal",
    "account_state",
    "test_session",
    "follow_up",
    "storm",
    "storm_line",
    "lowered",
    "attention",
];

#[test]
fn rebuilt_rows_are_the_live_rows() {
    let mut room = Room::new();
    morning(&mut room);
    room.follow_up(
        5 * 3_600_000,
        None,
        r#"{"act": "create", "incident": 1, "rank": "manager", "minutes": 5, "note": "call"}"#,
    );
    room.assign(5 * 3_600_000, 1, crate::lowered::assign(LoweredKind::Silent, 1_000));
    room.centre.erase_note(3, noon()).unwrap();
    let live = PROJECTED.map(|table| room.table("centre.db", table));
    for (table, rows) in PROJECTED.iter().zip(&live) {
        assert!(!rows.is_empty() || *table == "held_signal", "the morning leaves nothing in {table}");
    }
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    sql.execute_batch(
        "UPDATE incident SET stage = 'closed', body = '{}'; DELETE FROM signal_row; UPDATE day_count SET n = 99;
         DELETE FROM incident_signal; UPDATE account_state SET body = '{}'; DELETE FROM test_session;
         DELETE FROM follow_up; UPDATE storm SET body = ''; DELETE FROM storm_line;
         DELETE FROM lowered; UPDATE attention SET acted_at = 0;",
    )
    .unwrap();
    let rebuilt = room.centre.rebuild().unwrap();
    assert_eq!(PROJECTED.map(|table| room.table("centre.db", table)), live);
    assert_eq!(rebuilt.signals, room.reader.last().unwrap().get());
    assert_eq!(rebuilt.journal as usize, room.table("centre.db", "journal").len());
    assert_eq!(rebuilt.tests as usize, room.table("centre.db", "test_session").len());
    assert_eq!(rebuilt.follow_ups as usize, room.table("centre.db", "follow_up").len());
    assert_eq!(rebuilt.storms as usize, room.table("centre.db", "storm").len());
    assert_eq!(rebuilt.incidents as usize, room.table("centre.db", "incident").len());
}

#[test]
fn held_signals_are_rebuilt() {
    let mut room = Room::new();
    room.receive(&[crate::room::says(1_000, 0, "301", contactid::Qualifier::New, 0)]);
    let live = room.table("centre.db", "held_signal");
    assert_eq!(live.len(), 1);
    room.centre.rebuild().unwrap();
    assert_eq!(room.table("centre.db", "held_signal"), live);
}
