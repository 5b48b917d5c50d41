//! Digits of a telephone line and their texts as JSON, and back: whole values.
#![allow(clippy::unwrap_used, reason = "a test stops where a record does not read")]

use contactid::Format;
use examples::wire::{self, Fields, Question, fields::hex};
use serde_json::{Value, json};

fn decoded(format: Format, bytes: &[u8]) -> Value {
    let question = Question { format: format.to_string(), hex: hex(bytes), key_hex: None };
    serde_json::to_value(wire::decode(format, bytes, &question).named(None)).unwrap()
}

/// Reads to these fields, and, where there is no quirk, is written to the same bytes.
#[track_caller]
fn holds(format: Format, bytes: &[u8], expected: Value) {
    let found = decoded(format, bytes);
    assert_eq!(found, expected);
    if found["valid"] == true && found["quirks"] == json!([]) {
        assert_eq!(wire::encode(format, &Fields(&found)), Ok(bytes.to_vec()));
    }
}

fn perimeter() -> Value {
    json!({"code": "131", "qualifier": 1, "group": "01", "number": "015", "number_is": "zone", "class": "burglary",
        "name_en": "perimeter burglary alarm", "name_zh": "周界防区盗警"})
}

/// A29 to A32.
#[test]
fn contact_id() {
    holds(
        Format::ContactId,
        b"1234181131010158",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "18", "events": [perimeter()], "checksum": "8"}),
    );
    holds(
        Format::ContactId,
        b"1234181137010152",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "18", "checksum": "2", "events": [{
            "code": "137", "qualifier": 1, "group": "01", "number": "015", "number_is": "zone", "class": "tamper",
            "name_en": "tamper while armed", "name_zh": "布防中防拆报警"}]}),
    );
    holds(
        Format::ContactId,
        b"1234181131010157",
        json!({"valid": false, "quirks": [], "error": "checksum: the bytes give 8, the record says 7"}),
    );
    holds(
        Format::ContactId,
        b"123418140101000E",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "18", "checksum": "E", "events": [{
            "code": "401", "qualifier": 1, "group": "01", "number": "000", "number_is": "user", "class": "open-close",
            "name_en": "disarmed by user", "name_zh": "用户撤防"}]}),
    );
}

/// A65, and the short form.
#[test]
fn serial() {
    for (wire, form) in [(&b"AL00123418113101015##\r\n"[..], "AL00"), (b"AL123418113101015##\r\n", "AL")] {
        holds(
            Format::CidAl00,
            wire,
            json!({"valid": true, "quirks": [], "account": "1234", "mt": "18", "events": [perimeter()], "form": form,
                "reply_hex": "4F4B"}),
        );
    }
    let found = decoded(Format::CidAl00, b"AL00123418162701000##\r\n");
    assert_eq!((&found["account"], &found["reply_hex"]), (&json!("1234"), &json!("4F4B")));
    assert_eq!(
        (&found["events"][0]["code"], &found["events"][0]["group"], &found["events"][0]["number"]),
        (&json!("627"), &json!("01"), &json!("000"))
    );
    assert_eq!(wire::encode(Format::CidAl00, &Fields(&found)), Ok(b"AL00123418162701000##\r\n".to_vec()));
}

/// A66.
#[test]
fn brackets() {
    holds(
        Format::CidBracket,
        b"[CID2 181401010012843]",
        json!({"valid": true, "quirks": [], "account": "CID2", "subscriber": "CID2", "mt": "18", "checksum": "2",
            "tail": "843", "reply_hex": "06", "events": [{
            "code": "401", "qualifier": 1, "group": "01", "number": "001", "number_is": "user", "class": "open-close",
            "name_en": "disarmed by user", "name_zh": "用户撤防", "text": "843"}]}),
    );
    let latin = b"[1234 181131010158\xE9]";
    let found = decoded(Format::CidBracket, latin);
    assert_eq!(found["tail_hex"], "E9");
    assert_eq!(wire::encode(Format::CidBracket, &Fields(&found)), Ok(latin.to_vec()));
}

#[test]
fn bare_and_comma_separated() {
    holds(
        Format::CidBare,
        b"1234181131010158",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "18", "events": [perimeter()], "checksum": "8",
            "reply_hex": hex(b"1234181131010158")}),
    );
    holds(
        Format::CidCsv,
        b"arc,secret,1234,1234181131010158",
        json!({"valid": true, "quirks": [], "user": "arc", "password": "secret", "client": "1234",
            "data": "1234181131010158", "account": "1234", "mt": "18", "events": [perimeter()]}),
    );
    holds(
        Format::CidCsv,
        b"arc,secret,77,hello,9F",
        json!({"valid": true, "quirks": [], "user": "arc", "password": "secret", "client": "77", "data": "hello",
            "checksum": "9F", "account": "77"}),
    );
}

#[test]
fn eldes() {
    holds(
        Format::CidEldes,
        b"3123418113101015F",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "18", "events": [perimeter()], "checksum": "F"}),
    );
}

/// What no published record shows: each format that its bytes tell, and what they do not.
#[test]
fn the_bytes_tell_the_format() {
    for (bytes, format) in [
        (&b"ALB23418113101015##\r\n"[..], Format::CidAl00),
        (b"3123418113101015F", Format::CidEldes),
        (b"arc,secret,1234,1234181131010158", Format::CidCsv),
        (b"arc,secret,1234,1234181131010158,9F", Format::CidCsv),
        (b"12341739", Format::Express41),
        (b"12331233", Format::Pulse),
        (b"1234312343", Format::Pulse),
        (b"123431123431", Format::Pulse),
        (b"12345515555557", Format::Scancom),
        (b"654321515555557", Format::Scancom),
        (b"123456155555557", Format::SuperFast),
        (b"1234555515555555555555555555551", Format::Scancom),
        (b"1234510700000000", Format::Cesa),
        (b"12345107000000001234510700000000", Format::Cesa),
        (b"U12345610\x03\x2E", Format::Robofon),
        (&[0xD5, 0x31, 0x32, 0xB3, 0x34, 0xB5, 0xB6, 0x31, 0xB0, 0x83, 0xAE], Format::Robofon),
    ] {
        assert_eq!(Format::detect(bytes), Some(format), "{}", String::from_utf8_lossy(bytes));
    }
    for bytes in [&b"1234312353"[..], b"arc,secret,1234,hello", b"12345107000000001234510800000000", b"U1234561"] {
        assert_eq!(Format::detect(bytes), None, "{}", String::from_utf8_lossy(bytes));
    }
}

fn own(code: &str, qualifier: u8, class: &str, name_en: &str, name_zh: &str) -> Value {
    json!({"code": code, "qualifier": qualifier, "number_is": "zone", "class": class, "name_en": name_en,
        "name_zh": name_zh})
}

fn unknown(code: &str) -> Value {
    own(code, 1, "other", &format!("unknown code {code}"), &format!("未知代码 {code}"))
}

fn numbered(mut event: Value, number: &str) -> Value {
    event["number"] = number.into();
    event
}

#[test]
fn other_ademco_formats() {
    holds(
        Format::Express41,
        b"12341739",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "17", "checksum": "9",
            "events": [unknown("pulse:3")]}),
    );
    holds(
        Format::Express42,
        b"123427317",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "27", "checksum": "7",
            "events": [unknown("pulse:31")]}),
    );
    let alarm = || numbered(own("hs:1", 1, "general", "channel alarm", "通道报警"), "1");
    holds(
        Format::HighSpeed,
        b"123455155555557C",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "55", "channels": "15555555", "status": "7",
            "checksum": "C", "events": [alarm()]}),
    );
    holds(
        Format::SuperFast,
        b"123456155555557",
        json!({"valid": true, "quirks": [], "account": "1234", "mt": "56", "channels": "15555555", "status": "7",
            "events": [alarm()]}),
    );
    assert_eq!(
        decoded(Format::HighSpeed, b"123456155555557"),
        json!({"valid": false, "quirks": [], "error": "format: these digits are ademco-super-fast"})
    );
    assert_eq!(
        decoded(Format::Express42, b"12341739"),
        json!({"valid": false, "quirks": [], "error": "format: these digits are ademco-express-4-1"})
    );
    holds(
        Format::Scancom,
        b"12345515555557",
        json!({"valid": true, "quirks": [], "account": "12345", "channels": "51555555", "status": "7",
            "events": [numbered(own("scancom:1", 1, "general", "channel alarm", "通道报警"), "2")]}),
    );
}

#[test]
fn pulses() {
    holds(
        Format::Pulse,
        b"1A343",
        json!({"valid": true, "quirks": [], "account": "1034", "form": "4/1", "rounds": 1,
            "events": [unknown("pulse:3")]}),
    );
    holds(
        Format::Pulse,
        b"123431123431",
        json!({"valid": true, "quirks": [], "account": "1234", "form": "4/2", "rounds": 2, "zone": "1",
            "events": [numbered(unknown("pulse:3"), "1")]}),
    );
    holds(
        Format::Pulse,
        b"12333335",
        json!({"valid": true, "quirks": [], "account": "123", "form": "extended 3/1", "rounds": 2, "zone": "5",
            "events": [numbered(unknown("pulse:3"), "5")]}),
    );
    holds(
        Format::Pulse,
        b"1234312353",
        json!({"valid": false, "quirks": [], "error": "checksum: the bytes give 4, the record says 5"}),
    );
}

#[test]
fn robofon_and_cesa() {
    let wire = [0xD5, 0x31, 0x32, 0xB3, 0x34, 0xB5, 0xB6, 0x31, 0xB0, 0x83, 0xAE];
    let shown = |parity: &str, reply: &str| {
        json!({"valid": true, "quirks": [], "account": "123456", "checksum": "2E", "parity": parity,
            "events": [unknown("robofon:10")], "reply_hex": reply})
    };
    holds(Format::Robofon, &wire, shown("odd", "86"));
    holds(Format::Robofon, &wire.map(|byte| byte & 0x7F), shown("none", "06"));
    let mut mangled = wire;
    mangled[2] ^= 1;
    holds(
        Format::Robofon,
        &mangled,
        json!({"valid": false, "quirks": [], "error": "parity: the bytes give B3, the record says 33",
            "reply_hex": "15"}),
    );
    let restored = numbered(own("cesa:2", 3, "general", "restored", "恢复"), "7");
    holds(
        Format::Cesa,
        b"12345207000000001234520700000000",
        json!({"valid": true, "quirks": [], "account": "12345", "zone": "07", "rounds": 2, "events": [restored]}),
    );
}

#[test]
fn what_cannot_be_written() {
    let error = |format, fields: Value| wire::encode(format, &Fields(&fields)).unwrap_err();
    assert_eq!(error(Format::ContactId, json!({})), "account: missing");
    assert_eq!(error(Format::ContactId, json!({"account": "1234"})), "events: missing");
    assert_eq!(
        error(Format::Express41, json!({"account": "1234", "events": [{"code": "130"}]})),
        "code: 130 is none of this format"
    );
    assert_eq!(error(Format::Pulse, json!({"account": "1234", "form": "5/5"})), "form: 5/5 is no pulse format");
}
