//! One unit's way to the scene and back, each step stamped.

use serde::{Deserialize, Serialize};

use super::SceneTrace;
use crate::id::UnitId;
use crate::time::Timestamp;
use crate::unit::{Choice, ChosenBy, TravelBasis};
use crate::words::words;

words! {
    /// Where a dispatch stands.
    DispatchState {
        /// Offered, not answered.
        Offered "offered" "Offered" "已通知",
        /// The unit declined.
        Declined "declined" "Declined" "已拒绝",
        /// The unit did not answer in time.
        Expired "expired" "Not accepted in time" "超时未接受",
        /// The unit was called back.
        Withdrawn "withdrawn" "Called back" "已取消",
        /// The offer could not be delivered: the unit does not know of it.
        NotTold "not-told" "Could not be told" "未能通知",
        /// The unit went off duty before it arrived.
        OutOfService "out-of-service" "Out of service" "已退出执勤",
        /// Accepted.
        Accepted "accepted" "Accepted" "已接受",
        /// On its way.
        EnRoute "en-route" "On its way" "途中",
        /// On the scene.
        OnScene "on-scene" "On scene" "到达现场",
        /// Left the scene.
        Left "left" "Left" "已离开",
    }
}

/// One unit's dispatch, with the times of its steps. Times of steps not taken are `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The unit.
    pub unit: UnitId,
    /// Where it stands.
    pub state: DispatchState,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// When the offer ends if nobody accepts.
    pub until: Timestamp,
    /// The desk chose the unit by its cost: when it does not go, the next one is asked by the policy.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub by_cost: bool,
    /// How many seconds of travel were reckoned with; `None` where a number had to stand in for what nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travel_s: Option<u32>,
    /// When the incident last called because the unit was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_at: Option<Timestamp>,
    /// When somebody at the desk first acted after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_seen_at: Option<Timestamp>,
    /// When the unit accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it set out.
    pub departed_at: Option<Timestamp>,
    /// When it arrived.
    pub arrived_at: Option<Timestamp>,
    /// When it left.
    pub left_at: Option<Timestamp>,
    /// When its scene report came.
    pub reported_at: Option<Timestamp>,
    /// What its last scene report says of whether somebody was there.
    #[serde(default, skip_serializing_if = "SceneTrace::is_nobody")]
    pub trace: SceneTrace,
    /// When its dispatch record was written.
    pub recorded_at: Option<Timestamp>,
    /// When it was said that its recall could not be delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_failed_at: Option<Timestamp>,
    /// Did a machine reach it: did its offer arrive, or did it answer by machine? Then it is told by machine what joins.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub by_machine: bool,
    /// Since when there is something that it was not told: a further alarm, or another danger than it was asked to go for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untold_since: Option<Timestamp>,
    /// When it was last told what joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// When it called for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_at: Option<Timestamp>,
    /// When it last said anything by machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// When the incident last called because nothing was heard of it on the scene, and nothing was since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_at: Option<Timestamp>,
    /// When somebody at the desk first acted after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_seen_at: Option<Timestamp>,
    /// The numbers of what the unit said by machine; at most [`Dispatch::HEARD`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<String>,
}

impl Dispatch {
    /// A unit is asked at `at`, and may answer until `until`.
    pub(super) fn offered(unit: UnitId, at: Timestamp, until: Timestamp, choice: Option<&Choice>) -> Self {
        let cost = choice.and_then(|choice| choice.cost_of(unit));
        let known = cost.filter(|cost| cost.basis != TravelBasis::Unknown);
        Self {
            unit,
            state: DispatchState::Offered,
            offered_at: at,
            until,
            by_cost: choice.is_some_and(|choice| choice.by != ChosenBy::Person),
            travel_s: known.map(|cost| cost.travel_s),
            late_at: None,
            late_seen_at: None,
            accepted_at: None,
            departed_at: None,
            arrived_at: None,
            left_at: None,
            reported_at: None,
            trace: SceneTrace::Nobody,
            recorded_at: None,
            recall_failed_at: None,
            by_machine: false,
            untold_since: None,
            told_at: None,
            help_at: None,
            heard_at: None,
            silent_at: None,
            silent_seen_at: None,
            heard: Vec::new(),
        }
    }

    /// Does the unit still have this job?
    pub const fn is_running(&self) -> bool {
        matches!(
            self.state,
            DispatchState::Offered | DispatchState::Accepted | DispatchState::EnRoute | DispatchState::OnScene
        )
    }

    /// Asked or under way, and not there yet?
    pub const fn is_under_way(&self) -> bool {
        matches!(self.state, DispatchState::Offered | DispatchState::Accepted | DispatchState::EnRoute)
    }

    /// When it is expected on the scene, as far as its travel is known; `None` once that is over.
    pub fn expected_at(&self) -> Option<Timestamp> {
        let from = self.departed_at.or(self.accepted_at).unwrap_or(self.offered_at);
        self.travel_s.filter(|_| self.is_under_way()).map(|seconds| from.plus_secs(seconds))
    }

    /// Has it accepted, and does it go, or was it there?
    pub const fn is_sent(&self) -> bool {
        self.accepted_at.is_some() && !self.is_lost()
    }

    /// Does it not come, because it would not or could not?
    pub(crate) const fn is_lost(&self) -> bool {
        matches!(self.state, DispatchState::Declined | DispatchState::NotTold) || self.is_called_back()
    }

    /// Was it told that it need not go?
    pub(super) const fn is_called_back(&self) -> bool {
        matches!(self.state, DispatchState::Expired | DispatchState::Withdrawn | DispatchState::OutOfService)
    }

    /// Was it there, without a record of it yet?
    pub(crate) const fn owes_record(&self) -> bool {
        self.arrived_at.is_some() && self.recorded_at.is_none()
    }

    /// Was the unit on the scene?
    pub const fn was_there(&self) -> bool {
        self.arrived_at.is_some()
    }
}
