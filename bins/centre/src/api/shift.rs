//! What a shift needs beside the queue: the units, and what the next shift must know.

use std::net::SocketAddr;

use alarmcore::UnitId;
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use opsmodel::crm::{SignedHandover, UnitCard};
use opsmodel::store::query::{Handover, UnitRow};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ROWS;
use super::input::Body;
use crate::auth::Session;
use crate::handover::{self, Signature};
use crate::problem::Problem;
use crate::state::App;
use crate::units;

/// The dispatch board: every unit, what it is out for, and when it is expected to be free again.
pub(super) async fn units(State(app): State<App>, session: Session) -> Result<Json<Vec<UnitRow>>, Problem> {
    let measured = app.measured().await?;
    let mut board = app.query_for(&session, |reader, kept| Ok(kept.board(reader.board()?))).await?;
    measured.predict(&mut board);
    Ok(Json(board))
}

/// Changes a unit's card, or makes a new unit.
pub(super) async fn edit_unit(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(unit): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<UnitCard>, Problem> {
    let unit: UnitId = unit.parse().map_err(|_| Problem::not_found("unit", "出警单位"))?;
    units::edit(&app, &session, peer.ip(), unit, ask).await.map(Json)
}

#[derive(Serialize)]
pub(super) struct List {
    #[serde(flatten)]
    handover: Handover,
    /// What both sign.
    list: String,
}

/// The shift hand-over list.
pub(super) async fn handover(State(app): State<App>, session: Session) -> Result<Json<List>, Problem> {
    let handover = handover::list(&app, &session).await?;
    Ok(Json(List { list: handover::digest(&handover), handover }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signing {
    list: String,
    login: String,
    password: String,
    #[serde(default)]
    note: String,
}

/// Hands the shift over to the one who signs.
pub(super) async fn sign(
    State(app): State<App>,
    session: Session,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Body(Signing { list, login, password, note }): Body<Signing>,
) -> Result<Json<SignedHandover>, Problem> {
    let signature = Signature { list: &list, login: login.trim(), password: &password, note };
    handover::sign(&app, &session, peer.ip(), signature).await.map(Json)
}

/// The hand-overs that were signed, newest first.
pub(super) async fn handovers(State(app): State<App>, _session: Session) -> Result<Json<Vec<SignedHandover>>, Problem> {
    app.query(|reader| reader.signed_handovers(ROWS)).await.map(Json)
}
