//! Accounts: found by number, name or address, and everything about one of them.

use alarmcore::Timestamp;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use contactid::AccountNumber;
use opsmodel::store::query::{AccountRow, AccountSheet, CardChange};
use serde::Deserialize;

use super::awaited::{self, Awaited};
use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::queue::Ticket;
use super::signals::Line;
use super::standing::State as Standing;
use crate::problem::Problem;
use crate::state::App;

/// Accounts on a page.
const PAGE: usize = 60;

/// What is searched for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    q: String,
    after: String,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct ListPage {
    f: Frame,
    q: String,
    rows: Vec<AccountRow>,
    /// The account after which the next page begins.
    next: Option<AccountNumber>,
}

/// The accounts.
pub(super) async fn list(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let f = visit.frame(&app, "accounts").await?;
    let q = wish.q.trim().to_owned();
    let (search, after) = (q.clone(), wish.after.parse().ok());
    let rows = app.query(move |reader| reader.accounts(&search, after, PAGE)).await;
    let rows = rows.map_err(|problem| visit.oops(problem))?;
    let next = if rows.len() == PAGE { rows.last().map(|row| row.account) } else { None };
    Ok(show(&ListPage { f, q, rows, next }))
}

#[derive(Template)]
#[template(path = "account.html")]
struct OnePage {
    f: Frame,
    sheet: AccountSheet,
    standing: Standing,
    awaited: Vec<Awaited>,
    hours: Vec<(String, String)>,
    has_key: bool,
    last_seen: Option<Timestamp>,
    incidents: Vec<Ticket>,
    lines: Vec<Line>,
    history: Vec<CardChange>,
}

/// One account.
pub(super) async fn page(State(app): State<App>, visit: Visit, Path(account): Path<String>) -> Result<Response, Oops> {
    let missing = || visit.oops(Problem::not_found("account", "用户"));
    let account: AccountNumber = account.parse().map_err(|_| missing())?;
    let found = app.query(move |reader| reader.account(account)).await.map_err(|problem| visit.oops(problem))?;
    let page = found.ok_or_else(missing)?;
    let f = visit.frame(&app, "accounts").await?;
    let standing = Standing::of(&page.sheet, &f);
    Ok(show(&OnePage {
        incidents: page.incidents.into_iter().map(|row| Ticket::of(row, app.settings.policy.ageing, f.w)).collect(),
        lines: page.signals.into_iter().map(|row| Line::with_zones(row, &page.sheet.zones, f.w)).collect(),
        history: page.history,
        hours: awaited::hours(&page.sheet, &f),
        awaited: Awaited::of(&page.sheet, &app.settings.policy.expect, &f),
        has_key: app.has_key(account),
        last_seen: app.last_seen(account),
        sheet: page.sheet,
        standing,
        f,
    }))
}
