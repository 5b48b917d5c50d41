//! What a unit says by machine of an offer, once: what moves it, and what calls people.

use super::dispatch::{nth, stands};
use super::{Decision, raise, written};
use crate::id::{OperatorId, UnitId};
use crate::incident::{DispatchState, Incident, IncidentEvent, RaiseReason, Refusal, SceneFound, UnitAnswer};
use crate::policy::Policy;
use crate::queue::Priority;

/// An answer as it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub(super) unit: UnitId,
    pub(super) offer: u16,
    pub(super) answer: UnitAnswer,
    pub(super) message: &'a str,
    pub(super) speaks: bool,
    pub(super) note: &'a Option<String>,
    pub(super) scene: Option<&'a SceneFound>,
}

/// Only the offer that it answers moves, and only while it stands. What is behind already is written down and moves nothing; what is
/// said of an offer that is over, or of somebody else's, is refused: whoever hears it keeps it for people to see. But whoever goes or is
/// there all the same is written down and calls people, and so does whoever needs help. Only who was on the scene can report on it, and
/// whoever reports while arriving or leaving was.
pub(super) fn hear(incident: &Incident, policy: &Policy, by: OperatorId, said: Said<'_>) -> Decision {
    let Said { unit, offer, answer, message, speaks, note, scene } = said;
    let dispatch = nth(incident, unit, offer)?;
    if dispatch.heard.iter().any(|known| known == message) {
        return Err(Refusal::AlreadyHeard);
    }
    let newer = incident.dispatches.iter().skip(usize::from(offer));
    let lost = dispatch.is_lost() && !incident.may_have_it(dispatch);
    let older = newer.clone().any(|later| later.unit == unit);
    let goes_on = lost && answer.comes();
    if (lost || older) && !goes_on && answer != UnitAnswer::Help {
        let other = newer.rev().find(|other| other.unit != unit && other.is_running());
        return Err(other.map_or_else(|| stands(dispatch), |other| Refusal::JobTaken { unit, by: other.unit }));
    }
    let stays = matches!(dispatch.state, DispatchState::OnScene | DispatchState::Left);
    let declines = answer == UnitAnswer::Declined;
    if declines && stays {
        return Err(stands(dispatch));
    }
    let there = stays || matches!(answer, UnitAnswer::OnSite | UnitAnswer::Left | UnitAnswer::Done);
    if scene.is_some() && (!there || lost) {
        return Err(Refusal::NotYetOnScene);
    }
    let (message, said) = (message.to_owned(), written(note));
    let speaks = speaks || said.is_some() || scene.is_some_and(|found| written(&found.note).is_some());
    let mut events = vec![IncidentEvent::UnitAnswered { unit, offer, answer, message, speaks, note: said }];
    // The report stands for itself, as if it were written down alone: a replay knows it so.
    let found = scene.map(|found| report(incident, policy, by, unit, found)).unwrap_or_default();
    let is_read = found.iter().any(|event| matches!(event, IncidentEvent::Raised { .. }));
    events.extend(found);
    let calls = |reason, priority| raise(incident, reason, incident.kind, priority);
    events.extend(declines.then(|| calls(RaiseReason::Declined, policy.escalated)));
    // Its operator may have something else in hand by now: what a person on the spot writes or finds calls people.
    let word = if answer == UnitAnswer::Help {
        Some((RaiseReason::UnitHelp, Priority::LIFE_SAFETY))
    } else if goes_on {
        Some((RaiseReason::UnitGoesOn, policy.escalated))
    } else {
        (speaks && !is_read).then_some((RaiseReason::UnitWord, incident.priority))
    };
    events.extend(word.map(|(reason, priority)| calls(reason, priority)));
    Ok(events)
}

/// A report from the scene, as somebody writes it down: where somebody was met or has been, whoever has the incident is called, unless
/// they write it down themselves.
pub(super) fn report(
    incident: &Incident,
    policy: &Policy,
    by: OperatorId,
    unit: UnitId,
    found: &SceneFound,
) -> Vec<IncidentEvent> {
    let calls = found.shows_somebody() && incident.owner != Some(by);
    let raised = calls.then(|| raise(incident, RaiseReason::UnitWord, incident.kind, policy.escalated));
    [found.reported(unit)].into_iter().chain(raised).collect()
}
