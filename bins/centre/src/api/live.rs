//! What happens, as it happens: server-sent events whose id is the journal's sequence.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio_stream::{Stream, StreamExt};

use super::input::Asked;
use crate::auth::{Session, ended};
use crate::live::{Change, told};
use crate::presence::KEEP_ALIVE;
use crate::problem::Problem;
use crate::state::App;

/// Journal entries that are told again to a client that comes back; one that missed more is told to look afresh.
const CATCH_UP_MAX: usize = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Since {
    /// For clients that cannot send `Last-Event-ID`.
    after: Option<u64>,
}

/// Events `change` (see [`Change`]), `happening` (what was missed since `Last-Event-ID`) and `look-afresh` (too much was
/// missed: read the queue again).
pub(super) async fn stream(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    Asked(since): Asked<Since>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // Listening starts first: what is committed from here on is told, what was before is read.
    let listener = app.live.listen();
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok()).or(since.after);
    let missed = match known {
        None => Vec::new(),
        Some(known) => {
            let found = app.query_for(&session, move |reader, kept| {
                let happenings = reader.happenings(known, CATCH_UP_MAX + 1)?;
                let shown = happenings.iter().copied().filter(|one| kept.shows(one.incident)).collect::<Vec<_>>();
                Ok((happenings.len(), shown))
            });
            let (missed, happenings) = found.await?;
            match missed {
                0..=CATCH_UP_MAX => happenings.iter().map(|one| event("happening", one.seq, one)).collect(),
                _ => {
                    let end = app.query(|reader| reader.journal_end()).await?;
                    vec![event("look-afresh", end, &Change { seq: end, ..Change::default() })]
                }
            }
        }
    };
    let screen = app.seen.screen(session.operator);
    let events = tokio_stream::iter(missed).chain(changes(app, session, listener)).map(move |event| {
        // Whoever listens is there until the stream is gone.
        let _there = &screen;
        Ok(event)
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn changes(app: App, session: Session, listener: Receiver<Change>) -> impl Stream<Item = Event> {
    let listener = tokio_stream::wrappers::BroadcastStream::new(listener);
    let (over_app, over_session) = (app.clone(), session.clone());
    let heard = listener.then(move |change| {
        let (app, session) = (app.clone(), session.clone());
        async move {
            match change {
                Ok(change) => Ok(told(&app, &session, change).await),
                Err(lagged) => Err(lagged),
            }
        }
    });
    let events = heard.map(|change| match change {
        Ok(change) => event("change", change.seq, &change),
        Err(tokio_stream::wrappers::errors::BroadcastStreamRecvError::Lagged(_)) => {
            Event::default().event("look-afresh").data("{}")
        }
    });
    let over = tokio_stream::once(()).then(move |()| ended(over_app.clone(), over_session.clone())).map(|()| None);
    // Either end ends the stream: that of the centre, or that of the session.
    let until = events.map(Some).chain(tokio_stream::once(None)).merge(over);
    until.take_while(Option::is_some).filter_map(|event| event)
}

fn event(name: &str, seq: u64, body: &impl Serialize) -> Event {
    let event = Event::default().event(name);
    // A word that goes with no journal entry, such as an alert repeated after a restart, leaves the client where it is.
    let event = if seq > 0 { event.id(seq.to_string()) } else { event };
    event.clone().json_data(body).unwrap_or(event)
}
