//! Records of receivers to automation: DC-07, D6500, MX8000, Silent Knight, ITI.

use contactid::automation::d6500::{self, D6500Record};
use contactid::automation::dc07::{Dc07Frame, HostCommand, Kind};
use contactid::automation::iti::{ComputerKind, ComputerRecord, ItiRecord, ItiReport};
use contactid::automation::native::{Maker, NativeCall, NativeRecord, VByte, system_code};
use contactid::automation::surgard;
use contactid::{AccountNumber, CidMessage, Format, Lang, Quirks, RecordError, Reply, Signal, Strictness, crc16_arc};
use serde_json::{Map, Value, json};

use super::dc09::{cid_event, sia_event};
use super::fields::{Answer, Fields, events, hex};

type Shown = (Quirks, Vec<(&'static str, Value)>);

/// Reads one record.
pub fn decode(format: Format, bytes: &[u8]) -> Answer {
    // What a DC-07 host answers, and the answers of ITI, are not established.
    let answer = |reply: Reply| match (format, reply) {
        (Format::Dc07 | Format::Iti | Format::ItiComputer, _) => Vec::new(),
        (_, Reply::Ack) => vec![surgard::ACK],
        (_, Reply::Nak) => vec![surgard::NAK],
        (_, Reply::Duh | Reply::Silence) => Vec::new(),
    };
    let read = match format {
        Format::Dc07 => dc07(bytes),
        Format::D6500 => d6500(bytes),
        Format::Mx8000 => native(bytes, Maker::Mx8000),
        Format::SilentKnight => native(bytes, Maker::SilentKnight),
        Format::Iti => iti(bytes),
        _ => iti_computer(bytes),
    };
    match read {
        Ok((quirks, fields)) => Answer::read(quirks, fields, answer(Reply::Ack)),
        Err(error) => Answer::fault(error, answer),
    }
}

fn spelt(account: Option<AccountNumber>) -> Value {
    json!(account.map(|account| account.to_string()))
}

/// SIA packets as every format shows them, or the signals of another content.
fn told(message: Option<CidMessage>, sia: Option<&[u8]>, signals: &[Signal]) -> Value {
    match (message, sia) {
        (Some(message), _) => json!([cid_event(&message, &message.signal())]),
        (None, Some(content)) => {
            let read = contactid::SiaMessage::parse(content).unwrap_or_default();
            read.events.iter().map(|event| sia_event(event, &event.signal())).collect()
        }
        (None, None) => events(signals),
    }
}

/// Text as text, and anything else under another name in hexadecimal.
fn content(bytes: &[u8]) -> (&'static str, Value) {
    match std::str::from_utf8(bytes) {
        Ok(text) => ("data", json!(text)),
        Err(_) => ("raw", json!(hex(bytes))),
    }
}

/// What the host tells a DC-07 receiver.
fn host_command(command: HostCommand) -> Vec<(&'static str, Value)> {
    let meaning = match command {
        HostCommand::Time { .. } => "set the time",
        HostCommand::Date { .. } => "set the date",
        HostCommand::Clock { .. } => "clock",
        HostCommand::ShortTime { .. } => "set the time, outside a frame",
    };
    let text = String::from_utf8_lossy(&command.encode()).into_owned();
    vec![("record", json!("host command")), ("meaning", json!(meaning)), ("data", json!(text))]
}

fn dc07(bytes: &[u8]) -> Result<Shown, RecordError> {
    if let Ok(command) = HostCommand::parse(bytes) {
        return Ok((Quirks::NONE, host_command(command)));
    }
    let frame = Dc07Frame::parse(bytes, Strictness::Tolerant)?;
    let kind = frame.kind();
    let letter = if kind == Kind::INTERNAL { "TAB".into() } else { char::from(kind.0).to_string() };
    let meaning = if frame.is_link_test() { Some("link test") } else { kind.name(Lang::En) };
    let sia = matches!(kind, Kind::SIA | Kind::INTERNAL).then(|| frame.data());
    let body = &bytes[7..bytes.len() - 1];
    Ok((
        frame.quirks(),
        vec![
            ("type", json!(letter)),
            ("meaning", json!(meaning)),
            ("crc", json!(format!("{:04X}", crc16_arc(body)))),
            ("length", json!(body.len())),
            ("sequence", json!(frame.sequence())),
            ("receiver", json!(frame.receiver())),
            ("line", json!(frame.line())),
            ("account", spelt(frame.account())),
            content(frame.data()),
            ("events", told(frame.contact_id(), sia, &frame.signals())),
        ],
    ))
}

fn d6500(bytes: &[u8]) -> Result<Shown, RecordError> {
    let record = D6500Record::parse(bytes, Strictness::Tolerant)?;
    let name = match record.form() {
        d6500::Form::Heartbeat => "heartbeat".into(),
        _ => record.kind().to_string(),
    };
    let packets = (record.form() == d6500::Form::Sia).then(|| {
        let bar = record.body().iter().position(|&byte| byte == b'|').map_or(record.body().len(), |bar| bar + 1);
        record.body()[bar..].strip_suffix(b"]").unwrap_or(&record.body()[bar..])
    });
    Ok((
        record.quirks(),
        vec![
            ("record", json!(name)),
            ("type", json!(record.kind().to_string())),
            ("header", json!(format!("{:02X}", bytes[0]))),
            ("receiver", json!(record.receiver())),
            ("line", json!(record.line())),
            ("account", spelt(record.account())),
            content(record.body()),
            ("events", told(record.contact_id(), packets, &record.signals())),
        ],
    ))
}

fn native(bytes: &[u8], maker: Maker) -> Result<Shown, RecordError> {
    let record = NativeRecord::parse(bytes, maker, VByte::Ignored)?;
    let v = |v: u8| json!(format!("{v:02X}"));
    let fields = match record {
        NativeRecord::Call(call) => vec![
            ("record", json!("call")),
            ("header", json!(format!("{:02X}", call.start))),
            ("date", json!(call.date)),
            ("time", json!(call.time)),
            ("receiver", json!(call.receiver)),
            ("sequence", json!(call.reference)),
            ("type", json!(call.format)),
            ("line", json!(call.line)),
            ("caller", json!(call.caller.map(|(number, name)| json!({"number": number, "name": name})))),
            ("account", json!(call.account)),
            ("data", json!(call.events)),
            ("listen_in", json!(call.listen_in)),
            ("continues", json!(call.continues)),
            ("v", v(call.v)),
            ("events", events(&record.signals())),
        ],
        NativeRecord::System { code, told, v: sum } => vec![
            ("record", json!("system")),
            ("type", json!(format!("{code:02X}"))),
            ("meaning", json!(system_code(code).and_then(|code| Some(code.entry()?.name(Lang::En))))),
            ("data", json!(told)),
            ("v", v(sum)),
            ("events", events(&record.signals())),
        ],
        NativeRecord::Heartbeat { told, v: sum } => {
            vec![("record", json!("heartbeat")), ("data", json!(told)), ("v", v(sum))]
        }
    };
    Ok((Quirks::NONE, fields))
}

fn iti(bytes: &[u8]) -> Result<Shown, RecordError> {
    let record = ItiRecord::parse(bytes)?;
    let fields = match record {
        ItiRecord::Test => vec![("record", json!("test"))],
        ItiRecord::Heartbeat => vec![("record", json!("heartbeat"))],
        ItiRecord::Report(report) => {
            let letters: Map<String, Value> =
                ITI_LETTERS.chars().map(|letter| (letter.to_string(), json!(report.field(letter)))).collect();
            vec![
                ("record", json!("report")),
                ("receiver", json!(report.field('R'))),
                ("line", json!(report.field('L'))),
                ("account", spelt(report.account())),
                ("meaning", json!(format!("{:?}", report.panel()))),
                ("fields", json!(letters)),
                ("events", events(report.signal().as_ref())),
            ]
        }
    };
    Ok((Quirks::NONE, fields))
}

const ITI_LETTERS: &str = "RLATGIZE";

fn iti_computer(bytes: &[u8]) -> Result<Shown, RecordError> {
    let record = ComputerRecord::parse(bytes)?;
    Ok((
        Quirks::NONE,
        vec![
            ("record", json!(record.kind().letter().to_string())),
            ("meaning", json!(format!("{:?}", record.kind()).to_lowercase())),
            ("receiver", json!(record.field('I'))),
            ("line", json!(record.field('L'))),
            ("account", spelt(record.account())),
            ("data", json!(record.fields())),
            ("sequence", json!(record.letter().to_string())),
            ("tail", json!(record.tail())),
            ("events", events(record.signal().as_ref())),
        ],
    ))
}

/// Writes one record.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    match format {
        Format::Dc07 => dc07_frame(fields),
        Format::D6500 => d6500_record(fields),
        Format::Mx8000 => native_record(fields, Maker::Mx8000),
        Format::SilentKnight => native_record(fields, Maker::SilentKnight),
        Format::Iti => iti_record(fields),
        _ => iti_computer_record(fields),
    }
}

fn held(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    if fields.text("raw").is_some() { fields.bytes("raw") } else { fields.need("data").map(String::into_bytes) }
}

fn dc07_frame(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    if fields.text("record").as_deref() == Some("host command") {
        let command = HostCommand::parse(&held(fields)?).map_err(|error| format!("data: {error}"))?;
        return Ok(command.encode());
    }
    let kind = match fields.text("type").as_deref() {
        Some("TAB") => Kind::INTERNAL,
        Some(letter) if letter.len() == 1 => Kind(letter.as_bytes()[0]),
        None if fields.event().is_some() => Kind::CONTACT_ID,
        _ => return Err("type: TAB or one ASCII character belongs there".into()),
    };
    let data = match held(fields) {
        Ok(data) => data,
        Err(_) if kind == Kind::CONTACT_ID => {
            let message = super::contact_id::message(fields)?;
            let digits = [message.code.to_string(), message.group_text().into(), message.number_text().into()].concat();
            format!("18{}{digits}", message.qualifier.digit()).into_bytes()
        }
        Err(missing) => return Err(missing),
    };
    let two = |name: &str| match fields.text(name) {
        None => Ok(0),
        Some(text) => text.parse().ok().filter(|&number| number < 100).ok_or(format!("{name}: 0 to 99 belongs there")),
    };
    let sequence = fields.number("sequence").and_then(|number| u16::try_from(number).ok()).unwrap_or(1);
    let account = fields.text("account").map(|text| text.parse()).transpose();
    let account = account.map_err(|error| format!("account: {error}"))?;
    let frame = Dc07Frame::new(kind, sequence, two("receiver")?, two("line")?, account, &data)
        .ok_or("sequence: 1 to 9999 belongs there")?;
    frame.encode().map_err(|error| error.to_string())
}

fn d6500_record(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    if let Ok(body) = held(fields) {
        let header = fields.text("header").map_or_else(|| Ok(vec![b' ']), |_| fields.bytes("header"))?;
        let bytes = [&header, fields.need("type")?.as_bytes(), &body, &[surgard::END]].concat();
        let record = D6500Record::parse(&bytes, Strictness::Tolerant).map_err(|error| error.to_string())?;
        return Ok(record.encode());
    }
    let message = super::contact_id::message(fields)?;
    let [receiver, line] = ["receiver", "line"].map(|name| fields.text(name).unwrap_or_default());
    let [account, code] = [fields.need("account")?, message.code.to_string()];
    let qualifier = surgard_letter(message.qualifier.digit());
    let written = [
        ('R', format!("{receiver:0>2}")),
        ('L', format!("{line:0>1}")),
        ('A', account),
        ('Q', qualifier.to_string()),
        ('X', code),
        ('G', message.group_text().into()),
        ('C', message.number_text().into()),
    ];
    let written: Vec<(char, &str)> = written.iter().map(|(letter, text)| (*letter, text.as_str())).collect();
    d6500::write(d6500::Form::ContactId, &written).map_err(|error| error.to_string())
}

const fn surgard_letter(digit: u8) -> char {
    match digit {
        1 => 'E',
        3 => 'R',
        _ => 'P',
    }
}

fn native_record(fields: &Fields<'_>, maker: Maker) -> Result<Vec<u8>, String> {
    // Without the V byte of a record that was read, the manual's sum stands there.
    let (v, check) = match fields.text("v") {
        Some(_) => (fields.bytes("v")?.first().copied().unwrap_or_default(), VByte::Ignored),
        None => (0, VByte::Summed),
    };
    let text = |name: &str| fields.text(name).unwrap_or_default();
    let byte = |name: &str, other: u8| match fields.text(name) {
        Some(_) => Ok(fields.bytes(name)?.first().copied().unwrap_or(other)),
        None => Ok::<u8, String>(other),
    };
    let data = text("data");
    let [date, time, format, line, account] = ["date", "time", "type", "line", "account"].map(text);
    let [receiver, reference, listen_in] = ["receiver", "sequence", "listen_in"].map(|name| fields.text(name));
    let caller = Fields(&fields.0["caller"]);
    let caller = caller.text("number").zip(caller.text("name"));
    let record = match fields.text("record").as_deref() {
        Some("system") => NativeRecord::System { code: byte("type", 0)?, told: &data, v },
        Some("heartbeat") => NativeRecord::Heartbeat { told: &data, v },
        _ => NativeRecord::Call(NativeCall {
            start: byte("header", if maker == Maker::Mx8000 { b'&' } else { b'\'' })?,
            date: &date,
            time: &time,
            receiver: receiver.as_deref(),
            reference: reference.as_deref(),
            format: &format,
            line: &line,
            caller: caller.as_ref().map(|(number, name)| (number.as_str(), name.as_str())),
            account: &account,
            events: &data,
            listen_in: listen_in.as_deref(),
            continues: fields.flag("continues"),
            v,
        }),
    };
    record.encode(maker, check).map_err(|error| error.to_string())
}

fn iti_record(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let letters = Fields(&fields.0["fields"]);
    let record = match fields.text("record").as_deref() {
        Some("test") => ItiRecord::Test,
        Some("heartbeat") => ItiRecord::Heartbeat,
        _ => {
            let written: Vec<(char, String)> =
                ITI_LETTERS.chars().filter_map(|letter| Some((letter, letters.text(&letter.to_string())?))).collect();
            if written.is_empty() {
                return Err("fields: the letters of the record's layout are missing".into());
            }
            let written: Vec<(char, &str)> = written.iter().map(|(letter, text)| (*letter, text.as_str())).collect();
            ItiRecord::Report(ItiReport::new(&written).map_err(|error| error.to_string())?)
        }
    };
    Ok(record.encode())
}

fn iti_computer_record(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let kind = match fields.need("record")?.as_str() {
        "T" => ComputerKind::Test,
        "S" => ComputerKind::Supervisory,
        "L" => ComputerKind::Log,
        _ => ComputerKind::Report,
    };
    let letter = fields.text("sequence").and_then(|text| text.chars().next()).unwrap_or('A');
    let tail = fields.text("tail").unwrap_or_else(|| "0000".into());
    let tail = tail.as_bytes().try_into().map_err(|_| "tail: four hexadecimal digits belong there")?;
    let data = fields.need("data")?;
    let record = ComputerRecord::new(kind, &data, letter, tail).map_err(|error| error.to_string())?;
    Ok(record.encode())
}
