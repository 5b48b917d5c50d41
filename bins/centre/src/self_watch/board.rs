//! How the parts are, for pages, calls and whoever watches the process: nothing of it passes the desk.

use std::sync::{Arc, Mutex, PoisonError};

use alarmcore::{Part, Timestamp};
use serde::Serialize;

use super::watch::{Finding, Said};

/// How a part is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Standing {
    /// The part.
    pub(crate) part: Part,
    /// Does it fail?
    pub(crate) fails: bool,
    /// Since when it is so.
    #[serde(serialize_with = "rfc3339")]
    pub(crate) since: Timestamp,
    /// How it is, in English and Chinese.
    #[serde(flatten)]
    pub(crate) said: Said,
}

fn rfc3339<S: serde::Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(at)
}

/// What the last look found. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board(Arc<Mutex<Vec<Standing>>>);

impl Board {
    /// Shows what was found at `at`; says whether a part fails or works that did not before.
    pub(super) fn show(&self, findings: &[Finding], at: Timestamp) -> bool {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut news = false;
        for finding in findings {
            let (fails, said) = (!finding.faults.is_empty(), finding.said());
            match standing.iter_mut().find(|standing| standing.part == finding.part) {
                Some(before) => {
                    news |= before.fails != fails;
                    let since = if before.fails == fails { before.since } else { at };
                    *before = Standing { part: finding.part, fails, since, said };
                }
                None => {
                    news |= fails;
                    standing.push(Standing { part: finding.part, fails, since: at, said });
                }
            }
        }
        standing.sort_by_key(|standing| standing.part);
        news
    }

    /// Every part that is watched.
    pub(crate) fn parts(&self) -> Vec<Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What fails.
    pub(crate) fn faults(&self) -> Vec<Standing> {
        self.parts().into_iter().filter(|standing| standing.fails).collect()
    }
}
