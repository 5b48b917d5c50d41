//! `siadc09`, which implements DC-09-2026: it reads our frames, and we read its.

use contactid::{Encoder, Frame, Key, Pad, Reply, Stamp, Strictness, Token};
use serde_json::{Value, json};

use super::python::Script;
use super::reports::{COUNT, Differences, KEYS, MOMENT, MOMENT_TEXT, RANDOM, Report, Said, hex, read, reports, unhex};

/// What siadc09 reads in this report.
fn as_siadc09_reads(report: &Report, differences: &mut Differences) -> Value {
    let number = |text: &str| u64::from_str_radix(text, 16).ok();
    let account = report.account.trim_start_matches('0');
    if account.len() < report.account.len() {
        // An account is text of 3 to 16 hexadecimal digits; two panels may differ in leading zeros only. We are right.
        differences.note("siadc09 takes the account for a number and drops its leading zeros");
    }
    let events = match &report.said {
        Said::Nothing => json!([]),
        Said::Cid { qualifier, code, group, number } => {
            if *group > 9 || *number > 9 {
                // DC-05 sends digits of a telephone keypad, and numbers of zones as people count. We are right.
                differences.note("siadc09 takes group and zone of Contact ID for hexadecimal");
            }
            let qualifier = qualifier.digit().to_string();
            let (group, number) = (as_hexadecimal(*group), as_hexadecimal(*number));
            json!([{"qualifier": qualifier, "code": code.to_string(), "group": group, "number": number}])
        }
        Said::Sia { area, code, number, .. } => {
            let address = number.map(|number| {
                if number > 9 {
                    // DC-03 means so, most panels write decimal numbers: neither is wrong, and we give the text and both.
                    differences.note("siadc09 takes the address for hexadecimal");
                }
                as_hexadecimal(number)
            });
            json!([{"code": String::from_utf8_lossy(code), "address": address, "area": area}])
        }
    };
    // It writes the letters of a MAC address small; the same address.
    let spelt = |id: char, text: &str| if id == 'M' { text.to_lowercase() } else { text.to_owned() };
    let mut extended: serde_json::Map<String, Value> =
        report.extended.iter().map(|(id, text)| (id.to_string(), json!(spelt(*id, text)))).collect();
    if matches!(report.said, Said::Nothing) && !extended.is_empty() {
        // A NULL message may carry fields, and some panels tell their state there. We are right.
        differences.note("siadc09 passes over the fields of NULL");
        extended.clear();
    }
    let content = report.content();
    json!({
        "token": report.token().as_str(),
        "encrypted": report.key.is_some(),
        "sequence": report.sequence,
        "receiver": report.receiver.as_deref().and_then(number),
        "line": (report.line != "0").then(|| number(&report.line)),
        "account": if account.is_empty() { "0" } else { account },
        "content": (!content.is_empty()).then_some(content),
        "events": events,
        "extended": extended,
        "timestamp": report.stamped.then_some(MOMENT_TEXT),
    })
}

fn as_hexadecimal(number: u16) -> u64 {
    u64::from_str_radix(&number.to_string(), 16).expect("decimal digits are hexadecimal, too")
}

#[test]
fn siadc09_reads_what_we_write() {
    let Some(siadc09) = Script::find("siadc09_codec", "siadc09") else { return };
    let reports = reports(COUNT);
    let order = |report: &Report| {
        let key_hex = report.key.map(|key| hex(key.as_bytes()));
        json!({"decode": hex(&report.frame().unwrap()), "key_hex": key_hex})
    };
    let read = siadc09.run(&reports.iter().map(order).collect::<Vec<_>>());
    let mut differences = Differences::default();
    assert_eq!(read.len(), COUNT);
    for (report, read) in reports.iter().zip(read) {
        assert_eq!(read, as_siadc09_reads(report, &mut differences), "{report:?}");
    }
    differences.say("siadc09");
}

#[test]
fn we_read_what_siadc09_writes() {
    let Some(siadc09) = Script::find("siadc09_codec", "siadc09") else { return };
    let reports: Vec<Report> = reports(COUNT).into_iter().map(as_siadc09_takes).collect();
    let order = |report: &Report| {
        let extended: serde_json::Map<String, Value> =
            report.extended.iter().map(|(id, text)| (id.to_string(), json!(text))).collect();
        let fields = json!({
            "token": report.token().as_str(),
            "sequence": report.sequence,
            "receiver": report.receiver,
            "line": report.line,
            "account": report.account,
            "data": report.content(),
            "extended": extended,
            "unix": report.stamped.then_some(MOMENT),
        });
        json!({"encode": fields, "key_hex": report.key.map(|key| hex(key.as_bytes()))})
    };
    let frames = siadc09.run(&reports.iter().map(order).collect::<Vec<_>>());
    assert_eq!(frames.len(), COUNT);
    for (report, frame) in reports.iter().zip(frames) {
        let bytes = unhex(frame["hex"].as_str().expect("a frame"));
        assert_eq!(read(&bytes, report.contactid_key().as_ref(), Strictness::Strict), report.read());
    }
}

/// The same report within what siadc09 can write: it keeps accounts, receivers and lines as numbers, and NULL has no fields.
fn as_siadc09_takes(report: Report) -> Report {
    let significant = |text: &str| text.trim_start_matches('0').to_owned();
    // It writes the letters of a MAC address small; the same address.
    let spelt = |(id, text): (char, String)| (id, if id == 'M' { text.to_lowercase() } else { text });
    let extended = if matches!(report.said, Said::Nothing) { Vec::new() } else { report.extended };
    Report {
        extended: extended.into_iter().map(spelt).collect(),
        account: format!("{:1>4}", significant(&report.account)),
        receiver: report.receiver.as_deref().map(significant).filter(|text| !text.is_empty()),
        line: Some(significant(&report.line)).filter(|text| !text.is_empty()).unwrap_or_else(|| "0".to_owned()),
        ..report
    }
}

#[test]
fn siadc09_reads_our_acknowledgements() {
    let Some(siadc09) = Script::find("siadc09_codec", "siadc09") else { return };
    let key = Key::new(KEYS[0].as_bytes()).unwrap();
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
    // Not NAK: siadc09 refuses the account A0 that the standard writes there, with receiver and line before it. We are right.
    for (bytes, reply, key, answer, timestamp) in [
        (&plain, Reply::Ack, None, "ACK", None),
        (&plain, Reply::Duh, None, "DUH", None),
        (&sealed, Reply::Ack, Some(&key), "ACK", Some("12:34:57,03-07-2025")),
        (&sealed, Reply::Ack, None, "DUH", None),
    ] {
        let frame = Frame::parse(bytes, Strictness::Strict).unwrap();
        let answered = reply.encode(&frame, now, key, Pad::Long(RANDOM));
        orders.push(json!({"decode": hex(&answered), "key_hex": key.map(|_| hex(KEYS[0].as_bytes()))}));
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
