//! `centre import`: all rows or none, an error that names row and column, and a centre that picks the accounts up.

use std::path::Path;
use std::process::Output;

use crate::centre::{Centre, command, until};

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
