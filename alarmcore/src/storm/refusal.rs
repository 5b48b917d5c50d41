//! Why an act on a storm is refused, in the words of the centre.

use contactid::{AccountNumber, Lang};
use serde::{Deserialize, Serialize};

use super::area::Area;
use crate::id::StormId;
use crate::incident::Kind;
use crate::time::Timestamp;

/// Why an act on a storm is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum StormRefusal {
    /// There is no such storm.
    NoSuchStorm,
    /// It has ended.
    Over,
    /// It groups no more.
    Calm,
    /// There is a storm over these accounts already.
    AlreadyStorm {
        /// Which.
        storm: StormId,
    },
    /// Somebody has confirmed it already.
    AlreadyConfirmed,
    /// Nobody has confirmed it: it only groups.
    Unconfirmed,
    /// Nobody was called in.
    NotCalledIn,
    /// A message with this number was heard before.
    AlreadyHeard,
    /// Only a supervisor declares a storm.
    SupervisorsOnly,
    /// It was not said which district, feeder, carrier or kind of site.
    NameMissing,
    /// No account belongs there.
    NoSuchArea {
        /// What was asked for.
        area: Area,
    },
    /// No minute at all, or more than the limit.
    OverLimit {
        /// How many were asked for.
        minutes: u32,
        /// How many it may be.
        at_most: u32,
    },
    /// It goes on for at least as long already.
    NotLonger {
        /// Until when.
        until: Timestamp,
    },
    /// The storm grouped nothing of the kind there.
    NoSuchLine {
        /// The account.
        account: AccountNumber,
        /// What was asked for.
        kind: Kind,
    },
    /// That line is caught up on.
    LineSettled {
        /// The account.
        account: AccountNumber,
        /// What failed there.
        kind: Kind,
    },
    /// The order for the repair was not named.
    ReferenceMissing,
    /// It was not said why it can stay so.
    ReasonMissing,
    /// Not everything is caught up on.
    LinesLeft {
        /// How many lines are left.
        left: u32,
    },
    /// Nobody else agreed.
    SecondPersonMissing,
    /// The second person is the first.
    SecondPersonMustDiffer,
}

impl StormRefusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoSuchStorm => "there is no such storm".into(),
            Self::Over => "the storm has ended".into(),
            Self::Calm => "the storm groups no more".into(),
            Self::AlreadyStorm { storm } => format!("storm {storm} is over these accounts: extend or confirm that"),
            Self::AlreadyConfirmed => "the storm is confirmed already".into(),
            Self::Unconfirmed => "confirm the storm first".into(),
            Self::NotCalledIn => "nobody was called in".into(),
            Self::AlreadyHeard => "this answer was heard before".into(),
            Self::SupervisorsOnly => "only a supervisor declares a storm".into(),
            Self::NameMissing => "say which district, feeder, carrier or kind of site".into(),
            Self::NoSuchArea { area } => format!("no account belongs to {}", area.label(Lang::En)),
            Self::OverLimit { minutes, at_most } => format!("{minutes} minutes: it must be 1 to {at_most}"),
            Self::NotLonger { .. } => "the storm goes on for longer already".into(),
            Self::NoSuchLine { account, kind } => {
                format!("the storm grouped nothing of account {account}: {}", kind.label(Lang::En))
            }
            Self::LineSettled { account, kind } => {
                format!("already caught up on, account {account}: {}", kind.label(Lang::En))
            }
            Self::ReferenceMissing => "name the repair order".into(),
            Self::ReasonMissing => "say why it can stay so".into(),
            Self::LinesLeft { left } => format!("lines of the ledger left to catch up on: {left}"),
            Self::SecondPersonMissing => "a second person must agree".into(),
            Self::SecondPersonMustDiffer => "the second person cannot be yourself".into(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NoSuchStorm => "没有该灾害模式".into(),
            Self::Over => "该灾害模式已结束".into(),
            Self::Calm => "该灾害模式已停止合并".into(),
            Self::AlreadyStorm { storm } => format!("这些用户已处于灾害模式 {storm},请延长或确认该模式"),
            Self::AlreadyConfirmed => "该灾害模式已确认".into(),
            Self::Unconfirmed => "请先确认灾害模式".into(),
            Self::NotCalledIn => "尚未召回值班人员".into(),
            Self::AlreadyHeard => "该答复已收到过".into(),
            Self::SupervisorsOnly => "只有值班长可以进入灾害模式".into(),
            Self::NameMissing => "未填写区域、运营商或场所类型".into(),
            Self::NoSuchArea { area } => format!("没有属于{}的用户", area.label(Lang::Zh)),
            Self::OverLimit { minutes, at_most } => format!("{minutes} 分钟超出范围,应为 1 至 {at_most} 分钟"),
            Self::NotLonger { .. } => "当前结束时间已不早于该时间".into(),
            Self::NoSuchLine { account, kind } => format!("未合并用户 {account} 的{}", kind.label(Lang::Zh)),
            Self::LineSettled { account, kind } => format!("用户 {account} 的{}已善后", kind.label(Lang::Zh)),
            Self::ReferenceMissing => "未填写报修单号".into(),
            Self::ReasonMissing => "未填写确认理由".into(),
            Self::LinesLeft { left } => format!("善后清单尚有 {left} 项未处理"),
            Self::SecondPersonMissing => "须由第二人确认".into(),
            Self::SecondPersonMustDiffer => "第二人不能是本人".into(),
        }
    }
}
