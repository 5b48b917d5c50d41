//! What stands of an account and nobody was ever shown, because a rule logged it that may hold no longer one day. That is no part of
//! [`AccountState`]: it depends on the rules.

use std::sync::Arc;

use contactid::{AccountNumber, Code};
use serde::{Deserialize, Serialize};

use super::{AccountState, Standing};
use crate::disposition::Rule;
use crate::id::SignalId;
use crate::restore::Place;

/// Something that stands and that nobody was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// The account.
    pub account: AccountNumber,
    /// The code that reported it.
    pub code: Code,
    /// The group.
    pub group: Option<u16>,
    /// The zone, or whatever the code's number counts.
    pub number: Option<u32>,
    /// What was decided of the signal that told of it last.
    pub logged: Logged,
}

/// A signal that was only logged, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    /// The signal: the one that came first, of frames that were sent again.
    pub signal: SignalId,
    /// The rule that decided.
    pub rule: Rule,
    /// The override of the policy that decided.
    pub overridden: Option<Arc<str>>,
}

impl Logged {
    /// Does this rule log what stands, for as long as something holds that may end: what the policy says of a class or a code, a test, a
    /// suspension, an agreement? All else that is logged says nothing new.
    pub const fn is_by(rule: Rule) -> bool {
        matches!(rule, Rule::ClassLogged | Rule::CodeLogged | Rule::OnTest | Rule::Suspended | Rule::LogOnly)
    }
}

impl Hidden {
    pub(crate) const fn new(account: AccountNumber, standing: &Standing, logged: Logged) -> Self {
        Self { account, code: standing.code, group: standing.group, number: standing.number, logged }
    }

    pub(crate) const fn place(&self) -> Place {
        Place { code: self.code, group: self.group, number: self.number }
    }
}

impl AccountState {
    /// What stands of this account and nobody was shown. `logged` says of the last signal of each whether it was only logged, and was
    /// shown by no incident since: by a rule that [`Logged::is_by`] names.
    ///
    /// # Errors
    /// Those of `logged`.
    pub fn hidden<E>(&self, mut logged: impl FnMut(SignalId) -> Result<Option<Logged>, E>) -> Result<Vec<Hidden>, E> {
        let mut all = Vec::new();
        for standing in self.standing() {
            let logged = logged(standing.last().signal)?;
            all.extend(logged.map(|logged| Hidden::new(self.account, &standing, logged)));
        }
        Ok(all)
    }
}
