//! One line of an incident's journal.

use serde::{Deserialize, Serialize};

use super::event::IncidentEvent;
use crate::id::{IncidentId, OperatorId};
use crate::time::Timestamp;

/// One line of an incident's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The incident: one stream of the journal.
    pub incident: IncidentId,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when a signal or the time did.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: IncidentEvent,
}
