//! How the last attempts of each way went, for whoever watches the centre.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::Outside;
use super::far::Far;
use super::way::{Fault, Way};

/// Attempts of a way that failed, with none between them that did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    /// How many.
    pub(crate) failures: u32,
    /// Why the last one did.
    pub(crate) why: String,
}

/// A folder of answers that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Which.
    pub(crate) folder: String,
    /// Why.
    pub(crate) why: String,
}

impl Outside {
    /// The ways of which the answers cannot be read; nothing before the first look at all of them.
    pub(crate) fn unread(&self) -> Option<BTreeMap<String, Unread>> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = self.config.ways.values().filter(|way| matches!(way, Way::File(_))).count();
        let unread = heard.iter().filter_map(|(way, looked)| Some((way.clone(), looked.clone().err()?)));
        (heard.len() >= folders).then(|| unread.collect())
    }

    /// The folder of a way's answers was looked at.
    pub(super) fn looked(&self, way: &str, looked: Result<(), Unread>) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(way.to_owned(), looked);
    }

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
