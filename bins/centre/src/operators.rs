//! The people of the centre: what they can do, and whether they are offered incidents. Who may sign in is said by command.

pub(crate) mod command;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use alarmcore::{OperatorId, Policy, QueueRule};
use axum::http::StatusCode;
use opsmodel::crm::{Change, OperatorCard, Role};
use opsmodel::store::StoreError;
use opsmodel::store::query::OperatorChange;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::auth::Session;
use crate::card_review::{change, read};
use crate::desk::now;
use crate::problem::Problem;
use crate::state::App;

/// A person who works at the desk, as the page and the API show them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct OperatorRow {
    pub(crate) operator: OperatorId,
    /// The version of the card.
    pub(crate) version: u32,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) skills: BTreeSet<Arc<str>>,
    /// The languages that they speak; where none is named, all.
    pub(crate) languages: BTreeSet<Arc<str>>,
    /// Are they at the desk now?
    pub(crate) present: bool,
    /// Have they asked to be offered nothing?
    pub(crate) paused: bool,
    /// The queues that they are a member of, in the order of the policy.
    pub(crate) queues: Vec<Served>,
}

/// A queue that somebody serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Served {
    pub(crate) name: Arc<str>,
    /// Do only its members, and supervisors, see what is in it?
    pub(crate) exclusive: bool,
}

/// A queue, and how many are there for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Staffed {
    pub(crate) name: Arc<str>,
    pub(crate) exclusive: bool,
    pub(crate) skills: Vec<Arc<str>>,
    pub(crate) languages: Vec<Arc<str>>,
    pub(crate) members: usize,
    pub(crate) present: usize,
}

/// The people of the desk and the queues of the policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Staff {
    pub(crate) operators: Vec<OperatorRow>,
    pub(crate) queues: Vec<Staffed>,
}

/// The names that mean something on the card of an operator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Known {
    /// What the queues of the policy ask for.
    pub(crate) skills: BTreeSet<Arc<str>>,
    /// The languages of its queues, and of sites.
    pub(crate) languages: BTreeSet<Arc<str>>,
}

/// One person, what changed of their card, and what can be put on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct OperatorPage {
    pub(crate) row: OperatorRow,
    pub(crate) known: Known,
    /// Newest first.
    pub(crate) history: Vec<OperatorChange>,
}

impl OperatorRow {
    fn of(card: OperatorCard, policy: &Policy, present: &BTreeSet<OperatorId>) -> Option<Self> {
        let at_desk = card.desk_card()?;
        let served = policy.queues.iter().filter(|rule| at_desk.may_serve(rule));
        let served = served.map(|rule| Served { name: rule.name.clone(), exclusive: rule.exclusive });
        Some(Self {
            queues: served.collect(),
            operator: card.id,
            version: card.version,
            name: card.name,
            role: card.role,
            skills: card.skills,
            languages: card.languages,
            present: present.contains(&card.id),
            paused: card.paused,
        })
    }
}

/// Everybody who works at the desk, by number.
///
/// # Errors
/// 503 when the store does not answer.
pub(crate) async fn staff(app: &App) -> Result<Staff, Problem> {
    let cards = app.query(|reader| reader.operators()).await?;
    let (policy, present) = (&app.settings.policy, present(app));
    let operators: Vec<OperatorRow> =
        cards.into_iter().filter_map(|card| OperatorRow::of(card, policy, &present)).collect();
    let staffed = |rule: &QueueRule| {
        let members = operators.iter().filter(|row| row.queues.iter().any(|queue| queue.name == rule.name));
        Staffed {
            name: rule.name.clone(),
            exclusive: rule.exclusive,
            skills: rule.skills.clone(),
            languages: rule.which.languages.clone(),
            members: members.clone().count(),
            present: members.filter(|row| row.present).count(),
        }
    };
    Ok(Staff { queues: policy.queues.iter().map(staffed).collect(), operators })
}

/// How many work at the desk now.
///
/// # Errors
/// 503 when the store does not answer.
pub(crate) async fn at_the_desk(app: &App) -> Result<usize, Problem> {
    let staff = staff(app).await?;
    Ok(staff.operators.iter().filter(|row| row.present && !row.paused).count())
}

/// One person of the desk.
///
/// # Errors
/// 404 for whoever does not work there, 503 when the store does not answer.
pub(crate) async fn one(app: &App, operator: OperatorId) -> Result<OperatorPage, Problem> {
    let found = app.query(move |reader| Ok((reader.operator(operator)?, reader.site_languages()?))).await?;
    let (Some((card, history)), languages) = found else { return Err(nobody()) };
    let row = OperatorRow::of(card, &app.settings.policy, &present(app)).ok_or_else(nobody)?;
    Ok(OperatorPage { row, known: Known::of(&app.settings.policy, languages), history })
}

fn present(app: &App) -> BTreeSet<OperatorId> {
    app.seen.present(now(), app.settings.policy.ownership.absent_s)
}

/// Nobody of the desk has this number.
pub(crate) fn nobody() -> Problem {
    Problem::not_found("operator", "接警员")
}

impl Known {
    fn of(policy: &Policy, mut languages: BTreeSet<Arc<str>>) -> Self {
        languages.extend(policy.queues.iter().flat_map(|rule| rule.which.languages.iter().cloned()));
        Self { skills: policy.queues.iter().flat_map(|rule| rule.skills.iter().cloned()).collect(), languages }
    }
}

/// What is wanted of an operator's card. What is not named stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// The version that was looked at; the last one where nothing is said.
    version: Option<u32>,
    skills: Option<BTreeSet<Arc<str>>>,
    languages: Option<BTreeSet<Arc<str>>>,
}

impl Edit {
    fn of(self, card: OperatorCard, known: &Known) -> Result<OperatorCard, Problem> {
        let Self { version, skills, languages } = self;
        let skills = checked(skills, &card.skills, &known.skills, SKILLS)?;
        let languages = checked(languages, &card.languages, &known.languages, LANGUAGES)?;
        Ok(OperatorCard { version: version.unwrap_or(card.version), skills, languages, ..card })
    }
}

/// The field, and what is said of a name in it that means nothing, in English and Chinese.
type Field = [&'static str; 3];
const SKILLS: Field = ["skills", "no queue of the policy asks for", "规则文件中没有队列要求技能"];
const LANGUAGES: Field =
    ["languages", "no queue of the policy and no site names", "规则文件的队列和用户档案中没有语言"];

/// The names after it. What stands on the card may stay there; what is new has to mean something to a queue.
fn checked(
    wanted: Option<BTreeSet<Arc<str>>>,
    before: &BTreeSet<Arc<str>>,
    known: &BTreeSet<Arc<str>>,
    [field, asked, asked_zh]: Field,
) -> Result<BTreeSet<Arc<str>>, Problem> {
    let Some(wanted) = wanted else { return Ok(before.clone()) };
    let Some(odd) = wanted.iter().find(|name| !known.contains(*name) && !before.contains(*name)) else {
        return Ok(wanted);
    };
    let names: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let (there, there_zh) = match names.as_slice() {
        [] => ("there are none".to_owned(), "目前一个也没有".to_owned()),
        names => (format!("known are {}", names.join(", ")), format!("已有：{}", names.join("、"))),
    };
    let (title, title_zh) = (format!("{field}: {asked} {odd:?}; {there}"), format!("{asked_zh}“{odd}”；{there_zh}"));
    let particulars = json!({ "field": field, "found": odd, "known": names });
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-name", title, title_zh).with(particulars))
}

/// Changes skills and languages of an operator as `ask` says; the desk hears of it at once.
///
/// # Errors
/// 403 for whoever is no supervisor, 422 for what cannot be read and for names that mean nothing, 404 for whoever does not work
/// at the desk, 409 for an older version, 503 when it cannot be stored.
pub(crate) async fn edit(
    app: &App,
    session: &Session,
    address: IpAddr,
    operator: OperatorId,
    ask: Map<String, Value>,
) -> Result<OperatorRow, Problem> {
    session.supervisors_only()?;
    let edit: Edit = read(ask)?;
    let known = Known::of(&app.settings.policy, app.query(|reader| reader.site_languages()).await?);
    let change = change(session, address, "skills and languages".into());
    let card = alter(app, operator, change, move |card| edit.of(card, &known)).await?;
    OperatorRow::of(card, &app.settings.policy, &present(app)).ok_or_else(nobody)
}

/// Pauses or resumes what is offered to whoever asks; the desk hears of it at once.
///
/// # Errors
/// 404 for somebody who has left, 503 when it cannot be stored.
pub(crate) async fn pause(app: &App, session: &Session, address: IpAddr, paused: bool) -> Result<(), Problem> {
    let reason = if paused { "offers paused" } else { "offers resumed" };
    let change = change(session, address, reason.into());
    alter(app, session.operator, change, move |card| Ok(OperatorCard { paused, ..card })).await.map(drop)
}

/// Stores the card as it is wanted, and tells the desk of it.
async fn alter(
    app: &App,
    operator: OperatorId,
    change: Change,
    wanted: impl FnOnce(OperatorCard) -> Result<OperatorCard, Problem> + Send + 'static,
) -> Result<OperatorCard, Problem> {
    let answer = app.desk.change(move |centre| {
        let at_desk = |card: &OperatorCard| card.id == operator && card.desk_card().is_some();
        let Some(card) = centre.operators()?.into_iter().find(at_desk) else { return Ok(Err(nobody())) };
        let wanted = match wanted(card.clone()) {
            Ok(wanted) if wanted == card => return Ok(Ok(card)),
            Ok(wanted) => wanted,
            Err(problem) => return Ok(Err(problem)),
        };
        match centre.put_operator(&wanted, &change) {
            Ok(card) => Ok(Ok(card)),
            Err(error @ StoreError::VersionConflict { .. }) => Ok(Err(Problem::card_changed(&error))),
            Err(error) => Err(error),
        }
    });
    answer.await.map_err(Problem::from)?
}
