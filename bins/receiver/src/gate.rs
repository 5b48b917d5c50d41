//! Whether signals may be stored: whoever needs the disk for something that goes first can hold that up for a while.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// A gate that is open at first. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate(Arc<RwLock<bool>>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(RwLock::new(true)))
    }
}

impl Gate {
    /// Lets nobody pass any more. What was passing has passed when this returns: nothing more is written to the signal log.
    pub fn close(&self) {
        self.set(false);
    }

    /// Lets everybody pass again.
    pub fn open(&self) {
        self.set(true);
    }

    /// Does it let anybody pass?
    pub fn is_open(&self) -> bool {
        self.pass().is_some()
    }

    /// Passes for as long as the answer is held; `None` while the gate is closed.
    pub(crate) fn pass(&self) -> Option<RwLockReadGuard<'_, bool>> {
        let is_open = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(is_open).filter(|is_open| **is_open)
    }

    fn set(&self, open: bool) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = open;
    }
}
