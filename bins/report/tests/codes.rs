//! Row 2.5 "Password": "audit shows who saw a code". Nobody can have seen one in a report: none of them, in no format, and no
//! dossier holds a codeword or what is kept of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "../../../opsmodel/tests/query/town.rs"]
mod town;

use std::path::Path;
use std::process::Command;

fn report(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_report")).args(arguments).output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code(), said)
}

/// The words of the town's people, and the digests that are kept of them, as a card writes them.
fn codes(dir: &Path) -> Vec<String> {
    let sql = rusqlite::Connection::open(dir.join("centre.db")).unwrap();
    let mut statement = sql.prepare("SELECT body FROM account").unwrap();
    let bodies: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut codes = vec!["梧桐".to_owned()];
    for body in &bodies {
        let card: serde_json::Value = serde_json::from_str(body).unwrap();
        for contact in card["contacts"].as_array().into_iter().flatten() {
            let kept = ["codeword", "duress"].map(|word| contact[word]["digest"].to_string());
            codes.extend(
                kept.iter().filter(|kept| *kept != "null").map(|kept| kept.trim_matches(['[', ']']).to_owned()),
            );
        }
    }
    assert!(codes.len() > 1, "no codeword is kept");
    codes
}

#[test]
fn row_2_5_password_no_report_shows_a_code() {
    let dir = tempfile::tempdir().unwrap();
    town::build(dir.path());
    let data = dir.path().to_str().unwrap();
    let codes = codes(dir.path());
    let policy = dir.path().join("new.toml");
    std::fs::write(&policy, "version = 2\n").unwrap();
    // Every report that there is, by the command's own list.
    let help = report(&["--help"]).1;
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let names = listed
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> =
        names.map(|line| line.split_whitespace().next().unwrap()).filter(|name| *name != "help").collect();
    assert!(names.len() > 15 && names.contains(&"dossier"), "{names:?}");
    for name in names {
        let more: &[&[&str]] = match name {
            "dossier" => &[&["1"], &["2"], &["3"]],
            "check-dossier" => continue,
            "explain" => &[&["1"], &["--incident", "3", "--lang", "zh"]],
            "pack" => &[&["cs-v-01", "--all"]],
            "what-if" => &[&["--policy", policy.to_str().unwrap()]],
            _ => &[&[]],
        };
        for arguments in more {
            for format in ["table", "json", "csv"] {
                let mut asked = [&[name, "--data", data], *arguments].concat();
                if name != "dossier" {
                    asked.extend(["--format", format]);
                }
                let (code, said) = report(&asked);
                assert!(code.is_some_and(|code| code < 2), "{asked:?}: {said}");
                assert!(!said.is_empty(), "{asked:?}");
                let shown = codes.iter().find(|code| said.contains(code.as_str()));
                assert_eq!(shown, None, "{asked:?}: {said}");
            }
        }
    }
}
