//! What every request passes: the cross-site check for those that change something, and the headers of every answer.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::session_token;
use crate::api::clips::BYTES_MAX;
use crate::problem::Problem;
use crate::state::App;

/// The longest body of a request, in bytes. A loss list of a thousand lines fits.
const BODY_MAX: usize = 256 * 1024;
/// How long it may take to come.
const BODY_PATIENCE: Duration = Duration::from_secs(15);

/// How long a clip may take: it is larger.
const CLIP_PATIENCE: Duration = Duration::from_secs(120);

/// Lets a request that changes something pass only if it comes from this site (`Sec-Fetch-Site`, `Origin`), carries JSON
/// or a form, and, when somebody is signed in, names the session's token: in the header `X-CSRF-Token`, or for a form
/// in the field `csrf`.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    match admit(&app, request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, request: Request) -> Result<Request, Problem> {
    same_site(request.headers())?;
    let (parts, body) = request.into_parts();
    let is_clip = is_clip(parts.uri.path());
    let (patience, most) = if is_clip { (CLIP_PATIENCE, BYTES_MAX) } else { (BODY_PATIENCE, BODY_MAX) };
    let body = match timeout(patience, to_bytes(body, most)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let (title, title_zh) = ("the request's body is too large", "请求内容过大");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", title, title_zh));
        }
        Err(_) => {
            let (title, title_zh) = ("the request's body did not come in time", "请求内容接收超时");
            return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", title, title_zh));
        }
    };
    let form = match parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes) {
        Some(kind) if kind.starts_with(b"application/json") => false,
        Some(kind) if kind.starts_with(b"application/x-www-form-urlencoded") => true,
        None if body.is_empty() => false,
        // Which types of clips are taken, the call itself says.
        _ if is_clip => false,
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "send application/json",
                "请以 application/json 格式发送",
            ));
        }
    };
    // Signing in starts a new session: the token of an old one has no say in it.
    let signs_in = matches!(parts.uri.path(), "/login" | "/api/login");
    let session =
        session_token(&parts.headers).filter(|_| !signs_in).and_then(|token| app.sessions.find(token, Instant::now()));
    if let Some(session) = session {
        let named = match parts.headers.get("x-csrf-token").and_then(|token| token.to_str().ok()) {
            Some(token) => Some(token.to_owned()),
            None if form => form_token(&body),
            None => None,
        };
        let named = named.unwrap_or_default();
        if !bool::from(named.as_bytes().ct_eq(session.csrf.as_bytes())) {
            return Err(cross_site());
        }
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Does a file of sound or video go there?
fn is_clip(path: &str) -> bool {
    path.strip_prefix("/api/incidents/")
        .is_some_and(|rest| rest.split_once('/').is_some_and(|(_, rest)| rest == "clips"))
}

/// A browser says where a request comes from; a program need not.
fn same_site(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let fetch_site = text(HeaderName::from_static("sec-fetch-site"));
    let same_origin = text(header::ORIGIN).is_none_or(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        host.is_some() && host == text(header::HOST)
    });
    if matches!(fetch_site, None | Some("same-origin" | "none")) && same_origin { Ok(()) } else { Err(cross_site()) }
}

fn cross_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "the request does not come from a page of this centre; reload the page and try again",
        "请求不是由本中心页面发出，请刷新页面后重试",
    )
}

/// The field `csrf` of a form; our tokens need no decoding.
fn form_token(body: &[u8]) -> Option<String> {
    let field = body.split(|&byte| byte == b'&').find_map(|field| field.strip_prefix(b"csrf="))?;
    String::from_utf8(field.to_vec()).ok()
}

/// Says of a request through the proxy from where it came: the last address that the proxy names, for whatever stands before that anybody
/// may have written. Without it one address would answer for all people, and whoever guesses passwords would keep all of them out. Only a
/// proxy on this machine is believed.
pub async fn from_proxy(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    if let Some(peer) = peer.filter(|peer| app.settings.behind_https && peer.ip().is_loopback()) {
        let named = request.headers().get_all("x-forwarded-for").iter().next_back();
        let last = named.and_then(|list| list.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
        if let Some(address) = last {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address.to_canonical(), peer.port())));
        }
    }
    next.run(request).await
}

/// Adds to every answer what keeps a browser from being used against its operator.
pub async fn secure_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
        media-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // Pages and answers name people: no cache keeps them. Static files say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.settings.behind_https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        same_site(&headers).is_ok()
    }

    #[test]
    fn another_site_is_kept_out() {
        assert!(from(&[("host", "127.0.0.1:8110")]));
        assert!(from(&[
            ("host", "127.0.0.1:8110"),
            ("origin", "http://127.0.0.1:8110"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!from(&[("host", "127.0.0.1:8110"), ("origin", "http://127.0.0.1:8111")]));
        assert!(!from(&[("host", "127.0.0.1:8110"), ("origin", "null")]));
        assert!(!from(&[("host", "127.0.0.1:8110"), ("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("host", "127.0.0.1:8110"), ("sec-fetch-site", "same-site")]));
    }
}
