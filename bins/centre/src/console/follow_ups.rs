//! Follow-ups: what is to be done later, by whom and when; the form for a new one, and the acts on each.

use alarmcore::{FollowUpId, OperatorId, Rank, Timestamp};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use opsmodel::crm::OperatorCard;
use opsmodel::store::query::FollowUpRow;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::frame::{Frame, Visit, show};
use super::oops::{self, Oops};
use super::sent::{At, Sent};
use crate::acts;
use crate::i18n::Words;
use crate::problem::Problem;
use crate::state::App;

/// When a new one can be due, in minutes from now.
const AHEAD: [u32; 8] = [10, 30, 60, 240, 720, 1440, 3 * 1440, 7 * 1440];

/// What the form for a new one begins with.
#[derive(Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    incident: String,
    #[serde(default)]
    account: String,
}

#[derive(Template)]
#[template(path = "follow_ups.html")]
struct Page {
    f: Frame,
    wish: Wish,
    items: Vec<Item>,
    /// Whom it can go to, by the word that the form sends.
    people: Vec<(String, String)>,
    ahead: Vec<(u32, String)>,
    refused: Option<String>,
}

/// A follow-up in words.
pub(super) struct Item {
    pub(super) row: FollowUpRow,
    /// The incident or account.
    pub(super) about: String,
    pub(super) href: String,
    /// What is to be done.
    pub(super) what: String,
    /// What was said, by whom, in a line; empty where nobody said anything.
    pub(super) said: String,
    /// The rank that was called because it is not done.
    pub(super) called: Option<&'static str>,
    /// Whose it is.
    pub(super) to: String,
    /// Its time is over.
    pub(super) due: bool,
}

impl Item {
    pub(super) fn of(row: FollowUpRow, f: &Frame) -> Self {
        let account = row.account.map(|account| account.to_string()).unwrap_or_default();
        let (about, href) = match row.incident {
            Some(incident) => (format!("#{incident} {account}"), format!("/incidents/{incident}")),
            None => (account.clone(), format!("/accounts/{account}")),
        };
        let person = row.to_name.clone().or_else(|| row.to_operator.map(|operator| operator.to_string()));
        let to = person.or_else(|| row.to_rank.map(|rank| rank.label(f.w.lang).to_owned())).unwrap_or_default();
        let reason = row.reason.map(|reason| reason.label(f.w.lang).to_owned());
        let what = reason.into_iter().chain(row.note.clone()).collect::<Vec<_>>().join(" · ");
        let lang = f.w.lang;
        let answered = [
            row.said_by.map(|by| by.label(lang)),
            row.answer.map(|answer| answer.label(lang)),
            row.their_outcome.map(|outcome| outcome.label(lang)),
        ];
        let said = answered.into_iter().flatten().map(str::to_owned);
        let said = said.chain(row.said.as_ref().map(|words| format!("“{words}”"))).collect::<Vec<_>>().join(" · ");
        let called = row.called_to.map(|rank| rank.label(lang));
        Self { about, href, what, said, called, to, due: row.due_at <= Timestamp::from_millis(f.now), row }
    }
}

/// The list.
pub(super) async fn page(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, wish, None).await?))
}

/// A new one.
pub(super) async fn create(sent: Sent) -> Result<Response, Oops> {
    submit(&sent, None).await
}

/// An act on one.
pub(super) async fn act(At(follow_up): At<FollowUpId>, sent: Sent) -> Result<Response, Oops> {
    submit(&sent, Some(follow_up)).await
}

async fn submit(sent: &Sent, follow_up: Option<FollowUpId>) -> Result<Response, Oops> {
    let act = async |ask| acts::submit_follow_up(&sent.app, sent.session(), follow_up, assignee(ask)).await;
    let again = async |problem, visit: &Visit| {
        let wish = Wish { incident: sent.field("incident:n").to_owned(), account: sent.field("account").to_owned() };
        build(&sent.app, visit, wish, Some(problem)).await
    };
    sent.answer(sent.does(act).await, "/follow-ups", again).await
}

/// Whom something can be given to: all of a rank, or a person, by the word that forms send as `to`.
pub(super) fn whom(operators: Vec<OperatorCard>, w: &Words) -> Vec<(String, String)> {
    let ranks = Rank::ALL.iter().map(|rank| (rank.as_str().to_owned(), rank.label(w.lang).to_owned()));
    let here = operators.into_iter().filter(|card| card.closed_at.is_none() && card.role.rank().is_some());
    ranks.chain(here.map(|card| (card.id.to_string(), card.name))).collect()
}

/// The act with the one choice `to` as the person or the rank that it names. What is taken back is given to nobody.
pub(crate) fn assignee(mut ask: Map<String, Value>) -> Map<String, Value> {
    let to = ask.remove("to");
    let taken_back = ask.get("act").and_then(Value::as_str) == Some("unassign");
    if let Some(Value::String(to)) = to.filter(|_| !taken_back) {
        match to.parse::<OperatorId>() {
            Ok(operator) => ask.insert("operator".into(), Value::from(operator.get())),
            Err(_) => ask.insert("rank".into(), Value::from(to)),
        };
    }
    ask
}

async fn build(app: &App, visit: &Visit, wish: Wish, refused: Option<Problem>) -> Result<Page, Oops> {
    let f = visit.frame(app, "follow-ups").await?;
    let me = visit.session.operator;
    let answers = app.query_for(&visit.session, move |reader, kept| {
        let mut rows = reader.open_follow_ups()?;
        kept.leave_out_follow_ups(&mut rows, me);
        Ok((rows, reader.operators()?))
    });
    let (rows, operators) = answers.await.map_err(|problem| visit.oops(problem))?;
    let people = whom(operators, f.w);
    let ahead = AHEAD.map(|minutes| match minutes {
        0..60 => (minutes, f.w.n("minutes-n", minutes)),
        60..1440 => (minutes, f.w.n("hours-n", minutes / 60)),
        _ => (minutes, f.w.n("days-n", minutes / 1440)),
    });
    Ok(Page {
        items: rows.into_iter().map(|row| Item::of(row, &f)).collect(),
        people,
        ahead: ahead.into(),
        wish,
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
        f,
    })
}
