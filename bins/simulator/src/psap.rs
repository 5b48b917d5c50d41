//! A simulated authority: takes hand-offs of an alarm centre over HTTP or as files, and answers as it is told to, with delays,
//! duplicates and losses. In a storm it is the gateway to customers and staff as well, and the one to
//! units that are asked to go. The form of both is what `centre outside form` prints.

mod files;
mod http;
mod word;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

pub use files::serve_files;
pub use http::{Caller, serve_http};
pub use word::{Word, WordError};

/// How an authority behaves.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// What it says to each hand-off, in this order.
    pub says: Vec<Word>,
    /// How long it takes before each answer.
    pub delay: Duration,
    /// It says everything twice.
    pub twice: bool,
    /// Every answer with a number that this divides is lost; 0 for none.
    pub loses: u32,
    /// The first so many requests are answered 503.
    pub fails: u32,
    /// It answers in its response, and not by a request of its own.
    pub in_response: bool,
    /// It goes on although it was asked not to come.
    pub refuses_cancel: bool,
    /// What a customer says who is asked in a storm: `all-well`, `help`, `away` or `silent`; nothing where it is empty.
    pub contact: String,
    /// What staff says that is called in: `coming` or `not-coming`; nothing where it is empty.
    pub staff: String,
    /// What a unit says that is asked to go, in this order: `accepted`, `declined`, `departed`, `on-site`, `left` or `done`.
    pub unit: Vec<String>,
    /// What a unit reports of the scene with its last word; nothing where it is not said.
    pub scene: Option<Value>,
}

/// What happens at an authority, as one line of JSON each.
pub type Witness = dyn Fn(&Value) + Send + Sync;

/// A simulated authority, cheap to clone.
#[derive(Clone)]
pub struct Psap {
    course: Arc<Course>,
    seen: Arc<Mutex<Seen>>,
    witness: Arc<Witness>,
}

#[derive(Default)]
struct Seen {
    /// Every message by its id, with what is said to it.
    messages: BTreeMap<String, (Value, Vec<Value>)>,
    /// How often each came.
    times: BTreeMap<String, u32>,
    requests: u32,
    answers: u32,
}

/// What is made of a message.
enum Taken {
    /// It is told to come again later.
    Later,
    /// It is no message of a centre, and why.
    Wrong(&'static str),
    /// It is stored. What is to be said to it, and whether it came before.
    Stored { id: String, answers: Vec<Value>, again: bool },
}

impl Psap {
    /// One that behaves so, and tells `witness` what happens.
    pub fn new(course: Course, witness: impl Fn(&Value) + Send + Sync + 'static) -> Self {
        Self { course: Arc::new(course), seen: Arc::default(), witness: Arc::new(witness) }
    }

    /// What came, by id, with how often it came.
    pub fn messages(&self) -> Vec<(Value, u32)> {
        let seen = self.seen();
        seen.messages.iter().map(|(id, (message, _))| (message.clone(), seen.times[id])).collect()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a message in: once, however often it comes.
    fn take(&self, message: Value) -> Taken {
        let mut seen = self.seen();
        seen.requests += 1;
        if seen.requests <= self.course.fails {
            drop(seen);
            (self.witness)(&json!({ "refused": message["id"] }));
            return Taken::Later;
        }
        let Some(id) = message["id"].as_str().map(str::to_owned) else { return Taken::Wrong("id is missing") };
        if !message["incident"].is_u64() && !message["storm"].is_u64() {
            return Taken::Wrong("incident or storm is missing");
        }
        *seen.times.entry(id.clone()).or_default() += 1;
        let again = seen.messages.contains_key(&id);
        let answers = match seen.messages.get(&id) {
            Some((_, answers)) => answers.clone(),
            None => {
                let words = self.words(&message);
                let answers = words.iter().enumerate().map(|(place, word)| word.said(&message, &id, place)).collect();
                let answers = self.spoil(&mut seen, answers);
                seen.messages.insert(id.clone(), (message.clone(), answers.clone()));
                answers
            }
        };
        drop(seen);
        (self.witness)(&json!({ "got": id, "kind": message["kind"], "to": message["to"], "again": again }));
        Taken::Stored { id, answers, again }
    }

    /// What it says to a message.
    fn words(&self, message: &Value) -> Vec<Word> {
        match message["kind"].as_str() {
            Some("hand-off") => self.course.says.clone(),
            Some("ask-eta") => vec![Word::Eta(300)],
            Some("cancel") if self.course.refuses_cancel => vec![Word::CancelRefused],
            Some("cancel") => vec![Word::Cancelled],
            Some("first-contact") if !self.course.contact.is_empty() => {
                vec![Word::Contact(self.course.contact.clone())]
            }
            Some("call-in") if !self.course.staff.is_empty() => vec![Word::Staff(self.course.staff.clone())],
            Some("offer") => {
                let last = self.course.unit.len().saturating_sub(1);
                let scene = |place| self.course.scene.clone().filter(|_| place == last);
                let said = self.course.unit.iter().cloned().enumerate();
                said.map(|(place, said)| Word::Unit { said, scene: scene(place) }).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The answers as they leave: some lost, some twice.
    fn spoil(&self, seen: &mut Seen, answers: Vec<Value>) -> Vec<Value> {
        let mut left = Vec::new();
        for answer in answers {
            seen.answers += 1;
            if self.course.loses > 0 && seen.answers.is_multiple_of(self.course.loses) {
                (self.witness)(&json!({ "lost": answer["message"] }));
                continue;
            }
            left.extend(std::iter::repeat_n(answer, if self.course.twice { 2 } else { 1 }));
        }
        left
    }
}
