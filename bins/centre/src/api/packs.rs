//! The rule packs in force, and the false alarms that they count.

use alarmcore::{Clause, Pack};
use axum::Json;
use axum::extract::{Path, State};
use opsmodel::store::query::{FalseCallsRow, PackReport};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::accounts::number;
use super::input::{Asked, Body};
use super::{Moment, Period};
use crate::acts;
use crate::auth::Session;
use crate::desk::Done;
use crate::problem::Problem;
use crate::state::App;

/// Which packs are in force, clause by clause, and where the policy deviates from them.
pub(super) async fn list(State(app): State<App>, _session: Session) -> Json<Value> {
    let clause = |clause: &Clause| {
        json!({
            "clause": clause.id,
            "mark": clause.mark,
            "text": clause.text.en,
            "text_zh": clause.text.zh,
            "rule": clause.rule,
            "sets": clause.sets,
        })
    };
    let settings = &app.settings;
    let pack = |pack: &Pack| {
        json!({
            "pack": pack.stamp(),
            "whose": settings.whose(pack),
            "title": pack.title.en,
            "title_zh": pack.title.zh,
            "clauses": pack.clauses.iter().map(clause).collect::<Vec<_>>(),
        })
    };
    let deviations = settings.deviations.iter().map(
        |of| json!({ "clause": of.clause, "whose": of.whose, "key": of.key, "set": of.set, "in_force": of.in_force }),
    );
    Json(json!({
        "policy": settings.policy.version,
        "packs": settings.packs.iter().map(pack).collect::<Vec<_>>(),
        "deviations": deviations.collect::<Vec<_>>(),
    }))
}

/// Which period, what is known, and how much is listed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    from: Option<Moment>,
    to: Option<Moment>,
    as_of: Option<Moment>,
    #[serde(default)]
    all: bool,
}

/// How far the clauses of a pack were kept in a period.
pub(super) async fn measured(
    State(app): State<App>,
    session: Session,
    Path(name): Path<String>,
    Asked(asked): Asked<Measured>,
) -> Result<Json<PackReport>, Problem> {
    let pack = app.settings.pack(&name)?;
    let Measured { from, to, as_of, all } = asked;
    let (period, as_of) = (Period { from, to }.bounds()?, as_of.map(|Moment(at)| at));
    let listed = if all { usize::MAX } else { crate::state::FAILURES_LISTED };
    let report = app.query_for(&session, move |reader, kept| {
        let mut report = reader.pack(&pack, period, as_of, listed)?;
        report.keep(kept);
        Ok(report)
    });
    report.await.map(Json)
}

/// The false alarms of every account of which any were counted.
pub(super) async fn false_calls(
    State(app): State<App>,
    _session: Session,
) -> Result<Json<Vec<FalseCallsRow>>, Problem> {
    app.query(|reader| reader.all_false_calls()).await.map(Json)
}

/// Acts on the false alarms of an account; answers once the act is durable.
pub(super) async fn act(
    State(app): State<App>,
    session: Session,
    Path(account): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit_false_calls(&app, &session, number(&account)?, ask).await.map(Json)
}
