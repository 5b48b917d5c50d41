//! What rules of the policy hid and nobody was shown is known from what is stored: a centre that is started under other rules shows it
//! once, whether it was stopped, killed or made anew from its truth.

use alarmcore::{Command, Desk, Logged, Policy, Report, Rule, SignalId, Snapshot};
use contactid::Qualifier::{New, Restore};
use opsmodel::crm::AccountCard;
use opsmodel::store::verify;

use crate::rebuild::PROJECTED;
use crate::room::{Room, change, says};
use crate::sample::{account, at, framed, report, signal};

const MALL: &str =
    "[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2099-12-31'\nclasses = { burglary = { action = 'log' } }\n";

/// The stored centre is the desk, and its rows are those that its truth gives.
fn stands(room: &mut Room) {
    let started = room.desk.snapshot().started;
    assert_eq!(Snapshot { started, ..room.centre.snapshot().unwrap() }, room.desk.snapshot());
    let live = PROJECTED.map(|table| room.table("centre.db", table));
    room.centre.rebuild().unwrap();
    assert_eq!(PROJECTED.map(|table| room.table("centre.db", table)), live);
}

/// A centre is started under this policy.
fn start(room: &mut Room, millis: i64, policy: &str) {
    let snapshot = Snapshot { started: Some(at(millis)), ..room.centre.snapshot().unwrap() };
    room.desk = Desk::restore(Policy::from_toml(policy).unwrap(), snapshot);
    room.time(millis);
}

/// The signals that were brought back, by the incidents that are open.
fn back(room: &Room) -> Vec<u64> {
    let open = room.desk.queue().into_iter().filter(|incident| incident.rule == Rule::OverrideOver);
    let mut all: Vec<u64> = open.map(|incident| incident.first_signal.get()).collect();
    all.sort_unstable();
    all
}

fn mall() -> Room {
    let mut room = Room::new();
    for n in 0..3 {
        let card = room.centre.account(account(n)).unwrap().unwrap();
        room.centre.put_account(&AccountCard { site: "mall".into(), ..card }, &change(0, "a site")).unwrap();
    }
    start(&mut room, 500, MALL);
    // The burglary of 1000 comes twice, as a frame that is sent again; that of 1001 restores; 1003 is not of the mall.
    let again = Report { received_at: at(1_500), ..report(1_000, account(0), signal("130", New, 7)) };
    room.receive(&[
        says(1_000, 0, "130", New, 7),
        framed(again),
        says(2_000, 1, "130", New, 7),
        says(3_000, 1, "130", Restore, 7),
    ]);
    room.receive(&[says(4_000, 2, "130", New, 7), says(5_000, 3, "130", New, 7)]);
    room
}

#[test]
fn what_rules_hid_is_known_after_a_restart_and_a_rebuild() {
    let mut room = mall();
    stands(&mut room);
    let hidden: Vec<_> = room.desk.snapshot().hidden.iter().map(|one| (one.account, one.logged.clone())).collect();
    let by = |account, signal| {
        let (rule, overridden) = (Rule::ClassLogged, Some("site mall".into()));
        (account, Logged { signal: SignalId::new(signal), rule, overridden })
    };
    assert_eq!(hidden, [by(account(0), 2), by(account(2), 5)]);

    // Under the same rules nothing is shown; under others what stands is, once.
    start(&mut room, 10_000, MALL);
    assert!(back(&room).is_empty());
    stands(&mut room);
    start(&mut room, 20_000, "version = 3\n");
    assert_eq!(back(&room), [2, 5]);
    stands(&mut room);
    let incident = room.desk.queue().iter().find(|incident| incident.first_signal.get() == 5).unwrap().id;
    room.act(21_000, incident.get(), Command::Take);
    let closed = serde_json::from_str(r#"{"act": "verify-false", "cause": "user-error"}"#).unwrap();
    room.act(22_000, incident.get(), closed);
    for (millis, policy) in [(30_000, MALL), (40_000, "version = 4\n"), (50_000, "version = 5\n")] {
        start(&mut room, millis, policy);
        assert_eq!(back(&room), [2], "{policy}");
        stands(&mut room);
    }
    verify(&room.dir).unwrap();
}

/// A centre that is killed between what it wrote and what it would have written next starts as one that never stopped: whatever the card
/// said meanwhile.
#[test]
fn a_card_that_leaves_an_override_while_no_desk_runs() {
    let mut room = mall();
    let card = room.centre.account(account(2)).unwrap().unwrap();
    room.centre.put_account(&AccountCard { site: String::new(), ..card }, &change(6_000, "moved")).unwrap();
    start(&mut room, 7_000, MALL);
    assert_eq!(back(&room), [5]);
    stands(&mut room);
    start(&mut room, 8_000, MALL);
    assert_eq!(back(&room), [5]);
}
