//! Error pages, in the visitor's language.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use contactid::Lang;

use super::frame::{Frame, show_with, theme};
use super::login::language_of;
use crate::problem::Problem;

/// Why a page cannot be shown.
pub(super) struct Oops {
    pub(super) problem: Problem,
    pub(super) lang: Lang,
    pub(super) theme: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "oops.html")]
struct Page {
    f: Frame,
    status: u16,
    text: String,
}

/// What a problem says in `lang`.
pub(super) fn text(problem: Problem, lang: Lang) -> String {
    match lang {
        Lang::Zh => problem.title_zh,
        Lang::En => problem.title,
    }
}

/// The page that says why another one cannot be shown.
pub(crate) fn refuse(problem: Problem, lang: Lang, headers: &HeaderMap) -> Response {
    Oops { problem, lang, theme: theme(headers) }.into_response()
}

impl IntoResponse for Oops {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let f = Frame::outside(self.lang, self.theme, "/".to_owned());
        show_with(status, &Page { f, status: status.as_u16(), text: text(self.problem, self.lang) })
    }
}

/// No such page.
pub(super) async fn not_found(uri: Uri, headers: HeaderMap) -> Response {
    let problem = Problem::not_found("page", "页面");
    if uri.path().starts_with("/api/") {
        return problem.into_response();
    }
    Oops { problem, lang: language_of(&headers), theme: theme(&headers) }.into_response()
}
