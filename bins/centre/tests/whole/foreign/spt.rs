//! The foreign panels' codecs `my-dc09-spt` and `dc09-spt`: we read their frames, and they read our answers.

use contactid::{Frame, Pad, Qualifier, Reply, Stamp, Strictness};
use serde_json::{Value, json};

use super::python::Script;
use super::reports::{COUNT, Differences, KEYS, MOMENT, RANDOM, Read, Report, Said, hex, read, reports, unhex};

/// The same report within what both can write: two fields, keys of 16 and 32 characters, numbers instead of texts in the
/// header, and codes that speak of a user without zone.
fn as_spt_takes(report: Report) -> Report {
    let said = match report.said {
        Said::Sia { area, code: code @ ([b'O', b'P'] | [b'C', b'L'] | [b'R', b'X']), text, .. } => {
            Said::Sia { user: None, area, code, number: None, text }
        }
        said => said,
    };
    let number = |text: &str| Some(text.trim_start_matches('0').to_owned()).filter(|text| !text.is_empty());
    Report {
        receiver: report.receiver.as_deref().map(|receiver| number(receiver).unwrap_or_else(|| "0".to_owned())),
        line: number(&report.line).unwrap_or_else(|| "0".to_owned()),
        extended: report.extended.into_iter().filter(|(id, _)| matches!(id, 'M' | 'V')).collect(),
        key: report.key.filter(|key| key.len() != KEYS[1].len()),
        // It stamps what is encrypted, and only that.
        stamped: report.key.is_some_and(|key| key.len() != KEYS[1].len()),
        said,
        ..report
    }
}

fn order(module: &str, report: &Report) -> Value {
    let extra: serde_json::Map<String, Value> = report
        .extended
        .iter()
        .map(|(id, text)| (if *id == 'M' { "mac" } else { "verification" }.to_owned(), json!(text)))
        .collect();
    let params = match &report.said {
        Said::Nothing => Value::Null,
        Said::Cid { qualifier, code, group, number } => {
            json!({"q": qualifier.digit().to_string(), "code": code.to_string(), "area": group, "zone": number})
        }
        Said::Sia { user, area, code, number, text } => {
            let mut params = serde_json::Map::new();
            params.insert("code".to_owned(), json!(String::from_utf8_lossy(code)));
            let numbers = [("user", user), ("area", area), ("zone", number)];
            params.extend(
                numbers.into_iter().filter_map(|(name, number)| Some((name.to_owned(), json!(number.as_ref()?)))),
            );
            params.extend(text.map(|text| ("text".to_owned(), json!(text))));
            Value::Object(params)
        }
    };
    let fields = json!({
        "token": report.token().as_str(),
        "sequence": report.sequence,
        "receiver": report.receiver,
        "line": report.line,
        "account": report.account,
        "params": params,
        "extra": extra,
    });
    json!({"module": module, "encode": fields, "key": report.key})
}

/// What we read in this report as both write it.
fn as_spt_writes(report: &Report) -> Read {
    let mut read = report.read();
    if let Said::Sia { user, area, code, number, text } = &report.said {
        // Area before user, and no "/" between modifiers, as DC-03 allows.
        let written =
            |name: &str, number: &Option<u16>| number.map(|number| format!("{name}{number}")).unwrap_or_default();
        let text = text.map(|text| format!("|A{text}")).unwrap_or_default();
        let (area, user, number) = (written("ri", area), written("id", user), written("", number));
        read.content = format!("#{}|N{area}{user}{}{number}{text}", report.account, String::from_utf8_lossy(code));
    }
    read
}

#[test]
fn we_read_what_my_dc09_spt_writes() {
    let Some(spt) = Script::find("spt_codec", "my_dc09_spt") else { return };
    let reports: Vec<Report> = reports(COUNT).into_iter().map(as_spt_takes).collect();
    let frames = spt.run(&reports.iter().map(|report| order("my_dc09_spt", report)).collect::<Vec<_>>());
    assert_eq!(frames.len(), COUNT);
    for (report, frame) in reports.iter().zip(frames) {
        let bytes = unhex(frame["hex"].as_str().expect("a frame"));
        // Its padding ends without `|` in NULL, and may hold control characters; nothing else is to be borne.
        assert_eq!(
            read(&bytes, report.contactid_key().as_ref(), Strictness::Tolerant),
            as_spt_writes(report),
            "{report:?}"
        );
    }
}

/// `dc09-spt` 0.0.4 sends plain frames only: its cipher wants a package that no longer builds.
#[test]
fn we_read_what_dc09_spt_writes() {
    let Some(spt) = Script::find("spt_codec", "dc09_spt") else { return };
    let mut differences = Differences::default();
    let plain = |report: Report| {
        let said = match report.said {
            // It checks for 1, 3 and 3.
            Said::Cid { qualifier: Qualifier::Status, code, group, number } => {
                Said::Cid { qualifier: Qualifier::New, code, group, number }
            }
            // It counts BA among the codes that speak of an area.
            Said::Sia { user, code: [b'B', b'A'], number, text, .. } => {
                Said::Sia { user, area: None, code: *b"BA", number, text }
            }
            said => said,
        };
        // What it writes behind the content it does not give back.
        Report { key: None, stamped: false, extended: Vec::new(), said, ..report }
    };
    let reports: Vec<Report> = reports(COUNT).into_iter().map(as_spt_takes).map(plain).collect();
    let frames = spt.run(&reports.iter().map(|report| order("dc09_spt", report)).collect::<Vec<_>>());
    assert_eq!(frames.len(), COUNT);
    for (report, frame) in reports.iter().zip(frames) {
        let bytes = unhex(frame["hex"].as_str().expect("a frame"));
        let written = format!("{:04X}", report.sequence);
        if written != format!("{:04}", report.sequence) {
            // The standard wants decimal digits, 0001 to 9999. We are right; the text is answered as it came. Where it has
            // letters we take it as meant.
            differences.note("dc09-spt writes the sequence number in hexadecimal");
        }
        let frame = Frame::parse(&bytes, Strictness::Tolerant).unwrap();
        assert_eq!(frame.sequence_text(), written);
        let expected = Read { sequence: Some(written.parse().unwrap_or(report.sequence)), ..as_spt_writes(report) };
        assert_eq!(read(&bytes, None, Strictness::Tolerant), expected, "{report:?}");
    }
    differences.say("dc09-spt");
}

/// They want an answer of ours to end what they sent; the time in it corrects their clock.
#[test]
fn my_dc09_spt_reads_our_answers() {
    let Some(spt) = Script::find("spt_codec", "my_dc09_spt") else { return };
    let now = Stamp::from_unix(MOMENT);
    let (mut orders, mut expected) = (Vec::new(), Vec::new());
    for report in reports(COUNT).into_iter().map(as_spt_takes) {
        let bytes = report.frame().unwrap();
        let frame = Frame::parse(&bytes, Strictness::Strict).unwrap();
        let key = report.contactid_key();
        for (reply, answer) in [(Reply::Ack, "ACK"), (Reply::Nak, "NAK"), (Reply::Duh, "DUH")] {
            let answered = reply.encode(&frame, now, key.as_ref(), Pad::Long(RANDOM));
            orders.push(json!({
                "module": "my_dc09_spt",
                "answer": hex(&answered),
                "sequence": report.sequence,
                "key": report.key,
            }));
            let timed = Frame::parse(&answered, Strictness::Strict).unwrap();
            let timed = timed.open(key.as_ref()).unwrap().stamp().is_some();
            expected.push(json!({"answer": answer, "timed": timed}));
        }
    }
    assert_eq!(spt.run(&orders), expected);
}
