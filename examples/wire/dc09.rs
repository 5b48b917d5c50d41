//! SIA DC-09 frames.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    time::{SystemTime, UNIX_EPOCH},
};

use contactid::{
    CidMessage, Encoder, Extended, Frame, Key, KeyFault, Message, MessageError, Pad, Quirks, Reply, SiaEvent, Signal,
    Stamp, Strictness, Token,
};
use serde_json::{Value, json};

use super::fields::{Answer, Fields, Question, event};

/// Reads one frame.
pub fn decode(bytes: &[u8], question: &Question) -> Answer {
    let key = match question.key_hex.as_deref().map(Key::from_hex).transpose() {
        Ok(key) => key,
        Err(error) => return Answer::refused(format!("key: {error}")),
    };
    let frame = match Frame::parse(bytes, Strictness::Tolerant) {
        Ok(frame) => frame,
        Err(error) => return Answer::refused(error.to_string()),
    };
    let mut quirks = frame.quirks();
    let opened = frame.open(key.as_ref());
    let read = opened.as_ref().map_err(|&error| error).and_then(|message| {
        quirks = quirks.with(message.quirks());
        content(message, &mut quirks)
    });
    let (valid, error, reply, content) = match read {
        Ok(content) => (true, None, Reply::Ack, content),
        // The frame is intact; what is in it only its key can tell.
        Err(error @ MessageError::Key(KeyFault::Missing)) => (true, None, error.reply(), Vec::new()),
        Err(error) => (false, Some(error.to_string()), error.reply(), Vec::new()),
    };
    // Nobody answers an answer.
    let reply = if frame.token().is_answer() { Reply::Silence } else { reply };
    let reply = reply.encode(&frame, now(), key.as_ref(), Pad::Short(&random()));
    Answer { valid, quirks, error, fields: [envelope(&frame), content].concat(), reply }
}

fn envelope(frame: &Frame<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("token", json!(frame.token().as_str())),
        ("encrypted", json!(frame.is_encrypted())),
        ("sequence", json!(frame.sequence())),
        ("receiver", json!(frame.receiver())),
        ("line", json!(frame.line())),
        ("account", json!(frame.account())),
    ]
}

fn content(message: &Message<'_>, quirks: &mut Quirks) -> Result<Vec<(&'static str, Value)>, MessageError> {
    let signals = message.events()?;
    let events = match message.token() {
        Token::AdmCid if !message.data().is_empty() => {
            let cid = message.cid()?;
            *quirks = quirks.with(cid.quirks());
            signals.iter().map(|signal| cid_event(&cid, signal)).collect()
        }
        Token::SiaDcs if !message.data().is_empty() => {
            let sia = message.sia()?;
            *quirks = quirks.with(sia.quirks());
            sia.events.iter().zip(&signals).map(|(event, signal)| sia_event(event, signal)).collect()
        }
        Token::AdmCid | Token::SiaDcs => json!([]),
        _ => Value::Null,
    };
    let extended: BTreeMap<String, String> =
        message.extended().map(|field| (field.id.to_string(), field.text().into_owned())).collect();
    Ok(vec![
        ("inner_account", json!(message.inner_account())),
        ("data", json!(message.data_text())),
        ("timestamp", json!(message.stamp().map(|stamp| stamp.to_string()))),
        ("extended", if extended.is_empty() { Value::Null } else { json!(extended) }),
        ("events", events),
    ])
}

/// A Contact ID event, with group and number as the wire spells them.
pub fn cid_event(message: &CidMessage, signal: &Signal) -> Value {
    let mut event = event(signal);
    event["group"] = message.group_text().into();
    event["number"] = message.number_text().into();
    event
}

/// A SIA event, with its modifiers as the wire spells them.
pub fn sia_event(sia: &SiaEvent<'_>, signal: &Signal) -> Value {
    let mut event = event(signal);
    let modifiers = &sia.modifiers;
    event["code"] = sia.code.to_string().into();
    for (name, spelt) in [
        ("number", Some(sia.address).filter(|_| sia.number().is_some())),
        ("address", Some(sia.address).filter(|address| !address.is_empty())),
        ("units", sia.units),
        ("area", modifiers.area),
        ("user", modifiers.user),
        ("peripheral", modifiers.peripheral),
        ("time", modifiers.time),
        ("date", modifiers.date),
        ("automatic", modifiers.automatic),
        ("telephone", modifiers.telephone),
        ("level", modifiers.level),
        ("value", modifiers.value),
        ("path", modifiers.path),
        ("route_group", modifiers.route_group),
        ("sub_subscriber", modifiers.sub_subscriber),
        ("camera", modifiers.camera),
        ("pictures", modifiers.pictures),
    ] {
        match spelt {
            Some(text) => event[name] = text.into(),
            None => drop(event.as_object_mut().and_then(|event| event.remove(name))),
        }
    }
    event
}

/// Writes one frame: encrypted if the fields say so, with the key in `key_hex` and a pad of its own.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let [token, sequence] = ["token", "sequence"].map(|name| fields.need(name));
    let (token, sequence) = (token?, sequence?);
    let [receiver, line, account, data] = ["receiver", "line", "account", "data"].map(|name| fields.text(name));
    let extended: Vec<(char, String)> = match &fields.0["extended"] {
        Value::Object(listed) => {
            let field = |(id, text): (&String, &Value)| Some((id.chars().next()?, text.as_str()?.to_owned()));
            listed
                .iter()
                .map(|entry| field(entry).ok_or("extended: a letter and a text each"))
                .collect::<Result<_, _>>()?
        }
        _ => Vec::new(),
    };
    let extended: Vec<Extended<'_>> = extended.iter().map(|(id, text)| Extended::new(*id, text)).collect();
    let stamp =
        fields.text("timestamp").map(|text| text.parse::<Stamp>().map_err(|error| format!("timestamp: {error}")));
    let frame = Encoder {
        token: Token::new(&token),
        sequence: sequence.parse().map_err(|_| "sequence: a number up to 9999")?,
        receiver: receiver.as_deref(),
        line: line.as_deref(),
        account: account.as_deref(),
        data: data.as_deref().unwrap_or_default().as_bytes(),
        extended: &extended,
        stamp: stamp.transpose()?,
        binary_crc: fields.quirk("binary-crc"),
    };
    let written = if fields.flag("encrypted") {
        let key = Key::from_hex(&fields.need("key_hex")?).map_err(|error| format!("key: {error}"))?;
        frame.encrypt(&key, Pad::Short(&random()))
    } else {
        frame.encode()
    };
    written.map_err(|error| error.to_string())
}

fn now() -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Stamp::from_unix(since.as_secs().cast_signed())
}

/// Sixteen bytes that differ from call to call: the standard library seeds its hashers at random.
fn random() -> [u8; 16] {
    let [high, low] = [0, 1].map(|half| RandomState::new().hash_one(half).to_be_bytes());
    std::array::from_fn(|at| if at < 8 { high[at] } else { low[at - 8] })
}
