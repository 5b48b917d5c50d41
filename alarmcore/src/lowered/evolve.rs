//! Event to the lowered protection of an account: changes, and never refuses.

use super::{Assigned, Lowered, LoweredEvent, LoweredRecord, LoweringStage};

/// Adds one record to what is kept of the lowered protection of an account.
pub fn evolve_lowered(lowered: Option<Lowered>, record: &LoweredRecord) -> Lowered {
    let mut lowered = lowered.unwrap_or(Lowered::new(record.account));
    lowered.version = record.version;
    match &record.event {
        LoweredEvent::Began { lowering } => drop(lowered.stages.insert(lowering.number, LoweringStage::Began)),
        LoweredEvent::Warned { number, .. } => drop(lowered.stages.insert(*number, LoweringStage::Warned)),
        LoweredEvent::Ended { number } => drop(lowered.stages.insert(*number, LoweringStage::Ended)),
        LoweredEvent::Assigned { thing, to, .. } => {
            lowered.assigned.retain(|assigned| assigned.thing != *thing);
            let beyond = (lowered.assigned.len() + 1).saturating_sub(Lowered::ASSIGNED);
            drop(lowered.assigned.drain(..beyond));
            lowered.assigned.push(Assigned { thing: *thing, to: *to, by: record.by, at: record.at });
        }
        LoweredEvent::Unassigned { thing, .. } => lowered.assigned.retain(|assigned| assigned.thing != *thing),
    }
    lowered
}
