//! `Supervision`: which lines have fallen silent. Heartbeats stay in memory; only the edges, lost and restored, come out.

use std::collections::{BTreeMap, BTreeSet};

use contactid::{AccountNumber, Code, EventCode, Qualifier, Signal};

use crate::report::{Marks, Report};
use crate::time::Timestamp;

/// Watches the lines of accounts that promised to be heard.
#[derive(Clone, Debug)]
pub struct Supervision {
    missed: u32,
    lines: BTreeMap<AccountNumber, Watch>,
    due: BTreeSet<(Timestamp, AccountNumber)>,
    restored: Vec<Edge>,
}

#[derive(Clone, Copy, Debug)]
struct Watch {
    interval_s: u32,
    seen: Timestamp,
    lost: bool,
    /// Where the line stands in `due`, if it does.
    due: Option<Timestamp>,
}

/// A line fell silent, or is heard again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Whose line.
    pub account: AccountNumber,
    /// Did it fall silent? Otherwise it is heard again.
    pub lost: bool,
    /// Since when.
    pub at: Timestamp,
}

/// "Communication trouble": what the centre reports of a silent line.
const SILENT: EventCode = match EventCode::new(350) {
    Some(code) => code,
    None => panic!("350 is a code of three digits"),
};

impl Supervision {
    /// A watch that calls a line lost after so many missed intervals, at least 1.
    pub fn new(missed: u32) -> Self {
        Self { missed: missed.max(1), lines: BTreeMap::new(), due: BTreeSet::new(), restored: Vec::new() }
    }

    /// From `now` on, this account promises to be heard every `interval_s` seconds. `lost` says that its line is known to be
    /// silent already ([`AccountState::silent_since`](crate::AccountState)), so that it is not reported a second time.
    pub fn expect(&mut self, account: AccountNumber, interval_s: u32, now: Timestamp, lost: bool) {
        self.forget(&account);
        let interval_s = interval_s.max(1);
        let mut watch = Watch { interval_s, seen: now, lost, due: None };
        if !lost {
            self.plan(account, &mut watch);
        }
        self.lines.insert(account, watch);
    }

    /// This account promises nothing any more.
    pub fn forget(&mut self, account: &AccountNumber) {
        if let Some(Watch { due: Some(due), .. }) = self.lines.remove(account) {
            self.due.remove(&(due, *account));
        }
    }

    /// Something of this account was heard, whatever it was.
    pub fn seen(&mut self, account: &AccountNumber, at: Timestamp) {
        let Some(mut watch) = self.lines.get(account).copied() else { return };
        watch.seen = watch.seen.max(at);
        if watch.lost {
            watch.lost = false;
            self.restored.push(Edge { account: *account, lost: false, at });
            self.plan(*account, &mut watch);
        }
        self.lines.insert(*account, watch);
    }

    /// The lines that fell silent up to `now`, and those heard again since the last call: in the order in which it happened.
    pub fn poll(&mut self, now: Timestamp) -> Vec<Edge> {
        let mut edges = core::mem::take(&mut self.restored);
        while let Some(&(due, account)) = self.due.first().filter(|(due, _)| *due <= now) {
            self.due.remove(&(due, account));
            let Some(mut watch) = self.lines.get(&account).copied() else { continue };
            watch.due = None;
            let limit = self.limit(&watch);
            if limit <= now {
                watch.lost = true;
                edges.push(Edge { account, lost: true, at: limit });
            } else {
                self.plan(account, &mut watch);
            }
            self.lines.insert(account, watch);
        }
        edges.sort_by_key(|edge| edge.at);
        edges
    }

    /// When to look again.
    pub fn next(&self) -> Option<Timestamp> {
        self.due.first().map(|(due, _)| *due)
    }

    fn limit(&self, watch: &Watch) -> Timestamp {
        watch.seen.plus_secs(watch.interval_s.saturating_mul(self.missed))
    }

    fn plan(&mut self, account: AccountNumber, watch: &mut Watch) {
        let due = self.limit(watch);
        watch.due = Some(due);
        self.due.insert((due, account));
    }
}

impl Edge {
    /// The report that the centre itself makes of this edge: communication trouble (350), new or restored.
    pub fn report(&self) -> Report {
        let qualifier = if self.lost { Qualifier::New } else { Qualifier::Restore };
        Report {
            received_at: self.at,
            line: "centre".into(),
            account: Some(self.account),
            token: "SUPERVISION".into(),
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::SUPERVISION,
            content: 0,
            signal: Some(Signal::new(Code::Cid(SILENT), qualifier)),
        }
    }
}
