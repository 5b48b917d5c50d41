//! `FollowUp`: something for later, to a person or to all of a rank, about an incident (closed ones too) or an account.
//!
//! It rings when it is due, as urgently as what it is about, and stays on the list until somebody says that it is done. One that is
//! urgent enough calls one after the other of those who are told when nobody acts.

mod chain;
mod command;
mod decide;
mod event;
mod evolve;
mod refusal;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

pub(crate) use chain::Call;
pub use command::FollowUpCommand;
pub use decide::{FollowUpAct, decide_follow_up};
pub use event::{FollowUpEvent, FollowUpEventKind, FollowUpRecord};
pub use evolve::evolve_follow_up;
pub use refusal::FollowUpRefusal;

use crate::id::{FollowUpId, IncidentId, OperatorId};
use crate::incident::{Answer, Rank, TheirOutcome};
use crate::queue::Priority;
use crate::time::Timestamp;
use crate::words::words;

/// What a follow-up is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An incident, open or closed.
    Incident(IncidentId),
    /// An account.
    Account(AccountNumber),
}

/// Whose a follow-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assignee {
    /// One person.
    Operator(OperatorId),
    /// Anybody of this rank.
    Rank(Rank),
}

/// What was said that a rule made a follow-up of. Its words stand with the record of the incident, as long as they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The version of the record of the incident that it was said in.
    pub record: u32,
    /// Which hand-off of the incident it is about.
    pub number: u16,
    /// What they answered; `None` where it was we who could not tell them, or heard nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// What they closed it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<TheirOutcome>,
}

words! {
    /// Why a rule made a follow-up: what is to be done is in its words.
    FollowUpReason {
        /// A panel runs away.
        Runaway "runaway" "Repair order: the panel runs away" "维修单:主机频繁上报",
        /// Somebody on the call list was called, and is to be called again: the incident's call list says who.
        CallAgain "call-again" "Call again, as the call list says" "按联系人列表再次致电",
        /// An authority said something after the closing that makes it look wrong: the incident says what.
        LateWord "late-word" "Look again: an authority answered after the closing" "结案后收到外部来讯,请重新核对",
        /// An authority was to be told more of what is not false, and was not reached.
        TellingFailed "telling-failed" "Telephone them: what they were to be told did not arrive" "补充信息未送达,请电话告知对方",
        /// An authority that may be on the way was asked not to come, and has not answered.
        CancelUnanswered "cancel-unanswered" "Telephone them: they have not answered the cancel request" "对方未答复撤销请求,请电话确认",
        /// An authority that may be on the way was to be asked not to come, and was not reached.
        CancelFailed "cancel-failed" "Telephone them: the cancel request did not arrive" "撤销请求未送达,请电话通知对方",
    }
}

impl FollowUpReason {
    /// Is it about what an authority said, did not say or was not told, so that somebody may come for nothing, or nobody to what is real?
    pub const fn is_of_an_authority(self) -> bool {
        match self {
            Self::LateWord | Self::TellingFailed | Self::CancelUnanswered | Self::CancelFailed => true,
            Self::Runaway | Self::CallAgain => false,
        }
    }
}

/// One follow-up. It holds ids and facts, never free text: that stays with the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Its number.
    pub id: FollowUpId,
    /// The version of its last record.
    pub version: u32,
    /// What it is about.
    pub subject: Subject,
    /// Whose it is.
    pub to: Assignee,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it rang, if its time was not changed since.
    pub rang_at: Option<Timestamp>,
    /// Who made it, or called and said when to call again; `None` where a rule did.
    pub by: Option<OperatorId>,
    /// Why a rule made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FollowUpReason>,
    /// What was said that a rule made it of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// How urgent it is: as what it is about, or as the policy says where that is no incident that the desk has; `None` only of those
    /// that were made before it was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Since when it is due and whose it is now: its chain counts from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_since: Option<Timestamp>,
    /// Who was called last because it was not done, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<(Rank, Timestamp)>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<OperatorId>,
}

impl FollowUp {
    /// How long ahead a follow-up may be due at most, in minutes: a year and a day.
    pub const MINUTES: u32 = 366 * 24 * 60;
}
