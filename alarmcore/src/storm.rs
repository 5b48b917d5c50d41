//! `Storm`: many accounts of one area that fail at once, as the fold of its records.
//!
//! While a storm groups, mains, line and battery troubles of its area are one incident of each kind instead of one an
//! account. That keeps them from operators' sight, so each account it groups stands in the [`Ledger`] until it has restored,
//! a repair is ordered, or a person accepts it; and no storm is over before that. A storm that a rule declared does nothing
//! but group until a person confirms it. Life safety takes no part in any of this.

mod area;
mod command;
mod decide;
mod event;
mod evolve;
mod ledger;
mod limits;
mod refusal;
mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use area::{Area, AreaOf, Areas, Names};
pub use command::{StormCommand, StormStart};
pub(crate) use decide::fits;
pub use decide::{StormAct, decide_storm};
pub use event::{StormEvent, StormEventKind, StormRecord};
pub use evolve::evolve_storm;
pub use ledger::{Grouped, Ledger, Outage, Settled};
pub use limits::StormLimits;
pub use refusal::StormRefusal;
pub use words::{CaughtUp, StaffAnswer, StormState};

use crate::id::{OperatorId, StormId};
use crate::time::Timestamp;

/// One storm. It holds ids and facts, never free text: that stays with the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storm {
    /// Its number.
    pub id: StormId,
    /// The version of its last record.
    pub version: u32,
    /// Over which accounts.
    pub area: Area,
    /// Where it stands.
    pub state: StormState,
    /// Who declared it; `None` when a rule did.
    pub by: Option<OperatorId>,
    /// When.
    pub declared_at: Timestamp,
    /// How many troubles the rule had counted, and of how many accounts; 0 for a storm that a person declared.
    pub counted: Counted,
    /// When it stops grouping by itself.
    pub until: Timestamp,
    /// Who confirmed it: the one who declared it, or somebody who said that the rule is right.
    pub confirmed_by: Option<OperatorId>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
    /// When staff was called in, the first time.
    pub called_in_at: Option<Timestamp>,
    /// When it stopped grouping.
    pub calm_at: Option<Timestamp>,
    /// The numbers of the answers to the call-in that were heard.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub heard: BTreeSet<String>,
    /// When it ended, with nothing left to catch up on.
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by: Option<OperatorId>,
    /// The second person who agreed to that.
    pub second: Option<OperatorId>,
    /// How many lines of the ledger it ever had.
    pub grouped: u32,
    /// How many of them nobody has caught up on.
    pub left: u32,
    /// What it grouped. A store keeps it apart from the rest.
    #[serde(default, skip_serializing_if = "Ledger::is_empty")]
    pub ledger: Ledger,
    /// The version of the policy when it was declared.
    pub policy: u32,
}

/// What a rule had counted when it declared a storm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Troubles within the window.
    pub signals: u32,
    /// Of so many accounts.
    pub accounts: u32,
}

impl Storm {
    /// Does it group what comes in now?
    pub const fn groups(&self) -> bool {
        matches!(self.state, StormState::Declared | StormState::Confirmed)
    }

    /// Does it do more than group: did a person confirm it, and does it go on?
    pub const fn is_confirmed(&self) -> bool {
        matches!(self.state, StormState::Confirmed)
    }

    /// Is it over, with nothing left to catch up on?
    pub const fn is_over(&self) -> bool {
        self.ended_at.is_some()
    }
}
