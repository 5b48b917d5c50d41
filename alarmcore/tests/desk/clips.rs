//! Clips of sound and video (§2.2, audio and video verification): what is kept and looked at, and what is refused.

use alarmcore::{
    ClipCommand, ClipEvent, ClipKind, ClipRecord, ClipRefusal, Clips, IncidentId, Lang, NewClip, OperatorId, Timestamp,
    decide_clip, evolve_clips,
};

use crate::script::at;

fn file(sha256: &str) -> NewClip {
    let (starts, ends) = (Some(at("09:00:00")), Some(at("09:00:20")));
    NewClip { media: "video/mp4".into(), sha256: sha256.into(), bytes: 7, starts, ends, name: Some(" door ".into()) }
}

fn done(clips: &mut Option<Clips>, command: &ClipCommand) -> Result<ClipEvent, ClipRefusal> {
    let event = decide_clip(clips.as_ref(), at("10:00:00"), command)?;
    let version = clips.as_ref().map_or(0, |clips| clips.version) + 1;
    let (incident, by) = (IncidentId::new(7), Some(OperatorId::new(1)));
    let record = ClipRecord { incident, version, at: at("10:00:00"), by, event: event.clone() };
    *clips = Some(evolve_clips(clips.take(), &record));
    Ok(event)
}

/// §2.2 Audio/video verification: "clip 10-30 s before alarm bound to the event; view logged".
#[test]
fn row_2_2_clips_are_kept_once_and_every_look_is_recorded() {
    let mut clips = None;
    let added = done(&mut clips, &ClipCommand::Add(file("aa"))).unwrap();
    let expected = ClipEvent::Added {
        number: 1,
        kind: ClipKind::Video,
        media: "video/mp4".into(),
        sha256: "aa".into(),
        bytes: 7,
        starts: Some(at("09:00:00")),
        ends: Some(at("09:00:20")),
        name: Some("door".into()),
    };
    assert_eq!(added, expected);
    let sound = NewClip { media: "audio/wav".into(), starts: None, ..file("bb") };
    done(&mut clips, &ClipCommand::Add(sound)).unwrap();
    for _ in 0..2 {
        assert_eq!(done(&mut clips, &ClipCommand::View { number: 2 }), Ok(ClipEvent::Viewed { number: 2 }));
    }
    let kept = clips.clone().unwrap();
    let told: Vec<_> = kept.clips.iter().map(|clip| (clip.number, clip.kind, clip.views, clip.viewed_at)).collect();
    assert_eq!(told, [(1, ClipKind::Video, 0, None), (2, ClipKind::Sound, 2, Some(at("10:00:00")))]);
    assert_eq!((kept.version, kept.clip(2).map(|clip| clip.views), kept.clip(3)), (4, Some(2), None));

    let refused = |clips: &Option<Clips>, new: NewClip| {
        decide_clip(clips.as_ref(), at("10:00:00"), &ClipCommand::Add(new)).unwrap_err()
    };
    assert_eq!(refused(&clips, file("bb")), ClipRefusal::AlreadyKept { number: 2 });
    let page = NewClip { media: "text/html".into(), ..file("cc") };
    assert_eq!(refused(&clips, page), ClipRefusal::NotThisMedia { media: "text/html".into() });
    let backwards = NewClip { ends: Some(Timestamp::default()), ..file("cc") };
    assert_eq!(refused(&clips, backwards), ClipRefusal::EndsBeforeStart);
    // The clock of a camera may be a little ahead, and a day is the most that is looked through.
    let timed =
        |starts: &str, ends: Option<&str>| NewClip { starts: Some(at(starts)), ends: ends.map(at), ..file("cc") };
    for (clip, refusal) in [
        (timed("10:05:01", None), ClipRefusal::InTheFuture),
        (timed("09:59:00", Some("10:05:01")), ClipRefusal::InTheFuture),
        (timed("2026-11-21/09:59:59", Some("10:00:00")), ClipRefusal::TooLong),
    ] {
        assert_eq!(refused(&clips, clip), refusal);
    }
    let latest = timed("2026-11-21/10:05:00", Some("10:05:00"));
    assert!(decide_clip(clips.as_ref(), at("10:00:00"), &ClipCommand::Add(latest)).is_ok());
    let nowhere = decide_clip(clips.as_ref(), at("10:00:00"), &ClipCommand::View { number: 3 });
    assert_eq!(nowhere, Err(ClipRefusal::NoSuchClip { number: 3 }));
    for more in 2..Clips::MOST {
        done(&mut clips, &ClipCommand::Add(file(&format!("{more:02x}-")))).unwrap();
    }
    assert_eq!(refused(&clips, file("dd")), ClipRefusal::TooMany { most: Clips::MOST });
}

/// A file is what its first bytes say, whatever it is called.
#[test]
fn a_clip_whose_bytes_are_not_of_its_type_is_refused() {
    let mp4 = |brand: &str| [b"\0\0\0\x18ftyp", brand.as_bytes(), b"\0\0\0\0"].concat();
    let ebml = |kind: &str| [b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84", kind.as_bytes()].concat();
    let late = [b"\x1aE\xdf\xa3", [0; 124].as_slice(), b"webm"].concat();
    let files = [
        (mp4("isom"), Some("video/mp4")),
        (mp4("qt  "), Some("video/mp4")),
        (mp4("M4A "), Some("audio/mp4")),
        (mp4("M4B "), Some("audio/mp4")),
        (mp4("heic"), Some("image/heif")),
        (mp4("avif"), Some("image/heif")),
        (b"\0\0\0\x18ftypiso".to_vec(), None),
        (b"\0\0\0\x18moovisom".to_vec(), None),
        (ebml("webm"), Some("video/webm")),
        (ebml("matroska"), Some("video/matroska")),
        (late, Some("video/matroska")),
        (b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), Some("audio/wav")),
        (b"RF64\xff\xff\xff\xffWAVEds64".to_vec(), Some("audio/wav")),
        (b"RIFF\x24\0\0\0AVI LIST".to_vec(), None),
        (b"WAVE\x24\0\0\0WAVEfmt ".to_vec(), None),
        (b"OggS\0".to_vec(), Some("audio/ogg")),
        (b"ID3\x04".to_vec(), Some("audio/mpeg")),
        // Layers III and II; then none of a reserved version, of layer I, of the layer of AAC, of a rate or sampling that is not.
        (b"\xff\xfb\x90\x64".to_vec(), Some("audio/mpeg")),
        (b"\xff\xf3\x48\xc4".to_vec(), Some("audio/mpeg")),
        (b"\xff\xfd\x84\x00".to_vec(), Some("audio/mpeg")),
        (b"\xff\xeb\x90\x64".to_vec(), None),
        (b"\xff\xfe\x68\x00".to_vec(), None),
        (b"\xff\xf1\x50\x80".to_vec(), None),
        (b"\xff\xfb\xf0\x64".to_vec(), None),
        (b"\xff\xfb\x9c\x64".to_vec(), None),
        (b"\xff\xdb\x90\x64".to_vec(), None),
        (b"\xfe\xfb\x90\x64".to_vec(), None),
        (b"\xff\xfb".to_vec(), None),
        (b"\x89PNG\r\n\x1a\n".to_vec(), Some("image/png")),
        (b"\xff\xd8\xff\xe0".to_vec(), Some("image/jpeg")),
        (b"GIF89a".to_vec(), Some("image/gif")),
        (b"fLaC".to_vec(), Some("audio/flac")),
        (b"%PDF-1.7".to_vec(), Some("application/pdf")),
        (b"PK\x03\x04".to_vec(), Some("application/zip")),
        (b"<html>".to_vec(), None),
        (Vec::new(), None),
    ];
    for (bytes, found) in files {
        for (media, kind, _) in ClipKind::MEDIA {
            // A container that may hold either is taken as either.
            let same =
                |found: &str| found == media || found.split_once('/').unwrap().1 == media.split_once('/').unwrap().1;
            let expected = match found {
                Some(found) if same(found) => Ok(kind),
                found => Err(ClipRefusal::NotItsMedia { media: media.into(), found: found.map(str::to_owned) }),
            };
            assert_eq!(ClipKind::of_file(media, &bytes), expected, "{media} {bytes:x?}");
        }
    }
    let unknown = ClipRefusal::NotThisMedia { media: "image/png".into() };
    assert_eq!(ClipKind::of_file("image/png", b"\x89PNG\r\n\x1a\n"), Err(unknown));
}

/// Every refusal is a sentence, in both languages.
#[test]
fn refusals_of_clips_are_read() {
    let media = ClipKind::MEDIA.iter().map(|(media, ..)| *media).collect::<Vec<_>>().join(", ");
    let all = [
        (
            ClipRefusal::NotThisMedia { media: "text/html".into() },
            format!("a clip is one of {media}, not \"text/html\""),
            format!("片段须为 {media} 之一,而非 \"text/html\""),
        ),
        (
            ClipRefusal::NotItsMedia { media: "audio/wav".into(), found: Some("video/mp4".into()) },
            "the file is no audio/wav: it begins as video/mp4; send it as that".into(),
            "文件不是 audio/wav:其内容为 video/mp4,请按该类型提交".into(),
        ),
        (
            ClipRefusal::NotItsMedia { media: "video/mp4".into(), found: Some("image/png".into()) },
            format!("the file is no video/mp4: it begins as image/png, which is not taken; save it as one of {media}"),
            format!("文件不是 video/mp4:其内容为 image/png,不予接收;请另存为 {media} 之一"),
        ),
        (
            ClipRefusal::NotItsMedia { media: "video/mp4".into(), found: None },
            format!(
                "the file is no video/mp4 by its first bytes: play it, and where that works save it anew as one of {media}"
            ),
            format!("文件开头与 video/mp4 不符:请先试播,可播放的请另存为 {media} 之一"),
        ),
        (ClipRefusal::TooMany { most: 64 }, "an incident has at most 64 clips".into(), "一起警情最多 64 个片段".into()),
        (ClipRefusal::AlreadyKept { number: 2 }, "this file is clip 2 already".into(), "该文件已保存为片段 2".into()),
        (ClipRefusal::EndsBeforeStart, "a clip ends after it begins".into(), "片段结束时间须晚于开始时间".into()),
        (
            ClipRefusal::InTheFuture,
            "a clip shows what has been: its time lies in the future".into(),
            "片段须为已发生的内容,所填时间在将来".into(),
        ),
        (
            ClipRefusal::TooLong,
            "a clip shows a day at most: cut out what the alarm is about".into(),
            "片段最长一天,请截取与警情有关的部分".into(),
        ),
        (ClipRefusal::NoSuchClip { number: 3 }, "there is no clip 3".into(), "没有片段 3".into()),
    ];
    for (refusal, english, chinese) in all {
        assert_eq!([Lang::En, Lang::Zh].map(|lang| refusal.label(lang)), [english, chinese]);
    }
}
