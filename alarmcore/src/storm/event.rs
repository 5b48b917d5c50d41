//! What happened to a storm: the facts its journal keeps for ever.

use serde::{Deserialize, Serialize};

use super::Counted;
use super::area::Area;
use super::ledger::Outage;
use super::words::StaffAnswer;
use crate::event::events;
use crate::id::{IncidentId, OperatorId, SignalId, StormId};
use crate::time::Timestamp;

/// One line of a storm's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StormRecord {
    /// The storm: one stream of the journal.
    pub storm: StormId,
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` when a rule, a signal or the time did.
    pub by: Option<OperatorId>,
    /// What happened.
    pub event: StormEvent,
}

events! {
    enum StormEventKind of StormEvent: "What happened to a storm.";
    /// It was declared.
    Declared "declared" "Declared" "进入灾害模式" {
        /// Over which accounts.
        area: Area,
        /// When it stops grouping by itself.
        until: Timestamp,
        /// What the rule had counted; nothing when a person declared it.
        counted: Counted,
        /// The version of the policy in force.
        policy: u32,
        ;
        /// What is known.
        note,
    }
    /// A person says that the rule is right.
    Confirmed "confirmed" "Confirmed" "已确认" {
        /// When it stops grouping by itself now.
        until: Timestamp,
        ;
        /// What is known.
        note,
    }
    /// A person says that the rule is wrong.
    Dismissed "dismissed" "Dismissed" "已否决" {;
        /// Why.
        note,
    }
    /// It goes on for longer.
    Extended "extended" "Extended" "延长" {
        /// When it stops grouping by itself now.
        until: Timestamp,
        ;
        /// Why.
        note,
    }
    /// Its time is over: it groups no more.
    Lapsed "lapsed" "Groups no more" "到时停止合并" {}
    /// Staff is called in.
    CalledIn "called-in" "Staff called in" "召回值班人员" {;
        /// What they are told.
        note,
    }
    /// Somebody who was called in answered, or was not reached.
    StaffAnswered "staff-answered" "Staff answered" "值班人员答复" {
        /// What.
        answer: StaffAnswer,
        /// The number of the message that it came in, by which it is recognised when it comes again; none of what a person heard.
        message: Option<String>,
        ;
        /// Who, and what else was said.
        note,
    }
    /// A signal was grouped.
    Grouped "grouped" "Grouped" "合并" {
        /// What failed, and where.
        outage: Outage,
        /// The signal.
        signal: SignalId,
        /// When it was received.
        since: Timestamp,
    }
    /// What failed there has restored.
    Restored "restored" "Restored" "已恢复" {
        /// What failed, and where.
        outage: Outage,
        /// The signal that says so.
        signal: SignalId,
    }
    /// A repair is ordered.
    Ordered "ordered" "Repair ordered" "已报修" {
        /// What failed, and where.
        outage: Outage,
        /// The order.
        reference: String,
    }
    /// A person accepts how it stands.
    Accepted "accepted" "Accepted" "人工确认" {
        /// What failed, and where.
        outage: Outage,
        ;
        /// Why it can stay so.
        note,
    }
    /// The storm is dismissed: an incident of its own shows it.
    Shown "shown" "Shown by itself" "单独显示" {
        /// What failed, and where.
        outage: Outage,
        /// The incident.
        incident: IncidentId,
    }
    /// It ended: everything is caught up on, and two persons say so.
    Ended "ended" "Ended" "结束灾害模式" {
        /// The second person.
        second: OperatorId,
        ;
        /// A last word.
        note,
    }
}

impl StormEvent {
    /// The line of the ledger that it is about.
    pub const fn outage(&self) -> Option<Outage> {
        match self {
            Self::Grouped { outage, .. }
            | Self::Restored { outage, .. }
            | Self::Ordered { outage, .. }
            | Self::Accepted { outage, .. }
            | Self::Shown { outage, .. } => Some(*outage),
            Self::Declared { .. }
            | Self::Confirmed { .. }
            | Self::Dismissed { .. }
            | Self::Extended { .. }
            | Self::Lapsed {}
            | Self::CalledIn { .. }
            | Self::StaffAnswered { .. }
            | Self::Ended { .. } => None,
        }
    }
}
