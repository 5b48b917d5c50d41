//! Hand-offs to authorities: when asked, by which way, what was answered and how fast.

use std::collections::BTreeMap;

use alarmcore::{Authority, Effect, HandOffState, Incident, IncidentId, Kind, Rejection, TheirOutcome, Timestamp};
use contactid::AccountNumber;
use rusqlite::params;
use serde::Serialize;

use super::{Reader, nearest_rank, spelling};
use crate::store::StoreError;

/// The answer of [`Reader::hand_offs`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOffs {
    /// One row per hand-off that was asked for in the period, in the order in which they were.
    pub rows: Vec<HandOffRow>,
    /// The same in figures: by authority, then by way.
    pub figures: Vec<HandOffFigures>,
}

/// One hand-off with the time of each state that it reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOffRow {
    /// The incident.
    pub incident: IncidentId,
    /// Which hand-off of it, counted from 1.
    pub number: u16,
    /// Whose the incident is.
    pub account: Option<AccountNumber>,
    /// What it is about.
    pub kind: Kind,
    /// To whom.
    pub to: Authority,
    /// By which way out; `None` where people telephoned.
    pub way: Option<String>,
    /// When it was asked for.
    #[serde(serialize_with = "spelling::time")]
    pub asked_at: Timestamp,
    /// When it was known that they have it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub delivered_at: Option<Timestamp>,
    /// When they said whether they take it.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub answered_at: Option<Timestamp>,
    /// What they said; `None` while they have said neither.
    pub accepted: Option<bool>,
    /// Why they do not take it.
    pub rejection: Option<Rejection>,
    /// When they sent somebody.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub dispatched_at: Option<Timestamp>,
    /// When somebody of theirs was on the scene.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub on_scene_at: Option<Timestamp>,
    /// Where it stands.
    pub state: HandOffState,
    /// When it ended.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub ended_at: Option<Timestamp>,
    /// What they closed it with.
    pub outcome: Option<TheirOutcome>,
    /// Their reference number.
    pub reference: Option<String>,
    /// How many messages they were sent, the hand-off itself included.
    pub messages: u32,
    /// How often the hand-off itself was tried in vain.
    pub failures: u32,
    /// Asked to answered, in milliseconds.
    pub answer_ms: Option<u64>,
    /// Asked to on the scene, in milliseconds.
    pub on_scene_ms: Option<u64>,
}

/// The hand-offs to one authority by one way. Times are percentiles by nearest rank of those that came so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOffFigures {
    /// To whom.
    pub to: Authority,
    /// By which way out; `None` where people telephoned.
    pub way: Option<String>,
    /// How many were asked for.
    pub asked: usize,
    /// How many of them they accepted.
    pub accepted: usize,
    /// How many they rejected.
    pub rejected: usize,
    /// How many could not be delivered.
    pub failed: usize,
    /// How many have no answer and no end.
    pub open: usize,
    /// Half of the answers took no longer, in milliseconds.
    pub answer_p50_ms: Option<u64>,
    /// 95 % of them.
    pub answer_p95_ms: Option<u64>,
    /// Half of the arrivals took no longer, in milliseconds.
    pub on_scene_p50_ms: Option<u64>,
    /// 95 % of them.
    pub on_scene_p95_ms: Option<u64>,
}

pub(super) const HANDED: &str = "SELECT body FROM incident INDEXED BY incident_handed \
    WHERE json_array_length(body, '$.hand_offs') > 0 AND opened_at < ?1 ORDER BY opened_at, id";
pub(super) const SENT: &str =
    "SELECT body, way, attempts FROM outbox INDEXED BY outbox_way WHERE way IS NOT NULL AND at >= ?1 AND at < ?2";

impl Reader {
    /// Every hand-off that was asked for from `from` on and before `to`.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn hand_offs(&self, from: Timestamp, to: Timestamp) -> Result<HandOffs, StoreError> {
        let _snapshot = self.snapshot()?;
        let mut sent: BTreeMap<(IncidentId, u16), (String, u32)> = BTreeMap::new();
        let mut statement = self.sql.prepare_cached(SENT)?;
        let mut found = statement.query(params![from.millis(), to.millis()])?;
        while let Some(row) = found.next()? {
            if let Effect::HandOff { incident, number, .. } = spelling::json(row, 0)? {
                sent.insert((incident, number), (row.get(1)?, row.get(2)?));
            }
        }
        let mut statement = self.sql.prepare_cached(HANDED)?;
        let mut found = statement.query([to.millis()])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let incident: Incident = spelling::json(row, 0)?;
            for hand_off in incident.hand_offs.iter().filter(|hand_off| from <= hand_off.at && hand_off.at < to) {
                let since = |at: Option<Timestamp>| {
                    at.map(|at| u64::try_from(at.millis().saturating_sub(hand_off.at.millis())).unwrap_or(0))
                };
                let (way, failures) =
                    sent.remove(&(incident.id, hand_off.number)).map_or((None, 0), |(way, times)| (Some(way), times));
                rows.push(HandOffRow {
                    incident: incident.id,
                    number: hand_off.number,
                    account: incident.account,
                    kind: incident.kind,
                    to: hand_off.to,
                    way,
                    asked_at: hand_off.at,
                    delivered_at: hand_off.delivered_at,
                    answered_at: hand_off.answered_at,
                    accepted: hand_off.accepted,
                    rejection: hand_off.rejection,
                    dispatched_at: hand_off.dispatched_at,
                    on_scene_at: hand_off.on_scene_at,
                    state: hand_off.state(),
                    ended_at: hand_off.end.map(|end| end.at),
                    outcome: hand_off.outcome,
                    reference: hand_off.reference.clone(),
                    messages: hand_off.sent.max(1),
                    failures,
                    answer_ms: since(hand_off.answered_at),
                    on_scene_ms: since(hand_off.on_scene_at),
                });
            }
        }
        rows.sort_by_key(|row| (row.asked_at, row.incident, row.number));
        let figures = figures(&rows);
        Ok(HandOffs { rows, figures })
    }
}

fn figures(rows: &[HandOffRow]) -> Vec<HandOffFigures> {
    let mut by: BTreeMap<(Authority, Option<&str>), Vec<&HandOffRow>> = BTreeMap::new();
    for row in rows {
        by.entry((row.to, row.way.as_deref())).or_default().push(row);
    }
    let figure = |((to, way), rows): ((Authority, Option<&str>), Vec<&HandOffRow>)| {
        let count = |of: &dyn Fn(&HandOffRow) -> bool| rows.iter().filter(|row| of(row)).count();
        let sorted = |of: &dyn Fn(&HandOffRow) -> Option<u64>| {
            let mut times: Vec<u64> = rows.iter().filter_map(|row| of(row)).collect();
            times.sort_unstable();
            times
        };
        let (answers, arrivals) = (sorted(&|row| row.answer_ms), sorted(&|row| row.on_scene_ms));
        HandOffFigures {
            to,
            way: way.map(str::to_owned),
            asked: rows.len(),
            accepted: count(&|row| row.accepted == Some(true)),
            rejected: count(&|row| row.state == HandOffState::Rejected),
            failed: count(&|row| row.state == HandOffState::Failed),
            open: count(&|row| matches!(row.state, HandOffState::Asked | HandOffState::Delivered)),
            answer_p50_ms: nearest_rank(&answers, 500),
            answer_p95_ms: nearest_rank(&answers, 950),
            on_scene_p50_ms: nearest_rank(&arrivals, 500),
            on_scene_p95_ms: nearest_rank(&arrivals, 950),
        }
    };
    by.into_iter().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u16, to: Authority, way: Option<&str>, state: HandOffState, answer_ms: Option<u64>) -> HandOffRow {
        HandOffRow {
            incident: IncidentId::new(1),
            number: n,
            account: None,
            kind: Kind::Burglary,
            to,
            way: way.map(str::to_owned),
            asked_at: Timestamp::from_millis(0),
            delivered_at: None,
            answered_at: answer_ms.map(|ms| Timestamp::from_millis(ms.cast_signed())),
            accepted: answer_ms.map(|_| state != HandOffState::Rejected),
            rejection: None,
            dispatched_at: None,
            on_scene_at: None,
            state,
            ended_at: None,
            outcome: None,
            reference: None,
            messages: 1,
            failures: 0,
            answer_ms,
            on_scene_ms: None,
        }
    }

    #[test]
    fn figures_are_by_authority_and_way() {
        let (police, fire) = (Authority::Police, Authority::Fire);
        let rows = [
            row(1, police, Some("psap"), HandOffState::Closed, Some(4_000)),
            row(2, police, Some("psap"), HandOffState::Rejected, Some(9_000)),
            row(3, police, Some("psap"), HandOffState::Failed, None),
            row(4, police, None, HandOffState::Asked, None),
            row(5, fire, None, HandOffState::Left, Some(60_000)),
        ];
        let none = HandOffFigures {
            to: police,
            way: None,
            asked: 1,
            accepted: 0,
            rejected: 0,
            failed: 0,
            open: 0,
            answer_p50_ms: None,
            answer_p95_ms: None,
            on_scene_p50_ms: None,
            on_scene_p95_ms: None,
        };
        let (p50, p95) = (Some(4_000), Some(9_000));
        let by_machine = HandOffFigures {
            way: Some("psap".into()),
            asked: 3,
            accepted: 1,
            rejected: 1,
            failed: 1,
            answer_p50_ms: p50,
            answer_p95_ms: p95,
            ..none.clone()
        };
        let minute = Some(60_000);
        let of_fire =
            HandOffFigures { to: fire, accepted: 1, answer_p50_ms: minute, answer_p95_ms: minute, ..none.clone() };
        let by_people = HandOffFigures { open: 1, ..none };
        assert_eq!(figures(&rows), [by_people, by_machine, of_fire]);
    }
}
