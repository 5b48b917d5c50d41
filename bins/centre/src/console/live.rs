//! Live pages: one stream of server-sent events that says where to look, and the fragments that are looked at.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use opsmodel::store::query::{SignalFilter, SignalRow, TestRow};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::signals::Line;
use crate::auth::{Session, SignInNeeded, ended};
use crate::live::{Change, told};
use crate::presence::KEEP_ALIVE;
use crate::problem::Problem;
use crate::state::App;

/// What happens within this time is told at once: pages of a busy centre are fetched a few times a second, not a hundred.
const GATHER: Duration = Duration::from_millis(250);
/// Signals in the ticker.
const TICKER: usize = 40;

#[derive(Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    after: u64,
}

/// Tells an open page that something changed: event `centre`, with the journal's sequence as its id. A page that was
/// cut off says with `Last-Event-ID` how much it knows, and is told at once when that is not all.
pub(super) async fn stream(
    State(app): State<App>,
    session: Result<Session, SignInNeeded>,
    Query(since): Query<Since>,
    headers: HeaderMap,
) -> Response {
    // The log-in page is no stream of events: whoever is signed out hears so.
    let Ok(session) = session else { return SignInNeeded::Call.into_response() };
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok()).unwrap_or(since.after);
    let listener = app.live.listen();
    let newest = match app.query(|reader| reader.queue()).await {
        Ok(queue) => queue.as_of,
        Err(problem) => return problem.into_response(),
    };
    let behind = (newest > known).then(|| Change { seq: newest, ..Change::default() });
    let (tell, changes) = mpsc::channel(1);
    let screen = app.seen.screen(session.operator);
    tokio::spawn(gather(app, session, listener, behind, tell));
    let events = ReceiverStream::new(changes).map(move |change| {
        // Whoever has the page open is there until the stream is gone.
        let _there = &screen;
        let event = Event::default().event("centre").id(change.seq.to_string());
        Ok::<_, Infallible>(event.json_data(&change).unwrap_or_default())
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// Passes changes on, put together over [`GATHER`], until the page is gone or the centre stops.
async fn gather(
    app: App,
    session: Session,
    mut listener: Receiver<Change>,
    behind: Option<Change>,
    tell: Sender<Change>,
) {
    let mut next = behind;
    let mut over = pin!(ended(app.clone(), session.clone()));
    loop {
        let change = match next.take() {
            Some(change) => change,
            None => tokio::select! {
                () = tell.closed() => return,
                () = &mut over => return,
                heard = listener.recv() => match heard {
                    Ok(change) => change,
                    // Whoever lags looks at the rows again; the next change has the sequence.
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                },
            },
        };
        sleep(GATHER).await;
        let mut all = change;
        loop {
            match listener.try_recv() {
                Ok(later) => add(&mut all, later),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if tell.send(told(&app, &session, all).await).await.is_err() {
            return;
        }
    }
}

/// Puts `later` on top of `change`. The lists stay short: a page that sees any change fetches its rows afresh.
fn add(change: &mut Change, later: Change) {
    change.seq = change.seq.max(later.seq);
    change.cursor = change.cursor.max(later.cursor);
    change.signals += later.signals;
    change.ring = change.ring.into_iter().chain(later.ring).min();
    change.alerts.extend(later.alerts);
    change.incidents.extend(later.incidents);
    change.incidents.sort_unstable();
    change.incidents.dedup();
    change.tests.extend(later.tests);
    change.tests.sort_unstable();
    change.tests.dedup();
    change.follow_ups.extend(later.follow_ups);
    change.follow_ups.sort_unstable();
    change.follow_ups.dedup();
    change.storms.extend(later.storms);
    change.storms.sort_unstable();
    change.storms.dedup();
    change.accounts.extend(later.accounts);
    change.accounts.sort_unstable();
    change.accounts.dedup();
}

#[derive(Template)]
#[template(path = "part/waiting.html")]
struct Waiting {
    f: Frame,
}

/// How many new incidents wait: the mark in the navigation, and what the alarm sounds for.
pub(super) async fn waiting(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&Waiting { f: visit.frame(&app, "queue").await? }))
}

#[derive(Template)]
#[template(path = "part/offer.html")]
struct Offered {
    f: Frame,
}

/// What this operator is offered: a banner on every page, with a key that takes it.
pub(super) async fn offer(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&Offered { f: visit.frame(&app, "queue").await? }))
}

#[derive(Template)]
#[template(path = "part/weather.html")]
struct Weather {
    f: Frame,
}

/// What concerns everybody: storms, what fails of the centre, what calls this operator away, and what nobody has seen.
pub(super) async fn weather(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&Weather { f: visit.frame(&app, "storms").await? }))
}

#[derive(Template)]
#[template(path = "part/lowered.html")]
struct Lowered {
    f: Frame,
}

/// How much lowers protection: the count in the navigation.
pub(super) async fn lowered(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&Lowered { f: visit.frame(&app, "lowered").await? }))
}

#[derive(Template)]
#[template(path = "part/follow_ups_due.html")]
struct FollowUpsDue {
    f: Frame,
}

/// How many follow-ups are due and not done: the count in the navigation.
pub(super) async fn follow_ups_due(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    Ok(show(&FollowUpsDue { f: visit.frame(&app, "follow-ups").await? }))
}

#[derive(Template)]
#[template(path = "part/ticker.html")]
struct Ticker {
    f: Frame,
    ending: Vec<TestRow>,
    ticks: Vec<Line>,
}

/// The latest signals, whatever became of them.
pub(super) async fn ticker(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "queue").await?;
    let (ending, ticks) = latest(&app, &visit.session).await.map_err(|problem| visit.oops(problem))?;
    let ticks = ticks.into_iter().map(|row| Line::of(row, f.w)).collect();
    Ok(show(&Ticker { f, ending, ticks }))
}

/// The rows of the ticker: tests that end soon, and signals.
pub(super) async fn latest(app: &App, session: &Session) -> Result<(Vec<TestRow>, Vec<SignalRow>), Problem> {
    let answers = app.query_for(session, |reader, kept| {
        Ok((reader.open_tests()?, reader.signals(&SignalFilter::default(), None, TICKER)?.without(kept).rows))
    });
    let (mut tests, signals) = answers.await?;
    tests.retain(|test| test.warned_at.is_some());
    Ok((tests, signals))
}
