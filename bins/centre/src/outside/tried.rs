//! How the last attempts of each way went, for whoever watches the centre.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::far::Far;
use super::{Outside, way::Fault};

/// Attempts of a way that failed, with none between them that did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    /// How many.
    pub(crate) failures: u32,
    /// Why the last one did.
    pub(crate) why: String,
}

impl Outside {
    /// The ways of which the last attempt failed.
    pub(crate) fn tried(&self) -> BTreeMap<String, Tried> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An attempt of a way was made, and failed where there is a fault.
    pub(super) fn note(&self, way: &str, fault: Option<&Fault>) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        match fault {
            None => drop(tried.remove(way)),
            Some(fault) => {
                let before = tried.get(way).map_or(0, |tried| tried.failures);
                let now = Tried { failures: before.saturating_add(1), why: fault.why.clone() };
                tried.insert(way.to_owned(), now);
                self.waits.lock().unwrap_or_else(PoisonError::into_inner).insert(way.to_owned());
            }
        }
    }

    /// Asks a way that has nothing to send whether it works: an attempt like any other. Blocks.
    pub(crate) fn ask(&self, name: &str) {
        if let Some(way) = self.config.ways.get(name) {
            self.note(name, way.ask().err().as_ref());
        }
    }

    /// The other ends that show certificates.
    pub(crate) fn far(&self) -> Vec<Far> {
        self.config.ways.iter().filter_map(|(name, way)| Far::of(name, way)).collect()
    }
}
