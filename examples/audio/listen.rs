//! Samples to what is heard in them.

use contactid::audio::{
    BlockReader, Character, DtmfListener, DtmfOptions, FskHeard, FskListener, HeardTone, HeardWarble, KeyedListener,
    Modem, PulseHeard, PulseListener, PulseOptions, RATE_HZ, SettingError, ToneListener, ToneOptions, WarbleListener,
};
use contactid::cesa::CesaMessage;
use contactid::line::keyed::{KeyedMessage, Sign};
use contactid::robofon::{BAUD, BlockCheck, ParityBit, RobofonFrame, TONE_HZ};
use contactid::{RecordError, Strictness, cid::AdemcoReport, sia::Block};
use serde_json::{Value, json};

use crate::wire::fields;

/// A message is over when no digit has come for so long behind the last one.
const BETWEEN_DIGITS_MS: u64 = 300;

/// A message of characters is over when none has come for so long behind the last one.
const BETWEEN_CHARACTERS_MS: u64 = 500;

/// Both ends of Bell 103.
const MODEMS: [(&str, Modem); 2] =
    [("bell103-calling", Modem::BELL_103_CALLING), ("bell103-answering", Modem::BELL_103_ANSWERING)];

/// Everything that is heard, in the order in which it was over: digits and the message in them, tones of 1400 and 2300 Hz,
/// blocks of SIA DC-03, rounds of so many pulses a second, and messages and signs of Robofon 8 and CESA. What a modem makes of
/// sounds that are not its own is no message of these, and passed over.
///
/// # Errors
/// [`SettingError`] if there are no so many pulses a second.
pub fn listen(line: &[i16], pulse_rate: u8) -> Result<Vec<Value>, SettingError> {
    let mut heard = Vec::new();
    let mut digits = DtmfListener::new(DtmfOptions::default())?;
    let mut tones = ToneListener::new([1400, 2300], ToneOptions::default())?;
    let [(calling, up), (answering, down)] = MODEMS;
    let ears = [(calling, FskListener::new(up)?), (answering, FskListener::new(down)?)];
    let mut modems = ears.map(|(name, listener)| (name, listener, BlockReader::default()));
    let mut pulses = PulseListener::new(PulseOptions::at(1850, pulse_rate))?;
    let mut robofon = (KeyedListener::new(TONE_HZ, BAUD)?, Vec::new(), 0);
    let mut cesa = (FskListener::new(Modem::CESA)?.with_patience_ms(700), Vec::new());
    let mut warble = WarbleListener::cesa();
    let (mut message, mut last_ms) = (Vec::new(), 0);
    // Silence brings out what the end of the file would cut off.
    let behind = std::iter::repeat_n(0, RATE_HZ as usize * 3);
    for (n, sample) in line.iter().copied().chain(behind).enumerate() {
        let now_ms = n as u64 * 1000 / u64::from(RATE_HZ);
        if let Some(digit) = digits.hear(sample) {
            let (written, key) = (digit.digit.to_string(), digit.digit.key().to_string());
            let (start_ms, end_ms) = (digit.start_ms, digit.end_ms);
            heard.push(json!({"heard": "digit", "digit": written, "key": key, "start_ms": start_ms, "end_ms": end_ms}));
            message.push(digit.digit);
            last_ms = end_ms;
        }
        if !message.is_empty() && now_ms >= last_ms + BETWEEN_DIGITS_MS {
            let written: String = message.iter().map(|digit| digit.to_char()).collect();
            heard.push(shown(&written, AdemcoReport::from_digits(&message, Strictness::Tolerant)));
            message.clear();
        }
        if let Some(HeardTone::Over { meant_hz, hz, start_ms, end_ms }) = tones.hear(sample) {
            let tone = json!({"heard": "tone", "meant_hz": meant_hz, "hz": hz, "start_ms": start_ms, "end_ms": end_ms});
            heard.push(tone);
        }
        for (name, listener, reader) in &mut modems {
            match listener.hear(sample) {
                Some(FskHeard::Byte(byte)) => heard.extend(reader.push(byte).map(|bytes| block(name, bytes, now_ms))),
                Some(FskHeard::Begins | FskHeard::Garbled | FskHeard::Over) => reader.reset(),
                None => {}
            }
        }
        let (listener, characters, last_ms) = &mut robofon;
        if let Some(character) = listener.hear(sample) {
            // One without a stop bit leaves no message behind.
            characters.push(if let Character::Byte(byte) = character { byte } else { 0 });
            *last_ms = now_ms;
        }
        if !characters.is_empty() && now_ms >= *last_ms + BETWEEN_CHARACTERS_MS {
            heard.extend(robofon_said(&std::mem::take(characters), now_ms));
        }
        let (listener, characters) = &mut cesa;
        match listener.hear(sample) {
            Some(FskHeard::Byte(byte)) => characters.push(byte),
            Some(FskHeard::Begins | FskHeard::Garbled) => characters.clear(),
            Some(FskHeard::Over) => heard.extend(cesa_said(&std::mem::take(characters), now_ms)),
            None => {}
        }
        if let Some(HeardWarble { start_ms, end_ms }) = warble.hear(sample) {
            let sign =
                json!({"heard": "sign", "format": "cesa", "sign": "handshake", "start_ms": start_ms, "end_ms": end_ms});
            heard.push(sign);
        }
        match pulses.hear(sample) {
            Some(PulseHeard::Round(round)) => {
                let written: String = round.digits().iter().map(|digit| digit.to_char()).collect();
                heard.push(json!({"heard": "round", "digits": written, "valid": true, "end_ms": now_ms}));
            }
            Some(PulseHeard::Garbled) => heard.push(json!({"heard": "round", "valid": false, "end_ms": now_ms})),
            Some(PulseHeard::Pulse) | None => {}
        }
    }
    Ok(heard)
}

/// A message in tone pairs.
fn shown(written: &str, read: Result<AdemcoReport, RecordError>) -> Value {
    match read {
        Ok(report) => {
            let signals: Vec<_> = report.signals().collect();
            let account = report.account().map(|account| account.to_string());
            let (format, events) = (report.format().as_str(), fields::events(&signals));
            json!({"heard": "message", "digits": written, "valid": true, "format": format, "account": account, "events": events})
        }
        Err(error) => json!({"heard": "message", "digits": written, "valid": false, "error": error.to_string()}),
    }
}

/// A frame of Robofon 8, or what a receiver says; `None` for so many characters as neither has.
fn robofon_said(bytes: &[u8], end_ms: u64) -> Option<Value> {
    if bytes.len() == RobofonFrame::LEN {
        let read = RobofonFrame::parse(bytes, BlockCheck::Ignored, Strictness::Tolerant);
        return Some(keyed("robofon", bytes, read.map(KeyedMessage::Robofon), end_ms));
    }
    let &[byte] = bytes else { return None };
    let sign = match Sign::of(byte, ParityBit::Odd)? {
        Sign::Handshake => "handshake",
        Sign::Acknowledge => "acknowledge",
        Sign::Refuse => "refuse",
    };
    Some(json!({"heard": "sign", "format": "robofon", "sign": sign, "end_ms": end_ms}))
}

/// Both copies of a message of CESA; `None` for so many characters as they have not.
fn cesa_said(bytes: &[u8], end_ms: u64) -> Option<Value> {
    let (first, second) = bytes.split_at_checked(CesaMessage::LEN).filter(|_| bytes.len() == 2 * CesaMessage::LEN)?;
    let read = CesaMessage::agreed(first, second, Strictness::Tolerant);
    Some(keyed("cesa", bytes, read.map(KeyedMessage::Cesa), end_ms))
}

fn keyed(format: &str, bytes: &[u8], read: Result<KeyedMessage, RecordError>, end_ms: u64) -> Value {
    let hex = hex(bytes);
    match read {
        Ok(message) => {
            let account = message.account().map(|account| account.to_string());
            let events = fields::events(&[message.signal()]);
            json!({"heard": "message", "format": format, "hex": hex, "valid": true, "account": account, "events": events, "end_ms": end_ms})
        }
        Err(error) => {
            json!({"heard": "message", "format": format, "hex": hex, "valid": false, "error": error.to_string(), "end_ms": end_ms})
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A block of SIA DC-03.
fn block(modem: &str, bytes: &[u8], end_ms: u64) -> Value {
    let hex = hex(bytes);
    match Block::parse(bytes, Strictness::Tolerant) {
        Ok(block) => {
            let function = char::from(block.function().0).to_string();
            let text = block.text();
            json!({"heard": "block", "modem": modem, "hex": hex, "valid": true, "function": function, "text": text, "end_ms": end_ms})
        }
        Err(error) => {
            json!({"heard": "block", "modem": modem, "hex": hex, "valid": false, "error": error.to_string(), "end_ms": end_ms})
        }
    }
}
