//! The live signal log.

use alarmcore::{IncidentId, SignalId};
use axum::Json;
use axum::extract::{Path, State};
use contactid::{AccountNumber, Class, Code};
use opsmodel::store::query::{Explanation, Fate, SignalFilter, SignalPage, SignalRow};
use serde::Deserialize;

use super::input::Asked;
use super::{Moment, Period, rows};
use crate::auth::Session;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    account: Option<AccountNumber>,
    incident: Option<IncidentId>,
    class: Option<Class>,
    code: Option<Code>,
    outcome: Option<String>,
    line: Option<String>,
    token: Option<String>,
    from: Option<Moment>,
    to: Option<Moment>,
    /// Reads on after this signal.
    older: Option<SignalId>,
    limit: Option<usize>,
}

/// Signals, newest first.
pub(super) async fn list(
    State(app): State<App>,
    session: Session,
    Asked(which): Asked<Which>,
) -> Result<Json<SignalPage>, Problem> {
    let outcome = match which.outcome.as_deref() {
        None => None,
        Some(word) => Some(Fate::from_word(word).ok_or_else(|| {
            Problem::invalid(format!("outcome: {word:?}"), &format!("处理结果（outcome）没有取值 {word:?}"))
        })?),
    };
    Period { from: which.from, to: which.to }.bounds()?;
    let filter = SignalFilter {
        account: which.account,
        incident: which.incident,
        class: which.class,
        code: which.code,
        outcome,
        line: which.line,
        token: which.token,
        from: which.from.map(|Moment(at)| at),
        to: which.to.map(|Moment(at)| at),
    };
    let limit = rows(which.limit);
    let page =
        app.query_for(&session, move |reader, kept| Ok(reader.signals(&filter, which.older, limit)?.without(kept)));
    page.await.map(Json)
}

/// One signal, decoded and raw.
pub(super) async fn one(
    State(app): State<App>,
    _session: Session,
    Path(signal): Path<String>,
) -> Result<Json<SignalRow>, Problem> {
    let missing = || Problem::not_found("signal", "信号");
    let signal = signal.parse().map_err(|_| missing())?;
    app.query(move |reader| reader.signal(signal)).await?.map(Json).ok_or_else(missing)
}

/// Why it was shown, or was not.
pub(super) async fn why(
    State(app): State<App>,
    _session: Session,
    Path(signal): Path<String>,
) -> Result<Json<Explanation>, Problem> {
    let missing = || Problem::not_found("signal", "信号");
    let signal = signal.parse().map_err(|_| missing())?;
    app.query(move |reader| reader.explain(signal)).await?.map(Json).ok_or_else(missing)
}
