//! `report what-if` over an evening that a real desk decided: word for word, and what its exit code says.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "../../../opsmodel/tests/query/evening.rs"]
mod evening;
#[path = "../../../opsmodel/tests/query/town.rs"]
mod town;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use alarmcore::Policy;

struct World {
    dir: tempfile::TempDir,
    old: PathBuf,
    new: PathBuf,
}

const OLD: &str = "version = 3\nrepeat_window_s = 90\n";
const NEW: &str = "version = 4\n[classes]\ntamper = { action = 'log' }\nopen-close = { action = 'show', priority = 8 }\n\
                   burglary = { action = 'hold', priority = 2, seconds = 30 }\n";

fn world(new: &str) -> World {
    let dir = tempfile::tempdir().unwrap();
    evening::build(&dir.path().join("store"));
    let (old, file) = (dir.path().join("old.toml"), dir.path().join("new.toml"));
    std::fs::write(&old, OLD).unwrap();
    std::fs::write(&file, new).unwrap();
    World { dir, old, new: file }
}

impl World {
    fn ask(&self, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_report"));
        command.arg("what-if").arg("--data").arg(self.dir.path().join("store")).arg("--policy").arg(&self.new);
        command.args(more).output().unwrap()
    }

    fn old(&self) -> &str {
        self.old.to_str().unwrap()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_hidden_true_event_comes_first_and_makes_the_exit_code() {
    let world = world(NEW);
    for format in ["table", "json", "csv"] {
        let output = world.ask(&["--old", world.old(), "--format", format]);
        let told = text(&output.stderr);
        assert_eq!((output.status.code(), told), (Some(1), "report: true events that would have been hidden: 1\n"));
        let again = world.ask(&["--old", world.old(), "--format", format]);
        assert_eq!(text(&output.stdout), text(&again.stdout), "{format} twice");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("what-if.{format}"));
        // `GOLDEN=write` writes the files, to be read before they are believed.
        if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
            std::fs::write(&path, &output.stdout).unwrap();
        }
        assert_eq!(text(&output.stdout), std::fs::read_to_string(&path).unwrap(), "{}", path.display());
    }
}

#[test]
fn the_policy_that_was_in_force_changes_nothing() {
    let world = world(OLD);
    let output = world.ask(&["--old", world.old(), "--format", "json", "--from", "2026-11-22T08:05:00Z"]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |finding: &str| {
        let rows = rows.as_array().unwrap().iter().filter(|row| row["finding"] == finding);
        rows.map(|row| (row["what"].as_str().unwrap(), row["old"] == row["new"], row["count"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("signal"), []);
    assert_eq!(of("hidden"), [("true events shown", true, 0.into())]);
    assert!(of("act").iter().chain(&of("dispatch")).all(|(_, same, _)| *same), "{rows}");
    let agree = of("recorded");
    assert_eq!((agree.len(), agree[1].0, &agree[1].2), (2, "agree with the old policy", &11.into()), "{agree:?}");
    // Without --old the built-in policy is taken: it decides the same here, and its version says which it was.
    let output = world.ask(&["--format", "csv"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stdout).contains("policy,version (old: built-in default),1,3,,,,,,\n"),
        "{}",
        text(&output.stdout)
    );
}

/// Whatever differs is named: every incident in JSON and CSV, the first in the table, and the sections that no replay can follow.
#[test]
fn every_incident_that_differs_is_named() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_troubles(&dir.path().join("store"));
    let (old, new) = (dir.path().join("old.toml"), dir.path().join("new.toml"));
    std::fs::write(&old, OLD).unwrap();
    std::fs::write(&new, "version = 4\nrepeat_window_s = 90\nescalation = []\n[feed]\nenabled = true\n").unwrap();
    let world = World { dir, old, new };
    let ask = |format: &str| {
        let [first, again] = [0, 1].map(|_| world.ask(&["--old", world.old(), "--format", format]));
        assert_eq!((first.status.code(), text(&first.stderr)), (Some(0), ""));
        assert!(first.stdout == again.stdout, "{format} twice");
        text(&first.stdout).to_owned()
    };
    let rows: Vec<serde_json::Value> = serde_json::from_str(&ask("json")).unwrap();
    let differ: Vec<_> = rows.iter().filter(|row| row["finding"] == "differs").collect();
    assert_eq!(differ.len(), 25);
    for (n, row) in (1..).zip(&differ) {
        let facts = serde_json::json!([row["incident"], row["account"], row["aspect"], row["old"], row["new"]]);
        let account = (1000 + n).to_string();
        assert_eq!(facts, serde_json::json!([n, account, "escalated", "supervisor take 900 s", ""]));
    }
    let why = "[feed] differs and is not replayed: offers to operators depend on who sat where, which is not kept";
    let named: Vec<_> = rows.iter().filter(|row| row["finding"] == "not-replayed").map(|row| &row["what"]).collect();
    assert_eq!(named, [why]);
    assert_eq!(ask("csv").matches("\ndiffers,").count(), 25);
    let table = ask("table");
    assert_eq!(table.matches("  differs ").count(), 21);
    assert!(table.contains("more incidents: --format json and csv name all 25"), "{table}");
}

#[test]
fn a_policy_file_that_cannot_be_read_is_named_with_its_line() {
    let world = world("version = 4\n[clases]\n");
    let output = world.ask(&[]);
    let told = format!("report: the policy file {}: line 2, column 2: unknown field `clases`", world.new.display());
    assert_eq!(output.status.code(), Some(65));
    assert!(text(&output.stderr).starts_with(&told), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("did you mean `classes`?"), "{}", text(&output.stderr));
    let output = world.ask(&["--old", "nowhere.toml"]);
    let told = "report: the policy file nowhere.toml: No such file or directory (os error 2)\n";
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(65), told));
}

/// What was in force with its packs is known from the store, and a policy without them makes the difference that their clauses state:
/// the police would not have been told before the owner's wish is known. The same twice, byte for byte.
#[test]
fn changed_packs_make_the_difference_that_their_clauses_state() {
    let dir = tempfile::tempdir().unwrap();
    let under = |packs: &str| format!("version = 3\npacks = [{packs}]\n");
    evening::build_under(&dir.path().join("store"), Policy::from_toml(&under("'cn-sh-2010'")).unwrap());
    let (old, new) = (dir.path().join("old.toml"), dir.path().join("new.toml"));
    std::fs::write(&old, OLD).unwrap();
    let world = World { dir, old, new };
    let rows = |packs: &str| {
        std::fs::write(&world.new, under(packs).replace("version = 3", "version = 4")).unwrap();
        for format in ["table", "json", "csv"] {
            let [first, again] = [0, 1].map(|_| world.ask(&["--format", format]));
            assert_eq!((first.status.code(), text(&first.stderr)), (Some(0), ""), "{packs}");
            assert!(first.stdout == again.stdout, "{packs} as {format} twice");
        }
        let rows: serde_json::Value = serde_json::from_slice(&world.ask(&["--format", "json"]).stdout).unwrap();
        let of = |finding: &str, what: &str| {
            let found = rows.as_array().unwrap().iter().find(|row| row["finding"] == finding && row["what"] == what);
            let row = found.unwrap_or_else(|| panic!("no {finding} {what} in {rows}"));
            [&row["old"], &row["new"]].map(|side| side.as_str().unwrap().to_owned())
        };
        assert_eq!(of("policy", "version (old: in force then)"), ["3", "4"]);
        [of("policy", "packs"), of("dispatch", "hand-offs"), of("act", "refused"), of("incident", "opened")]
    };
    let shanghai = "cn-sh-2010@3";
    let same = ["2", "2"];
    assert_eq!(rows("'cn-sh-2010'"), [[shanghai, shanghai], same, ["0", "0"], same]);
    assert_eq!(rows(""), [[shanghai, ""], ["2", "0"], ["0", "2"], same]);
    // Two calls to two numbers before the police, but what another clause wants at once waits for no call.
    assert_eq!(rows("'cn-sh-2010', 'cs-v-01'"), [[shanghai, "cn-sh-2010@3 cs-v-01@2"], same, ["0", "0"], same]);
    assert_eq!(rows("'cs-v-01'"), [[shanghai, "cs-v-01@2"], ["2", "0"], ["0", "2"], same]);
}
