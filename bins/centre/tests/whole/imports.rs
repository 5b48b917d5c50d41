//! `centre import`: all rows or none, an error that names row and column, and a centre that picks the accounts up.

use std::path::Path;
use std::process::Output;

use serde_json::json;

use crate::centre::{Centre, command, furnish, until};

const HEADER: &str = "account,name,address,key_hex,format,heartbeat_s,phone\n";

fn import(data: &Path, rows: &str, more: &[&str]) -> Output {
    let file = data.join("new.csv");
    std::fs::write(&file, format!("{HEADER}{rows}")).unwrap();
    command(&["import", "--data"]).arg(data).arg(&file).args(more).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr });
    (output.status.code(), text.trim().to_owned())
}

#[test]
fn all_rows_or_none_and_the_error_names_row_and_column() {
    let centre = Centre::start();
    let rows = "3001,Cinema,Main Street 3,,,,\n3002,Baths,Main Street 4,zz,,,\n30 3,Mill,,,,soon,\n";
    let (code, text) = said(&import(&centre.data, rows, &[]));
    assert_eq!(code, Some(65), "{text}");
    for part in ["row 3, column key_hex", "row 4, column account", "row 4, column heartbeat_s", "nothing was imported"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let mut li = centre.operator("li");
    assert_eq!(li.get("/api/accounts").json()["rows"].as_array().unwrap().len(), 2);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let centre = Centre::start();
    let rows = "1001,Shop,Main Street 1,,,,\n1002,Savings Bank,Main Street 2,,,,\n3001,Cinema,Main Street 3,,,60,\n";
    let would = "1 accounts would be added, 1 changed; 1 are as the file says";
    assert_eq!(said(&import(&centre.data, rows, &["--dry-run"])), (Some(0), would.into()));
    assert_eq!(said(&import(&centre.data, rows, &["--dry-run"])), (Some(0), would.into()), "the same again");
    let done = "1 accounts were added, 1 changed; 1 are as the file says";
    assert_eq!(said(&import(&centre.data, rows, &[])), (Some(0), done.into()));
    let nothing = "0 accounts were added, 0 changed; 3 are as the file says";
    assert_eq!(said(&import(&centre.data, rows, &[])), (Some(0), nothing.into()));
    let mut li = centre.operator("li");
    let history = li.get("/api/accounts/1002").json()["history"].take();
    assert_eq!(history.as_array().unwrap().len(), 2, "each change of a card is kept: {history}");
    assert_eq!(history[0]["version"], 2);
}

/// An import that is about something else leaves the key of a panel: without it, anybody can pretend to be the panel.
#[test]
fn only_a_dash_takes_a_key_away() {
    let centre = Centre::start();
    let key = "000102030405060708090a0b0c0d0e0f";
    let import = |key: &str| said(&import(&centre.data, &format!("3001,Cinema,Main Street 3,{key},,,\n"), &[])).1;
    assert_eq!(import(key), "1 accounts were added, 0 changed; 0 are as the file says");
    assert_eq!(import(""), "0 accounts were added, 0 changed; 1 are as the file says");
    assert_eq!(import(key), "0 accounts were added, 0 changed; 1 are as the file says");
    assert_eq!(import("-"), "0 accounts were added, 1 changed; 0 are as the file says");
    assert_eq!(import(key), "0 accounts were added, 1 changed; 0 are as the file says");
}

#[test]
fn a_running_centre_picks_an_import_up() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    assert_eq!(centre.line().report("3001", "1130 01 001"), "ACK");
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "unknown-account");
    assert_eq!(said(&import(&centre.data, "3001,Cinema,Main Street 3,,,,\n", &[])).0, Some(0));
    let kinds = until("the account is known", || {
        assert_eq!(centre.line().report("3001", "1130 01 002"), "ACK");
        let queue = li.get("/api/queue").json();
        let mut kinds: Vec<_> =
            queue["rows"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort();
        (kinds.len() == 2).then_some(kinds)
    });
    assert_eq!(kinds, ["burglary", "unknown-account"]);
}

/// A card that is changed, in the console or by another process, is told to the desk as it goes on; a new account, which the receiver
/// must know too, loads it anew.
#[test]
fn a_changed_card_is_told_to_a_desk_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let log = folder.path().join("centre.log");
    let centre = Centre::logging(folder.path(), &log);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let anew = || std::fs::read_to_string(&log).unwrap().matches("loaded anew").count();

    // Both at once act on the next signal: hours by command, a suspension by two people.
    let hours = ["account", "set", "1002", "--schedule", "zone UTC; Mon-Sun 00:00-24:00", "--data"];
    assert!(command(&hours).arg(folder.path()).output().unwrap().status.success());
    let propose = json!({ "act": "propose", "version": 1, "lowers": "suspension", "days": 7, "reason": "rebuilt" });
    assert_eq!(li.post("/api/accounts/1001/agreed", &propose).status, 200);
    let verdict = json!({ "version": 2, "verdict": "approve" });
    assert_eq!(chen.post("/api/accounts/1001/review", &verdict).status, 200);
    centre.reports("1001", "1130 01 003");
    let rules = || centre.signals(1).into_iter().filter_map(|row| row.rule).collect::<Vec<_>>();
    assert_eq!(rules()[0], "suspended");
    let mut user = 10..90;
    until("the hours hold", || {
        // Not so often that the panel runs away, and never the same frame.
        std::thread::sleep(std::time::Duration::from_millis(300));
        centre.reports("1002", &format!("1401 01 0{}", user.next()?));
        (rules().last()? == "schedule.open-again").then_some(())
    });
    assert_eq!(anew(), 0);

    assert_eq!(said(&import(folder.path(), "3001,Cinema,Main Street 3,,,,\n", &[])).0, Some(0));
    until("the new account is known", || (anew() == 1).then_some(()));
    assert_eq!(centre.terminate().code(), Some(0));
    opsmodel::store::verify(folder.path()).unwrap();
}
