//! What became of a signal, by which rule, under which version of the policy.

mod otherwise;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{IncidentId, SignalId};
use crate::time::Timestamp;
use crate::words::words;

/// What became of one signal.
///
/// Every signal has exactly one final disposition. [`Outcome::Held`] is the only one that is not final: exactly one other
/// follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposition {
    /// The signal.
    pub signal: SignalId,
    /// When it was decided.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// The rule that decided.
    pub rule: Rule,
    /// The version of the policy that was in force.
    pub policy: u32,
    /// The override of that policy that decided, by [its name](crate::Override::name); `None` for the rules of the centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Arc<str>>,
    /// It came from where the account's card does not list, or the frame was [doubtful](crate::Marks::is_doubtful), and therefore lowered,
    /// ended and satisfied nothing.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub unweighed: bool,
    /// It is a trouble that counts towards a storm of the areas of its account, whatever rule decided of it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub counted: bool,
    /// It is a trip that nobody was shown: it brings its zone no nearer to swinging.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub unseen: bool,
}

/// The five things that can become of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It opened an incident.
    Opened {
        /// The new incident.
        incident: IncidentId,
    },
    /// It became part of an open incident.
    Joined {
        /// That incident.
        incident: IncidentId,
    },
    /// It changed the account's state, or only the log.
    Logged,
    /// It waits for its restore.
    Held {
        /// When the waiting ends and it is shown after all.
        until: Timestamp,
    },
    /// It is the same frame once more.
    Repeat {
        /// The signal that came first.
        of: SignalId,
    },
}

impl Outcome {
    /// The incident that it belongs to, if any.
    pub const fn incident(self) -> Option<IncidentId> {
        match self {
            Self::Opened { incident } | Self::Joined { incident } => Some(incident),
            Self::Logged | Self::Held { .. } | Self::Repeat { .. } => None,
        }
    }

    /// Is this the last word on the signal?
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Held { .. })
    }

    /// The same without its details.
    pub const fn word(self) -> OutcomeWord {
        match self {
            Self::Opened { .. } => OutcomeWord::Opened,
            Self::Joined { .. } => OutcomeWord::Joined,
            Self::Logged => OutcomeWord::Logged,
            Self::Held { .. } => OutcomeWord::Held,
            Self::Repeat { .. } => OutcomeWord::Repeat,
        }
    }
}

words! {
    /// An [`Outcome`] without its details: what counts and columns are kept by.
    OutcomeWord {
        /// Opened an incident.
        Opened "opened" "Opened an incident" "产生警情",
        /// Joined an open incident.
        Joined "joined" "Joined an incident" "并入警情",
        /// Logged.
        Logged "logged" "Logged" "记录",
        /// Waits for its restore, an answer or a cancel.
        Held "held" "Held" "等待中",
        /// The same frame once more.
        Repeat "repeat" "Repeat" "重复",
    }
}

words! {
    /// The rule that decided what became of a signal: the answer to "why do I see this?" and "why did I not?".
    Rule {
        /// Fire, hold-up, duress, medical or gas: always opens an incident or raises one.
        LifeSafety "life-safety" "Life safety is always shown" "涉及人身安全,必须显示",
        /// The policy says of this class that an operator must see it.
        ClassShown "class.shown" "This class of signal needs an operator" "此类信号须接警员处理",
        /// The policy says of this class that it is only logged.
        ClassLogged "class.logged" "This class of signal is only logged" "此类信号只记录",
        /// The policy says of this code that an operator must see it.
        CodeShown "code.shown" "This code needs an operator" "此代码须接警员处理",
        /// The policy says of this code that it is only logged.
        CodeLogged "code.logged" "This code is only logged" "此代码只记录",
        /// Held until its restore comes or the wait is over.
        RestoreWait "restore-wait" "Held until it restores or the wait is over" "等待自行恢复",
        /// The wait was over and nothing had restored.
        RestoreWaitOver "restore-wait.over" "Did not restore in time" "超时未恢复",
        /// It restored within the wait.
        RestoreWaitRestored "restore-wait.restored" "Restored by itself in time" "已自行恢复",
        /// Already held; said once more.
        RestoreWaitAgain "restore-wait.again" "Said again while the first is held" "等待恢复期间再次上报",
        /// An intrusion, held until a user on the list cancels it or the wait is over.
        CancelWait "cancel-wait" "An intrusion, held until it is cancelled by a user on the list or the wait is over" "入侵报警,等待授权用户撤销",
        /// The wait was over and nobody on the list had cancelled.
        CancelWaitOver "cancel-wait.over" "Not cancelled in time" "超时未撤销",
        /// An intrusion at a place of which nothing was known, while people of the account are in danger: whatever else would only log it.
        BesideDanger "danger.beside" "An intrusion while people are in danger: shown, whatever else would log it" "人身危险期间的入侵信号:一律显示",
        /// Another sign confirmed it before the wait was over.
        CancelWaitConfirmed "cancel-wait.confirmed" "Confirmed by another sign before the wait was over" "等待期间经其他信号确认",
        /// People of the account were threatened before the wait was over: whoever cancels may be forced to.
        CancelWaitThreat "cancel-wait.threat" "Somebody was threatened before the wait was over" "等待期间有人受到威胁",
        /// It restored within the wait: no proof that nothing happened. The restore waits with it.
        CancelWaitRestore "cancel-wait.restore" "Restore of an intrusion that is held: no proof that nothing happened" "等待期间恢复,不能证明无事发生",
        /// A restore of something in an open incident.
        RestoreJoined "restore.joined" "Restore of an open incident" "未结警情的恢复信号",
        /// A restore of nothing that is open.
        RestoreLogged "restore.logged" "Restore, nothing open" "恢复信号,无未结警情",
        /// What still stood when its incident was closed has not restored in time.
        RestoreOverdue "restore.overdue" "Not restored in time after the closing" "处理后超时未恢复",
        /// A cancel by a user: evidence for an open incident, never its end.
        CancelJoined "cancel.joined" "Cancel is evidence, never an end" "用户取消仅作为核实依据",
        /// A cancel by a user whom the account's card lists: it lowers an intrusion that nothing has confirmed.
        CancelAllowed "cancel.allowed" "Cancelled by a user on the list" "授权用户取消",
        /// A cancel by anybody else, where the card has a list: it raises the alarm.
        CancelStranger "cancel.stranger" "Cancelled by a user who is not on the list" "非授权用户取消,升级处理",
        /// A user on the list cancelled before the wait was over.
        CancelInTime "cancel.in-time" "Cancelled by a user on the list before it was shown" "显示前已由授权用户取消",
        /// A cancel with nothing to cancel.
        CancelLogged "cancel.logged" "Cancel, nothing open" "用户取消,无未结警情",
        /// Opened outside all hours of its schedule.
        UnexpectedOpen "schedule.unexpected-open" "Opened outside its hours" "非允许时段撤防",
        /// Opened by a user outside that user's own hours.
        UserOpen "schedule.user-open" "Opened outside the user's hours" "超出用户权限时段撤防",
        /// Opened by a user whose time on the card is over.
        ExpiredUser "schedule.expired-user" "Opened by a user whose time is over" "用户权限已到期仍撤防",
        /// Opened by a user whom the card does not list, where it lists users.
        UnlistedUser "schedule.unlisted-user" "Opened by a user who is not on the card" "不在档案所列用户之内的用户撤防",
        /// Opened while it was open.
        OpenAgain "schedule.open-again" "Opened while open" "撤防状态下再次撤防",
        /// Opened before its hours.
        EarlyOpen "schedule.early-open" "Opened early" "提前撤防",
        /// Opened for the first time in its hours, and later than they say.
        LateOpen "schedule.late-open" "Opened late" "延迟撤防",
        /// Closed before the end of its hours.
        EarlyClose "schedule.early-close" "Closed early" "提前布防",
        /// Closed after the end of its hours.
        LateClose "schedule.late-close" "Closed late" "延迟布防",
        /// Closed after the end of its hours, by a user who may.
        LateCloseAllowed "schedule.late-close-allowed" "Closed late, by a user who may" "有权延迟布防的用户延迟布防",
        /// Not closed in time: whoever may say so is asked whether it closes later, and an operator sees it if nobody answers.
        LateCloseAsked "late-close.asked" "Not closed in time, and the customer is asked" "逾时未布防,先询问用户",
        /// Not closed in time, and nobody answered.
        LateCloseUnanswered "late-close.unanswered" "Not closed in time; the customer was asked and did not answer" "逾时未布防,询问用户未获答复",
        /// Not closed by the time that the customer had put it off to.
        LateCloseStillOpen "late-close.still-open" "Not closed by the time that the customer had put it off to" "用户延后的时间已到仍未布防",
        /// Not closed in time, and somebody answered who may not.
        LateCloseStranger "late-close.stranger" "Not closed in time, and somebody answered who may not" "逾时未布防,答复人无权答复",
        /// Not closed in time, and the question could not be sent.
        LateCloseUnsent "late-close.unsent" "Not closed in time; the customer could not be asked" "逾时未布防,询问未能发出",
        /// Not closed in time, and the customer asks the centre to arm.
        LateCloseArm "late-close.arm" "Not closed in time; the customer asks the centre to arm it" "逾时未布防,用户请中心代为布防",
        /// Closed after all, while the customer was asked.
        LateCloseClosed "late-close.closed" "Closed after the customer was asked" "询问用户后已布防",
        /// Not closed today, as the customer says.
        LateCloseNotToday "late-close.not-today" "Not closed today, as the customer says" "用户答复今日不布防,只记录",
        /// What the account's card expects has not come in time.
        ExpectedMissing "expected.missing" "What its card expects has not come in time" "档案所定应到信号未按时到达",
        /// What it speaks of was on test.
        OnTest "on-test" "What it speaks of was on test" "测试期间,仅记录",
        /// A test hid it, and it was still so when the test was over.
        OnTestOver "on-test.over" "Still so when the test was over" "测试结束时仍未恢复",
        /// Everything of a suspended account but life safety.
        Suspended "suspended" "The account is suspended" "该用户已暂停服务,只记录",
        /// A suspension hid it, and it was still so when the suspension was over.
        SuspendedOver "suspended.over" "Still so when the suspension was over" "暂停服务结束时仍未恢复",
        /// Life safety of a suspended account: shown all the same.
        SuspendedLifeSafety "suspended.life-safety" "Life safety is shown, though the account is suspended" "虽已暂停服务,涉及人身安全仍须显示",
        /// What it speaks of is only logged, as the subscriber has agreed in writing.
        LogOnly "log-only" "Only logged, by agreement with the subscriber" "按与用户的书面约定只记录",
        /// An agreement hid it, and it was still so when that was over.
        LogOnlyOver "log-only.over" "Still so when the log-only agreement was over" "只记录约定结束时仍未恢复",
        /// Rules of the policy logged or held it, and it was still so when they held no longer.
        OverrideOver "override.over" "Still so when the rules that hid it held no longer" "隐藏它的规则失效时仍未恢复",
        /// One of many troubles of an area: a group shows it, and the storm's ledger keeps it.
        StormGrouped "storm.grouped" "Grouped: many accounts of the area failed at once" "同一区域大量用户同时故障,合并显示",
        /// A restore of what a storm grouped.
        StormRestored "storm.restored" "Restore of what a storm grouped" "合并显示的故障已恢复",
        /// A storm had grouped it, and a person dismissed the storm.
        StormDismissed "storm.dismissed" "Still so when the storm was dismissed" "灾害模式被否决时仍未恢复",
        /// The same frame once more.
        Repeat "repeat" "The same frame once more" "重复报文",
        /// The same event once more, from a second path.
        Duplicate "duplicate" "The same event from a second path" "同一事件经另一路径再次上报",
        /// Said too much: an incident of its own tells an operator.
        Runaway "runaway" "More signals than a working panel sends" "上报异常频繁",
        /// Said by a panel that has said too much, and not life safety.
        RunawayLogged "runaway.logged" "Logged while the panel runs away" "频繁上报期间只记录",
        /// A run hid it, and it was still so when the panel had been silent for long enough.
        RunawayOver "runaway.over" "Still so when the panel ran away no more" "频繁上报结束时仍未恢复",
        /// A zone set off too often since its area was armed.
        SwingerLogged "swinger.logged" "Set off too often since arming" "布防后同一防区反复触发,只记录",
        /// A single sign of an intrusion, shown lower until another confirms it.
        Unconfirmed "unconfirmed" "One sign of an intrusion, shown lower" "单一入侵信号未经确认,降级显示",
        /// Two paths of different technologies failed: somebody may have cut them.
        TwoPaths "two-paths" "Two paths of different technologies failed" "两条不同技术的通道相继中断",
        /// An intrusion soon after a user opened the area.
        RecentOpening "recent-opening" "Soon after an authorised opening, shown lower" "授权撤防后不久,降级显示",
        /// The same, in a centre that logs it.
        RecentOpeningLogged "recent-opening.logged" "Soon after an authorised opening, logged" "授权撤防后不久,只记录",
        /// An intrusion soon after the area was closed.
        RecentClosing "recent-closing" "Soon after a closing, shown lower" "布防后不久,降级显示",
        /// The same, in a centre that logs it.
        RecentClosingLogged "recent-closing.logged" "Soon after a closing, logged" "布防后不久,只记录",
        /// A user closed soon after an intrusion: it is part of that, and lowers it.
        BeforeClosing "before-closing" "Closed by a user soon after the alarm, which is lowered" "报警后不久用户布防,警情降级",
        /// The centre reports a fault of its own.
        CentreFault "centre.fault" "The centre itself fails in part" "中心自身故障",
        /// The centre has looked at itself, as it does once a day, or has nothing to end.
        CentreLogged "centre.logged" "The centre has looked at itself" "中心自检记录",
        /// No card for this account.
        UnknownAccount "unknown.account" "No such account" "未知用户编号",
        /// A code that no list explains.
        UnknownCode "unknown.code" "Code in no list" "未知事件代码",
        /// Encrypted, and not to be opened.
        Undeciphered "security.undeciphered" "Encrypted, key missing or wrong" "无法解密",
        /// Intact, and not understood.
        Unread "security.unread" "Intact, but not understood" "报文完整但无法解读",
        /// Plain, though the account has a key.
        PlainDespiteKey "security.plain" "Plain, though the account has a key" "应加密而未加密",
        /// Encrypted, and its clock is outside the accepted window: late, or a frame that somebody has sent once more.
        StaleClock "security.stale" "Encrypted long before it came: late, or sent once more by somebody" "加密时间与到达时间相差过大:迟到或被重放",
        /// From an address or number that the account's card does not list.
        StrangeSource "security.strange-source" "From a source that the card does not list" "来源不在档案所列之内",
        /// From an address or number that the account's card does not list, or [doubtful](crate::Marks::is_doubtful) itself: it is noted,
        /// and changes nothing.
        NotWeighed "security.not-weighed" "Strange source or doubtful frame: it lowers, ends and satisfies nothing" "来源或帧可疑:不作为降级、撤销、恢复或到位的依据",
        /// From another address or number than the signal before, of an account whose card lists none.
        ChangedSource "security.changed-source" "From another source than the signal before" "来源与上一信号不同",
    }
}

impl Rule {
    /// Does it rest on a user who has just come or gone?
    pub const fn is_recent(self) -> bool {
        matches!(
            self,
            Self::RecentOpening | Self::RecentOpeningLogged | Self::RecentClosing | Self::RecentClosingLogged
        )
    }

    /// Does it show what something hid until now, or what the centre itself reminds of? Nobody could have answered it before.
    pub const fn shows_late(self) -> bool {
        matches!(
            self,
            Self::OnTestOver
                | Self::SuspendedOver
                | Self::LogOnlyOver
                | Self::OverrideOver
                | Self::StormDismissed
                | Self::RunawayOver
                | Self::RestoreOverdue
        )
    }

    /// Does it rest on where a signal came from?
    pub const fn is_of_source(self) -> bool {
        matches!(self, Self::StrangeSource | Self::ChangedSource)
    }

    /// Does it rest on how a signal came, and not on what it says?
    pub const fn is_of_line(self) -> bool {
        self.is_of_source()
            || matches!(self, Self::Undeciphered | Self::Unread | Self::PlainDespiteKey | Self::StaleClock)
    }

    /// Did circumstances, and not what the policy says of the class or code, keep the signal from operators, lower it or end its
    /// wait? How often each did is what a policy is audited by.
    pub const fn is_automatic(self) -> bool {
        matches!(
            self,
            Self::RestoreWaitRestored
                | Self::CancelAllowed
                | Self::CancelInTime
                | Self::LateCloseClosed
                | Self::LateCloseNotToday
                | Self::OnTest
                | Self::Suspended
                | Self::LogOnly
                | Self::StormGrouped
                | Self::StormRestored
                | Self::RunawayLogged
                | Self::SwingerLogged
                | Self::Unconfirmed
                | Self::RecentOpening
                | Self::RecentOpeningLogged
                | Self::RecentClosing
                | Self::RecentClosingLogged
                | Self::BeforeClosing
        )
    }

    /// Does it say that an opening or closing was out of its schedule?
    pub const fn is_of_schedule(self) -> bool {
        matches!(
            self,
            Self::UnexpectedOpen
                | Self::UserOpen
                | Self::ExpiredUser
                | Self::UnlistedUser
                | Self::OpenAgain
                | Self::EarlyOpen
                | Self::LateOpen
                | Self::EarlyClose
                | Self::LateClose
                | Self::LateCloseAllowed
        )
    }
}
