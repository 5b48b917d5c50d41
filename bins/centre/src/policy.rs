//! The rules of the desk as a file: read, checked, and printed to begin from.

use std::io::Write as _;
use std::path::Path;

use alarmcore::Policy;
use anyhow::Context as _;

use crate::cli::{Failure, PolicyTask, Stop};

/// Does what the command line says.
pub(crate) fn run(task: &PolicyTask) -> Result<(), Failure> {
    let said = match task {
        PolicyTask::Example => Policy::DOCUMENTED.to_owned(),
        PolicyTask::Check { file } => {
            let policy = read(file)?;
            let default = if policy == Policy::default() { ", the default" } else { "" };
            format!("{}: version {}{default}\n", file.display(), policy.version)
        }
    };
    // Whoever reads it may have seen enough (`centre policy example | head`).
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
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
