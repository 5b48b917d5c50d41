//! Programs that others wrote, against ours: `sox` makes tones and companding, `multimon-ng` hears digits, `minimodem` is a
//! modem at either end.
//!
//! Where a program is missing, each test that needs it says so and passes; with `CENTRE_REQUIRE_FOREIGN=1` it fails.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use contactid::audio::{BlockReader, FskHeard, FskListener, Modem, Volume, g711, samples};
use contactid::dtmf::Digit;
use contactid::line::Sound;
use contactid::sia::{Block, Function};
use examples::audio::{listen, wav};
use serde_json::Value;

/// A folder of this test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audio-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Whether all of these programs are there; says so if not.
fn here(programs: &[&str]) -> bool {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let missing = |program: &&&str| !std::env::split_paths(&search).any(|folder| folder.join(program).is_file());
    let Some(program) = programs.iter().find(missing) else { return true };
    let required = std::env::var("CENTRE_REQUIRE_FOREIGN").is_ok_and(|wanted| wanted == "1");
    assert!(!required, "CENTRE_REQUIRE_FOREIGN=1, and {program} is missing");
    // Not eprintln!, which the test harness swallows.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {program} is missing, see CONTRIBUTING.md");
    false
}

/// Runs a program in a folder, with these bytes to read.
fn complete(folder: &Path, command: &str, input: &[u8]) -> Output {
    let mut words = command.split_whitespace();
    let mut child = Command::new(words.next().expect("a program"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program that is there starts");
    child.stdin.take().expect("a pipe").write_all(input).expect("the program reads");
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// What a program said.
fn run(folder: &Path, command: &str, input: &[u8]) -> Vec<u8> {
    complete(folder, command, input).stdout
}

/// What is heard in a file, by its kind.
fn heard(file: &Path, kind: &str) -> Vec<Value> {
    let line = wav::read(file).expect("a file of ours or one that sox made");
    let all = listen::listen(&line, 20).expect("20 pulses a second can be listened for");
    all.into_iter().filter(|heard| heard["heard"] == kind).collect()
}

/// The power of some samples of a file, in dB below that of full scale.
fn level_db(file: &Path, part: Range<usize>) -> f64 {
    let line = wav::read(file).expect("a file that sox made");
    let samples = &line[part];
    let power: f64 = samples.iter().map(|&sample| (f64::from(sample) / 32_768.0).powi(2)).sum();
    10.0 * (power / samples.len() as f64).log10()
}

fn texts(heard: &[Value], name: &str) -> String {
    heard.iter().filter_map(|heard| heard[name].as_str()).collect()
}

const ALL: &str = "0123456789ABCDEF";

#[test]
fn multimon_hears_our_digits() {
    if !here(&["multimon-ng", "sox"]) {
        return;
    }
    let folder = folder("multimon");
    for (name, volume) in [
        ("even", Volume::default()),
        ("high", Volume { db: -16.0, twist_db: 4.0 }),
        ("low", Volume { db: -12.0, twist_db: -4.0 }),
    ] {
        let digits = ALL.chars().filter_map(Digit::from_char);
        let sounds = digits.map(|digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 });
        let silence = || [Sound::Silence { ms: 100 }].into_iter();
        let line = silence().chain(sounds).chain(silence()).flat_map(|sound| samples(sound, volume));
        let line: Vec<i16> = line.map(|sample| g711::from_a_law(g711::a_law(sample))).collect();
        wav::write(&folder.join(format!("{name}.wav")), &line).expect("a file is written");
        run(&folder, &format!("sox -R {name}.wav -t raw -r 22050 -e signed -b 16 -c 1 {name}.raw"), b"");
        let said = run(&folder, &format!("multimon-ng -q -a DTMF -t raw {name}.raw"), b"");
        let said = String::from_utf8(said).expect("text");
        let keys = said.lines().filter_map(|line| line.strip_prefix("DTMF: ")?.chars().next());
        let heard: String = keys.filter_map(Digit::from_key).map(Digit::to_char).collect();
        assert_eq!(heard, ALL, "{name}");
    }
}

#[test]
fn sox_measures_our_handshake_and_kissoff() {
    if !here(&["sox"]) {
        return;
    }
    let folder = folder("sox-measures");
    let (tone, silence) = (|hz, ms| Sound::Tone { hz, ms }, |ms| Sound::Silence { ms });
    let sounds = [silence(1000), tone(1400, 100), silence(100), tone(2300, 100), silence(1700), tone(1400, 850)];
    let line: Vec<i16> = sounds.into_iter().flat_map(|sound| samples(sound, Volume::default())).collect();
    wav::write(&folder.join("ours.wav"), &line).expect("a file is written");
    // What sox takes for a frequency comes from how steep the sound is, which wants many samples a wave.
    run(&folder, "sox -R -D ours.wav -r 192000 fine.wav", b"");
    let measure = |from: f64, seconds: f64, name: &str| -> f64 {
        let output = complete(&folder, &format!("sox -R -D fine.wav -n trim {from} {seconds} stat"), b"");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let line =
            said.lines().find_map(|line| line.split_whitespace().collect::<String>().strip_prefix(name)?.parse().ok());
        line.unwrap_or_else(|| panic!("{name} in {said}"))
    };
    // The edges of a tone hold every frequency, so that 5 ms of either end are left out.
    for (from, seconds, hz) in [(1.005, 0.09, 1400.0), (1.205, 0.09, 2300.0), (3.005, 0.84, 1400.0)] {
        let measured = measure(from, seconds, "Roughfrequency:");
        assert!((measured - hz).abs() <= hz / 200.0, "{measured} Hz at {from} s");
        // 12 dB below full scale.
        let level = measure(from, seconds, "Maximumamplitude:");
        assert!((level - 0.251).abs() <= 0.005, "{level} at {from} s");
    }
    for (from, seconds) in [(0.0, 0.995), (1.105, 0.09), (1.305, 1.69)] {
        assert!(measure(from, seconds, "Maximumamplitude:") < 0.01, "silence at {from} s");
    }
}

#[test]
fn digits_and_tones_that_sox_makes_in_noise() {
    if !here(&["sox"]) {
        return;
    }
    let folder = folder("sox");
    let mut parts = String::new();
    for digit in ALL.chars().filter_map(Digit::from_char) {
        let (low, high) = digit.pair();
        let make = format!(
            "sox -R -D -n -r 8000 -b 16 {digit}.wav synth 0.05 sine {low} sine {high} remix - gain -9 pad 0.025 0.025"
        );
        run(&folder, &make, b"");
        parts += &format!("{digit}.wav ");
    }
    for (hz, seconds) in [(1400, 0.1), (2300, 0.1), (1400, 0.85)] {
        let make =
            format!("sox -R -D -n -r 8000 -b 16 {hz}-{seconds}.wav synth {seconds} sine {hz} gain -12 pad 0.05 0.05");
        run(&folder, &make, b"");
        parts += &format!("{hz}-{seconds}.wav ");
    }
    run(&folder, &format!("sox -D {parts} clean.wav"), b"");
    for (snr_db, noise_db) in [(15.0, -17.2), (10.0, -12.2), (6.0, -8.2)] {
        run(&folder, &format!("sox -R -D -n -r 8000 -b 16 noise.wav synth 2.85 whitenoise gain {noise_db}"), b"");
        for tone in ["5.wav", "1400-0.85.wav"] {
            let ratio = level_db(&folder.join(tone), 400..600) - level_db(&folder.join("noise.wav"), 0..20_000);
            assert!((ratio - snr_db).abs() <= 0.3, "{tone}: {ratio} dB is not {snr_db}");
        }
        run(&folder, "sox -R -D -m -v 1 clean.wav -v 1 noise.wav noisy.wav", b"");
        for law in ["u-law", "a-law"] {
            run(&folder, &format!("sox -R -D noisy.wav -e {law} leg.wav"), b"");
            run(&folder, "sox -R -D leg.wav -e signed -b 16 heard.wav", b"");
            let file = folder.join("heard.wav");
            assert_eq!(texts(&heard(&file, "digit"), "digit"), ALL, "{law}, {snr_db} dB");
            let tones = heard(&file, "tone");
            let said = |tone: &Value, name: &str| tone[name].as_u64().unwrap_or_default();
            let near = |tone: &Value, (hz, ms): (u64, u64)| {
                let length_ms = said(tone, "end_ms") - said(tone, "start_ms");
                said(tone, "meant_hz") == hz && said(tone, "hz").abs_diff(hz) <= 10 && length_ms.abs_diff(ms) <= 8
            };
            let sent = [(1400, 100), (2300, 100), (1400, 850)];
            let right = tones.len() == sent.len() && tones.iter().zip(sent).all(|(tone, sent)| near(tone, sent));
            assert!(right, "{law}, {snr_db} dB: {tones:?}");
        }
    }
}

/// Every modem, and how minimodem calls it.
const MODEMS: [(Modem, &str); 4] = [
    (Modem::BELL_103_CALLING, "--mark 1270 --space 1070 --stopbits 1 300"),
    (Modem::BELL_103_ANSWERING, "--mark 2225 --space 2025 --stopbits 1 300"),
    (Modem::BELL_103_CALLING.slow(), "--mark 1270 --space 1070 --stopbits 2 110"),
    (Modem::CESA, "--mark 980 --space 1180 --stopbits 2 200"),
];

fn block() -> Vec<u8> {
    Block::new(Function::NEW_EVENT, b"ti12:05/ri1/BA001/BA002").expect("23 bytes fit").encode()
}

#[test]
fn minimodem_reads_our_blocks() {
    if !here(&["minimodem"]) {
        return;
    }
    let folder = folder("minimodem-reads");
    for (modem, words) in MODEMS {
        let line: Vec<i16> = modem.samples(&block(), 300, Volume::default()).chain([0; 800]).collect();
        wav::write(&folder.join("ours.wav"), &line).expect("a file is written");
        let said = run(&folder, &format!("minimodem --rx --quiet --samplerate 8000 --file ours.wav {words}"), b"");
        assert_eq!(said, block(), "{words}");
    }
}

#[test]
fn we_read_blocks_that_minimodem_sends() {
    if !here(&["minimodem", "sox"]) {
        return;
    }
    let folder = folder("minimodem-sends");
    for (modem, words) in MODEMS {
        run(&folder, &format!("minimodem --tx --quiet --samplerate 8000 --file bytes.wav {words}"), &block());
        // It begins at once, where DC-03 has a rest of more than 12 bits.
        let mark = modem.mark_hz;
        run(&folder, &format!("sox -R -D -n -r 8000 -b 16 rest.wav synth 0.3 sine {mark}"), b"");
        run(&folder, "sox -R -D rest.wav bytes.wav clean.wav gain -10", b"");
        // Noise 10 dB below the carrier, over a μ-law leg.
        let seconds = wav::read(&folder.join("clean.wav")).expect("a file that sox made").len() as f64 / 8000.0;
        run(&folder, &format!("sox -R -D -n -r 8000 -b 16 noise.wav synth {seconds} whitenoise gain -11.9"), b"");
        let ratio = level_db(&folder.join("clean.wav"), 0..4000) - level_db(&folder.join("noise.wav"), 0..4000);
        assert!((ratio - 10.0).abs() <= 0.3, "{ratio} dB");
        run(&folder, "sox -R -D -m -v 1 clean.wav -v 1 noise.wav -e u-law leg.wav", b"");
        run(&folder, "sox -R -D leg.wav -e signed -b 16 theirs.wav", b"");
        let line = wav::read(&folder.join("theirs.wav")).expect("a file that sox made");
        let (mut listener, mut reader, mut blocks) =
            (FskListener::new(modem).expect("within the limits"), BlockReader::default(), Vec::new());
        for sample in line.into_iter().chain([0; 1600]) {
            match listener.hear(sample) {
                Some(FskHeard::Byte(byte)) => blocks.extend(reader.push(byte).map(<[u8]>::to_vec)),
                Some(FskHeard::Begins | FskHeard::Garbled | FskHeard::Over) => reader.reset(),
                None => {}
            }
        }
        assert_eq!(blocks, [block()], "{words}");
    }
}

/// A law by the name that sox has for it, to how many bits sox rounds first, and both ways of ours.
type Law = (&'static str, u32, fn(i16) -> u8, fn(u8) -> i16);

#[test]
fn sox_compands_as_we_do() {
    if !here(&["sox"]) {
        return;
    }
    let folder = folder("g711");
    let codes: Vec<u8> = (0..=u8::MAX).collect();
    let every: Vec<i16> = (i16::MIN..=i16::MAX).collect();
    let bytes: Vec<u8> = every.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let laws: [Law; 2] = [("u-law", 14, g711::mu_law, g711::from_mu_law), ("a-law", 13, g711::a_law, g711::from_a_law)];
    for (law, bits, encode, decode) in laws {
        let (coded, plain) =
            (format!("-t raw -r 8000 -c 1 -e {law} -b 8 -"), "-t raw -r 8000 -c 1 -e signed -b 16 -L -");
        let theirs = run(&folder, &format!("sox -D {coded} {plain}"), &codes);
        let theirs: Vec<i16> = theirs.as_chunks::<2>().0.iter().map(|&pair| i16::from_le_bytes(pair)).collect();
        assert_eq!(theirs, codes.iter().map(|&code| decode(code)).collect::<Vec<_>>(), "{law}");
        let theirs = run(&folder, &format!("sox -D {plain} {coded}"), &bytes);
        let ours: Vec<u8> = every.iter().map(|&sample| encode(sample)).collect();
        assert_eq!(theirs.len(), ours.len(), "{law}");
        // It rounds to so many bits first, which moves the edges of steps.
        let exact = |place: &usize| every[*place].trailing_zeros() >= 16 - bits;
        let differ = (0..every.len()).filter(exact).find(|&place| theirs[place] != ours[place]);
        assert_eq!(differ.map(|place| (every[place], theirs[place], ours[place])), None, "{law}");
    }
}
