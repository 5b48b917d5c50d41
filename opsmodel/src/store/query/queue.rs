//! The live queue: what waits for an operator, most urgent first.

use serde::Serialize;

use super::IncidentRow;

/// Every open incident and how many stand at each stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// The last journal entry that this answer knows of (the id of live events on pages).
    pub as_of: u64,
    /// By priority, then by age, then by number.
    pub rows: Vec<IncidentRow>,
    /// How many open incidents stand at each stage, in the order of the stage's name.
    pub stages: Vec<StageCount>,
}

/// How many open incidents stand at a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageCount {
    /// The stage as `alarmcore` spells it.
    pub stage: String,
    /// How many.
    pub incidents: u32,
}
