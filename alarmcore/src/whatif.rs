//! What would have been under other rules: the signals and acts of the past, through two desks side by side.
//!
//! Both desks start from one [`Snapshot`] and hear the same; one works by the policy that was in force, one by the policy
//! that is asked about. What is recorded stays the judge: a [`TrueEvent`] is what people found, and what the first desk says
//! is compared with what was decided at the time, so that it is known how far the replay can be believed.
//!
//! # What it can know, and what it cannot
//!
//! - Acts keep their recorded moments. Nobody is faster here because the queue is shorter, or slower because it is longer.
//! - An act on an incident is done on the incident that holds the same first signal. While that signal is held here, the act
//!   waits for it to be shown. Where it never is, the act is dropped and counted; where the rules refuse it, it is refused and
//!   counted. What nobody did then, nobody does here: an incident that
//!   only the new policy opens stays untouched, and later alarms of its account join it.
//! - Where the clock was set back, deadlines that fell due before that may fall due a little later here: what told the time and
//!   left no record is not remembered.
//! - What the centre itself reported of tests, openings and closings that did not come, or came after all, is made anew for the
//!   accounts whose rules about that differ; what was overdue already is reported at the beginning, and the centre is taken to have
//!   run all the time. Of lines that fell silent, and of the centre's own faults, it is heard what was reported then.
//! - What was refused at the time left no record: it is not tried again under a policy that would have granted it.
//! - Some sections of a policy act by what is not kept, such as who sat where: where one of them differs, [`Unreplayed`] names it.

mod anew;
mod course;
mod differing;
mod missed;
mod trace;
mod unreplayed;

use std::collections::{BTreeMap, BTreeSet};

use contactid::AccountNumber;
use serde::Serialize;

use crate::account::AccountCard;
use crate::disposition::{OutcomeWord, Rule};
use crate::false_calls::FalseCallsRecord;
use crate::id::{OperatorId, SignalId};
use crate::incident::{Command, Incident};
use crate::lowered::LoweredRecord;
use crate::policy::Policy;
use crate::report::Received;
use crate::snapshot::{Held, Snapshot};
use crate::storm::{Area, StormRecord};
use crate::test_session::TestRecord;
use crate::time::Timestamp;
use crate::unit::UnitCard;
use anew::Anew;
use course::Course;
pub use differing::{Aspect, Difference, Differing, Opening, Shown};
pub use missed::{Missed, TrueEvent};
use trace::Trace;
pub use unreplayed::{NotReplayed, Unreplayed};

/// One thing of the past, in the order in which the desk heard of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Past {
    /// A signal, and the last that was decided about it at the time, where that is known.
    Signal(Received, Option<Decided>),
    /// An act of a person.
    Act(PastAct),
    /// What a person did about the test of an account: a fact under any policy. What a test comes to by itself follows from it.
    Test(AccountNumber, TestRecord),
    /// A person at the desk who was gone at this moment: what they had went back to the queue.
    Gone(OperatorId, Timestamp),
    /// What a person did about the false alarms of an account.
    FalseCalls(FalseCallsRecord),
    /// What a person did about the storm over an area: a fact under any policy. What a rule declares, and what a storm groups,
    /// follows.
    Storm(Area, StormRecord),
    /// What somebody answered about a late closing: it happens again where the same question stands.
    Closing(LoweredRecord),
    /// A card as it became.
    Account(AccountCard),
    /// An account that was closed.
    AccountClosed(AccountNumber),
    /// A unit as it became.
    Unit(UnitCard),
    /// It was so late: deadlines up to here fell due.
    Time(Timestamp),
}

/// An act that is in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastAct {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: OperatorId,
    /// The incident it was done on.
    pub on: Opening,
    /// What was done.
    pub command: Command,
    /// The second person.
    pub second: Option<OperatorId>,
}

/// What became of a signal, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decided {
    /// What became of it.
    pub outcome: OutcomeWord,
    /// The rule that decided.
    pub rule: Rule,
}

/// Signals of which one thing became here and another there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Here: recorded, or under the old policy.
    pub here: Decided,
    /// There: replayed, or under the new policy.
    pub there: Decided,
    /// How many.
    pub signals: u64,
    /// The first of them.
    pub examples: Vec<SignalId>,
}

/// What one course came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// The version of its policy.
    pub policy: u32,
    /// Incidents opened.
    pub opened: u64,
    /// Of which so many are still open at the end.
    pub open: u64,
    /// How often one called again.
    pub raised: u64,
    /// How often a cancel at the panel lowered one.
    pub lowered: u64,
    /// How often somebody else was called because nobody did in time what was to be done.
    pub escalated: u64,
    /// Units asked to go.
    pub dispatches: u64,
    /// Hand-offs to authorities.
    pub hand_offs: u64,
    /// Acts done.
    pub acts: u64,
    /// Acts that the rules refused.
    pub refused: u64,
    /// Acts on incidents that do not exist here.
    pub dropped: u64,
    /// From the receipt of the first signal to the first act of a person, in milliseconds, in rising order: of the incidents
    /// opened, those that somebody acted on.
    pub first_acts_ms: Vec<u64>,
    /// What the outside was asked for that no incident tells of, and how often: signals for other centres, measures after false
    /// calls, questions to people whose site is not closed, warnings that something ends soon.
    pub asked: BTreeMap<String, u64>,
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// True events that the new policy would have hidden. None of them can be life safety.
    pub hidden: Vec<Missed>,
    /// True events that it would have shown later.
    pub later: Vec<Missed>,
    /// True events that still wait under the new policy when everything was heard: whether they would have been shown is not known.
    pub waiting: Vec<Missed>,
    /// How many true events there were.
    pub true_events: u64,
    /// How many signals were decided about: those that were held at the start, and those that were heard since.
    pub signals: u64,
    /// Of how many it is recorded what was decided, and the old policy decides the same.
    pub agree: u64,
    /// Where what is recorded and what the old policy says differ: the old policy was another one, or a card came later.
    pub disagree: Vec<Pair>,
    /// Where the new policy decides otherwise than the old one.
    pub changed: Vec<Pair>,
    /// The sections of the policy that differ, and that are not replayed.
    pub unreplayed: Vec<NotReplayed>,
    /// The centre's own reports of tests, openings and closings, of the accounts whose rules about that differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anew: Option<MadeAnew>,
    /// Incidents that both open from the same signal.
    pub both: u64,
    /// The incidents of which something else became, in the order of the signals that opened them: all of them.
    pub incidents: Vec<Differing>,
    /// The course under the old policy.
    pub old: Figures,
    /// The course under the new policy.
    pub new: Figures,
}

/// How often the centre itself reported a test, an opening or a closing that did not come in time, or came after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MadeAnew {
    /// As it is recorded: the old policy hears these, the new one does not.
    pub recorded: u64,
    /// As the new policy makes it.
    pub made: u64,
}

/// How many signals are named of a [`Pair`].
const EXAMPLES: usize = 5;

/// The two desks.
#[derive(Debug)]
pub struct WhatIf {
    old: Course,
    new: Course,
    versions: (u32, u32),
    unreplayed: Vec<Unreplayed>,
    /// What the new policy makes of what does not come, where its rules about that differ.
    anew: Option<Anew>,
    /// The latest moment that was heard of.
    now: Timestamp,
    /// What is heard as it is recorded, by the section that decided about it then.
    heard: BTreeMap<Unreplayed, u64>,
    /// What has been said of the signals that are not final in both.
    waiting: BTreeMap<SignalId, Said>,
    signals: u64,
    agree: u64,
    disagree: Pairs,
    changed: Pairs,
}

#[derive(Clone, Copy, Debug, Default)]
struct Said {
    recorded: Option<Decided>,
    old: Option<Decided>,
    new: Option<Decided>,
}

impl Said {
    /// Is nothing more to come, under either policy?
    fn is_final(&self) -> bool {
        let is_final = |decided: Option<Decided>| decided.is_some_and(|decided| decided.outcome != OutcomeWord::Held);
        is_final(self.old) && is_final(self.new)
    }
}

type Pairs = BTreeMap<(Decided, Decided), (u64, Vec<SignalId>)>;

impl WhatIf {
    /// Two desks that stand where the one of the past stood. `held` says of each signal that it held what became of it later,
    /// where that is known.
    pub fn new(start: Snapshot, held: &BTreeMap<SignalId, Decided>, old: Policy, new: Policy) -> Self {
        let of_held = |one: &Held| {
            let (id, waits) = (one.received.id, Some(Decided { outcome: OutcomeWord::Held, rule: one.waits_by() }));
            (id, Said { recorded: held.get(&id).copied(), old: waits, new: waits })
        };
        let anew = unreplayed::expects_otherwise(&old, &new)
            .then(|| Anew::new(&new, start.accounts.iter().map(|card| card.account)));
        let mut course = Course::new(start.clone(), new.clone());
        course.touched = anew.is_some().then(Vec::new);
        Self {
            anew,
            now: Timestamp::from_millis(i64::MIN),
            signals: start.held.len() as u64,
            waiting: start.held.iter().map(of_held).collect(),
            versions: (old.version, new.version),
            unreplayed: Unreplayed::between(&old, &new),
            heard: BTreeMap::new(),
            old: Course::new(start, old),
            new: course,
            agree: 0,
            disagree: Pairs::new(),
            changed: Pairs::new(),
        }
    }

    /// Lets both desks hear of the next thing.
    pub fn hear(&mut self, past: &Past) {
        if let Some(section) = Unreplayed::of(past) {
            *self.heard.entry(section).or_default() += 1;
        }
        self.now = past.at().unwrap_or(self.now);
        self.make_anew(self.now, false);
        let known = self.anew.as_ref().and_then(|anew| anew.known(past));
        let past = known.as_ref().unwrap_or(past);
        let left_out = match (&mut self.anew, past) {
            (Some(anew), Past::Signal(received, _)) => anew.leaves_out(received, (&self.old, &self.new)),
            _ => None,
        };
        if let Past::Signal(received, recorded) = past {
            self.signals += 1;
            let id = left_out.as_ref().map_or(received.id, |received| received.id);
            self.waiting.entry(id).or_default().recorded = *recorded;
        }
        match left_out {
            Some(received) => self.old.hear(&Past::Signal(received, None)),
            None => {
                self.old.hear(past);
                self.new.hear(past);
            }
        }
        self.settle();
        self.plan_anew(self.now);
    }

    /// Lets the new desk hear what the centre would have reported before `at`, or up to it where `through` says so.
    fn make_anew(&mut self, at: Timestamp, through: bool) {
        while let Some(reports) = self.anew.as_mut().and_then(|anew| anew.next(at, through)) {
            for received in reports {
                let at = received.report.received_at;
                self.new.hear(&Past::Signal(received, None));
                self.settle();
                self.plan_anew(at);
            }
        }
    }

    fn plan_anew(&mut self, at: Timestamp) {
        let Some(anew) = &mut self.anew else { return };
        let touched = self.new.touched.as_mut().map(std::mem::take).unwrap_or_default();
        anew.plan(touched, at, (&self.old, &self.new));
    }

    /// Takes down what both have decided, and compares what is final.
    fn settle(&mut self) {
        let mut touched: Vec<SignalId> = Vec::with_capacity(1);
        for (signal, decided) in self.old.decided.drain(..) {
            self.waiting.entry(signal).or_default().old = Some(decided);
            touched.push(signal);
        }
        for (signal, decided) in self.new.decided.drain(..) {
            self.waiting.entry(signal).or_default().new = Some(decided);
            touched.push(signal);
        }
        for signal in touched {
            if self.waiting.get(&signal).is_some_and(Said::is_final) {
                self.compare(signal);
            }
        }
    }

    /// Takes a signal out of those that wait, and compares what was said of it.
    fn compare(&mut self, signal: SignalId) {
        // A report that only one of the two makes becomes nothing under the other.
        let Some(Said { recorded, old: Some(old), new }) = self.waiting.remove(&signal) else { return };
        match recorded {
            Some(recorded) if recorded != old => count(&mut self.disagree, (recorded, old), signal),
            Some(_) => self.agree += 1,
            None => {}
        }
        if let Some(new) = new.filter(|new| *new != old) {
            count(&mut self.changed, (old, new), signal);
        }
    }

    /// What differs, once everything was heard up to `at`; `truth` is what people found in the end.
    pub fn end(mut self, at: Timestamp, truth: &[TrueEvent]) -> Differences {
        self.hear(&Past::Time(at));
        self.make_anew(at, true);
        for signal in self.waiting.keys().copied().collect::<Vec<_>>() {
            self.compare(signal);
        }
        self.old.end();
        self.new.end();
        let openings: BTreeSet<Opening> =
            [&self.old, &self.new].iter().flat_map(|course| course.openings.keys().copied()).collect();
        let mut differences = Differences {
            true_events: truth.len() as u64,
            signals: self.signals,
            agree: self.agree,
            disagree: pairs(self.disagree),
            changed: pairs(self.changed),
            unreplayed: self.unreplayed.iter().map(|section| not_replayed(&self.heard, *section)).collect(),
            both: openings.iter().filter(|opening| is_new(&self.old, **opening) && is_new(&self.new, **opening)).count()
                as u64,
            incidents: openings
                .iter()
                .filter_map(|opening| differing::differing(&self.old, &self.new, *opening))
                .collect(),
            old: figures(&self.old, self.versions.0),
            new: figures(&self.new, self.versions.1),
            anew: self.anew.as_ref().map(|anew| MadeAnew { recorded: anew.left_out, made: anew.reports }),
            ..Differences::default()
        };
        if let Some(anew) = &self.anew {
            differences.name_as_recorded(anew);
        }
        let known_as = |signal: SignalId| self.anew.as_ref().map_or(signal, |anew| anew.known_as(signal));
        differences.judge(&self.new, truth, known_as);
        differences
    }
}

impl Differences {
    /// Names what both made by its recorded number.
    fn name_as_recorded(&mut self, anew: &Anew) {
        let pairs = self.disagree.iter_mut().chain(&mut self.changed);
        let examples = pairs.flat_map(|pair| &mut pair.examples);
        let shown = self.incidents.iter_mut().flat_map(|one| {
            let parts = [&mut one.old, &mut one.new].into_iter();
            let holders = parts.filter_map(|shown| match shown {
                Shown::PartOf { signal } => Some(signal),
                Shown::Itself { .. } | Shown::Nowhere => None,
            });
            holders.chain([&mut one.opening.signal])
        });
        examples.chain(shown).for_each(|signal| *signal = anew.recorded_as(*signal));
    }
}

impl Past {
    /// When it happened; nothing of cards, which say no moment.
    const fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Signal(received, _) => Some(received.report.received_at),
            Self::Act(act) => Some(act.at),
            Self::Test(_, record) => Some(record.at),
            Self::Gone(_, at) | Self::Time(at) => Some(*at),
            Self::FalseCalls(record) => Some(record.at),
            Self::Storm(_, record) => Some(record.at),
            Self::Closing(record) => Some(record.at),
            Self::Account(_) | Self::AccountClosed(_) | Self::Unit(_) => None,
        }
    }
}

fn not_replayed(heard: &BTreeMap<Unreplayed, u64>, section: Unreplayed) -> NotReplayed {
    let heard = section.is_heard().then(|| heard.get(&section).copied().unwrap_or_default());
    NotReplayed { section, heard }
}

fn is_new(course: &Course, opening: Opening) -> bool {
    course.own(opening).is_some_and(|(_, trace)| trace.opened_as.is_some())
}

fn count(pairs: &mut Pairs, pair: (Decided, Decided), signal: SignalId) {
    let (signals, examples) = pairs.entry(pair).or_default();
    *signals += 1;
    examples.push(signal);
    // Signals end in another order than they came.
    examples.sort_unstable();
    examples.truncate(EXAMPLES);
}

/// The most frequent first.
fn pairs(counted: Pairs) -> Vec<Pair> {
    let pair = |((here, there), (signals, examples))| Pair { here, there, signals, examples };
    let mut pairs: Vec<Pair> = counted.into_iter().map(pair).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.signals));
    pairs
}

fn figures(course: &Course, policy: u32) -> Figures {
    let first_act = |incident: &Incident| {
        Some(incident.first_act_at?.millis().saturating_sub(incident.received_at.millis()).max(0))
    };
    let acted = course.opened().filter_map(|(incident, _)| first_act(incident));
    let mut first_acts_ms: Vec<u64> = acted.map(i64::cast_unsigned).collect();
    first_acts_ms.sort_unstable();
    let times = |of: fn(&Trace) -> u32| course.traces().map(|trace| u64::from(of(trace))).sum();
    Figures {
        policy,
        opened: course.opened().count() as u64,
        open: course.opened().filter(|(incident, _)| !incident.is_closed()).count() as u64,
        raised: times(|trace| trace.raised.values().sum()),
        lowered: times(|trace| trace.lowered.values().sum()),
        escalated: times(|trace| trace.escalated.values().sum()),
        dispatches: course.offers,
        hand_offs: course.hand_offs,
        acts: course.granted,
        refused: course.refused,
        dropped: course.dropped(),
        first_acts_ms,
        asked: course.asked.clone(),
    }
}
