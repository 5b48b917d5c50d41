//! Overrides: what differs from the rules of the centre for some accounts, for all accounts of a site, of a kind of site, or of a
//! district.

mod changes;
mod part;
mod resolved;
mod until;
mod withheld;

use std::collections::BTreeSet;
use std::sync::Arc;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

pub use changes::Changes;
pub(super) use changes::Written;
pub use part::{
    AnswerPart, ArrivalPart, AvsPart, CancelPart, ConfirmPart, ExpectPart, HandOffPart, HoldPart, LateClosePart,
    PoliceCallsPart, RecentPart, RestPart, RunawayPart, SchedulePart, SwingerPart, TestPart, UnrestoredPart,
    VerifyPart,
};
pub use resolved::PackScope;
pub(crate) use resolved::Rules;
pub use withheld::{Weaker, What, Withheld};

use crate::account::AccountCard;
use crate::time::Timestamp;

/// The overrides of a policy, in the order of its file. No account, no site, no kind of site and no district stands in two of
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Override>", into = "Vec<Override>")]
pub struct Overrides(Vec<Override>);

/// What differs for whom. What it leaves out is as it is for the site, then for its kind, then for its district, and then for the
/// centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Override {
    /// For whom.
    pub covers: Covers,
    /// What.
    pub changes: Changes,
    /// Who answers for it: a name, or the word of a [`Rank`](crate::Rank). A file that keeps from the operators what the centre shows
    /// them has to say so: see [`Policy::withheld_by`](crate::Policy::withheld_by).
    pub owner: Option<String>,
    /// Until when it is in force; `None` for ever. The same files have to say so.
    pub until: Option<Timestamp>,
}

/// An override that ends, as it is known by when somebody is warned of that: for whom, and until when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OverrideEnd {
    /// When it ends.
    pub until: Timestamp,
    /// For whom it is: [`Override::whom`].
    pub whom: Arc<str>,
}

/// For whom an override is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Covers {
    /// These accounts: goes before everything else.
    Accounts(BTreeSet<AccountNumber>),
    /// All accounts of the site of this name, as their cards say: goes before what is said of its kind.
    Site(String),
    /// All accounts of this kind of site, as their cards say: goes before what is said of its district.
    SiteType(String),
    /// All accounts of this district, as their cards say: goes before the centre's own rules.
    District(String),
}

/// Why an override cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// It is not said for whom.
    #[error(
        "an override needs `accounts`, a list of their numbers, `site`, the name of one, `site_type`, a kind of them, or \
         `district`"
    )]
    ForNobody,
    /// It is said more than once.
    #[error(
        "an override is for `accounts`, for a `site`, for a `site_type` or for a `district`, not for several of them: make one \
         of each"
    )]
    ForSeveral,
    /// It says nothing.
    #[error("an override that changes nothing: name a rule")]
    Nothing,
    /// Two overrides are for one account.
    #[error("account {0} stands in two overrides: put what differs for it into one")]
    AccountTwice(AccountNumber),
    /// Two overrides are for one site.
    #[error("site {0:?} stands in two overrides: put what differs for it into one")]
    SiteTwice(String),
    /// Two overrides are for one kind of site.
    #[error("site_type {0:?} stands in two overrides: put what differs for it into one")]
    SiteTypeTwice(String),
    /// Two overrides are for one district.
    #[error("district {0:?} stands in two overrides: put what differs for it into one")]
    DistrictTwice(String),
    /// It keeps from the operators what the centre shows them, and nobody answers for it.
    #[error("an override that lowers protection ({0}) needs `owner`: who answers for it, by name or as \"supervisor\"")]
    NobodyAnswers(String),
    /// The same, and it has no end.
    #[error(
        "an override that lowers protection ({0}) needs `until`: the date it ends with, as \"2027-03-31\", or a moment, as \
         \"2027-03-31T18:00:00+08:00\""
    )]
    Endless(String),
}

impl Covers {
    /// Is the account of this card among them?
    pub fn holds(&self, card: &AccountCard) -> bool {
        match self {
            Self::Accounts(accounts) => accounts.contains(&card.account),
            Self::Site(site) => card.site.as_deref() == Some(site),
            Self::SiteType(kind) => card.areas.names().and_then(|names| names.site_type.as_deref()) == Some(kind),
            Self::District(name) => card.areas.names().and_then(|names| names.district.as_deref()) == Some(name),
        }
    }

    /// Whom a file names: accounts, or the name of a site, a kind of sites or a district, and one of the four only.
    fn one_of(
        accounts: Option<BTreeSet<AccountNumber>>,
        [site, site_type, district]: [Option<String>; 3],
    ) -> Result<Self, OverrideError> {
        let named = |name: Option<String>| name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let accounts = accounts.filter(|accounts| !accounts.is_empty()).map(Self::Accounts);
        let areas = named(site_type).map(Self::SiteType).into_iter().chain(named(district).map(Self::District));
        let mut all = accounts.into_iter().chain(named(site).map(Self::Site)).chain(areas);
        let covers = all.next().ok_or(OverrideError::ForNobody)?;
        if all.next().is_some() { Err(OverrideError::ForSeveral) } else { Ok(covers) }
    }
}

/// Is nothing said?
fn is_default<T: Default + PartialEq>(part: &T) -> bool {
    *part == T::default()
}

impl TryFrom<Vec<Override>> for Overrides {
    type Error = OverrideError;

    fn try_from(all: Vec<Override>) -> Result<Self, OverrideError> {
        let mut named = Named::default();
        all.iter().try_for_each(|one| named.add(&one.covers))?;
        Ok(Self(all))
    }
}

/// For whom there is an override already.
#[derive(Default)]
struct Named(BTreeSet<AccountNumber>, BTreeSet<String>, BTreeSet<String>, BTreeSet<String>);

impl Named {
    fn add(&mut self, covers: &Covers) -> Result<(), OverrideError> {
        let Self(accounts, sites, kinds, districts) = self;
        match covers {
            Covers::Accounts(more) => match more.iter().find(|account| !accounts.insert(**account)) {
                Some(account) => Err(OverrideError::AccountTwice(*account)),
                None => Ok(()),
            },
            Covers::Site(site) if sites.insert(site.clone()) => Ok(()),
            Covers::Site(site) => Err(OverrideError::SiteTwice(site.clone())),
            Covers::SiteType(kind) if kinds.insert(kind.clone()) => Ok(()),
            Covers::SiteType(kind) => Err(OverrideError::SiteTypeTwice(kind.clone())),
            Covers::District(name) if districts.insert(name.clone()) => Ok(()),
            Covers::District(name) => Err(OverrideError::DistrictTwice(name.clone())),
        }
    }
}

/// The place of the first that contradicts itself or one before it.
#[cfg(feature = "toml")]
pub(super) fn misplaced(all: impl Iterator<Item = Written>) -> Option<usize> {
    let mut named = Named::default();
    let stands = |written| Override::try_from(written).and_then(|one| named.add(&one.covers)).is_ok();
    all.map(stands).position(|stands| !stands)
}

impl From<Overrides> for Vec<Override> {
    fn from(overrides: Overrides) -> Self {
        overrides.0
    }
}

impl Overrides {
    /// They, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Override> {
        self.0.iter()
    }

    #[cfg(feature = "toml")]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Override> {
        self.0.iter_mut()
    }

    /// That at this place of the file, counted from 0.
    pub fn get(&self, place: usize) -> Option<&Override> {
        self.0.get(place)
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Override {
    /// For whom it is, which no other says: as its [name](Self::name), and all accounts where it is for accounts.
    pub fn whom(&self) -> Arc<str> {
        match &self.covers {
            Covers::Accounts(accounts) => {
                let accounts: Vec<&str> = accounts.iter().map(AccountNumber::as_str).collect();
                format!("accounts {}", accounts.join(" ")).into()
            }
            Covers::Site(_) | Covers::SiteType(_) | Covers::District(_) => self.name(),
        }
    }

    /// What it is known by when somebody is warned of its end, where it has one.
    pub fn end(&self) -> Option<OverrideEnd> {
        Some(OverrideEnd { until: self.until?, whom: self.whom() })
    }

    /// Is it in force at this moment?
    pub fn holds(&self, at: Timestamp) -> bool {
        self.until.is_none_or(|until| at < until)
    }

    /// What it is known by where it decided: for the account itself, for its site, its kind of site, or its district.
    pub fn name(&self) -> Arc<str> {
        match &self.covers {
            Covers::Accounts(_) => "account".into(),
            Covers::Site(site) => format!("site {site}").into(),
            Covers::SiteType(kind) => format!("site-type {kind}").into(),
            Covers::District(name) => format!("district {name}").into(),
        }
    }
}
