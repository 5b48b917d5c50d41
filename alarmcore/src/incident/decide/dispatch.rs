//! A unit's way to the scene and back, and the two papers it owes: scene report and dispatch record.

use super::{Decision, raise, written};
use crate::id::UnitId;
use crate::incident::{Dispatch, DispatchState, Field, Incident, IncidentEvent, RaiseReason, Refusal, SceneEnd};
use crate::policy::Policy;
use crate::time::Timestamp;

/// The offer itself; how its unit was chosen, the desk adds.
pub(crate) fn offered(policy: &Policy, at: Timestamp, unit: UnitId) -> IncidentEvent {
    IncidentEvent::UnitOffered { unit, until: at.plus_secs(policy.offer_accept_s), choice: None }
}

/// Is there anything for a unit to do?
pub(crate) fn wants_unit(incident: &Incident) -> Result<(), Refusal> {
    if incident.is_false() {
        return Err(Refusal::AlreadyFalse);
    }
    let relieves = incident.scene_end() == Some(SceneEnd::KeptGuarded);
    if !incident.is_pre_processed() && !incident.is_real() && !relieves {
        return Err(Refusal::NotPreProcessed);
    }
    Ok(())
}

/// One unit is asked at a time; a second one may follow when the first is on the scene.
pub(super) fn offer(incident: &Incident, policy: &Policy, at: Timestamp, unit: Option<UnitId>) -> Decision {
    wants_unit(incident)?;
    if let Some(other) = incident.dispatches.iter().find(|dispatch| dispatch.is_under_way()) {
        return Err(Refusal::UnitUnderWay { unit: other.unit });
    }
    let unit = unit.ok_or(Refusal::NoUnitFits)?;
    if let Some(present) = incident.dispatch_of(unit).filter(|dispatch| dispatch.is_running()) {
        return Err(stands(present));
    }
    // Papers are owed for each visit; a unit that still owes some is not sent a second time.
    if incident.dispatch_of(unit).is_some_and(Dispatch::owes_record) {
        return Err(Refusal::DispatchRecordMissing { unit });
    }
    Ok(vec![offered(policy, at, unit)])
}

pub(super) fn withdraw(incident: &Incident, unit: UnitId, note: &Option<String>) -> Decision {
    let dispatch = find(incident, unit)?;
    if !dispatch.is_under_way() {
        return Err(stands(dispatch));
    }
    Ok(vec![IncidentEvent::UnitWithdrawn { unit, note: written(note) }])
}

/// The first that accepts has the job; whoever comes too late hears who has it.
pub(super) fn accept(incident: &Incident, unit: UnitId) -> Decision {
    let late = find(incident, unit)?.is_lost();
    if let Some(other) = incident.dispatches.iter().find(|dispatch| late && dispatch.is_under_way()) {
        return Err(Refusal::JobTaken { unit, by: other.unit });
    }
    in_state(incident, unit, &[DispatchState::Offered])?;
    Ok(vec![IncidentEvent::UnitAccepted { unit }])
}

pub(super) fn decline(incident: &Incident, policy: &Policy, unit: UnitId, note: &Option<String>) -> Decision {
    // Whoever cannot go on after all says so the same way.
    in_state(incident, unit, &[DispatchState::Offered, DispatchState::Accepted, DispatchState::EnRoute])?;
    Ok(vec![
        IncidentEvent::UnitDeclined { unit, note: written(note) },
        raise(incident, RaiseReason::Declined, incident.kind, policy.escalated),
    ])
}

pub(super) fn depart(incident: &Incident, unit: UnitId) -> Decision {
    in_state(incident, unit, &[DispatchState::Accepted])?;
    Ok(vec![IncidentEvent::UnitDeparted { unit }])
}

/// The radio call on setting out is often forgotten: arriving follows accepting as well.
pub(super) fn arrive(incident: &Incident, unit: UnitId) -> Decision {
    in_state(incident, unit, &[DispatchState::Accepted, DispatchState::EnRoute])?;
    Ok(vec![IncidentEvent::UnitArrived { unit }])
}

pub(super) fn leave(incident: &Incident, unit: UnitId) -> Decision {
    in_state(incident, unit, &[DispatchState::OnScene])?;
    Ok(vec![IncidentEvent::UnitLeft { unit }])
}

/// Only who was on the scene can report on it.
pub(super) fn was_there(incident: &Incident, unit: UnitId) -> Result<(), Refusal> {
    if find(incident, unit)?.was_there() { Ok(()) } else { Err(Refusal::NotYetOnScene) }
}

/// Complete means: who went, when (the stamps), what they found, and a signature.
pub(super) fn record(
    incident: &Incident,
    unit: UnitId,
    people: &Option<String>,
    findings: &Option<String>,
    signed_by: &Option<String>,
) -> Decision {
    let dispatch = find(incident, unit)?;
    if !dispatch.was_there() {
        return Err(stands(dispatch));
    }
    if dispatch.recorded_at.is_some() {
        return Err(Refusal::DispatchAlreadyRecorded { unit });
    }
    if dispatch.reported_at.is_none() {
        return Err(Refusal::SceneReportMissing { unit });
    }
    if dispatch.left_at.is_none() {
        return Err(Refusal::NotYetLeft { unit });
    }
    let required = |text: &Option<String>, field| written(text).ok_or(Refusal::FieldMissing { field });
    Ok(vec![IncidentEvent::DispatchRecorded {
        unit,
        people: Some(required(people, Field::People)?),
        findings: Some(required(findings, Field::Findings)?),
        signed_by: Some(required(signed_by, Field::SignedBy)?),
    }])
}

/// Time passes: offers that nobody accepted end, and the incident calls for its operator.
pub(crate) fn expire(incident: &Incident, policy: &Policy, now: Timestamp) -> Vec<IncidentEvent> {
    let mut events: Vec<IncidentEvent> = incident
        .dispatches
        .iter()
        .filter(|dispatch| dispatch.state == DispatchState::Offered && dispatch.until <= now)
        .map(|dispatch| IncidentEvent::OfferExpired { unit: dispatch.unit })
        .collect();
    if !events.is_empty() {
        events.push(raise(incident, RaiseReason::NotAccepted, incident.kind, policy.escalated));
    }
    events
}

fn find(incident: &Incident, unit: UnitId) -> Result<&Dispatch, Refusal> {
    incident.dispatch_of(unit).ok_or(Refusal::NotOffered { unit })
}

fn in_state(incident: &Incident, unit: UnitId, states: &[DispatchState]) -> Result<(), Refusal> {
    let dispatch = find(incident, unit)?;
    if states.contains(&dispatch.state) { Ok(()) } else { Err(stands(dispatch)) }
}

pub(super) fn stands(dispatch: &Dispatch) -> Refusal {
    Refusal::DispatchStands { unit: dispatch.unit, state: dispatch.state }
}
