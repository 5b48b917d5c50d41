//! Whom we asked to cancel is not coming: when somebody is to come after all.

use super::{Authority, HandOff, HandOffState, Incident, IncidentEvent};
use crate::pack::Claim;
use crate::policy::Policy;
use crate::restore::Place;
use crate::time::Timestamp;

impl Incident {
    /// Danger came: who was asked to cancel, has cancelled, or has done with what was before, is needed again, and what
    /// was found on the scene before says nothing of it.
    pub(super) fn need_again(&mut self, at: Timestamp) {
        self.danger_came(at);
        self.need(at, |hand_off| hand_off.is_cancelled() || hand_off.state() == HandOffState::Closed);
    }

    /// It was found real: who was asked to cancel, or has cancelled, is needed again. Whoever has closed it came to this.
    pub(super) fn need_cancelled(&mut self, at: Timestamp) {
        self.need(at, HandOff::is_cancelled);
    }

    /// The insurer sends nobody.
    fn need(&mut self, at: Timestamp, which: impl Fn(&HandOff) -> bool) {
        let comes = |hand_off: &&mut HandOff| which(hand_off) && hand_off.to != Authority::Insurer;
        self.hand_offs.iter_mut().filter(comes).for_each(|hand_off| {
            hand_off.needed_since.get_or_insert(at);
        });
        self.undo(Claim::HandOff);
    }

    /// Is nothing that stands known of this place? What repeats is no further danger.
    pub(crate) fn is_news(&self, place: &Place) -> bool {
        !self.origins.iter().any(|origin| !origin.restored && origin.place() == *place)
    }

    /// Is this authority needed again, after it was asked to cancel, has cancelled or closed it, and has not been asked anew? What they say to
    /// that counts like any other answer; only what never arrived was not asked.
    pub fn is_needed(&self, to: Authority) -> bool {
        let mut asked = self.hand_offs.iter().rev().filter(|one| one.to == to && one.state() != HandOffState::Failed);
        !self.is_false() && !self.is_with(to) && asked.next().is_some_and(|last| last.needed_since.is_some())
    }

    /// How many authorities are needed again.
    pub(crate) fn needed(&self) -> usize {
        Authority::ALL.iter().filter(|&&to| self.is_needed(to)).count()
    }

    /// Is a hand-off to this authority due: again, or because a fire, a clause, the owner's wish or a rule of the centre asks for it?
    pub(super) fn is_due(&self, to: Authority, policy: &Policy) -> bool {
        let fire = to == Authority::Fire && self.unplaced_since.is_some();
        let asked = |act: Claim, whom: Option<Authority>| act == Claim::HandOff && whom == Some(to);
        let claimed = self.claims.iter().any(|claim| asked(claim.act, claim.to) && claim.done_at.is_none());
        let wanted = self.is_real() && self.is_wanted(to, policy);
        self.is_needed(to) || fire || !self.is_with(to) && (claimed || wanted)
    }

    /// An authority has answered: what a clause asks for is done where they have it after all, or come all the same.
    pub(super) fn answered_by(&mut self, number: u16, at: Timestamp) {
        let answers = |one: &&HandOff| one.number == number && self.serves(one);
        if let Some(to) = self.hand_offs.iter().find(answers).map(|one| one.to) {
            self.meet(Claim::HandOff, Some(to), at);
        }
    }

    /// Does this hand-off do what a clause or a plan asks for? One that was cancelled did, for they had heard of it; but not where it
    /// is real after all. None does once danger came since its end.
    pub(crate) fn serves(&self, hand_off: &HandOff) -> bool {
        let in_vain = hand_off.is_cancelled() && self.is_real() || hand_off.needed_since.is_some();
        hand_off.is_made() && !in_vain
    }
}

impl IncidentEvent {
    /// Can somebody be needed again by it, so that people have to be told? What an authority says calls people itself.
    pub(crate) const fn may_need_again(&self) -> bool {
        matches!(self, Self::SignalJoined { .. } | Self::Raised { .. } | Self::ConfirmedReal { .. })
    }
}

impl HandOff {
    /// Do they not come any more, at our wish or at theirs?
    const fn is_cancelled(&self) -> bool {
        self.is_called_off() || matches!(self.state(), HandOffState::Cancelled)
    }
}
