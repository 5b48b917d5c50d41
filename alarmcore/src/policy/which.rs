//! Some incidents, told by what they are about and whose they are: what rules for some of them are about.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::account::AccountCard;
use crate::incident::{Family, Kind};
use crate::queue::Priority;

/// The incidents that fit everything that is named here; what is left out says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Which {
    /// They are about one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// They belong to one of these families.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
    /// They are at least so urgent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The account is in one of these districts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<Arc<str>>,
    /// The account is of one of these kinds of site.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub site_types: Vec<Arc<str>>,
    /// The people of the site speak one of these languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Arc<str>>,
}

impl Which {
    /// Is it one of them? An account without a card is in no district and of no kind.
    pub fn holds(&self, kind: Kind, priority: Priority, account: Option<&AccountCard>) -> bool {
        let names = account.and_then(|account| account.areas.names());
        let named = |allowed: &[Arc<str>], name: Option<&Arc<str>>| {
            allowed.is_empty() || name.is_some_and(|name| allowed.contains(name))
        };
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.families.is_empty() || self.families.contains(&kind.family()))
            && self.priority.is_none_or(|least| priority <= least)
            && named(&self.districts, names.and_then(|names| names.district.as_ref()))
            && named(&self.site_types, names.and_then(|names| names.site_type.as_ref()))
            && named(&self.languages, names.and_then(|names| names.language.as_ref()))
    }
}
