//! The signal log as lists show it: newest first, filtered, a page at a time; or in log order, for reports.

use std::borrow::Cow;
use std::fmt;

use alarmcore::{IncidentId, SignalId, Timestamp};
use contactid::{AccountNumber, Class, Code};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{Reader, log, spelling};
use crate::store::StoreError;

/// What became of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It opened an incident.
    Opened,
    /// It was added to an incident that was open already.
    Joined,
    /// It was written down and calls for nobody.
    Logged,
    /// It waits: its final disposition comes later.
    Held,
    /// It repeats a signal that was received before.
    Repeat,
    /// The desk has not reached it yet.
    Pending,
}

impl Fate {
    /// Every one, in the order of declaration.
    pub const ALL: [Self; 6] = [Self::Opened, Self::Joined, Self::Logged, Self::Held, Self::Repeat, Self::Pending];

    /// The stable word that rows and reports write for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Logged => "logged",
            Self::Held => "held",
            Self::Repeat => "repeat",
            Self::Pending => "pending",
        }
    }

    /// The value that this stable word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fate| fate.as_str() == word)
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One stored signal with what became of it: the row of lists, of `report events` and of `/api`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignalRow {
    /// Its place in the log.
    pub id: SignalId,
    /// When its frame was read.
    #[serde(serialize_with = "spelling::time")]
    pub received_at: Timestamp,
    /// The line that it came by, such as `dc09-tcp`.
    pub line: String,
    /// Who sent the frame, as the line names its peers.
    pub peer: String,
    /// What the transmitter was told: `ack`, `nak`, `duh` or `none`.
    pub answer: &'static str,
    /// Its account, where the frame names one.
    pub account: Option<AccountNumber>,
    /// The frame's token, such as `ADM-CID`.
    pub token: String,
    /// The frame's sequence number, 0 to 9999.
    pub sequence: Option<u16>,
    /// Which event of its frame this is, from 0.
    pub part: u16,
    /// How many events its frame holds.
    pub parts: u16,
    /// What is notable about the frame: `encrypted`, `stale-clock`, ...
    pub marks: Vec<&'static str>,
    /// Event code as on the wire: `130`, `BA`.
    pub code: Option<String>,
    /// 1 new or opening, 3 restore or closing, 6 still so.
    pub qualifier: Option<u8>,
    /// Group (partition) as on the wire: `01`.
    pub group: Option<String>,
    /// Zone or user as on the wire: `015`.
    pub number: Option<String>,
    /// The user of the panel whom it names, as a number.
    pub user: Option<u32>,
    /// Their name, as the account's card had it then.
    pub user_name: Option<String>,
    /// What the code is about.
    pub class: Option<Class>,
    /// A SIA address as it was written.
    pub address: Option<String>,
    /// Free text that the panel sent along.
    pub text: Option<String>,
    /// When it happened, as the panel says: in DC-09 `HH:MM:SS,MM-DD-YYYY`, as a rule UTC. A centre that forwards late says so by it.
    pub device_time: Option<String>,
    /// What the code means, in English.
    pub name_en: Option<Cow<'static, str>>,
    /// What the code means, in Chinese.
    pub name_zh: Option<Cow<'static, str>>,
    /// What became of it; `None` where there is no desk (the spool of a receiver on its own).
    pub disposition: Option<Fate>,
    /// The incident that it opened or joined.
    pub incident: Option<IncidentId>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The version of the policy that held the rule.
    pub policy: Option<u32>,
    /// The frame as it was received, in lower-case hexadecimal.
    pub raw_hex: String,
}

/// Which signals to list. Everything that is `None` is not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignalFilter {
    /// Of this account.
    pub account: Option<AccountNumber>,
    /// Of this incident.
    pub incident: Option<IncidentId>,
    /// Of this class.
    pub class: Option<Class>,
    /// With this event code.
    pub code: Option<Code>,
    /// Of which this became.
    pub outcome: Option<Fate>,
    /// That came by this line.
    pub line: Option<String>,
    /// In a frame with this token.
    pub token: Option<String>,
    /// Received at or after this time.
    pub from: Option<Timestamp>,
    /// Received before this time.
    pub to: Option<Timestamp>,
}

/// Some signals, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignalPage {
    /// The signals.
    pub rows: Vec<SignalRow>,
    /// How many of the page are not shown to whoever asks: their incident waits in a queue that is only for others.
    pub hidden: u32,
    /// Hand this in to read on; `None` at the end of the log. A page may hold fewer rows than asked for, even none,
    /// and still not be the last: a search for something rare stops after a bounded number of looks, and says here
    /// where it stopped.
    pub older: Option<SignalId>,
    /// How far back the search has come.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub searched_to: Option<Timestamp>,
}

/// How many signals a page looks at, at most, when only the log itself can be searched.
const LOOKS: u64 = 20_000;
/// How many it looks at in one go.
const STRETCH: u64 = 500;

pub(super) const OF_INCIDENT: &str =
    "SELECT signal FROM incident_signal WHERE incident = ?1 AND signal < ?2 ORDER BY signal DESC";

macro_rules! look_up {
    ($index:literal, $key:literal) => {
        concat!(
            "SELECT signal FROM signal_row ",
            $index,
            " WHERE ",
            $key,
            " = ?1 AND received_at >= ?2 AND (received_at, signal) < (?3, ?4)",
            " AND (?5 IS NULL OR class = ?5) AND (?6 IS NULL OR code = ?6) AND (?7 IS NULL OR outcome = ?7)",
            " AND (?8 IS NULL OR line = ?8) AND (?9 IS NULL OR token = ?9)",
            " ORDER BY received_at DESC, signal DESC LIMIT ?10"
        )
    };
}

pub(super) const OF_ACCOUNT: &str = look_up!("", "account");
pub(super) const OF_CLASS: &str = look_up!("INDEXED BY signal_row_class", "class");

impl Reader {
    /// Signals that pass the filter, newest first. Reads on from `older`, the cursor of the page before.
    ///
    /// Pages of an account, a class or a code are read from the desk's look-up rows: a signal that the desk has not
    /// reached yet is not among them. All others walk the log itself, a bounded number of signals a page.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn signals(
        &self,
        filter: &SignalFilter,
        older: Option<SignalId>,
        limit: usize,
    ) -> Result<SignalPage, StoreError> {
        let class = filter.class.or(filter.code.map(Code::class));
        match (self.has_desk(), filter.incident, filter.account, class) {
            (true, Some(incident), _, _) => self.of_incident(incident, filter, older, limit),
            (true, None, Some(account), _) => self.looked_up(OF_ACCOUNT, account.as_str(), filter, older, limit),
            (true, None, None, Some(class)) if filter.outcome != Some(Fate::Pending) => {
                self.looked_up(OF_CLASS, class.as_str(), filter, older, limit)
            }
            _ => self.walk(filter, older, limit),
        }
    }

    fn of_incident(
        &self,
        incident: IncidentId,
        filter: &SignalFilter,
        older: Option<SignalId>,
        limit: usize,
    ) -> Result<SignalPage, StoreError> {
        let before = older.map_or(i64::MAX, |id| spelling::bigint(id.get()));
        // A test may have hidden a signal that its end showed: then the incident holds it, and the signal names none.
        let rest = SignalFilter { incident: None, ..filter.clone() };
        let mut statement = self.sql.prepare_cached(OF_INCIDENT)?;
        let mut ids = statement.query([spelling::bigint(incident.get()), before])?;
        let mut rows = Vec::new();
        while rows.len() < limit
            && let Some(id) = ids.next()?
        {
            let id = SignalId::new(spelling::natural(id, 0)?);
            rows.extend(self.signal(id)?.filter(|row| rest.passes(row)));
        }
        Ok(SignalPage::full(rows, limit))
    }

    fn looked_up(
        &self,
        statement: &str,
        key: &str,
        filter: &SignalFilter,
        older: Option<SignalId>,
        limit: usize,
    ) -> Result<SignalPage, StoreError> {
        let (before_at, before) = match older {
            // Ids begin at 1: (to, 0) is before everything that was received at `to`.
            None => (filter.to.map_or(i64::MAX, Timestamp::millis), 0),
            Some(id) => {
                let at: Option<i64> = self
                    .sql
                    .prepare_cached(log::RECEIVED_AT)?
                    .query_row([spelling::bigint(id.get())], |row| row.get(0))
                    .optional()?;
                let Some(at) = at else { return Ok(SignalPage::full(Vec::new(), limit)) };
                (at, spelling::bigint(id.get()))
            }
        };
        let mut statement = self.sql.prepare_cached(statement)?;
        let ids = statement.query_map(
            params![
                key,
                filter.from.map_or(i64::MIN, Timestamp::millis),
                before_at,
                before,
                filter.class.map(Class::as_str),
                filter.code.map(|code| code.to_string()),
                filter.outcome.map(Fate::as_str),
                filter.line,
                filter.token,
                spelling::limit(limit),
            ],
            |row| spelling::natural(row, 0),
        )?;
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(self.signal(SignalId::new(id?))?);
        }
        Ok(SignalPage::full(rows, limit))
    }

    fn walk(&self, filter: &SignalFilter, older: Option<SignalId>, limit: usize) -> Result<SignalPage, StoreError> {
        let ids = self.log_range(
            filter.from.unwrap_or(Timestamp::from_millis(i64::MIN)),
            filter.to.unwrap_or(Timestamp::from_millis(i64::MAX)),
        )?;
        let first = ids.end.min(older.map_or(u64::MAX, SignalId::get));
        let mut page = SignalPage { rows: Vec::new(), hidden: 0, older: None, searched_to: None };
        let mut end = first;
        while end > ids.start && first - end < LOOKS {
            let start = ids.start.max(end.saturating_sub(STRETCH));
            for row in self.log_rows(start..end)?.into_iter().rev() {
                page.searched_to = Some(row.received_at);
                if filter.passes(&row) {
                    page.rows.push(row);
                }
                if page.rows.len() == limit {
                    page.older = page.rows.last().map(|row| row.id).filter(|id| id.get() > ids.start);
                    return Ok(page);
                }
            }
            end = start;
        }
        page.older = (end > ids.start).then(|| SignalId::new(end));
        Ok(page)
    }
}

impl SignalPage {
    /// A page of a search that found all there is, up to its limit.
    fn full(rows: Vec<SignalRow>, limit: usize) -> Self {
        let last = rows.last().map(|row| (row.id, row.received_at));
        Self {
            older: last.map(|(id, _)| id).filter(|_| rows.len() == limit),
            searched_to: last.map(|(_, at)| at),
            hidden: 0,
            rows,
        }
    }
}

impl SignalFilter {
    /// Whether the row is one of those that are asked for.
    pub fn passes(&self, row: &SignalRow) -> bool {
        fn same<T: PartialEq>(asked: &Option<T>, found: Option<&T>) -> bool {
            asked.as_ref().is_none_or(|asked| found == Some(asked))
        }
        same(&self.account, row.account.as_ref())
            && same(&self.incident, row.incident.as_ref())
            && same(&self.class, row.class.as_ref())
            && same(&self.code.map(|code| code.to_string()), row.code.as_ref())
            && same(&self.outcome, row.disposition.as_ref())
            && same(&self.line, Some(&row.line))
            && same(&self.token, Some(&row.token))
            && self.from.is_none_or(|from| row.received_at >= from)
            && self.to.is_none_or(|to| row.received_at < to)
    }
}
