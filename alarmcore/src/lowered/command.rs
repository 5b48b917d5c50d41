//! Who sees to a row of the board, and what is answered about a late closing: the acts, and why they are refused.

use contactid::{AccountNumber, Lang};
use serde::{Deserialize, Serialize};

use super::{Answered, ClosingAnswer, ClosingEnd, ClosingStage, Lowered, LoweredEvent, LoweredThing, answered};
use crate::account::AccountCard;
use crate::follow_up::Assignee;
use crate::id::{ContactId, OperatorId, SignalId};
use crate::incident::{Rank, written};
use crate::policy::LateCloseRules;
use crate::time::Timestamp;

/// One act, as `{"act": "assign", "kind": "silent", "since": 1795385643250, "rank": "supervisor"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum LoweredCommand {
    /// Give a row to a person, or to all of a rank.
    Assign {
        /// Which row.
        #[serde(flatten)]
        thing: LoweredThing,
        /// To this person.
        #[serde(default)]
        operator: Option<OperatorId>,
        /// To this rank.
        #[serde(default)]
        rank: Option<Rank>,
        /// What is to be done.
        #[serde(default)]
        note: Option<String>,
    },
    /// Take it back: it is its rank's again, as the policy says.
    Unassign {
        /// Which row.
        #[serde(flatten)]
        thing: LoweredThing,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// Record what somebody answers who was asked about a late closing.
    AnswerClosing {
        /// The signal by which the closing was missed: what the question is known by.
        signal: SignalId,
        /// What is said.
        answer: ClosingAnswer,
        /// Of what is closed later: in how many minutes from now.
        #[serde(default)]
        minutes: Option<u32>,
        /// Who says it.
        contact: ContactId,
        /// The number of the message that it came by, where it came by machine: sent again, it is recognised.
        #[serde(default)]
        message: Option<String>,
        /// Their words.
        #[serde(default)]
        note: Option<String>,
    },
    /// Record that the question could not be sent.
    FailClosing {
        /// The signal by which the closing was missed.
        signal: SignalId,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
}

impl LoweredCommand {
    /// The row that it gives to somebody or takes back.
    pub const fn thing(&self) -> Option<LoweredThing> {
        match self {
            Self::Assign { thing, .. } | Self::Unassign { thing, .. } => Some(*thing),
            Self::AnswerClosing { .. } | Self::FailClosing { .. } => None,
        }
    }
}

/// Why an act on a row of the board is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum LoweredRefusal {
    /// There is no such account, or it is closed.
    NoSuchAccount {
        /// The number asked for.
        account: AccountNumber,
    },
    /// It is either one person's or a rank's.
    OneAssignee,
    /// It is theirs already.
    NothingChanges,
    /// It is nobody's own.
    NotAssigned,
    /// Nobody was asked about such a closing, or it is over.
    NotAsked {
        /// The signal asked for.
        signal: SignalId,
    },
    /// This message was heard before.
    AlreadyHeard,
    /// It is not closed today, as was said before.
    AlreadyAnswered,
    /// The card does not say of this person that they may close late.
    MayNotAnswer {
        /// Who.
        contact: ContactId,
    },
    /// It was extended as often as the policy allows.
    NoMoreExtensions {
        /// So often.
        most: u32,
    },
    /// The minutes are missing, or more than the policy allows.
    NotSoLong {
        /// So many minutes.
        most: u32,
    },
}

impl LoweredRefusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NoSuchAccount { account }, Lang::En) => format!("there is no account {account}"),
            (Self::NoSuchAccount { account }, Lang::Zh) => format!("没有用户 {account}"),
            (Self::OneAssignee, Lang::En) => "name one person or one rank, not both".into(),
            (Self::OneAssignee, Lang::Zh) => "请指定一人或一个岗位,不可同时指定".into(),
            (Self::NothingChanges, Lang::En) => "it is theirs already".into(),
            (Self::NothingChanges, Lang::Zh) => "已指派给对方".into(),
            (Self::NotAssigned, Lang::En) => "it is not assigned to anybody".into(),
            (Self::NotAssigned, Lang::Zh) => "该项尚未指派".into(),
            (Self::NotAsked { signal }, Lang::En) => {
                format!("nobody was asked about a late closing by signal {signal}, or it is over")
            }
            (Self::NotAsked { signal }, Lang::Zh) => format!("信号 {signal} 无待答复的逾时布防询问"),
            (Self::AlreadyHeard, Lang::En) => "this answer was heard before".into(),
            (Self::AlreadyHeard, Lang::Zh) => "该答复已收到".into(),
            (Self::AlreadyAnswered, Lang::En) => "it was said before that it is not closed today".into(),
            (Self::AlreadyAnswered, Lang::Zh) => "已答复今日不布防".into(),
            (Self::MayNotAnswer { contact }, Lang::En) => {
                format!("contact {contact} may not say so: the card does not say `closes-late` of them")
            }
            (Self::MayNotAnswer { contact }, Lang::Zh) => format!("联系人 {contact} 无权答复:档案中未注明 closes-late"),
            (Self::NoMoreExtensions { most }, Lang::En) => format!("it may be extended {most} times, and was"),
            (Self::NoMoreExtensions { most }, Lang::Zh) => format!("最多可延后 {most} 次,已用完"),
            (Self::NotSoLong { most }, Lang::En) => format!("say in how many minutes it is closed: 1 to {most}"),
            (Self::NotSoLong { most }, Lang::Zh) => format!("请说明延后多少分钟:1 至 {most}"),
        }
    }
}

/// What an act of this person makes of a row of an account that is served, or of a late closing. Whether there is such a row is
/// for whoever shows the board to know.
pub(crate) fn decide(
    lowered: Option<&Lowered>,
    (card, rules): (&AccountCard, &LateCloseRules),
    (at, by): (Timestamp, OperatorId),
    command: &LoweredCommand,
) -> Result<LoweredEvent, LoweredRefusal> {
    let before = command.thing().and_then(|thing| lowered?.assigned(&thing));
    match command {
        LoweredCommand::AnswerClosing { signal, answer, minutes, contact, message, note } => {
            let (signal, answer, minutes, contact) = (*signal, *answer, *minutes, *contact);
            answered(lowered, card, rules, &Answered { at, by, signal, answer, minutes, contact, message, note })
        }
        LoweredCommand::FailClosing { signal, note } => {
            let asked = lowered.and_then(|lowered| lowered.closing(*signal));
            asked
                .filter(|asked| asked.stage == ClosingStage::Asked)
                .ok_or(LoweredRefusal::NotAsked { signal: *signal })?;
            let end = ClosingEnd::Unsent;
            Ok(LoweredEvent::ClosingOver { signal: *signal, end, contact: None, message: None, note: written(note) })
        }
        LoweredCommand::Assign { thing, operator, rank, note } => {
            let to = match (*operator, *rank) {
                (Some(operator), None) => Assignee::Operator(operator),
                (None, Some(rank)) => Assignee::Rank(rank),
                (None, None) | (Some(_), Some(_)) => return Err(LoweredRefusal::OneAssignee),
            };
            if before.is_some_and(|before| before.to == to) {
                return Err(LoweredRefusal::NothingChanges);
            }
            Ok(LoweredEvent::Assigned { thing: *thing, to, note: written(note) })
        }
        LoweredCommand::Unassign { thing, note } => match before {
            Some(_) => Ok(LoweredEvent::Unassigned { thing: *thing, note: written(note) }),
            None => Err(LoweredRefusal::NotAssigned),
        },
    }
}
