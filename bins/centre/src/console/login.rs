//! Signing in and out, and the choice of language.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use contactid::Lang;
use serde::Deserialize;

use super::frame::{Frame, cookie, show_with, theme};
use super::oops;
use crate::auth::{keep, no_session_cookie, session_cookie, session_token, sign_in, sign_out};
use crate::state::App;

#[derive(Template)]
#[template(path = "login.html")]
struct Page {
    f: Frame,
    next: String,
    /// A screen was led here by itself: whoever sits before it may not have noticed.
    lost: bool,
    login: String,
    refused: Option<String>,
    demo: Option<&'static str>,
    demo_logins: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    next: String,
    /// There, whatever it says, where a screen was led here by itself.
    #[serde(default)]
    lost: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    lang: String,
    #[serde(default)]
    back: String,
}

/// The log-in.
pub(super) async fn page(State(app): State<App>, Query(wish): Query<Wish>, headers: HeaderMap) -> Response {
    gate(&app, &headers, wish, String::new(), None, StatusCode::OK)
}

/// Signs in.
pub(super) async fn enter(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    match sign_in(&app, form.login.trim(), &form.password, peer.ip()).await {
        Ok((_, token)) => {
            if let Some(lang) = cookie(&headers, "lang").and_then(language_named) {
                app.sessions.speak(&token, lang);
                keep(&app, &token);
            }
            let mut response = Redirect::to(inside(&form.next)).into_response();
            response.headers_mut().append(header::SET_COOKIE, session_cookie(&app, &token));
            response
        }
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED);
            let refused = oops::text(problem, language_of(&headers));
            gate(&app, &headers, Wish { next: form.next, lost: None }, form.login, Some(refused), status)
        }
    }
}

/// Signs out.
pub(super) async fn leave(State(app): State<App>, headers: HeaderMap) -> Response {
    sign_out(&app, &headers);
    let mut response = Redirect::to("/login").into_response();
    response.headers_mut().append(header::SET_COOKIE, no_session_cookie(&app));
    response
}

/// Another language, for this session and for this browser's next log-in.
pub(super) async fn language(State(app): State<App>, headers: HeaderMap, Form(choice): Form<Choice>) -> Response {
    let mut response = Redirect::to(inside(&choice.back)).into_response();
    if let Some(lang) = language_named(&choice.lang) {
        if let Some(token) = session_token(&headers) {
            app.sessions.speak(token, lang);
            keep(&app, token);
        }
        let kept = match lang {
            Lang::Zh => "lang=zh-CN; Path=/; Max-Age=31536000; SameSite=Lax",
            Lang::En => "lang=en; Path=/; Max-Age=31536000; SameSite=Lax",
        };
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(kept));
    }
    response
}

const DEMO_LOGINS: &str = "limin · zhanghao · chenjing";

fn gate(
    app: &App,
    headers: &HeaderMap,
    Wish { next, lost }: Wish,
    login: String,
    refused: Option<String>,
    status: StatusCode,
) -> Response {
    let f = Frame::outside(language_of(headers), theme(headers), "/login".to_owned());
    let (lost, demo) = (lost.is_some(), app.settings.demo_password);
    show_with(status, &Page { f, next, lost, login, refused, demo, demo_logins: DEMO_LOGINS })
}

/// Only places inside this console: never `//elsewhere` or a full address. Browsers strip tabs and line feeds, and read what is left.
fn inside(path: &str) -> &str {
    let strange = |letter: char| letter == '\\' || letter.is_control();
    let safe = path.starts_with('/') && !path.starts_with("//") && !path.contains(strange);
    if safe { path } else { "/" }
}

fn language_named(tag: &str) -> Option<Lang> {
    match tag.get(..2)? {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The language chosen before, or the first that the browser asks for and we speak, or Chinese.
pub(super) fn language_of(headers: &HeaderMap) -> Lang {
    let chosen = cookie(headers, "lang").and_then(language_named);
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
    chosen.or_else(|| asked?.split(',').find_map(|tag| language_named(tag.trim()))).unwrap_or(Lang::Zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_chosen_then_asked_for_then_chinese() {
        let lang = |pairs: &[(&'static str, &'static str)]| {
            let all = pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
            language_of(&all.collect())
        };
        assert_eq!(lang(&[]), Lang::Zh);
        assert_eq!(lang(&[("accept-language", "de, en-GB;q=0.8, zh;q=0.5")]), Lang::En);
        assert_eq!(lang(&[("accept-language", "en"), ("cookie", "theme=dark; lang=zh-CN")]), Lang::Zh);
    }

    #[test]
    fn a_log_in_never_leads_elsewhere() {
        let paths = ["/incidents/7", "//evil.example", "https://evil.example", "/\\evil.example", ""];
        assert_eq!(paths.map(inside), ["/incidents/7", "/", "/", "/", "/"]);
        assert_eq!(
            ["/\t/evil.example", "/\n/evil.example", "/\0/evil.example", "/\u{85}/evil.example"].map(inside),
            ["/"; 4]
        );
    }
}
