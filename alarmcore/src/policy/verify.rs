//! What must be tried before the police are asked for, how soon a dead telephone number is to be corrected, and whether
//! incidents say their level of AVS-01.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::words::words;

/// What must be tried before somebody is asked to come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VerifyRules {
    /// Before the police are. Life safety never waits for it.
    pub police: PoliceCalls,
}

/// How many calls must be tried before an incident that is no life safety is handed to the police: enhanced call
/// verification (TMA CS-V-01: two calls to two numbers). Default none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PoliceCalls {
    /// So many calls, whatever came of them. Default 0.
    pub calls: u32,
    /// To so many different numbers; where an account has fewer, to all that it has. Default 0.
    pub numbers: u32,
    /// What makes the calls needless. Default: a confirmed intrusion, pictures or sound, the scene, a witness.
    pub exempt: BTreeSet<Exemption>,
}

impl Default for PoliceCalls {
    fn default() -> Self {
        Self {
            calls: 0,
            numbers: 0,
            exempt: [Exemption::Confirmed, Exemption::Scene, Exemption::Video, Exemption::Witness].into(),
        }
    }
}

words! {
    /// What makes calls before the police needless.
    Exemption {
        /// A second sign confirmed the intrusion.
        Confirmed "confirmed" "Confirmed intrusion" "已确认入侵",
        /// Somebody on the call list said that it is real.
        Contact "contact" "Contact by telephone" "用户电话确认",
        /// A unit on the scene found it real.
        Scene "scene" "Unit on the scene" "现场人员确认",
        /// Pictures or sound show people, or that it is real.
        Video "video" "Pictures or sound" "音视频复核",
        /// A witness or the police themselves saw it.
        Witness "witness" "Witness or police" "目击者或警方确认",
    }
}

/// What becomes of a telephone number that turned out dead: wrong, or disconnected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallLimits {
    /// Within how many seconds somebody must correct or confirm it; 0 for nobody. Default 86400: a day (a number of our own).
    pub correct_within_s: u32,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { correct_within_s: 24 * 3600 }
    }
}

impl CallLimits {
    /// By when a number that turns out dead now is to be corrected; `None` when nobody is asked to.
    pub(crate) fn correct_by(&self, now: Timestamp) -> Option<Timestamp> {
        (self.correct_within_s > 0).then(|| now.plus_secs(self.correct_within_s))
    }
}

/// Whether incidents say their level of AVS-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AvsRules {
    /// Is it shown, and told to the police with the hand-off? Default yes.
    pub enabled: bool,
}

impl Default for AvsRules {
    fn default() -> Self {
        Self { enabled: true }
    }
}
