//! Osborne-Hoffman, ISECNet and VdS 2465 (vectors A54 to A56 and A60 to A64): bytes to the whole value, and back.
#![cfg(feature = "aes")]
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

use contactid::isecnet::{self, Channel, IsecnetFrame, LocalTime, Photo};
use contactid::oh::{self, OhKey, OhLine, masked_key};
use contactid::vds::{self, Kind, Purpose, VdsFrame, VdsMessage, VdsRecord};
use contactid::{
    AccountNumber, Check, CidMessage, EncodeError, EventCode, Key, KeyFault, Qualifier, Quirks, RecordError, Signal,
    Strictness,
};

const STRICT: Strictness = Strictness::Strict;
const TOLERANT: Strictness = Strictness::Tolerant;

fn account(text: &str) -> Option<AccountNumber> {
    Some(text.parse().unwrap())
}

fn signal(code: &str) -> Signal {
    Signal::new(code.parse().unwrap(), Qualifier::New)
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

fn burglary() -> CidMessage {
    CidMessage::new(Qualifier::New, EventCode::new(130).unwrap(), 1, 4).unwrap()
}

/// A54, A55.
#[test]
fn lines_of_osborne_hoffman() {
    let text = b"\n01010053\"SIA-DCS\"0007R0075L0001[#001465|NRP000*'DECKERS'NM]7C9677F21948CC12|#001465";
    let line = OhLine::parse(text, STRICT).unwrap();
    let (content, tail) = (&b"NRP000*'DECKERS'NM"[..], &b"7C9677F21948CC12|#001465"[..]);
    assert_eq!(
        (line.content, line.receiver(), line.line(), line.account(), line.encode()),
        (oh::Content::Report { sequence: 7, content, tail }, "0075", "0001", account("001465"), text.to_vec())
    );
    let told = Signal { number: Some(0), address: Some("000".into()), text: Some("DECKERS".into()), ..signal("RP") };
    assert_eq!(line.signals(), [told]);
    assert_eq!(oh::write_report(7, "0075", "0001", "001465", content, tail).as_deref(), Ok(&text[..]));

    let text = b"SR0001L0001    006969XX    [ID00000000]";
    let line = OhLine::parse(text, STRICT).unwrap();
    assert_eq!(
        (line.content, line.receiver(), line.line(), line.account(), line.signals(), line.encode()),
        (oh::Content::Heartbeat { tail: b"[ID00000000]" }, "0001", "0001", account("006969"), vec![], text.to_vec())
    );
    // A bar with nothing behind it is kept; a length in lower case is named.
    for text in [&b"\n01010027\"SIA-DCS\"0007R0075L0001[#1465|]"[..], b"\n01010026\"SIA-DCS\"0007R0075L0001[#1465]"] {
        let line = OhLine::parse(text, STRICT).unwrap();
        assert_eq!((line.account(), line.signals(), line.encode()), (account("1465"), vec![], text.to_vec()));
    }
    let lower = b"\n0101002e\"SIA-DCS\"0007R0075L0001[#1465|NBA0012]";
    assert_eq!(OhLine::parse(lower, TOLERANT).map(|line| line.quirks()), Ok(Quirks::LOWER_CASE_HEADER));
    // Zeros fill the last block of the cipher.
    let filled = [&text[..], &[0; 5]].concat();
    assert_eq!(OhLine::parse(&filled, STRICT), Ok(line));
}

#[test]
fn what_is_no_line_of_osborne_hoffman() {
    let refused = |text: &[u8], error| assert_eq!(OhLine::parse(text, TOLERANT), Err(error));
    refused(b"", RecordError::Foreign { expected: "oh-plain" });
    refused(b"GET / HTTP/1.1", RecordError::Foreign { expected: "oh-plain" });
    refused(
        b"\n01010054\"SIA-DCS\"0007R0075L0001[#001465|NRP000*'DECKERS'NM]7C9677F21948CC12|#001465",
        RecordError::Check { check: Check::Length, expected: 0x53, found: 0x54 },
    );
    // A sign is no digit, though a number may begin with it.
    refused(
        b"\n0101+023\"SIA-DCS\"0007R0075L0001[#1465|NRP]",
        RecordError::Form { expected: "four hexadecimal digits of length", at: 5, found: b'+' },
    );
    refused(b"SR001", RecordError::Length { expected: 6, found: 5 });
    let wide = oh::write_report(7, "75", "0001", "001465", b"NRP", b"");
    assert_eq!(wide, Err(EncodeError::Width { field: "receiver", expected: 4, found: 2 }));
    let ended = oh::write_report(7, "0075", "0001", "001465", b"NRP]", b"");
    assert_eq!(ended, Err(EncodeError::Byte { field: "data", found: b']' }));
}

/// A56, and the key under its mask.
#[test]
fn three_des() {
    let key = OhKey::new(
        &bytes("4b ce e4 8b dd 7e 6b 08 49 63 28 a7 6c 14 be ce c7 61 a8 da c4 ca 07 8b").try_into().unwrap(),
    );
    let sealed = bytes("55 90 d1 ec b2 1c c8 fc 2d bc b2 41 fb 77 7a 41");
    assert_eq!(
        (key.open(&sealed), key.seal(b"\n0101005B\"SIA-DC")),
        (Ok(b"\n0101005B\"SIA-DC".to_vec()), sealed.clone())
    );
    assert_eq!(key.open_line(&sealed), Ok(b"\n0101005B\"SIA-DC".to_vec()));
    assert_eq!(OhKey::new(&[7; 24]).open_line(&sealed), Err(RecordError::Key(KeyFault::Wrong)));
    assert_eq!(key.open(&sealed[1..]), Err(RecordError::Length { expected: 16, found: 15 }));
    assert_eq!(key.open(&key.seal(oh::ACK)), Ok(b"ACK\r\0\0\0\0".to_vec()));
    let random = [0xA5; 24];
    assert_eq!((masked_key(random)[0], masked_key(masked_key(random))), (0xA5 ^ 0x55, random));
}

/// A60, A61, A62, and the other types.
#[test]
fn frames_of_isecnet() {
    use isecnet::Content as C;
    let event = |photo| C::Event { channel: Channel(0x11), account: [1, 2, 3, 4], message: burglary(), photo };
    let mac_tail = [0xAA, 0xBB, 0xCC];
    for (wire, content, told) in [
        ("f7", C::Heartbeat, None),
        (
            "07 94 45 12 34 aa bb cc d2",
            C::Identification { channel: Channel(0x45), account: [0x12, 0x34], mac_tail },
            account("1234"),
        ),
        ("11 b0 11 01 02 03 04 01 08 01 01 03 0a 0a 01 0a 0a 04 44", event(None), account("1234")),
        (
            "14 b5 11 01 02 03 04 01 08 01 01 03 0a 0a 01 0a 0a 04 01 02 03 44",
            event(Some(Photo { index: 0x0102, count: 3 })),
            account("1234"),
        ),
        ("01 80 7e", C::Time(&[]), None),
        ("02 42 07 b8", C::Other { kind: 0x42, bytes: &[7] }, None),
    ] {
        let (frame, wire) = (IsecnetFrame::new(content), bytes(wire));
        assert_eq!(
            (IsecnetFrame::parse(&wire, STRICT), frame.encode(), frame.account()),
            (Ok(frame), wire.clone(), told)
        );
    }
    let told = Signal { group: Some(1), number: Some(4), ..signal("130") };
    assert_eq!(IsecnetFrame::new(event(None)).signal(), Some(told));
    assert_eq!(
        [0x45, 0x47, 0x48, 0x11].map(|byte| Channel(byte).name()),
        [Some("Ethernet"), Some("GPRS"), Some("GPRS"), None]
    );
    let time = LocalTime { year: 26, month: 11, day: 24, weekday: 2, hour: 13, minute: 45, second: 1 };
    assert_eq!(time.answer(), bytes("08 80 26 11 24 02 13 45 01 31"));
}

#[test]
fn what_isecnet_panels_do_and_what_is_none_of_theirs() {
    let wire = bytes("01 80 00");
    assert_eq!(IsecnetFrame::parse(&wire, TOLERANT).map(|frame| frame.quirks()), Ok(Quirks::WRONG_TIME_CHECK));
    assert_eq!(IsecnetFrame::parse(&wire, STRICT), Err(RecordError::NonStandard(Quirks::WRONG_TIME_CHECK)));
    let refused = |wire: &str, error| assert_eq!(IsecnetFrame::parse(&bytes(wire), TOLERANT), Err(error));
    refused("", RecordError::Length { expected: 3, found: 0 });
    refused("00 30 cf", RecordError::Form { expected: "a length that counts the type", at: 0, found: 0 });
    refused("f7 f7", RecordError::Length { expected: 1, found: 2 });
    refused("07 94 45 12 34 aa bb cc", RecordError::Length { expected: 9, found: 8 });
    refused("07 94 45 12 34 aa bb cc d3", RecordError::Check { check: Check::Checksum, expected: 0xD2, found: 0xD3 });
    refused(
        "11 b0 11 01 02 03 04 01 08 01 01 03 00 0a 01 0a 0a 04 4e",
        RecordError::Form { expected: "a digit 01 to 0F", at: 12, found: 0 },
    );
}

/// A63, A64.
#[test]
fn frames_of_vds() {
    let zeros = |count: usize| " 00".repeat(count);
    let wire = bytes(&format!("00 00 00 30 01 02 03 04 f9 f7 00 00 00 00 01 01 01 01{}", zeros(34)));
    let sync = VdsFrame::new(Purpose::SYNC_REQUEST, 0x0102_0304, 0, &[1]).unwrap();
    assert_eq!((VdsFrame::parse(&wire, None, STRICT), sync.encode(None)), (Ok(sync.clone()), Ok(wire.clone())));
    assert_eq!((sync.account(), sync.signals(), sync.record_bytes()), (None, vec![], &[1][..]));

    let head = "00 00 00 30 00 00 00 0a 87 f0 01 02 03 05 04 01 15 03 56 21 43 65 05 02 11 05 00 01 22";
    let wire = bytes(&format!("{head} 07 50 19 14 07 03 0c 22 38{}", zeros(14)));
    let frame = VdsFrame::parse(&wire, None, STRICT).unwrap();
    assert_eq!(
        (frame.purpose, frame.sent, frame.received, frame.key_number, frame.account(), frame.encode(None)),
        (Purpose::DATA, 10, 0x0102_0305, 0, account("123456"), Ok(wire.clone()))
    );
    let records: Vec<VdsRecord<'_>> = frame.records().collect();
    let record = |kind, bytes| VdsRecord { kind, bytes };
    assert_eq!(
        records,
        [
            record(Kind::IDENT, &[0x21, 0x43, 0x65][..]),
            record(Kind::MESSAGE_ACKNOWLEDGED, &[0x11, 5, 0, 1, 0x22]),
            record(Kind::TIME, &[0x19, 0x14, 7, 3, 12, 34, 56]),
        ]
    );
    let message = VdsMessage { device: 1, area: 1, address: 5, extra: 0, kind: 1, event: 34 };
    assert_eq!((records[1].message(), message.encode()), (Some(message), [0x11, 5, 0, 1, 0x22]));
    assert_eq!(records[1].acknowledgement(), Some(record(Kind::ACKNOWLEDGEMENT, records[1].bytes)));
    assert_eq!((records[0].acknowledgement(), records[2].time()), (None, Some("2025-07-03 12:34:56".into())));
    assert_eq!(
        frame.signals(),
        [Signal {
            group: Some(1),
            number: Some(5),
            peripheral: Some(1),
            device_time: Some("2025-07-03 12:34:56".into()),
            ..signal("vds:34")
        }]
    );
    assert_eq!(vds::ident_record("123456".parse().unwrap()), Some(vec![0x21, 0x43, 0x65]));
    assert_eq!(vds::ident_record("12345".parse().unwrap()), Some(vec![0x21, 0x43, 0xF5]));
    assert_eq!(vds::ident(&[0x21, 0x43, 0xF5]), account("12345"));
}

#[test]
fn a_vds_frame_under_a_key() {
    let (key, other) = (Key::new(&[7; 16]).unwrap(), Key::new(&[8; 16]).unwrap());
    let frame = VdsFrame::data(1, 2, &[1, 0x01, 0]).unwrap().under(3);
    assert_eq!(frame.encode(None), Err(EncodeError::NoKey));
    let wire = frame.encode(Some(&key)).unwrap();
    assert_eq!((wire[..4].to_vec(), wire.len()), (vec![0, 3, 0, 48], 52));
    assert_eq!(VdsFrame::parse(&wire, Some(&key), STRICT), Ok(frame));
    assert_eq!(VdsFrame::parse(&wire, Some(&other), STRICT), Err(RecordError::Key(KeyFault::Wrong)));
    assert_eq!(VdsFrame::parse(&wire, None, STRICT), Err(RecordError::Key(KeyFault::Missing)));
    let mut mangled = VdsFrame::data(1, 2, &[]).unwrap().encode(None).unwrap();
    mangled[4] ^= 1;
    assert_eq!(
        VdsFrame::parse(&mangled, None, STRICT),
        Err(RecordError::Check { check: Check::Checksum, expected: 0xFAFB, found: 0xFBFB })
    );
}
