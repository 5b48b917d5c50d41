//! The rules as they hold for each account: made once for each combination of overrides, never once for each account.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contactid::{AccountNumber, Signal};

use super::{Covers, Override};
use crate::account::AccountCard;
use crate::disposition::Rule;
use crate::policy::Policy;
use crate::time::Timestamp;

/// The rules of a centre, and those of the accounts that have their own.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    centre: Policy,
    accounts: BTreeMap<AccountNumber, usize>,
    sites: BTreeMap<String, usize>,
    kinds: BTreeMap<String, usize>,
    districts: BTreeMap<String, usize>,
    /// What the overrides come to that hold for some account, by their places, the most specific first.
    own: Vec<(Vec<usize>, Policy)>,
    /// The places of those that are over.
    over: BTreeSet<usize>,
    /// The accounts that have them, and which: few, so that all others cost nothing.
    owners: BTreeMap<AccountNumber, usize>,
}

impl Rules {
    pub(crate) fn new(centre: Policy) -> Self {
        let (mut accounts, mut sites) = (BTreeMap::new(), BTreeMap::new());
        let (mut kinds, mut districts) = (BTreeMap::new(), BTreeMap::new());
        for (place, one) in centre.overrides.iter().enumerate() {
            match &one.covers {
                Covers::Accounts(all) => accounts.extend(all.iter().map(|account| (*account, place))),
                Covers::Site(site) => drop(sites.insert(site.clone(), place)),
                Covers::SiteType(kind) => drop(kinds.insert(kind.clone(), place)),
                Covers::District(name) => drop(districts.insert(name.clone(), place)),
            }
        }
        Self {
            centre,
            accounts,
            sites,
            kinds,
            districts,
            own: Vec::new(),
            over: BTreeSet::new(),
            owners: BTreeMap::new(),
        }
    }

    /// Are there any but those of the centre?
    pub(crate) fn may_differ(&self) -> bool {
        !self.centre.overrides.is_empty()
    }

    /// The rules of the centre.
    pub(crate) const fn centre(&self) -> &Policy {
        &self.centre
    }

    /// The rules of an account; those of the centre for one without a card.
    pub(crate) fn of(&self, account: Option<AccountNumber>) -> &Policy {
        self.own(account).map_or(&self.centre, |(_, policy)| policy)
    }

    fn own(&self, account: Option<AccountNumber>) -> Option<&(Vec<usize>, Policy)> {
        self.own.get(*self.owners.get(&account?)?)
    }

    /// The account is no longer served.
    pub(crate) fn close(&mut self, account: AccountNumber) {
        self.owners.remove(&account);
    }

    /// When each of them ends that does, and its place.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (Timestamp, usize)> {
        self.centre.overrides.iter().enumerate().filter_map(|(place, one)| Some((one.until?, place)))
    }

    /// One is over. Gives the accounts that it covered, whose rules are to be settled anew.
    pub(crate) fn end(&mut self, place: usize) -> Vec<AccountNumber> {
        self.over.insert(place);
        let covered = |own: &usize| self.own.get(*own).is_some_and(|(layers, _)| layers.contains(&place));
        self.owners.iter().filter(|(_, own)| covered(own)).map(|(account, _)| *account).collect()
    }

    /// Settles which rules hold for the account of this card.
    pub(crate) fn settle(&mut self, card: &AccountCard) {
        let site = card.site.as_ref().and_then(|site| self.sites.get(site.as_str()));
        let kind = card.areas.names().and_then(|names| self.kinds.get(names.site_type.as_deref()?));
        let district = card.areas.names().and_then(|names| self.districts.get(names.district.as_deref()?));
        let layers = self.accounts.get(&card.account).into_iter().chain(site).chain(kind).chain(district);
        let layers: Vec<usize> = layers.copied().filter(|place| !self.over.contains(place)).collect();
        if layers.is_empty() {
            return self.close(card.account);
        }
        let known = self.own.iter().position(|(known, _)| *known == layers);
        let place = known.unwrap_or_else(|| {
            let all = layers.iter().filter_map(|place| self.centre.overrides.0.get(*place));
            let policy = self.centre.under(all.collect());
            self.own.push((layers, policy));
            self.own.len() - 1
        });
        self.owners.insert(card.account, place);
    }

    /// The override by which this rule decided of a signal, if one did.
    pub(crate) fn decided(
        &self,
        account: Option<AccountNumber>,
        rule: Rule,
        signal: Option<&Signal>,
    ) -> Option<Arc<str>> {
        let (layers, _) = self.own(account)?;
        let mut layers = layers.iter().filter_map(|place| self.centre.overrides.0.get(*place));
        layers.find(|one| one.changes.decide(rule, signal)).map(Override::name)
    }
}

/// For whom a rule pack is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackScope<'a> {
    /// For the whole centre.
    Everybody,
    /// For the accounts that these overrides cover.
    Some(Vec<&'a Override>),
    /// It is not in force.
    Nobody,
}

impl Policy {
    /// The rules that hold for the account of this card at a moment: the centre's, with its overrides that are not over.
    ///
    /// ```
    /// use alarmcore::{AccountCard, Policy, Timestamp};
    ///
    /// let policy = Policy::from_toml("[[override]]\nsite = 'mall'\nswinger = { trips = 5 }\n")?;
    /// let card = AccountCard { site: Some(std::sync::Arc::new("mall".into())), ..AccountCard::new("1001".parse()?) };
    /// assert_eq!((policy.swinger.trips, policy.of(&card, Timestamp::default()).swinger.trips), (2, 5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(&self, card: &AccountCard, at: Timestamp) -> Cow<'_, Self> {
        let own = self.overrides_of(card, at);
        if own.is_empty() { Cow::Borrowed(self) } else { Cow::Owned(self.under(own)) }
    }

    /// The overrides that hold for the account of this card at a moment, the most specific first.
    pub fn overrides_of(&self, card: &AccountCard, at: Timestamp) -> Vec<&Override> {
        let holds = |one: &&Override| one.covers.holds(card) && one.holds(at);
        let mut own: Vec<&Override> = self.overrides.iter().filter(holds).collect();
        own.sort_by_key(|one| &one.covers);
        own
    }

    /// For whom the pack of this name, without its version, is in force.
    pub fn scope_of(&self, pack: &str) -> PackScope<'_> {
        let names = |packs: &[String]| packs.iter().any(|stamp| stamp.split('@').next() == Some(pack));
        if names(&self.packs) {
            return PackScope::Everybody;
        }
        let some: Vec<&Override> = self.overrides.iter().filter(|one| names(&one.changes.packs)).collect();
        if some.is_empty() { PackScope::Nobody } else { PackScope::Some(some) }
    }

    /// These rules under overrides, of which the most specific comes first.
    fn under(&self, overrides: Vec<&Override>) -> Self {
        let mut policy = self.clone();
        overrides.into_iter().rev().for_each(|one| one.changes.apply(&mut policy));
        policy
    }
}
