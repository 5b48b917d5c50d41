//! Which signals another centre gets, too.

use std::collections::BTreeSet;
use std::sync::Arc;

use contactid::{AccountNumber, Class};
use serde::{Deserialize, Serialize};

use crate::account::AccountCard;

/// The signals that another centre gets, too: those that fit everything that is named here; what is left out says nothing. A
/// signal that fits several rules of one name goes there once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardRule {
    /// Where they go: the name of the way out.
    pub to: Arc<str>,
    /// They are of one of these accounts.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accounts: BTreeSet<AccountNumber>,
    /// Their account belongs to one of these sites, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Arc<str>>,
    /// Their account is of one of these kinds of site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub site_types: Vec<Arc<str>>,
    /// Their account is in one of these districts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<Arc<str>>,
    /// They are of one of these classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Class>,
}

impl ForwardRule {
    /// Is it one of them? An account without a card belongs to no site and is in no district.
    pub fn holds(&self, account: AccountNumber, card: Option<&AccountCard>, class: Class) -> bool {
        let names = card.and_then(|card| card.areas.names());
        let named = |allowed: &[Arc<str>], name: Option<&str>| {
            allowed.is_empty() || name.is_some_and(|name| allowed.iter().any(|one| **one == *name))
        };
        let site = card.and_then(|card| card.site.as_deref());
        (self.accounts.is_empty() || self.accounts.contains(&account))
            && (self.classes.is_empty() || self.classes.contains(&class))
            && named(&self.sites, site.map(String::as_str))
            && named(&self.site_types, names.and_then(|names| names.site_type.as_deref()))
            && named(&self.districts, names.and_then(|names| names.district.as_deref()))
    }
}
