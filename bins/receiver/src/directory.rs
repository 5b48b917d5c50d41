//! What the receiver knows of the accounts: which exist, and with which key their panels speak.

use std::collections::HashMap;

use contactid::{AccountNumber, Key};

/// The accounts and their keys. A new one replaces the old as a whole, so that a frame sees one or the other.
#[derive(Debug, Default)]
pub struct Directory {
    keys: HashMap<AccountNumber, Option<Key>>,
}

impl Directory {
    /// What the accounts file says.
    #[must_use]
    pub fn of_rows(rows: impl IntoIterator<Item = crate::accounts::Row>) -> Self {
        // A row's key has a length that AES takes, so nothing is lost here.
        rows.into_iter().map(|row| (row.account, row.key.and_then(|key| Key::new(key.expose()).ok()))).collect()
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
        Self { keys: accounts.into_iter().collect() }
    }
}
