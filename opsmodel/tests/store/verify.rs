//! Whatever is altered, removed, moved or slipped in, in any table, is found and named (requirement H4).

use opsmodel::crm::AccountKey;
use opsmodel::store::{Broken, Fault, StoreError, Verified, verify};

use crate::room::{ANNA, Room, change, morning};
use crate::sample::account;

fn room() -> Room {
    let mut room = Room::new();
    morning(&mut room);
    room.centre.put_account_key(account(1), Some(&AccountKey::new(vec![7; 16]).unwrap()), &change(1, "key")).unwrap();
    room.centre.put_password(ANNA, "$argon2id$x", &change(1, "password")).unwrap();
    room
}

/// What `verify` says of a room to which somebody did `damage`.
fn after(file: &str, damage: &str) -> Broken {
    let room = room();
    let sql = rusqlite::Connection::open(room.dir.join(file)).unwrap();
    assert!(sql.execute(damage, []).unwrap() > 0, "{damage} hits nothing");
    match verify(&room.dir) {
        Err(StoreError::Broken(broken)) => broken,
        other => panic!("{damage}: {other:?}"),
    }
}

fn broken(chain: &'static str, record: &str, fault: Fault) -> Broken {
    Broken { chain, record: record.to_owned(), fault }
}

#[test]
fn an_untouched_store_verifies() {
    let room = room();
    let rows = |file, table| room.table(file, table).len() as u64;
    let expected = Verified {
        signals: rows("signals.db", "signal"),
        journal: rows("centre.db", "journal"),
        dispositions: rows("centre.db", "disposition"),
        card_history: rows("centre.db", "card_history"),
        cards: 5 + 1 + 1 + 1 + 1,
        clips: 0,
    };
    assert_eq!(verify(&room.dir).unwrap(), expected);
    assert!(expected.signals > 9 && expected.journal > 6 && expected.dispositions > expected.signals);
}

/// One bit of one value, as a raw editor would turn it.
#[test]
fn a_turned_bit_in_any_column_of_any_chain_is_found() {
    let chains = [
        ("signals.db", "signal", "id", "3"),
        ("centre.db", "journal", "seq", "2"),
        ("centre.db", "disposition", "seq", "4"),
        ("centre.db", "card_history", "seq", "5"),
    ];
    for (file, table, number, n) in chains {
        let columns = {
            let room = room();
            let sql = rusqlite::Connection::open(room.dir.join(file)).unwrap();
            let text = format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> '{number}'");
            let mut statement = sql.prepare(&text).unwrap();
            statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap).collect::<Vec<_>>()
        };
        for column in columns {
            let turned = format!(
                "UPDATE {table} SET \"{column}\" = CASE typeof(\"{column}\") WHEN 'null' THEN 1 WHEN 'integer' THEN
                 \"{column}\" + 1000 WHEN 'text' THEN substr(\"{column}\", 2) || '~' ELSE zeroblob(32) END WHERE {number} = {n}"
            );
            assert_eq!(after(file, &turned), broken(table, &format!("{table} {n}"), Fault::Altered), "{turned}");
        }
    }
}

#[test]
fn removed_moved_and_foreign_rows_are_found() {
    let gone = |table: &'static str, n: u32| broken(table, &format!("{table} {n}"), Fault::Missing);
    assert_eq!(after("signals.db", "DELETE FROM signal WHERE id = 3"), gone("signal", 3));
    assert_eq!(after("signals.db", "DELETE FROM signal WHERE id = 1"), gone("signal", 1));
    assert_eq!(after("signals.db", "DELETE FROM signal WHERE id > 8"), gone("signal", 9));
    assert_eq!(after("signals.db", "DELETE FROM signal"), gone("signal", 1));
    assert_eq!(after("centre.db", "DELETE FROM journal WHERE seq = 2"), gone("journal", 2));
    assert_eq!(after("centre.db", "DELETE FROM disposition WHERE seq > 5"), gone("disposition", 6));
    assert_eq!(after("centre.db", "DELETE FROM card_history WHERE seq = 6"), gone("card_history", 6));
    // Two rows that change places are both wrong: the first is named.
    let swap = "UPDATE journal SET (stream, version, kind, shape, at, by_id, body, note, digest) =
                (SELECT stream, version + 90, kind, shape, at, by_id, body, note, digest FROM journal AS other
                 WHERE other.seq = 5 - journal.seq) WHERE seq IN (2, 3)";
    assert_eq!(after("centre.db", swap), broken("journal", "journal 2", Fault::Altered));
    let slipped =
        "INSERT INTO disposition SELECT seq + 1, signal, 9, at, outcome, incident, until, of, rule, policy, digest,
                          overridden, unweighed, counted, unseen
                   FROM disposition ORDER BY seq DESC LIMIT 1";
    let found = after("centre.db", slipped);
    assert_eq!((found.chain, found.fault), ("disposition", Fault::Altered));
    let early = "INSERT INTO signal SELECT 0, received_at, line, peer, answer, account, token, sequence, part, parts, marks,
                 content, code, qualifier, grp, number, address, user_number, peripheral, device_time, message, raw, digest
                 FROM signal WHERE id = 1";
    assert_eq!(after("signals.db", early), broken("signal", "signal 0", Fault::Foreign));
}

#[test]
fn a_log_cut_short_with_its_head_is_missed_by_the_desk() {
    let room = room();
    let sql = rusqlite::Connection::open(room.dir.join("signals.db")).unwrap();
    sql.execute_batch(
        "DELETE FROM signal WHERE id > 4;
         UPDATE chain_head SET seq = 4, digest = (SELECT digest FROM signal WHERE id = 4) WHERE chain = 'signal'",
    )
    .unwrap();
    let error = verify(&room.dir).unwrap_err();
    assert!(
        matches!(&error, StoreError::Broken(found) if *found == broken("signal", "signal 5", Fault::Missing)),
        "{error}"
    );
}

#[test]
fn cards_that_are_not_what_their_history_says_are_found() {
    let altered = |chain: &'static str, key: &str| broken(chain, &format!("{chain} {key}"), Fault::Altered);
    let cases = [
        (
            "UPDATE account SET body = replace(body, 'Shop 2', 'Shop Z') WHERE account = '1002'",
            altered("account", "1002"),
        ),
        ("UPDATE account SET name = 'x' WHERE account = '1003'", altered("account", "1003")),
        ("UPDATE account SET version = 7 WHERE account = '1003'", altered("account", "1003")),
        ("DELETE FROM account WHERE account = '1004'", broken("account", "account 1004", Fault::Missing)),
        (
            "UPDATE account SET account = '1009' WHERE account = '1004'",
            broken("account", "account 1009", Fault::Foreign),
        ),
        ("UPDATE account_key SET secret = zeroblob(16)", altered("account-key", "1001")),
        ("DELETE FROM account_key", broken("account-key", "account-key 1001", Fault::Missing)),
        ("UPDATE operator SET role = 'operator'", altered("operator", "1")),
        ("UPDATE operator_password SET secret = '$argon2id$y'", altered("password", "1")),
        ("UPDATE unit SET body = replace(body, 'true', 'false')", altered("unit", "7")),
    ];
    for (damage, expected) in cases {
        assert_eq!(after("centre.db", damage), expected, "{damage}");
    }
}

#[test]
fn altered_and_missing_notes_are_found() {
    let room = room();
    let seq = room.table("centre.db", "(SELECT min(seq) FROM note)")[0].replace("Integer(", "note ").replace(')', "");
    let first = "(SELECT min(seq) FROM note)";
    let damage = format!("UPDATE note SET body = replace(body, 'nephew', 'uncle') WHERE seq = {first}");
    assert_eq!(after("centre.db", &damage), broken("note", &seq, Fault::Altered));
    let damage = format!("DELETE FROM note WHERE seq = {first}");
    assert_eq!(after("centre.db", &damage), broken("note", &seq, Fault::Missing));
    assert_eq!(
        after("centre.db", "INSERT INTO note (seq, body) VALUES (1, '{}')"),
        broken("note", "note 1", Fault::Foreign)
    );
}
