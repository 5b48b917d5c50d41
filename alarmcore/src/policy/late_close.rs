//! What the people of a site that is not closed in time are asked before an operator is.

use serde::{Deserialize, Serialize};

/// What the people of a site that is not closed in time are asked before an operator sees it: only those of whom the
/// account's card says that they may close late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LateCloseRules {
    /// Within how many seconds they must answer; 0 to ask nobody. Default 0: a centre must have a way to ask them.
    pub answer_within_s: u32,
    /// By how many seconds one answer may put the closing off. Default 7200.
    pub extend_max_s: u32,
    /// How often it may be put off. Default 1.
    pub extensions: u32,
    /// For how many seconds "not closing today" holds at most, where the next hours do not begin before: then they are asked once
    /// more, as often as the site is still open. Default 86400, a day; 0 counts as 1.
    pub not_today_s: u32,
}

impl Default for LateCloseRules {
    fn default() -> Self {
        Self { answer_within_s: 0, extend_max_s: 2 * 3600, extensions: 1, not_today_s: 24 * 3600 }
    }
}
