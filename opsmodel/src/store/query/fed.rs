//! Offers of incidents to operators: who was offered what, how each offer ended, and how soon it was taken.

use std::collections::BTreeMap;

use alarmcore::{FeedEnd, IncidentEvent, IncidentId, OperatorId, Timestamp};
use rusqlite::params;
use serde::Serialize;

use super::incident::incident_of;
use super::{Reader, nearest_rank, spelling};
use crate::store::StoreError;

/// The answer of [`Reader::offers`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// One row per offer that was made in the period, in the order in which they were.
    pub rows: Vec<OfferRow>,
    /// The same in figures: by operator, in the order of their numbers.
    pub figures: Vec<OfferFigures>,
}

/// One offer of an incident to an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfferRow {
    /// The incident.
    pub incident: IncidentId,
    /// To whom.
    pub to: OperatorId,
    /// Their name.
    pub to_name: Option<String>,
    /// When.
    #[serde(serialize_with = "spelling::time")]
    pub at: Timestamp,
    /// Until when it was to stand.
    #[serde(serialize_with = "spelling::time")]
    pub until: Timestamp,
    /// When it ended; `None` while it stands.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub ended_at: Option<Timestamp>,
    /// Did they take it?
    pub taken: bool,
    /// Why it was over before anybody took it; `None` where somebody did, or the incident called nobody any more.
    pub reason: Option<FeedEnd>,
    /// Offered to taken by them, in milliseconds.
    pub taken_ms: Option<u64>,
}

/// What was offered to one operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfferFigures {
    /// To whom.
    pub to: OperatorId,
    /// Their name.
    pub to_name: Option<String>,
    /// How many offers.
    pub offered: usize,
    /// How many of them they took.
    pub taken: usize,
    /// How many they let pass.
    pub not_taken: usize,
    /// How many were over for another reason: somebody else took it, they were busy, paused or gone, or life safety went first.
    pub otherwise: usize,
    /// Half of those that they took were taken no later, in milliseconds, by nearest rank.
    pub taken_p50_ms: Option<u64>,
    /// 95 % of them.
    pub taken_p95_ms: Option<u64>,
}

/// An offer, and what ended it: the next of its incident's records that can.
pub(super) const OFFERED: &str = "SELECT j.stream, j.at, j.body, e.at, e.by_id, e.kind, e.body \
    FROM journal AS j INDEXED BY journal_fed LEFT JOIN journal AS e ON e.stream = j.stream AND e.version = \
    (SELECT min(n.version) FROM journal AS n WHERE n.stream = j.stream AND n.version > j.version \
     AND n.kind IN ('feed-over', 'taken', 'taken-over', 'put-on-hold', 'merged', 'closed')) \
    WHERE j.kind = 'fed' AND j.at >= ?1 AND j.at < ?2 ORDER BY j.at, j.seq";

impl Reader {
    /// Every offer of an incident to an operator that was made from `from` on and before `to`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn offers(&self, from: Timestamp, to: Timestamp) -> Result<Offers, StoreError> {
        let people = self.people()?;
        let mut statement = self.sql.prepare_cached(OFFERED)?;
        let mut found = statement.query(params![from.millis(), to.millis()])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let incident = row.get_ref(0)?.as_str().ok().and_then(incident_of);
            let (Some(incident), IncidentEvent::Fed { to, until, .. }) = (incident, spelling::json(row, 2)?) else {
                continue;
            };
            let (at, ended_at) = (spelling::moment(row, 1)?, spelling::moment_or_null(row, 3)?);
            let by = row.get::<_, Option<u32>>(4)?.map(OperatorId::new);
            let taken = by == Some(to) && row.get_ref(5)?.as_str_or_null()? == Some("taken");
            let reason = match spelling::json_or_null(row, 6)? {
                Some(IncidentEvent::FeedOver { reason, .. }) => Some(reason),
                Some(_) | None => None,
            };
            let taken_ms = ended_at.filter(|_| taken).map(|ended| ended.millis().abs_diff(at.millis()));
            let to_name = people.get(&to).cloned();
            rows.push(OfferRow { incident, to, to_name, at, until, ended_at, taken, reason, taken_ms });
        }
        let figures = figures(&rows);
        Ok(Offers { rows, figures })
    }
}

fn figures(rows: &[OfferRow]) -> Vec<OfferFigures> {
    let mut of: BTreeMap<OperatorId, Vec<&OfferRow>> = BTreeMap::new();
    for row in rows {
        of.entry(row.to).or_default().push(row);
    }
    let figures = of.into_iter().map(|(to, rows)| {
        let mut taken_ms: Vec<u64> = rows.iter().filter_map(|row| row.taken_ms).collect();
        taken_ms.sort_unstable();
        let count = |holds: fn(&OfferRow) -> bool| rows.iter().filter(|row| holds(row)).count();
        OfferFigures {
            to,
            to_name: rows[0].to_name.clone(),
            offered: rows.len(),
            taken: count(|row| row.taken),
            not_taken: count(|row| row.reason == Some(FeedEnd::NotTaken)),
            otherwise: count(|row| row.ended_at.is_some() && !row.taken && row.reason != Some(FeedEnd::NotTaken)),
            taken_p50_ms: nearest_rank(&taken_ms, 500),
            taken_p95_ms: nearest_rank(&taken_ms, 950),
        }
    });
    figures.collect()
}
