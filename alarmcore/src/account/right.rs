//! The users of a panel, and what each may do besides coming and going in the hours, and until when: the part of an account's users
//! that decides. Their names stay in the store.

use serde::{Deserialize, Serialize};

use super::AccountCard;
use crate::time::Timestamp;

/// A user of a panel whom the card lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRight {
    /// The number that the panel reports.
    pub user: u32,
    /// They may close later than the hours.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub closes_late: bool,
    /// Until when they may do anything at all; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl UserRight {
    /// Is their time over?
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= at)
    }
}

impl AccountCard {
    fn right(&self, user: Option<u32>) -> Option<&UserRight> {
        self.user_rights.iter().find(|right| Some(right.user) == user)
    }

    /// Does the card know this user? Everybody, where it lists nobody; and whoever may cancel or has hours of their own.
    pub fn lists(&self, user: Option<u32>) -> bool {
        let (Some(user), false) = (user, self.user_rights.is_empty()) else { return true };
        self.right(Some(user)).is_some()
            || self.cancel_users.as_ref().is_some_and(|users| users.contains(&user))
            || self.schedule.as_ref().is_some_and(|schedule| schedule.names(user))
    }

    /// Does the card know this user, and is their time not over?
    pub(crate) fn admits(&self, user: Option<u32>, at: Timestamp) -> bool {
        self.lists(user) && !self.is_over(user, at)
    }

    /// Does the card say that this user's time is over?
    pub(crate) fn is_over(&self, user: Option<u32>, at: Timestamp) -> bool {
        self.right(user).is_some_and(|right| right.is_over(at))
    }

    /// Does the card say that this user may close later than the hours?
    pub(crate) fn closes_late(&self, user: Option<u32>, at: Timestamp) -> bool {
        self.right(user).is_some_and(|right| right.closes_late && !right.is_over(at))
    }
}
