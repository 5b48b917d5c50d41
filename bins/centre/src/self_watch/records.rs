//! The stored records: every page, index and chain of both files, once a day.

use std::path::PathBuf;
use std::time::Duration;

use alarmcore::{Part, SelfWatchLimits};
use opsmodel::store::{StoreError, Verified, inspect};

use super::aside::Aside;
use super::watch::{Finding, Said};

pub(super) struct Records {
    data: PathBuf,
    inspected: Aside<Result<Verified, StoreError>>,
}

impl Records {
    pub(super) fn new(data: PathBuf) -> Self {
        Self { data, inspected: Aside::new("inspect") }
    }

    /// What the last inspection found; nothing before its end, where it could not be made, or where nobody wants it.
    pub(super) fn look(&mut self, limits: &SelfWatchLimits) -> Option<Finding> {
        if limits.inspect_every_h == 0 {
            return None;
        }
        let data = self.data.clone();
        let every = Duration::from_secs(u64::from(limits.inspect_every_h) * 3600);
        match self.inspected.every(every, move || inspect(&data))? {
            Ok(Verified { signals, journal, .. }) => {
                let en = format!("{signals} signals and {journal} journal entries are as they were written");
                let zh = format!("{signals} 条信号、{journal} 条日志校验一致");
                Some(Finding::one(Part::Store, false, Said::new(en, zh)))
            }
            Err(error) if error.is_damage() => {
                let en = format!("{error}; keep the files as they are, and look into the newest copy");
                let said = Said::new(en, format!("校验不符：{error}；请保留文件原样并查看最新备份"));
                Some(Finding::one(Part::Store, true, said))
            }
            // A disk that is full or a file that is locked is another fault than this.
            Err(_) => None,
        }
    }
}
