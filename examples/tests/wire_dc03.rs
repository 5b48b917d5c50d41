//! DC-03 blocks, Galaxy and Texecom beyond the published vectors: bytes to the whole JSON value, and back.
//!
//! The lines of `data/dc03.jsonl` follow the notes on these formats: every function of a block once, each form of a record
//! once, each refusal once.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::Format;
use examples::wire::{self, Fields, Question, fields::unhex};
use serde_json::{Value, json};

/// Format, bytes, and the whole answer.
fn records() -> impl Iterator<Item = (Format, Vec<u8>, Value)> {
    include_str!("data/dc03.jsonl").lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let bytes = unhex(line["hex"].as_str().unwrap()).unwrap();
        (line["format"].as_str().unwrap().parse().unwrap(), bytes, line["expected"].clone())
    })
}

fn decoded(format: Format, bytes: &[u8]) -> Value {
    let question = Question { format: format.to_string(), hex: String::new(), key_hex: None };
    serde_json::to_value(wire::decode(format, bytes, &question).named(Some(format.as_str()))).unwrap()
}

#[test]
fn each_reads_to_its_whole_value() {
    for (format, bytes, expected) in records() {
        assert_eq!(decoded(format, &bytes), expected, "{}", bytes.escape_ascii());
    }
    let of = |format| records().filter(|(of, ..)| *of == format).count();
    assert_eq!([Format::Dc03, Format::GalaxyCheck, Format::GalaxySms, Format::Texecom].map(of), [23, 2, 4, 7]);
}

#[test]
fn each_valid_one_is_written_to_the_same_bytes() {
    for (format, bytes, expected) in records().filter(|(.., expected)| expected["valid"] == true) {
        let written = wire::encode(format, &Fields(&expected)).unwrap();
        if expected["quirks"] == json!(["plain-zero"]) {
            // What departs from the format is written as the format has it, and says the same.
            assert_eq!(decoded(format, &written)["events"], expected["events"]);
        } else {
            assert_eq!(written, bytes, "{}", bytes.escape_ascii());
        }
    }
}

/// Fields made up by hand: what is missing is named.
#[test]
fn made_up_by_hand() {
    let written = |format, fields: Value| wire::encode(format, &Fields(&fields));
    assert_eq!(
        written(Format::Dc03, json!({"function": "#", "data": "023499", "flags": ["ack request"]})),
        Ok(b"\x46#023499\x9F".to_vec())
    );
    assert_eq!(written(Format::Dc03, json!({"data": "023499"})), Err("function: missing".into()));
    assert_eq!(written(Format::GalaxySms, json!({"account": "002113", "data": "NBA1"})), Ok(b">#002113 NBA1".to_vec()));
    assert_eq!(
        written(Format::Texecom, json!({"form": "poll", "account": "1000", "flags": 3})),
        Ok(b"POLL1000#\x03\0\0\0\r\n".to_vec())
    );
    assert_eq!(
        written(Format::Texecom, json!({"form": "4", "account": "1000"})),
        Err("form: \"4\" is none of poll, 2, 3, +++".into())
    );
}
