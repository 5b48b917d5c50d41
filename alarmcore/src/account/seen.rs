//! When each event was last heard of an account, whether anything is expected or not: what an expectation begins with that is new on
//! the card. Openings, closings and tests stand elsewhere in its state.

use contactid::{Class, Code, NumberIs, Qualifier, Signal};
use serde::{Deserialize, Serialize};

use super::{AccountState, AreaState, Arming};
use crate::expectation::{Event, Number, What};
use crate::time::Timestamp;

/// One event, and when it was heard last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The code that reported it.
    pub code: Code,
    /// Whether it began, ended or still is.
    pub qualifier: Qualifier,
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u16>,
    /// The zone, or whatever the code's number counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The user behind it, where the panel says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u32>,
    /// When.
    pub at: Timestamp,
}

/// The opening before a closing, or the closing before an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// When.
    pub at: Timestamp,
    /// The user who did it, where the panel says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u32>,
}

/// Does a person do this on purpose? Such events outlast those of detectors where there is no room for all.
const fn is_of_people(class: Class) -> bool {
    matches!(class, Class::Personnel | Class::Access | Class::Log | Class::Schedule | Class::Cancel | Class::Program)
}

impl AccountState {
    /// How many different events are remembered; beyond it, what a detector said longest ago goes first.
    pub const SEEN: usize = 64;

    pub(super) fn see(&mut self, signal: &Signal, at: Timestamp) {
        if matches!(signal.class(), Class::OpenClose | Class::Test) {
            return;
        }
        let seen = Seen::of(signal, at);
        if let Some(known) = self.seen.iter_mut().find(|known| Seen { at, ..**known } == seen) {
            known.at = known.at.max(at);
            return;
        }
        if self.seen.len() == Self::SEEN {
            let oldest =
                self.seen.iter().enumerate().min_by_key(|(_, seen)| (is_of_people(seen.code.class()), seen.at));
            oldest.map(|(place, _)| place).map(|place| self.seen.remove(place));
        }
        self.seen.push(seen);
    }

    /// When this was last heard; `None` if it never was, or is not remembered.
    pub(crate) fn last_heard(&self, event: &Event) -> Option<Timestamp> {
        let areas = || self.areas.iter().filter(|area| event.area.is_none_or(|group| area.group == Some(group)));
        let remembered = match event.what {
            What::Opening => areas().filter_map(|area| area.turned(event.number, true)).max(),
            What::Closing => areas().filter_map(|area| area.turned(event.number, false)).max(),
            What::Test => self.last_test.map(|heard| heard.at),
            What::Class(_) | What::Code(..) => self.seen.iter().filter(|seen| seen.is(event)).map(|seen| seen.at).max(),
        };
        remembered.max(self.wanted_at(event))
    }
}

impl Seen {
    pub(super) fn of(signal: &Signal, at: Timestamp) -> Self {
        let user = signal.number.filter(|_| signal.number_is() == NumberIs::User);
        let Signal { code, qualifier, group, number, .. } = *signal;
        Self { code, qualifier, group, number, by: signal.user.or(user), at }
    }

    /// Is this such an event?
    pub(super) fn is(&self, event: &Event) -> bool {
        let numbered = match event.number {
            None => true,
            Some(Number::Zone(zone)) => self.number == Some(zone) && self.code.number_is() != NumberIs::User,
            Some(Number::User(user)) => self.by == Some(user),
        };
        let told = match event.what {
            What::Class(class) => self.code.class() == class && self.qualifier != Qualifier::Restore,
            What::Code(code, qualifier) => (self.code, self.qualifier) == (code, qualifier),
            What::Opening | What::Closing | What::Test => false,
        };
        told && numbered && event.area.is_none_or(|group| self.group == Some(group))
    }
}

impl AreaState {
    /// When it was last opened, or last closed, by this user where one is named.
    fn turned(&self, by: Option<Number>, opening: bool) -> Option<Timestamp> {
        let now = Turned { at: self.since, by: self.by };
        let is_open = self.arming == Arming::Disarmed;
        let turned = if is_open == opening { Some(now) } else { self.before };
        let user = match by {
            Some(Number::User(user)) => Some(user),
            Some(Number::Zone(_)) | None => None,
        };
        turned.filter(|turned| user.is_none() || turned.by == user).map(|turned| turned.at)
    }
}
