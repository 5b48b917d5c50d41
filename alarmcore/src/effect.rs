//! What the outside world is asked to do. Each effect belongs to the record before it, and is owed once that is durable.

use std::sync::Arc;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use crate::follow_up::Assignee;
use crate::id::{FollowUpId, IncidentId, SignalId, StormId, TestId, UnitId};
use crate::incident::{Authority, Rank, Telling};
use crate::pack::{ClauseId, Measure};
use crate::policy::OverrideEnd;
use crate::queue::Priority;
use crate::time::Timestamp;

/// One thing to do outside. Performed at least once; whoever performs it recognises a second time by its outbox number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// Call an operator: a new incident, or one that calls again.
    Alert {
        /// The incident.
        incident: IncidentId,
        /// How urgent it is.
        priority: Priority,
    },
    /// Call somebody else, because nobody did in time what was to be done.
    Escalate {
        /// The incident.
        incident: IncidentId,
        /// How urgent it is.
        priority: Priority,
        /// Whom to call.
        to: Rank,
    },
    /// Ask a unit to go.
    Offer {
        /// The incident.
        incident: IncidentId,
        /// The unit.
        unit: UnitId,
        /// When the offer ends.
        until: Timestamp,
    },
    /// Tell a unit that it need not go.
    Recall {
        /// The incident.
        incident: IncidentId,
        /// The unit.
        unit: UnitId,
    },
    /// Tell a unit that has the job what joined, or what somebody says.
    TellUnit {
        /// The incident.
        incident: IncidentId,
        /// The unit.
        unit: UnitId,
        /// Which offer of the incident, counted from 1.
        offer: u16,
        /// The version of the record that says so.
        version: u32,
    },
    /// Hand an incident to an authority.
    HandOff {
        /// The incident.
        incident: IncidentId,
        /// Which hand-off of this incident.
        number: u16,
        /// To whom.
        to: Authority,
    },
    /// Tell the operators what the false alarms of an account have brought, or that a remedy is overdue.
    FalseCalls {
        /// The account.
        account: AccountNumber,
        /// The clause that asks for it.
        clause: ClauseId,
        /// What stands.
        measure: Measure,
    },
    /// Tell whose it is that a follow-up is due.
    FollowUpDue {
        /// The follow-up.
        follow_up: FollowUpId,
        /// Whose it is.
        to: Assignee,
        /// How urgent it is.
        #[serde(default = "least")]
        priority: Priority,
    },
    /// Call somebody else, or once more, because a follow-up is due and not done.
    FollowUpUndone {
        /// The follow-up.
        follow_up: FollowUpId,
        /// Whom to call.
        to: Rank,
        /// How urgent it is.
        priority: Priority,
    },
    /// Tell an authority more about a hand-off, or ask it something.
    TellAuthority {
        /// The incident.
        incident: IncidentId,
        /// Which hand-off of this incident.
        number: u16,
        /// To whom.
        to: Authority,
        /// Which message of this hand-off.
        sequence: u32,
        /// What.
        telling: Telling,
    },
    /// Tell whoever tests, and the operators, that a test ends soon.
    TestEnding {
        /// The test.
        test: TestId,
        /// The account.
        account: AccountNumber,
        /// When it ends.
        until: Timestamp,
    },
    /// Tell those who see to it that a suspension, a log-only agreement or a recurring test ends soon.
    LoweringEnding {
        /// The account.
        account: AccountNumber,
        /// Its number on the card.
        number: u32,
        /// When it ends.
        until: Timestamp,
    },
    /// Tell whoever answers for it that an override of the policy ends soon: from then on the rules that lie under it hold.
    OverrideEnding {
        /// When somebody was to be warned.
        at: Timestamp,
        /// Which, and when it ends.
        #[serde(flatten)]
        end: OverrideEnd,
    },
    /// Send a signal to another centre, which gets it too.
    Forward {
        /// The account.
        account: AccountNumber,
        /// The signal.
        signal: SignalId,
        /// When it was received.
        at: Timestamp,
        /// Where to: the name of the way out.
        to: Arc<str>,
    },
    /// Ask the people of a site that is not closed in time, by machine: those of whom its card says that they may close late.
    AskClosing {
        /// The account.
        account: AccountNumber,
        /// The signal by which the closing was missed: what the answer names.
        signal: SignalId,
        /// By when they are to answer.
        until: Timestamp,
    },
    /// Ask the customer by machine (message, call, application) whether all is well: the account is in a confirmed storm.
    FirstContact {
        /// The incident that the answer belongs to.
        incident: IncidentId,
    },
    /// Call the staff in that stands by.
    CallIn {
        /// The storm that they are wanted for.
        storm: StormId,
    },
}

/// Of those that were owed before follow-ups were more or less urgent.
const fn least() -> Priority {
    Priority::LEAST
}

impl Effect {
    /// Of a warning, when what it speaks of ends: after that it warns of nothing.
    pub const fn ends_at(&self) -> Option<Timestamp> {
        match self {
            Self::TestEnding { until, .. } | Self::LoweringEnding { until, .. } => Some(*until),
            Self::OverrideEnding { end, .. } => Some(end.until),
            Self::Alert { .. }
            | Self::Escalate { .. }
            | Self::Offer { .. }
            | Self::Recall { .. }
            | Self::TellUnit { .. }
            | Self::HandOff { .. }
            | Self::FalseCalls { .. }
            | Self::FollowUpDue { .. }
            | Self::FollowUpUndone { .. }
            | Self::TellAuthority { .. }
            | Self::Forward { .. }
            | Self::AskClosing { .. }
            | Self::FirstContact { .. }
            | Self::CallIn { .. } => None,
        }
    }

    /// The incident that it is about.
    pub const fn incident(&self) -> Option<IncidentId> {
        match self {
            Self::Alert { incident, .. }
            | Self::Escalate { incident, .. }
            | Self::Offer { incident, .. }
            | Self::Recall { incident, .. }
            | Self::TellUnit { incident, .. }
            | Self::HandOff { incident, .. }
            | Self::TellAuthority { incident, .. }
            | Self::FirstContact { incident } => Some(*incident),
            Self::FalseCalls { .. }
            | Self::FollowUpDue { .. }
            | Self::FollowUpUndone { .. }
            | Self::TestEnding { .. }
            | Self::LoweringEnding { .. }
            | Self::OverrideEnding { .. }
            | Self::Forward { .. }
            | Self::AskClosing { .. }
            | Self::CallIn { .. } => None,
        }
    }
}
