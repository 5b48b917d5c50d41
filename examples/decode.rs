//! Decodes alarm frames: JSON lines in, one JSON line out for each, in order.
//!
//! ```text
//! $ echo '{"format": "dc09", "hex": "0A39454334…0D", "key_hex": "0001…"}' | cargo run --release --example decode
//! {"format":"dc09","valid":true,"quirks":[],"token":"ADM-CID","encrypted":false,"sequence":1,…}
//! ```
//!
//! `key_hex` is only needed for encrypted frames. A line that cannot be decoded gives `"valid":false` and an `error` whose
//! first word says what is wrong: `crc`, `length`, `key` or `format`.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    io::{self, BufRead, Write},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use contactid::{
    CidMessage, Frame, Key, KeyFault, Lang, Message, MessageError, Pad, Quirks, Reply, SiaEvent, Signal, Stamp,
    Strictness, Token,
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Question {
    #[serde(default = "dc09")]
    format: String,
    hex: String,
    key_hex: Option<String>,
}

fn dc09() -> String {
    "dc09".into()
}

#[derive(Default, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    valid: bool,
    quirks: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    envelope: Option<Envelope>,
    #[serde(flatten)]
    content: Option<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_hex: Option<String>,
}

#[derive(Serialize)]
struct Envelope {
    token: String,
    encrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiver: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
}

#[derive(Serialize)]
struct Content {
    #[serde(skip_serializing_if = "Option::is_none")]
    inner_account: Option<String>,
    data: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extended: BTreeMap<char, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<Event>>,
}

#[derive(Serialize)]
struct Event {
    code: String,
    qualifier: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    number_is: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peripheral: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    name_en: String,
    name_zh: String,
}

fn main() -> ExitCode {
    match decode_lines() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("decode: {error}");
            ExitCode::FAILURE
        }
    }
}

fn decode_lines() -> io::Result<()> {
    let mut out = io::stdout().lock();
    // Bytes, not text: a line that is no UTF-8 has its answer, too.
    for line in io::stdin().lock().split(b'\n') {
        let answer = match serde_json::from_slice::<Question>(&line?) {
            Ok(question) => answer(&question),
            Err(error) => Answer { error: Some(format!("format: no such JSON line: {error}")), ..Answer::default() },
        };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(question: &Question) -> Answer {
    let refused =
        |error: String| Answer { format: Some(question.format.clone()), error: Some(error), ..Answer::default() };
    if question.format != "dc09" {
        return refused(format!("format: {:?} is none of: dc09", question.format));
    }
    let Some(bytes) = unhex(&question.hex) else {
        return refused("format: hex holds something else than pairs of hexadecimal digits".into());
    };
    let key = match question.key_hex.as_deref().map(Key::from_hex).transpose() {
        Ok(key) => key,
        Err(error) => return refused(format!("key: {error}")),
    };
    let frame = match Frame::parse(&bytes, Strictness::Tolerant) {
        Ok(frame) => frame,
        Err(error) => return refused(error.to_string()),
    };
    let mut quirks = frame.quirks();
    let opened = frame.open(key.as_ref());
    let read = opened.as_ref().map_err(|&error| error).and_then(|message| {
        quirks = quirks.with(message.quirks());
        content(message, &mut quirks)
    });
    let (valid, error, reply, content) = match read {
        Ok(content) => (true, None, Reply::Ack, Some(content)),
        // The frame is intact; what is in it only its key can tell.
        Err(error @ MessageError::Key(KeyFault::Missing)) => (true, None, error.reply(), None),
        Err(error) => (false, Some(error.to_string()), error.reply(), None),
    };
    // Nobody answers an answer.
    let reply = if frame.token().is_answer() { Reply::Silence } else { reply };
    let reply = reply.encode(&frame, now(), key.as_ref(), Pad::Short(&random()));
    Answer {
        format: Some(question.format.clone()),
        valid,
        quirks: quirks.names().collect(),
        error,
        envelope: Some(envelope(&frame)),
        content,
        reply_hex: (!reply.is_empty()).then(|| hex(&reply)),
    }
}

fn envelope(frame: &Frame<'_>) -> Envelope {
    let owned = |text: Option<&str>| text.map(String::from);
    Envelope {
        token: frame.token().to_string(),
        encrypted: frame.is_encrypted(),
        sequence: frame.sequence(),
        receiver: owned(frame.receiver()),
        line: owned(frame.line()),
        account: owned(frame.account()),
    }
}

fn content(message: &Message<'_>, quirks: &mut Quirks) -> Result<Content, MessageError> {
    let signals = message.events()?;
    let events = match message.token() {
        Token::AdmCid if !message.data().is_empty() => {
            let cid = message.cid()?;
            *quirks = quirks.with(cid.quirks());
            Some(signals.iter().map(|signal| cid_event(&cid, signal)).collect())
        }
        Token::SiaDcs if !message.data().is_empty() => {
            let sia = message.sia()?;
            *quirks = quirks.with(sia.quirks());
            Some(sia.events.iter().zip(&signals).map(|(event, signal)| sia_event(event, signal)).collect())
        }
        Token::AdmCid | Token::SiaDcs => Some(Vec::new()),
        _ => None,
    };
    Ok(Content {
        inner_account: message.inner_account().map(String::from),
        data: message.data_text().into_owned(),
        timestamp: message.stamp().map(|stamp| stamp.to_string()),
        extended: message.extended().map(|field| (field.id, field.text().into_owned())).collect(),
        events,
    })
}

/// What both kinds of event say alike.
fn event(signal: &Signal) -> Event {
    Event {
        code: signal.code.to_string(),
        qualifier: signal.qualifier.digit(),
        group: None,
        number: None,
        number_is: signal.number_is().as_str(),
        area: None,
        user: None,
        address: None,
        peripheral: None,
        time: None,
        date: None,
        text: signal.text.clone(),
        name_en: signal.name(Lang::En).into_owned(),
        name_zh: signal.name(Lang::Zh).into_owned(),
    }
}

fn cid_event(message: &CidMessage, signal: &Signal) -> Event {
    Event { group: Some(message.group_text().into()), number: Some(message.number_text().into()), ..event(signal) }
}

fn sia_event(sia: &SiaEvent<'_>, signal: &Signal) -> Event {
    let owned = |text: Option<&str>| text.map(String::from);
    let address = (!sia.address.is_empty()).then(|| sia.address.to_owned());
    Event {
        number: address.clone().filter(|_| sia.number().is_some()),
        address,
        area: owned(sia.modifiers.area),
        user: owned(sia.modifiers.user),
        peripheral: owned(sia.modifiers.peripheral),
        time: owned(sia.modifiers.time),
        date: owned(sia.modifiers.date),
        ..event(signal)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let (pairs, odd) = digits.as_chunks::<2>();
    let byte = |pair: &[u8; 2]| Some((value(pair[0])? << 4 | value(pair[1])?) as u8);
    odd.is_empty().then(|| pairs.iter().map(byte).collect()).flatten()
}

fn value(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
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
