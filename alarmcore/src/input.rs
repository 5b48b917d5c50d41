//! Everything that can happen to the desk.

use contactid::AccountNumber;

use crate::account::AccountCard;
use crate::false_calls::FalseCallsCommand;
use crate::follow_up::FollowUpCommand;
use crate::id::{FollowUpId, IncidentId, OperatorId, StormId};
use crate::incident::Command;
use crate::lowered::LoweredCommand;
use crate::operator::OperatorCard;
use crate::presence::Presence;
use crate::report::Received;
use crate::storm::StormCommand;
use crate::test_session::TestCommand;
use crate::time::Timestamp;
use crate::unit::UnitCard;

/// One thing that happens to the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A signal, durable in the log. Each is given once, in the order of the log.
    Signal(Received),
    /// A person does something.
    Act {
        /// When.
        at: Timestamp,
        /// Who.
        by: OperatorId,
        /// The incident.
        incident: IncidentId,
        /// What.
        command: Command,
        /// The second person, for what needs four eyes.
        second: Option<OperatorId>,
    },
    /// A person puts an account on test, or acts on its test.
    Test {
        /// When.
        at: Timestamp,
        /// Who.
        by: OperatorId,
        /// Is that a supervisor? How long a test may last depends on it.
        supervisor: bool,
        /// The account.
        account: AccountNumber,
        /// What.
        command: TestCommand,
        /// The second person, a supervisor, for what needs four eyes.
        second: Option<OperatorId>,
    },
    /// A person makes a follow-up, or acts on one.
    FollowUp {
        /// When.
        at: Timestamp,
        /// Who.
        by: OperatorId,
        /// Which; `None` for a new one.
        follow_up: Option<FollowUpId>,
        /// What.
        command: FollowUpCommand,
    },
    /// What is known now of a person at the desk. Who was never spoken of counts as present.
    Operator {
        /// When.
        at: Timestamp,
        /// Who.
        operator: OperatorId,
        /// What.
        presence: Presence,
    },
    /// A person acts on the false alarms of an account.
    FalseCalls {
        /// When.
        at: Timestamp,
        /// Who.
        by: OperatorId,
        /// The account.
        account: AccountNumber,
        /// What.
        command: FalseCallsCommand,
    },
    /// A person gives a row of the board of lowered protection to somebody, or takes it back.
    Lowered {
        /// When.
        at: Timestamp,
        /// Who.
        by: OperatorId,
        /// The account.
        account: AccountNumber,
        /// What.
        command: LoweredCommand,
    },
    /// A person declares a storm, or acts on one.
    Storm {
        /// When.
        at: Timestamp,
        /// Who.
        by: OperatorId,
        /// Is that a supervisor? Only supervisors declare storms.
        supervisor: bool,
        /// Which storm; `None` for one that is to be declared.
        storm: Option<StormId>,
        /// What.
        command: StormCommand,
        /// The second person, for what needs four eyes.
        second: Option<OperatorId>,
    },
    /// An account's card is new or changed.
    Account(AccountCard),
    /// An account is no longer served.
    AccountClosed(AccountNumber),
    /// A unit's card is new or changed.
    Unit(UnitCard),
    /// The card of a person at the desk is new or changed.
    Person {
        /// When.
        at: Timestamp,
        /// The card.
        card: OperatorCard,
    },
    /// It is this late: deadlines up to here are due.
    Time(Timestamp),
}

impl Input {
    /// When it happens; `None` of what only changes a card.
    pub const fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Signal(received) => Some(received.report.received_at),
            Self::Act { at, .. }
            | Self::Test { at, .. }
            | Self::FollowUp { at, .. }
            | Self::Operator { at, .. }
            | Self::FalseCalls { at, .. }
            | Self::Lowered { at, .. }
            | Self::Storm { at, .. }
            | Self::Person { at, .. }
            | Self::Time(at) => Some(*at),
            Self::Account(_) | Self::AccountClosed(_) | Self::Unit(_) => None,
        }
    }
}
