//! The people at the desk, as far as it needs to know them: what they can do, and what they are shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::OperatorId;
use crate::incident::{InQueue, Incident};
use crate::policy::QueueRule;

/// A person at the desk. Whoever has no card here is shown everything, and is a member of no queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorCard {
    /// Who.
    pub operator: OperatorId,
    /// Is this a supervisor or manager? They are shown everything.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub supervisor: bool,
    /// What they can do that queues ask for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<Arc<str>>,
    /// The languages that they speak; where none is named, all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub languages: BTreeSet<Arc<str>>,
    /// Have they asked to be offered nothing? They see and take what they did before.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub paused: bool,
}

impl OperatorCard {
    /// An operator of whom nothing else is known.
    pub const fn new(operator: OperatorId) -> Self {
        Self { operator, supervisor: false, skills: BTreeSet::new(), languages: BTreeSet::new(), paused: false }
    }

    /// Are they a member of the queue, as far as this incident of it goes?
    pub fn serves(&self, queue: &InQueue) -> bool {
        let speaks =
            queue.language.as_ref().is_none_or(|name| self.languages.is_empty() || self.languages.contains(name));
        speaks && queue.skills.iter().all(|skill| self.skills.contains(skill))
    }

    /// Are they a member of the queue for any of its sites? Where the queue is for sites of some languages, one of them is enough.
    pub fn may_serve(&self, rule: &QueueRule) -> bool {
        let of_sites = &rule.which.languages;
        let speaks = self.languages.is_empty()
            || of_sites.is_empty()
            || of_sites.iter().any(|language| self.languages.contains(language));
        speaks && rule.skills.iter().all(|skill| self.skills.contains(skill))
    }

    /// Are they shown this incident, and may they do something about it?
    pub fn may_see(&self, incident: &Incident) -> bool {
        self.is_shown(incident.is_closed() || incident.owner.is_some(), incident.queue.as_deref())
    }

    /// May they take it? What a member of its queue has, others see and leave to them.
    pub fn may_take(&self, incident: &Incident) -> bool {
        self.is_shown(incident.owner == Some(self.operator), incident.queue.as_deref())
    }

    /// The one rule of what is shown: everything but what waits in a queue that is only for others. Supervisors are shown
    /// everything; what is over or in somebody's hands waits for nobody.
    pub fn is_shown(&self, in_hand: bool, queue: Option<&InQueue>) -> bool {
        let others = queue.filter(|queue| queue.is_closed_to_others() && !self.serves(queue));
        in_hand || self.supervisor || others.is_none()
    }
}
