//! What the centre would itself have reported under the new policy: tests, openings and closings that did not come in time, or came
//! after all. The old desk hears what is recorded; the new one hears, of an account whose rules about that differ, what its own
//! deadlines make of its signals.
//!
//! A report that both make of the same thing goes by one number, whoever makes it first, so that the two are compared as one. One that
//! only the new policy makes has a [`SignalId::is_anew`] number.

use std::collections::BTreeMap;

use contactid::{AccountNumber, Code, Qualifier};

use super::course::Course;
use super::{Opening, Past, PastAct};
use crate::expect::{EXPECTATION, Edge, ExpectationRules, Expected};
use crate::id::SignalId;
use crate::lowered::LoweredEvent;
use crate::policy::Policy;
use crate::report::{Marks, Received, Report};
use crate::supervise::Supervision;
use crate::time::Timestamp;

/// What one report is about.
type About = (AccountNumber, Code, Option<u16>, Qualifier);

/// A report that one of the two has heard, and the other has not.
#[derive(Clone, Copy, Debug)]
struct Said {
    id: SignalId,
    by_new: bool,
}

/// What the new policy makes of it.
#[derive(Debug)]
pub(super) struct Anew {
    supervision: Supervision,
    /// The accounts that nothing has been planned of yet.
    unplanned: Vec<AccountNumber>,
    made: u64,
    said: BTreeMap<About, Said>,
    /// The recorded numbers of reports that the new policy made first, by the numbers they go by here, and the other way round.
    recorded: BTreeMap<SignalId, SignalId>,
    known_as: BTreeMap<SignalId, SignalId>,
    /// How many recorded ones the new desk did not hear, and how many it made itself.
    pub(super) left_out: u64,
    pub(super) reports: u64,
}

/// The keys that say when such a report is made. Of lines that fall silent nothing is known but that they did.
pub(super) const fn makes(rules: &ExpectationRules) -> ExpectationRules {
    ExpectationRules { heartbeats_missed: 0, restart_grace_s: 0, ..*rules }
}

/// The account of a report that the centre makes of tests, openings and closings.
fn of_centre(report: &Report) -> Option<(AccountNumber, About)> {
    let of_rules = report.marks.contains(Marks::SUPERVISION) && report.token != EXPECTATION;
    let (account, signal) = (report.account?, report.signal.as_ref().filter(|_| of_rules)?);
    match Expected::of(signal.code)? {
        Expected::Test | Expected::Closing | Expected::Opening => {
            Some((account, (account, signal.code, signal.group, signal.qualifier)))
        }
        Expected::Heartbeat | Expected::Event => None,
    }
}

impl Anew {
    pub(super) fn new(policy: &Policy, accounts: impl Iterator<Item = AccountNumber>) -> Self {
        Self {
            // Nobody knows when the centre was started: it is taken to have run all the time.
            supervision: Supervision::new(&policy.expect, Timestamp::from_millis(i64::MIN)),
            unplanned: accounts.collect(),
            made: 0,
            said: BTreeMap::new(),
            recorded: BTreeMap::new(),
            known_as: BTreeMap::new(),
            left_out: 0,
            reports: 0,
        }
    }

    /// Does the new policy make its own reports of this account?
    fn is_of(account: AccountNumber, old: &Course, new: &Course) -> bool {
        let rules = |course: &Course| makes(&course.policy_of(account).expect);
        rules(old) != rules(new)
    }

    /// What both desks hear in place of this: with the number by which a recorded report goes here.
    pub(super) fn known(&self, past: &Past) -> Option<Past> {
        match past {
            Past::Act(act) => {
                let signal = *self.known_as.get(&act.on.signal)?;
                Some(Past::Act(PastAct { on: Opening { signal, ..act.on }, ..act.clone() }))
            }
            Past::Closing(record) => {
                let mut record = record.clone();
                let (LoweredEvent::ClosingAnswered { signal, .. } | LoweredEvent::ClosingOver { signal, .. }) =
                    &mut record.event
                else {
                    return None;
                };
                *signal = *self.known_as.get(signal)?;
                Some(Past::Closing(record))
            }
            _ => None,
        }
    }

    /// The number that a signal goes by here.
    pub(super) fn known_as(&self, signal: SignalId) -> SignalId {
        self.known_as.get(&signal).copied().unwrap_or(signal)
    }

    /// The recorded number of what goes by this one here.
    pub(super) fn recorded_as(&self, signal: SignalId) -> SignalId {
        self.recorded.get(&signal).copied().unwrap_or(signal)
    }

    /// A recorded report that the new desk does not hear, because it makes its own: with the number that it goes by here.
    pub(super) fn leaves_out(&mut self, received: &Received, (old, new): (&Course, &Course)) -> Option<Received> {
        let (account, about) = of_centre(&received.report)?;
        if !Self::is_of(account, old, new) {
            return None;
        }
        self.left_out += 1;
        let id = self.id_of(about, false, received.id);
        if id != received.id {
            self.recorded.insert(id, received.id);
            self.known_as.insert(received.id, id);
        }
        Some(Received { id, ..received.clone() })
    }

    /// The number of a report that one of the two makes: that of the other's, where it has made the same and this one has not yet.
    fn id_of(&mut self, about: About, by_new: bool, own: SignalId) -> SignalId {
        // What came after all ends what was missing, and the other way round.
        let (account, code, group, qualifier) = about;
        let opposite = if qualifier == Qualifier::New { Qualifier::Restore } else { Qualifier::New };
        if self.said.get(&(account, code, group, opposite)).is_some_and(|said| said.by_new == by_new) {
            self.said.remove(&(account, code, group, opposite));
        }
        match self.said.remove(&about) {
            Some(said) if said.by_new != by_new => said.id,
            _ => {
                self.said.insert(about, Said { id: own, by_new });
                own
            }
        }
    }

    /// What the new desk hears next that fell due before `at`, or at that moment where `through` says so.
    pub(super) fn next(&mut self, at: Timestamp, through: bool) -> Option<Vec<Received>> {
        let due = self.supervision.next().filter(|due| *due < at || (through && *due == at))?;
        let edges = self.supervision.poll(due);
        Some(edges.iter().filter_map(|edge| self.received(edge)).collect())
    }

    fn received(&mut self, edge: &Edge) -> Option<Received> {
        let report = edge.report();
        let (_, about) = of_centre(&report)?;
        self.reports += 1;
        self.made += 1;
        let own = SignalId::anew(self.made);
        Some(Received { id: self.id_of(about, true, own), report })
    }

    /// Plans anew what is expected of accounts that something has changed of; the first time of all.
    pub(super) fn plan(&mut self, touched: Vec<AccountNumber>, at: Timestamp, (old, new): (&Course, &Course)) {
        for account in std::mem::take(&mut self.unplanned).into_iter().chain(touched) {
            let edges = if Self::is_of(account, old, new) { new.expected(account, at) } else { Vec::new() };
            self.supervision.plan(account, &edges, at);
        }
    }
}
