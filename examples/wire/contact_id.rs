//! Contact ID messages from the fields of an event, for the many records that carry one.

use contactid::CidMessage;
use contactid::cid::{CidReport, MessageType};

use super::fields::Fields;

/// The message that the first event tells: `qualifier`, `code`, `group` and `number`.
///
/// # Errors
/// What is missing or cannot be written.
pub fn message(fields: &Fields<'_>) -> Result<CidMessage, String> {
    let event = fields.event().ok_or("events: missing")?;
    let [qualifier, code] = ["qualifier", "code"].map(|name| event.need(name));
    let [group, number] = ["group", "number"].map(|name| event.text(name).unwrap_or_default());
    let text = format!("{}{} {group:0>2} {number:0>3}", qualifier?, code?);
    CidMessage::parse(text.as_bytes()).map_err(|error| error.to_string())
}

/// The sixteen digits that `account`, `mt` and the first event make.
///
/// # Errors
/// What is missing or cannot be written.
pub fn report(fields: &Fields<'_>) -> Result<CidReport, String> {
    let account = fields.need("account")?.parse().map_err(|error| format!("account: {error}"))?;
    let message_type = match fields.text("mt").as_deref() {
        Some("98") => MessageType::Optional,
        _ => MessageType::Preferred,
    };
    let report = CidReport::new(account, message(fields)?).map_err(|error| error.to_string())?;
    Ok(report.with_type(message_type))
}
