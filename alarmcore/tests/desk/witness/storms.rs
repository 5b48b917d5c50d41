//! What holds of storms, whatever happens.

use std::collections::BTreeSet;

use alarmcore::{
    CaughtUp, IncidentEvent, Kind, Outage, Rule, StormEvent, StormId, StormRecord, evolve_storm, is_life_safety,
};

use super::Witness;

impl Witness {
    /// The journal alone gives every storm. None ended with lines left, or without a second person; none did more than group
    /// before a person confirmed it. Every signal that one grouped speaks of a line of its ledger, and none of life safety.
    pub(super) fn check_storms(&self) {
        let mut lines = BTreeSet::new();
        for (id, records) in &self.storms {
            let bare = records.iter().cloned().map(|mut record| {
                record.event.take_text();
                record
            });
            let fold = |storm, record: StormRecord| evolve_storm(storm, &record);
            let folded = records.iter().cloned().fold(None, fold).unwrap();
            assert_eq!(Some(&folded), bare.fold(None, fold).as_ref(), "free text decides something");
            let live = self.desk.storms().find(|storm| storm.id == *id);
            assert_eq!(live, Some(&folded).filter(|storm| !storm.is_over()), "the journal gives another storm");
            assert_eq!(folded.left as usize, folded.ledger.left().count(), "storm {id} miscounts what is left");
            assert_eq!(folded.grouped as usize, folded.ledger.lines().count(), "storm {id} miscounts its ledger");
            assert!(!folded.is_over() || folded.left == 0, "storm {id} is over with lines left");
            lines.extend(folded.ledger.lines().map(|line| line.outage));
            let mut confirmed = false;
            for record in records {
                match &record.event {
                    StormEvent::Declared { .. } => confirmed = record.by.is_some(),
                    StormEvent::Confirmed { .. } => confirmed = true,
                    StormEvent::Ended { second, .. } => assert!(record.by.is_some_and(|by| by != *second)),
                    StormEvent::CalledIn { .. } => assert!(confirmed, "staff called in for a storm that only groups"),
                    _ => {}
                }
            }
            for line in folded.ledger.lines() {
                let by_person = |how| matches!(how, CaughtUp::Ordered | CaughtUp::Accepted);
                let settled = line.settled.as_ref();
                assert!(settled.is_none_or(|settled| settled.by.is_some() == by_person(settled.how)));
            }
        }
        for disposition in self.dispositions.values().flatten().filter(|of| of.rule == Rule::StormGrouped) {
            let (account, class) = self.spoke[&disposition.signal];
            assert!(!is_life_safety(class), "a storm grouped life safety: {disposition:?}");
            let outage = Outage { account, kind: Kind::of(class) };
            assert!(lines.contains(&outage), "grouped, and in no ledger: {disposition:?}");
        }
        let confirmed = |id: &StormId| {
            let says = |record: &&StormRecord| match record.event {
                StormEvent::Declared { .. } => record.by.is_some(),
                ref event => matches!(event, StormEvent::Confirmed { .. }),
            };
            self.storms[id].iter().find(says).map(|record| record.at)
        };
        for record in self.records.values().flatten() {
            if let IncidentEvent::ContactAsked { storm } = &record.event {
                // The clock is set back now and then.
                let at = confirmed(storm).map(|at| at.secs_since(record.at));
                assert!(at.is_some_and(|ahead| ahead < 600), "asked in a storm that only groups");
            }
        }
    }
}
