//! `Desk`: routes inputs to accounts and incidents, keeps the queue and the deadlines, owns the drain.

use std::collections::{BTreeMap, VecDeque};

use contactid::AccountNumber;

use crate::account::{AccountCard, AccountState};
use crate::id::{IncidentId, SignalId, UnitId};
use crate::incident::Incident;
use crate::input::Input;
use crate::output::Output;
use crate::policy::Policy;
use crate::snapshot::{Held, Snapshot};
use crate::unit::UnitCard;

/// The desk of one alarm centre.
#[derive(Clone, Debug)]
pub struct Desk {
    policy: Policy,
    cards: BTreeMap<AccountNumber, AccountCard>,
    states: BTreeMap<AccountNumber, AccountState>,
    incidents: BTreeMap<IncidentId, Incident>,
    held: BTreeMap<SignalId, Held>,
    units: BTreeMap<UnitId, UnitCard>,
    next_incident: IncidentId,
    outputs: VecDeque<Output>,
}

impl Desk {
    /// The desk of a centre on its first day.
    pub fn new(policy: Policy) -> Self {
        Self::restore(policy, Snapshot::default())
    }

    /// A desk that stands exactly where the one stood that the snapshot was taken of.
    pub fn restore(policy: Policy, snapshot: Snapshot) -> Self {
        Self {
            policy,
            cards: snapshot.accounts.into_iter().map(|card| (card.account, card)).collect(),
            states: snapshot.states.into_iter().map(|state| (state.account, state)).collect(),
            incidents: snapshot.incidents.into_iter().map(|incident| (incident.id, incident)).collect(),
            held: snapshot.held.into_iter().map(|held| (held.received.id, held)).collect(),
            units: snapshot.units.into_iter().map(|card| (card.unit, card)).collect(),
            next_incident: snapshot.next_incident,
            outputs: VecDeque::new(),
        }
    }

    /// Everything this desk knows.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            accounts: self.cards.values().cloned().collect(),
            states: self.states.values().cloned().collect(),
            incidents: self.incidents.values().cloned().collect(),
            held: self.held.values().cloned().collect(),
            units: self.units.values().copied().collect(),
            next_incident: self.next_incident,
        }
    }

    /// Takes in one thing that happened. Drain [`Desk::poll`] before the next.
    pub fn handle(&mut self, input: Input) {
        let _ = input;
    }

    /// What to do next; [`Output::Wait`] when there is nothing more.
    pub fn poll(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or(Output::Wait(None))
    }

    /// How an account stands; `None` if it was never heard.
    pub fn account(&self, account: &AccountNumber) -> Option<&AccountState> {
        self.states.get(account)
    }

    /// An incident that is not closed.
    pub fn incident(&self, id: IncidentId) -> Option<&Incident> {
        self.incidents.get(&id)
    }

    /// The incidents that are not closed, in the order operators see them.
    pub fn queue(&self) -> Vec<&Incident> {
        let mut queue: Vec<&Incident> = self.incidents.values().collect();
        queue.sort_unstable_by_key(|incident| incident.queue_key());
        queue
    }

    /// The rules in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
}
