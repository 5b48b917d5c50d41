//! What a test covers: which zones, and which classes of signal.

use std::collections::BTreeSet;

use contactid::{Class, Code, NumberIs};
use serde::{Deserialize, Serialize};

use super::ProofFor;
use crate::policy::{OrdinaryClass, is_life_safety};

/// What a test covers. A signal that it does not cover goes its normal way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Which zones.
    pub zones: Zones,
    /// Which classes of signal; all that are not life safety when none is named.
    pub classes: BTreeSet<OrdinaryClass>,
    /// Which classes of life safety: only those that are named here.
    pub life_safety: BTreeSet<Class>,
}

/// Which zones a test covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "which", content = "zones", rename_all = "kebab-case")]
pub enum Zones {
    /// The whole account.
    #[default]
    Whole,
    /// These zones, and nothing that names no zone.
    Listed(BTreeSet<u32>),
    /// Everything but these zones.
    AllExcept(BTreeSet<u32>),
}

impl Scope {
    /// Does it cover what this code says of this number?
    pub fn covers(&self, code: Code, number: Option<u32>) -> bool {
        self.covers_class(code.class()) && self.zones.cover(code, number)
    }

    fn covers_class(&self, class: Class) -> bool {
        match OrdinaryClass::try_from(class) {
            Ok(class) => self.classes.is_empty() || self.classes.contains(&class),
            Err(_) => self.life_safety.contains(&class),
        }
    }

    /// Does it take a proof to put this on test?
    pub fn needs_proof(&self, proof: ProofFor) -> bool {
        match proof {
            ProofFor::Nothing => false,
            ProofFor::LifeSafety => !self.life_safety.is_empty(),
            ProofFor::Everything => true,
        }
    }

    /// A class named under life safety that is none.
    pub(crate) fn misplaced(&self) -> Option<Class> {
        self.life_safety.iter().copied().find(|class| !is_life_safety(*class))
    }
}

impl Zones {
    /// Where the code speaks of a zone and does not say which, it may be one that is not covered: it is taken to be.
    pub(crate) fn cover(&self, code: Code, number: Option<u32>) -> bool {
        let of_zone = code.number_is() == NumberIs::Zone;
        match self {
            Self::Whole => true,
            Self::Listed(zones) => of_zone && number.is_some_and(|zone| zones.contains(&zone)),
            Self::AllExcept(zones) => !of_zone || number.is_some_and(|zone| zone != 0 && !zones.contains(&zone)),
        }
    }

    /// The zones that are named.
    pub const fn named(&self) -> Option<&BTreeSet<u32>> {
        match self {
            Self::Whole => None,
            Self::Listed(zones) | Self::AllExcept(zones) => Some(zones),
        }
    }
}
