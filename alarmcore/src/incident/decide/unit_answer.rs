//! What a unit says by machine of an offer: taken while the offer stands, and once.

use super::dispatch::stands;
use super::{Decision, raise, written};
use crate::id::UnitId;
use crate::incident::{DispatchState, Incident, IncidentEvent, RaiseReason, Refusal, SceneFound, UnitAnswer};
use crate::policy::Policy;

/// An answer as it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub(super) unit: UnitId,
    pub(super) offer: u16,
    pub(super) answer: UnitAnswer,
    pub(super) message: &'a str,
    pub(super) note: &'a Option<String>,
    pub(super) scene: Option<&'a SceneFound>,
}

/// Only the offer that it answers moves, and only while it stands. What is behind already is written down and moves nothing; what is
/// said of an offer that is over, or of somebody else's, is refused: whoever hears it keeps it for people to see. Only who was on the
/// scene can report on it, and whoever reports while arriving or leaving was.
pub(super) fn hear(incident: &Incident, policy: &Policy, said: Said<'_>) -> Decision {
    let Said { unit, offer, answer, message, note, scene } = said;
    let place = usize::from(offer).checked_sub(1).ok_or(Refusal::NotOffered { unit })?;
    let dispatch = incident.dispatches.get(place).filter(|dispatch| dispatch.unit == unit);
    let dispatch = dispatch.ok_or(Refusal::NotOffered { unit })?;
    if dispatch.heard.iter().any(|known| known == message) {
        return Err(Refusal::AlreadyHeard);
    }
    let newer = incident.dispatches.iter().skip(place + 1);
    if dispatch.is_lost() || newer.clone().any(|later| later.unit == unit) {
        let other = newer.rev().find(|other| other.unit != unit && other.is_running());
        return Err(other.map_or_else(|| stands(dispatch), |other| Refusal::JobTaken { unit, by: other.unit }));
    }
    let stays = matches!(dispatch.state, DispatchState::OnScene | DispatchState::Left);
    let declines = answer == UnitAnswer::Declined;
    if declines && stays {
        return Err(stands(dispatch));
    }
    let there = stays || matches!(answer, UnitAnswer::OnSite | UnitAnswer::Left | UnitAnswer::Done);
    if scene.is_some() && !there {
        return Err(Refusal::NotYetOnScene);
    }
    let (message, said) = (message.to_owned(), written(note));
    let mut events = vec![IncidentEvent::UnitAnswered { unit, offer, answer, message, note: said }];
    events.extend(scene.map(|found| found.reported(unit)));
    events.extend(declines.then(|| raise(incident, RaiseReason::Declined, incident.kind, policy.escalated)));
    Ok(events)
}
