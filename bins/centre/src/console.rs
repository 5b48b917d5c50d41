//! The web console: pages on the server, live by server-sent events, in Chinese and English.

mod accounts;
mod assets;
mod awaited;
mod course;
mod dossier;
mod expected;
mod follow_ups;
mod form;
mod frame;
mod handed;
mod handover;
mod incident;
mod live;
mod login;
mod lowered;
mod moments;
mod offers;
mod on_test;
mod oops;
mod operators;
mod outside;
mod pack;
mod packs;
mod plan;
mod queue;
mod reports;
mod review;
mod said;
mod self_watch;
mod sent;
mod signals;
mod spelling;
mod standing;
mod storms;
mod tell;
mod units;

use axum::Router;
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use follow_ups::assignee;
pub(crate) use oops::refuse;

use crate::state::App;

/// Every page of the console and its static files. The guard of changing requests and the security headers are layers
/// around it.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(queue::page))
        .route("/pause", post(queue::pause))
        .route("/login", get(login::page).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/language", post(login::language))
        .route("/live", get(live::stream))
        .route("/live/waiting", get(live::waiting))
        .route("/live/lowered", get(live::lowered))
        .route("/live/follow-ups", get(live::follow_ups_due))
        .route("/live/offer", get(live::offer))
        .route("/live/queue", get(queue::part))
        .route("/live/weather", get(live::weather))
        .route("/live/ticker", get(live::ticker))
        .route("/incidents/{incident}", get(incident::page))
        .route("/incidents/{incident}/act", post(incident::act))
        .route("/incidents/{incident}/dossier", get(dossier::page))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{account}", get(accounts::page))
        .route("/accounts/{account}/card", post(review::edit))
        .route("/accounts/{account}/review", post(review::review))
        .route("/accounts/{account}/agreed", post(review::agreed))
        .route("/accounts/{account}/test", post(accounts::test))
        .route("/accounts/{account}/signals", post(accounts::told))
        .route("/accounts/{account}/false-calls", post(accounts::false_calls))
        .route("/packs", get(packs::page))
        .route("/packs/{pack}", get(pack::page))
        .route("/lowered", get(lowered::page))
        .route("/lowered/{account}", post(lowered::assign))
        .route("/follow-ups", get(follow_ups::page).post(follow_ups::create))
        .route("/follow-ups/{follow_up}", post(follow_ups::act))
        .route("/storms", get(storms::list).post(storms::declare))
        .route("/storms/{storm}", get(storms::page))
        .route("/storms/{storm}/act", post(storms::act))
        .route("/outside", get(outside::page))
        .route("/outside/unmatched/{unmatched}", post(outside::see))
        .route("/signals", get(signals::list))
        .route("/signals/{signal}", get(signals::page))
        .route("/handover", get(handover::page).post(handover::sign))
        .route("/units", get(units::page).post(units::edit))
        .route("/operators", get(operators::list))
        .route("/operators/{operator}", get(operators::page).post(operators::edit))
        .route("/reports", get(reports::page))
        .route("/self-watch", get(self_watch::page))
        .route("/static/{*path}", get(assets::file))
        .fallback(oops::not_found)
}
