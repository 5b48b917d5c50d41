//! Recurring tests (row "on test" of 2.2): agreed to by two people, begun by the time, named wherever a test is, and rebuilt.

use alarmcore::{
    Desk, LoweredKind, Lowers, OperatorId, Policy, ProofFor, RecurringFault, RecurringTest, Scope, TestReason,
    Timestamp,
};
use contactid::Class;
use contactid::Qualifier::New;
use opsmodel::crm::{AccountCard, AgreedError, CardError, Change, OperatorCard, Proposal, Role};
use opsmodel::store::query::{About, Reader};
use opsmodel::store::verify;

use crate::room::{ANNA, Room, change, says};
use crate::sample::{account, at};

const HOUR: i64 = 3_600_000;
const BORIS: OperatorId = OperatorId::new(2);

/// Two hours from now, and each day again, for an hour.
fn daily(life_safety: &[Class]) -> Proposal {
    let day = |millis: i64| at(millis).to_string();
    let clock = |millis: i64| day(millis)[11..16].to_owned();
    let hours = format!("zone UTC; Mon-Sun {}-{}", clock(2 * HOUR), clock(3 * HOUR)).parse().unwrap();
    let scope = Scope { life_safety: life_safety.iter().copied().collect(), ..Scope::default() };
    Proposal {
        lowers: Lowers::RecurringTest(RecurringTest { hours, scope, test_reason: TestReason::Customer }),
        from: None,
        until: at(40 * HOUR),
        reason: "they try it at noon".into(),
        agreement: String::new(),
    }
}

fn approved(room: &mut Room, proposal: Proposal) -> AccountCard {
    let boris = OperatorCard::new(BORIS, "boris", "Boris", Role::Supervisor);
    room.centre.put_operator(&boris, &change(0, "hired")).unwrap();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let wanted = card.propose(proposal, Some(ANNA), at(0), &Policy::default()).unwrap();
    let card = room.centre.edit_account(&wanted, &change(0, "test")).unwrap();
    let boris = Change { by: Some(BORIS), ..change(HOUR, "as agreed") };
    let card = room.centre.review_account(account(1), card.version, true, &boris).unwrap();
    room.start_again();
    card
}

/// "Recurring": proposed by one, approved by another, it begins by itself; its row, the board and the explanation of what it hid name
/// both; at its end what stands is shown; the next day it comes again; and a restart, or a rebuilt store, changes nothing.
#[test]
fn row_2_2_on_test_recurring_by_two_people() {
    let mut room = Room::new();
    approved(&mut room, daily(&[]));
    let board = |room: &Room| Reader::open(&room.dir).unwrap().lowered(&Policy::default()).unwrap();
    room.time(HOUR + 1);
    assert_eq!(board(&room), [], "between its tests nothing is lowered");

    room.start_again();
    room.time(2 * HOUR);
    let row = board(&room).remove(0);
    assert_eq!((row.kind, row.number, row.until), (LoweredKind::OnTest, Some(1), Some(at(3 * HOUR))));
    assert_eq!((row.owner, row.owner_name.as_deref()), (Some(ANNA), Some("Anna")));
    assert_eq!(row.why.as_deref(), Some("they try it at noon"));
    let test = Reader::open(&room.dir).unwrap().open_tests().unwrap().remove(0);
    assert_eq!(
        (test.agreed, test.by, test.second, test.reason),
        (Some(1), Some(ANNA), Some(BORIS), TestReason::Customer)
    );

    room.receive(&[says(2 * HOUR + 1_000, 1, "130", New, 5)]);
    let reader = Reader::open(&room.dir).unwrap();
    let explained = reader.explain(room.reader.last().unwrap()).unwrap().unwrap();
    let behind: Vec<_> = explained.remarks.into_iter().filter(|remark| remark.about == About::Behind).collect();
    let said = format!(
        "Test 1 covered it, {} to {}: Test by the customer; recurring test 1 of the card, proposed by Anna, approved by Boris.",
        at(2 * HOUR),
        at(3 * HOUR)
    );
    assert_eq!(behind.iter().map(|remark| remark.en.as_str()).collect::<Vec<_>>(), [said]);

    room.start_again();
    room.time(3 * HOUR);
    assert_eq!(room.desk.queue().len(), 1, "what it hid is shown");
    room.time(26 * HOUR);
    room.time(41 * HOUR);
    let kinds: Vec<&str> =
        room.centre.lowered_records(account(1)).unwrap().iter().map(|one| one.event.kind().as_str()).collect();
    assert_eq!(kinds, ["began", "recurred", "warned", "recurred", "ended"]);
    assert_eq!(Reader::open(&room.dir).unwrap().tests(Timestamp::from_millis(0), at(50 * HOUR)).unwrap().len(), 2);

    let live = ["lowered", "test_session"].map(|table| room.table("centre.db", table));
    room.centre.rebuild().unwrap();
    assert_eq!(["lowered", "test_session"].map(|table| room.table("centre.db", table)), live);
    let restarted = Desk::restore(Policy::default(), room.centre.snapshot().unwrap());
    assert_eq!(restarted.snapshot(), room.desk.snapshot());
    verify(&room.dir).unwrap();
}

/// A test of life safety takes a paper and a supervisor; hours longer than a test may last are refused; and an account that is closed
/// has no agreements when it is opened again.
#[test]
fn what_a_recurring_test_asks_for() {
    let card = AccountCard::new(account(1), "Shop");
    let propose = |proposal, policy: &Policy| card.clone().propose(proposal, None, at(0), policy);
    let policy = Policy::default();
    assert_eq!(propose(daily(&[Class::Fire]), &policy), Err(CardError::Agreed(AgreedError::NoAgreement)));
    let paper = |proposal| Proposal { agreement: "A-18".into(), ..proposal };
    let fire = propose(paper(daily(&[Class::Fire])), &policy).unwrap();
    let none = propose(daily(&[]), &policy).unwrap();
    let proofs = [ProofFor::Nothing, ProofFor::LifeSafety, ProofFor::Everything];
    assert_eq!(proofs.map(|proof| fire.awaits_supervisor(proof)), [false, true, true]);
    assert_eq!(proofs.map(|proof| none.awaits_supervisor(proof)), [false, false, true]);
    let mut short = Policy::default();
    short.on_test.operator_max_s = 1800;
    let too_long = AgreedError::Recurring(RecurringFault::TooLong { found: 60, at_most: 30 });
    assert_eq!(propose(daily(&[]), &short), Err(CardError::Agreed(too_long)));
    let year = Proposal { until: at(367 * 24 * HOUR), ..daily(&[]) };
    let too_long = AgreedError::TooLong { at_most_s: 31_622_400, found_s: 367 * 24 * 3600 };
    assert_eq!(propose(year, &policy), Err(CardError::Agreed(too_long)));

    let mut room = Room::new();
    let card = approved(&mut room, daily(&[]));
    assert_eq!(card.desk_card().lowerings.len(), 1);
    let closed = AccountCard { closed_at: Some(at(HOUR)), ..card };
    let closed = room.centre.edit_account(&closed, &change(HOUR, "moved away")).unwrap();
    let again = AccountCard { closed_at: None, ..closed };
    let again = room.centre.edit_account(&again, &change(300 * HOUR, "back")).unwrap();
    assert_eq!((again.agreed(), again.desk_card().lowerings.len()), (&[][..], 0));
}
