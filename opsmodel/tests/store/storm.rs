//! Storms in the store: a desk restored in the middle of one goes on, its ledger is kept a line a row, and what it did can be
//! asked for.

use alarmcore::{CaughtUp, Desk, Kind, Policy, Snapshot, StormCommand, StormId, StormState, Timestamp};
use contactid::Qualifier::{New, Restore};
use opsmodel::store::query::Reader;
use opsmodel::store::{NewSignal, verify};

use crate::room::{Room, declare, says};
use crate::sample::{account, at, framed};

/// What fails at the centre itself is no failure of an account, and a trouble that comes by a second path is one trouble: a desk
/// restored from the store counts towards a storm what the one before had counted.
#[test]
fn only_the_troubles_of_accounts_are_counted_and_each_once() {
    let mut room = Room::new();
    let parts = alarmcore::Part::ALL.iter().map(|part| framed(part.report(at(500), true, String::new())));
    room.receive(&parts.collect::<Vec<_>>());
    let first = says(1_000, 0, "350", New, 0);
    let mut second = says(1_000, 0, "350", New, 0);
    (second.report.received_at, second.report.line) = (at(4_000), "dc09-udp".into());
    second.report.sequence = second.report.sequence.map(|sequence| sequence + 1000);
    room.receive(&[first, second]);
    let counted = room.desk.snapshot().failures;
    assert_eq!(
        counted.iter().map(|failure| (failure.at, failure.account)).collect::<Vec<_>>(),
        [(at(1_000), account(0))]
    );
    assert_eq!(Room::open(&room.dir).desk.snapshot(), room.desk.snapshot());
}

/// The rule that a signal is shown by for its new source hides the one by which it counts towards a storm or does not: that stands beside
/// it, and a desk restored from the store counts what the one before counted.
#[test]
fn a_new_source_does_not_hide_what_is_counted() {
    let mut room = Room::new();
    let policy = "[source]\nchanged = true\n[classes]\nbattery = { action = 'log' }\n";
    room.desk = Desk::restore(Policy::from_toml(policy).unwrap(), room.centre.snapshot().unwrap());
    let from = |peer: &str, signal: NewSignal| NewSignal { peer: peer.into(), ..signal };
    let first = (0..3).map(|n| from("192.0.2.1:9", says(1_000, n, "602", New, 0)));
    room.receive(&first.collect::<Vec<_>>());
    room.storm(2_000, None, declare("East"));
    room.receive(&[
        from("192.0.2.2:9", says(3_000, 0, "302", New, 0)),
        from("192.0.2.2:9", says(4_000, 1, "350", New, 0)),
        from("192.0.2.2:9", says(5_000, 2, "350", New, 0)),
    ]);
    let reader = Reader::open(&room.dir).unwrap();
    let rule = |id: u64| reader.signal(alarmcore::SignalId::new(id)).unwrap().unwrap().rule.unwrap();
    assert_eq!([4, 5, 6].map(rule), ["security.changed-source", "storm.grouped", "security.changed-source"]);
    let counted = |snapshot: Snapshot| snapshot.failures.iter().map(|failure| failure.account).collect::<Vec<_>>();
    assert_eq!(counted(room.desk.snapshot()), [account(1), account(2)]);
    assert_eq!(room.centre.snapshot().unwrap().failures, room.desk.snapshot().failures);
    room.centre.rebuild().unwrap();
    assert_eq!(room.centre.snapshot().unwrap().failures, room.desk.snapshot().failures);
    verify(&room.dir).unwrap();
}

/// Counted, declared, restored, caught up on, ended: after each step the stored desk is the live one, and rebuilt rows are the
/// same rows.
#[test]
fn a_storm_survives_restarts() {
    let mut room = Room::new();
    let check = |room: &mut Room| {
        assert_eq!(room.centre.snapshot().unwrap(), room.desk.snapshot());
        let rows = ["storm", "storm_line"].map(|table| room.table("centre.db", table));
        room.centre.rebuild().unwrap();
        assert_eq!(["storm", "storm_line"].map(|table| room.table("centre.db", table)), rows);
        room.desk = Room::open(&room.dir).desk;
    };
    room.receive(&[says(1_000, 0, "350", New, 0), says(2_000, 1, "301", New, 0), says(3_000, 4, "302", New, 0)]);
    check(&mut room);
    room.storm(10_000, None, declare("East"));
    check(&mut room);
    room.receive(&[says(11_000, 2, "350", New, 0), says(12_000, 0, "302", New, 0), says(13_000, 0, "302", New, 0)]);
    check(&mut room);
    room.receive(&[says(14_000, 1, "301", Restore, 0)]);
    check(&mut room);
    let order =
        |n| StormCommand::Order { account: account(n), kind: Kind::Communication, reference: Some("R-7".into()) };
    room.storm(20_000, Some(1), order(0));
    room.storm(21_000, Some(1), order(2));
    room.time(3_700_000);
    check(&mut room);
    let note = Some("shop is closed for good".to_owned());
    room.storm(3_800_000, Some(1), StormCommand::Accept { account: account(0), kind: Kind::Battery, note });
    room.storm(3_900_000, Some(1), StormCommand::End { note: None });
    check(&mut room);
    assert_eq!(room.centre.snapshot().unwrap().storms, []);
    verify(&room.dir).unwrap();

    let reader = Reader::open(&room.dir).unwrap();
    assert_eq!(reader.open_storms().unwrap(), []);
    let storms = reader.storms(at(0), at(1)).unwrap();
    assert_eq!(storms, [], "declared later");
    let page = reader.storm(StormId::new(1)).unwrap().unwrap();
    assert_eq!(reader.storms(at(0), at(3_600_000)).unwrap(), std::slice::from_ref(&page.row));
    assert_eq!((page.row.state, page.row.grouped, page.row.left), (StormState::Ended, 4, 0));
    assert_eq!((page.row.by_name.as_deref(), page.row.calm_at), (Some("Anna"), Some(at(3_610_000))));
    let lines: Vec<_> = page.lines.iter().map(|line| (line.account, line.kind, line.signals, line.how)).collect();
    assert_eq!(
        lines,
        [
            (account(0), Kind::Battery, 2, Some(CaughtUp::Accepted)),
            (account(0), Kind::Communication, 1, Some(CaughtUp::Ordered)),
            (account(1), Kind::Power, 1, Some(CaughtUp::Restored)),
            (account(2), Kind::Communication, 1, Some(CaughtUp::Ordered)),
        ]
    );
    let moments: Vec<_> = page.moments.iter().map(|moment| (moment.kind.as_str(), moment.note.as_deref())).collect();
    assert_eq!(
        moments,
        [
            ("declared", Some("Mr Wu saw lightning")),
            ("called-in", None),
            ("ordered", Some("R-7")),
            ("ordered", Some("R-7")),
            ("lapsed", None),
            ("accepted", Some("shop is closed for good")),
            ("ended", None),
        ]
    );
    // Why was the second not shown?
    let why = reader.explain(alarmcore::SignalId::new(4)).unwrap().unwrap();
    assert_eq!((why.shown, why.steps.len(), why.steps[0].rule.as_str()), (false, 1, "storm.grouped"));
    assert!(why.remarks.iter().any(|remark| remark.en.contains("ledger")), "{:?}", why.remarks);
}

/// What would last hour have been without storms? What was grouped would have been shown by itself.
#[test]
fn what_if_without_storms() {
    let mut room = Room::new();
    let policy = |accounts| alarmcore::Policy {
        storm: alarmcore::StormLimits { accounts, ..alarmcore::StormLimits::default() },
        ..alarmcore::Policy::default()
    };
    room.desk = alarmcore::Desk::restore(policy(2), room.centre.snapshot().unwrap());
    room.receive(&[says(1_000, 0, "350", New, 0), says(2_000, 1, "350", New, 0), says(3_000, 2, "350", New, 0)]);
    room.storm(5_000, Some(1), StormCommand::Confirm { minutes: None, call_in: false, note: None });
    room.receive(&[says(6_000, 2, "350", Restore, 0)]);
    let reader = Reader::open(&room.dir).unwrap();
    let period = (at(0), Timestamp::from_millis(i64::MAX));
    let same = reader.what_if(period, (policy(2), policy(2)), &mut |_| {}).unwrap().differences;
    assert_eq!((same.signals, same.agree, same.changed.len()), (4, 4, 0));
    let without = reader.what_if(period, (policy(2), policy(10)), &mut |_| {}).unwrap().differences;
    let changed: Vec<_> =
        without.changed.iter().map(|pair| (pair.here.rule.as_str(), pair.there.rule.as_str(), pair.signals)).collect();
    assert_eq!(changed, [("storm.grouped", "class.shown", 2), ("storm.restored", "restore.joined", 1)]);
    let added = without.incidents.iter().filter(|one| one.new.is_opened() && !one.old.is_opened());
    assert_eq!((added.count(), without.new.opened), (2, 3));
}
