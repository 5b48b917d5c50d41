//! Storms: those that are not over, and one of them with its ledger and what can be done about it.

use alarmcore::{AreaOf, StaffAnswer, StormId, StormState};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::{Forecast, Phase, StormLine, StormMoment, StormRow};

use super::frame::{Frame, Visit, show};
use super::oops::{self, Oops};
use super::sent::{At, Sent};
use super::spelling::took;
use crate::acts;
use crate::problem::Problem;
use crate::state::App;

/// A storm in words.
pub(super) struct Storm {
    pub(super) row: StormRow,
    pub(super) area: String,
    pub(super) state: &'static str,
    /// A rule declared it, and nobody has confirmed it yet.
    pub(super) unconfirmed: bool,
    /// It groups what comes in now.
    pub(super) groups: bool,
}

impl Storm {
    pub(super) fn of(row: StormRow, f: &Frame) -> Self {
        Self {
            area: row.area.label(f.w.lang),
            state: row.state.label(f.w.lang),
            unconfirmed: row.state == StormState::Declared,
            groups: matches!(row.state, StormState::Declared | StormState::Confirmed),
            row,
        }
    }
}

#[derive(Template)]
#[template(path = "storms.html")]
struct ListPage {
    f: Frame,
    storms: Vec<Storm>,
    areas: Vec<(&'static str, &'static str)>,
    /// Only supervisors declare storms.
    may_declare: bool,
    minutes: u32,
    at_most: u32,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "storm.html")]
struct OnePage {
    f: Frame,
    s: Storm,
    lines: Vec<Line>,
    moments: Vec<Moment>,
    /// While it goes on.
    forecast: Option<Outlook>,
    /// What somebody who was called in can have said.
    staff: Vec<(&'static str, &'static str)>,
    at_most: u32,
    refused: Option<String>,
}

/// A line of the ledger, in words.
struct Line {
    row: StormLine,
    kind: &'static str,
    how: Option<&'static str>,
}

/// What was done, in words.
struct Moment {
    row: StormMoment,
    what: &'static str,
    answer: Option<&'static str>,
}

/// How long those at the desk need for what is open, in words.
struct Outlook {
    /// Kind, script, how many wait and are in hand, how long each takes, and by what that is known.
    rows: Vec<(&'static str, String, usize, usize, String, String)>,
    /// How long so many people need.
    seats: Vec<(usize, String)>,
}

impl Outlook {
    fn of(forecast: &Forecast, f: &Frame) -> Self {
        let rows = forecast.rows.iter().map(|row| {
            let script = f.w.t(match row.phase {
                Phase::WorkedAsked => "forecast-asked",
                Phase::WorkedAgreed => "forecast-agreed",
                _ => "forecast-whole",
            });
            let known = if row.measured { "forecast-measured" } else { "forecast-assumed" };
            let (each, known) = (took(row.each_ms), f.w.n(known, row.cases));
            (row.kind.label(f.w.lang), script, row.waiting, row.in_hand, each, known)
        });
        let seats = forecast.seats.iter().filter_map(|seats| Some((seats.people, took(seats.done_in_ms?))));
        Self { rows: rows.collect(), seats: seats.collect() }
    }
}

/// The storms that are not over.
pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&build_list(&app, &visit, None).await?))
}

/// Declares one, as a form.
pub(super) async fn declare(sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| acts::submit_storm(&sent.app, sent.session(), sent.address, None, ask).await;
    let again = async |problem, visit: &Visit| build_list(&sent.app, visit, Some(problem)).await;
    sent.answer(sent.does(act).await, "/storms", again).await
}

/// One storm.
pub(super) async fn page(State(app): State<App>, visit: Visit, At(storm): At<StormId>) -> Result<Response, Oops> {
    Ok(show(&build_one(&app, &visit, storm, None).await?))
}

/// An act on it, as a form.
pub(super) async fn act(At(storm): At<StormId>, sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| acts::submit_storm(&sent.app, sent.session(), sent.address, Some(storm), ask).await;
    let again = async |problem, visit: &Visit| build_one(&sent.app, visit, storm, Some(problem)).await;
    sent.answer(sent.does(act).await, &format!("/storms/{storm}"), again).await
}

async fn build_list(app: &App, visit: &Visit, refused: Option<Problem>) -> Result<ListPage, Oops> {
    let f = visit.frame(app, "storms").await?;
    let rows = app.query(|reader| reader.open_storms()).await.map_err(|problem| visit.oops(problem))?;
    let limits = app.settings.policy.storm;
    Ok(ListPage {
        storms: rows.into_iter().map(|row| Storm::of(row, &f)).collect(),
        areas: AreaOf::ALL.iter().map(|of| (of.as_str(), of.label(f.w.lang))).collect(),
        may_declare: visit.session.role.is_supervisor(),
        minutes: limits.lasts_s / 60,
        at_most: limits.max_s / 60,
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
        f,
    })
}

async fn build_one(app: &App, visit: &Visit, storm: StormId, refused: Option<Problem>) -> Result<OnePage, Oops> {
    let f = visit.frame(app, "storms").await?;
    let page = app.query_for(&visit.session, move |reader, kept| {
        let mut page = reader.storm(storm)?;
        page.iter_mut().for_each(|page| page.keep(kept));
        Ok(page)
    });
    let page = page
        .await
        .map_err(|problem| visit.oops(problem))?
        .ok_or_else(|| visit.oops(Problem::not_found("storm", "灾害模式")))?;
    let forecast = match page.row.ended_at {
        None => Some(app.forecast().await.map_err(|problem| visit.oops(problem))?),
        Some(_) => None,
    };
    let lang = f.w.lang;
    let line = |row: StormLine| Line { kind: row.kind.label(lang), how: row.how.map(|how| how.label(lang)), row };
    let moment =
        |row: StormMoment| Moment { what: row.kind.label(lang), answer: row.answer.map(|said| said.label(lang)), row };
    Ok(OnePage {
        s: Storm::of(page.row, &f),
        lines: page.lines.into_iter().map(line).collect(),
        moments: page.moments.into_iter().map(moment).collect(),
        forecast: forecast.map(|forecast| Outlook::of(&forecast, &f)),
        staff: StaffAnswer::ALL.iter().map(|said| (said.as_str(), said.label(lang))).collect(),
        at_most: app.settings.policy.storm.max_s / 60,
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
        f,
    })
}
