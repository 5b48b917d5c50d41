//! False or real: branch 1, the beginning of branch 2, and the word of the scene.

use super::{Act, Decision, alarm, authority, dispatch, written};
use crate::id::UnitId;
use crate::incident::{Basis, Cause, HandOff, Incident, IncidentEvent, Refusal, SceneTrace, Verdict};
use crate::policy::Policy;
use crate::time::Timestamp;

/// Branch 1: verified false over the telephone, and closed in the same act.
pub(super) fn verify_false(
    incident: &Incident,
    act: &Act<'_>,
    cause: Option<Cause>,
    note: &Option<String>,
) -> Decision {
    alarm(incident)?;
    undecided(incident)?;
    if incident.is_pre_processed() || incident.scene_end().is_some() {
        return Err(Refusal::StillUndetermined);
    }
    // Whoever is threatened says that all is well.
    let second = act.agreed(incident.needs_two().then_some(Refusal::DuressGiven))?;
    // Somebody may be on the way: first hear what became of it, and let nobody come for nothing.
    if let Some(open) = incident.hand_offs.iter().find(|hand_off| hand_off.is_open() && !hand_off.is_settled()) {
        return Err(Refusal::HandOffOpen { number: open.number });
    }
    let by_telephone = incident.hand_offs.iter().find(|hand_off| hand_off.wants_cancel() && !hand_off.by_machine);
    if let Some(HandOff { number, .. }) = by_telephone {
        return Err(Refusal::CancelMissing { number: *number });
    }
    let cause = cause.ok_or(Refusal::CauseMissing)?;
    if cause == Cause::Unexplained {
        return Err(Refusal::CauseNeedsScene);
    }
    let mut events = with_cancels(incident, IncidentEvent::VerifiedFalse { cause, second, note: written(note) });
    events.push(IncidentEvent::Closed { resolution: cause.resolution(), note: None });
    Ok(events)
}

/// Branch 2: undetermined. A unit is asked to go in the same act.
pub(super) fn pre_process(
    incident: &Incident,
    policy: &Policy,
    at: Timestamp,
    unit: Option<UnitId>,
    note: &Option<String>,
) -> Decision {
    alarm(incident)?;
    undecided(incident)?;
    if incident.is_pre_processed() || incident.scene_end().is_some() {
        return Err(Refusal::AlreadyPreProcessed);
    }
    let unit = unit.ok_or(Refusal::NoUnitFits)?;
    Ok(vec![IncidentEvent::PreProcessed { note: written(note) }, dispatch::offered(policy, at, unit)])
}

/// The end of branch 2: a unit was there, has reported, and found nothing real. Where somebody is forced, what it was told there is
/// not enough for one person alone; neither is it where the report of the scene says that somebody went in.
pub(super) fn scene_false(incident: &Incident, act: &Act<'_>, cause: Option<Cause>, note: &Option<String>) -> Decision {
    alarm(incident)?;
    undecided(incident)?;
    inspected(incident)?;
    let alone = alone_at_the_scene(incident).or_else(|| says_otherwise(incident, SceneTrace::Entry));
    let second = act.agreed(alone)?;
    let cause = cause.ok_or(Refusal::CauseMissing)?;
    Ok(with_cancels(incident, IncidentEvent::SceneFalse { cause, second, note: written(note) }))
}

/// Branch 3. What was taken for false may still turn out real: that way is always open.
pub(super) fn confirm_real(incident: &Incident, basis: Basis, note: &Option<String>) -> Decision {
    alarm(incident)?;
    if incident.is_real() {
        return Err(Refusal::AlreadyReal);
    }
    if basis == Basis::Scene && !incident.dispatches.iter().any(|dispatch| dispatch.was_there()) {
        return Err(Refusal::NotYetOnScene);
    }
    Ok(vec![IncidentEvent::ConfirmedReal { basis, note: written(note) }])
}

/// Real goes back to false only when two persons say so.
pub(super) fn overturn(incident: &Incident, act: &Act<'_>, cause: Option<Cause>, note: &Option<String>) -> Decision {
    if !incident.is_real() {
        return Err(Refusal::NotReal);
    }
    let cause = cause.ok_or(Refusal::CauseMissing)?;
    let second = act.second.ok_or(Refusal::SecondPersonMissing)?;
    if second == act.by {
        return Err(Refusal::SecondPersonMustDiffer);
    }
    Ok(with_cancels(incident, IncidentEvent::Overturned { cause, second, note: written(note) }))
}

/// Found false, and said at once to whoever comes for it and is reached by machine; who is reached by telephone, `close` asks for.
fn with_cancels(incident: &Incident, found: IncidentEvent) -> Vec<IncidentEvent> {
    let mut events = vec![found];
    events.extend(authority::cancelled(incident));
    events
}

/// What an end of branch 2 is refused by that one person alone wants, where somebody is forced.
pub(super) fn alone_at_the_scene(incident: &Incident) -> Option<Refusal> {
    (incident.is_coerced() && incident.needs_two()).then_some(Refusal::SecondPersonMissing)
}

/// What an end is refused by that one person alone wants, where the last report of a unit on the scene says at least this.
pub(super) fn says_otherwise(incident: &Incident, trace: SceneTrace) -> Option<Refusal> {
    let saw = incident.dispatches.iter().find(|dispatch| dispatch.trace >= trace);
    saw.map(|dispatch| Refusal::SceneSaysOtherwise { unit: dispatch.unit })
}

/// A unit was there, and has reported since danger last came.
pub(super) fn inspected(incident: &Incident) -> Result<(), Refusal> {
    was_inspected(incident)?;
    incident.uninspected_since().map_or(Ok(()), |since| Err(Refusal::ReportTooOld { since }))
}

/// A unit was there, and has reported.
pub(super) fn was_inspected(incident: &Incident) -> Result<(), Refusal> {
    let mut arrived = incident.dispatches.iter().filter(|dispatch| dispatch.was_there()).peekable();
    let Some(first) = arrived.peek() else { return Err(Refusal::NotYetOnScene) };
    let unit = first.unit;
    if arrived.all(|dispatch| dispatch.reported_at.is_none()) {
        return Err(Refusal::SceneReportMissing { unit });
    }
    Ok(())
}

pub(super) fn undecided(incident: &Incident) -> Result<(), Refusal> {
    match incident.verdict {
        // What the scene left undetermined may still be found out.
        None | Some(Verdict::Undetermined { .. }) => Ok(()),
        Some(Verdict::False { .. }) => Err(Refusal::AlreadyFalse),
        Some(Verdict::Real { .. }) => Err(Refusal::AlreadyReal),
    }
}
