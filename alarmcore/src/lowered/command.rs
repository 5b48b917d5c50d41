//! Who sees to a row of the board: the act, and why it is refused.

use contactid::{AccountNumber, Lang};
use serde::{Deserialize, Serialize};

use super::{Lowered, LoweredEvent, LoweredThing};
use crate::follow_up::Assignee;
use crate::id::OperatorId;
use crate::incident::{Rank, written};

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
}

impl LoweredCommand {
    /// The row that it is about.
    pub const fn thing(&self) -> LoweredThing {
        match self {
            Self::Assign { thing, .. } | Self::Unassign { thing, .. } => *thing,
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
        }
    }
}

/// What an act makes of a row of an account that is served. Whether there is such a row is for whoever shows the board to know.
pub(crate) fn decide(lowered: Option<&Lowered>, command: &LoweredCommand) -> Result<LoweredEvent, LoweredRefusal> {
    let before = lowered.and_then(|lowered| lowered.assigned(&command.thing()));
    match command {
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
