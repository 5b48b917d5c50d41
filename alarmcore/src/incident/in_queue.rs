//! In which queue an incident is, and whether others see it too.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// Why what is in an exclusive queue is everybody's now.
    OverflowReason {
        /// No member of it is there.
        NobodyThere "nobody-there" "Nobody of the queue is there" "队列无人在岗",
        /// It has been calling for as long as the queue may keep it.
        Waited "waited" "Nobody of the queue took it in time" "队列超时未接警",
        /// It is life safety.
        LifeSafety "life-safety" "Life safety" "涉及人身安全",
    }
}

/// Where an incident stands among the queues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InQueue {
    /// The queue.
    pub name: Arc<str>,
    /// Is it only for its members?
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub exclusive: bool,
    /// What they must be able to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Arc<str>>,
    /// The language that the site's people speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Arc<str>>,
    /// Why it is everybody's all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overflow: Option<OverflowReason>,
}

impl InQueue {
    /// Do only members and supervisors see it?
    pub const fn is_closed_to_others(&self) -> bool {
        self.exclusive && self.overflow.is_none()
    }
}
