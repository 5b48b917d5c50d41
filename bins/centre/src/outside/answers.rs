//! What the other end of a way says, in the one form that all ways share: a file, a request to us, or a response to ours.

use std::path::PathBuf;
use std::sync::Weak;

use alarmcore::{
    AccountNumber, Authority, ClosingAnswer, Command, ContactAnswer, ContactId, IncidentEvent, IncidentId,
    LoweredRefusal, Priority, Refusal, Rejection, Report, SceneFound, SignalId, StaffAnswer, StormCommand, StormEvent,
    StormId, StormRefusal, TheirAnswer, TheirOutcome, UnitAnswer, UnitId,
};
use axum::http::StatusCode;
use contactid::EventCode;
use opsmodel::store::{Answer, NewSignal};
use receiver::Intake;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::config::Told;
use super::help::cries;
use super::{Outside, about, closing, on};
use crate::desk::{DeskHandle, Done, NotDone, now};
use crate::live::Live;
use crate::misread;
use crate::problem::Problem;

/// The code of Contact ID of whoever cries for help: 120, panic.
const PANIC: EventCode = match EventCode::new(120) {
    Some(code) => code,
    None => unreachable!(),
};

/// One answer, by what it is about.
pub(super) enum Saying {
    HandOff(ToHandOff),
    Contact(ToContact),
    CallIn(ToCallIn),
    Closing(ToClosing),
    Offer(ToOffer),
}

/// What a unit says of an offer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToOffer {
    pub(super) message: String,
    /// The incident that it was asked to go to.
    pub(super) incident: IncidentId,
    /// Which unit.
    pub(super) unit: UnitId,
    /// Which offer of the incident.
    pub(super) offer: u16,
    /// What is said.
    pub(super) says: UnitAnswer,
    /// A text.
    pub(super) text: Option<String>,
    /// What it found on the scene.
    #[serde(default, deserialize_with = "scene")]
    pub(super) scene: Option<Box<SceneFound>>,
}

/// A scene report; whoever reads what is wrong with it sees that it is that.
fn scene<'de, D: Deserializer<'de>>(written: D) -> Result<Option<Box<SceneFound>>, D::Error> {
    Option::deserialize(written).map_err(|error| D::Error::custom(format!("scene: {error}")))
}

/// What somebody answers who was asked whether a site is closed later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToClosing {
    pub(super) message: String,
    /// The account.
    pub(super) account: AccountNumber,
    /// The signal that the question was about.
    pub(super) signal: SignalId,
    /// What is said.
    pub(super) closing: ClosingAnswer,
    /// In how many minutes it is closed.
    pub(super) minutes: Option<u32>,
    /// Who says it.
    pub(super) contact: ContactId,
    /// A text.
    pub(super) text: Option<String>,
}

/// What a customer answers who was asked first, in a storm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToContact {
    pub(super) message: String,
    /// The incident that the question was about.
    pub(super) incident: IncidentId,
    /// What is said.
    pub(super) contact: ContactAnswer,
    /// A text.
    pub(super) text: Option<String>,
}

/// What somebody answers who was called in, in a storm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToCallIn {
    message: String,
    /// The storm that they are wanted for.
    storm: StormId,
    /// What is said.
    staff: StaffAnswer,
    /// Who, and what else.
    text: Option<String>,
}

impl Saying {
    /// What is written, read as what its fields say that it is about.
    fn read(body: &str) -> Result<Self, Problem> {
        let no_json =
            |error: serde_json::Error| Problem::invalid(error.to_string(), &format!("内容不是 JSON（{error}）"));
        let written: Value = serde_json::from_str(body).map_err(no_json)?;
        let names = |field: &str| written.get(field).is_some();
        match () {
            () if names("closing") => misread::read(written).map(Self::Closing),
            () if names("unit") => misread::read(written).map(Self::Offer),
            () if names("contact") => misread::read(written).map(Self::Contact),
            () if names("storm") => misread::read(written).map(Self::CallIn),
            () => misread::read(written).map(Self::HandOff),
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::HandOff(ToHandOff { message, .. })
            | Self::Contact(ToContact { message, .. })
            | Self::CallIn(ToCallIn { message, .. })
            | Self::Closing(ToClosing { message, .. })
            | Self::Offer(ToOffer { message, .. }) => message,
        }
    }
}

/// One answer to a hand-off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToHandOff {
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

/// Two answers that say different things have one number.
const NUMBER_USED: &str = "number-used";
/// The longest number of a message, in bytes.
pub(super) const MESSAGE_MAX: usize = 100;

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
    /// The signal log's only door: what a customer cries is a signal.
    pub(super) intake: Weak<Intake>,
    /// The folder of the store.
    pub(super) data: PathBuf,
}

impl Ear {
    /// Does a machine get what is handed to these?
    pub(crate) fn reaches(&self, to: Authority) -> bool {
        self.outside.config.hand_off.contains_key(&to)
    }

    /// Does a machine ask units to go?
    pub(crate) fn asks_units(&self) -> bool {
        self.outside.config.people.contains_key(&Told::Offer)
    }

    /// The way whose other end shows this token.
    pub(crate) fn knows(&self, token: &str) -> Option<&str> {
        self.outside.config.answers_with(token)
    }

    /// Takes in what came by `way`, as it came.
    ///
    /// # Errors
    /// 503 while the desk is busy or the store full: then it is not kept, and has to come again.
    pub(crate) async fn hear(&self, way: &str, body: &str) -> Result<Heard, Problem> {
        let is_help = cries(body);
        self.cry_about_closing(way, body).await?;
        let mut said = Saying::read(body).and_then(named);
        if said.is_err()
            && is_help
            && let Some(understood) = self.understood(body).await?
        {
            said = Ok(understood);
        }
        let (message, done) = match said {
            Ok(saying) => {
                let (message, words) = (saying.message().to_owned(), closing::has_words(&saying));
                let done = self.record(way, saying).await;
                if words && done.is_ok() {
                    self.keep(way, message.clone(), body, &closing::beside(), None).await?;
                }
                (message, done)
            }
            Err(problem) => (digest(body), Err(problem)),
        };
        match done {
            Ok(done) => Ok(Heard::Taken(done)),
            Err(problem) if problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() => Err(problem),
            Err(problem) => {
                // Each of them is seen, however many there are.
                let message =
                    if problem.code == NUMBER_USED { format!("{message} {:.8}", digest(body)) } else { message };
                // Before it is kept: whoever dies in between hears it again.
                let ring = self.called_by(way, body, &problem).await?.filter(|_| !is_help);
                self.keep(way, message, body, &problem, ring).await?;
                if is_help {
                    // Somebody in danger, whatever became of the incident.
                    self.ring(Priority::LIFE_SAFETY);
                }
                Ok(Heard::Kept(problem))
            }
        }
    }

    async fn record(&self, way: &str, saying: Saying) -> Result<Done, Problem> {
        let config = &self.outside.config;
        match saying {
            Saying::HandOff(saying) => self.record_answer(way, saying).await,
            Saying::Contact(saying) if config.first_contact.as_deref() == Some(way) => {
                self.record_contact(saying).await
            }
            Saying::Offer(saying) if config.people.get(&Told::Offer).is_some_and(|its| its == way) => {
                self.record_unit(saying).await
            }
            Saying::Offer(ToOffer { unit, .. }) => Err(Problem::refused(&Refusal::NotOffered { unit })),
            Saying::Contact(_) => Err(Problem::refused(&Refusal::NotAsked)),
            Saying::CallIn(saying) if config.call_in.as_deref() == Some(way) => self.record_staff(saying).await,
            Saying::CallIn(_) => Err(Problem::refused_storm(&StormRefusal::NotCalledIn)),
            Saying::Closing(saying) if config.late_close.as_deref() == Some(way) => self.record_closing(saying).await,
            Saying::Closing(ToClosing { signal, .. }) => {
                Err(Problem::refused_lowered(&LoweredRefusal::NotAsked { signal }))
            }
        }
    }

    /// The same answer in the same words a second time is one that was heard before, as long as the incident is open.
    async fn record_contact(&self, saying: ToContact) -> Result<Done, Problem> {
        let ToContact { message, incident, contact: answer, text: note } = saying;
        let text = filled(&note);
        let records = self.desk.write(move |centre| centre.records(incident)).await.map_err(Problem::from)?;
        let closes =
            |event: &IncidentEvent| matches!(event, IncidentEvent::Closed { .. } | IncidentEvent::Merged { .. });
        let known = records.iter().find(|record| match &record.event {
            IncidentEvent::ContactAnswered { answer: said, note } => (*said, note) == (answer, &text),
            _ => false,
        });
        if let Some(record) = known.filter(|_| !records.iter().any(|record| closes(&record.event))) {
            return Ok(Done { seq: 0, version: record.version });
        }
        let done = self.desk.act(on(incident, Command::AnswerContact { answer, note })).await;
        match (answer, done) {
            (ContactAnswer::Help, Err(NotDone::Refused(Refusal::AlreadyClosed { .. }))) => {
                self.late_help(incident, &message).await
            }
            (_, done) => done.map_err(Problem::from),
        }
    }

    /// "Help" of a customer whose incident is closed is a report of theirs, as if they had pressed a button: an incident of life safety. It
    /// comes twice rather than not at all.
    async fn late_help(&self, incident: IncidentId, message: &str) -> Result<Done, Problem> {
        let records = self.desk.write(move |centre| centre.records(incident)).await.map_err(Problem::from)?;
        let version = records.last().map_or(0, |record| record.version);
        let account = records.iter().find_map(|record| match record.event {
            IncidentEvent::Opened { account, .. } => account,
            _ => None,
        });
        let account = account.ok_or_else(|| Problem::not_found("account", "用户"))?;
        let text = format!("help, after incident {incident} was closed / 警情 {incident} 结案后求助");
        self.cry(account, text, format!("first-contact {message}")).await?;
        Ok(Done { seq: 0, version })
    }

    /// A customer calls for help: a report of theirs, as if they had pressed a button.
    pub(super) async fn cry(&self, account: AccountNumber, text: String, peer: String) -> Result<(), Problem> {
        let report = Report::by_person(now(), account, PANIC, text);
        let signal = NewSignal { report, peer, answer: Answer::None, raw: Vec::new() };
        let intake = self.intake.upgrade().ok_or_else(Problem::unavailable)?;
        if intake.report(signal).await { Ok(()) } else { Err(Problem::unavailable()) }
    }

    /// What was heard before moves nothing and is taken, also where its incident is closed meanwhile. What is said of an offer that is
    /// over, or that was another's, moves nothing either, and people see it.
    async fn record_unit(&self, saying: ToOffer) -> Result<Done, Problem> {
        let ToOffer { message, incident, unit, mut offer, says: answer, text: note, scene } = saying;
        let found = scene.as_ref().map(|found| found.beside(&note));
        let text = filled(&note);
        let speaks = false;
        let mut command =
            Command::RecordUnitAnswer { unit, offer, answer, message: message.clone(), speaks, note, scene };
        let mut done = self.desk.act(on(incident, command.clone())).await;
        // Which offer they mean matters to nobody who is in danger.
        if let (UnitAnswer::Help, Err(NotDone::Refused(Refusal::NotOffered { .. }))) = (answer, &done)
            && let Some(newest) = self.newest_offer(incident, unit).await?
            && let Command::RecordUnitAnswer { offer: meant, .. } = &mut command
        {
            (offer, *meant) = (newest, newest);
            done = self.desk.act(on(incident, command)).await;
        }
        if let Err(NotDone::Refused(Refusal::AlreadyHeard | Refusal::AlreadyClosed { .. })) = done {
            let records = self.desk.write(move |centre| centre.records(incident)).await.map_err(Problem::from)?;
            let known =
                records.iter().find_map(|record| match &record.event {
                    IncidentEvent::UnitAnswered {
                        unit: of, offer: to, answer: said, message: number, note, ..
                    } if *to == offer && *number == message => Some((
                        record.version,
                        (*of, *said) == (unit, answer) && (*note == text || found.is_some() && *note == found),
                    )),
                    _ => None,
                });
            if known.is_some() {
                return heard_before(&message, known);
            }
        }
        done.map_err(Problem::from)
    }

    async fn record_staff(&self, saying: ToCallIn) -> Result<Done, Problem> {
        let ToCallIn { message, storm, staff: answer, text: note } = saying;
        let command = StormCommand::AnswerCallIn { answer, message: Some(message.clone()), note: note.clone() };
        let done = self.desk.act(about(storm, command)).await;
        let Err(NotDone::RefusedStorm(StormRefusal::AlreadyHeard)) = done else { return done.map_err(Problem::from) };
        let records = self.desk.write(move |centre| centre.storm_records(storm)).await.map_err(Problem::from)?;
        let known = records.iter().find_map(|record| match &record.event {
            StormEvent::StaffAnswered { answer: said, message: Some(number), note: text } if *number == message => {
                Some((record.version, *said == answer && *text == filled(&note)))
            }
            _ => None,
        });
        heard_before(&message, known)
    }

    /// An answer that ended its question is recognised by its number in the journal when it comes again.
    async fn record_answer(&self, way: &str, saying: ToHandOff) -> Result<Done, Problem> {
        let ToHandOff { message, incident, number, answer, reason, outcome, eta_s, reference, text } = saying;
        let heard = message.clone();
        let (message, note) = (Some(message), text);
        // The desk knows whose hand-off it is: asked for each authority that this way is set for, it takes one of them.
        let mut refused = Problem::refused(&Refusal::NoSuchHandOff { number });
        for to in Authority::ALL.iter().copied().filter(|to| self.outside.config.serves(way, *to)) {
            let (from, reference, message, note) = (Some(to), reference.clone(), message.clone(), note.clone());
            let unread = false;
            let command = Command::RecordAnswer {
                number,
                answer,
                from,
                reason,
                outcome,
                eta_s,
                reference,
                message,
                unread,
                note,
            };
            match self.desk.act(on(incident, command)).await {
                Ok(done) => return self.heard_of_hand_off(incident, number, &heard, done).await,
                Err(NotDone::Refused(Refusal::NoSuchHandOff { .. })) => {}
                Err(other) => refused = Problem::from(other),
            }
        }
        Err(refused)
    }

    /// What was said now under this number of theirs, against what was said under it first: the desk moves nothing by a number that it
    /// knows, and whoever says something else by it has to be seen by people.
    async fn heard_of_hand_off(
        &self,
        incident: IncidentId,
        hand_off: u16,
        heard: &str,
        done: Done,
    ) -> Result<Done, Problem> {
        let records = self.desk.write(move |centre| centre.records(incident)).await.map_err(Problem::from)?;
        let said = records.into_iter().filter_map(|record| match record.event {
            IncidentEvent::AuthorityAnswered {
                number,
                answer,
                reason,
                outcome,
                eta_s,
                reference,
                message,
                note,
                ..
            } if number == hand_off && message.as_deref() == Some(heard) => {
                Some((record.version, (answer, reason, outcome, eta_s, reference, note)))
            }
            _ => None,
        });
        let said: Vec<_> = said.collect();
        match (said.first(), said.last()) {
            (Some((first, before)), Some((last, now))) if first != last => {
                heard_before(heard, Some((*first, before == now)))
            }
            _ => Ok(done),
        }
    }
}

/// The same, where it has a number.
fn named(saying: Saying) -> Result<Saying, Problem> {
    if saying.message().trim().is_empty() || saying.message().len() > MESSAGE_MAX {
        return Err(Problem::invalid(
            format!("message: 1 to {MESSAGE_MAX} bytes that name this answer"),
            &format!("message 应为 1 至 {MESSAGE_MAX} 字节，作为该答复的编号"),
        ));
    }
    Ok(saying)
}

/// An answer under a number that was heard before: the same answer is one, anything else has to be seen by people.
pub(super) fn heard_before(number: &str, known: Option<(u32, bool)>) -> Result<Done, Problem> {
    match known {
        Some((_, false)) => Err(Problem::new(
            StatusCode::CONFLICT,
            NUMBER_USED,
            format!("another answer was heard under the number {number}"),
            format!("编号 {number} 已用于另一答复"),
        )),
        known => Ok(Done { seq: 0, version: known.map_or(0, |(version, _)| version) }),
    }
}

/// A text that says something, as the desk writes it down.
pub(super) fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What something is recognised by that has no number, or none that can be read.
pub(super) fn digest(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
