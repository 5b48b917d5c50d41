//! The queues of the desk: which incidents go to whom, and when others see them too.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Which;

/// A queue. An incident is in the first one that it fits, and in none, which is everybody's, where it fits none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueRule {
    /// Its name.
    pub name: Arc<str>,
    /// Which incidents it is for; all where nothing is said.
    #[serde(default, rename = "for")]
    pub which: Which,
    /// What an operator must be able to do to be one of its members, by the names on the cards of operators. Whoever does not
    /// speak the language of the site is none for that site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Arc<str>>,
    /// Do only its members, and supervisors, see what is in it? Default no.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub exclusive: bool,
    /// What is in an exclusive queue is everybody's after so many seconds of calling, and at once when no member is there.
    /// Default 30.
    #[serde(default = "waits")]
    pub overflow_s: u32,
    /// The same of life safety. Default 0: at once.
    #[serde(default)]
    pub life_safety_s: u32,
}

const fn waits() -> u32 {
    30
}
