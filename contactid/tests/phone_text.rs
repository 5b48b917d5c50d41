//! Contact ID as text: every form as a whole value and back, and streams of it cut.
#![allow(clippy::unwrap_used, reason = "a test stops where its text does not read")]

use contactid::cid::text::{
    BracketReport, CsvChecksum, CsvReport, EldesCheck, EldesReport, SerialPrefix, SerialReport, TextForm, TextReply,
    TextSplitter,
};
use contactid::cid::{CidReport, MessageType};
use contactid::dtmf::Digit;
use contactid::{
    Check, CidMessage, Code, EncodeError, EventCode, Qualifier, Quirks, RecordError, Reply, Signal, Strictness,
};

fn message(qualifier: Qualifier, code: u16, group: u16, number: u16) -> CidMessage {
    CidMessage::new(qualifier, EventCode::new(code).unwrap(), group, number).unwrap()
}

fn report(account: &str, said: CidMessage) -> CidReport {
    CidReport::new(account.parse().unwrap(), said).unwrap()
}

fn digit(written: char) -> Digit {
    Digit::from_char(written).unwrap()
}

/// A65.
#[test]
fn serial() {
    let said = report("1234", message(Qualifier::New, 627, 1, 0));
    for (wire, prefix) in
        [(&b"AL00123418162701000##\r\n"[..], SerialPrefix::Long), (b"AL123418162701000##\r\n", SerialPrefix::Short)]
    {
        let whole = SerialReport::new(prefix, said);
        assert_eq!(SerialReport::parse(wire, Strictness::Strict), Ok(whole));
        assert_eq!(whole.encode(), wire);
        assert_eq!(whole.account(), "1234".parse().ok());
        assert_eq!(whole.signal(), said.signal());
        assert_eq!(TextReply::Ok.bytes(Reply::Ack, wire), b"OK");
        assert_eq!(TextReply::Ok.bytes(Reply::Nak, wire), b"");
    }
}

#[test]
fn departures_of_the_serial_form() {
    let bare = b"AL00123418162701000##";
    let read = SerialReport::parse(bare, Strictness::Tolerant).unwrap();
    assert_eq!(read.quirks(), Quirks::NO_CR);
    assert_eq!(read.encode(), b"AL00123418162701000##\r\n");
    assert_eq!(SerialReport::parse(bare, Strictness::Strict), Err(RecordError::NonStandard(Quirks::NO_CR)));
    for (wire, error) in [
        (&b"XL00123418162701000##\r\n"[..], RecordError::Foreign { expected: "a report of the form AL00…##" }),
        (b"AL0012341816270100##\r\n", RecordError::Length { expected: 23, found: 22 }),
        (b"AL00123418162701000\r\n", RecordError::Length { expected: 23, found: 21 }),
        (b"AL00123417162701000##\r\n", RecordError::Form { expected: "message type 18 or 98", at: 8, found: b'1' }),
        (b"AL123418162G01000##\r\n", RecordError::Form { expected: "a digit 0 to 9 or B to F", at: 11, found: b'G' }),
        (b"AL00123418762701000##\r\n", RecordError::Form { expected: "a qualifier of 1, 3 or 6", at: 10, found: b'7' }),
    ] {
        assert_eq!(SerialReport::parse(wire, Strictness::Tolerant), Err(error));
    }
}

/// A66.
#[test]
fn brackets() {
    let wire = b"[CID2 181401010012843]";
    let said = message(Qualifier::New, 401, 1, 1);
    let whole = BracketReport::new("CID2", MessageType::Preferred, said, digit('2'), b"843").unwrap();
    assert_eq!(BracketReport::parse(wire, Strictness::Strict), Ok(whole));
    assert_eq!(whole.encode(), wire);
    assert_eq!((whole.account(), whole.check_holds()), ("CID2".parse().ok(), None));
    let signal = Signal {
        group: Some(1),
        number: Some(1),
        text: Some("843".into()),
        ..Signal::new(Code::Cid(EventCode::new(401).unwrap()), Qualifier::New)
    };
    assert_eq!(whole.signal(), signal);
    assert_eq!(TextReply::Byte06.bytes(Reply::Ack, wire), [6]);
    assert_eq!(TextReply::Echo.bytes(Reply::Ack, wire), wire);
    assert_eq!(TextReply::Silence.bytes(Reply::Ack, wire), b"");
}

#[test]
fn a_check_digit_in_brackets_is_compared_where_there_is_an_account() {
    let held = |wire: &[u8]| BracketReport::parse(wire, Strictness::Strict).unwrap().check_holds();
    assert_eq!(held(b"[1234 181131010158]"), Some(true));
    assert_eq!(held(b"[1234 181131010157]"), Some(false));
    assert_eq!(held(b"[12345 181131010157]"), None);
}

#[test]
fn departures_of_brackets() {
    let said = message(Qualifier::New, 131, 1, 15);
    let whole = BracketReport::new("1234", MessageType::Preferred, said, digit('8'), "门".as_bytes()).unwrap();
    for (wire, quirks) in
        [("[1234 181131010158门]\r\n", Quirks::STRAY_TAIL), ("[1234 181131010158门", Quirks::UNCLOSED_BRACKET)]
    {
        let read = BracketReport::parse(wire.as_bytes(), Strictness::Tolerant).unwrap();
        assert_eq!((read.quirks(), read.encode()), (quirks, whole.encode()));
        assert_eq!(read.signal().text.as_deref(), Some("门"));
        assert_eq!(BracketReport::parse(wire.as_bytes(), Strictness::Strict), Err(RecordError::NonStandard(quirks)));
    }
    for (wire, error) in [
        (&b"1234 181131010158]"[..], RecordError::Foreign { expected: "a report in brackets" }),
        (b"[1234]", RecordError::Length { expected: 16, found: 6 }),
        (b"[1234 18113101015]", RecordError::Length { expected: 16, found: 18 }),
        (b"[ 181131010158]", RecordError::Form { expected: "a subscriber without blanks", at: 1, found: b' ' }),
        (b"[12\x0034 181131010158]", RecordError::Form { expected: "a subscriber without blanks", at: 3, found: 0 }),
        (b"[1234 271131010158]", RecordError::Form { expected: "message type 18 or 98", at: 6, found: b'2' }),
        (b"[1234 18113101015X]", RecordError::Form { expected: "a digit 0 to 9 or B to F", at: 17, found: b'X' }),
        (b"[1234 181131010158a[b]", RecordError::Form { expected: "text without brackets", at: 19, found: b'[' }),
    ] {
        assert_eq!(BracketReport::parse(wire, Strictness::Tolerant), Err(error));
    }
    let new = |subscriber, tail| BracketReport::new(subscriber, MessageType::Preferred, said, digit('8'), tail);
    assert_eq!(new("a b", b""), Err(EncodeError::Byte { field: "subscriber", found: b' ' }));
    assert_eq!(new("", b""), Err(EncodeError::Width { field: "subscriber", expected: 4, found: 0 }));
    assert_eq!(new("1234", b"]"), Err(EncodeError::Byte { field: "tail", found: b']' }));
}

#[test]
fn comma_separated() {
    let wire = b"arc,secret,1234,1234181131010158";
    let whole = CsvReport::new(["arc", "secret", "1234", "1234181131010158"], None).unwrap();
    assert_eq!(CsvReport::parse(wire, CsvChecksum::Absent, Strictness::Strict), Ok(whole));
    assert_eq!(whole.encode(), wire);
    assert_eq!(whole.report(), Ok(report("1234", message(Qualifier::New, 131, 1, 15))));
    assert!(!format!("{whole:?}").contains("secret"));

    let checked = b"arc,secret,1234,hello,9F";
    let whole = CsvReport::new(["arc", "secret", "1234", "hello"], Some("9F")).unwrap();
    assert_eq!(CsvReport::parse(checked, CsvChecksum::LastField, Strictness::Strict), Ok(whole));
    assert_eq!((whole.encode(), whole.signal()), (checked.to_vec(), None));

    let ended = CsvReport::parse(b"a,b,c,d\r\n", CsvChecksum::Absent, Strictness::Tolerant).unwrap();
    assert_eq!((ended.quirks(), ended.message()), (Quirks::STRAY_TAIL, "d"));
    for (wire, error) in [
        (&b"a,b,c"[..], RecordError::Length { expected: 3, found: 2 }),
        (b"a,b,c,d,e", RecordError::Length { expected: 3, found: 4 }),
        (b"a,b,\xFF,d", RecordError::Form { expected: "printable ASCII", at: 4, found: 0xFF }),
    ] {
        assert_eq!(CsvReport::parse(wire, CsvChecksum::Absent, Strictness::Tolerant), Err(error));
    }
    assert_eq!(CsvReport::new(["a", "b,", "c", "d"], None), Err(EncodeError::Byte { field: "password", found: b',' }));
}

#[test]
fn eldes() {
    let wire = b"31234181131010157";
    let whole = EldesReport::new(report("1234", message(Qualifier::New, 131, 1, 15)), digit('7'));
    assert_eq!(EldesReport::parse(wire, EldesCheck::Ignored, Strictness::Strict), Ok(whole));
    assert_eq!(whole.encode(), *wire);
    assert_eq!(
        EldesReport::parse(wire, EldesCheck::ContactId, Strictness::Strict),
        Err(RecordError::Check { check: Check::Checksum, expected: 8, found: 7 })
    );
    let foreign = RecordError::Foreign { expected: "a report of the form 3AAAA18QEEEPPZZZC" };
    assert_eq!(EldesReport::parse(b"41234181131010157", EldesCheck::Ignored, Strictness::Tolerant), Err(foreign));
    assert_eq!(
        EldesReport::parse(b"3123418113101015", EldesCheck::Ignored, Strictness::Tolerant),
        Err(RecordError::Length { expected: 17, found: 16 })
    );
}

fn cut(form: TextForm, stream: &[u8], size: usize) -> Vec<Vec<u8>> {
    let (mut splitter, mut records) = (TextSplitter::new(form), Vec::new());
    for segment in stream.chunks(size) {
        splitter.push(segment);
        while let Some(record) = splitter.pop() {
            records.push(record.to_vec());
        }
        assert!(splitter.pending() <= TextSplitter::MAX);
    }
    records
}

/// However the segments fall, the same records come out, and what lies between them does not.
#[test]
fn streams() {
    let long = [&b"[".repeat(3)[..], &b"x".repeat(5000), b"[1234 181131010158]"].concat();
    let serial: &[&[u8]] = &[b"AL00123418162701000##\r\n", b"AL123418162701000##", b"AL00123418162701000##\r\n"];
    for (form, stream, records) in [
        (
            TextForm::Serial,
            &b"noise AAL00123418162701000##\r\nAL123418162701000##AL0012AL00123418162701000##\r\n"[..],
            serial,
        ),
        (
            TextForm::Bracket,
            b"x[123[1234 181131010158]\r\n[CID2 181401010012843]",
            &[b"[1234 181131010158]", b"[CID2 181401010012843]"],
        ),
        (TextForm::Bracket, &long, &[b"[1234 181131010158]"]),
        (
            TextForm::Bare,
            b"\r\n1234181131010158123418113701015212 34\r1234181131010158",
            &[b"1234181131010158", b"1234181137010152", b"1234181131010158"],
        ),
        (TextForm::Csv, b"\r\na,b,c,d\r\ne,f,g,h\n", &[b"a,b,c,d", b"e,f,g,h"]),
    ] {
        for size in [1, 2, 7, stream.len()] {
            assert_eq!(cut(form, stream, size), records, "{form:?} in segments of {size}");
        }
    }
}
