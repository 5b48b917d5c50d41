//! From where signals come: the source is read from the log, what was told of it is projected, and both outlive a restart.

use alarmcore::{Policy, SignalSource};
use contactid::Lang;
use contactid::Qualifier::New;
use opsmodel::crm::{AccountCard, CardField};
use opsmodel::store::query::Reader;
use opsmodel::store::{NewSignal, verify};

use crate::room::{Room, change};
use crate::sample::{account, at, framed, report, signal};

fn from(peer: &str, millis: i64, n: u32, code: &str) -> NewSignal {
    NewSignal { peer: peer.into(), ..framed(report(millis, account(n), signal(code, New, 3))) }
}

/// "Spoofed source → flagged, still handled": told once, explained for each signal, reported with the card as it was; a desk that starts
/// anew and rows that are rebuilt know what was told.
#[test]
fn row_2_1_source_check_is_kept_explained_and_reported() {
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    room.receive(&[from("203.0.113.7:9", 500, 1, "602")]);
    let wanted = AccountCard { sources: Some(std::sync::Arc::new("192.0.2.0/24".parse().unwrap())), ..card };
    let edited = room.centre.edit_account(&wanted, &change(1_000, "fixed address")).unwrap();
    assert_eq!((CardField::Sources.text(&edited).as_str(), edited.pending.is_some()), ("192.0.2.0/24", true));
    room.start_again();
    room.receive(&[
        from("192.0.2.9:5000", 2_000, 1, "602"),
        from("203.0.113.7:5000", 3_000, 1, "130"),
        from("203.0.113.7:5001", 4_000, 1, "602"),
        from("203.0.113.7:5001", 5_000, 2, "602"),
    ]);
    room.start_again();
    room.receive(&[from("203.0.113.7:5002", 6_000, 1, "602")]);

    let reader = Reader::open(&room.dir).unwrap();
    let incidents = reader.queue().unwrap().rows;
    let shown: Vec<_> = incidents.iter().map(|row| (row.kind.as_str(), row.signals)).collect();
    assert_eq!(shown, [("burglary", 1), ("security", 1)], "handled as always, and told once");
    let rule = |id: u64| reader.signal(alarmcore::SignalId::new(id)).unwrap().unwrap().rule.unwrap();
    assert_eq!(
        [1, 2, 3, 4, 5, 6].map(rule),
        ["class.logged", "class.logged", "class.shown", "class.logged", "class.logged", "class.logged"]
    );
    let explained = reader.explain(alarmcore::SignalId::new(4)).unwrap().unwrap().lines(Lang::En);
    let says = |about: &str| explained.iter().find(|line| line.about.as_str() == about).map(|line| line.says.clone());
    assert!(
        says("source").unwrap().starts_with("It came from 203.0.113.7, which the card does not list (192.0.2.0/24).")
    );
    let row = &reader.strange_sources(at(0), at(60_000)).unwrap()[..];
    let told: Vec<_> = row.iter().map(|row| (row.account, row.source.to_string(), row.signals, row.told_at)).collect();
    assert_eq!(told, [(account(1), "203.0.113.7".to_owned(), 3, Some(at(3_000)))]);

    // What was told is a row; made anew, it is the same, and the desk starts from it.
    let rows = room.table("centre.db", "source_told");
    assert_eq!(rows.len(), 1);
    let snapshot = room.centre.snapshot().unwrap();
    assert_eq!(snapshot.told_sources, room.desk.snapshot().told_sources);
    room.centre.rebuild().unwrap();
    assert_eq!(room.table("centre.db", "source_told"), rows);
    assert_eq!(room.centre.last_sources().unwrap()[&account(1)], SignalSource::of_peer("203.0.113.7").unwrap());
    verify(&room.dir).unwrap();
}

/// Where the policy tells of another source than before, a desk that starts anew knows the last one.
#[test]
fn the_last_source_outlives_a_restart() {
    let mut room = Room::new();
    let policy: Policy = serde_json::from_str(r#"{"source": {"changed": true}}"#).unwrap();
    room.desk = alarmcore::Desk::restore(policy.clone(), room.centre.snapshot().unwrap());
    room.receive(&[from("192.0.2.9:5000", 1_000, 1, "602")]);
    let live = room.desk.snapshot().last_sources;
    let mut snapshot = room.centre.snapshot().unwrap();
    snapshot.last_sources = room.centre.last_sources().unwrap();
    assert_eq!(snapshot.last_sources, live);
    room.desk = alarmcore::Desk::restore(policy, snapshot);
    room.receive(&[from("192.0.2.9:5001", 2_000, 1, "602"), from("192.0.2.10:5000", 3_000, 1, "602")]);
    let queue = Reader::open(&room.dir).unwrap().queue().unwrap().rows;
    assert_eq!(queue.iter().map(|row| (row.kind.as_str(), row.signals)).collect::<Vec<_>>(), [("security", 1)]);
    let rule = queue[0].last_signal.as_ref().unwrap().rule.clone();
    assert_eq!(rule.as_deref(), Some("security.changed-source"));
}
