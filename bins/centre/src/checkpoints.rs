//! Keeps the write-ahead logs of both files bounded, from a thread of its own, so that no commit does the work.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use opsmodel::store::{Checkpoint, StoreFile};

const EVERY: Duration = Duration::from_millis(250);

/// The running thread; it ends when this is dropped.
pub(crate) struct Checkpoints {
    end: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the thread for the store in `dir`, whose files must be there.
    ///
    /// # Errors
    /// The files cannot be opened.
    pub(crate) fn start(dir: &Path) -> anyhow::Result<Self> {
        let mut files = [Checkpoint::open(dir, StoreFile::Signals)?, Checkpoint::open(dir, StoreFile::Centre)?];
        let (end, ended) = sync_channel::<()>(0);
        let work = move || {
            let mut failing = false;
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(EVERY) {
                // A disk that is full fails here as it fails the writers; they say so, and it passes.
                let failed = files.iter_mut().filter_map(|file| file.run().err()).last();
                if let Some(error) = failed.as_ref().filter(|_| !failing) {
                    tracing::warn!("the write-ahead log cannot be moved into the file: {error}");
                }
                failing = failed.is_some();
            }
        };
        let thread = std::thread::Builder::new().name("checkpoints".into()).spawn(work)?;
        Ok(Self { end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
