//! What people try in chaos: anything, or what would bring an incident nearer to its end.

use alarmcore::{
    Authority, AvsLevel, Basis, CallResult, Cause, Check, Command, ContactAnswer, ContactId, Dispatch, DispatchState,
    HandOff, HoldReason, Incident, NumberId, Policy, Refusal, Rejection, SceneEnd, SceneFound, Settlement, Sight,
    Source, Telling, TheirAnswer, TheirOutcome, Timestamp, UnitAnswer, UnitId, owed,
};

use super::Dice;
use super::plans::STEPS_OF_PLANS;

/// Any act.
pub(super) fn any(dice: &mut Dice, now: Timestamp) -> Command {
    let unit = UnitId::new(1 + dice.roll(3) as u32);
    let contact = ContactId::new(1 + dice.roll(3) as u32);
    let note = dice.maybe(60).then(|| "a word".to_owned());
    let text = dice.maybe(85).then(|| "a name".to_owned());
    let cause = dice.maybe(80).then(|| dice.pick(Cause::ALL));
    let number = 1 + dice.roll(3) as u16;
    match dice.roll(46) {
        0..=2 => Command::Take,
        3 => Command::TakeOver,
        4 => Command::Release { note },
        5 | 6 => Command::Call {
            contact: if dice.maybe(30) { ContactId::SITE } else { contact },
            result: dice.pick(CallResult::ALL),
            number: dice.maybe(80).then(|| NumberId::new(1 + dice.roll(3) as u32)),
            numbers: dice.maybe(80).then(|| 1 + dice.roll(3) as u16),
            compared: dice.maybe(30),
            again_at: dice.maybe(15).then(|| now.plus_secs(60 * dice.roll(40) as u32)),
            note,
        },
        7 => Command::VerifyFalse { cause, note },
        8 | 9 => Command::PreProcess { unit: dice.maybe(40).then_some(unit), note },
        10 => Command::Offer { unit: dice.maybe(40).then_some(unit) },
        11 => Command::Withdraw { unit, note },
        12..=15 | 18 if number == 1 => {
            said_by_machine(unit, 1 + (now.millis() / 7 % 3).unsigned_abs() as u16, now, note)
        }
        12 => Command::Accept { unit },
        13 => Command::Decline { unit, note },
        14 => Command::Depart { unit },
        15 => Command::Arrive { unit },
        16 | 17 => Command::ReportScene {
            unit,
            doors: dice.pick(Check::ALL),
            windows: dice.pick(Check::ALL),
            entry_signs: dice.maybe(20),
            persons: dice.roll(3) as u16,
            photos: vec!["p1".into()],
            note,
        },
        18 => Command::Leave { unit },
        19 => Command::SceneFalse { cause, note },
        20 => Command::ConfirmReal { basis: dice.pick(Basis::ALL), note },
        21 => Command::Overturn { cause, note },
        22 => Command::NotifyOwner { contact, note },
        23 => Command::OwnerArrived,
        24 => Command::RecordWish {
            police: dice.maybe(50),
            insurer: dice.maybe(30),
            loss_minor: Some(dice.roll(100) as i64 - 10),
            currency: None,
            note,
        },
        25 if dice.maybe(60) => {
            let heard = dice.maybe(70);
            let answer = dice.pick(TheirAnswer::ALL);
            Command::RecordAnswer {
                number,
                answer,
                from: None,
                reason: dice.maybe(70).then(|| dice.pick(Rejection::ALL)).filter(|_| answer == TheirAnswer::Rejected),
                outcome: dice.maybe(70).then(|| dice.pick(TheirOutcome::ALL)).filter(|_| answer == TheirAnswer::Closed),
                eta_s: dice.maybe(80).then_some(240).filter(|_| answer == TheirAnswer::Eta),
                reference: text,
                message: heard.then(|| format!("m{}", dice.roll(6))),
                unread: false,
                note,
            }
        }
        25 => Command::HandOff { to: dice.pick(Authority::ALL), reference: text, note },
        26 if dice.maybe(30) => Command::TellAuthority {
            number,
            telling: dice.pick(Telling::ALL),
            contact: dice.maybe(50).then_some(contact),
            note,
        },
        26 if dice.maybe(40) => match dice.maybe(70) {
            true => Command::ConfirmDelivery { number, sequence: 1 + dice.roll(3) as u32, note },
            false => Command::FailDelivery { number, sequence: 1 + dice.roll(3) as u32, note },
        },
        26 => Command::AnswerHandOff { number, accepted: dice.maybe(70), reference: text, note },
        27 => Command::TakeCharge { number, officer: text, case_number: note },
        28 => Command::ListLoss {
            item: "till".into(),
            quantity: dice.roll(3) as u32,
            value_minor: dice.roll(9000) as i64 - 100,
            currency: None,
            evidence: note,
        },
        29 => Command::SignLosses { signed_by: text },
        30 => Command::RecordDispatch { unit, people: text.clone(), findings: text.clone(), signed_by: text },
        31 => Command::RecordCase { note },
        44 | 45 => Command::AnswerContact { answer: dice.pick(ContactAnswer::ALL), note },
        32 => Command::Settle { settlement: dice.maybe(80).then(|| dice.pick(Settlement::ALL)), note },
        33 | 34 => Command::Hold {
            reason: dice.maybe(80).then(|| dice.pick(HoldReason::ALL)),
            minutes: dice.pick(&[0, 1, 2, 15, 500]),
            note,
        },
        35 => Command::Resume,
        36..39 => Command::EndUndetermined {
            end: dice.pick(SceneEnd::ALL),
            contact: dice.maybe(80).then_some(contact),
            unit: dice.maybe(80).then_some(unit),
            until: dice.maybe(80).then(|| now.plus_secs(dice.roll(900) as u32)),
            check_at: dice.maybe(50).then(|| now.plus_secs(dice.roll(600) as u32)),
            note,
        },
        39 => Command::TickStep { step: dice.pick(&STEPS_OF_PLANS).into(), note },
        40 => Command::SkipStep { step: dice.pick(&STEPS_OF_PLANS).into(), note },
        41 => Command::Observe { source: dice.pick(Source::ALL), saw: dice.pick(Sight::ALL), note },
        42 => Command::SetLevel { level: dice.pick(&AvsLevel::ALL), note },
        _ => match dice.maybe(70) {
            true => Command::Close { note },
            false => Command::Note { note: "a word".into() },
        },
    }
}

/// A unit's machine: what it says of which offer, under a number that comes again, follows from the time and not from chance.
fn said_by_machine(unit: UnitId, offer: u16, now: Timestamp, note: Option<String>) -> Command {
    let answer = UnitAnswer::ALL[now.millis().unsigned_abs() as usize % UnitAnswer::ALL.len()];
    let found = SceneFound {
        doors: Check::Intact,
        windows: Check::Open,
        entry_signs: false,
        persons: 0,
        photos: Vec::new(),
        note: None,
    };
    let scene = (now.millis() / 1000 % 3 == 0).then(|| Box::new(found));
    match now.millis() / 1000 % 12 {
        7 => return Command::FailOffer { unit, offer, note },
        8 => return Command::FailRecall { unit, offer, note },
        9 => return Command::ConfirmOffer { unit, offer },
        10 => return Command::FailTelling { unit, offer, note },
        11 => return Command::TellUnit { unit, note },
        _ => {}
    }
    let message = format!("u{}", now.millis() / 1000 % 4);
    Command::RecordUnitAnswer { unit, offer, answer, message, speaks: false, note, scene }
}

/// Came danger after the scene was reported on?
fn is_stale(incident: &Incident) -> bool {
    owed(incident, &Policy::default()).iter().any(|refusal| matches!(refusal, Refusal::ReportTooOld { .. }))
}

fn reported(unit: UnitId, note: Option<String>) -> Command {
    let (doors, windows) = (Check::Intact, Check::Unchecked);
    Command::ReportScene { unit, doors, windows, entry_signs: false, persons: 0, photos: Vec::new(), note }
}

/// What would bring the incident nearer to its end.
pub(super) fn fitting(incident: &Incident) -> Option<Command> {
    let (contact, note) = (ContactId::new(1), Some("a word".to_owned()));
    let untaken = |hand_off: &&HandOff| hand_off.accepted == Some(true) && hand_off.charge_taken_at.is_none();
    if let Some(HandOff { number, .. }) = incident.hand_offs.iter().find(untaken) {
        return Some(Command::TakeCharge { number: *number, officer: note.clone(), case_number: note });
    }
    let running = incident.dispatches.iter().find(|dispatch| dispatch.is_running());
    Some(match (owed(incident, &Policy::default()).first(), running) {
        (None, _) => Command::Close { note },
        (Some(Refusal::NotSeen { .. }), _) => Command::Take,
        (Some(Refusal::VerdictMissing), _) => Command::PreProcess { unit: None, note },
        (Some(Refusal::StillUndetermined), None) => Command::Offer { unit: None },
        (Some(Refusal::StillUndetermined), Some(Dispatch { unit, state, reported_at, .. })) => match state {
            DispatchState::Offered if incident.id.get().is_multiple_of(2) => {
                said_by_machine(*unit, incident.dispatches.len() as u16, incident.changed_at, note)
            }
            DispatchState::Offered => Command::Accept { unit: *unit },
            DispatchState::Accepted | DispatchState::EnRoute => Command::Arrive { unit: *unit },
            _ if reported_at.is_some() && !is_stale(incident) => match incident.id.get() % 3 {
                0 => Command::SceneFalse { cause: Some(Cause::Unexplained), note },
                1 => Command::ConfirmReal { basis: Basis::Scene, note },
                _ => Command::EndUndetermined {
                    end: SceneEnd::KeptGuarded,
                    contact: None,
                    unit: Some(*unit),
                    until: Some(incident.changed_at.plus_secs(300)),
                    check_at: None,
                    note,
                },
            },
            DispatchState::OnScene if reported_at.is_some() => reported(*unit, note),
            _ => return None,
        },
        (Some(Refusal::SceneReportMissing { unit }), _) => reported(*unit, note),
        (Some(Refusal::NotYetLeft { unit }), _) => Command::Leave { unit: *unit },
        (Some(Refusal::DispatchRecordMissing { unit }), _) => {
            Command::RecordDispatch { unit: *unit, people: note.clone(), findings: note.clone(), signed_by: note }
        }
        (Some(Refusal::GuardLeftEarly { .. }), _) => Command::EndUndetermined {
            end: SceneEnd::SecuredByOwner,
            contact: Some(contact),
            unit: None,
            until: None,
            check_at: None,
            note,
        },
        (Some(Refusal::OwnerNotNotified), _) => Command::NotifyOwner { contact, note },
        (Some(Refusal::WishMissing), _) => {
            Command::RecordWish { police: true, insurer: false, loss_minor: None, currency: None, note }
        }
        (Some(Refusal::HandOffOpen { number }), _) => {
            let accepted = !incident.id.get().is_multiple_of(3);
            Command::AnswerHandOff { number: *number, accepted, reference: note, note: None }
        }
        (Some(Refusal::CancelMissing { number }), _) => {
            Command::TellAuthority { number: *number, telling: Telling::Cancel, contact: None, note }
        }
        (Some(Refusal::HandOffMissing { to }), _) => Command::HandOff { to: *to, reference: None, note },
        (Some(Refusal::LossesNotSigned), _) => Command::SignLosses { signed_by: note },
        (Some(Refusal::CaseRecordMissing), _) => Command::RecordCase { note },
        (Some(_), _) => return None,
    })
}
