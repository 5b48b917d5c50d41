//! What happened to a follow-up: the facts its journal keeps for ever.

use serde::{Deserialize, Serialize};

use super::{Assignee, FollowUpReason, Said, Subject};
use crate::event::events;
use crate::id::{FollowUpId, OperatorId};
use crate::incident::Rank;
use crate::queue::Priority;
use crate::time::Timestamp;

/// One line of a follow-up's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpRecord {
    /// The follow-up: one stream of the journal.
    pub follow_up: FollowUpId,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when the time did.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: FollowUpEvent,
}

events! {
    enum FollowUpEventKind of FollowUpEvent: "What happened to a follow-up.";
    /// Somebody made it, or a rule.
    Created "created" "Follow-up made" "建立待办" {
        /// What it is about.
        subject: Subject,
        /// Whose it is.
        to: Assignee,
        /// When it is due.
        due_at: Timestamp,
        /// Why a rule made it; of one that somebody made the note says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FollowUpReason>,
        /// What was said that a rule made it of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<Said>,
        /// How urgent what it is about is, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        ;
        /// What is to be done.
        note,
    }
    /// It is due.
    Rang "rang" "Due" "到期提醒" {}
    /// It is due and not done: somebody else is called, or the same once more.
    Escalated "escalated" "Not done in time" "逾期未办" {
        /// Whom.
        to: Rank,
    }
    /// It is somebody else's, or due at another time.
    Reassigned "reassigned" "Reassigned" "转交" {
        /// Whose it is now.
        to: Assignee,
        /// When it is due now.
        due_at: Timestamp,
        ;
        /// Why.
        note,
    }
    /// It is done.
    Done "done" "Done" "完成" {;
        /// What came of it.
        note,
    }
}
