//! What panels in the field do, each departure named, and what they hear for it.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]

#[path = "support/reading.rs"]
mod reading;

use contactid::{
    Blame, Code, ContentFault, Encoder, Fault, Foreign, Frame, FrameError, Key, KeyFault, MessageError, Pad, Qualifier,
    Quirks, Reply, Signal, Stamp, Strictness, Token, Window,
};
use reading::{Reading, event, read};

const NOW: Stamp = Stamp::from_unix(1_741_350_897);

/// A frame around these bytes from the first quote on, with the check value and length they call for.
fn frame(body: &[u8]) -> Vec<u8> {
    let crc = crc(body);
    [format!("\n{crc:04X}{:04X}", body.len()).as_bytes(), body, b"\r"].concat()
}

/// CRC-16/ARC bit by bit: written apart from the crate's own.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

#[track_caller]
fn quirks(bytes: &[u8], expected: &[&str]) -> Reading {
    let reading = read(bytes, None).unwrap();
    assert_eq!(reading.quirks, expected);
    reading
}

fn reply(bytes: &[u8], reply: Reply) -> String {
    let frame = Frame::parse(bytes, Strictness::Tolerant).unwrap();
    String::from_utf8_lossy(&reply.encode(&frame, NOW, None, Pad::Short(b""))).into_owned()
}

#[test]
fn noise_around_a_datagram() {
    let clean = frame(b"\"NULL\"0000L0#008312[]");
    for (before, behind, expected) in [
        (&b"\r\n\0"[..], &b"\r\n"[..], &[][..]),
        (b"", b"\0", &["nul-after-cr"]),
        (b"", b"comX", &["garbage-after-cr"]),
        (b"junk", b"", &["garbage-before-lf"]),
    ] {
        quirks(&[before, &clean, behind].concat(), expected);
    }
    quirks(&clean[1..], &["no-lf"]);
    quirks(&clean[..clean.len() - 1], &["no-cr"]);
    quirks(&clean[1..clean.len() - 1], &["no-lf", "no-cr"]);
}

#[test]
fn header_fields_as_they_come() {
    quirks(&frame(b"\"NULL\"0000L#008312[]"), &["empty-line-field"]);
    quirks(&frame(b"\"NULL\"00A1L0#008312[]"), &["odd-sequence"]);
    quirks(&frame(b"\"NULL\"7L0#008312[]"), &["odd-sequence"]);
    quirks(&frame(b"\"NULL\"0001L0[]"), &["no-account"]);
    quirks(&frame(b"\"NULL\"0001L0#12"), &["no-brackets"]);
    quirks(&frame(b"\"NULL\"0001L0#12["), &["unclosed-bracket"]);
    quirks(&frame(b"\"NULL\"0001L0\n#12[]"), &["lf-inside", "stray-header"]);
    quirks(&frame(b"\"NULL\"0001L0#12[]tail"), &["stray-tail"]);
    quirks(&frame(b"\"NULL\"0001L0#12[]_00:00:00,00-00-0000"), &["odd-timestamp"]);
    quirks(&frame(b"\"NULL\"0001L0#12[]_10:00"), &["odd-timestamp"]);
    let reading = quirks(&frame(b"\"NULL\"0001L7R5#ABC[]"), &["stray-header"]);
    assert_eq!((reading.line.as_deref(), reading.account.as_deref()), (Some("7"), Some("ABC")));
}

#[test]
fn a_hexadecimal_sequence_is_read_and_echoed() {
    let bytes = frame(b"\"NULL\"00A1L0#12[]");
    let read = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
    assert_eq!(read.sequence(), Some(0xA1));
    assert_eq!(reply(&bytes, Reply::Ack), String::from_utf8(frame(b"\"ACK\"00A1L0#12[]")).unwrap());
}

#[test]
fn strictness_refuses_every_quirk_of_the_envelope() {
    let bytes = frame(b"\"NULL\"0001#12[]");
    let refused = FrameError::NonStandard(Quirks::NO_LINE_FIELD);
    assert_eq!(Frame::parse(&bytes, Strictness::Strict), Err(refused));
    assert_eq!(refused.to_string(), "format: departs from the standard: no-line-field");
}

#[test]
fn strictness_refuses_every_quirk_of_the_message() {
    let strict = |body: &str| {
        let bytes = frame(body.as_bytes());
        let frame = Frame::parse(&bytes, Strictness::Strict).unwrap();
        frame.open(None).and_then(|message| message.events())
    };
    assert_eq!(strict("\"SIA-DCS\"0001L0#1234[#1234|NBA5]"), Ok(vec![sia("BA", "5")]));
    for (body, quirk) in [
        ("\"SIA-DCS\"0001L0#1234[#0000|NBA5]", Quirks::INNER_ACCOUNT_DIFFERS),
        ("\"SIA-DCS\"0001L0#1234[1234|NBA5]", Quirks::INNER_ACCOUNT_BARE),
        ("\"SIA-DCS\"0001L0#1234[|NBA5]", Quirks::NO_INNER_ACCOUNT),
        ("\"SIA-DCS\"0001L0#1234[#1234|NBA5", Quirks::UNCLOSED_BRACKET),
        ("\"SIA-DCS\"0001L0#1234[#1234|NBA5]_00:00:00,00-00-0000", Quirks::ODD_TIMESTAMP),
        ("\"SIA-DCS\"0001L0#1234[#1234|NBA5]tail", Quirks::STRAY_TAIL),
        ("\"SIA-DCS\"0001L0#1234[#1234|Nri1BA5]", Quirks::GLUED_PACKETS),
        ("\"SIA-DCS\"0001L0#1234[#1234|Nxx1/BA5]", Quirks::UNKNOWN_MODIFIER),
        ("\"SIA-DCS\"0001L0#1234[#1234|N?!/BA5]", Quirks::UNREAD_PART),
        ("\"ADM-CID\"0001L0#1234[#1234|2130 01 005]", Quirks::RESTORE_AS_2),
        ("\"ADM-CID\"0001L0#1234[#1234|113001005]", Quirks::MISSING_SPACES),
        ("\"ADM-CID\"0001L0#1234[#1234|1130 EE CC1]", Quirks::ODD_DIGITS),
    ] {
        let refused = MessageError::NonStandard(quirk);
        assert_eq!(strict(body), Err(refused), "{body}");
        assert_eq!((refused.reply(), Fault::Message(refused).blame()), (Reply::Duh, Blame::Sender));
        assert!(quirks(&frame(body.as_bytes()), &[&*quirk.to_string()]).events.len() == 1);
    }
}

#[test]
fn inner_accounts_as_they_come() {
    let inner = |data: &str, expected: &[&str]| {
        let body = format!("\"SIA-DCS\"0001L0#1234[{data}]");
        quirks(&frame(body.as_bytes()), expected).inner_account
    };
    assert_eq!(inner("1234|Nri1/BA5", &["inner-account-bare"]).as_deref(), Some("1234"));
    assert_eq!(inner("|Nri1/BA5", &["no-inner-account"]), None);
    assert_eq!(inner("Nri1/BA5", &["no-inner-account"]), None);
    assert_eq!(inner("Nri1/BA5|Adoor", &["no-inner-account"]), None);
    assert_eq!(inner("#0000|Nri1/BA5", &["inner-account-differs"]).as_deref(), Some("0000"));
}

#[test]
fn the_inner_account_reports_where_the_frame_names_none() {
    for header in ["L0", "L0#", "L0#?"] {
        let bytes = frame(format!("\"SIA-DCS\"0001{header}[#4711|NRP]").as_bytes());
        let message = Frame::parse(&bytes, Strictness::Tolerant).unwrap().open(None).unwrap();
        assert_eq!(message.account_number(), Some("4711".parse().unwrap()), "{header}");
    }
}

fn cid_events(content: &str) -> (Vec<&'static str>, Vec<Signal>) {
    let body = format!("\"ADM-CID\"0001L0#1234[#1234|{content}]");
    let reading = read(&frame(body.as_bytes()), None).unwrap();
    (reading.quirks, reading.events)
}

#[test]
fn contact_id_as_it_comes() {
    let door = |qualifier| Signal { qualifier, group: Some(1), number: Some(5), ..event("130") };
    assert_eq!(cid_events("1130 01 005"), (vec![], vec![door(Qualifier::New)]));
    assert_eq!(cid_events("6130 01 005"), (vec![], vec![door(Qualifier::Status)]));
    assert_eq!(cid_events("2130 01 005"), (vec!["restore-as-2"], vec![door(Qualifier::Restore)]));
    assert_eq!(cid_events("313001005"), (vec!["missing-spaces"], vec![door(Qualifier::Restore)]));
    assert_eq!(cid_events("3130 01005"), (vec!["missing-spaces"], vec![door(Qualifier::Restore)]));
    assert_eq!(cid_events("1130 01 005 x"), (vec!["unread-part"], vec![door(Qualifier::New)]));
    let letters = Signal { group: None, number: None, address: Some("CC1".into()), ..event("130") };
    assert_eq!(cid_events("1130 EE CC1"), (vec!["odd-digits"], vec![letters]));
    let unknown = Signal { group: Some(1), ..event("009") };
    assert_eq!(cid_events("1009 01 000"), (vec![], vec![unknown.clone()]));
    assert_eq!(unknown.name(contactid::Lang::Zh), "未知代码 009");
}

#[test]
fn contact_id_that_says_nothing() {
    for (content, fault) in [
        ("5130 01 005", ContentFault::Qualifier { found: b'5' }),
        ("1130 01", ContentFault::Cid { length: 7 }),
        ("1X30 01 005", ContentFault::Cid { length: 11 }),
    ] {
        let bytes = frame(format!("\"ADM-CID\"0001L0#1234[#1234|{content}]").as_bytes());
        let message = Frame::parse(&bytes, Strictness::Tolerant).unwrap().open(None).unwrap();
        assert_eq!(message.events(), Err(MessageError::Content(fault)));
        assert_eq!(MessageError::Content(fault).reply(), Reply::Duh);
    }
}

fn sia_events(blocks: &str) -> (Vec<&'static str>, Vec<Signal>) {
    let body = format!("\"SIA-DCS\"0001L0#1234[#1234|{blocks}]");
    let reading = read(&frame(body.as_bytes()), None).unwrap();
    (reading.quirks, reading.events)
}

fn sia(code: &str, address: &str) -> Signal {
    Signal {
        number: address.parse().ok(),
        address: Some(address.into()).filter(|_| !address.is_empty()),
        ..event(code)
    }
}

fn titled(signal: Signal, text: &str) -> Signal {
    Signal { text: Some(text.into()), ..signal }
}

#[test]
fn several_events_in_a_block_and_several_blocks() {
    let timed = |signal: Signal, user| Signal { device_time: Some("04-22-94 16:02:15".into()), user, ..signal };
    assert_eq!(
        sia_events("Nda04-22-94/ti16:02:15/CL1/id22/PA31|NRP"),
        (vec![], vec![timed(sia("CL", "1"), None), timed(sia("PA", "31"), Some(22)), sia("RP", "")])
    );
}

#[test]
fn glued_packets_are_read_greedily() {
    let area = |signal: Signal| Signal { group: Some(1), ..signal };
    let glued = vec!["glued-packets"];
    assert_eq!(sia_events("Nri1BA15BA16"), (glued.clone(), vec![area(sia("BA", "15")), area(sia("BA", "16"))]));
    // Four digits that go to F: DC-03 reads them as one address.
    let one = Signal { address: Some("5BA6".into()), ..event("BA") };
    assert_eq!(sia_events("Nri1BA5BA6"), (glued.clone(), vec![area(one)]));
    assert_eq!(sia_events("Nri1CLOP"), (glued.clone(), vec![area(sia("CL", "")), area(sia("OP", ""))]));
    assert_eq!(sia_events("NRP99CL"), (glued.clone(), vec![sia("RP", "99"), sia("CL", "")]));
    assert_eq!(sia_events("NBA5^x^BA6"), (glued, vec![titled(sia("BA", "5"), "x"), sia("BA", "6")]));
}

#[test]
fn addresses_as_they_come() {
    let raw = |address: &str| Signal { address: Some(address.into()), ..event("BA") };
    assert_eq!(
        sia_events("NBA1F/BA1-5/BA1:3:5/BA00012"),
        (vec![], vec![raw("1F"), raw("1-5"), raw("1:3:5"), { Signal { number: Some(12), ..raw("00012") } }])
    );
    // In an environmental block these letters are a measurement; in an event block, a card added.
    let measured = Code::Own("environment:DA".parse().unwrap());
    let measured = Signal { code: measured, qualifier: Qualifier::Status, ..sia("DA", "3") };
    assert_eq!(sia_events("EDA3*25C"), (vec![], vec![measured]));
}

#[test]
fn text_goes_to_the_events_before_it() {
    let (both, one) = (["BA", "TA"].map(|code| titled(sia(code, "1"), "Door")), titled(sia("BA", "2"), "Hall way"));
    assert_eq!(sia_events("NBA1/TA1|ADoor|NBA2|AHall|Away"), (vec![], [&both[..], &[one]].concat()));
    assert_eq!(sia_events("NBA1|NBA2|ADoor"), (vec![], vec![sia("BA", "1"), titled(sia("BA", "2"), "Door")]));
    assert_eq!(sia_events("NBA1^own^|AHall"), (vec![], vec![titled(sia("BA", "1"), "own")]));
    assert_eq!(sia_events("NBA1|Aleft|right"), (vec![], vec![titled(sia("BA", "1"), "left|right")]));
    assert_eq!(sia_events("Nid7^Ann^/CL"), (vec![], vec![titled(Signal { user: Some(7), ..sia("CL", "") }, "Ann")]));
    assert_eq!(sia_events("NBA1|A").1, vec![titled(sia("BA", "1"), "")]);
    assert_eq!(sia_events("NBA1^open end").1, vec![titled(sia("BA", "1"), "open end")]);
}

#[test]
fn what_is_not_known_is_passed_over_and_named() {
    assert_eq!(sia_events("Nxx9q/BA1"), (vec!["unknown-modifier"], vec![sia("BA", "1")]));
    assert_eq!(sia_events("N?!/BA1"), (vec!["unread-part"], vec![sia("BA", "1")]));
    assert_eq!(sia_events("zzz|NBA1"), (vec!["unread-part"], vec![sia("BA", "1")]));
    assert_eq!(sia_events("Afirst|NBA1"), (vec!["unread-part"], vec![sia("BA", "1")]));
    // AlphaVision puts an end-of-data block first.
    assert_eq!(sia_events("0|NRP"), (vec![], vec![sia("RP", "")]));
    let unlisted = Signal::new("QQ".parse().unwrap(), Qualifier::New);
    assert_eq!(sia_events("NQQ"), (vec![], vec![unlisted]));
}

#[test]
fn sia_content_without_any_event() {
    let bytes = frame(b"\"SIA-DCS\"0001L0#1234[#1234|hello]");
    let message = Frame::parse(&bytes, Strictness::Tolerant).unwrap().open(None).unwrap();
    assert_eq!(message.events(), Err(MessageError::Content(ContentFault::Sia { length: 5 })));
}

#[test]
fn extended_text_and_time_complete_an_event() {
    let reading = quirks(&frame(b"\"ADM-CID\"0001L0#12[#12|1130 01 005][ICaf\xE9][H10:00:00,03-07-2025][$PGPS]"), &[]);
    let happened =
        Signal { group: Some(1), number: Some(5), device_time: Some("10:00:00,03-07-2025".into()), ..event("130") };
    assert_eq!(reading.events, [titled(happened, "Café")]);
    assert_eq!(reading.extended[2], ('$', "PGPS".to_string()));
}

#[test]
fn an_unknown_token_keeps_its_content_and_is_acknowledged() {
    let bytes = frame(b"\"HENG-BO\"0009L0#5[#5|\x01\x02]");
    let reading = quirks(&bytes, &[]);
    assert_eq!((reading.token.as_str(), reading.data.as_str(), reading.events.len()), ("HENG-BO", "#5|\u{1}\u{2}", 0));
    assert_eq!(reply(&bytes, Reply::Ack), String::from_utf8(frame(b"\"ACK\"0009L0#5[]")).unwrap());
}

#[test]
fn answers_echo_what_came_and_only_that() {
    for (body, answer) in [
        ("\"NULL\"0000L0#1409[]", "\"ACK\"0000L0#1409[]"),
        ("\"SIA-DCS\"9876R579BDFL789ABC#12345a[#1|NRP]", "\"ACK\"9876R579BDFL789ABC#12345a[]"),
        ("\"SIA-DCS\"0002#0123[#0123|NRP]", "\"ACK\"0002#0123[]"),
        ("\"NULL\"0000RL[]", "\"ACK\"0000RL[]"),
    ] {
        assert_eq!(reply(&frame(body.as_bytes()), Reply::Ack).into_bytes(), frame(answer.as_bytes()));
        let duh = answer.replace("ACK", "DUH");
        assert_eq!(reply(&frame(body.as_bytes()), Reply::Duh).into_bytes(), frame(duh.as_bytes()));
        let nak = frame(b"\"NAK\"0000R0L0A0[]_12:34:57,03-07-2025");
        assert_eq!(reply(&frame(body.as_bytes()), Reply::Nak).into_bytes(), nak);
        assert_eq!(reply(&frame(body.as_bytes()), Reply::Silence), "");
    }
}

#[test]
fn a_binary_crc_is_answered_in_kind() {
    let bytes = Encoder { account: Some("9413"), binary_crc: true, ..Encoder::new(Token::Null, 7) }.encode().unwrap();
    let received = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
    let body = b"\"ACK\"0007L0#9413[]";
    let expected = [b"\n", &crc(body).to_be_bytes()[..], b"0012", body, b"\r"].concat();
    assert_eq!(Reply::Ack.encode(&received, NOW, None, Pad::Short(b"")), expected);
}

fn sealed(key: &Key, stamp: Stamp) -> Vec<u8> {
    let data = b"#1234|1130 01 005";
    let frame = Encoder { account: Some("1234"), data, stamp: Some(stamp), ..Encoder::new(Token::AdmCid, 42) };
    frame.encrypt(key, Pad::Long(b"pad")).unwrap()
}

#[test]
fn an_encrypted_frame_is_acknowledged_encrypted_or_not_at_all() {
    let (key, other) = (Key::new(b"0123456789abcdef").unwrap(), Key::new(b"fedcba9876543210").unwrap());
    let bytes = sealed(&key, NOW);
    let received = Frame::parse(&bytes, Strictness::Strict).unwrap();
    for pad in [Pad::Short(b"short"), Pad::Long(b"[|]"), Pad::Short(b"")] {
        let ack = Reply::Ack.encode(&received, NOW, Some(&key), pad);
        let value = Reading {
            token: "ACK".into(),
            encrypted: true,
            sequence: "0042".into(),
            line: Some("0".into()),
            account: Some("1234".into()),
            stamp: Some("12:34:57,03-07-2025".into()),
            ..Reading::default()
        };
        assert_eq!(read(&ack, Some(&key)), Ok(value));
    }
    let duh = frame(b"\"DUH\"0042L0#1234[]");
    assert_eq!(Reply::Ack.encode(&received, NOW, None, Pad::Short(b"")), duh);
    assert_eq!(Reply::Duh.encode(&received, NOW, Some(&key), Pad::Short(b"")), duh);
    let wrong = MessageError::Key(KeyFault::Wrong);
    assert_eq!(received.open(Some(&other)), Err(wrong));
    assert_eq!(received.open(None), Err(MessageError::Key(KeyFault::Missing)));
    assert_eq!((wrong.reply(), MessageError::Key(KeyFault::Missing).reply()), (Reply::Duh, Reply::Duh));
}

#[test]
fn cipher_text_that_is_no_blocks() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    for (body, length) in [("", 0), ("00", 2), (&"0".repeat(31) as &str, 31), (&"x".repeat(32), 32)] {
        let bytes = frame(format!("\"*NULL\"0001L0#12[{body}").as_bytes());
        let received = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
        let fault = MessageError::Content(ContentFault::CipherText { length });
        assert_eq!(received.open(Some(&key)), Err(fault));
    }
}

#[test]
fn the_clock_of_an_encrypted_message() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    for (skew, expected) in [(20, Ok(())), (-40, Ok(())), (21, Err(Some(21))), (-41, Err(Some(-41)))] {
        let bytes = sealed(&key, Stamp::from_unix(NOW.unix() + skew));
        let message = Frame::parse(&bytes, Strictness::Tolerant).unwrap().open(Some(&key)).unwrap();
        let expected = expected.map_err(|skew_secs| MessageError::Clock { skew_secs });
        assert_eq!(message.check_clock(NOW, Window::STANDARD), expected);
    }
    assert_eq!(MessageError::Clock { skew_secs: Some(21) }.reply(), Reply::Nak);
    let bytes = frame(b"\"NULL\"0001L0#12[]");
    let plain = Frame::parse(&bytes, Strictness::Tolerant).unwrap().open(None).unwrap();
    assert_eq!(plain.check_clock(NOW, Window::STANDARD), Ok(()));
}

#[test]
fn other_talk_on_the_port_is_foreign_and_hears_nothing() {
    for bytes in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], b"", b"\n", b"F#123456", b"\x16\x03\x01\x02\x00\x01\x00\"\"\"", b"\n0000000\""]
    {
        let error = Frame::parse(bytes, Strictness::Tolerant).unwrap_err();
        assert_eq!(error, FrameError::Foreign(Foreign::Header { length: bytes.len() }));
        assert_eq!(error.reply(), Reply::Silence);
    }
    for body in [&b"\"NULL"[..], b"\"\"0001L0#1[]", b"\"N\xC3LL\"0001L0#1[]"] {
        let error = FrameError::Foreign(Foreign::Token);
        assert_eq!(Frame::parse(&frame(body), Strictness::Tolerant), Err(error));
    }
    let long = frame(&[b"\"NULL\"0001L0#1[", &[b'x'; 9000][..]].concat());
    let error = FrameError::Foreign(Foreign::TooLong { length: 9025 });
    assert_eq!(Frame::parse(&long, Strictness::Tolerant), Err(error));
}
