//! `report dossier`: all of an incident as one sealed document; and `report check-dossier`: is it as it left the centre?

use std::io::Write;
use std::path::Path;

use alarmcore::IncidentId;
use opsmodel::store::query::{check_dossier, seal};
use serde_json::Value;

use super::open_desk;
use crate::stop::Stop;

pub(super) fn answer(data: &Path, incident: IncidentId, out: &mut dyn Write) -> Result<(), Stop> {
    let dossier = open_desk(data)?.dossier(incident)?.ok_or_else(|| Stop::Unknown(format!("incident {incident}")))?;
    let text = serde_json::to_string_pretty(&seal(&dossier)?).map_err(std::io::Error::from)?;
    Ok(writeln!(out, "{text}")?)
}

pub(super) fn check(file: &Path, data: Option<&Path>, out: &mut dyn Write) -> Result<(), Stop> {
    let unread = |why: String| Stop::Dossier(file.to_owned(), why);
    let text = std::fs::read_to_string(file).map_err(|error| unread(error.to_string()))?;
    let sealed: Value = serde_json::from_str(&text).map_err(|error| unread(error.to_string()))?;
    let checked = match check_dossier(&sealed) {
        Ok(checked) => checked,
        Err(fault) => {
            writeln!(out, "{fault}")?;
            return Err(Stop::Bad);
        }
    };
    if let Some(data) = data {
        let reader = open_desk(data)?;
        for (chain, seq, digest) in &checked.digests {
            // A chain without a record has its head at 0.
            if *seq > 0 && !reader.holds(chain, *seq, digest)? {
                writeln!(out, "{chain} {seq} is not what the centre's files hold")?;
                return Err(Stop::Bad);
            }
        }
        if !reader.holds_site(&sealed["dossier"])? {
            writeln!(out, "the site is not what its card said in the centre's files when the incident was opened")?;
            return Err(Stop::Bad);
        }
    }
    for (chain, records) in &checked.records {
        writeln!(out, "{chain}: {records} records as they were written")?;
    }
    let site = &sealed["dossier"]["site"];
    match (site["said"].as_str(), &site["version"]) {
        (Some("when-opened"), version) => {
            writeln!(out, "site: as version {version} of its card said when the incident was opened")?;
        }
        (Some(_), version) => {
            writeln!(
                out,
                "site: as version {version} of its card said when this was made; there was none at the opening"
            )?;
        }
        (None, _) if !site.is_null() => {
            writeln!(out, "site: as its card said when this was made, not when the incident was opened")?;
        }
        (None, _) => {}
    }
    Ok(writeln!(out, "seal {}", checked.seal)?)
}
