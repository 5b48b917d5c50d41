//! What a unit says of an offer by machine, and which step of its way that is.

use super::{Dispatch, DispatchState, Incident, IncidentEvent, SceneTrace, Stage};
use crate::id::UnitId;
use crate::pack::Claim;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What a unit says of an offer by machine. A later word says the earlier ones, too: whoever is there has accepted.
    UnitAnswer {
        /// It goes.
        Accepted "accepted" "Accepts" "接受",
        /// It does not go, or not on.
        Declined "declined" "Declines" "拒绝",
        /// It is on its way.
        Departed "departed" "On its way" "已出发",
        /// It is there.
        OnSite "on-site" "On site" "到达现场",
        /// It has left.
        Left "left" "Left" "已离开",
        /// It has done what there was to do, and left.
        Done "done" "Done" "已完成",
        /// It is in danger, wherever it is. It says nothing of its way.
        Help "help" "Needs help" "求助",
    }
}

impl UnitAnswer {
    /// The state that a unit is in which says so; none of a call for help.
    const fn state(self) -> Option<DispatchState> {
        Some(match self {
            Self::Accepted => DispatchState::Accepted,
            Self::Declined => DispatchState::Declined,
            Self::Departed => DispatchState::EnRoute,
            Self::OnSite => DispatchState::OnScene,
            Self::Left | Self::Done => DispatchState::Left,
            Self::Help => return None,
        })
    }

    /// Is somebody there who says so, or on the way?
    pub(crate) const fn comes(self) -> bool {
        matches!(self, Self::Departed | Self::OnSite | Self::Help)
    }
}

impl Dispatch {
    /// How many numbers of what a unit said by machine are remembered; beyond it the oldest goes.
    pub const HEARD: usize = 16;
}

/// How far a unit has come, as a number that grows; `None` once it does not come.
const fn step(state: DispatchState) -> Option<u8> {
    match state {
        // Whoever answers was told after all.
        DispatchState::Offered | DispatchState::NotTold => Some(0),
        DispatchState::Accepted => Some(1),
        DispatchState::EnRoute => Some(2),
        DispatchState::OnScene => Some(3),
        DispatchState::Left => Some(4),
        DispatchState::Declined | DispatchState::Expired | DispatchState::Withdrawn | DispatchState::OutOfService => {
            None
        }
    }
}

impl Incident {
    /// Is this its unit's newest offer, of which the unit could not be told, while nobody else goes and it is not false? Whoever
    /// answers that has it.
    pub(crate) fn may_have_it(&self, dispatch: &Dispatch) -> bool {
        let newest = self.dispatch_of(dispatch.unit) == Some(dispatch);
        let goes = self.dispatches.iter().any(Dispatch::is_under_way);
        dispatch.state == DispatchState::NotTold && newest && !goes && !self.is_false()
    }

    /// The way of a unit.
    pub(super) fn unit_moved(&mut self, event: &IncidentEvent, at: Timestamp) {
        match *event {
            IncidentEvent::UnitAccepted { unit } => self.unit_accepted(unit, at),
            IncidentEvent::UnitAnswered { offer, answer, ref message, .. } => {
                self.unit_answered(offer, answer, message, at);
            }
            IncidentEvent::UnitDeclined { unit, .. } => self.lose(unit, DispatchState::Declined),
            IncidentEvent::OfferExpired { unit } => self.lose(unit, DispatchState::Expired),
            IncidentEvent::OfferFailed { unit, .. } => self.lose(unit, DispatchState::NotTold),
            IncidentEvent::RecallFailed { offer, .. } => self.amend_offer(offer, |one| one.recall_failed_at = Some(at)),
            IncidentEvent::OfferDelivered { offer, .. } => self.amend_offer(offer, |one| one.by_machine = true),
            IncidentEvent::UnitTold { offer, .. } => {
                self.amend_offer(offer, |one| (one.told_at, one.untold_since) = (Some(at), None));
            }
            IncidentEvent::UnitUntold { offer, .. } => self.amend_offer(offer, |one| one.untold_since = Some(at)),
            IncidentEvent::UnitOutOfService { unit } => self.lose(unit, DispatchState::OutOfService),
            IncidentEvent::UnitWithdrawn { unit, .. } => self.lose(unit, DispatchState::Withdrawn),
            IncidentEvent::UnitDeparted { unit } => self.unit_departed(unit, at),
            IncidentEvent::UnitArrived { unit } => self.unit_arrived(unit, at),
            IncidentEvent::SceneReported { unit, doors, windows, entry_signs, persons, .. } => {
                self.scene_reported(unit);
                self.amend(unit, |dispatch| {
                    dispatch.reported_at = Some(at);
                    dispatch.trace = SceneTrace::of(doors, windows, entry_signs, persons);
                    dispatch.speaks_up();
                });
            }
            IncidentEvent::UnitSilent { unit } => self.amend(unit, |dispatch| {
                (dispatch.silent_at, dispatch.silent_seen_at) = (Some(at), None);
            }),
            IncidentEvent::UnitLeft { unit } => self.unit_left(unit, at),
            _ => {}
        }
    }

    /// What a unit said by machine of one of its offers: every step that it has come further by it. What is behind already moves
    /// nothing.
    fn unit_answered(&mut self, offer: u16, answer: UnitAnswer, message: &str, at: Timestamp) {
        let place = usize::from(offer).checked_sub(1);
        let has_it = place.and_then(|place| self.dispatches.get(place)).is_some_and(|one| self.may_have_it(one));
        let Some(dispatch) = place.and_then(|place| self.dispatches.get_mut(place)) else { return };
        if dispatch.heard.len() == Dispatch::HEARD {
            dispatch.heard.remove(0);
        }
        dispatch.heard.push(message.to_owned());
        (dispatch.heard_at, dispatch.by_machine) = (Some(at), true);
        if answer == UnitAnswer::Help {
            dispatch.help_at = Some(at);
        }
        dispatch.speaks_up();
        let unit = dispatch.unit;
        if dispatch.is_lost() && !has_it {
            return;
        }
        let (Some(from), Some(said)) = (step(dispatch.state), answer.state()) else { return };
        let Some(to) = step(said) else { return self.lose(unit, DispatchState::Declined) };
        let passes = |this: u8| from < this && this <= to;
        if passes(1) {
            self.unit_accepted(unit, at);
        }
        // Setting out is often not said: arriving follows accepting as well.
        if passes(2) && to == 2 {
            self.unit_departed(unit, at);
        }
        if passes(3) {
            self.unit_arrived(unit, at);
        }
        if passes(4) {
            self.unit_left(unit, at);
        }
    }

    fn unit_accepted(&mut self, unit: UnitId, at: Timestamp) {
        self.step(unit, DispatchState::Accepted, |dispatch| dispatch.accepted_at = Some(at));
        self.meet(Claim::Send, None, at);
        if self.stage == Stage::PreProcessed {
            self.stage = Stage::Dispatched;
        }
    }

    fn unit_departed(&mut self, unit: UnitId, at: Timestamp) {
        self.step(unit, DispatchState::EnRoute, |dispatch| dispatch.departed_at = Some(at));
    }

    fn unit_arrived(&mut self, unit: UnitId, at: Timestamp) {
        self.asked.clear();
        self.arrived_at.get_or_insert(at);
        self.step(unit, DispatchState::OnScene, |dispatch| dispatch.arrived_at = Some(at));
        if matches!(self.stage, Stage::PreProcessed | Stage::Dispatched) {
            self.stage = Stage::OnScene;
        }
    }

    fn unit_left(&mut self, unit: UnitId, at: Timestamp) {
        self.step(unit, DispatchState::Left, |dispatch| dispatch.left_at = Some(at));
    }
}
