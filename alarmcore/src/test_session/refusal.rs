//! Why an act on a test is refused, in the words of the centre.

use contactid::{AccountNumber, Class, Lang};
use serde::{Deserialize, Serialize};

use crate::id::IncidentId;
use crate::time::Timestamp;

/// Why an act on an account's test is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum TestRefusal {
    /// There is no such account, or it is closed.
    NoSuchAccount {
        /// The number asked for.
        account: AccountNumber,
    },
    /// It is on test already: end that test, or extend it.
    AlreadyOnTest {
        /// Until when.
        until: Timestamp,
    },
    /// It is not on test.
    NotOnTest,
    /// `only` and `except` were both given.
    OnlyAndExcept,
    /// A class was named as life safety that is none.
    NotLifeSafety {
        /// Which.
        class: Class,
    },
    /// No reason was given.
    ReasonMissing,
    /// It was not said who asks for it.
    AskedByMissing,
    /// Whoever asks said a wrong codeword.
    CodewordWrong,
    /// Whoever asks said the duress codeword.
    DuressGiven,
    /// Nobody has proved who asks for it, and what is to be tested needs that: the right codeword, or a second person who agrees.
    ProofMissing,
    /// What is to be tested needs a proof, and nobody else has reviewed the codeword that was said, or who said it.
    ProofUnreviewed,
    /// People of this account are in danger, as far as is known: no word proves anything, and another person, a supervisor, has to agree.
    Danger {
        /// The incident.
        incident: IncidentId,
    },
    /// An intrusion of this account is open: whoever asks has to say the right codeword, or another person, a supervisor, has to agree.
    Intrusion {
        /// The incident.
        incident: IncidentId,
    },
    /// No minute at all, or more than the limit of whoever acts leaves.
    OverLimit {
        /// How many were asked for.
        minutes: u32,
        /// How many it may be.
        at_most: u32,
    },
    /// It was on test until just now, and that time counts: it leaves less than was asked for.
    TestedBefore {
        /// For how many minutes it was.
        minutes: u32,
        /// How many more it may be.
        at_most: u32,
    },
    /// The test goes on for at least as long already.
    NotLonger {
        /// Until when.
        until: Timestamp,
    },
}

impl TestRefusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoSuchAccount { account } => format!("there is no account {account}"),
            Self::AlreadyOnTest { .. } => "already on test: extend that test, or end it".into(),
            Self::NotOnTest => "not on test".into(),
            Self::OnlyAndExcept => "either only these zones, or all except these".into(),
            Self::NotLifeSafety { class } => format!("{} is not a life-safety class", class.label(Lang::En)),
            Self::ReasonMissing => "say why it is tested".into(),
            Self::AskedByMissing => "say who asks for the test".into(),
            Self::CodewordWrong => "the codeword is wrong: no test".into(),
            Self::DuressGiven => "the duress code was given: no test; treat it as a hold-up".into(),
            Self::Danger { incident } => {
                format!("people may be in danger, see incident {incident}: close it first, or let another person, a supervisor, sign")
            }
            Self::Intrusion { incident } => {
                format!("an alarm is open, see incident {incident}: close it first, compare the codeword of whoever asks, or let another person, a supervisor, sign")
            }
            Self::ProofMissing => {
                "such a test needs a proof: compare the codeword of whoever asks, or let another person, a supervisor, sign"
                    .into()
            }
            Self::ProofUnreviewed => {
                "such a test needs a proof, and this codeword proves nothing before another person has reviewed it on the card: let one do that, or let another person, a supervisor, sign"
                    .into()
            }
            Self::OverLimit { minutes, at_most } => format!("{minutes} minutes: it must be 1 to {at_most}"),
            Self::TestedBefore { minutes, at_most } => format!(
                "it was on test for {minutes} minutes until just now, which count: at most {at_most} more, or a supervisor puts it on test"
            ),
            Self::NotLonger { .. } => "the test goes on for longer already".into(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NoSuchAccount { account } => format!("没有用户 {account}"),
            Self::AlreadyOnTest { .. } => "该用户已在测试中,请延长或结束当前测试".into(),
            Self::NotOnTest => "该用户不在测试中".into(),
            Self::OnlyAndExcept => "仅测试防区与排除防区不能同时填写".into(),
            Self::NotLifeSafety { class } => format!("{}不属于人身安全类", class.label(Lang::Zh)),
            Self::ReasonMissing => "未填写测试原因".into(),
            Self::AskedByMissing => "未填写测试申请人".into(),
            Self::Danger { incident } => {
                format!("警情 {incident} 涉及人身安全且尚未消警:须先消警,或由另一名班长签字")
            }
            Self::Intrusion { incident } => {
                format!("警情 {incident} 尚未消警:须先消警、核对申请人的口令,或由另一人(值班长)签名同意")
            }
            Self::CodewordWrong => "口令错误,不能进入测试".into(),
            Self::DuressGiven => "对方使用了胁迫口令,不能进入测试,请按劫盗报警处理".into(),
            Self::ProofMissing => "该测试须先核实:请核对申请人的口令,或由另一人(值班长)签名同意".into(),
            Self::ProofUnreviewed => {
                "该测试须先核实,而该口令在档案中尚未由另一人复核,不能作为核实依据:请先由另一人复核,或由另一人(值班长)签名同意".into()
            }
            Self::OverLimit { minutes, at_most } => format!("{minutes} 分钟超出范围,应为 1 至 {at_most} 分钟"),
            Self::TestedBefore { minutes, at_most } => {
                format!(
                    "该用户刚结束 {minutes} 分钟的测试，该时间连续计算：最多还可测试 {at_most} 分钟，或由值班长办理"
                )
            }
            Self::NotLonger { .. } => "当前测试的结束时间已不早于该时间".into(),
        }
    }
}
