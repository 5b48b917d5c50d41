//! Why an incident calls for an operator again.

use crate::words::words;

words! {
    /// Why an incident calls for an operator again.
    RaiseReason {
        /// A life-safety signal came in.
        LifeSafety "life-safety" "Life-safety signal" "人身安全信号",
        /// A more urgent signal came in.
        MoreUrgent "more-urgent" "More urgent signal" "更高级别信号",
        /// The person called gave the duress code.
        DuressCode "duress-code" "Duress code on the call" "通话中使用胁迫口令",
        /// Somebody cancelled at the panel who is not on the list of those who may.
        StrangerCancelled "stranger-cancelled" "Cancelled by a user who is not on the list" "非授权用户取消",
        /// No unit accepted in time.
        NotAccepted "not-accepted" "No unit accepted in time" "出警人员超时未响应",
        /// The unit that accepted is not on the scene in time.
        NotArrived "not-arrived" "The unit has not arrived in time" "出警人员超时未到达",
        /// The unit declined.
        Declined "declined" "The unit declined" "出警人员拒绝任务",
        /// The unit went off duty before it arrived.
        UnitOutOfService "unit-out-of-service" "The unit went out of service" "出警单位退出执勤",
        /// A unit could not be asked to go.
        OfferNotDelivered "offer-not-delivered" "A unit could not be asked: telephone" "无法通知出警单位,请电话联系",
        /// A unit could not be told that it need not go.
        RecallNotDelivered "recall-not-delivered" "A unit could not be called back: tell it by telephone" "取消通知未送达,请电话告知出警单位",
        /// A unit could not be told what joined.
        UnitUntold "unit-untold" "A unit does not know what joined: tell it by telephone" "出警人员未获知新情况,请电话告知",
        /// Its address has changed since somebody was sent whom no machine can tell.
        AddressChanged "address-changed" "The address has changed: tell those who go" "地址已更正,请告知前往人员",
        /// A unit that does not have the job says that it is on its way, or there.
        UnitGoesOn "unit-goes-on" "A unit goes that was not to go" "未获派的出警单位仍在前往或已到场",
        /// A unit says something that somebody must read, or has found somebody or traces of somebody.
        UnitWord "unit-word" "Message of the unit" "出警人员来讯",
        /// A unit is in danger.
        UnitHelp "unit-help" "The unit needs help" "出警人员求助",
        /// Nothing was heard of a unit on the scene for too long.
        UnitSilent "unit-silent" "Ask the unit how it is" "请询问出警人员情况",
        /// An alarm came where a guard is kept.
        GuardedSite "guarded-site" "Alarm where a guard is kept" "看守期间再次报警",
        /// The guard is to be asked how things stand.
        GuardCheck "guard-check" "Guard to be asked" "看守到时复核",
        /// The authority rejected the hand-off.
        HandOffRejected "hand-off-rejected" "Hand-off rejected" "移交被拒绝",
        /// A message to the authority could not be delivered.
        HandOffFailed "hand-off-failed" "Hand-off not delivered" "移交无法送达",
        /// Danger came, or it was found real, after the authority was asked to cancel or had closed it: nobody is coming.
        HandOffNeeded "hand-off-needed" "They are not coming (any more): hand off anew" "对方已撤销或结案,须重新移交",
        /// The authority has not answered in time.
        HandOffUnanswered "hand-off-unanswered" "Hand-off not answered" "移交逾期未答复",
        /// The authority says something that somebody must read.
        AuthorityWord "authority-word" "Message of the authority" "对方来讯",
        /// The authority is not there as it said that it would be.
        AuthorityLate "authority-late" "They have not arrived as they said: ask them" "对方逾预计时间未到场,请询问",
        /// The authority says something by machine that cannot be read.
        AuthorityUnread "authority-unread" "Message of the authority that cannot be read: telephone" "对方来讯无法读取,请电话核实",
        /// A fire was not handed to the fire brigade in time.
        FireNotHandedOff "fire-not-handed-off" "Fire not handed off" "火警未及时移交消防",
        /// As many zones as confirm an intrusion were set off within the time.
        CrossZone "cross-zone" "Confirmed by further zones" "其他防区相继触发,已确认",
        /// The same zone restored and was set off again within the time.
        TwoTrip "two-trip" "Confirmed by a second trip" "同一防区再次触发,已确认",
        /// A path failed and a zone was set off within the time.
        PathFault "path-fault" "Confirmed by a failing path" "伴随通信故障,已确认",
        /// Two paths of different technologies failed within the time.
        TwoPaths "two-paths" "Confirmed by two failing paths" "两条不同通道相继中断,已确认",
        /// Another signal of a hold-up came, long enough after the first.
        HoldUpAgain "hold-up-again" "Confirmed by a second hold-up signal" "再次紧急报警,已确认",
        /// The panel itself says that the intrusion is confirmed.
        PanelConfirmed "panel-confirmed" "Confirmed by the panel" "主机已确认入侵",
        /// An act that a clause of a rule pack asks for was not done in time.
        ActOverdue "act-overdue" "An act that a rule asks for is overdue" "规则要求的处置已超时",
        /// Nobody goes on with it.
        LeftToRest "left-to-rest" "Nobody goes on with it" "长时间无人继续处置",
        /// The customer who was asked by machine wants help.
        HelpWanted "help-wanted" "The customer wants help" "用户要求帮助",
        /// The customer who was asked by machine says something more.
        CustomerWord "customer-word" "The customer says more" "用户补充来讯",
        /// Another part of the centre itself fails.
        AnotherFault "another-fault" "Another part of the centre fails" "中心另有部分故障",
    }
}

impl RaiseReason {
    /// Did a signal raise it, or a person in danger? Then somebody has to look at it before the incident is ended or found
    /// harmless. Not what only reminds of something, or tells how help comes along: the end may be the very answer to that.
    pub const fn must_be_seen(self) -> bool {
        match self {
            Self::LifeSafety
            | Self::MoreUrgent
            | Self::DuressCode
            | Self::StrangerCancelled
            | Self::CrossZone
            | Self::TwoTrip
            | Self::PathFault
            | Self::TwoPaths
            | Self::HoldUpAgain
            | Self::PanelConfirmed
            | Self::HandOffNeeded
            | Self::HelpWanted
            | Self::UnitHelp
            | Self::GuardedSite
            | Self::AnotherFault => true,
            Self::NotAccepted
            | Self::NotArrived
            | Self::Declined
            | Self::UnitOutOfService
            | Self::OfferNotDelivered
            | Self::RecallNotDelivered
            | Self::UnitUntold
            | Self::AddressChanged
            | Self::UnitGoesOn
            | Self::UnitWord
            | Self::UnitSilent
            | Self::GuardCheck
            | Self::HandOffRejected
            | Self::HandOffFailed
            | Self::HandOffUnanswered
            | Self::AuthorityWord
            | Self::AuthorityUnread
            | Self::AuthorityLate
            | Self::FireNotHandedOff
            | Self::LeftToRest
            | Self::CustomerWord
            | Self::ActOverdue => false,
        }
    }

    /// Does it take away that the scene was found harmless, or left undetermined?
    pub(crate) const fn begins_anew(self) -> bool {
        matches!(self, Self::DuressCode | Self::GuardedSite | Self::UnitHelp | Self::HelpWanted)
    }

    /// Is it answered by asking the next unit?
    pub(crate) const fn asks_next(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Declined | Self::UnitOutOfService)
    }

    /// Does it make a confirmed one of an alarm?
    pub const fn confirms(self) -> bool {
        matches!(
            self,
            Self::CrossZone
                | Self::TwoTrip
                | Self::PathFault
                | Self::TwoPaths
                | Self::HoldUpAgain
                | Self::PanelConfirmed
        )
    }
}
