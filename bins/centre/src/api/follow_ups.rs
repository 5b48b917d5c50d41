//! Follow-ups: the list, and the acts.

use alarmcore::{FollowUpId, Timestamp};
use axum::Json;
use axum::extract::{Path, State};
use opsmodel::store::query::FollowUpRow;
use serde_json::{Map, Value};

use super::Period;
use super::input::{Asked, Body};
use crate::acts;
use crate::auth::Session;
use crate::desk::Done;
use crate::problem::Problem;
use crate::state::App;

/// The follow-ups that were open in a period; those that are not done when none is named.
pub(super) async fn list(
    State(app): State<App>,
    session: Session,
    Asked(period): Asked<Period>,
) -> Result<Json<Vec<FollowUpRow>>, Problem> {
    let period: Option<(Timestamp, Timestamp)> = period.is_named().then(|| period.bounds()).transpose()?;
    let me = session.operator;
    let answer = app.query_for(&session, move |reader, kept| {
        let mut rows = match period {
            Some((from, to)) => reader.follow_ups(from, to)?,
            None => reader.open_follow_ups()?,
        };
        kept.leave_out_follow_ups(&mut rows, me);
        Ok(rows)
    });
    answer.await.map(Json)
}

/// Makes one.
pub(super) async fn create(
    State(app): State<App>,
    session: Session,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    acts::submit_follow_up(&app, &session, None, ask).await.map(Json)
}

/// Acts on one; answers once the act is durable.
pub(super) async fn act(
    State(app): State<App>,
    session: Session,
    Path(follow_up): Path<String>,
    Body(ask): Body<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    let missing = |_| Problem::not_found("follow-up", "待办");
    let follow_up: FollowUpId = follow_up.parse().map_err(missing)?;
    acts::submit_follow_up(&app, &session, Some(follow_up), ask).await.map(Json)
}
