//! What happened to a test session: the facts its journal keeps for ever.

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use super::words::TestReason;
use crate::event::events;
use crate::id::{ContactId, IncidentId, OperatorId, TestId};
use crate::time::Timestamp;

const fn is_false(flag: &bool) -> bool {
    !*flag
}

pub(super) const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// One line of a test session's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRecord {
    /// The session: one stream of the journal.
    pub test: TestId,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when the time did.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: TestEvent,
}

events! {
    enum TestEventKind of TestEvent: "What happened to a test session.";
    /// The account was put on test.
    Started "started" "On test" "进入测试" {
        /// The account.
        account: AccountNumber,
        /// What is tested.
        scope: Scope,
        /// When it ends by itself.
        until: Timestamp,
        /// When somebody is to be warned.
        warn_at: Timestamp,
        /// Why.
        reason: TestReason,
        /// Who asked for it, of those on the call list.
        contact: Option<ContactId>,
        /// Did they say the right codeword?
        proved: bool,
        /// The version of the policy in force.
        policy: u32,
        /// Who else agreed, where somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,
        /// The number on the card of the agreement to test again and again that it came of.
        #[serde(default, skip_serializing_if = "Option::is_none")] agreed: Option<u32>,
        /// For how many seconds the account was on test before, where that ended so lately that this goes on from it.
        #[serde(default, skip_serializing_if = "is_zero")] before_s: u32,
        /// The open incident with people in danger that it goes on beside, as whoever agreed knew.
        #[serde(default, skip_serializing_if = "Option::is_none")] danger: Option<IncidentId>,
        ;
        /// Who asked for it, where that is nobody on the call list.
        asked_by,
        /// What else is to be known.
        note,
    }
    /// It goes on for longer.
    Extended "extended" "Extended" "延长" {
        /// When it ends by itself now.
        until: Timestamp,
        /// When somebody is to be warned.
        warn_at: Timestamp,
        /// Who asked for it, of those on the call list.
        #[serde(default, skip_serializing_if = "Option::is_none")] contact: Option<ContactId>,
        /// Did they say the right codeword?
        #[serde(default, skip_serializing_if = "is_false")] proved: bool,
        /// Who else agreed, where somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,
        /// The open incident with people in danger that it goes on beside, as whoever agreed knew.
        #[serde(default, skip_serializing_if = "Option::is_none")] danger: Option<IncidentId>,
        ;
        /// Why.
        note,
    }
    /// It ends soon.
    Warned "warned" "About to end" "即将到时" {}
    /// A person ended it.
    Ended "ended" "Ended" "结束测试" {
        /// How many signals the account had sent in all: what came after is counted anew by the rules on runaway panels.
        signals: u64,
        ;
        /// A last word.
        note,
    }
    /// It was at its limit and ended by itself.
    Expired "expired" "Ended at its limit" "到时自动恢复" {
        /// How many signals the account had sent in all.
        signals: u64,
    }
}
