//! Lowered by agreement (row "4-eyes" of 2.5: suspending an account): proposed, agreed to by another person, in force, ended; and
//! the rows of the board that are somebody's own.

use alarmcore::{
    Assignee, Desk, FollowUpReason, Listed, LoweredCommand, LoweredEvent, LoweredKind, LoweredThing, Lowers,
    OperatorId, Policy, Rank, Zones,
};
use contactid::Qualifier::{New, Restore};
use opsmodel::crm::{AccountCard, AgreedError, CardError, CardField, Change, Proposal};
use opsmodel::store::query::{LoweredRow, Reader, SignalFilter};
use opsmodel::store::{Admission, verify};

use crate::room::{ANNA, Room, change, says};
use crate::sample::{account, at};

const HOUR: i64 = 3_600_000;
const BORIS: OperatorId = OperatorId::new(2);

/// Gives a row that began at `millis` to Boris.
pub(crate) fn assign(kind: LoweredKind, millis: i64) -> LoweredCommand {
    let thing = LoweredThing { kind, code: None, number: None, since: at(millis) };
    LoweredCommand::Assign { thing, operator: Some(BORIS), rank: None, note: Some("go and see".into()) }
}

fn suspension(until: i64) -> Proposal {
    Proposal {
        lowers: Lowers::Suspension,
        from: None,
        until: at(until),
        reason: "the shop is rebuilt".into(),
        agreement: String::new(),
    }
}

fn log_only(zones: &[u32], until: i64) -> Proposal {
    let listed = Listed { zones: Zones::Listed(zones.iter().copied().collect()), ..Listed::default() };
    Proposal { lowers: Lowers::LogOnly(listed), agreement: "A-17, signed by Mr Chen".into(), ..suspension(until) }
}

fn boris(millis: i64, reason: &str) -> Change {
    Change { by: Some(BORIS), ..change(millis, reason) }
}

fn propose(room: &mut Room, n: u32, millis: i64, proposal: Proposal) -> AccountCard {
    let card = room.centre.account(account(n)).unwrap().unwrap();
    let wanted = card.propose(proposal, Some(ANNA), at(millis), &Policy::default()).unwrap();
    room.centre.edit_account(&wanted, &change(millis, "suspend")).unwrap()
}

fn board(room: &Room) -> Vec<LoweredRow> {
    Reader::open(&room.dir).unwrap().lowered(&Policy::default()).unwrap()
}

/// "Second person must differ, both recorded": a proposal lowers nothing; whoever made it cannot agree to it; the other's word
/// puts it in force from then on; the board has it with owner and deadline; and its end shows what it hid.
#[test]
fn row_2_5_four_eyes_suspending_an_account() {
    let mut room = Room::new();
    let card = propose(&mut room, 1, 0, suspension(10 * HOUR));
    assert_eq!(card.pending.clone().unwrap().fields, [CardField::Agreed].into());
    room.start_again();
    room.receive(&[says(1_000, 1, "137", New, 5)]);
    assert_eq!(room.desk.queue().len(), 1, "a proposal lowers nothing");
    assert_eq!(board(&room).iter().map(|row| row.kind).collect::<Vec<_>>(), [LoweredKind::Unreviewed]);

    let own = room.centre.review_account(account(1), card.version, true, &change(2_000, "")).unwrap_err();
    assert_eq!(own.to_string(), CardError::OwnChange.to_string());
    let card = room.centre.review_account(account(1), card.version, true, &boris(HOUR, "as agreed")).unwrap();
    let one = &card.agreed()[0];
    assert_eq!(
        (one.by, one.approved.map(|approved| (approved.by, approved.at))),
        (Some(ANNA), Some((BORIS, at(HOUR))))
    );
    room.start_again();
    room.time(HOUR);
    let row = board(&room).remove(0);
    assert_eq!((row.kind, row.number, row.since), (LoweredKind::Suspended, Some(1), at(HOUR)));
    assert_eq!((row.owner_rank, row.deadline, row.until), (Rank::Supervisor, Some(at(10 * HOUR)), Some(at(10 * HOUR))));
    assert_eq!((row.by_name.as_deref(), row.approved_by), (Some("Anna"), Some(BORIS)));
    assert_eq!(
        (row.why.as_deref(), row.what_en.as_deref()),
        (Some("the shop is rebuilt"), Some("all but life safety"))
    );

    // Everything is logged, and a fire is shown; the desk that starts anew in between knows of it, and its end shows the rest.
    room.receive(&[says(2 * HOUR, 1, "301", New, 0), says(2 * HOUR + 1_000, 1, "110", New, 2)]);
    room.start_again();
    room.time(11 * HOUR);
    let kinds: Vec<&str> =
        room.centre.lowered_records(account(1)).unwrap().iter().map(|one| one.event.kind().as_str()).collect();
    assert_eq!(kinds, ["began", "warned", "ended"]);
    assert_eq!(board(&room), []);
    let reader = Reader::open(&room.dir).unwrap();
    let rows = reader.signals(&SignalFilter::default(), None, 10).unwrap().rows;
    let rules: Vec<_> = rows.iter().filter_map(|row| row.rule.as_deref()).collect();
    assert_eq!(rules, ["suspended.life-safety", "suspended", "class.shown"]);
    assert!(room.desk.queue().iter().any(|incident| incident.kind == alarmcore::Kind::Power), "what it hid is shown");

    let live = room.table("centre.db", "lowered");
    room.centre.rebuild().unwrap();
    assert_eq!(room.table("centre.db", "lowered"), live);
    let restarted = Desk::restore(Policy::default(), room.centre.snapshot().unwrap());
    assert_eq!(restarted.snapshot(), room.desk.snapshot());
    verify(&room.dir).unwrap();
}

/// One ended early ends then, and nobody else is asked; one that nobody agreed to is withdrawn; one that is rejected is gone, and
/// what was agreed to before it stays.
#[test]
fn an_early_end_needs_nobody_else() {
    let mut room = Room::new();
    let card = propose(&mut room, 2, 0, log_only(&[4], 100 * HOUR));
    let card = room.centre.review_account(account(2), card.version, true, &boris(1_000, "")).unwrap();
    room.start_again();
    room.receive(&[says(2_000, 2, "130", New, 4)]);
    assert_eq!(room.desk.queue().len(), 0);

    let proposed = propose(&mut room, 2, 3_000, suspension(50 * HOUR));
    assert_eq!((proposed.agreed().len(), proposed.pending.clone().unwrap().base), (2, card.version));
    let rejected = room.centre.review_account(account(2), proposed.version, false, &boris(4_000, "no")).unwrap();
    assert_eq!((rejected.agreed(), &rejected.pending), (card.agreed(), &None));

    let proposed = propose(&mut room, 2, 5_000, suspension(50 * HOUR));
    assert_eq!(proposed.agreed()[1].number, 3, "a number is never used again");
    let withdrawn = proposed.end_agreed(3, Some(ANNA), at(6_000), "a mistake").unwrap();
    let withdrawn = room.centre.edit_account(&withdrawn, &change(6_000, "a mistake")).unwrap();
    assert_eq!((withdrawn.agreed(), &withdrawn.pending), (card.agreed(), &None));

    let ended = withdrawn.end_agreed(1, Some(ANNA), at(2 * HOUR), "opens again").unwrap();
    let ended = room.centre.edit_account(&ended, &change(2 * HOUR, "opens again")).unwrap();
    assert_eq!((ended.pending.clone(), ended.agreed()[0].until), (None, at(2 * HOUR)));
    room.start_again();
    room.time(2 * HOUR + 1);
    assert_eq!(room.desk.queue().len(), 1, "what it hid is shown");
    let records = room.centre.lowered_records(account(2)).unwrap();
    let last = records.last().unwrap();
    assert_eq!((last.at, &last.event), (at(2 * HOUR), &LoweredEvent::Ended { number: 1 }));
    let again = ended.end_agreed(1, Some(ANNA), at(3 * HOUR), "again");
    assert_eq!(again, Err(CardError::Agreed(AgreedError::NoneSuch(1))));
}

/// What a proposal must say: an end, not too late, a reason, and for what is only logged a list and a paper.
#[test]
fn what_a_proposal_must_say() {
    let card = AccountCard::new(account(1), "Shop");
    let refused = |proposal| match card.clone().propose(proposal, None, at(0), &Policy::default()) {
        Err(CardError::Agreed(error)) => error,
        other => panic!("{other:?}"),
    };
    let no_reason = Proposal { reason: " ".into(), ..suspension(HOUR) };
    assert_eq!(refused(no_reason), AgreedError::NoReason);
    assert_eq!(refused(suspension(0)), AgreedError::EndsTooEarly { after: at(0), found: at(0) });
    let days = 91 * 24;
    assert_eq!(refused(suspension(days * HOUR)), AgreedError::TooLong { at_most_s: 7_776_000, found_s: days * 3600 });
    assert_eq!(refused(Proposal { agreement: String::new(), ..log_only(&[4], HOUR) }), AgreedError::NoAgreement);
    assert_eq!(refused(log_only(&[], HOUR)), AgreedError::ListsNothing);
}

/// An import brings the rest of the card at once; what lowers protection waits for a second person, also on a new account.
#[test]
fn an_imported_suspension_waits_for_a_second_person() {
    let mut room = Room::new();
    let new = AccountCard::new(account(9), "Shop 9");
    let wanted = new.propose(suspension(HOUR), Some(ANNA), at(0), &Policy::default()).unwrap();
    room.centre.import(&[Admission { card: wanted, key: None }], &change(0, "import")).unwrap();
    let card = room.centre.account(account(9)).unwrap().unwrap();
    let pending = card.pending.clone().unwrap();
    assert_eq!((card.version, pending.base, pending.fields), (2, 1, [CardField::Agreed].into()));
    assert_eq!(card.desk_card().lowerings.len(), 0);
    let card = room.centre.review_account(account(9), 2, true, &boris(1_000, "")).unwrap();
    assert_eq!(card.desk_card().lowerings.len(), 1);
}

/// A row is Boris's, then a rank's, then nobody's own again: with who gave it and when, kept in the journal.
#[test]
fn rows_of_the_board_are_given_and_taken_back() {
    let mut room = Room::new();
    room.receive(&[says(1_000, 0, "570", New, 4)]);
    let (kind, code) = (LoweredKind::Bypassed, Some("570".parse().unwrap()));
    let thing = LoweredThing { kind, code, number: Some(4), since: at(1_000) };
    assert_eq!(board(&room)[0].thing(), thing);
    let note = None;
    let to = |operator, rank| LoweredCommand::Assign { thing, operator, rank, note: None };
    let owner = |room: &Room| {
        let row = board(room).remove(0);
        (row.owner, row.owner_rank, row.assigned_by_name, row.assigned_at)
    };
    let anna = Some("Anna".to_owned());
    room.assign(2_000, 0, to(Some(ANNA), None));
    assert_eq!(owner(&room), (Some(ANNA), Rank::Operator, anna.clone(), Some(at(2_000))));
    room.assign(3_000, 0, to(None, Some(Rank::Manager)));
    room.start_again();
    assert_eq!(owner(&room), (None, Rank::Manager, anna, Some(at(3_000))));
    room.assign(4_000, 0, LoweredCommand::Unassign { thing, note });
    assert_eq!(owner(&room), (None, Rank::Operator, None, None));
    let told = room.centre.lowered_records(account(0)).unwrap();
    assert_eq!(told.len(), 3);
    let LoweredEvent::Assigned { to, .. } = &told[1].event else { panic!("{told:?}") };
    assert_eq!((*to, told[1].by), (Assignee::Rank(Rank::Manager), Some(ANNA)));
    room.receive(&[says(5_000, 0, "570", Restore, 4)]);
    assert_eq!(board(&room), []);
}

/// A panel that runs away is a row from the signal that was one too many to its silence, with its incident and its repair order; a
/// restart changes neither, and the rows can be made anew.
#[test]
fn a_panel_that_runs_away_is_on_the_board_until_it_is_silent() {
    let mut room = Room::new();
    let flaps = |second: i64| says(second * 1000, 1, "130", if second % 2 == 0 { New } else { Restore }, 7);
    room.receive(&(0..29).map(flaps).collect::<Vec<_>>());
    assert_eq!(board(&room), [], "it has not said too much yet");
    room.receive(&(29..50).map(flaps).collect::<Vec<_>>());
    let found = |room: &Room| {
        let rows = board(room).into_iter().map(|row| {
            let of = (row.account, row.kind, row.since, row.name);
            (of, row.owner_rank, row.deadline, row.incident.map(|id| id.get()), row.follow_up.map(|id| id.get()))
        });
        rows.collect::<Vec<_>>()
    };
    let of = (Some(account(1)), LoweredKind::Runaway, at(29_000), Some("Shop 1".to_owned()));
    let row = (of, Rank::Supervisor, Some(at(29_000 + 24 * HOUR)), Some(2), Some(1));
    assert_eq!(found(&room), std::slice::from_ref(&row));
    room.start_again();
    room.receive(&(50..80).map(flaps).collect::<Vec<_>>());
    room.time(79_000 + HOUR / 2 - 1);
    room.centre.rebuild().unwrap();
    assert_eq!(found(&room), [row]);
    let orders = Reader::open(&room.dir).unwrap().open_follow_ups().unwrap();
    assert_eq!(
        orders.iter().map(|row| (row.account, row.reason)).collect::<Vec<_>>(),
        [(Some(account(1)), Some(FollowUpReason::Runaway))]
    );
    room.start_again();
    room.time(79_000 + HOUR / 2);
    assert_eq!(board(&room), []);
    let kinds = room.centre.lowered_records(account(1)).unwrap();
    assert_eq!(kinds.iter().map(|one| one.event.kind().as_str()).collect::<Vec<_>>(), ["ran-away", "run-over"]);
}

/// Of lowered protection "one list with owner and deadline": an override that logs or holds what the centre shows is a row, from the
/// first policy that had it; when it is over it stays, overdue, until it is taken out of the file; one that lowers nothing is none.
#[test]
fn row_2_lowered_protection_by_an_override() {
    let mut room = Room::new();
    let file = |version: u32, more: &str| {
        let text = format!(
            "version = {version}\n[[override]]\nsite_type = 'bank'\nowner = 'Anna'\nuntil = '2026-11-22T10:00:00Z'\n\
             classes = {{ tamper = {{ action = 'log' }} }}\ncodes = {{ 302 = {{ action = 'hold', priority = 7, seconds = 60 }} }}\n\
             [[override]]\naccounts = ['1002', '1003']\nowner = 'manager'\nuntil = '2026-11-22'\nrecent = {{ log = true }}\n\
             [[override]]\nsite = 'mall'\nswinger = {{ trips = 5 }}\n{more}"
        );
        Policy::from_toml(&text).unwrap()
    };
    room.centre.put_policy(&file(1, ""), &change(1_000, "started")).unwrap();
    let last = file(2, "[hold]\nalarm_s = 60\n");
    room.centre.put_policy(&last, &change(HOUR, "started")).unwrap();
    let rows = Reader::open(&room.dir).unwrap().lowered(&last).unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.account, row.name.as_deref(), row.kind, row.since, row.until, row.owner_rank, row.owner))
        .collect();
    let kind = LoweredKind::Overridden;
    let bank = (None, Some("bank"), kind, at(1_000), Some(at(2 * HOUR)), Rank::Supervisor, Some(ANNA));
    let two = (None, Some("1002, 1003"), kind, at(1_000), Some(at(16 * HOUR)), Rank::Manager, None);
    assert_eq!(told, [bank, two]);
    let words = rows.iter().map(|row| (row.what_en.as_deref(), row.owner_name.as_deref()));
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            (Some("Tamper: logged only; 302 system battery low: held for 60 s"), Some("Anna")),
            (Some("intrusions soon after an opening or a closing: logged only"), None)
        ]
    );
    assert!(rows[0].overdue(at(3 * HOUR)) && !rows[0].overdue(at(HOUR)));
    // A day before its end, as whoever answers for it is warned.
    let soon = [-22 * HOUR - 1, -22 * HOUR, 2 * HOUR - 1, 2 * HOUR].map(|millis| rows[0].ends_soon(at(millis)));
    assert_eq!(soon, [false, true, true, false]);
    assert_eq!(board(&room), [], "a policy without one has none");
}
