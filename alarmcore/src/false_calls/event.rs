//! What happened about the false alarms of an account: the facts its journal keeps for ever.

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::id::{IncidentId, OperatorId};
use crate::incident::Kind;
use crate::pack::{ClauseId, Measure};
use crate::time::Timestamp;

/// One line of the journal of an account's false alarms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseCallsRecord {
    /// The account: one stream of the journal.
    pub account: AccountNumber,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when it follows from what happened, or from the time.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: FalseCallsEvent,
}

events! {
    enum FalseCallsEventKind of FalseCallsEvent: "What happened about the false alarms of an account.";
    /// A false alarm was counted.
    Counted "counted" "False alarm counted" "计入误报" {
        /// The incident.
        incident: IncidentId,
        /// When it was opened.
        opened_at: Timestamp,
        /// What it was about.
        kind: Kind,
        /// Were the police called to it?
        police: bool,
        /// When they were last called to it; `None` where they were not, and of what was counted before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")] called_at: Option<Timestamp>,
        /// The version of the policy in force.
        policy: u32,
    }
    /// It brought a measure.
    Imposed "imposed" "Measure" "采取措施" {
        /// The clause that asks for it.
        clause: ClauseId,
        /// Which.
        measure: Measure,
        /// How many calls brought it.
        calls: u32,
        /// When its remedy is to be proved.
        until: Option<Timestamp>,
        /// The version of the policy in force.
        policy: u32,
    }
    /// A person recorded the proof of a remedy.
    Proved "proved" "Remedy proved" "登记整改证明" {
        /// The number of the work order or report.
        reference: String,
        ;
        /// What was done.
        note,
    }
    /// The remedy was not proved in time.
    Overdue "overdue" "Remedy overdue" "整改逾期" {
        /// The clause that asks for it.
        clause: ClauseId,
    }
    /// The measure does not stand any more.
    Lifted "lifted" "Measure lifted" "解除措施" {
        /// The clause that asked for it.
        clause: ClauseId,
        /// Do the calls before it not count any more?
        clears: bool,
    }
}
