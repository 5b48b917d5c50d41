//! What would have shown a signal that a rule kept from the operators: the second half of "why did I not see this?".

use contactid::Lang;

use super::Rule;

impl Rule {
    /// What would have had to be otherwise for the signal to be shown; `None` of a rule that shows.
    pub const fn otherwise(self, lang: Lang) -> Option<&'static str> {
        let (en, zh) = match self {
            Self::LifeSafety
            | Self::ClassShown
            | Self::CodeShown
            | Self::RestoreWaitOver
            | Self::CancelWaitOver
            | Self::CancelWaitConfirmed
            | Self::CancelWaitThreat
            | Self::BesideDanger
            | Self::RestoreJoined
            | Self::RestoreOverdue
            | Self::CancelJoined
            | Self::CancelAllowed
            | Self::CancelStranger
            | Self::CentreFault
            | Self::UnknownAccount
            | Self::UnknownCode
            | Self::Undeciphered
            | Self::Unread
            | Self::PlainDespiteKey
            | Self::StaleClock
            | Self::StrangeSource
            | Self::ChangedSource
            | Self::Runaway
            | Self::ExpectedMissing
            | Self::LateCloseUnanswered
            | Self::LateCloseStillOpen
            | Self::LateCloseStranger
            | Self::LateCloseUnsent
            | Self::LateCloseArm
            | Self::OnTestOver
            | Self::SuspendedOver
            | Self::SuspendedLifeSafety
            | Self::LogOnlyOver
            | Self::OverrideOver
            | Self::StormDismissed
            | Self::RunawayOver
            | Self::Unconfirmed
            | Self::TwoPaths
            | Self::RecentOpening
            | Self::RecentClosing
            | Self::BeforeClosing => return None,
            Self::RunawayLogged => (
                "It would have been judged by itself had the panel not run away: with more silence, or a higher limit of \
                 signals in the policy. What still stands when the panel runs away no more is shown then.",
                "若主机未频繁上报(有足够静默,或策略上限更高),即按其本身处理。频繁上报结束时仍未恢复的,届时显示。",
            ),
            Self::OnTest => (
                "It would have been shown had the test not covered it, or been over before it came.",
                "若测试范围不包括该信号,或测试已结束,即会按其本身处理。",
            ),
            Self::CentreLogged => (
                "It would have been shown had it reported a fault of the centre, or ended one in an open incident.",
                "若其报告中心自身故障,或恢复未结警情中的故障,即会显示。",
            ),
            Self::Suspended => (
                "It would have been shown had the account not been suspended, or the suspension been over before it came. Life \
                 safety is shown even then.",
                "若该用户未暂停服务,或暂停已结束,即会按其本身处理。涉及人身安全的信号即使暂停也会显示。",
            ),
            Self::LogOnly => (
                "It would have been shown had the agreement not listed its kind or zone, or been over before it came. No \
                 agreement covers life safety.",
                "若约定未列其类别或防区,或约定已结束,即会按其本身处理。任何约定均不涵盖人身安全信号。",
            ),
            Self::StormGrouped => (
                "It would have been shown by itself had no storm been declared over its district, feeder, carrier or kind of site, or \
                 had an incident of its account shown the same already. The storm's ledger keeps it.",
                "若其区域、供电线路、运营商或场所类型未进入灾害模式,或该用户已有同类未结警情,即会单独显示。善后清单中保留该项。",
            ),
            Self::StormRestored => (
                "A restore is shown as part of an open incident that holds what it ends; this one settled a line of a storm's \
                 ledger.",
                "恢复信号只在其所恢复的警情未结时,并入该警情显示;本信号使善后清单中的一项恢复。",
            ),
            Self::SwingerLogged => (
                "It would have been shown within the trips that the policy allows a zone, or once its area was opened or closed.",
                "若触发次数未超出策略上限,或其分区撤防、布防之后,即会显示。",
            ),
            Self::RecentOpeningLogged => (
                "It would have been shown later after the opening, while an alarm of the account was open, or where the policy \
                 shows such alarms lower instead of logging them.",
                "若距撤防更久、该用户有未结警情,或策略设为降级显示而非只记录,即会显示。",
            ),
            Self::RecentClosingLogged => (
                "It would have been shown later after the closing, while an alarm of the account was open, or where the policy \
                 shows such alarms lower instead of logging them.",
                "若距布防更久、该用户有未结警情,或策略设为降级显示而非只记录,即会显示。",
            ),
            Self::ClassLogged => (
                "It is shown when the policy says \"show\" for its class or its code.",
                "策略对其类别或代码设为“show”(显示)时,即会显示。",
            ),
            Self::CodeLogged => {
                ("It is shown when the policy says \"show\" for its code.", "策略对其代码设为“show”(显示)时,即会显示。")
            }
            Self::RestoreWait => (
                "It is shown when the wait ends without a restore; with a wait of 0, or while an incident of its kind is \
                 open, it is shown at once.",
                "等待期满仍未恢复即会显示;等待时间为 0 或同类警情未结时,立即显示。",
            ),
            Self::RestoreWaitRestored => (
                "It would have been shown with a shorter wait, with a later restore, or while an incident of its kind was \
                 open.",
                "若等待时间更短、恢复更晚,或当时有同类未结警情,即会显示。",
            ),
            Self::CancelWait => (
                "It is shown when the wait ends without a cancel by a user whom the account's card lists. Its restore does not end \
                 the wait; another sign that confirms it, or a cancel by anybody else where the card has a list, does so at once. \
                 With a wait of 0, confirmed, or while an alarm of the account is open, it is shown at once.",
                "等待期满而档案所列授权用户未撤销即会显示;其恢复不结束等待,其他信号予以确认或(档案有授权名单时)非授权用户撤销则立即显示;\
                 等待时间为 0、已确认或该用户有未结警情时,立即显示。",
            ),
            Self::CancelWaitRestore => (
                "It is shown with the intrusion that it speaks of, as soon as that is shown, unless that is set off again before.",
                "其所指的入侵报警一经显示,即随之显示;其间再次触发的除外。",
            ),
            Self::LateCloseAsked => (
                "It is shown when nobody answers in time, when somebody answers who may not, or when the customer asks the centre \
                 to arm; where the card names nobody who may close late, it is shown at once. What they answered, and until when that \
                 holds, stands on the board of lowered protection. Reported once more meanwhile, it is logged beside the first.",
                "超时未答复、答复人无权答复或用户请中心代为布防时即会显示;档案中无人可延后布防时立即显示。用户的答复及其有效期见保护降低一览。其间再次上报只记录。",
            ),
            Self::LateCloseClosed => (
                "It would have been shown had the closing come later than the answer was awaited, or than the customer had put it \
                 off to.",
                "若布防晚于等待答复的时间或用户延后的时间,即会显示。",
            ),
            Self::LateCloseNotToday => (
                "It would have been shown had the customer not answered that the site is not closed today. The board of lowered \
                 protection showed it until the next hours began, and the customer was asked once more where these were far off.",
                "若用户未答复今日不布防,即会显示。下一营业时段开始前,保护降低一览中保留该项;时段尚远的,到期再次询问。",
            ),
            Self::RestoreWaitAgain => (
                "It would have been shown if the first had been shown before it came.",
                "若首次上报的信号在此之前已显示,即会显示。",
            ),
            Self::RestoreLogged => (
                "A restore is shown as part of an open incident that holds what it ends.",
                "恢复信号只在其所恢复的警情未结时,并入该警情显示。",
            ),
            Self::CancelLogged => (
                "A cancel is shown as part of an open alarm of the account.",
                "用户取消只在该用户有未结警情时,并入该警情显示。",
            ),
            Self::CancelInTime => (
                "It would have been shown with a shorter wait, or without a cancel by a user whom the account's card lists.",
                "若等待时间更短,或用户档案所列授权用户未取消,即会显示。",
            ),
            Self::NotWeighed => (
                "It would have counted had it come from a source that the card lists, encrypted where the account has a key, and in time. A \
                 restore or cancel is shown beside the open incident that it speaks of, and an operator is told of the source or the frame.",
                "若来自档案所列来源,有密钥时已加密且未迟到,即会作数。恢复或取消信号并列显示于其所指的未结警情;接警员会得到来源或帧可疑的提示。",
            ),
            Self::UnexpectedOpen
            | Self::UserOpen
            | Self::ExpiredUser
            | Self::UnlistedUser
            | Self::OpenAgain
            | Self::EarlyOpen
            | Self::LateOpen
            | Self::EarlyClose
            | Self::LateClose => (
                "It is shown when the policy says \"show\" for it among the rules of schedules, or for its class or code.",
                "策略在时间表规则中对此设为“show”(显示),或对其类别、代码如此设置时,即会显示。",
            ),
            Self::LateCloseAllowed => (
                "It would have been judged as any late closing had the card not said that its user may close late, or had that \
                 user's time been over. It is shown when the policy says \"show\" for its class or code.",
                "若档案未准该用户延迟布防,或其权限已到期,即按延迟布防处理;策略对其类别或代码设为“show”(显示)时,即会显示。",
            ),
            Self::Duplicate => (
                "It would have been shown as a second event had it come on the line of the first, under a number that counts on \
                 from it, or more than 60 seconds after it.",
                "若与首次经同一线路、序号与其相连,或晚于首次 60 秒以上,即作为新事件处理。",
            ),
            Self::Repeat => (
                "It would have been shown with another sequence number or content, or once the repeat window was over.",
                "若序号或内容不同,或已超出重复判定时间,即会显示。",
            ),
        };
        Some(match lang {
            Lang::En => en,
            Lang::Zh => zh,
        })
    }
}
