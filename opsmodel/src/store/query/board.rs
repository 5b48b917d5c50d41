//! The dispatch board and the list that one shift hands to the next.

use std::collections::BTreeMap;

use alarmcore::{AccountState, DispatchState, Incident, IncidentId, Kind, Position, Timestamp, UnitId};
use contactid::{AccountNumber, Class};
use serde::Serialize;

use super::{Expected, FollowUpRow, IncidentRow, Queue, Reader, StormRow, TestRow, spelling};
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

/// What the next shift must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// The last journal entry that this answer knows of.
    pub as_of: u64,
    /// Open incidents, in the order of the queue.
    pub open: Vec<IncidentRow>,
    /// How many open incidents are not shown to whoever asks: they wait in a queue that is only for others.
    pub hidden: u32,
    /// Accounts that the centre has on test, the next to end first.
    pub on_test: Vec<TestRow>,
    /// Follow-ups that are not done, the next one due first.
    pub follow_ups: Vec<FollowUpRow>,
    /// The storms that are not over, with what is left to catch up on.
    pub storms: Vec<StormRow>,
    /// Accounts that are not as they should be, by account, then by reason in the order of [`HandoverReason`].
    pub accounts: Vec<HandoverAccount>,
}

/// Something about an account that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandoverAccount {
    /// The account.
    pub account: AccountNumber,
    /// The name on its card, where there is one.
    pub name: Option<String>,
    /// What is the matter.
    pub reason: HandoverReason,
    /// The code that reported it; `None` where the account as a whole is meant.
    pub code: Option<contactid::Code>,
    /// Which zone or part, where the code names one.
    pub number: Option<u32>,
    /// Since when.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
}

/// Why an account is on the hand-over list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandoverReason {
    /// A zone reported an alarm and no restore.
    Unrestored,
    /// A zone is bypassed.
    Bypassed,
    /// It runs on its battery: mains power is off.
    OnBattery,
    /// Its battery is low or missing.
    BatteryLow,
    /// Its line is silent: no heartbeat comes.
    LinkLost,
    /// Any other fault that was reported and not restored.
    Trouble,
    /// The panel says that the installation is being tested.
    OnTest,
}

impl HandoverReason {
    /// Its word in lists and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unrestored => "unrestored",
            Self::Bypassed => "bypassed",
            Self::OnBattery => "on-battery",
            Self::BatteryLow => "battery-low",
            Self::LinkLost => "link-lost",
            Self::Trouble => "trouble",
            Self::OnTest => "on-test",
        }
    }
}

pub(super) const UNITS: &str = "SELECT body FROM unit WHERE closed_at IS NULL ORDER BY id";
pub(super) const OUT: &str = "SELECT i.body, a.name, a.address FROM incident AS i INDEXED BY incident_open \
    LEFT JOIN account AS a ON a.account = i.account WHERE i.closed_at IS NULL ORDER BY i.priority, i.opened_at, i.id";
/// The states that the index holds: those that are not in order.
pub(super) const STATES: &str = "SELECT s.account, a.name, s.body FROM account_state AS s INDEXED BY account_state_standing \
    LEFT JOIN account AS a ON a.account = s.account \
    WHERE json_array_length(s.body, '$.alarms') + json_array_length(s.body, '$.bypassed') \
        + json_array_length(s.body, '$.troubles') + coalesce(json_array_length(s.body, '$.missed'), 0) > 0 \
        OR json_extract(s.body, '$.test_mode_since') IS NOT NULL OR json_extract(s.body, '$.silent_since') IS NOT NULL \
    ORDER BY s.account";

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

    /// What the next shift must know.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn handover(&self) -> Result<Handover, StoreError> {
        let queue = self.queue()?;
        let mut statement = self.sql.prepare_cached(STATES)?;
        let mut states = statement.query([])?;
        let mut accounts = Vec::new();
        while let Some(row) = states.next()? {
            let name: Option<String> = row.get(1)?;
            unfinished(&spelling::json(row, 2)?, &name, &mut accounts);
        }
        let Queue { as_of, rows: open, storms, .. } = queue;
        let (on_test, follow_ups) = (self.open_tests()?, self.open_follow_ups()?);
        Ok(Handover { as_of, open, hidden: 0, on_test, follow_ups, storms, accounts })
    }
}

fn unfinished(state: &AccountState, name: &Option<String>, list: &mut Vec<HandoverAccount>) {
    let first = list.len();
    let lasting = [
        (&state.alarms, Some(HandoverReason::Unrestored)),
        (&state.bypassed, Some(HandoverReason::Bypassed)),
        (&state.troubles, None),
    ];
    for (standing, reason) in lasting.iter().flat_map(|(all, reason)| all.iter().map(move |one| (one, *reason))) {
        list.push(HandoverAccount {
            account: state.account,
            name: name.clone(),
            reason: reason.unwrap_or(match standing.class {
                Class::MainsPower => HandoverReason::OnBattery,
                Class::Battery => HandoverReason::BatteryLow,
                _ => HandoverReason::Trouble,
            }),
            code: Some(standing.code),
            number: standing.number,
            since: standing.since,
        });
    }
    let whole = [(HandoverReason::LinkLost, state.silent_since), (HandoverReason::OnTest, state.test_mode_since)];
    list.extend(whole.into_iter().filter_map(|(reason, since)| {
        let (account, name) = (state.account, name.clone());
        since.map(|since| HandoverAccount { account, name, reason, code: None, number: None, since })
    }));
    list[first..].sort_by_key(|row| (row.reason, row.since, row.number));
}
