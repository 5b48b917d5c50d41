//! A suspension, a log-only agreement or a recurring test, as the desk needs it of the card.

use std::collections::BTreeSet;

use contactid::Code;
use serde::{Deserialize, Serialize};

use super::{LoweredKind, RecurringTest};
use crate::policy::OrdinaryClass;
use crate::test_session::Zones;
use crate::time::Timestamp;

/// What lowers the protection of an account by agreement, from one moment to another. Only what two people agreed to comes here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowering {
    /// Its number on the card.
    pub number: u32,
    /// What it lowers.
    #[serde(flatten)]
    pub lowers: Lowers,
    /// From when.
    pub from: Timestamp,
    /// Until when: then it is over by itself.
    pub until: Timestamp,
    /// When it was agreed to, where that was before it begins: it begins by itself. `None` where it began as it was agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_at: Option<Timestamp>,
}

/// What a suspension or an agreement lowers. Life safety is none of it, but for a test that names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lowers", rename_all = "kebab-case")]
pub enum Lowers {
    /// Everything but life safety is only logged: the account is suspended.
    Suspension,
    /// What is listed is only logged, as the subscriber has agreed in writing.
    LogOnly(Listed),
    /// In hours that come again and again the account, or a part of it, is put on test.
    RecurringTest(RecurringTest),
}

/// What a log-only agreement lists. A signal must fit both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Which zones.
    #[serde(default)]
    pub zones: Zones,
    /// Which classes of signal; all that are not life safety when none is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub classes: BTreeSet<OrdinaryClass>,
}

impl Lowers {
    /// Which row of the board it is.
    pub const fn kind(&self) -> LoweredKind {
        match self {
            Self::Suspension => LoweredKind::Suspended,
            Self::LogOnly(_) => LoweredKind::LogOnly,
            Self::RecurringTest(_) => LoweredKind::RecurringTest,
        }
    }
}

impl Listed {
    /// Does it list nothing, and so cover the whole account?
    pub fn is_all(&self) -> bool {
        self.classes.is_empty() && self.zones.named().is_none_or(BTreeSet::is_empty)
    }
}

impl Lowering {
    /// Is it in force at this moment?
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Did it begin by itself while an incident that was opened at this moment was open, of which nobody knew who agreed to it?
    pub fn began_beside(&self, opened_at: Timestamp) -> bool {
        self.agreed_at.is_some_and(|agreed_at| agreed_at < opened_at) && opened_at <= self.from
    }

    /// Does it cover what this code says of this number? Never life safety. What is tested the test itself covers, while it goes on.
    pub fn covers(&self, code: Code, number: Option<u32>) -> bool {
        let Ok(class) = OrdinaryClass::try_from(code.class()) else { return false };
        match &self.lowers {
            Lowers::Suspension => true,
            Lowers::LogOnly(listed) => {
                (listed.classes.is_empty() || listed.classes.contains(&class)) && listed.zones.cover(code, number)
            }
            Lowers::RecurringTest(_) => false,
        }
    }
}
