//! The closed vocabularies of action plans: what a step asks a person to do, what it can stand before, what a branch asks.

use crate::words::words;

words! {
    /// What a step asks for, and with that what fulfils it.
    Doing {
        /// Take the incident.
        Take "take" "Take the incident" "接警",
        /// Call contacts until one answers, or until so many different ones have been tried.
        Call "call" "Call the contacts" "电话联系",
        /// The customer is asked by machine, which the desk does in a confirmed storm. Where it did not, the step is on no way.
        AskCustomer "ask-customer" "The customer is asked by machine" "自动联系用户",
        /// A contact says a codeword, and it is compared.
        Codeword "codeword" "Compare the codeword" "核对口令",
        /// A unit is asked to go.
        OfferUnit "offer-unit" "Ask a unit to go" "通知出警",
        /// A unit accepts.
        UnitAccepted "unit-accepted" "A unit accepts" "出警人员接受",
        /// A unit reports what it found.
        RecordScene "record-scene" "Scene report" "现场勘查报告",
        /// A unit's dispatch is recorded.
        RecordDispatch "record-dispatch" "Dispatch record" "出警记录",
        /// The incident is handed to an authority.
        HandOff "hand-off" "Hand off" "移交",
        /// The owner is called to the scene.
        NotifyOwner "notify-owner" "Call the owner to the scene" "通知用户到场",
        /// The owner's wish is recorded.
        RecordWish "record-wish" "Record the owner's wish" "登记用户意见",
        /// The loss list is signed.
        SignLosses "sign-losses" "Loss list signed" "损失清单签字",
        /// The case record is written.
        RecordCase "record-case" "Case record" "登记真实警情记录",
        /// It is decided: false, real, or left undetermined on the scene.
        Decide "decide" "Decide" "作出判断",
        /// Something that only a person can say was done: told, looked at, switched off.
        Tick "tick" "Do and tick off" "完成后勾选",
        /// Somebody above is told, and the person says so.
        Escalate "escalate" "Tell the shift lead" "报告值班长",
        /// Verified false over the telephone, which closes it.
        VerifyFalse "verify-false" "Verify false and close" "核实误报并消警",
        /// A trouble is settled, which closes it.
        Settle "settle" "Settle and close" "处理完毕",
        /// It is closed, in whatever way.
        Close "close" "Close" "消警",
    }
}

impl Doing {
    /// Is the incident over when this is done?
    pub const fn closes(self) -> bool {
        matches!(self, Self::VerifyFalse | Self::Settle | Self::Close)
    }

    /// Does it pass the incident to somebody else who answers for it?
    pub const fn escalates(self) -> bool {
        matches!(self, Self::HandOff | Self::Escalate)
    }

    /// Does nothing but a person's word fulfil it?
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Tick | Self::Escalate)
    }
}

words! {
    /// An act that a step can stand before.
    Guarded {
        /// Verify it false over the telephone.
        VerifyFalse "verify-false" "Verify false" "核实为误报",
        /// Send a unit: branch 2 begins.
        PreProcess "pre-process" "Pre-process" "预处理",
        /// Ask another unit.
        Offer "offer" "Offer to a unit" "通知出警",
        /// Call it false on the scene.
        SceneFalse "scene-false" "False on scene" "现场确认误报",
        /// Leave it undetermined on the scene.
        EndUndetermined "end-undetermined" "Leave undetermined" "按无法判断处置",
        /// Call it real.
        ConfirmReal "confirm-real" "Confirm real" "确认真实警情",
        /// Hand it to an authority.
        HandOff "hand-off" "Hand off" "移交",
        /// Settle a trouble.
        Settle "settle" "Settle" "处理完毕",
        /// Close it.
        Close "close" "Close" "消警",
    }
}

impl Guarded {
    /// Does somebody come, or is told, by it? Where people are in danger nothing stands before that.
    pub const fn brings_aid(self) -> bool {
        matches!(self, Self::PreProcess | Self::Offer | Self::ConfirmReal | Self::HandOff)
    }
}

words! {
    /// What a branch asks. Each has a closed list of [answers](Question::answers).
    Question {
        /// How the area stood when the alarm came.
        Armed "armed" "Armed state" "布撤防状态",
        /// Was the site open by its schedule when the alarm came?
        Hours "hours" "By the schedule" "营业时间",
        /// Was it night when the alarm came, by the plans' own clock?
        Time "time" "Time of day" "时段",
        /// Has a second sign confirmed the intrusion?
        Confirmed "confirmed" "Confirmed" "已确认入侵",
        /// Has a user cancelled at the panel?
        Cancelled "cancelled" "Cancelled by a user" "用户已取消",
        /// Has anybody answered the telephone?
        Reached "reached" "Contact reached" "是否联系上",
        /// What the compared codewords came to.
        Codeword "codeword" "Codeword" "口令",
        /// What does the customer say who was asked by machine?
        Customer "customer" "The customer's answer" "用户答复",
        /// Has a unit accepted?
        Accepted "accepted" "Unit accepted" "出警人员接受",
        /// What it turned out to be.
        Verdict "verdict" "Verdict" "判断结果",
    }
}

words! {
    /// An answer to a question.
    Answer {
        /// Yes.
        Yes "yes" "yes" "是",
        /// No.
        No "no" "no" "否",
        /// Disarmed.
        Open "open" "open" "撤防",
        /// Armed in part: somebody stays inside.
        Part "part" "armed in part" "留守布防",
        /// Armed.
        Closed "closed" "closed" "布防",
        /// Nothing is known of it.
        Unknown "unknown" "unknown" "未知",
        /// Within the hours of the schedule.
        OnHours "on-hours" "open hours" "营业时间内",
        /// Outside them.
        OffHours "off-hours" "closed hours" "营业时间外",
        /// At night.
        Night "night" "night" "夜间",
        /// By day.
        Day "day" "day" "日间",
        /// Somebody answered.
        Reached "reached" "reached" "已联系上",
        /// Nobody answered.
        NotReached "not-reached" "not reached" "未联系上",
        /// The codeword was right.
        Right "right" "right" "正确",
        /// It was wrong.
        Wrong "wrong" "wrong" "错误",
        /// It was the duress code.
        Duress "duress" "duress code" "胁迫口令",
        /// None so far.
        None "none" "none yet" "尚无",
        /// All is well.
        AllWell "all-well" "all is well" "一切正常",
        /// They want help.
        Help "help" "help wanted" "需要帮助",
        /// They are not there, and do not know.
        Away "away" "not on the premises" "不在现场",
        /// They have not answered so far.
        Silent "silent" "no answer so far" "尚无答复",
        /// They were not asked.
        NotAsked "not-asked" "not asked" "未联系",
        /// Real.
        Real "real" "real" "真实",
        /// False.
        False "false" "false" "误报",
        /// Left undetermined on the scene.
        Undetermined "undetermined" "undetermined" "无法判断",
    }
}

impl Question {
    /// Everything that can be answered to it.
    pub const fn answers(self) -> &'static [Answer] {
        use Answer as A;
        match self {
            Self::Armed => &[A::Open, A::Part, A::Closed, A::Unknown],
            Self::Hours => &[A::OnHours, A::OffHours, A::Unknown],
            Self::Time => &[A::Night, A::Day],
            Self::Confirmed | Self::Cancelled | Self::Accepted => &[A::Yes, A::No],
            Self::Reached => &[A::Reached, A::NotReached],
            Self::Codeword => &[A::Right, A::Wrong, A::Duress, A::None],
            Self::Customer => &[A::AllWell, A::Help, A::Away, A::Silent, A::NotAsked],
            Self::Verdict => &[A::Real, A::False, A::Undetermined, A::None],
        }
    }

    /// Is the answer fixed when the incident gets its plan? Asked twice on one way, one of its answers would be dead.
    pub const fn is_fixed(self) -> bool {
        matches!(self, Self::Armed | Self::Hours | Self::Time)
    }
}

words! {
    /// At what time of day a plan is for.
    At {
        /// At night, by the plans' own clock.
        Night "night" "At night" "夜间",
        /// By day.
        Day "day" "By day" "日间",
        /// In the hours of the site's schedule.
        OnHours "on-hours" "In open hours" "营业时间内",
        /// Outside them.
        OffHours "off-hours" "In closed hours" "营业时间外",
    }
}

impl At {
    /// The question that it answers for the whole plan.
    pub const fn answers(self) -> Question {
        match self {
            Self::Night | Self::Day => Question::Time,
            Self::OnHours | Self::OffHours => Question::Hours,
        }
    }
}
