//! `Supervision`: one index of all deadlines at which the centre reports that something did not come. Heartbeats stay in
//! memory; of them, too, only the edges come out: missing, and come after all.

use std::collections::{BTreeMap, BTreeSet};

use contactid::AccountNumber;

use crate::expect::{Edge, ExpectationRules, Expected};
use crate::time::Timestamp;

/// Watches what accounts promised: signs of life, and what [`expected`](crate::expected) says of their signals.
#[derive(Clone, Debug)]
pub struct Supervision {
    sure_from: Timestamp,
    lines: BTreeMap<AccountNumber, Line>,
    plans: BTreeMap<AccountNumber, Vec<Planned>>,
    /// What becomes due, of lines and plans alike.
    due: BTreeSet<Edge>,
    restored: Vec<Edge>,
}

#[derive(Clone, Debug)]
struct Line {
    silence_s: u32,
    seen: Timestamp,
    lost: bool,
    /// Where the line stands in `due`, if it does.
    due: Option<Edge>,
}

#[derive(Clone, Debug)]
struct Planned {
    /// As it was planned.
    edge: Edge,
    /// As it is said: never at a moment before the centre knew of it.
    due: Edge,
    /// It was said already, and the account's state does not know of it yet.
    said: bool,
}

impl Line {
    fn limit(&self, account: AccountNumber) -> Edge {
        Edge::new(account, Expected::Heartbeat, true, self.seen.plus_secs(self.silence_s))
    }
}

impl Supervision {
    /// A watch under these rules, of a centre that has been running since `start`.
    pub fn new(rules: &ExpectationRules, start: Timestamp) -> Self {
        Self {
            sure_from: start.plus_secs(rules.restart_grace_s),
            lines: BTreeMap::new(),
            plans: BTreeMap::new(),
            due: BTreeSet::new(),
            restored: Vec::new(),
        }
    }

    /// From `now` on, the line of this account is lost when nothing of it was heard for `silence_s` seconds: see
    /// [`ExpectationRules::silence_s`]. `lost` says that its line is known to be
    /// silent already ([`AccountState::silent_since`](crate::AccountState)), so that it is not reported a second time.
    pub fn expect(&mut self, account: AccountNumber, silence_s: u32, now: Timestamp, lost: bool) {
        self.forget(&account);
        let mut line = Line { silence_s: silence_s.max(1), seen: now, lost, due: None };
        if !lost {
            self.await_line(account, &mut line);
        }
        self.lines.insert(account, line);
    }

    /// This account promises no heartbeats any more.
    pub fn forget(&mut self, account: &AccountNumber) {
        if let Some(Line { due: Some(due), .. }) = self.lines.remove(account) {
            self.due.remove(&due);
        }
    }

    /// Something of this account was heard, whatever it was.
    pub fn seen(&mut self, account: &AccountNumber, at: Timestamp) {
        let Some(mut line) = self.lines.get(account).cloned() else { return };
        line.seen = line.seen.max(at);
        if line.lost {
            line.lost = false;
            self.restored.push(Edge::new(*account, Expected::Heartbeat, false, at));
            self.await_line(*account, &mut line);
        }
        self.lines.insert(*account, line);
    }

    /// The centre's clock was set forward by so many milliseconds, and it is `now` since: time in which nobody could be heard, because it
    /// never was. Lines have the rest of their silence from now on. What is planned for an hour of the day stays there.
    pub fn set_forward(&mut self, by_ms: i64, now: Timestamp) {
        for line in self.lines.values_mut() {
            let seen = line.seen.millis().saturating_add(by_ms).min(now.millis());
            line.seen = line.seen.max(Timestamp::from_millis(seen));
        }
    }

    /// What the centre reports of this account as its signals stand now, in place of what was planned before: see
    /// [`expected`](crate::expected). What lies before `now` is said of `now`, and what was said already is not said again
    /// while it is still planned.
    pub fn plan(&mut self, account: AccountNumber, edges: &[Edge], now: Timestamp) {
        let before = self.plans.remove(&account).unwrap_or_default();
        for planned in before.iter().filter(|planned| !planned.said) {
            self.due.remove(&planned.due);
        }
        if edges.is_empty() {
            return;
        }
        let planned = edges.iter().map(|edge| {
            let due = Edge { at: edge.at.max(self.sure_from).max(now), ..edge.clone() };
            let said = before.iter().any(|planned| planned.said && planned.edge == *edge);
            Planned { edge: edge.clone(), due, said }
        });
        let planned: Vec<_> = planned.collect();
        self.due.extend(planned.iter().filter(|planned| !planned.said).map(|planned| planned.due.clone()));
        self.plans.insert(account, planned);
    }

    /// What became missing up to `now`, and what came after all since the last call: in the order in which it happened.
    pub fn poll(&mut self, now: Timestamp) -> Vec<Edge> {
        let mut edges = core::mem::take(&mut self.restored);
        while self.due.first().is_some_and(|edge| edge.at <= now) {
            let Some(edge) = self.due.pop_first() else { break };
            match edge.expected {
                Expected::Heartbeat => edges.extend(self.line_due(edge.account, now)),
                Expected::Test | Expected::Closing | Expected::Opening | Expected::Event => {
                    let plan = self.plans.get_mut(&edge.account).into_iter().flatten();
                    plan.filter(|planned| planned.due == edge).for_each(|planned| planned.said = true);
                    edges.push(edge);
                }
            }
        }
        edges.sort_unstable();
        edges
    }

    /// When to look again.
    pub fn next(&self) -> Option<Timestamp> {
        self.due.first().map(|edge| edge.at)
    }

    /// The line is lost, or was heard since it was last looked at.
    fn line_due(&mut self, account: AccountNumber, now: Timestamp) -> Option<Edge> {
        let mut line = self.lines.get(&account).cloned()?;
        line.due = None;
        let limit = line.limit(account);
        let lost = limit.at <= now;
        line.lost = lost;
        if !lost {
            self.await_line(account, &mut line);
        }
        self.lines.insert(account, line);
        lost.then_some(limit)
    }

    fn await_line(&mut self, account: AccountNumber, line: &mut Line) {
        let due = line.limit(account);
        line.due = Some(due.clone());
        self.due.insert(due);
    }
}
