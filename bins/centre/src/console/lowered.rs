//! The board of lowered protection: every account of which not all is watched, and why.

use alarmcore::{AccountNumber, ClosingAnswer, Lang, LoweredKind, Timestamp};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::LoweredRow;

use super::follow_ups::{assignee, whom};
use super::frame::{Frame, Visit, show};
use super::on_test::scope;
use super::oops::{self, Oops};
use super::sent::{At, Sent};
use crate::acts;
use crate::i18n::Words;
use crate::problem::Problem;
use crate::state::App;

#[derive(Template)]
#[template(path = "lowered.html")]
struct Page {
    f: Frame,
    counts: Vec<(&'static str, usize)>,
    /// How many should have been seen to by now.
    late: usize,
    /// How many end soon, or should be seen to soon.
    soon: usize,
    lines: Vec<Line>,
    /// Whom a row can be given to, by the word that the form sends.
    people: Vec<(String, String)>,
    /// What can be answered about a late closing.
    answers: Vec<(&'static str, &'static str)>,
    refused: Option<String>,
}

/// One thing that lowers protection, in words.
pub(super) struct Line {
    pub(super) row: LoweredRow,
    pub(super) kind: &'static str,
    /// The code, as the form sends it.
    code: String,
    /// By whom it was given to its owner, and when.
    given: Option<(String, Timestamp)>,
    pub(super) what: String,
    who: String,
    why: String,
    /// Who must see to it.
    pub(super) owner: String,
    /// It ends soon.
    soon: bool,
    /// It should have been seen to by now.
    pub(super) overdue: bool,
}

/// The board.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, None).await?))
}

/// A row is given to somebody, or taken back; or an answer about a late closing is recorded.
pub(super) async fn assign(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| acts::submit_lowered(&sent.app, sent.session(), account, assignee(ask)).await;
    let again = async |problem, visit: &Visit| build(&sent.app, visit, Some(problem)).await;
    sent.answer(sent.does(act).await, "/lowered", again).await
}

async fn build(app: &App, visit: &Visit, refused: Option<Problem>) -> Result<Page, Oops> {
    let refused = refused.map(|problem| oops::text(problem, visit.session.lang));
    let f = visit.frame(app, "lowered").await?;
    let settings = app.settings.clone();
    let found = app
        .query_for(&visit.session, move |reader, kept| {
            Ok((kept.lowered(reader.lowered(&settings.policy)?), reader.operators()?))
        })
        .await;
    let (rows, operators) = found.map_err(|problem| visit.oops(problem))?;
    let count = |kind: &LoweredKind| rows.iter().filter(|row| row.kind == *kind).count();
    let counts = LoweredKind::ALL.iter().map(|kind| (kind.label(f.w.lang), count(kind))).collect();
    let now = Timestamp::from_millis(f.now);
    let soon = rows.iter().filter(|row| row.ends_soon(now)).count();
    let late = rows.iter().filter(|row| row.overdue(now)).count();
    let lines = rows.into_iter().map(|row| Line::of(now, row, f.w)).collect();
    let people = whom(operators, f.w);
    let answers = ClosingAnswer::ALL.iter().map(|answer| (answer.as_str(), answer.label(f.w.lang))).collect();
    Ok(Page { counts, late, soon, lines, people, answers, refused, f })
}

impl Line {
    pub(super) fn of(now: Timestamp, row: LoweredRow, w: &Words) -> Self {
        let zone =
            row.code.zip(row.number).map(|(code, number)| format!("{} {number}", code.number_is().label(w.lang)));
        let dead = row.result.map(|result| {
            let whose = row.contact_name.clone().unwrap_or_else(|| w.t("call-site"));
            format!("{whose} · {}", result.label(w.lang))
        });
        let pauses = (!row.pauses.is_empty()).then(|| w.n("lowered-pauses", row.pauses.join(", ")));
        let in_all = row.before_s / 60 + u32::try_from(now.secs_since(row.since) / 60).unwrap_or(0);
        let in_all = (row.before_s > 0).then(|| w.n("lowered-tested-n", in_all));
        let what = if w.lang == Lang::Zh { row.what_zh.clone() } else { row.what_en.clone() };
        let people = [
            row.by_name.clone(),
            row.approved_by_name.clone(),
            row.user.map(|user| w.user(user, row.user_name.as_deref())),
            row.asked_by.clone(),
        ];
        let people: Vec<String> = people.into_iter().flatten().collect();
        Self {
            kind: row.kind.label(w.lang),
            code: row.code.map(|code| code.to_string()).unwrap_or_default(),
            given: row.assigned_at.map(|at| (row.assigned_by_name.clone().unwrap_or_default(), at)),
            what: [row.scope.as_ref().map(|covered| scope(covered, w)).or(dead).or(what).or(zone), in_all, pauses]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            who: people.join(" · "),
            why: why(&row, w),
            owner: match &row.owner_name {
                Some(name) => format!("{name} · {}", row.owner_rank.label(w.lang)),
                None => row.owner_rank.label(w.lang).to_owned(),
            },
            soon: row.ends_soon(now),
            overdue: row.overdue(now),
            row,
        }
    }
}

/// Why, in the words of whoever asked or agreed.
fn why(row: &LoweredRow, w: &Words) -> String {
    let reason = row.reason.map(|reason| reason.label(w.lang).to_owned());
    let words = [reason, row.why.clone(), row.agreement.clone()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
