//! DC-03 blocks, and the Galaxy and Texecom links that carry them.

use contactid::galaxy::{GalaxySms, LineCheck};
use contactid::sia::{self, Block, Control, Function, config};
use contactid::texecom::{Content, PollFlags, TexecomMessage};
use contactid::{AccountNumber, Format, Lang, Quirks, RecordError, Reply, SiaMessage, Strictness};
use serde_json::{Value, json};

use super::dc09::sia_event;
use super::fields::{Answer, Fields, events, hex};

/// Reads one record; of DC-03 blocks as many as there are.
pub fn decode(format: Format, bytes: &[u8]) -> Answer {
    let read = match format {
        Format::Dc03 => report(bytes),
        Format::GalaxyCheck => line_check(bytes),
        Format::GalaxySms => sms(bytes),
        _ => texecom(bytes),
    };
    read.unwrap_or_else(|error| {
        Answer::fault(error, |reply| match (format, reply) {
            (Format::Dc03, Reply::Nak) => Block::REFUSAL.encode(),
            _ => Vec::new(),
        })
    })
}

fn report(bytes: &[u8]) -> Result<Answer, RecordError> {
    let blocks: Vec<Block<'_>> = sia::blocks(bytes, Strictness::Tolerant).collect::<Result<_, _>>()?;
    let last = blocks.last().ok_or(RecordError::Length { expected: 3, found: 0 })?;
    let mut quirks = blocks.iter().fold(Quirks::NONE, |all, block| all.with(block.quirks()));
    let account = blocks.iter().find_map(Block::account);
    let content = sia::content(&blocks);
    let message = SiaMessage::parse(&content).unwrap_or_default();
    quirks = quirks.with(message.quirks());
    let told: Vec<Value> = message.events.iter().map(|event| sia_event(event, &event.signal())).collect();
    let mut fields = match &blocks[..] {
        [one] => shape(one),
        _ => vec![("records", blocks.iter().map(|block| Value::from_iter(shape(block))).collect())],
    };
    fields.push(("account", json!(account.map(|account| account.to_string()))));
    fields.push(("events", if told.is_empty() { Value::Null } else { json!(told) }));
    let answered = last.asks_for_answer() && last.function().may_be_acknowledged();
    let reply = if answered { Block::ACKNOWLEDGEMENT.encode() } else { Vec::new() };
    Ok(Answer::read(quirks, fields, reply))
}

fn shape(block: &Block<'_>) -> Vec<(&'static str, Value)> {
    let flags = [(block.asks_for_answer(), "ack request"), (block.opens_reverse_channel(), "reverse channel")];
    let flags: Vec<_> = flags.into_iter().filter(|(set, _)| *set).map(|(_, word)| word).collect();
    let settings =
        config::items(block.data()).map(|(setting, value)| (setting.name(Lang::En).to_owned(), json!(value)));
    vec![
        ("function", json!(char::from(block.function().canonical().0).to_string())),
        ("meaning", json!(block.function().name(Lang::En))),
        ("length", json!(block.data().len())),
        ("flags", json!(flags)),
        ("data", json!(block.text())),
        ("data_hex", raw(block.data())),
        ("settings", if block.function() == Function::CONFIGURATION { settings.collect() } else { Value::Null }),
        ("commands", commands(block)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_null())
    .collect()
}

/// Bytes that are not UTF-8, so that they can be written again; nothing for others.
fn raw(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or_else(|_| json!(hex(bytes)), |_| Value::Null)
}

/// What a control or program block asks for.
fn commands(block: &Block<'_>) -> Value {
    let program = match block.function() {
        Function::CONTROL => false,
        Function::PROGRAM => true,
        _ => return Value::Null,
    };
    let shown = |control: Control<'_>| {
        let name = |lang| if program { control.program_name(lang) } else { control.control_name(lang) };
        json!({"code": control.code.to_string(), "object": control.object, "value": control.value,
            "text": control.text, "name_en": name(Lang::En), "name_zh": name(Lang::Zh)})
    };
    sia::controls(block.data()).map(shown).collect()
}

fn line_check(bytes: &[u8]) -> Result<Answer, RecordError> {
    let check = LineCheck::parse(bytes)?;
    let made = check.account().and_then(|account| LineCheck::new(account, check.time, check.interval_secs));
    let account = |check: LineCheck| check.encode().get(1..9).map(<[u8]>::to_vec);
    let rewritten = made.and_then(account) == account(check);
    let fields = vec![
        ("account", json!(check.account().map(|account| account.to_string()))),
        ("meaning", json!("line check")),
        ("time", json!(check.time)),
        ("interval_s", json!(check.interval_secs)),
        ("tail", json!(hex(&check.tail))),
        // Eight characters that are no account are shown as they came.
        ("raw", json!((!rewritten).then(|| hex(bytes)))),
    ];
    Ok(Answer::read(Quirks::NONE, fields, check.encode().to_vec()))
}

fn sms(bytes: &[u8]) -> Result<Answer, RecordError> {
    let sms = GalaxySms::parse(bytes)?;
    let fields = vec![
        ("account", json!(sms.account().map(|account| account.to_string()))),
        ("marked", if bytes.starts_with(b">") { Value::Null } else { json!(false) }),
        ("data", json!(String::from_utf8_lossy(sms.content()))),
        ("data_hex", raw(sms.content())),
        ("events", events(&sms.signal())),
    ];
    Ok(Answer::read(Quirks::NONE, fields, Vec::new()))
}

fn texecom(bytes: &[u8]) -> Result<Answer, RecordError> {
    let message = TexecomMessage::parse(bytes, Strictness::Tolerant)?;
    let mut fields = vec![("account", json!(message.account().map(|account| account.to_string())))];
    match &message.content {
        Content::Poll { flags, .. } => {
            fields.extend([
                ("form", json!("poll")),
                ("meaning", json!("poll")),
                ("flags", json!(flags.0)),
                ("flag_names", json!(flags.names().collect::<Vec<_>>())),
            ]);
        }
        Content::ContactId(report) => fields.extend([
            ("form", json!("2")),
            ("meaning", json!("Contact ID")),
            ("mt", json!(report.message_type().as_str())),
            ("checksum", json!(report.check_digit().to_char().to_string())),
            ("events", json!([super::dc09::cid_event(report.message(), &report.signal())])),
        ]),
        Content::Sia(blocks) => {
            let content = sia::content(blocks);
            let read = SiaMessage::parse(&content).unwrap_or_default();
            fields.extend([
                ("form", json!("3")),
                ("meaning", json!("SIA blocks")),
                ("records", blocks.iter().map(|block| Value::from_iter(shape(block))).collect()),
                ("events", read.events.iter().map(|event| sia_event(event, &event.signal())).collect()),
            ]);
        }
        Content::End => fields.extend([("form", json!("+++")), ("meaning", json!("end of session"))]),
    }
    let reply = message.answer(POLL_MINUTES).map_or_else(Vec::new, contactid::texecom::Answer::encode);
    // Packets without a `/` between them are how Texecom writes.
    Ok(Answer::read(message.quirks(), fields, reply))
}

/// After how many minutes a panel is told to poll again.
const POLL_MINUTES: u8 = 1;

/// Writes one record.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    match format {
        Format::Dc03 => blocks(fields),
        Format::GalaxyCheck if fields.text("raw").is_some() => {
            let check = LineCheck::parse(&fields.bytes("raw")?).map_err(|error| error.to_string())?;
            Ok(check.encode().to_vec())
        }
        Format::GalaxyCheck => {
            let number = |name| fields.number(name).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
            let check = LineCheck::new(account(fields)?, number("time"), number("interval_s"));
            let mut check = check.ok_or("account: at most eight characters")?;
            if let [first, second] = fields.bytes("tail").unwrap_or_default()[..] {
                check.tail = [first, second];
            }
            Ok(check.encode().to_vec())
        }
        Format::GalaxySms => {
            let content = written(fields)?;
            let sms = GalaxySms::new(account(fields)?, &content).map_err(|error| error.to_string())?.encode();
            Ok(if fields.0["marked"] == false { sms[1..].to_vec() } else { sms })
        }
        _ => texecom_message(fields),
    }
}

fn account(fields: &Fields<'_>) -> Result<AccountNumber, String> {
    fields.need("account")?.parse().map_err(|error| format!("account: {error}"))
}

/// The bytes of `data`, or of `data_hex` where they are no text.
fn written(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    match fields.0["data_hex"] {
        Value::Null => Ok(fields.text("data").unwrap_or_default().into_bytes()),
        _ => fields.bytes("data_hex"),
    }
}

/// One block, or those of the list `records`.
fn blocks(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let listed: Vec<_> = fields.list("records").collect();
    let alone = listed.is_empty() && !fields.0["records"].is_array();
    for block in if alone { std::slice::from_ref(fields) } else { &listed[..] } {
        let function = block.need("function")?.chars().next().and_then(|letter| u8::try_from(letter).ok());
        let function = function.ok_or("function: one character")?;
        let function = match function {
            digit @ (b'8' | b'9') if fields.quirk("control-code-function") => digit - b'0',
            written => written,
        };
        let flagged =
            |word: &str| block.0["flags"].as_array().is_some_and(|flags| flags.iter().any(|flag| flag == word));
        let written = written(block)?;
        let written = Block::new(Function(function), &written).map_err(|error| error.to_string())?;
        written.with_flags(flagged("ack request"), flagged("reverse channel")).encode_into(&mut out);
    }
    Ok(out)
}

fn texecom_message(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let message = match fields.need("form")?.as_str() {
        "poll" => {
            let flags = PollFlags(fields.number("flags").and_then(|flags| u8::try_from(flags).ok()).unwrap_or(0));
            TexecomMessage::new(Content::Poll { account: account(fields)?, flags })
        }
        "2" => TexecomMessage::new(Content::ContactId(super::contact_id::report(fields)?)),
        "3" => {
            let raw = [&b"3"[..], &blocks(fields)?, b"\r\n"].concat();
            return Ok(raw);
        }
        "+++" => TexecomMessage::new(Content::End),
        other => return Err(format!("form: {other:?} is none of poll, 2, 3, +++")),
    };
    message.encode().map_err(|error| error.to_string())
}
