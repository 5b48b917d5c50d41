//! What is missing: heartbeats, which stay in memory, and what the desk expects of accounts. Only the edges, missing and come
//! after all, go into the signal log.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alarmcore::{ExpectationRules, Supervision, Timestamp};
use contactid::AccountNumber;
use opsmodel::store::{Answer, NewSignal};
use receiver::{Intake, LastSeen};

use crate::cards::{Cards, Heartbeat};
use crate::desk::now;

/// How often the lines are looked at: an edge is noticed within this time.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A clock that goes further than time by more than this was set. Less makes no line late: each may be silent for whole seconds.
const SET_MS: i64 = 1000;

/// Watches what is expected of accounts until the task is dropped. An edge goes the way of every signal: stored first, then
/// disposed of by the desk.
pub(crate) async fn watch(rules: ExpectationRules, cards: Arc<Cards>, last_seen: Arc<LastSeen>, intake: Arc<Intake>) {
    let mut supervision = Supervision::new(&rules, now());
    let mut promised: HashMap<AccountNumber, u32> = HashMap::new();
    let mut edges = VecDeque::new();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    let mut before = (now(), Instant::now());
    loop {
        ticks.tick().await;
        if let Some(heartbeats) = cards.take_heartbeats() {
            renew(&mut supervision, &mut promised, heartbeats);
        }
        for (account, at) in last_seen.take_fresh() {
            supervision.seen(&account, at);
        }
        let plans = cards.take_plans();
        for (account, edges) in plans.edges {
            supervision.plan(account, &edges, now());
        }
        // Looked at after it was said up to when everything is judged: what is polled below lies before this moment.
        let (clock, steady) = (now(), Instant::now());
        let by_ms = set_forward_ms(before, (clock, steady));
        if by_ms > SET_MS {
            supervision.set_forward(by_ms, clock);
        }
        before = (clock, steady);
        // What has come and is not judged yet is not missing: while the desk is behind, so is this watch.
        edges.extend(plans.judged.into_iter().flat_map(|judged| supervision.poll(judged)));
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

/// By how much further the clock went than time did between the two moments.
fn set_forward_ms((clock, steady): (Timestamp, Instant), (clock_now, steady_now): (Timestamp, Instant)) -> i64 {
    let passed = i64::try_from(steady_now.duration_since(steady).as_millis()).unwrap_or(i64::MAX);
    clock_now.millis().saturating_sub(clock.millis()).saturating_sub(passed)
}

/// A line that may be silent for as long as before goes on being watched as it was.
fn renew(supervision: &mut Supervision, promised: &mut HashMap<AccountNumber, u32>, heartbeats: Vec<Heartbeat>) {
    let mut before = std::mem::take(promised);
    for Heartbeat { account, silence_s, lost } in heartbeats {
        if before.remove(&account) != Some(silence_s) {
            supervision.expect(account, silence_s, now(), lost);
        }
        promised.insert(account, silence_s);
    }
    for account in before.keys() {
        supervision.forget(account);
    }
}
