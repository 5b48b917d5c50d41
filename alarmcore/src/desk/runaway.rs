//! Runaway: a panel that says more than a working one would takes no operator's time, and hides no danger to people.

use contactid::{AccountNumber, Class, Qualifier, Signal};

use super::Desk;
use crate::disposition::{Outcome, Rule};
use crate::incident::Kind;
use crate::policy::is_life_safety;
use crate::report::{Marks, Received};

impl Desk {
    /// How many signals this account sent without a silence, where that is more than a working panel sends. What the centre
    /// itself reports of it is none of them.
    fn runaway(&self, number: AccountNumber, received: &Received) -> Option<u32> {
        let (limits, marks) = (self.policy_of(Some(number)).runaway, received.report.marks);
        if marks.contains(Marks::SUPERVISION) || marks.contains(Marks::MANUAL) {
            return None;
        }
        let too_long = |run: u32| (limits.signals > 0 && run >= limits.signals).then_some(run);
        // Hardly a signal comes further than this, and each asks twice.
        let run = too_long(self.account(&number)?.pace.run(limits.silence_s))?;
        // Of a suspended account nothing but life safety calls anybody.
        if self.is_suspended(number, received.report.received_at) {
            return None;
        }
        // Whoever tests makes a panel say much: that is no run, and none of one that comes after it.
        let untested = u32::try_from(self.sent_untested(number)?).unwrap_or(u32::MAX);
        too_long(run.min(untested))
    }

    /// What becomes of an ordinary signal of a panel that has run away already. A restore still settles what is held: the
    /// desk promised to show that, unless it restores.
    pub(super) fn log_runaway(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        if is_life_safety(signal.class())
            || self.runaway(number, received)? <= self.policy_of(Some(number)).runaway.signals
        {
            return None;
        }
        let ends = signal.qualifier == Qualifier::Restore && signal.class() != Class::OpenClose;
        let settled = if ends { self.settle_held(Some(number), received, signal) } else { None };
        Some(settled.unwrap_or((Outcome::Logged, Rule::RunawayLogged)))
    }

    /// The signal that makes a run too long opens an incident of its own beside whatever else it does. When people have
    /// closed that and the panel runs on, it is opened again each time the run has doubled.
    pub(super) fn call_runaway(&mut self, number: AccountNumber, received: &Received) -> Option<(Outcome, Rule)> {
        let (run, limits) = (self.runaway(number, received)?, self.policy_of(Some(number)).runaway);
        let doubled = run.is_multiple_of(limits.signals) && (run / limits.signals).is_power_of_two();
        if !doubled || self.target(Some(number), Kind::Runaway).is_some() {
            return None;
        }
        let at = received.report.received_at;
        let outcome = self.show(Some(number), received, at, Kind::Runaway, limits.priority, Rule::Runaway);
        Some((outcome, Rule::Runaway))
    }
}
