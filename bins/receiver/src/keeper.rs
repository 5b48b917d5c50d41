//! Keeps the write-ahead log of one file of the store short, from a thread of its own, so that no commit does the work.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use opsmodel::store::{Checkpoint, StoreError, StoreFile};

use crate::gate::Gate;

const EVERY: Duration = Duration::from_millis(250);

/// The running thread; it ends when this is dropped. Each file has one: a long run over `centre.db` must not leave the
/// log of `signals.db` to the writer that panels wait for.
pub struct Keeper {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread for a file of the store in `dir`, which must be there.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn start(dir: &Path, file: StoreFile) -> Result<Self, StoreError> {
        Self::gated(dir, file, Gate::default())
    }

    /// The same, which rests while `gate` is closed.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn gated(dir: &Path, file: StoreFile, gate: Gate) -> Result<Self, StoreError> {
        let mut checkpoint = Checkpoint::open(dir, file)?;
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut failing = false;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(EVERY) {
                let Some(_passing) = gate.pass() else { continue };
                // A disk that is full fails here as it fails the writers; they say what to do, and nothing is lost.
                let failed = checkpoint.run().err();
                if let Some(error) = failed.as_ref().filter(|_| !failing) {
                    tracing::warn!("the write-ahead log of {file:?} cannot be moved into its file: {error}");
                }
                failing = failed.is_some();
            }
        });
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
