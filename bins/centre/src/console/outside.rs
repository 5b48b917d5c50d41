//! The ways out by machine: how they do, what has not arrived yet, and what came in that has no place at the desk.

use alarmcore::Effect;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use opsmodel::store::query::{Outgoing, UnmatchedRow};
use serde::Deserialize;

use super::frame::{Frame, Visit, show, show_refused};
use super::oops::{self, Oops};
use super::said;
use crate::outside::{Told, WayShown, look, seen};
use crate::problem::Problem;
use crate::state::App;

#[derive(Template)]
#[template(path = "outside.html")]
struct Page {
    f: Frame,
    ways: Vec<Line>,
    owed: Vec<Message>,
    unmatched: Vec<Kept>,
    refused: Option<String>,
}

/// A way in words.
struct Line {
    way: WayShown,
    to: String,
}

/// An owed message in words.
struct Message {
    owed: Outgoing,
    what: String,
    href: String,
}

/// What has no place, in words.
pub(super) struct Kept {
    pub(super) row: UnmatchedRow,
    pub(super) why: String,
    /// What was written, field by field; empty where it is no JSON.
    pub(super) fields: Vec<(String, String)>,
}

impl Kept {
    pub(super) fn of(row: UnmatchedRow, lang: contactid::Lang) -> Self {
        let why = match lang {
            contactid::Lang::En => row.why_en.clone(),
            contactid::Lang::Zh => row.why_zh.clone(),
        };
        let fields = said::fields(&row.body, lang);
        Self { row, why, fields }
    }
}

#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    note: String,
}

/// The page.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, None).await?))
}

/// A person has seen something, as a form.
pub(super) async fn see(
    State(app): State<App>,
    visit: Visit,
    Path(unmatched): Path<String>,
    headers: HeaderMap,
    Form(Seen { note }): Form<Seen>,
) -> Result<Response, Oops> {
    match seen(&app, &visit.session, &unmatched, Some(note)).await {
        Ok(()) => Ok(Redirect::to("/outside").into_response()),
        Err(problem) => {
            let status = problem.status;
            Ok(show_refused(status, &headers, &build(&app, &visit, Some(problem)).await?))
        }
    }
}

async fn build(app: &App, visit: &Visit, refused: Option<Problem>) -> Result<Page, Oops> {
    let f = visit.frame(app, "outside").await?;
    let page = look(app, &visit.session).await.map_err(|problem| visit.oops(problem))?;
    let lang = f.w.lang;
    let in_words = |owed: Outgoing| {
        let (what, href) = match &owed.effect {
            Effect::HandOff { incident, to, .. } => {
                (format!("#{incident} {}", to.label(lang)), format!("/incidents/{incident}"))
            }
            Effect::TellAuthority { incident, to, telling, .. } => {
                let what = format!("#{incident} {} · {}", to.label(lang), telling.label(lang));
                (what, format!("/incidents/{incident}"))
            }
            Effect::FirstContact { incident } => {
                (format!("#{incident} {}", f.w.t("outgoing-first-contact")), format!("/incidents/{incident}"))
            }
            Effect::CallIn { storm } => {
                (format!("{} · {}", f.w.n("storm-n", storm), f.w.t("storm-call-in")), format!("/storms/{storm}"))
            }
            Effect::Forward { account, signal, .. } => {
                (format!("{account} · {}", f.w.n("outgoing-signal", signal)), format!("/signals/{signal}"))
            }
            Effect::AskClosing { account, .. } => {
                (format!("{account} · {}", f.w.t("outgoing-late-closing")), "/lowered".to_owned())
            }
            Effect::Escalate { incident, .. }
            | Effect::Offer { incident, .. }
            | Effect::Recall { incident, .. }
            | Effect::TellUnit { incident, .. } => {
                let told = Told::by(&owed.effect).map(|told| f.w.t(named(told))).unwrap_or_default();
                (format!("#{incident} {told}"), format!("/incidents/{incident}"))
            }
            Effect::FollowUpUndone { follow_up, .. } => {
                (format!("{} {follow_up}", f.w.t("place-follow-ups")), "/follow-ups".to_owned())
            }
            Effect::TestEnding { account, .. } | Effect::LoweringEnding { account, .. } => {
                (format!("{account} · {}", f.w.t(named(Told::Ending))), "/lowered".to_owned())
            }
            Effect::OverrideEnding { end, .. } => {
                (format!("{} · {}", end.whom, f.w.t(named(Told::Ending))), "/lowered".to_owned())
            }
            Effect::Alert { .. } | Effect::FalseCalls { .. } | Effect::FollowUpDue { .. } => {
                (owed.id.clone(), "/outside".to_owned())
            }
        };
        Message { owed, what, href }
    };
    let mut ways = Vec::new();
    let mut owed = Vec::new();
    for mut way in page.ways {
        owed.extend(std::mem::take(&mut way.owed).into_iter().map(in_words));
        let people = [
            (way.first_contact, "outgoing-first-contact"),
            (way.call_in, "storm-call-in"),
            (way.late_close, "outgoing-late-closing"),
            (way.forwards, "outgoing-signals"),
        ];
        let people = people.into_iter().filter(|(goes, _)| *goes).map(|(_, what)| what);
        let people = people.chain(way.people.iter().map(|told| named(*told))).map(|what| f.w.t(what));
        let to: Vec<String> = way.to.iter().map(|to| to.label(lang).to_owned()).chain(people).collect();
        let to = to.join(" · ");
        ways.push(Line { way, to });
    }
    Ok(Page {
        ways,
        owed,
        unmatched: page.unmatched.into_iter().map(|row| Kept::of(row, lang)).collect(),
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
        f,
    })
}

/// The key of the words for what people are told.
const fn named(told: Told) -> &'static str {
    match told {
        Told::Escalation => "outgoing-escalation",
        Told::Offer => "outgoing-offer",
        Told::Ending => "outgoing-ending",
    }
}
