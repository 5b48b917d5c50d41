//! One running centre a folder: two desks on one store would each decide everything.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use anyhow::{Context, anyhow};

/// The folder is ours until this is dropped, or the process ends in whatever way.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the folder, which must be there.
    ///
    /// # Errors
    /// Another centre runs on it.
    pub(crate) fn take(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("centre.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("{}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(anyhow!("another centre is running on {}; end it first, or use another --data", dir.display()))
            }
            Err(TryLockError::Error(error)) => Err(anyhow!(error).context(format!("{}", path.display()))),
        }
    }
}
