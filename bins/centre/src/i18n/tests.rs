//! Both languages say the same things, every page speaks only through them, and nothing in them is left unsaid.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

const ZH_TEXT: &str = include_str!("../../locales/zh-CN.ftl");
const EN_TEXT: &str = include_str!("../../locales/en.ftl");

/// Ids that pages put together: a beginning here, and the words of a list for the rest.
const PUT_TOGETHER: [&str; 6] = ["place-", "stage-", "outcome-", "mark-", "answer-", "role-"];

fn ids(text: &str) -> BTreeSet<&str> {
    let names = text.lines().filter(|line| !line.starts_with(['#', ' ']));
    names.filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect()
}

fn files(folder: &str, kind: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn both_files_are_read_without_an_error() {
    for text in [ZH_TEXT, EN_TEXT] {
        let read = FluentResource::try_new(text.to_owned());
        assert!(read.is_ok(), "{:?}", read.err().map(|(_, errors)| errors));
    }
}

#[test]
fn both_languages_have_the_same_texts() {
    assert_eq!(ids(ZH_TEXT), ids(EN_TEXT));
    let count = |text: &str, id: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{id} ="))).unwrap();
        line.matches("{ $n }").count()
    };
    for id in ids(ZH_TEXT) {
        assert_eq!(count(ZH_TEXT, id), count(EN_TEXT, id), "{id} says its number in one language only");
    }
}

#[test]
fn every_text_that_a_page_asks_for_is_there_and_every_text_is_asked_for() {
    let known = ids(EN_TEXT);
    let sources: String =
        [files("templates", "html"), files("src/console", "rs")].concat().into_iter().map(|(_, text)| text).collect();
    for call in ["w.t(\"", "w.n(\""] {
        for asked in sources.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(known.contains(asked), "no text {asked:?}");
        }
    }
    for id in known {
        let quoted = sources.contains(&format!("\"{id}\""));
        assert!(quoted || PUT_TOGETHER.iter().any(|start| id.starts_with(start)), "nobody asks for {id:?}");
    }
}

/// `text` without what stands between `start` and `end`.
fn without(text: &str, start: &str, end: &str) -> String {
    let mut parts = text.split(start);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |bare, part| bare + " " + part.split_once(end).map_or("", |(_, rest)| rest))
}

/// What remains of a template once expressions, blocks and tags are gone is seen by everybody in one language; so are
/// the attributes that people read or hear.
#[test]
fn templates_speak_no_language_of_their_own() {
    for (path, text) in files("templates", "html") {
        let html = without(&without(&text, "{{", "}}"), "{%", "%}");
        let mut seen = without(&html, "<", ">");
        for attribute in [" title=\"", " placeholder=\"", " aria-label=\"", " alt=\""] {
            seen.extend(
                html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).flat_map(|text| [" ", text]),
            );
        }
        // Names of keys, of a digest and of sample codes read alike in every language.
        let words = seen.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 1);
        let foreign: Vec<_> = words.filter(|word| !["Enter", "Esc", "BA", "SHA"].contains(word)).collect();
        assert_eq!(foreign, Vec::<&str>::new(), "{path}");
    }
}

#[test]
fn the_words_of_lists_have_texts() {
    for fate in opsmodel::store::query::Fate::ALL {
        assert!(ids(EN_TEXT).contains(format!("outcome-{}", fate.as_str()).as_str()), "{fate:?}");
    }
    for mark in alarmcore::Marks::from_bits(u32::MAX).words() {
        assert!(ids(EN_TEXT).contains(format!("mark-{mark}").as_str()), "{mark}");
    }
}

#[test]
fn a_number_stands_in_its_text() {
    assert_eq!(ZH.n("signals-n", 12), "12 条信号");
    assert_eq!(EN.n("last-seen", "23:59:58"), "last heard 23:59:58");
    assert_eq!(EN.t("no-such-text"), "no-such-text");
}
