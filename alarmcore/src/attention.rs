//! How attentive a person at the desk is: when they last acted on an incident, and whether they let an offer pass since.

use serde::{Deserialize, Serialize};

use crate::id::OperatorId;
use crate::incident::{FeedEnd, IncidentEvent, Record};
use crate::time::Timestamp;

/// What is known of somebody's attention. Offers go to whoever has acted least recently, and to nobody who let one pass since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// When they last acted on an incident; `None` where they never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acted_at: Option<Timestamp>,
    /// When they last let an offer pass, where they have not acted since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<Timestamp>,
}

impl Attention {
    /// Whose attention a record of an incident tells of, and what.
    pub fn of(record: &Record) -> Option<(OperatorId, Self)> {
        match (&record.event, record.by) {
            (IncidentEvent::FeedOver { to, reason: FeedEnd::NotTaken }, _) => {
                Some((*to, Self { acted_at: None, missed_at: Some(record.at) }))
            }
            (_, Some(by)) if by != OperatorId::OUTSIDE => {
                Some((by, Self { acted_at: Some(record.at), missed_at: None }))
            }
            (_, Some(_) | None) => None,
        }
    }

    /// Both together. In whatever order the records are read, the same comes of it.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let acted_at = self.acted_at.max(other.acted_at);
        Self { acted_at, missed_at: self.missed_at.max(other.missed_at).filter(|missed| acted_at < Some(*missed)) }
    }
}
