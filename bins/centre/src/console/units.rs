//! The dispatch board: the units, what each is out for, and their cards.

use std::net::SocketAddr;

use alarmcore::{Stage, UnitId};
use askama::Template;
use axum::extract::{ConnectInfo, Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use opsmodel::store::query::UnitRow;

use super::form;
use super::frame::{Frame, Visit, show, show_with};
use super::oops::{self, Oops};
use super::queue::Ticket;
use crate::problem::Problem;
use crate::state::App;
use crate::units;

#[derive(Template)]
#[template(path = "units.html")]
struct Page {
    f: Frame,
    units: Vec<Unit>,
    /// Open incidents that a unit has been asked to, or may still be.
    tickets: Vec<Ticket>,
    /// Whoever looks may change what is agreed of units, too.
    supervisor: bool,
    /// The card of a unit that is not there yet.
    blank: Card,
    refused: Option<String>,
}

struct Unit {
    row: UnitRow,
    card: Card,
    /// How far it is, in words; nothing when it has no job.
    step: &'static str,
}

/// A unit's card as its form begins.
#[derive(Default)]
struct Card {
    /// None for a new one.
    unit: Option<UnitId>,
    version: u32,
    name: String,
    phone: String,
    on_duty: bool,
    position: String,
    travel: String,
    districts: String,
    skills: String,
    jobs: u32,
}

impl Card {
    fn of(row: &UnitRow) -> Self {
        Self {
            unit: Some(row.unit),
            version: row.version,
            name: row.name.clone(),
            phone: row.phone.clone(),
            on_duty: row.on_duty,
            position: row.position.map(|position| position.to_string()).unwrap_or_default(),
            travel: row.travel.clone(),
            districts: row.districts.clone(),
            skills: row.skills.clone(),
            jobs: row.other_jobs,
        }
    }
}

/// The dispatch board.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, None).await?))
}

/// A change of a unit's card, or a new one, as a form.
pub(super) async fn edit(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let ask = form::ask(&fields).and_then(|mut ask| {
        let unit = ask.remove("unit").and_then(|unit| u32::try_from(unit.as_u64()?).ok());
        Ok((unit.map(UnitId::new).ok_or_else(|| Problem::invalid("unit: a number is expected"))?, ask))
    });
    let done = match ask {
        Ok((unit, ask)) => units::edit(&app, &visit.session, peer.ip(), unit, ask).await.map(drop),
        Err(problem) => Err(problem),
    };
    let Err(problem) = done else { return Ok(Redirect::to("/units").into_response()) };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
    Ok(show_with(status, &build(&app, &visit, Some(problem)).await?))
}

async fn build(app: &App, visit: &Visit, refused: Option<Problem>) -> Result<Page, Oops> {
    let rules = app.settings.policy.lowered;
    let operator = visit.session.operator;
    let answers = app.query(move |reader| Ok((reader.queue_of(operator)?, reader.lowered(&rules)?, reader.board()?)));
    let (queue, lowered, rows) = answers.await.map_err(|problem| visit.oops(problem))?;
    let f = visit.frame_with("units", &queue, &lowered);
    let limits = app.settings.policy.ageing;
    let out = queue.rows.into_iter().filter(|row| row.dispatched_at.is_some() || row.stage == Stage::Real);
    let tickets = out.map(|row| Ticket::of(row, limits, &f)).collect();
    let units = rows.into_iter().map(|row| {
        let step = row.jobs.first().map_or("", |job| job.state.label(f.w.lang));
        Unit { card: Card::of(&row), row, step }
    });
    let units = units.collect();
    Ok(Page {
        f,
        units,
        tickets,
        supervisor: visit.session.role.is_supervisor(),
        blank: Card { on_duty: true, ..Card::default() },
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
    })
}
