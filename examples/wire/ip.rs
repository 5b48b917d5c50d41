//! Other IP links: Osborne-Hoffman, VdS 2465, ISECNet.

use contactid::isecnet::{self, Channel, IsecnetFrame, Photo};
use contactid::oh::{self, OhKey, OhLine};
use contactid::vds::{self, Kind, Purpose, VdsFrame, VdsMessage, VdsRecord};
use contactid::{AccountNumber, Format, Key, Lang, RecordError, SiaMessage, Signal, Strictness};
use serde_json::{Value, json};

use super::dc09::{cid_event, sia_event};
use super::fields::{Answer, Fields, Question, events, hex, unhex};

/// Reads one record.
pub fn decode(format: Format, bytes: &[u8], question: &Question) -> Answer {
    let key = question.key_hex.as_deref();
    let read = match format {
        Format::OhPlain => oh_line(bytes),
        Format::OhSealed => return oh_sealed(bytes, key),
        Format::Isecnet => isecnet(bytes),
        _ => match key.map(Key::from_hex).transpose() {
            Ok(key) => vds(bytes, key.as_ref()),
            Err(error) => return Answer::refused(format!("key: {error}")),
        },
    };
    read.unwrap_or_else(|error| Answer::fault(error, |_| Vec::new()))
}

fn spelt(account: Option<AccountNumber>) -> Value {
    json!(account.map(|account| account.to_string()))
}

fn oh_line(bytes: &[u8]) -> Result<Answer, RecordError> {
    let line = OhLine::parse(bytes, Strictness::Tolerant)?;
    let mut fields =
        vec![("receiver", json!(line.receiver())), ("line", json!(line.line())), ("account", spelt(line.account()))];
    match line.content {
        oh::Content::Report { sequence, content, tail } => {
            let read = SiaMessage::parse(content).unwrap_or_default();
            fields.extend([
                ("sequence", json!(format!("{sequence:04}"))),
                ("data", json!(String::from_utf8_lossy(content))),
                ("tail", json!(String::from_utf8_lossy(tail))),
                ("events", read.events.iter().map(|event| sia_event(event, &event.signal())).collect()),
            ]);
        }
        oh::Content::Heartbeat { tail } => {
            fields.extend([("meaning", json!("heartbeat")), ("tail", json!(String::from_utf8_lossy(tail)))]);
        }
    }
    // The bytes between line and account are blanks in numbers that differ from panel to panel.
    fields.push(("raw", json!(hex(&line.encode()))));
    Ok(Answer::read(line.quirks(), fields, oh::ACK.to_vec()))
}

fn oh_key(key_hex: Option<&str>) -> Result<OhKey, String> {
    let bytes = unhex(key_hex.ok_or("key: none for an encrypted message")?);
    let bytes: Option<[u8; 24]> = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.map(|bytes| OhKey::new(&bytes)).ok_or_else(|| "key: 48 hexadecimal digits make one".into())
}

/// Whether the key of a question opens a line of Osborne-Hoffman's.
pub fn opens(bytes: &[u8], question: &Question) -> bool {
    oh_key(question.key_hex.as_deref()).is_ok_and(|key| key.open_line(bytes).is_ok())
}

fn oh_sealed(bytes: &[u8], key_hex: Option<&str>) -> Answer {
    let key = match oh_key(key_hex) {
        Ok(key) => key,
        Err(error) => return Answer::refused(error),
    };
    let plain = match key.open_line(bytes) {
        Ok(plain) => plain,
        Err(error) => return Answer::fault(error, |_| Vec::new()),
    };
    // A capture may hold the beginning of a line only: its plain text is told in any case.
    let mut answer = oh_line(&plain).unwrap_or_else(|_| Answer::read(Default::default(), Vec::new(), Vec::new()));
    answer.fields.retain(|(name, _)| *name != "raw");
    answer.fields.insert(0, ("plain_hex", json!(hex(&plain))));
    if !answer.reply.is_empty() {
        answer.reply = key.seal(oh::ACK);
    }
    answer
}

fn isecnet(bytes: &[u8]) -> Result<Answer, RecordError> {
    let frame = IsecnetFrame::parse(bytes, Strictness::Tolerant)?;
    let mut fields = vec![("account", spelt(frame.account()))];
    let told = |channel: Channel| channel.name().map_or_else(|| format!("{:02X}", channel.0), str::to_owned);
    match &frame.content {
        isecnet::Content::Heartbeat => fields.push(("meaning", json!("heartbeat"))),
        isecnet::Content::Identification { channel, mac_tail, .. } => fields.extend([
            ("type", json!("94")),
            ("meaning", json!("identification")),
            ("channel", json!(told(*channel))),
            ("channel_code", json!(format!("{:02X}", channel.0))),
            ("mac_tail", json!(mac_tail.map(|byte| format!("{byte:02x}")).join(":"))),
        ]),
        isecnet::Content::Event { channel, message, photo, .. } => fields.extend([
            ("type", json!(if photo.is_some() { "B5" } else { "B0" })),
            ("meaning", json!(if photo.is_some() { "event with photo" } else { "event" })),
            ("channel", json!(told(*channel))),
            ("channel_code", json!(format!("{:02X}", channel.0))),
            ("photo", photo.map_or(Value::Null, |photo| json!({"index": photo.index, "count": photo.count}))),
            ("events", json!([cid_event(message, &message.signal())])),
        ]),
        isecnet::Content::Time(asked) => {
            fields.extend([("type", json!("80")), ("meaning", json!("time request")), ("data", json!(hex(asked)))])
        }
        isecnet::Content::Other { kind, bytes } => {
            fields.extend([("type", json!(format!("{kind:02X}"))), ("data", json!(hex(bytes)))]);
        }
    }
    Ok(Answer::read(frame.quirks(), fields, vec![isecnet::ACK]))
}

fn vds(bytes: &[u8], key: Option<&Key>) -> Result<Answer, RecordError> {
    let frame = VdsFrame::parse(bytes, key, Strictness::Tolerant)?;
    let mut fields = vec![
        ("keynr", json!(frame.key_number)),
        ("tc", json!(format!("{:08x}", frame.sent))),
        ("rc", json!(format!("{:08x}", frame.received))),
        ("ik", json!(frame.purpose.0)),
        ("pk", json!(frame.protocol)),
        ("meaning", json!(frame.purpose.name())),
    ];
    if frame.purpose == Purpose::DATA {
        let signals: Vec<Signal> = frame.signals();
        fields.extend([
            ("account", spelt(frame.account())),
            ("records", frame.records().map(|record| vds_record(&record)).collect()),
            ("events", events(&signals)),
        ]);
    } else {
        let window = Some(frame.record_bytes()).filter(|bytes| bytes.len() == 1).map(|bytes| bytes[0]);
        fields.extend([("window", json!(window)), ("data", json!(hex(frame.record_bytes())))]);
    }
    let reply = answer_to(&frame, key).unwrap_or_default();
    Ok(Answer::read(frame.quirks(), fields, reply))
}

/// What the other side says next: the acknowledgement of each message that asks for one, or a poll. Its own counter is not
/// known from one frame; it is what the frame says that it expects.
fn answer_to(frame: &VdsFrame<'_>, key: Option<&Key>) -> Option<Vec<u8>> {
    let mut records = Vec::new();
    for record in frame.records().filter_map(|record| record.acknowledgement()) {
        record.encode_into(&mut records);
    }
    let (purpose, sent) = match (frame.purpose, records.is_empty()) {
        (Purpose::SYNC_REQUEST, _) => (Purpose::SYNC_RESPONSE, 0),
        (Purpose::DATA, false) => (Purpose::DATA, frame.received),
        (Purpose::DATA | Purpose::POLL, _) => (Purpose::POLL, frame.received),
        _ => return None,
    };
    if purpose == Purpose::SYNC_RESPONSE {
        records.push(1);
    }
    let answer = VdsFrame::new(purpose, sent, frame.sent.wrapping_add(1), &records)?;
    answer.under(frame.key_number).encode(key).ok()
}

fn vds_record(record: &VdsRecord<'_>) -> Value {
    let mut shown = json!({"type": format!("{:02X}", record.kind.0), "data": hex(record.bytes)});
    let mut tell = |name: &str, value: Value| {
        if !value.is_null() {
            shown[name] = value;
        }
    };
    tell("name", json!(record.kind.name(Lang::En)));
    if let Some(message) = record.message() {
        let meaning = message.signal().map(|signal| {
            let name = signal.name(Lang::En).into_owned();
            if message.event < 128 { format!("{name} on") } else { name }
        });
        tell("device", json!(message.device));
        tell("area", json!(message.area));
        tell("address", json!(message.address));
        tell("extra", json!(message.extra));
        tell("ext", json!(message.kind_name()));
        tell("kind", json!(message.kind));
        tell("event", json!(message.event));
        tell("meaning", json!(meaning));
    }
    tell("ident", spelt(record.ident()));
    tell("text", json!(record.text()));
    tell("time", json!(record.time()));
    tell("error", json!(record.error().and_then(|error| error.name())));
    tell("transport", json!(record.transport()));
    shown
}

/// Writes one record.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    match format {
        Format::OhPlain => oh_text(fields),
        Format::OhSealed => {
            let key = oh_key(fields.text("key_hex").as_deref())?;
            let plain = fields.bytes("plain_hex").or_else(|_| oh_text(fields))?;
            Ok(key.seal(&plain))
        }
        Format::Isecnet => isecnet_frame(fields),
        _ => vds_frame(fields),
    }
}

fn oh_text(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    if let Ok(raw) = fields.bytes("raw") {
        let line = OhLine::parse(&raw, Strictness::Tolerant).map_err(|error| error.to_string())?;
        return Ok(line.encode());
    }
    let number: u16 = fields.need("sequence")?.parse().map_err(|_| "sequence: four decimal digits")?;
    let [receiver, line, account, content] =
        ["receiver", "line", "account", "data"].map(|name| fields.text(name).unwrap_or_default());
    let tail = fields.text("tail").unwrap_or_default();
    oh::write_report(number, &receiver, &line, &account, content.as_bytes(), tail.as_bytes())
        .map_err(|error| error.to_string())
}

fn isecnet_frame(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let byte = |name: &str| {
        let digits = fields.need(name)?;
        u8::from_str_radix(&digits, 16).map_err(|_| format!("{name}: two hexadecimal digits"))
    };
    let account = || {
        let account = fields.need("account")?;
        let digits: Vec<u8> = account.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
        <[u8; 4]>::try_from(digits).map_err(|_| "account: four digits".to_owned())
    };
    if fields.text("meaning").as_deref() == Some("heartbeat") {
        return Ok(vec![isecnet::HEARTBEAT]);
    }
    let mut held = Vec::new();
    let content = match fields.need("type")?.as_str() {
        "94" => {
            let [a, b, c, d] = account()?;
            let tail = unhex(&fields.need("mac_tail")?.replace(':', "")).and_then(|tail| tail.try_into().ok());
            let mac_tail = tail.ok_or("mac_tail: three bytes")?;
            let channel = Channel(byte("channel_code")?);
            isecnet::Content::Identification { channel, account: [a << 4 | b, c << 4 | d], mac_tail }
        }
        "B0" | "B5" => {
            let photo = &fields.0["photo"];
            let number = |name: &str| photo[name].as_u64().and_then(|number| u16::try_from(number).ok());
            let photo = number("index").zip(number("count").and_then(|count| u8::try_from(count).ok()));
            isecnet::Content::Event {
                channel: Channel(byte("channel_code")?),
                account: account()?.map(|digit| if digit == 0 { 0x0A } else { digit }),
                message: super::contact_id::message(fields)?,
                photo: photo.map(|(index, count)| Photo { index, count }),
            }
        }
        "80" => {
            held.extend(fields.bytes("data")?);
            isecnet::Content::Time(&held)
        }
        _ => {
            held.extend(fields.bytes("data")?);
            isecnet::Content::Other { kind: byte("type")?, bytes: &held }
        }
    };
    Ok(IsecnetFrame::new(content).encode())
}

fn vds_frame(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let counter = |name: &str| {
        let digits = fields.text(name).unwrap_or_else(|| "0".into());
        u32::from_str_radix(&digits, 16).map_err(|_| format!("{name}: eight hexadecimal digits"))
    };
    let number = |name: &str| fields.number(name).unwrap_or(0);
    let mut records = fields.bytes("data").unwrap_or_default();
    for record in fields.list("records") {
        let kind = u8::from_str_radix(&record.need("type")?, 16).map_err(|_| "type: two hexadecimal digits")?;
        let bytes = record.bytes("data").or_else(|_| made(Kind(kind), &record))?;
        VdsRecord { kind: Kind(kind), bytes: &bytes }.encode_into(&mut records);
    }
    let purpose = Purpose(number("ik").min(255) as u8);
    let frame = VdsFrame::new(purpose, counter("tc")?, counter("rc")?, &records).ok_or("records: at most 255 bytes")?;
    let key = fields.text("key_hex").map(|text| Key::from_hex(&text)).transpose();
    let key = key.map_err(|error| format!("key: {error}"))?;
    frame.under(number("keynr") as u16).encode(key.as_ref()).map_err(|error| error.to_string())
}

/// The bytes of a record that is told by its parts.
fn made(kind: Kind, record: &Fields<'_>) -> Result<Vec<u8>, String> {
    let number = |name: &str| record.number(name).unwrap_or(0).min(255) as u8;
    match kind {
        Kind::IDENT => {
            let account = record.need("ident")?.parse().map_err(|error| format!("ident: {error}"))?;
            vds::ident_record(account).ok_or_else(|| "ident: digits 0 to 9 and A to E".into())
        }
        Kind::TEXT => Ok(record.need("text")?.bytes().collect()),
        _ => {
            let message = VdsMessage {
                device: number("device"),
                area: number("area"),
                address: number("address"),
                extra: number("extra"),
                kind: number("kind"),
                event: number("event"),
            };
            Ok(message.encode().to_vec())
        }
    }
}
