//! DC-09 beyond the envelope: tokens, extended fields by their letter, and what each edition writes and refuses.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]

use std::borrow::Cow;

use contactid::extended::{Altitude, Angle, Decimal, KeyDigits, Latitude, Longitude, Trigger, Value};
use contactid::{
    Carries, Edition, EncodeError, Encoder, Extended, ExtendedId, Frame, Pad, RecordError, Response, Stamp, Strictness,
    Token,
};
use proptest::prelude::*;

const NOW: Stamp = Stamp::from_unix(1_741_350_896);

fn decimal(digits: u32, places: u8) -> Decimal {
    Decimal::new(digits, places).unwrap()
}

fn angle(degrees: u8, digits: u32, places: u8, negative: bool) -> Angle {
    Angle::new(degrees, decimal(digits, places), negative).unwrap()
}

#[test]
fn every_token_is_known_by_its_name() {
    for &token in Token::NAMED {
        assert_eq!(Token::new(token.as_str()), token);
    }
    let carried = |carries| Token::NAMED.iter().filter(move |token| token.carries() == carries).map(|t| t.as_str());
    assert_eq!(carried(Carries::Nothing).collect::<Vec<_>>(), ["NULL", "ACK", "NAK", "DUH"]);
    assert_eq!(carried(Carries::ContactId).collect::<Vec<_>>(), ["ADM-CID"]);
    assert_eq!(carried(Carries::SiaBlocks).collect::<Vec<_>>(), ["SIA-DCS"]);
    assert_eq!(
        carried(Carries::Record).collect::<Vec<_>>().join(" "),
        "SIA-PUL SIA-S2K ACR-SF ADM-41E ADM-42E ADM-HS DSC-43 FBI-SF ITI-I SCN-S8 SCN-S16 SCN-S24 SCT SES-SS SK-FSK1 SK-FSK2"
    );
    let unlisted: Vec<_> = Token::NAMED.iter().filter(|token| !token.is_listed()).map(|token| token.as_str()).collect();
    assert_eq!(unlisted, ["ADM-CIDX", "HENG-BO", "MODULE-REG", "REG-RSP", "PWW"]);
    assert_eq!((Token::new("X-1"), Token::new("X-1").is_listed()), (Token::Other("X-1"), false));
}

#[test]
fn content_of_other_tokens_stays_raw() {
    let frame = Encoder { account: Some("1234"), data: b"#1234|1555 5555 7", ..Encoder::new(Token::ScnS8, 1) };
    let bytes = Edition::E2013.encode(&frame).unwrap();
    let message = Frame::parse(&bytes, Strictness::Strict).unwrap().open(None).unwrap();
    assert_eq!((message.token(), message.inner_account()), (Token::ScnS8, Some("1234")));
    assert_eq!(message.content(), b"1555 5555 7");
}

#[test]
fn records_of_the_telephone_line_are_read_if_they_are_asked_for() {
    let read = |token, data: &str| {
        let frame = Encoder { account: Some("1234"), data: data.as_bytes(), ..Encoder::new(token, 1) };
        let bytes = frame.encode().unwrap();
        let message = Frame::parse(&bytes, Strictness::Strict).unwrap().open(None).unwrap();
        assert_eq!(message.events(), Ok(vec![]));
        let codes = |signals: Vec<contactid::Signal>| signals.iter().map(|s| s.code.to_string()).collect::<Vec<_>>();
        message.record_events().map(|signals| signals.map(codes))
    };
    let code = |code: &str| Some(Ok(vec![code.to_owned()]));
    // With the account before the digits, and without it.
    assert_eq!(read(Token::Adm41e, "#1234|12341739"), code("pulse:3"));
    assert_eq!(read(Token::Adm41e, "#1234|17 3 9"), code("pulse:3"));
    assert_eq!(read(Token::ScnS8, "#1234|5515 5555 7"), code("scancom:1"));
    assert_eq!(read(Token::ScnS8, "#1234|1234 5515 5555 7"), code("scancom:1"));
    let foreign = RecordError::Foreign { expected: "ademco-express-4-2" };
    assert_eq!(read(Token::Adm42e, "#1234|12341739"), Some(Err(foreign)));
    assert_eq!(read(Token::AdmHs, "#1234|"), Some(Err(RecordError::Length { expected: 16, found: 0 })));
    assert_eq!(read(Token::FbiSf, "#1234|12341739"), None);
}

/// Every letter in its form, and what it says. All but the two marked are written back the same by 2026.
fn fields() -> Vec<(Extended<'static>, Value<'static>)> {
    vec![
        (Extended::new('A', "0123456789AB"), Value::Authentication("0123456789AB")),
        (Extended::new('C', "CDP"), Value::Category("CDP".into())),
        (Extended::new('G', "12"), Value::Path(12)),
        (Extended::new('H', "12:34:56,03-07-2025"), Value::Time(NOW)),
        (Extended::new('I', "Дым"), Value::AlarmText("Дым".into())),
        (Extended::new('J', r#"{"a":{"b":"}\""}}"#), Value::Json(r#"{"a":{"b":"}\""}}"#)),
        (
            Extended::new('K', "000102030405060708090a0b0c0d0e0f"),
            Value::Key(KeyDigits::new("000102030405060708090a0b0c0d0e0f").unwrap()),
        ),
        (Extended::new('L', "Tür 3"), Value::Location("Tür 3".into())),
        (Extended::new('M', "0026B9E4268B"), Value::Mac([0x00, 0x26, 0xB9, 0xE4, 0x26, 0x8B])),
        (Extended::new('N', "C0A80001"), Value::Address("C0A80001")),
        (Extended::new('O', "B2"), Value::Building("B2".into())),
        (Extended::new('P', "prog"), Value::Programming(b"prog")),
        (Extended::new('R', "Hall"), Value::Room("Hall".into())),
        (Extended::new('S', "Улица"), Value::Site("Улица".into())),
        (Extended::new('T', "G"), Value::Trigger(Trigger::Gas)),
        (Extended::new('V', "https://a/1,https://a/2"), Value::Verification("https://a/1,https://a/2".into())),
        (Extended::new('X', "093W23.456"), Value::Longitude(Longitude(angle(93, 23_456, 3, true)))),
        (Extended::new('Y', "45N23.456"), Value::Latitude(Latitude::new(angle(45, 23_456, 3, false)).unwrap())),
        (Extended::new('Z', "123.2M"), Value::Altitude(Altitude { metres: decimal(1232, 1), below: false })),
    ]
}

#[test]
fn every_letter_in_its_form() {
    for (field, value) in fields() {
        assert_eq!(field.read(), value);
        assert_eq!(value.letter(Edition::E2026), field.id);
        assert_eq!(value.bytes(Edition::E2026), Ok(Cow::Borrowed(field.value)));
    }
    let letters: String = fields().iter().map(|(field, _)| field.id).collect();
    assert_eq!(letters, ExtendedId::ALL.iter().map(|id| id.letter()).collect::<String>());
    let verification = Extended::new('V', "https://a/1, https://a/2,").read();
    assert_eq!(verification.links().collect::<Vec<_>>(), ["https://a/1", "https://a/2"]);
    assert_eq!(Extended { id: 'S', value: b"Caf\xE9" }.read(), Value::Site("Café".into()));
}

#[test]
fn what_is_in_no_form_stays_as_it_came() {
    for (id, value) in [
        ('B', "87"),
        ('$', "P5023.1N"),
        ('A', "hash"),
        ('G', "01"),
        ('G', "256"),
        ('H', "24:00:00,01-01-2025"),
        ('J', "12"),
        ('J', "{[]}"),
        ('J', "{}x"),
        ('J', "{\"}"),
        ('J', "\"{}\""),
        ('K', "0001"),
        ('M', "0026B9E4268"),
        ('M', "0026B9E4268é"),
        ('T', "X"),
        ('T', ""),
        ('X', "181E00.0"),
        ('X', "093W60.0"),
        ('X', "+93W20.0"),
        ('X', "093N20.0"),
        ('Y', "91N00.0"),
        ('Y', "45N23."),
        ('Y', "45N.5"),
        ('Y', "45N1234567890"),
        ('Z', "123.2"),
        ('Z', "--1M"),
        ('Z', ""),
    ] {
        let field = Extended::new(id, value);
        assert_eq!(field.read(), Value::Other(field));
        assert_eq!(field.read().bytes(Edition::E2007), Ok(Cow::Borrowed(value.as_bytes())));
    }
}

/// What one edition says to a frame with this field.
fn written(edition: Edition, field: Extended<'_>) -> Result<(), EncodeError> {
    let frame = Encoder {
        account: Some("1234"),
        data: b"#1234|1130 01 005",
        extended: &[field],
        ..Encoder::new(Token::AdmCid, 1)
    };
    edition.encode(&frame).map(drop)
}

#[test]
fn each_edition_has_its_fields() {
    let letters = |edition| {
        let has = |field: &Extended<'_>| {
            let result = written(edition, *field);
            assert!(result.is_ok() || result == Err(EncodeError::NoSuchField { edition, id: field.id }));
            result.is_ok()
        };
        fields().iter().map(|(field, _)| *field).filter(|field| field.id != 'J').filter(has).map(|f| f.id).collect()
    };
    let letters: [String; 4] = Edition::ALL.map(letters);
    assert_eq!(letters, ["MPV", "AHIKLMNOPRSTVXYZ", "ACHIKLMNOPRSTVXYZ", "ACGHIKLMNOPRSTVXYZ"]);
}

#[test]
fn path_and_json_share_a_letter() {
    let missing = |edition, id| Err(EncodeError::NoSuchField { edition, id });
    let form = |edition, id| Err(EncodeError::Form { edition, id });
    use Edition::{E2007, E2013, E2021, E2026};
    for (value, expected) in [
        ("1", [missing(E2007, 'J'), Ok(()), Ok(()), form(E2026, 'J')]),
        ("{\"battery\":87}", [missing(E2007, 'J'), form(E2013, 'J'), Ok(()), Ok(())]),
        ("12", [missing(E2007, 'J'), form(E2013, 'J'), form(E2021, 'J'), form(E2026, 'J')]),
    ] {
        assert_eq!(Edition::ALL.map(|edition| written(edition, Extended::new('J', value))), expected);
    }
    assert_eq!(Edition::ALL.map(|edition| Value::Path(2).letter(edition)), ['J', 'J', 'J', 'G']);
    assert_eq!(
        Edition::ALL.map(Edition::path),
        [None, Some(ExtendedId::PathOrJson), Some(ExtendedId::PathOrJson), Some(ExtendedId::Path)]
    );
}

#[test]
fn each_edition_has_its_text() {
    let text = |words: &'static str| Edition::ALL.map(|edition| edition.text(words).map(Cow::into_owned));
    let lacks = |edition| Err(EncodeError::Text { edition, found: 'У' });
    let western = b"Caf\xE9 \x80".to_vec();
    assert_eq!(
        text("Café €"),
        [Ok(western.clone()), Ok(western.clone()), Ok(western), Ok("Café €".as_bytes().to_vec())]
    );
    assert_eq!(
        text("Улица"),
        [lacks(Edition::E2007), lacks(Edition::E2013), lacks(Edition::E2021), Ok("Улица".as_bytes().to_vec())]
    );
}

#[test]
fn each_edition_refuses_what_its_receivers_do_not_know() {
    let good = Encoder { account: Some("1234"), ..Encoder::new(Token::Null, 1) };
    let size = |field, length, least, most| Err(EncodeError::Size { field, length, least, most });
    let long = "x".repeat(257);
    let cases: [(Encoder<'_>, [Result<(), EncodeError>; 4]); 12] = [
        (good, [Ok(()); 4]),
        (Encoder { sequence: 0, ..good }, [Ok(()); 4]),
        (Encoder { sequence: 0, token: Token::AdmCid, ..good }, [Err(EncodeError::Sequence { found: 0 }); 4]),
        (Encoder { line: None, ..good }, [size("line", 0, 1, 6); 4]),
        (Encoder { line: Some("1234567"), ..good }, [size("line", 7, 1, 6); 4]),
        (Encoder { receiver: Some(""), ..good }, [size("receiver", 0, 1, 6); 4]),
        (Encoder { account: None, ..good }, [size("account", 0, 3, 16); 4]),
        (Encoder { account: Some("12G"), ..good }, [Err(EncodeError::Byte { field: "account", found: b'G' }); 4]),
        (Encoder { data: b"#1234|x", ..good }, [size("data", 7, 0, 0); 4]),
        (Encoder { extended: &[Extended::new('V', &long)], ..good }, [size("extended", 257, 0, 256); 4]),
        (
            Encoder { token: Token::Xnm, ..good },
            [
                Err(EncodeError::NoSuchToken { edition: Edition::E2007 }),
                Err(EncodeError::NoSuchToken { edition: Edition::E2013 }),
                Ok(()),
                Ok(()),
            ],
        ),
        (
            Encoder { token: Token::HengBo, ..good },
            Edition::ALL.map(|edition| Err(EncodeError::NoSuchToken { edition })),
        ),
    ];
    for (frame, expected) in cases {
        assert_eq!(Edition::ALL.map(|edition| edition.check(&frame)), expected, "{frame:?}");
    }
    let none = EncodeError::NoSuchField { edition: Edition::E2013, id: 'G' };
    assert_eq!(none.to_string(), "DC-09-2013 has no extended field G");
}

#[test]
#[cfg(feature = "aes")]
fn each_edition_has_its_pad() {
    use contactid::{Frame, Key};
    let key = Key::new(b"0123456789abcdef").unwrap();
    for data in [&b""[..], b"#1234|", b"#1234|Nri1/BA0", b"#1234|Nri1/BA005"] {
        let frame = Encoder { account: Some("1234"), data, stamp: Some(NOW), ..Encoder::new(Token::SiaDcs, 1) };
        // Bar, closing bracket, underscore and the nineteen of the stamp stand beside data and pad.
        let pads = Edition::ALL.map(|edition| {
            let bytes = edition.encrypt(&frame, &key, &[7; 31]).unwrap();
            Frame::parse(&bytes, Strictness::Strict).unwrap().body().len() / 2 - data.len() - 22
        });
        assert_eq!(pads[0..3], [pads[0]; 3]);
        assert!((1..=16).contains(&pads[0]) && (16..=31).contains(&pads[3]), "{pads:?}");
    }
}

#[test]
fn an_answer_with_a_key() {
    let frame = Frame::parse(b"\nD3440015\"NULL\"0000L0#008312[]\r", Strictness::Strict).unwrap();
    let digits = "000102030405060708090A0B0C0D0E0F";
    let response = Response { data: b"", extended: &[Extended::new('K', digits)] };
    let bytes = response.encode(&frame, NOW, None, Pad::Short(b"")).unwrap();
    assert_eq!(&bytes[9..], &b"\"RSP\"0000L0#008312[][K000102030405060708090A0B0C0D0E0F]\r"[..],);
    let answer = Frame::parse(&bytes, Strictness::Strict).unwrap();
    assert_eq!(answer.token(), Token::Rsp);
    assert_eq!(answer.open(None).unwrap().offered_key(), KeyDigits::new(digits));

    // The notes do not say in which brackets the key stands: the first are read too.
    let data = [b"K", digits.as_bytes()].concat();
    let bytes = Response { data: &data, extended: &[] }.encode(&frame, NOW, None, Pad::Short(b"")).unwrap();
    let answer = Frame::parse(&bytes, Strictness::Strict).unwrap();
    assert_eq!(answer.open(None).unwrap().offered_key(), KeyDigits::new(digits));
    assert_eq!(format!("{:?}", KeyDigits::new(digits)), "Some(KeyDigits(32))");

    let broken = Response { data: b"]", extended: &[] }.encode(&frame, NOW, None, Pad::Short(b""));
    assert_eq!(broken, Err(EncodeError::Byte { field: "data", found: b']' }));
    let long = Response { data: &[b'x'; 4080], extended: &[] }.encode(&frame, NOW, None, Pad::Short(b""));
    assert_eq!(long, Err(EncodeError::TooLong { length: 4100 }));
}

#[test]
#[cfg(feature = "aes")]
fn an_encrypted_frame_hears_its_answer_encrypted() {
    use contactid::Key;
    let key = Key::new(b"0123456789abcdef").unwrap();
    let sent = Encoder { account: Some("1234"), stamp: Some(NOW), ..Encoder::new(Token::Null, 42) };
    let sent = sent.encrypt(&key, Pad::Short(b"pad")).unwrap();
    let frame = Frame::parse(&sent, Strictness::Strict).unwrap();
    let response = Response { data: b"#1234|x", extended: &[Extended::new('K', "0123456789abcdef0123456789abcdef")] };
    let answer = response.encode(&frame, NOW, Some(&key), Pad::Long(b"pad")).unwrap();
    let read = Frame::parse(&answer, Strictness::Strict).unwrap();
    let message = read.open(Some(&key)).unwrap();
    assert_eq!((read.is_encrypted(), read.sequence(), message.stamp()), (true, Some(42), Some(NOW)));
    assert_eq!(message.data(), b"#1234|x");
    assert_eq!(message.offered_key(), KeyDigits::new("0123456789abcdef0123456789abcdef"));

    let without = response.encode(&frame, NOW, None, Pad::Long(b"pad")).unwrap();
    assert_eq!(Frame::parse(&without, Strictness::Strict).unwrap().token(), Token::Duh);
}

/// Text that reads back whichever way it was written: no two bytes of Windows-1252 that look like UTF-8.
fn words() -> impl Strategy<Value = Cow<'static, str>> {
    "[ -Z^-~]{0,20}é?[a-z]{0,4}".prop_map(Cow::Owned)
}

fn altitudes() -> impl Strategy<Value = Altitude> {
    (0..=999_999_999u32, 0..=6u8, any::<bool>())
        .prop_map(|(digits, places, below)| Altitude { metres: decimal(digits, places), below })
}

fn angles(degrees: u8) -> impl Strategy<Value = Angle> {
    (0..=degrees, 0..60u32, 0..1_000_000u32, 0..=6u8, any::<bool>()).prop_map(
        |(degrees, whole, part, places, negative)| {
            let scale = 10u32.pow(u32::from(places));
            angle(degrees, whole * scale + part % scale, places, negative)
        },
    )
}

fn values() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        words().prop_map(Value::Category),
        words().prop_map(Value::AlarmText),
        words().prop_map(Value::Location),
        words().prop_map(Value::Building),
        words().prop_map(Value::Room),
        words().prop_map(Value::Site),
        words().prop_map(Value::Verification),
        (0..=9u8).prop_map(Value::Path),
        (-62_167_219_200..=253_402_300_799i64).prop_map(|secs| Value::Time(Stamp::from_unix(secs))),
        any::<[u8; 6]>().prop_map(Value::Mac),
        proptest::sample::select(&Trigger::ALL[..]).prop_map(Value::Trigger),
        angles(180).prop_map(|angle| Value::Longitude(Longitude(angle))),
        angles(90).prop_map(|angle| Value::Latitude(Latitude::new(angle).unwrap())),
        altitudes().prop_map(Value::Altitude),
        digits("[0-9A-Fa-f]{1,12}").prop_map(Value::Authentication),
        digits("[0-9A-Fa-f]{1,128}").prop_map(Value::Address),
        digits("([0-9A-Fa-f]{32}){1,2}|[0-9A-Fa-f]{48}").prop_map(|key| Value::Key(KeyDigits::new(key).unwrap())),
        digits("\\{(\"[a-z]{1,5}\":(\"[ -!#-Z^-~é]{0,9}\"|[0-9]{1,4}|\\{\\}))?\\}").prop_map(Value::Json),
        proptest::collection::vec(any::<u8>().prop_filter("ends the field", |b| !b"\n\r[]".contains(b)), 0..40)
            .prop_map(|bytes| Value::Programming(bytes.leak())),
    ]
}

/// Text of this pattern. It stays for as long as the test runs, since a value borrows it.
fn digits(pattern: &'static str) -> impl Strategy<Value = &'static str> {
    pattern.prop_map(|text| &*text.leak())
}

proptest! {
    #[test]
    fn values_there_and_back(value in values(), edition in proptest::sample::select(&Edition::ALL[..])) {
        let bytes = value.bytes(edition).unwrap();
        prop_assert_eq!(Extended { id: value.letter(edition), value: &bytes }.read(), value.clone());
    }

    #[test]
    fn any_value_survives(id in any::<char>(), value in any::<Vec<u8>>(), text in "[0-9A-F{}\"NSEWM.:,_-]{0,20}") {
        for value in [&value[..], text.as_bytes()] {
            let field = Extended { id, value };
            let read = field.read();
            if let Ok(bytes) = read.bytes(Edition::E2026) {
                let again = Extended { id: read.letter(Edition::E2026), value: &bytes };
                prop_assert_eq!(again.read(), read.clone());
            }
        }
    }

    #[test]
    fn an_edition_writes_what_a_strict_reader_reads(
        value in values(),
        edition in proptest::sample::select(&Edition::ALL[..]),
        token in proptest::sample::select(Token::NAMED),
        sequence in 0..=9999u16,
    ) {
        let bytes = value.bytes(edition).unwrap();
        let field = [Extended { id: value.letter(edition), value: &bytes }];
        let frame = Encoder { account: Some("12AB"), extended: &field, ..Encoder::new(token, sequence) };
        if let Ok(bytes) = edition.encode(&frame) {
            let read = Frame::parse(&bytes, Strictness::Strict).unwrap();
            let message = read.open(None).unwrap();
            prop_assert!(message.quirks().is_empty());
            prop_assert_eq!(message.extended().collect::<Vec<_>>(), field);
        }
    }
}
