//! Digits of a telephone line: every published message as a whole value, and back.
#![allow(clippy::unwrap_used, reason = "a test stops where its digits do not read")]

use contactid::cid::text::BracketReport;
use contactid::cid::{
    AdemcoReport, ChannelForm, ChannelReport, CidReport, ExpressCode, ExpressReport, MessageType, check_digit,
    verify_check_digit,
};
use contactid::dtmf::Digit;
use contactid::{
    AccountNumber, Check, CidMessage, Class, EncodeError, EventCode, Format, Lang, OwnCode, OwnList, Qualifier, Quirks,
    RecordError, Signal, Strictness,
};

fn account(text: &str) -> AccountNumber {
    text.parse().unwrap()
}

fn digits(text: &str) -> Vec<Digit> {
    text.chars().map(|digit| Digit::from_char(digit).unwrap()).collect()
}

fn message(qualifier: Qualifier, code: u16, group: u16, number: u16) -> CidMessage {
    CidMessage::new(qualifier, EventCode::new(code).unwrap(), group, number).unwrap()
}

/// A29, A30, A32: valid both ways; A31: the check digit changed.
#[test]
fn sixteen_digits() {
    for (written, said) in [
        (b"1234181131010158", message(Qualifier::New, 131, 1, 15)),
        (b"1234181137010152", message(Qualifier::New, 137, 1, 15)),
        (b"123418140101000E", message(Qualifier::New, 401, 1, 0)),
    ] {
        let report = CidReport::new(account("1234"), said).unwrap();
        assert_eq!(CidReport::parse(written, Strictness::Strict), Ok(report));
        let heard = digits(std::str::from_utf8(written).unwrap());
        assert_eq!(CidReport::from_digits(&heard, Strictness::Strict), Ok(report));
        assert_eq!(report.encode(), *written);
        assert_eq!(report.digits().as_slice(), heard);
        assert_eq!(report.signal(), said.signal());
    }
    assert_eq!(
        CidReport::parse(b"1234181131010157", Strictness::Tolerant),
        Err(RecordError::Check { check: Check::Checksum, expected: 8, found: 7 })
    );
}

#[test]
fn the_other_type_has_its_own_check_digit() {
    let report = CidReport::new(account("1234"), message(Qualifier::New, 131, 1, 15)).unwrap();
    let report = report.with_type(MessageType::Optional);
    assert_eq!(report.encode(), *b"123498113101015F");
    assert_eq!(CidReport::parse(b"123498113101015F", Strictness::Strict), Ok(report));
}

#[test]
fn check_digits_at_the_edges_of_the_rule() {
    // Nothing missing is F, ten missing is 0.
    for (before, check) in [("", 'F'), ("F", 'F'), ("5", '0'), ("0", '5'), ("A", '5'), ("1", 'E'), ("E", '1')] {
        let mut whole = digits(before);
        assert_eq!(check_digit(&whole).to_char(), check, "{before}");
        whole.push(Digit::from_char(check).unwrap());
        assert_eq!(verify_check_digit(&whole), Ok(()), "{before}");
    }
    assert_eq!(verify_check_digit(&digits("5A")), Ok(()));
    assert_eq!(verify_check_digit(&[]), Err(RecordError::Length { expected: 1, found: 0 }));
}

/// What is no digit of the format is read where it does no harm, and refused where it is asked to be.
#[test]
fn departures_of_sixteen_digits() {
    for (written, quirks, back) in [
        ("A23418113101015E", Quirks::DIGIT_A, "A23418113101015E"),
        ("1234182131010157", Quirks::RESTORE_AS_2, "1234183131010156"),
        ("123418113101B157", Quirks::ODD_DIGITS, "123418113101B157"),
        ("b23418113101015d", Quirks::LOWER_CASE_DIGITS, "B23418113101015D"),
        ("558518113101015A", Quirks::DIGIT_A, "5585181131010150"),
    ] {
        let bytes = written.as_bytes();
        let report = CidReport::parse(bytes, Strictness::Tolerant).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(report.quirks(), quirks);
        assert_eq!(std::str::from_utf8(&report.encode()), Ok(back));
        assert_eq!(CidReport::parse(bytes, Strictness::Strict), Err(RecordError::NonStandard(quirks)));
    }
}

#[test]
fn what_is_no_report_of_contact_id() {
    for (written, error) in [
        ("", RecordError::Length { expected: 16, found: 0 }),
        ("123418113101015", RecordError::Length { expected: 16, found: 15 }),
        ("12341811310101588", RecordError::Length { expected: 16, found: 17 }),
        ("12341811310G0158", RecordError::Form { expected: "a digit 0 to 9 or B to F", at: 11, found: b'G' }),
    ] {
        assert_eq!(CidReport::parse(written.as_bytes(), Strictness::Tolerant), Err(error));
    }
    // Sound digits of another meaning.
    for (before, error) in [
        ("123419113101015", RecordError::Form { expected: "message type 18 or 98", at: 4, found: b'1' }),
        ("123418413101015", RecordError::Form { expected: "a qualifier of 1, 3 or 6", at: 6, found: b'4' }),
        ("1234181B3101015", RecordError::Form { expected: "a decimal digit of an event code", at: 7, found: b'B' }),
    ] {
        let mut whole = digits(before);
        whole.push(check_digit(&whole));
        assert_eq!(CidReport::from_digits(&whole, Strictness::Tolerant), Err(error));
    }
}

#[test]
fn what_sixteen_digits_cannot_hold() {
    let said = message(Qualifier::New, 131, 1, 15);
    assert_eq!(
        CidReport::new(account("12345A"), said),
        Err(EncodeError::Width { field: "account", expected: 4, found: 6 })
    );
    assert_eq!(CidReport::new(account("12G4"), said), Err(EncodeError::Byte { field: "account", found: b'G' }));
    let odd = CidMessage::parse(b"1131 01 Z15").unwrap();
    assert_eq!(CidReport::new(account("1234"), odd), Err(EncodeError::Byte { field: "message", found: b'Z' }));
}

/// A message that was read as text of DC-09, with what was odd about that text.
#[test]
fn how_a_text_was_written_does_not_show_in_its_digits() {
    for (content, quirks, written) in [
        (&b"113101015"[..], Quirks::NONE, "1234181131010158"),
        (b"2131 01 015 and more", Quirks::NONE, "1234183131010156"),
        (b"1131 01 b15", Quirks::ODD_DIGITS, "123418113101B157"),
        (b"1131 A1 015", Quirks::ODD_DIGITS.with(Quirks::DIGIT_A), "1234181131A10158"),
    ] {
        let said = CidMessage::parse(content).unwrap();
        let report = CidReport::new(account("1234"), said).unwrap();
        assert_eq!(
            (report.quirks(), String::from_utf8(report.encode().to_vec()).unwrap()),
            (quirks, written.to_owned())
        );
        assert_eq!(CidReport::parse(written.as_bytes(), Strictness::Tolerant), Ok(report));
        let whole = BracketReport::new("S", MessageType::Preferred, said, report.check_digit(), b"").unwrap();
        assert_eq!(BracketReport::parse(&whole.encode(), Strictness::Tolerant), Ok(whole));
    }
}

fn own(list: OwnList, code: &str) -> contactid::Code {
    contactid::Code::Own(OwnCode::new(list, code.as_bytes()).unwrap())
}

fn array<const N: usize>(text: &str) -> [Digit; N] {
    digits(text).try_into().unwrap()
}

#[test]
fn express() {
    let three = ExpressCode::One(digits("3")[0]);
    for (written, code, signal, format) in [
        // 1+2+3+4+1+7+3 = 21, and 9 more are 30; 23 and 7; 10+11+19 = 40 and 5.
        ("12341739", three, "3", Format::Express41),
        ("123427317", ExpressCode::Two(array("31")), "31", Format::Express42),
        ("1234270B5", ExpressCode::Two(array("0B")), "0B", Format::Express42),
    ] {
        let report = ExpressReport::new(account("1234"), code).unwrap();
        assert_eq!(ExpressReport::parse(written.as_bytes(), Strictness::Strict), Ok(report));
        assert_eq!(report.encode(), written.as_bytes());
        assert_eq!(report.account(), Some(account("1234")));
        assert_eq!(report.signal(), Signal::new(own(OwnList::Pulse, signal), Qualifier::New));
        let any = AdemcoReport::parse(written.as_bytes(), Strictness::Strict).unwrap();
        assert_eq!((any, any.format()), (AdemcoReport::Express(report), format));
        assert_eq!((any.encode(), any.digits()), (written.as_bytes().to_vec(), report.digits()));
    }
    for (written, error) in [
        ("1234173", RecordError::Length { expected: 8, found: 7 }),
        ("1234173999", RecordError::Length { expected: 9, found: 10 }),
        ("12341738", RecordError::Check { check: Check::Checksum, expected: 9, found: 8 }),
        ("12342738", RecordError::Form { expected: "message type 17 or 27", at: 4, found: b'2' }),
        ("123418317", RecordError::Form { expected: "message type 17 or 27", at: 4, found: b'1' }),
    ] {
        assert_eq!(ExpressReport::parse(written.as_bytes(), Strictness::Tolerant), Err(error), "{written}");
    }
}

fn channel(code: &str, qualifier: Qualifier, number: Option<u32>) -> Signal {
    Signal { number, ..Signal::new(own(OwnList::HighSpeed, code), qualifier) }
}

#[test]
fn eight_channels() {
    let new = |form, channels, status: &str| {
        ChannelReport::new(form, account("1234"), array(channels), digits(status)[0]).unwrap()
    };
    for (report, written, format, signals) in [
        (
            new(ChannelForm::HighSpeed, "12345655", "4"),
            "1234551234565545",
            Format::HighSpeed,
            vec![
                channel("1", Qualifier::New, Some(1)),
                channel("2", Qualifier::New, Some(2)),
                channel("3", Qualifier::Restore, Some(3)),
                channel("4", Qualifier::Restore, Some(4)),
                channel("6", Qualifier::Status, Some(6)),
                channel("S4", Qualifier::Restore, None),
            ],
        ),
        (
            new(ChannelForm::SuperFast, "55555551", "7"),
            "123456555555517",
            Format::SuperFast,
            vec![channel("1", Qualifier::New, Some(8))],
        ),
        (
            new(ChannelForm::SuperFast, "55555555", "9"),
            "123456555555559",
            Format::SuperFast,
            vec![channel("S9", Qualifier::New, None)],
        ),
        (
            new(ChannelForm::SuperFast, "55555555", "7"),
            "123456555555557",
            Format::SuperFast,
            vec![channel("S7", Qualifier::New, None)],
        ),
    ] {
        assert_eq!(String::from_utf8(report.encode()).unwrap(), written);
        assert_eq!(ChannelReport::parse(written.as_bytes(), Strictness::Strict), Ok(report));
        assert_eq!(report.signals().collect::<Vec<_>>(), signals);
        let any = AdemcoReport::parse(written.as_bytes(), Strictness::Strict).unwrap();
        assert_eq!((any, any.format()), (AdemcoReport::Channels(report), format));
        assert_eq!((any.account(), any.quirks()), (Some(account("1234")), Quirks::NONE));
        assert_eq!(any.signals().collect::<Vec<_>>(), signals);
    }
    assert_eq!(channel("3", Qualifier::Restore, Some(3)).name(Lang::En), "channel restored");
    assert_eq!(channel("S4", Qualifier::Restore, None).name(Lang::Zh), "布防");
    assert_eq!(channel("4", Qualifier::Restore, None).class(), Class::OpenClose);
    // A state that no source names is kept.
    let odd = new(ChannelForm::SuperFast, "955555B5", "7");
    let signals: Vec<_> = odd.signals().collect();
    assert_eq!(signals, [channel("9", Qualifier::New, Some(1)), channel("B", Qualifier::New, Some(7))]);
    assert_eq!(signals[0].name(Lang::En), "unknown code hs:9");
}

#[test]
fn what_is_no_report_of_eight_channels() {
    for (written, error) in [
        ("12345655555551", RecordError::Length { expected: 15, found: 14 }),
        ("123455555555557", RecordError::Form { expected: "message type 56", at: 5, found: b'5' }),
        ("1234551234565546", RecordError::Check { check: Check::Checksum, expected: 5, found: 6 }),
        ("1234181131010158", RecordError::Form { expected: "message type 55", at: 4, found: b'1' }),
    ] {
        assert_eq!(ChannelReport::parse(written.as_bytes(), Strictness::Tolerant), Err(error), "{written}");
    }
    for (written, error) in [
        ("", RecordError::Length { expected: 16, found: 0 }),
        ("12341811310101588", RecordError::Length { expected: 16, found: 17 }),
        ("1234551234565546", RecordError::Check { check: Check::Checksum, expected: 5, found: 6 }),
    ] {
        assert_eq!(AdemcoReport::parse(written.as_bytes(), Strictness::Tolerant), Err(error), "{written}");
    }
    assert_eq!(
        AdemcoReport::parse(b"b2345655555551", Strictness::Strict),
        Err(RecordError::Length { expected: 16, found: 14 })
    );
    assert_eq!(
        AdemcoReport::parse(b"b23456555555517", Strictness::Strict),
        Err(RecordError::NonStandard(Quirks::LOWER_CASE_DIGITS))
    );
}
