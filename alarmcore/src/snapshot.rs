//! Everything a desk knows, as rows of a store: a desk made from it stands exactly where the other stood.

use std::collections::{BTreeMap, BTreeSet};

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use crate::account::{AccountCard, AccountState, Hidden, UnseenTrips};
use crate::attention::Attention;
use crate::disposition::Rule;
use crate::false_calls::FalseCalls;
use crate::follow_up::FollowUp;
use crate::id::{FollowUpId, IncidentId, OperatorId, SignalId, StormId, TestId};
use crate::incident::Incident;
use crate::lowered::Lowered;
use crate::operator::OperatorCard;
use crate::policy::{OverrideEnd, wait_of};
use crate::report::Received;
use crate::source::{SignalSource, ToldSources};
use crate::storm::{Area, Storm};
use crate::test_session::{Scope, TestSession};
use crate::time::Timestamp;
use crate::unit::UnitCard;

/// What a desk has to be told to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The cards of all accounts.
    pub accounts: Vec<AccountCard>,
    /// The states of the accounts that were ever heard.
    pub states: Vec<AccountState>,
    /// The trips that nobody was shown, in the order of those of the states.
    #[serde(default)]
    pub unseen: Vec<UnseenTrips>,
    /// What stands and nobody was shown, in the order of the states. What of it the rules show is shown where the centre was
    /// [started](Self::started) since.
    #[serde(default)]
    pub hidden: Vec<Hidden>,
    /// The accounts whose cards were told since the desk heard the time, and whose rules may show what is hidden. A store need not keep
    /// it: a centre that is started looks at all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unsettled: BTreeSet<AccountNumber>,
    /// The incidents that are not closed.
    pub incidents: Vec<Incident>,
    /// The signals whose last disposition is that they are held.
    pub held: Vec<Held>,
    /// The tests that are not over.
    pub tests: Vec<TestSession>,
    /// How an account stood when its last test was over.
    pub returned: BTreeMap<AccountNumber, Returned>,
    /// The closed incidents of which something still stands and is to restore.
    #[serde(default)]
    pub awaited: Vec<Incident>,
    /// The follow-ups that are not done.
    #[serde(default)]
    pub follow_ups: Vec<FollowUp>,
    /// When those who are silent count as gone. A store need not keep it: whoever starts a desk anew tells it who is there.
    #[serde(default)]
    pub silent: BTreeMap<OperatorId, Timestamp>,
    /// The false alarms of the accounts that have any, where a rule counts them.
    #[serde(default)]
    pub false_calls: Vec<FalseCalls>,
    /// What is kept of the accounts of which something lowers the protection by agreement, or whose rows are somebody's.
    #[serde(default)]
    pub lowered: Vec<Lowered>,
    /// When overrides of the policy ended, as far as the desk has come: what ended later ends when it starts anew.
    #[serde(default)]
    pub ended: BTreeSet<Timestamp>,
    /// Of which ends of overrides somebody was warned.
    #[serde(default)]
    pub warned: BTreeSet<OverrideEnd>,
    /// The storms that are not over.
    #[serde(default)]
    pub storms: Vec<Storm>,
    /// What failed within the window of the latest failure, by time: what a rule declares storms by.
    #[serde(default)]
    pub failures: Vec<Failure>,
    /// When a storm of an area last stopped grouping.
    #[serde(default)]
    pub calmed: Vec<Calmed>,
    /// All units.
    pub units: Vec<UnitCard>,
    /// The people at the desk.
    #[serde(default)]
    pub operators: Vec<OperatorCard>,
    /// Who of them is there. A store need not keep it, as with those who are silent.
    #[serde(default)]
    pub present: BTreeSet<OperatorId>,
    /// Who acted when on incidents, and let an offer pass since.
    #[serde(default)]
    pub attention: BTreeMap<OperatorId, Attention>,
    /// The strange sources of accounts that operators were told of lately.
    #[serde(default)]
    pub told_sources: BTreeMap<AccountNumber, ToldSources>,
    /// Where the last signal of each account came from. Asked for only where the policy tells of another one.
    #[serde(default)]
    pub last_sources: BTreeMap<AccountNumber, SignalSource>,
    /// When the centre was started, or its store could be written again: who was asked before that has the whole time again. A store
    /// need not keep it: whoever starts a desk anew says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
    /// The number of the next incident: one more than the last ever opened.
    pub next_incident: IncidentId,
    /// The number of the next test: one more than the last ever begun.
    pub next_test: TestId,
    /// The number of the next follow-up: one more than the last ever made.
    #[serde(default = "first_follow_up")]
    pub next_follow_up: FollowUpId,
    /// The number of the next storm: one more than the last ever declared.
    #[serde(default = "first_storm")]
    pub next_storm: StormId,
}

const fn first_follow_up() -> FollowUpId {
    FollowUpId::new(1)
}

const fn first_storm() -> StormId {
    StormId::new(1)
}

impl Default for Snapshot {
    /// A centre on its first day.
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            states: Vec::new(),
            unseen: Vec::new(),
            hidden: Vec::new(),
            unsettled: BTreeSet::new(),
            incidents: Vec::new(),
            held: Vec::new(),
            tests: Vec::new(),
            returned: BTreeMap::new(),
            awaited: Vec::new(),
            follow_ups: Vec::new(),
            silent: BTreeMap::new(),
            false_calls: Vec::new(),
            lowered: Vec::new(),
            ended: BTreeSet::new(),
            warned: BTreeSet::new(),
            storms: Vec::new(),
            failures: Vec::new(),
            calmed: Vec::new(),
            units: Vec::new(),
            operators: Vec::new(),
            present: BTreeSet::new(),
            attention: BTreeMap::new(),
            told_sources: BTreeMap::new(),
            last_sources: BTreeMap::new(),
            started: None,
            next_incident: IncidentId::new(1),
            next_test: TestId::new(1),
            next_follow_up: first_follow_up(),
            next_storm: first_storm(),
        }
    }
}

/// How an account stood when its last test was over. What it sent while it was tested is held against it no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// How many signals it had sent in all.
    pub signals: u64,
    /// What it covered.
    #[serde(default)]
    pub scope: Scope,
    /// For how many seconds it had been on test, with the tests that the last one went on from.
    #[serde(default)]
    pub tested_s: u32,
}

/// An account lost its mains or a path, or has a low battery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// The signal.
    pub signal: SignalId,
    /// The account.
    pub account: AccountNumber,
}

/// When a storm of an area last stopped grouping: what failed before is no reason for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calmed {
    /// The area.
    pub area: Area,
    /// When.
    pub at: Timestamp,
}

/// A signal that waits: for its restore, for an answer, or for a cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The signal.
    pub received: Received,
    /// When it is shown after all.
    pub until: Timestamp,
}

impl Held {
    /// The rule that its class waits by.
    pub(crate) fn waits_by(&self) -> Rule {
        self.received.report.signal.as_ref().map_or(Rule::RestoreWait, |signal| wait_of(signal.class()))
    }
}
