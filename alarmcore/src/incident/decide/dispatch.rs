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
    let dispatch = find(incident, unit)?;
    let late = dispatch.is_lost();
    if let Some(other) = incident.dispatches.iter().find(|dispatch| late && dispatch.is_under_way()) {
        return Err(Refusal::JobTaken { unit, by: other.unit });
    }
    // Who could not be told by machine may have been told by telephone.
    if !incident.may_have_it(dispatch) {
        in_state(incident, unit, &[DispatchState::Offered])?;
    }
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

/// An offer that cannot be delivered is over at once, and its operator is called: the unit can be telephoned, or another one asked.
pub(super) fn fail_offer(
    incident: &Incident,
    policy: &Policy,
    unit: UnitId,
    offer: u16,
    note: &Option<String>,
) -> Decision {
    let dispatch = nth(incident, unit, offer)?;
    match dispatch.state {
        DispatchState::Offered => Ok(vec![
            IncidentEvent::OfferFailed { unit, offer, note: written(note) },
            raise(incident, RaiseReason::OfferNotDelivered, incident.kind, policy.escalated),
        ]),
        DispatchState::NotTold => Err(Refusal::AlreadyHeard),
        _ => Err(stands(dispatch)),
    }
}

/// Who could not be called back goes on, and somebody has to tell it by telephone.
pub(super) fn fail_recall(
    incident: &Incident,
    policy: &Policy,
    unit: UnitId,
    offer: u16,
    note: &Option<String>,
) -> Decision {
    let dispatch = nth(incident, unit, offer)?;
    if !dispatch.is_called_back() {
        return Err(stands(dispatch));
    }
    if dispatch.recall_failed_at.is_some() {
        return Err(Refusal::AlreadyHeard);
    }
    Ok(vec![
        IncidentEvent::RecallFailed { unit, offer, note: written(note) },
        raise(incident, RaiseReason::RecallNotDelivered, incident.kind, policy.escalated),
    ])
}

/// An offer has arrived. Who has answered has it anyway.
pub(super) fn confirm_offer(incident: &Incident, unit: UnitId, offer: u16) -> Decision {
    let dispatch = nth(incident, unit, offer)?;
    if dispatch.by_machine {
        return Err(Refusal::AlreadyHeard);
    }
    if !dispatch.is_running() {
        return Err(stands(dispatch));
    }
    Ok(vec![IncidentEvent::OfferDelivered { unit, offer }])
}

/// Whoever has the job is told what joined, or what somebody says.
pub(super) fn tell(incident: &Incident, unit: UnitId, note: &Option<String>) -> Decision {
    let dispatch = find(incident, unit)?;
    if !dispatch.is_running() {
        return Err(stands(dispatch));
    }
    let place = incident.dispatches.iter().rposition(|one| one.unit == unit).unwrap_or_default();
    let offer = u16::try_from(place + 1).unwrap_or(u16::MAX);
    Ok(vec![IncidentEvent::UnitTold { unit, offer, signal: None, note: written(note) }])
}

/// Who could not be told goes for what it was asked for, and somebody has to tell it by telephone.
pub(super) fn fail_telling(
    incident: &Incident,
    policy: &Policy,
    unit: UnitId,
    offer: u16,
    note: &Option<String>,
) -> Decision {
    let dispatch = nth(incident, unit, offer)?;
    if !dispatch.is_running() {
        return Err(stands(dispatch));
    }
    if dispatch.untold_since.is_some() {
        return Err(Refusal::AlreadyHeard);
    }
    Ok(vec![
        IncidentEvent::UnitUntold { unit, offer, note: written(note) },
        raise(incident, RaiseReason::UnitUntold, incident.kind, policy.escalated),
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

/// This offer, where it was made to this unit.
pub(super) fn nth(incident: &Incident, unit: UnitId, offer: u16) -> Result<&Dispatch, Refusal> {
    let place = usize::from(offer).checked_sub(1);
    let dispatch = place.and_then(|place| incident.dispatches.get(place)).filter(|dispatch| dispatch.unit == unit);
    dispatch.ok_or(Refusal::NotOffered { unit })
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
