//! Records of Sur-Gard, Ademco 685, D6500 and DC-07 (vectors A40 to A53, and the other forms of their layouts): bytes to the
//! whole value, and back.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::automation::ademco685::{self, Ademco685Record, Dialect};
use contactid::automation::d6500::{self, D6500Record};
use contactid::automation::dc07::{Dc07Frame, HostCommand, Kind};
use contactid::automation::surgard::{self, SurgardRecord, b32_read, b32_write};
use contactid::{
    AccountNumber, Check, CidMessage, EncodeError, NumberIs, Qualifier, Quirks, RecordError, Signal, Strictness,
};

const STRICT: Strictness = Strictness::Strict;

fn account(text: &str) -> Option<AccountNumber> {
    Some(text.parse().unwrap())
}

fn signal(code: &str, qualifier: Qualifier, group: Option<u16>, number: Option<u32>) -> Signal {
    Signal { group, number, ..Signal::new(code.parse().unwrap(), qualifier) }
}

fn new(code: &str, group: Option<u16>, number: Option<u32>) -> Vec<Signal> {
    vec![signal(code, Qualifier::New, group, number)]
}

fn sia(code: &str, address: &str, number: Option<u32>) -> Signal {
    let address = Some(address.to_owned()).filter(|address| !address.is_empty());
    let code: contactid::SiaCode = match *code.as_bytes() {
        [first, second] => contactid::SiaCode::new([first, second]).unwrap(),
        _ => unreachable!(),
    };
    Signal { address, number, ..Signal::new(contactid::Code::Sia(code), code.entry().unwrap().qualifier) }
}

fn message(qualifier: Qualifier, code: u16, group: u16, number: u16) -> CidMessage {
    CidMessage::new(qualifier, contactid::EventCode::new(code).unwrap(), group, number).unwrap()
}

/// Form, receiver, line, account and events of a Sur-Gard record that has no quirk, and the same bytes again.
#[track_caller]
fn surgard(bytes: &[u8], form: surgard::Form, line: &str, told: Option<AccountNumber>, signals: Vec<Signal>) {
    let record = SurgardRecord::parse(bytes, STRICT).unwrap();
    assert_eq!(
        (record.form(), record.receiver(), record.line(), record.account(), record.signals(), record.encode()),
        (form, "01", line, told, signals, bytes.to_vec())
    );
}

/// A44 to A49.
#[test]
fn published_records_of_sur_gard() {
    use surgard::Form as F;
    let alarm = || new("121", Some(1), Some(1));
    surgard(b"5011 181234E12101001\x14", F::ContactId, "1", account("1234"), alarm());
    surgard(b"501100 181234E12101001\x14", F::ContactId, "100", account("1234"), alarm());
    let fields = [('A', "1234"), ('Q', "E"), ('X', "121"), ('G', "01"), ('C', "001")];
    assert_eq!(F::ContactId.write("01", "1", &fields).as_deref(), Ok(&b"5011 181234E12101001\x14"[..]));
    assert_eq!(F::ContactId.write("01", "100", &fields).as_deref(), Ok(&b"501100 181234E12101001\x14"[..]));

    surgard(b"1011           @    \x14", F::Heartbeat, "1", None, vec![]);
    assert_eq!(F::Heartbeat.write("01", "1", &[]).as_deref(), Ok(&b"1011           @    \x14"[..]));

    let burglary = Signal { group: Some(1), ..sia("BA", "01", Some(1)) };
    surgard(b"S011[#1234|Nri1BA01]\x14", F::Sia, "1", account("1234"), vec![burglary]);
    let fields = [('A', "1234"), ('N', "Nri1BA01")];
    assert_eq!(F::Sia.write("01", "1", &fields).as_deref(), Ok(&b"S011[#1234|Nri1BA01]\x14"[..]));

    let at = |code: &str, address: &str, number| Signal {
        device_time: Some("04-22-94 16:02:15".into()),
        user: Some(22),
        ..sia(code, address, number)
    };
    let bytes = b"S01100[#1234|Nda04-22-94ti16:02:15/id22/CL/PA31]\x14";
    let told = vec![at("CL", "", None), at("PA", "31", Some(31))];
    surgard(bytes, F::Sia, "100", account("1234"), told);

    let closed = vec![signal("surgard:C", Qualifier::Restore, Some(1), Some(128))];
    surgard(b"1011      0012 C1128\x14", F::Basic, "1", account("0012"), closed);
    let fields = [('A', "0012"), ('X', "C"), ('G', "1"), ('Y', "128")];
    assert_eq!(F::Basic.write("01", "1", &fields).as_deref(), Ok(&b"1011      0012 C1128\x14"[..]));
}

/// The other layouts of R161, once each.
#[test]
fn every_form_of_sur_gard() {
    use surgard::Form as F;
    let told = account("1234");
    surgard(b"0011      1234 A 007\x14", F::Basic, "1", told, new("surgard:A", None, Some(7)));
    surgard(b"3011      1234BA0007\x14", F::SiaEvent, "1", told, vec![sia("BA", "0007", Some(7))]);
    surgard(
        b"Q01100 581234567890E13001004\x14",
        F::LongContactId,
        "100",
        account("1234567890"),
        new("130", Some(1), Some(4)),
    );
    surgard(b"6011      1234310004\x14", F::Modem, "1", told, new("other:31", None, Some(4)));
    surgard(b"80111234 1555 5555 7\x14", F::Channels, "1", told, new("scancom:1", None, Some(1)));
    surgard(
        b"8011123456 5555 5555 5555 5551 7\x14",
        F::ManyChannels,
        "1",
        account("123456"),
        new("scancom:1", None, Some(16)),
    );
    surgard(b"I011   1`23458b45A00\x14", F::Iti, "1", account("12345"), new("iti:A", Some(8), Some(45)));
    surgard(b"E011      1234BA    \x14", F::Fsk1, "1", told, new("other:BA", None, None));
    let restored = vec![signal("cesa:2", Qualifier::Restore, None, Some(4))];
    surgard(b"G01100     12345 2  04\x14", F::Cesa, "100", account("12345"), restored);
    surgard(b"H01100    123456 3  12\x14", F::Robofon, "100", account("123456"), new("robofon:3", None, Some(12)));
    let armed = vec![signal("telenot:T", Qualifier::Restore, None, Some(4))];
    surgard(b"T011123456 T  04\x14", F::Telenot, "1", account("123456"), armed);
    surgard(b"C011      1234BA04  \x14", F::Fsk2, "1", told, new("other:BA", None, Some(4)));
    surgard(b"40110012345550005551\x14", F::CallerId, "1", None, vec![]);
    // A first character that R161 does not explain is kept whole.
    let other = SurgardRecord::parse(b"Wanything\x14", STRICT).unwrap();
    assert_eq!((other.form(), other.kind(), other.body()), (F::Other, 'W', &b"anything"[..]));
    assert_eq!((other.account(), other.signals(), other.encode()), (None, vec![], b"Wanything\x14".to_vec()));
}

/// R161: what some sources leave out or fill is read with its name, and refused strictly.
#[test]
fn what_sources_of_sur_gard_do() {
    for (bytes, quirk) in
        [(&b"5011 181234E12101001"[..], Quirks::NO_DC4), (b"50111181234E12101001\x14", Quirks::FILLED_BLANKS)]
    {
        let record = SurgardRecord::parse(bytes, Strictness::Tolerant).unwrap();
        assert_eq!((record.quirks(), record.signals()), (quirk, new("121", Some(1), Some(1))));
        assert_eq!(SurgardRecord::parse(bytes, STRICT), Err(RecordError::NonStandard(quirk)));
    }
    let refused = |bytes, error| assert_eq!(SurgardRecord::parse(bytes, Strictness::Tolerant), Err(error));
    refused(b"", RecordError::Length { expected: 20, found: 0 });
    refused(b"5011 181234E1210100\x14", RecordError::Length { expected: 20, found: 19 });
    refused(b"5011 181234X12101001\x14", RecordError::Form { expected: "a Contact ID event", at: 4, found: b' ' });
    refused(b"S011#1234|NBA01]\x14", RecordError::Length { expected: 8, found: 16 });
    refused(
        b"\x005011\x14",
        RecordError::Form { expected: "the first character of a Sur-Gard record", at: 0, found: 0 },
    );
}

/// A50.
#[test]
fn the_length_header_of_b32() {
    assert_eq!((b32_read(&surgard::B32_ACK), b32_write(&[surgard::ACK])), (Ok(&[6][..]), Some(vec![0, 0, 0, 5, 6])));
    let record = b"5011 181234E12101001\x14";
    let wrapped = b32_write(record).unwrap();
    assert_eq!((&wrapped[..4], b32_read(&wrapped)), (&[0, 0, 0, 0x25][..], Ok(&record[..])));
    assert_eq!(b32_write(&[0; 9995]).map(|all| all[..4].to_vec()), Some(vec![0, 0, 0x99, 0x99]));
    assert_eq!(b32_write(&[0; 9996]), None);
    assert_eq!(b32_read(&[0, 0, 0]), Err(RecordError::Length { expected: 5, found: 3 }));
    let expected = "00 00 and four decimal places of length";
    assert_eq!(b32_read(&[0, 1, 0, 5, 6]), Err(RecordError::Form { expected, at: 1, found: 1 }));
    assert_eq!(b32_read(&[0, 0, 0, 0x0A, 6]), Err(RecordError::Form { expected, at: 3, found: 10 }));
    assert_eq!(b32_read(&[0, 0, 0, 6, 6]), Err(RecordError::Check { check: Check::Length, expected: 5, found: 6 }));
}

/// A51, and the other records of a D6500.
#[test]
fn records_of_a_d6500() {
    use d6500::Form as F;
    let told = account("1234");
    for (bytes, form, told, signals) in [
        (&b" a011 123418E13001004\x14"[..], F::ContactId, told, new("130", Some(1), Some(4))),
        (b"\na011 123418613001004\x14", F::ContactId, told, vec![signal("130", Qualifier::Status, Some(1), Some(4))]),
        (b" 1011      1234BA0012\x14", F::Plain, told, new("other:BA", None, Some(12))),
        (b" S011[#1234|NBA01/CL2]\x14", F::Sia, told, vec![sia("BA", "01", Some(1)), sia("CL", "2", Some(2))]),
        (b" j011    12345631    \x14", F::Robofon, account("123456"), new("robofon:31", None, None)),
        (b" j011   12345631    \x14", F::Robofon, account("123456"), new("robofon:31", None, None)),
        (
            b" I011   1j23458b45W00\x14",
            F::Iti,
            account("12345"),
            vec![signal("iti:W", Qualifier::Restore, Some(8), Some(45))],
        ),
        (b" 1011           @    \x14", F::Heartbeat, None, vec![]),
        (b" x011anything\x14", F::Other, None, vec![]),
    ] {
        let record = D6500Record::parse(bytes, STRICT).unwrap();
        assert_eq!(
            (record.form(), record.receiver(), record.line(), record.account(), record.signals(), record.encode()),
            (form, "01", "1", told, signals, bytes.to_vec())
        );
    }
    let place = [('R', "01"), ('L', "1")];
    let with = |fields: &[(char, &'static str)]| [&place[..], fields].concat();
    for (form, fields, bytes) in [
        (
            F::ContactId,
            with(&[('A', "1234"), ('Q', "E"), ('X', "130"), ('G', "01"), ('C', "004")]),
            &b" a011 123418E13001004\x14"[..],
        ),
        (F::Plain, with(&[('A', "1234"), ('X', "BA"), ('Y', "0012")]), b" 1011      1234BA0012\x14"),
        (F::Sia, with(&[('A', "1234"), ('N', "NBA01/CL2")]), b" S011[#1234|NBA01/CL2]\x14"),
        (F::Heartbeat, with(&[]), b" 1011           @    \x14"),
    ] {
        assert_eq!(d6500::write(form, &fields).as_deref(), Ok(bytes));
    }
    let narrow = [('R', "1"), ('L', "1"), ('A', "1234"), ('N', "NBA01")];
    assert_eq!(d6500::write(F::Sia, &narrow), Err(EncodeError::Width { field: "receiver", expected: 2, found: 1 }));
    let refused = |bytes, error| assert_eq!(D6500Record::parse(bytes, STRICT), Err(error));
    refused(b" a011 123418E13001004", RecordError::NonStandard(Quirks::NO_DC4));
    refused(b"5011 181234E12101001\x14", RecordError::Foreign { expected: "d6500" });
    refused(b" a011 12341", RecordError::Length { expected: 22, found: 11 });
}

/// Form, account and events of a record of this dialect, and the same bytes again.
#[track_caller]
fn ademco(dialect: Dialect<'static>, bytes: &[u8], form: ademco685::Form, told: &str, signals: Vec<Signal>) {
    let record = Ademco685Record::parse(bytes, dialect, STRICT).unwrap();
    let told = if told.is_empty() { None } else { account(told) };
    assert_eq!(
        (record.form(), record.account(), record.signals(), record.encode()),
        (form, told, signals, bytes.to_vec())
    );
}

/// A52, A53, and the other records of Ademco 685 and of the receivers that imitate it.
#[test]
fn records_of_ademco_685() {
    use ademco685::Form as F;
    let (own, caps, fe100) = (Dialect::Ademco685, Dialect::Caps, Dialect::Fe100);
    ademco(own, b"\n11 1234 18 E130 01 C003 \r", F::ContactId, "1234", new("130", Some(1), Some(3)));
    let user = Ademco685Record::parse(b"\n00 1234 18 R401 00 U007 \r", own, STRICT).unwrap();
    assert_eq!(
        (user.contact_id(), user.number_is(), user.receiver(), user.line()),
        (Some(message(Qualifier::Restore, 401, 0, 7)), Some(NumberIs::User), "0", "0")
    );
    ademco(
        own,
        b"\n00 1234 18 R401 00 U007 \r",
        F::ContactId,
        "1234",
        vec![signal("401", Qualifier::Restore, None, Some(7))],
    );
    ademco(own, b"\n11 0123 3\r", F::FourOne, "0123", new("pulse:3", None, None));
    ademco(own, b"\n11 1234 3 1\r", F::FourTwo, "1234", new("pulse:3", None, Some(1)));
    ademco(own, b"\n11 1234 1555 5555 7\r", F::HighSpeed, "1234", new("hs:1", None, Some(1)));
    ademco(own, b"\n00 OKAY @ \r", F::Heartbeat, "", vec![]);
    // MX8000 prints the heartbeat without the blank.
    ademco(own, b"\n00 OKAY @\r", F::Heartbeat, "", vec![]);
    // Event 3, zone 1: 16 x 3 + 1.
    ademco(caps, b"\n11 1234 0 4 9A\r", F::Split, "1234", new("pulse:3", None, Some(1)));
    ademco(fe100, b"\n 00 1234 18 E130 00 C003 \r", F::ContactId, "1234", new("130", None, Some(3)));
    // The fast form of CP-220 is as long as 4/1, and has no blanks.
    ademco(Dialect::CP220, b"\nRG1234A3T\r", F::Fast, "1234", new("other:A3T", None, None));
    ademco(Dialect::CP220, b"\nRG 1234 3\r", F::FourOne, "1234", new("pulse:3", None, None));
    let write = |dialect, form, fields: &[(char, &str)]| ademco685::write(dialect, form, fields).unwrap();
    let fields = [('R', "1"), ('L', "1"), ('A', "123"), ('E', "3")];
    assert_eq!(write(own, F::FourOne, &fields), b"\n11 0123 3\r");
    assert_eq!(write(own, F::Heartbeat, &[]), b"\n00 OKAY @ \r");
    let refused = |bytes, error| assert_eq!(Ademco685Record::parse(bytes, own, STRICT), Err(error));
    refused(b"\n11 1234 18 E130 01 C003\r", RecordError::NonStandard(Quirks::NO_LAST_BLANK));
    refused(b"11 1234 18 E130 01 C003 \r", RecordError::Foreign { expected: "ademco685" });
    refused(b"\n11 1234 18 E130 01 X003 \r", RecordError::Form { expected: "C or U", at: 20, found: b'X' });
    refused(b"\n11\r", RecordError::Length { expected: 11, found: 4 });
}

/// A40, A41 and A43 both ways; A42, whose header was copied from another.
#[test]
fn frames_of_dc07() {
    let new = |kind, sequence, receiver, line, told, data| {
        Dc07Frame::new(kind, sequence, receiver, line, told, data).unwrap()
    };
    let none: &[u8] = b"";
    for (bytes, frame) in [
        (&b"\n3E6714E01040101[#4444|NOP]\r"[..], new(Kind::FSK0, 104, 1, 1, account("4444"), &b"NOP"[..])),
        (b"\nDC7115m00300101[#7654| A01]\r", new(Kind::FSK1, 30, 1, 1, account("7654"), b" A01")),
        (b"\n47D40B\t00010100[]\r", new(Kind::INTERNAL, 1, 1, 0, None, none)),
    ] {
        assert_eq!((Dc07Frame::parse(bytes, STRICT), frame.encode().as_deref()), (Ok(frame), Ok(bytes)));
        assert_eq!(frame.is_link_test(), frame.kind() == Kind::INTERNAL);
    }
    let refused = |bytes: &[u8], error| assert_eq!(Dc07Frame::parse(bytes, STRICT), Err(error));
    refused(
        b"\n3E6714E01040101[#4444|NBA13]\r",
        RecordError::Check { check: Check::Crc, expected: 0x0996, found: 0x3E67 },
    );
    refused(b"\n3E6715E01040101[#4444|NOP]\r", RecordError::Check { check: Check::Length, expected: 20, found: 21 });
    refused(b"\n3e6714E01040101[#4444|NOP]\r", RecordError::NonStandard(Quirks::LOWER_CASE_HEADER));
    refused(b"3E6714E01040101[#4444|NOP]\r", RecordError::Foreign { expected: "dc07" });
    // A sign is no digit.
    refused(b"\n47D4+BX00010100[]\r", RecordError::Foreign { expected: "dc07" });
}

/// The account may be written otherwise than usual, which the frame says; what is no account stays in the content.
#[test]
fn accounts_of_dc07() {
    let framed = |inside: &str| {
        let body = format!("S00010101[{inside}]");
        format!("\n{:04X}{:02X}{body}\r", contactid::crc16_arc(body.as_bytes()), body.len()).into_bytes()
    };
    for (inside, told, data, quirks) in [
        ("#  12|NRP", Some("12"), "NRP", Quirks::NONE),
        ("#123456|NRP", Some("123456"), "NRP", Quirks::NONE),
        ("#12|NRP", Some("12"), "NRP", Quirks::ODD_ACCOUNT),
        ("#12  |NRP", Some("12"), "NRP", Quirks::ODD_ACCOUNT),
        ("# 1234|NRP", Some("1234"), "NRP", Quirks::ODD_ACCOUNT),
        ("#12ab|NRP", Some("12AB"), "NRP", Quirks::ODD_ACCOUNT),
        ("#1234", Some("1234"), "", Quirks::ODD_ACCOUNT),
        ("#12-4|NRP", None, "#12-4|NRP", Quirks::NONE),
        ("NRP", None, "NRP", Quirks::NONE),
    ] {
        let bytes = framed(inside);
        let frame = Dc07Frame::parse(&bytes, Strictness::Tolerant).unwrap();
        assert_eq!(
            (frame.account(), frame.data(), frame.quirks()),
            (told.map(|told| told.parse().unwrap()), data.as_bytes(), quirks),
            "{inside}"
        );
        let written = frame.encode().unwrap();
        assert_eq!(written == bytes, quirks.is_empty(), "{inside}");
        let again = Dc07Frame::parse(&written, STRICT).unwrap();
        assert_eq!((again.account(), again.data()), (frame.account(), frame.data()), "{inside}");
    }
    let hidden = Dc07Frame::new(Kind::SIA, 1, 1, 1, None, b"#1234|NRP").unwrap();
    assert_eq!(hidden.encode(), Err(EncodeError::Byte { field: "data", found: b'#' }));
}

#[test]
fn what_a_host_tells_a_d6600() {
    for (bytes, command) in [
        (&b"[CST1345]"[..], HostCommand::Time { hour: 13, minute: 45 }),
        (b"[CSD112426]", HostCommand::Date { month: 11, day: 24, year: 26 }),
        (b"[CLK07]", HostCommand::Clock { number: 7 }),
        (b"!T1345\r", HostCommand::ShortTime { hour: 13, minute: 45 }),
    ] {
        assert_eq!((HostCommand::parse(bytes), command.encode()), (Ok(command), bytes.to_vec()));
    }
    assert_eq!(HostCommand::parse(b"[CST13]"), Err(RecordError::Length { expected: 4, found: 2 }));
    assert_eq!(HostCommand::parse(b"[CSX13]"), Err(RecordError::Foreign { expected: "a host command of DC-07" }));
}
