//! The catch-up ledger: what a storm grouped, a line for each account and kind of trouble.

use std::collections::BTreeMap;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use super::words::CaughtUp;
use crate::id::{IncidentId, OperatorId, SignalId};
use crate::incident::Kind;
use crate::time::Timestamp;

/// What failed, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Outage {
    /// The account.
    pub account: AccountNumber,
    /// Mains power, battery or communication.
    pub kind: Kind,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouped {
    /// What failed, and where.
    #[serde(flatten)]
    pub outage: Outage,
    /// The first signal that was grouped.
    pub first: SignalId,
    /// When it was received.
    pub since: Timestamp,
    /// The last signal that was grouped.
    pub last: SignalId,
    /// How many.
    pub signals: u32,
    /// How it was caught up on; `None` while nobody has.
    pub settled: Option<Settled>,
}

/// How a line of the ledger was caught up on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// How.
    pub how: CaughtUp,
    /// When.
    pub at: Timestamp,
    /// By whom; `None` when it restored.
    pub by: Option<OperatorId>,
    /// The signal that restored it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<SignalId>,
    /// The incident that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// The order for its repair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// All lines, by account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Grouped>", into = "Vec<Grouped>")]
pub struct Ledger(BTreeMap<Outage, Grouped>);

impl Ledger {
    /// Is nothing in it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The line of one account.
    pub fn line(&self, outage: Outage) -> Option<&Grouped> {
        self.0.get(&outage)
    }

    /// All of them, by account.
    pub fn lines(&self) -> impl Iterator<Item = &Grouped> {
        self.0.values()
    }

    /// Those that nobody has caught up on.
    pub fn left(&self) -> impl Iterator<Item = &Grouped> {
        self.lines().filter(|line| line.settled.is_none())
    }

    /// Puts a line in, in the place of what it had of the same.
    pub fn put(&mut self, line: Grouped) {
        self.0.insert(line.outage, line);
    }

    pub(super) fn line_mut(&mut self, outage: Outage) -> Option<&mut Grouped> {
        self.0.get_mut(&outage)
    }
}

impl From<Vec<Grouped>> for Ledger {
    fn from(lines: Vec<Grouped>) -> Self {
        Self(lines.into_iter().map(|line| (line.outage, line)).collect())
    }
}

impl From<Ledger> for Vec<Grouped> {
    fn from(ledger: Ledger) -> Self {
        ledger.0.into_values().collect()
    }
}
