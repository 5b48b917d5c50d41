//! `report dossier` and `report check-dossier` over an evening that a real desk decided.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "../../../opsmodel/tests/query/evening.rs"]
mod evening;
#[path = "../../../opsmodel/tests/query/town.rs"]
mod town;

use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

fn report(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_report")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_dossier_is_printed_and_checked() {
    let dir = tempfile::tempdir().unwrap();
    let (store, file) = (dir.path().join("store"), dir.path().join("dossier.json"));
    evening::build(&store);
    let (store, file) = (store.to_str().unwrap(), file.to_str().unwrap());
    let (code, dossier, told) = report(&["dossier", "--data", store, "1"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert_eq!(report(&["dossier", "--data", store, "1"]).1, dossier, "twice the same bytes");
    std::fs::write(file, &dossier).unwrap();
    let seal = serde_json::from_str::<serde_json::Value>(&dossier).unwrap()["seal"].as_str().unwrap().to_owned();
    for arguments in [&["check-dossier", file][..], &["check-dossier", file, "--data", store]] {
        let (code, said, told) = report(arguments);
        assert_eq!((code, told.as_str()), (Some(0), ""));
        assert!(said.contains("signal: 3 records as they were written\n"), "{said}");
        let ends = format!("site: as version 1 of its card said when the incident was opened\nseal {seal}\n");
        assert!(said.ends_with(&ends), "{said}");
    }
    std::fs::write(file, dossier.replacen("\"Nobody\"", "\"Somebody\"", 1)).unwrap();
    let changed = "the seal does not fit: the dossier was changed after it was made\n";
    assert_eq!(report(&["check-dossier", file]), (Some(1), changed.into(), String::new()));

    // Whoever seals another address into it is found by the centre's files.
    let mut forged = serde_json::from_str::<Value>(&dossier).unwrap()["dossier"].clone();
    forged["site"]["address"] = json!("9 Huaihai Road");
    let seal: String = Sha256::digest(forged.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(file, json!({ "dossier": forged, "seal": seal }).to_string()).unwrap();
    assert_eq!(report(&["check-dossier", file]).0, Some(0));
    let another = "the site is not what its card said in the centre's files when the incident was opened\n";
    assert_eq!(report(&["check-dossier", file, "--data", store]), (Some(1), another.into(), String::new()));

    assert_eq!(report(&["dossier", "--data", store, "99"]).0, Some(66));
    std::fs::write(file, "{").unwrap();
    let (code, _, told) = report(&["check-dossier", file]);
    assert!(code == Some(66) && told.contains("line 1 column 1"), "{told}");
}
