//! Contact ID in sixteen digits and in its text forms.

use contactid::cid::CidReport;
use contactid::cid::text::{
    BracketReport, CsvChecksum, CsvReport, EldesCheck, EldesReport, SerialPrefix, SerialReport, TextReply,
};
use contactid::{Format, RecordError, Strictness};
use serde_json::json;

use super::{ACK, Read, digit_of, message_of, report_of, shown, type_of};
use crate::wire::dc09::cid_event;
use crate::wire::fields::{Answer, Fields, hex};

/// Sixteen digits: dialled, which are answered with a tone, or as text.
pub(super) fn bare(format: Format, bytes: &[u8]) -> Read {
    let report = CidReport::parse(bytes, Strictness::Tolerant)?;
    let mut fields = shown(&report);
    fields.push(("checksum", json!(report.check_digit().to_string())));
    let reply = if format == Format::CidBare { TextReply::Echo } else { TextReply::Silence };
    Ok(Answer::read(report.quirks(), fields, reply.bytes(ACK, bytes).to_vec()))
}

pub(super) fn serial(bytes: &[u8]) -> Read {
    let record = SerialReport::parse(bytes, Strictness::Tolerant)?;
    let mut fields = shown(&record.report);
    fields.push(("form", json!(record.prefix.as_str())));
    Ok(Answer::read(record.quirks(), fields, TextReply::Ok.bytes(ACK, bytes).to_vec()))
}

pub(super) fn write_serial(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let prefix = match fields.text("form").as_deref() {
        None | Some("AL00") => SerialPrefix::Long,
        Some("AL") => SerialPrefix::Short,
        Some(other) => return Err(format!("form: AL00 or AL, not {other}")),
    };
    Ok(SerialReport::new(prefix, report_of(fields)?).encode())
}

/// Answered with the single byte that Lupusec wants.
pub(super) fn bracket(bytes: &[u8]) -> Read {
    let report = BracketReport::parse(bytes, Strictness::Tolerant)?;
    let event = cid_event(report.message(), &report.signal());
    let fields = vec![
        ("account", json!(report.account().map(|account| account.to_string()))),
        ("subscriber", json!(report.subscriber())),
        ("mt", json!(report.message_type().as_str())),
        ("checksum", json!(report.check().to_string())),
        ("events", json!([event])),
        ("tail", json!(String::from_utf8_lossy(report.tail()))),
        ("tail_hex", json!(String::from_utf8(report.tail().to_vec()).err().map(|_| hex(report.tail())))),
    ];
    Ok(Answer::read(report.quirks(), fields, TextReply::Byte06.bytes(ACK, bytes).to_vec()))
}

pub(super) fn write_bracket(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let tail = match fields.bytes("tail_hex") {
        Ok(tail) => tail,
        Err(_) => fields.text("tail").unwrap_or_default().into_bytes(),
    };
    let (subscriber, check) = (fields.need("subscriber")?, digit_of(fields, "checksum")?);
    BracketReport::new(&subscriber, type_of(fields)?, message_of(fields)?, check, &tail)
        .map(|report| report.encode())
        .map_err(|error| error.to_string())
}

/// What the receiver answers was not established: nothing here.
pub(super) fn csv(bytes: &[u8]) -> Read {
    let record = match CsvReport::parse(bytes, CsvChecksum::Absent, Strictness::Tolerant) {
        Err(RecordError::Length { found: 4, .. }) => {
            CsvReport::parse(bytes, CsvChecksum::LastField, Strictness::Tolerant)
        }
        read => read,
    }?;
    let mut fields = vec![
        ("user", json!(record.user())),
        ("password", json!(record.password())),
        ("client", json!(record.client())),
        ("data", json!(record.message())),
        ("checksum", json!(record.checksum())),
    ];
    match record.report() {
        Ok(report) => fields.extend(shown(&report)),
        Err(_) => fields.push(("account", json!(record.account().map(|account| account.to_string())))),
    }
    Ok(Answer::read(record.quirks(), fields, Vec::new()))
}

pub(super) fn write_csv(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    let [user, password, client, message] = ["user", "password", "client", "data"].map(|name| fields.need(name));
    let (user, password, client, message) = (user?, password?, client?, message?);
    let checksum = fields.text("checksum");
    CsvReport::new([&user, &password, &client, &message], checksum.as_deref())
        .map(|record| record.encode())
        .map_err(|error| error.to_string())
}

/// The rule of the last digit and the answer were not established.
pub(super) fn eldes(bytes: &[u8]) -> Read {
    let record = EldesReport::parse(bytes, EldesCheck::Ignored, Strictness::Tolerant)?;
    let mut fields = shown(record.report());
    fields.push(("checksum", json!(record.check().to_string())));
    Ok(Answer::read(record.quirks(), fields, Vec::new()))
}

pub(super) fn write_eldes(fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    Ok(EldesReport::new(report_of(fields)?, digit_of(fields, "checksum")?).encode().to_vec())
}
