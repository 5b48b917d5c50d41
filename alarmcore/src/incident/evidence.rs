//! What an incident keeps of a signal.

use contactid::{Code, Qualifier};
use serde::{Deserialize, Serialize};

use super::IncidentEvent;
use crate::id::SignalId;
use crate::report::{Marks, Received};
use crate::source::SignalSource;
use crate::time::Timestamp;

/// What an incident keeps of a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The signal.
    pub signal: SignalId,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its code; `None` when nothing was understood.
    pub code: Option<Code>,
    /// New, restore or status.
    pub qualifier: Option<Qualifier>,
    /// The group (partition).
    pub group: Option<u16>,
    /// The zone or user.
    pub number: Option<u32>,
    /// What was remarkable about its frame.
    pub marks: Marks,
    /// The user who had just opened or closed the area, where the rule rests on that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<u32>,
    /// Where its frame came from, where the rule rests on that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SignalSource>,
}

impl IncidentEvent {
    /// What the incident keeps of a signal, where the event is about one.
    pub const fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::Opened { evidence, .. } | Self::SignalJoined { evidence, .. } => Some(evidence),
            _ => None,
        }
    }
}

impl Evidence {
    /// What an incident keeps of this signal.
    pub fn of(received: &Received) -> Self {
        let signal = received.report.signal.as_ref();
        Self {
            signal: received.id,
            received_at: received.report.received_at,
            code: signal.map(|signal| signal.code),
            qualifier: signal.map(|signal| signal.qualifier),
            group: signal.and_then(|signal| signal.group),
            number: signal.and_then(|signal| signal.number),
            marks: received.report.marks,
            user: None,
            source: None,
        }
    }
}
