//! What a person can ask of a storm. Flat and plain, so that a form or a JSON body is one of these.

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use super::area::AreaOf;
use super::words::StaffAnswer;
use crate::incident::Kind;

/// One act on a storm, as `{"act": "declare", "area": "district", "name": "East", "minutes": 120, "call_in": true}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StormCommand {
    /// Declare one. Supervisors only.
    Declare(StormStart),
    /// The rule that declared it is right: from now on it does more than group.
    Confirm {
        /// It goes on for so many minutes from now; as long as the rule says when nothing is said.
        #[serde(default)]
        minutes: Option<u32>,
        /// Call staff in too.
        #[serde(default)]
        call_in: bool,
        /// What is known.
        #[serde(default)]
        note: Option<String>,
    },
    /// The rule that declared it is wrong: what it grouped and still stands is shown.
    Dismiss {
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// Let it go on until so many minutes from now.
    Extend {
        /// How many.
        minutes: u32,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// Call staff in.
    CallIn {
        /// What to tell them.
        #[serde(default)]
        note: Option<String>,
    },
    /// Somebody who was called in answers, or was not reached. Whoever or whatever hears it may say so.
    AnswerCallIn {
        /// What.
        answer: StaffAnswer,
        /// The number of the message that it came in; none of what a person heard.
        #[serde(default)]
        message: Option<String>,
        /// Who, and what else was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// A repair of this account is ordered.
    Order {
        /// The account.
        account: AccountNumber,
        /// What failed there.
        kind: Kind,
        /// The order, by which it can be found; mandatory.
        #[serde(default)]
        reference: Option<String>,
    },
    /// A person has looked at this account and accepts how it stands.
    Accept {
        /// The account.
        account: AccountNumber,
        /// What failed there.
        kind: Kind,
        /// Why it can stay so; mandatory.
        #[serde(default)]
        note: Option<String>,
    },
    /// End it: everything it grouped is caught up on. A second person agrees.
    End {
        /// A last word.
        #[serde(default)]
        note: Option<String>,
    },
}

/// Over which accounts, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StormStart {
    /// What its accounts have in common.
    pub area: AreaOf,
    /// The name on their cards; nothing for all accounts.
    #[serde(default)]
    pub name: Option<String>,
    /// For how many minutes; the policy's default when nothing is said.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// Call staff in too.
    #[serde(default)]
    pub call_in: bool,
    /// What is known.
    #[serde(default)]
    pub note: Option<String>,
}

impl StormCommand {
    /// May only a supervisor do this?
    pub const fn needs_supervisor(&self) -> bool {
        matches!(self, Self::Declare(_))
    }

    /// Must a second person agree?
    pub const fn needs_second(&self) -> bool {
        matches!(self, Self::End { .. })
    }
}
