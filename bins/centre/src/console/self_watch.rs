//! How the parts of the centre are that it watches itself.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use crate::self_watch::Standing;
use crate::state::App;

#[derive(Template)]
#[template(path = "self_watch.html")]
struct Page {
    f: Frame,
    parts: Vec<Standing>,
}

/// The page.
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Oops> {
    let f = visit.frame(&app, "reports").await?;
    Ok(show(&Page { f, parts: app.board.parts() }))
}
