//! The live signal log: every stored signal in words, its frame, and why it was shown or was not.

use alarmcore::{Rule, SignalId, Timestamp};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use contactid::{AccountNumber, Class, Code, Lang};
use opsmodel::crm::Zone;
use opsmodel::store::query::{About, Fate, Line as Why, SignalFilter, SignalRow};
use serde::Deserialize;

use super::frame::{Frame, Visit, show};
use super::oops::Oops;
use super::spelling;
use crate::i18n::Words;
use crate::problem::Problem;
use crate::state::App;

/// Signals on a page.
const PAGE: usize = 60;

/// Marks that somebody should look at.
const SECURITY: [&str; 4] = ["plain-despite-key", "undeciphered", "stale-clock", "unread"];

/// A signal in words.
pub(super) struct Line {
    pub(super) id: SignalId,
    pub(super) at: Timestamp,
    /// The class as style sheets know it.
    pub(super) class: &'static str,
    pub(super) class_label: &'static str,
    pub(super) name: String,
    /// Zone or user, with its name where the card has one.
    pub(super) place: String,
    pub(super) account: Option<AccountNumber>,
    pub(super) incident: Option<alarmcore::IncidentId>,
    /// What became of it.
    pub(super) outcome: String,
    /// The rule that decided.
    pub(super) why: String,
    /// What was remarkable about its frame.
    pub(super) marks: Vec<String>,
    /// Whether one of the marks is a matter of security.
    pub(super) security: bool,
    pub(super) row: SignalRow,
}

impl Line {
    /// The signal in words, without the names of zones.
    pub(super) fn of(row: SignalRow, w: &Words) -> Self {
        Self::with_zones(row, &[], w)
    }

    /// The same with the names of zones as the account's card has them.
    pub(super) fn with_zones(row: SignalRow, zones: &[Zone], w: &Words) -> Self {
        let name = match w.lang {
            Lang::Zh => row.name_zh.as_deref().map(str::to_owned),
            Lang::En => row.name_en.as_deref().map(capital),
        };
        let unread = || w.t(if row.marks.contains(&"undeciphered") { "signal-undeciphered" } else { "signal-unread" });
        Self {
            id: row.id,
            at: row.received_at,
            class: row.class.map_or("", Class::as_str),
            class_label: row.class.map_or("", |class| class.label(w.lang)),
            name: name.unwrap_or_else(unread),
            place: place(&row, zones, w),
            account: row.account,
            incident: row.incident,
            outcome: row.disposition.map(|standing| w.t(&format!("outcome-{}", standing.as_str()))).unwrap_or_default(),
            why: row.rule.as_deref().map(|rule| rule_label(rule, w)).unwrap_or_default(),
            marks: row.marks.iter().map(|mark| w.t(&format!("mark-{mark}"))).collect(),
            security: row.marks.iter().any(|mark| SECURITY.contains(mark)),
            row,
        }
    }

    /// Name and place on one line.
    pub(super) fn in_words(&self) -> String {
        if self.place.is_empty() { self.name.clone() } else { format!("{} · {}", self.name, self.place) }
    }

    /// `130` or `E130`: Contact ID codes with the letter of their qualifier.
    pub(super) fn code(&self) -> String {
        let code = self.row.code.as_deref().unwrap_or("—");
        match self.row.qualifier {
            Some(_) if code.len() == 2 => code.to_owned(),
            Some(1) => format!("E{code}"),
            Some(3) => format!("R{code}"),
            Some(6) => format!("P{code}"),
            _ => code.to_owned(),
        }
    }
}

/// English names of codes are written to stand inside a sentence; here they begin one.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Why a signal was shown or was not, in words.
pub(super) fn rule_label(rule: &str, w: &Words) -> String {
    Rule::from_word(rule).map_or(rule, |rule| rule.label(w.lang)).to_owned()
}

fn place(row: &SignalRow, zones: &[Zone], w: &Words) -> String {
    let number = row.number.as_deref().unwrap_or("");
    if number.trim_matches('0').is_empty() {
        return String::new();
    }
    let counts = row.code.as_deref().and_then(|code| code.parse::<Code>().ok()).map(Code::number_is);
    let label = counts.map_or("", |counts| counts.label(w.lang));
    let known = zones.iter().find(|zone| number.parse() == Ok(zone.number));
    let named = match (counts, known) {
        (Some(contactid::NumberIs::Zone), Some(zone)) => Some(zone.name.as_str()),
        (Some(contactid::NumberIs::User), _) => row.user_name.as_deref(),
        _ => None,
    };
    // Some codes name a user beside the zone.
    let beside = row.user.filter(|_| counts != Some(contactid::NumberIs::User));
    let beside = beside.map(|user| format!(" · {}", w.user(user, row.user_name.as_deref())));
    let name = named.map(|name| format!(" {name}"));
    format!("{label} {number}{}{}", name.unwrap_or_default(), beside.unwrap_or_default())
}

/// What the filters of the log say; empty fields are not asked about.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    account: String,
    class: String,
    code: String,
    outcome: String,
    from: String,
    to: String,
    before: Option<u64>,
}

#[derive(Template)]
#[template(path = "signals.html")]
struct ListPage {
    f: Frame,
    wish: Wish,
    classes: Vec<Choice>,
    outcomes: Vec<Choice>,
    lines: Vec<Line>,
    older: Option<String>,
    /// How many of the page are of incidents in queues that are only for others.
    hidden: u32,
    /// How far a search that found less than a page has come.
    searched_to: Option<Timestamp>,
    /// The first page without an end in time: it goes on by itself.
    live: bool,
}

/// An entry of a choice.
pub(super) struct Choice {
    pub(super) word: &'static str,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// The log.
pub(super) async fn list(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let f = visit.frame(&app, "signals").await?;
    let filter = filter(&wish).map_err(|problem| visit.oops(problem))?;
    let before = wish.before.map(SignalId::new);
    let page =
        app.query_for(&visit.session, move |reader, kept| Ok(reader.signals(&filter, before, PAGE)?.without(kept)));
    let page = page.await.map_err(|problem| visit.oops(problem))?;
    let classes = Class::ALL.iter().map(|class| Choice {
        word: class.as_str(),
        label: class.label(f.w.lang).to_owned(),
        chosen: wish.class == class.as_str(),
    });
    let outcomes = Fate::ALL.iter().map(|outcome| Choice {
        word: outcome.as_str(),
        label: f.w.t(&format!("outcome-{}", outcome.as_str())),
        chosen: wish.outcome == outcome.as_str(),
    });
    let short = page.rows.len() < PAGE && page.older.is_some();
    Ok(show(&ListPage {
        classes: classes.collect(),
        outcomes: outcomes.collect(),
        hidden: page.hidden,
        older: page.older.map(|older| wish.address(older)),
        searched_to: page.searched_to.filter(|_| short),
        lines: page.rows.into_iter().map(|row| Line::of(row, f.w)).collect(),
        live: wish.before.is_none() && wish.to.is_empty(),
        wish,
        f,
    }))
}

impl Wish {
    /// The address of the page that goes on before `older`.
    fn address(&self, older: SignalId) -> String {
        let fields = [
            ("account", &self.account),
            ("class", &self.class),
            ("code", &self.code),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ];
        // What reaches here has passed `filter`: digits, letters and the signs of a time.
        let asked = fields.iter().filter(|(_, text)| !text.is_empty());
        let asked: String = asked.map(|(name, text)| format!("{name}={}&", text.trim().replace(':', "%3A"))).collect();
        format!("/signals?{asked}before={older}")
    }
}

fn filter(wish: &Wish) -> Result<SignalFilter, Problem> {
    Ok(SignalFilter {
        account: read("account", &wish.account, |text| text.parse().ok())?,
        class: read("class", &wish.class, |text| Class::ALL.iter().copied().find(|class| class.as_str() == text))?,
        code: read("code", &wish.code, |text| {
            text.to_uppercase()
                .trim_start_matches(['E', 'R', 'P'])
                .parse()
                .ok()
                .or_else(|| text.to_uppercase().parse().ok())
        })?,
        outcome: read("outcome", &wish.outcome, Fate::from_word)?,
        from: read("from", &wish.from, spelling::from_field)?,
        to: read("to", &wish.to, spelling::from_field)?,
        ..SignalFilter::default()
    })
}

fn read<T>(field: &str, text: &str, reader: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => reader(text).map(Some).ok_or_else(|| Problem::invalid(field, &format!("{field} 无法识别"))),
    }
}

#[derive(Template)]
#[template(path = "signal.html")]
struct SignalPage {
    f: Frame,
    s: Line,
    dump: String,
    answer: String,
    /// The answer to "why?", without the signal itself, which stands beside it.
    why: Vec<(&'static str, Why)>,
}

/// One signal with its frame.
pub(super) async fn page(State(app): State<App>, visit: Visit, Path(signal): Path<String>) -> Result<Response, Oops> {
    let missing = || visit.oops(Problem::not_found("signal", "信号"));
    let id: SignalId = signal.parse().map_err(|_| missing())?;
    let explained = app.query(move |reader| reader.explain(id)).await.map_err(|problem| visit.oops(problem))?;
    let explained = explained.ok_or_else(missing)?;
    let account = explained.signal.account;
    let sheet = app.query(move |reader| account.map(|account| reader.account_sheet(account)).transpose()).await;
    let sheet = sheet.map_err(|problem| visit.oops(problem))?.flatten();
    let zones = sheet.map(|sheet| sheet.zones).unwrap_or_default();
    let f = visit.frame(&app, "signals").await?;
    let lines = explained.lines(f.w.lang).into_iter().filter(|line| line.about != About::Signal);
    let why = lines.map(|line| (line.about.label(f.w.lang), line)).collect();
    let row = explained.signal;
    let dump = spelling::dump(&row.raw_hex);
    let answer = f.w.t(&format!("answer-{}", row.answer));
    Ok(show(&SignalPage { s: Line::with_zones(row, &zones, f.w), f, dump, answer, why }))
}
