//! What happened to the lowered protection of an account: the facts its journal keeps for ever.

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use super::{LoweredThing, Lowering};
use crate::event::events;
use crate::follow_up::Assignee;
use crate::id::OperatorId;
use crate::time::Timestamp;

/// One line of the journal of an account's lowered protection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoweredRecord {
    /// The account: one stream of the journal.
    pub account: AccountNumber,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when the time did.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: LoweredEvent,
}

events! {
    enum LoweredEventKind of LoweredEvent: "What happened to the lowered protection of an account.";
    /// A suspension or log-only agreement is in force from now on.
    Began "began" "In force" "开始生效" {
        /// Which, as the card says it.
        lowering: Lowering,
    }
    /// It ends soon.
    Warned "warned" "Ends soon" "即将到期" {
        /// Its number on the card.
        number: u32,
        /// When.
        until: Timestamp,
    }
    /// It is over.
    Ended "ended" "Over" "到期结束" {
        /// Its number on the card.
        number: u32,
    }
    /// A row of the board was given to somebody.
    Assigned "assigned" "Assigned" "指派" {
        /// Which row.
        thing: LoweredThing,
        /// To whom.
        to: Assignee,
        ;
        /// What is to be done.
        note,
    }
    /// It is nobody's own any more.
    Unassigned "unassigned" "No longer assigned" "撤销指派" {
        /// Which row.
        thing: LoweredThing,
        ;
        /// Why.
        note,
    }
}
