//! The live queue: what waits for an operator, most urgent first.

use alarmcore::Stage;
use serde::Serialize;

use super::{IncidentRow, Reader, StormRow, incident::OPEN, spelling};
use crate::store::StoreError;

/// Every open incident and how many stand at each stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// The last journal entry that this answer knows of (the id of live events on pages).
    pub as_of: u64,
    /// By priority, then by age, then by number.
    pub rows: Vec<IncidentRow>,
    /// How many open incidents stand at each stage, in the order of the stages.
    pub stages: Vec<StageCount>,
    /// How many wait, are in somebody's hands, and are on hold.
    pub hands: Hands,
    /// The storms that are not over, oldest first.
    pub storms: Vec<StormRow>,
    /// How much came from outside that has no place at the desk and that nobody has seen.
    pub unseen: u64,
}

/// In whose hands the open incidents are. Each is counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hands {
    /// Nobody has them: they call.
    pub waiting: u32,
    /// Somebody has them.
    pub in_hand: u32,
    /// On hold, whosoever they are.
    pub on_hold: u32,
}

/// How many open incidents stand at a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub incidents: u32,
}

pub(super) const JOURNAL_END: &str = "SELECT coalesce(max(seq), 0) FROM journal";

impl Reader {
    /// Every open incident, most urgent first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn queue(&self) -> Result<Queue, StoreError> {
        let _snapshot = self.snapshot()?;
        let as_of = self.journal_end()?;
        let rows = self.incident_rows(OPEN, [])?;
        let mut stages: Vec<StageCount> = Vec::new();
        let mut hands = Hands::default();
        for row in &rows {
            match (row.hold_until, row.owner) {
                (Some(_), _) => hands.on_hold += 1,
                (None, Some(_)) => hands.in_hand += 1,
                (None, None) => hands.waiting += 1,
            }
            match stages.binary_search_by(|count| count.stage.cmp(&row.stage)) {
                Ok(place) => stages[place].incidents += 1,
                Err(place) => stages.insert(place, StageCount { stage: row.stage, incidents: 1 }),
            }
        }
        Ok(Queue { as_of, rows, stages, hands, storms: self.open_storms()?, unseen: self.unseen()? })
    }

    /// The last entry of the journal; 0 when there is none.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn journal_end(&self) -> Result<u64, StoreError> {
        Ok(self.sql.prepare_cached(JOURNAL_END)?.query_row([], |row| spelling::natural(row, 0))?)
    }
}
