//! Records of receivers to automation beyond the published vectors: bytes to the whole JSON value, and back.
//!
//! The lines of `data/automation.jsonl` follow the layouts of DC-07, D6500, MX8000, Silent Knight and ITI, each form of a
//! record once, each refusal once; `text` is the record, one character a byte.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::Format;
use examples::wire::{self, Fields, Question, fields::hex};
use serde_json::{Value, json};

/// Format, bytes, and the whole answer.
fn records() -> impl Iterator<Item = (Format, Vec<u8>, Value)> {
    include_str!("data/automation.jsonl").lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let bytes = line["text"].as_str().unwrap().chars().map(|letter| u8::try_from(letter).unwrap()).collect();
        (line["format"].as_str().unwrap().parse().unwrap(), bytes, line["expected"].clone())
    })
}

fn decoded(format: Format, bytes: &[u8]) -> Value {
    let question = Question { format: format.to_string(), hex: hex(bytes), key_hex: None };
    serde_json::to_value(wire::decode(format, bytes, &question).named(None)).unwrap()
}

#[test]
fn each_reads_to_its_whole_value() {
    for (format, bytes, expected) in records() {
        assert_eq!(decoded(format, &bytes), expected, "{}", bytes.escape_ascii());
    }
    let of = |format| records().filter(|(of, ..)| *of == format).count();
    let formats = [Format::Dc07, Format::D6500, Format::Mx8000, Format::SilentKnight, Format::Iti, Format::ItiComputer];
    assert_eq!(formats.map(of), [11, 11, 6, 3, 4, 5]);
}

#[test]
fn each_valid_one_is_written_to_the_same_bytes() {
    for (format, bytes, expected) in records().filter(|(.., expected)| expected["valid"] == true) {
        let written = wire::encode(format, &Fields(&expected)).unwrap();
        if expected["quirks"] == json!([]) {
            assert_eq!(written, bytes, "{}", bytes.escape_ascii());
        } else {
            // What departs from the format is written as the format has it, and says the same.
            let mut again = decoded(format, &written);
            assert_eq!(again["quirks"], json!([]), "{}", bytes.escape_ascii());
            again["quirks"] = expected["quirks"].clone();
            assert_eq!(again, expected, "{}", bytes.escape_ascii());
        }
    }
}

/// Fields made up by hand: what stands in no record comes by default.
#[test]
fn made_up_by_hand() {
    let event = json!([{"code": "130", "qualifier": 3, "group": "01", "number": "004"}]);
    for (format, fields, expected) in [
        (Format::D6500, json!({"account": "1234", "events": event}), Ok(&b" a000 123418R13001004\x14"[..])),
        (Format::Dc07, json!({"account": "1234", "events": event}), Ok(b"\nF3181Ca00010000[#1234|18313001004]\r")),
        (Format::Dc07, json!({"type": "TAB", "data": ""}), Ok(b"\n87E90B\t00010000[]\r")),
        (
            Format::Mx8000,
            json!({"date": "112426", "time": "134501", "receiver": "01", "sequence": "0042", "type": "004",
                "line": "07", "account": "1234", "data": "\"BA01"}),
            Ok(b"&112426\"134501\"01\"0042\"00407\x051234\"BA01C\r"),
        ),
        (Format::Dc07, json!({"record": "host command", "data": "[CST2359]"}), Ok(b"[CST2359]")),
        (
            Format::Dc07,
            json!({"record": "host command", "data": "[CSX2359]"}),
            Err("data: format: a host command of DC-07 does not begin so"),
        ),
        (Format::Mx8000, json!({"record": "heartbeat"}), Ok(b"\x03C\r")),
        (Format::ItiComputer, json!({"record": "T", "data": "T1019"}), Ok(b"|[T|T1019|]A0000\r")),
        (Format::Dc07, json!({"type": "TAB", "data": "", "sequence": 0}), Err("sequence: 1 to 9999 belongs there")),
        (Format::Dc07, json!({"type": "SIA", "data": ""}), Err("type: TAB or one ASCII character belongs there")),
        (Format::Dc07, json!({"type": "S"}), Err("data: missing")),
        (Format::Iti, json!({"record": "report"}), Err("fields: the letters of the record's layout are missing")),
        (Format::ItiComputer, json!({"data": "T1019"}), Err("record: missing")),
    ] {
        let expected = expected.map(<[u8]>::to_vec).map_err(str::to_owned);
        assert_eq!(wire::encode(format, &Fields(&fields)), expected, "{fields}");
    }
}
