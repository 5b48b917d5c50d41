//! Which accounts a storm is over.

use std::sync::Arc;

use contactid::Lang;
use serde::{Deserialize, Serialize};

use crate::account::AccountCard;
use crate::words::words;

words! {
    /// What the accounts of an area have in common.
    AreaOf {
        /// Nothing: all accounts.
        Everywhere "everywhere" "All accounts" "全部用户",
        /// Where they are.
        District "district" "District" "区域",
        /// Which feeder of the mains they hang on.
        Feeder "feeder" "Mains feeder" "供电线路",
        /// Who carries their line.
        Carrier "carrier" "Carrier" "运营商",
        /// What kind of site they are.
        SiteType "site-type" "Kind of site" "场所类型",
    }
}

/// The accounts of one district, mains feeder, carrier or kind of site, as their cards say; or all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Area {
    /// What they have in common.
    pub of: AreaOf,
    /// Its name on the cards; empty for all accounts.
    #[serde(default)]
    pub name: Arc<str>,
}

/// The district, the feeder, the carrier, the kind of site and the language of an account. One pointer: accounts that share all
/// share them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Names", into = "Names")]
pub struct Areas(Option<Arc<Names>>);

/// Their names, as a card says them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Names {
    /// Where the site is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Arc<str>>,
    /// Which feeder of the mains it hangs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feeder: Option<Arc<str>>,
    /// Who carries its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Arc<str>>,
    /// What kind of site it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_type: Option<Arc<str>>,
    /// The language that its people speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Arc<str>>,
}

impl Areas {
    /// Those of a card that says nothing.
    pub const NONE: Self = Self(None);

    /// Their names, where there are any.
    pub fn names(&self) -> Option<&Names> {
        self.0.as_deref()
    }
}

impl From<Names> for Areas {
    fn from(names: Names) -> Self {
        Self(Some(names).filter(|names| *names != Names::default()).map(Arc::new))
    }
}

impl From<Areas> for Names {
    fn from(areas: Areas) -> Self {
        areas.0.map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

impl Area {
    /// All accounts.
    pub fn everywhere() -> Self {
        Self { of: AreaOf::Everywhere, name: Arc::default() }
    }

    /// Is this account one of them?
    pub fn holds(&self, card: &AccountCard) -> bool {
        let named = |of: &dyn Fn(&Names) -> Option<&Arc<str>>| card.areas.names().and_then(of) == Some(&self.name);
        match self.of {
            AreaOf::Everywhere => true,
            AreaOf::District => named(&|names| names.district.as_ref()),
            AreaOf::Feeder => named(&|names| names.feeder.as_ref()),
            AreaOf::Carrier => named(&|names| names.carrier.as_ref()),
            AreaOf::SiteType => named(&|names| names.site_type.as_ref()),
        }
    }

    /// What a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match self.of {
            AreaOf::Everywhere => self.of.label(lang).to_owned(),
            AreaOf::District | AreaOf::Feeder | AreaOf::Carrier | AreaOf::SiteType => {
                format!("{} {}", self.of.label(lang), self.name)
            }
        }
    }
}

impl AccountCard {
    /// The areas that it belongs to, but for the one of all accounts.
    pub(crate) fn areas(&self) -> impl Iterator<Item = Area> {
        let of = |of, name: &Option<Arc<str>>| name.clone().map(|name| Area { of, name });
        self.areas.names().into_iter().flat_map(move |names| {
            let areas = [
                of(AreaOf::District, &names.district),
                of(AreaOf::Feeder, &names.feeder),
                of(AreaOf::Carrier, &names.carrier),
                of(AreaOf::SiteType, &names.site_type),
            ];
            areas.into_iter().flatten()
        })
    }
}
