//! Every published record through the programs themselves: `decode` reads what it is told and what it finds out, `encode`
//! writes the same bytes from what `decode` said.
#![allow(clippy::unwrap_used, reason = "a test stops where a program does not answer")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

/// The lines that the example of this name, built beside this test, answers to these.
fn answers(example: &str, lines: &[Value]) -> Vec<Value> {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let path = path.join("examples").join(format!("{example}{}", std::env::consts::EXE_SUFFIX));
    let mut child = Command::new(path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    // The answers to so few lines fit the pipe, so that nobody waits for anybody.
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// Question and whole answer of A9 and A29 to A67.
fn vectors() -> Vec<(Value, Value)> {
    let lines = include_str!("data/vectors.jsonl").lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let question = json!({"format": line["format"], "hex": line["hex"], "key_hex": line["key_hex"]});
        (question, line["expected"].clone())
    });
    lines.collect()
}

#[test]
fn decode_reads_what_it_is_told() {
    let (questions, expected): (Vec<_>, Vec<_>) = vectors().into_iter().unzip();
    assert_eq!(expected.len(), 40);
    for (question, few) in questions.chunks(8).zip(expected.chunks(8)) {
        assert_eq!(answers("decode", question), few);
    }
}

/// What is under 3DES says nothing without its key.
#[test]
fn decode_finds_out_the_format() {
    let told = vectors();
    assert_eq!(told.len(), 40);
    for few in told.chunks(8) {
        let questions = few
            .iter()
            .map(|(question, _)| json!({"format": "auto", "hex": question["hex"], "key_hex": question["key_hex"]}));
        let questions: Vec<_> = questions.collect();
        let expected: Vec<_> = few.iter().map(|(_, expected)| expected.clone()).collect();
        assert_eq!(answers("decode", &questions), expected);
    }
}

#[test]
fn encode_writes_what_decode_read() {
    let valid = |(question, expected): &(Value, Value)| expected["valid"] == true && question["format"] != "crc16-arc";
    let valid: Vec<_> = vectors().into_iter().filter(valid).collect();
    assert_eq!(valid.len(), 36);
    for few in valid.chunks(8) {
        let fields = few.iter().map(|(question, expected)| {
            let mut fields = expected.clone();
            fields["key_hex"] = question["key_hex"].clone();
            fields
        });
        let written = answers("encode", &fields.collect::<Vec<_>>());
        for ((question, _), written) in few.iter().zip(written) {
            let hex = question["hex"].as_str().unwrap().to_uppercase();
            assert_eq!(written, json!({"format": question["format"], "hex": hex}));
        }
    }
}
