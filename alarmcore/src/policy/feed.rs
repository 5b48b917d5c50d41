//! Auto-feed: what calls is offered to the next free operator by itself, instead of waiting to be picked.

use core::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// Whether incidents are offered to operators, and for how long. An offer is no ownership: everybody sees and takes what they
/// could before, and no clock stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedRules {
    /// Are incidents offered? Default no: operators pick.
    pub enabled: bool,
    /// An offer stands for so many seconds; then the next operator is offered it. Default 15 (a number of our own).
    pub offer_s: NonZeroU32,
    /// Whoever let an offer pass is offered nothing until they act on an incident, or so many seconds are over. Default 600 (a
    /// number of our own).
    pub rest_s: NonZeroU32,
    /// Is anything offered to supervisors, too? Default no: they oversee, and pick.
    pub supervisors: bool,
}

const fn seconds(seconds: u32) -> NonZeroU32 {
    match NonZeroU32::new(seconds) {
        Some(seconds) => seconds,
        None => NonZeroU32::MIN,
    }
}

impl Default for FeedRules {
    fn default() -> Self {
        Self { enabled: false, offer_s: seconds(15), rest_s: seconds(600), supervisors: false }
    }
}
