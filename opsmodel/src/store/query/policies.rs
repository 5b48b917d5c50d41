//! The policies that were in force, and the action plans that incidents were dealt with by.

use alarmcore::{Incident, Plans, Policy, Timestamp};
use rusqlite::params;
use serde::Serialize;

use super::{Reader, spelling};
use crate::crm::KeptPlan;
use crate::store::StoreError;

/// A policy, and since when it was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyInForce {
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// All of it.
    pub policy: Policy,
}

pub(super) const POLICIES: &str = "SELECT at, after FROM card_history INDEXED BY card_history_card \
    WHERE card = 'policy' AND key = 'in-force' ORDER BY version";

pub(super) const PLAN: &str = "SELECT after FROM card_history INDEXED BY card_history_card \
    WHERE card = 'plan' AND key = ?1 AND at <= ?2 ORDER BY version DESC";

impl Reader {
    /// Every policy that was ever in force, the first one first. None of a centre that has not been started since policies
    /// are written down.
    ///
    /// # Errors
    /// When the files cannot be read, or a policy holds what this program does not know.
    pub fn policies(&self) -> Result<Vec<PolicyInForce>, StoreError> {
        let mut statement = self.sql.prepare_cached(POLICIES)?;
        let rows = statement.query_map([], |row| {
            Ok(PolicyInForce { since: spelling::moment(row, 0)?, policy: spelling::json(row, 1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The policy that was in force at `at`: the first one that is known, where `at` is before it.
    ///
    /// # Errors
    /// As [`Reader::policies`].
    pub fn policy_at(&self, at: Timestamp) -> Result<Option<Policy>, StoreError> {
        let all = self.policies()?;
        let last = all.iter().rposition(|policy| policy.since <= at).unwrap_or(0);
        Ok(all.into_iter().nth(last).map(|in_force| in_force.policy))
    }
    /// The plan of a closed incident as it was: in the version of the plans that the incident names, and of texts under one
    /// version the last that was in force before the incident was closed. `None` for an open incident, which goes by the plans
    /// in force; for one without a plan; and where the text was never written down.
    ///
    /// # Errors
    /// When the files cannot be read, or a plan holds what this program does not know.
    pub fn plan_as_it_was(&self, incident: &Incident) -> Result<Option<Plans>, StoreError> {
        let (Some(given), Some(closed_at)) = (&incident.plan, incident.closed_at) else { return Ok(None) };
        let mut statement = self.sql.prepare_cached(PLAN)?;
        let mut kept = statement.query(params![given.plan, closed_at.millis()])?;
        while let Some(row) = kept.next()? {
            let KeptPlan { version, plan } = spelling::json(row, 0)?;
            if version == given.version {
                return Ok(Some(Plans::of_one(version, plan)));
            }
        }
        Ok(None)
    }
}
