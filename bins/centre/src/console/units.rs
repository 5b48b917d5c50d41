//! The dispatch board: the units, and what each is out for.

use alarmcore::Stage;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::UnitRow;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::queue::Ticket;
use crate::state::App;

#[derive(Template)]
#[template(path = "units.html")]
struct Page {
    f: Frame,
    units: Vec<Unit>,
    /// Open incidents that a unit has been asked to, or may still be.
    tickets: Vec<Ticket>,
}

struct Unit {
    row: UnitRow,
    /// How far it is, in words; nothing when it has no job.
    step: &'static str,
}

/// The dispatch board.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let rules = app.settings.policy.lowered;
    let answers = app.query(move |reader| Ok((reader.queue()?, reader.lowered(&rules)?, reader.board()?)));
    let (queue, lowered, rows) = answers.await.map_err(|problem| visit.oops(problem))?;
    let f = visit.frame_with("units", &queue, &lowered);
    let limits = app.settings.policy.ageing;
    let out = queue.rows.into_iter().filter(|row| row.dispatched_at.is_some() || row.stage == Stage::Real);
    let tickets = out.map(|row| Ticket::of(row, limits, f.w)).collect();
    let units = rows.into_iter().map(|row| {
        let step = row.jobs.first().map_or("", |job| job.state.label(f.w.lang));
        Unit { row, step }
    });
    let units = units.collect();
    Ok(show(&Page { f, units, tickets }))
}
