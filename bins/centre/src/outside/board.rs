//! How the ways out do, and what came in that has no place at the desk: for page and API.

use alarmcore::Authority;
use axum::http::StatusCode;
use opsmodel::store::StoreError;
use opsmodel::store::query::{Outgoing, UnmatchedRow, WayRow};
use serde::Serialize;

use super::Told;
use crate::auth::Session;
use crate::desk::now;
use crate::problem::Problem;
use crate::state::App;

/// How many owed messages of a way, and how many unmatched answers are shown.
const SHOWN: usize = 200;

/// What is shown of the outside.
#[derive(Debug, Serialize)]
pub(crate) struct OutsidePage {
    /// The ways of the configuration, by name.
    pub(crate) ways: Vec<WayShown>,
    /// What came in that has no place: unseen first.
    pub(crate) unmatched: Vec<UnmatchedRow>,
}

/// A way out.
#[derive(Debug, Serialize)]
pub(crate) struct WayShown {
    /// By what: `file` or `http`.
    pub(crate) by: &'static str,
    /// Who is reached by it.
    pub(crate) to: Vec<Authority>,
    /// Are customers asked by it first, in a storm?
    pub(crate) first_contact: bool,
    /// Is staff called in by it?
    pub(crate) call_in: bool,
    /// Are people asked by it whose site is not closed in time?
    pub(crate) late_close: bool,
    /// What people are told by it who may be away from the console.
    pub(crate) people: Vec<Told>,
    /// Does it take signals to another centre?
    pub(crate) forwards: bool,
    /// How it does.
    pub(crate) row: WayRow,
    /// What is owed on it, the longest owed first.
    pub(crate) owed: Vec<Outgoing>,
}

/// How the ways do now.
pub(crate) async fn look(app: &App, session: &Session) -> Result<OutsidePage, Problem> {
    let config = app.ear.outside.config.clone();
    app.query_for(session, move |reader, kept| {
        let mut rows = reader.ways()?;
        let way = |(name, way): (&String, &super::Way)| {
            let row = rows.iter().position(|row| row.way == *name).map(|place| rows.swap_remove(place));
            let nothing = || WayRow { way: name.clone(), settled: 0, settled_at: None, owed: 0, owed_since: None };
            let to = config.hand_off.iter().filter(|(_, its)| *its == name).map(|(to, _)| *to).collect();
            let (row, mut owed) = (row.unwrap_or_else(nothing), reader.outgoing(name, SHOWN)?);
            kept.leave_out(&mut owed, |message| message.effect.incident());
            let is = |its: &Option<String>| its.as_ref() == Some(name);
            let (first_contact, call_in) = (is(&config.first_contact), is(&config.call_in));
            let (late_close, forwards) = (is(&config.late_close), config.forwards_to(name));
            let people = config.people.iter().filter(|(_, its)| *its == name).map(|(told, _)| *told).collect();
            Ok(WayShown { by: way.by(), to, first_contact, call_in, late_close, people, forwards, row, owed })
        };
        let ways = config.ways.iter().map(way).collect::<Result<_, StoreError>>()?;
        Ok(OutsidePage { ways, unmatched: reader.unmatched(SHOWN)? })
    })
    .await
}

/// A person has seen what had no place, and says what was done about it.
pub(crate) async fn seen(app: &App, session: &Session, id: &str, note: Option<String>) -> Result<(), Problem> {
    let missing = || Problem::not_found("answer", "来讯");
    let id: u64 = id.parse().map_err(|_| missing())?;
    let rows = app.query(|reader| reader.unmatched(usize::MAX)).await?;
    if rows.iter().all(|row| row.id != id) {
        return Err(missing());
    }
    let (by, note) = (session.operator, note.filter(|note| !note.trim().is_empty()));
    let marked = app.desk.write(move |centre| centre.see_unmatched(id, by, now(), note.as_deref())).await;
    if marked.map_err(Problem::from)? {
        app.live.publish(crate::live::Change::default());
        return Ok(());
    }
    let (title, title_zh) = ("somebody has seen it before", "已有人处理");
    Err(Problem::new(StatusCode::CONFLICT, "seen-before", title, title_zh))
}
