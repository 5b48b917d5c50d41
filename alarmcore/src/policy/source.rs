//! Where signals come from: when an operator is told, and what a signal from elsewhere does not do.

use serde::{Deserialize, Serialize};

use crate::source::ToldSources;

/// What follows when a signal came from where it should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceRules {
    /// So many seconds after an operator was told of a source of an account they are told of the same one again;
    /// [`ToldSources::KEPT_S`] at most. Default 86400 (a number of our own).
    pub again_s: u32,
    /// Is it told when a signal comes from another source than the one before, of an account whose card lists none? Default no:
    /// many lines have another address every day.
    pub changed: bool,
    /// Do openings, closings, cancels, restores, tests and signs of life that come from where the card does not list weigh as any
    /// other? Default no: they lower, end and satisfy nothing, and what makes danger more visible counts in full.
    pub strange_weighs: bool,
}

impl Default for SourceRules {
    fn default() -> Self {
        Self { again_s: 86_400, changed: false, strange_weighs: false }
    }
}

impl SourceRules {
    /// Within this time the same source is told once.
    pub(crate) fn span_s(self) -> u32 {
        self.again_s.min(ToldSources::KEPT_S)
    }
}
