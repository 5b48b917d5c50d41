//! The ends of branch 2 where the scene leaves it undetermined: nothing found, secured by the owner, kept guarded, handed
//! to the police.

use super::verdict::{alone_at_the_scene, inspected, says_otherwise, undecided};
use super::{Act, Decision, alarm, written};
use crate::id::{ContactId, UnitId};
use crate::incident::{Authority, DispatchState, Incident, IncidentEvent, Refusal, SceneEnd, SceneTrace};
use crate::policy::ArrivalLimits;
use crate::time::Timestamp;

/// What is said with an end. Each end takes what it needs and leaves the rest.
pub(super) struct Given {
    pub(super) contact: Option<ContactId>,
    pub(super) unit: Option<UnitId>,
    pub(super) until: Option<Timestamp>,
    pub(super) check_at: Option<Timestamp>,
}

/// Ends branch 2: a unit was there and has reported, and it is still not known what it was. It may be said again: the guard
/// is prolonged, or the owner comes and relieves it. Where somebody is forced, nobody ends it alone, but for what leaves it with the
/// police; nor with nothing found where the report of the scene says that somebody was there.
pub(super) fn end(
    incident: &Incident,
    limits: &ArrivalLimits,
    act: &Act<'_>,
    (end, given): (SceneEnd, Given),
    note: &Option<String>,
) -> Decision {
    let at = act.at;
    alarm(incident)?;
    undecided(incident)?;
    inspected(incident)?;
    let alone = match end {
        SceneEnd::HandedToPolice => None,
        SceneEnd::NoFinding => alone_at_the_scene(incident).or_else(|| says_otherwise(incident, SceneTrace::Somebody)),
        SceneEnd::SecuredByOwner | SceneEnd::KeptGuarded => alone_at_the_scene(incident),
    };
    let second = act.agreed(alone)?;
    let (mut contact, mut unit, mut until, mut check_at, mut number) = (None, None, None, None, None);
    match end {
        SceneEnd::NoFinding => {}
        SceneEnd::SecuredByOwner => {
            let who = given.contact.ok_or(Refusal::ContactMissing)?;
            if incident.was_forced(who) {
                return Err(Refusal::ContactForced);
            }
            contact = Some(who);
        }
        SceneEnd::KeptGuarded => {
            let guard = given.unit.ok_or(Refusal::GuardMissing)?;
            on_scene(incident, guard)?;
            let over = given.until.filter(|until| *until > at).ok_or(Refusal::GuardTimeWrong)?;
            if given.check_at.is_some_and(|check| check <= at || check > over) {
                return Err(Refusal::GuardTimeWrong);
            }
            if limits.guard_s > 0 && over > at.plus_secs(limits.guard_s) {
                return Err(Refusal::GuardTooLong { at_most: limits.guard_s.div_ceil(60) });
            }
            (unit, until, check_at) = (Some(guard), Some(over), given.check_at);
        }
        SceneEnd::HandedToPolice => number = Some(accepted_by_police(incident)?),
    }
    Ok(vec![IncidentEvent::EndedUndetermined {
        end,
        contact,
        unit,
        until,
        check_at,
        number,
        second,
        note: written(note),
    }])
}

/// Whoever keeps guard is there.
fn on_scene(incident: &Incident, unit: UnitId) -> Result<(), Refusal> {
    let dispatch = incident.dispatch_of(unit).ok_or(Refusal::NotOffered { unit })?;
    match dispatch.state {
        DispatchState::OnScene => Ok(()),
        state => Err(Refusal::DispatchStands { unit, state }),
    }
}

fn accepted_by_police(incident: &Incident) -> Result<u16, Refusal> {
    let to = Authority::Police;
    let mut handed = incident.hand_offs.iter().rev().filter(|hand_off| hand_off.to == to);
    let accepted = handed.clone().find(|hand_off| hand_off.is_held());
    match (accepted, handed.find(|hand_off| hand_off.is_open())) {
        (Some(accepted), _) => Ok(accepted.number),
        (None, Some(open)) => Err(Refusal::HandOffOpen { number: open.number }),
        (None, None) => Err(Refusal::HandOffMissing { to }),
    }
}
