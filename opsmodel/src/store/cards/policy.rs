//! The policy that is in force, whole and with the rules of its packs: written down whenever it changes, so that the version in
//! a disposition leads to the rules, and to the versions of the packs, that decided. With it the action plans, each by its word,
//! so that an incident can be shown with the plan that it was dealt with by.

use alarmcore::Policy;
use rusqlite::Connection;

use super::{CardKind, from_json, last_version, remember, to_json};
use crate::crm::{Change, KeptPlan};
use crate::store::{Centre, StoreError};

/// The key of the one policy that is in force.
const KEY: &str = "in-force";

impl Centre {
    /// The policy that is in force, as the last start of the centre wrote it down; `None` before the first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn policy_in_force(&self) -> Result<Option<Policy>, StoreError> {
        let (_, body) = last_version(&self.sql, CardKind::Policy, KEY)?;
        body.map(|body| from_json("policy", KEY, &body)).transpose()
    }

    /// Stores the policy that comes into force, and the action plans that go with it, each where it is another one than before.
    /// Returns whether the policy is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_policy(&mut self, policy: &Policy, change: &Change) -> Result<bool, StoreError> {
        self.write(|sql| {
            for plan in policy.plans.iter() {
                let kept = KeptPlan { version: policy.plans.version, plan: plan.clone() };
                keep(sql, CardKind::Plan, &plan.id, &to_json(&kept)?, change)?;
            }
            keep(sql, CardKind::Policy, KEY, &to_json(policy)?, change)
        })
    }
}

/// Adds a version where it differs from the last one. Returns whether it does.
fn keep(sql: &Connection, kind: CardKind, key: &str, body: &str, change: &Change) -> Result<bool, StoreError> {
    let (found, before) = last_version(sql, kind, key)?;
    if before.as_deref() == Some(body) {
        return Ok(false);
    }
    remember(sql, (kind, key, found + 1), before.as_deref(), body, change)?;
    Ok(true)
}
