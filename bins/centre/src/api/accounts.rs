//! The accounts: cards, state, people to call, signals.

use std::net::SocketAddr;

use alarmcore::SignalId;
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use contactid::AccountNumber;
use opsmodel::store::query::{AccountPage, AccountRow, SignalFilter, SignalPage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input::{Asked, Body};
use super::rows;
use crate::auth::Session;
use crate::card_review::{self, Carded};
use crate::problem::Problem;
use crate::state::App;
use crate::told::{self, Entered};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// The number's beginning, or a part of name or address.
    #[serde(default)]
    search: String,
    /// Reads on after this account.
    after: Option<AccountNumber>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Accounts {
    rows: Vec<AccountRow>,
    /// What to hand in as `after` to read on; null at the end.
    after: Option<AccountNumber>,
}

/// Accounts by number.
pub(super) async fn list(
    State(app): State<App>,
    _session: Session,
    Asked(which): Asked<Which>,
) -> Result<Json<Accounts>, Problem> {
    let limit = rows(which.limit);
    let rows = app.query(move |reader| reader.accounts(which.search.trim(), which.after, limit)).await?;
    let after = rows.last().filter(|_| rows.len() == limit).map(|last| last.account);
    Ok(Json(Accounts { rows, after }))
}

/// Everything about one account.
pub(super) async fn page(
    State(app): State<App>,
    session: Session,
    Path(account): Path<String>,
) -> Result<Json<AccountPage>, Problem> {
    let account = number(&account)?;
    let page = app.query_for(&session, move |reader, kept| {
        let mut page = reader.account(account)?;
        page.iter_mut().for_each(|page| page.keep(kept));
        Ok(page)
    });
    page.await?.map(Json).ok_or_else(no_account)
}

/// Changes a card; what safety rests on is pending until another person has reviewed it.
pub(super) async fn edit(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Carded>, Problem> {
    card_review::edit(&app, &session, peer.ip(), number(&account)?, ask).await.map(Json)
}

/// Says of what is pending whether it is in order.
pub(super) async fn review(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Carded>, Problem> {
    card_review::review(&app, &session, peer.ip(), number(&account)?, ask).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Onward {
    older: Option<SignalId>,
    limit: Option<usize>,
}

/// The signals of one account, newest first, whether it has a card or not.
pub(super) async fn signals(
    State(app): State<App>,
    session: Session,
    Path(account): Path<String>,
    Asked(onward): Asked<Onward>,
) -> Result<Json<SignalPage>, Problem> {
    let filter = SignalFilter { account: Some(number(&account)?), ..SignalFilter::default() };
    let page = app.query_for(&session, move |reader, kept| {
        Ok(reader.signals(&filter, onward.older, rows(onward.limit))?.without(kept))
    });
    page.await.map(Json)
}

/// Enters an alarm that somebody tells of.
pub(super) async fn enter(
    State(app): State<App>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Entered>, Problem> {
    told::submit(&app, &session, number(&account)?, ask).await.map(Json)
}

pub(super) fn number(text: &str) -> Result<AccountNumber, Problem> {
    text.parse().map_err(|_| no_account())
}

fn no_account() -> Problem {
    Problem::not_found("account", "用户")
}
