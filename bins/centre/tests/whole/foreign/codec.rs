//! `siadc09`, which implements DC-09-2026, as decoder of our frames and as encoder of frames for us.

use contactid::{
    Code, Encoder, EventCode, Extended, Frame, Key, Pad, Qualifier, Reply, SiaCode, Signal, Stamp, Strictness, Token,
};
use serde_json::{Value, json};

use super::python::Script;

const KEYS: [&str; 3] = [
    "000102030405060708090a0b0c0d0e0f",
    "000102030405060708090a0b0c0d0e0f1011121314151617",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
];
/// 2025-03-07 12:34:56 UTC.
const MOMENT: i64 = 1_741_350_896;
const RANDOM: &[u8] = b"q7Zp2LmX9aTeRv4KbYw0HsJd6GfNc1Qu";

fn siadc09() -> Option<Script> {
    Script::find("codec", "siadc09")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(digit).collect()
}

/// A report as both sides name its parts.
struct Report {
    token: Token<'static>,
    sequence: u16,
    receiver: Option<&'static str>,
    line: &'static str,
    account: &'static str,
    content: &'static str,
    extended: &'static [(char, &'static str)],
    /// As `siadc09` understands the content.
    events: fn() -> Value,
    /// As we do.
    signals: fn() -> Vec<Signal>,
}

fn cid(code: u16, qualifier: Qualifier) -> Signal {
    Signal::new(Code::Cid(EventCode::new(code).expect("three digits")), qualifier)
}

const REPORTS: [Report; 4] = [
    Report {
        token: Token::AdmCid,
        sequence: 1,
        receiver: None,
        line: "0",
        account: "1002",
        content: "#1002|1130 01 005",
        extended: &[],
        events: || json!([{"qualifier": "1", "code": "130", "group": 1, "number": 5}]),
        signals: || vec![Signal { group: Some(1), number: Some(5), ..cid(130, Qualifier::New) }],
    },
    Report {
        token: Token::AdmCid,
        sequence: 9999,
        receiver: Some("579BDF"),
        line: "789ABC",
        account: "12345A",
        content: "#12345A|3401 00 002",
        extended: &[('M', "0026b9e4268b"), ('S', "临江镇解放路12号")],
        events: || json!([{"qualifier": "3", "code": "401", "group": 0, "number": 2}]),
        signals: || vec![Signal { number: Some(2), ..cid(401, Qualifier::Restore) }],
    },
    Report {
        token: Token::SiaDcs,
        sequence: 42,
        receiver: Some("1"),
        line: "2",
        account: "ABCDEF0123",
        content: "#ABCDEF0123|Nri1/FA129",
        extended: &[('I', "Kitchen")],
        events: || json!([{"code": "FA", "address": 0x129, "area": 1}]),
        signals: || {
            vec![Signal {
                group: Some(1),
                number: Some(129),
                address: Some("129".to_owned()),
                text: Some("Kitchen".to_owned()),
                ..Signal::new(Code::Sia(SiaCode::new(*b"FA").expect("two letters")), Qualifier::New)
            }]
        },
    },
    Report {
        token: Token::Null,
        sequence: 7,
        receiver: None,
        line: "0",
        account: "123F",
        content: "",
        extended: &[],
        events: || json!([]),
        signals: Vec::new,
    },
];

impl Report {
    fn expected_by_siadc09(&self, encrypted: bool) -> Value {
        let number = |text: &str| i64::from_str_radix(text, 16).ok().filter(|&number| number != 0);
        let extended: serde_json::Map<String, Value> =
            self.extended.iter().map(|(id, text)| (id.to_string(), json!(text))).collect();
        json!({
            "token": self.token.as_str(),
            "encrypted": encrypted,
            "sequence": self.sequence,
            "receiver": self.receiver.and_then(number),
            "line": number(self.line),
            "account": self.account,
            "content": (!self.content.is_empty()).then_some(self.content),
            "events": (self.events)(),
            "extended": extended,
            "timestamp": "12:34:56,03-07-2025",
        })
    }
}

#[test]
fn siadc09_reads_what_we_write() {
    let Some(siadc09) = siadc09() else { return };
    let (mut orders, mut expected) = (Vec::new(), Vec::new());
    for report in &REPORTS {
        let extended: Vec<Extended<'_>> = report.extended.iter().map(|(id, text)| Extended::new(*id, text)).collect();
        let encoder = Encoder {
            receiver: report.receiver,
            line: Some(report.line),
            account: Some(report.account),
            data: report.content.as_bytes(),
            extended: &extended,
            stamp: Some(Stamp::from_unix(MOMENT)),
            ..Encoder::new(report.token, report.sequence)
        };
        orders.push(json!({"decode": hex(&encoder.encode().unwrap())}));
        expected.push(report.expected_by_siadc09(false));
        for key_hex in KEYS {
            let key = Key::from_hex(key_hex).unwrap();
            for pad in [Pad::Short(RANDOM), Pad::Long(RANDOM)] {
                orders.push(json!({"decode": hex(&encoder.encrypt(&key, pad).unwrap()), "key_hex": key_hex}));
                expected.push(report.expected_by_siadc09(true));
            }
        }
    }
    assert_eq!(siadc09.run(&orders), expected);
}

#[test]
fn siadc09_reads_our_acknowledgements() {
    let Some(siadc09) = siadc09() else { return };
    let key = Key::from_hex(KEYS[0]).unwrap();
    let encoder = Encoder {
        receiver: Some("A"),
        account: Some("1002"),
        data: b"#1002|1602 00 001",
        stamp: Some(Stamp::from_unix(MOMENT)),
        ..Encoder::new(Token::AdmCid, 815)
    };
    let plain = encoder.encode().unwrap();
    let sealed = encoder.encrypt(&key, Pad::Short(RANDOM)).unwrap();
    let now = Stamp::from_unix(MOMENT + 1);
    let (mut orders, mut expected) = (Vec::new(), Vec::new());
    for (bytes, reply, key, answer, timestamp) in [
        (&plain, Reply::Ack, None, "ACK", None),
        (&plain, Reply::Duh, None, "DUH", None),
        (&sealed, Reply::Ack, Some(&key), "ACK", Some("12:34:57,03-07-2025")),
        (&sealed, Reply::Ack, None, "DUH", None),
    ] {
        let frame = Frame::parse(bytes, Strictness::Strict).unwrap();
        let answered = reply.encode(&frame, now, key, Pad::Long(RANDOM));
        orders.push(json!({"decode": hex(&answered), "key_hex": key.map(|_| KEYS[0])}));
        expected.push(json!({
            "token": answer,
            "encrypted": timestamp.is_some(),
            "sequence": 815,
            "receiver": 0xA,
            "line": null,
            "account": "1002",
            "content": null,
            "events": [],
            "extended": {},
            "timestamp": timestamp,
        }));
    }
    assert_eq!(siadc09.run(&orders), expected);
}

#[test]
fn we_read_what_siadc09_writes() {
    let Some(siadc09) = siadc09() else { return };
    let keys = || [None].into_iter().chain(KEYS.map(Some));
    let cases: Vec<(&Report, Option<&str>)> =
        REPORTS.iter().flat_map(|report| keys().map(move |key| (report, key))).collect();
    let orders: Vec<Value> = cases
        .iter()
        .map(|(report, key_hex)| {
            let extended: serde_json::Map<String, Value> =
                report.extended.iter().map(|(id, text)| (id.to_string(), json!(text))).collect();
            let fields = json!({
                "token": report.token.as_str(),
                "sequence": report.sequence,
                "receiver": report.receiver,
                "line": (report.line != "0").then_some(report.line),
                "account": report.account,
                "data": report.content,
                "extended": extended,
                "unix": MOMENT,
            });
            json!({"encode": fields, "key_hex": key_hex})
        })
        .collect();
    let frames = siadc09.run(&orders);
    assert_eq!(frames.len(), cases.len());
    for ((report, key_hex), frame) in cases.into_iter().zip(frames) {
        let bytes = unhex(frame["hex"].as_str().expect("a frame"));
        let frame = Frame::parse(&bytes, Strictness::Strict).unwrap();
        let head =
            (frame.token(), frame.is_encrypted(), frame.sequence(), frame.receiver(), frame.line(), frame.account());
        let expected = (
            report.token,
            key_hex.is_some(),
            Some(report.sequence),
            report.receiver,
            Some(report.line),
            Some(report.account),
        );
        assert_eq!(head, expected);
        let key = key_hex.map(|digits| Key::from_hex(digits).unwrap());
        let message = frame.open(key.as_ref()).unwrap();
        let extended: Vec<(char, String)> =
            message.extended().map(|field| (field.id, field.text().into_owned())).collect();
        let written: Vec<(char, String)> = report.extended.iter().map(|&(id, text)| (id, text.to_owned())).collect();
        assert_eq!(
            (message.data_text().as_ref(), extended, message.stamp()),
            (report.content, written, Some(Stamp::from_unix(MOMENT)))
        );
        assert_eq!(message.events(), Ok((report.signals)()), "{}", report.content);
    }
}
