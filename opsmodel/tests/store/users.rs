//! The users of a panel on the card: what the desk gets of them, and that each name is told as the card had it then.

use contactid::Qualifier::{New, Restore};
use opsmodel::crm::{AccountCard, CardError, CardField, Change, PanelUser};
use opsmodel::store::query::Reader;
use opsmodel::store::{StoreError, verify};

use crate::room::{Room, change};
use crate::sample::{account, at, framed, report, signal};

fn users(lines: &str) -> Vec<PanelUser> {
    PanelUser::read_all(lines).unwrap()
}

/// "User name on screen": of each signal the name that the card had when it came, of the state who armed, of a burglary soon after
/// a closing whose closing that was. Who is not on the card has a number and no name.
#[test]
fn row_2_2_unexpected_open_names_are_those_of_the_time() {
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let opens = |millis, user| framed(report(millis, account(1), signal("401", New, user)));
    let closes = |millis, user| framed(report(millis, account(1), signal("401", Restore, user)));
    room.receive(&[opens(1_000, 3)]);
    let first = AccountCard { users: users("3 Wang Fang; closes-late | 4 Li"), ..card };
    let first = room.centre.edit_account(&first, &change(2_000, "users")).unwrap();
    room.receive(&[closes(3_000, 3), opens(4_000, 4), closes(5_000, 9)]);
    let second = AccountCard { users: users("3 Zhao\n4 Li"), ..first };
    room.centre.edit_account(&second, &change(6_000, "Wang has left")).unwrap();
    room.receive(&[opens(7_000, 3), closes(9_000, 4), framed(report(10_000, account(1), signal("130", New, 5)))]);

    let reader = Reader::open(&room.dir).unwrap();
    let page = reader.account(account(1)).unwrap().unwrap();
    let told: Vec<_> = page.signals.iter().rev().map(|row| (row.user, row.user_name.as_deref())).collect();
    let expected = [
        (Some(3), None),
        (Some(3), Some("Wang Fang")),
        (Some(4), Some("Li")),
        (Some(9), None),
        (Some(3), Some("Zhao")),
        (Some(4), Some("Li")),
        (None, None),
    ];
    assert_eq!(told, expected);
    assert_eq!(page.sheet.area_users, [Some("Li".to_owned())]);
    let explained = reader.explain(room.reader.last().unwrap()).unwrap().unwrap();
    let lines: Vec<String> = explained.lines(contactid::Lang::En).into_iter().map(|line| line.says).collect();
    assert!(lines.iter().any(|line| line.ends_with("user 004 (Li).")), "{lines:#?}");
    let incident = reader.incident(page.incidents[0].incident).unwrap().unwrap();
    assert_eq!(incident.moments[0].user_name.as_deref(), Some("Li"));
    let handled = reader.auto_handled(at(0), at(20_000)).unwrap();
    assert_eq!(
        handled.iter().map(|row| (row.user, row.user_name.as_deref())).collect::<Vec<_>>(),
        [(Some(4), Some("Li"))]
    );
    verify(&room.dir).unwrap();
}

/// What each may do reaches the desk, without names; those who may cancel are both the listed numbers and those beside whose name it
/// stands.
#[test]
fn the_desk_gets_what_users_may_do_and_no_name() {
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    assert_eq!(card.cancelling(), None);
    let until = "2026-12-31T10:00:00.000Z";
    let lines = format!("3 Wang Fang; cancels; closes-late; until {until} | 4 Li | 5 Zhao; until {until}");
    let wanted = AccountCard { users: users(&lines), cancel_users: Some([7].into()), ..card };
    let edited = room.centre.edit_account(&wanted, &change(1_000, "users")).unwrap();
    assert_eq!(CardField::Users.text(&edited), lines);
    assert_eq!(edited.pending.as_ref().unwrap().fields, [CardField::CancelUsers, CardField::Users].into());
    // Nobody has reviewed it: nobody may cancel yet, and no list is kept.
    let desk = room.centre.snapshot().unwrap().accounts.swap_remove(1);
    assert_eq!(desk.cancel_users, None);
    assert_eq!(edited.waiting_to_cancel(), [3, 7].into());
    let by = Change { by: Some(alarmcore::OperatorId::new(2)), ..change(2_000, "review") };
    room.centre.review_account(account(1), edited.version, true, &by).unwrap();
    let desk = room.centre.snapshot().unwrap().accounts.swap_remove(1);
    assert_eq!(desk.cancel_users.as_deref(), Some(&[3, 7].into()));
    let rights = serde_json::to_value(&desk.user_rights).unwrap();
    let millis = alarmcore::Timestamp::from_rfc3339(until).unwrap().millis();
    assert_eq!(
        rights,
        serde_json::json!([{"user": 3, "closes_late": true, "until": millis}, {"user": 4}, {"user": 5, "until": millis}])
    );
    assert!(!serde_json::to_string(&desk).unwrap().contains("Wang"));
}

/// What cannot be read is named with its line, and a card that contradicts itself is not stored.
#[test]
fn users_that_cannot_be() {
    let refused = |lines: &str| PanelUser::read_all(lines).unwrap_err().to_string();
    assert_eq!(
        [
            "Wang",
            "0 Wang",
            "3 Wang\n3 Li",
            "3 Wang; until soon",
            "3 Wang; until 2026-12-31T10:00:00Z; until 2026-12-31T10:00:00Z",
            "3 Wang\n4 Li; Mon-Fri 08:00-09:00",
        ]
        .map(refused),
        [
            "user line 1: expected a number from 1 and a name such as `3 Wang Fang`, found \"Wang\"",
            "user line 1: expected a number from 1 and a name such as `3 Wang Fang`, found \"0 Wang\"",
            "user line 2: user 3 is listed twice",
            "user line 1: expected a time such as `until 2026-12-31T18:00:00+08:00`, found \"soon\"",
            "user line 1: expected a time such as `until 2026-12-31T18:00:00+08:00`, found \"2026-12-31T10:00:00Z\"",
            "user line 2: expected cancels, closes-late or until, found \"Mon-Fri 08:00-09:00\"; hours stand in the schedule",
        ]
    );
    let many: String = (1..=1001).map(|number| format!("{number} U\n")).collect();
    assert_eq!(refused(&many), "1001 users: a card takes 1000");
    let mut room = Room::new();
    let card = room.centre.account(account(1)).unwrap().unwrap();
    let [wang, li] = [users("3 Wang"), users("3 Li")].map(|mut all| all.remove(0));
    let mut stored = |users: Vec<PanelUser>| match room
        .centre
        .edit_account(&AccountCard { users, ..card.clone() }, &change(1_000, ""))
    {
        Err(StoreError::Card(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(stored(vec![wang.clone(), li]), CardError::PanelUserTwice(3));
    assert_eq!(stored(vec![PanelUser { name: " ".into(), ..wang }]), CardError::PanelUser(3));
}
