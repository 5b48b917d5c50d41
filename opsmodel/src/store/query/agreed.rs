//! The suspensions, log-only agreements and recurring tests of an account, as its page shows them.

use alarmcore::{Lang, Lowering, Lowers, OperatorId, Timestamp};
use serde::Serialize;

use super::{Reader, spelling};
use crate::crm::{Agreed, Approved, Ended};
use crate::store::StoreError;

/// A suspension, a log-only agreement or a recurring test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgreedRow {
    /// Its number on the card.
    pub number: u32,
    /// `suspended`, `log-only` or `recurring-test`.
    pub lowers: &'static str,
    /// What it lowers, in English.
    pub what_en: String,
    /// The same in Chinese.
    pub what_zh: String,
    /// From when.
    #[serde(serialize_with = "spelling::time")]
    pub from: Timestamp,
    /// Until when.
    #[serde(serialize_with = "spelling::time")]
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// The written agreement with the subscriber.
    pub agreement: String,
    /// Who proposed it.
    pub by: Option<OperatorId>,
    /// Their name.
    pub by_name: Option<String>,
    /// Who else agreed; `None` while it is a proposal.
    pub approved_by: Option<OperatorId>,
    /// Their name.
    pub approved_by_name: Option<String>,
    /// When they did.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub approved_at: Option<Timestamp>,
    /// The same as the desk knows it; `None` while it is a proposal.
    #[serde(skip)]
    pub lowering: Option<Lowering>,
    /// Who ended it early.
    pub ended_by: Option<OperatorId>,
    /// Their name.
    pub ended_by_name: Option<String>,
    /// Why they did.
    pub ended_reason: Option<String>,
}

impl AgreedRow {
    /// Is it in force at `now`?
    pub fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.approved_at.is_some_and(|at| at <= now) && now < self.until
    }

    /// When a recurring test comes next after `now`, if it does before its end.
    pub fn next_test(&self, now: Timestamp) -> Option<Timestamp> {
        let lowering = self.lowering.as_ref()?;
        let Lowers::RecurringTest(test) = &lowering.lowers else { return None };
        let after = now.max(Timestamp::from_millis(lowering.from.millis() - 1));
        test.hours.next(after).map(|(opens, _)| opens).filter(|opens| *opens < lowering.until)
    }
}

impl Reader {
    pub(super) fn agreed_rows(&self, agreed: &[Agreed]) -> Result<Vec<AgreedRow>, StoreError> {
        if agreed.is_empty() {
            return Ok(Vec::new());
        }
        let people = self.people()?;
        let name = |id: Option<OperatorId>| id.and_then(|id| people.get(&id).cloned());
        let row = |one: &Agreed| {
            let approved_by = one.approved.map(|Approved { by, .. }| by);
            let ended_by = one.ended.as_ref().and_then(|Ended { by, .. }| *by);
            AgreedRow {
                number: one.number,
                lowers: one.lowers.kind().as_str(),
                what_en: one.what(Lang::En),
                what_zh: one.what(Lang::Zh),
                from: one.from,
                until: one.until,
                reason: one.reason.clone(),
                agreement: one.agreement.clone(),
                by: one.by,
                by_name: name(one.by),
                approved_by,
                approved_by_name: name(approved_by),
                approved_at: one.approved.map(|Approved { at, .. }| at),
                lowering: one.desk_lowering(),
                ended_by,
                ended_by_name: name(ended_by),
                ended_reason: one.ended.as_ref().map(|Ended { reason, .. }| reason.clone()),
            }
        };
        Ok(agreed.iter().map(row).collect())
    }
}
