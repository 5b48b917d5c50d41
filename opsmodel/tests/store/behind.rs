//! Why a signal was kept back, by name: the test that covered it, the trips before it, the panel that runs away, the storm.

use alarmcore::{Desk, Policy, SignalId, TestCommand, TestReason, TestStart};
use contactid::Qualifier::{New, Restore};
use opsmodel::store::query::{About, Reader};

use crate::room::{Room, change, declare, says};
use crate::sample::at;

/// What the explanation of the last signal says is behind it, in English.
fn behind(room: &Room) -> Vec<String> {
    let reader = Reader::open(&room.dir).unwrap();
    let last = room.reader.last().unwrap();
    let explained = reader.explain(last).unwrap().unwrap();
    assert!(!explained.shown, "signal {last} was shown");
    let remarks = explained.remarks.into_iter().filter(|remark| remark.about == About::Behind);
    remarks.map(|remark| remark.en).collect()
}

/// "Every held-back signal answers why not shown": each rule names what it speaks of.
#[test]
fn what_kept_a_signal_back_is_named() {
    let mut room = Room::new();
    let start = TestStart {
        reason: Some(TestReason::Repair),
        asked_by: Some("Wang of Safe Ltd".into()),
        minutes: Some(60),
        ..TestStart::default()
    };
    room.test(1_000, 0, TestCommand::Start(start));
    room.receive(&[says(2_000, 0, "130", New, 5)]);
    let (from, to) = (at(1_000), at(3_601_000));
    let test =
        format!("Test 1 covered it, {from} to {to}: Repair; asked for by Wang of Safe Ltd, put on test by Anna.");
    assert_eq!(behind(&room), [test]);

    let trip = |second: i64| says(second * 1_000, 1, "130", New, 5);
    room.receive(&[says(3_000, 1, "401", Restore, 1), trip(100), trip(200), trip(300)]);
    let zone = room.reader.last().unwrap().get();
    let (first, second) = (SignalId::new(zone - 2), SignalId::new(zone - 1));
    let trips = format!(
        "Its zone was set off before, since it was last opened or closed: signal {second} at {}, signal {first} at {}.",
        at(200_000),
        at(100_000)
    );
    assert_eq!(behind(&room), [trips]);

    let run: Vec<_> = (0..40).map(|n| says(400_000 + n * 1_000, 3, "380", New, 7)).collect();
    room.receive(&run);
    let said = behind(&room);
    let [ran] = said.as_slice() else { panic!("{said:?}") };
    let told = "tells of it, and stands for what it sends.";
    assert!(ran.starts_with("Its panel runs away since ") && ran.ends_with(told), "{ran}");

    room.receive(&[says(500_000, 2, "350", New, 0)]);
    room.storm(510_000, None, declare("East"));
    room.receive(&[says(520_000, 1, "350", New, 0)]);
    let storm = format!(
        "Storm 1 over District East, declared at {}, has it in its ledger: account 1001, Communication.",
        at(510_000)
    );
    assert_eq!(behind(&room), [storm]);
}

/// A burglary that the centre holds, and whose zone restores: both wait, also over a restart, and are shown when the wait is over. Each
/// step names its rule, and the restore what it was one of.
#[test]
fn row_2_2_pre_alarm_hold_is_explained() {
    let policy = "[classes]\nburglary = { action = 'hold', priority = 2, seconds = 60 }";
    let mut room = Room::new();
    let policy = Policy::from_toml(policy).unwrap();
    room.centre.put_policy(&policy, &change(0, "start")).unwrap();
    let restart = |room: &Room| Desk::restore(policy.clone(), room.centre.snapshot().unwrap());
    room.desk = restart(&room);
    room.receive(&[says(1_000, 0, "130", New, 5), says(2_000, 0, "130", Restore, 5)]);
    let again = restart(&room);
    assert_eq!((again.snapshot().held.len(), &again.snapshot().held), (2, &room.desk.snapshot().held));
    room.desk = again;
    let explained = |room: &Room, id| Reader::open(&room.dir).unwrap().explain(SignalId::new(id)).unwrap().unwrap();
    let restore = explained(&room, 2);
    let said = format!("It is the restore of signal 1 of {}, which was held all the same.", at(1_000));
    assert!(!restore.shown && restore.remarks.iter().any(|remark| remark.en == said), "{:?}", restore.remarks);
    room.time(61_000);
    let steps = |id| {
        let told = explained(&room, id);
        assert_eq!(told.signal.incident.map(|incident| incident.get()), Some(1));
        told.steps.into_iter().map(|step| step.rule).collect::<Vec<_>>()
    };
    assert_eq!(steps(1), ["cancel-wait", "cancel-wait.over"]);
    assert_eq!(steps(2), ["cancel-wait.restore", "restore.joined"]);
}
