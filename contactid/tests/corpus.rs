//! Replays the fuzzer's corpus, so that what it once found stays found without a fuzzer.
#![cfg(all(feature = "aes", feature = "audio"))]
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

#[path = "../../fuzz/checks.rs"]
#[allow(unreachable_pub, reason = "shared with the fuzz targets")]
mod checks;

use std::{fs, path::Path};

#[test]
fn every_target_bears_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (target, check) in checks::FAMILIES.iter().copied().flatten() {
        let folder = corpus.join(target);
        let inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(inputs.len() >= 10, "{} holds {} inputs", folder.display(), inputs.len());
        for input in inputs {
            println!("{}", input.display());
            check(&fs::read(&input).unwrap());
        }
    }
}

#[test]
fn every_target_has_its_corpus_and_every_corpus_its_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(fuzz.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let mut targets: Vec<_> = checks::FAMILIES.iter().copied().flatten().map(|(name, _)| (*name).to_owned()).collect();
    targets.sort();
    assert_eq!(names("corpus"), targets);
    assert_eq!(names("fuzz_targets"), targets);
    let listed = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    assert!(targets.iter().all(|target| listed.contains(&format!("name = \"{target}\""))));
}
