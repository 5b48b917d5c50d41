//! The clips of an incident, with who has looked at them.

use std::path::Path;

use alarmcore::{
    Clip, ClipEvent, ClipEventKind, ClipKind, ClipRecord, Clips, IncidentId, OperatorId, Timestamp, evolve_clips,
};
use serde::Serialize;

use super::stream::Entry;
use super::{Reader, spelling};
use crate::store::{Fault, StoreError, clip_fault, journal};

/// One event of the clips of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClipMoment {
    /// Its place in the journal.
    pub seq: u64,
    /// Its place in the stream of the incident's clips.
    pub version: u32,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Who did it.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// What kind of thing happened.
    pub kind: ClipEventKind,
    /// What happened, with its free text where that has not been erased.
    pub event: ClipEvent,
}

/// A clip, and how its file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClipRow {
    /// Its number in the incident.
    pub number: u32,
    /// What it is.
    pub kind: ClipKind,
    /// The media type of its file.
    pub media: String,
    /// The SHA-256 of its file, in hexadecimal digits.
    pub sha256: String,
    /// How long its file is, in bytes.
    pub bytes: u64,
    /// When what it shows begins.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub starts: Option<Timestamp>,
    /// When it ends.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub ends: Option<Timestamp>,
    /// When it was kept.
    #[serde(serialize_with = "spelling::time")]
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: Option<OperatorId>,
    /// How often somebody has looked at it.
    pub views: u32,
    /// When last.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub viewed_at: Option<Timestamp>,
    /// What it is called, where that has not been erased.
    pub name: Option<String>,
    /// Who kept it.
    pub added_by_name: Option<String>,
    /// What is wrong with its file: `missing` or, of another length, `altered`. Whether each byte is as it was kept is found when
    /// it is looked at, and by [`verify`](crate::store::verify).
    pub fault: Option<&'static str>,
}

impl Reader {
    /// What happened to the clips of an incident, oldest first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn clip_moments(&self, incident: IncidentId) -> Result<Vec<ClipMoment>, StoreError> {
        let put = |record: &mut ClipRecord, text| record.event.put_text(text);
        let entries = self.stream(&journal::clips_stream(incident), journal::clip_record, put)?;
        let moment = |Entry { seq, by_name, record: ClipRecord { version, at, by, event, .. } }: Entry<ClipRecord>| {
            ClipMoment { seq, version, at, by, by_name, kind: event.kind(), event }
        };
        Ok(entries.into_iter().map(moment).collect())
    }

    /// The clips of an incident, whose files are in this folder of the store.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn clips(&self, data: &Path, incident: IncidentId) -> Result<Vec<ClipRow>, StoreError> {
        let mut clips: Option<Clips> = None;
        let mut rows = Vec::new();
        for ClipMoment { version, at, by, by_name, event, .. } in self.clip_moments(incident)? {
            if let ClipEvent::Added { name, .. } = &event {
                rows.push((name.clone(), by_name));
            }
            clips = Some(evolve_clips(clips, &ClipRecord { incident, version, at, by, event }));
        }
        let clips = clips.map(|clips| clips.clips).unwrap_or_default();
        let row = |(clip, (name, added_by_name)): (Clip, (Option<String>, Option<String>))| {
            let fault = clip_fault(data, &clip.sha256, clip.bytes).map(|fault| match fault {
                Fault::Missing => "missing",
                Fault::Altered | Fault::Foreign => "altered",
            });
            let Clip { number, kind, media, sha256, bytes, starts, ends, added_at, added_by, views, viewed_at } = clip;
            ClipRow {
                number,
                kind,
                media,
                sha256,
                bytes,
                starts,
                ends,
                added_at,
                added_by,
                views,
                viewed_at,
                name,
                added_by_name,
                fault,
            }
        };
        Ok(clips.into_iter().zip(rows).map(row).collect())
    }
}
