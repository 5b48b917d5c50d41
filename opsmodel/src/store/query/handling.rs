//! How long incidents were in hand and units were out, by kind; and when what goes on now is expected to be over by that.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use alarmcore::{ContactAnswer, Dispatch, DispatchState, FirstContact, Incident, Kind, Timestamp};
use rusqlite::Row;
use serde::Serialize;

use super::response::{elapsed_ms, nearest_rank};
use super::{Reader, UnitRow, spelling};
use crate::store::StoreError;

/// Times measured over closed incidents, by kind and phase: the answer of [`Reader::handling`](super::Reader::handling).
///
/// An incident counts as what it was about in the end, once it is closed, by the moment of its closing. What stands for everything
/// of its kind in a storm is no case: it lasts as long as the storm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handling {
    /// With fewer cases there are no figures.
    pub least: usize,
    /// By kind, then by phase; a phase without a case has no row.
    pub figures: Vec<HandlingFigures>,
}

/// What is measured, from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// From an operator's taking the incident to its closing; holds and waiting for units are in it. Where graver danger came
    /// later, from the first taking after that.
    InHand,
    /// The same of incidents whose customer was asked by machine first, because of a storm: their script is shorter.
    InHandAsked,
    /// From an operator's taking it until it was closed or a unit was asked to go: how long it keeps an operator. Holds are not in it
    /// where nobody was sent; where a unit was, most holds wait for it, and those before it are in it.
    Worked,
    /// The same where the customer was asked by machine first, and has not said that all is well.
    WorkedAsked,
    /// The same where they have said so.
    WorkedAgreed,
    /// From the offer to a unit until it left the scene.
    OfferedLeft,
    /// From when the unit accepted until it was on the scene.
    AcceptedArrived,
    /// From when it accepted until it left the scene.
    AcceptedLeft,
    /// From its arrival until it left.
    ArrivedLeft,
}

impl Phase {
    const fn in_hand(asked: Option<&FirstContact>) -> Self {
        if asked.is_some() { Self::InHandAsked } else { Self::InHand }
    }

    pub(super) fn worked(asked: Option<&FirstContact>) -> Self {
        match asked.map(|asked| asked.answer) {
            None => Self::Worked,
            Some(Some(ContactAnswer::AllWell)) => Self::WorkedAgreed,
            Some(_) => Self::WorkedAsked,
        }
    }

    /// The stable word that rows and reports write for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InHand => "in-hand",
            Self::InHandAsked => "in-hand-asked",
            Self::Worked => "worked",
            Self::WorkedAsked => "worked-asked",
            Self::WorkedAgreed => "worked-agreed",
            Self::OfferedLeft => "offered-left",
            Self::AcceptedArrived => "accepted-arrived",
            Self::AcceptedLeft => "accepted-left",
            Self::ArrivedLeft => "arrived-left",
        }
    }
}

/// The times of one phase of one kind of incident, by nearest rank: always times that occurred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandlingFigures {
    /// What the incidents were about.
    pub kind: Kind,
    /// What is measured.
    pub phase: Phase,
    /// How often it was.
    pub cases: usize,
    /// How long they took on average, in milliseconds, where none counts as more than [`Handling::CAP`] times what half of them took:
    /// an incident that was forgotten in hand is no measure. `None` where there are too few.
    pub mean_ms: Option<u64>,
    /// Half of them took no longer.
    pub p50_ms: Option<u64>,
    /// Nine of ten took no longer.
    pub p90_ms: Option<u64>,
}

/// When something that goes on is expected to be over, from how long it took before. It is no promise, and nothing is decided by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// How many cases it rests on.
    pub cases: usize,
    /// Half of them took no longer than until then; `None` where they are too few.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub p50_at: Option<Timestamp>,
    /// Nine of ten took no longer than until then.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub p90_at: Option<Timestamp>,
}

impl Handling {
    /// With fewer cases nothing is predicted.
    pub const LEAST: usize = 5;
    /// On average none counts as more than so many times what half of them took.
    pub const CAP: u64 = 10;
    /// What is predicted rests on the incidents that were closed within so many days.
    pub const DAYS: u32 = 90;

    fn of<'a>(cases: impl Iterator<Item = &'a Case>) -> Self {
        let mut times: BTreeMap<(Kind, Phase), Vec<u64>> = BTreeMap::new();
        for case in cases {
            for &(phase, took) in &case.took {
                times.entry((case.kind, phase)).or_default().push(took);
            }
        }
        let figures = times.into_iter().map(|((kind, phase), mut took)| {
            took.sort_unstable();
            let cases = took.len();
            let enough = cases >= Self::LEAST;
            let rank = |per_mille| nearest_rank(&took, per_mille).filter(|_| enough);
            let cap = nearest_rank(&took, 500).map_or(u64::MAX, |half| half.saturating_mul(Self::CAP));
            let sum = took.iter().map(|&took| took.min(cap)).sum::<u64>();
            let mean_ms = Some(sum / cases.max(1) as u64).filter(|_| enough);
            HandlingFigures { kind, phase, cases, mean_ms, p50_ms: rank(500), p90_ms: rank(900) }
        });
        Self { least: Self::LEAST, figures: figures.collect() }
    }

    /// What was measured of one phase of one kind; `None` where it never occurred.
    pub fn figures(&self, kind: Kind, phase: Phase) -> Option<&HandlingFigures> {
        self.figures.iter().find(|one| one.kind == kind && one.phase == phase)
    }

    fn expected(&self, kind: Kind, phase: Phase, since: Timestamp) -> Expected {
        let figures = self.figures(kind, phase);
        let after = |ms: Option<u64>| {
            ms.map(|ms| Timestamp::from_millis(since.millis().saturating_add(i64::try_from(ms).unwrap_or(i64::MAX))))
        };
        Expected {
            cases: figures.map_or(0, |one| one.cases),
            p50_at: figures.and_then(|one| after(one.p50_ms)),
            p90_at: figures.and_then(|one| after(one.p90_ms)),
        }
    }

    /// Until when this incident is expected to be in hand; `None` where nobody has it in hand, and for what stands for everything of
    /// its kind in a storm.
    pub fn in_hand_until(&self, incident: &Incident) -> Option<Expected> {
        let waits = incident.owner.is_none() || incident.closed_at.is_some() || incident.storm.is_some();
        let since = incident.urgent.as_ref().map_or(incident.taken_at, |urgent| urgent.taken_at).filter(|_| !waits)?;
        Some(self.expected(incident.kind, Phase::in_hand(incident.first_contact.as_ref()), since))
    }

    /// Says of every job on the board when its unit is expected to be free: from the offer while that stands, from the accepting
    /// until the unit is on the scene, and from its arrival then.
    pub fn predict(&self, units: &mut [UnitRow]) {
        for job in units.iter_mut().flat_map(|unit| &mut unit.jobs) {
            let (phase, since) = match (job.state, job.accepted_at) {
                (DispatchState::OnScene, _) => (Phase::ArrivedLeft, job.since),
                (_, Some(accepted)) => (Phase::AcceptedLeft, accepted),
                (_, None) => (Phase::OfferedLeft, job.since),
            };
            job.free = Some(self.expected(job.kind, phase, since));
        }
    }
}

/// What one closed incident is a case of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Case {
    closed_at: Timestamp,
    kind: Kind,
    took: Vec<(Phase, u64)>,
}

// Where graver danger came later, it was taken for that later. The dispatches are read of those only that have some.
pub(super) const CLOSED: &str = "SELECT closed_at, kind, \
    CASE WHEN json_extract(body, '$.urgent.since') IS NULL THEN taken_at ELSE json_extract(body, '$.urgent.taken_at') END, \
    json_extract(body, '$.first_contact'), \
    CASE WHEN json_extract(body, '$.urgent.since') IS NULL THEN dispatched_at ELSE json_extract(body, '$.urgent.dispatched_at') END, \
    CASE WHEN dispatched_at IS NULL THEN '[]' ELSE json_extract(body, '$.dispatches') END, \
    CASE WHEN dispatched_at IS NULL THEN json_extract(body, '$.held_ms') END \
    FROM incident INDEXED BY incident_closed WHERE closed_at >= ?1 AND closed_at < ?2 \
    AND json_extract(body, '$.storm') IS NULL ORDER BY closed_at, id";

fn case(row: &Row<'_>) -> rusqlite::Result<Case> {
    let closed_at = spelling::moment(row, 0)?;
    let asked: Option<FirstContact> = spelling::json_or_null(row, 3)?;
    let (taken, sent) = (spelling::moment_or_null(row, 2)?, spelling::moment_or_null(row, 4)?);
    let until = sent.unwrap_or(closed_at);
    let held_ms = row.get::<_, Option<i64>>(6)?.map_or(0, |held| u64::try_from(held).unwrap_or(0));
    let mut took = Vec::new();
    if let Some(taken) = taken {
        took.push((Phase::in_hand(asked.as_ref()), elapsed_ms(taken, closed_at)));
        took.push((Phase::worked(asked.as_ref()), elapsed_ms(taken, until).saturating_sub(held_ms)));
    }
    for dispatch in spelling::json::<Vec<Dispatch>>(row, 5)? {
        let phases = [
            (Phase::OfferedLeft, Some(dispatch.offered_at).filter(|_| dispatch.was_there()), dispatch.left_at),
            (Phase::AcceptedArrived, dispatch.accepted_at, dispatch.arrived_at),
            (Phase::AcceptedLeft, dispatch.accepted_at.filter(|_| dispatch.was_there()), dispatch.left_at),
            (Phase::ArrivedLeft, dispatch.arrived_at, dispatch.left_at),
        ];
        took.extend(phases.into_iter().filter_map(|(phase, from, to)| Some((phase, elapsed_ms(from?, to?)))));
    }
    Ok(Case { closed_at, kind: spelling::word(row, 1, Kind::from_word)?, took })
}

impl Reader {
    /// How long incidents that were closed from `from` on and before `to` were in hand, and how long units were out for them.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn handling(&self, from: Timestamp, to: Timestamp) -> Result<Handling, StoreError> {
        Ok(Handling::of(self.cases(from, to)?.iter()))
    }

    fn cases(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Case>, StoreError> {
        let mut statement = self.sql.prepare_cached(CLOSED)?;
        let cases = statement.query_map([from.millis(), to.millis()], case)?.collect::<Result<Vec<_>, _>>()?;
        Ok(cases)
    }
}

/// The cases of the last [`Handling::DAYS`], kept between questions: only what was closed since the last one is read.
#[derive(Debug, Default)]
pub struct HandlingWindow {
    cases: VecDeque<Case>,
    measured: Option<Arc<Handling>>,
}

impl HandlingWindow {
    /// What was measured over the days before `now`: the same as [`Reader::handling`] of that period.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn measured(&mut self, reader: &Reader, now: Timestamp) -> Result<Arc<Handling>, StoreError> {
        let from = Timestamp::from_millis(now.millis() - i64::from(Handling::DAYS) * 86_400_000);
        let all = self.cases.len();
        while self.cases.front().is_some_and(|case| case.closed_at < from) {
            self.cases.pop_front();
        }
        // Others may have been closed in the same millisecond as the last one known.
        let since = self.cases.back().map_or(from, |case| case.closed_at);
        let before = self.cases.iter().take_while(|case| case.closed_at < since).count();
        let known = self.cases.split_off(before);
        let read = reader.cases(since, Timestamp::from_millis(i64::MAX))?;
        let changed = before + known.len() < all || known != read;
        self.cases.extend(read);
        match &self.measured {
            Some(measured) if !changed => Ok(Arc::clone(measured)),
            _ => Ok(Arc::clone(self.measured.insert(Arc::new(Handling::of(self.cases.iter()))))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five burglaries of ten seconds, and one that was forgotten for forty days: 25 seconds on average, and not a week.
    #[test]
    fn one_that_was_forgotten_is_no_measure() {
        let case = |took: u64| Case {
            closed_at: Timestamp::from_millis(0),
            kind: Kind::Burglary,
            took: vec![(Phase::Worked, took * 1000)],
        };
        let cases: Vec<Case> = [10, 10, 10, 10, 10, 40 * 86_400].map(case).into();
        let (kind, phase, p90_ms) = (Kind::Burglary, Phase::Worked, Some(40 * 86_400_000));
        let figures = HandlingFigures { kind, phase, cases: 6, mean_ms: Some(25_000), p50_ms: Some(10_000), p90_ms };
        assert_eq!(Handling::of(cases.iter()), Handling { least: 5, figures: vec![figures] });
    }
}
