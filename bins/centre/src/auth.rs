//! Who is asking: sign-in, the session behind a request, roles, and the second person of a four-eyes act.

mod guard;
mod password;
mod sessions;
mod throttle;

use std::net::IpAddr;
use std::time::Instant;

use alarmcore::OperatorId;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use contactid::Lang;
use opsmodel::crm::{OperatorCard, Role};
use opsmodel::store::StoreError;
use opsmodel::store::query::LogIn;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::desk::now;
use crate::presence::KEEP_ALIVE;
use crate::problem::Problem;
use crate::state::App;

pub use guard::{from_proxy, guard, secure_headers};
pub use password::{PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARS, PasswordError, digest};
pub use sessions::Sessions;
pub(crate) use sessions::salt;
pub use throttle::Throttle;

/// The cookie that carries the session's token.
pub const SESSION_COOKIE: &str = "centre_session";

/// A signed-in operator. As an argument of a request function it is the proof that someone is signed in: a page then
/// leads to the log-in, a call under `/api` is answered 401.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose acts these are.
    pub operator: OperatorId,
    /// The name to sign in with.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The language of pages and texts.
    pub lang: Lang,
    /// The version of the password that it was opened with.
    pub password: u32,
    /// What every form (field `csrf`) and every call (header `X-CSRF-Token`) that changes something must carry.
    pub csrf: String,
}

impl Session {
    /// Refuses everybody but supervisors.
    ///
    /// # Errors
    /// 403 for an operator.
    pub fn supervisors_only(&self) -> Result<(), Problem> {
        match self.role {
            Role::Supervisor | Role::Manager => Ok(()),
            Role::Operator | Role::Unit => Err(Problem::supervisors_only()),
        }
    }
}

/// Nobody is signed in.
pub enum SignInNeeded {
    /// Under `/api`: 401.
    Call,
    /// A page: to the log-in, and back here afterwards.
    Page(Uri),
}

impl IntoResponse for SignInNeeded {
    fn into_response(self) -> Response {
        match self {
            Self::Call => {
                Problem::new(StatusCode::UNAUTHORIZED, "sign-in", "sign in first", "请先登录").into_response()
            }
            Self::Page(uri) => {
                let back: String = uri.path().bytes().map(percent).collect();
                Redirect::to(&format!("/login?next={back}")).into_response()
            }
        }
    }
}

fn percent(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = SignInNeeded;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let found = match session_token(&parts.headers) {
            Some(token) => present(app, token).await,
            None => None,
        };
        if let Some(session) = &found {
            app.seen.asked(session.operator);
        }
        found.ok_or_else(|| {
            // Inside a nested router the address is cut; what was asked for stands beside it.
            let asked = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
            if asked.path().starts_with("/api/") { SignInNeeded::Call } else { SignInNeeded::Page(asked.clone()) }
        })
    }
}

/// The session behind `token`, with the card as it is now. A session ends for whoever has left, or has another password since.
async fn present(app: &App, token: &str) -> Option<Session> {
    let session = app.sessions.find(token, Instant::now())?;
    if app.sessions.is_due(token, Instant::now()) {
        keep(app, token);
    }
    match card_now(app, &session).await {
        CardNow::Same(card) => Some(app.sessions.renew(token, &card).unwrap_or(session)),
        CardNow::Unknown => Some(session),
        CardNow::Ended => None,
    }
}

enum CardNow {
    Same(Box<OperatorCard>),
    /// The store does not answer: whoever is at the desk goes on by what was last known.
    Unknown,
    Ended,
}

/// What has become of the card of this session. Once its person has left, or has another password, their sessions of before are
/// over.
async fn card_now(app: &App, session: &Session) -> CardNow {
    let (operator, password) = (session.operator, session.password);
    match app.query(move |reader| reader.signed_in(operator, password)).await {
        Ok(Some(card)) if card.role != Role::Unit => CardNow::Same(Box::new(card)),
        Ok(_) => {
            if app.sessions.end(operator, password, Instant::now()) {
                app.seen.left(operator);
            }
            CardNow::Ended
        }
        Err(_) => CardNow::Unknown,
    }
}

/// Waits until the person of this session has left or has another password: a stream of theirs ends then.
pub(crate) async fn ended(app: App, session: Session) {
    loop {
        sleep(KEEP_ALIVE).await;
        if matches!(card_now(&app, &session).await, CardNow::Ended) {
            return;
        }
    }
}

/// The session's token in a request's cookies.
pub fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(SESSION_COOKIE)?.strip_prefix('='))
}

/// Writes down how the session behind `token` stands, or that it is over. Nobody waits for it: where it cannot be written, the session ends
/// with this process.
pub(crate) fn keep(app: &App, token: &str) {
    let (sessions, digest, desk) = (app.sessions.clone(), sessions::digest(token), app.desk.clone());
    tokio::spawn(async move {
        // As it stands when it is its turn: of two that are written at once, the second tells the last.
        let written = desk.write(move |centre| match sessions.to_keep(digest, now()) {
            Some(kept) => centre.keep_session(&kept, Sessions::oldest(now())),
            None => centre.forget_sessions(&[digest]),
        });
        if written.await.is_err() {
            tracing::warn!("a session is not written down: after a restart its person signs in anew");
        }
    });
}

/// Goes on with the sessions of the process before, of whoever may still sign in with the password that they were opened with.
pub(crate) async fn restore(app: &App) {
    let kept = app.query(|reader| {
        let known = reader.sessions()?.into_iter().map(|kept| {
            Ok::<_, StoreError>((
                kept,
                reader.signed_in(kept.operator, kept.password)?.filter(|card| card.role != Role::Unit),
            ))
        });
        known.collect::<Result<Vec<_>, _>>()
    });
    let Ok(kept) = kept.await else {
        return tracing::error!("who was signed in is not known: everybody signs in anew");
    };
    for (kept, card) in kept {
        if let Some(card) = card {
            app.sessions.restore(&kept, &card, now(), Instant::now());
        }
    }
}

/// Ends the session behind a request. Whoever has no other one is not at the desk any more.
pub fn sign_out(app: &App, headers: &HeaderMap) {
    match session_token(headers).and_then(|token| app.sessions.close(token, Instant::now())) {
        Some((operator, true)) => app.seen.left(operator),
        Some((operator, false)) => app.seen.asked(operator),
        None => {}
    }
    if let Some(token) = session_token(headers) {
        keep(app, token);
    }
}

/// The cookie that carries `token`: not for scripts, not for other sites.
pub fn session_cookie(app: &App, token: &str) -> HeaderValue {
    cookie(app, token, "")
}

/// The cookie that makes the browser forget its session.
pub fn no_session_cookie(app: &App) -> HeaderValue {
    cookie(app, "", "; Max-Age=0")
}

fn cookie(app: &App, token: &str, more: &str) -> HeaderValue {
    let secure = if app.settings.behind_https { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{more}");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Signs `login` in and returns the new session with its token (see [`session_cookie`]).
///
/// # Errors
/// 401 when log-in and password do not belong together, 429 with the wait after too many wrong ones, 503 when the
/// store does not answer.
pub async fn sign_in(app: &App, login: &str, password: &str, address: IpAddr) -> Result<(Session, String), Problem> {
    let LogIn { card: operator, password, .. } = check(app, login, password, address).await?;
    if operator.role == Role::Unit {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "not-for-units",
            "the console is for operators and supervisors",
            "接警台仅供接警员和值班长使用",
        ));
    }
    let random = |_| Problem::unavailable();
    let session = Session {
        operator: operator.id,
        login: operator.login,
        name: operator.name,
        role: operator.role,
        lang: Lang::Zh,
        password,
        csrf: String::new(),
    };
    let (session, token) = app.sessions.open(session, now(), Instant::now()).map_err(random)?;
    keep(app, &token);
    Ok((session, token))
}

/// The second person of an act that two people sign, who gives log-in and password in the same request.
///
/// # Errors
/// As [`sign_in`], and 403 when the second person is the first one.
pub async fn second_person(
    app: &App,
    first: &Session,
    login: &str,
    password: &str,
    address: IpAddr,
) -> Result<OperatorCard, Problem> {
    let second = check(app, login, password, address).await?.card;
    if second.id == first.operator {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "second-person",
            "this act needs the signature of another person",
            "此操作需要另一人签名确认",
        ));
    }
    Ok(second)
}

/// Hashing takes 19 MiB and a core for some 20 ms: two at a time are enough for any centre.
static HASHING: Semaphore = Semaphore::const_new(2);

async fn check(app: &App, login: &str, password: &str, address: IpAddr) -> Result<LogIn, Problem> {
    if let Some(wait) = app.throttle.wait(login, address, Instant::now()) {
        let secs = wait.as_secs().max(1);
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-attempts",
            format!("too many wrong passwords; try again in {secs} s"),
            format!("密码错误次数过多，请在 {secs} 秒后重试"),
        )
        .with(serde_json::json!({ "wait_s": secs })));
    }
    let wanted = login.to_owned();
    let found = app.query(move |reader| reader.operator_by_login(&wanted)).await?;
    let _turn = HASHING.acquire().await.map_err(|_| Problem::unavailable())?;
    let stored = found.as_ref().map(|log_in| log_in.digest.clone());
    let password = password.to_owned();
    let right = tokio::task::spawn_blocking(move || password::matches(&password, stored.as_deref()))
        .await
        .map_err(|_| Problem::unavailable())?;
    match found {
        Some(log_in) if right => {
            app.throttle.succeeded(login);
            Ok(log_in)
        }
        _ => {
            app.throttle.failed(login, address, Instant::now());
            Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "wrong-password",
                "log-in and password do not belong together",
                "用户名或密码错误",
            ))
        }
    }
}
