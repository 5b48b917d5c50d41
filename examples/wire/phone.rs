//! Digits of a telephone line, and their text forms. Digits are ASCII characters here.

mod own;
mod text;

use contactid::cid::{CidReport, MessageType};
use contactid::{CidMessage, Code, Format, RecordError, Reply};
use serde_json::{Value, json};

use super::dc09::cid_event;
use super::fields::{Answer, Fields};

/// Reads one record.
pub fn decode(format: Format, bytes: &[u8]) -> Answer {
    let read = match format {
        Format::ContactId | Format::CidBare => text::bare(format, bytes),
        Format::CidAl00 => text::serial(bytes),
        Format::CidBracket => text::bracket(bytes),
        Format::CidCsv => text::csv(bytes),
        Format::CidEldes => text::eldes(bytes),
        _ => own::decode(format, bytes),
    };
    // Nothing here has a refusal but Robofon: a sender that hears nothing sends again.
    read.unwrap_or_else(|error| Answer::fault(error, |reply| own::refusal(format, bytes, reply)))
}

/// Writes one record.
///
/// # Errors
/// What is missing or cannot be written.
pub fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    match format {
        Format::ContactId | Format::CidBare => Ok(report_of(fields)?.encode().to_vec()),
        Format::CidAl00 => text::write_serial(fields),
        Format::CidBracket => text::write_bracket(fields),
        Format::CidCsv => text::write_csv(fields),
        Format::CidEldes => text::write_eldes(fields),
        _ => own::encode(format, fields),
    }
}

type Read = Result<Answer, RecordError>;
type Shown = Vec<(&'static str, Value)>;

/// What every form of Contact ID shows.
fn shown(report: &CidReport) -> Shown {
    let event = cid_event(report.message(), &report.signal());
    vec![
        ("account", json!(report.account().map(|account| account.to_string()))),
        ("mt", json!(report.message_type().as_str())),
        ("events", json!([event])),
    ]
}

fn message_of(fields: &Fields<'_>) -> Result<CidMessage, String> {
    let event = fields.event().ok_or("events: missing")?;
    let [qualifier, code, group, number] = ["qualifier", "code", "group", "number"].map(|name| event.need(name));
    let written = format!("{}{} {} {}", qualifier?, code?, group?, number?);
    CidMessage::parse(written.as_bytes()).map_err(|error| error.to_string())
}

fn type_of(fields: &Fields<'_>) -> Result<MessageType, String> {
    match fields.text("mt").as_deref() {
        None | Some("18") => Ok(MessageType::Preferred),
        Some("98") => Ok(MessageType::Optional),
        Some(other) => Err(format!("mt: 18 or 98, not {other}")),
    }
}

fn report_of(fields: &Fields<'_>) -> Result<CidReport, String> {
    let account = fields.need("account")?.parse().map_err(|error| format!("account: {error}"))?;
    let report = CidReport::new(account, message_of(fields)?).map_err(|error| error.to_string())?;
    Ok(report.with_type(type_of(fields)?))
}

/// A single digit of this name.
fn digit_of(fields: &Fields<'_>, name: &str) -> Result<contactid::dtmf::Digit, String> {
    digits_of(fields, name)?.first().copied().ok_or_else(|| format!("{name}: a digit"))
}

fn digits_of(fields: &Fields<'_>, name: &str) -> Result<Vec<contactid::dtmf::Digit>, String> {
    let written = fields.need(name)?;
    let digit =
        |digit| contactid::dtmf::Digit::from_char(digit).ok_or_else(|| format!("{name}: {digit:?} is no digit"));
    written.chars().map(digit).collect()
}

/// The code of the first event, without the name of its list.
fn code_of(fields: &Fields<'_>) -> Result<String, String> {
    let written = fields.event().ok_or("events: missing")?.need("code")?;
    match written.parse() {
        Ok(Code::Own(code)) => Ok(code.as_str().to_owned()),
        _ => Err(format!("code: {written} is none of this format")),
    }
}

/// An acknowledgement in bytes of the format.
const ACK: Reply = Reply::Ack;
