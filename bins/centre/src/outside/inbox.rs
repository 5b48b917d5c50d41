//! Answers as files in a folder: read once a second, then moved to `done`, or to `bad` with a file that says what was wrong.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::answers::{Ear, Heard};
use super::tried::Unread;
use super::way::{named, write_whole};

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The largest file that is taken for an answer, in bytes.
const FILE_MAX: u64 = 256 * 1024;
/// A file that cannot be read may still be written: it is looked at again for so long after its last change.
const WRITTEN_FOR: Duration = Duration::from_secs(5);

/// Reads the folder until the centre ends. A file that was read and not moved, because the centre died in between, is read
/// again, and its answer recognised by its number.
pub(super) async fn watch(way: String, folder: PathBuf, ear: Ear) {
    let mut told = false;
    loop {
        let looked = folder.clone();
        let found = spawn_blocking(move || list(&looked)).await;
        match found.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            Ok(files) => {
                told = false;
                ear.outside.looked(&way, Ok(()));
                for (file, text) in files {
                    take(&way, &folder, file, text, &ear).await;
                }
            }
            Err(error) => {
                // What an authority rejects lies there unheard.
                let unread = Unread { folder: folder.display().to_string(), why: error.to_string() };
                ear.outside.looked(&way, Err(unread));
                if !told {
                    tracing::error!(way, "answers cannot be read from {}: {error}", folder.display());
                }
                told = true;
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

type Found = (PathBuf, Result<String, String>);

/// The files `*.json`, however that is spelt, with their text or why there is none, by name.
fn list(folder: &Path) -> std::io::Result<Vec<Found>> {
    for below in ["done", "bad"] {
        std::fs::create_dir_all(folder.join(below))?;
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            let text = read(&path);
            files.push((path, text));
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<String, String> {
    let faulty = |error: std::io::Error| error.to_string();
    let size = file.metadata().map_err(faulty)?.len();
    if size > FILE_MAX {
        return Err(format!("{size} bytes; an answer has {FILE_MAX} at most"));
    }
    let text = std::fs::read_to_string(file).map_err(faulty)?;
    // Some programs begin a text with a mark of its byte order.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

async fn take(way: &str, folder: &Path, file: PathBuf, text: Result<String, String>, ear: &Ear) {
    let is_json = text.as_ref().is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    if !is_json && is_fresh(&file) {
        return;
    }
    // Of what cannot even be read people see the name: the file itself lies in `bad`.
    let text = text.map_err(|wrong| format!("{}: {wrong}", file.display()));
    let wrong = match ear.hear(way, text.as_deref().unwrap_or_else(|wrong| wrong)).await {
        Ok(Heard::Taken(_)) => None,
        Ok(Heard::Kept(why)) => Some(text.err().unwrap_or(why.title)),
        // The desk is busy, or the store is full: the file stays for the next look.
        Err(_) => return,
    };
    let to = folder.join(if wrong.is_none() { "done" } else { "bad" });
    let moved = spawn_blocking({
        let file = file.clone();
        move || put_aside(&file, &to, wrong.as_deref())
    });
    if let Err(error) = moved.await.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
        tracing::error!(way, "{} cannot be put aside: {error}", file.display());
    }
}

fn is_fresh(file: &Path) -> bool {
    let changed = file.metadata().and_then(|about| about.modified());
    changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|since| since < WRITTEN_FOR))
}

/// Moves a file where nothing of that name is overwritten, and says beside it what was wrong with it.
fn put_aside(file: &Path, to: &Path, wrong: Option<&str>) -> std::io::Result<()> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let free = |again: u32| if again == 0 { to.join(&name) } else { to.join(format!("{again}-{name}")) };
    let aside = (0..).map(free).find(|path| !path.exists()).unwrap_or_else(|| to.join(&name));
    std::fs::rename(file, &aside)?;
    match wrong {
        Some(wrong) => {
            let advice = format!("{wrong}\n`centre outside form` prints the form of an answer.\n");
            write_whole(&named(&aside, ".error.txt"), &advice)
        }
        None => Ok(()),
    }
}
