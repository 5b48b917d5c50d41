//! The sentence that a person reads when an act is refused.

use contactid::Lang;

use super::Refusal;
use crate::incident::claim::due;
use crate::incident::unseen::first_look;

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
            Self::GuardTooLong { at_most } => {
                format!("a guard is set for {at_most} minutes at most: set it for so long, and anew when that is over")
            }
            Self::GuardTimeWrong => "say until when guard is kept: later than now, and the check not after it".into(),
            Self::StillUndetermined => "still undetermined: only the scene can end it".into(),
            Self::DuressGiven => {
                "somebody is threatened or calls for help: a supervisor other than you must sign as well, or a unit or the police must have been there since".into()
            }
            Self::ContactForced => "this contact said the duress word: somebody else has to secure the scene".into(),
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
            Self::ReportTooOld { since } => {
                format!("danger came at {since}, after the scene report: look anew and report once more")
            }
            Self::SceneSaysOtherwise { unit } => format!(
                "the scene report of unit {unit} says that somebody was there: record a new report, or let another person sign as well"
            ),
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
            Self::CancelMissing { number } => {
                format!("hand-off {number} is under way: ask them to cancel first, or hear that they are there")
            }
            Self::AskedToCancel { number } => {
                format!(
                    "they were asked to cancel hand-off {number}: hand off anew, or hear that they come all the same"
                )
            }
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
            Self::GuardTooLong { at_most } => format!("看守一次最多 {at_most} 分钟,到时须重新登记"),
            Self::GuardTimeWrong => "看守截止时间须晚于现在,复核时间不得晚于截止时间".into(),
            Self::StillUndetermined => "尚无法判断,须由现场确认".into(),
            Self::DuressGiven => "有人受胁迫或求助,须由另一位值班主管共同确认,或待出警人员、公安到场确认".into(),
            Self::ContactForced => "该联系人曾使用胁迫口令,须由他人到场处置".into(),
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
            Self::ReportTooOld { since } => format!("{since} 又有新险情,晚于现场勘查报告,须重新勘查并报告"),
            Self::SceneSaysOtherwise { unit } => {
                format!("出警单位 {unit} 的现场勘查报告称有人或有侵入迹象:请补报勘查结果,或由另一位值班主管共同确认")
            }
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
            Self::CancelMissing { number } => format!("移交 {number} 已受理或已派警,请先请求撤销,或待对方到场"),
            Self::AskedToCancel { number } => format!("移交 {number} 已请求撤销,请重新移交,或待对方答复仍将到场"),
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
