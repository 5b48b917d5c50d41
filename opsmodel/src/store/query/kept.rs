//! What somebody is not shown: incidents that wait in a queue which is only for others.

use std::collections::BTreeMap;
use std::sync::Arc;

use alarmcore::{InQueue, IncidentId, OperatorId};

use super::{
    AccountPage, FollowUpRow, Handover, LoweredRow, PackReport, Reader, SignalPage, StormPage, UnitRow, spelling,
};
use crate::store::StoreError;

/// The incidents that are kept from somebody, with the queue that each of them waits in. Few at any time: what waits in such a
/// queue is soon in somebody's hands, or everybody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept(BTreeMap<IncidentId, Arc<str>>);

/// What may be kept from somebody: open, in nobody's hands, in a queue that is only for some.
pub(super) const WAITING: &str = "SELECT id, json_extract(body, '$.queue') FROM incident INDEXED BY incident_kept \
    WHERE closed_at IS NULL AND owner IS NULL AND json_extract(body, '$.queue.exclusive') \
    AND json_extract(body, '$.queue.overflow') IS NULL";

impl Reader {
    /// What is kept from this person: nothing from supervisors, nor from whoever is not at the desk.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn kept_from(&self, operator: OperatorId) -> Result<Kept, StoreError> {
        let Some(person) = self.desk_card(operator)? else { return Ok(Kept::default()) };
        let mut statement = self.sql.prepare_cached(WAITING)?;
        let mut found = statement.query([])?;
        let mut kept = BTreeMap::new();
        while let Some(row) = found.next()? {
            let queue: InQueue = spelling::json(row, 1)?;
            if !person.is_shown(false, Some(&queue)) {
                kept.insert(IncidentId::new(spelling::natural(row, 0)?), queue.name);
            }
        }
        Ok(Kept(kept))
    }
}

impl Kept {
    /// The queue that keeps this incident.
    pub fn queue_of(&self, incident: IncidentId) -> Option<&Arc<str>> {
        self.0.get(&incident)
    }

    /// Is this shown, which is about this incident or about none?
    pub fn shows(&self, incident: impl Into<Option<IncidentId>>) -> bool {
        incident.into().is_none_or(|incident| !self.0.contains_key(&incident))
    }

    /// Leaves out the rows that are about what is kept, and says how many they were.
    pub fn leave_out<T, I: Into<Option<IncidentId>>>(&self, rows: &mut Vec<T>, about: impl Fn(&T) -> I) -> u32 {
        let all = rows.len();
        rows.retain(|row| self.shows(about(row)));
        u32::try_from(all - rows.len()).unwrap_or(u32::MAX)
    }

    /// The same of follow-ups. What is given to the person themselves they are shown in any case.
    pub fn leave_out_follow_ups(&self, rows: &mut Vec<FollowUpRow>, me: OperatorId) {
        rows.retain(|row| row.to_operator == Some(me) || self.shows(row.incident));
    }

    /// The board of lowered protection, naming no incident that is kept: what lowers protection is everybody's.
    pub fn lowered(&self, mut rows: Vec<LoweredRow>) -> Vec<LoweredRow> {
        let hidden = rows.iter_mut().filter(|row| !self.shows(row.incident));
        hidden.for_each(|row| row.incident = None);
        rows
    }

    /// The board of units without the jobs that are about what is kept; they are counted in `hidden_jobs`.
    pub fn board(&self, mut units: Vec<UnitRow>) -> Vec<UnitRow> {
        for unit in &mut units {
            unit.hidden_jobs = self.leave_out(&mut unit.jobs, |job| job.incident);
        }
        units
    }
}

impl PackReport {
    /// Lists no failure of what is kept. All are counted.
    pub fn keep(&mut self, kept: &Kept) {
        for row in &mut self.clauses {
            kept.leave_out(&mut row.failures, |failure| failure.incident);
        }
    }
}

impl StormPage {
    /// Names no incident in its ledger that is kept: the line itself is of the storm, and everybody's.
    pub fn keep(&mut self, kept: &Kept) {
        let hidden = self.lines.iter_mut().filter(|line| !kept.shows(line.incident));
        hidden.for_each(|line| line.incident = None);
    }
}

impl SignalPage {
    /// The page without the signals of what is kept; they are counted in `hidden`.
    #[must_use]
    pub fn without(mut self, kept: &Kept) -> Self {
        self.hidden = kept.leave_out(&mut self.rows, |row| row.incident);
        self
    }
}

impl AccountPage {
    /// Leaves out what is kept; the incidents are counted in `hidden`.
    pub fn keep(&mut self, kept: &Kept) {
        self.hidden = kept.leave_out(&mut self.incidents, |row| row.incident);
        kept.leave_out(&mut self.signals, |row| row.incident);
    }
}

impl Handover {
    /// Leaves out what is kept; the incidents are counted in `hidden`.
    pub fn keep(&mut self, kept: &Kept, me: OperatorId) {
        self.hidden = kept.leave_out(&mut self.open, |row| row.incident);
        kept.leave_out(&mut self.hand_offs, |row| row.incident);
        self.lowered = kept.lowered(std::mem::take(&mut self.lowered));
        kept.leave_out_follow_ups(&mut self.follow_ups, me);
    }
}
