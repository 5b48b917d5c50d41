//! Where signals come from: when an operator is told.

use serde::{Deserialize, Serialize};

use crate::source::ToldSources;

/// When an operator is told that a signal came from where it should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceRules {
    /// So many seconds after an operator was told of a source of an account they are told of the same one again;
    /// [`ToldSources::KEPT_S`] at most. Default 86400 (a number of our own).
    pub again_s: u32,
    /// Is it told when a signal comes from another source than the one before, of an account whose card lists none? Default no:
    /// many lines have another address every day.
    pub changed: bool,
}

impl Default for SourceRules {
    fn default() -> Self {
        Self { again_s: 86_400, changed: false }
    }
}

impl SourceRules {
    /// Within this time the same source is told once.
    pub(crate) fn span_s(self) -> u32 {
        self.again_s.min(ToldSources::KEPT_S)
    }
}
