//! How long those at the desk need for what is open: by how long such incidents kept an operator, and where too few did, by what is assumed.

use std::collections::BTreeMap;

use alarmcore::{Incident, Kind, Timestamp};
use serde::Serialize;

use super::response::elapsed_ms;
use super::{Handling, Phase, Reader, board, spelling};
use crate::store::StoreError;

/// The answer of [`Reader::forecast`]. It counts what is open, and nothing of what still comes; nothing is decided by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// By kind, then by script.
    pub rows: Vec<ForecastRow>,
    /// How long one person would need for all of it, in milliseconds.
    pub work_ms: u64,
    /// How long those at the desk need, and how long with one and with two more.
    pub seats: Vec<ForecastSeats>,
}

/// What is open of one kind and script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForecastRow {
    /// What the incidents are about.
    pub kind: Kind,
    /// How much of a script they have: [`Phase::Worked`], [`Phase::WorkedAsked`] or [`Phase::WorkedAgreed`].
    pub phase: Phase,
    /// How many nobody has in hand.
    pub waiting: usize,
    /// How many somebody has.
    pub in_hand: usize,
    /// How long one keeps an operator, on average, in milliseconds.
    pub each_ms: u64,
    /// Whether that was measured; it is assumed otherwise.
    pub measured: bool,
    /// Over how many cases it was measured, or would have been.
    pub cases: usize,
    /// What they come to, less what those in hand have had already.
    pub work_ms: u64,
}

/// How long so many people need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ForecastSeats {
    /// How many are at the desk.
    pub people: usize,
    /// In how many milliseconds everything is worked through; `None` where nobody is there.
    pub done_in_ms: Option<u64>,
}

impl Forecast {
    /// How long an incident is assumed to keep an operator, in milliseconds: the average of the evenings that the storm mode was
    /// played with, of log-normal times with a median of 1.9 min; six tenths of it where the customer was asked first, and one act
    /// where they have said that all is well.
    pub const fn assumed_ms(phase: Phase) -> u64 {
        match phase {
            Phase::WorkedAgreed => 10_000,
            Phase::WorkedAsked => 89_400,
            _ => 149_000,
        }
    }

    fn add(
        &mut self,
        places: &mut BTreeMap<(Kind, Phase), usize>,
        incident: &Incident,
        measured: &Handling,
        now: Timestamp,
    ) {
        let phase = Phase::worked(incident.first_contact.as_ref());
        let row = *places.entry((incident.kind, phase)).or_insert_with(|| {
            let figures = measured.figures(incident.kind, phase);
            let mean_ms = figures.and_then(|figures| figures.mean_ms);
            self.rows.push(ForecastRow {
                kind: incident.kind,
                phase,
                waiting: 0,
                in_hand: 0,
                each_ms: mean_ms.unwrap_or(Self::assumed_ms(phase)),
                measured: mean_ms.is_some(),
                cases: figures.map_or(0, |figures| figures.cases),
                work_ms: 0,
            });
            self.rows.len() - 1
        });
        let row = &mut self.rows[row];
        let (taken, sent) = match &incident.urgent {
            Some(urgent) => (urgent.taken_at, urgent.dispatched_at),
            None => (incident.taken_at, incident.dispatched_at),
        };
        match (incident.owner, taken) {
            (None, _) => {
                row.waiting += 1;
                row.work_ms += row.each_ms;
            }
            (Some(_), taken) => {
                row.in_hand += 1;
                // Once a unit is asked, its operator waits for what the unit says.
                let had = taken.map_or(0, |taken| elapsed_ms(taken, now));
                row.work_ms += if sent.is_some() { 0 } else { row.each_ms.saturating_sub(had) };
            }
        }
    }
}

impl Reader {
    /// How long so many people at the desk need for everything that is open at `now`, by what was measured. What stands for everything of
    /// its kind in a storm is left out: its ledger is worked through afterwards.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn forecast(&self, measured: &Handling, people: usize, now: Timestamp) -> Result<Forecast, StoreError> {
        let mut statement = self.sql.prepare_cached(board::OUT)?;
        let mut open = statement.query([])?;
        let (mut forecast, mut places) =
            (Forecast { rows: Vec::new(), work_ms: 0, seats: Vec::new() }, BTreeMap::new());
        while let Some(row) = open.next()? {
            let incident: Incident = spelling::json(row, 0)?;
            if incident.storm.is_none() {
                forecast.add(&mut places, &incident, measured, now);
            }
        }
        forecast.rows.sort_unstable_by_key(|row| (row.kind, row.phase));
        let work_ms = forecast.rows.iter().map(|row| row.work_ms).sum();
        let need = |people: usize| ForecastSeats { people, done_in_ms: (people > 0).then(|| work_ms / people as u64) };
        Ok(Forecast { work_ms, seats: (people..=people + 2).map(need).collect(), ..forecast })
    }
}
