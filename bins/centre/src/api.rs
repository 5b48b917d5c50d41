//! Everything that the console shows and does, as JSON under `/api`. Described at `/api/openapi.json`.

mod accounts;
pub(crate) mod clips;
mod follow_ups;
mod incidents;
mod input;
mod live;
mod lowered;
mod openapi;
mod operators;
mod outside;
mod packs;
mod plan;
mod reports;
mod session;
mod shift;
mod signals;
mod storms;

use alarmcore::{Part, Timestamp};
use axum::Json;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Session;
use crate::problem::Problem;
use crate::self_watch::Standing;
use crate::state::App;

pub(crate) use openapi::Acts;

/// Every call. The guard of changing requests and the security headers are layers around it.
pub fn router() -> Router<App> {
    let calls = Router::new()
        .route("/openapi.json", get(openapi::document))
        .route("/health", get(health))
        .route("/self-watch", get(self_watch))
        .route("/login", post(session::login))
        .route("/logout", post(session::logout))
        .route("/me", get(session::me))
        .route("/queue", get(incidents::queue))
        .route("/queue/pause", post(incidents::pause))
        .route("/incidents", get(incidents::list))
        .route("/incidents/{incident}", get(incidents::page))
        .route("/incidents/{incident}/plan", get(plan::plan))
        .route("/incidents/{incident}/acts", post(incidents::act))
        .route("/incidents/{incident}/dossier", get(incidents::dossier))
        .route(
            "/incidents/{incident}/clips",
            get(clips::list).post(clips::add).layer(DefaultBodyLimit::max(clips::BYTES_MAX)),
        )
        .route("/incidents/{incident}/clips/{clip}", get(clips::file))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{account}", get(accounts::page))
        .route("/accounts/{account}/signals", get(accounts::signals).post(accounts::enter))
        .route("/accounts/{account}/card", post(accounts::edit))
        .route("/accounts/{account}/review", post(accounts::review))
        .route("/accounts/{account}/agreed", post(lowered::agreed))
        .route("/accounts/{account}/test", post(lowered::act))
        .route("/accounts/{account}/false-calls", post(packs::act))
        .route("/false-calls", get(packs::false_calls))
        .route("/packs", get(packs::list))
        .route("/packs/{pack}", get(packs::measured))
        .route("/tests", get(lowered::tests))
        .route("/lowered", get(lowered::list))
        .route("/lowered/{account}", post(lowered::assign))
        .route("/follow-ups", get(follow_ups::list).post(follow_ups::create))
        .route("/follow-ups/{follow_up}", post(follow_ups::act))
        .route("/dead-numbers", get(lowered::dead_numbers))
        .route("/storms", get(storms::list).post(storms::declare))
        .route("/storms/{storm}", get(storms::page))
        .route("/storms/{storm}/acts", post(storms::act))
        .route("/hand-offs/answers", post(outside::answer))
        .route("/outside", get(outside::page))
        .route("/outside/unmatched/{unmatched}", post(outside::see))
        .route("/signals", get(signals::list))
        .route("/signals/{signal}", get(signals::one))
        .route("/signals/{signal}/why", get(signals::why))
        .route("/units", get(shift::units))
        .route("/units/{unit}", post(shift::edit_unit))
        .route("/operators", get(operators::list))
        .route("/operators/{operator}", get(operators::page).post(operators::edit))
        .route("/handover", get(shift::handover).post(shift::sign))
        .route("/handovers", get(shift::handovers))
        .route("/reports/response", get(reports::response))
        .route("/reports/handling", get(reports::handling))
        .route("/reports/offers", get(reports::offers))
        .route("/reports/auto-handled", get(reports::auto_handled))
        .route("/reports/sources", get(reports::sources))
        .route("/reports/hand-offs", get(reports::hand_offs))
        .route("/reports/false-alarms", get(reports::false_alarms))
        .route("/reports/counts", get(reports::counts))
        .route("/reports/conservation", get(reports::conservation))
        .route("/live", get(live::stream))
        .fallback(async || Problem::not_found("call", "接口"));
    Router::new().nest("/api", calls)
}

/// Whether the parts work: for whoever watches this process, without a session and without anything to hide.
async fn health(State(app): State<App>) -> (axum::http::StatusCode, Json<Value>) {
    use axum::http::StatusCode;
    let store = app.query(|reader| reader.journal_end()).await;
    let faults = app.board.faults();
    let desk = app.desk.fault().is_none() && faults.iter().all(|fault| fault.part != Part::Desk);
    let intake = app.takes_in();
    let working = store.is_ok() && desk && intake;
    let status = if working { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |good| if good { "working" } else { "failing" };
    let body = json!({
        "status": word(working),
        "desk": word(desk),
        "store": word(store.is_ok()),
        "intake": word(intake),
        // Names of files and other ends are for those who are signed in: see /self-watch.
        "faults": faults.iter().map(|fault| fault.part.as_str()).collect::<Vec<_>>(),
        "seq": store.ok(),
    });
    (status, Json(body))
}

/// How the parts of the centre are.
async fn self_watch(State(app): State<App>, _session: Session) -> Json<Vec<Standing>> {
    Json(app.board.parts())
}

/// How many rows a list holds when nothing is said, and at most.
const ROWS: usize = 100;
const ROWS_MAX: usize = 1000;

fn rows(asked: Option<usize>) -> usize {
    asked.unwrap_or(ROWS).clamp(1, ROWS_MAX)
}

/// A moment as RFC 3339 in a query string.
#[derive(Clone, Copy, Debug)]
struct Moment(Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A plus sign that was not escaped arrives as a space.
        Timestamp::from_rfc3339(&text.replace(' ', "+")).map(Self).ok_or_else(|| {
            serde::de::Error::custom(format!("{text:?} is no RFC 3339 time, such as 2026-11-22T08:00:00Z"))
        })
    }
}

/// A period in a query string: from the beginning and to the end of time unless it says otherwise.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    from: Option<Moment>,
    to: Option<Moment>,
}

impl Period {
    fn is_named(self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// From when to when.
    ///
    /// # Errors
    /// 422 where it ends before it begins: of that nothing can be said.
    fn bounds(self) -> Result<(Timestamp, Timestamp), Problem> {
        let Self { from, to } = self;
        let bound = |moment: Option<Moment>, none| moment.map_or(Timestamp::from_millis(none), |Moment(at)| at);
        let (from, to) = (bound(from, 0), bound(to, i64::MAX));
        if to < from {
            return Err(Problem::invalid(
                format!("to: {to} is before `from`, {from}"),
                &format!("截止时间（to）{to} 早于起始时间（from）{from}"),
            ));
        }
        Ok((from, to))
    }
}
