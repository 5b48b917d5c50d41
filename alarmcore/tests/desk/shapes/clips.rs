//! Stored shapes of what happened to clips.

use alarmcore::{ClipEvent, ClipEventKind, ClipKind, ClipRecord, IncidentId, OperatorId, Timestamp};

use super::written_as_its_file_says;

fn examples() -> [ClipEvent; 2] {
    let added = ClipEvent::Added {
        number: 1,
        kind: ClipKind::Video,
        media: "video/mp4".into(),
        sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into(),
        bytes: 1_048_576,
        starts: Some(Timestamp::from_millis(1_795_385_633_250)),
        ends: None,
        name: Some("front door".into()),
    };
    [added, ClipEvent::Viewed { number: 1 }]
}

/// Every kind has its file, and is written as its file says; with its text taken out and put back it is the same.
#[test]
fn every_event_of_clips_is_written_as_its_file_says() {
    let kinds: Vec<ClipEventKind> = examples().iter().map(ClipEvent::kind).collect();
    assert_eq!(kinds, ClipEventKind::ALL, "an example of every kind, in their order");
    for mut event in examples() {
        let whole = event.clone();
        let name = format!("clips.{}.v1.json", event.kind());
        let (incident, at) = (IncidentId::new(9), Timestamp::from_millis(1_795_385_643_500));
        let record = ClipRecord { incident, version: 4, at, by: Some(OperatorId::new(1)), event: event.clone() };
        written_as_its_file_says(&name, &record);
        if let Some(text) = event.take_text() {
            event.put_text(text);
        }
        assert_eq!(event, whole);
    }
}
