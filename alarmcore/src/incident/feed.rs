//! An offer of an incident to an operator, and how such an offer ends that they did not take.

use serde::{Deserialize, Serialize};

use crate::id::OperatorId;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// Why an offer to an operator is over, though nobody has taken the incident.
    FeedEnd {
        /// They did not take it in time.
        NotTaken "not-taken" "Not taken in time" "超时未接",
        /// They are not there any more.
        Gone "gone" "Operator gone" "接警员离席",
        /// They asked to be offered nothing.
        Paused "paused" "Operator paused" "接警员暂停接单",
        /// They have something else in hand.
        Busy "busy" "Has another in hand" "正在处理其他警情",
        /// Life safety goes first.
        Urgent "urgent" "Life safety goes first" "人身安全警情优先",
        /// It is not for them any more.
        NotTheirs "not-theirs" "Not for this operator any more" "不再属于该接警员",
    }
}

/// An incident that calls is offered to an operator. Everybody else may take it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// To whom.
    pub to: OperatorId,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}
