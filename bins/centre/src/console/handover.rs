//! The list that one shift hands to the next.

use alarmcore::Timestamp;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use opsmodel::store::query::{HandoverAccount, HandoverReason};

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::queue::Ticket;
use crate::state::App;

#[derive(Template)]
#[template(path = "handover.html")]
struct Page {
    f: Frame,
    at: Timestamp,
    as_of: u64,
    tickets: Vec<Ticket>,
    groups: Vec<Group>,
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
    let f = visit.frame(&app, "shift").await?;
    let list = app.query(|reader| reader.handover()).await.map_err(|problem| visit.oops(problem))?;
    let groups = REASONS.iter().map(|(reason, id)| Group {
        label: f.w.t(id),
        accounts: list.accounts.iter().filter(|row| row.reason == *reason).map(|row| matter(row, &f)).collect(),
    });
    Ok(show(&Page {
        at: Timestamp::from_millis(f.now),
        as_of: list.as_of,
        groups: groups.filter(|group| !group.accounts.is_empty()).collect(),
        tickets: list.open.into_iter().map(|row| Ticket::of(row, app.settings.policy.ageing, f.w)).collect(),
        f,
    }))
}

fn matter(row: &HandoverAccount, f: &Frame) -> Matter {
    let name = row.code.map(|code| code.name(f.w.lang).map_or_else(|| code.to_string(), str::to_owned));
    let number =
        row.code.zip(row.number).map(|(code, number)| format!("{} {number}", code.number_is().label(f.w.lang)));
    let words: Vec<String> = name.into_iter().chain(number).collect();
    Matter { row: row.clone(), what: words.join(" · ") }
}
