//! `report dossier` and `report check-dossier` over an evening that a real desk decided.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "../../../opsmodel/tests/query/evening.rs"]
mod evening;
#[path = "../../../opsmodel/tests/query/town.rs"]
mod town;

use std::process::Command;

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
        assert!(said.ends_with(&format!("seal {seal}\n")), "{said}");
    }
    std::fs::write(file, dossier.replacen("\"Nobody\"", "\"Somebody\"", 1)).unwrap();
    let changed = "the seal does not fit: the dossier was changed after it was made\n";
    assert_eq!(report(&["check-dossier", file]), (Some(1), changed.into(), String::new()));

    assert_eq!(report(&["dossier", "--data", store, "99"]).0, Some(66));
    std::fs::write(file, "{").unwrap();
    let (code, _, told) = report(&["check-dossier", file]);
    assert!(code == Some(66) && told.contains("line 1 column 1"), "{told}");
}
