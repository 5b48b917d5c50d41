//! Acts that are due on an incident because a clause of a rule pack asks for them.

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::{Authority, Call, Dispatch, Family, Incident};
use crate::id::ContactId;
use crate::pack::{Claim, ClauseId, PackRule, shows};
use crate::policy::Policy;
use crate::time::Timestamp;

/// An act that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The clause that asks for it.
    pub clause: ClauseId,
    /// What is due.
    pub act: Claim,
    /// To whom, of a hand-off.
    pub to: Option<Authority>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// When its time was over.
    pub overdue_at: Option<Timestamp>,
}

impl Claimed {
    /// Is it neither done nor overdue?
    pub const fn is_running(&self) -> bool {
        self.done_at.is_none() && self.overdue_at.is_none()
    }
}

impl Call {
    /// Was somebody spoken to under the site's own number?
    pub(super) fn reached_the_site(&self) -> bool {
        self.contact == ContactId::SITE && self.result.is_reached()
    }
}

impl Incident {
    /// Is a hand-off to this authority due, so that neither the owner's wish nor a verdict is waited for?
    pub fn is_claimed(&self, to: Authority) -> bool {
        !self.is_false() && self.claims.iter().any(|claim| claim.act == Claim::HandOff && claim.to == Some(to))
    }

    /// The clause by which the police do not come to this incident. Life safety, and what the clause itself excepts, they
    /// always come to.
    pub fn is_refused_police(&self, policy: &Policy) -> Option<&ClauseId> {
        let clause = self.withdrawn.as_ref().filter(|_| self.kind.family() != Family::LifeSafety)?;
        match policy.rule_of(clause) {
            Some(PackRule::FalseCalls(rule)) if rule.unless.is_empty() || !shows(self, &rule.unless) => Some(clause),
            Some(_) | None => None,
        }
    }

    /// Was this done already?
    pub(crate) fn has_done(&self, act: Claim, to: Option<Authority>) -> bool {
        match act {
            Claim::HandOff => self.hand_offs.iter().any(|one| Some(one.to) == to && self.serves(one)),
            Claim::Send => self.dispatches.iter().any(Dispatch::is_sent),
            Claim::Call => self.calls.iter().any(|call| call.result.reaches_user()) || self.owner_notified_at.is_some(),
            Claim::CallSite => self.calls.iter().any(Call::reached_the_site),
        }
    }

    /// Was this tried, if in vain? Whoever does not answer keeps no incident open.
    pub(super) fn has_tried(&self, act: Claim) -> bool {
        match act {
            Claim::HandOff | Claim::Send => false,
            Claim::Call => !self.calls.is_empty(),
            Claim::CallSite => self.calls.iter().any(|call| call.contact == ContactId::SITE),
        }
    }

    /// Something was done: what was due of it is.
    pub(super) fn meet(&mut self, act: Claim, to: Option<Authority>, at: Timestamp) {
        for claim in self.claims.iter_mut().filter(|claim| claim.act == act && claim.to == to) {
            claim.done_at.get_or_insert(at);
        }
    }

    /// Something that was done came to nothing: what was due of it is due again, by its first time, unless something else of its
    /// kind stands.
    pub(super) fn undo(&mut self, act: Claim) {
        let undone = |claim: &Claimed| claim.act == act && claim.done_at.is_some() && !self.has_done(act, claim.to);
        let places: Vec<usize> = (0..self.claims.len()).filter(|&place| undone(&self.claims[place])).collect();
        for place in places {
            self.claims[place].done_at = None;
        }
    }
}

/// What is due, and to whom.
pub(super) fn due(act: Claim, to: Option<Authority>, lang: Lang) -> String {
    let to = to.map(|to| to.label(lang));
    match lang {
        Lang::En => [Some(act.label(lang)), to].into_iter().flatten().collect::<Vec<_>>().join(": "),
        Lang::Zh => [Some(act.label(lang)), to].into_iter().flatten().collect(),
    }
}
