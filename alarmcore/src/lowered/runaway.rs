//! `Runaway`: a panel that says more than a working one would, from the signal that was one too many to its silence.

use serde::{Deserialize, Serialize};

use crate::id::{FollowUpId, IncidentId};
use crate::time::Timestamp;

/// How a panel ran away last: what it says meanwhile is logged only, life safety excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runaway {
    /// When it had said too much.
    pub since: Timestamp,
    /// The incident that tells of it: the last one, where people closed one while it ran on.
    pub incident: IncidentId,
    /// The repair order that came of it, where the policy orders repairs; that of an earlier run, where nobody had done it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<FollowUpId>,
    /// When it was silent again; `None` while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Timestamp>,
}

impl Runaway {
    /// Does it still run?
    pub const fn runs(&self) -> bool {
        self.over.is_none()
    }
}
