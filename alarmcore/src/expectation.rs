//! `Expectation`: what a card expects besides tests and hours. One rule kind: "expect this event within that time, else raise
//! this". It carries rounds of guards, ways in and out, and people who are alone.

mod due;
mod parse;

use core::fmt;
use std::sync::Arc;

use contactid::{Class, Code, Qualifier};
use serde::{Deserialize, Serialize};

pub use due::Tested;
pub(crate) use due::edges;
pub use parse::{ExpectationError, ExpectationsError};

use crate::account::AccountState;
use crate::lowered::Lowering;
use crate::policy::is_life_safety;
use crate::queue::Priority;
use crate::restore::Place;
use crate::schedule::Schedule;
use crate::test_session::Scope;
use crate::time::Timestamp;

/// Something that an account has to send within a time, and what the centre reports when it does not.
///
/// It is written, stored and shown as one line of entries, parted by semicolons:
///
/// | entry | what it says |
/// |---|---|
/// | `name East gate` | how people call it |
/// | `expect E422 user 7` | the event that has to come |
/// | `after E422 user 6` | the event that begins the time: the last point of a round, an entry. When it comes again before the time is over, the time begins again |
/// | `after itself` | the event itself begins the time anew: somebody who is alone reports again and again |
/// | `until closing` | the event that ends it all: whoever was alone has left |
/// | `zone Asia/Shanghai; Mon-Fri 22:00-23:00` | hours, written as those of a [`Schedule`]. Without `after`, each of its hours begins the time anew when they begin, also where they touch; with `after`, only what begins in them counts |
/// | `within 30m` | the time: seconds, minutes, hours or days |
/// | `tolerance 5m` | how much later is still in time, and how much earlier than its hours, but not in the hours before; 0 to 240 minutes, 0 where it is not said |
/// | `raise 102` | what the centre reports when it does not come, a code of Contact ID; `after itself` raises 102 "expected check-in not received" where it is not said, which is life safety |
/// | `priority 3` | how urgent that is, from 1 to 10; 4 where it is not said. Life safety is always 1 |
/// | `again 15m` | that it is reported again each time so long after, until the event comes |
///
/// An event is a code of Contact ID with its qualifier, as `E422` or `R426`, a code of SIA, `opening`, `closing`, `test`, or the
/// word of a class, as `access`; with `zone 5` or `user 7`, and `area 2`.
///
/// ```
/// let text = "name Lone worker; expect access user 7; after itself; until closing user 7; within 30m";
/// let expectation: alarmcore::Expectation = text.parse()?;
/// assert_eq!(expectation.to_string(), format!("{text}; raise 102"));
/// let error = "name Gate; expect E422; within 30".parse::<alarmcore::Expectation>().unwrap_err();
/// assert_eq!(error.to_string(), "character 32: expected a time such as 45s, 30m, 2h or 1d, found \"30\"");
/// # Ok::<(), alarmcore::ExpectationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Expectation {
    name: Arc<str>,
    event: Event,
    begins: Begins,
    until: Option<Event>,
    hours: Option<Schedule>,
    within_s: u32,
    tolerance_min: u16,
    raise: Code,
    priority: Option<Priority>,
    again_s: Option<u32>,
    since: Timestamp,
}

/// What begins the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begins {
    /// Each of its hours.
    Hours,
    /// Another event.
    After(Event),
    /// The event itself.
    Itself,
}

/// An event that is looked for, stored as the words of the line that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Event {
    pub(crate) what: What,
    pub(crate) number: Option<Number>,
    pub(crate) area: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Opening,
    Closing,
    Test,
    /// Anything of this class that is no restore.
    Class(Class),
    Code(Code, Qualifier),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Zone(u32),
    User(u32),
}

/// What the centre reports of an expectation, beside its group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Raised {
    /// The code.
    pub code: Code,
    /// The zone or the user that was expected, where one is named.
    pub number: Option<u32>,
    /// How people call the expectation; empty for one that the card has no more.
    pub name: Arc<str>,
}

impl Expectation {
    /// The code of Contact ID under which a missing check-in is reported, where nothing else is said: life safety.
    pub const CHECK_IN: u16 = 102;
    /// How many of them a card holds at most.
    pub const MAX: usize = 32;
    /// The longest time and the longest wait before it is reported again, in seconds: a week.
    pub const TIME_MAX_S: u32 = 7 * 24 * 3600;
    /// The longest name, in characters.
    pub const NAME_MAX: usize = 64;

    /// How people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How urgent its absence is.
    pub fn priority(&self) -> Priority {
        if is_life_safety(self.raise.class()) {
            return Priority::LIFE_SAFETY;
        }
        self.priority.unwrap_or(const { Priority::clamped(4) })
    }

    /// Since when it has been missing; `None` if it is not.
    pub fn missed_since(&self, state: &AccountState) -> Option<Timestamp> {
        state.missed.iter().find(|missed| missed.place() == self.place()).map(|missed| missed.since)
    }

    /// Does a test of this scope pause it? It does where it covers what would be reported of it: life safety only where that is
    /// named.
    pub fn is_covered(&self, scope: &Scope) -> bool {
        scope.covers(self.raise, self.number())
    }

    /// Does this suspension or agreement pause it? It does where it covers what would be reported of it: never life safety, so that
    /// somebody who is alone is looked after all the same.
    pub fn is_lowered_by(&self, lowering: &Lowering) -> bool {
        lowering.covers(self.raise, self.number())
    }

    /// Those that a card is to have, each with the moment from which on it holds: as before for one that was there, and else
    /// `at`. What lies before that moment is not missed.
    pub fn dated(wanted: &[Self], before: &[Self], at: Timestamp) -> Vec<Self> {
        let since = |wanted: &Self| {
            let same = before.iter().find(|before| Self { since: before.since, ..wanted.clone() } == **before);
            same.map_or(at, |same| same.since)
        };
        wanted.iter().map(|wanted| Self { since: since(wanted), ..wanted.clone() }).collect()
    }

    /// The one of these whose absence is reported so.
    pub(crate) fn reported<'a>(all: &'a [Self], place: &Place) -> Option<&'a Self> {
        all.iter().find(|one| one.place() == *place)
    }

    pub(crate) fn place(&self) -> Place {
        Place { code: self.raise, group: self.event.area, number: self.number() }
    }

    /// Since when it holds: what lies before is not missed.
    pub(crate) const fn since(&self) -> Timestamp {
        self.since
    }

    /// The events that it looks for.
    pub(crate) fn events(&self) -> impl Iterator<Item = Event> {
        let begun = match self.begins {
            Begins::After(event) => Some(event),
            Begins::Hours | Begins::Itself => None,
        };
        [Some(self.event), begun, self.until].into_iter().flatten().filter(|event| event.what != What::Test)
    }

    fn number(&self) -> Option<u32> {
        self.event.number.map(|(Number::Zone(number) | Number::User(number))| number)
    }

    fn raised(&self) -> Raised {
        Raised { code: self.raise, number: self.number(), name: self.name.clone() }
    }
}

/// As a card is stored: the line, and since when it holds, in milliseconds.
#[derive(Serialize, Deserialize)]
struct Stored {
    line: String,
    #[serde(default)]
    since: Timestamp,
}

impl TryFrom<Stored> for Expectation {
    type Error = ExpectationError;

    fn try_from(Stored { line, since }: Stored) -> Result<Self, ExpectationError> {
        Ok(Self { since, ..line.parse()? })
    }
}

impl From<Expectation> for Stored {
    fn from(expectation: Expectation) -> Self {
        Self { line: expectation.to_string(), since: expectation.since }
    }
}

impl TryFrom<String> for Event {
    type Error = ExpectationError;

    fn try_from(words: String) -> Result<Self, ExpectationError> {
        words.parse()
    }
}

impl From<Event> for String {
    fn from(event: Event) -> Self {
        event.to_string()
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Opening => f.write_str("opening"),
            What::Closing => f.write_str("closing"),
            What::Test => f.write_str("test"),
            What::Class(class) => f.write_str(class.as_str()),
            What::Code(Code::Cid(code), qualifier) => {
                let letter = match qualifier {
                    Qualifier::New => 'E',
                    Qualifier::Restore => 'R',
                    Qualifier::Status => 'P',
                };
                write!(f, "{letter}{code}")
            }
            What::Code(code @ (Code::Sia(_) | Code::Own(_)), _) => write!(f, "{code}"),
        }?;
        match self.number {
            Some(Number::Zone(zone)) => write!(f, " zone {zone}"),
            Some(Number::User(user)) => write!(f, " user {user}"),
            None => Ok(()),
        }?;
        self.area.map_or(Ok(()), |area| write!(f, " area {area}"))
    }
}

/// The line that it is read from.
impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "name {}; expect {}", self.name, self.event)?;
        match &self.begins {
            Begins::Hours => {}
            Begins::After(event) => write!(f, "; after {event}")?,
            Begins::Itself => f.write_str("; after itself")?,
        }
        if let Some(until) = &self.until {
            write!(f, "; until {until}")?;
        }
        // The tolerance of its hours is its own, and said once.
        for line in self.hours.iter().flat_map(Schedule::lines) {
            if !matches!(line, crate::schedule::ScheduleLine::Tolerance(_)) {
                write!(f, "; {line}")?;
            }
        }
        write!(f, "; within {}", Time(self.within_s))?;
        if self.tolerance_min > 0 {
            write!(f, "; tolerance {}m", self.tolerance_min)?;
        }
        write!(f, "; raise {}", self.raise)?;
        if let Some(priority) = self.priority {
            write!(f, "; priority {}", priority.get())?;
        }
        self.again_s.map_or(Ok(()), |again_s| write!(f, "; again {}", Time(again_s)))
    }
}

/// Seconds, in the largest unit that they are a whole number of.
struct Time(u32);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            secs if secs.is_multiple_of(86_400) => write!(f, "{}d", secs / 86_400),
            secs if secs.is_multiple_of(3600) => write!(f, "{}h", secs / 3600),
            secs if secs.is_multiple_of(60) => write!(f, "{}m", secs / 60),
            secs => write!(f, "{secs}s"),
        }
    }
}
