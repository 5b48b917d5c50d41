//! `FalseCalls`: the false alarms of one account, and the measures that they have brought, as the fold of its records.
//!
//! The rules of police forces on false calls are one pattern: count in a window, warn, ask for a remedy, withdraw the
//! response, reinstate it with proof. What counts, for how long and what it brings stand in the clauses of rule packs
//! ([`FalseCallRule`]); an account has a state only once a false alarm of it was counted.

mod command;
mod consequence;
mod event;
mod evolve;

use std::collections::BTreeMap;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

pub(crate) use command::decide;
pub use command::{FalseCallsCommand, FalseCallsRefusal};
pub(crate) use consequence::{consequence, next_due, withdrawn};
pub use event::{FalseCallsEvent, FalseCallsEventKind, FalseCallsRecord};
pub use evolve::evolve_false_calls;

use crate::id::IncidentId;
use crate::incident::Kind;
use crate::pack::{ClauseId, Counts, FalseCallRule, Measure, ProofNeed};
use crate::time::Timestamp;

/// The false alarms of one account, and what they brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseCalls {
    /// The account.
    pub account: AccountNumber,
    /// The version of its last record.
    pub version: u32,
    /// The false alarms, oldest first: at most [`FalseCalls::KEPT`], none much older than a year.
    pub calls: Vec<FalseCall>,
    /// What stands, by the clause that asks for it.
    pub standing: BTreeMap<ClauseId, Imposed>,
    /// Calls up to here do not count any more: a measure was lifted then.
    pub cleared_at: Option<Timestamp>,
    /// When a remedy was last proved.
    pub proved_at: Option<Timestamp>,
    /// By what: the number of a work order or report.
    pub reference: Option<String>,
}

/// One false alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseCall {
    /// The incident.
    pub incident: IncidentId,
    /// When it was opened.
    pub at: Timestamp,
    /// What it was about.
    pub kind: Kind,
    /// Were the police called to it?
    pub police: bool,
    /// When they were last called to it; `None` where they were not, and of what was counted before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_at: Option<Timestamp>,
}

/// A measure that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imposed {
    /// Which.
    pub measure: Measure,
    /// Since when.
    pub since: Timestamp,
    /// How many calls brought it.
    pub calls: u32,
    /// When its remedy is to be proved.
    pub until: Option<Timestamp>,
    /// When that was over.
    pub overdue_at: Option<Timestamp>,
}

impl FalseCalls {
    /// How many false alarms are kept: no rule counts more.
    pub const KEPT: usize = 64;
    /// For how long they are kept, in seconds: the longest window and a day.
    const KEPT_S: i64 = 367 * 86_400;

    pub(crate) const fn new(account: AccountNumber) -> Self {
        Self {
            account,
            version: 0,
            calls: Vec::new(),
            standing: BTreeMap::new(),
            cleared_at: None,
            proved_at: None,
            reference: None,
        }
    }

    /// The calls that count for this rule at `now`, oldest first.
    pub fn counted<'a>(&'a self, rule: &'a FalseCallRule, now: Timestamp) -> impl Iterator<Item = &'a FalseCall> {
        self.of(rule).filter(move |call| rule.window.ends(call.at) > now)
    }

    /// The most calls that count together with that of this incident: those of one window which holds it, however long afterwards
    /// it was found false.
    fn together(&self, rule: &FalseCallRule, incident: IncidentId) -> usize {
        let Some(found) = self.of(rule).find(|call| call.incident == incident) else { return 0 };
        let in_one_window =
            |first: &FalseCall, last: &FalseCall| first.at <= last.at && rule.window.ends(first.at) > last.at;
        let lasts = self.of(rule).filter(|last| in_one_window(found, last));
        lasts.map(|last| self.of(rule).filter(|call| in_one_window(call, last)).count()).max().unwrap_or(0)
    }

    /// The calls that this rule is about and that were not cleared, whether their window is over or not.
    fn of<'a>(&'a self, rule: &'a FalseCallRule) -> impl DoubleEndedIterator<Item = &'a FalseCall> {
        let proved = self.proved_at.filter(|_| rule.proof == ProofNeed::Clears);
        let after = self.cleared_at.max(proved);
        let counts = move |call: &&FalseCall| call.police || rule.counts == Counts::All;
        // Windows go by the opening. What was proved before the police were called did not keep them from coming for nothing.
        let later = move |call: &&FalseCall| after.is_none_or(|after| call.called_at.unwrap_or(call.at) > after);
        self.calls.iter().filter(counts).filter(later).filter(|call| rule.is_about(call.kind))
    }
}
