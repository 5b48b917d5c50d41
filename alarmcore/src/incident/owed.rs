//! What still stands between an incident and its closing: the operator's checklist, and what `close` refuses by.

use std::collections::BTreeSet;

use super::{
    Authority, Claimed, Dispatch, DispatchState, Family, HandOff, Incident, Kind, Refusal, SceneEnd, Stage,
    calls_missing,
};
use crate::policy::Policy;

/// Everything that must be done before the incident can be closed, in the order of the branch it is on. Empty when
/// [`Command::Close`](super::Command::Close) would be granted.
pub fn owed(incident: &Incident, policy: &Policy) -> Vec<Refusal> {
    if incident.is_closed() {
        return vec![Refusal::AlreadyClosed { incident: incident.id }];
    }
    let mut owed: Vec<Refusal> = incident.looked_at().err().into_iter().collect();
    if incident.kind.family() == Family::Service {
        owed.push(Refusal::SettlementMissing);
        return owed;
    }
    if incident.verdict.is_none() {
        owed.push(if incident.is_pre_processed() { Refusal::StillUndetermined } else { Refusal::VerdictMissing });
    }
    if let Some(since) = incident.uninspected_since().filter(|_| incident.verdict.is_none() && was_there(incident)) {
        owed.push(Refusal::ReportTooOld { since });
    }
    if incident.scene_end() == Some(SceneEnd::HandedToPolice) && !incident.is_accepted_by(Authority::Police) {
        owed.push(Refusal::HandOffMissing { to: Authority::Police });
    }
    if let Some(guard) = incident.guard {
        let left = incident.dispatch_of(guard.unit).and_then(|dispatch| dispatch.left_at);
        if left.is_some_and(|left| left < guard.until) {
            owed.push(Refusal::GuardLeftEarly { unit: guard.unit });
        }
    }
    if incident.is_real() {
        owe_branch_three(incident, policy, &mut owed);
    } else if incident.verdict.is_none() {
        owe_hand_offs(incident, policy, &mut owed, |_| false);
    }
    let refused = incident.is_refused_police(policy).is_some();
    let can_be_done = |claim: &&Claimed| !(refused && claim.to == Some(Authority::Police));
    let open = incident.claims.iter().filter(|claim| claim.done_at.is_none() && !incident.is_false());
    let open = open.filter(|claim| !incident.has_tried(claim.act));
    for Claimed { clause, act, to, .. } in open.filter(can_be_done) {
        owed.push(Refusal::ActDue { clause: clause.clone(), act: *act, to: *to });
    }
    let settled = |hand_off: &HandOff| incident.is_false() && hand_off.is_settled();
    for hand_off in incident.hand_offs.iter().filter(|hand_off| hand_off.is_open() && !settled(hand_off)) {
        owed.push(Refusal::HandOffOpen { number: hand_off.number });
    }
    for hand_off in incident.hand_offs.iter().filter(|hand_off| incident.is_false() && hand_off.wants_cancel()) {
        owed.push(Refusal::CancelMissing { number: hand_off.number });
    }
    for dispatch in &incident.dispatches {
        owe_dispatch(dispatch, &mut owed);
    }
    if incident.is_real() && incident.case_recorded_at.is_none() {
        owed.push(Refusal::CaseRecordMissing);
    }
    owed
}

/// Is the scene asked to end it, and has a unit been there?
fn was_there(incident: &Incident) -> bool {
    incident.is_pre_processed() && incident.dispatches.iter().any(Dispatch::was_there)
}

fn owe_branch_three(incident: &Incident, policy: &Policy, owed: &mut Vec<Refusal>) {
    let life_safety = incident.kind.family() == Family::LifeSafety;
    if incident.owner_notified_at.is_none() {
        owed.push(Refusal::OwnerNotNotified);
    }
    // Who handed a fire to the fire brigade need not ask the owner whether that was wanted.
    let handed_over = incident.hand_offs.iter().any(|hand_off| hand_off.is_held());
    if incident.wish.is_none() && !(life_safety && handed_over) {
        owed.push(Refusal::WishMissing);
    }
    owe_hand_offs(incident, policy, owed, |to| incident.is_wanted(to, policy) && !incident.is_with(to));
    let loss = incident.wish.is_some_and(|wish| wish.insurer || wish.loss_minor.unwrap_or(0) > 0);
    if incident.losses_signed_at.is_none() && (!life_safety || loss || incident.loss_lines > 0) {
        owed.push(Refusal::LossesNotSigned);
    }
}

/// Those that are wanted, and those to whom was asked to cancel before danger came or it was found real.
fn owe_hand_offs(incident: &Incident, policy: &Policy, owed: &mut Vec<Refusal>, wanted: impl Fn(Authority) -> bool) {
    for &to in Authority::ALL {
        let refused = to == Authority::Police && incident.is_refused_police(policy).is_some();
        if (wanted(to) || incident.is_needed(to)) && !refused {
            owed.extend((to == Authority::Police).then(|| calls_missing(incident, policy)).flatten());
            owed.push(Refusal::HandOffMissing { to });
        }
    }
}

fn owe_dispatch(dispatch: &Dispatch, owed: &mut Vec<Refusal>) {
    let unit = dispatch.unit;
    if dispatch.is_under_way() {
        owed.push(Refusal::UnitUnderWay { unit });
    }
    if dispatch.was_there() && dispatch.reported_at.is_none() {
        owed.push(Refusal::SceneReportMissing { unit });
    }
    if dispatch.state == DispatchState::OnScene {
        owed.push(Refusal::NotYetLeft { unit });
    }
    if dispatch.owes_record() {
        owed.push(Refusal::DispatchRecordMissing { unit });
    }
}

impl Incident {
    /// Undetermined, with a unit asked to go: branch 2, and not at its end.
    pub const fn is_pre_processed(&self) -> bool {
        matches!(self.stage, Stage::PreProcessed | Stage::Dispatched | Stage::OnScene)
    }

    /// Has this authority accepted a hand-off, and not let go of it?
    pub fn is_accepted_by(&self, to: Authority) -> bool {
        self.hand_offs.iter().any(|hand_off| hand_off.to == to && hand_off.is_held())
    }

    /// Does the owner's wish or a rule of the centre ask for this hand-off?
    pub fn is_wanted(&self, to: Authority, policy: &Policy) -> bool {
        let wished = self.wish.is_some_and(|wish| match to {
            Authority::Police => wish.police,
            Authority::Insurer => wish.insurer,
            Authority::Fire | Authority::Ambulance => false,
        });
        let ruled = |(kind, to_whom): (&Kind, &BTreeSet<Authority>)| to_whom.contains(&to) && self.is_of(*kind);
        wished || policy.without_wish.iter().any(ruled)
    }
}
