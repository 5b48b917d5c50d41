//! By when a unit that has accepted is to be on the scene, by when one that is there is asked how it is, and what is known of one that is
//! late or silent; and by when an authority is to be there by its own word.

use super::{Dispatch, DispatchState, HandOff, Incident};
use crate::id::UnitId;
use crate::policy::{ArrivalLimits, Policy};
use crate::time::Timestamp;

impl Dispatch {
    /// When the incident calls its operator because this unit is not there: a margin after it was expected, or where its travel is
    /// not known so long after it accepted; and as long again after somebody acted on that call. `None` for one that has not accepted
    /// or is there, for one that is missed and nobody has acted since, and where the rules say never.
    pub fn arrive_by(&self, limits: &ArrivalLimits) -> Option<Timestamp> {
        let comes = matches!(self.state, DispatchState::Accepted | DispatchState::EnRoute);
        let accepted = self.accepted_at.filter(|_| comes && limits.within_s > 0)?;
        let (from, within_s) = match self.travel_s {
            Some(travel_s) => (self.departed_at.unwrap_or(accepted), travel_s.saturating_add(limits.margin_s)),
            None => (accepted, limits.within_s),
        };
        match self.late_at {
            None => Some(from.plus_secs(within_s)),
            Some(_) => self.late_seen_at.map(|seen| seen.plus_secs(within_s)),
        }
    }
}

impl Dispatch {
    /// When the incident calls its operator because nothing was heard of this unit on the scene: so long after it arrived, reported or said
    /// anything, and as long again after somebody acted on that call. `None` of one that is not there, of one that is missed and nobody has
    /// acted since, and where the rules say never.
    pub fn ask_by(&self, limits: &ArrivalLimits) -> Option<Timestamp> {
        let there = self.state == DispatchState::OnScene && limits.on_scene_s > 0;
        let heard = self.arrived_at.max(self.reported_at).max(self.heard_at).filter(|_| there)?;
        let from = if self.silent_at.is_some() { self.silent_seen_at? } else { heard };
        Some(from.plus_secs(limits.on_scene_s))
    }

    /// Something is heard of it.
    pub(super) fn speaks_up(&mut self) {
        (self.silent_at, self.silent_seen_at) = (None, None);
    }
}

/// Whoever is not there by their own word is asked again after so many seconds at least, however small the margin.
const AGAIN_S: u32 = 60;

impl HandOff {
    /// When the incident calls its operator because they are not there: a margin after they expected to arrive, by their last word; and as
    /// long again, a minute at least, after somebody acted on that call. `None` where they have not said when, are there, are not coming, or
    /// are missed and nobody has acted since, and where the rules say never.
    pub fn arrive_by(&self, limits: &ArrivalLimits) -> Option<Timestamp> {
        let eta = self.eta.filter(|_| self.comes() && limits.within_s > 0)?;
        match self.late_at {
            None => Some(eta.plus_secs(limits.margin_s)),
            Some(_) => self.late_seen_at.map(|seen| seen.plus_secs(limits.margin_s.max(AGAIN_S))),
        }
    }

    /// May somebody of theirs be on the way?
    fn comes(&self) -> bool {
        !self.state().is_end() && self.on_scene_at.is_none() && !self.is_called_off()
    }

    /// They say anew when they arrive.
    pub(super) fn expects(&mut self, eta: Timestamp) {
        (self.eta, self.late_at, self.late_seen_at) = (Some(eta), None, None);
    }
}

impl Incident {
    /// The first of the moments at which an authority is to be there by its own word. Nobody is missed where it was false.
    pub fn authority_by(&self, policy: &Policy) -> Option<Timestamp> {
        let due = self.hand_offs.iter().filter_map(|hand_off| hand_off.arrive_by(&policy.arrival));
        due.min().filter(|_| !self.is_false())
    }

    /// The incident calls because an authority is not there as it said.
    pub(super) fn miss_authorities(&mut self, at: Timestamp) {
        let late = |one: &&mut HandOff| one.comes() && one.eta.is_some_and(|eta| eta <= at);
        for hand_off in self.hand_offs.iter_mut().filter(late) {
            (hand_off.late_at, hand_off.late_seen_at) = (Some(at), None);
        }
    }

    /// The first of the moments at which a unit on the scene is to be asked how it is, and which. Who keeps guard and is asked at a time of
    /// its own before the end is asked then.
    pub fn ask_by(&self, policy: &Policy) -> Option<(Timestamp, UnitId)> {
        let guards = |unit: UnitId| {
            self.guard.is_some_and(|guard| guard.unit == unit && guard.due.is_some_and(|due| due < guard.until))
        };
        let of = |dispatch: &Dispatch| Some((dispatch.ask_by(&policy.arrival)?, dispatch.unit));
        self.dispatches.iter().filter(|dispatch| !guards(dispatch.unit)).filter_map(of).min()
    }

    /// Does this unit keep guard here, and longer than until now?
    pub(super) fn is_left_early(&self, unit: UnitId, now: Timestamp) -> bool {
        self.guard.is_some_and(|guard| guard.unit == unit && now < guard.until)
    }

    /// The first of these moments: one unit is on its way at a time.
    pub fn arrive_by(&self, policy: &Policy) -> Option<Timestamp> {
        self.dispatches.iter().filter_map(|dispatch| dispatch.arrive_by(&policy.arrival)).min()
    }

    /// The incident calls because who is to come is not there.
    pub(super) fn miss_units(&mut self, at: Timestamp) {
        for dispatch in self.dispatches.iter_mut().filter(|dispatch| dispatch.is_under_way()) {
            (dispatch.late_at, dispatch.late_seen_at) = (Some(at), None);
        }
    }

    /// Somebody at the desk acts, and so knows of whom the incident misses.
    pub(super) fn see_missed(&mut self, at: Timestamp) {
        for dispatch in self.dispatches.iter_mut().filter(|dispatch| dispatch.late_at.is_some()) {
            dispatch.late_seen_at.get_or_insert(at);
        }
        for hand_off in self.hand_offs.iter_mut().filter(|hand_off| hand_off.late_at.is_some()) {
            hand_off.late_seen_at.get_or_insert(at);
        }
        for dispatch in self.dispatches.iter_mut().filter(|dispatch| dispatch.silent_at.is_some()) {
            dispatch.silent_seen_at.get_or_insert(at);
        }
    }
}
