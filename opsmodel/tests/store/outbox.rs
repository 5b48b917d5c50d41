//! Owed effects: written with their event, claimed once at a time, performed at least once.

use contactid::Qualifier::New;

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
