//! Event to the lowered protection of an account: changes, and never refuses.

use super::{
    Assigned, ClosingAnswer, ClosingStage, LateClosing, Lowered, LoweredEvent, LoweredRecord, LoweringStage, Runaway,
};
use crate::id::SignalId;
use crate::time::Timestamp;

/// Adds one record to what is kept of the lowered protection of an account.
pub fn evolve_lowered(lowered: Option<Lowered>, record: &LoweredRecord) -> Lowered {
    let mut lowered = lowered.unwrap_or(Lowered::new(record.account));
    lowered.version = record.version;
    match &record.event {
        LoweredEvent::Began { lowering } => drop(lowered.stages.insert(lowering.number, LoweringStage::Began)),
        LoweredEvent::Warned { number, .. } => drop(lowered.stages.insert(*number, LoweringStage::Warned)),
        LoweredEvent::Ended { number } => {
            lowered.stages.insert(*number, LoweringStage::Ended);
            lowered.recurred.remove(number);
        }
        LoweredEvent::Recurred { number, .. } | LoweredEvent::PassedOver { number, .. } => {
            lowered.recurred.insert(*number, record.at);
        }
        LoweredEvent::Assigned { thing, to, .. } => {
            lowered.assigned.retain(|assigned| assigned.thing != *thing);
            let beyond = (lowered.assigned.len() + 1).saturating_sub(Lowered::ASSIGNED);
            drop(lowered.assigned.drain(..beyond));
            lowered.assigned.push(Assigned { thing: *thing, to: *to, by: record.by, at: record.at });
        }
        LoweredEvent::Unassigned { thing, .. } => lowered.assigned.retain(|assigned| assigned.thing != *thing),
        LoweredEvent::ClosingAsked { signal, group, since, until } => {
            let (signal, group, since, until) = (*signal, *group, *since, *until);
            match lowered.closings.iter_mut().find(|closing| closing.signal == signal) {
                Some(again) => (again.stage, again.until) = (ClosingStage::Asked, until),
                None => {
                    let (stage, extended, heard) = (ClosingStage::Asked, 0, Vec::new());
                    lowered.closings.push(LateClosing { signal, group, since, stage, until, extended, heard });
                }
            }
        }
        LoweredEvent::ClosingAnswered { signal, answer, until, message, .. } => match (answer, until) {
            (ClosingAnswer::Extend, Some(until)) => {
                lowered.answered(*signal, ClosingStage::Extended, *until, message);
            }
            (ClosingAnswer::NotToday, Some(until)) => {
                lowered.answered(*signal, ClosingStage::NotToday, *until, message);
            }
            // An operator sees to it.
            (ClosingAnswer::Arm, _) | (ClosingAnswer::Extend | ClosingAnswer::NotToday, None) => {
                lowered.closings.retain(|closing| closing.signal != *signal);
            }
        },
        LoweredEvent::ClosingOver { signal, .. } => lowered.closings.retain(|closing| closing.signal != *signal),
        LoweredEvent::RanAway { incident, order } => {
            let (incident, order) = (*incident, *order);
            let since = lowered.running().map_or(record.at, |running| running.since);
            lowered.runaway = Some(Runaway { since, incident, order, over: None });
        }
        LoweredEvent::OverrideOver { until, .. } => lowered.shown_until = lowered.shown_until.max(Some(*until)),
        LoweredEvent::RunOver {} => {
            lowered.runaway = lowered.runaway.map(|runaway| Runaway { over: Some(record.at), ..runaway });
        }
    }
    lowered
}

impl Lowered {
    /// A question has its answer, and nobody waits for the closing before `until`.
    fn answered(&mut self, signal: SignalId, stage: ClosingStage, until: Timestamp, message: &Option<String>) {
        let Some(closing) = self.closings.iter_mut().find(|closing| closing.signal == signal) else { return };
        (closing.stage, closing.until) = (stage, until);
        closing.extended += u32::from(stage == ClosingStage::Extended);
        if closing.heard.len() == LateClosing::HEARD {
            closing.heard.remove(0);
        }
        closing.heard.extend(message.clone());
    }
}
