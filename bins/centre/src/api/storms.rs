//! Storms: those that are not over, one of them with its ledger, and the acts on them.

use std::net::SocketAddr;

use alarmcore::StormId;
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use opsmodel::store::query::{Forecast, StormPage, StormRow};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Period;
use super::input::{Asked, Body};
use crate::acts;
use crate::auth::Session;
use crate::desk::Done;
use crate::problem::Problem;
use crate::state::App;

/// The storms that went on in a period; those that are not over when none is named.
pub(super) async fn list(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Vec<StormRow>>, Problem> {
    let period = period.is_named().then(|| period.bounds()).transpose()?;
    let answer = app.query(move |reader| match period {
        Some((from, to)) => reader.storms(from, to),
        None => reader.open_storms(),
    });
    answer.await.map(Json)
}

/// One storm, and how long those at the desk need while it goes on.
#[derive(Serialize)]
pub(super) struct Paged {
    #[serde(flatten)]
    page: StormPage,
    forecast: Option<Forecast>,
}

/// One storm with its ledger.
pub(super) async fn page(
    State(app): State<App>,
    session: Session,
    Path(storm): Path<String>,
) -> Result<Json<Paged>, Problem> {
    let storm = number(&storm)?;
    let page = app.query_for(&session, move |reader, kept| {
        let mut page = reader.storm(storm)?;
        page.iter_mut().for_each(|page| page.keep(kept));
        Ok(page)
    });
    let page = page.await?.ok_or_else(no_storm)?;
    let forecast = if page.row.ended_at.is_none() { Some(app.forecast().await?) } else { None };
    Ok(Json(Paged { page, forecast }))
}

/// Declares one; answers once that is durable.
pub(super) async fn declare(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit_storm(&app, &session, peer.ip(), None, ask).await.map(Json)
}

/// Acts on one; answers once the act is durable.
pub(super) async fn act(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(storm): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit_storm(&app, &session, peer.ip(), Some(number(&storm)?), ask).await.map(Json)
}

fn number(text: &str) -> Result<StormId, Problem> {
    text.parse().map_err(|_| no_storm())
}

fn no_storm() -> Problem {
    Problem::not_found("storm", "灾害模式")
}
