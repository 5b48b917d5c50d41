//! Event to storm: changes, and never refuses.

use std::collections::BTreeSet;

use super::{CaughtUp, Grouped, Ledger, Outage, Settled, Storm, StormEvent, StormRecord, StormState};

/// Adds one record to a storm. The first record of a stream declares it; `None` for a first record that declares nothing,
/// which [`decide_storm`](super::decide_storm) never makes.
///
/// Of the ledger only the line that the record is [about](StormEvent::outage) is looked at: a store need not read the others.
pub fn evolve_storm(storm: Option<Storm>, record: &StormRecord) -> Option<Storm> {
    let Some(mut storm) = storm else { return declared(record) };
    storm.version = record.version;
    storm.add(record);
    Some(storm)
}

fn declared(record: &StormRecord) -> Option<Storm> {
    let StormEvent::Declared { area, until, counted, policy, .. } = &record.event else { return None };
    Some(Storm {
        id: record.storm,
        version: record.version,
        area: area.clone(),
        state: if record.by.is_some() { StormState::Confirmed } else { StormState::Declared },
        by: record.by,
        declared_at: record.at,
        counted: *counted,
        until: *until,
        confirmed_by: record.by,
        confirmed_at: record.by.map(|_| record.at),
        called_in_at: None,
        heard: BTreeSet::new(),
        calm_at: None,
        ended_at: None,
        ended_by: None,
        second: None,
        grouped: 0,
        left: 0,
        ledger: Ledger::default(),
        policy: *policy,
    })
}

impl Storm {
    fn add(&mut self, record: &StormRecord) {
        let (at, by) = (record.at, record.by);
        let settled = |how| Settled { how, at, by, signal: None, incident: None, reference: None };
        match &record.event {
            // A second beginning is in no stream that the desk wrote.
            StormEvent::Declared { .. } => {}
            StormEvent::Confirmed { until, .. } => {
                (self.state, self.until) = (StormState::Confirmed, *until);
                (self.confirmed_by, self.confirmed_at) = (by, Some(at));
            }
            StormEvent::Dismissed { .. } => {
                self.calm(StormState::Dismissed, record);
                // What could not be shown is caught up on before it is over.
                self.ended_at = (self.left == 0).then_some(at);
                self.ended_by = by;
            }
            StormEvent::Extended { until, .. } => self.until = *until,
            StormEvent::Lapsed {} => self.calm(StormState::Calm, record),
            StormEvent::CalledIn { .. } => drop(self.called_in_at.get_or_insert(at)),
            StormEvent::StaffAnswered { message, .. } => self.heard.extend(message.clone()),
            StormEvent::Grouped { outage, signal, since } => self.group(Grouped {
                outage: *outage,
                first: *signal,
                since: *since,
                last: *signal,
                signals: 1,
                settled: None,
            }),
            StormEvent::Restored { outage, signal } => {
                self.settle(*outage, Settled { signal: Some(*signal), ..settled(CaughtUp::Restored) });
            }
            StormEvent::Ordered { outage, reference } => {
                self.settle(*outage, Settled { reference: Some(reference.clone()), ..settled(CaughtUp::Ordered) });
            }
            StormEvent::Accepted { outage, .. } => self.settle(*outage, settled(CaughtUp::Accepted)),
            StormEvent::Shown { outage, incident } => {
                self.settle(*outage, Settled { incident: Some(*incident), ..settled(CaughtUp::Shown) });
            }
            StormEvent::Ended { second, .. } => {
                self.calm(StormState::Ended, record);
                (self.ended_at, self.ended_by, self.second) = (Some(at), by, Some(*second));
            }
        }
    }

    fn calm(&mut self, state: StormState, record: &StormRecord) {
        self.state = state;
        self.calm_at.get_or_insert(record.at);
    }

    /// The line is there, or opened anew: what failed again is caught up on again.
    fn group(&mut self, new: Grouped) {
        match self.ledger.line_mut(new.outage) {
            None => {
                self.grouped += 1;
                self.left += 1;
                self.ledger.put(new);
            }
            Some(line) => {
                self.left += u32::from(line.settled.take().is_some());
                line.last = new.last;
                line.signals = line.signals.saturating_add(1);
            }
        }
    }

    fn settle(&mut self, outage: Outage, settled: Settled) {
        let Some(line) = self.ledger.line_mut(outage) else { return };
        self.left = self.left.saturating_sub(u32::from(line.settled.is_none()));
        line.settled = Some(settled);
    }
}
