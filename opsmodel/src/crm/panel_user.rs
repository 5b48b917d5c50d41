//! The users of a panel: the people behind the numbers that openings, closings and cancels name, and what each of them may do.

use core::fmt;
use std::collections::BTreeSet;

use alarmcore::{Lang, Timestamp, UserRight};
use serde::{Deserialize, Serialize};

use super::{AccountCard, Cancels, CardError};

/// A user of a panel. When they may come and go stands in the schedule, by their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelUser {
    /// The number that the panel reports, from 1.
    pub number: u32,
    /// Their name.
    pub name: String,
    /// They may cancel an alarm.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub cancels: bool,
    /// They may close later than the hours.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub closes_late: bool,
    /// Until when they may do anything at all; always where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Why lines are no users of a panel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub enum PanelUserError {
    /// It does not begin with a number and a name.
    NoName {
        /// Which line, the first being 1.
        line: usize,
        /// What was found.
        found: String,
    },
    /// Not something that can be said of a user.
    Entry {
        /// Which line.
        line: usize,
        /// What was found.
        found: String,
    },
    /// Not a time.
    Until {
        /// Which line.
        line: usize,
        /// What was found.
        found: String,
    },
    /// Two lines are of one number.
    Twice {
        /// Which line.
        line: usize,
        /// The number.
        number: u32,
    },
    /// More than a card takes.
    TooMany {
        /// How many there are.
        found: usize,
    },
}

impl PanelUserError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NoName { line, found }, Lang::En) => {
                format!("user line {line}: expected a number from 1 and a name such as `3 Wang Fang`, found {found:?}")
            }
            (Self::NoName { line, found }, Lang::Zh) => {
                format!("主机用户第 {line} 行：应为从 1 起的编号和姓名，如 `3 王芳`，现为 {found:?}")
            }
            (Self::Entry { line, found }, Lang::En) => format!(
                "user line {line}: expected cancels, closes-late or until, found {found:?}; hours stand in the schedule"
            ),
            (Self::Entry { line, found }, Lang::Zh) => {
                format!(
                    "主机用户第 {line} 行：应为 cancels、closes-late 或 until，现为 {found:?}；时段写在布撤防时间表中"
                )
            }
            (Self::Until { line, found }, Lang::En) => {
                format!("user line {line}: expected a time such as `until 2026-12-31T18:00:00+08:00`, found {found:?}")
            }
            (Self::Until { line, found }, Lang::Zh) => {
                format!("主机用户第 {line} 行：应为时间，如 `until 2026-12-31T18:00:00+08:00`，现为 {found:?}")
            }
            (Self::Twice { line, number }, Lang::En) => format!("user line {line}: user {number} is listed twice"),
            (Self::Twice { line, number }, Lang::Zh) => format!("主机用户第 {line} 行：用户 {number} 重复"),
            (Self::TooMany { found }, Lang::En) => format!("{found} users: a card takes {}", PanelUser::MAX),
            (Self::TooMany { found }, Lang::Zh) => format!("共 {found} 名主机用户，一份档案最多 {} 名", PanelUser::MAX),
        }
    }
}

impl PanelUser {
    /// How many a card takes.
    pub const MAX: usize = 1000;

    /// Users of a panel, one a line or parted by `|`:
    ///
    /// `3 Wang Fang; cancels; closes-late; until 2026-12-31T18:00:00+08:00`
    ///
    /// # Errors
    /// What is wrong first, with its line and what to write.
    pub fn read_all(text: &str) -> Result<Vec<Self>, PanelUserError> {
        let lines = text.split(['\n', '|']).map(str::trim).filter(|line| !line.is_empty());
        let users: Vec<Self> =
            lines.enumerate().map(|(index, text)| read(index + 1, text)).collect::<Result<_, _>>()?;
        if users.len() > Self::MAX {
            return Err(PanelUserError::TooMany { found: users.len() });
        }
        match first_twice(&users) {
            Some((index, number)) => Err(PanelUserError::Twice { line: index + 1, number }),
            None => Ok(users),
        }
    }
}

/// The first that has the number of one before it.
fn first_twice(users: &[PanelUser]) -> Option<(usize, u32)> {
    let mut seen = BTreeSet::new();
    users.iter().enumerate().find(|(_, user)| !seen.insert(user.number)).map(|(index, user)| (index, user.number))
}

fn read(line: usize, text: &str) -> Result<PanelUser, PanelUserError> {
    let mut entries = text.split([';', '；']).map(str::trim);
    let first = entries.next().unwrap_or_default();
    let named = first.split_once(char::is_whitespace).and_then(|(number, name)| {
        Some((number.parse().ok()?, name.trim())).filter(|(number, name)| *number > 0 && !name.is_empty())
    });
    let (number, name) = named.ok_or_else(|| PanelUserError::NoName { line, found: first.to_owned() })?;
    let mut user = PanelUser { number, name: name.to_owned(), cancels: false, closes_late: false, until: None };
    for entry in entries.filter(|entry| !entry.is_empty()) {
        match entry.split_once(char::is_whitespace).unwrap_or((entry, "")) {
            ("cancels", "") => user.cancels = true,
            ("closes-late", "") => user.closes_late = true,
            ("until", value) => {
                let read = Timestamp::from_rfc3339(value.trim()).filter(|_| user.until.is_none());
                let until = read.ok_or_else(|| PanelUserError::Until { line, found: value.trim().to_owned() })?;
                user.until = Some(until);
            }
            _ => return Err(PanelUserError::Entry { line, found: entry.to_owned() }),
        }
    }
    Ok(user)
}

/// The line that it is read from.
impl fmt::Display for PanelUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.name)?;
        f.write_str(if self.cancels { "; cancels" } else { "" })?;
        f.write_str(if self.closes_late { "; closes-late" } else { "" })?;
        self.until.map_or(Ok(()), |until| write!(f, "; until {until}"))
    }
}

impl AccountCard {
    /// The users of its panel who may cancel an alarm: those whom the card lists by number only, and those of whom it says so
    /// beside their name. `None` where it says so of nobody: then no list is kept.
    pub fn cancelling(&self) -> Option<BTreeSet<u32>> {
        let named = self.users.iter().filter(|user| user.cancels).map(|user| user.number);
        let all: BTreeSet<u32> = self.cancel_users.iter().flatten().copied().chain(named).collect();
        (self.cancel_users.is_some() || !all.is_empty()).then_some(all)
    }

    /// Those of them who may do so now: a right that nobody else has reviewed is none, and one that is taken away is gone at once.
    pub fn may_cancel(&self) -> Option<BTreeSet<u32>> {
        let given = self.cancelling();
        match self.pending.as_ref().and_then(|pending| pending.cancels.as_ref()) {
            None => given,
            Some(reviewed) if reviewed.listed => {
                Some(given.unwrap_or_default().intersection(&reviewed.users).copied().collect())
            }
            // No list is kept yet: a cancel is what it was before, and lowers nothing.
            Some(_) => None,
        }
    }

    /// The users whose right to cancel waits for another person.
    pub fn waiting_to_cancel(&self) -> BTreeSet<u32> {
        let may = self.may_cancel().unwrap_or_default();
        self.cancelling().unwrap_or_default().difference(&may).copied().collect()
    }

    /// Does this user's right to cancel wait for another person?
    pub fn waits_to_cancel(&self, user: u32) -> bool {
        self.waiting_to_cancel().contains(&user)
    }

    /// Who may cancel at this moment, for a change of it to be held against.
    pub(super) fn cancels_at(&self, at: Timestamp) -> Cancels {
        let over = |number: &u32| {
            let user = self.users.iter().find(|user| user.number == *number);
            user.is_some_and(|user| user.until.is_some_and(|until| until <= at))
        };
        let users = self.cancelling();
        Cancels {
            listed: users.is_some(),
            users: users.unwrap_or_default().into_iter().filter(|number| !over(number)).collect(),
        }
    }

    /// What the desk has to know of its users: all of them, without names.
    pub(super) fn user_rights(&self) -> impl Iterator<Item = UserRight> {
        self.users.iter().map(|user| UserRight { user: user.number, closes_late: user.closes_late, until: user.until })
    }

    pub(super) fn check_users(&self) -> Result<(), CardError> {
        if let Some(nameless) = self.users.iter().find(|user| user.name.trim().is_empty() || user.number == 0) {
            return Err(CardError::PanelUser(nameless.number));
        }
        if self.users.len() > PanelUser::MAX {
            return Err(CardError::PanelUsers(self.users.len()));
        }
        first_twice(&self.users).map_or(Ok(()), |(_, number)| Err(CardError::PanelUserTwice(number)))
    }
}
