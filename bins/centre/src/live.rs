//! What just happened, for pages that are open: one broadcast of journal sequences.

use std::sync::{Arc, PoisonError, RwLock};

use alarmcore::{FollowUpId, IncidentId, StormId, TestId};
use contactid::AccountNumber;
use serde::Serialize;
use tokio::sync::broadcast;

/// Changes that a slow listener may lag behind before it is told to look afresh.
const LAG_MAX: usize = 256;

/// One commit of the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The last journal entry after this commit: the id of the live event.
    pub seq: u64,
    /// The last signal that the desk has disposed of.
    pub cursor: u64,
    /// Incidents that have changed.
    pub incidents: Vec<IncidentId>,
    /// Tests of accounts that have changed.
    pub tests: Vec<TestId>,
    /// Follow-ups that have changed.
    pub follow_ups: Vec<FollowUpId>,
    /// Storms that have changed.
    pub storms: Vec<StormId>,
    /// Accounts whose state or card has changed.
    pub accounts: Vec<AccountNumber>,
    /// How many signals this commit disposed of.
    pub signals: usize,
    /// Something that should be heard: an incident opened, one has waited too long, a test ends soon, or a follow-up is due. The smallest priority of them.
    pub ring: Option<u8>,
}

/// Where changes are published. A listener that lags looks at the rows again and goes on: rows are the truth, a change
/// only says where to look.
#[derive(Clone)]
pub struct Live {
    /// `None` once the centre ends.
    changes: Arc<RwLock<Option<broadcast::Sender<Change>>>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { changes: Arc::new(RwLock::new(Some(broadcast::Sender::new(LAG_MAX)))) }
    }
}

impl Live {
    /// Listens from now on. The channel closes when the centre ends.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        let changes = self.changes.read().unwrap_or_else(PoisonError::into_inner);
        match changes.as_ref() {
            Some(changes) => changes.subscribe(),
            None => broadcast::Sender::new(1).subscribe(),
        }
    }

    /// Tells whoever listens.
    pub(crate) fn publish(&self, change: Change) {
        if let Some(changes) = self.changes.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            // An error means that nobody listens, which is fine.
            let _ = changes.send(change);
        }
    }

    /// Ends every stream, so that the connections of open pages do not hold up the end.
    pub(crate) fn close(&self) {
        self.changes.write().unwrap_or_else(PoisonError::into_inner).take();
    }
}
