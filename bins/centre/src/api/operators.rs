//! The people of the desk: who is there, what they can do, and the change of it.

use std::net::SocketAddr;

use alarmcore::OperatorId;
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use serde_json::{Map, Value};

use super::input::Body;
use crate::auth::Session;
use crate::operators::{self, OperatorPage, OperatorRow, Staff};
use crate::problem::Problem;
use crate::state::App;

/// Everybody, and the queues of the policy.
pub(super) async fn list(State(app): State<App>, _session: Session) -> Result<Json<Staff>, Problem> {
    operators::staff(&app).await.map(Json)
}

/// One person.
pub(super) async fn page(
    State(app): State<App>,
    _session: Session,
    Path(operator): Path<String>,
) -> Result<Json<OperatorPage>, Problem> {
    operators::one(&app, number(&operator)?).await.map(Json)
}

/// Changes what they can do.
pub(super) async fn edit(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(operator): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<OperatorRow>, Problem> {
    operators::edit(&app, &session, peer.ip(), number(&operator)?, ask).await.map(Json)
}

fn number(operator: &str) -> Result<OperatorId, Problem> {
    operator.parse().map_err(|_| operators::nobody())
}
