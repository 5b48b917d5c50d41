//! A hand-over from one shift to the next, as both signed it.

use alarmcore::{OperatorId, Timestamp};
use serde::{Deserialize, Serialize};

/// Two people agreed on one list: the record of a change of shift. It is written once and never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHandover {
    /// Which hand-over, from 1; 0 for one that is not stored yet.
    pub number: u32,
    /// When both had signed.
    pub at: Timestamp,
    /// Who went.
    pub from: OperatorId,
    /// Who came; not the same person.
    pub to: OperatorId,
    /// The last journal entry that the list knew of.
    pub as_of: u64,
    /// SHA-256 of the list that both saw, in hexadecimal.
    pub list: String,
    /// The very text that both signed, of which `list` is the digest: ids and facts, a line each. Empty only in records of
    /// before it was kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What had changed of it between showing and signing, a line each: `+` what came, `-` what it was or what is over. It is with both:
    /// the one who went was there, and the one who came has not signed for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub since: String,
    /// How many incidents were open.
    pub open: u32,
    /// What the one who went had to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
