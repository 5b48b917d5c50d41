//! The queue, the incidents, and the acts on them.

use std::net::SocketAddr;

use alarmcore::{Dispatch, IncidentId};
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::StatusCode;
use contactid::AccountNumber;
use opsmodel::store::query::{Expected, IncidentFilter, IncidentPage, IncidentRow, Queue, seal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input::{Asked, Body};
use super::{Moment, Period, rows};
use crate::acts;
use crate::auth::Session;
use crate::desk::{Done, now};
use crate::operators;
use crate::problem::Problem;
use crate::state::App;

/// Every open incident that the caller is shown, most urgent first.
pub(super) async fn queue(State(app): State<App>, session: Session) -> Result<Json<Queue>, Problem> {
    app.query(move |reader| reader.queue_of(session.operator)).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    paused: bool,
}

/// Pauses or resumes what is offered to the caller.
pub(super) async fn pause(
    State(app): State<App>,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Body(Pause { paused }): Body<Pause>,
) -> Result<StatusCode, Problem> {
    operators::pause(&app, &session, peer.ip(), paused).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    account: Option<AccountNumber>,
    open: Option<bool>,
    from: Option<Moment>,
    to: Option<Moment>,
    /// Reads on after this incident.
    older: Option<IncidentId>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Incidents {
    rows: Vec<IncidentRow>,
    /// How many of the page the caller is not shown: they wait in a queue that is only for others.
    hidden: u32,
    /// What to hand in as `older` to read on; null at the end.
    older: Option<IncidentId>,
}

/// Incidents, newest first. What the caller is not shown in the queue is left out.
pub(super) async fn list(
    State(app): State<App>,
    session: Session,
    Asked(which): Asked<Which>,
) -> Result<Json<Incidents>, Problem> {
    let limit = rows(which.limit);
    Period { from: which.from, to: which.to }.bounds()?;
    let filter = IncidentFilter {
        account: which.account,
        open: which.open,
        from: which.from.map(|Moment(at)| at),
        to: which.to.map(|Moment(at)| at),
    };
    let found = app.query_for(&session, move |reader, kept| {
        let mut rows = reader.incidents(&filter, which.older, limit)?;
        let older = rows.last().filter(|_| rows.len() == limit).map(|last| last.incident);
        let hidden = kept.leave_out(&mut rows, |row| row.incident);
        Ok(Incidents { rows, hidden, older })
    });
    found.await.map(Json)
}

/// Everything about one incident, and what its rules say of it.
#[derive(Serialize)]
pub(super) struct Paged {
    #[serde(flatten)]
    page: IncidentPage,
    /// When the unit that is on its way is expected, where its travel is known.
    expected_at: Option<String>,
    /// When the incident calls because that unit is not there.
    arrive_by: Option<String>,
    /// Until when it is expected to be in hand, from how long incidents of its kind were.
    in_hand_until: Option<Expected>,
}

/// Everything about one incident.
pub(super) async fn page(
    State(app): State<App>,
    session: Session,
    Path(incident): Path<String>,
) -> Result<Json<Paged>, Problem> {
    let incident = number(&incident)?;
    let page = app.query_for(&session, move |reader, kept| {
        let mut page = reader.incident(incident)?;
        if let Some(page) = &mut page {
            kept.leave_out(&mut page.recent, |row| row.incident);
        }
        Ok(page)
    });
    let page = page.await?.ok_or_else(no_incident)?;
    let rules = app.rules_of(page.account.as_ref(), now());
    let expected_at = page.incident.dispatches.iter().find_map(Dispatch::expected_at).map(|at| at.to_string());
    let arrive_by = page.incident.arrive_by(&rules).map(|at| at.to_string());
    let in_hand_until = app.measured().await?.in_hand_until(&page.incident);
    Ok(Json(Paged { page, expected_at, arrive_by, in_hand_until }))
}

/// All of an incident as one sealed document.
pub(super) async fn dossier(
    State(app): State<App>,
    _session: Session,
    Path(incident): Path<String>,
) -> Result<Json<Value>, Problem> {
    let incident = number(&incident)?;
    let sealed = app.query(move |reader| reader.dossier(incident)?.map(|dossier| seal(&dossier)).transpose()).await?;
    sealed.map(Json).ok_or_else(no_incident)
}

/// Acts on an incident; answers once the act is durable.
pub(super) async fn act(
    State(app): State<App>,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(incident): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit(&app, &session, peer.ip(), number(&incident)?, ask).await.map(Json)
}

pub(super) fn number(text: &str) -> Result<IncidentId, Problem> {
    text.parse().map_err(|_| no_incident())
}

pub(super) fn no_incident() -> Problem {
    Problem::not_found("incident", "警情")
}
