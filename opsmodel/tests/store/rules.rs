//! What the desk's rules remember survives: a centre opened again stands where the desk stood, and every row can be made anew.

use contactid::Qualifier::{New, Restore};

use crate::rebuild::PROJECTED;
use crate::room::{Room, says};

/// The stored centre is the desk, and its rows are those that its truth gives.
fn stands(room: &mut Room) {
    assert_eq!(room.centre.snapshot().unwrap(), room.desk.snapshot());
    let live = PROJECTED.map(|table| room.table("centre.db", table));
    room.centre.rebuild().unwrap();
    assert_eq!(PROJECTED.map(|table| room.table("centre.db", table)), live);
}

/// How many signals a rule decided.
fn ruled(room: &Room, rule: &str) -> u32 {
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    sql.query_row("SELECT count(*) FROM signal_row WHERE rule = ?1", [rule], |row| row.get(0)).unwrap()
}

#[test]
fn a_runaway_panel_is_still_one_after_a_restart() {
    let mut room = Room::new();
    let flaps = |second: i64| says(second * 1000, 0, "130", if second % 2 == 0 { New } else { Restore }, 7);
    room.receive(&(0..40).map(flaps).collect::<Vec<_>>());
    stands(&mut room);
    let mut room = Room::open(&room.dir);
    room.receive(&[flaps(40)]);
    assert_eq!(ruled(&room, "runaway.logged"), 11);
    stands(&mut room);
}
