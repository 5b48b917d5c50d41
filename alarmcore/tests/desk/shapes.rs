//! Stored shapes are a contract: one file per event kind, written once and never edited.
//!
//! A new shape of an event is a new file beside the old one, and both must still be read.

mod clips;
mod follow_up;
mod lowered;
mod on_test;
mod storms;

use std::collections::BTreeSet;
use std::path::PathBuf;

use alarmcore::{
    Absence, AnswerStanding, Arming, Authority, AvsLevel, Basis, CallResult, Cause, Check, Claim, ClauseId,
    ContactAnswer, ContactId, Currency, EventKind, Evidence, FalseCallsEvent, FalseCallsEventKind, FalseCallsRecord,
    FollowUpEvent, FollowUpRecord, Guarded, HoldReason, IncidentEvent, IncidentId, Kind, LoweredRecord, Marks, Measure,
    Missing, NumberId, OperatorId, PlanGiven, Priority, RaiseReason, Rank, Record, Rejection, Resolution, Rule,
    SceneEnd, Settlement, Sight, SignalId, Source, StormEvent, StormEventKind, StormId, StormRecord, Telling,
    TestEvent, TestEventKind, TestId, TestRecord, TheirAnswer, TheirOutcome, Timestamp, UnitAnswer, UnitId, evolve,
    evolve_false_calls, evolve_follow_up, evolve_lowered, evolve_storm, evolve_test,
};
use contactid::Qualifier;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/shapes")
}

/// One full event of every kind.
fn examples() -> Vec<IncidentEvent> {
    let text = |text: &str| Some(text.to_owned());
    let (unit, contact, second) = (UnitId::new(7), ContactId::new(3), OperatorId::new(2));
    let clause: ClauseId = "uk-npcc.withdraw".parse().unwrap();
    let evidence = Evidence {
        signal: SignalId::new(41),
        received_at: Timestamp::from_millis(1_795_385_643_250),
        code: Some("130".parse().unwrap()),
        qualifier: Some(Qualifier::New),
        group: Some(1),
        number: Some(5),
        marks: Marks::ENCRYPTED,
        user: None,
        source: None,
    };
    vec![
        IncidentEvent::Opened {
            account: Some("1001".parse().unwrap()),
            kind: Kind::Burglary,
            priority: Priority::clamped(2),
            evidence: evidence.clone(),
            rule: Rule::ClassShown,
            policy: 3,
            plan: None,
        },
        IncidentEvent::SignalJoined { evidence, rule: Rule::RestoreJoined },
        IncidentEvent::Raised {
            reason: RaiseReason::LifeSafety,
            kind: Kind::Fire,
            priority: Priority::LIFE_SAFETY,
            plan: None,
        },
        IncidentEvent::Lowered { priority: Priority::clamped(5) },
        IncidentEvent::Taken {},
        IncidentEvent::TakenOver { from: OperatorId::new(1) },
        IncidentEvent::Released { note: text("end of shift") },
        IncidentEvent::OwnerLost { from: OperatorId::new(1), reason: Absence::Silent },
        IncidentEvent::PutOnHold {
            reason: HoldReason::KeyholderComing,
            minutes: 10,
            note: text("Mr Chen, 10 minutes"),
        },
        IncidentEvent::HoldOver {},
        IncidentEvent::Resumed {},
        IncidentEvent::Escalated { to: Rank::Supervisor, missing: Missing::Take, after_s: 60, policy: 3 },
        IncidentEvent::Called {
            contact,
            result: CallResult::NoAnswer,
            number: None,
            numbers: None,
            compared: false,
            correct_by: None,
            again_at: None,
            note: text("rang for a minute"),
        },
        IncidentEvent::Observed { source: Source::Video, saw: Sight::People, note: text("two men at the till") },
        IncidentEvent::LevelSet { level: AvsLevel::PROPERTY, note: text("the neighbour rang") },
        IncidentEvent::VerifiedFalse { cause: Cause::Animal, second: None, note: text("cat") },
        IncidentEvent::PreProcessed { note: text("nobody answers") },
        IncidentEvent::UnitOffered { unit, until: Timestamp::from_millis(1_795_385_703_250), choice: None },
        IncidentEvent::UnitAccepted { unit },
        IncidentEvent::UnitDeclined { unit, note: text("flat tyre") },
        IncidentEvent::UnitAnswered {
            unit,
            offer: 2,
            answer: UnitAnswer::OnSite,
            message: "M-7".into(),
            speaks: false,
            note: text("gate is open"),
        },
        IncidentEvent::OfferExpired { unit },
        IncidentEvent::OfferFailed { unit, offer: 2, note: text("HTTP 503") },
        IncidentEvent::RecallFailed { unit, offer: 2, note: text("HTTP 503") },
        IncidentEvent::OfferDelivered { unit, offer: 2 },
        IncidentEvent::UnitTold { unit, offer: 2, signal: Some(SignalId::new(7)), note: text("knives") },
        IncidentEvent::UnitUntold { unit, offer: 2, note: text("HTTP 503") },
        IncidentEvent::AnswerAwaited {
            unit: Some(unit),
            number: None,
            until: Timestamp::from_millis(1_795_385_703_250),
        },
        IncidentEvent::UnitOutOfService { unit },
        IncidentEvent::UnitWithdrawn { unit, note: text("owner called back") },
        IncidentEvent::UnitDeparted { unit },
        IncidentEvent::UnitArrived { unit },
        IncidentEvent::UnitSilent { unit },
        IncidentEvent::SceneReported {
            unit,
            doors: Check::Damaged,
            windows: Check::Intact,
            entry_signs: true,
            persons: 1,
            photos: vec!["p1".into()],
            note: text("a man left"),
        },
        IncidentEvent::UnitLeft { unit },
        IncidentEvent::SceneFalse { cause: Cause::Unexplained, second: None, note: text("nothing found") },
        IncidentEvent::EndedUndetermined {
            end: SceneEnd::KeptGuarded,
            contact: Some(contact),
            unit: Some(unit),
            until: Some(Timestamp::from_millis(1_795_400_043_250)),
            check_at: Some(Timestamp::from_millis(1_795_392_843_250)),
            number: Some(1),
            second: None,
            note: text("until the glazier comes"),
        },
        IncidentEvent::ConfirmedReal { basis: Basis::Scene, note: text("door forced") },
        IncidentEvent::Overturned { cause: Cause::UserError, second, note: text("the owner's son") },
        IncidentEvent::OwnerNotified { contact, note: text("on his way") },
        IncidentEvent::OwnerArrived {},
        IncidentEvent::WishRecorded {
            police: true,
            insurer: false,
            loss_minor: Some(1_200_000),
            currency: Currency::CNY,
            note: text("wants the police"),
        },
        IncidentEvent::HandedOff {
            number: 1,
            to: Authority::Police,
            reference: text("110-77"),
            avs: None,
            answer_by: None,
            note: text("desk"),
        },
        IncidentEvent::HandOffAccepted { number: 1, reference: text("110-77"), note: text("car sent") },
        IncidentEvent::HandOffRejected { number: 1, note: text("wrong district") },
        IncidentEvent::ChargeTaken { number: 1, case_number: text("C-5"), officer: text("Officer Zhao") },
        IncidentEvent::HandOffDelivered { number: 1, sequence: 1, note: text("receipt 4711") },
        IncidentEvent::HandOffFailed { number: 1, sequence: 2, note: text("connection refused") },
        IncidentEvent::HandOffUnanswered { number: 1 },
        IncidentEvent::AuthorityTold {
            number: 1,
            sequence: 2,
            telling: Telling::KeyHolder,
            contact: Some(contact),
            signal: Some(SignalId::new(43)),
            second: None,
            note: text("waits at the gate"),
        },
        IncidentEvent::AuthorityAnswered {
            number: 1,
            answer: TheirAnswer::Closed,
            standing: AnswerStanding::Taken,
            reason: Some(Rejection::Other),
            outcome: Some(TheirOutcome::NothingFound),
            eta_s: Some(240),
            reference: text("110-77"),
            message: text("M-9"),
            note: text("all doors locked"),
        },
        IncidentEvent::HandOffsFollowed { until: Timestamp::from_millis(1_795_990_443_500) },
        IncidentEvent::HandOffsLeft {},
        IncidentEvent::LossListed {
            quantity: 12,
            value_minor: 900_000,
            currency: Currency::CNY,
            item: text("rings"),
            evidence: text("receipts"),
        },
        IncidentEvent::LossesSigned { signed_by: text("Mr Chen") },
        IncidentEvent::DispatchRecorded {
            unit,
            people: text("Wang, Li"),
            findings: text("door forced"),
            signed_by: text("Wang"),
        },
        IncidentEvent::CaseRecorded { note: text("burglary through the back door") },
        IncidentEvent::Settled { settlement: Settlement::Restored, note: text("power is back") },
        IncidentEvent::Closed { resolution: Resolution::Real, note: text("done") },
        IncidentEvent::RestoreAwaited { until: Timestamp::from_millis(1_795_400_043_250) },
        IncidentEvent::RestoreDue { follow_up: Some(IncidentId::new(12)) },
        IncidentEvent::StepTicked { step: "cameras".into(), note: text("nothing on the pictures") },
        IncidentEvent::StepSkipped {
            step: "codeword".into(),
            passed: Some(Guarded::VerifyFalse),
            second: Some(second),
            note: text("the owner is known by voice"),
        },
        IncidentEvent::ActDue {
            clause: clause.clone(),
            act: Claim::HandOff,
            to: Some(Authority::Police),
            until: Timestamp::from_millis(1_795_385_703_250),
        },
        IncidentEvent::ActOverdue { clause: clause.clone() },
        IncidentEvent::PoliceResponse { withdrawn: Some(clause) },
        IncidentEvent::Grouped { storm: StormId::new(4) },
        IncidentEvent::Merged { into: IncidentId::new(12), storm: StormId::new(4) },
        IncidentEvent::ContactAsked { storm: StormId::new(4) },
        IncidentEvent::ContactAnswered { answer: ContactAnswer::AllWell, note: text("the wind") },
        crate::queues::a_queued(),
        IncidentEvent::Overflowed { reason: alarmcore::OverflowReason::Waited },
        crate::feed::a_fed(),
        IncidentEvent::FeedOver { to: second, reason: alarmcore::FeedEnd::NotTaken },
        IncidentEvent::Interrupted { first: IncidentId::new(13) },
        IncidentEvent::Continued {},
        IncidentEvent::Noted { note: text("late") },
    ]
}

/// Events that have grown a field since their first shape, which is still written where the field is empty.
fn grown() -> Vec<IncidentEvent> {
    let mut events = examples();
    events.retain_mut(|event| match event {
        IncidentEvent::Opened { evidence, rule, .. } | IncidentEvent::SignalJoined { evidence, rule } => {
            (evidence.user, *rule) = (Some(4), Rule::RecentClosing);
            true
        }
        IncidentEvent::Called { result, number, numbers, compared, correct_by, .. } => {
            (*result, *number, *numbers) = (CallResult::Disconnected, Some(NumberId::new(2)), Some(3));
            (*compared, *correct_by) = (true, Some(Timestamp::from_millis(1_795_472_043_500)));
            true
        }
        IncidentEvent::UnitAnswered { speaks, .. } => {
            *speaks = true;
            true
        }
        IncidentEvent::UnitOffered { choice, .. } => {
            *choice = Some(Box::new(crate::units::a_choice()));
            true
        }
        IncidentEvent::HandedOff { avs, .. } => {
            *avs = Some(AvsLevel::PEOPLE);
            true
        }
        _ => false,
    });
    events
}

/// Events that have grown a plan, a time for an answer, or one to call again, since their last shape.
fn grown_again() -> Vec<(u32, IncidentEvent)> {
    let given = PlanGiven {
        plan: "burglary".into(),
        version: 4,
        armed: Some(Arming::Armed),
        on_hours: Some(false),
        night: true,
    };
    let mut events = examples();
    events.retain_mut(|event| match event {
        IncidentEvent::Opened { plan, .. } | IncidentEvent::Raised { plan, .. } => {
            *plan = Some(given.clone());
            true
        }
        IncidentEvent::Called { result, number, numbers, again_at, .. } => {
            (*result, *number, *numbers) = (CallResult::NoAnswer, Some(NumberId::new(2)), Some(3));
            *again_at = Some(Timestamp::from_millis(1_795_389_243_500));
            true
        }
        IncidentEvent::HandedOff { avs, answer_by, .. } => {
            (*avs, *answer_by) = (Some(AvsLevel::PEOPLE), Some(Timestamp::from_millis(1_795_385_823_500)));
            true
        }
        _ => false,
    });
    let shape = |event: &IncidentEvent| if matches!(event, IncidentEvent::Raised { .. }) { 2 } else { 3 };
    events.into_iter().map(|event| (shape(&event), event)).collect()
}

/// Events that have grown a source since.
fn grown_a_source() -> Vec<IncidentEvent> {
    let mut events = examples();
    events.retain_mut(|event| match event {
        IncidentEvent::Opened { evidence, rule, .. } | IncidentEvent::SignalJoined { evidence, rule } => {
            (evidence.source, *rule) = (alarmcore::SignalSource::of_peer("192.0.2.7:40112"), Rule::StrangeSource);
            true
        }
        _ => false,
    });
    events
}

/// One full event about the false alarms of an account, of every kind.
fn false_calls_examples() -> Vec<FalseCallsEvent> {
    let clause: ClauseId = "es-2011.repair".parse().unwrap();
    vec![
        FalseCallsEvent::Counted {
            incident: IncidentId::new(9),
            opened_at: Timestamp::from_millis(1_795_385_643_250),
            kind: Kind::Burglary,
            police: true,
            called_at: None,
            policy: 3,
        },
        FalseCallsEvent::Imposed {
            clause: clause.clone(),
            measure: Measure::Remedy,
            calls: 2,
            until: Some(Timestamp::from_millis(1_795_644_843_250)),
            policy: 3,
        },
        FalseCallsEvent::Proved { reference: "WO-77".into(), note: Some("detector 5 changed".into()) },
        FalseCallsEvent::Overdue { clause: clause.clone() },
        FalseCallsEvent::Lifted { clause, clears: true },
    ]
}

/// The record is written as its file says.
fn written_as_its_file_says(name: &str, record: &impl serde::Serialize) {
    let path = folder().join(name);
    let written = serde_json::to_string_pretty(record).unwrap() + "\n";
    // For a new kind: `WRITE_SHAPES=1 cargo test -p alarmcore shapes` writes its file, and never an existing one.
    if std::env::var_os("WRITE_SHAPES").is_some() && !path.exists() {
        std::fs::write(&path, &written).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, written, "{} differs", path.display());
}

fn record(event: IncidentEvent) -> Record {
    let at = Timestamp::from_millis(1_795_385_643_500);
    Record { incident: IncidentId::new(9), version: 4, at, by: Some(OperatorId::new(1)), event }
}

/// Every kind has its file, and is written as its file says.
#[test]
fn every_event_is_written_as_its_file_says() {
    let kinds: Vec<EventKind> = examples().iter().map(IncidentEvent::kind).collect();
    assert_eq!(kinds, EventKind::ALL, "an example of every kind, in their order");
    let first = examples().into_iter().map(|event| (1, event));
    for (shape, event) in first
        .chain(grown().into_iter().map(|event| (2, event)))
        .chain(grown_again())
        .chain(grown_a_source().into_iter().map(|event| (4, event)))
    {
        written_as_its_file_says(&format!("incident.{}.v{shape}.json", event.kind()), &record(event));
    }
    let kinds: Vec<TestEventKind> = on_test::test_examples().iter().map(TestEvent::kind).collect();
    assert_eq!(kinds, TestEventKind::ALL, "an example of every kind, in their order");
    let first = on_test::test_examples().into_iter().map(|event| (1, event));
    for (shape, event) in first.chain(on_test::tests_grown()) {
        let name = format!("test.{}.v{shape}.json", event.kind());
        let at = Timestamp::from_millis(1_795_385_643_500);
        let record = TestRecord { test: TestId::new(9), version: 4, at, by: Some(OperatorId::new(1)), event };
        written_as_its_file_says(&name, &record);
    }
    let kinds: Vec<FalseCallsEventKind> = false_calls_examples().iter().map(FalseCallsEvent::kind).collect();
    assert_eq!(kinds, FalseCallsEventKind::ALL, "an example of every kind, in their order");
    for event in false_calls_examples() {
        let (account, at) = ("1001".parse().unwrap(), Timestamp::from_millis(1_795_385_643_500));
        let name = format!("false-calls.{}.v1.json", event.kind());
        let record = FalseCallsRecord { account, version: 4, at, by: Some(OperatorId::new(1)), event };
        written_as_its_file_says(&name, &record);
    }
    let kinds: Vec<StormEventKind> = storms::storm_examples().iter().map(StormEvent::kind).collect();
    assert_eq!(kinds, StormEventKind::ALL, "an example of every kind, in their order");
    for event in storms::storm_examples() {
        let name = format!("storm.{}.v1.json", event.kind());
        let at = Timestamp::from_millis(1_795_385_643_500);
        let record = StormRecord { storm: StormId::new(4), version: 4, at, by: Some(OperatorId::new(1)), event };
        written_as_its_file_says(&name, &record);
    }
}

/// Every file ever written is still read, and folds.
#[test]
fn every_file_is_still_read() {
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let stored = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("follow-up.") {
            let record: FollowUpRecord = serde_json::from_str(&stored).unwrap();
            assert!(name.starts_with(&format!("follow-up.{}.v", record.event.kind())), "{name} holds another kind");
            let makes = matches!(record.event, FollowUpEvent::Created { .. });
            assert_eq!(evolve_follow_up(None, &record).map(|one| one.version), makes.then_some(record.version));
            assert!(seen.insert(name));
            continue;
        }
        if name.starts_with("clips.") {
            let record: alarmcore::ClipRecord = serde_json::from_str(&stored).unwrap();
            assert!(name.starts_with(&format!("clips.{}.v", record.event.kind())), "{name} holds another kind");
            assert_eq!(alarmcore::evolve_clips(None, &record).version, 4);
            continue;
        }
        if name.starts_with("lowered.") {
            let record: LoweredRecord = serde_json::from_str(&stored).unwrap();
            assert!(name.starts_with(&format!("lowered.{}.v", record.event.kind())), "{name} holds another kind");
            assert_eq!(evolve_lowered(None, &record).version, 4);
            assert!(seen.insert(name));
            continue;
        }
        if name.starts_with("test.") {
            let record: TestRecord = serde_json::from_str(&stored).unwrap();
            assert!(name.starts_with(&format!("test.{}.v", record.event.kind())), "{name} holds another kind");
            let opens = matches!(record.event, TestEvent::Started { .. });
            assert_eq!(evolve_test(None, &record).map(|test| test.version), opens.then_some(4));
            assert!(seen.insert(name));
            continue;
        }
        if name.starts_with("false-calls.") {
            let record: FalseCallsRecord = serde_json::from_str(&stored).unwrap();
            assert!(name.starts_with(&format!("false-calls.{}.v", record.event.kind())), "{name} holds another kind");
            assert_eq!(evolve_false_calls(None, &record).version, 4);
            assert!(seen.insert(name));
            continue;
        }
        if name.starts_with("storm.") {
            let record: StormRecord = serde_json::from_str(&stored).unwrap();
            assert!(name.starts_with(&format!("storm.{}.v", record.event.kind())), "{name} holds another kind");
            let opens = matches!(record.event, StormEvent::Declared { .. });
            assert_eq!(evolve_storm(None, &record).map(|storm| storm.version), opens.then_some(4));
            assert!(seen.insert(name));
            continue;
        }
        let record: Record = serde_json::from_str(&stored).unwrap();
        assert!(name.starts_with(&format!("incident.{}.v", record.event.kind())), "{name} holds another kind");
        assert_eq!(evolve(None, &record).version, 4);
        assert!(seen.insert(name));
    }
    assert!(seen.len() >= EventKind::ALL.len() + TestEventKind::ALL.len() + StormEventKind::ALL.len());
}

/// Free text comes out, the facts stay, and it goes back where it was.
#[test]
fn free_text_comes_out_and_goes_back() {
    for event in examples() {
        let mut bare = event.clone();
        let text = bare.take_text();
        let facts = serde_json::to_string(&bare).unwrap();
        for word in text.iter().flat_map(|text| text.0.values()) {
            assert!(!facts.contains(word.as_str()), "{word:?} is still in {facts}");
        }
        assert_eq!(bare.take_text(), None);
        // What a store reads back: the facts from the journal, the text from its notes.
        let mut whole: IncidentEvent = serde_json::from_str(&facts).unwrap();
        if let Some(text) = text {
            whole.put_text(serde_json::from_str(&serde_json::to_string(&text).unwrap()).unwrap());
        }
        assert_eq!(whole, event);
    }
    for event in on_test::test_examples() {
        let mut bare = event.clone();
        let text = bare.take_text();
        let mut whole: TestEvent = serde_json::from_str(&serde_json::to_string(&bare).unwrap()).unwrap();
        assert_eq!((bare.take_text(), whole.take_text()), (None, None));
        if let Some(text) = text {
            whole.put_text(text);
        }
        assert_eq!(whole, event);
    }
}
