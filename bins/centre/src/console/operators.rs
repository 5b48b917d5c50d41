//! The people of the desk: who is there, what they can do, which queues they serve; and the form that changes it.

use alarmcore::OperatorId;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::crm::{OperatorField, write_names};
use opsmodel::store::query::OperatorChange;
use serde_json::{Map, Value};

use super::frame::{Frame, Visit, show};
use super::oops::{self, Oops};
use super::sent::{At, Sent};
use crate::i18n::Words;
use crate::operators::{self, Known, OperatorRow, Staffed};
use crate::problem::Problem;
use crate::state::App;

#[derive(Template)]
#[template(path = "operators.html")]
struct ListPage {
    f: Frame,
    people: Vec<OperatorRow>,
    queues: Vec<Staffed>,
}

/// Everybody, and the queues.
pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "shift").await?;
    let staff = operators::staff(&app).await.map_err(|problem| visit.oops(problem))?;
    Ok(show(&ListPage { f, people: staff.operators, queues: staff.queues }))
}

#[derive(Template)]
#[template(path = "operator.html")]
struct OnePage {
    f: Frame,
    row: OperatorRow,
    known: Known,
    /// Whoever looks may change it.
    supervisor: bool,
    /// What the form begins with.
    skills: String,
    languages: String,
    history: Vec<Line>,
    refused: Option<String>,
}

/// A version of the card in words.
struct Line {
    change: OperatorChange,
    /// What it changed: its label, what stood there, what stands there now.
    fields: Vec<(&'static str, String, String)>,
}

impl Line {
    fn of(change: OperatorChange, w: &Words) -> Self {
        let said = |field: OperatorField, text: &str| match field {
            _ if text.is_empty() => String::new(),
            OperatorField::Role => w.t(&format!("role-{text}")),
            OperatorField::Paused | OperatorField::Left => w.t(text),
            OperatorField::Login | OperatorField::Name | OperatorField::Skills | OperatorField::Languages => {
                text.to_owned()
            }
        };
        let fields = change.changes.iter();
        let fields = fields.map(|one| (one.field.label(w.lang), said(one.field, &one.old), said(one.field, &one.new)));
        Self { fields: fields.collect(), change }
    }
}

/// One person.
pub(super) async fn page(State(app): State<App>, visit: Visit, At(operator): At<OperatorId>) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, operator, None).await?))
}

/// A change of what they can do, as a form.
pub(super) async fn edit(At(operator): At<OperatorId>, sent: Sent) -> Result<Response, Oops> {
    let act = async |mut ask: Map<String, Value>| {
        // What was emptied was taken away.
        for name in ["skills", "languages"] {
            ask.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        }
        operators::edit(&sent.app, sent.session(), sent.address, operator, ask).await
    };
    let again = async |problem, visit: &Visit| build(&sent.app, visit, operator, Some((problem, &sent))).await;
    sent.answer(sent.does(act).await, &format!("/operators/{operator}"), again).await
}

/// The page, with why a change was refused and what was typed.
async fn build(
    app: &App,
    visit: &Visit,
    operator: OperatorId,
    refused: Option<(Problem, &Sent)>,
) -> Result<OnePage, Oops> {
    let f = visit.frame(app, "shift").await?;
    let one = operators::one(app, operator).await.map_err(|problem| visit.oops(problem))?;
    let typed = |name: &str| refused.as_ref().map(|(_, sent)| sent.field(name).to_owned());
    Ok(OnePage {
        supervisor: visit.session.role.is_supervisor(),
        skills: typed("skills:list").unwrap_or_else(|| write_names(&one.row.skills)),
        languages: typed("languages:list").unwrap_or_else(|| write_names(&one.row.languages)),
        history: one.history.into_iter().map(|change| Line::of(change, f.w)).collect(),
        known: one.known,
        row: one.row,
        refused: refused.map(|(problem, _)| oops::text(problem, visit.session.lang)),
        f,
    })
}
