//! How things stood when the period began: the states of accounts and the held signals, from everything before.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{AccountState, Held, Hidden, Lowered, OutcomeWord, Received, Rule, SignalId, Snapshot, Timestamp};
use contactid::AccountNumber;

use super::cards::Cards;
use super::{Reader, STRETCH};
use crate::store::StoreError;
use crate::store::hidden::logged;

/// What all signals before the period add up to.
#[derive(Default)]
pub(super) struct Start {
    states: BTreeMap<AccountNumber, AccountState>,
    held: Vec<Held>,
    /// The trips that nobody was shown.
    unseen: BTreeMap<AccountNumber, Vec<Received>>,
}

impl Start {
    /// Folds every signal before `first`.
    pub(super) fn read(
        reader: &Reader,
        cards: &Cards,
        from: Timestamp,
        first: u64,
        told: &mut dyn FnMut(u64),
    ) -> Result<Self, StoreError> {
        let mut start = Self::default();
        let mut read = 1;
        while read < first {
            let next = first.min(read + STRETCH);
            for (received, decisions) in reader.judged(read..next)? {
                let Some(last) = decisions.iter().rfind(|decision| decision.at < from) else { continue };
                // The desk keeps no state of an account that had no card when it reported.
                if let Some(account) = received.report.account.filter(|_| last.decided.rule != Rule::UnknownAccount) {
                    let state = start.states.entry(account).or_insert_with(|| match cards.account(account) {
                        Some(card) => AccountState::of(card),
                        None => AccountState::new(account),
                    });
                    let unweighed = decisions.iter().any(|decision| decision.unweighed);
                    if unweighed {
                        state.apply_strange(&received)
                    } else {
                        state.apply(&received)
                    }
                    if decisions.iter().any(|decision| decision.unseen) {
                        start.unseen.entry(account).or_default().push(received.clone());
                    }
                }
                if let Some(until) = last.until.filter(|_| last.decided.outcome == OutcomeWord::Held) {
                    start.held.push(Held { received, until });
                }
            }
            told(next - read);
            read = next;
        }
        Ok(start)
    }

    /// What stood and nobody had been shown: `shown` are the signals that incidents showed.
    pub(super) fn hidden(
        &self,
        reader: &Reader,
        from: Timestamp,
        shown: &BTreeSet<SignalId>,
    ) -> Result<Vec<Hidden>, StoreError> {
        let mut all = Vec::new();
        for state in self.states.values() {
            all.extend(state.hidden(|last| logged(&reader.sql, last, from, |signal| Ok(shown.contains(&signal))))?);
        }
        Ok(all)
    }

    /// The part of the snapshot that both desks start from which stands in signals and cards.
    pub(super) fn snapshot(self, cards: &Cards, from: Timestamp) -> Snapshot {
        let of = |state: &AccountState| {
            self.unseen.get(&state.account).map(|all| state.unseen(all.iter())).unwrap_or_default()
        };
        Snapshot {
            unseen: self.states.values().flat_map(of).collect(),
            // What two people agreed to acts by its times alone.
            lowered: cards.accounts().iter().filter_map(|card| Lowered::stood(card, from)).collect(),
            accounts: cards.accounts(),
            states: self.states.into_values().collect(),
            held: self.held,
            // Neither desk is told of incidents closed before the period, so neither reminds of what they left standing.
            awaited: Vec::new(),
            units: cards.units(),
            ..Snapshot::default()
        }
    }
}
