//! A copy that is made beside the writers is a store like the one it is of.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use alarmcore::{ClipCommand, IncidentId, NewClip};
use opsmodel::store::{StoreError, back_up, clip_file, inspect, keep_clip, verify};

use crate::room::{ANNA, Room, morning};
use crate::sample::{at, burglary};

#[test]
fn a_copy_beside_a_writer_is_one_state_and_goes_on() {
    let mut room = Room::new();
    morning(&mut room);
    let (stop, shelf) = (AtomicBool::new(false), tempfile::tempdir().unwrap());
    let of = room.dir.clone();
    let copies: Vec<_> = std::thread::scope(|scope| {
        // Commits all the time, some of it not yet seen by the desk.
        let writer = scope.spawn(|| {
            for n in 0.. {
                drop(room.log.append(&[burglary(n), burglary(n)], &[]).unwrap());
                if n % 3 == 0 {
                    room.work().unwrap();
                }
                if stop.load(Ordering::Relaxed) {
                    return n;
                }
            }
            0
        });
        let copies = (0..5)
            .map(|n| {
                let to = shelf.path().join(format!("copy-{n}"));
                let mut told = Vec::new();
                let (found, spoilt) = back_up(&of, &to, |done, all| told.push((done, all))).unwrap();
                assert_eq!(spoilt, []);
                assert!(told.iter().all(|(done, all)| done <= all), "{told:?}");
                (to, found)
            })
            .collect();
        stop.store(true, Ordering::Relaxed);
        assert!(writer.join().unwrap() > 5, "the copies were made while nothing happened");
        copies
    });
    for (copy, found) in copies {
        assert_eq!(verify(&copy).unwrap(), found);
        let names = std::fs::read_dir(&copy).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["centre.db", "signals.db"]);
        // What the desk had not seen when the copy was made, it disposes of now.
        let mut restored = Room::open(&copy);
        restored.work().unwrap();
        let after = inspect(&copy).unwrap();
        assert_eq!((after.signals, after.dispositions >= after.signals), (found.signals, true));
    }
    let left: Vec<_> = std::fs::read_dir(shelf.path()).unwrap().collect();
    assert_eq!(left.len(), 5, "nothing unfinished stays behind");
}

#[test]
fn what_is_not_sound_is_no_copy_and_nothing_is_written_over() {
    let mut room = Room::new();
    morning(&mut room);
    let shelf = tempfile::tempdir().unwrap();
    let to = shelf.path().join("copy");
    let sql = rusqlite::Connection::open(room.dir.join("centre.db")).unwrap();
    sql.execute("UPDATE journal SET at = at + 1 WHERE seq = 2", []).unwrap();
    match back_up(&room.dir, &to, |_, _| {}) {
        Err(error @ StoreError::Broken(_)) => assert_eq!(error.to_string(), "journal 2: altered or moved"),
        other => panic!("{other:?}"),
    }
    assert_eq!(std::fs::read_dir(shelf.path()).unwrap().count(), 0);

    sql.execute("UPDATE journal SET at = at - 1 WHERE seq = 2", []).unwrap();
    back_up(&room.dir, &to, |_, _| {}).unwrap();
    match back_up(&room.dir, &to, |_, _| {}) {
        Err(StoreError::Folder { path, source }) => {
            assert_eq!((path, source.kind()), (to.clone(), std::io::ErrorKind::AlreadyExists));
        }
        other => panic!("{other:?}"),
    }
    inspect(&to).unwrap();
}

/// A clip is in the copy if it is what was kept; what is spoilt is named, and keeps nothing else from being copied.
#[test]
fn the_clips_are_copied_and_the_spoilt_are_named() {
    let mut room = Room::new();
    let mut keep = |incident, text: &str| {
        let sha256 = keep_clip(&room.dir, text.as_bytes()).unwrap();
        let (media, bytes) = ("video/mp4".into(), text.len() as u64);
        let add =
            ClipCommand::Add(NewClip { media, sha256: sha256.clone(), bytes, starts: None, ends: None, name: None });
        room.centre.clip_act(IncidentId::new(incident), (at(1), ANNA), &add).unwrap().unwrap();
        sha256
    };
    let door = keep(1, "the door");
    let (yard, till) = (keep(1, "the yard"), keep(2, "the till"));
    assert_eq!(keep(2, "the door"), door);
    // Of an act that was never recorded: no clip of anybody's.
    keep_clip(&room.dir, b"by nobody").unwrap();
    let shelf = tempfile::tempdir().unwrap();
    let copy = |room: &Room, name| {
        let to = shelf.path().join(name);
        let (found, spoilt) = back_up(&room.dir, &to, |_, _| {}).unwrap();
        let files = std::fs::read_dir(to.join("clips")).unwrap().count();
        (to, found.clips, files, spoilt.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let (whole, clips, files, spoilt) = copy(&room, "whole");
    assert_eq!((clips, files, spoilt), (4, 3, vec![]));
    assert_eq!(verify(&whole).unwrap().clips, 4);
    assert_eq!(clip_file(&whole, &till).unwrap(), Ok(b"the till".to_vec()));

    let clip = |of: &Path, sha256| of.join("clips").join(sha256);
    std::fs::remove_file(clip(&room.dir, &door)).unwrap();
    std::fs::write(clip(&room.dir, &yard), "the road").unwrap();
    let (rest, clips, files, spoilt) = copy(&room, "rest");
    let missing = ["clip 1 of incident 1: missing", "clip 2 of incident 1: missing", "clip 2 of incident 2: missing"];
    assert_eq!((clips, files, spoilt), (1, 1, missing.map(str::to_owned).to_vec()));
    // A centre runs on it, and has the clip back once the older copy gives it.
    assert_eq!(verify(&rest).unwrap_err().to_string(), missing[0]);
    for sha256 in [&door, &yard] {
        std::fs::copy(clip(&whole, sha256), clip(&rest, sha256)).unwrap();
    }
    assert_eq!(inspect(&rest).unwrap(), inspect(&whole).unwrap());
}

/// A page that no chain passes through: only SQLite's own look finds it.
#[test]
fn a_damaged_page_is_found() {
    let mut room = Room::new();
    morning(&mut room);
    let shelf = tempfile::tempdir().unwrap();
    let to = shelf.path().join("copy");
    back_up(&room.dir, &to, |_, _| {}).unwrap();
    let sql = rusqlite::Connection::open(to.join("centre.db")).unwrap();
    let page: i64 =
        sql.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'outbox_way'", [], |row| row.get(0)).unwrap();
    drop(sql);
    let mut bytes = std::fs::read(to.join("centre.db")).unwrap();
    let start = usize::try_from(page - 1).unwrap() * 4096;
    bytes[start..start + 64].fill(0xff);
    std::fs::write(to.join("centre.db"), bytes).unwrap();
    match inspect(&to) {
        Err(StoreError::Damaged { file, .. }) => assert_eq!(file, "centre.db"),
        other => panic!("{other:?}"),
    }
}
