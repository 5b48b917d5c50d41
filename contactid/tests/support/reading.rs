//! Everything that the codec makes of one frame, as one value that a test compares as a whole.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test crate takes what it needs")]

use contactid::{Code, Encoder, Extended, Frame, Key, Pad, Quirks, Signal, Stamp, Strictness, Token};

/// A frame read to the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub token: String,
    pub encrypted: bool,
    pub sequence: String,
    pub receiver: Option<String>,
    pub line: Option<String>,
    pub account: Option<String>,
    pub inner_account: Option<String>,
    pub data: String,
    pub extended: Vec<(char, String)>,
    pub stamp: Option<String>,
    pub quirks: Vec<&'static str>,
    pub events: Vec<Signal>,
}

/// The bytes of a vector as the protocol notes print them.
pub fn wire(text: &str) -> Vec<u8> {
    text.replace("<LF>", "\n").replace("<CR>", "\r").into_bytes()
}

/// Reads a frame to the end, or says in the error's own words why not.
pub fn read(bytes: &[u8], key: Option<&Key>) -> Result<Reading, String> {
    let frame = Frame::parse(bytes, Strictness::Tolerant).map_err(|error| error.to_string())?;
    let message = frame.open(key).map_err(|error| error.to_string())?;
    let content = match (frame.token(), message.data().is_empty()) {
        (Token::AdmCid, false) => message.cid().map_err(|error| error.to_string())?.quirks(),
        (Token::SiaDcs, false) => message.sia().map_err(|error| error.to_string())?.quirks(),
        _ => Quirks::NONE,
    };
    let owned = |text: Option<&str>| text.map(String::from);
    Ok(Reading {
        token: frame.token().to_string(),
        encrypted: frame.is_encrypted(),
        sequence: frame.sequence_text().into(),
        receiver: owned(frame.receiver()),
        line: owned(frame.line()),
        account: owned(frame.account()),
        inner_account: owned(message.inner_account()),
        data: message.data_text().into_owned(),
        extended: message.extended().map(|field| (field.id, field.text().into_owned())).collect(),
        stamp: message.stamp().map(|stamp| stamp.to_string()),
        quirks: frame.quirks().with(message.quirks()).with(content).names().collect(),
        events: message.events().map_err(|error| error.to_string())?,
    })
}

/// Writes a reading back into a frame; encrypted with this key and pad if it came so.
pub fn write(reading: &Reading, seal: Option<(&Key, Pad<'_>)>) -> Vec<u8> {
    let extended: Vec<Extended<'_>> = reading.extended.iter().map(|(id, text)| Extended::new(*id, text)).collect();
    let frame = Encoder {
        token: Token::new(&reading.token),
        sequence: reading.sequence.parse().unwrap(),
        receiver: reading.receiver.as_deref(),
        line: reading.line.as_deref(),
        account: reading.account.as_deref(),
        data: reading.data.as_bytes(),
        extended: &extended,
        stamp: reading.stamp.as_deref().map(|text| text.parse::<Stamp>().unwrap()),
        binary_crc: reading.quirks.contains(&"binary-crc"),
    };
    match seal {
        Some((key, pad)) => frame.encrypt(key, pad).unwrap(),
        None => frame.encode().unwrap(),
    }
}

/// The event of this code, new, with nothing else.
pub fn event(code: &str) -> Signal {
    let code: Code = code.parse().unwrap();
    let qualifier = match code {
        Code::Sia(code) => code.entry().unwrap().qualifier,
        Code::Cid(_) | Code::Own(_) => contactid::Qualifier::New,
    };
    Signal::new(code, qualifier)
}
