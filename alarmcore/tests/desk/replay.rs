//! A day that happened is remembered as a store remembers it, and lived through again under the same rules: the same comes
//! of it. So every act is found again in its records, and a replay can be believed.

use std::collections::BTreeMap;

use alarmcore::{
    Area, Command, Decided, Differences, Disposition, Figures, IncidentEvent, IncidentId, Input, Kind, LoweredEvent,
    Opening, Output, Past, PastAct, Policy, SignalId, Snapshot, StormEvent, StormId, WhatIf,
};

use crate::script::MIDNIGHT;

/// What is remembered of a day: signals, cards, and the records that acts left.
#[derive(Default)]
pub(crate) struct Memory {
    past: Vec<Past>,
    /// What opened each incident, and for what.
    firsts: BTreeMap<IncidentId, (SignalId, Kind)>,
    decided: BTreeMap<SignalId, Decided>,
    /// Over which area each storm was declared.
    areas: BTreeMap<StormId, Area>,
    acts: u64,
    offers: u64,
}

impl Memory {
    pub(crate) fn note(&mut self, input: &Input, said: &[Output]) {
        match input.clone() {
            Input::Signal(received) => self.past.push(Past::Signal(received, None)),
            Input::Account(card) => self.past.push(Past::Account(card)),
            Input::AccountClosed(account) => self.past.push(Past::AccountClosed(account)),
            Input::Unit(card) => self.past.push(Past::Unit(card)),
            Input::Time(at) => self.past.push(Past::Time(at)),
            // What is remembered of an act are its records, and how late it was: where the clock was set back since, a refused
            // act may have been the last to tell.
            // Who was there is remembered by what went back to the queue.
            Input::Act { at, .. }
            | Input::Test { at, .. }
            | Input::FalseCalls { at, .. }
            | Input::FollowUp { at, .. }
            | Input::Lowered { at, .. }
            | Input::Storm { at, .. }
            | Input::Operator { at, .. }
            | Input::Person { at, .. } => self.past.push(Past::Time(at)),
        }
        let mut before: Option<IncidentEvent> = None;
        let mut found = 0;
        for output in said {
            match output {
                Output::Record(record) => {
                    if let IncidentEvent::Opened { evidence, kind, .. } = &record.event {
                        self.firsts.insert(record.incident, (evidence.signal, *kind));
                    }
                    self.offers += u64::from(matches!(record.event, IncidentEvent::UnitOffered { .. }));
                    if let IncidentEvent::OwnerLost { from, .. } = record.event {
                        self.past.push(Past::Gone(from, record.at));
                    }
                    let Some(by) = record.by else { continue };
                    // Free text is kept apart from the records, and may be erased.
                    let mut event = record.event.clone();
                    event.take_text();
                    if let Some((command, second)) = event.act(before.as_ref()) {
                        let opening @ (signal, kind) = self.firsts[&record.incident];
                        let nth = self.firsts.range(..record.incident).filter(|(_, other)| **other == opening).count();
                        let nth = u32::try_from(nth).unwrap();
                        let act = PastAct { at: record.at, by, on: Opening { signal, kind, nth }, command, second };
                        self.past.push(Past::Act(act));
                        found += 1;
                    }
                    before = Some(event);
                }
                Output::Dispose(Disposition { signal, outcome, rule, .. }) => {
                    self.decided.insert(*signal, Decided { outcome: outcome.word(), rule: *rule });
                }
                Output::TestRecord(record) => {
                    if let (Input::Test { account, .. }, Some(_)) = (input, record.by) {
                        self.past.push(Past::Test(*account, record.clone()));
                    }
                }
                Output::FalseCallsRecord(record) => {
                    if record.by.is_some() {
                        self.past.push(Past::FalseCalls(record.clone()));
                    }
                }
                Output::StormRecord(record) => {
                    if let StormEvent::Declared { area, .. } = &record.event {
                        self.areas.insert(record.storm, area.clone());
                    }
                    if record.by.is_some() {
                        self.past.push(Past::Storm(self.areas[&record.storm].clone(), record.clone()));
                    }
                }
                Output::LoweredRecord(record) => {
                    let closing =
                        matches!(record.event, LoweredEvent::ClosingAnswered { .. } | LoweredEvent::ClosingOver { .. });
                    if record.by.is_some() && closing {
                        self.past.push(Past::Closing(record.clone()));
                    }
                }
                Output::RefuseStorm(_)
                | Output::RefuseLowered(_)
                | Output::Touched(_)
                | Output::OverridesOver(_)
                | Output::OverrideWarned(_)
                | Output::FollowUpRecord(_)
                | Output::RefuseFollowUp(_)
                | Output::Perform(_)
                | Output::Refuse(_)
                | Output::RefuseTest(_)
                | Output::RefuseFalseCalls(_)
                | Output::Wait(_) => {}
            }
        }
        let was_done = matches!(input, Input::Act { .. }) && !said.iter().any(|one| matches!(one, Output::Refuse(_)));
        // What a unit found on the scene is told again as the report that a person would have written.
        let reports = |one: &Output| matches!(one, Output::Record(record) if matches!(record.event, IncidentEvent::SceneReported { .. }));
        let by_machine = matches!(input, Input::Act { command: Command::RecordUnitAnswer { .. }, .. });
        let scene = by_machine && said.iter().any(reports);
        let told = u64::from(was_done) * if scene { 2 } else { 1 };
        assert_eq!(found, told, "one act, one act in its records: {input:?} {said:?}");
        self.acts += found;
    }

    /// Lives through the day again, and once more under rules that differ in nothing but their number.
    pub(crate) fn replays(self, policy: &Policy) {
        let renumbered = Policy { version: policy.version + 1, ..policy.clone() };
        let mut what_if = WhatIf::new(Snapshot::default(), &BTreeMap::new(), policy.clone(), renumbered);
        let signals = self.decided.len() as u64;
        for mut past in self.past {
            if let Past::Signal(received, decided) = &mut past {
                *decided = self.decided.get(&received.id).copied();
            }
            what_if.hear(&past);
        }
        let found = what_if.end(MIDNIGHT, &[]);
        let expected = Differences {
            signals,
            agree: signals,
            both: found.old.opened,
            old: found.old.clone(),
            new: Figures { policy: policy.version + 1, ..found.old.clone() },
            ..Differences::default()
        };
        assert_eq!(found, expected);
        let old = &found.old;
        assert_eq!((old.acts, old.refused, old.dropped, old.dispatches), (self.acts, 0, 0, self.offers));
        assert_eq!(old.opened, self.firsts.len() as u64);
    }
}
