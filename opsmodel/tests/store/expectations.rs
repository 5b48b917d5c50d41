//! What a card's expectations look for is in the store: over a restart, and as a rebuild makes it anew from the signals and the card.

use alarmcore::{Edge, Expectation, Input};
use contactid::Qualifier::New;

use crate::rebuild::PROJECTED;
use crate::room::{Room, change, drain, says};
use crate::sample::{account, at};

const S: i64 = 1000;
const ALONE: &str = "name Night porter; expect E462 user 7; after itself; within 30m";

/// 200 people come and go after whoever is alone has reported. Who is alone is missed all the same: by the desk that never stopped, by
/// one that was started again, and by one whose rows were made anew.
#[test]
fn whoever_is_alone_is_missed_after_a_restart_and_a_rebuild() {
    let mut room = Room::new();
    room.receive(&[says(0, 1, "462", New, 7)]);
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let wanted = Expectation::read_all(ALONE).unwrap();
    let card = card.expecting(&wanted, at(10 * S));
    room.centre.put_account(&card, &change(10 * S, "somebody is alone at night")).unwrap();
    let outputs = drain(&mut room.desk, vec![Input::Account(card.desk_card())]);
    let cursor = room.centre.cursor().unwrap();
    room.commit(cursor, &[], &outputs).unwrap();
    room.receive(&[says(60 * S, 1, "462", New, 7)]);
    let crowd: Vec<_> = (100..300).map(|user| says(i64::from(user) * S, 1, "422", New, user)).collect();
    crowd.chunks(20).for_each(|some| room.receive(some));
    let due = |room: &Room| -> Vec<Edge> {
        let edges = room.desk.expected(&account(1), at(400 * S));
        edges.into_iter().filter(|edge| edge.raised.is_some()).collect()
    };
    let missed = due(&room);
    assert_eq!(missed.iter().map(|edge| (edge.missing, edge.at)).collect::<Vec<_>>(), [(true, at((60 + 1800) * S))]);
    let live = PROJECTED.map(|table| room.table("centre.db", table));
    room.start_again();
    assert_eq!(due(&room), missed);
    room.centre.rebuild().unwrap();
    for (table, live) in PROJECTED.iter().zip(live) {
        assert_eq!(room.table("centre.db", table), live, "{table}");
    }
    room.start_again();
    assert_eq!(due(&room), missed);
}
