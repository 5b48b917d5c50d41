//! Overrides: what differs from the rules of the centre for some accounts, for all accounts of a site, or of a kind of site.

mod part;
mod resolved;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contactid::{AccountNumber, Class, Code, Signal};
use serde::{Deserialize, Serialize};

pub use part::{ConfirmPart, RecentPart, RunawayPart, SchedulePart, SwingerPart, TestPart, UnrestoredPart};
pub(crate) use resolved::Rules;

use super::{Handling, OrdinaryClass, OrdinaryCode, Policy};
use crate::disposition::Rule;

/// The overrides of a policy, in the order of its file. No account, no site and no kind of site stands in two
/// of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Override>", into = "Vec<Override>")]
pub struct Overrides(Vec<Override>);

/// What differs for whom. What it leaves out is as it is for the site, then for its kind, and then for the centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Override {
    /// For whom.
    pub covers: Covers,
    /// What.
    pub changes: Changes,
}

/// For whom an override is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Covers {
    /// These accounts: goes before everything else.
    Accounts(BTreeSet<AccountNumber>),
    /// All accounts of the site of this name, as their cards say: goes before what is said of its kind.
    Site(String),
    /// All accounts of this kind of site, as their cards say: goes before the centre's own rules.
    SiteType(String),
}

/// What an override can say otherwise. There is no way to say anything of life safety.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// In place of what is said of these classes, and of their codes unless they are named too.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<OrdinaryClass, Handling>,
    /// In place of what is said of these codes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<OrdinaryCode, Handling>,
    /// When a panel runs away.
    #[serde(skip_serializing_if = "RunawayPart::is_empty")]
    pub runaway: RunawayPart,
    /// When a zone swings.
    #[serde(skip_serializing_if = "SwingerPart::is_empty")]
    pub swinger: SwingerPart,
    /// What confirms an intrusion.
    #[serde(skip_serializing_if = "ConfirmPart::is_empty")]
    pub confirm: ConfirmPart,
    /// What is done with an intrusion soon after an opening or closing.
    #[serde(skip_serializing_if = "RecentPart::is_empty")]
    pub recent: RecentPart,
    /// Who is reminded of what does not restore.
    #[serde(skip_serializing_if = "UnrestoredPart::is_empty")]
    pub unrestored: UnrestoredPart,
    /// What is done about openings and closings out of schedule.
    #[serde(skip_serializing_if = "SchedulePart::is_empty")]
    pub schedule: SchedulePart,
    /// How long it may be on test.
    #[serde(skip_serializing_if = "TestPart::is_empty")]
    pub on_test: TestPart,
    /// Within how many seconds a unit must accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_accept_s: Option<u32>,
}

/// An override as the file writes it: for whom and what beside each other.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accounts: Option<BTreeSet<AccountNumber>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    site_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer_accept_s: Option<u32>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    classes: BTreeMap<OrdinaryClass, Handling>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    codes: BTreeMap<OrdinaryCode, Handling>,
    #[serde(default, skip_serializing_if = "RunawayPart::is_empty")]
    runaway: RunawayPart,
    #[serde(default, skip_serializing_if = "SwingerPart::is_empty")]
    swinger: SwingerPart,
    #[serde(default, skip_serializing_if = "ConfirmPart::is_empty")]
    confirm: ConfirmPart,
    #[serde(default, skip_serializing_if = "RecentPart::is_empty")]
    recent: RecentPart,
    #[serde(default, skip_serializing_if = "UnrestoredPart::is_empty")]
    unrestored: UnrestoredPart,
    #[serde(default, skip_serializing_if = "SchedulePart::is_empty")]
    schedule: SchedulePart,
    #[serde(default, skip_serializing_if = "TestPart::is_empty")]
    on_test: TestPart,
}

/// Why an override cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// It is not said for whom.
    #[error(
        "an override needs `accounts`, a list of their numbers, `site`, the name of one, or `site_type`, a kind of them"
    )]
    ForNobody,
    /// It is said more than once.
    #[error(
        "an override is for `accounts`, for a `site` or for a `site_type`, not for several of them: make one of each"
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
}

impl TryFrom<Written> for Override {
    type Error = OverrideError;

    fn try_from(written: Written) -> Result<Self, OverrideError> {
        let named = |name: Option<String>| name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let accounts = written.accounts.filter(|accounts| !accounts.is_empty()).map(Covers::Accounts);
        let site = named(written.site).map(Covers::Site);
        let mut all = accounts.into_iter().chain(site).chain(named(written.site_type).map(Covers::SiteType));
        let covers = all.next().ok_or(OverrideError::ForNobody)?;
        if all.next().is_some() {
            return Err(OverrideError::ForSeveral);
        }
        let changes = Changes {
            classes: written.classes,
            codes: written.codes,
            runaway: written.runaway,
            swinger: written.swinger,
            confirm: written.confirm,
            recent: written.recent,
            unrestored: written.unrestored,
            schedule: written.schedule,
            on_test: written.on_test,
            offer_accept_s: written.offer_accept_s,
        };
        if changes == Changes::default() { Err(OverrideError::Nothing) } else { Ok(Self { covers, changes }) }
    }
}

impl From<Override> for Written {
    fn from(Override { covers, changes }: Override) -> Self {
        let (accounts, site, site_type) = match covers {
            Covers::Accounts(accounts) => (Some(accounts), None, None),
            Covers::Site(site) => (None, Some(site), None),
            Covers::SiteType(kind) => (None, None, Some(kind)),
        };
        Self {
            accounts,
            site,
            site_type,
            offer_accept_s: changes.offer_accept_s,
            classes: changes.classes,
            codes: changes.codes,
            runaway: changes.runaway,
            swinger: changes.swinger,
            confirm: changes.confirm,
            recent: changes.recent,
            unrestored: changes.unrestored,
            schedule: changes.schedule,
            on_test: changes.on_test,
        }
    }
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
struct Named(BTreeSet<AccountNumber>, BTreeSet<String>, BTreeSet<String>);

impl Named {
    fn add(&mut self, covers: &Covers) -> Result<(), OverrideError> {
        let Self(accounts, sites, kinds) = self;
        match covers {
            Covers::Accounts(more) => match more.iter().find(|account| !accounts.insert(**account)) {
                Some(account) => Err(OverrideError::AccountTwice(*account)),
                None => Ok(()),
            },
            Covers::Site(site) if sites.insert(site.clone()) => Ok(()),
            Covers::Site(site) => Err(OverrideError::SiteTwice(site.clone())),
            Covers::SiteType(kind) if kinds.insert(kind.clone()) => Ok(()),
            Covers::SiteType(kind) => Err(OverrideError::SiteTypeTwice(kind.clone())),
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

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Override {
    /// What it is known by where it decided: for the account itself, for its site, or for its kind of site.
    pub fn name(&self) -> Arc<str> {
        match &self.covers {
            Covers::Accounts(_) => "account".into(),
            Covers::Site(site) => format!("site {site}").into(),
            Covers::SiteType(kind) => format!("site-type {kind}").into(),
        }
    }
}

impl Changes {
    /// Writes itself over the rules that are less specific.
    fn apply(&self, rules: &mut Policy) {
        let class_of = |code: &OrdinaryCode| OrdinaryClass(Code::from(*code).class());
        rules.codes.retain(|code, _| !self.classes.contains_key(&class_of(code)));
        rules.classes.extend(&self.classes);
        rules.codes.extend(&self.codes);
        self.runaway.apply(&mut rules.runaway);
        self.swinger.apply(&mut rules.swinger);
        self.confirm.apply(&mut rules.confirm);
        self.recent.apply(&mut rules.recent);
        self.unrestored.apply(&mut rules.unrestored);
        self.schedule.apply(&mut rules.schedule);
        self.on_test.apply(&mut rules.on_test);
        rules.offer_accept_s = self.offer_accept_s.unwrap_or(rules.offer_accept_s);
    }

    /// Does what this rule decides of this signal rest on something that stands here?
    fn decide(&self, rule: Rule, signal: Option<&Signal>) -> bool {
        let names = |signal: &Signal| {
            let class: Class = signal.class();
            self.codes.contains_key(&OrdinaryCode(signal.code)) || self.classes.contains_key(&OrdinaryClass(class))
        };
        match rule {
            Rule::ClassShown
            | Rule::ClassLogged
            | Rule::CodeShown
            | Rule::CodeLogged
            | Rule::RestoreWait
            | Rule::RestoreWaitOver => signal.is_some_and(names),
            Rule::Runaway | Rule::RunawayLogged => !self.runaway.is_empty(),
            Rule::SwingerLogged => !self.swinger.is_empty(),
            Rule::Unconfirmed => self.confirm.unconfirmed.is_some(),
            Rule::TwoPaths => self.confirm.two_paths.is_some(),
            Rule::RecentOpening | Rule::RecentOpeningLogged => {
                let RecentPart { opening_s, priority, log, .. } = self.recent;
                opening_s.is_some() || priority.is_some() || log.is_some()
            }
            Rule::RecentClosing | Rule::RecentClosingLogged => {
                let RecentPart { closing_s, priority, log, .. } = self.recent;
                closing_s.is_some() || priority.is_some() || log.is_some()
            }
            Rule::BeforeClosing => self.recent.before_closing_s.is_some() || self.recent.priority.is_some(),
            Rule::UnexpectedOpen => self.schedule.unexpected_open.is_some() || self.schedule.early_open_s.is_some(),
            Rule::UserOpen => self.schedule.user_open.is_some(),
            Rule::OpenAgain => self.schedule.open_again.is_some(),
            Rule::EarlyOpen => self.schedule.early_open.is_some() || self.schedule.early_open_s.is_some(),
            Rule::LateOpen => self.schedule.late_open.is_some(),
            Rule::EarlyClose => self.schedule.early_close.is_some(),
            Rule::LateClose => self.schedule.late_close.is_some(),
            // Nothing of these stands in an override.
            _ => false,
        }
    }
}
