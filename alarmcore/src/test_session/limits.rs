//! How long an account may be on test, and what has to be proved before: the part of the policy that no act can lift.

use serde::{Deserialize, Serialize};

use super::ProofFor;

/// How long an account may be on test, in seconds, and what has to be proved before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestLimits {
    /// For how long when nothing is said, within the limit of whoever acts. Default two hours.
    pub default_s: u32,
    /// How long after its beginning a test of an operator ends at the latest, extensions included. Default eight hours.
    pub operator_max_s: u32,
    /// The same for a supervisor. Default 24 hours.
    pub supervisor_max_s: u32,
    /// How long before its end somebody is warned; halfway through a test, or what is left of it, that is shorter than
    /// twice this. Default 15 minutes.
    pub warn_before_s: u32,
    /// A test that begins within so many seconds of the end of the account's last one goes on from that: what has gone counts towards
    /// the limit. Default one hour; 0: each test is one of its own. No override says otherwise.
    pub again_s: u32,
    /// For what a test whoever asks has to say the right codeword, or a second person, a supervisor, to agree. Default life
    /// safety. No override says otherwise.
    pub proof: ProofFor,
}

impl Default for TestLimits {
    fn default() -> Self {
        Self {
            default_s: 2 * 3600,
            operator_max_s: 8 * 3600,
            supervisor_max_s: 24 * 3600,
            warn_before_s: 15 * 60,
            again_s: 3600,
            proof: ProofFor::LifeSafety,
        }
    }
}

impl TestLimits {
    /// How long a test may last that this person begins or extends, in seconds.
    pub const fn max_s(&self, supervisor: bool) -> u32 {
        if supervisor { self.supervisor_max_s } else { self.operator_max_s }
    }
}
