//! Review of changes (requirement H2, row "4-eyes" of 2.5): what a person changes acts at once and is pending until somebody else
//! has looked; what is rejected is put back by the system.

use alarmcore::{LoweredKind, OperatorId, Policy};
use opsmodel::crm::{AccountCard, CardError, CardField, Change, Zone};
use opsmodel::store::query::Reader;
use opsmodel::store::{StoreError, verify};

use crate::room::{ANNA, Room, change};
use crate::sample::{account, at};

fn by(operator: u32, millis: i64, reason: &str) -> Change {
    Change { by: Some(OperatorId::new(operator)), ..change(millis, reason) }
}

/// "Second person must differ, both recorded": unapproved data, from the change to the review.
#[test]
fn row_2_5_four_eyes_unapproved_data() {
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let wanted = AccountCard { name: "Shop One".into(), ..card.clone() };
    let named = room.centre.edit_account(&wanted, &change(1_000, "spelling")).unwrap();
    assert_eq!((named.version, named.pending.clone()), (2, None), "no safety rests on the name");

    let zones = vec![Zone { number: 3, name: "vault".into() }];
    let wanted = AccountCard { phone: "110".into(), zones: zones.clone(), ..named.clone() };
    let edited = room.centre.edit_account(&wanted, &change(2_000, "new number")).unwrap();
    let wanted = AccountCard { mains_wait_s: Some(60), name: "Shop 1".into(), ..edited.clone() };
    let edited = room.centre.edit_account(&wanted, &by(2, 3_000, "freezer")).unwrap();
    assert_eq!(room.centre.edit_account(&edited, &by(3, 3_500, "")).unwrap(), edited, "nothing is no version");
    let pending = edited.pending.clone().unwrap();
    assert_eq!((pending.base, pending.since), (2, at(2_000)));
    assert_eq!(pending.by, [ANNA, OperatorId::new(2)].into());
    assert_eq!(pending.fields, [CardField::Phone, CardField::MainsWait, CardField::Zones].into());
    assert_eq!(room.centre.snapshot().unwrap().accounts[1].mains_wait_s, Some(60), "it acts at once");

    // Everybody sees it: field by field on the account, and on the board.
    let reader = Reader::open(&room.dir).unwrap();
    let shown = reader.account(account(1)).unwrap().unwrap().sheet.pending.unwrap();
    let fields: Vec<_> = shown.fields.iter().map(|one| (one.field, one.old.as_str(), one.new.as_str())).collect();
    let expected = [(CardField::MainsWait, "", "60 s"), (CardField::Zones, "", "3 vault")];
    assert_eq!(fields[1..], expected);
    assert_eq!((fields[0].0, fields[0].2), (CardField::Phone, "110"));
    let board = reader.lowered(&Policy::default()).unwrap();
    let row = |row: &opsmodel::store::query::LoweredRow| (row.account, row.kind, row.since, row.by_name.clone());
    let named_anna = Some("Anna".to_owned());
    assert_eq!(
        board.iter().map(row).collect::<Vec<_>>(),
        [(Some(account(1)), LoweredKind::Unreviewed, at(2_000), named_anna)]
    );

    // Neither of the two who changed it, nor the machine, nor for an older version.
    let refused = |result: Result<AccountCard, StoreError>| match result {
        Err(StoreError::Card(error)) => error,
        other => panic!("{other:?}"),
    };
    for own in [ANNA.get(), 2] {
        let review = room.centre.review_account(account(1), 4, true, &by(own, 4_000, ""));
        assert_eq!(refused(review), CardError::OwnChange);
    }
    let machine = Change { by: None, ..change(4_000, "") };
    assert_eq!(refused(room.centre.review_account(account(1), 4, true, &machine)), CardError::OwnChange);
    let stale = room.centre.review_account(account(1), 3, true, &by(3, 4_000, ""));
    assert!(matches!(stale, Err(StoreError::VersionConflict { expected: 3, found: 4, .. })));

    // Rejected: what they changed is as it was, what needs no review stays, and the history says who and why.
    let rejected = room.centre.review_account(account(1), 4, false, &by(3, 5_000, "nobody asked for it")).unwrap();
    // Only the id of the number that was taken back is not given again.
    let numbers = vec![(alarmcore::NumberId::new(1), String::new())];
    assert_eq!(rejected, AccountCard { version: 5, name: "Shop 1".into(), numbers, ..card.clone() });
    let history = room.centre.card_history(opsmodel::store::CardKind::Account, account(1).as_str()).unwrap();
    let last = history.last().unwrap();
    assert_eq!((last.change.by, last.change.at), (Some(OperatorId::new(3)), at(5_000)));
    assert_eq!(last.change.reason, "review: rejected, back to version 2: nobody asked for it");
    assert_eq!(refused(room.centre.review_account(account(1), 5, true, &by(3, 6_000, ""))), CardError::NothingPending);

    // Approved: it stays, and is pending no more.
    let wanted = AccountCard { zones, ..rejected };
    let edited = room.centre.edit_account(&wanted, &change(7_000, "as built")).unwrap();
    let approved = room.centre.review_account(account(1), 6, true, &by(2, 8_000, "")).unwrap();
    assert_eq!(approved, AccountCard { version: 7, pending: None, ..edited });
    assert_eq!(reader.lowered(&Policy::default()).unwrap(), []);
    verify(&room.dir).unwrap();
}
