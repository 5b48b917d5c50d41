//! Replays the fuzzer's corpus, so that what it once found stays found without a fuzzer.
#![cfg(all(feature = "aes", feature = "audio"))]
#![allow(clippy::unwrap_used, reason = "a test stops where its bytes do not read")]

#[path = "../../fuzz/checks.rs"]
#[allow(unreachable_pub, reason = "shared with the fuzz targets")]
mod checks;

use std::{fs, path::Path};

use proptest::prelude::*;

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

/// What happens to an input, at a place.
fn mutate(bytes: &mut Vec<u8>, place: usize, kind: u8, byte: u8) {
    let at = place % (bytes.len() + 1);
    match kind % 5 {
        0 => bytes.insert(at, byte),
        1 => bytes.truncate(at),
        2 if at < bytes.len() => drop(bytes.remove(at)),
        3 if at < bytes.len() => bytes[at] = byte,
        _ if at < bytes.len() => bytes[at] ^= 1 << (byte % 8),
        _ => bytes.push(byte),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    /// What holds for the corpus holds for what a line makes of it.
    #[test]
    fn every_target_bears_mutated_input(
        (target, input) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 0..6),
    ) {
        let targets: Vec<_> = checks::FAMILIES.iter().copied().flatten().collect();
        let (name, check) = target.get(&targets);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
        let mut inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        let mut bytes = fs::read(input.get(&inputs)).unwrap();
        for (place, kind, byte) in changes {
            mutate(&mut bytes, place, kind, byte);
        }
        check(&bytes);
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
