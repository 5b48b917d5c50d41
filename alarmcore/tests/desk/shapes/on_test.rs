//! Stored shapes of what happened to a test.

use alarmcore::{ContactId, OperatorId, Scope, TestEvent, TestReason, Timestamp, Zones};
use contactid::Class;

/// One full event of a test session, of every kind.
pub(super) fn test_examples() -> Vec<TestEvent> {
    let text = |text: &str| Some(text.to_owned());
    let (until, warn_at) = (Timestamp::from_millis(1_795_392_843_500), Timestamp::from_millis(1_795_391_943_500));
    vec![
        TestEvent::Started {
            account: "1001".parse().unwrap(),
            scope: Scope {
                zones: Zones::AllExcept([7, 9].into()),
                classes: [Class::Burglary.try_into().unwrap(), Class::Tamper.try_into().unwrap()].into(),
                life_safety: [Class::Fire].into(),
            },
            until,
            warn_at,
            reason: TestReason::Repair,
            contact: Some(ContactId::new(3)),
            proved: true,
            policy: 3,
            second: None,
            agreed: None,
            before_s: 0,
            danger: None,
            asked_by: text("Wang of Safe Ltd"),
            note: text("new detector in zone 4"),
        },
        TestEvent::Extended {
            until,
            warn_at,
            contact: None,
            proved: false,
            second: None,
            danger: None,
            note: text("a lot to do"),
        },
        TestEvent::Warned {},
        TestEvent::Ended { signals: 1_207, note: text("back in order") },
        TestEvent::Expired { signals: 1_207 },
    ]
}

/// Events of a test session that have grown a field since their first shape: a second person, an agreement to test again and
/// again, and the time on test that it goes on from.
pub(super) fn tests_grown() -> Vec<(u32, TestEvent)> {
    let grown = |shape: u32| {
        let mut events = test_examples();
        events.retain_mut(|event| match event {
            TestEvent::Started { second, agreed, before_s, .. } => {
                (*second, *agreed) = if shape == 3 { (None, Some(3)) } else { (Some(OperatorId::new(2)), None) };
                *before_s = if shape == 4 { 27_000 } else { 0 };
                true
            }
            _ => false,
        });
        events.into_iter().map(move |event| (shape, event))
    };
    (2..=4).flat_map(grown).collect()
}
