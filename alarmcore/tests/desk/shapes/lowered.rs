//! Stored shapes of what happened to lowered protection.

use alarmcore::{
    Assignee, ClosingAnswer, ClosingEnd, ContactId, FollowUpId, IncidentId, Listed, LoweredEvent, LoweredEventKind,
    LoweredKind, LoweredRecord, LoweredThing, Lowering, Lowers, OperatorId, Rank, RecurringTest, Scope, SignalId,
    TestReason, Timestamp, Zones,
};
use contactid::Class;

use super::written_as_its_file_says;

fn examples() -> Vec<LoweredEvent> {
    let (since, until) = (Timestamp::from_millis(1_795_385_643_250), Timestamp::from_millis(1_795_392_843_500));
    let listed = Listed { zones: Zones::Listed([4, 5].into()), classes: [Class::Tamper.try_into().unwrap()].into() };
    let code = Some("570".parse().unwrap());
    let thing = LoweredThing { kind: LoweredKind::Bypassed, code, number: Some(3), since };
    vec![
        LoweredEvent::Began {
            lowering: Lowering { number: 2, lowers: Lowers::LogOnly(listed), from: since, until, agreed_at: None },
        },
        LoweredEvent::Warned { number: 2, until },
        LoweredEvent::Ended { number: 2 },
        LoweredEvent::Recurred { number: 3, until },
        LoweredEvent::PassedOver { number: 3, until },
        LoweredEvent::Assigned { thing, to: Assignee::Rank(Rank::Supervisor), note: Some("go and see".into()) },
        LoweredEvent::Unassigned {
            thing: LoweredThing { kind: LoweredKind::Silent, code: None, number: None, since },
            note: Some("is back".into()),
        },
        LoweredEvent::ClosingAsked { signal: SignalId::new(77), group: Some(1), since, until },
        LoweredEvent::ClosingAnswered {
            signal: SignalId::new(77),
            answer: ClosingAnswer::Extend,
            contact: ContactId::new(1),
            until: Some(until),
            message: Some("M-9".into()),
            note: Some("stock-taking".into()),
        },
        LoweredEvent::ClosingOver {
            signal: SignalId::new(77),
            end: ClosingEnd::Stranger,
            contact: Some(ContactId::new(3)),
            message: Some("M-10".into()),
            note: Some("no idea".into()),
        },
        LoweredEvent::RanAway { incident: IncidentId::new(9), order: Some(FollowUpId::new(3)) },
        LoweredEvent::OverrideOver { name: "site mall".into(), until },
        LoweredEvent::RunOver {},
    ]
}

/// What began can be a recurring test since its second shape.
fn grown() -> LoweredEvent {
    let (from, until) = (Timestamp::from_millis(1_795_385_643_250), Timestamp::from_millis(1_795_392_843_500));
    let scope = Scope {
        zones: Zones::Listed([4, 5].into()),
        classes: [Class::Tamper.try_into().unwrap()].into(),
        life_safety: [Class::Fire].into(),
    };
    let hours = "zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28".parse().unwrap();
    let test = RecurringTest { hours, scope, test_reason: TestReason::Inspection };
    LoweredEvent::Began {
        lowering: Lowering { number: 3, lowers: Lowers::RecurringTest(test), from, until, agreed_at: None },
    }
}

/// Every kind has its file, and is written as its file says; with its text taken out and put back it is the same.
#[test]
fn every_event_of_lowered_protection_is_written_as_its_file_says() {
    let kinds: Vec<LoweredEventKind> = examples().iter().map(LoweredEvent::kind).collect();
    assert_eq!(kinds, LoweredEventKind::ALL, "an example of every kind, in their order");
    let all = examples().into_iter().map(|event| (1, event)).chain([(2, grown())]);
    for (shape, mut event) in all {
        let whole = event.clone();
        let name = format!("lowered.{}.v{shape}.json", event.kind());
        let (account, at) = ("1001".parse().unwrap(), Timestamp::from_millis(1_795_385_643_500));
        let record = LoweredRecord { account, version: 4, at, by: Some(OperatorId::new(1)), event: event.clone() };
        written_as_its_file_says(&name, &record);
        if let Some(text) = event.take_text() {
            event.put_text(text);
        }
        assert_eq!(event, whole);
    }
}
