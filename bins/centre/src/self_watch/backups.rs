//! The newest copy of the centre's files: there has to be one, and it must not be old.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alarmcore::{Part, SelfWatchLimits, Timestamp};

use super::aside::Aside;
use super::watch::{Finding, Said};

/// How often the folder is looked into: it may lie on another machine.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A folder that does not answer for so long is one without a copy.
const PATIENCE: Duration = Duration::from_secs(40);

pub(super) struct Backups {
    folder: PathBuf,
    newest: Aside<std::io::Result<Option<Timestamp>>>,
}

impl Backups {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, newest: Aside::new("backups") }
    }

    /// How old the newest copy is; nothing while the folder has not answered yet, or where nobody wants to know.
    pub(super) fn look(&mut self, limits: &SelfWatchLimits, now: Timestamp) -> Option<Finding> {
        if limits.backup_age_h == 0 {
            return None;
        }
        let folder = self.folder.clone();
        let newest = self.newest.every(LOOK_EVERY, move || newest(&folder)).map(|found| match found {
            Ok(newest) => Ok(*newest),
            Err(error) => Err(error.to_string()),
        });
        let shown = self.folder.display();
        let fails = |said| Some(Finding::one(Part::Backup, true, said));
        match newest {
            _ if self.newest.waits() > PATIENCE => {
                fails(Said::new(format!("{shown} does not answer"), format!("{shown} 无响应")))
            }
            None => None,
            Some(Err(error)) => fails(Said::new(format!("{shown}: {error}"), format!("{shown}：{error}"))),
            Some(Ok(None)) => fails(Said::new(format!("no copy in {shown}"), format!("{shown} 中没有备份"))),
            Some(Ok(Some(newest))) => {
                let age_h = now.millis().saturating_sub(newest.millis()).max(0) / 3_600_000;
                let said = Said::new(format!("the newest copy is {age_h} h old"), format!("最新备份于 {age_h} 小时前"));
                let old = age_h >= i64::from(limits.backup_age_h);
                Some(Finding::one(Part::Backup, old, said))
            }
        }
    }
}

/// When the newest file in a folder, or in a folder in it, was written. What is not finished, and what SQLite lays beside a file
/// that is only read, does not count.
fn newest(folder: &Path) -> std::io::Result<Option<Timestamp>> {
    let mut newest: Option<SystemTime> = None;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !counts(&path) {
            continue;
        }
        let inside = if path.is_dir() { std::fs::read_dir(&path)?.collect() } else { Vec::new() };
        let inside =
            inside.into_iter().filter_map(|entry: std::io::Result<std::fs::DirEntry>| Some(entry.ok()?.path()));
        for file in inside.chain([path]).filter(|file| counts(file)) {
            // One that is taken away just now is none.
            if let Ok(meta) = std::fs::metadata(&file)
                && meta.is_file()
            {
                newest = newest.max(meta.modified().ok());
            }
        }
    }
    Ok(newest.map(|at| {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }))
}

fn counts(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    !["-wal", "-shm", ".part"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_file_is_told_and_what_is_no_copy_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str, secs: u64| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = std::fs::File::create(path).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(secs)).unwrap();
        };
        let newest = || newest(folder.path()).unwrap().map(|at| at.millis() / 1000);
        assert_eq!(newest(), None);
        at("centre-20261124T010000Z/centre.db", 1000);
        at("centre-20261124T010000Z/signals.db", 1010);
        at("centre-20261124T010000Z/signals.db-shm", 9000);
        at("centre-20261126T010000Z.part/centre.db", 9000);
        assert_eq!(newest(), Some(1010));
        at("by-hand.tar", 2000);
        assert_eq!(newest(), Some(2000));
        assert!(super::newest(&folder.path().join("nowhere")).is_err());
    }
}
