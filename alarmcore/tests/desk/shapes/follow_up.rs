//! Stored shapes of follow-ups.

use alarmcore::{
    Assignee, FollowUpEvent, FollowUpEventKind, FollowUpId, FollowUpReason, FollowUpRecord, FollowUpSaid, IncidentId,
    OperatorId, Priority, Rank, Subject, TheirAnswer, TheirOutcome, Timestamp,
};

use super::written_as_its_file_says;

/// One full event of a follow-up, of every kind.
fn follow_up_examples() -> Vec<FollowUpEvent> {
    let text = |text: &str| Some(text.to_owned());
    let due_at = Timestamp::from_millis(1_795_392_843_500);
    vec![
        FollowUpEvent::Created {
            subject: Subject::Account("1001".parse().unwrap()),
            to: Assignee::Rank(Rank::Supervisor),
            due_at,
            reason: None,
            said: None,
            priority: None,
            note: text("ask Mr Chen for the new telephone"),
        },
        FollowUpEvent::Rang {},
        FollowUpEvent::Escalated { to: Rank::Supervisor },
        FollowUpEvent::Reassigned { to: Assignee::Operator(OperatorId::new(2)), due_at, note: text("day shift") },
        FollowUpEvent::Done { note: text("139 0000") },
    ]
}

/// Every kind has its file, and is written as its file says.
#[test]
fn every_event_of_a_follow_up_is_written_as_its_file_says() {
    let kinds: Vec<FollowUpEventKind> = follow_up_examples().iter().map(FollowUpEvent::kind).collect();
    assert_eq!(kinds, FollowUpEventKind::ALL, "an example of every kind, in their order");
    for event in follow_up_examples() {
        let name = format!("follow-up.{}.v1.json", event.kind());
        let at = Timestamp::from_millis(1_795_385_643_500);
        let by = Some(OperatorId::new(1));
        written_as_its_file_says(&name, &FollowUpRecord { follow_up: FollowUpId::new(9), version: 4, at, by, event });
    }
    let ordered = FollowUpEvent::Created {
        subject: Subject::Incident(IncidentId::new(12)),
        to: Assignee::Rank(Rank::Supervisor),
        due_at: Timestamp::from_millis(1_795_392_843_500),
        reason: Some(FollowUpReason::Runaway),
        said: None,
        priority: None,
        note: None,
    };
    let at = Timestamp::from_millis(1_795_385_643_500);
    let record = FollowUpRecord { follow_up: FollowUpId::new(9), version: 4, at, by: None, event: ordered };
    written_as_its_file_says("follow-up.created.v2.json", &record);
    let said = FollowUpEvent::Created {
        subject: Subject::Incident(IncidentId::new(12)),
        to: Assignee::Rank(Rank::Operator),
        due_at: Timestamp::from_millis(1_795_392_843_500),
        reason: Some(FollowUpReason::LateWord),
        said: Some(FollowUpSaid {
            record: 17,
            number: 1,
            answer: Some(TheirAnswer::Closed),
            outcome: Some(TheirOutcome::Real),
        }),
        priority: Some(Priority::LIFE_SAFETY),
        note: None,
    };
    let record = FollowUpRecord { follow_up: FollowUpId::new(9), version: 4, at, by: None, event: said };
    written_as_its_file_says("follow-up.created.v3.json", &record);
    for mut event in follow_up_examples() {
        let whole = event.clone();
        if let Some(text) = event.take_text() {
            event.put_text(text);
        }
        assert_eq!(event, whole);
    }
}
