//! When a follow-up rings, and who is called one after the other while it is due and not done.

use super::{Assignee, FollowUp};
use crate::incident::Rank;
use crate::policy::FollowUpRules;
use crate::queue::Priority;
use crate::time::Timestamp;

/// What becomes due of a follow-up next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// It rings.
    Rings,
    /// It is not done, and this rank is called.
    Calls(Rank),
}

impl FollowUp {
    /// How urgent it is. Where that is not known nothing else waits for it.
    pub fn urgency(&self) -> Priority {
        self.priority.unwrap_or(Priority::LEAST)
    }

    /// The highest rank that was called because it was not done.
    pub fn called_to(&self) -> Option<Rank> {
        self.called.map(|(rank, _)| rank)
    }

    /// What becomes due of it next, and when; nothing of one that is done.
    pub(crate) fn next_call(&self, rules: &FollowUpRules) -> Option<(Timestamp, Call)> {
        if self.done_at.is_some() {
            return None;
        }
        let Some(rang_at) = self.rang_at else { return Some((self.due_at, Call::Rings)) };
        if self.priority.is_none_or(|priority| priority > rules.priority) {
            return None;
        }
        let since = self.undone_since.unwrap_or(rang_at);
        let whose = match self.to {
            Assignee::Rank(rank) => rank,
            Assignee::Operator(_) => Rank::Operator,
        };
        let after = |rank| match rank {
            Rank::Operator => rules.operator_after_s,
            Rank::Supervisor => rules.supervisor_after_s,
            Rank::Manager => rules.manager_after_s,
        };
        let called = self.called_to();
        let next = |rank: &Rank| *rank >= whose && called.is_none_or(|called| *rank > called) && after(*rank) > 0;
        if let Some(rank) = Rank::ALL.iter().copied().find(next) {
            // By rules that hold since lately it may have been due before what has happened.
            let at = since.plus_secs(after(rank)).max(self.called.map_or(since, |(_, at)| at));
            return Some((at, Call::Calls(rank)));
        }
        let (rank, at) = self.called.filter(|_| rules.again_s > 0)?;
        Some((at.plus_secs(rules.again_s), Call::Calls(rank)))
    }
}
