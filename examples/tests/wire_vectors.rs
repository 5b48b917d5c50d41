//! Every published record of every format but DC-09: bytes to the whole JSON value, found out from the bytes, and back.
//!
//! The values in `data/vectors.jsonl` were held against what the source of each vector says of it.
#![allow(clippy::unwrap_used, reason = "a test stops where its own vectors do not read")]

use contactid::Format;
use examples::wire::{self, Fields, Question, fields::unhex};
use serde_json::Value;

/// Name, question, and the whole answer.
fn vectors() -> impl Iterator<Item = (String, Question, Value)> {
    include_str!("data/vectors.jsonl").lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let question = serde_json::from_value(line.clone()).unwrap();
        (line["name"].as_str().unwrap().to_owned(), question, line["expected"].clone())
    })
}

/// The check value of any bytes is no format.
fn records() -> impl Iterator<Item = (String, Format, Question, Value)> {
    vectors().filter_map(|(name, question, expected)| Some((name, question.format.parse().ok()?, question, expected)))
}

#[test]
fn each_reads_to_its_whole_value() {
    let mut count = 0;
    for (name, format, question, expected) in records() {
        let bytes = unhex(&question.hex).unwrap();
        let answer = wire::decode(format, &bytes, &question);
        let found = serde_json::to_value(answer.named(Some(format.as_str()))).unwrap();
        assert_eq!(found, expected, "{name}");
        count += 1;
    }
    assert_eq!(count, 39, "A9, A29 to A66");
}

#[test]
fn the_bytes_tell_the_format() {
    for (name, format, question, _) in records() {
        // Under 3DES nothing is left to see.
        let expected = Some(format).filter(|&format| format != Format::OhSealed);
        assert_eq!(Format::detect(&unhex(&question.hex).unwrap()), expected, "{name}");
    }
}

#[test]
fn each_valid_one_is_written_to_the_same_bytes() {
    for (name, format, question, mut expected) in records() {
        if expected["valid"] == true {
            expected["key_hex"] = question.key_hex.clone().into();
            let written = wire::encode(format, &Fields(&expected));
            assert_eq!(written, Ok(unhex(&question.hex).unwrap()), "{name}");
        }
    }
}
