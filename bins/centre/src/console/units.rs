//! The dispatch board: the units, and what each is out for.

use alarmcore::DispatchState;
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
    /// How far it is, in words.
    step: String,
}

/// The dispatch board.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "units").await?;
    let rows = app.query(|reader| reader.board()).await.map_err(|problem| visit.oops(problem))?;
    let units = rows.into_iter().map(|row| {
        let word = row.step.as_deref().unwrap_or_default();
        let step = DispatchState::from_word(word).map_or(word, |state| state.label(f.w.lang)).to_owned();
        Unit { row, step }
    });
    let units = units.collect();
    Ok(show(&Page { f, units }))
}
