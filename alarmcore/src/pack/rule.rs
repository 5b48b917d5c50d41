//! The closed list of rules that a clause can switch on, with their parameters.

use std::collections::BTreeSet;

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::when::{Sign, When};
use super::window::Window;
use super::written::Written;
use super::{ClauseId, Mark};
use crate::account::AccountCard;
use crate::incident::{Authority, Family, Kind};
use crate::words::words;

/// A rule in force, and the clause that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseRule {
    /// The clause.
    pub clause: ClauseId,
    /// How well it is established what it asks.
    pub mark: Mark,
    /// What it switches on.
    pub rule: PackRule,
}

/// What a clause can switch on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", try_from = "Written")]
pub enum PackRule {
    /// An act is due on an incident within a time; then the incident calls again.
    Due(DueRule),
    /// So many false calls of an account in a window bring a measure.
    FalseCalls(FalseCallRule),
    /// Something is to take no longer than so long: measured, over a period.
    Target(TargetRule),
    /// Something is to be written down so often: measured, over a period.
    Register(RegisterRule),
    /// The line of every account is to be heard so often: measured, by the cards.
    Poll(PollRule),
    /// Something always holds in this program: measured, over a period.
    Always(AlwaysRule),
}

impl PackRule {
    /// What kind of rule it is, in words.
    pub const fn label(&self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Due(_), Lang::En) => "act due",
            (Self::Due(_), Lang::Zh) => "处置时限",
            (Self::FalseCalls(_), Lang::En) => "false calls",
            (Self::FalseCalls(_), Lang::Zh) => "误报累计",
            (Self::Target(_), Lang::En) => "measured",
            (Self::Target(_), Lang::Zh) => "时限统计",
            (Self::Register(_), Lang::En) => "register",
            (Self::Register(_), Lang::Zh) => "登记",
            (Self::Poll(_), Lang::En) => "lines polled",
            (Self::Poll(_), Lang::Zh) => "线路巡检",
            (Self::Always(_), Lang::En) => "always so",
            (Self::Always(_), Lang::Zh) => "系统保证",
        }
    }
}

words! {
    /// What can be due on an incident.
    Claim {
        /// A hand-off to an authority.
        HandOff "hand-off" "hand off" "移交",
        /// A unit is to be sent: done when one accepts.
        Send "send" "send a unit" "派人出警",
        /// Somebody of the site is to be called: done when one was reached, on a call or as the owner. Whoever says a wrong word, or
        /// none when asked, is not known to be one.
        Call "call" "call a contact" "电话联系用户",
        /// Whoever is at the site is to be called: done when one was spoken to under the site's own number.
        CallSite "call-site" "call the site" "电话联系现场",
    }
}

/// An act is due on an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRule {
    /// What is due.
    pub act: Claim,
    /// To whom, of a hand-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Authority>,
    /// Within how many seconds.
    pub within_s: u32,
    /// When it becomes due.
    #[serde(default)]
    pub when: When,
}

words! {
    /// Which false alarms count.
    Counts {
        /// Those that the police were called to.
        Police "police" "false calls to the police" "误报公安",
        /// All of them.
        All "all" "false alarms" "误报",
    }
}

words! {
    /// What false calls bring.
    Measure {
        /// A warning: it stands for as long as the calls count.
        Warn "warn" "warning" "警告",
        /// A remedy is due, such as a repair: it stands until it is proved.
        Remedy "remedy" "remedy due" "应整改",
        /// The police do not come any more: it stands until it is lifted.
        Withdraw "withdraw" "police response withdrawn" "暂停公安出警",
    }
}

words! {
    /// What a proof of a remedy (a repair order, a report) does.
    ProofNeed {
        /// Nothing.
        None "none" "no proof" "无需证明",
        /// The measure is not lifted without one.
        Needed "needed" "proof needed" "须有整改证明",
        /// It lifts the measure, and what came before it does not count any more.
        Clears "clears" "proof clears" "整改证明可免计",
    }
}

/// So many false calls of an account in a window bring a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseCallRule {
    /// Which false alarms count.
    pub counts: Counts,
    /// What they were about; alarms that are not life safety where nothing is said.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<Kind>,
    /// For how long each counts.
    pub window: Window,
    /// So many bring the measure: 1 to 64.
    pub after: u32,
    /// Which.
    pub then: Measure,
    /// Within how many hours a remedy must be proved; then it is overdue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_h: Option<u32>,
    /// For so many months no false alarm at all, before a withdrawal is lifted.
    #[serde(default, skip_serializing_if = "is_none")]
    pub clean_months: u32,
    /// What a proof does.
    pub proof: ProofNeed,
    /// What must be known of an incident for the police to be called in spite of a withdrawal. Life safety always is.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unless: BTreeSet<Sign>,
}

const fn is_none(months: &u32) -> bool {
    *months == 0
}

impl TargetRule {
    /// Is an incident of this kind one of those that are measured?
    pub fn is_about(&self, kind: Kind) -> bool {
        let named = self.kinds.contains(&kind);
        if self.others { !named && kind.family() != Family::Service } else { named || self.kinds.is_empty() }
    }

    /// Is this an authority to which it is to be forwarded?
    pub fn is_to(&self, to: Authority) -> bool {
        self.to.map_or(to != Authority::Insurer, |asked| asked == to)
    }
}

impl FalseCallRule {
    /// Is an alarm of this kind one of those it is about?
    pub fn is_about(&self, kind: Kind) -> bool {
        if self.kinds.is_empty() { kind.family() == Family::Alarm } else { self.kinds.contains(&kind) }
    }
}

words! {
    /// What a target measures.
    Span {
        /// From the receipt of the first signal until an operator is shown it.
        Shown "shown" "received to shown" "收到至显示",
        /// From the receipt to the first act of a person.
        FirstAct "first-act" "received to first act" "收到至首次处置",
        /// From the confirmation to the hand-off to an authority.
        Forwarded "forwarded" "confirmed to handed off" "确认至移交",
    }
}

/// Something is to take no longer than so long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRule {
    /// What is measured.
    pub span: Span,
    /// Of incidents of these kinds; all where nothing is said.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<Kind>,
    /// Of alarms of the other kinds instead.
    #[serde(default)]
    pub others: bool,
    /// To whom, of what is forwarded; to whichever authority but the insurer where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Authority>,
    /// How many seconds it may take.
    pub within_s: u32,
    /// Of how many incidents of a thousand.
    pub per_mille: u32,
}

words! {
    /// What is to be written down.
    Register {
        /// That signals come through.
        CommunicationTest "communication-test" "communication test" "通信测试",
        /// That the clocks are right.
        ClockCheck "clock-check" "clock check" "时钟校对",
        /// A shift's hand-over, signed by both.
        HandOver "hand-over" "shift hand-over" "交接班",
    }
}

/// Something is to be written down so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRule {
    /// What.
    pub register: Register,
    /// Once in so many hours.
    pub every_h: u32,
}

/// The line of every account is to be heard so often, or it is reported silent: so says its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollRule {
    /// Within how many seconds.
    pub within_s: u32,
}

impl PollRule {
    /// Does the card ask for it? An account whose line nobody supervises does not.
    pub fn is_kept(self, card: &AccountCard) -> bool {
        card.heartbeat_s.is_some_and(|seconds| seconds <= self.within_s)
    }
}

words! {
    /// What always holds in this program, and is measured all the same.
    Invariant {
        /// Every signal that was received has exactly one end.
        NothingLost "nothing-lost" "every signal has its end" "信号无遗漏",
        /// Every alarm was ended by a person.
        EndedByPeople "ended-by-people" "alarms are ended by people" "警情须由人员处理",
        /// Every unit that was on a scene reported each step.
        StepsReported "steps-reported" "crews reported every step" "出警人员逐步报告",
        /// Before the police were asked, the calls were made that the clause sets.
        CalledBeforePolice "called-before-police" "called before the police were asked" "请求公安前已按要求拨打",
        /// Every hand-off to the police said a level of AVS-01.
        LevelTold "level-told" "the police were told a level" "移交公安时告知分级",
    }
}

/// Something always holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlwaysRule {
    /// What.
    pub holds: Invariant,
}
