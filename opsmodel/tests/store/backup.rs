//! A copy that is made beside the writers is a store like the one it is of.

use std::sync::atomic::{AtomicBool, Ordering};

use opsmodel::store::{StoreError, back_up, inspect, verify};

use crate::room::{Room, morning};
use crate::sample::burglary;

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
                let found = back_up(&of, &to, |done, all| told.push((done, all))).unwrap();
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
