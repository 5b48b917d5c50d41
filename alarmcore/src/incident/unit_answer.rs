//! What a unit says of an offer by machine, and which step of its way that is.

use super::{Dispatch, DispatchState, Incident, Stage};
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
    }
}

impl UnitAnswer {
    /// The state that a unit is in which says so.
    const fn state(self) -> DispatchState {
        match self {
            Self::Accepted => DispatchState::Accepted,
            Self::Declined => DispatchState::Declined,
            Self::Departed => DispatchState::EnRoute,
            Self::OnSite => DispatchState::OnScene,
            Self::Left | Self::Done => DispatchState::Left,
        }
    }
}

impl Dispatch {
    /// How many numbers of what a unit said by machine are remembered; beyond it the oldest goes.
    pub const HEARD: usize = 16;
}

/// How far a unit has come, as a number that grows; `None` once it does not come.
const fn step(state: DispatchState) -> Option<u8> {
    match state {
        DispatchState::Offered => Some(0),
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
    /// What a unit said by machine of one of its offers: every step that it has come further by it. What is behind already moves
    /// nothing.
    pub(super) fn unit_answered(&mut self, offer: u16, answer: UnitAnswer, message: &str, at: Timestamp) {
        let place = usize::from(offer).checked_sub(1);
        let Some(dispatch) = place.and_then(|place| self.dispatches.get_mut(place)) else { return };
        if dispatch.heard.len() == Dispatch::HEARD {
            dispatch.heard.remove(0);
        }
        dispatch.heard.push(message.to_owned());
        let (unit, Some(from)) = (dispatch.unit, step(dispatch.state)) else { return };
        let Some(to) = step(answer.state()) else { return self.lose(unit, DispatchState::Declined) };
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

    pub(super) fn unit_accepted(&mut self, unit: UnitId, at: Timestamp) {
        self.step(unit, DispatchState::Accepted, |dispatch| dispatch.accepted_at = Some(at));
        self.meet(Claim::Send, None, at);
        if self.stage == Stage::PreProcessed {
            self.stage = Stage::Dispatched;
        }
    }

    pub(super) fn unit_departed(&mut self, unit: UnitId, at: Timestamp) {
        self.step(unit, DispatchState::EnRoute, |dispatch| dispatch.departed_at = Some(at));
    }

    pub(super) fn unit_arrived(&mut self, unit: UnitId, at: Timestamp) {
        self.asked.clear();
        self.arrived_at.get_or_insert(at);
        self.step(unit, DispatchState::OnScene, |dispatch| dispatch.arrived_at = Some(at));
        if matches!(self.stage, Stage::PreProcessed | Stage::Dispatched) {
            self.stage = Stage::OnScene;
        }
    }

    pub(super) fn unit_left(&mut self, unit: UnitId, at: Timestamp) {
        self.step(unit, DispatchState::Left, |dispatch| dispatch.left_at = Some(at));
    }
}
