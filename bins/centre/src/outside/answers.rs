//! What the other end of a way says, in the one form that all ways share: a file, a request to us, or a response to ours.

use alarmcore::{Authority, Command, IncidentId, OperatorId, Priority, Refusal, Rejection, TheirAnswer, TheirOutcome};
use axum::http::StatusCode;
use opsmodel::store::Unmatched;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::Outside;
use crate::desk::{Act, DeskHandle, Done, NotDone, now};
use crate::live::{Change, Live};
use crate::problem::Problem;

/// One answer to a hand-off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saying {
    /// The number of this message, given by who sends it: sent again, it is recognised.
    message: String,
    /// The incident that was handed off.
    incident: IncidentId,
    /// Which of its hand-offs.
    number: u16,
    /// What is said.
    answer: TheirAnswer,
    /// Of a rejection, why.
    reason: Option<Rejection>,
    /// Of a closing, what it was.
    outcome: Option<TheirOutcome>,
    /// Of an expected arrival, in how many seconds.
    eta_s: Option<u32>,
    /// Their own number of the case.
    reference: Option<String>,
    /// A text.
    text: Option<String>,
}

/// The longest number of a message, in bytes.
const MESSAGE_MAX: usize = 100;

/// What became of an answer. Either way it is durable.
pub(crate) enum Heard {
    /// The desk has it.
    Taken(Done),
    /// It has no place at the desk, and why: it is kept for people to see.
    Kept(Problem),
}

/// Where answers go.
#[derive(Clone)]
pub(crate) struct Ear {
    pub(super) outside: Outside,
    pub(super) desk: DeskHandle,
    pub(super) live: Live,
}

impl Ear {
    /// The way whose other end shows this token.
    pub(crate) fn knows(&self, token: &str) -> Option<&str> {
        self.outside.config.answers_with(token)
    }

    /// Takes in what came by `way`, as it came.
    ///
    /// # Errors
    /// 503 while the desk is busy or the store full: then it is not kept, and has to come again.
    pub(crate) async fn hear(&self, way: &str, body: &str) -> Result<Heard, Problem> {
        let said: Result<Saying, _> = serde_json::from_str(body);
        let (message, done) = match said {
            Ok(saying) if saying.message.trim().is_empty() || saying.message.len() > MESSAGE_MAX => (
                digest(body),
                Err(Problem::invalid(format!("message: 1 to {MESSAGE_MAX} bytes that name this answer"))),
            ),
            Ok(saying) => (saying.message.clone(), self.record(way, saying).await),
            Err(error) => (digest(body), Err(Problem::invalid(error.to_string()))),
        };
        match done {
            Ok(done) => Ok(Heard::Taken(done)),
            Err(problem) if problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() => Err(problem),
            Err(problem) => {
                self.keep(way, message, body, &problem).await?;
                Ok(Heard::Kept(problem))
            }
        }
    }

    async fn record(&self, way: &str, saying: Saying) -> Result<Done, Problem> {
        let Saying { message, incident, number, answer, reason, outcome, eta_s, reference, text } = saying;
        let (message, note) = (Some(message), text);
        // The desk knows whose hand-off it is: asked for each authority that this way is set for, it takes one of them.
        let mut refused = Problem::refused(&Refusal::NoSuchHandOff { number });
        for to in Authority::ALL.iter().copied().filter(|to| self.outside.config.serves(way, *to)) {
            let (from, reference, message, note) = (Some(to), reference.clone(), message.clone(), note.clone());
            let command =
                Command::RecordAnswer { number, answer, from, reason, outcome, eta_s, reference, message, note };
            match self.desk.act(Act::Incident { by: OperatorId::OUTSIDE, incident, command, second: None }).await {
                Ok(done) => return Ok(done),
                Err(NotDone::Refused(Refusal::NoSuchHandOff { .. })) => {}
                Err(other) => refused = Problem::from(other),
            }
        }
        Err(refused)
    }

    /// Keeps what has no place at the desk, and rings once.
    pub(super) async fn keep(&self, way: &str, message: String, body: &str, why: &Problem) -> Result<(), Problem> {
        let kept = Unmatched {
            way: way.to_owned(),
            message,
            at: now(),
            body: body.to_owned(),
            code: why.code.to_string(),
            why_en: why.title.clone(),
            why_zh: why.title_zh.clone(),
        };
        tracing::warn!(way, message = kept.message, why = why.title, "an answer has no place; it is kept");
        if self.desk.write(move |centre| centre.keep_unmatched(&kept)).await.map_err(Problem::from)? {
            self.live.publish(Change { ring: Some(Priority::LEAST.get()), ..Change::default() });
        }
        Ok(())
    }
}

/// What something is recognised by that has no number, or none that can be read.
fn digest(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
