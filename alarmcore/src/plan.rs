//! Action plans as checked data: what is done about an incident, step by step, and who gets which plan.

#[cfg(feature = "toml")]
mod check;
#[cfg(feature = "toml")]
mod file;
mod guard;
mod progress;
mod words;

use std::collections::BTreeSet;

use contactid::{AccountNumber, Lang};
use serde::{Deserialize, Serialize};

pub use guard::passed_over;
pub(crate) use guard::{skip, tick};
pub use progress::{Condition, Line, Progress, StepState, progress};
pub use words::{Answer, At, Doing, Guarded, Question};

use crate::account::Arming;
use crate::id::OperatorId;
use crate::incident::{Authority, Kind};
use crate::schedule::Schedule;
use crate::time::Timestamp;

/// All plans of a centre. They are read from a file and checked ([`Plans::from_toml`]): in every plan each step can be
/// reached, no way goes in circles for ever, every branch has an answer for every case, and every way ends in a step that
/// closes the incident or passes it on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plans {
    /// Counted up by whoever changes them; stands in every incident that got one.
    pub version: u32,
    /// When it is night, as hours of a schedule; never, where there are none.
    pub(crate) night: Option<Schedule>,
    pub(crate) plans: Vec<Plan>,
}

/// One plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its word: stands in the incidents that got it.
    pub id: String,
    /// Its name in English.
    pub en: String,
    /// Its name in Chinese.
    pub zh: String,
    /// For what it is.
    pub scope: PlanScope,
    /// Its steps; it begins with the first.
    pub steps: Vec<Step>,
}

/// For which incidents a plan is. What is empty does not narrow it. Of the plans that fit, the most narrow is taken: zone
/// before account, account before kind, kind before time of day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanScope {
    /// Of these kinds.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<Kind>,
    /// Of these accounts.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub accounts: BTreeSet<AccountNumber>,
    /// Set off by these zones.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub zones: BTreeSet<u32>,
    /// At this time of day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its word within the plan.
    pub id: String,
    /// What to do, in English.
    pub en: String,
    /// What to do, in Chinese.
    pub zh: String,
    /// What fulfils it.
    pub doing: Doing,
    /// To whom it is handed off; of [`Doing::HandOff`] only.
    pub to: Option<Authority>,
    /// So many different contacts are tried; of [`Doing::Call`] only, else 0.
    pub tries: u32,
    /// The acts that it stands before.
    pub before: BTreeSet<Guarded>,
    /// Are those acts refused until it is done? Else whoever does them is warned, and it is recorded as passed over.
    pub forced: bool,
    /// What follows.
    pub then: Then,
}

/// What follows a step. Steps are named by their place in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// Nothing: the plan ends here.
    End,
    /// This step.
    Next(usize),
    /// One of several, by the answer to a question; every answer has its step.
    Ask(Question, Vec<(Answer, usize)>),
}

/// The plan that an incident got, and how the site stood then: part of the event that opened or raised it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanGiven {
    /// The plan's word.
    pub plan: String,
    /// The version of the plans.
    pub version: u32,
    /// How the area was armed; `None` where nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armed: Option<Arming>,
    /// Was the site open by its schedule? `None` for one without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hours: Option<bool>,
    /// Was it night?
    pub night: bool,
}

/// What a person said of a step: done, or left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepMark {
    /// The step's word.
    pub step: String,
    /// Was it left out?
    pub skipped: bool,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<OperatorId>,
}

impl Plans {
    /// One plan alone, as it was in a version of the plans: an incident that names it is followed by it.
    pub fn of_one(version: u32, plan: Plan) -> Self {
        Self { version, night: None, plans: vec![plan] }
    }

    /// Every plan, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Plan> {
        self.plans.iter()
    }

    /// The plan of this word.
    pub fn get(&self, id: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// Is it night, by the plans' own clock?
    pub fn is_night(&self, at: Timestamp) -> bool {
        self.night.as_ref().is_some_and(|night| night.is_within(None, at) == Some(true))
    }

    /// Is it night, and until when does that surely stay so?
    pub(crate) fn is_night_until(&self, at: Timestamp) -> (bool, Timestamp) {
        self.night.as_ref().map_or((false, at), |night| night.is_within_until(at))
    }

    /// The plan for an incident of this kind and account, set off by this zone.
    pub fn choose(
        &self,
        kind: Kind,
        account: Option<AccountNumber>,
        zone: Option<u32>,
        night: bool,
        on_hours: Option<bool>,
    ) -> Option<&Plan> {
        let fits = |plan: &&Plan| plan.scope.fits(kind, account, zone, night, on_hours);
        self.plans.iter().filter(fits).max_by_key(|plan| plan.scope.narrowness())
    }
}

impl PlanScope {
    fn fits(
        &self,
        kind: Kind,
        account: Option<AccountNumber>,
        zone: Option<u32>,
        night: bool,
        on_hours: Option<bool>,
    ) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.accounts.is_empty() || account.is_some_and(|account| self.accounts.contains(&account)))
            && (self.zones.is_empty() || zone.is_some_and(|zone| self.zones.contains(&zone)))
            && match self.at {
                None => true,
                Some(At::Night) => night,
                Some(At::Day) => !night,
                Some(At::OnHours) => on_hours == Some(true),
                Some(At::OffHours) => on_hours == Some(false),
            }
    }

    /// What narrows it, the strongest first.
    pub(crate) fn narrowness(&self) -> [bool; 4] {
        [!self.zones.is_empty(), !self.accounts.is_empty(), !self.kinds.is_empty(), self.at.is_some()]
    }
}

impl Plan {
    /// Its name.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

impl Step {
    /// What to do.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// The steps that can follow, by their place in the plan.
    pub fn targets(&self) -> impl Iterator<Item = usize> + '_ {
        let (next, asked) = match &self.then {
            Then::End => (None, [].as_slice()),
            Then::Next(next) => (Some(*next), [].as_slice()),
            Then::Ask(_, on) => (None, on.as_slice()),
        };
        next.into_iter().chain(asked.iter().map(|(_, target)| *target))
    }
}
