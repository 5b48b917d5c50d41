//! Cards: every version kept with who, when, from where and why; secrets nowhere but in their own tables.

use alarmcore::{ContactId, OperatorId};
use opsmodel::crm::{
    AccountCard, AccountKey, CardError, Change, Codeword, Contact, OperatorCard, Role, UnitCard, Zone,
};
use opsmodel::store::{Admission, CardKind, CardVersion, StoreError, Written, verify};

use crate::room::{ANNA, Room, UNIT, change};
use crate::sample::{account, at};

fn wei() -> Contact {
    Contact {
        id: ContactId::new(1),
        name: "Wei".into(),
        phone: "13800000001".into(),
        phones: Vec::new(),
        available: None,
        not_before: None,
        role: "owner".into(),
        closes_late: false,
        codeword: Some(Codeword::new("Blue Heron", [1; 16])),
        duress: None,
    }
}

#[test]
fn an_account_is_admitted_once_and_edited_by_version() {
    let mut room = Room::new();
    let mut card = AccountCard::new(account(20), "Bank of the East");
    card.zones.push(Zone { number: 3, name: "vault".into() });
    card.contacts.push(wei());
    let first = room.centre.put_account(&card, &change(1, "agreement 17")).unwrap();
    assert_eq!(first, AccountCard { version: 1, ..card.clone() });
    let error = room.centre.put_account(&card, &change(2, "again")).unwrap_err();
    assert!(matches!(error, StoreError::AccountExists(number) if number == account(20)), "{error}");

    let second = AccountCard { address: "1 Quay".into(), ..first.clone() };
    let second = room.centre.put_account(&second, &change(3, "moved")).unwrap();
    assert_eq!(second.version, 2);
    let stale = AccountCard { phone: "110".into(), ..first.clone() };
    let error = room.centre.put_account(&stale, &change(4, "late")).unwrap_err();
    assert!(matches!(error, StoreError::VersionConflict { expected: 1, found: 2, .. }), "{error}");

    let closed = AccountCard { closed_at: Some(at(5)), ..second.clone() };
    let closed = room.centre.put_account(&closed, &change(5, "ended")).unwrap();
    assert_eq!(room.centre.account(account(20)).unwrap(), Some(closed.clone()));
    let json = |card: &AccountCard| serde_json::to_string(card).unwrap();
    assert_eq!(
        room.centre.card_history(CardKind::Account, account(20).as_str()).unwrap(),
        [
            CardVersion { version: 1, change: change(1, "agreement 17"), before: None, after: json(&first) },
            CardVersion { version: 2, change: change(3, "moved"), before: Some(json(&first)), after: json(&second) },
            CardVersion { version: 3, change: change(5, "ended"), before: Some(json(&second)), after: json(&closed) },
        ]
    );
    assert!(!json(&first).to_lowercase().contains("heron"), "a codeword is kept as a digest");
    let mut cards = room.centre.accounts().unwrap();
    assert_eq!(cards.pop(), Some(closed));
    assert_eq!(cards.len(), 5);
    let served = room.centre.snapshot().unwrap().accounts;
    assert_eq!(served.len(), 5, "a closed account is not served");
    verify(&room.dir).unwrap();
}

#[test]
fn a_card_that_contradicts_itself_is_refused() {
    let mut room = Room::new();
    let mut card = AccountCard::new(account(20), " ");
    let mut refused = |card: &AccountCard| match room.centre.put_account(card, &change(1, "")) {
        Err(StoreError::Card(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&card), CardError::NoName);
    let unseen = |field, character| CardError::Unseen { field, character };
    // What turns round the letters after it makes one name look like another; an escape sequence reaches whoever prints it.
    for (name, character) in
        [("Bank\u{202e}knaB", '\u{202e}'), ("\u{1b}[2JBank", '\u{1b}'), ("Ba\u{200b}nk", '\u{200b}')]
    {
        card.name = name.into();
        assert_eq!(refused(&card), unseen("name", character));
    }
    card.name = "银行".repeat(151);
    assert_eq!(refused(&card), CardError::Long { field: "name", characters: 302 });
    card.name = "Bank".into();
    card.address = "Elm 1\nElm 2".into();
    assert_eq!(refused(&card), unseen("address", '\n'));
    let said = unseen("address", '\n').to_string();
    assert_eq!(said, "address: U+000A cannot be seen; write it without, in one line");
    card.address.clear();
    card.zones = vec![Zone { number: 1, name: "door".into() }, Zone { number: 1, name: "window".into() }];
    assert_eq!(refused(&card), CardError::ZoneTwice(1));
    card.zones.clear();
    card.contacts = vec![wei(), wei()];
    assert_eq!(refused(&card), CardError::ContactTwice(ContactId::new(1)));
    card.contacts.clear();
    card.test_interval_s = Some(0);
    assert_eq!(refused(&card), CardError::TestInterval(0));
    assert_eq!(CardError::TestInterval(0).to_string(), "test_interval_s: expected 1 to 31622400 seconds, found 0");
}

#[test]
fn an_import_takes_all_rows_or_none() {
    let mut room = Room::new();
    let by_import = Change { by: None, at: at(1), origin: "import accounts.csv".into(), reason: "start".into() };
    let row = |n: u32| Admission {
        card: AccountCard::new(account(n), format!("Import {n}")),
        key: Some(AccountKey::new(vec![n as u8; 16]).unwrap()),
    };
    let error = room.centre.import(&[row(30), row(31), row(3), row(32)], &by_import).unwrap_err();
    assert_eq!(error.to_string(), "row 3: account 1003 exists already");
    let error = room.centre.import(&[row(30), row(30)], &by_import).unwrap_err();
    assert_eq!(error.to_string(), "row 2: account 1030 exists already");
    assert_eq!(room.centre.accounts().unwrap().len(), 5);
    assert_eq!(room.centre.account_keys().unwrap(), []);

    room.centre.import(&[row(30), row(31)], &by_import).unwrap();
    assert_eq!(room.centre.accounts().unwrap().len(), 7);
    let keys = room.centre.account_keys().unwrap();
    assert_eq!(keys, [(account(30), row(30).key.unwrap()), (account(31), row(31).key.unwrap())]);
    verify(&room.dir).unwrap();
}

#[test]
fn a_key_is_in_its_own_table_and_nowhere_else() {
    let mut room = Room::new();
    let secret = "00112233445566778899aabbccddeeff";
    let key = AccountKey::from_hex(secret).unwrap();
    let error = room.centre.put_account_key(account(77), Some(&key), &change(1, "")).unwrap_err();
    assert!(matches!(error, StoreError::NoAccount(number) if number == account(77)), "{error}");
    room.centre.put_account_key(account(1), Some(&key), &change(1, "installed")).unwrap();
    room.centre.put_account_key(account(1), None, &change(2, "plain again")).unwrap();
    let other = AccountKey::from_hex(&"5a".repeat(32)).unwrap();
    room.centre.put_account_key(account(1), Some(&other), &change(3, "new panel")).unwrap();
    assert_eq!(room.centre.account_keys().unwrap(), [(account(1), other.clone())]);
    let history = room.centre.card_history(CardKind::AccountKey, account(1).as_str()).unwrap();
    let after: Vec<_> = history.iter().map(|version| version.after.clone()).collect();
    assert_eq!(after, [key.fingerprint(), "none".into(), other.fingerprint()]);
    for text in [format!("{key:?}"), format!("{history:?}"), room.table("centre.db", "card_history").concat()] {
        assert!(!text.to_lowercase().contains("0011223344") && !text.contains("17, 34, 51"), "{text}");
    }
    verify(&room.dir).unwrap();
}

/// Somebody who can sign in stays who may do what only supervisors may.
#[test]
fn the_last_supervisor_stays() {
    let mut room = Room::new();
    let anna = room.centre.operators().unwrap().into_iter().find(|card| card.id == ANNA).unwrap();
    let boss = OperatorCard { role: Role::Manager, ..anna };
    let boss = room.centre.put_operator(&boss, &change(1, "promoted")).unwrap();
    let second = OperatorCard::new(OperatorId::new(8), "ben", "Ben", Role::Supervisor);
    let second = room.centre.put_operator(&second, &change(2, "hired")).unwrap();
    let less = [
        OperatorCard { role: Role::Operator, ..boss.clone() },
        OperatorCard { closed_at: Some(change(3, "").at), ..boss.clone() },
    ];
    for card in &less {
        let error = room.centre.put_operator(card, &change(3, "")).unwrap_err();
        assert!(matches!(&error, StoreError::LastSupervisor(login) if login == "anna"), "{error}: Ben has no password");
    }
    let boss = room.centre.put_operator(&OperatorCard { role: Role::Supervisor, ..boss }, &change(3, "")).unwrap();
    room.centre.put_password(second.id, "$argon2id$first", &change(4, "")).unwrap();
    let gone = OperatorCard { closed_at: Some(change(5, "").at), ..boss };
    let gone = room.centre.put_operator(&gone, &change(5, "left")).unwrap();
    assert_eq!(gone.version, 4);
    let error = room.centre.put_operator(&OperatorCard { role: Role::Operator, ..second }, &change(6, "")).unwrap_err();
    assert!(matches!(&error, StoreError::LastSupervisor(login) if login == "ben"), "{error}");
    verify(&room.dir).unwrap();
}

#[test]
fn log_in_names_are_unique_and_passwords_opaque() {
    let mut room = Room::new();
    let ben = OperatorCard { unit: Some(UNIT), ..OperatorCard::new(OperatorId::new(2), "anna", "Ben", Role::Unit) };
    let error = room.centre.put_operator(&ben, &change(1, "hired")).unwrap_err();
    assert!(matches!(&error, StoreError::LoginTaken(login) if login == "anna"), "{error}");
    let ben = room.centre.put_operator(&OperatorCard { login: "ben".into(), ..ben }, &change(1, "hired")).unwrap();
    assert_eq!(room.centre.operator_by_login("ben").unwrap(), Some(ben.clone()));
    assert_eq!(room.centre.operators().unwrap().len(), 2);
    let error = room.centre.put_operator(&OperatorCard { unit: None, ..ben.clone() }, &change(2, "")).unwrap_err();
    assert!(matches!(error, StoreError::Card(CardError::UnitOfRole)), "{error}");

    room.centre.put_password(ANNA, "$argon2id$first", &change(2, "first")).unwrap();
    room.centre.put_password(ANNA, "$argon2id$second", &change(3, "changed")).unwrap();
    assert_eq!(room.centre.password(ANNA).unwrap().as_deref(), Some("$argon2id$second"));
    assert_eq!(room.centre.password(ben.id).unwrap(), None);
    assert!(!room.table("centre.db", "card_history").concat().contains("argon2"));
    let error = room.centre.put_password(OperatorId::new(9), "x", &change(4, "")).unwrap_err();
    assert!(matches!(error, StoreError::NoOperator(id) if id == OperatorId::new(9)), "{error}");
    verify(&room.dir).unwrap();
}

#[test]
fn a_unit_goes_off_duty_and_is_disbanded() {
    let mut room = Room::new();
    let card = room.centre.unit(UNIT).unwrap().unwrap();
    assert!(card.desk_card().on_duty);
    let card = room.centre.put_unit(&UnitCard { closed_at: Some(at(1)), ..card }, &change(1, "disbanded")).unwrap();
    assert_eq!(room.centre.units().unwrap(), [card]);
    assert!(!room.centre.snapshot().unwrap().units[0].on_duty);
}

/// A desk that goes on asks which cards were written since: each once, keys told apart, and no more than one over what it takes.
#[test]
fn the_cards_that_were_written_since_are_told() {
    let mut room = Room::new();
    let start = room.centre.written_after(0, 9).unwrap().seq;
    assert_eq!(room.centre.written_after(start, 9).unwrap(), Written { seq: start, ..Written::default() });
    let card = room.centre.put_account(&AccountCard::new(account(20), "Shop"), &change(1, "new")).unwrap();
    let card = room.centre.put_account(&AccountCard { phone: "1".into(), ..card }, &change(2, "phone")).unwrap();
    let written = room.centre.written_after(start, 9).unwrap();
    let accounts = vec![card.account];
    assert_eq!(written, Written { seq: start + 2, accounts, ..Written::default() });
    assert_eq!(room.centre.written_after(written.seq, 9).unwrap().accounts, []);
}
