//! The live queue: what waits, most urgent first.

use alarmcore::{AgeingLimits, OperatorId, Stage, Timestamp};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use opsmodel::store::query::{Hands, IncidentRow, QueueCount, TestRow};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::frame::{Frame, Visit, show};
use super::live::latest;
use super::oops::Oops;
use super::sent::Sent;
use super::signals::Line;
use crate::operators;
use crate::problem::Problem;
use crate::state::App;

/// What of the queue is wanted.
#[derive(Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    mine: bool,
    #[serde(default)]
    stage: String,
    /// One queue, by its name.
    #[serde(default)]
    queue: String,
    /// How many tickets, where it is more than are shown at first.
    #[serde(default)]
    show: usize,
}

impl Wish {
    /// The address of the same queue at `base`, showing so many tickets.
    fn href(&self, base: &str, show: usize) -> String {
        let mut asked: Vec<String> = Vec::new();
        asked.extend(self.mine.then(|| "mine=true".to_owned()));
        asked.extend((!self.stage.is_empty()).then(|| format!("stage={}", encoded(&self.stage))));
        asked.extend((!self.queue.is_empty()).then(|| format!("queue={}", encoded(&self.queue))));
        asked.extend((show > FIRST_PART).then(|| format!("show={show}")));
        let mark = if asked.is_empty() { "" } else { "?" };
        format!("{base}{mark}{}", asked.join("&"))
    }
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Page {
    f: Frame,
    q: Shown,
    ending: Vec<TestRow>,
    ticks: Vec<Line>,
}

#[derive(Template)]
#[template(path = "part/queue.html")]
struct Part {
    f: Frame,
    q: Shown,
}

/// The queue as it is shown.
struct Shown {
    /// Where the same is fetched afresh.
    live: String,
    mine: bool,
    counts: Vec<Count>,
    hands: Hands,
    /// The queues by name, where there are any.
    queues: Vec<Named>,
    tickets: Vec<Ticket>,
    /// How many of them, that call for life safety, are a short row each.
    short: usize,
    /// What is not shown, where something is not.
    rest: Option<Rest>,
    /// The address that shows more, and more in full.
    more: String,
    /// Has this operator paused what is offered to them? `None` where nothing is.
    fed: Option<bool>,
    /// Until when they are offered nothing, because they let an offer pass and have not acted since.
    resting: Option<Timestamp>,
}

/// What the first part of a long queue leaves out.
struct Rest {
    incidents: usize,
    /// How many of them nobody has answered.
    calling: usize,
}

/// How many incidents stand where, and the address that shows only them.
struct Count {
    label: String,
    incidents: usize,
    href: String,
    chosen: bool,
    hot: bool,
}

/// A queue, how what is in it stands, and the address that shows only that.
struct Named {
    label: String,
    count: QueueCount,
    href: String,
    chosen: bool,
}

/// An incident in a list.
pub(super) struct Ticket {
    pub(super) row: IncidentRow,
    /// What it is about, in words.
    pub(super) kind: &'static str,
    /// Its stage, in words.
    pub(super) stage: &'static str,
    /// The last signal, in words, with its zone or user.
    pub(super) signal: String,
    /// Why it is on hold.
    pub(super) hold: &'static str,
    /// Who was called because nobody acted.
    pub(super) escalated: &'static str,
    /// Is it a row with the least that is to be seen, because so many of its like are before it?
    short: bool,
    /// Is it offered to whoever looks?
    pub(super) mine: bool,
    /// To whom it is offered.
    pub(super) offered: String,
    /// Seconds after which its clock turns to the first and to the second colour.
    pub(super) warning: u32,
    pub(super) critical: u32,
}

/// The groups of stages that the queue counts.
const GROUPS: [&str; 5] = ["new", "taken", "pre-processed", "dispatched", "real"];

/// How many tickets are shown at first: more than that a browser draws too slowly while alarms keep coming.
const FIRST_PART: usize = 60;
/// How many of these are kept for what whoever looks has in hand.
const OWN_PART: usize = 20;
/// How many more are shown by each step.
const MORE: usize = 120;

/// What of the queue is asked for that is on hold, at whatever stage.
const ON_HOLD: &str = "on-hold";

const fn group(stage: Stage) -> &'static str {
    match stage {
        Stage::New => "new",
        Stage::Taken | Stage::Verifying => "taken",
        Stage::PreProcessed => "pre-processed",
        Stage::Dispatched | Stage::OnScene | Stage::FalseOnScene | Stage::Undetermined => "dispatched",
        Stage::Real | Stage::OwnerNotified | Stage::HandedOff | Stage::LossListed | Stage::Recorded => "real",
        // Nothing closed is in the queue.
        Stage::Closed => "",
    }
}

/// The queue.
pub(super) async fn page(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let (f, q) = look(&app, &visit, wish).await?;
    let (ending, ticks) = latest(&app, &visit.session).await.map_err(|problem| visit.oops(problem))?;
    let ticks = ticks.into_iter().map(|row| Line::of(row, f.w)).collect();
    Ok(show(&Page { f, q, ending, ticks }))
}

/// The same list alone, for a page that shows it already.
pub(super) async fn part(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let (f, q) = look(&app, &visit, wish).await?;
    Ok(show(&Part { f, q }))
}

async fn look(app: &App, visit: &Visit, wish: Wish) -> Result<(Frame, Shown), Oops> {
    let settings = app.settings.clone();
    let operator = visit.session.operator;
    let asked = app.query(move |reader| Ok((reader.queue_of(operator)?, reader.lowered(&settings.policy)?)));
    let (queue, lowered) = asked.await.map_err(|problem| visit.oops(problem))?;
    let f = visit.frame_with("queue", &queue, &lowered);
    let w = f.w;
    let (limits, feed) = (app.settings.policy.ageing, app.settings.policy.feed);
    let fed = feed.enabled && (feed.supervisors || !visit.session.role.is_supervisor());
    let fed = fed.then_some(queue.paused);
    let rested = queue.missed_at.map(|missed| missed.plus_secs(feed.rest_s.get()));
    let resting = rested.filter(|until| fed.is_some() && until.millis() > f.now);
    let mine = |row: &IncidentRow| !wish.mine || row.owner == Some(visit.session.operator);
    let href = |stage: &str| format!("/?{}stage={stage}", if wish.mine { "mine=true&" } else { "" });
    let mut counts = vec![Count {
        label: w.t("stage-all"),
        incidents: queue.rows.iter().filter(|row| mine(row)).count(),
        href: if wish.mine { "/?mine=true".to_owned() } else { "/".to_owned() },
        chosen: wish.stage.is_empty(),
        hot: false,
    }];
    counts.extend(GROUPS.map(|name| {
        let incidents = queue.rows.iter().filter(|row| mine(row) && group(row.stage) == name).count();
        let hot = name == "new" && incidents > 0;
        Count { label: w.t(&format!("stage-{name}")), incidents, href: href(name), chosen: wish.stage == name, hot }
    }));
    let held = queue.rows.iter().filter(|row| mine(row) && row.hold_until.is_some()).count();
    counts.push(Count {
        label: w.t("stage-on-hold"),
        incidents: held,
        href: href(ON_HOLD),
        chosen: wish.stage == ON_HOLD,
        hot: false,
    });
    let hands = queue.hands;
    let in_group = |row: &IncidentRow| match wish.stage.as_str() {
        "" => true,
        ON_HOLD => row.hold_until.is_some(),
        stage => group(row.stage) == stage,
    };
    let of_queue =
        |row: &IncidentRow| wish.queue.is_empty() || row.queue.as_ref().is_some_and(|queue| *queue.name == *wish.queue);
    let wanted = |row: &IncidentRow| mine(row) && in_group(row) && of_queue(row);
    let named = queue.queues.iter().any(|count| count.queue.is_some());
    let queues = queue.queues.iter().filter(|_| named).map(|count| {
        let name = count.queue.as_deref();
        Named {
            label: name.map_or_else(|| w.t("queue-everybody"), str::to_owned),
            href: name.map_or_else(|| "/".to_owned(), |name| format!("/?queue={}", encoded(name))),
            chosen: name == Some(wish.queue.as_str()),
            count: count.clone(),
        }
    });
    let queues: Vec<Named> = queues.collect();
    let limit = wish.show.max(FIRST_PART);
    let Parted { shown, rest } = first_part(queue.rows.into_iter().filter(wanted).collect(), operator, limit);
    let short = shown.iter().filter(|(_, short)| *short).count();
    let rest = (!rest.is_empty()).then(|| Rest {
        incidents: rest.len(),
        calling: rest.iter().filter(|row| row.calling_since.is_some()).count(),
    });
    let more = wish.href("/", limit.saturating_add(MORE));
    let tickets = shown.into_iter().map(|(row, short)| Ticket { short, ..Ticket::of(row, limits, &f) }).collect();
    let live = wish.href("/live/queue", limit);
    Ok((f, Shown { live, mine: wish.mine, counts, hands, queues, tickets, short, rest, more, fed, resting }))
}

/// A long queue in two parts, each in its order.
struct Parted {
    /// What is shown, and whether as a short row.
    shown: Vec<(IncidentRow, bool)>,
    /// What is left out.
    rest: Vec<IncidentRow>,
}

/// What is shown of a long queue, and what is left out: so many, first of all what calls, with a part of the places for what whoever looks
/// has in hand. What calls and is about life safety is shown however much it is: so much in full, what goes beyond it as a short row each,
/// for a page of hundreds of tickets is one that nobody can use. What is offered to whoever looks is always in full.
fn first_part(rows: Vec<IncidentRow>, me: OperatorId, limit: usize) -> Parted {
    const SHORT: u8 = 5;
    let (mut own, mut life) = (0, 0);
    let place = |row: &IncidentRow| {
        let (calls, mine) = (row.calling_since.is_some(), row.owner == Some(me));
        own += usize::from(mine);
        if row.offered_to == Some(me) {
            return 0;
        }
        if calls && row.priority == 1 {
            life += 1;
            return if life <= limit || mine && own <= OWN_PART { 0 } else { SHORT };
        }
        match (calls, mine) {
            (_, true) if own <= OWN_PART => 1,
            (true, _) => 2,
            (false, true) => 3,
            (false, false) => 4,
        }
    };
    let places: Vec<u8> = rows.iter().map(place).collect();
    let mut chosen: Vec<usize> = (0..rows.len()).filter(|&row| places[row] != SHORT).collect();
    chosen.sort_by_key(|&row| places[row]);
    let must = places.iter().filter(|place| **place == 0).count();
    chosen.truncate(limit.max(must + OWN_PART));
    chosen.sort_unstable();
    let (mut shown, mut rest) = (Vec::new(), Vec::new());
    for (number, row) in rows.into_iter().enumerate() {
        let short = places[number] == SHORT;
        if short || chosen.binary_search(&number).is_ok() { shown.push((row, short)) } else { rest.push(row) }
    }
    Parted { shown, rest }
}

/// Pauses or resumes what is offered to whoever asks.
pub(super) async fn pause(sent: Sent) -> Result<Response, Oops> {
    let act = async |ask: Map<String, Value>| {
        let paused = ask.get("paused").and_then(Value::as_bool);
        let paused = paused.ok_or_else(|| Problem::invalid("paused: yes or no is expected", "paused 应为是或否"))?;
        operators::pause(&sent.app, sent.session(), sent.address, paused).await
    };
    sent.does(act).await.map_err(|problem| sent.visit.oops(problem))?;
    Ok(Redirect::to("/").into_response())
}

/// A name as an address holds it.
fn encoded(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

impl Ticket {
    /// The incident of this row. Its clock shows the time since its first signal was received, and takes its colours from
    /// how long an operator has been missed; once somebody has it, from how long handling may last.
    pub(super) fn of(row: IncidentRow, limits: AgeingLimits, f: &Frame) -> Self {
        let w = f.w;
        // An incident that was never taken has been missed since it was opened, whatever joined it since.
        let missed = row.calling_since.map(|calling| if row.taken_at.is_none() { row.opened_at } else { calling });
        let (warning, critical) = match missed {
            Some(since) => {
                let before = u32::try_from(since.secs_since(row.received_at)).unwrap_or(0);
                (before.saturating_add(limits.warning_s), before.saturating_add(limits.critical_s))
            }
            None => handling(row.priority),
        };
        Self {
            kind: row.kind.label(w.lang),
            stage: row.stage.label(w.lang),
            signal: row.last_signal.clone().map(|signal| Line::of(signal, w).in_words()).unwrap_or_default(),
            hold: row.hold_reason.map_or("", |reason| reason.label(w.lang)),
            escalated: row.escalated_to.map_or("", |rank| rank.label(w.lang)),
            short: false,
            mine: f.offer.as_ref().is_some_and(|offer| offer.incident == row.incident),
            offered: row.offered_name.clone().unwrap_or_default(),
            warning,
            critical,
            row,
        }
    }
}

/// Seconds after which an incident in somebody's hands turns amber and red.
const fn handling(priority: u8) -> (u32, u32) {
    match priority {
        0..=1 => (300, 900),
        2 => (600, 1800),
        3 => (900, 3600),
        _ => (3600, 14_400),
    }
}
