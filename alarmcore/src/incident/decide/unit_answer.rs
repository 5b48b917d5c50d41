//! What a unit says by machine of an offer, once: what moves it, and what calls people.

use super::dispatch::{nth, stands};
use super::{Decision, raise, written};
use crate::id::{OperatorId, UnitId};
use crate::incident::{DispatchState, Incident, IncidentEvent, Kind, RaiseReason, Refusal, SceneFound, UnitAnswer};
use crate::policy::Policy;
use crate::queue::Priority;
use crate::time::Timestamp;

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
/// there all the same is written down and calls people, and so does whoever was there and says what it found, and whoever needs help. Only
/// who was on the scene can report on it, and whoever reports while arriving or leaving was. What was found by whom no report is owed is
/// the text of its word.
pub(super) fn hear(
    incident: &Incident,
    policy: &Policy,
    (by, at): (OperatorId, Timestamp),
    said: Said<'_>,
) -> Decision {
    let Said { unit, offer, answer, message, speaks, note, scene } = said;
    let dispatch = nth(incident, unit, offer)?;
    if dispatch.heard.iter().any(|known| known == message) {
        return Err(Refusal::AlreadyHeard);
    }
    let newer = incident.dispatches.iter().skip(usize::from(offer));
    let lost = dispatch.is_lost() && !incident.may_have_it(dispatch);
    let older = newer.clone().any(|later| later.unit == unit);
    let help = answer == UnitAnswer::Help;
    let said = written(note);
    let stays = matches!(dispatch.state, DispatchState::OnScene | DispatchState::Left);
    let ends = matches!(answer, UnitAnswer::Left | UnitAnswer::Done);
    let there = !lost && (stays || ends || answer == UnitAnswer::OnSite);
    let speaks = speaks || said.is_some() || scene.is_some_and(|found| !there || written(&found.note).is_some());
    let goes_on = lost && (answer.comes() || ends && speaks);
    if (lost || older) && !goes_on && !help {
        let other = newer.rev().find(|other| other.unit != unit && other.is_running());
        return Err(other.map_or_else(|| stands(dispatch), |other| Refusal::JobTaken { unit, by: other.unit }));
    }
    let declines = answer == UnitAnswer::Declined && !stays;
    if answer == UnitAnswer::Declined && dispatch.state == DispatchState::Left && !speaks {
        return Err(stands(dispatch));
    }
    // Whoever is there and cannot go on leaves, and says so.
    let breaks_off = answer == UnitAnswer::Declined && dispatch.state == DispatchState::OnScene;
    let answer = if answer == UnitAnswer::Declined && stays { UnitAnswer::Left } else { answer };
    let ends = ends || breaks_off;
    let beside = scene.filter(|_| !there);
    if beside.is_some() && !goes_on && !help {
        return Err(Refusal::NotYetOnScene);
    }
    let note = beside.map_or_else(|| said.clone(), |found| Some(found.beside(&said)));
    let message = message.to_owned();
    let mut events = vec![IncidentEvent::UnitAnswered { unit, offer, answer, message, speaks, note }];
    // The report stands for itself, as if it were written down alone: a replay knows it so.
    let found = scene.filter(|_| there).map(|found| report(incident, policy, by, unit, found)).unwrap_or_default();
    let is_read = found.iter().any(|event| matches!(event, IncidentEvent::Raised { .. }));
    events.extend(found);
    let calls = |reason, priority| raise(incident, reason, incident.kind, priority);
    events.extend(declines.then(|| calls(RaiseReason::Declined, policy.escalated)));
    // Its operator may have something else in hand by now: what a person on the spot writes or finds calls people.
    let word = if help {
        Some((RaiseReason::UnitHelp, Priority::LIFE_SAFETY))
    } else if goes_on {
        Some((RaiseReason::UnitGoesOn, policy.escalated))
    } else if breaks_off || ends && incident.is_left_early(unit, at) {
        Some((RaiseReason::UnitWord, policy.escalated))
    } else {
        // Who is gone without a report leaves it to the operator what it was.
        let silent = ends && dispatch.state != DispatchState::Left && dispatch.reported_at.is_none() && scene.is_none();
        ((speaks || silent) && !is_read).then_some((RaiseReason::UnitWord, incident.priority))
    };
    // Whoever calls for help is threatened, as far as anybody knows.
    let about = if help { Kind::HoldUp } else { incident.kind };
    events.extend(word.map(|(reason, priority)| raise(incident, reason, about, priority)));
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
