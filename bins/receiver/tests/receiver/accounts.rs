//! The accounts file: read whole, or refused with everything that is wrong in it.

use std::sync::Arc;

use receiver::accounts::{Fault, Format, Problem, Refused, Row, parse_csv, read_csv};

use crate::world::{KEY, account};

const HEADER: &str = "account,name,address,key_hex,format,heartbeat_s,phone";

/// A row as plain values: the key only by its fingerprint, for it never shows itself.
fn plain(row: Row) -> (u64, String, String, String, Option<String>, Format, Option<u32>, String) {
    let key = row.key.flatten().map(|key| key.fingerprint());
    (row.row, row.account.to_string(), row.name, row.address, key, row.format, row.heartbeat_s, row.phone)
}

#[test]
fn every_row_is_read() {
    let text = format!(
        "\u{feff}{HEADER}\r\n1234,Corner Shop,\"1 Road, Town\",,dc09/adm-cid,90,+1 555 0100\r\n\
         00ab, 银行 , 人民路 1 号 ,{KEY},SIA-DCS,0,\r\n\r\n5678,School,,,,,\r\n"
    );
    let rows: Vec<_> = parse_csv(text.as_bytes()).unwrap().into_iter().map(plain).collect();
    let fingerprint = opsmodel::crm::AccountKey::from_hex(KEY).unwrap().fingerprint();
    let row = |row, account: &str, name: &str, address: &str, key, format, heartbeat_s, phone: &str| {
        (row, account.to_owned(), name.to_owned(), address.to_owned(), key, format, heartbeat_s, phone.to_owned())
    };
    assert_eq!(
        rows,
        [
            row(2, "1234", "Corner Shop", "1 Road, Town", None, Format::Dc09AdmCid, Some(90), "+1 555 0100"),
            row(3, "00AB", "银行", "人民路 1 号", Some(fingerprint), Format::Dc09SiaDcs, None, ""),
            row(5, "5678", "School", "", None, Format::Dc09, None, ""),
        ]
    );
}

#[test]
fn the_columns_may_stand_in_any_order() {
    let text = "phone,heartbeat_s,format,key_hex,address,name,account\n1,2,dc09,,4,5,6\n";
    let rows: Vec<_> = parse_csv(text.as_bytes()).unwrap().into_iter().map(plain).collect();
    let expected = (2, "6".to_owned(), "5".to_owned(), "4".to_owned(), None, Format::Dc09, Some(2), "1".to_owned());
    assert_eq!(rows, [expected]);
}

/// A column that a file does not have is not spoken of; one that it has says something even where it is empty.
#[test]
fn a_file_may_have_more_columns() {
    let text = format!("{HEADER},Test_Interval_S\n1,A,,,,,,86400\n2,B,,,,,,0\n3,C,,,,,,\n");
    let told: Vec<_> = parse_csv(text.as_bytes()).unwrap().into_iter().map(|row| row.test_interval_s).collect();
    assert_eq!(told, [Some(Some(86_400)), Some(None), Some(None)]);
    let hours = "zone UTC; Mon-Fri 08:30-18:00";
    let text = format!("{HEADER},schedule\n1,A,,,,,,{hours}\n2,B,,,,,,\n");
    let told: Vec<_> = parse_csv(text.as_bytes()).unwrap().into_iter().map(|row| row.schedule).collect();
    assert_eq!(told, [Some(Some(Arc::new(hours.parse().unwrap()))), Some(None)]);
    let text = format!("{HEADER},site_type,district,carrier\n1,A,,,,,,bank, 城东 ,Unicom\n2,B,,,,,,,,\n");
    let rows = parse_csv(text.as_bytes()).unwrap().into_iter();
    let told: Vec<_> = rows.map(|row| [row.district, row.carrier, row.site_type]).collect();
    let shared = ["城东", "Unicom", "bank"].map(|name| Some(Some(name.into())));
    assert_eq!(told, [shared, [Some(None), Some(None), Some(None)]]);
    let alone = "name Porter; expect E462 user 7; after itself; within 30m";
    let text = format!("{HEADER},expectations\n1,A,,,,,,{alone}\n2,B,,,,,,\n");
    let told: Vec<_> = parse_csv(text.as_bytes()).unwrap().into_iter().map(|row| row.expectations).collect();
    assert_eq!(told, [Some(vec![alone.parse().unwrap()]), Some(vec![])]);
    let text =
        format!("{HEADER},expectations\n1,A,,,,,,{alone} | name Gate; expect nonsense; after itself; within 1h\n");
    assert_eq!(
        parse_csv(text.as_bytes()).unwrap_err().to_string(),
        "row 2, column expectations: expectation 2, character 19: expected an event such as E422, opening, closing, test or \
         access, found \"nonsense\"; write for example \"name Porter; expect E462 user 3; after itself; until closing user 3; \
         within 30m\", or nothing"
    );
    let wang = "1 Wang; role owner; phone 13900000001, 13900000002; zone UTC; Mon 08:00-18:00";
    let text = format!("{HEADER},contacts\n1,A,,,,,,\"{wang} | 2 Li; phone 1\"\n2,B,,,,,,\n");
    let told: Vec<_> = parse_csv(text.as_bytes()).unwrap().into_iter().map(|row| row.contacts.unwrap()).collect();
    let lines: Vec<Vec<String>> = told.iter().map(|all| all.iter().map(ToString::to_string).collect()).collect();
    let wang = "1 Wang; role owner; phone 13900000001, 13900000002; zone UTC; tolerance 15m; Mon 08:00-18:00";
    assert_eq!(lines, [vec![wang.to_owned(), "2 Li; phone 1".to_owned()], vec![]]);
    let text = format!("{HEADER},contacts\n1,A,,,,,,1 Wang; role owner\n");
    assert_eq!(
        parse_csv(text.as_bytes()).unwrap_err().to_string(),
        "row 2, column contacts: contact line 1: no telephone number; write it as `phone 13900000001, 13900000002`"
    );
    let silent: Vec<_> = parse_csv(format!("{HEADER}\n1,A,,,,,\n").as_bytes()).unwrap();
    assert_eq!((silent[0].test_interval_s, &silent[0].schedule), (None, &None));
    assert_eq!(silent[0].expectations, None);
    assert_eq!((&silent[0].district, &silent[0].carrier, &silent[0].site_type), (&None, &None, &None));
    let wrong = parse_csv(format!("{HEADER},test_interval_s\n1,A,,,,,,daily\n").as_bytes()).unwrap_err();
    let problem = Problem::TestInterval("daily".to_owned());
    assert_eq!(wrong, Refused(vec![Fault { row: 2, column: Some("test_interval_s"), problem }]));
    let text = format!("{HEADER},schedule\n1,A,,,,,,zone UTC; Mon-Fri 8-18\n");
    assert_eq!(
        parse_csv(text.as_bytes()).unwrap_err().to_string(),
        "row 2, column schedule: character 19: expected hours such as 08:30-18:00, found \"8-18\"; write for example \
         \"zone Asia/Shanghai; Mon-Fri 08:30-18:00; Sat 09:00-12:00\", or nothing"
    );
}

#[test]
fn everything_that_is_wrong_is_named_with_row_and_column() {
    let text = format!(
        "{HEADER}\n\
         1234,Shop,,,dc09,90,\n\
         12-4,Shop,,,dc09,90,\n\
         2001,,,00ff,x25,soon,\n\
         2002,Shop,,zz0102030405060708090a0b0c0d0e0f,dc09,-1,\n\
         1234,Shop again,,,dc09,90,\n\
         2003,Shop,dc09\n\
         2004,Shop,,,dc09,999999999,\n"
    );
    let fault = |row, column, problem| Fault { row, column, problem };
    let expected = vec![
        fault(3, Some("account"), Problem::Account("12-4".to_owned())),
        fault(4, Some("name"), Problem::NameMissing),
        fault(4, Some("key_hex"), Problem::KeyLength(4)),
        fault(4, Some("format"), Problem::Format("x25".to_owned())),
        fault(4, Some("heartbeat_s"), Problem::Heartbeat("soon".to_owned())),
        fault(5, Some("key_hex"), Problem::KeyDigit(1)),
        fault(5, Some("heartbeat_s"), Problem::Heartbeat("-1".to_owned())),
        fault(6, Some("account"), Problem::AccountTwice { account: account("1234"), first: 2 }),
        fault(7, None, Problem::FieldCount { expected: 7, found: 3 }),
        fault(8, Some("heartbeat_s"), Problem::Heartbeat("999999999".to_owned())),
    ];
    assert_eq!(parse_csv(text.as_bytes()).unwrap_err(), Refused(expected));
}

#[test]
fn a_message_says_what_to_do_and_never_repeats_a_key() {
    let text = format!("{HEADER}\n1234,Shop,,{}x,dc09,90,\n1234,Shop,,{}00,dc09,90,\n", &KEY[..31], &KEY[..30]);
    let refused = parse_csv(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        refused,
        "row 2, column key_hex: character 32 is not a hex digit; a key has 32, 48 or 64 hex characters; leave it empty, or write - for a panel without one"
    );
    let short = format!("{HEADER}\n1234,Shop,,{},dc09,90,\n", &KEY[..30]);
    let refused = parse_csv(short.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        refused,
        "row 2, column key_hex: 30 characters; a key has 32, 48 or 64 hex characters (AES-128, -192 or -256); leave it empty, or write - for a panel without one"
    );
}

#[test]
fn a_file_that_is_no_accounts_file_is_refused() {
    let first = |problem| Refused(vec![Fault { row: 1, column: None, problem }]);
    let headless = parse_csv(b"account,name,address,format,heartbeat_s,phone\n").unwrap_err();
    assert_eq!(headless, first(Problem::HeaderMissing("key_hex")));
    let surplus = parse_csv(format!("{HEADER},fax\n").as_bytes()).unwrap_err();
    assert_eq!(surplus, first(Problem::HeaderUnknown("fax".to_owned())));
    let twice = parse_csv(format!("{HEADER},name\n").as_bytes()).unwrap_err();
    assert_eq!(twice, first(Problem::HeaderTwice("name".to_owned())));
    let gbk = parse_csv([HEADER.as_bytes(), b"\n1234,\xd2\xf8\xd0\xd0,,,dc09,90,\n"].concat().as_slice()).unwrap_err();
    assert_eq!(gbk, Refused(vec![Fault { row: 2, column: None, problem: Problem::NotUtf8 }]));
    assert_eq!(parse_csv(HEADER.as_bytes()).map(|rows| rows.len()), Ok(0));

    let dir = tempfile::tempdir().unwrap();
    let missing = read_csv(&dir.path().join("accounts.csv")).unwrap_err();
    assert_eq!(missing, first(Problem::Unreadable(std::io::ErrorKind::NotFound)));
}
