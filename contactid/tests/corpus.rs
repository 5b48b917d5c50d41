//! Replays the fuzzer's corpus, so that what it once found stays found without a fuzzer.
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

#[path = "../../fuzz/checks.rs"]
#[allow(unreachable_pub, reason = "shared with the fuzz targets")]
mod checks;

use std::{fs, path::Path};

#[track_caller]
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(inputs.len() >= 10, "{} holds {} inputs", folder.display(), inputs.len());
    for input in inputs {
        println!("{}", input.display());
        check(&fs::read(&input).unwrap());
    }
}

#[test]
fn frame() {
    replay("frame", checks::frame);
}

#[test]
fn deframer() {
    replay("deframer", checks::deframer);
}

#[test]
fn session() {
    replay("session", checks::session);
}

#[test]
fn encrypted() {
    replay("encrypted", checks::encrypted);
}
