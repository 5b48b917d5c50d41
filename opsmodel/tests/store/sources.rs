//! From where signals come: the source is read from the log, what was told of it is projected, and both outlive a restart.

use alarmcore::{Policy, SignalSource};
use contactid::Lang;
use contactid::Qualifier::{New, Restore};
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
        ["class.logged", "class.logged", "class.shown", "security.not-weighed", "class.logged", "security.not-weighed"]
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
    assert_eq!(room.centre.last_sources().unwrap()[&account(1)], SignalSource::of_peer("192.0.2.9").unwrap());
    verify(&room.dir).unwrap();
}

/// What a spoofed opening, cancel, restore and test did not do, the store does not do either: a desk that starts anew between them, and
/// rows made anew, say the same; and each says why it counted for nothing, the genuine burglary whose opening it was that counted.
#[test]
fn row_2_1_a_strange_source_weighs_nothing_after_a_restart() {
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let wanted = AccountCard { sources: Some(std::sync::Arc::new("192.0.2.0/24".parse().unwrap())), ..card };
    room.centre.edit_account(&wanted, &change(500, "fixed address")).unwrap();
    room.start_again();
    let told = |millis, peer: &str, code: &str, qualifier| NewSignal {
        peer: peer.into(),
        ..framed(report(millis, account(1), signal(code, qualifier, 3)))
    };
    let (home, strange) = ("192.0.2.9:5000", "203.0.113.7:9");
    let signals = [
        told(1_000, home, "401", New),
        told(2_000, strange, "401", Restore),
        told(3_000, home, "130", New),
        told(400_000, strange, "401", New),
        told(401_000, home, "131", New),
        told(402_000, strange, "406", New),
        told(403_000, strange, "131", Restore),
        told(404_000, strange, "602", New),
    ];
    for one in &signals {
        room.receive(std::slice::from_ref(one));
        let stood = room.desk.snapshot();
        room.start_again();
        assert_eq!(room.desk.snapshot(), stood, "a desk that starts anew stands elsewhere after {one:?}");
        room.centre.rebuild().unwrap();
        room.start_again();
        assert_eq!(room.desk.snapshot(), stood, "so does one of rows made anew after {one:?}");
    }
    let reader = Reader::open(&room.dir).unwrap();
    let rule = |id: u64| reader.signal(alarmcore::SignalId::new(id)).unwrap().unwrap().rule.unwrap();
    assert_eq!(
        [1, 2, 3, 4, 5, 6, 7, 8].map(rule),
        [
            "class.logged",
            "security.strange-source",
            "recent-opening",
            "security.not-weighed",
            "class.shown",
            "security.not-weighed",
            "security.not-weighed",
            "security.not-weighed",
        ]
    );
    let says = |id: u64, lang, about: &str| {
        let explained = reader.explain(alarmcore::SignalId::new(id)).unwrap().unwrap().lines(lang);
        explained.into_iter().find(|line| line.about.as_str() == about).map(|line| line.says).unwrap()
    };
    assert!(
        says(3, Lang::En, "other").starts_with("Signal 1 of "),
        "the opening of the panel, not the closing after it"
    );
    assert_eq!(
        [says(6, Lang::En, "source"), says(6, Lang::Zh, "source"), says(2, Lang::En, "source")],
        [
            "It came from 203.0.113.7, which the card does not list (192.0.2.0/24). Therefore it lowered, cancelled, ended and \
             satisfied nothing: the account stands as if it had not come; an operator is told of a source once in a while, not \
             with every signal.",
            "它来自 203.0.113.7,不在档案所列来源(192.0.2.0/24)之内。因此不作为降级、撤销、恢复或到位的依据,用户状态视同未收到该信号;\
             同一来源每隔一段时间只提示一次,不逐条提示。",
            "It came from 203.0.113.7, which the card does not list (192.0.2.0/24). Therefore it lowered, cancelled, ended and \
             satisfied nothing: the account stands as if it had not come; an operator is told of a source once in a while, not \
             with every signal.",
        ]
    );
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
