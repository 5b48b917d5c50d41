//! What a shift needs beside the queue: the units, and what the next shift must know.

use axum::Json;
use axum::extract::State;
use opsmodel::store::query::{Handover, UnitRow};

use crate::auth::Session;
use crate::problem::Problem;
use crate::state::App;

/// The dispatch board: every unit and what it is out for.
pub(super) async fn units(State(app): State<App>, _session: Session) -> Result<Json<Vec<UnitRow>>, Problem> {
    app.query(|reader| reader.board()).await.map(Json)
}

/// The shift hand-over list.
pub(super) async fn handover(State(app): State<App>, _session: Session) -> Result<Json<Handover>, Problem> {
    app.query(|reader| reader.handover()).await.map(Json)
}
