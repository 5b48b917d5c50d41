//! What somebody answers who was asked whether a site is closed later, and what else they say with it.

use alarmcore::{AccountNumber, ClosingAnswer, LoweredCommand, LoweredEvent, LoweredRefusal, OperatorId};
use axum::http::StatusCode;
use serde_json::Value;

use super::answers::{Ear, Saying, ToClosing, digest, filled, heard_before};
use super::help::{asks_for_help, cries};
use crate::desk::{Act, Done, NotDone};
use crate::problem::Problem;

/// Is something written beside the answer? The board says until when it is put off, not in which words. An answer that asks for arming
/// opens an incident that has them.
pub(super) fn has_words(saying: &Saying) -> bool {
    matches!(saying, Saying::Closing(ToClosing { closing, text, .. })
        if *closing != ClosingAnswer::Arm && filled(text).is_some())
}

/// Why an answer that was taken is kept for people to see.
pub(super) fn beside() -> Problem {
    Problem::new(
        StatusCode::OK,
        "words-beside",
        "whoever was asked about a closing wrote something beside their answer, which was taken: read it",
        "答复未布防询问时另附文字，答复已受理，请查看所附文字",
    )
}

/// The account of which somebody calls for help who is asked about its closing, in a field or in their words.
fn cry_of(body: &str) -> Option<AccountNumber> {
    let said: Value = serde_json::from_str(body).ok()?;
    let words = said.get("text").and_then(Value::as_str);
    let cry = cries(body) || words.is_some_and(asks_for_help);
    said.get("account").filter(|_| cry)?.as_str()?.parse().ok()
}

impl Ear {
    /// Whoever is asked about a closing calls for help instead, or beside their answer: theirs is an incident of life safety. Said before
    /// anything else of it is stored, so that it comes twice rather than not at all.
    pub(super) async fn cry_about_closing(&self, way: &str, body: &str) -> Result<(), Problem> {
        let asked = self.outside.config.late_close.as_deref() == Some(way);
        let Some(account) = asked.then(|| cry_of(body)).flatten() else { return Ok(()) };
        let text = "help, beside an answer about a closing / 答复未布防询问时求助".to_owned();
        self.cry(account, text, format!("late-close {:.8}", digest(body))).await
    }

    pub(super) async fn record_closing(&self, saying: ToClosing) -> Result<Done, Problem> {
        let ToClosing { message, account, signal, closing: answer, minutes, contact, text: note } = saying;
        let (heard, text) = (message.clone(), filled(&note));
        let message = Some(message);
        let command = LoweredCommand::AnswerClosing { signal, answer, minutes, contact, message, note };
        let done = self.desk.act(Act::Lowered { by: OperatorId::OUTSIDE, account, command }).await;
        let again = matches!(done, Err(NotDone::RefusedLowered(LoweredRefusal::AlreadyHeard)));
        if !again && !matches!(done, Err(NotDone::RefusedLowered(LoweredRefusal::NotAsked { .. }))) {
            return done.map_err(Problem::from);
        }
        let records = self.desk.write(move |centre| centre.lowered_records(account)).await.map_err(Problem::from)?;
        let known = records.iter().find_map(|record| {
            let is_it = |number: &Option<String>| number.as_ref() == Some(&heard);
            let same = match &record.event {
                LoweredEvent::ClosingAnswered { signal: of, answer: said, contact: by, until, message, note }
                    if is_it(message) =>
                {
                    let until_then = minutes.map(|minutes| record.at.plus_secs(minutes.saturating_mul(60)));
                    let as_long = *said != ClosingAnswer::Extend || *until == until_then;
                    (*of, *said, *by, note) == (signal, answer, contact, &text) && as_long
                }
                // What a stranger answered is not recorded.
                LoweredEvent::ClosingOver { signal: of, contact: by, message, note, .. } if is_it(message) => {
                    (*of, *by, note) == (signal, Some(contact), &text)
                }
                _ => return None,
            };
            Some((record.version, same))
        });
        if again || known.is_some() { heard_before(&heard, known) } else { done.map_err(Problem::from) }
    }
}
