//! How long an authority may take, and how long a fire may wait to be handed off.

use serde::{Deserialize, Serialize};

use crate::incident::Authority;

/// When somebody is called because of a hand-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandOffLimits {
    /// A fire that is not handed to the fire brigade calls again after so many seconds; 0 for never. Default 60: NFPA 72 asks for
    /// retransmission at once, and said to allow 90 s where verification is allowed (unverified).
    pub fire_within_s: u32,
    /// For how long, in seconds, the last word of an authority is awaited after an incident is closed. Default 604800: a week (a
    /// number of our own).
    pub follow_s: u32,
    /// How long each authority may take to answer.
    pub answer_s: AnswerTimes,
}

impl Default for HandOffLimits {
    fn default() -> Self {
        Self { fire_within_s: 60, follow_s: 7 * 24 * 3600, answer_s: AnswerTimes::default() }
    }
}

/// Within how many seconds each authority answers; 0 for whenever it likes. All are numbers of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerTimes {
    /// The police. Default 180.
    pub police: u32,
    /// The fire brigade. Default 60.
    pub fire: u32,
    /// The ambulance. Default 60.
    pub ambulance: u32,
    /// The insurer. Default 259200: three days.
    pub insurer: u32,
}

impl Default for AnswerTimes {
    fn default() -> Self {
        Self { police: 180, fire: 60, ambulance: 60, insurer: 3 * 24 * 3600 }
    }
}

impl AnswerTimes {
    /// Within how many seconds this authority answers; `None` for whenever it likes.
    pub fn of(&self, to: Authority) -> Option<u32> {
        let seconds = match to {
            Authority::Police => self.police,
            Authority::Fire => self.fire,
            Authority::Ambulance => self.ambulance,
            Authority::Insurer => self.insurer,
        };
        (seconds > 0).then_some(seconds)
    }
}
