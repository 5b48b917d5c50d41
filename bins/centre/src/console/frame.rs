//! What surrounds every page: who is looking, in which language and theme, and what waits.

use alarmcore::{IncidentId, OperatorId, Rank, StormId, Timestamp};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use contactid::Lang;
use opsmodel::crm::Role;
use opsmodel::store::query::{IncidentRow, LoweredRow, Queue};

use super::oops::Oops;
use super::spelling;
use crate::auth::{Session, SignInNeeded};
use crate::i18n::{Words, words};
use crate::problem::Problem;
use crate::self_watch::Standing;
use crate::state::App;

/// A request for a page by somebody who is signed in.
pub(super) struct Visit {
    pub(super) session: Session,
    /// The page asked for, to come back to after a change of language.
    pub(super) path: String,
    theme: Option<&'static str>,
    /// What fails of the centre.
    faults: Vec<Standing>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = SignInNeeded;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let session = Session::from_request_parts(parts, app).await?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { session, path, theme: theme(&parts.headers), faults: app.board.faults() })
    }
}

impl Visit {
    /// The same visit, of another page.
    pub(super) fn at(&self, page: &str) -> Self {
        let path = page.split('#').next().unwrap_or(page).to_owned();
        Self { session: self.session.clone(), path, theme: self.theme, faults: self.faults.clone() }
    }

    /// The words of this visitor's language.
    pub(super) fn words(&self) -> &'static Words {
        words(self.session.lang)
    }

    /// The frame for a page at `place` in the navigation.
    pub(super) async fn frame(&self, app: &App, place: &'static str) -> Result<Frame, Oops> {
        let settings = app.settings.clone();
        let operator = self.session.operator;
        let asked = app.query(move |reader| Ok((reader.queue_of(operator)?, reader.lowered(&settings.policy)?)));
        let (queue, lowered) = asked.await.map_err(|problem| self.oops(problem))?;
        Ok(self.frame_with(place, &queue, &lowered))
    }

    /// The same where the queue and the board of lowered protection are at hand already.
    pub(super) fn frame_with(&self, place: &'static str, queue: &Queue, lowered: &[LoweredRow]) -> Frame {
        let w = self.words();
        let now = spelling::now();
        let (me, rank) = (self.session.operator, self.session.role.rank());
        let fresh = queue.rows.iter().filter(|row| calls(row, me, rank));
        Frame {
            w,
            theme: self.theme,
            place,
            path: self.path.clone(),
            name: self.session.name.clone(),
            role: role(self.session.role, w),
            csrf: self.session.csrf.clone(),
            now: now.millis(),
            seq: queue.as_of,
            fresh: fresh.clone().count(),
            life: fresh.filter(|row| row.priority == 1).count(),
            lowered: lowered.len(),
            overdue: lowered.iter().any(|row| row.overdue(now)),
            storms: queue
                .storms
                .iter()
                .map(|storm| (storm.storm, storm.area.label(w.lang), storm.state.label(w.lang), storm.left))
                .collect(),
            faults: self.faults.clone(),
            unseen: queue.unseen,
            follow_ups_due: queue.follow_ups_due,
            offer: queue.rows.iter().find(|row| row.offered_to == Some(me)).map(|row| Offer::of(row, w)),
            interrupted: queue
                .rows
                .iter()
                .filter(|row| row.owner == Some(me))
                .filter_map(|row| Some((row.incident, row.interrupted?)))
                .collect(),
        }
    }

    /// An error page in this visitor's language.
    pub(super) fn oops(&self, problem: Problem) -> Oops {
        Oops { problem, lang: self.session.lang, theme: self.theme }
    }
}

fn role(role: Role, w: &Words) -> String {
    w.t(&format!("role-{}", role.word()))
}

/// Does this incident call this person? What nobody has, and what is theirs, calls while it is not answered; what was
/// escalated calls those that it has come to, whoever has it. A manager is called by nothing less.
fn calls(row: &IncidentRow, me: OperatorId, rank: Option<Rank>) -> bool {
    let theirs = row.owner.is_none_or(|owner| owner == me) && rank != Some(Rank::Manager);
    let escalated = row.escalated_to.is_some_and(|to| rank.is_some_and(|rank| rank <= to));
    row.calling_since.is_some() && theirs || escalated
}

/// An incident that is offered to whoever looks.
pub(super) struct Offer {
    pub(super) incident: IncidentId,
    pub(super) priority: u8,
    /// What it is about, in words.
    pub(super) kind: &'static str,
    /// Whose it is: the name on the card, or the account.
    pub(super) whose: String,
    /// Since when, and until when.
    pub(super) opened_at: Timestamp,
    pub(super) until: Option<Timestamp>,
}

impl Offer {
    fn of(row: &IncidentRow, w: &Words) -> Self {
        let account = || row.account.map(|account| account.to_string());
        Self {
            incident: row.incident,
            priority: row.priority,
            kind: row.kind.label(w.lang),
            whose: row.account_name.clone().or_else(account).unwrap_or_default(),
            opened_at: row.opened_at,
            until: row.offered_until,
        }
    }
}

/// What the templates call `f`.
pub(super) struct Frame {
    pub(super) w: &'static Words,
    pub(super) theme: Option<&'static str>,
    pub(super) place: &'static str,
    pub(super) path: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) csrf: String,
    /// Milliseconds since the epoch, by the centre's clock.
    pub(super) now: i64,
    /// The last journal entry that this page knows of: live events go on from here.
    pub(super) seq: u64,
    /// Open incidents that call whoever looks.
    pub(super) fresh: usize,
    /// Those of them that are about life safety.
    pub(super) life: usize,
    /// How much lowers the protection of accounts.
    pub(super) lowered: usize,
    /// Some of it should have been seen to by now.
    pub(super) overdue: bool,
    /// The storms that are not over: number, area, state, and how many lines of the ledger are left.
    pub(super) storms: Vec<(StormId, String, &'static str, u32)>,
    /// What fails of the centre itself.
    pub(super) faults: Vec<Standing>,
    /// How much came from outside that has no place at the desk and that nobody has seen.
    pub(super) unseen: u64,
    /// How many follow-ups are due and not done.
    pub(super) follow_ups_due: u64,
    /// What this operator is offered.
    pub(super) offer: Option<Offer>,
    /// What this operator has in hand and life safety calls them away from, and the incident that comes first.
    pub(super) interrupted: Vec<(IncidentId, IncidentId)>,
}

impl Frame {
    /// The frame of a page that needs no sign-in.
    pub(super) fn outside(lang: Lang, theme: Option<&'static str>, path: String) -> Self {
        Self {
            w: words(lang),
            theme,
            place: "",
            path,
            name: String::new(),
            role: String::new(),
            csrf: String::new(),
            now: spelling::now().millis(),
            seq: 0,
            fresh: 0,
            life: 0,
            lowered: 0,
            overdue: false,
            storms: Vec::new(),
            faults: Vec::new(),
            unseen: 0,
            follow_ups_due: 0,
            offer: None,
            interrupted: Vec::new(),
        }
    }

    /// Icon, address and key of each entry of the navigation.
    pub(super) fn places(&self) -> [(&'static str, &'static str, &'static str); 10] {
        [
            ("queue", "/", "q"),
            ("units", "/units", "d"),
            ("accounts", "/accounts", "a"),
            ("signals", "/signals", "s"),
            ("lowered", "/lowered", "p"),
            ("follow-ups", "/follow-ups", "f"),
            ("storms", "/storms", "w"),
            ("outside", "/outside", "e"),
            ("shift", "/handover", "h"),
            ("reports", "/reports", "r"),
        ]
    }

    pub(super) fn place_id(&self, place: &str) -> String {
        format!("place-{place}")
    }

    pub(super) fn shortcuts(&self) -> [(&'static str, &'static str); 25] {
        [
            ("j k", "key-step"),
            ("Enter", "key-open"),
            ("t", "key-take"),
            ("0", "key-offer"),
            ("q", "key-pause"),
            ("1 2 3", "key-branch"),
            ("c", "key-call"),
            ("n", "key-note"),
            ("o", "key-test"),
            ("/", "key-search"),
            ("m", "key-sound"),
            ("l", "key-theme"),
            ("g q", "place-queue"),
            ("g d", "place-units"),
            ("g a", "place-accounts"),
            ("g s", "place-signals"),
            ("g p", "place-lowered"),
            ("x", "key-hold"),
            ("g f", "place-follow-ups"),
            ("g w", "place-storms"),
            ("g e", "place-outside"),
            ("g h", "place-shift"),
            ("g r", "place-reports"),
            ("Esc", "key-escape"),
            ("?", "keys-title"),
        ]
    }

    /// What somebody may do, in words.
    pub(super) fn role_of(&self, role: &Role) -> String {
        self::role(*role, self.w)
    }

    pub(super) fn other_lang(&self) -> &'static str {
        match self.w.lang {
            Lang::Zh => "en",
            Lang::En => "zh-CN",
        }
    }

    pub(super) fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }

    pub(super) fn clock(&self) -> String {
        self.time(&Timestamp::from_millis(self.now))
    }

    /// The time of day: `23:35:29`.
    pub(super) fn time(&self, at: &Timestamp) -> String {
        spelling::time(*at)
    }

    /// Today.
    pub(super) fn day(&self) -> String {
        spelling::day(Timestamp::from_millis(self.now))
    }

    /// How long after the start something happened: `+01:09`.
    pub(super) fn after(&self, start: &Timestamp, at: &Timestamp) -> String {
        format!("+{}", spelling::span((at.millis() - start.millis()) / 1000))
    }

    /// Day and time; the day is left out when it is today.
    pub(super) fn moment(&self, at: &Timestamp) -> String {
        spelling::moment(*at, Timestamp::from_millis(self.now))
    }

    /// The time of day, or the day when it is not today.
    pub(super) fn short(&self, at: &Timestamp) -> String {
        spelling::short(*at, Timestamp::from_millis(self.now))
    }

    /// A span of so many seconds, as clocks on pages show it.
    pub(super) fn span(&self, secs: &u32) -> String {
        spelling::span(i64::from(*secs))
    }

    /// A part of the centre in words.
    pub(super) const fn part(&self, standing: &Standing) -> &'static str {
        standing.part.label(self.w.lang)
    }

    /// How it is.
    pub(super) fn how<'a>(&self, standing: &'a Standing) -> &'a str {
        standing.said.of(self.w.lang)
    }

    /// How long ago, as clocks on pages show it.
    pub(super) fn age(&self, since: &Timestamp) -> String {
        spelling::span((self.now - since.millis()) / 1000)
    }
}

/// The theme that this browser has chosen; `None` follows the machine.
pub(super) fn theme(headers: &HeaderMap) -> Option<&'static str> {
    match cookie(headers, "theme") {
        Some("dark") => Some("dark"),
        Some("light") => Some("light"),
        _ => None,
    }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    all.flat_map(|cookies| cookies.split(';')).find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A page that says why an act was refused. Where a script asked for it, only the refusal is swapped in: what was typed
/// stays where it is.
pub(super) fn show_refused(status: u16, headers: &HeaderMap, page: &impl Template) -> Response {
    let mut response = show_with(StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT), page);
    if headers.contains_key("hx-request") {
        let swap = [("hx-retarget", "#refusal"), ("hx-reselect", "#refusal"), ("hx-reswap", "outerHTML")];
        let headers = response.headers_mut();
        headers.extend(swap.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))));
    }
    response
}

/// A page from its template.
pub(super) fn show(page: &impl Template) -> Response {
    show_with(StatusCode::OK, page)
}

/// The same with another status than 200.
pub(super) fn show_with(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
