//! The list that one shift hands to the next, signed by both.

use std::net::SocketAddr;

use alarmcore::{OperatorId, Timestamp};
use askama::Template;
use axum::extract::{ConnectInfo, Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use opsmodel::crm::{Change, SignedHandover};
use opsmodel::store::Centre;
use opsmodel::store::query::{Handover, HandoverAccount, HandoverReason};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::frame::{Frame, Visit, show, show_with};
use super::oops::{self, Oops};
use super::queue::Ticket;
use crate::auth::second_person;
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
    tickets: Vec<Ticket>,
    groups: Vec<Group>,
    signed: Vec<Signed>,
    note: String,
    refused: Option<String>,
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
    (HandoverReason::OnTest, "handover-on-test"),
];

/// The hand-over list.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, String::new(), None).await?))
}

/// The signature of the one who comes, and what the one who goes has to say.
#[derive(Deserialize)]
pub(super) struct Signature {
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
    Form(form): Form<Signature>,
) -> Result<Response, Oops> {
    let (list, note) = (form.list, form.note);
    let signed = match second_person(&app, &visit.session, form.login.trim(), &form.password, peer.ip()).await {
        Ok(to) => store(&app, &visit, to, list, note.clone(), peer).await,
        Err(problem) => Err(problem),
    };
    match signed {
        Ok(()) => Ok(Redirect::to("/handover").into_response()),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
            Ok(show_with(status, &build(&app, &visit, note, Some(problem)).await?))
        }
    }
}

async fn store(
    app: &App,
    visit: &Visit,
    to: OperatorId,
    list: String,
    note: String,
    peer: SocketAddr,
) -> Result<(), Problem> {
    let now = app.query(|reader| reader.handover()).await?;
    if digest(&now) != list {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "list-changed",
            "the list has changed since it was shown: look at it again and sign once more",
            "清单在显示之后已有变化，请重新核对后再签字",
        ));
    }
    let at = super::spelling::now();
    let open = u32::try_from(now.open.len()).unwrap_or(u32::MAX);
    let from = visit.session.operator;
    let handover = SignedHandover { number: 0, at, from, to, as_of: now.as_of, list, open, note };
    let origin = format!("console {}", peer.ip());
    let change = Change { by: Some(from), at, origin, reason: "hand-over".into() };
    let data = app.settings.data.clone();
    // A connection of its own for one row: the desk's thread goes on deciding meanwhile.
    let stored = tokio::task::spawn_blocking(move || Centre::open(&data)?.put_handover(&handover, &change));
    match stored.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(%error, "a hand-over could not be stored");
            Err(Problem::unavailable())
        }
        Err(_) => Err(Problem::unavailable()),
    }
}

async fn build(app: &App, visit: &Visit, note: String, refused: Option<Problem>) -> Result<Page, Oops> {
    let f = visit.frame(app, "shift").await?;
    let answers = app.query(|reader| Ok((reader.handover()?, reader.signed_handovers(SHOWN)?, reader.operators()?)));
    let (list, signed, operators) = answers.await.map_err(|problem| visit.oops(problem))?;
    let name = |id: OperatorId| {
        operators.iter().find(|card| card.id == id).map_or_else(|| id.to_string(), |card| card.name.clone())
    };
    let signed =
        signed.into_iter().map(|record| Signed { from: name(record.from), to: name(record.to), record }).collect();
    let groups = REASONS.iter().map(|(reason, id)| Group {
        label: f.w.t(id),
        accounts: list.accounts.iter().filter(|row| row.reason == *reason).map(|row| matter(row, &f)).collect(),
    });
    let groups = groups.filter(|group| !group.accounts.is_empty()).collect();
    let limits = app.settings.policy.ageing;
    Ok(Page {
        at: Timestamp::from_millis(f.now),
        as_of: list.as_of,
        list: digest(&list),
        groups,
        tickets: list.open.into_iter().map(|row| Ticket::of(row, limits, f.w)).collect(),
        signed,
        note,
        refused: refused.map(|problem| oops::text(problem, visit.session.lang)),
        f,
    })
}

/// What is signed: which incidents are open, where they stand and whose they are, and what is the matter with accounts.
fn digest(list: &Handover) -> String {
    let mut text = String::new();
    for row in &list.open {
        let owner = row.owner.map(|owner| owner.to_string()).unwrap_or_default();
        text += &format!("{} {} {owner}\n", row.incident, row.stage);
    }
    for row in &list.accounts {
        text += &format!("{} {:?} {:?} {:?} {}\n", row.account, row.reason, row.code, row.number, row.since.millis());
    }
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn matter(row: &HandoverAccount, f: &Frame) -> Matter {
    let name = row.code.map(|code| code.name(f.w.lang).map_or_else(|| code.to_string(), str::to_owned));
    let number = row.code.zip(row.number).map(|(code, number)| format!("{} {number}", code.number_is().label(f.w.lang)));
    let words: Vec<String> = name.into_iter().chain(number).collect();
    Matter { row: row.clone(), what: words.join(" · ") }
}
