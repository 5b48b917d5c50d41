//! The policy that is in force, whole and with the rules of its packs: written down whenever it changes, so that the version in
//! a disposition leads to the rules, and to the versions of the packs, that decided.

use alarmcore::Policy;

use super::{CardKind, last_version, remember, to_json};
use crate::crm::Change;
use crate::store::{Centre, StoreError};

/// The key of the one policy that is in force.
const KEY: &str = "in-force";

impl Centre {
    /// Stores the policy that comes into force, where it is another one than before. Returns whether it is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_policy(&mut self, policy: &Policy, change: &Change) -> Result<bool, StoreError> {
        self.write(|sql| {
            let body = to_json(policy)?;
            let (found, before) = last_version(sql, CardKind::Policy, KEY)?;
            if before.as_ref() == Some(&body) {
                return Ok(false);
            }
            remember(sql, (CardKind::Policy, KEY, found + 1), before.as_deref(), &body, change)?;
            Ok(true)
        })
    }
}
