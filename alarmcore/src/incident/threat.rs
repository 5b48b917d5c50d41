//! People who are threatened or call for help, and danger that came after somebody was there: who may say then that it is nothing.

use contactid::Class;
use serde::{Deserialize, Serialize};

use super::{Authority, CallResult, ContactAnswer, HandOff, HandOffState, Incident, Kind, TheirOutcome};
use crate::id::{ContactId, UnitId};
use crate::time::Timestamp;

/// Danger that came after a unit was asked to go, or an authority had the incident: what they said before says nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Danger {
    /// When it came last.
    pub at: Timestamp,
    /// Has a unit that was there then, or came after it, reported on the scene since?
    #[serde(default)]
    pub inspected: bool,
}

impl Incident {
    /// Was the duress word said on a call?
    pub fn is_under_duress(&self) -> bool {
        self.calls.iter().any(|call| call.result == CallResult::DuressCode)
    }

    /// Is somebody forced to say that all is well: was the duress word said on a call, or a duress code entered at the panel? That it
    /// restores ends nothing: whoever forces them can force that as well.
    pub fn is_coerced(&self) -> bool {
        self.is_under_duress() || self.kind == Kind::Duress || self.holds(Class::Duress)
    }

    /// Are people in danger from somebody, by what they say themselves: forced, held up, or calling for help, as a unit or as the
    /// customer who was asked by machine?
    pub fn is_threatened(&self) -> bool {
        let asked_for_help = self.first_contact.is_some_and(|asked| asked.answer == Some(ContactAnswer::Help));
        self.is_coerced()
            || self.kind == Kind::HoldUp
            || self.holds(Class::HoldUp)
            || asked_for_help
            || self.dispatches.iter().any(|dispatch| dispatch.help_at.is_some())
    }

    /// Must two people agree that there is no danger? Not after the police, who had it since, have closed it without finding it real.
    pub(super) fn needs_two(&self) -> bool {
        self.is_threatened() && !self.hand_offs.iter().any(|hand_off| self.was_nothing(hand_off))
    }

    fn was_nothing(&self, hand_off: &HandOff) -> bool {
        let closed = hand_off.end.is_some_and(|end| {
            end.state == HandOffState::Closed && self.danger.is_none_or(|danger| danger.at < end.at)
        });
        let found_nothing = matches!(hand_off.outcome, Some(TheirOutcome::FalseAlarm | TheirOutcome::NothingFound));
        hand_off.to == Authority::Police && closed && found_nothing
    }

    /// Did this contact say the duress word?
    pub(super) fn was_forced(&self, contact: ContactId) -> bool {
        self.calls.iter().any(|call| call.contact == contact && call.result == CallResult::DuressCode)
    }

    fn holds(&self, class: Class) -> bool {
        self.origins.iter().any(|origin| origin.class == class)
    }

    /// Danger came. Before anybody was asked to come, nobody can have seen to it.
    pub(super) fn danger_came(&mut self, at: Timestamp) {
        if !self.dispatches.is_empty() || !self.hand_offs.is_empty() {
            self.danger = Some(Danger { at, inspected: false });
        }
    }

    /// A unit reports on the scene. What it saw before it left says nothing of what came after that.
    pub(super) fn scene_reported(&mut self, unit: UnitId) {
        let left_at = self.dispatch_of(unit).and_then(|dispatch| dispatch.left_at);
        if let Some(danger) = self.danger.as_mut().filter(|danger| left_at.is_none_or(|left| left > danger.at)) {
            danger.inspected = true;
        }
    }

    /// Since when there is danger that no report from the scene tells of.
    pub(super) fn uninspected_since(&self) -> Option<Timestamp> {
        self.danger.filter(|danger| !danger.inspected).map(|danger| danger.at)
    }
}
