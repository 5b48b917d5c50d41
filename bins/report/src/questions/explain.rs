//! `report explain`: why a signal was shown, or why it was not.

use std::io::Write;

use alarmcore::{IncidentId, SignalId};
use contactid::Lang;
use opsmodel::store::query::Line;

use super::{open, open_desk};
use crate::arguments::Store;
use crate::output::{Column, Sheet, column, text};
use crate::stop::Stop;

const COLUMNS: &[Column<Line>] = &[
    column("signal", |line| line.explained.to_string()),
    column("about", |line| line.about.as_str().to_owned()),
    column("of", |line| text(&line.signal)),
    column("at", |line| text(&line.at)),
    column("outcome", |line| text(&line.outcome)),
    column("incident", |line| text(&line.incident)),
    column("rule", |line| text(&line.rule)),
    column("policy", |line| text(&line.policy)),
    column("says", |line| line.says.clone()),
];

pub(super) fn answer(
    store: &Store,
    signal: Option<SignalId>,
    incident: Option<IncidentId>,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let course = match incident {
        Some(incident) => open(&store.data)?.explain_course(incident, lang)?,
        None => Vec::new(),
    };
    let (explained, thing) = match (signal, incident) {
        (Some(signal), _) => (open(&store.data)?.explain(signal)?.into_iter().collect(), format!("signal {signal}")),
        (None, Some(incident)) => (open_desk(&store.data)?.explain_incident(incident)?, format!("incident {incident}")),
        (None, None) => (Vec::new(), "signal".to_owned()),
    };
    if explained.is_empty() {
        return Err(Stop::Unknown(thing));
    }
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for line in explained.iter().flat_map(|one| one.lines(lang)).chain(course) {
        sheet.row(&line)?;
    }
    Ok(sheet.end()?)
}
