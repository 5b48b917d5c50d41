//! The dispatch board: every unit, and what it is out for.

use std::collections::BTreeMap;

use alarmcore::{DispatchState, Incident, IncidentId, Kind, Position, Timestamp, UnitId};
use contactid::AccountNumber;
use serde::Serialize;

use super::{Expected, Reader, spelling};
use crate::crm::{UnitCard, write_names};
use crate::store::StoreError;

/// A guard unit and what it is out for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitRow {
    /// Its number.
    pub unit: UnitId,
    /// The version of its card.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// Its telephone or call sign.
    pub phone: String,
    /// Whether it can be sent.
    pub on_duty: bool,
    /// Where it was last known to be.
    pub position: Option<Position>,
    /// Seconds of travel to districts, as a person writes them.
    pub travel: String,
    /// The districts that it is contracted for; empty for all.
    pub districts: String,
    /// What it can do.
    pub skills: String,
    /// How many other jobs it has in hand.
    pub other_jobs: u32,
    /// What it is out for, in the order of the incidents. Usually one job; empty when it is free.
    pub jobs: Vec<Job>,
    /// How many jobs it is out for are not shown to whoever asks.
    pub hidden_jobs: u32,
}

/// What a unit is out for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Job {
    /// The incident.
    pub incident: IncidentId,
    /// What the incident is about.
    pub kind: Kind,
    /// Whose incident it is.
    pub account: Option<AccountNumber>,
    /// The name on the account's card.
    pub account_name: Option<String>,
    /// Where to go.
    pub address: Option<String>,
    /// How far the unit is.
    pub state: DispatchState,
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// When it accepted.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub accepted_at: Option<Timestamp>,
    /// When the offer ends if it does not accept.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub until: Option<Timestamp>,
    /// When the unit is expected to be free again, where that was [asked](super::Handling::predict).
    pub free: Option<Expected>,
}

pub(super) const UNITS: &str = "SELECT body FROM unit WHERE closed_at IS NULL ORDER BY id";
pub(super) const OUT: &str = "SELECT i.body, a.name, a.address FROM incident AS i INDEXED BY incident_open \
    LEFT JOIN account AS a ON a.account = i.account WHERE i.closed_at IS NULL ORDER BY i.priority, i.opened_at, i.id";
impl Reader {
    /// Every unit and what it is out for, in the order of their numbers.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn board(&self) -> Result<Vec<UnitRow>, StoreError> {
        let _snapshot = self.snapshot()?;
        let mut statement = self.sql.prepare_cached(UNITS)?;
        let cards =
            statement.query_map([], |row| spelling::json::<UnitCard>(row, 0))?.collect::<Result<Vec<_>, _>>()?;
        let mut jobs = self.jobs()?;
        Ok(cards
            .into_iter()
            .map(|card| UnitRow {
                jobs: jobs.remove(&card.id).unwrap_or_default(),
                hidden_jobs: 0,
                unit: card.id,
                version: card.version,
                position: card.position,
                travel: card.travel(),
                districts: write_names(&card.districts),
                skills: write_names(&card.skills),
                other_jobs: card.jobs,
                name: card.name,
                phone: card.phone,
                on_duty: card.on_duty,
            })
            .collect())
    }

    fn jobs(&self) -> Result<BTreeMap<UnitId, Vec<Job>>, StoreError> {
        let mut statement = self.sql.prepare_cached(OUT)?;
        let mut open = statement.query([])?;
        let mut jobs: BTreeMap<UnitId, Vec<Job>> = BTreeMap::new();
        while let Some(row) = open.next()? {
            let incident: Incident = spelling::json(row, 0)?;
            for dispatch in incident.dispatches.iter().filter(|dispatch| dispatch.is_running()) {
                let since = match dispatch.state {
                    DispatchState::Accepted => dispatch.accepted_at,
                    DispatchState::EnRoute => dispatch.departed_at,
                    DispatchState::OnScene => dispatch.arrived_at,
                    _ => None,
                };
                jobs.entry(dispatch.unit).or_default().push(Job {
                    incident: incident.id,
                    kind: incident.kind,
                    account: incident.account,
                    account_name: row.get(1)?,
                    address: row.get(2)?,
                    state: dispatch.state,
                    since: since.unwrap_or(dispatch.offered_at),
                    accepted_at: dispatch.accepted_at,
                    until: Some(dispatch.until).filter(|_| dispatch.state == DispatchState::Offered),
                    free: None,
                });
            }
        }
        Ok(jobs)
    }
}
