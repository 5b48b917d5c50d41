//! What just happened, for pages that are open: one broadcast of journal sequences.

use std::sync::{Arc, PoisonError, RwLock};

use alarmcore::{FollowUpId, IncidentId, Priority, StormId, TestId};
use contactid::AccountNumber;
use opsmodel::store::query::Kept;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::auth::Session;
use crate::state::App;

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
    /// The incidents among what should be heard, with their priorities, until it is known who is told of them.
    #[serde(skip)]
    pub alerts: Vec<(IncidentId, u8)>,
}

/// What should be heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rung {
    /// The incidents that call, with their priorities.
    pub alerts: Vec<(IncidentId, u8)>,
    /// The priority of what else there is.
    pub ring: Option<u8>,
}

impl Rung {
    /// Is there anything to be heard?
    pub fn rings(&self) -> bool {
        self.ring.is_some() || !self.alerts.is_empty()
    }

    /// Something else that is so urgent rings, too.
    pub(crate) fn also(&mut self, priority: Priority) {
        self.ring = self.ring.into_iter().chain([priority.get()]).min();
    }
}

impl Change {
    /// The change as somebody is told it from whom this is kept: it names no incident that they are not shown, and does not ring
    /// for it.
    #[must_use]
    pub fn told(mut self, kept: &Kept) -> Self {
        kept.leave_out(&mut self.incidents, |incident| *incident);
        let alerts = std::mem::take(&mut self.alerts).into_iter().filter(|(incident, _)| kept.shows(*incident));
        self.ring = alerts.map(|(_, priority)| priority).chain(self.ring).min();
        self
    }
}

/// The change as `session` is told it. Where the store cannot say what is kept, it says only that there is something to look at.
pub(crate) async fn told(app: &App, session: &Session, change: Change) -> Change {
    if change.incidents.is_empty() && change.alerts.is_empty() {
        return change;
    }
    match app.query_for(session, |_, kept| Ok(kept.clone())).await {
        Ok(kept) => change.told(&kept),
        Err(_) => Change { seq: change.seq, ..Change::default() },
    }
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
