//! The example `audio` as its user runs it: help, everything that it speaks heard again from a file, noise, and refusals.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use hound::{SampleFormat, WavSpec, WavWriter};
use serde_json::{Value, json};

/// Whether it succeeded, and what it said on either stream.
fn audio(words: &[&str]) -> (bool, String, String) {
    let mut path = std::env::current_exe().expect("a test runs from a file");
    path.pop();
    path.pop();
    let program = path.join("examples").join(format!("audio{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(program).args(words).output().expect("the example is built beside its tests");
    let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// A file of this test's own.
fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audio-program-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder.join(name)
}

/// What is heard, without the times, which are held to 10 ms: they come back beside it.
fn spoken_and_heard(name: &str, what: &[&str], listen: &[&str]) -> (Vec<Value>, Vec<u64>) {
    let path = file(name);
    let path = path.to_str().expect("a path of ASCII");
    assert_eq!(audio(&[&["speak", path], what].concat()), (true, String::new(), String::new()));
    let (done, out, err) = audio(&[&["listen", path], listen].concat());
    assert_eq!((done, err.as_str()), (true, ""));
    let lines = out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let mut times = Vec::new();
    let mut timeless = |mut line: Value| {
        for name in ["start_ms", "end_ms"] {
            let time = line.as_object_mut().and_then(|line| line.remove(name));
            times.extend(time.and_then(|time| time.as_u64()).map(|ms| (ms + 5) / 10 * 10));
        }
        line
    };
    (lines.map(&mut timeless).collect(), times)
}

#[test]
fn help_is_no_failure() {
    let (_, usage, _) = audio(&["--help"]);
    assert_eq!((audio(&["--help"]).0, usage.lines().count()), (true, 9));
    assert!(usage.starts_with("usage: audio speak FILE.wav digits "), "{usage}");
    assert_eq!(audio(&[]), (false, String::new(), format!("audio: speak, listen or snr\n{usage}")));
}

#[test]
fn digits_are_a_message() {
    let (heard, times) = spoken_and_heard("digits.wav", &["digits", "123418113101015F"], &[]);
    let (message, digits) = heard.split_last().expect("a message");
    let keys: Vec<_> = digits.iter().map(|digit| (digit["digit"].as_str(), digit["key"].as_str())).collect();
    assert_eq!((keys.len(), keys[1], keys[15]), (16, (Some("2"), Some("2")), (Some("F"), Some("C"))));
    assert_eq!(times, (0..16).flat_map(|place| [200 + 100 * place, 250 + 100 * place]).collect::<Vec<_>>());
    let error = "checksum: the bytes give 8, the record says F";
    let expected = json!({"heard": "message", "digits": "123418113101015F", "valid": false, "error": error});
    assert_eq!(*message, expected);

    let (heard, _) = spoken_and_heard("message.wav", &["digits", "1234181131010158"], &[]);
    let event = json!({"code": "131", "qualifier": 1, "group": "01", "number": "015", "number_is": "zone",
        "class": "burglary", "name_en": "perimeter burglary alarm", "name_zh": "周界防区盗警"});
    let expected = json!({"heard": "message", "digits": "1234181131010158", "valid": true, "format": "contact-id-dtmf",
        "account": "1234", "events": [event]});
    assert_eq!(heard.last(), Some(&expected));
}

#[test]
fn a_handshake_and_its_kissoff() {
    let words = ["tones", "1400:100", "-:100", "2300:100", "-:1000", "1400:850"];
    let tone = |hz: u16| json!({"heard": "tone", "meant_hz": hz, "hz": hz});
    let expected = (vec![tone(1400), tone(2300), tone(1400)], vec![200, 300, 400, 500, 1500, 2350]);
    assert_eq!(spoken_and_heard("tones.wav", &words, &[]), expected);
}

#[test]
fn blocks_of_either_end_and_pulses_at_two_rates() {
    let block = |modem: &str, hex: &str, function: &str, text: &str| json!({"heard": "block", "modem": modem, "hex": hex, "valid": true, "function": function, "text": text});
    let (heard, _) = spoken_and_heard("blocks.wav", &["blocks", "#1234", "NBA01"], &[]);
    let calling = "bell103-calling";
    let both = [block(calling, "4423313233349C", "#", "1234"), block(calling, "444E42413031F7", "N", "BA01")];
    assert_eq!(heard, both);
    let (heard, _) = spoken_and_heard("answer.wav", &["answer", "8"], &[]);
    // The line at rest is 2225 Hz, 3.3 % beside the tone of a handshake.
    let rest = json!({"heard": "tone", "meant_hz": 2300, "hz": 2225});
    assert_eq!(heard, [rest, block("bell103-answering", "403887", "8", "")]);

    let round = json!({"heard": "round", "digits": "1234A3", "valid": true});
    for (tone, rate) in [("1900", "10"), ("1800", "20"), ("1900", "40")] {
        let name = format!("pulses-{rate}.wav");
        let (heard, _) = spoken_and_heard(&name, &["pulses", tone, rate, "1234A3"], &[rate]);
        assert_eq!(heard, [&round, &round].map(Clone::clone), "{rate}");
    }
}

#[test]
fn robofon_and_cesa_and_what_their_receivers_say() {
    let message = |format: &str, hex: &str, account: &str, event: Value| json!({"heard": "message", "format": format, "hex": hex, "valid": true, "account": account, "events": [event]});
    let agreed = json!({"code": "robofon:10", "qualifier": 1, "number_is": "zone", "class": "other",
        "name_en": "unknown code robofon:10", "name_zh": "未知代码 robofon:10"});
    let (heard, _) = spoken_and_heard("robofon.wav", &["robofon", "12345610"], &[]);
    assert_eq!(heard, [message("robofon", "D53132B334B5B631B08319", "123456", agreed)]);
    let alarm = json!({"code": "cesa:1", "qualifier": 1, "number": "7", "number_is": "zone", "class": "general",
        "name_en": "alarm", "name_zh": "报警"});
    let (heard, _) = spoken_and_heard("cesa.wav", &["cesa", "1234510700000000"], &[]);
    assert_eq!(heard, [message("cesa", &"31323334353130373030303030303030".repeat(2), "12345", alarm)]);
    let sign = |format: &str, sign: &str| json!({"heard": "sign", "format": format, "sign": sign});
    for (what, said) in [("77", "handshake"), ("06", "acknowledge"), ("15", "refuse")] {
        let (heard, _) = spoken_and_heard(&format!("robofon-{said}.wav"), &["robofon", what], &[]);
        assert_eq!(heard, [sign("robofon", said)]);
    }
    let (heard, times) = spoken_and_heard("cesa-handshake.wav", &["cesa", "handshake"], &[]);
    // The pieces of 1850 Hz are pulses, too, and more than a digit has.
    assert_eq!(heard, [sign("cesa", "handshake"), json!({"heard": "round", "valid": false})]);
    assert!(times[0].abs_diff(200) <= 10 && times[1].abs_diff(1160) <= 10, "{times:?}");
}

#[test]
fn the_table_is_the_same_each_time_and_errors_grow_with_the_noise() {
    let (done, table, err) = audio(&["snr", "64"]);
    assert_eq!((done, err.as_str()), (true, ""));
    assert_eq!(audio(&["snr", "64"]).1, table);
    let rows: Vec<Vec<f64>> =
        table.lines().skip(2).map(|line| line.split_whitespace().flat_map(str::parse).collect()).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>()[..4], [20.0, 15.0, 12.0, 10.0]);
    for row in &rows {
        assert!(row.len() == 7 && row[1..].iter().all(|errors| (0.0..=100.0).contains(errors)), "{row:?}");
    }
    // What the limits of the module promise: digits, tones and FSK at 8 dB, pulses at 10.
    assert_eq!(rows[3][1..], [0.0; 6]);
    assert_eq!(rows[4][1..6], [0.0; 5]);
    assert!(rows.last().is_some_and(|row| row[1..].iter().all(|&errors| errors > 50.0)), "{table}");
}

#[test]
fn what_it_cannot_do_it_says() {
    let stereo = file("stereo.wav");
    let spec = WavSpec { channels: 2, sample_rate: 44_100, bits_per_sample: 16, sample_format: SampleFormat::Int };
    WavWriter::create(&stereo, spec).and_then(WavWriter::finalize).expect("a file of another kind");
    let stereo = stereo.to_str().expect("a path of ASCII");
    let format = format!(
        "{stereo}: 2 channels of 16 bits at 44100 Hz, and one of 16 bits at 8000 Hz is wanted: \
         sox {stereo} -c 1 -b 16 -e signed -r 8000 out.wav"
    );
    for (words, said) in [
        (&["listen", stereo][..], format.as_str()),
        (&["listen", stereo, "51"], "pulses a second: 5 to 50"),
        (&["speak", "x.wav", "digits", "12G4"], "'G' is no digit: 0 to 9 and A to F are"),
        (&["speak", "x.wav", "digits", ""], "no digit: at least one of 0 to 9 and A to F"),
        (&["speak", "x.wav", "tones", "4000:100"], "\"4000\": a frequency is 300 to 3400"),
        (&["speak", "x.wav", "tones", "1400:0"], "\"1400:0\": a tone has 1 to 60000 ms"),
        (&["speak", "x.wav", "pulses", "1900", "4", "12"], "pulses a second: 5 to 50"),
        (
            &["speak", "x.wav", "song"],
            "speak what: digits, tones, blocks, answer, pulses, robofon or cesa, and what they say",
        ),
        (&["speak", "x.wav", "robofon", "1234561"], "\"1234561\": Robofon has six digits of account and two of code"),
        (&["speak", "x.wav", "cesa", "12345"], "\"12345\": format: 5 bytes, 16 make a record"),
        (&["snr", "15"], "digits: 16 to 1000000"),
    ] {
        assert_eq!(audio(words), (false, String::new(), format!("audio: {said}\n")));
    }
}
