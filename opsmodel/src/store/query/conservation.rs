//! Does every frame end somewhere? Per minute and line: received = acknowledged + supervised + refused,
//! acknowledged = stored, stored = disposed (invariant 12).

use alarmcore::{SignalId, Timestamp};
use serde::Serialize;

use super::spelling;

/// The answer of [`Reader::conservation`](super::Reader::conservation).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conservation {
    /// One row per minute and line, in that order.
    pub minutes: Vec<LineMinute>,
    /// Every place where a sum does not hold. Empty is good.
    pub holes: Vec<Hole>,
}

/// What one line carried in one minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineMinute {
    /// Start of the minute.
    #[serde(serialize_with = "spelling::time")]
    pub minute: Timestamp,
    /// The line.
    pub line: String,
    /// Intact frames read.
    pub received: u64,
    /// Frames acknowledged whose signals are in the log.
    pub acknowledged: u64,
    /// Heartbeats: acknowledged, and deliberately not in the log.
    pub supervised: u64,
    /// Frames that were answered with a refusal or not at all.
    pub refused: u64,
    /// Bytes that were no frame.
    pub noise: u64,
    /// Frames in the log that were acknowledged.
    pub stored: u64,
    /// Signals in the log, whatever their frame was answered.
    pub signals: u64,
    /// Those of them with a final disposition.
    pub disposed: u64,
    /// Those of them that are held back: their final disposition comes.
    pub held: u64,
    /// Those of them that the desk has not reached yet.
    pub pending: u64,
}

/// Which sum did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// received = acknowledged + supervised + refused.
    ReceivedIsAnswered,
    /// acknowledged = stored.
    AcknowledgedIsStored,
    /// stored = disposed + held + not reached yet.
    StoredIsDisposed,
}

/// A place where frames or signals are missing, or too many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hole {
    /// Start of the minute.
    #[serde(serialize_with = "spelling::time")]
    pub minute: Timestamp,
    /// The line.
    pub line: String,
    /// The sum that does not hold.
    pub rule: Rule,
    /// Its left side.
    pub expected: u64,
    /// Its right side.
    pub found: u64,
    /// The first signal that is missing, where it can be named.
    pub signal: Option<SignalId>,
}
