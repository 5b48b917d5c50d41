//! `report hand-offs` and `report offers` over evenings that a real desk decided, word for word.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "../../../opsmodel/tests/query/evening.rs"]
mod evening;
#[path = "../../../opsmodel/tests/query/town.rs"]
mod town;

use std::path::Path;
use std::process::Command;

/// What the binary prints; `GOLDEN=write` writes the file that it is compared with, to be read before it is believed.
fn prints(dir: &Path, arguments: &[&str], golden: &str) {
    let (name, rest) = arguments.split_first().unwrap();
    let report =
        Command::new(env!("CARGO_BIN_EXE_report")).arg(name).arg("--data").arg(dir).args(rest).output().unwrap();
    assert_eq!((report.status.code(), str::from_utf8(&report.stderr)), (Some(0), Ok("")), "{arguments:?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden);
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, &report.stdout).unwrap();
    }
    let found = str::from_utf8(&report.stdout).unwrap();
    assert_eq!(found, std::fs::read_to_string(&path).unwrap(), "{}", path.display());
}

#[test]
fn hand_offs_are_told_with_the_time_of_each_state() {
    let dir = tempfile::tempdir().unwrap();
    evening::build(dir.path());
    for format in ["table", "json", "csv"] {
        prints(dir.path(), &["hand-offs", "--format", format], &format!("hand-offs.{format}"));
    }
    prints(dir.path(), &["hand-offs", "--summary", "--format", "csv"], "hand-offs-summary.csv");
}

/// What rules did in place of an operator, with the users that they rest on; what is only logged by its class is none of it.
#[test]
fn row_2_2_recent_is_counted_for_the_audit_of_the_policy() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_automatic(dir.path());
    for format in ["table", "json", "csv"] {
        prints(dir.path(), &["auto-handled", "--format", format], &format!("auto-handled.{format}"));
    }
    // The opening lies before the period, and its user is known all the same.
    let late = ["auto-handled", "--from", "2026-11-22T08:01:05Z", "--format", "csv"];
    prints(dir.path(), &late, "auto-handled-late.csv");
}

/// How long incidents of each kind were in hand and units were out: figures from five cases on.
#[test]
fn handling_is_told_by_kind_and_phase() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_handled(dir.path());
    for format in ["table", "json", "csv"] {
        prints(dir.path(), &["handling", "--format", format], &format!("handling-evening.{format}"));
    }
    let early = ["handling", "--to", "2026-11-22T08:30:00Z", "--format", "csv"];
    prints(dir.path(), &early, "handling-early.csv");
}

/// Who was offered what, how each offer ended, and how soon it was taken.
#[test]
fn offers_are_told_with_their_end() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_fed(dir.path());
    for format in ["table", "json", "csv"] {
        prints(dir.path(), &["offers", "--format", format], &format!("offers.{format}"));
    }
    prints(dir.path(), &["offers", "--summary", "--format", "csv"], "offers-summary.csv");
}
