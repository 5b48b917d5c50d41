//! The dispatch board: the units, what each is out for, and their cards.

use alarmcore::{Stage, UnitId};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::UnitRow;
use serde_json::{Map, Value};

use super::frame::{Frame, Visit, show};
use super::oops::{self, Oops};
use super::queue::Ticket;
use super::sent::Sent;
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
    step: String,
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
pub(super) async fn edit(sent: Sent) -> Result<Response, Oops> {
    let act = async |mut ask: Map<String, Value>| {
        let unit = ask.remove("unit").and_then(|unit| u32::try_from(unit.as_u64()?).ok());
        let unit = unit
            .map(UnitId::new)
            .ok_or_else(|| Problem::invalid("unit: a number is expected", "请填写处置单元编号"))?;
        units::edit(&sent.app, sent.session(), sent.address, unit, ask).await
    };
    let again = async |problem, visit: &Visit| build(&sent.app, visit, Some(problem)).await;
    sent.answer(sent.does(act).await, "/units", again).await
}

async fn build(app: &App, visit: &Visit, refused: Option<Problem>) -> Result<Page, Oops> {
    let settings = app.settings.clone();
    let operator = visit.session.operator;
    let measured = app.measured().await.map_err(|problem| visit.oops(problem))?;
    let answers = app.query_for(&visit.session, move |reader, kept| {
        Ok((reader.queue_of(operator)?, reader.lowered(&settings.policy)?, kept.board(reader.board()?)))
    });
    let (queue, lowered, mut rows) = answers.await.map_err(|problem| visit.oops(problem))?;
    measured.predict(&mut rows);
    let f = visit.frame_with("units", &queue, &lowered);
    let limits = app.settings.policy.ageing;
    let out = queue.rows.into_iter().filter(|row| row.dispatched_at.is_some() || row.stage == Stage::Real);
    let tickets = out.map(|row| Ticket::of(row, limits, &f)).collect();
    let units = rows.into_iter().map(|row| {
        let step = row.jobs.first().map_or_else(String::new, |job| job.state.label(f.w.lang).to_owned());
        let step = if row.hidden_jobs > 0 { f.w.t("unit-hidden-job") } else { step };
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
