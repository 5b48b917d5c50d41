//! What must hold of what the outside is asked to do (DESIGN §4, 2): each effect follows the record that asks for it, and each
//! record that asks is followed by its effect; what goes to strangers is asked for once.

use alarmcore::{
    Effect, FalseCallsEvent, FalseCallsRecord, FollowUpEvent, IncidentEvent, LoweredEvent, Output, Record, StormEvent,
    TestEvent,
};

use super::Witness;

impl Witness {
    pub(super) fn check_effects(&mut self, said: &[Output]) {
        let mut cause = None;
        for (place, output) in said.iter().enumerate() {
            let Output::Perform(effect) = output else {
                let performs = said[place + 1..].iter().take_while(|next| matches!(next, Output::Perform(_))).count();
                assert!(performs > 0 || !asks(output), "nothing is done of {output:?}");
                cause = Some(output);
                continue;
            };
            assert!(cause.is_some_and(|cause| belongs(effect, cause)), "{effect:?} does not follow from {cause:?}");
            if once(effect) {
                assert!(self.performed.insert(format!("{effect:?}")), "asked for twice: {effect:?}");
            }
        }
    }
}

/// Is it told to somebody who would take it for another one the second time?
fn once(effect: &Effect) -> bool {
    match effect {
        Effect::HandOff { .. }
        | Effect::TellAuthority { .. }
        | Effect::Forward { .. }
        | Effect::OverrideEnding { .. }
        | Effect::FirstContact { .. } => true,
        Effect::Alert { .. }
        | Effect::Escalate { .. }
        | Effect::Offer { .. }
        | Effect::Recall { .. }
        | Effect::TellUnit { .. }
        | Effect::FalseCalls { .. }
        | Effect::FollowUpDue { .. }
        | Effect::FollowUpUndone { .. }
        | Effect::TestEnding { .. }
        | Effect::LoweringEnding { .. }
        | Effect::AskClosing { .. }
        | Effect::CallIn { .. } => false,
    }
}

/// Does this record ask for something outside?
fn asks(output: &Output) -> bool {
    match output {
        Output::Record(record) => matches!(
            record.event,
            IncidentEvent::Opened { .. }
                | IncidentEvent::Raised { .. }
                | IncidentEvent::Escalated { .. }
                | IncidentEvent::UnitOffered { .. }
                | IncidentEvent::UnitWithdrawn { .. }
                | IncidentEvent::OfferExpired { .. }
                | IncidentEvent::UnitOutOfService { .. }
                | IncidentEvent::HoldOver {}
                | IncidentEvent::ContactAsked { .. }
                | IncidentEvent::HandedOff { .. }
                | IncidentEvent::AuthorityTold { .. }
        ),
        Output::FalseCallsRecord(FalseCallsRecord { event, .. }) => {
            matches!(event, FalseCallsEvent::Imposed { .. } | FalseCallsEvent::Overdue { .. })
        }
        Output::FollowUpRecord(record) => {
            matches!(record.event, FollowUpEvent::Rang {} | FollowUpEvent::Escalated { .. })
        }
        Output::TestRecord(record) => matches!(record.event, TestEvent::Warned {}),
        Output::LoweredRecord(record) => {
            matches!(record.event, LoweredEvent::Warned { .. } | LoweredEvent::ClosingAsked { .. })
        }
        Output::StormRecord(record) => matches!(record.event, StormEvent::CalledIn { .. }),
        Output::OverrideWarned(_) => true,
        _ => false,
    }
}

fn belongs(effect: &Effect, cause: &Output) -> bool {
    match (effect, cause) {
        (Effect::Alert { incident, .. }, Output::Record(record)) => {
            *incident == record.incident
                && matches!(
                    record.event,
                    IncidentEvent::Opened { .. }
                        | IncidentEvent::Raised { .. }
                        | IncidentEvent::OwnerLost { .. }
                        | IncidentEvent::HoldOver {}
                        | IncidentEvent::Overflowed { .. }
                        | IncidentEvent::Continued {}
                )
        }
        (Effect::Escalate { incident, to, .. }, Output::Record(Record { event, incident: of, .. })) => {
            incident == of && matches!(event, IncidentEvent::Escalated { to: rank, .. } if rank == to)
        }
        (Effect::Offer { incident, unit, until }, Output::Record(Record { event, incident: of, .. })) => {
            let offered = |event: &IncidentEvent| match event {
                IncidentEvent::UnitOffered { unit: asked, until: by, .. } => (asked, by) == (unit, until),
                _ => false,
            };
            incident == of && offered(event)
        }
        (
            Effect::TellUnit { incident, unit, offer, version },
            Output::Record(Record { event, incident: of, version: v, .. }),
        ) => {
            let told = match event {
                IncidentEvent::UnitTold { unit, offer, .. } => Some((unit, offer)),
                _ => None,
            };
            (incident, version) == (of, v) && told == Some((unit, offer))
        }
        (Effect::Recall { incident, unit }, Output::Record(Record { event, incident: of, .. })) => {
            let recalled = match event {
                IncidentEvent::UnitWithdrawn { unit, .. }
                | IncidentEvent::UnitOutOfService { unit }
                | IncidentEvent::OfferExpired { unit } => Some(unit),
                _ => None,
            };
            incident == of && recalled == Some(unit)
        }
        (Effect::HandOff { incident, number, to }, Output::Record(Record { event, incident: of, .. })) => {
            let handed = |event: &IncidentEvent| match event {
                IncidentEvent::HandedOff { number: which, to: whom, .. } => (which, whom) == (number, to),
                _ => false,
            };
            incident == of && handed(event)
        }
        (
            Effect::TellAuthority { incident, number, sequence, telling, .. },
            Output::Record(Record { event, incident: of, .. }),
        ) => {
            let told = |event: &IncidentEvent| match event {
                IncidentEvent::AuthorityTold { number: which, sequence: message, telling: what, .. } => {
                    (which, message, what) == (number, sequence, telling)
                }
                _ => false,
            };
            incident == of && told(event)
        }
        (Effect::FirstContact { incident }, Output::Record(Record { event, incident: of, .. })) => {
            incident == of && matches!(event, IncidentEvent::ContactAsked { .. })
        }
        (Effect::FalseCalls { account, clause, .. }, Output::FalseCallsRecord(record)) => {
            let of = match &record.event {
                FalseCallsEvent::Imposed { clause, .. } | FalseCallsEvent::Overdue { clause } => Some(clause),
                _ => None,
            };
            *account == record.account && of == Some(clause)
        }
        (Effect::FollowUpDue { follow_up, .. }, Output::FollowUpRecord(record)) => {
            *follow_up == record.follow_up && record.event == FollowUpEvent::Rang {}
        }
        (Effect::FollowUpUndone { follow_up, to, .. }, Output::FollowUpRecord(record)) => {
            *follow_up == record.follow_up && record.event == FollowUpEvent::Escalated { to: *to }
        }
        (Effect::TestEnding { test, .. }, Output::TestRecord(record)) => *test == record.test,
        (
            Effect::LoweringEnding { account, .. } | Effect::AskClosing { account, .. },
            Output::LoweredRecord(record),
        ) => *account == record.account,
        (Effect::OverrideEnding { end, .. }, Output::OverrideWarned(warned)) => end == warned,
        (Effect::Forward { signal, .. }, Output::Dispose(disposition)) => *signal == disposition.signal,
        (Effect::CallIn { storm }, Output::StormRecord(record)) => *storm == record.storm,
        _ => false,
    }
}
