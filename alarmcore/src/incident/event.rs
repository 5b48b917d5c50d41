//! What happened to an incident: the facts its journal keeps for ever, and the free text that can be taken out of them.

use contactid::AccountNumber;

use super::{
    Answer, Authority, Basis, CallResult, Cause, Check, ContactAnswer, Evidence, Kind, Missing, RaiseReason, Rank,
    Rejection, Resolution, SceneEnd, Settlement, Sight, Source, Standing, Telling, TheirOutcome,
};
use crate::{
    Claim, ClauseId, ContactId, Currency, Guarded, IncidentId, NumberId, OperatorId, PlanGiven, Priority, Rule,
    SignalId, StormId, Timestamp, UnitId, event::events,
};

events! {
    enum EventKind of IncidentEvent: "What happened to an incident.";
    /// A signal opened the incident.
    Opened "opened" "Opened" "产生警情" {
        /// The account; `None` when the frame named none.
        account: Option<AccountNumber>,
        /// What it is about.
        kind: Kind,
        /// How urgent it is.
        priority: Priority,
        /// The signal.
        evidence: Evidence,
        /// The rule that opened it.
        rule: Rule,
        /// The version of the policy in force.
        policy: u32,
        /// The plan that it got; `None` where there was none.
        #[serde(default, skip_serializing_if = "Option::is_none")] plan: Option<PlanGiven>,
    }
    /// A signal became part of it.
    SignalJoined "signal-joined" "Signal joined" "信号并入" {
        /// The signal.
        evidence: Evidence,
        /// The rule that joined it.
        rule: Rule,
    }
    /// It calls for an operator again, at least as urgently as before.
    Raised "raised" "Raised" "升级" {
        /// Why.
        reason: RaiseReason,
        /// What it is about now.
        kind: Kind,
        /// How urgent it is now.
        priority: Priority,
        /// The plan that it got with its new kind.
        #[serde(default, skip_serializing_if = "Option::is_none")] plan: Option<PlanGiven>,
    }
    /// A user who may do so cancelled it at the panel: it is less urgent, and goes on.
    Lowered "lowered" "Lowered" "降级" { /** How urgent it is now. */ priority: Priority, }
    /// An operator took it.
    Taken "taken" "Taken" "接警" {}
    /// A supervisor took it from its owner.
    TakenOver "taken-over" "Taken over" "接管" { /** The owner until now. */ from: OperatorId, }
    /// Its owner put it back in the queue.
    Released "released" "Released" "退回队列" {;
        /// Why.
        note,
    }
    /// Its owner is gone: it is back in the queue.
    OwnerLost "owner-lost" "Owner gone, back in the queue" "接警员离席,退回队列" {
        /// The owner until now.
        from: OperatorId,
        /// Why they count as gone.
        reason: crate::presence::Absence,
    }
    /// Its owner laid it aside for a while.
    PutOnHold "put-on-hold" "On hold" "挂起" {
        /// Why.
        reason: super::hold::HoldReason,
        /// For how many minutes.
        minutes: u32,;
        /// What is waited for.
        note,
    }
    /// The hold is over, and it calls again.
    HoldOver "hold-over" "Hold over" "挂起到时" {}
    /// Its owner goes on with it before the hold is over.
    Resumed "resumed" "Resumed" "恢复处理" {}
    /// Nobody did what was to be done in time: somebody else is called.
    Escalated "escalated" "Escalated" "逐级上报" {
        /// Who.
        to: Rank,
        /// What was missing.
        missing: Missing,
        /// For how many seconds.
        after_s: u32,
        /// The version of the policy in force.
        policy: u32,
    }
    /// A contact was called.
    Called "called" "Contact called" "电话核实" {
        /// Who.
        contact: ContactId,
        /// How it went.
        result: CallResult,
        /// Which number of the account's card was dialled.
        #[serde(default, skip_serializing_if = "Option::is_none")] number: Option<NumberId>,
        /// How many different numbers there were to dial.
        #[serde(default, skip_serializing_if = "Option::is_none")] numbers: Option<u16>,
        /// Did the centre compare what was said with the codewords?
        #[serde(default, skip_serializing_if = "core::ops::Not::not")] compared: bool,
        /// The number is dead: by when somebody must correct or confirm it.
        #[serde(default, skip_serializing_if = "Option::is_none")] correct_by: Option<Timestamp>,
        /// They are to be called again then.
        #[serde(default, skip_serializing_if = "Option::is_none")] again_at: Option<Timestamp>,;
        /// What was said.
        note,
    }
    /// Something on the scene was seen or heard.
    Observed "observed" "Seen or heard" "目击或音视频" {
        /// By what.
        source: Source,
        /// What.
        saw: Sight,;
        /// More of it.
        note,
    }
    /// The level of AVS-01 was set by hand.
    LevelSet "level-set" "Level set by hand" "人工设定等级" {
        /// The level.
        level: super::avs::AvsLevel,;
        /// Why.
        note,
    }
    /// Verified false. Branch 1.
    VerifiedFalse "verified-false" "Verified false" "核实为误报" {
        /** Why it was false. */ cause: Cause, /** The second person. */ #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,;
        /// What was said.
        note,
    }
    /// Undetermined. Branch 2.
    PreProcessed "pre-processed" "Pre-processed" "预处理" {;
        /// What is known.
        note,
    }
    /// Offered to a unit.
    UnitOffered "unit-offered" "Offered to a unit" "通知出警" {
        /// The unit.
        unit: UnitId,
        /// When the offer ends if nobody accepts.
        until: Timestamp,
        /// How the unit was chosen: what each would have cost.
        #[serde(default, skip_serializing_if = "Option::is_none")] choice: Option<Box<crate::Choice>>,
    }
    /// The unit accepted.
    UnitAccepted "unit-accepted" "Unit accepted" "出警人员已接受" { /** The unit. */ unit: UnitId, }
    /// The unit declined.
    UnitDeclined "unit-declined" "Unit declined" "出警人员拒绝" { /** The unit. */ unit: UnitId,; /** Why. */ note, }
    /// A unit said something by machine: it has come so far, or does not come.
    UnitAnswered "unit-answered" "The unit says" "出警单位答复" {
        /** The unit. */ unit: UnitId, /** Which offer of the incident: from 1. */ offer: u16, /** What it says. */ answer: super::UnitAnswer,
        /** The number that the unit gave to this. */ message: String, /** Did it say something in words? */ #[serde(default, skip_serializing_if = "core::ops::Not::not")] speaks: bool,;
        /// What else it said.
        note,
    }
    /// The unit did not accept in time.
    OfferExpired "offer-expired" "Not accepted in time" "超时未接受" { /** The unit. */ unit: UnitId, }
    /// The offer could not be delivered.
    OfferFailed "offer-failed" "Offer not delivered" "出警通知未送达" { /** The unit. */ unit: UnitId, /** Which offer of the incident: from 1. */ offer: u16,; /** Why. */ note, }
    /// The unit could not be told that it need not go.
    RecallFailed "recall-failed" "Recall not delivered" "取消通知未送达" { /** The unit. */ unit: UnitId, /** Which offer of the incident: from 1. */ offer: u16,; /** Why. */ note, }
    /// The offer has arrived.
    OfferDelivered "offer-delivered" "Offer delivered" "出警通知已送达" { /** The unit. */ unit: UnitId, /** Which offer of the incident: from 1. */ offer: u16, }
    /// The unit is told what joined after it was asked to go.
    UnitTold "unit-told" "Told the unit" "告知出警人员" { /** The unit. */ unit: UnitId, /** Which offer of the incident: from 1. */ offer: u16, /** What joined, if that is why. */ #[serde(default, skip_serializing_if = "Option::is_none")] signal: Option<SignalId>,; /** What else is said. */ note, }
    /// The unit could not be told that.
    UnitUntold "unit-untold" "Unit not told" "未能告知出警人员" { /** The unit. */ unit: UnitId, /** Which offer of the incident: from 1. */ offer: u16,; /** Why. */ note, }
    /// The centre was away: the answer of a unit, or to a hand-off, is awaited until then.
    AnswerAwaited "answer-awaited" "The centre was away: answer awaited again" "中心曾停运,重新等候答复" { /** Of which unit. */ unit: Option<UnitId>, /** To which hand-off. */ number: Option<u16>, /** Until then. */ until: Timestamp, }
    /// The unit went off duty before it arrived.
    UnitOutOfService "unit-out-of-service" "Unit out of service" "出警单位退出执勤" { /** The unit. */ unit: UnitId, }
    /// The unit was called back.
    UnitWithdrawn "unit-withdrawn" "Unit called back" "取消出警" { /** The unit. */ unit: UnitId,; /** Why. */ note, }
    /// The unit is on its way.
    UnitDeparted "unit-departed" "Unit on its way" "已出发" { /** The unit. */ unit: UnitId, }
    /// The unit is on the scene.
    UnitArrived "unit-arrived" "Unit on scene" "到达现场" { /** The unit. */ unit: UnitId, }
    /// Nothing was heard of the unit on the scene for as long as the rules say.
    UnitSilent "unit-silent" "Nothing heard of the unit" "出警人员在现场无音讯" { /** The unit. */ unit: UnitId, }
    /// The unit reported what it found.
    SceneReported "scene-reported" "Scene report" "现场勘查报告" {
        /// The unit.
        unit: UnitId,
        /// The doors.
        doors: Check,
        /// The windows.
        windows: Check,
        /// Are there signs that somebody went in?
        entry_signs: bool,
        /// How many persons were met.
        persons: u16,
        /// References of the pictures taken.
        photos: Vec<String>,;
        /// What else was found.
        note,
    }
    /// The unit left the scene.
    UnitLeft "unit-left" "Unit left" "离开现场" { /** The unit. */ unit: UnitId, }
    /// Confirmed false on the scene.
    SceneFalse "scene-false" "False on scene" "现场确认误报" {
        /** Why it was false. */ cause: Cause, /** The second person. */ #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,;
        /// What was found.
        note,
    }
    /// Left undetermined on the scene: an end of branch 2.
    EndedUndetermined "ended-undetermined" "Left undetermined" "无法判断,已处置" {
        /// How it ends.
        end: SceneEnd,
        /// Who secures the scene.
        #[serde(default, skip_serializing_if = "Option::is_none")] contact: Option<ContactId>,
        /// The unit that keeps guard.
        #[serde(default, skip_serializing_if = "Option::is_none")] unit: Option<UnitId>,
        /// Until when it keeps guard.
        #[serde(default, skip_serializing_if = "Option::is_none")] until: Option<Timestamp>,
        /// When the guard is asked how things stand.
        #[serde(default, skip_serializing_if = "Option::is_none")] check_at: Option<Timestamp>,
        /// The hand-off that the police accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")] number: Option<u16>,
        /** The second person. */ #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,;
        /// What was agreed.
        note,
    }
    /// Confirmed real. Branch 3.
    ConfirmedReal "confirmed-real" "Confirmed real" "确认真实警情" {
        /// On whose word.
        basis: Basis,;
        /// What is known.
        note,
    }
    /// What was called real was false; two persons say so.
    Overturned "overturned" "Real overturned to false" "真实警情改判误报" {
        /// Why it was false.
        cause: Cause,
        /// The second person.
        second: OperatorId,;
        /// What came to light.
        note,
    }
    /// The owner was called to the scene.
    OwnerNotified "owner-notified" "Owner notified" "通知用户到场" { /** Who was called. */ contact: ContactId,; /** What was said. */ note, }
    /// The owner arrived on the scene.
    OwnerArrived "owner-arrived" "Owner arrived" "用户到达现场" {}
    /// What the owner wishes.
    WishRecorded "wish-recorded" "Owner's wish" "用户意见" {
        /// Report to the police?
        police: bool,
        /// Report to the insurer?
        insurer: bool,
        /// Estimated loss in minor units.
        loss_minor: Option<i64>,
        /// Its currency.
        currency: Currency,;
        /// What was said.
        note,
    }
    /// Handed to an authority.
    HandedOff "handed-off" "Handed off" "移交" {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// To whom.
        to: Authority,
        /// Their reference number.
        reference: Option<String>,
        /// The level of AVS-01 that they were told.
        #[serde(default, skip_serializing_if = "Option::is_none")] avs: Option<super::avs::AvsLevel>,
        /// Until when they are to answer, where a time is set.
        #[serde(default, skip_serializing_if = "Option::is_none")] answer_by: Option<Timestamp>,;
        /// What was said.
        note,
    }
    /// The authority accepted.
    HandOffAccepted "hand-off-accepted" "Hand-off accepted" "移交已受理" {
        /// Which hand-off.
        number: u16,
        /// Their reference number.
        reference: Option<String>,;
        /// What was said.
        note,
    }
    /// The authority rejected it.
    HandOffRejected "hand-off-rejected" "Hand-off rejected" "移交被拒绝" {
        /// Which hand-off.
        number: u16,;
        /// Their reason.
        note,
    }
    /// The authority took charge.
    ChargeTaken "charge-taken" "Authority took charge" "公安介入处理" {
        /// Which hand-off.
        number: u16,
        /// Their case number.
        case_number: Option<String>,;
        /// The officer.
        officer,
    }
    /// A message to an authority has arrived.
    HandOffDelivered "hand-off-delivered" "Delivered to the authority" "已送达对方" {
        /** Which hand-off. */ number: u16, /** Which message of it: 1 is the hand-off itself. */ sequence: u32,; /** Their receipt. */ note,
    }
    /// A message to an authority could not be delivered.
    HandOffFailed "hand-off-failed" "Not delivered" "无法送达" {
        /** Which hand-off. */ number: u16, /** Which message of it: 1 is the hand-off itself. */ sequence: u32,; /** Why. */ note,
    }
    /// The authority has not answered in time.
    HandOffUnanswered "hand-off-unanswered" "No answer to the hand-off" "移交逾期未答复" { /** Which hand-off. */ number: u16, }
    /// The authority is told more, or asked something.
    AuthorityTold "authority-told" "Told the authority" "告知对方" {
        /// Which hand-off.
        number: u16,
        /// Which message of it, counted from 1.
        sequence: u32,
        /// What.
        telling: Telling,
        /// Who has the keys.
        contact: Option<ContactId>,
        /// The alarm that is told.
        signal: Option<SignalId>,
        /** The second person, of a cancel request. */ #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,;
        /// What else is said.
        note,
    }
    /// The authority says something.
    AuthorityAnswered "authority-answered" "The authority says" "对方答复" {
        /// Which hand-off.
        number: u16,
        /// What.
        answer: Answer,
        /// Does it count?
        standing: Standing,
        /// Why they do not take it.
        reason: Option<Rejection>,
        /// What they closed it with.
        outcome: Option<TheirOutcome>,
        /// In how many seconds they expect to arrive.
        eta_s: Option<u32>,
        /// Their reference number.
        reference: Option<String>,
        /// The number of their message.
        message: Option<String>,;
        /// Their text.
        note,
    }
    /// It is closed, and an authority still has it.
    HandOffsFollowed "hand-offs-followed" "Authority's last word awaited" "等待对方结案" {
        /// Until when its last word is awaited.
        until: Timestamp,
    }
    /// Its time is over.
    HandOffsLeft "hand-offs-left" "Left with the authority" "已交由对方处理" {}
    /// One line of the loss list.
    LossListed "loss-listed" "Loss listed" "登记损失" {
        /// How many.
        quantity: u32,
        /// What all of them are worth, in minor units.
        value_minor: i64,
        /// Its currency.
        currency: Currency,;
        /// What was lost or damaged.
        item,
        /// What proves it.
        evidence,
    }
    /// The owner signed the loss list.
    LossesSigned "losses-signed" "Loss list signed" "损失清单已签字" {;
        /// Who signed.
        signed_by,
    }
    /// The unit's record of its dispatch.
    DispatchRecorded "dispatch-recorded" "Dispatch record" "出警记录" {
        /// The unit.
        unit: UnitId,;
        /// Who went.
        people,
        /// What they found and did.
        findings,
        /// Who signed for the unit.
        signed_by,
    }
    /// The record of a real case.
    CaseRecorded "case-recorded" "Case record" "真实警情记录" {;
        /// What happened.
        note,
    }
    /// A trouble or an unclear signal was dealt with.
    Settled "settled" "Settled" "处理完毕" {
        /// How.
        settlement: Settlement,;
        /// What was done.
        note,
    }
    /// It is closed.
    Closed "closed" "Closed" "消警成功" {
        /// What it was.
        resolution: Resolution,;
        /// A last word.
        note,
    }
    /// It is closed, and something of it still stands.
    RestoreAwaited "restore-awaited" "Restore awaited" "等待恢复" {
        /// Until when it is to restore.
        until: Timestamp,
    }
    /// The time for the restore is over.
    RestoreDue "restore-due" "Time for the restore over" "恢复期限已到" {
        /// The incident that tells that it did not; `None` when it did, or when an open one shows it.
        follow_up: Option<IncidentId>,
    }
    /// A person says that a step of the plan is done.
    StepTicked "step-ticked" "Step done" "步骤已完成" {
        /// The step's word.
        step: String,;
        /// What came of it.
        note,
    }
    /// A step of the plan was left out.
    StepSkipped "step-skipped" "Step left out" "步骤已跳过" {
        /// The step's word.
        step: String,
        /// The act that passed over it; `None` where a person left it out on purpose.
        #[serde(default, skip_serializing_if = "Option::is_none")] passed: Option<Guarded>,
        /// The second person, where the step was forced.
        #[serde(default, skip_serializing_if = "Option::is_none")] second: Option<OperatorId>,;
        /// Why.
        note,
    }
    /// A clause of a rule pack asks for an act.
    ActDue "act-due" "Act due by a rule" "规则要求处置" {
        /// The clause.
        clause: ClauseId,
        /// What is due.
        act: Claim,
        /// To whom, of a hand-off.
        to: Option<Authority>,
        /// Until when.
        until: Timestamp,
    }
    /// It was not done in time.
    ActOverdue "act-overdue" "Act overdue by a rule" "规则要求的处置超时" {
        /// The clause.
        clause: ClauseId,
    }
    /// Whether the police come to this account.
    PoliceResponse "police-response" "Police response" "公安出警状态" {
        /// The clause by which they do not; `None` when they do again.
        withdrawn: Option<ClauseId>,
    }
    /// It stands for everything of its kind that a storm groups.
    Grouped "grouped" "Stands for a group" "代表合并警情" { /** The storm. */ storm: StormId, }
    /// Nobody had looked at it, and a storm's group shows it from now on.
    Merged "merged" "Merged into a group" "并入合并警情" { /** Which. */ into: IncidentId, /** The storm. */ storm: StormId, }
    /// The customer is asked by machine, because of a storm.
    ContactAsked "contact-asked" "Customer asked by machine" "自动首次联系" { /** The storm. */ storm: StormId, }
    /// What the customer answered: evidence, no more.
    ContactAnswered "contact-answered" "Customer's answer" "首次联系答复" {
        /// What.
        answer: ContactAnswer,;
        /// What else was said.
        note,
    }
    /// A rule of the policy puts it into a queue, or into none.
    Queued "queued" "Put into a queue" "进入队列" {
        /// The queue; `None` where it is everybody's.
        queue: Option<std::sync::Arc<str>>,
        /// Only for its members?
        exclusive: bool,
        /// What they must be able to do.
        skills: Vec<std::sync::Arc<str>>,
        /// The language of the site.
        language: Option<std::sync::Arc<str>>,
        /// The version of the policy in force.
        policy: u32,
    }
    /// It is in an exclusive queue, and everybody's from now on.
    Overflowed "overflowed" "Open to everybody" "转为全员可接" { /** Why. */ reason: super::OverflowReason, }
    /// It is offered to an operator; it goes on calling, and everybody else sees and takes it as before.
    Fed "fed" "Offered to an operator" "派给接警员" {
        /** To whom. */ to: OperatorId, /** Until when. */ until: Timestamp, /** The version of the policy in force. */ policy: u32,
    }
    /// The offer is over, and nobody has taken it.
    FeedOver "feed-over" "Offer to the operator over" "派单结束,未接警" {
        /** To whom it was offered. */ to: OperatorId, /** Why it is over. */ reason: super::FeedEnd,
    }
    /// Life safety calls its operator away from it.
    Interrupted "interrupted" "Interrupted for life safety" "因人身安全警情中断" { /** What comes first. */ first: IncidentId, }
    /// It goes on.
    Continued "continued" "Goes on" "继续处理" {}
    /// Somebody wrote something down.
    Noted "noted" "Note" "备注" {;
        /// What.
        note,
    }
}
