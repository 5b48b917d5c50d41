//! Decodes alarm records: JSON lines in, one JSON line out for each, in order.
//!
//! ```text
//! $ echo '{"format": "dc09", "hex": "0A39454334…0D", "key_hex": "0001…"}' | cargo run --release --example decode
//! {"format":"dc09","valid":true,"quirks":[],"token":"ADM-CID","encrypted":false,"sequence":1,…}
//! ```
//!
//! `format` is one of the words of [`contactid::Format`], `crc16-arc` for the check value of any bytes, or `auto`: then the
//! bytes tell. `key_hex` is only needed for encrypted records. A line that cannot be decoded gives `"valid":false` and an
//! `error` whose first word says what is wrong: `crc`, `length`, `parity`, `checksum`, `key` or `format`.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
};

use contactid::{Format, Quirks};
use examples::wire::{self, Answer, Question, fields::unhex};
use serde_json::json;

fn main() -> ExitCode {
    match decode_lines() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("decode: {error}");
            ExitCode::FAILURE
        }
    }
}

fn decode_lines() -> io::Result<()> {
    let mut out = io::stdout().lock();
    // Bytes, not text: a line that is no UTF-8 has its answer, too.
    for line in io::stdin().lock().split(b'\n') {
        match serde_json::from_slice::<Question>(&line?) {
            Ok(question) => {
                let (format, answer) = answer(&question);
                serde_json::to_writer(&mut out, &answer.named(Some(&format)))?;
            }
            Err(error) => {
                let answer = Answer::refused(format!("format: no such JSON line: {error}"));
                serde_json::to_writer(&mut out, &answer.named(None))?;
            }
        }
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

/// The format's word, found out if need be, and what was read.
fn answer(question: &Question) -> (String, Answer) {
    let refused = |error: String| (question.format.clone(), Answer::refused(error));
    let Some(bytes) = unhex(&question.hex) else {
        return refused("format: hex holds something else than pairs of hexadecimal digits".into());
    };
    // The nine digits by which check values are told apart are no report of anybody.
    if question.format == "crc16-arc" || question.format == "auto" && bytes == b"123456789" {
        let crc = format!("{:04X}", contactid::crc16_arc(&bytes));
        return ("crc16-arc".into(), Answer::read(Quirks::NONE, vec![("crc", json!(crc))], Vec::new()));
    }
    let format = match question.format.as_str() {
        // Under 3DES nothing is left to see, but the key of a question may open it.
        "auto" => Format::detect(&bytes).or_else(|| wire::ip::opens(&bytes, question).then_some(Format::OhSealed)),
        word => word.parse().ok(),
    };
    match format {
        Some(format) => (format.to_string(), wire::decode(format, &bytes, question)),
        None if question.format == "auto" => refused("format: the bytes are none that are known".into()),
        None => {
            let known: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
            refused(format!("format: {:?} is none of: auto, crc16-arc, {}", question.format, known.join(", ")))
        }
    }
}
