//! Every published frame of DC-09: bytes to the whole JSON value, found out from the bytes, and back.
//!
//! The values in `data/dc09.jsonl` were held against what the source of each frame says of it.
#![allow(clippy::unwrap_used, reason = "a test stops where a frame does not read")]

use contactid::{Format, Frame, Strictness, Token};
use examples::wire::{self, Fields, Question, fields::unhex};
use serde_json::{Value, json};

/// Name, bytes, question, and the whole answer.
fn frames() -> Vec<(String, Vec<u8>, Question, Value)> {
    let frame = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let question: Question = serde_json::from_value(line.clone()).unwrap();
        let bytes = unhex(&question.hex).unwrap();
        (line["name"].as_str().unwrap().to_owned(), bytes, question, line["expected"].clone())
    };
    include_str!("data/dc09.jsonl").lines().map(frame).collect()
}

/// The answer. The reply to an encrypted frame changes with pad and time from run to run: it is taken out.
fn decoded(bytes: &[u8], question: &Question) -> (Value, Option<Vec<u8>>) {
    let answer = wire::decode(Format::Dc09, bytes, question);
    let mut answer = serde_json::to_value(answer.named(Some("dc09"))).unwrap();
    let sealed = answer["encrypted"] == true;
    let reply = if sealed { answer.as_object_mut().unwrap().remove("reply_hex") } else { None };
    (answer, reply.map(|reply| unhex(reply.as_str().unwrap()).unwrap()))
}

#[test]
fn each_reads_to_its_whole_value() {
    let frames = frames();
    assert_eq!(frames.len(), 28, "A1 to A28");
    for (name, bytes, question, expected) in frames {
        let (answer, reply) = decoded(&bytes, &question);
        assert_eq!(answer, expected, "{name}");
        let Some(reply) = reply else { continue };
        // An encrypted frame hears an encrypted acknowledgement, or none.
        let reply = Frame::parse(&reply, Strictness::Strict).unwrap();
        let token = if question.key_hex.is_some() { Token::Ack } else { Token::Duh };
        assert_eq!((reply.token(), reply.is_encrypted()), (token, question.key_hex.is_some()), "{name}");
    }
}

#[test]
fn the_bytes_tell_the_format() {
    for (name, bytes, ..) in frames() {
        assert_eq!(Format::detect(&bytes), Some(Format::Dc09), "{name}");
    }
}

#[test]
fn each_valid_one_is_written_again() {
    let mut same = 0;
    for (name, bytes, question, expected) in frames() {
        let readable = question.key_hex.is_some() || expected["encrypted"] != true;
        if expected["valid"] != true || !readable {
            continue;
        }
        let mut fields = expected.clone();
        fields["key_hex"] = question.key_hex.clone().into();
        let written = wire::encode(Format::Dc09, &Fields(&fields)).unwrap();
        let standard = expected["quirks"] != json!(["crc-over-cr"]);
        if expected["encrypted"] == true || !standard {
            // A pad of its own, or the check value as the standard has it: and the same is read.
            let (mut answer, _) = decoded(&written, &question);
            answer["quirks"] = expected["quirks"].clone();
            assert_eq!(answer, expected, "{name}");
        } else {
            assert_eq!(written, bytes, "{name}");
            same += 1;
        }
    }
    assert_eq!(same, 17, "plain ones but Eldes");
}
