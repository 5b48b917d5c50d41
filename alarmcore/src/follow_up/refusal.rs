//! Why an act on a follow-up is refused, in the words of the centre.

use contactid::{AccountNumber, Lang};
use serde::{Deserialize, Serialize};

use crate::id::{FollowUpId, IncidentId};

/// Why an act on a follow-up is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum FollowUpRefusal {
    /// There is no such follow-up.
    NoSuchFollowUp {
        /// The number asked for.
        follow_up: FollowUpId,
    },
    /// It is done.
    AlreadyDone {
        /// The follow-up.
        follow_up: FollowUpId,
    },
    /// It was not said which one.
    NoneNamed,
    /// There is no such incident.
    NoSuchIncident {
        /// The number asked for.
        incident: IncidentId,
    },
    /// There is no such account, or it is closed.
    NoSuchAccount {
        /// The number asked for.
        account: AccountNumber,
    },
    /// It is about either an incident or an account.
    OneSubject,
    /// It is either one person's or a rank's.
    OneAssignee,
    /// It was not said what is to be done.
    NoteMissing,
    /// No minute ahead, or too many.
    TimeOutOfRange {
        /// How many were asked for.
        minutes: u32,
        /// How many it may be.
        at_most: u32,
    },
    /// It stands so already.
    NothingChanges,
}

impl FollowUpRefusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        let (en, zh) = match self {
            Self::NoSuchFollowUp { follow_up } => {
                (format!("there is no follow-up {follow_up}"), format!("没有待办 {follow_up}"))
            }
            Self::AlreadyDone { follow_up } => {
                (format!("follow-up {follow_up} is done"), format!("待办 {follow_up} 已完成"))
            }
            Self::NoneNamed => ("say which follow-up".into(), "请指明待办".into()),
            Self::NoSuchIncident { incident } => {
                (format!("there is no incident {incident}"), format!("没有警情 {incident}"))
            }
            Self::NoSuchAccount { account } => {
                (format!("there is no account {account}"), format!("没有用户 {account}"))
            }
            Self::OneSubject => ("name one incident or one account".into(), "请指明一个警情或一个用户".into()),
            Self::OneAssignee => ("name one person or one rank".into(), "请指明一人或一个岗位".into()),
            Self::NoteMissing => ("say what is to be done".into(), "未填写待办内容".into()),
            Self::TimeOutOfRange { minutes, at_most } => (
                format!("{minutes} minutes from now: it must be 1 to {at_most}"),
                format!("{minutes} 分钟超出范围,应为 1 至 {at_most} 分钟"),
            ),
            Self::NothingChanges => ("it stands so already".into(), "没有变化".into()),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}
