//! `Policy`: how one centre works, as data. Its version stands in every disposition.

mod arrival;
#[cfg(feature = "toml")]
pub(crate) mod bounds;
mod feed;
#[cfg(feature = "toml")]
pub(crate) mod file;
mod follow_up;
mod forward;
mod hand_off;
mod keys;
mod late_close;
mod limits;
mod lowered;
mod overrides;
mod queues;
mod rest;
mod source;
mod units;
mod verify;
mod which;
mod workflow;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contactid::{Class, Code, Lang, Signal};
use serde::{Deserialize, Serialize};

pub use arrival::ArrivalLimits;
pub use feed::FeedRules;
pub use follow_up::FollowUpRules;
pub use forward::ForwardRule;
pub use hand_off::{AnswerTimes, HandOffLimits};
pub use late_close::LateCloseRules;
pub use limits::{
    CancelLimits, ConfirmLimits, NotAZoneCount, RecentLimits, RunawayLimits, SwingerLimits, UnrestoredLimits, ZoneCount,
};
pub use lowered::{LoweredLongest, LoweredOwners, LoweredRules, LoweredTimes};
pub use queues::QueueRule;
pub use rest::RestLimits;
pub use source::SourceRules;
pub use units::{NextUnit, UnitNeed, UnitRules};
pub use verify::{AvsRules, CallLimits, Exemption, PoliceCalls, VerifyRules};
pub use which::Which;
pub use workflow::{EscalationStep, HoldLimits, OwnershipLimits};

pub(crate) use overrides::Rules;
pub use overrides::{
    AnswerPart, ArrivalPart, AvsPart, CancelPart, Changes, ConfirmPart, Covers, ExpectPart, HandOffPart, HoldPart,
    LateClosePart, Override, OverrideEnd, OverrideError, Overrides, PackScope, PoliceCallsPart, RecentPart, RestPart,
    RunawayPart, SchedulePart, SwingerPart, TestPart, UnrestoredPart, VerifyPart, Weaker, What, Withheld,
};

use crate::account::is_intrusion;
use crate::disposition::Rule;
use crate::expect::ExpectationRules;
use crate::incident::{Authority, Kind};
use crate::money::Currency;
use crate::pack::{ClauseId, ClauseInForce, ClauseRule, PackRule};
use crate::plan::Plans;
use crate::queue::{Ageing, Priority};
use crate::schedule::ScheduleRules;
use crate::self_watch::SelfWatchLimits;
use crate::storm::StormLimits;
use crate::test_session::TestLimits;
use crate::time::Timestamp;
use crate::words::words;

#[cfg(feature = "toml")]
pub use file::PolicyError;
#[cfg(feature = "toml")]
pub(crate) use file::{fault, nearest_of};

/// The rules of one centre. Every field has a default made for a small centre; a file names only what differs.
///
/// There is nothing here that could be invalid: numbers outside a range, and any handling of fire, hold-up, duress, medical
/// or gas signals, are refused while reading, because the types cannot hold them.
///
/// ```
/// let policy: alarmcore::Policy = serde_json::from_str(r#"{
///     "version": 4,
///     "classes": { "mains-power": { "action": "hold", "priority": 6, "seconds": 600 } },
///     "codes": { "423": { "action": "show", "priority": 3 } }
/// }"#)?;
/// assert_eq!(policy.ageing.warning_s, 30);
/// assert!(serde_json::from_str::<alarmcore::Policy>(r#"{ "classes": { "fire": { "action": "log" } } }"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Counted up by whoever changes the rules; recorded with every disposition. Default 1.
    pub version: u32,
    /// The rule packs that lie under these rules, by name; in a policy that is in force with their versions, as `uk-npcc@1`.
    pub packs: Vec<String>,
    /// What the clauses of the packs, and the centre's own, switch on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ClauseRule>,
    /// The clauses of the packs that are in force, for all or for some, each with the keys that it sets. No file says it: it is kept
    /// of the packs as they are read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<ClauseInForce>,
    /// What is done with a class of signal, where it differs from [`Policy::standard`].
    pub classes: BTreeMap<OrdinaryClass, Handling>,
    /// What is done with a single code; goes before its class.
    pub codes: BTreeMap<OrdinaryCode, Handling>,
    /// Priority of the incident that collects the signals of an account without a card. Default 4.
    pub unknown_account: Priority,
    /// How many unknown accounts get an incident each; those beyond share one. Default 200.
    pub unknown_accounts_shown: u32,
    /// Priority of a code in no list. Default 5.
    pub unknown_code: Priority,
    /// Priority of frames that could not be opened or read, or came plain despite a key. Default 4.
    pub security: Priority,
    /// Priority of an incident that calls for an operator again because a unit or an authority did not take it. Default 1.
    pub escalated: Priority,
    /// For how many seconds the same frame counts as a repeat of the first; frames are remembered for six hours. Default 60.
    pub repeat_window_s: u32,
    /// When a panel says more than a working one would.
    pub runaway: RunawayLimits,
    /// When a zone is set off so often that it says nothing new.
    pub swinger: SwingerLimits,
    /// What confirms an intrusion.
    pub confirm: ConfirmLimits,
    /// What is done with an intrusion soon after an opening or a closing.
    pub recent: RecentLimits,
    /// What a cancel at the panel does to an alarm.
    pub cancel: CancelLimits,
    /// Who is reminded of what has not restored after its incident was closed.
    pub unrestored: UnrestoredLimits,
    /// When many accounts of one area fail at once, and what is done then.
    pub storm: StormLimits,
    /// What the centre reports of itself.
    pub self_watch: SelfWatchLimits,
    /// When a waiting incident changes colour.
    pub ageing: AgeingLimits,
    /// For how long an incident may be on hold.
    pub hold: HoldLimits,
    /// When an owner counts as gone.
    pub ownership: OwnershipLimits,
    /// Who is called when nobody acts.
    pub escalation: Vec<EscalationStep>,
    /// Who is called when a follow-up is due and not done.
    pub follow_up: FollowUpRules,
    /// Within how many seconds a unit must accept. Default 60.
    pub offer_accept_s: u32,
    /// Which incidents go to whom. Default no queues: everything is everybody's.
    #[serde(rename = "queue")]
    pub queues: Vec<QueueRule>,
    /// Whether what calls is offered to operators. Default no.
    pub feed: FeedRules,
    /// What it costs to send a unit, and who is asked next.
    pub units: UnitRules,
    /// How long a unit that has accepted may take to arrive.
    pub arrival: ArrivalLimits,
    /// For how long an incident that somebody has in hand may rest.
    pub rest: RestLimits,
    /// How long an account may be on test.
    pub on_test: TestLimits,
    /// How long a panel is expected to run on its battery, in hours. Default 8.
    pub battery_hours: u32,
    /// What panels must send, and when it is missed.
    pub expect: ExpectationRules,
    /// What is done about openings and closings that are out of their schedule.
    pub schedule: ScheduleRules,
    /// When an operator is told that a signal came from where it should not.
    pub source: SourceRules,
    /// What people are asked whose site is not closed in time.
    pub late_close: LateCloseRules,
    /// What must be tried before the police are asked for.
    pub verify: VerifyRules,
    /// How soon a dead telephone number is corrected.
    pub calls: CallLimits,
    /// Who sees to lowered protection, and by when.
    pub lowered: LoweredRules,
    /// Whether incidents say their level of AVS-01.
    pub avs: AvsRules,
    /// What a panel hears that sends plain though it has a key. Default: an acknowledgement.
    pub plain_despite_key: PlainAnswer,
    /// To whom a real alarm of this kind goes without the owner's wish. Life safety never waits for it. Default none.
    pub without_wish: BTreeMap<Kind, BTreeSet<Authority>>,
    /// How long authorities may take.
    pub hand_off: HandOffLimits,
    /// Which signals other centres get, too. Default none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forward: Vec<ForwardRule>,
    /// The currency of amounts given without one. Default CNY.
    pub currency: Currency,
    /// What is done about incidents, step by step: a file of its own, with a version of its own. Default the standard plans,
    /// and none without the feature `toml`.
    #[serde(skip)]
    pub plans: Arc<Plans>,
    /// What differs for some accounts or sites. Default nothing.
    #[serde(rename = "override", skip_serializing_if = "Overrides::is_empty")]
    pub overrides: Overrides,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: 1,
            packs: Vec::new(),
            rules: Vec::new(),
            clauses: Vec::new(),
            classes: BTreeMap::new(),
            codes: BTreeMap::new(),
            unknown_account: Priority::clamped(4),
            unknown_accounts_shown: 200,
            unknown_code: Priority::clamped(5),
            security: Priority::clamped(4),
            escalated: Priority::LIFE_SAFETY,
            repeat_window_s: 60,
            runaway: RunawayLimits::default(),
            swinger: SwingerLimits::default(),
            confirm: ConfirmLimits::default(),
            recent: RecentLimits::default(),
            cancel: CancelLimits::default(),
            unrestored: UnrestoredLimits::default(),
            storm: StormLimits::default(),
            self_watch: SelfWatchLimits::default(),
            ageing: AgeingLimits::default(),
            hold: HoldLimits::default(),
            ownership: OwnershipLimits::default(),
            escalation: EscalationStep::standard(),
            follow_up: FollowUpRules::default(),
            offer_accept_s: 60,
            queues: Vec::new(),
            feed: FeedRules::default(),
            units: UnitRules::default(),
            arrival: ArrivalLimits::default(),
            rest: RestLimits::default(),
            on_test: TestLimits::default(),
            battery_hours: 8,
            expect: ExpectationRules::default(),
            schedule: ScheduleRules::default(),
            source: SourceRules::default(),
            late_close: LateCloseRules::default(),
            verify: VerifyRules::default(),
            calls: CallLimits::default(),
            lowered: LoweredRules::default(),
            avs: AvsRules::default(),
            plain_despite_key: PlainAnswer::Acknowledge,
            without_wish: BTreeMap::new(),
            hand_off: HandOffLimits::default(),
            forward: Vec::new(),
            currency: Currency::CNY,
            #[cfg(feature = "toml")]
            plans: Plans::standard(),
            #[cfg(not(feature = "toml"))]
            plans: Arc::default(),
            overrides: Overrides::default(),
        }
    }
}

/// What is done with a signal that is not life safety.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", try_from = "written::Written")]
pub enum Handling {
    /// An operator must see it: it opens or joins an incident.
    Show {
        /// How urgent.
        priority: Priority,
    },
    /// It waits for its restore, and is shown when none comes.
    Hold {
        /// How urgent it is then.
        priority: Priority,
        /// How long it waits, in seconds; an account's card can say otherwise for mains power.
        seconds: u32,
    },
    /// It changes the account's state, and is logged.
    Log {},
}

/// After how many seconds of waiting an incident changes colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgeingLimits {
    /// From here on it should have been taken. Default 30.
    pub warning_s: u32,
    /// From here on it is overdue. Default 60.
    pub critical_s: u32,
}

impl Default for AgeingLimits {
    fn default() -> Self {
        Self { warning_s: 30, critical_s: 60 }
    }
}

impl AgeingLimits {
    /// The colour at `now` of something that has been waiting since `since`.
    pub fn colour(&self, since: Timestamp, now: Timestamp) -> Ageing {
        let waited = now.secs_since(since);
        if waited >= i64::from(self.critical_s) {
            Ageing::Critical
        } else if waited >= i64::from(self.warning_s) {
            Ageing::Warning
        } else {
            Ageing::Fresh
        }
    }
}

words! {
    /// What a panel hears that sends plain though it has a key. Its report is stored and handled in any case.
    PlainAnswer {
        /// An acknowledgement: the panel is served, the operator is told.
        Acknowledge "acknowledge" "Acknowledge" "确认接收",
        /// DUH: the panel is told that it is not understood.
        Refuse "refuse" "Refuse" "拒绝",
    }
}

/// A class that may be held or only logged: any but those of life safety.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Class", into = "Class")]
pub struct OrdinaryClass(Class);

/// A code that may be held or only logged: any whose class is not life safety.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Code", into = "Code")]
pub struct OrdinaryCode(Code);

/// Somebody tried to make a rule for life safety.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is life safety: it is always shown first, and no rule can change that")]
pub struct IsLifeSafety(pub Class);

impl TryFrom<Class> for OrdinaryClass {
    type Error = IsLifeSafety;

    fn try_from(class: Class) -> Result<Self, IsLifeSafety> {
        if is_life_safety(class) { Err(IsLifeSafety(class)) } else { Ok(Self(class)) }
    }
}

impl From<OrdinaryClass> for Class {
    fn from(class: OrdinaryClass) -> Self {
        class.0
    }
}

impl TryFrom<Code> for OrdinaryCode {
    type Error = IsLifeSafety;

    fn try_from(code: Code) -> Result<Self, IsLifeSafety> {
        OrdinaryClass::try_from(code.class()).map(|_| Self(code))
    }
}

impl From<OrdinaryCode> for Code {
    fn from(code: OrdinaryCode) -> Self {
        code.0
    }
}

/// Are people in danger when a signal of this class comes in?
pub const fn is_life_safety(class: Class) -> bool {
    matches!(class, Class::Fire | Class::HoldUp | Class::Duress | Class::Medical | Class::Gas)
}

impl Policy {
    /// What a small centre does with a class that its own rules do not mention.
    pub const fn standard(class: Class) -> Handling {
        let priority = match class {
            Class::Medical | Class::Fire | Class::HoldUp | Class::Duress | Class::Gas => 1,
            Class::Burglary => 2,
            Class::General | Class::Tamper | Class::Personnel => 3,
            Class::Environment | Class::FireSupervisory => 4,
            Class::Communication => 5,
            Class::MainsPower => return Handling::Hold { priority: Priority::clamped(6), seconds: 30 * 60 },
            Class::System | Class::Sounder | Class::Peripheral | Class::Sensor => 6,
            Class::Battery => 7,
            Class::OpenClose
            | Class::Cancel
            | Class::RemoteAccess
            | Class::Access
            | Class::Disable
            | Class::Bypass
            | Class::Test
            | Class::TestMode
            | Class::Schedule
            | Class::Log
            | Class::Program
            | Class::Vendor
            | Class::Other => return Handling::Log {},
        };
        Handling::Show { priority: Priority::clamped(priority) }
    }

    /// The rule that this clause switches on, where it is in force.
    pub fn rule_of(&self, clause: &ClauseId) -> Option<&PackRule> {
        self.rules.iter().find(|rule| rule.clause == *clause).map(|rule| &rule.rule)
    }

    /// What is done with this signal when it is new, and the rule that says so.
    pub fn handling(&self, signal: &Signal) -> (Handling, Rule) {
        let class = signal.class();
        if is_life_safety(class) {
            return (Handling::Show { priority: Priority::LIFE_SAFETY }, Rule::LifeSafety);
        }
        if let Some(&handling) = self.codes.get(&OrdinaryCode(signal.code)) {
            return (handling, rule_of(handling, class, Rule::CodeShown, Rule::CodeLogged));
        }
        if signal.code.name(Lang::En).is_none() {
            return (Handling::Show { priority: self.unknown_code }, Rule::UnknownCode);
        }
        let of_class = self.classes.get(&OrdinaryClass(class)).copied();
        if let Some(handling) = standard_of_code(signal.code).filter(|_| of_class.is_none()) {
            return (handling, rule_of(handling, class, Rule::CodeShown, Rule::CodeLogged));
        }
        let handling = of_class.unwrap_or(Self::standard(class));
        (handling, rule_of(handling, class, Rule::ClassShown, Rule::ClassLogged))
    }
}

/// What a signal of this class waits for. That a door closes does not prove that nobody came in by it.
pub(crate) const fn wait_of(class: Class) -> Rule {
    if is_intrusion(class) { Rule::CancelWait } else { Rule::RestoreWait }
}

const fn rule_of(handling: Handling, class: Class, shown: Rule, logged: Rule) -> Rule {
    match handling {
        Handling::Show { .. } => shown,
        Handling::Hold { .. } => wait_of(class),
        Handling::Log {} => logged,
    }
}

/// The codes of [`standard_of_code`] that are shown, where what is said of their class may hide them.
pub(crate) const STANDARD_CODES: [&str; 8] = ["423", "453", "454", "DF", "CI", "OT", "OI", "CT"];

/// Codes that differ from the rest of their class: reassuring news of people, restarts that are over when they are said,
/// a forced door among the doors, and a site that is not closed or opened in time.
fn standard_of_code(code: Code) -> Option<Handling> {
    match code {
        Code::Cid(code) => match code.number() {
            305 | 313 | 466 | 642 | 643 | 645 | 647 => Some(Handling::Log {}),
            423 => Some(Handling::Show { priority: Priority::clamped(3) }),
            454 => Some(Handling::Show { priority: Priority::clamped(4) }),
            453 => Some(Handling::Show { priority: Priority::clamped(6) }),
            _ => None,
        },
        Code::Sia(code) => match &code.letters() {
            b"JP" | b"NS" | b"RR" => Some(Handling::Log {}),
            b"DF" => Some(Handling::Show { priority: Priority::clamped(3) }),
            b"CI" | b"OT" => Some(Handling::Show { priority: Priority::clamped(4) }),
            b"OI" | b"CT" => Some(Handling::Show { priority: Priority::clamped(6) }),
            _ => None,
        },
        Code::Own(_) => None,
    }
}
