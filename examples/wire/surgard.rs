//! Records of Sur-Gard and Ademco 685 receivers.

use contactid::automation::ademco685::{self, Ademco685Record, Dialect};
use contactid::automation::surgard::{self, Form, SurgardRecord};
use contactid::{AccountNumber, Format, NumberIs, Quirks, RecordError, Reply, Signal, Strictness};
use serde_json::{Map, Value, json};

use super::dc09::{cid_event, sia_event};
use super::fields::{Answer, Fields, events, hex};

/// Reads one record.
pub fn decode(format: Format, bytes: &[u8]) -> Answer {
    let answer = |reply: Reply| match reply {
        Reply::Ack => wrapped(format, surgard::ACK),
        Reply::Nak => wrapped(format, surgard::NAK),
        Reply::Duh | Reply::Silence => Vec::new(),
    };
    let read = match format {
        Format::Surgard => record(bytes).map(|(quirks, fields)| Answer::read(quirks, fields, answer(Reply::Ack))),
        Format::SurgardB32 => surgard::b32_read(bytes).and_then(|inside| match inside {
            // What the automation says is not answered.
            [surgard::ACK] => Ok(Answer::read(Quirks::NONE, said(inside, "ACK"), Vec::new())),
            [surgard::NAK] => Ok(Answer::read(Quirks::NONE, said(inside, "NAK"), Vec::new())),
            _ => record(inside).map(|(quirks, fields)| Answer::read(quirks, fields, answer(Reply::Ack))),
        }),
        _ => ademco(bytes, dialect(format)).map(|(quirks, fields)| Answer::read(quirks, fields, answer(Reply::Ack))),
    };
    read.unwrap_or_else(|error| Answer::fault(error, answer))
}

fn wrapped(format: Format, byte: u8) -> Vec<u8> {
    match format {
        Format::SurgardB32 => surgard::b32_write(&[byte]).unwrap_or_default(),
        _ => vec![byte],
    }
}

fn said(inside: &[u8], meaning: &str) -> Vec<(&'static str, Value)> {
    vec![("meaning", json!(meaning)), ("data", json!(hex(inside)))]
}

const fn dialect(format: Format) -> Dialect<'static> {
    match format {
        Format::Caps => Dialect::Caps,
        Format::Cp220 => Dialect::CP220,
        Format::Fe100 => Dialect::Fe100,
        _ => Dialect::Ademco685,
    }
}

fn spelt(account: Option<AccountNumber>) -> Value {
    json!(account.map(|account| account.to_string()))
}

type Shown = (Quirks, Vec<(&'static str, Value)>);

fn record(bytes: &[u8]) -> Result<Shown, RecordError> {
    let record = SurgardRecord::parse(bytes, Strictness::Tolerant)?;
    let name = match record.form() {
        Form::Heartbeat => "heartbeat".into(),
        _ => record.kind().to_string(),
    };
    let mut shown = vec![
        ("record", json!(name)),
        ("form", json!(format!("{:?}", record.form()))),
        ("receiver", json!(record.receiver())),
        ("line", json!(record.line())),
        ("account", spelt(record.account())),
    ];
    let content = record.content();
    let told = match (record.contact_id(), content) {
        (Some(message), _) => json!([cid_event(&message, &message.signal())]),
        (None, Some(content)) => {
            shown.push(("data", json!(String::from_utf8_lossy(content))));
            let read = contactid::SiaMessage::parse(content).unwrap_or_default();
            read.events.iter().map(|event| sia_event(event, &event.signal())).collect()
        }
        (None, None) => events(&record.signals()),
    };
    shown.push(("events", told));
    match record.form() {
        Form::Other => shown.push(("raw", json!(hex(record.body())))),
        // What its parts do not give again, such as an account that is none, is shown as it came.
        Form::Sia if rewritten(&record).as_deref() != Some(&record.encode()[..]) => {
            shown.push(("raw", json!(hex(record.body()))));
        }
        Form::Sia => {}
        form => {
            let layout = form.layout_text(record.line().len()).unwrap_or_default();
            let letters: Map<String, Value> = layout
                .chars()
                .filter(|letter| letter.is_ascii_uppercase() && !matches!(letter, 'R' | 'L'))
                .map(|letter| (letter.to_string(), json!(record.field(letter))))
                .collect();
            shown.push(("fields", json!(letters)));
        }
    }
    Ok((record.quirks(), shown))
}

/// A record of packets as its parts give it.
fn rewritten(record: &SurgardRecord<'_>) -> Option<Vec<u8>> {
    let account = record.account()?.to_string();
    let content = std::str::from_utf8(record.content()?).ok()?;
    Form::Sia.write(record.receiver(), record.line(), &[('A', &account), ('N', content)]).ok()
}

fn ademco(bytes: &[u8], dialect: Dialect<'_>) -> Result<Shown, RecordError> {
    let record = Ademco685Record::parse(bytes, dialect, Strictness::Tolerant)?;
    let kind = record.number_is().map(|number| if number == NumberIs::User { "user" } else { "zone" });
    let signals: Vec<Signal> = record.signals();
    let told = match record.contact_id() {
        Some(message) => json!([cid_event(&message, &message.signal())]),
        None => events(&signals),
    };
    let name = match record.form() {
        ademco685::Form::Heartbeat => "heartbeat",
        ademco685::Form::FourOne => "4/1",
        ademco685::Form::FourTwo | ademco685::Form::Split => "4/2",
        ademco685::Form::HighSpeed => "high speed",
        ademco685::Form::ContactId => "contact id",
        ademco685::Form::Fast => "fast",
    };
    let shown = vec![
        ("record", json!(name)),
        ("receiver", json!(Some(record.receiver()).filter(|text| !text.is_empty()))),
        ("line", json!(Some(record.line()).filter(|text| !text.is_empty()))),
        ("account", spelt(record.account())),
        ("kind", json!(kind)),
        ("data", json!(String::from_utf8_lossy(record.body()))),
        ("events", told),
    ];
    Ok((record.quirks(), shown))
}

/// Writes one record.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    match format {
        Format::Surgard => surgard_record(fields),
        Format::SurgardB32 => {
            let inside = match fields.text("meaning").as_deref() {
                Some("ACK") => vec![surgard::ACK],
                Some("NAK") => vec![surgard::NAK],
                _ => surgard_record(fields)?,
            };
            surgard::b32_write(&inside).ok_or_else(|| "a record under B32 has at most 9995 bytes".into())
        }
        _ => ademco_record(dialect(format), fields),
    }
}

fn surgard_record(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let form = match fields.text("form") {
        Some(form) => named(&form)?,
        None => by_record(&fields.need("record")?)?,
    };
    if form == Form::Other || fields.text("raw").is_some() {
        let kind = fields.need("record")?;
        return Ok([kind.as_bytes(), &fields.bytes("raw")?, &[surgard::END]].concat());
    }
    let [receiver, line] = ["receiver", "line"].map(|name| fields.text(name).unwrap_or_default());
    let mut written: Vec<(char, String)> = Vec::new();
    match form {
        Form::Sia => written.extend([('A', fields.need("account")?), ('N', fields.need("data")?)]),
        _ => match fields.0["fields"].as_object() {
            Some(letters) => written.extend(
                letters.iter().filter_map(|(letter, text)| Some((letter.chars().next()?, text.as_str()?.to_owned()))),
            ),
            None if form == Form::ContactId => {
                let message = super::contact_id::message(fields)?;
                let letter = match message.qualifier.digit() {
                    1 => "E",
                    3 => "R",
                    _ => "P",
                };
                written.extend([
                    ('A', fields.need("account")?),
                    ('Q', letter.into()),
                    ('X', message.code.to_string()),
                    ('G', message.group_text().into()),
                    ('C', message.number_text().into()),
                ]);
            }
            None => return Err("fields: the letters of the record's layout are missing".into()),
        },
    }
    let written: Vec<(char, &str)> = written.iter().map(|(letter, text)| (*letter, text.as_str())).collect();
    let mut bytes = form.write(&receiver, &line, &written).map_err(|error| error.to_string())?;
    // A form may have two first characters: the one that was read stays.
    if let (Form::Basic, Some(kind)) = (form, fields.text("record")) {
        bytes.splice(0..1, kind.bytes());
    }
    Ok(bytes)
}

fn named(form: &str) -> Result<Form, String> {
    let known = Form::ALL.iter().copied().find(|known| format!("{known:?}") == form);
    known.ok_or_else(|| format!("form: {form:?} is not known"))
}

fn by_record(record: &str) -> Result<Form, String> {
    match record {
        "heartbeat" => Ok(Form::Heartbeat),
        "5" => Ok(Form::ContactId),
        "S" => Ok(Form::Sia),
        other => Err(format!("form: missing, and the record {other:?} may have several")),
    }
}

fn ademco_record(dialect: Dialect<'_>, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    // What was read is written as it was; what was made up is written by its parts.
    if let Some(body) = fields.text("data") {
        let (header, end) = ("\n", "\r");
        let bytes = [header, &body, end].concat().into_bytes();
        let record =
            Ademco685Record::parse(&bytes, dialect, Strictness::Tolerant).map_err(|error| error.to_string())?;
        return Ok(record.encode());
    }
    let message = super::contact_id::message(fields)?;
    let kind = match fields.text("kind").as_deref() {
        Some("user") => "U",
        _ => "C",
    };
    let text = |name, other: &str| fields.text(name).unwrap_or_else(|| other.to_owned());
    let [receiver, line] = [text("receiver", "0"), text("line", "0")];
    let written = ademco685::contact_id_fields(&message, dialect);
    let mut all = vec![('R', receiver.as_str()), ('L', line.as_str())];
    if dialect == Dialect::Fe100 {
        all.clear();
    }
    let account = fields.need("account")?;
    all.extend([('A', account.as_str()), ('F', kind)]);
    all.extend(written.iter().map(|(letter, text)| (*letter, text.as_str())));
    ademco685::write(dialect, ademco685::Form::ContactId, &all).map_err(|error| error.to_string())
}
