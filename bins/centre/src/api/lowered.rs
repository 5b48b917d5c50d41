//! What lowers protection: the tests of accounts with the acts on them, and the board of everything.

use std::net::SocketAddr;

use alarmcore::Timestamp;
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use opsmodel::store::query::{DeadNumberRow, LoweredRow, TestRow};
use serde_json::{Map, Value};

use super::Period;
use super::accounts::number;
use super::input::{Asked, Body};
use crate::acts;
use crate::agreed;
use crate::auth::Session;
use crate::card_review::Carded;
use crate::desk::Done;
use crate::problem::Problem;
use crate::state::App;

/// Everything that lowers the protection of an account, with who must see to it and by when.
pub(super) async fn list(State(app): State<App>, session: Session) -> Result<Json<Vec<LoweredRow>>, Problem> {
    let settings = app.settings.clone();
    app.query_for(&session, move |reader, kept| Ok(kept.lowered(reader.lowered(&settings.policy)?))).await.map(Json)
}

/// Telephone numbers that turned out dead and must be corrected.
pub(super) async fn dead_numbers(
    State(app): State<App>,
    session: Session,
) -> Result<Json<Vec<DeadNumberRow>>, Problem> {
    let rows = app.query_for(&session, |reader, kept| {
        let mut rows = reader.dead_numbers()?;
        kept.leave_out(&mut rows, |row| row.incident);
        Ok(rows)
    });
    rows.await.map(Json)
}

/// The tests that went on in a period; those that are not over when none is named.
pub(super) async fn tests(
    State(app): State<App>,
    _session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Vec<TestRow>>, Problem> {
    let period: Option<(Timestamp, Timestamp)> = period.is_named().then(|| period.bounds()).transpose()?;
    let answer = app.query(move |reader| match period {
        Some((from, to)) => reader.tests(from, to),
        None => reader.open_tests(),
    });
    answer.await.map(Json)
}

/// Gives a row of the board to somebody, or takes it back.
pub(super) async fn assign(
    State(app): State<App>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit_lowered(&app, &session, number(&account)?, ask).await.map(Json)
}

/// Proposes a suspension, a log-only agreement or a recurring test, or ends one.
pub(super) async fn agreed(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Carded>, Problem> {
    agreed::act(&app, &session, peer.ip(), number(&account)?, ask).await.map(Json)
}

/// Acts on the test of an account; answers once the act is durable.
pub(super) async fn act(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit_test(&app, &session, peer.ip(), number(&account)?, ask).await.map(Json)
}
