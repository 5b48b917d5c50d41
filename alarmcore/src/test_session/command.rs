//! What a person can ask of an account's test. Flat and plain, so that a form or a JSON body is one of these.

use std::collections::BTreeSet;

use contactid::Class;
use serde::{Deserialize, Serialize};

use super::scope::{Scope, Zones};
use super::words::{Proof, TestReason};
use crate::id::ContactId;
use crate::policy::OrdinaryClass;

/// One act on an account's test, as `{"act": "start", "reason": "repair", "asked_by": "Wang of Safe Ltd", "minutes": 60}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TestCommand {
    /// Put the account on test.
    Start(TestStart),
    /// Let it go on until so many minutes from now.
    Extend {
        /// How many.
        minutes: u32,
        /// Who asks for it, of those on the call list.
        #[serde(default)]
        contact: Option<ContactId>,
        /// What the codeword that they said turned out to be.
        #[serde(default)]
        proof: Option<Proof>,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// End it now.
    End {
        /// A last word.
        #[serde(default)]
        note: Option<String>,
    },
}

/// What is to be tested, for how long, why, and who asks for it.
///
/// `asked_by` and `note` are free text that may hold personal details. The reason is optional here so that its absence is
/// refused in the centre's own words rather than as bad syntax.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestStart {
    /// Only these zones.
    pub only: BTreeSet<u32>,
    /// Everything but these zones; not together with `only`. Neither: the whole account.
    pub except: BTreeSet<u32>,
    /// Only these classes of signal; all that are not life safety when none is named.
    pub classes: BTreeSet<OrdinaryClass>,
    /// Classes of life safety that are tested too; none unless named.
    pub life_safety: BTreeSet<Class>,
    /// For how many minutes; the policy's default when nothing is said.
    pub minutes: Option<u32>,
    /// Why; mandatory.
    pub reason: Option<TestReason>,
    /// Who asks for it, of those on the call list.
    pub contact: Option<ContactId>,
    /// What the codeword that they said turned out to be.
    pub proof: Option<Proof>,
    /// Who asks for it, where that is nobody on the call list.
    pub asked_by: Option<String>,
    /// What else is to be known.
    pub note: Option<String>,
}

impl TestStart {
    /// What is to be tested; `None` where `only` and `except` contradict each other.
    pub(super) fn scope(&self) -> Option<Scope> {
        let zones = match (self.only.is_empty(), self.except.is_empty()) {
            (true, true) => Zones::Whole,
            (false, true) => Zones::Listed(self.only.clone()),
            (true, false) => Zones::AllExcept(self.except.clone()),
            (false, false) => return None,
        };
        Some(Scope { zones, classes: self.classes.clone(), life_safety: self.life_safety.clone() })
    }
}
