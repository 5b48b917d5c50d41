//! Branch 3, a real alarm: the owner, the authorities, the losses, the case record.

use super::verdict::was_inspected;
use super::{Decision, alarm, filled, raise, written};
use crate::id::ContactId;
use crate::incident::{
    Authority, Family, Field, HandOff, Incident, IncidentEvent, RaiseReason, Refusal, calls_missing,
};
use crate::money::Currency;
use crate::policy::Policy;
use crate::time::Timestamp;

pub(super) fn notify_owner(incident: &Incident, contact: ContactId, note: &Option<String>) -> Decision {
    real(incident)?;
    Ok(vec![IncidentEvent::OwnerNotified { contact, note: written(note) }])
}

pub(super) fn owner_arrived(incident: &Incident) -> Decision {
    real(incident)?;
    if incident.owner_notified_at.is_none() {
        return Err(Refusal::OwnerNotNotified);
    }
    if incident.owner_arrived_at.is_some() {
        return Err(Refusal::OwnerAlreadyArrived);
    }
    Ok(vec![IncidentEvent::OwnerArrived {}])
}

pub(super) fn record_wish(
    incident: &Incident,
    police: bool,
    insurer: bool,
    loss_minor: Option<i64>,
    currency: Currency,
    note: &Option<String>,
) -> Decision {
    real(incident)?;
    if loss_minor.is_some_and(|minor| minor < 0) {
        return Err(Refusal::AmountOutOfRange);
    }
    Ok(vec![IncidentEvent::WishRecorded { police, insurer, loss_minor, currency, note: written(note) }])
}

/// Life safety goes to police, fire brigade or ambulance at once, and so does what a clause asks for. Anything else must be
/// real, and wished or ruled.
pub(super) fn hand_off(
    incident: &Incident,
    policy: &Policy,
    at: Timestamp,
    to: Authority,
    reference: &Option<String>,
    note: &Option<String>,
) -> Decision {
    alarm(incident)?;
    if incident.is_false() {
        return Err(Refusal::AlreadyFalse);
    }
    if let Some(clause) = incident.is_refused_police(policy).filter(|_| to == Authority::Police) {
        return Err(Refusal::ResponseWithdrawn { clause: clause.clone() });
    }
    let life_safety = incident.kind.family() == Family::LifeSafety && to != Authority::Insurer;
    let at_once = life_safety || incident.is_claimed(to) || incident.is_needed(to);
    // A scene that a unit has inspected and left undetermined may go to the police as one of the ends of branch 2.
    let undetermined = to == Authority::Police
        && (incident.is_pre_processed() || incident.scene_end().is_some())
        && was_inspected(incident).is_ok();
    if !at_once && !undetermined {
        real(incident)?;
        let asks_the_owner = matches!(to, Authority::Police | Authority::Insurer);
        if asks_the_owner && !incident.is_wanted(to, policy) {
            return Err(if incident.wish.is_none() { Refusal::WishMissing } else { Refusal::NotWished { to } });
        }
    }
    // Who was asked to cancel is not coming, and can be asked anew.
    let stands = |hand_off: &&HandOff| hand_off.to == to && !hand_off.is_called_off();
    for earlier in incident.hand_offs.iter().filter(stands) {
        if earlier.is_open() {
            return Err(Refusal::HandOffOpen { number: earlier.number });
        }
        if earlier.is_running() {
            return Err(Refusal::HandOffAnswered { number: earlier.number });
        }
    }
    if let Some(missing) = (to == Authority::Police).then(|| calls_missing(incident, policy)).flatten() {
        return Err(missing);
    }
    let number = u16::try_from(incident.hand_offs.len() + 1).unwrap_or(u16::MAX);
    let avs = (to == Authority::Police && policy.avs.enabled).then(|| incident.avs_level());
    let answer_by = policy.hand_off.answer_s.of(to).map(|seconds| at.plus_secs(seconds));
    let (reference, note) = (written(reference), written(note));
    Ok(vec![IncidentEvent::HandedOff { number, to, reference, avs, answer_by, note }])
}

/// A rejected hand-off comes back to the operator at once: nobody else is coming.
pub(super) fn answer_hand_off(
    incident: &Incident,
    policy: &Policy,
    number: u16,
    accepted: bool,
    reference: &Option<String>,
    note: &Option<String>,
) -> Decision {
    if !find(incident, number)?.is_open() {
        return Err(Refusal::HandOffAnswered { number });
    }
    if accepted {
        return Ok(vec![IncidentEvent::HandOffAccepted { number, reference: written(reference), note: written(note) }]);
    }
    Ok(vec![
        IncidentEvent::HandOffRejected { number, note: written(note) },
        raise(incident, RaiseReason::HandOffRejected, incident.kind, policy.escalated),
    ])
}

pub(super) fn take_charge(
    incident: &Incident,
    number: u16,
    officer: &Option<String>,
    case_number: &Option<String>,
) -> Decision {
    if find(incident, number)?.accepted != Some(true) {
        return Err(Refusal::HandOffNotAccepted { number });
    }
    let (officer, case_number) = (written(officer), written(case_number));
    Ok(vec![IncidentEvent::ChargeTaken { number, case_number, officer }])
}

pub(super) fn list_loss(
    incident: &Incident,
    item: &str,
    quantity: u32,
    value_minor: i64,
    currency: Currency,
    evidence: &Option<String>,
) -> Decision {
    real(incident)?;
    unsigned(incident)?;
    let item = filled(item).ok_or(Refusal::FieldMissing { field: Field::Item })?;
    let sum = incident.losses.get(&currency).copied().unwrap_or(0);
    if quantity == 0 || value_minor < 0 || sum.checked_add(value_minor).is_none() {
        return Err(Refusal::AmountOutOfRange);
    }
    let evidence = written(evidence);
    Ok(vec![IncidentEvent::LossListed { quantity, value_minor, currency, item: Some(item), evidence }])
}

pub(super) fn sign_losses(incident: &Incident, signed_by: &Option<String>) -> Decision {
    real(incident)?;
    unsigned(incident)?;
    match written(signed_by) {
        None => Err(Refusal::FieldMissing { field: Field::SignedBy }),
        signed_by => Ok(vec![IncidentEvent::LossesSigned { signed_by }]),
    }
}

pub(super) fn record_case(incident: &Incident, note: &Option<String>) -> Decision {
    real(incident)?;
    if incident.case_recorded_at.is_some() {
        return Err(Refusal::CaseAlreadyRecorded);
    }
    match written(note) {
        None => Err(Refusal::FieldMissing { field: Field::Note }),
        note => Ok(vec![IncidentEvent::CaseRecorded { note }]),
    }
}

fn real(incident: &Incident) -> Result<(), Refusal> {
    if incident.is_real() { Ok(()) } else { Err(Refusal::NotReal) }
}

fn unsigned(incident: &Incident) -> Result<(), Refusal> {
    if incident.losses_signed_at.is_some() { Err(Refusal::LossesAlreadySigned) } else { Ok(()) }
}

fn find(incident: &Incident, number: u16) -> Result<&HandOff, Refusal> {
    let found = incident.hand_offs.iter().find(|hand_off| hand_off.number == number);
    found.ok_or(Refusal::NoSuchHandOff { number })
}
