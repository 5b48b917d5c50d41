//! The foreign receiver `pysiaalarm`: it reads our frames, and we read its replies.

use contactid::{Frame, Quirks, Strictness};
use serde_json::{Value, json};

use super::python::Script;
use super::reports::{COUNT, Differences, MOMENT_TEXT, Report, Said as Content, hex, reports, unhex};

/// What pysiaalarm reads in this report; nothing where it refuses the frame.
fn as_pysiaalarm_reads(report: &Report, differences: &mut Differences) -> Value {
    if matches!(report.said, Content::Cid { .. }) && report.extended.len() > 1 {
        // The standard lets any number of fields follow. We are right.
        differences.note("pysiaalarm refuses Contact ID with more than one field");
        return Value::Null;
    }
    let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
    let extended: Vec<_> = report.extended.iter().map(|(id, text)| format!("{id}{}", ascii(text))).collect();
    let foreign = report.extended.iter().any(|(_, text)| !text.is_ascii());
    if foreign {
        // Names are written in the language of the place (2013: CP 1252; later UTF-8). We are right.
        differences.note("pysiaalarm passes over what is not ASCII, and then takes a plain frame for damaged");
    }
    let mut read = json!({
        "crc": !foreign || report.key.is_some(),
        "token": report.token().as_str(),
        "encrypted": report.key.is_some(),
        "sequence": format!("{:04}", report.sequence),
        "receiver": report.receiver.as_ref().map(|receiver| format!("R{receiver}")),
        "line": format!("L{}", report.line),
        "account": report.account,
        "qualifier": null,
        "event": null,
        "partition": null,
        "code": null,
        "area": null,
        "user": null,
        "message": null,
        "extended": (!extended.is_empty()).then(|| extended.join("][")),
        "timestamp": report.stamped.then_some(MOMENT_TEXT),
    });
    match &report.said {
        // So it names a report of life.
        Content::Nothing => (read["code"], read["area"]) = (json!("RP"), json!("0")),
        Content::Cid { qualifier, code, group, number } => {
            read["qualifier"] = json!(qualifier.digit().to_string());
            read["event"] = json!(code.to_string());
            read["partition"] = json!(format!("{group:02}"));
            read["area"] = json!(format!("{number:03}"));
        }
        Content::Sia { user, area, code, number, text } => {
            read["code"] = json!(String::from_utf8_lossy(code));
            read["area"] = json!(area.map(|area| area.to_string()));
            read["user"] = json!(user.map(|user| user.to_string()));
            let number = number.map(|number| number.to_string()).unwrap_or_default();
            let message = number + &text.map(|text| format!("|A{text}")).unwrap_or_default();
            read["message"] = json!((!message.is_empty()).then_some(message));
        }
    }
    read
}

/// A reply as we read it: its token, sequence, whether it bears a time stamp, and what had to be borne.
type Said = (String, Option<u16>, bool, Quirks);

fn said(reply: &[u8], report: &Report) -> Option<Said> {
    let frame = Frame::parse(reply, Strictness::Tolerant).ok()?;
    let message = frame.open(report.contactid_key().as_ref()).ok()?;
    Some((
        frame.token().as_str().to_owned(),
        frame.sequence(),
        message.stamp().is_some(),
        frame.quirks().with(message.quirks()),
    ))
}

/// What pysiaalarm replies, for us to read.
fn reply_of_pysiaalarm(report: &Report, differences: &mut Differences) -> Option<Said> {
    let encrypted = report.key.is_some();
    if matches!(report.said, Content::Cid { .. }) && report.extended.len() > 1 {
        // The standard: receiver, then line, then account. We are right, and read it with a quirk.
        differences.note("pysiaalarm writes NAK with L before R");
        return Some(("NAK".to_owned(), Some(0), true, Quirks::STRAY_HEADER));
    }
    if !encrypted && report.extended.iter().any(|(_, text)| !text.is_ascii()) {
        // It sends an empty line for a damaged frame, where the standard is silent.
        return None;
    }
    let mut quirks = Quirks::NONE;
    if report.receiver.is_none() {
        differences.note("pysiaalarm writes the word None for a receiver that is not there");
        quirks = Quirks::STRAY_HEADER.with(Quirks::NO_LINE_FIELD);
    }
    Some(("ACK".to_owned(), Some(report.sequence), encrypted, quirks))
}

#[test]
fn pysiaalarm_reads_what_we_write_and_we_read_its_replies() {
    let Some(pysiaalarm) = Script::find("pysiaalarm_receiver", "pysiaalarm") else { return };
    let reports = reports(COUNT);
    let order = |report: &Report| json!({"decode": hex(&report.frame().unwrap()), "account": report.account, "key": report.key});
    let answers = pysiaalarm.run(&reports.iter().map(order).collect::<Vec<_>>());
    assert_eq!(answers.len(), COUNT);
    let mut differences = Differences::default();
    for (report, mut answer) in reports.iter().zip(answers) {
        let mut read_there = answer["read"].take();
        if matches!(report.said, Content::Cid { .. }) && read_there.is_object() {
            // Its own idea of a SIA code for it; ours is in contactid::translate.
            read_there["code"] = Value::Null;
        }
        assert_eq!(read_there, as_pysiaalarm_reads(report, &mut differences), "{report:?}");
        let reply = unhex(answer["reply"].as_str().expect("a reply"));
        assert_eq!(said(&reply, report), reply_of_pysiaalarm(report, &mut differences), "{report:?}");
    }
    differences.say("pysiaalarm");
}
