//! Nothing rests for good: whatever is open calls people again, though nobody says anything more.

use alarmcore::{Desk, Incident, Input, RestLimits, Timestamp};

use super::{Witness, drain};

/// As long as any of the limits by default, and what a day has in hand, twice over.
const DAYS: u32 = 2;

impl Witness {
    /// By the limits of the default everybody stays at the desk and does nothing: after two days whatever is open calls, or has a moment to call at that was agreed.
    pub(super) fn check_nothing_rests(&self) {
        let mut policy = self.policy.clone();
        if policy.rest != RestLimits::default() {
            return;
        }
        policy.ownership.absent_s = u32::MAX;
        let mut desk = Desk::restore(policy, self.desk.snapshot());
        let last = desk.queue().iter().map(|incident| incident.changed_at).max();
        let Some(then) = last.map(|last| last.plus_secs(DAYS * 86_400)) else { return };
        desk.handle(Input::Time(then));
        drain(&mut desk);
        for incident in desk.queue() {
            assert!(incident.calling_since.is_some() || agreed(incident, then), "nobody is called for {incident:?}");
        }
    }
}

/// Is the guard to be asked later than that?
fn agreed(incident: &Incident, then: Timestamp) -> bool {
    incident.guard.and_then(|guard| guard.due).is_some_and(|due| due.plus_secs(86_400) > then)
}
