//! Clips of sound and video that are bound to an incident: what was kept, with its digest, and who has looked at it.
//!
//! What a clip shows is for a person to judge; nothing is decided by it here.

mod bytes;

use contactid::Lang;
use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::id::{IncidentId, OperatorId};
use crate::incident::written;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What a clip is.
    ClipKind {
        /// Pictures that move, with sound or without.
        Video "video" "Video" "视频",
        /// Sound alone.
        Sound "sound" "Sound" "声音",
    }
}

impl ClipKind {
    /// The kinds of file that are taken, and the ending of each one's name.
    pub const MEDIA: [(&'static str, Self, &'static str); 7] = [
        ("video/mp4", Self::Video, "mp4"),
        ("video/webm", Self::Video, "webm"),
        ("audio/mpeg", Self::Sound, "mp3"),
        ("audio/mp4", Self::Sound, "m4a"),
        ("audio/wav", Self::Sound, "wav"),
        ("audio/ogg", Self::Sound, "ogg"),
        ("audio/webm", Self::Sound, "weba"),
    ];

    /// What a file of this media type is; `None` for one that is not taken.
    pub fn of_media(media: &str) -> Option<Self> {
        Self::MEDIA.iter().find(|(known, ..)| *known == media).map(|(_, kind, _)| *kind)
    }
}

/// One line of the journal of an incident's clips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipRecord {
    /// The incident: one stream of the journal.
    pub incident: IncidentId,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: ClipEvent,
}

events! {
    enum ClipEventKind of ClipEvent: "What happened to the clips of an incident.";
    /// One was kept.
    Added "added" "Clip kept" "保存片段" {
        /// Which, counted from 1.
        number: u32,
        /// What it is.
        kind: ClipKind,
        /// The media type of its file.
        media: String,
        /// The SHA-256 of its file, in hexadecimal digits.
        sha256: String,
        /// How long its file is, in bytes.
        bytes: u64,
        /// When what it shows begins.
        starts: Option<Timestamp>,
        /// When it ends.
        ends: Option<Timestamp>,
        ;
        /// What it is called.
        name,
    }
    /// Somebody has looked at it, or listened to it.
    Viewed "viewed" "Clip viewed" "查看片段" {
        /// Which.
        number: u32,
    }
}

/// A clip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clip {
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
    pub starts: Option<Timestamp>,
    /// When it ends.
    pub ends: Option<Timestamp>,
    /// When it was kept.
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: Option<OperatorId>,
    /// How often somebody has looked at it.
    pub views: u32,
    /// When last.
    pub viewed_at: Option<Timestamp>,
}

/// The clips of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clips {
    /// The incident.
    pub incident: IncidentId,
    /// The version of the last record.
    pub version: u32,
    /// Each, in the order in which they were kept.
    pub clips: Vec<Clip>,
}

/// A file that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClip {
    /// The media type of the file.
    pub media: String,
    /// The SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// How long the file is, in bytes.
    pub bytes: u64,
    /// When what it shows begins.
    pub starts: Option<Timestamp>,
    /// When it ends.
    pub ends: Option<Timestamp>,
    /// What it is called.
    pub name: Option<String>,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClipCommand {
    /// Keep one.
    Add(NewClip),
    /// Look at it.
    View {
        /// Which.
        number: u32,
    },
}

/// Why an act on the clips of an incident is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum ClipRefusal {
    /// Files of this type are not taken.
    NotThisMedia {
        /// The type.
        media: String,
    },
    /// The first bytes of the file are not of the type that it was sent as.
    NotItsMedia {
        /// That type.
        media: String,
        /// The type that they are of, where that can be told.
        found: Option<String>,
    },
    /// The incident has as many as it may have.
    TooMany {
        /// So many.
        most: usize,
    },
    /// The incident has this file already.
    AlreadyKept {
        /// Under this number.
        number: u32,
    },
    /// What it shows would end before it begins.
    EndsBeforeStart,
    /// What it shows would lie in the future: more than [`Clips::AHEAD_S`] from now.
    InTheFuture,
    /// What it shows would be longer than [`Clips::LONGEST_S`].
    TooLong,
    /// The incident has no such clip.
    NoSuchClip {
        /// The number asked for.
        number: u32,
    },
}

impl ClipRefusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        let known = || ClipKind::MEDIA.iter().map(|(media, ..)| *media).collect::<Vec<_>>().join(", ");
        match (self, lang) {
            (Self::NotThisMedia { media }, Lang::En) => format!("a clip is one of {}, not {media:?}", known()),
            (Self::NotThisMedia { media }, Lang::Zh) => format!("片段须为 {} 之一,而非 {media:?}", known()),
            (Self::NotItsMedia { media, found }, lang) => not_its_media(media, found.as_deref(), &known(), lang),
            (Self::TooMany { most }, Lang::En) => format!("an incident has at most {most} clips"),
            (Self::TooMany { most }, Lang::Zh) => format!("一起警情最多 {most} 个片段"),
            (Self::AlreadyKept { number }, Lang::En) => format!("this file is clip {number} already"),
            (Self::AlreadyKept { number }, Lang::Zh) => format!("该文件已保存为片段 {number}"),
            (Self::EndsBeforeStart, Lang::En) => "a clip ends after it begins".into(),
            (Self::EndsBeforeStart, Lang::Zh) => "片段结束时间须晚于开始时间".into(),
            (Self::InTheFuture, Lang::En) => "a clip shows what has been: its time lies in the future".into(),
            (Self::InTheFuture, Lang::Zh) => "片段须为已发生的内容,所填时间在将来".into(),
            (Self::TooLong, Lang::En) => "a clip shows a day at most: cut out what the alarm is about".into(),
            (Self::TooLong, Lang::Zh) => "片段最长一天,请截取与警情有关的部分".into(),
            (Self::NoSuchClip { number }, Lang::En) => format!("there is no clip {number}"),
            (Self::NoSuchClip { number }, Lang::Zh) => format!("没有片段 {number}"),
        }
    }
}

/// What is wrong with a file, and what to do.
fn not_its_media(media: &str, found: Option<&str>, known: &str, lang: Lang) -> String {
    let taken = found.filter(|found| ClipKind::of_media(found).is_some());
    match (lang, found, taken) {
        (Lang::En, Some(found), Some(_)) => format!("the file is no {media}: it begins as {found}; send it as that"),
        (Lang::Zh, Some(found), Some(_)) => format!("文件不是 {media}:其内容为 {found},请按该类型提交"),
        (Lang::En, Some(found), None) => {
            format!("the file is no {media}: it begins as {found}, which is not taken; save it as one of {known}")
        }
        (Lang::Zh, Some(found), None) => format!("文件不是 {media}:其内容为 {found},不予接收;请另存为 {known} 之一"),
        (Lang::En, None, _) => {
            format!(
                "the file is no {media} by its first bytes: play it, and where that works save it anew as one of {known}"
            )
        }
        (Lang::Zh, None, _) => format!("文件开头与 {media} 不符:请先试播,可播放的请另存为 {known} 之一"),
    }
}

impl Clips {
    /// How many an incident has at most.
    pub const MOST: usize = 64;
    /// By how many seconds the clock of a camera may be ahead.
    pub const AHEAD_S: u32 = 300;
    /// How many seconds a clip shows at most: a day.
    pub const LONGEST_S: u32 = 24 * 3600;

    /// The clip of this number.
    pub fn clip(&self, number: u32) -> Option<&Clip> {
        self.clips.iter().find(|clip| clip.number == number)
    }
}

/// What an act at this moment makes of the clips of an incident.
///
/// # Errors
/// Why it is refused.
pub fn decide_clip(clips: Option<&Clips>, at: Timestamp, command: &ClipCommand) -> Result<ClipEvent, ClipRefusal> {
    let there = clips.map_or(&[][..], |clips| clips.clips.as_slice());
    match command {
        ClipCommand::Add(NewClip { media, sha256, bytes, starts, ends, name }) => {
            let kind = ClipKind::of_media(media).ok_or_else(|| ClipRefusal::NotThisMedia { media: media.clone() })?;
            if let Some(same) = there.iter().find(|clip| clip.sha256 == *sha256) {
                return Err(ClipRefusal::AlreadyKept { number: same.number });
            }
            if there.len() >= Clips::MOST {
                return Err(ClipRefusal::TooMany { most: Clips::MOST });
            }
            if starts.zip(*ends).is_some_and(|(starts, ends)| ends <= starts) {
                return Err(ClipRefusal::EndsBeforeStart);
            }
            if starts.max(ends).is_some_and(|last| last > at.plus_secs(Clips::AHEAD_S)) {
                return Err(ClipRefusal::InTheFuture);
            }
            if starts.zip(*ends).is_some_and(|(starts, ends)| ends > starts.plus_secs(Clips::LONGEST_S)) {
                return Err(ClipRefusal::TooLong);
            }
            let number = there.last().map_or(0, |last| last.number) + 1;
            let (media, sha256, bytes) = (media.clone(), sha256.clone(), *bytes);
            Ok(ClipEvent::Added {
                number,
                kind,
                media,
                sha256,
                bytes,
                starts: *starts,
                ends: *ends,
                name: written(name),
            })
        }
        ClipCommand::View { number } => match there.iter().any(|clip| clip.number == *number) {
            true => Ok(ClipEvent::Viewed { number: *number }),
            false => Err(ClipRefusal::NoSuchClip { number: *number }),
        },
    }
}

/// Adds one record to the clips of an incident: changes, and never refuses.
pub fn evolve_clips(clips: Option<Clips>, record: &ClipRecord) -> Clips {
    let mut clips = clips.unwrap_or(Clips { incident: record.incident, version: 0, clips: Vec::new() });
    clips.version = record.version;
    match &record.event {
        ClipEvent::Added { number, kind, media, sha256, bytes, starts, ends, .. } => clips.clips.push(Clip {
            number: *number,
            kind: *kind,
            media: media.clone(),
            sha256: sha256.clone(),
            bytes: *bytes,
            starts: *starts,
            ends: *ends,
            added_at: record.at,
            added_by: record.by,
            views: 0,
            viewed_at: None,
        }),
        ClipEvent::Viewed { number } => {
            if let Some(clip) = clips.clips.iter_mut().find(|clip| clip.number == *number) {
                clip.views += 1;
                clip.viewed_at = Some(record.at);
            }
        }
    }
    clips
}
