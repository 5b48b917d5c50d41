//! Holds the shape of the workspace: what stands where, who may know whom, and what is absent on purpose.
//!
//! Each test here is one of the invariants of ARCHITECTURE.md. A failure names the file; the page gives the reason.

use std::fs;
use std::path::{Path, PathBuf};

const LIBRARIES: [&str; 3] = ["contactid", "alarmcore", "opsmodel"];
const CODE: [&str; 7] = ["contactid", "alarmcore", "opsmodel", "bins", "examples", "benches", "fuzz"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("examples stands below the root").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files below `folder` that `wanted` accepts, as paths from the root with forward slashes, and their text.
fn files(folder: &str, wanted: fn(&str) -> bool) -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder can be listed to its end").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let from_root = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if wanted(&name) {
                found.push((from_root, read(&path)));
            }
        }
    }
    found.sort();
    found
}

fn rust(folder: &str) -> Vec<(String, String)> {
    let sources = files(folder, |name| name.ends_with(".rs"));
    assert!(!sources.is_empty(), "{folder} holds no source");
    sources
}

/// The lines that are code: comments and documentation may speak of what the code must not do.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// Lines of code that name one of `words`.
fn lines_with<'a>(text: &'a str, words: &'a [&str]) -> impl Iterator<Item = &'a str> {
    code(text).filter(|line| words.iter().any(|word| line.contains(word))).map(str::trim)
}

fn manifest(folder: &str) -> toml::Table {
    let path = root().join(folder).join("Cargo.toml");
    read(&path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a crate is built from, and with which features: not what its tests use.
fn dependencies(folder: &str) -> toml::Table {
    match manifest(folder).remove("dependencies") {
        Some(toml::Value::Table(table)) => table,
        None => toml::Table::new(),
        Some(other) => panic!("{folder}: dependencies = {other}"),
    }
}

fn features(dependency: &toml::Value) -> Vec<&str> {
    let listed = dependency.get("features").and_then(toml::Value::as_array);
    listed.into_iter().flatten().filter_map(toml::Value::as_str).collect()
}

/// Fails with every fault at once, a line each.
#[track_caller]
fn none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_file_fits_on_the_desk_and_says_what_it_is_for() {
    let mut faults = Vec::new();
    for (path, text) in CODE.into_iter().flat_map(rust) {
        if !text.starts_with("//! ") {
            faults.push(format!("{path}: say in the first line what this file is for"));
        }
        let lines = text.lines().count();
        if lines >= 500 {
            faults.push(format!("{path}: {lines} lines, split it"));
        }
        if path.ends_with("/mod.rs") {
            faults.push(format!("{path}: a module stands beside its folder, not in it"));
        }
    }
    none(faults);
}

#[test]
fn the_top_level_holds_what_the_map_names() {
    let expected = [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "README.zh-CN.md",
        "alarmcore",
        "benches",
        "bins",
        "clippy.toml",
        "contactid",
        "deny.toml",
        "examples",
        "fuzz",
        "opsmodel",
        "rustfmt.toml",
    ];
    // What building, running the demo and measuring leave behind.
    let ignored = read(&root().join(".gitignore"));
    let built: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('/')).collect();
    let mut found: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !built.contains(&name.as_str()))
        .collect();
    found.sort();
    assert_eq!(found, expected);
    assert!(root().join(".ci/run").is_file());
}

#[test]
fn dependencies_point_down_only() {
    let ours = ["contactid", "alarmcore", "opsmodel", "receiver", "simulator", "report", "centre"];
    let may_know: [(&str, &[&str]); 7] = [
        ("contactid", &[]),
        ("alarmcore", &["contactid"]),
        ("opsmodel", &["alarmcore", "contactid"]),
        ("bins/receiver", &["alarmcore", "contactid", "opsmodel"]),
        ("bins/simulator", &["alarmcore", "contactid", "opsmodel"]),
        ("bins/report", &["alarmcore", "contactid", "opsmodel"]),
        ("bins/centre", &["alarmcore", "contactid", "opsmodel", "receiver", "simulator"]),
    ];
    for (folder, allowed) in may_know {
        let known: Vec<String> =
            dependencies(folder).keys().filter(|name| ours.contains(&name.as_str())).cloned().collect();
        assert!(
            known.iter().all(|name| allowed.contains(&name.as_str())),
            "{folder} knows {known:?}, may know {allowed:?}"
        );
    }
    let mut binaries: Vec<String> = fs::read_dir(root().join("bins"))
        .unwrap()
        .map(|entry| format!("bins/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    binaries.sort();
    let mut named: Vec<&str> =
        may_know.iter().map(|(folder, _)| *folder).filter(|folder| folder.starts_with("bins/")).collect();
    named.sort();
    assert_eq!(binaries, named, "give a new binary its line above");
}

#[test]
fn sources_point_down_only() {
    let must_not_name: [(&str, &[&str]); 3] = [
        ("contactid/src", &["alarmcore", "opsmodel", "rusqlite", "chrono"]),
        ("alarmcore/src", &["opsmodel", "rusqlite"]),
        ("opsmodel/src", &["receiver::", "tokio"]),
    ];
    let mut faults = Vec::new();
    for (folder, names) in must_not_name {
        for (path, text) in rust(folder) {
            faults
                .extend(lines_with(&text, names).map(|line| format!("{path}: the arrow points the other way: {line}")));
        }
    }
    for (path, text) in rust("opsmodel/src").into_iter().filter(|(path, _)| !path.starts_with("opsmodel/src/store")) {
        let lines = lines_with(&text, &["crate::store", "rusqlite"]);
        faults.extend(lines.map(|line| format!("{path}: the business does not know the store: {line}")));
    }
    none(faults);
}

#[test]
fn libraries_read_no_clock_and_do_no_io() {
    let outside = [
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "CURRENT_TIMESTAMP",
        "'now'",
        "thread::spawn",
        "thread::scope",
        "thread::Builder",
        "std::net",
        "async fn",
        "println!",
        "print!",
        "dbg!",
        "getrandom",
        "rand::",
    ];
    let mut faults = Vec::new();
    for (path, text) in LIBRARIES.into_iter().flat_map(|library| rust(&format!("{library}/src"))) {
        faults.extend(lines_with(&text, &outside).map(|line| format!("{path}: belongs into a binary: {line}")));
    }
    none(faults);
    let forbidden = ["anyhow", "clap", "getrandom", "rand", "tokio", "tracing", "uuid", "log", "futures", "axum"];
    for library in LIBRARIES {
        for name in dependencies(library).keys() {
            assert!(!forbidden.contains(&name.as_str()), "{library} depends on {name}");
        }
    }
}

#[test]
fn chrono_cannot_tell_the_time_in_the_libraries() {
    let workspace: toml::Table = read(&root().join("Cargo.toml")).parse().unwrap();
    let shared = &workspace["workspace"]["dependencies"]["chrono"];
    assert_eq!(shared.get("default-features").and_then(toml::Value::as_bool), Some(false));
    let asked = LIBRARIES.into_iter().map(dependencies).filter_map(|mut table| table.remove("chrono"));
    for dependency in asked.chain([shared.clone()]) {
        for feature in features(&dependency) {
            assert!(["alloc", "serde", "std"].contains(&feature), "chrono with {feature} in a library");
        }
    }
}

/// Names that say nothing of what a thing is.
const EMPTY_WORDS: [&str; 15] = [
    "base",
    "common",
    "data",
    "dto",
    "entity",
    "handler",
    "helper",
    "helpers",
    "info",
    "manager",
    "misc",
    "processor",
    "repository",
    "service",
    "util",
];

fn is_empty_word(word: &str) -> bool {
    EMPTY_WORDS.contains(&word) || word == "utils" || word == "services" || word == "handlers"
}

/// `OnSceneReport` as `on`, `scene`, `report`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_lowercase().collect()),
        }
    }
    words
}

#[test]
fn types_and_files_have_names_that_say_something() {
    let mut faults = Vec::new();
    for (path, text) in CODE.into_iter().flat_map(rust) {
        let stem = Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
        if stem.split('_').any(is_empty_word) {
            faults.push(format!("{path}: name the file after what is in it"));
        }
        for line in code(&text) {
            let mut tokens = line.split_whitespace().skip_while(|token| token.starts_with("pub"));
            if !matches!(tokens.next(), Some("struct" | "enum" | "trait" | "type")) {
                continue;
            }
            let name: String =
                tokens.next().unwrap_or("").chars().take_while(|letter| letter.is_alphanumeric()).collect();
            faults.extend(
                words(&name)
                    .into_iter()
                    .filter(|word| is_empty_word(word))
                    .map(|word| format!("{path}: {name} says {word}, which says nothing")),
            );
        }
    }
    none(faults);
}

#[test]
fn nothing_depends_on_one_machine() {
    let wanted: fn(&str) -> bool = |name| {
        [".rs", ".md", ".toml", ".html", ".css", ".js", ".py", ".ftl", ".sql"]
            .iter()
            .any(|ending| name.ends_with(ending))
    };
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut texts: Vec<(String, String)> = top
        .filter(|path| wanted(&path.to_string_lossy()))
        .map(|path| (path.display().to_string(), read(&path)))
        .collect();
    texts.extend(CODE.into_iter().flat_map(|folder| files(folder, wanted)));
    texts.push((".ci/run".to_owned(), read(&root().join(".ci/run"))));
    let homes = ["/home/", "/root/", "/Users/", "/work/", "C:\\Users"];
    none(texts.iter().filter(|(path, _)| !path.ends_with("tests/tidy.rs")).flat_map(|(path, text)| {
        let lines = text.lines().filter(|line| homes.iter().any(|home| line.contains(home)));
        lines.map(move |line| format!("{path}: a path of one machine: {}", line.trim()))
    }));
}

/// A page that names folders which are gone misleads more than no page.
#[test]
fn the_map_names_only_what_is_there() {
    for page in ["ARCHITECTURE.md", "README.md", "README.zh-CN.md", "CONTRIBUTING.md"] {
        let text = read(&root().join(page));
        let spans = text.split('`').skip(1).step_by(2);
        let paths = spans.filter(|span| {
            CODE.iter()
                .chain(&[".ci"])
                .any(|folder| span.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
                && !span.contains(['*', '{', ' ', '…', '<'])
        });
        none(
            paths
                .filter(|path| !root().join(path).exists())
                .map(|path| format!("{page} names {path}, which is not there")),
        );
    }
}

/// Each row that an operator meets has a test that is called after it: `cargo nextest run row_2_5` runs what 2.5 asks for.
#[test]
fn each_row_of_the_capabilities_has_a_test_of_its_name() {
    let text = read(&root().join("alarmcore/CAPABILITIES.md"));
    let mut prefix = None;
    let mut bare = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let number = title.split(' ').next().unwrap_or_default().replace('.', "_");
            prefix = ["2_2", "2_3", "2_5", "2_6"].contains(&&*number).then(|| format!("`row_{number}_"));
        }
        let is_row = line.starts_with("| ") && !line.starts_with("| Row ");
        if prefix.as_ref().is_some_and(|prefix| is_row && !line.contains(prefix)) {
            bare.push(line.to_owned());
        }
    }
    none(bare);
}

/// A claim whose test is gone is no claim.
#[test]
fn the_capabilities_name_only_tests_that_are_there() {
    let sources: String = CODE.iter().flat_map(|folder| rust(folder)).map(|(_, text)| text).collect();
    let words: std::collections::HashSet<&str> =
        sources.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let text = read(&root().join("alarmcore/CAPABILITIES.md"));
    let tables = text.lines().filter(|line| line.starts_with('|') || line.starts_with("Lowered"));
    let names: Vec<&str> = tables.flat_map(|line| line.split('`').skip(1).step_by(2)).collect();
    assert!(names.len() > 60, "{names:?}");
    none(names.iter().filter(|name| !words.contains(*name)).map(|name| format!("no test is called {name}")));
}

#[test]
fn the_readme_and_the_check_script_run_the_same_commands() {
    let script = read(&root().join(".ci/run"));
    for page in ["README.md", "README.zh-CN.md"] {
        let text = read(&root().join(page));
        for command in ["cargo run --release --bin centre -- --demo", "cargo test --workspace"] {
            assert!(text.lines().any(|line| line.trim() == command), "{page} does not give: {command}");
        }
    }
    assert!(
        script.lines().any(|line| line.contains("cargo test --workspace")),
        ".ci/run does not run the README's tests"
    );
}
