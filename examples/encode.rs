//! Encodes alarm records: the inverse of `decode`. JSON lines in, one JSON line out for each, in order.
//!
//! ```text
//! $ echo '{"format": "dc09", "token": "NULL", "sequence": 1, "line": "0", "account": "1234"}' |
//!     cargo run --release --example encode
//! {"format":"dc09","hex":"0A…0D"}
//! ```
//!
//! A line that `decode` wrote is a line that `encode` reads; what it does not need it passes over. Encrypted records want
//! `key_hex` beside it. A line that cannot be encoded gives an `error`.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
};

use contactid::Format;
use examples::wire::{self, Fields, fields::hex};
use serde_json::{Value, json};

fn main() -> ExitCode {
    match encode_lines() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("encode: {error}");
            ExitCode::FAILURE
        }
    }
}

fn encode_lines() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let answer = match serde_json::from_slice::<Value>(&line?) {
            Ok(line) => answer(&Fields(&line)),
            Err(error) => json!({"error": format!("no such JSON line: {error}")}),
        };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(fields: &Fields<'_>) -> Value {
    let word = fields.text("format").unwrap_or_else(|| "dc09".into());
    let written = match word.parse::<Format>() {
        Ok(format) => wire::encode(format, fields),
        Err(error) => Err(error.to_string()),
    };
    match written {
        Ok(bytes) => json!({"format": word, "hex": hex(&bytes)}),
        Err(error) => json!({"format": word, "error": error}),
    }
}
