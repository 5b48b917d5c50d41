//! The list that one shift hands to the next, signed by both.

use std::net::SocketAddr;

use alarmcore::{OperatorId, Timestamp};
use askama::Template;
use axum::extract::{ConnectInfo, Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use opsmodel::crm::SignedHandover;
use opsmodel::store::query::{HandedRow, HandoverAccount, HandoverReason};
use serde::Deserialize;

use super::follow_ups::Item;
use super::frame::{Frame, Visit, show, show_with};
use super::on_test::Test;
use super::oops::{self, Oops};
use super::queue::Ticket;
use super::storms::Storm;
use super::{lowered, outside};
use crate::handover::{self, Signature};
use crate::problem::Problem;
use crate::state::App;

/// Signed hand-overs that the page shows.
const SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "handover.html")]
struct Page {
    f: Frame,
    at: Timestamp,
    as_of: u64,
    /// What both sign: the digest of the list as it is shown here.
    list: String,
    /// The open incidents, each with its hand-offs that have not ended, in words.
    open: Vec<(Ticket, Vec<Handed>)>,
    /// Hand-offs of closed incidents of which an answer is awaited, in words.
    awaited: Vec<(HandedRow, Handed)>,
    /// How many more wait in queues that are only for others.
    hidden: u32,
    tests: Vec<Test>,
    follow_ups: Vec<Item>,
    storms: Vec<Storm>,
    groups: Vec<Group>,
    /// What lowers protection besides.
    lowered: Vec<lowered::Line>,
    /// What came from outside that nobody has seen.
    unmatched: Vec<outside::Kept>,
    signed: Vec<Signed>,
    note: String,
    refused: Option<String>,
}

/// A hand-off that has not ended, in words.
struct Handed {
    what: String,
    /// Somebody is to come after all.
    needed: bool,
}

/// Accounts with the same kind of matter.
struct Group {
    label: String,
    accounts: Vec<Matter>,
}

/// What is the matter with one account.
struct Matter {
    row: HandoverAccount,
    what: String,
}

/// A hand-over that was signed, with the names of both.
struct Signed {
    record: SignedHandover,
    from: String,
    to: String,
}

const REASONS: [(HandoverReason, &str); 7] = [
    (HandoverReason::Unrestored, "handover-unrestored"),
    (HandoverReason::OnBattery, "handover-on-battery"),
    (HandoverReason::BatteryLow, "handover-battery-low"),
    (HandoverReason::LinkLost, "handover-link-lost"),
    (HandoverReason::Bypassed, "handover-bypassed"),
    (HandoverReason::Trouble, "handover-trouble"),
    (HandoverReason::OnTest, "lowered-test-mode"),
];

/// The hand-over list.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, String::new(), None).await?))
}

/// The signature of the one who comes, and what the one who goes has to say.
#[derive(Deserialize)]
pub(super) struct Signing {
    list: String,
    login: String,
    password: String,
    #[serde(default)]
    note: String,
}

/// Both sign.
pub(super) async fn sign(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    visit: Visit,
    Form(form): Form<Signing>,
) -> Result<Response, Oops> {
    let note = form.note;
    let signature =
        Signature { list: &form.list, login: form.login.trim(), password: &form.password, note: note.clone() };
    let signed = handover::sign(&app, &visit.session, peer.ip(), signature).await;
    match signed {
        Ok(signed) if signed.since.is_empty() => Ok(Redirect::to("/handover").into_response()),
        // Whoever comes sees at once what they have not signed for.
        Ok(_) => Ok(Redirect::to("/handover#signed").into_response()),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
            Ok(show_with(status, &build(&app, &visit, note, Some(problem)).await?))
        }
    }
}

async fn build(app: &App, visit: &Visit, note: String, refused: Option<Problem>) -> Result<Page, Oops> {
    let f = visit.frame(app, "shift").await?;
    let list = handover::list(app, &visit.session).await.map_err(|problem| visit.oops(problem))?;
    let answers = app.query(|reader| Ok((reader.signed_handovers(SHOWN)?, reader.operators()?)));
    let (signed, operators) = answers.await.map_err(|problem| visit.oops(problem))?;
    let name = |id: OperatorId| {
        operators.iter().find(|card| card.id == id).map_or_else(|| id.to_string(), |card| card.name.clone())
    };
    let signed =
        signed.into_iter().map(|record| Signed { from: name(record.from), to: name(record.to), record }).collect();
    let groups = REASONS.iter().map(|(reason, id)| Group {
        label: f.w.t(id),
        accounts: list.accounts.iter().filter(|row| row.reason == *reason).map(|row| matter(row, &f)).collect(),
    });
    let of_closed = list.hand_offs.iter().filter(|row| row.closed_at.is_some());
    let awaited = of_closed.map(|row| (*row, handed(row, &f))).collect();
    let groups = groups.filter(|group| !group.accounts.is_empty()).collect();
    let limits = app.settings.policy.ageing;
    let at = Timestamp::from_millis(f.now);
    Ok(Page {
        at,
        as_of: list.as_of,
        list: handover::digest(&list),
        groups,
        awaited,
        hidden: list.hidden,
        open: list
            .open
            .into_iter()
            .map(|row| {
                let its = list.hand_offs.iter().filter(|hand_off| hand_off.incident == row.incident);
                let handed = its.map(|hand_off| handed(hand_off, &f)).collect();
                (Ticket::of(row, limits, &f), handed)
            })
            .collect(),
        lowered: list.lowered.into_iter().map(|row| lowered::Line::of(at, row, f.w)).collect(),
        unmatched: list.unmatched.into_iter().map(|row| outside::Kept::of(row, f.w.lang)).collect(),
        follow_ups: list.follow_ups.into_iter().map(|row| Item::of(row, &f)).collect(),
        storms: list.storms.into_iter().map(|row| Storm::of(row, &f)).collect(),
        tests: list.on_test.into_iter().map(|row| Test::of(row, f.w, at)).collect(),
        signed,
        note,
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
        f,
    })
}

fn handed(row: &HandedRow, f: &Frame) -> Handed {
    let mut words = vec![row.to.label(f.w.lang).to_owned(), row.state.label(f.w.lang).to_owned()];
    words.extend(row.cancel_asked_at.map(|at| f.w.n("cancel-asked", f.moment(&at))));
    words.extend(row.needed_since.map(|at| f.w.n("needed-again", f.moment(&at))));
    Handed { what: words.join(" · "), needed: row.needed_since.is_some() }
}

fn matter(row: &HandoverAccount, f: &Frame) -> Matter {
    let name = row.code.map(|code| code.name(f.w.lang).map_or_else(|| code.to_string(), str::to_owned));
    let number =
        row.code.zip(row.number).map(|(code, number)| format!("{} {number}", code.number_is().label(f.w.lang)));
    let words: Vec<String> = name.into_iter().chain(number).collect();
    Matter { row: row.clone(), what: words.join(" · ") }
}
