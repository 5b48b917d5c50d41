//! What a centre owes that was started on a copy is not taken for what was owed before.

use contactid::Qualifier::New;
use opsmodel::store::query::Reader;
use opsmodel::store::{back_up, generation_of, verify};

use crate::room::{Room, says};
use crate::sample::at;

/// The numbers of what is due and goes no way out.
fn owed(room: &mut Room) -> Vec<String> {
    let due = room.centre.claim(at(900_000), at(900_000), 99).unwrap();
    due.into_iter().map(|owed| owed.id).collect()
}

#[test]
fn what_a_restored_store_owes_has_a_number_of_its_own() {
    let mut room = Room::new();
    let dir = room.dir.clone();
    assert!(!room.centre.settle(&dir, at(500)).unwrap(), "the first start is on no copy");
    room.receive(&[says(1_000, 1, "130", New, 5)]);
    assert!(!room.centre.settle(&dir, at(1_500)).unwrap(), "nor is the next on the same file");
    let shelf = tempfile::tempdir().unwrap();
    let [first, again] = ["first", "again"].map(|name| shelf.path().join(name));
    back_up(&dir, &first, |_, _| {}).unwrap();
    room.receive(&[says(2_000, 2, "110", New, 6)]);
    assert_eq!(owed(&mut room), ["incident-1.1.0", "incident-2.1.0"]);

    // The copy knows nothing of the fire; another one has its number.
    let mut restored = Room::open(&first);
    assert!(restored.centre.settle(&first, at(2_500)).unwrap());
    assert!(!restored.centre.settle(&first, at(2_600)).unwrap(), "once");
    restored.receive(&[says(3_000, 3, "110", New, 7)]);
    let numbers = owed(&mut restored);
    let generation = |millis: i64| format!("r{millis:011x}");
    let first_of_all = at(2_500).millis();
    assert_eq!(numbers, ["incident-1.1.0".to_owned(), format!("incident-2.1.0.{}", generation(first_of_all))]);
    let generations: Vec<_> = numbers.iter().map(|id| generation_of(id)).collect();
    assert_eq!(generations, [None, Some(&*generation(first_of_all))]);
    drop(restored);
    verify(&first).unwrap();

    // So it is with files that somebody copied by hand, and each copy has its own; what is sent of one incident stays in its order.
    std::fs::create_dir(&again).unwrap();
    for file in ["centre.db", "signals.db"] {
        std::fs::copy(first.join(file), again.join(file)).unwrap();
    }
    let mut restored = Room::open(&again);
    assert!(restored.centre.settle(&again, at(7)).unwrap(), "a clock that was set back makes no number twice");
    restored.receive(&[says(4_000, 4, "120", New, 8)]);
    for id in owed(&mut restored) {
        restored.centre.send_by(&id, "psap", at(900_000)).unwrap();
    }
    let reader = Reader::open(&again).unwrap();
    let sent: Vec<_> = reader.sendable("psap", at(900_000), 10).unwrap().into_iter().map(|(_, owed)| owed.id).collect();
    let [second, third] = [first_of_all, first_of_all + 1].map(generation);
    assert_eq!(
        sent,
        [format!("incident-2.1.0.{second}"), format!("incident-3.1.0.{third}"), "incident-1.1.0".to_owned()]
    );
    for nothing in ["incident-1.1.0", "incident-1.1.0.r19", "signal-1.red", "x.r019ac8e4d2z"] {
        assert_eq!(generation_of(nothing), None, "{nothing}");
    }
}
