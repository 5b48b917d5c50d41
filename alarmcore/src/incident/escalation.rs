//! The chain of those who are called when nobody acts: a neighbour, the supervisor, the manager, each at its own second.
//!
//! Two things can be missing. Nobody *takes* an incident that calls: the clock runs from the call. Nobody *acts* on one: the
//! clock runs from its opening, or from the last thing that raised it, and neither taking it nor putting it on hold stops it.
//! Of a fire, only a hand-off to the fire brigade that is placed is an act: until then that clock goes on, whatever else is done.

use serde::{Deserialize, Serialize};

use super::{Incident, IncidentEvent, Kind};
use crate::policy::{EscalationStep, Policy};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// To whom something goes, by what they may do.
    Rank {
        /// Any operator; for an incident that somebody owns, any other one.
        Operator "operator" "Operator" "接警员",
        /// A supervisor: the shift lead.
        Supervisor "supervisor" "Supervisor" "班长",
        /// The manager.
        Manager "manager" "Manager" "经理",
    }
}

words! {
    /// What has not been done about an incident.
    Missing {
        /// It calls, and nobody has taken it.
        Take "take" "Not taken" "无人接警",
        /// Nobody has done anything about it: taking it, a note or a hold is nothing done.
        Act "act" "No act" "未处置",
    }
}

/// A step of the chain that an incident has come to, and that nobody has answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalated {
    /// To whom.
    pub to: Rank,
    /// What was missing.
    pub missing: Missing,
    /// For how many seconds.
    pub after_s: u32,
    /// When.
    pub at: Timestamp,
}

impl Incident {
    /// Since when this is missing; `None` when it is not.
    fn missed_since(&self, missing: Missing) -> Option<Timestamp> {
        match missing {
            Missing::Take => self.calling_since,
            Missing::Act => [self.unacted_since, self.unplaced_since].into_iter().flatten().min(),
        }
    }

    /// The steps that this incident has still to come to, and when.
    fn steps<'p>(&'p self, policy: &'p Policy) -> impl Iterator<Item = (Timestamp, EscalationStep)> + 'p {
        // What fails of the centre itself is the shift lead's from the beginning.
        let own = (self.kind == Kind::Centre).then(|| policy.self_watch.lead());
        policy.escalation.iter().copied().chain(own).filter_map(|step| {
            let fits = step.family.is_none_or(|family| family == self.kind.family()) && step.priority >= self.priority;
            let since = self.missed_since(step.missing).filter(|_| fits && !self.is_closed())?;
            let same =
                |done: &&Escalated| (done.to, done.missing, done.after_s) == (step.to, step.missing, step.after_s);
            self.escalated.iter().find(same).is_none().then(|| (since.plus_secs(step.after_s), step))
        })
    }

    /// When the next step of the chain is due.
    pub(crate) fn escalation_due(&self, policy: &Policy) -> Option<Timestamp> {
        self.steps(policy).map(|(at, _)| at).min()
    }

    /// The highest rank that it has come to and that has not answered.
    pub fn escalated_to(&self) -> Option<Rank> {
        self.escalated.iter().map(|step| step.to).max()
    }

    /// Somebody did what was missing.
    pub(super) fn answer_escalation(&mut self, missing: Missing) {
        self.escalated.retain(|step| step.missing != missing);
    }
}

/// The steps that are due by `now`, in the order in which they were.
pub(crate) fn escalate(incident: &Incident, policy: &Policy, now: Timestamp) -> Vec<IncidentEvent> {
    let mut due: Vec<_> = incident.steps(policy).filter(|(at, _)| *at <= now).collect();
    due.sort_by_key(|(at, step)| (*at, step.to));
    due.dedup_by_key(|(_, step)| (step.to, step.missing, step.after_s));
    let event = |(_, step): (Timestamp, EscalationStep)| IncidentEvent::Escalated {
        to: step.to,
        missing: step.missing,
        after_s: step.after_s,
        policy: policy.version,
    };
    due.into_iter().map(event).collect()
}
