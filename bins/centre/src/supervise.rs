//! Link supervision: heartbeats stay in memory, and only their edges, lost and restored, go into the signal log.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use alarmcore::Supervision;
use contactid::AccountNumber;
use opsmodel::store::{Answer, NewSignal};
use receiver::{Intake, LastSeen};

use crate::cards::{Cards, Heartbeat};
use crate::desk::now;

/// How often the lines are looked at: an edge is noticed within this time.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Heartbeats in a row that may be missing before a line counts as lost.
const MISSED: u32 = 3;

/// Watches the supervised lines until the task is dropped. An edge goes the way of every signal: stored first, then
/// disposed of by the desk.
pub(crate) async fn watch(cards: Arc<Cards>, last_seen: Arc<LastSeen>, intake: Arc<Intake>) {
    let mut supervision = Supervision::new(MISSED);
    let mut promised: HashMap<AccountNumber, u32> = HashMap::new();
    let mut edges = VecDeque::new();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        let at = now();
        if let Some(heartbeats) = cards.take_heartbeats() {
            renew(&mut supervision, &mut promised, heartbeats);
        }
        for (account, at) in last_seen.take_fresh() {
            supervision.seen(&account, at);
        }
        edges.extend(supervision.poll(at));
        // What cannot be stored now is stored when the disk has room again, in the same order.
        while let Some(edge) = edges.front() {
            let report = edge.report();
            let signal = NewSignal { report, peer: "centre".into(), answer: Answer::None, raw: Vec::new() };
            if !intake.report(signal).await {
                break;
            }
            edges.pop_front();
        }
    }
}

/// A line whose interval is as it was goes on being watched as it was.
fn renew(supervision: &mut Supervision, promised: &mut HashMap<AccountNumber, u32>, heartbeats: Vec<Heartbeat>) {
    let mut before = std::mem::take(promised);
    for Heartbeat { account, interval_s, lost } in heartbeats {
        if before.remove(&account) != Some(interval_s) {
            supervision.expect(account, interval_s, now(), lost);
        }
        promised.insert(account, interval_s);
    }
    for account in before.keys() {
        supervision.forget(account);
    }
}
