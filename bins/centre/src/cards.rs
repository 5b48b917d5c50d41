//! What the running parts need of the cards, renewed as a whole whenever a card changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use alarmcore::{Desk, Edge, Timestamp};
use arc_swap::ArcSwap;
use contactid::{AccountNumber, Key};
use opsmodel::crm::{AccountCard, AccountKey};
use receiver::Directory;

/// The cards as the receiver and the supervision of lines see them.
#[derive(Default)]
pub(crate) struct Cards {
    /// Which accounts there are, how their panels encrypt, and from where they are heard.
    pub(crate) directory: Arc<ArcSwap<Directory>>,
    /// Which lines are supervised, and whether that has changed since whoever supervises took it.
    heartbeats: Mutex<(BTreeMap<AccountNumber, Heartbeat>, bool)>,
    /// What else is to be missed; taken by whoever supervises.
    plans: Mutex<Plans>,
}

/// What the desk expects of accounts as their signals stand.
#[derive(Default)]
pub(crate) struct Plans {
    /// By account, of those whose card or signals have changed.
    pub(crate) edges: BTreeMap<AccountNumber, Vec<Edge>>,
    /// Up to when the desk has heard everything; `None` before it has.
    pub(crate) judged: Option<Timestamp>,
}

/// A line that promises to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heartbeat {
    /// Whose line.
    pub(crate) account: AccountNumber,
    /// After so many seconds of silence it is lost.
    pub(crate) silence_s: u32,
    /// It is known to be silent.
    pub(crate) lost: bool,
}

impl Heartbeat {
    /// The line of an account as the desk knows it; `None` where it does not promise to be heard every so many seconds.
    pub(crate) fn of(desk: &Desk, account: AccountNumber, interval_s: Option<u32>) -> Option<Self> {
        let lost = desk.account(&account).is_some_and(|state| state.silent_since.is_some());
        Some(Self { account, silence_s: desk.silence_s(account, interval_s?), lost })
    }
}

/// An account as the desk's thread shows it.
pub(crate) struct Shown {
    /// Its card.
    pub(crate) card: AccountCard,
    /// Its panel's key.
    pub(crate) key: Option<AccountKey>,
    /// Its line, where it is supervised.
    pub(crate) line: Option<Heartbeat>,
    /// Does what comes from where its card does not list weigh as anything else?
    pub(crate) strange_weighs: bool,
}

impl Cards {
    /// Shows the cards as they are now.
    pub(crate) fn show(&self, cards: Vec<Shown>) {
        let heartbeats = cards.iter().filter_map(|Shown { line, .. }| Some((line.as_ref()?.account, *line.as_ref()?)));
        let heartbeats = heartbeats.collect();
        // Where the policy lets them weigh as any other, strange sources give signs of life, too.
        let sources = cards.iter().filter(|shown| !shown.strange_weighs);
        let sources = sources.filter_map(|Shown { card, .. }| Some((card.account, card.sources.clone()?)));
        let sources: Vec<_> = sources.collect();
        let keys = cards.into_iter().map(|Shown { card, key, .. }| {
            let key = key.and_then(|key| match Key::new(key.expose()) {
                Ok(key) => Some(key),
                Err(_) => {
                    tracing::error!(account = %card.account, "the stored key is no AES key: its frames cannot be opened");
                    None
                }
            });
            (card.account, key)
        });
        self.directory.store(Arc::new(keys.collect::<Directory>().with_sources(sources)));
        *self.heartbeats.lock().unwrap_or_else(PoisonError::into_inner) = (heartbeats, true);
    }

    /// Shows the lines of accounts that were known before, as they are now.
    pub(crate) fn renew(&self, lines: impl IntoIterator<Item = (AccountNumber, Option<Heartbeat>)>) {
        let mut heartbeats = self.heartbeats.lock().unwrap_or_else(PoisonError::into_inner);
        for (account, line) in lines {
            let before = match line {
                Some(line) => heartbeats.0.insert(account, line),
                None => heartbeats.0.remove(&account),
            };
            heartbeats.1 |= before != line;
        }
    }

    /// Shows what is expected of these accounts, in place of what was expected of them before.
    pub(crate) fn plan(&self, edges: impl IntoIterator<Item = (AccountNumber, Vec<Edge>)>, judged: Option<Timestamp>) {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        plans.edges.extend(edges);
        plans.judged = plans.judged.max(judged);
    }

    /// What is expected of accounts of which something has changed since the last call.
    pub(crate) fn take_plans(&self) -> Plans {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        Plans { edges: std::mem::take(&mut plans.edges), judged: plans.judged }
    }

    /// The supervised lines, if they changed since the last call.
    pub(crate) fn take_heartbeats(&self) -> Option<Vec<Heartbeat>> {
        let mut heartbeats = self.heartbeats.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut heartbeats.1).then(|| heartbeats.0.values().copied().collect())
    }
}
