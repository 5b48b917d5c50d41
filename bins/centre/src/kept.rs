//! What waits in a queue that is only for others is kept from whoever asks for it by its address, whatever they ask of it.

use std::time::Instant;

use alarmcore::{IncidentId, SignalId};
use axum::extract::{FromRequestParts, OriginalUri, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::auth::{Session, session_token};
use crate::console;
use crate::problem::Problem;
use crate::state::App;

/// Lets a request pass whose address names an incident, or a signal of one, only if whoever asks is shown it: 403 otherwise. Every
/// page and every call with `{incident}` or `{signal}` in its address passes here; what names nobody's is for the page itself.
pub(crate) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let token = session_token(&parts.headers);
    let session = token.and_then(|token| app.sessions.find(token, Instant::now()));
    if let (Some(session), Some(named)) = (session, Named::read(&mut parts).await)
        && let Err(problem) = named.shown(&app, &session).await
    {
        let asked = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        return if asked.path().starts_with("/api/") {
            problem.into_response()
        } else {
            console::refuse(problem, session.lang, &parts.headers)
        };
    }
    next.run(Request::from_parts(parts, body)).await
}

/// What an address names that can be kept.
enum Named {
    Incident(IncidentId),
    Signal(SignalId),
}

impl Named {
    async fn read(parts: &mut Parts) -> Option<Self> {
        let parameters = RawPathParams::from_request_parts(parts, &()).await.ok()?;
        parameters.iter().find_map(|(name, text)| match name {
            "incident" => text.parse().ok().map(Self::Incident),
            "signal" => text.parse().ok().map(Self::Signal),
            _ => None,
        })
    }

    async fn shown(self, app: &App, session: &Session) -> Result<(), Problem> {
        match self {
            Self::Incident(incident) => shown(app, session, incident).await,
            Self::Signal(signal) => {
                let row = app.query(move |reader| reader.signal(signal)).await?;
                match row.and_then(|row| row.incident) {
                    Some(incident) => shown(app, session, incident).await,
                    None => Ok(()),
                }
            }
        }
    }
}

/// Is this incident shown to whoever asks, or is there none?
///
/// # Errors
/// 403 for what waits in a queue that is only for others.
pub(crate) async fn shown(app: &App, session: &Session, incident: IncidentId) -> Result<(), Problem> {
    match app.query_for(session, move |_, kept| Ok(kept.queue_of(incident).cloned())).await? {
        Some(queue) => Err(Problem::other_queue(&queue)),
        None => Ok(()),
    }
}
