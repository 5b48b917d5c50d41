//! Why an act is refused, in the words of the centre.

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::avs::AvsLevel;
use super::dispatch::DispatchState;
use super::field::Field;
use super::hand_off::HandOffState;
use super::unseen::first_look;
use super::words::{Authority, Kind};
use super::{RaiseReason, claim::due};
use crate::id::{IncidentId, OperatorId, UnitId};
use crate::pack::{Claim, ClauseId};
use crate::time::Timestamp;

/// Why an act is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum Refusal {
    /// There is no such incident.
    NoSuchIncident {
        /// The number asked for.
        incident: IncidentId,
    },
    /// It is closed.
    AlreadyClosed {
        /// The incident.
        incident: IncidentId,
    },
    /// Somebody else has it.
    AlreadyTaken {
        /// Who.
        by: OperatorId,
    },
    /// It is already yours: harmless.
    AlreadyYours,
    /// It is in a queue that is not theirs.
    OtherQueue {
        /// Which.
        queue: std::sync::Arc<str>,
    },
    /// Nobody has taken it yet.
    NotTaken,
    /// Danger came to it, and its owner has not looked at that: nothing ends it or finds it harmless before.
    NotSeen {
        /// What came.
        reason: RaiseReason,
        /// When.
        since: Timestamp,
    },
    /// It belongs to somebody else.
    NotYours {
        /// To whom.
        owner: OperatorId,
    },
    /// It was not said why it is to be on hold.
    HoldReasonMissing,
    /// Life safety is not laid aside before somebody has done something about it.
    HoldNeedsAct,
    /// No minute at all, or more than the policy allows.
    HoldTooLong {
        /// How many were asked for.
        minutes: u32,
        /// How many it may be; 0 for none.
        at_most: u32,
    },
    /// Somebody is to be called again at a time that has gone, or is too far ahead.
    CallAgainTime,
    /// Somebody is to be called again under a number that turned out dead.
    CallAgainDead,
    /// It is on hold already.
    AlreadyOnHold {
        /// Until when.
        until: Timestamp,
    },
    /// It is not on hold.
    NotOnHold,
    /// The customer was not asked by machine.
    NotAsked,
    /// The customer has answered already.
    AlreadyAnswered,
    /// What has this number was heard before.
    AlreadyHeard,
    /// The branches are for alarms; this is settled.
    NotAnAlarm {
        /// What it is.
        kind: Kind,
    },
    /// An alarm ends through one of the three branches.
    NeedsABranch {
        /// What it is.
        kind: Kind,
    },
    /// No cause was given.
    CauseMissing,
    /// Only the scene can leave an alarm unexplained.
    CauseNeedsScene,
    /// It was not said how it was settled.
    SettlementMissing,
    /// A step of the plan comes first: it is forced.
    StepFirst {
        /// Its word.
        step: String,
        /// What to do, in English.
        en: String,
        /// What to do, in Chinese.
        zh: String,
    },
    /// The plan has no such step, or there is no plan.
    NoSuchStep {
        /// The word asked for.
        step: String,
    },
    /// The step is done by an act, not by saying so.
    StepNeedsAct {
        /// Its word.
        step: String,
    },
    /// The step is done, or left out already.
    StepDone {
        /// Its word.
        step: String,
    },
    /// The step is not asked for as things stand.
    StepNotAsked {
        /// Its word.
        step: String,
    },
    /// It was not said who secures the scene.
    ContactMissing,
    /// It was not said which unit keeps guard.
    GuardMissing,
    /// The guard left before its time: it must be said how the scene is secured now.
    GuardLeftEarly {
        /// The unit.
        unit: UnitId,
    },
    /// It was not said until when the guard is kept, or that is over, or the check lies outside.
    GuardTimeWrong,
    /// It is pre-processed: only the scene can end it.
    StillUndetermined,
    /// The contact gave the duress code: only the scene can call it false.
    DuressGiven,
    /// It is already pre-processed.
    AlreadyPreProcessed,
    /// Neither pre-processed nor real: no unit goes yet.
    NotPreProcessed,
    /// There is no such unit.
    NoSuchUnit {
        /// The number asked for.
        unit: UnitId,
    },
    /// The unit is off duty.
    UnitOffDuty {
        /// The unit.
        unit: UnitId,
    },
    /// The unit has another incident.
    UnitBusy {
        /// The unit.
        unit: UnitId,
        /// That incident.
        incident: IncidentId,
    },
    /// Another unit has the offer or is on its way.
    UnitUnderWay {
        /// That unit.
        unit: UnitId,
    },
    /// No unit that is left can be sent: off duty, busy, without a skill that is asked for, or owing papers.
    NoUnitFits,
    /// Another unit has the job: the first that accepts has it.
    JobTaken {
        /// The unit that comes too late.
        unit: UnitId,
        /// The one that has it, or is asked now.
        by: UnitId,
    },
    /// The unit was not offered this incident.
    NotOffered {
        /// The unit.
        unit: UnitId,
    },
    /// The unit's dispatch stands elsewhere.
    DispatchStands {
        /// The unit.
        unit: UnitId,
        /// Where it stands.
        state: DispatchState,
    },
    /// No unit is on the scene yet.
    NotYetOnScene,
    /// The unit has not left the scene yet.
    NotYetLeft {
        /// The unit.
        unit: UnitId,
    },
    /// The unit owes its scene report.
    SceneReportMissing {
        /// The unit.
        unit: UnitId,
    },
    /// Neither false nor real yet.
    VerdictMissing,
    /// It is already found false.
    AlreadyFalse,
    /// It is already confirmed real; calling it false now needs a second person.
    AlreadyReal,
    /// It is not confirmed real.
    NotReal,
    /// A second person must agree.
    SecondPersonMissing,
    /// The second person must be somebody else.
    SecondPersonMustDiffer,
    /// The owner has not been called to the scene.
    OwnerNotNotified,
    /// The owner's arrival is already recorded.
    OwnerAlreadyArrived,
    /// The owner's wish has not been recorded.
    WishMissing,
    /// The owner does not wish it, and no rule asks for it.
    NotWished {
        /// To whom.
        to: Authority,
    },
    /// The owner wishes it, and no hand-off was accepted.
    HandOffMissing {
        /// To whom.
        to: Authority,
    },
    /// False calls have brought that the police do not come to this account.
    ResponseWithdrawn {
        /// By which clause.
        clause: ClauseId,
    },
    /// A clause of a rule pack asks for this act, and it is not done.
    ActDue {
        /// Which clause.
        clause: ClauseId,
        /// What.
        act: Claim,
        /// To whom, of a hand-off.
        to: Option<Authority>,
    },
    /// This hand-off has not been answered.
    HandOffOpen {
        /// Which.
        number: u16,
    },
    /// There is no such hand-off.
    NoSuchHandOff {
        /// The number asked for.
        number: u16,
    },
    /// This hand-off is already answered.
    HandOffAnswered {
        /// Which.
        number: u16,
    },
    /// This hand-off was not accepted.
    HandOffNotAccepted {
        /// Which.
        number: u16,
    },
    /// Calls must be tried before the police are asked for.
    CallsMissing {
        /// So many more.
        calls: u32,
        /// To so many more different numbers.
        numbers: u32,
    },
    /// The level of AVS-01 is this already.
    SameLevel {
        /// The level.
        level: AvsLevel,
    },
    /// The hand-off stands elsewhere.
    HandOffStands {
        /// Which.
        number: u16,
        /// Where it stands.
        state: HandOffState,
    },
    /// The loss list is signed; nothing is added to it any more.
    LossesAlreadySigned,
    /// The loss list is not signed.
    LossesNotSigned,
    /// An amount below zero, a quantity of none, or a sum beyond all bounds.
    AmountOutOfRange,
    /// The unit owes its dispatch record.
    DispatchRecordMissing {
        /// The unit.
        unit: UnitId,
    },
    /// The unit's dispatch is already recorded.
    DispatchAlreadyRecorded {
        /// The unit.
        unit: UnitId,
    },
    /// The case record is not written.
    CaseRecordMissing,
    /// The case record is already written.
    CaseAlreadyRecorded,
    /// Something must be written here.
    FieldMissing {
        /// Where.
        field: Field,
    },
}

impl Refusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoSuchIncident { incident } => format!("there is no incident {incident}"),
            Self::AlreadyClosed { incident } => format!("incident {incident} is closed"),
            Self::AlreadyTaken { by } => format!("already taken by operator {by}"),
            Self::AlreadyYours => "already yours".into(),
            Self::OtherQueue { queue } => format!("it is in the queue {queue}, which is only for its members"),
            Self::NotTaken => "take it first".into(),
            Self::NotSeen { reason, since } => first_look(*reason, *since, Lang::En),
            Self::NotYours { owner } => format!("it belongs to operator {owner}"),
            Self::HoldReasonMissing => "say why it is put on hold".into(),
            Self::HoldNeedsAct => "life safety: first do something about it, then it can be put on hold".into(),
            Self::HoldTooLong { at_most: 0, .. } => "this must not be put on hold".into(),
            Self::HoldTooLong { minutes, at_most } => format!("{minutes} minutes on hold: it must be 1 to {at_most}"),
            Self::CallAgainTime => "call again: a time from now on is expected, a year ahead at most".into(),
            Self::CallAgainDead => "this number turned out dead: correct it first, or call another".into(),
            Self::AlreadyOnHold { .. } => "already on hold".into(),
            Self::NotOnHold => "not on hold".into(),
            Self::NotAnAlarm { kind } => format!("{} is no alarm: settle it", kind.label(Lang::En)),
            Self::NeedsABranch { kind } => format!("{} is an alarm: verify it", kind.label(Lang::En)),
            Self::CauseMissing => "cause missing".into(),
            Self::CauseNeedsScene => "only an inspection of the scene can leave an alarm unexplained".into(),
            Self::SettlementMissing => "say how it was settled".into(),
            Self::StepFirst { en, .. } => format!("the plan asks for this first: {en}"),
            Self::NoSuchStep { step } => format!("the plan has no step {step}"),
            Self::StepNeedsAct { step } => format!("step {step} is done by its act, not by ticking it"),
            Self::StepDone { step } => format!("step {step} is done or left out already"),
            Self::StepNotAsked { step } => format!("step {step} is not asked for as things stand"),
            Self::ContactMissing => "say which contact secures the scene".into(),
            Self::GuardMissing => "say which unit keeps guard".into(),
            Self::GuardLeftEarly { unit } => {
                format!("unit {unit} left its guard early: say how the scene is secured now")
            }
            Self::GuardTimeWrong => "say until when guard is kept: later than now, and the check not after it".into(),
            Self::StillUndetermined => "still undetermined: only the scene can end it".into(),
            Self::DuressGiven => "the duress code was given: only the scene can call it false".into(),
            Self::AlreadyPreProcessed => "already pre-processed".into(),
            Self::NotPreProcessed => "neither pre-processed nor real".into(),
            Self::NoSuchUnit { unit } => format!("there is no unit {unit}"),
            Self::UnitOffDuty { unit } => format!("unit {unit} is off duty"),
            Self::UnitBusy { unit, incident } => format!("unit {unit} has incident {incident}"),
            Self::UnitUnderWay { unit } => format!("unit {unit} has the offer or is on its way"),
            Self::NoUnitFits => {
                "no unit can be sent: each is off duty, busy, or lacks a skill that is asked for".into()
            }
            Self::JobTaken { unit, by } => format!("too late: the job of unit {unit} is now unit {by}'s"),
            Self::NotOffered { unit } => format!("unit {unit} was not offered this incident"),
            Self::DispatchStands { unit, state } => format!("unit {unit}: {}", state.label(Lang::En)),
            Self::NotYetOnScene => "no unit is on the scene yet".into(),
            Self::NotYetLeft { unit } => format!("unit {unit} has not left the scene"),
            Self::SceneReportMissing { unit } => format!("unit {unit} owes its scene report"),
            Self::VerdictMissing => "neither false nor real yet".into(),
            Self::AlreadyFalse => "already found false".into(),
            Self::AlreadyReal => "already confirmed real".into(),
            Self::NotReal => "not confirmed real".into(),
            Self::SecondPersonMissing => "a second person must agree".into(),
            Self::SecondPersonMustDiffer => "the second person must be somebody else".into(),
            Self::OwnerNotNotified => "the owner has not been called to the scene".into(),
            Self::OwnerAlreadyArrived => "the owner's arrival is already recorded".into(),
            Self::NotAsked => "the customer was not asked by machine".into(),
            Self::AlreadyAnswered => "the customer has answered already".into(),
            Self::AlreadyHeard => "what has this number was heard before".into(),
            Self::WishMissing => "the owner's wish is not recorded".into(),
            Self::NotWished { to } => format!("the owner does not wish it: {}", to.label(Lang::En)),
            Self::HandOffMissing { to } => format!("no accepted hand-off: {}", to.label(Lang::En)),
            Self::ResponseWithdrawn { clause } => {
                format!("the police do not come to this account any more: {clause}")
            }
            Self::ActDue { clause, act, to } => format!("due by {clause}: {}", due(*act, *to, Lang::En)),
            Self::HandOffOpen { number } => format!("hand-off {number} is not answered"),
            Self::NoSuchHandOff { number } => format!("there is no hand-off {number}"),
            Self::HandOffAnswered { number } => format!("hand-off {number} is already answered"),
            Self::HandOffNotAccepted { number } => format!("hand-off {number} was not accepted"),
            Self::CallsMissing { calls, numbers } => match (calls, numbers) {
                (0, numbers) => format!("before the police: call {numbers} more different number(s)"),
                (calls, 0) => format!("before the police: {calls} more call(s)"),
                (calls, numbers) => {
                    format!("before the police: {calls} more call(s), to {numbers} more different number(s)")
                }
            },
            Self::SameLevel { level } => format!("the level is {level} already"),
            Self::HandOffStands { number, state } => format!("hand-off {number}: {}", state.label(Lang::En)),
            Self::LossesAlreadySigned => "the loss list is signed".into(),
            Self::LossesNotSigned => "the loss list is not signed".into(),
            Self::AmountOutOfRange => "the amount or quantity is out of range".into(),
            Self::DispatchRecordMissing { unit } => format!("unit {unit} owes its dispatch record"),
            Self::DispatchAlreadyRecorded { unit } => format!("the dispatch of unit {unit} is already recorded"),
            Self::CaseRecordMissing => "the case record is not written".into(),
            Self::CaseAlreadyRecorded => "the case record is already written".into(),
            Self::FieldMissing { field } => format!("{} missing", field.label(Lang::En)),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NoSuchIncident { incident } => format!("没有警情 {incident}"),
            Self::AlreadyClosed { incident } => format!("警情 {incident} 已消警"),
            Self::AlreadyTaken { by } => format!("已由接警员 {by} 接警"),
            Self::AlreadyYours => "您已接警".into(),
            Self::OtherQueue { queue } => format!("该警情在专属队列“{queue}”中,仅限队列成员"),
            Self::NotTaken => "请先接警".into(),
            Self::NotSeen { reason, since } => first_look(*reason, *since, Lang::Zh),
            Self::NotYours { owner } => format!("该警情由接警员 {owner} 处理"),
            Self::HoldReasonMissing => "未填写挂起原因".into(),
            Self::HoldNeedsAct => "涉及人身安全,须先处置才能挂起".into(),
            Self::CallAgainTime => "再次致电的时间应在此刻之后,且不超过一年".into(),
            Self::CallAgainDead => "该号码已失效,请先更正或改拨其他号码".into(),
            Self::HoldTooLong { at_most: 0, .. } => "该警情不允许挂起".into(),
            Self::HoldTooLong { minutes, at_most } => format!("挂起 {minutes} 分钟超出范围,应为 1 至 {at_most} 分钟"),
            Self::AlreadyOnHold { .. } => "已挂起".into(),
            Self::NotOnHold => "未挂起".into(),
            Self::NotAnAlarm { kind } => format!("{}不是警情,请直接处理", kind.label(Lang::Zh)),
            Self::NeedsABranch { kind } => format!("{}属于警情,须经核实", kind.label(Lang::Zh)),
            Self::CauseMissing => "未填写误报原因".into(),
            Self::CauseNeedsScene => "须经现场勘查才能登记为未发现异常".into(),
            Self::SettlementMissing => "未填写处理结果".into(),
            Self::StepFirst { zh, .. } => format!("预案要求先完成:{zh}"),
            Self::NoSuchStep { step } => format!("预案中没有步骤 {step}"),
            Self::StepNeedsAct { step } => format!("步骤 {step} 须实际执行,不能直接勾选"),
            Self::StepDone { step } => format!("步骤 {step} 已完成或已跳过"),
            Self::StepNotAsked { step } => format!("步骤 {step} 当前不需要"),
            Self::ContactMissing => "未选择到场处置的联系人".into(),
            Self::GuardMissing => "未选择看守的出警单位".into(),
            Self::GuardLeftEarly { unit } => format!("出警单位 {unit} 提前结束看守,须重新登记现场处置"),
            Self::GuardTimeWrong => "看守截止时间须晚于现在,复核时间不得晚于截止时间".into(),
            Self::StillUndetermined => "尚无法判断,须由现场确认".into(),
            Self::DuressGiven => "对方使用了胁迫口令,须由现场确认".into(),
            Self::AlreadyPreProcessed => "已预处理".into(),
            Self::NotPreProcessed => "尚未预处理或确认真实".into(),
            Self::NoSuchUnit { unit } => format!("没有出警单位 {unit}"),
            Self::UnitOffDuty { unit } => format!("出警单位 {unit} 不在岗"),
            Self::UnitBusy { unit, incident } => format!("出警单位 {unit} 正在处理警情 {incident}"),
            Self::UnitUnderWay { unit } => format!("已通知出警单位 {unit}"),
            Self::NoUnitFits => "没有可派的出警单位:均不在岗、正在出警或缺少所需技能".into(),
            Self::JobTaken { unit, by } => format!("已迟:出警单位 {unit} 的任务现由出警单位 {by} 承担"),
            Self::NotOffered { unit } => format!("未通知出警单位 {unit}"),
            Self::DispatchStands { unit, state } => format!("出警单位 {unit}:{}", state.label(Lang::Zh)),
            Self::NotYetOnScene => "尚无人员到达现场".into(),
            Self::NotYetLeft { unit } => format!("出警单位 {unit} 尚未离开现场"),
            Self::SceneReportMissing { unit } => format!("出警单位 {unit} 尚未提交现场勘查报告"),
            Self::VerdictMissing => "未判断".into(),
            Self::AlreadyFalse => "已确认误报".into(),
            Self::AlreadyReal => "已确认真实警情".into(),
            Self::NotReal => "尚未确认真实警情".into(),
            Self::SecondPersonMissing => "须由第二人确认".into(),
            Self::SecondPersonMustDiffer => "第二人不能是本人".into(),
            Self::OwnerNotNotified => "尚未通知用户到场".into(),
            Self::OwnerAlreadyArrived => "用户到场时间已登记".into(),
            Self::NotAsked => "未进行自动首次联系".into(),
            Self::AlreadyAnswered => "用户已答复".into(),
            Self::AlreadyHeard => "此编号的答复此前已收到".into(),
            Self::WishMissing => "未登记用户意见".into(),
            Self::NotWished { to } => format!("用户不要求报{}", to.label(Lang::Zh)),
            Self::HandOffMissing { to } => format!("{}尚未受理移交", to.label(Lang::Zh)),
            Self::ResponseWithdrawn { clause } => format!("公安已暂停对该用户出警:{clause}"),
            Self::ActDue { clause, act, to } => format!("规则 {clause} 要求:{}", due(*act, *to, Lang::Zh)),
            Self::HandOffOpen { number } => format!("移交 {number} 尚未答复"),
            Self::NoSuchHandOff { number } => format!("没有移交 {number}"),
            Self::HandOffAnswered { number } => format!("移交 {number} 已答复"),
            Self::HandOffNotAccepted { number } => format!("移交 {number} 未被受理"),
            Self::CallsMissing { calls, numbers } => match (calls, numbers) {
                (0, numbers) => format!("报公安前还须拨打 {numbers} 个不同号码"),
                (calls, 0) => format!("报公安前还须拨打 {calls} 次电话"),
                (calls, numbers) => format!("报公安前还须拨打 {calls} 次电话,其中 {numbers} 个不同号码"),
            },
            Self::SameLevel { level } => format!("AVS-01 等级已是 {level}"),
            Self::HandOffStands { number, state } => format!("移交 {number}:{}", state.label(Lang::Zh)),
            Self::LossesAlreadySigned => "损失清单已签字".into(),
            Self::LossesNotSigned => "损失清单未签字".into(),
            Self::AmountOutOfRange => "金额或数量超出范围".into(),
            Self::DispatchRecordMissing { unit } => format!("出警单位 {unit} 未填写出警记录"),
            Self::DispatchAlreadyRecorded { unit } => format!("出警单位 {unit} 的出警记录已填写"),
            Self::CaseRecordMissing => "未登记真实警情记录".into(),
            Self::CaseAlreadyRecorded => "真实警情记录已登记".into(),
            Self::FieldMissing { field } => format!("未填写{}", field.label(Lang::Zh)),
        }
    }
}
