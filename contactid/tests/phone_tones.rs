//! Scancom, Robofon, CESA and pulse formats: every layout of the sources as a whole value, and back.
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

use contactid::cesa::CesaMessage;
use contactid::dtmf::Digit;
use contactid::line::pulse::{FORMATS, Parity, PulseCheck, PulseLayout, PulseReader, PulseReport};
use contactid::robofon::{BlockCheck, ParityBit, RobofonFrame};
use contactid::scancom::{Channels, ScancomReport};
use contactid::{
    AccountNumber, Check, Class, Code, EncodeError, Lang, OwnCode, OwnList, Qualifier, Quirks, RecordError, Reply,
    Signal, Strictness,
};

fn account(text: &str) -> AccountNumber {
    text.parse().unwrap()
}

fn digits(text: &str) -> Vec<Digit> {
    text.chars().map(|digit| Digit::from_char(digit).unwrap()).collect()
}

fn signal(list: OwnList, code: &str, qualifier: Qualifier, number: Option<u32>) -> Signal {
    Signal { number, ..Signal::new(Code::Own(OwnCode::new(list, code.as_bytes()).unwrap()), qualifier) }
}

#[test]
fn scancom_lengths_tell_account_and_channels() {
    for (written, owner, channels, status) in [
        ("1234551555557", "1234", "55155555", "7"),
        ("12345551555557", "12345", "55155555", "7"),
        ("123456551555557", "123456", "55155555", "7"),
        ("B234551555555555555A7", "B234", "551555555555555A", "7"),
        ("1234555515555555555555555555551", "123455", "551555555555555555555555", "1"),
    ] {
        let report = ScancomReport::new(account(owner), &digits(channels), digits(status)[0]).unwrap();
        assert_eq!(ScancomReport::parse(written.as_bytes(), Strictness::Tolerant), Ok(report));
        assert_eq!((report.account(), report.status()), (Some(account(owner)), digits(status)[0]));
        assert_eq!((report.channels(), report.digits()), (&digits(channels)[..], &digits(written)[..]));
        assert_eq!(report.encode(), written.as_bytes());
    }
    for length in [0, 12, 16, 20, 24, 28, 32] {
        let expected = if length == 32 { 31 } else { 13 };
        assert_eq!(
            ScancomReport::parse(&b"5".repeat(length), Strictness::Tolerant),
            Err(RecordError::Length { expected, found: length })
        );
    }
    assert_eq!(
        ScancomReport::new(account("123"), &digits("55555555"), Digit::ZERO),
        Err(EncodeError::Width { field: "account", expected: 4, found: 3 })
    );
    assert_eq!(
        ScancomReport::new(account("1234"), &digits("555"), Digit::ZERO),
        Err(EncodeError::Width { field: "channels", expected: 8, found: 3 })
    );
    assert_eq!(
        ScancomReport::parse(b"A234551555557", Strictness::Strict),
        Err(RecordError::NonStandard(Quirks::DIGIT_A))
    );
}

#[test]
fn scancom_channels_agreed_and_usual() {
    let report = ScancomReport::parse(b"1234163205561", Strictness::Strict).unwrap();
    let own = |code, qualifier, number| signal(OwnList::Scancom, code, qualifier, number);
    assert_eq!(
        report.signals(Channels::Agreed).collect::<Vec<_>>(),
        [
            own("1", Qualifier::New, Some(1)),
            own("6", Qualifier::Status, Some(2)),
            own("3", Qualifier::Restore, Some(3)),
            own("2", Qualifier::New, Some(4)),
            own("0", Qualifier::New, Some(5)),
            own("6", Qualifier::Status, Some(8)),
            own("S1", Qualifier::New, None),
        ]
    );
    let usual: Vec<_> = report.signals(Channels::Usual).collect();
    assert_eq!(
        usual,
        [
            own("C1", Qualifier::New, Some(1)),
            own("C2", Qualifier::Status, Some(2)),
            own("C3", Qualifier::Restore, Some(3)),
            own("2", Qualifier::New, Some(4)),
            own("C5", Qualifier::New, Some(5)),
            own("C8", Qualifier::Status, Some(8)),
            own("S1", Qualifier::New, None),
        ]
    );
    let names: Vec<_> = usual.iter().map(|signal| (signal.class(), signal.name(Lang::En).into_owned())).collect();
    assert_eq!(
        names,
        [
            (Class::Fire, "fire".into()),
            (Class::HoldUp, "personal attack still present".into()),
            (Class::Burglary, "intruder restored".into()),
            (Class::OpenClose, "opening".into()),
            (Class::Cancel, "cancel".into()),
            (Class::System, "trouble still present".into()),
            (Class::Duress, "duress".into()),
        ]
    );
}

/// U 123456 10 ETX and a check character, with odd parity: 55 has four ones, 31 three, 33 four, 03 two.
const ROBOFON: [u8; 11] = [0xD5, 0x31, 0x32, 0xB3, 0x34, 0xB5, 0xB6, 0x31, 0xB0, 0x83, 0xAE];

#[test]
fn robofon() {
    let frame = RobofonFrame::new(account("123456"), *b"10", 0x2E).unwrap();
    assert_eq!(RobofonFrame::parse(&ROBOFON, BlockCheck::Ignored, Strictness::Strict), Ok(frame));
    assert_eq!(frame.encode(), ROBOFON);
    assert_eq!(frame.signal(), signal(OwnList::Robofon, "10", Qualifier::New, None));
    assert_eq!([Reply::Ack, Reply::Nak, Reply::Duh].map(|reply| frame.reply(reply)), [[0x86], [0x15], [0x15]]);
    assert_eq!(frame.reply(Reply::Silence), []);

    let stripped = frame.with_parity(ParityBit::Stripped);
    let bare = ROBOFON.map(|byte| byte & 0x7F);
    assert_eq!(RobofonFrame::parse(&bare, BlockCheck::Ignored, Strictness::Strict), Ok(stripped));
    assert_eq!((stripped.encode(), stripped.reply(Reply::Ack)), (bare, &[6][..]));
}

#[test]
fn robofon_mangled() {
    let read = |wire: &[u8], rule| RobofonFrame::parse(wire, rule, Strictness::Tolerant);
    let mut parity = ROBOFON;
    parity[3] = 0x33;
    assert_eq!(
        read(&parity, BlockCheck::Ignored),
        Err(RecordError::Check { check: Check::Parity, expected: 0xB3, found: 0x33 })
    );
    // 31+32+33+34+35+36+31+30+03 = 199 hexadecimal.
    assert_eq!(BlockCheck::Sum.of(*b"12345610"), Some(0x19));
    assert_eq!(BlockCheck::Xor.of(*b"12345610"), Some(0x05));
    for (rule, expected) in [(BlockCheck::Sum, 0x19), (BlockCheck::Xor, 0x05)] {
        assert_eq!(read(&ROBOFON, rule), Err(RecordError::Check { check: Check::Checksum, expected, found: 0x2E }));
        let frame = RobofonFrame::new(account("123456"), *b"10", expected as u8).unwrap();
        assert_eq!(read(&frame.encode(), rule), Ok(frame));
    }
    assert_eq!(read(b"X", BlockCheck::Ignored), Err(RecordError::Foreign { expected: "a frame of Robofon 8" }));
    assert_eq!(read(b"U", BlockCheck::Ignored), Err(RecordError::Length { expected: 11, found: 1 }));
    assert_eq!(
        read(b"U123456100\x2E", BlockCheck::Ignored),
        Err(RecordError::Form { expected: "ETX", at: 9, found: b'0' })
    );
    assert_eq!(
        read(b"U12 45610\x03\x2E", BlockCheck::Ignored),
        Err(RecordError::Form { expected: "a digit of account or code", at: 3, found: b' ' })
    );
    assert_eq!(
        RobofonFrame::new(account("12345"), *b"10", 0),
        Err(EncodeError::Width { field: "account", expected: 6, found: 5 })
    );
    assert_eq!(
        RobofonFrame::new(account("123456"), *b"1\n", 0),
        Err(EncodeError::Byte { field: "code", found: b'\n' })
    );
    assert_eq!(
        RobofonFrame::new(account("123456"), *b"10", 0x80),
        Err(EncodeError::Byte { field: "check", found: 0x80 })
    );
}

#[test]
fn cesa() {
    for (written, event, zone, said) in [
        (b"1234510700000000", 1, 7, signal(OwnList::Cesa, "1", Qualifier::New, Some(7))),
        (b"1234529900000000", 2, 99, signal(OwnList::Cesa, "2", Qualifier::Restore, Some(99))),
        (b"1234530100000000", 3, 1, signal(OwnList::Cesa, "3", Qualifier::Status, Some(1))),
        (b"1234540100000000", 4, 1, signal(OwnList::Cesa, "4", Qualifier::Restore, Some(1))),
        (b"1234500000000000", 0, 0, signal(OwnList::Cesa, "0", Qualifier::New, None)),
        (b"1234590000000000", 9, 0, signal(OwnList::Cesa, "9", Qualifier::New, None)),
    ] {
        let message = CesaMessage::new(account("12345"), event, zone).unwrap();
        assert_eq!(CesaMessage::parse(written, Strictness::Strict), Ok(message));
        assert_eq!((message.encode(), message.signal()), (*written, said));
        assert_eq!(CesaMessage::agreed(written, written, Strictness::Strict), Ok(message));
    }
    let whole = b"1234510700000000";
    assert_eq!(
        CesaMessage::agreed(whole, b"1234510800000000", Strictness::Tolerant),
        Err(RecordError::Check { check: Check::Checksum, expected: 0x37, found: 0x38 })
    );
    let short = Err(RecordError::Length { expected: 16, found: 8 });
    assert_eq!(CesaMessage::agreed(whole, b"12345107", Strictness::Tolerant), short);
    assert_eq!(CesaMessage::agreed(b"12345107", whole, Strictness::Tolerant), short);
    let filled = CesaMessage::parse(b"1234510700000001", Strictness::Tolerant).unwrap();
    assert_eq!((filled.quirks(), filled.encode()), (Quirks::STRAY_TAIL, *whole));
    for (written, error) in [
        (b"12 4510700000000", RecordError::Form { expected: "a digit of the account", at: 2, found: b' ' }),
        (b"12345X0700000000", RecordError::Form { expected: "an event digit", at: 5, found: b'X' }),
        (b"123451A700000000", RecordError::Form { expected: "a digit of the zone", at: 6, found: b'A' }),
    ] {
        assert_eq!(CesaMessage::parse(written, Strictness::Tolerant), Err(error));
    }
    assert_eq!(CesaMessage::new(account("12345"), 10, 0), Err(EncodeError::Byte { field: "event", found: 10 }));
    assert_eq!(CesaMessage::new(account("12345"), 1, 100), Err(EncodeError::Byte { field: "zone", found: 100 }));
}

#[test]
fn pulse_layouts() {
    for (written, layout, owner, event, zone, said) in [
        ("1233", PulseLayout::ThreeOne, "123", "3", None, signal(OwnList::Pulse, "3", Qualifier::New, None)),
        ("12343", PulseLayout::FourOne, "1234", "3", None, signal(OwnList::Pulse, "3", Qualifier::New, None)),
        ("AA34A", PulseLayout::FourOne, "0034", "0", None, signal(OwnList::Pulse, "0", Qualifier::New, None)),
        ("123431", PulseLayout::FourTwo, "1234", "3", Some("1"), {
            signal(OwnList::Pulse, "3", Qualifier::New, Some(1))
        }),
        ("12343A", PulseLayout::FourTwo, "1234", "3", Some("0"), {
            Signal { address: Some("0".into()), ..signal(OwnList::Pulse, "3", Qualifier::New, Some(10)) }
        }),
        ("12343C", PulseLayout::FourTwo, "1234", "3", Some("C"), {
            Signal { address: Some("C".into()), ..signal(OwnList::Pulse, "3", Qualifier::New, Some(12)) }
        }),
    ] {
        let report =
            PulseReport::new(layout, account(owner), digits(event)[0], zone.map(|zone| digits(zone)[0])).unwrap();
        assert_eq!(PulseReport::parse(written.as_bytes(), Strictness::Strict), Ok(report));
        assert_eq!((report.encode(), report.signal()), (written.as_bytes().to_vec(), said));
        assert_eq!((report.account(), report.rounds()), (Some(account(owner)), vec![digits(written)]));
    }
    let zero = PulseReport::parse(b"10343", Strictness::Tolerant).unwrap();
    assert_eq!((zero.account(), zero.encode()), (Some(account("1034")), b"1A343".to_vec()));
    assert_eq!(zero.quirks(), Quirks::ZERO_FOR_TEN_PULSES);
    assert_eq!(
        PulseReport::parse(b"10343", Strictness::Strict),
        Err(RecordError::NonStandard(Quirks::ZERO_FOR_TEN_PULSES))
    );
    for found in [0, 3, 7] {
        let error = RecordError::Length { expected: 4, found };
        assert_eq!(PulseReport::parse(&b"1".repeat(found), Strictness::Tolerant), Err(error));
    }
    assert_eq!(
        PulseReport::new(PulseLayout::FourTwo, account("1234"), Digit::ZERO, None),
        Err(EncodeError::Width { field: "zone", expected: 1, found: 0 })
    );
    assert_eq!(
        PulseReport::new(PulseLayout::ThreeOne, account("1234"), Digit::ZERO, None),
        Err(EncodeError::Width { field: "account", expected: 3, found: 4 })
    );
}

#[test]
fn extended_three_one() {
    let read = |first, second| PulseReport::from_extended(&digits(first), &digits(second));
    let zone = Some(digits("5")[0]);
    let report = PulseReport::new(PulseLayout::ExtendedThreeOne, account("123"), digits("3")[0], zone).unwrap();
    assert_eq!(read("1233", "3335"), Ok(report));
    assert_eq!((report.encode(), report.rounds()), (b"12333335".to_vec(), vec![digits("1233"), digits("3335")]));
    assert_eq!(report.signal(), signal(OwnList::Pulse, "3", Qualifier::New, Some(5)));
    assert_eq!(read("1233", "3345"), Err(RecordError::Check { check: Check::Checksum, expected: 3, found: 4 }));
    assert_eq!(read("1233", "33355"), Err(RecordError::Length { expected: 4, found: 5 }));
    assert_eq!(read("123", "3335"), Err(RecordError::Length { expected: 4, found: 3 }));
}

#[test]
fn rounds_that_agree() {
    let report = PulseReport::parse(b"12343", Strictness::Strict).unwrap();
    let mut reader = PulseReader::new(PulseCheck::Twice, Parity::Ignored);
    let rounds = ["12343", "12353", "12343", "12343", "12343", "12343"];
    let read: Vec<_> = rounds.iter().map(|round| reader.round(&digits(round))).collect();
    assert_eq!(read, [Ok(None), Ok(None), Ok(None), Ok(Some(report)), Ok(None), Ok(Some(report))]);
    // A round that is none breaks the row.
    let read: Vec<_> = ["12343", "1", "12343"].iter().map(|round| reader.round(&digits(round))).collect();
    assert_eq!(read, [Ok(None), Err(RecordError::Length { expected: 4, found: 1 }), Ok(None)]);
}

#[test]
fn rounds_in_pairs() {
    let zone = Some(digits("5")[0]);
    let report = PulseReport::new(PulseLayout::ExtendedThreeOne, account("123"), digits("3")[0], zone).unwrap();
    let wrong = RecordError::Check { check: Check::Checksum, expected: 3, found: 4 };
    let four = PulseReport::parse(b"12343", Strictness::Strict).unwrap();
    let mut twice = PulseReader::new(PulseCheck::Twice, Parity::Ignored).with_extended(true);
    let rounds = ["1233", "1233", "3335", "3335", "1233", "1233", "4445", "4445", "12343", "12343"];
    let read: Vec<_> = rounds.iter().map(|round| twice.round(&digits(round))).collect();
    let none = || Ok(None);
    assert_eq!(
        read,
        [none(), none(), none(), Ok(Some(report)), none(), none(), none(), Err(wrong), none(), Ok(Some(four))]
    );
    let mut parity = PulseReader::new(PulseCheck::Parity, Parity::Ignored).with_extended(true);
    assert_eq!([parity.round(&digits("12331")), parity.round(&digits("33352"))], [Ok(None), Ok(Some(report))]);
}

#[test]
fn rounds_with_parity() {
    let report = PulseReport::parse(b"12343", Strictness::Strict).unwrap();
    let mut any = PulseReader::new(PulseCheck::Parity, Parity::Ignored);
    assert_eq!(any.round(&digits("123431")), Ok(Some(report)));
    assert_eq!(any.round(&[]), Err(RecordError::Length { expected: 5, found: 0 }));
    let mut checked = PulseReader::new(PulseCheck::Parity, Parity::Ademco);
    assert_eq!(checked.round(&digits("123432")), Ok(Some(report)));
    assert_eq!(
        checked.round(&digits("123431")),
        Err(RecordError::Check { check: Check::Checksum, expected: 2, found: 1 })
    );
}

#[test]
fn formats_of_the_line_card() {
    let rows: Vec<_> = FORMATS
        .iter()
        .map(|format| (format.name, format.handshakes_hz, format.tone_hz, format.rates, format.check))
        .collect();
    let (twice, parity) = (PulseCheck::Twice, PulseCheck::Parity);
    assert_eq!(
        rows,
        [
            ("Ademco slow, Silent Knight slow", &[1400][..], Some(1900), &[10][..], twice),
            ("Silent Knight fast, Adcor", &[1400], None, &[20], twice),
            ("Sescoa, Franklin, DCI, Vertex", &[2300], Some(1800), &[20], parity),
            ("Radionics", &[1400, 2300], None, &[20, 40], parity),
        ]
    );
}
