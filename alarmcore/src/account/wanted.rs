//! What the expectations of a card look for, and when it was heard last: kept apart from [`Seen`](super::Seen), so that nobody who is
//! looked after is forgotten among everything else that an account says.

use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

use contactid::Signal;

use super::seen::Seen;
use super::{AccountCard, AccountState, AreaState, Arming};
use crate::expectation::{Event, Expectation, Number, What};
use crate::time::Timestamp;

/// An event that the expectations of a card look for, and when it was heard last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    event: Event,
    /// Since when the first of them holds that looks for it.
    since: Timestamp,
    /// When it was heard last since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

impl AccountState {
    /// Of the account of this card, which has sent nothing yet.
    pub fn of(card: &AccountCard) -> Self {
        let mut state = Self::new(card.account);
        state.look_for(card.expectations());
        state
    }

    /// From now on it is remembered when each event that these expectations look for is heard, however much else the account says.
    /// What they looked for before is remembered as far as it still holds. Says whether there is anything new to keep.
    ///
    /// The state at any past moment is the fold of the signals up to it from a new state that looks for what the card of that moment
    /// does.
    pub fn look_for(&mut self, expectations: &[Expectation]) -> bool {
        let mut wanted: ThinVec<Wanted> = ThinVec::new();
        for one in expectations {
            for event in one.events() {
                match wanted.iter_mut().find(|known| known.event == event) {
                    Some(known) => known.since = known.since.min(one.since()),
                    None => wanted.push(Wanted { event, since: one.since(), at: None }),
                }
            }
        }
        for one in &mut wanted {
            let known = self.wanted.iter().find(|known| known.event == one.event);
            let at = known.map_or_else(|| self.last_heard(&one.event), |known| known.at);
            one.at = at.filter(|at| *at >= one.since);
        }
        let is_new = wanted != self.wanted;
        self.wanted = wanted;
        is_new
    }

    pub(super) fn hear(&mut self, signal: &Signal, at: Timestamp) {
        for one in &mut self.wanted {
            if at >= one.since && one.event.is_told_by(signal, at) {
                one.at = one.at.max(Some(at));
            }
        }
    }

    /// When this was heard last since the expectations that look for it hold.
    pub(super) fn wanted_at(&self, event: &Event) -> Option<Timestamp> {
        self.wanted.iter().find(|one| one.event == *event)?.at
    }
}

impl Event {
    /// Does this signal say so?
    fn is_told_by(&self, signal: &Signal, at: Timestamp) -> bool {
        match self.what {
            What::Opening | What::Closing => AreaState::after(signal, at).is_some_and(|area| {
                let opened = area.arming == Arming::Disarmed;
                let user = match self.number {
                    Some(Number::User(user)) => Some(user),
                    Some(Number::Zone(_)) | None => None,
                };
                opened == (self.what == What::Opening)
                    && self.area.is_none_or(|group| area.group == Some(group))
                    && (user.is_none() || area.by == user)
            }),
            // Of tests, the last of all counts.
            What::Test => false,
            What::Class(_) | What::Code(..) => Seen::of(signal, at).is(self),
        }
    }
}
