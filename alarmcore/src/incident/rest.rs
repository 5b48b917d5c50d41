//! An incident that somebody has in hand and lets rest.

use super::{Authority, Dispatch, DispatchState, Family, HandOff, Incident, Kind, Record};
use crate::policy::{Policy, RestLimits};
use crate::time::Timestamp;

impl Incident {
    /// When it calls because nobody goes on with it: so long after anybody last did or said anything of it; a promise to
    /// call somebody again puts it off for nobody. `None` where the rules say never, while it calls or is on hold, and while somebody is
    /// awaited who has a time of their own: a unit, an authority that is to answer, a guard who is to be asked.
    pub fn rests_until(&self, policy: &Policy) -> Option<Timestamp> {
        let calls = self.calling_since.is_some() || self.hold.is_some();
        if self.is_closed() || calls || self.awaits_somebody(policy) {
            return None;
        }
        let within_s = self.may_rest(&policy.rest);
        let from = self.worked_at.or(self.first_act_at).or(self.taken_at).filter(|_| within_s > 0)?;
        Some(from.plus_secs(within_s))
    }

    /// For how many seconds.
    fn may_rest(&self, limits: &RestLimits) -> u32 {
        let theirs = |one: &HandOff| one.is_held() && !one.state().is_end() && self.is_seen_to_by(one);
        let settled = self.is_false() || self.scene_end().is_some() || self.hand_offs.iter().any(theirs);
        let open = match self.kind.family() {
            Family::LifeSafety => limits.life_safety_s,
            Family::Alarm => limits.alarm_s,
            Family::Service => limits.service_s,
        };
        // Never is longer than any time.
        if settled && open > 0 && limits.settled_s > 0 {
            open.max(limits.settled_s)
        } else if settled {
            0
        } else {
            open
        }
    }

    /// Does whoever has this hand-off see to what the incident is about now? What the police took before the danger came says nothing of it.
    fn is_seen_to_by(&self, hand_off: &HandOff) -> bool {
        match hand_off.to {
            Authority::Insurer => false,
            _ if self.kind.family() != Family::LifeSafety => true,
            Authority::Fire => matches!(self.kind, Kind::Fire | Kind::Gas),
            Authority::Ambulance => self.kind == Kind::Medical,
            Authority::Police => {
                self.danger.is_none_or(|danger| hand_off.answered_at.is_some_and(|answered| answered > danger.at))
            }
        }
    }

    fn awaits_somebody(&self, policy: &Policy) -> bool {
        let asked = |dispatch: &Dispatch| dispatch.state == DispatchState::Offered;
        // An insurer has days, and helps nobody.
        let answers = |one: &HandOff| one.to != Authority::Insurer && one.answer_due().is_some();
        self.dispatches.iter().any(asked)
            || self.hand_offs.iter().any(answers)
            || self.arrive_by(policy).is_some()
            || self.ask_by(policy).is_some()
            || self.guard.is_some_and(|guard| guard.due.is_some())
    }

    /// Somebody does or says something of it: at the desk, a unit, an authority.
    pub(super) fn is_worked_on(&mut self, record: &Record) {
        if record.by.is_some() {
            self.worked_at = Some(record.at);
        }
    }
}
