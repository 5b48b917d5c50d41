//! The live queue: what waits for an operator, most urgent first.

use std::collections::BTreeMap;
use std::sync::Arc;

use alarmcore::{OperatorCard, OperatorId, Stage, Timestamp};
use rusqlite::OptionalExtension;
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
    /// The same by queue, in the order of their names; what is everybody's comes first.
    pub queues: Vec<QueueCount>,
    /// The storms that are not over, oldest first.
    pub storms: Vec<StormRow>,
    /// How much came from outside that has no place at the desk and that nobody has seen.
    pub unseen: u64,
    /// How many follow-ups are due and not done.
    pub follow_ups_due: u64,
    /// Has whoever asks paused being offered incidents?
    pub paused: bool,
    /// When whoever asks let an offer pass, where they have not acted since.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub missed_at: Option<Timestamp>,
}

/// How the incidents of one queue stand. Those that are on hold are counted once, as suspended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueCount {
    /// The queue; `None` for what is everybody's.
    pub queue: Option<Arc<str>>,
    /// Is whoever asks one of its members?
    pub own: bool,
    /// Nobody has taken them yet, and they are shown.
    pub new: u32,
    /// On hold.
    pub suspended: u32,
    /// Not shown to whoever asks: they are for the queue's members.
    pub hidden: u32,
    /// Somebody has done something about them.
    pub actioned: u32,
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

pub(super) const MISSED: &str = "SELECT missed_at FROM attention WHERE operator = ?1";
pub(super) const JOURNAL_END: &str = "SELECT coalesce(max(seq), 0) FROM journal";

impl Reader {
    /// Every open incident, most urgent first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn queue(&self) -> Result<Queue, StoreError> {
        self.queue_for(None)
    }

    /// The same as this person is shown it: what is only for the members of other queues is counted and left out.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn queue_of(&self, operator: OperatorId) -> Result<Queue, StoreError> {
        self.queue_for(self.desk_card(operator)?.as_ref())
    }

    fn queue_for(&self, person: Option<&OperatorCard>) -> Result<Queue, StoreError> {
        let _snapshot = self.snapshot()?;
        let as_of = self.journal_end()?;
        let all = self.incident_rows(OPEN, [])?;
        let mut queues: BTreeMap<Option<Arc<str>>, QueueCount> = BTreeMap::new();
        let mut stages: Vec<StageCount> = Vec::new();
        let mut hands = Hands::default();
        let mut rows = Vec::with_capacity(all.len());
        for row in all {
            let shown = person.is_none_or(|person| person.is_shown(row.owner.is_some(), row.queue.as_ref()));
            let name = row.queue.as_ref().map(|queue| queue.name.clone());
            let count =
                queues.entry(name.clone()).or_insert_with(|| QueueCount { queue: name, ..QueueCount::default() });
            count.own |= person.is_some_and(|person| row.queue.as_ref().is_none_or(|queue| person.serves(queue)));
            match (shown, row.hold_until, row.first_act_at) {
                (false, ..) => count.hidden += 1,
                (true, Some(_), _) => count.suspended += 1,
                (true, None, Some(_)) => count.actioned += 1,
                (true, None, None) if row.owner.is_none() => count.new += 1,
                (true, None, None) => {}
            }
            if !shown {
                continue;
            }
            match (row.hold_until, row.owner) {
                (Some(_), _) => hands.on_hold += 1,
                (None, Some(_)) => hands.in_hand += 1,
                (None, None) => hands.waiting += 1,
            }
            match stages.binary_search_by(|count| count.stage.cmp(&row.stage)) {
                Ok(place) => stages[place].incidents += 1,
                Err(place) => stages.insert(place, StageCount { stage: row.stage, incidents: 1 }),
            }
            rows.push(row);
        }
        let queues = queues.into_values().collect();
        let (storms, unseen, follow_ups_due) = (self.open_storms()?, self.unseen()?, self.follow_ups_due()?);
        let paused = person.is_some_and(|person| person.paused);
        let missed_at = person.map_or(Ok(None), |person| self.missed_at(person.operator))?;
        Ok(Queue { as_of, rows, stages, hands, queues, storms, unseen, follow_ups_due, paused, missed_at })
    }

    /// When somebody let an offer pass, where they have not acted since.
    fn missed_at(&self, operator: OperatorId) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.sql.prepare_cached(MISSED)?;
        let missed = statement.query_row([operator.get()], |row| spelling::moment_or_null(row, 0)).optional()?;
        Ok(missed.flatten())
    }

    /// The last entry of the journal; 0 when there is none.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn journal_end(&self) -> Result<u64, StoreError> {
        Ok(self.sql.prepare_cached(JOURNAL_END)?.query_row([], |row| spelling::natural(row, 0))?)
    }
}
