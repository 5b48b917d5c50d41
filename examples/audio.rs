//! A telephone line in WAV files: speaks alarm formats, listens to them, and says how much noise they bear.
//!
//! ```text
//! $ cargo run --release -p examples --example audio -- speak call.wav digits 1234181131010158
//! $ cargo run --release -p examples --example audio -- listen call.wav
//! {"digit":"1","end_ms":250,"heard":"digit","key":"1","start_ms":200}
//! …
//! {"account":"1234","digits":"1234181131010158","events":[…],"format":"contact-id-dtmf","heard":"message","valid":true,…}
//! $ cargo run --release -p examples --example audio -- snr
//! ```
//!
//! Files have one channel of 16 bits at 8 kHz.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use examples::audio::{listen, snr, speak, wav};

const USAGE: &str = "\
usage: audio speak FILE.wav digits 1234181131010158      a message in tone pairs
       audio speak FILE.wav tones 1400:100 -:100 2300:100  tones in Hz for so many ms, - is silence
       audio speak FILE.wav blocks '#1234' NBA01         blocks of SIA DC-03: function and data, Bell 103
       audio speak FILE.wav answer '8'                   the same from the receiver's end
       audio speak FILE.wav pulses 1900 10 1234A3        pulses: tone in Hz, pulses a second, a round, twice
       audio speak FILE.wav robofon 12345610             Robofon 8: account and code; 77, 06 or 15 from the receiver
       audio speak FILE.wav cesa 1234510700000000        CESA: a message, twice; handshake from the receiver
       audio listen FILE.wav [PULSES-A-SECOND]           one line of JSON for everything that is heard; pulses at 20
       audio snr [DIGITS]                                error rates against signal to noise; 1600 digits";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("audio: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), String> {
    let lines = match words {
        ["speak", file, what @ ..] => {
            wav::write(Path::new(file), &speak::speak(what)?)?;
            Vec::new()
        }
        ["listen", file] => heard(file, 20)?,
        ["listen", file, rate] => {
            let rate = rate.parse().ok().filter(|rate| (5..=50).contains(rate));
            heard(file, rate.ok_or("pulses a second: 5 to 50")?)?
        }
        ["--help" | "-h" | "help"] => vec![USAGE.to_owned()],
        ["snr"] => snr::table(1600).map_err(|error| error.to_string())?,
        ["snr", digits] => {
            let digits = digits.parse().ok().filter(|digits| (16..=1_000_000).contains(digits));
            snr::table(digits.ok_or("digits: 16 to 1000000")?).map_err(|error| error.to_string())?
        }
        _ => return Err(format!("speak, listen or snr\n{USAGE}")),
    };
    let mut out = io::stdout().lock();
    for line in lines {
        match writeln!(out, "{line}") {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|error| error.to_string())?,
        }
    }
    Ok(())
}

fn heard(file: &str, pulse_rate: u8) -> Result<Vec<String>, String> {
    let line = wav::read(Path::new(file))?;
    let heard = listen::listen(&line, pulse_rate).map_err(|error| error.to_string())?;
    Ok(heard.iter().map(ToString::to_string).collect())
}
