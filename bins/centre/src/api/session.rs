//! Signing in and out, and who is signed in.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::Body;
use crate::auth::{Session, no_session_cookie, session_cookie, sign_in, sign_out};
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    login: String,
    password: String,
}

/// Signs in; the answer's cookie carries the session, its body the token for `X-CSRF-Token`.
pub(super) async fn login(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Body(SignIn { login, password }): Body<SignIn>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<Value>), Problem> {
    let (session, token) = sign_in(&app, login.trim(), &password, peer.ip()).await?;
    Ok(([(header::SET_COOKIE, session_cookie(&app, &token))], Json(spelt(&session))))
}

/// Signs out.
pub(super) async fn logout(State(app): State<App>, _session: Session, headers: HeaderMap) -> impl IntoResponse {
    sign_out(&app, &headers);
    ([(header::SET_COOKIE, no_session_cookie(&app))], StatusCode::NO_CONTENT)
}

/// Who is signed in.
pub(super) async fn me(session: Session) -> Json<Value> {
    Json(spelt(&session))
}

fn spelt(session: &Session) -> Value {
    let Session { operator, login, name, role, csrf, lang: _, password: _ } = session;
    json!({ "operator": operator, "login": login, "name": name, "role": role, "csrf": csrf })
}
