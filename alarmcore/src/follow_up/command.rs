//! What a person can ask of a follow-up. Flat and plain, so that a form or a JSON body is one of these.

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use crate::id::{IncidentId, OperatorId};
use crate::incident::Rank;

/// One act, as `{"act": "create", "incident": 7, "rank": "supervisor", "minutes": 60, "note": "call the owner again"}`.
///
/// `note` is free text that may hold personal details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FollowUpCommand {
    /// Make one: about an incident or an account, to a person or a rank.
    Create {
        /// The incident it is about, open or closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        incident: Option<IncidentId>,
        /// Or the account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<AccountNumber>,
        /// Whose it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operator: Option<OperatorId>,
        /// Or anybody of this rank.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<Rank>,
        /// Due so many minutes from now.
        minutes: u32,
        /// What is to be done; mandatory.
        #[serde(default)]
        note: Option<String>,
    },
    /// Give it to somebody else, or another time.
    Reassign {
        /// Whose it is now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operator: Option<OperatorId>,
        /// Or anybody of this rank.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<Rank>,
        /// Due so many minutes from now; when it was due before, where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<u32>,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// It is done.
    Done {
        /// What came of it.
        #[serde(default)]
        note: Option<String>,
    },
}
