//! The ways out: what fails over and over, what has been owed for too long, and whose answers cannot be read.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use alarmcore::{Part, SelfWatchLimits, Timestamp};

use super::aside::Aside;
use super::watch::{Finding, Said};
use crate::outside::{Outside, Unread};

/// How often a way that fails, and has nothing to send, is asked whether it works again.
const ASK_EVERY: Duration = Duration::from_secs(15);

pub(super) struct Ways {
    outside: Outside,
    asked: Aside<()>,
    /// A fault of a way was said before the start, and nobody knows of which.
    doubts: bool,
}

impl Ways {
    pub(super) fn new(outside: Outside, doubts: bool) -> Self {
        Self { outside, asked: Aside::new("ways"), doubts }
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.outside.names().into_iter().map(str::to_owned).collect()
    }

    /// How they are, by since when something is owed on them; nothing where there are none, or while they are in doubt.
    pub(super) fn look(
        &mut self,
        limits: &SelfWatchLimits,
        owed: &HashMap<String, Timestamp>,
        now: Timestamp,
    ) -> Option<Finding> {
        let names = self.names();
        if names.is_empty() {
            return None;
        }
        let unread = match self.outside.unread() {
            Some(unread) => unread,
            None if self.doubts => return None,
            None => BTreeMap::new(),
        };
        let tried = self.outside.tried();
        let mut faults = BTreeMap::new();
        for name in &names {
            let failed =
                tried.get(name).filter(|tried| limits.way_failures > 0 && tried.failures >= limits.way_failures);
            let owed_s = owed.get(name).map_or(0, |since| now.secs_since(*since));
            let said = if let Some(tried) = failed {
                let (n, why) = (tried.failures, &tried.why);
                Said::new(format!("{n} attempts failed: {why}"), format!("连续 {n} 次发送失败：{why}"))
            } else if limits.way_owed_s > 0 && owed_s > i64::from(limits.way_owed_s) {
                Said::new(format!("a message waits for {owed_s} s"), format!("报文积压 {owed_s} 秒"))
            } else {
                continue;
            };
            faults.insert(name.clone(), said);
        }
        for (name, Unread { folder, why }) in unread {
            let said = Said::new(
                format!("answers cannot be read from {folder}: {why}"),
                format!("无法读取回执目录 {folder}：{why}"),
            );
            faults.insert(format!("{name}, answers"), said);
        }
        // What is owed is tried anyway; a way that owes nothing would never be found to work again.
        let idle = |name: &&String| !owed.contains_key(*name);
        let doubted = |name: &&String| self.doubts || tried.contains_key(*name);
        let ask: Vec<String> = names.iter().filter(doubted).filter(idle).cloned().collect();
        if !ask.is_empty() {
            let outside = self.outside.clone();
            let asked = self.asked.every(ASK_EVERY, move || ask.iter().for_each(|name| outside.ask(name))).is_some();
            if self.doubts {
                self.doubts = !asked;
                return None;
            }
        }
        self.doubts = false;
        let fine = match owed.len() {
            0 => Said::new("nothing waits", "无积压报文"),
            n => Said::new(format!("messages are on their way on {n}"), format!("{n} 条通道正在发送")),
        };
        Some(Finding { part: Part::Way, faults, fine })
    }
}
