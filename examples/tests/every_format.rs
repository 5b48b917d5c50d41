//! Every format of the library through the programs' JSON: what `decode` reads, `encode` writes; the bytes tell the format; no
//! input stops an answer, and what was read of damaged input is read the same once it was written.
#![allow(clippy::unwrap_used, reason = "a test stops where its own records do not read")]

use std::collections::BTreeMap;

use contactid::Format;
use examples::wire::{
    self, Fields, Question,
    fields::{hex, unhex},
};
use serde_json::{Value, json};

/// A record of each format, or of each kind that it has: those of the other tests, and these.
const MORE: &[(Format, &[u8])] = &[
    (Format::Dc09, b"\n87CD0037\"ADM-CID\"9876R579BDFL789ABC#12345A[#12345A|1110 00 129]\r"),
    (Format::Dc07, b"[CST2359]"),
    (Format::Dc07, b"[CSD112526]"),
    (Format::Dc07, b"[CLK07]"),
    (Format::Dc07, b"!T2359\r"),
    (Format::Express41, b"12341739"),
    (Format::Express42, b"123427317"),
    (Format::HighSpeed, b"123455155555557C"),
    (Format::SuperFast, b"123456155555557"),
    (Format::Pulse, b"12343"),
    (Format::Pulse, b"123431"),
    (Format::Scancom, b"1234515555557"),
    (Format::Robofon, b"\xD5\x31\x32\xB3\x34\xB5\xB6\x31\xB0\x83\xAE"),
    (Format::Cesa, b"12345207000000001234520700000000"),
    (Format::CidBare, b"1234181131010158"),
    (Format::CidEldes, b"3123418113101015F"),
    (Format::CidCsv, b"arc,secret,1234,1234181131010158"),
    (Format::Surgard, b"3011      1234BA0012\x14"),
    (Format::Surgard, b"Q011 581234567890E13001004\x14"),
    (Format::Surgard, b"6011      1234BA0012\x14"),
    (Format::Surgard, b"80111234 1555 5555 7\x14"),
    (Format::Surgard, b"801100123456 1555 5555 5555 5555 7\x14"),
    (Format::Surgard, b"I011   1j23458b45A00\x14"),
    (Format::Surgard, b"E011      1234BA    \x14"),
    (Format::Surgard, b"G01100     12345 1  04\x14"),
    (Format::Surgard, b"H01100    123456 3  12\x14"),
    (Format::Surgard, b"T011123456 A  04\x14"),
    (Format::Surgard, b"C011      1234BA12  \x14"),
    (Format::Surgard, b"4011001234560125551234\x14"),
    (Format::Surgard, b"U011whatever\x14"),
    (Format::SurgardB32, b"\x00\x00\x00\x255011 181234E12101001\x14"),
    (Format::Ademco685, b"\n11 1234 3\r"),
    (Format::Ademco685, b"\n11 1234 3 1\r"),
    (Format::Ademco685, b"\n11 1234 1555 5555 7\r"),
    (Format::Ademco685, b"\n00 OKAY @ \r"),
    (Format::Caps, b"\n11 1234 0 5 0A\r"),
    (Format::Caps, b"\n11 1234 18 E130 01 C003 \r"),
    (Format::Cp220, b"\n111234A3T\r"),
    (Format::Cp220, b"\n11 1234 18 P130 01 C003 \r"),
    (Format::Fe100, b"\n 00 1234 18 E130 00 C003 \r"),
    (Format::Fe100, b"\n 00 1234 18 R401 00 U003 \r"),
    (Format::Isecnet, b"\x01\x80\x7E"),
    (Format::Isecnet, b"\x14\xB5\x11\x01\x02\x03\x04\x01\x08\x01\x01\x03\x0A\x0A\x01\x0A\x0A\x04\x01\x02\x03\x44"),
];

fn decoded(format: Format, bytes: &[u8], key_hex: Option<&str>) -> Value {
    let question = Question { format: format.to_string(), hex: hex(bytes), key_hex: key_hex.map(str::to_owned) };
    let mut read = serde_json::to_value(wire::decode(format, bytes, &question).named(None)).unwrap();
    if read["valid"] == true && key_hex.is_some() {
        read["key_hex"] = key_hex.into();
    }
    read
}

/// Every record of the tests of this folder: format, bytes and key.
fn records() -> Vec<(Format, Vec<u8>, Option<String>)> {
    let mut records: Vec<_> = MORE.iter().map(|&(format, bytes)| (format, bytes.to_vec(), None)).collect();
    for lines in
        [include_str!("data/vectors.jsonl"), include_str!("data/dc03.jsonl"), include_str!("data/automation.jsonl")]
    {
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let Ok(format) = line["format"].as_str().unwrap().parse() else { continue };
            let text = || line["text"].as_str().unwrap().chars().map(|letter| u8::try_from(letter).unwrap()).collect();
            let bytes = line["hex"].as_str().map_or_else(text, |digits| unhex(digits).unwrap());
            records.push((format, bytes, line["key_hex"].as_str().map(str::to_owned)));
        }
    }
    records
}

#[test]
fn encode_is_the_inverse_of_decode_for_every_format() {
    let records = records();
    for &format in Format::ALL {
        let mut written = 0;
        for (_, bytes, key) in records.iter().filter(|(of, ..)| *of == format) {
            let read = decoded(format, bytes, key.as_deref());
            if read["valid"] == true && read["quirks"] == json!([]) {
                assert_eq!(wire::encode(format, &Fields(&read)).as_ref(), Ok(bytes), "{format}: {read}");
                written += 1;
            }
        }
        assert!(written > 0, "no record of {format} is written");
    }
    for (format, bytes) in MORE {
        let read = decoded(*format, bytes, None);
        assert_eq!((&read["valid"], &read["quirks"]), (&json!(true), &json!([])), "{format}: {read}");
    }
}

/// What the bytes tell of a record is its format, but for records that look like another's.
#[test]
fn the_bytes_tell_the_format() {
    for (format, bytes) in MORE {
        let alike = match format {
            // The same sixteen characters, and layouts that are the 685's own.
            Format::CidBare => Format::ContactId,
            Format::Caps | Format::Cp220 if bytes.starts_with(b"\n11 1234 18 ") => Format::Ademco685,
            _ => *format,
        };
        assert_eq!(Format::detect(bytes), Some(alike), "{}", bytes.escape_ascii());
    }
}

/// Nothing, one byte, and floods of one byte: every format has its answer, and what it takes it writes again.
#[test]
fn hostile_input_has_its_answer() {
    let floods = (0..=255u8).map(|byte| vec![byte; if byte % 64 == 0 { 65_536 } else { 100 }]);
    let inputs = [Vec::new()].into_iter().chain((0..=255).map(|byte| vec![byte])).chain(floods);
    for input in inputs {
        let _ = Format::detect(&input);
        for &format in Format::ALL {
            for key in [None, Some("000102030405060708090a0b0c0d0e0f1011121314151617")] {
                let read = decoded(format, &input, key);
                assert!(read["valid"] == true || read["error"].is_string(), "{format}: {read}");
                assert_eq!(unstable(format, &read), None);
            }
        }
    }
}

/// What was read of damaged input says the same once it was written.
#[test]
fn what_is_read_of_damaged_input_is_stable() {
    let mut random = 1u64;
    let mut next = move |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let marks = b" \r\n\x14@#|[]\0\"*,/^0139AEFNRPSUaef\x06\x80\xFF";
    let mut faults: BTreeMap<Format, String> = BTreeMap::new();
    for (format, bytes, key) in records() {
        for _ in 0..300 {
            let mut input = bytes.clone();
            for _ in 0..=next(3) {
                let (at, byte) = (next(input.len() + 1), marks[next(marks.len())]);
                match next(4) {
                    0 => input.insert(at, byte),
                    1 if at < input.len() => drop(input.remove(at)),
                    2 => input.truncate(at),
                    _ if at < input.len() => input[at] = byte,
                    _ => input.push(byte),
                }
            }
            if let Some(found) = unstable(format, &decoded(format, &input, key.as_deref())) {
                faults.entry(format).or_insert(found);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.values().cloned().collect::<Vec<_>>().join("\n\n"));
}

/// What is wrong with a record that was taken: it is to be written, and to read to the same fields, but for the quirks that it
/// no longer has.
fn unstable(format: Format, read: &Value) -> Option<String> {
    if read["valid"] != true {
        return None;
    }
    let written = match wire::encode(format, &Fields(read)) {
        Ok(written) => written,
        Err(error) => return Some(format!("{format} reads and does not write, {error}: {read}")),
    };
    let mut again = decoded(format, &written, read["key_hex"].as_str());
    again["quirks"] = read["quirks"].clone();
    (again != *read).then(|| format!("{format}: {read}\nthen {}\nand {again}", written.escape_ascii()))
}
