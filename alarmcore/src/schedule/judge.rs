//! Openings and closings held against the schedule of their account: which are out of order, and by which rule.

use serde::{Deserialize, Serialize};

use super::{Around, Schedule, Span};
use crate::account::{AreaState, Arming};
use crate::disposition::Rule;
use crate::policy::Handling;
use crate::queue::Priority;
use crate::time::Timestamp;

/// What is done about openings and closings that are out of the schedule: a part of the policy. What does not come at all is a
/// signal of the centre's own, with code 453 or 454, and [`Policy::codes`](crate::Policy) says what is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScheduleRules {
    /// An opening outside all hours. Default shown with priority 3.
    pub unexpected_open: Irregular,
    /// An opening by a user outside that user's own hours. Default shown with priority 3.
    pub user_open: Irregular,
    /// An opening by a user whose time on the card is over, at whatever hour. Default shown with priority 3.
    pub expired_user: Irregular,
    /// An opening by a user whom the card does not list, where it lists users, at whatever hour. Default shown with priority 3.
    pub unlisted_user: Irregular,
    /// An opening of what is open already. Default shown with priority 3.
    pub open_again: Irregular,
    /// An opening before its hours. Default logged.
    pub early_open: Irregular,
    /// By how much an opening may come before its hours, beyond the tolerance, and be early instead of unexpected, in
    /// seconds. Default 1800.
    pub early_open_s: u32,
    /// The first opening of its hours, too late. Default logged.
    pub late_open: Irregular,
    /// A closing before the end of the hours. Default logged.
    pub early_close: Irregular,
    /// A closing after the end of the hours. Default logged.
    pub late_close: Irregular,
}

impl Default for ScheduleRules {
    fn default() -> Self {
        let shown = Irregular::Show { priority: Priority::clamped(3) };
        let logged = Irregular::Log {};
        Self {
            unexpected_open: shown,
            user_open: shown,
            expired_user: shown,
            unlisted_user: shown,
            open_again: shown,
            early_open: logged,
            early_open_s: 1800,
            late_open: logged,
            early_close: logged,
            late_close: logged,
        }
    }
}

/// What is done about one of them. In the log its rule stands in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Handling", into = "Handling")]
pub enum Irregular {
    /// An operator must see it.
    Show {
        /// How urgent.
        priority: Priority,
    },
    /// It is logged, with its rule.
    Log {},
}

/// An opening is over when it is said: there is no restore to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an opening or closing has no restore to wait for: `show` it or `log` it")]
pub struct NothingToHold;

impl Irregular {
    /// How urgent it is shown; `None` where it is logged.
    const fn priority(self) -> Option<Priority> {
        match self {
            Self::Show { priority } => Some(priority),
            Self::Log {} => None,
        }
    }
}

impl TryFrom<Handling> for Irregular {
    type Error = NothingToHold;

    fn try_from(handling: Handling) -> Result<Self, NothingToHold> {
        match handling {
            Handling::Show { priority } => Ok(Self::Show { priority }),
            Handling::Hold { .. } => Err(NothingToHold),
            Handling::Log {} => Ok(Self::Log {}),
        }
    }
}

impl From<Irregular> for Handling {
    fn from(irregular: Irregular) -> Self {
        match irregular {
            Irregular::Show { priority } => Self::Show { priority },
            Irregular::Log {} => Self::Log {},
        }
    }
}

impl ScheduleRules {
    /// What is out of order about an opening or closing, and what is done about it; `None` when all is as it should be, or
    /// the schedule says nothing of the group. `before` is how the group stood, `after` what has become of it.
    pub(crate) fn judge(
        &self,
        schedule: &Schedule,
        opening: bool,
        before: Option<&AreaState>,
        after: &AreaState,
    ) -> Option<(Irregular, Rule)> {
        let around = schedule.around(after.group, after.since);
        let was_open = before.filter(|before| before.arming == Arming::Disarmed);
        if !opening {
            return self.closing(&around?, schedule, was_open?, after.since);
        }
        if let Some(own) = after.by.and_then(|user| schedule.around_user(user, after.since)) {
            return match own.current {
                None => Some((self.user_open, Rule::UserOpen)),
                Some(_) => was_open.map(|_| (self.open_again, Rule::OpenAgain)),
            };
        }
        let around = around?;
        let Some(current) = around.current else {
            let early =
                |next: Span| schedule.earliest(next.opens).secs_since(after.since) <= i64::from(self.early_open_s);
            return Some(match around.next.is_some_and(early) {
                true => (self.early_open, Rule::EarlyOpen),
                false => (self.unexpected_open, Rule::UnexpectedOpen),
            });
        };
        if was_open.is_some() {
            return Some((self.open_again, Rule::OpenAgain));
        }
        // Whoever opened before in these hours was the first.
        let first = before.is_some_and(|before| before.since < schedule.earliest(current.opens));
        let late = first && after.since > schedule.latest(current.opens);
        late.then_some((self.late_open, Rule::LateOpen))
    }

    /// What is done about an opening by nobody whom the card lists, which may be out of the hours as well: whichever is more urgent.
    pub(crate) fn unlisted(&self, judged: Option<(Irregular, Rule)>) -> (Irregular, Rule) {
        let unlisted = self.unlisted_user.priority();
        let more = |shown: Priority| unlisted.is_none_or(|unlisted| shown.is_above(unlisted));
        judged
            .filter(|(irregular, _)| irregular.priority().is_some_and(more))
            .unwrap_or((self.unlisted_user, Rule::UnlistedUser))
    }

    fn closing(
        &self,
        around: &Around,
        schedule: &Schedule,
        open: &AreaState,
        at: Timestamp,
    ) -> Option<(Irregular, Rule)> {
        match (around.current, around.last) {
            (Some(current), _) => {
                (at < schedule.earliest(current.closes)).then_some((self.early_close, Rule::EarlyClose))
            }
            (None, Some(last)) => {
                (open.since <= schedule.latest(last.closes)).then_some((self.late_close, Rule::LateClose))
            }
            (None, None) => None,
        }
    }
}
