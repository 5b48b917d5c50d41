//! Stored forms are a contract: whatever was once written is read for ever, and each form has a golden file.

use std::path::{Path, PathBuf};

use alarmcore::{
    ClipCommand, ClipEvent, ClipRecord, FalseCallsRecord, FollowUpEvent, FollowUpId, FollowUpRecord, IncidentId,
    LoweredRecord, NewClip, Output, Record, StormEvent, StormId, StormRecord, TestEvent, TestId, TestRecord,
};
use opsmodel::crm::{AccountCard, KeptPlan, OperatorCard, UnitCard};
use opsmodel::store::{SignalLog, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::room::Room;
use crate::sample::burglary;

fn golden(dir: &str) -> Vec<(String, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// Every golden event goes through the journal and comes back as it was, under the kind and shape that name its file.
#[test]
fn every_kind_of_event_comes_back_from_the_journal() {
    let mut room = Room::new();
    let cursor = room.centre.cursor().unwrap();
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    let files = golden("../alarmcore/tests/shapes");
    assert!(files.len() > 30, "only {} golden events", files.len());
    let opens = files.iter().find(|(name, _)| name == "test.started.v1.json");
    let started: Option<TestEvent> = opens.map(|(_, text)| serde_json::from_str::<TestRecord>(text).unwrap().event);
    let makes = files.iter().find(|(name, _)| name == "follow-up.created.v1.json");
    let created: Option<FollowUpEvent> =
        makes.map(|(_, text)| serde_json::from_str::<FollowUpRecord>(text).unwrap().event);
    let opens = files.iter().find(|(name, _)| name == "storm.declared.v1.json");
    let declared: Option<StormEvent> = opens.map(|(_, text)| serde_json::from_str::<StormRecord>(text).unwrap().event);
    for (n, (name, text)) in (1_u64..).zip(&files) {
        if name.starts_with("follow-up.") {
            let mut record: FollowUpRecord = serde_json::from_str(text).unwrap();
            (record.follow_up, record.version) = (FollowUpId::new(n), 1);
            let mut records = vec![record.clone()];
            // What makes nothing is refused; it comes second.
            if !matches!(record.event, FollowUpEvent::Created { .. }) {
                let refused = room.commit(cursor, &[], &[Output::FollowUpRecord(record.clone())]).unwrap_err();
                assert!(matches!(refused, StoreError::VersionConflict { .. }), "{refused}");
                let event = created.clone().unwrap();
                records = vec![FollowUpRecord { event, ..record.clone() }, FollowUpRecord { version: 2, ..record }];
            }
            let outputs: Vec<Output> = records.iter().cloned().map(Output::FollowUpRecord).collect();
            room.commit(cursor, &[], &outputs).unwrap();
            assert_eq!(room.centre.follow_up_records(FollowUpId::new(n)).unwrap(), records, "{name}");
        } else if name.starts_with("test.") {
            let mut record: TestRecord = serde_json::from_str(text).unwrap();
            (record.test, record.version) = (TestId::new(n), 1);
            let mut outputs = vec![Output::TestRecord(record.clone())];
            // What opens nothing is refused; it comes second.
            if !matches!(record.event, TestEvent::Started { .. }) {
                let refused = room.commit(cursor, &[], &outputs).unwrap_err();
                assert!(matches!(refused, StoreError::VersionConflict { .. }), "{refused}");
                let event = started.clone().unwrap();
                outputs = vec![Output::TestRecord(TestRecord { event, ..record.clone() })];
                record.version = 2;
                outputs.push(Output::TestRecord(record.clone()));
            }
            room.commit(cursor, &[], &outputs).unwrap();
            assert_eq!(room.centre.test_records(TestId::new(n)).unwrap().last(), Some(&record), "{name}");
        } else if name.starts_with("false-calls.") {
            let record: FalseCallsRecord = serde_json::from_str(text).unwrap();
            let account = format!("{n:04}").parse().unwrap();
            let record = FalseCallsRecord { account, version: 1, ..record };
            room.commit(cursor, &[], &[Output::FalseCallsRecord(record.clone())]).unwrap();
            assert_eq!(room.centre.false_calls_records(account).unwrap(), [record], "{name}");
        } else if name.starts_with("lowered.") {
            let record: LoweredRecord = serde_json::from_str(text).unwrap();
            let account = format!("{n:04}").parse().unwrap();
            let record = LoweredRecord { account, version: 1, ..record };
            room.commit(cursor, &[], &[Output::LoweredRecord(record.clone())]).unwrap();
            assert_eq!(room.centre.lowered_records(account).unwrap(), [record], "{name}");
        } else if name.starts_with("clips.") {
            let record: ClipRecord = serde_json::from_str(text).unwrap();
            let (incident, at, by) = (IncidentId::new(n), record.at, record.by.unwrap());
            let (_, first) = files.iter().find(|(name, _)| name == "clips.added.v1.json").unwrap();
            let first: ClipRecord = serde_json::from_str(first).unwrap();
            let ClipEvent::Added { media, sha256, bytes, starts, ends, name: called, .. } = first.event.clone() else {
                panic!("{first:?}")
            };
            let new = ClipCommand::Add(NewClip { media, sha256, bytes, starts, ends, name: called });
            let mut done = vec![room.centre.clip_act(incident, (at, by), &new).unwrap().unwrap().0];
            if let ClipEvent::Viewed { number } = record.event {
                let view = ClipCommand::View { number };
                done.push(room.centre.clip_act(incident, (at, by), &view).unwrap().unwrap().0);
            }
            let version = u32::try_from(done.len()).unwrap();
            assert_eq!(done.last(), Some(&ClipRecord { incident, version, ..record }), "{name}");
            assert_eq!(room.centre.clip_records(incident).unwrap(), done, "{name}");
        } else if name.starts_with("storm.") {
            let mut record: StormRecord = serde_json::from_str(text).unwrap();
            (record.storm, record.version) = (StormId::new(n), 1);
            let mut outputs = vec![Output::StormRecord(record.clone())];
            if !matches!(record.event, StormEvent::Declared { .. }) {
                let refused = room.commit(cursor, &[], &outputs).unwrap_err();
                assert!(matches!(refused, StoreError::VersionConflict { .. }), "{refused}");
                let event = declared.clone().unwrap();
                outputs = vec![Output::StormRecord(StormRecord { event, ..record.clone() })];
                record.version = 2;
                outputs.push(Output::StormRecord(record.clone()));
            }
            room.commit(cursor, &[], &outputs).unwrap();
            assert_eq!(room.centre.storm_records(StormId::new(n)).unwrap().last(), Some(&record), "{name}");
        } else {
            let record: Record = serde_json::from_str(text).unwrap();
            let record = Record { incident: IncidentId::new(n), version: 1, ..record };
            room.commit(cursor, &[], &[Output::Record(record.clone())]).unwrap();
            assert_eq!(room.centre.records(IncidentId::new(n)).unwrap(), [record], "{name}");
        }
        let (stream, form): (String, String) = sql
            .query_row(
                "SELECT stream, kind || '.v' || shape || '.json' FROM journal ORDER BY seq DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(&format!("{}.{form}", stream.rsplit_once('-').unwrap().0), name);
    }
}

fn round_trip<T: Serialize + DeserializeOwned>(name: &str, text: &str) {
    let card: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&card).unwrap(), golden, "{name}");
}

/// The forms of cards that histories hold.
#[test]
fn every_card_reads_its_golden_form() {
    let files = golden("tests/shapes");
    assert_eq!(
        files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        [
            "account.v1.json",
            "account.v2.json",
            "account.v3.json",
            "account.v4.json",
            "account.v5.json",
            "account.v6.json",
            "account.v7.json",
            "operator.v1.json",
            "plan.v1.json",
            "unit.v1.json",
            "unit.v2.json"
        ]
    );
    for (name, text) in &files {
        match name.as_str() {
            name if name.starts_with("account.") => round_trip::<AccountCard>(name, text),
            "operator.v1.json" => round_trip::<OperatorCard>(name, text),
            "plan.v1.json" => round_trip::<KeptPlan>(name, text),
            _ => round_trip::<UnitCard>(name, text),
        }
    }
}

/// The bytes that a digest is taken over never change: chains of old files must verify. The number was worked out apart
/// from this program, from the description in `chain.rs`.
#[test]
fn the_digest_of_a_signal_is_what_the_description_says() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = SignalLog::open(dir.path()).unwrap();
    let mut new = burglary(5);
    new.raw = b"\nframe\r".to_vec();
    drop(log.append(&[new.clone(), new], &[]).unwrap());
    let sql = rusqlite::Connection::open(dir.path().join("signals.db")).unwrap();
    let mut statement = sql.prepare("SELECT lower(hex(digest)) FROM signal ORDER BY id").unwrap();
    let digests: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        digests,
        [
            "3d34efa03a1f900111e4dc8a3ea1bc5aa94dbd61ff4d0ce34f8db0637dee39b0",
            "ec5378544f22f8c3286cd0f5ea9ab8cd6b72a7eebea99ca7703554d34fe4edde",
        ]
    );
}
