//! The rules of the desk as a file: read, checked, and printed to begin from.

use std::io::Write as _;
use std::path::Path;

use alarmcore::{AccountNumber, Covers, Override, Policy};
use anyhow::Context as _;
use serde_json::Value;

use crate::cli::{Failure, PolicyTask, Stop};

/// Does what the command line says.
pub(crate) fn run(task: &PolicyTask) -> Result<(), Failure> {
    let said = match task {
        PolicyTask::Example => Policy::DOCUMENTED.to_owned(),
        PolicyTask::Check { file } => {
            let policy = read(file)?;
            let default = if policy == Policy::default() { ", the default" } else { "" };
            let head = format!("{}: version {}{default}\n", file.display(), policy.version);
            policy.overrides.iter().fold(head, |said, one| said + &covers(one))
        }
    };
    // Whoever reads it may have seen enough (`centre policy example | head`).
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

/// Whom an override covers, and every key that it changes.
fn covers(one: &Override) -> String {
    let whom = match &one.covers {
        Covers::Accounts(accounts) => {
            let accounts: Vec<&str> = accounts.iter().map(AccountNumber::as_str).collect();
            format!("accounts {}", accounts.join(", "))
        }
        Covers::Site(site) => format!("site {site}"),
    };
    let mut keys = Vec::new();
    match serde_json::to_value(&one.changes) {
        Ok(changes) => leaves(&changes, String::new(), &mut keys),
        Err(error) => keys.push(error.to_string()),
    }
    format!("  override for {whom}: {}\n", keys.join("; "))
}

/// Every rule in it with its key: a handling is one, a table of rules is several.
fn leaves(value: &Value, key: String, keys: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.contains_key("action") => {
            for (name, value) in fields {
                leaves(value, if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, keys);
            }
        }
        Value::Object(fields) => {
            let detail = |name: &str| fields.get(name).map(|value| format!(" {name} {value}"));
            let details: String = [detail("priority"), detail("seconds")].into_iter().flatten().collect();
            keys.push(format!("{key} = {}{details}", fields["action"].as_str().unwrap_or_default()));
        }
        value => keys.push(format!("{key} = {value}")),
    }
}

/// The rules in `file`.
///
/// # Errors
/// [`Stop::Config`] names the file, and the line and column of what is wrong with it.
pub(crate) fn read(file: &Path) -> Result<Policy, Failure> {
    let text = std::fs::read_to_string(file).map_err(anyhow::Error::from);
    let policy = text.and_then(|text| Ok(Policy::from_toml(&text)?));
    policy
        .with_context(|| format!("the policy file {}", file.display()))
        .map_err(|error| Failure::new(Stop::Config, error))
}
