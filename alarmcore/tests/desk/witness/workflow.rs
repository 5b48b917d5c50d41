//! What holds of what waits at the desk: holds, calls and the chain, each by the rules of its account.

use alarmcore::{Authority, Escalated, Family, HandOff, HandOffState, Incident, Input, Kind, Missing};

use super::Witness;

impl Witness {
    /// Nothing calls or is laid aside for longer than the rules say, and life safety is laid aside only after an act.
    pub(super) fn check_workflow(&self, input: &Input) {
        for incident in self.desk.queue() {
            let (id, own) = (incident.id, self.desk.policy_of(incident.account));
            if let Some(hold) = incident.hold {
                let urgent = incident.kind.family() == Family::LifeSafety;
                assert!(incident.calling_since.is_none(), "incident {id} is on hold and calls");
                assert!(!urgent || incident.unacted_since.is_none(), "incident {id} was laid aside before any act");
                let lasts = hold.until.secs_since(hold.since);
                // Its account may have other rules since.
                let limit = own.hold.of(incident).max(self.policy.hold.of(incident));
                assert!(lasts > 0 && lasts <= i64::from(limit), "incident {id} is on hold for {lasts} s");
            } else {
                let calls = incident.calling_since.is_some();
                assert!(calls || incident.owner.is_some(), "incident {id} is nobody's, and calls nobody");
            }
            let Input::Time(now) = input else { continue };
            assert!(incident.hold.is_none_or(|hold| hold.until > *now), "incident {id} was not woken");
            let placed = |one: &HandOff| one.to == Authority::Fire && one.is_placed() && one.cancel_asked_at.is_none();
            let waits = incident.kind == Kind::Fire && !incident.is_false() && !incident.hand_offs.iter().any(placed);
            assert_eq!(incident.unplaced_since.is_some(), waits, "incident {id}: is it a fire that waits?");
            if waits && own.hand_off.fire_within_s > 0 && incident.calling_since.is_none() {
                let runs = incident.fire_since.is_some_and(|since| since.plus_secs(own.hand_off.fire_within_s) > *now);
                assert!(runs, "incident {id}: a fire that nobody has handed off calls nobody");
            }
            for step in &own.escalation {
                let fits = step.family.is_none_or(|family| family == incident.kind.family())
                    && step.priority >= incident.priority;
                let since = match step.missing {
                    Missing::Take => incident.calling_since,
                    // Whatever else was done: a fire that no fire brigade has waits for that.
                    Missing::Act => [incident.unacted_since, incident.unplaced_since].into_iter().flatten().min(),
                };
                let due = since.is_some_and(|since| since.plus_secs(step.after_s) <= *now);
                let done =
                    |done: &Escalated| (done.to, done.missing, done.after_s) == (step.to, step.missing, step.after_s);
                assert!(
                    !(fits && due) || incident.escalated.iter().any(done),
                    "incident {id} was not escalated: {step:?}"
                );
            }
        }
    }
}

/// Is this hand-off made, and not called off from what is real or has become worse since?
pub(super) fn comes(incident: &Incident, one: &HandOff) -> bool {
    let off = one.cancel_asked_at.is_some() || one.state() == HandOffState::Cancelled;
    one.is_made() && !(off && (incident.is_real() || one.needed_since.is_some()))
}
