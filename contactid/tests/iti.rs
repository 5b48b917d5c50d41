//! ITI generic records and records of the ITI computer interface: bytes to the whole value and back.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::automation::iti::{ComputerKind, ComputerRecord, ForeignFormat, ItiPanel, ItiRecord, ItiReport};
use contactid::{EncodeError, Qualifier, RecordError, Signal};

/// The example of the manuals: 0A '1' 'B' '1' 6A '2345' '8' 'b' '45' 'A' 0D.
const EXAMPLE: &[u8] = b"\x0A1B1\x6A23458b45A\x0D";
const FIELDS: [(char, &str); 8] =
    [('R', "1"), ('L', "B"), ('A', "12345"), ('T', "j"), ('G', "8"), ('I', "b"), ('Z', "45"), ('E', "A")];

fn with(changed: &[(char, &'static str)]) -> Vec<(char, &'static str)> {
    let text = |letter, old| changed.iter().find(|(known, _)| *known == letter).map_or(old, |(_, new)| *new);
    FIELDS.iter().map(|&(letter, old)| (letter, text(letter, old))).collect()
}

#[test]
fn the_example_of_the_manuals() {
    let record = ItiRecord::parse(EXAMPLE).unwrap();
    let report = ItiReport::new(&FIELDS).unwrap();
    assert_eq!((record, record.encode()), (ItiRecord::Report(report), EXAMPLE.to_vec()));
    assert_eq!(FIELDS.map(|(letter, _)| report.field(letter)), FIELDS.map(|(_, text)| text.to_owned()));
    assert_eq!((report.account(), report.panel()), (Some("12345".parse().unwrap()), ItiPanel::SxV));
    assert_eq!(
        report.signal(),
        Some(Signal { group: Some(8), number: Some(45), ..Signal::new("iti:A".parse().unwrap(), Qualifier::New) })
    );
}

/// Upper four bits 2 to 7 name the panel; of another maker's panel the lower four name the format.
#[test]
fn every_panel() {
    use ForeignFormat as F;
    let foreign = [
        F::Unlisted,
        F::Slow31,
        F::Fast31,
        F::Extended,
        F::Extended,
        F::FourOne,
        F::FourOne,
        F::FourTwo,
        F::FourTwo,
        F::Radionics,
        F::Bfsk,
        F::Unlisted,
        F::Unlisted,
        F::Unlisted,
        F::Unlisted,
        F::Unlisted,
    ];
    for byte in 0..=u8::MAX {
        let expected = match byte >> 4 {
            2 => ItiPanel::Unknown,
            3 => ItiPanel::Foreign(foreign[usize::from(byte & 15)]),
            4 => ItiPanel::SxIiiOrIvA,
            5 => ItiPanel::SxIvB,
            6 => ItiPanel::SxV,
            7 => ItiPanel::OtherIti,
            _ => ItiPanel::Unlisted,
        };
        assert_eq!(ItiPanel::of(byte), expected, "{byte:02X}");
    }
}

#[test]
fn conditions_and_numbers() {
    let signal = |changed: &[(char, &'static str)]| ItiReport::new(&with(changed)).unwrap().signal();
    let own = |text: &str, qualifier| Signal::new(text.parse().unwrap(), qualifier);
    let (group, number) = (Some(8), Some(45));
    assert_eq!(signal(&[('E', "W")]), Some(Signal { group, number, ..own("iti:W", Qualifier::Restore) }));
    assert_eq!(signal(&[('E', "C")]), Some(Signal { group, number, ..own("iti:C", Qualifier::Restore) }));
    assert_eq!(signal(&[('E', "O")]), Some(Signal { group, number, ..own("iti:O", Qualifier::New) }));
    assert_eq!(signal(&[('G', "x"), ('Z', "A1")]), Some(Signal { group: Some(59), ..own("iti:A", Qualifier::New) }));
    assert_eq!(signal(&[('E', " ")]), None);
    // A shorter account is set to the right.
    let short = ItiReport::new(&with(&[('A', "77")])).unwrap();
    assert_eq!(ItiRecord::Report(short).encode(), b"\x0A1B \x6A  778b45A\x0D");
    assert_eq!(short.account(), Some("77".parse().unwrap()));
}

#[test]
fn test_and_heartbeat() {
    for (bytes, record) in [(&b"\nIT IRCV 234A\r"[..], ItiRecord::Test), (b"\n00 OKAY @\r", ItiRecord::Heartbeat)] {
        assert_eq!((ItiRecord::parse(bytes), record.encode()), (Ok(record), bytes.to_vec()));
        assert_eq!((record.account(), record.signal()), (None, None));
    }
}

#[test]
fn what_is_no_generic_record() {
    let foreign = RecordError::Foreign { expected: "iti" };
    assert_eq!(ItiRecord::parse(b""), Err(foreign));
    assert_eq!(ItiRecord::parse(&EXAMPLE[1..]), Err(foreign));
    assert_eq!(ItiRecord::parse(b"\n1B1\r"), Err(RecordError::Length { expected: 14, found: 5 }));
    assert_eq!(ItiRecord::parse(b"\n1B1j23458b45AA\r"), Err(RecordError::Form { expected: "CR", at: 14, found: b'A' }));
    assert_eq!(ItiRecord::parse(b"\n1B1j23458b45A\r\n"), Err(RecordError::Length { expected: 15, found: 16 }));
    assert_eq!(
        ItiRecord::parse(b"\n1B1j23\x8058b45A\r"),
        Err(RecordError::Form { expected: "what the layout has", at: 7, found: 0x80 })
    );
    let unwritable = |changed: &[(char, &'static str)]| ItiReport::new(&with(changed)).unwrap_err();
    assert_eq!(unwritable(&[('A', "123456")]), EncodeError::Width { field: "account", expected: 5, found: 6 });
    assert_eq!(unwritable(&[('Z', "4")]), EncodeError::Width { field: "number", expected: 2, found: 1 });
    assert_eq!(unwritable(&[('E', "\r")]), EncodeError::Byte { field: "event", found: b'\r' });
}

/// The record that the notes print, with the letter and the digits that they leave open.
const COMPUTER: &[u8] = b"|[R|IA1|LB|A123456|V55600|D0514|T1019|N0005|Z1|CA|]K0F3A\r";

#[test]
fn a_report_of_the_computer_interface() {
    let fields = "IA1|LB|A123456|V55600|D0514|T1019|N0005|Z1|CA";
    let record = ComputerRecord::parse(COMPUTER).unwrap();
    assert_eq!(record, ComputerRecord::new(ComputerKind::Report, fields, 'K', *b"0F3A").unwrap());
    assert_eq!(record.encode(), COMPUTER);
    assert_eq!(
        (record.kind(), record.fields(), record.letter(), record.tail()),
        (ComputerKind::Report, fields, 'K', "0F3A")
    );
    let each = "ILAVDTNZCOM".chars().map(|letter| record.field(letter)).collect::<Vec<_>>();
    let expected = [
        Some("A1"),
        Some("B"),
        Some("123456"),
        Some("55600"),
        Some("0514"),
        Some("1019"),
        Some("0005"),
        Some("1"),
        Some("A"),
        None,
        None,
    ];
    assert_eq!(each, expected);
    assert_eq!(record.account(), Some("123456".parse().unwrap()));
    assert_eq!(
        record.signal(),
        Some(Signal {
            number: Some(1),
            device_time: Some("0514 1019".into()),
            ..Signal::new("iti:A".parse().unwrap(), Qualifier::New)
        })
    );
}

/// R, T, S and L; a log begins with S and ends with E.
#[test]
fn every_kind_of_the_computer_interface() {
    for (bytes, kind, fields) in [
        (&b"|[T|IA1|A123|T1019|]A0000\r"[..], ComputerKind::Test, "IA1|A123|T1019"),
        (b"|[S|IA1|O|]Bffff\r", ComputerKind::Supervisory, "IA1|O"),
        (b"|[L|S0005|]C1a2B\r", ComputerKind::Log, "S0005"),
        (b"|[L|E0005|]Z0000\r", ComputerKind::Log, "E0005"),
        (b"|[R|]D0000\r", ComputerKind::Report, ""),
    ] {
        let record = ComputerRecord::parse(bytes).unwrap();
        assert_eq!((record.kind(), record.fields(), record.encode()), (kind, fields, bytes.to_vec()));
        assert_eq!(record.signal(), None);
    }
    let timed = ComputerRecord::parse(b"|[R|T1019|CW|]A0000\r").unwrap();
    assert_eq!(
        timed.signal(),
        Some(Signal { device_time: Some("1019".into()), ..Signal::new("iti:W".parse().unwrap(), Qualifier::Restore) })
    );
}

#[test]
fn what_is_no_record_of_the_computer_interface() {
    let refused = |bytes: &[u8], error| assert_eq!(ComputerRecord::parse(bytes), Err(error));
    let foreign = RecordError::Foreign { expected: "iti-computer" };
    refused(b"", foreign);
    refused(b"[R|]A0000\r", foreign);
    refused(b"|[X|]A0000\r", foreign);
    refused(b"|[R", RecordError::Length { expected: 4, found: 3 });
    refused(b"|[RR|]A0000\r", RecordError::Form { expected: "|", at: 3, found: b'R' });
    refused(b"|[R|A1]A0000\r", RecordError::Form { expected: "|", at: 5, found: b'1' });
    refused(b"|[R|A1|]a0000\r", RecordError::Form { expected: "a letter A to Z", at: 8, found: b'a' });
    refused(b"|[R|A1|]A00G0\r", RecordError::Form { expected: "a hexadecimal digit", at: 11, found: b'G' });
    refused(b"|[R|A1|]A0000\n", RecordError::Form { expected: "CR", at: 13, found: b'\n' });
    refused(b"|[R|A1|]A0000\r\n", RecordError::Length { expected: 14, found: 15 });
    let unwritable =
        |text, letter, tail: &[u8; 4]| ComputerRecord::new(ComputerKind::Report, text, letter, *tail).unwrap_err();
    assert_eq!(unwritable("A1]", 'A', b"0000"), EncodeError::Byte { field: "fields", found: b']' });
    assert_eq!(unwritable("A1\r", 'A', b"0000"), EncodeError::Byte { field: "fields", found: b'\r' });
    assert_eq!(unwritable("A1", 'a', b"0000"), EncodeError::Byte { field: "letter", found: b'a' });
    assert_eq!(unwritable("A1", 'A', b"00x0"), EncodeError::Byte { field: "tail", found: b'x' });
}
