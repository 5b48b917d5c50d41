//! The order operators see: priority, then age, then number; and the colour a waiting incident takes.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::id::IncidentId;
use crate::time::Timestamp;
use crate::words::words;

/// How urgent: 1 (life safety) to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u8")]
pub struct Priority(u8);

/// The number is not 1 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a priority is 1 to 10, not {0}")]
pub struct NotAPriority(pub i64);

impl Priority {
    /// Fire, hold-up, duress, medical, gas.
    pub const LIFE_SAFETY: Self = Self(1);
    /// The least urgent.
    pub const LEAST: Self = Self(10);

    /// The priority of this number, 1 to 10; numbers beyond either end become that end.
    pub const fn clamped(number: u8) -> Self {
        match number {
            0 => Self(1),
            1..=10 => Self(number),
            _ => Self(10),
        }
    }

    /// The number, 1 to 10.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Is this more urgent than the other?
    pub const fn is_above(self, other: Self) -> bool {
        self.0 < other.0
    }
}

impl TryFrom<i64> for Priority {
    type Error = NotAPriority;

    fn try_from(number: i64) -> Result<Self, NotAPriority> {
        let known = u8::try_from(number).ok().filter(|number| (1..=10).contains(number));
        known.map(Self).ok_or(NotAPriority(number))
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Where an incident stands in the queue: smaller is nearer to the top. Nothing else counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueKey {
    /// First, how urgent.
    pub priority: Priority,
    /// Then, which is older.
    pub opened_at: Timestamp,
    /// Then, which was opened first.
    pub id: IncidentId,
}

words! {
    /// How long an incident has been calling for somebody.
    Ageing {
        /// Within the time that the policy gives.
        Fresh "fresh" "Fresh" "正常",
        /// It should have been taken by now.
        Warning "warning" "Warning" "超时预警",
        /// It is overdue.
        Critical "critical" "Critical" "严重超时",
    }
}
