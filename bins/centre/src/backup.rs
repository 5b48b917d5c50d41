//! `centre backup`: a copy of the centre's files and clips beside the running centre, checked before it counts.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};
use opsmodel::store::{StoreError, back_up};

use crate::cli::{BackupArgs, Failure, Stop};

/// What every copy's name begins with; the moment that follows puts them in order.
const NAME: &str = "centre-";
const MOMENT: &str = "%Y%m%dT%H%M%SZ";
/// What is done sooner than this is done without a word on the way.
const SILENT: Duration = Duration::from_secs(1);

/// Makes one copy, and takes away what is beyond those that are kept.
pub(crate) fn run(args: &BackupArgs) -> Result<(), Failure> {
    let to = args.to.join(format!("{NAME}{}", chrono::Utc::now().format(MOMENT)));
    let (began, watched) = (Instant::now(), std::io::stderr().is_terminal());
    let told = |done: u64, all: u64| {
        if watched && began.elapsed() > SILENT {
            eprint!("\r{done} of {all} pages ");
        }
    };
    let (copied, spoilt) = back_up(&args.data, &to, told).map_err(|error: StoreError| {
        let context = format!("{} cannot be copied to {}; there is no new copy", args.data.display(), to.display());
        Failure::new(Stop::Store, anyhow!(error).context(context))
    })?;
    let mut said = format!(
        "{}\nsignals {}, journal {}, dispositions {}, card history {}, clips {}: copied and checked\n",
        to.display(),
        copied.signals,
        copied.journal,
        copied.dispositions,
        copied.card_history,
        copied.clips
    );
    for clip in &spoilt {
        eprintln!("centre: not in this copy: {clip}; see whether an older one has it");
    }
    if let Some(keep) = args.keep {
        for old in beyond(&args.to, keep.get()).map_err(|error| Failure::new(Stop::Store, error))? {
            std::fs::remove_dir_all(&old)
                .with_context(|| format!("{} cannot be removed", old.display()))
                .map_err(|error| Failure::new(Stop::Store, error))?;
            said += &format!("removed {}\n", old.display());
        }
    }
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

/// The copies in a folder beyond the newest `keep`.
fn beyond(folder: &Path, keep: usize) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut copies: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    copies.retain(|path| path.is_dir() && path.file_name().is_some_and(|name| is_copy(&name.to_string_lossy())));
    copies.sort();
    copies.truncate(copies.len().saturating_sub(keep));
    Ok(copies)
}

/// Is this a name that we give? Nothing else in the folder is ever removed.
fn is_copy(name: &str) -> bool {
    name.strip_prefix(NAME).is_some_and(|moment| chrono::NaiveDateTime::parse_from_str(moment, MOMENT).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_copies_beyond_the_newest_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["centre-20261124T010000Z", "centre-20261125T010000Z", "centre-20261126T010000Z"];
        for name in names.into_iter().chain(["centre-data", "centre-20261120T010000Z.part", "notes"]) {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("centre-20261101T010000Z"), "a file").unwrap();
        assert_eq!(beyond(folder.path(), 2).unwrap(), [folder.path().join(names[0])]);
        assert_eq!(beyond(folder.path(), 3).unwrap(), Vec::<PathBuf>::new());
    }
}
