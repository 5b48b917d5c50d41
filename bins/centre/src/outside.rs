//! What goes out to other organisations by machine, and what they answer: off the desk's thread, so that a slow one delays nobody.
//!
//! ```text
//! desk ──commit 2──▶ outbox ──one task a message──▶ way: file or HTTP ──▶ the other end
//!   ▲                  ▲ done, or due again and why       │                  │
//!   └── answers ◀──────┴──────────────────────────────────┴─ file or POST ◀──┘
//! ```
//!
//! The outbox is the only memory: what was not settled when the process died is sent again under the same id. Where no way is
//! set, people telephone: the effect is shown, and done as soon as it is.

mod answers;
mod board;
mod closing;
mod config;
mod dc09;
mod far;
mod help;
mod inbox;
mod message;
mod tried;
mod unplaced;
mod way;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use alarmcore::{
    Command, ContactAnswer, Effect, IncidentId, LoweredCommand, OperatorId, Policy, Priority, Refusal, StaffAnswer,
    StormCommand, StormId, StormRefusal, Timestamp,
};
use axum::http::StatusCode;
use opsmodel::store::query::{Outgoing, Reader};
use receiver::Intake;
use tokio::sync::Notify;

use crate::cli::{Failure, OutsideTask};
use crate::desk::{Act, DeskHandle, NotDone, now};
use crate::problem::Problem;

pub(crate) use answers::{Ear, Heard};
pub(crate) use board::{OutsidePage, WayShown, look, seen};
pub(crate) use config::{Config, Told, read};
pub(crate) use far::{Far, Shown, certificates_in};
use message::Made;
pub(crate) use message::{has_address, way_there};
pub(crate) use tried::{Tried, Unread};
use way::{Delivered, Fault, Way};

/// How many messages are on their way to one other end at once.
const AT_ONCE: usize = 8;
/// How many more of life safety: what is slow to be taken for others holds it up not at all.
const AT_ONCE_LIFE_SAFETY: usize = 8;
/// How many messages that can be sent on a way are looked at, the most urgent: more than are on their way at once.
const LOOKED_AT: usize = 64;
/// How often what is due again is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long the desk may be busy before it is told again.
const BUSY: Duration = Duration::from_millis(500);

/// Does what the command line says.
pub(crate) fn run(task: &OutsideTask) -> Result<(), Failure> {
    let said = match task {
        OutsideTask::Example => config::DOCUMENTED.to_owned(),
        OutsideTask::Form => message::FORM_IN_WORDS.to_owned(),
        OutsideTask::Check { file } => {
            let Config { ways, hand_off, first_contact, call_in, late_close, people: told, .. } = read(file)?;
            let people = [("first_contact", &first_contact), ("call_in", &call_in), ("late_close", &late_close)];
            let people = people.into_iter().filter_map(|(what, way)| Some((what, way.as_ref()?)));
            let told = told.iter().map(|(what, way)| (what.word(), way));
            let goes = hand_off.iter().map(|(to, way)| (to.as_str(), way)).chain(people).chain(told);
            let mirrors = ways.iter().filter(|(_, way)| matches!(way, Way::Dc09(_)));
            let mirrors = mirrors.map(|(name, way)| format!("signals: {name}, by {}\n", way.by()));
            let goes: String =
                goes.map(|(to, way)| format!("{to}: {way}, by {}\n", ways[way].by())).chain(mirrors).collect();
            if goes.is_empty() { "people tell everybody\n".into() } else { goes }
        }
    };
    // Whoever reads it may have seen enough.
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

/// The ways out, as the desk knows them: what goes which, and whom to wake. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside {
    config: Arc<Config>,
    /// What people may answer whose site is not closed in time stands in it.
    policy: Arc<Policy>,
    given: Arc<Notify>,
    /// The ways of which the last attempt failed.
    tried: Arc<Mutex<BTreeMap<String, Tried>>>,
    /// How the last look at the folder of answers went, of each way that has one and was looked at.
    heard: Arc<Mutex<BTreeMap<String, Result<(), Unread>>>>,
    /// The ways on which something waits for its next attempt, as far as this process knows.
    waits: Arc<Mutex<BTreeSet<String>>>,
}

impl Outside {
    /// The ways of a configuration, under these rules.
    pub(crate) fn new(config: Config, policy: Policy) -> Self {
        Self { config: Arc::new(config), policy: Arc::new(policy), ..Self::default() }
    }

    /// The way that this effect goes; nothing where people see to it.
    pub(crate) fn way_of(&self, effect: &Effect) -> Option<&str> {
        self.config.way_of(effect)
    }

    /// The names of the ways that something can go.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.config.ways.keys().map(String::as_str).collect()
    }

    /// Is this lost with the way that it was given to? What another way takes is not, nor what people at the desk are shown anyway.
    pub(crate) fn is_lost(&self, effect: &Effect) -> bool {
        let sent = matches!(
            effect,
            Effect::HandOff { .. }
                | Effect::TellAuthority { .. }
                | Effect::Offer { .. }
                | Effect::Recall { .. }
                | Effect::TellUnit { .. }
                | Effect::FirstContact { .. }
                | Effect::AskClosing { .. }
                | Effect::CallIn { .. }
        );
        sent && self.way_of(effect).is_none()
    }

    /// Something was given to a way.
    pub(crate) fn wake(&self) {
        self.given.notify_one();
    }

    /// Takes in what the other ends say.
    pub(crate) fn ear(&self, desk: DeskHandle, live: crate::live::Live, intake: Weak<Intake>, data: PathBuf) -> Ear {
        Ear { outside: self.clone(), desk, live, intake, data }
    }
}

/// Sends what is owed and reads the folders that answers come in by, until the centre ends.
pub(crate) async fn work(ear: Ear) {
    let (outside, data) = (ear.outside.clone(), ear.data.clone());
    for (name, way) in &outside.config.ways {
        if let Way::File(folders) = way {
            tokio::spawn(inbox::watch(name.clone(), folders.answers.clone(), ear.clone()));
        }
    }
    let sender = Sender { ear, data, in_hand: Arc::default() };
    sender.give_up_astray().await;
    loop {
        for (name, way) in &outside.config.ways {
            sender.send_due(name, way).await;
        }
        // What follows a hand-off whose way is gone may come at any time.
        if tokio::time::timeout(LOOK_EVERY, outside.given.notified()).await.is_ok() {
            sender.give_up_astray().await;
        }
    }
}

/// A message that has not arrived.
#[derive(Clone)]
struct Again {
    /// When it is tried again.
    due_at: Timestamp,
    /// Why it has not arrived.
    why: String,
    /// The other end has it, and refuses it.
    refused: bool,
}

/// Why a message never arrives: a word for programs, and the reason in English and in Chinese.
type Unsent = (&'static str, String, String);

/// What sends, cheap to clone.
#[derive(Clone)]
struct Sender {
    ear: Ear,
    data: PathBuf,
    /// What is being sent just now, and on which way.
    in_hand: Arc<Mutex<HashMap<String, String>>>,
}

impl Sender {
    /// Begins to send what is due on a way, as much as goes at once.
    async fn send_due(&self, name: &str, way: &Way) {
        // What is in hand now may be settled before the answer below is looked at, which then still calls it owed.
        let before = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (data, asked) = (self.data.clone(), name.to_owned());
        let owed = ask(data, move |reader| reader.sendable(&asked, now(), LOOKED_AT)).await;
        let owed = match owed {
            Ok(owed) => owed,
            Err(why) => return tracing::error!(way = name, "what is owed cannot be read: {why}"),
        };
        for owed in self.next(name, owed, &before) {
            let (sender, way) = (self.clone(), way.clone());
            tokio::spawn(async move {
                let id = owed.id.clone();
                sender.attempt(way, owed).await;
                sender.in_hand.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                sender.ear.outside.wake();
            });
        }
    }

    /// Of what can be sent on a way, what is sent now: the most urgent.
    fn next(&self, way: &str, owed: Vec<(Priority, Outgoing)>, before: &HashMap<String, String>) -> Vec<Outgoing> {
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        let mut busy = in_hand.values().filter(|its| *its == way).count();
        let mut next = Vec::new();
        for (priority, owed) in owed {
            let more = if priority == Priority::LIFE_SAFETY { AT_ONCE_LIFE_SAFETY } else { 0 };
            if busy < AT_ONCE + more && !in_hand.contains_key(&owed.id) && !before.contains_key(&owed.id) {
                in_hand.insert(owed.id.clone(), way.to_owned());
                busy += 1;
                next.push(owed);
            }
        }
        next
    }

    /// One attempt, and its outcome.
    async fn attempt(&self, way: Way, owed: Outgoing) {
        let Outgoing { id, at, effect, attempts, refusals, way: name, .. } = owed;
        let (tries, attempt) = (way.tries(), attempts + 1);
        let (centre, key, what) = (self.ear.outside.config.centre.clone(), id.clone(), effect.clone());
        let policy = self.ear.outside.policy.clone();
        let message =
            ask(self.data.clone(), move |reader| Ok(message::made(reader, (&centre, &policy), &key, at, &what, now())))
                .await;
        let sent = match message.and_then(|message| message) {
            Ok(Made::Over(why)) => {
                tracing::info!(way = name, %id, "not sent: {why}");
                return self.leave(id, why).await;
            }
            Ok(Made::Unsaid) => return tokio::time::sleep(BUSY).await,
            Ok(Made::Send(message)) => {
                let key = id.clone();
                let sent = tokio::task::spawn_blocking(move || way.deliver(&key, &message)).await;
                sent.unwrap_or_else(|error| Err(Fault::again(error)))
            }
            Err(why) => Err(Fault::again(why)),
        };
        self.ear.outside.note(&name, sent.as_ref().err());
        let forwards = matches!(effect, Effect::Forward { .. });
        match sent {
            Ok(Delivered { receipt, answers }) => {
                let offer = self.offer_of(&effect, at).await;
                if let Some(act) = delivered(&effect, offer, receipt) {
                    self.tell(&name, &id, act, None).await;
                }
                for answer in answers {
                    // Busy: the message stays owed and goes again, and its answers come again with it.
                    if self.ear.hear(&name, &answer).await.is_err() {
                        return;
                    }
                }
                self.settle(id, None).await;
                self.hurry(&name).await;
            }
            Err(Fault { why, why_zh, for_good, refused })
                if forwards && (for_good || (refused && refusals + 1 >= tries)) =>
            {
                tracing::error!(way = name, %id, attempt, "cannot be forwarded: {why}");
                self.say_unforwarded(&effect, &name, [&why, &why_zh]).await;
                self.keep_unsent(&name, &id, &effect, ("not-forwarded", why, why_zh)).await;
                self.settle(id, None).await;
            }
            Err(Fault { why, why_zh, for_good, .. }) if for_good || (attempt >= tries && !forwards) => {
                tracing::error!(way = name, %id, attempt, "given up: {why}");
                self.give_up(&name, (id, at, effect), (why, why_zh)).await;
            }
            Err(Fault { why, refused, .. }) => {
                tracing::warn!(way = name, %id, attempt, tries, "not delivered: {why}");
                self.settle(id, Some(Again { due_at: now().plus_secs(way::back_off_s(attempt)), why, refused })).await;
            }
        }
    }

    /// What is owed on a way that this start does not know fails: whoever believes that it was sent hears that it was not.
    async fn give_up_astray(&self) {
        loop {
            let ways: Vec<String> = self.ear.outside.config.ways.keys().cloned().collect();
            let astray = ask(self.data.clone(), move |reader| {
                reader.astray(&ways.iter().map(String::as_str).collect::<Vec<_>>(), LOOKED_AT)
            });
            match astray.await {
                Ok(astray) if astray.is_empty() => return,
                Ok(astray) => {
                    for Outgoing { id, at, effect, way, .. } in astray {
                        tracing::error!(way, %id, "given up: the way is not configured any more");
                        let why = format!("the way {way} is not configured any more");
                        let why_zh = format!("配置中已无途径 {way}");
                        self.give_up(&way, (id, at, effect), (why, why_zh)).await;
                    }
                }
                Err(why) => {
                    tracing::error!("what is owed cannot be read: {why}");
                    tokio::time::sleep(BUSY).await;
                }
            }
        }
    }

    /// It never arrives: the desk hears so, or people see it.
    async fn give_up(&self, way: &str, (id, at, effect): (String, Timestamp, Effect), (why, why_zh): (String, String)) {
        let told = self.offer_of(&effect, at).await;
        match failed(&id, &effect, told, why.clone()) {
            Some(act) => self.tell(way, &id, act, Some(&effect)).await,
            None => self.keep_unsent(way, &id, &effect, ("not-delivered", why, why_zh)).await,
        }
        // A hand-off that failed rings by itself; whom else it was for, people now have to reach.
        self.ear.ring(Priority::LEAST);
        self.settle(id, None).await;
    }

    /// Which offer of its incident a unit was to be told of, or called back from.
    async fn offer_of(&self, effect: &Effect, at: Timestamp) -> Option<u16> {
        let (incident, unit, recalled) = match *effect {
            Effect::Offer { incident, unit, .. } => (incident, unit, false),
            Effect::Recall { incident, unit } => (incident, unit, true),
            _ => return None,
        };
        loop {
            let asked = ask(self.data.clone(), move |reader| reader.incident(incident)).await;
            match asked {
                Ok(page) => return message::offer_of(&page?, unit, at, recalled),
                Err(why) => tracing::error!(%incident, "an incident cannot be read: {why}"),
            }
            tokio::time::sleep(BUSY).await;
        }
    }

    /// The incident of a signal that another centre will never have says so, and calls.
    async fn say_unforwarded(&self, effect: &Effect, way: &str, [why, why_zh]: [&str; 2]) {
        let &Effect::Forward { signal, .. } = effect else { return };
        let held = ask(self.data.clone(), move |reader| reader.held_in(signal)).await;
        let Ok(Some((incident, priority))) = held else { return };
        let why = if why == why_zh { why.to_owned() } else { format!("{why} / {why_zh}") };
        let note = format!("not forwarded / 未能转发: {way}: {why}");
        self.tell(way, "", on(incident, Command::Note { note }), None).await;
        let alerts = vec![(incident, priority)];
        self.ear.live.publish(crate::live::Change { alerts, ..crate::live::Change::default() });
    }

    /// Tells the desk until it has heard. Where it knows already, that is all; where nobody is at work on it any more, a failure is
    /// kept for people to see.
    async fn tell(&self, way: &str, id: &str, act: Act, failed: Option<&Effect>) {
        loop {
            let refused = match self.ear.desk.act(act.clone()).await {
                Err(NotDone::Unavailable) => None,
                Err(over @ NotDone::Refused(Refusal::AlreadyClosed { .. } | Refusal::DispatchStands { .. }))
                | Err(over @ NotDone::RefusedStorm(StormRefusal::Over)) => Some(Problem::from(over)),
                Ok(_) | Err(_) => return,
            };
            if let Some(problem) = refused {
                let Some(effect) = failed else { return };
                let body = serde_json::to_string(effect).unwrap_or_default();
                if self
                    .ear
                    .keep(way, format!("not delivered: {id}"), &body, &problem, Some(Priority::LEAST))
                    .await
                    .is_ok()
                {
                    return;
                }
            }
            tokio::time::sleep(BUSY).await;
        }
    }

    /// Keeps what never arrives, and is no part of an incident, for people to see: a signal that another centre will never take.
    async fn keep_unsent(&self, way: &str, id: &str, effect: &Effect, (code, why, why_zh): Unsent) {
        let body = serde_json::to_string(effect).unwrap_or_default();
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, why, why_zh);
        while self.ear.keep(way, format!("not delivered: {id}"), &body, &problem, Some(Priority::LEAST)).await.is_err()
        {
            tokio::time::sleep(BUSY).await;
        }
    }

    /// Something got through: what waits on this way for its next attempt waits no longer, each account and hand-off in its order.
    async fn hurry(&self, way: &str) {
        if !self.ear.outside.waits.lock().unwrap_or_else(PoisonError::into_inner).remove(way) {
            return;
        }
        let name = way.to_owned();
        // What is not stored now goes at its time.
        let hurried = self.ear.desk.write(move |centre| centre.hurry(&name, now())).await;
        if hurried.is_err() {
            self.ear.outside.waits.lock().unwrap_or_else(PoisonError::into_inner).insert(way.to_owned());
        }
        self.ear.outside.wake();
    }

    /// Says in the outbox that an effect is not performed any more.
    async fn leave(&self, id: String, why: &'static str) {
        loop {
            let key = id.clone();
            if self.ear.desk.write(move |centre| centre.leave(&key, now(), why)).await.is_ok() {
                return;
            }
            tokio::time::sleep(BUSY).await;
        }
    }

    /// Says in the outbox that an effect is done, or when it is due again and why.
    async fn settle(&self, id: String, again: Option<Again>) {
        loop {
            let (key, again) = (id.clone(), again.clone());
            let settled = self.ear.desk.write(move |centre| match again {
                None => centre.done(&key, now()),
                Some(Again { due_at, why, refused: false }) => centre.retry(&key, due_at, &why),
                Some(Again { due_at, why, refused: true }) => centre.refused(&key, due_at, &why),
            });
            if settled.await.is_ok() {
                return;
            }
            tokio::time::sleep(BUSY).await;
        }
    }
}

/// Asks the store on a connection of its own, away from the async threads.
async fn ask<T: Send + 'static>(
    data: PathBuf,
    question: impl FnOnce(&Reader) -> Result<T, opsmodel::store::StoreError> + Send + 'static,
) -> Result<T, String> {
    let asked = tokio::task::spawn_blocking(move || Reader::open(&data).and_then(|reader| question(&reader)));
    asked.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

/// The hand-off that a message is about, and its place in it: 1 is the hand-off itself.
fn place(effect: &Effect) -> Option<((IncidentId, u16), u32)> {
    match *effect {
        Effect::HandOff { incident, number, .. } => Some(((incident, number), 1)),
        Effect::TellAuthority { incident, number, sequence, .. } => Some(((incident, number), sequence)),
        _ => None,
    }
}

/// What the desk is told of a message that has arrived; of an offer, which it is.
fn delivered(effect: &Effect, offer: Option<u16>, note: Option<String>) -> Option<Act> {
    if let Effect::Offer { incident, unit, .. } = *effect {
        return Some(on(incident, Command::ConfirmOffer { unit, offer: offer? }));
    }
    let ((incident, number), sequence) = place(effect)?;
    Some(on(incident, Command::ConfirmDelivery { number, sequence, note }))
}

/// What the desk is told of one that could not be delivered; of an offer or a recall, which offer it is about.
fn failed(id: &str, effect: &Effect, offer: Option<u16>, why: String) -> Option<Act> {
    match *effect {
        Effect::Offer { incident, unit, .. } => {
            Some(on(incident, Command::FailOffer { unit, offer: offer?, note: Some(why) }))
        }
        Effect::Recall { incident, unit } => {
            Some(on(incident, Command::FailRecall { unit, offer: offer?, note: Some(why) }))
        }
        Effect::TellUnit { incident, unit, offer, .. } => {
            Some(on(incident, Command::FailTelling { unit, offer, note: Some(why) }))
        }
        Effect::FirstContact { incident } => {
            Some(on(incident, Command::AnswerContact { answer: ContactAnswer::Silent, note: Some(why) }))
        }
        Effect::AskClosing { account, signal, .. } => {
            let command = LoweredCommand::FailClosing { signal, note: Some(why) };
            Some(Act::Lowered { by: OperatorId::OUTSIDE, account, command })
        }
        Effect::CallIn { storm } => {
            let (answer, message, note) = (StaffAnswer::Unreached, Some(id.to_owned()), Some(why));
            Some(about(storm, StormCommand::AnswerCallIn { answer, message, note }))
        }
        _ => {
            let ((incident, number), sequence) = place(effect)?;
            Some(on(incident, Command::FailDelivery { number, sequence, note: Some(why) }))
        }
    }
}

/// An act of the outside on an incident.
const fn on(incident: IncidentId, command: Command) -> Act {
    Act::Incident { by: OperatorId::OUTSIDE, incident, command, second: None }
}

/// An act of the outside on a storm.
const fn about(storm: StormId, command: StormCommand) -> Act {
    Act::Storm { by: OperatorId::OUTSIDE, supervisor: false, storm: Some(storm), command, second: None }
}
