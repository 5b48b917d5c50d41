//! The contract of `decode`: one JSON line out for each line in, whatever comes.
#![allow(clippy::unwrap_used, reason = "a test stops where the program does not answer")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

/// The example that `cargo test` built beside this test.
fn decode() -> Command {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    Command::new(path.join("examples").join(format!("decode{}", std::env::consts::EXE_SUFFIX)))
}

fn answers(input: &[u8]) -> Vec<Value> {
    let mut child = decode().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

fn question(frame: &str, key_hex: Option<&str>) -> String {
    let hex: String = frame.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut question = json!({"format": "dc09", "hex": hex});
    if let Some(key) = key_hex {
        question["key_hex"] = key.into();
    }
    format!("{question}\n")
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}

const SEALED: &str = "\nCD5000B8\"*SIA-DCS\"0042R1L0#1234[BC44D3C65175257B4195F59F32FE0CF8D8BEA79753C537E8506684D039151DFDF6AC\
F87970EBD434BB621521E9D9A47700FF11C41FC0D14E445EE1E09AAD927C63AAA0AB9676CF80F8BAA85B223903A5\r";

#[test]
fn values_are_spelt_as_on_the_wire() {
    let plain = "\n87CD0037\"ADM-CID\"9876R579BDFL789ABC#12345A[#12345A|1110 00 129]\r";
    let glued = "\n3BAC0029\"SIA-DCS\"0002#0123[#0123|Nti20:50:26RP99]\r";
    let input =
        question(plain, None) + &question(glued, None) + &question(SEALED, Some("000102030405060708090a0b0c0d0e0f"));
    let mut found = answers(input.as_bytes());
    assert_eq!(
        found[0],
        json!({
            "format": "dc09", "valid": true, "quirks": [], "token": "ADM-CID", "encrypted": false, "sequence": 9876,
            "receiver": "579BDF", "line": "789ABC", "account": "12345A", "inner_account": "12345A",
            "data": "#12345A|1110 00 129",
            "events": [{"code": "110", "qualifier": 1, "group": "00", "number": "129", "number_is": "zone",
                "class": "fire", "name_en": "fire alarm", "name_zh": "火警"}],
            "reply_hex": hex("\n1B990020\"ACK\"9876R579BDFL789ABC#12345A[]\r"),
        })
    );
    assert_eq!(
        found[1],
        json!({
            "format": "dc09", "valid": true, "quirks": ["no-line-field", "glued-packets"], "token": "SIA-DCS",
            "encrypted": false, "sequence": 2, "account": "0123", "inner_account": "0123",
            "data": "#0123|Nti20:50:26RP99",
            "events": [{"code": "RP", "qualifier": 1, "number": "99", "number_is": "none", "address": "99",
                "time": "20:50:26", "class": "test", "name_en": "automatic test report", "name_zh": "周期测试"}],
            "reply_hex": hex("\n82800010\"ACK\"0002#0123[]\r"),
        })
    );
    // The pad and the time of an encrypted acknowledgement change from run to run.
    let reply = found[2].as_object_mut().unwrap().remove("reply_hex").unwrap();
    assert!(reply.as_str().unwrap().contains(&hex("0054\"*ACK\"0042R1L0#1234[")), "{reply}");
    assert_eq!(
        found[2],
        json!({
            "format": "dc09", "valid": true, "quirks": [], "token": "SIA-DCS", "encrypted": true, "sequence": 42,
            "receiver": "1", "line": "0", "account": "1234", "inner_account": "1234",
            "data": "#1234|Nri1/BA005|AFront door", "timestamp": "12:34:56,03-07-2025",
            "extended": {"M": "0026B9E4268B"},
            "events": [{"code": "BA", "qualifier": 1, "number": "005", "number_is": "zone", "area": "1", "address": "005",
                "text": "Front door", "class": "burglary", "name_en": "burglary alarm", "name_zh": "盗警"}],
        })
    );
}

#[test]
fn bad_lines_have_their_answers_and_stop_nothing() {
    let crc = question("\nCE120032\"SIA-DCS\"9876R579BDFL789ABC#12345A[#12345A|NFA129]\r", None);
    let length = question("\nCE110034\"SIA-DCS\"9876R579BDFL789ABC#12345A[#12345A|NFA129]\r", None);
    let keyless = question(SEALED, None);
    let wrong = question(SEALED, Some("ff0102030405060708090a0b0c0d0e0f"));
    let input = [
        b"not json\n\xFF\xFE\n\n{\"format\":\"morse\",\"hex\":\"00\"}\n{\"format\":\"dc09\",\"hex\":\"0g\"}\n",
        [crc, length, keyless, wrong].concat().as_bytes(),
    ]
    .concat();
    let found = answers(&input);
    let word = |answer: &Value| answer["error"].as_str().map(|error| error.split(':').next().unwrap().to_owned());
    let words: Vec<_> = found.iter().map(word).collect();
    let expected = ["format", "format", "format", "format", "format", "crc", "length", "", "key"];
    assert_eq!(words, expected.map(|word| Some(word.to_owned()).filter(|word| !word.is_empty())));
    let valid: Vec<_> = found.iter().map(|answer| answer["valid"] == true).collect();
    assert_eq!(valid, [false, false, false, false, false, false, false, true, false]);
    let duh = json!(hex("\nEE640014\"DUH\"0042R1L0#1234[]\r"));
    assert_eq!((&found[7]["reply_hex"], &found[8]["reply_hex"]), (&duh, &duh));
    assert_eq!((&found[5]["reply_hex"], &found[6]["reply_hex"]), (&Value::Null, &Value::Null));
    assert_eq!((&found[7]["data"], &found[7]["events"]), (&Value::Null, &Value::Null));
}
