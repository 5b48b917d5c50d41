//! The overrides of the policy on the board: what they log or hold that the centre shows, who answers for it, and until when.

use std::collections::BTreeMap;

use alarmcore::{AccountNumber, Covers, Lang, LoweredKind, OperatorId, Override, Policy, Rank, Timestamp, Withheld};

use super::LoweredRow;
use crate::store::StoreError;
use crate::store::query::{PolicyInForce, Reader};

impl Reader {
    /// A row of each override that lowers protection. One that is over stays until it is taken out of the policy: its deadline has
    /// passed.
    pub(super) fn overridden(
        &self,
        policy: &Policy,
        people: &BTreeMap<OperatorId, String>,
    ) -> Result<Vec<LoweredRow>, StoreError> {
        let all = policy.overrides.iter().map(|one| (one, policy.withheld_by(one)));
        let all: Vec<(&Override, Vec<Withheld>)> = all.filter(|(_, withheld)| !withheld.is_empty()).collect();
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let history = self.policies()?;
        let row = |(one, withheld): (&Override, Vec<Withheld>)| {
            let said = |lang| withheld.iter().map(|one| one.label(lang)).collect::<Vec<_>>().join("; ");
            let rank = one.owner.as_deref().and_then(Rank::from_word);
            let name = one.owner.clone().filter(|_| rank.is_none());
            let person = people.iter().find(|(_, known)| name.as_ref() == Some(known)).map(|(id, _)| *id);
            let since = begun(one, &history);
            LoweredRow {
                account: None,
                until: one.until,
                deadline: one.until,
                warn_at: one.until.and_then(|until| policy.warn_at(LoweredKind::Overridden, since, until)),
                owner_rank: rank.unwrap_or(policy.lowered.owner.overridden),
                owner: person,
                owner_name: name,
                what_en: Some(said(Lang::En)),
                what_zh: Some(said(Lang::Zh)),
                ..super::row(None, Some(whom(&one.covers)), LoweredKind::Overridden, since)
            }
        };
        Ok(all.into_iter().map(row).collect())
    }
}

/// Whom it covers: the accounts, or the name of the site or of the kind of site.
fn whom(covers: &Covers) -> String {
    match covers {
        Covers::Accounts(accounts) => accounts.iter().map(AccountNumber::as_str).collect::<Vec<_>>().join(", "),
        Covers::Site(name) | Covers::SiteType(name) | Covers::District(name) => name.clone(),
    }
}

/// Since when it has been in force without a change.
fn begun(one: &Override, history: &[PolicyInForce]) -> Timestamp {
    let has = |in_force: &&PolicyInForce| in_force.policy.overrides.iter().any(|other| other == one);
    history.iter().rev().take_while(has).last().map(|first| first.since).unwrap_or_default()
}
