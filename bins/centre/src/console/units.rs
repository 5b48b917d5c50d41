//! The dispatch board: the units, and what each is out for.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::UnitRow;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use crate::state::App;

#[derive(Template)]
#[template(path = "units.html")]
struct Page {
    f: Frame,
    units: Vec<Unit>,
}

struct Unit {
    row: UnitRow,
    /// How far it is, in words; nothing when it has no job.
    step: &'static str,
}

/// The dispatch board.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "units").await?;
    let rows = app.query(|reader| reader.board()).await.map_err(|problem| visit.oops(problem))?;
    let units = rows.into_iter().map(|row| {
        let step = row.jobs.first().map_or("", |job| job.state.label(f.w.lang));
        Unit { row, step }
    });
    let units = units.collect();
    Ok(show(&Page { f, units }))
}
