//! Each question of the command line, answered from the store.

mod accounts;
mod auto_handled;
mod conservation;
mod dead_numbers;
mod dossier;
mod events;
mod explain;
mod false_alarms;
mod false_calls;
mod follow_ups;
mod hand_offs;
mod handling;
mod incidents;
mod lowered;
mod offers;
mod on_test;
mod pack;
mod response;
mod sources;
mod storm;
mod verify;
mod what_if;

use std::io::Write;
use std::path::Path;

use alarmcore::Timestamp;
use chrono::{DateTime, Utc};
use opsmodel::store::query::Reader;

use crate::arguments::{Asked, Question};
use crate::stop::Stop;

/// Answers the question on `out`. `now` is what `today` and `-24h` are reckoned from, and nothing else.
pub(crate) fn answer(question: Question, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Stop> {
    match question {
        Question::Events { asked, account, irregular } => {
            let wanted = events::Wanted { account, irregular };
            events::answer(&Period::of(&asked, now)?, wanted, out)
        }
        Question::Incidents { asked } => incidents::answer(&Period::of(&asked, now)?, out),
        Question::Accounts { store, search } => accounts::answer(&store, &search.unwrap_or_default(), out),
        Question::OnTest { asked } => on_test::answer(&Period::of(&asked, now)?, out),
        Question::FollowUps { asked } => follow_ups::answer(&Period::of(&asked, now)?, out),
        Question::Storm { asked } => storm::answer(&Period::of(&asked, now)?, out),
        Question::Lowered { store } => lowered::answer(&store, out),
        Question::DeadNumbers { store } => dead_numbers::answer(&store, out),
        Question::Response { asked, summary } => response::answer(&Period::of(&asked, now)?, summary, out),
        Question::Handling { asked } => handling::answer(&Period::of(&asked, now)?, out),
        Question::HandOffs { asked, summary } => hand_offs::answer(&Period::of(&asked, now)?, summary, out),
        Question::AutoHandled { asked } => auto_handled::answer(&Period::of(&asked, now)?, out),
        Question::Sources { asked } => sources::answer(&Period::of(&asked, now)?, out),
        Question::Offers { asked, summary } => offers::answer(&Period::of(&asked, now)?, summary, out),
        Question::FalseCalls { store } => false_calls::answer(&store, out),
        Question::FalseAlarms { asked, by } => false_alarms::answer(&Period::of(&asked, now)?, by, out),
        Question::Pack { name, asked, as_of, all } => {
            let wanted = pack::Wanted { name: &name, as_of: moment("--as-of", &as_of, now)?, all };
            pack::answer(&Period::of(&asked, now)?, &wanted, out)
        }
        Question::WhatIf { asked, policy, old, plans } => {
            let files = what_if::Files { new: &policy, old: old.as_deref(), plans: plans.as_deref() };
            what_if::answer(&Period::of(&asked, now)?, &files, out)
        }
        Question::Conservation { asked } => conservation::answer(&Period::of(&asked, now)?, out),
        Question::Dossier { data, incident } => dossier::answer(&data, incident, out),
        Question::CheckDossier { file, data } => dossier::check(&file, data.as_deref(), out),
        Question::Explain { store, signal, incident, lang } => {
            explain::answer(&store, signal, incident, lang.into(), out)
        }
        Question::Verify { store } => verify::answer(&store, out),
    }
}

/// What is asked, with its moments read.
struct Period<'a> {
    asked: &'a Asked,
    from: Timestamp,
    to: Timestamp,
}

impl<'a> Period<'a> {
    fn of(asked: &'a Asked, now: DateTime<Utc>) -> Result<Self, Stop> {
        let read = |argument, text, otherwise| {
            Ok::<_, Stop>(moment(argument, text, now)?.unwrap_or(Timestamp::from_millis(otherwise)))
        };
        let (from, to) = (read("--from", &asked.from, i64::MIN)?, read("--to", &asked.to, i64::MAX)?);
        if to < from { Err(Stop::Backwards { from, to }) } else { Ok(Self { asked, from, to }) }
    }

    fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// A moment as it was typed; `None` where none was.
fn moment(argument: &'static str, text: &Option<String>, now: DateTime<Utc>) -> Result<Option<Timestamp>, Stop> {
    let read =
        |text: &String| crate::period::moment(text, now).ok_or_else(|| Stop::Moment { argument, text: text.clone() });
    text.as_ref().map(read).transpose()
}

/// Opens the store, or says what is wrong with the directory.
fn open(data: &Path) -> Result<Reader, Stop> {
    if !data.join("signals.db").is_file() {
        return Err(Stop::Nothing(data.to_owned()));
    }
    Ok(Reader::open(data)?)
}

/// Opens a store that a desk works on.
fn open_desk(data: &Path) -> Result<Reader, Stop> {
    let reader = open(data)?;
    if reader.has_desk() { Ok(reader) } else { Err(Stop::NoDesk(data.to_owned())) }
}
