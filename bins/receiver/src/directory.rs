//! What the receiver knows of the accounts: which exist, with which key their panels speak, and from where.

use std::collections::HashMap;
use std::sync::Arc;

use alarmcore::{SignalSource, Sources};
use contactid::{AccountNumber, Key};

/// The accounts and their keys. A new one replaces the old as a whole, so that a frame sees one or the other.
#[derive(Debug, Default)]
pub struct Directory {
    keys: HashMap<AccountNumber, Option<Key>>,
    /// From where signs of life may come, of the accounts that list it.
    sources: HashMap<AccountNumber, Arc<Sources>>,
}

impl Directory {
    /// What the accounts file says.
    #[must_use]
    pub fn of_rows(rows: impl IntoIterator<Item = crate::accounts::Row>) -> Self {
        // A row's key has a length that AES takes, so nothing is lost here.
        rows.into_iter()
            .map(|row| (row.account, row.key.flatten().and_then(|key| Key::new(key.expose()).ok())))
            .collect()
    }

    /// Is there such an account?
    #[must_use]
    pub fn knows(&self, account: AccountNumber) -> bool {
        self.keys.contains_key(&account)
    }

    /// The account's key; `None` when it has none or is not known.
    #[must_use]
    pub fn key(&self, account: AccountNumber) -> Option<&Key> {
        self.keys.get(&account)?.as_ref()
    }

    /// The same, with the sources beyond which nothing counts as a sign of life of these accounts.
    #[must_use]
    pub fn with_sources(self, sources: impl IntoIterator<Item = (AccountNumber, Arc<Sources>)>) -> Self {
        Self { sources: sources.into_iter().collect(), ..self }
    }

    /// May a sign of life of this account come from this peer? From anywhere, where it lists no sources or the line names none.
    #[must_use]
    pub fn allows(&self, account: AccountNumber, peer: &str) -> bool {
        let sources = self.sources.get(&account);
        sources.is_none_or(|sources| SignalSource::of_peer(peer).is_none_or(|source| sources.allows(source)))
    }

    /// How many accounts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl FromIterator<(AccountNumber, Option<Key>)> for Directory {
    fn from_iter<I: IntoIterator<Item = (AccountNumber, Option<Key>)>>(accounts: I) -> Self {
        Self { keys: accounts.into_iter().collect(), sources: HashMap::new() }
    }
}
