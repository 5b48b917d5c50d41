//! Formats with codes of their own: Express, channels, pulses, Robofon, CESA.

use contactid::cesa::CesaMessage;
use contactid::cid::{ChannelForm, ChannelReport, ExpressCode, ExpressReport};
use contactid::dtmf::Digit;
use contactid::line::pulse::{PulseLayout, PulseReport};
use contactid::robofon::{BlockCheck, ParityBit, RobofonFrame};
use contactid::scancom::{Channels, ScancomReport};
use contactid::{AccountNumber, Check, Format, Quirks, RecordError, Reply, Signal, Strictness};
use serde_json::{Value, json};

use super::{ACK, Read, code_of, digit_of, digits_of};
use crate::wire::fields::{Answer, Fields, events};

const AS_IT_COMES: Strictness = Strictness::Tolerant;

pub(super) fn decode(format: Format, bytes: &[u8]) -> Read {
    match format {
        Format::Express41 | Format::Express42 => express(format, bytes),
        Format::HighSpeed | Format::SuperFast => channels(format, bytes),
        Format::Scancom => scancom(bytes),
        Format::Pulse => pulse(bytes),
        Format::Robofon => robofon(bytes),
        Format::Cesa => cesa(bytes),
        other => Ok(Answer::refused(format!("format: {other} has no digits of a telephone line"))),
    }
}

pub(super) fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let account = fields.need("account")?.parse().map_err(|error| format!("account: {error}"))?;
    match format {
        Format::Express41 | Format::Express42 => write_express(account, fields),
        Format::HighSpeed => write_channels(ChannelForm::HighSpeed, account, fields),
        Format::SuperFast => write_channels(ChannelForm::SuperFast, account, fields),
        Format::Scancom => ScancomReport::new(account, &digits_of(fields, "channels")?, digit_of(fields, "status")?)
            .map(|report| report.encode())
            .map_err(|error| error.to_string()),
        Format::Pulse => write_pulse(account, fields),
        Format::Robofon => write_robofon(account, fields),
        Format::Cesa => write_cesa(account, fields),
        other => Err(format!("format: {other} has no digits of a telephone line")),
    }
}

/// What is said of bytes that were not taken.
pub(super) fn refusal(format: Format, bytes: &[u8], reply: Reply) -> Vec<u8> {
    let stripped = bytes.first().is_none_or(|first| first & 0x80 == 0);
    let parity = if stripped { ParityBit::Stripped } else { ParityBit::Odd };
    if format == Format::Robofon { parity.reply(reply).to_vec() } else { Vec::new() }
}

/// What every one of them shows.
fn answer(
    quirks: Quirks,
    account: Option<AccountNumber>,
    signals: &[Signal],
    rest: Vec<(&'static str, Value)>,
    reply: &[u8],
) -> Read {
    let mut fields = vec![("account", json!(account.map(|account| account.to_string()))), ("events", events(signals))];
    fields.extend(rest);
    Ok(Answer::read(quirks, fields, reply.to_vec()))
}

fn text(digits: &[Digit]) -> String {
    digits.iter().map(|digit| digit.to_char()).collect()
}

fn express(format: Format, bytes: &[u8]) -> Read {
    let report = ExpressReport::parse(bytes, AS_IT_COMES)?;
    let (own, message_type) = match report.code() {
        ExpressCode::One(_) => (Format::Express41, "17"),
        ExpressCode::Two(_) => (Format::Express42, "27"),
    };
    if own != format {
        return Ok(Answer::refused(format!("format: these digits are {own}")));
    }
    let check = report.digits().last().map(ToString::to_string);
    let rest = vec![("mt", json!(message_type)), ("checksum", json!(check))];
    answer(report.quirks(), report.account(), &[report.signal()], rest, &[])
}

fn write_express(account: AccountNumber, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let code: Vec<Digit> = code_of(fields)?.chars().filter_map(Digit::from_char).collect();
    let code = match code[..] {
        [one] => ExpressCode::One(one),
        [first, second] => ExpressCode::Two([first, second]),
        _ => return Err("code: one or two digits".into()),
    };
    ExpressReport::new(account, code).map(|report| report.encode()).map_err(|error| error.to_string())
}

fn channels(format: Format, bytes: &[u8]) -> Read {
    let report = ChannelReport::parse(bytes, AS_IT_COMES)?;
    let (own, message_type, check) = match report.form {
        ChannelForm::HighSpeed => (Format::HighSpeed, "55", report.digits().last().map(ToString::to_string)),
        ChannelForm::SuperFast => (Format::SuperFast, "56", None),
    };
    if own != format {
        return Ok(Answer::refused(format!("format: these digits are {own}")));
    }
    let rest = vec![
        ("mt", json!(message_type)),
        ("channels", json!(text(&report.channels()))),
        ("status", json!(report.status().to_string())),
        ("checksum", json!(check)),
    ];
    let signals: Vec<_> = report.signals().collect();
    answer(report.quirks(), report.account(), &signals, rest, &[])
}

fn write_channels(form: ChannelForm, account: AccountNumber, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let channels = digits_of(fields, "channels")?.try_into().map_err(|_| "channels: eight digits")?;
    ChannelReport::new(form, account, channels, digit_of(fields, "status")?)
        .map(|report| report.encode())
        .map_err(|error| error.to_string())
}

fn scancom(bytes: &[u8]) -> Read {
    let report = ScancomReport::parse(bytes, AS_IT_COMES)?;
    let rest = vec![("channels", json!(text(report.channels()))), ("status", json!(report.status().to_string()))];
    let signals: Vec<_> = report.signals(Channels::Agreed).collect();
    answer(report.quirks(), report.account(), &signals, rest, &[])
}

/// One round, or two that must agree; two rounds of four that do not may be extended 3/1.
fn pulse(bytes: &[u8]) -> Read {
    let (report, rounds) = match bytes.len() {
        8 | 10 | 12 => {
            let (first, second) = bytes.split_at(bytes.len() / 2);
            let (one, two) = (PulseReport::parse(first, AS_IT_COMES)?, PulseReport::parse(second, AS_IT_COMES)?);
            let [Some(before), Some(behind)] = [&one, &two].map(|report| report.rounds().into_iter().next()) else {
                return Err(RecordError::Length { expected: 4, found: 0 });
            };
            match before.iter().zip(&behind).find(|(one, two)| one != two) {
                None => (one, 2),
                Some(_) if first.len() == 4 => (PulseReport::from_extended(&before, &behind)?, 2),
                Some((expected, found)) => {
                    let [expected, found] = [expected, found].map(|digit| u32::from(digit.value()));
                    return Err(RecordError::Check { check: Check::Checksum, expected, found });
                }
            }
        }
        _ => (PulseReport::parse(bytes, AS_IT_COMES)?, 1),
    };
    let form = match report.layout() {
        PulseLayout::ThreeOne => "3/1",
        PulseLayout::FourOne => "4/1",
        PulseLayout::FourTwo => "4/2",
        PulseLayout::ExtendedThreeOne => "extended 3/1",
    };
    let rest = vec![
        ("form", json!(form)),
        ("zone", json!(report.zone().map(|zone| zone.to_string()))),
        ("rounds", json!(rounds)),
    ];
    answer(report.quirks(), report.account(), &[report.signal()], rest, &[])
}

fn write_pulse(account: AccountNumber, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let layout = match fields.need("form")?.as_str() {
        "3/1" => PulseLayout::ThreeOne,
        "4/1" => PulseLayout::FourOne,
        "4/2" => PulseLayout::FourTwo,
        "extended 3/1" => PulseLayout::ExtendedThreeOne,
        other => return Err(format!("form: {other} is no pulse format")),
    };
    let event = code_of(fields)?.chars().next().and_then(Digit::from_char).ok_or("code: a digit")?;
    let zone = fields.text("zone").map(|_| digit_of(fields, "zone")).transpose()?;
    let written = PulseReport::new(layout, account, event, zone).map_err(|error| error.to_string())?.encode();
    let twice = layout != PulseLayout::ExtendedThreeOne && fields.number("rounds") == Some(2);
    Ok(written.repeat(if twice { 2 } else { 1 }))
}

fn robofon(bytes: &[u8]) -> Read {
    let frame = RobofonFrame::parse(bytes, BlockCheck::Ignored, AS_IT_COMES)?;
    let parity = match frame.parity() {
        ParityBit::Odd => "odd",
        ParityBit::Stripped => "none",
    };
    let rest = vec![("checksum", json!(format!("{:02X}", frame.check()))), ("parity", json!(parity))];
    answer(frame.quirks(), frame.account(), &[frame.signal()], rest, frame.reply(ACK))
}

fn write_robofon(account: AccountNumber, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let code = code_of(fields)?.into_bytes().try_into().map_err(|_| "code: two characters")?;
    let check = fields.bytes("checksum")?.first().copied().ok_or("checksum: a byte")?;
    let frame = RobofonFrame::new(account, code, check).map_err(|error| error.to_string())?;
    let parity = if fields.text("parity").as_deref() == Some("none") { ParityBit::Stripped } else { ParityBit::Odd };
    Ok(frame.with_parity(parity).encode().to_vec())
}

fn cesa(bytes: &[u8]) -> Read {
    let message = match bytes.split_at_checked(CesaMessage::LEN) {
        Some((first, second)) if second.len() == CesaMessage::LEN => CesaMessage::agreed(first, second, AS_IT_COMES)?,
        _ => CesaMessage::parse(bytes, AS_IT_COMES)?,
    };
    let rest =
        vec![("zone", json!(format!("{:02}", message.zone()))), ("rounds", json!(bytes.len() / CesaMessage::LEN))];
    answer(message.quirks(), message.account(), &[message.signal()], rest, &[])
}

fn write_cesa(account: AccountNumber, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let event = code_of(fields)?.parse().map_err(|_| "code: a decimal digit")?;
    let zone = fields.number("zone").and_then(|zone| zone.try_into().ok()).ok_or("zone: 0 to 99")?;
    let message = CesaMessage::new(account, event, zone).map_err(|error| error.to_string())?;
    Ok(message.encode().repeat(if fields.number("rounds") == Some(2) { 2 } else { 1 }))
}
