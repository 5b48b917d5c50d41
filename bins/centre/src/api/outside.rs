//! The ways out: what the other ends say, what is owed to them, and what came in that has no place at the desk.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::input::Body;
use crate::auth::Session;
use crate::outside::{Heard, OutsidePage, look, seen};
use crate::problem::Problem;
use crate::state::App;

/// What became of an answer.
#[derive(Serialize)]
struct Became {
    taken: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Problem>,
}

/// An authority's answer. Who it is, its token says.
pub(super) async fn answer(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let way = token.and_then(|token| app.ear.knows(token)).ok_or_else(unknown)?;
    let heard = app.ear.hear(way, &String::from_utf8_lossy(&body)).await?;
    Ok(match heard {
        Heard::Taken(done) => Json(Became { taken: true, seq: Some(done.seq), why: None }).into_response(),
        // It could not be read: whoever sent it should know, although people see it here too.
        Heard::Kept(why) if why.status == StatusCode::UNPROCESSABLE_ENTITY.as_u16() => why.into_response(),
        Heard::Kept(why) => {
            (StatusCode::ACCEPTED, Json(Became { taken: false, seq: None, why: Some(why) })).into_response()
        }
    })
}

fn unknown() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unknown-token",
        "show the answer_token of a way out as Authorization: Bearer",
        "请在 Authorization: Bearer 中出示该通道的 answer_token",
    )
}

/// How the ways do.
pub(super) async fn page(State(app): State<App>, session: Session) -> Result<Json<OutsidePage>, Problem> {
    look(&app, &session).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    note: Option<String>,
}

/// A person has seen something.
pub(super) async fn see(
    State(app): State<App>,
    session: Session,
    Path(unmatched): Path<String>,
    Body(Seen { note }): Body<Seen>,
) -> Result<StatusCode, Problem> {
    seen(&app, &session, &unmatched, note).await?;
    Ok(StatusCode::NO_CONTENT)
}
