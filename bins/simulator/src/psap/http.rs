//! An authority that is reached over HTTP, and posts its answers.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Psap, Taken};

/// How long one request may take, and how long it is until the next try of one that failed.
const PATIENCE: Duration = Duration::from_secs(5);
const AGAIN_AFTER: Duration = Duration::from_millis(300);
/// How often an answer is tried.
const TRIES: u32 = 200;

/// Where answers are posted to.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The centre's address, such as `http://127.0.0.1:8110/api/hand-offs/answers`.
    pub url: String,
    /// What the centre knows this authority by.
    pub token: String,
}

#[derive(Clone)]
struct Desk {
    psap: Psap,
    token: String,
    caller: Option<Caller>,
}

/// Takes messages at `listener` from whoever shows `token`, and posts answers to `caller` where there is one.
///
/// # Errors
/// The listener fails.
pub async fn serve_http(
    psap: Psap,
    listener: TcpListener,
    token: String,
    caller: Option<Caller>,
) -> std::io::Result<()> {
    let desk = Desk { psap, token, caller };
    let router = Router::new().route("/", post(take)).route("/{*path}", post(take)).with_state(desk);
    axum::serve(listener, router).await
}

async fn take(State(desk): State<Desk>, headers: HeaderMap, body: String) -> Response {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if shown.and_then(|shown| shown.strip_prefix("Bearer ")) != Some(&desk.token) {
        return (StatusCode::UNAUTHORIZED, "who are you?").into_response();
    }
    let Ok(message) = serde_json::from_str::<Value>(&body) else {
        return (StatusCode::BAD_REQUEST, "no JSON").into_response();
    };
    match desk.psap.take(message) {
        Taken::Later => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Taken::Wrong(why) => (StatusCode::BAD_REQUEST, why).into_response(),
        Taken::Stored { id, answers, .. } if desk.psap.course.in_response => {
            tokio::time::sleep(desk.psap.course.delay).await;
            Json(json!({ "receipt": format!("R-{id}"), "answers": answers })).into_response()
        }
        Taken::Stored { id, answers, again } => {
            if let Some(caller) = desk.caller.filter(|_| !again) {
                tokio::spawn(call(desk.psap, caller, answers));
            }
            Json(json!({ "receipt": format!("R-{id}") })).into_response()
        }
    }
}

/// Posts each answer until the centre has it, or says that it never will.
async fn call(psap: Psap, caller: Caller, answers: Vec<Value>) {
    for answer in answers {
        tokio::time::sleep(psap.course.delay).await;
        for _ in 0..TRIES {
            let (caller, said) = (caller.clone(), answer.clone());
            let status = tokio::task::spawn_blocking(move || send(&caller, &said)).await.unwrap_or(None);
            if let Some(status) = status.filter(|status| !matches!(status, 408 | 429 | 500..)) {
                (psap.witness)(&json!({ "said": answer["message"], "answer": answer["answer"], "status": status }));
                break;
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
}

/// One request; the status of its response.
fn send(caller: &Caller, answer: &Value) -> Option<u16> {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).proxy(None);
    let agent: ureq::Agent = config.build().into();
    let sent = agent
        .post(&caller.url)
        .header("Content-Type", "application/json")
        .header("Authorization", format!("Bearer {}", caller.token))
        .send(answer.to_string());
    sent.ok().map(|response| response.status().as_u16())
}
