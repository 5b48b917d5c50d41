//! Commit 2: all of a batch or nothing, in the order of the log, and a desk made from the rows stands where the last did.

use alarmcore::{Command, Desk, IncidentEvent, IncidentId, Input, Output, Policy, SignalId};
use contactid::Qualifier::New;
use opsmodel::store::{Batch, Centre, StoreError, verify};

use crate::room::{Room, drain, morning, noon, says};
use crate::sample::at;

#[test]
fn a_desk_from_the_rows_stands_where_the_last_one_stood() {
    let mut room = Room::new();
    morning(&mut room);
    let live = room.desk.snapshot();
    assert_eq!(room.centre.snapshot().unwrap(), live);
    // And so does one from a file that was closed and opened.
    let centre = Centre::open(&room.dir).unwrap();
    assert_eq!(centre.snapshot().unwrap(), live);
    assert_eq!(centre.cursor().unwrap(), room.reader.last().unwrap());
}

#[test]
fn held_signals_survive_a_restart() {
    let mut room = Room::new();
    room.receive(&[says(1_000, 0, "301", New, 0)]);
    let snapshot = room.centre.snapshot().unwrap();
    assert_eq!(snapshot.held.len(), 1);
    assert_eq!(snapshot, room.desk.snapshot());
    room.desk = Desk::restore(Policy::default(), snapshot);
    room.time(24 * 3_600_000);
    assert_eq!(room.centre.snapshot().unwrap().held, []);
    let outcomes = room.table("centre.db", "(SELECT signal, step, outcome FROM disposition)");
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
    verify(&room.dir).unwrap();
}

#[test]
fn the_events_of_an_incident_come_back_with_their_text() {
    let mut room = Room::new();
    morning(&mut room);
    let records = room.centre.records(IncidentId::new(1)).unwrap();
    assert_eq!(
        records.iter().map(|record| record.version).collect::<Vec<_>>(),
        (1..=records.len() as u32).collect::<Vec<_>>()
    );
    let said = "Mrs Li says that her nephew opened the door";
    let called = records.iter().find(|record| matches!(record.event, IncidentEvent::Called { .. })).unwrap();
    assert!(matches!(&called.event, IncidentEvent::Called { note: Some(note), .. } if note == said), "{called:?}");
    assert!(!room.table("centre.db", "journal").concat().contains("nephew"), "free text is not in the journal");

    let written = std::fs::read(room.dir.join("centre.db-wal")).unwrap();
    assert!(written.windows(6).any(|window| window == b"Mrs Li"), "this test looks where the text is");
    let seq = room.table("centre.db", "(SELECT seq FROM journal WHERE kind = 'called')");
    let seq: u64 = seq[0].trim_start_matches("Integer(").trim_end_matches(')').parse().unwrap();
    room.centre.erase_note(seq, noon()).unwrap();
    let records = room.centre.records(IncidentId::new(1)).unwrap();
    let called = records.iter().find(|record| matches!(record.event, IncidentEvent::Called { .. })).unwrap();
    assert!(matches!(&called.event, IncidentEvent::Called { note: None, .. }), "{called:?}");
    for file in ["centre.db", "centre.db-wal"] {
        let bytes = std::fs::read(room.dir.join(file)).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"Mrs Li"), "the text is still in {file}");
        assert!(file.ends_with("-wal") || bytes.windows(6).any(|window| window == b"nephew"), "other texts stay");
    }
    verify(&room.dir).unwrap();
}

#[test]
fn a_batch_that_does_not_follow_is_refused_whole() {
    let mut room = Room::new();
    room.receive(&[says(1_000, 1, "130", New, 5)]);
    let before = room.table("centre.db", "journal");
    let elsewhere = room.centre.snapshot().unwrap();

    // Another desk acted in the meantime.
    room.act(2_000, 1, Command::Take);
    let mut late = Desk::restore(Policy::default(), elsewhere);
    let act = Input::Act {
        at: at(3_000),
        by: crate::room::ANNA,
        incident: IncidentId::new(1),
        command: Command::Take,
        second: None,
    };
    let outputs = drain(&mut late, vec![act]);
    let cursor = room.centre.cursor().unwrap();
    let taken = room.table("centre.db", "journal");
    let error = room.commit(cursor, &[], &outputs).unwrap_err();
    assert!(
        matches!(&error, StoreError::VersionConflict { stream, expected: 2, found: 2 } if stream == "incident-1"),
        "{error}"
    );
    assert_eq!(room.table("centre.db", "journal"), taken);
    assert!(before.len() < taken.len());

    // The same signals once more, and signals with a gap before them.
    let seen: Vec<_> = room.reader.after(SignalId::new(0), 9).unwrap().into_iter().map(|s| s.received).collect();
    let batch = Batch { cursor: SignalId::new(1), received: &seen, outputs: &[], states: &[] };
    assert!(matches!(room.centre.commit(batch).unwrap_err(), StoreError::CursorConflict { expected: 0, found: 1 }));
    let batch = Batch { cursor: SignalId::new(3), received: &seen, outputs: &[], states: &[] };
    assert!(matches!(room.centre.commit(batch).unwrap_err(), StoreError::CursorConflict { expected: 2, found: 1 }));
}

#[test]
fn no_signal_goes_without_a_disposition_and_none_has_two() {
    let mut room = Room::new();
    drop(room.log.append(&[says(1_000, 1, "130", New, 5)], &[]).unwrap());
    let seen: Vec<_> = room.reader.after(SignalId::new(0), 9).unwrap().into_iter().map(|s| s.received).collect();
    let batch = Batch { cursor: SignalId::new(1), received: &seen, outputs: &[], states: &[] };
    assert!(matches!(room.centre.commit(batch).unwrap_err(), StoreError::Undisposed { signal: 1, found: 0 }));
    assert_eq!(room.centre.cursor().unwrap(), SignalId::new(0));

    room.work().unwrap();
    let dispose = |output: &Output| matches!(output, Output::Dispose(_));
    let mut desk = Desk::restore(Policy::default(), Room::new().centre.snapshot().unwrap());
    let outputs: Vec<_> = drain(&mut desk, vec![Input::Signal(seen[0].clone())]).into_iter().filter(dispose).collect();
    let error = room.commit(SignalId::new(1), &[], &outputs).unwrap_err();
    assert!(matches!(error, StoreError::Undisposed { signal: 1, found: 2 }), "{error}");
}

/// The folder holds keys and call lists: the one that the store makes is nobody else's, and one that is there stays as it is.
#[cfg(unix)]
#[test]
fn a_new_folder_is_for_its_user_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let outer = tempfile::tempdir().unwrap();
    let mode = |dir: &std::path::Path| std::fs::metadata(dir).unwrap().permissions().mode() & 0o777;
    let made = outer.path().join("made");
    drop(opsmodel::store::SignalLog::open(&made).unwrap());
    let found = outer.path().join("found");
    std::fs::create_dir(&found).unwrap();
    std::fs::set_permissions(&found, std::fs::Permissions::from_mode(0o750)).unwrap();
    drop(opsmodel::store::SignalLog::open(&found).unwrap());
    assert_eq!([mode(&made), mode(&found)], [0o700, 0o750]);
}
