//! Why a signal was kept back, by name: the test that covered it, the trips before it, the panel that runs away, the storm.

use alarmcore::{SignalId, TestCommand, TestReason, TestStart};
use contactid::Qualifier::New;
use opsmodel::store::query::{About, Reader};

use crate::room::{Room, declare, says};
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
    room.receive(&[says(3_000, 1, "401", contactid::Qualifier::Restore, 1), trip(100), trip(200), trip(300)]);
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
