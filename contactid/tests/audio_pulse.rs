//! Pulse rounds in samples: every format's rates, limits from inside and from outside.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its pulses do not read")]

#[path = "support/audio_line.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod audio_line;

use audio_line::{Chance, a_law, mu_law, noisy, sampled, silence, sines};
use contactid::audio::{PulseHeard, PulseListener, PulseOptions, Volume, samples};
use contactid::dtmf::Digit;
use contactid::line::pulse::FORMATS;
use proptest::prelude::*;

fn digits(text: &str) -> Vec<Digit> {
    text.chars().map(|digit| Digit::from_char(digit).unwrap()).collect()
}

/// The rounds that are heard, and a `!` for one that is garbled; and how many pulses.
fn hear(options: PulseOptions, line: &[i16]) -> (Vec<String>, usize) {
    let (mut listener, mut rounds, mut pulses) = (PulseListener::new(options).unwrap(), Vec::new(), 0);
    for sample in line.iter().copied().chain([0; 16_000]) {
        match listener.hear(sample) {
            Some(PulseHeard::Round(round)) => rounds.push(round.digits().iter().map(|digit| digit.to_char()).collect()),
            Some(PulseHeard::Garbled) => rounds.push("!".to_owned()),
            Some(PulseHeard::Pulse) => pulses += 1,
            None => {}
        }
    }
    (rounds, pulses)
}

/// Two rounds as they are sent.
fn line(options: PulseOptions, volume: Volume) -> Vec<i16> {
    let rounds = [digits("12A3F1"), digits("12A3F1")];
    let sounds = rounds.iter().flat_map(|round| options.sounds(round));
    [0; 777].into_iter().chain(sounds.flat_map(|sound| samples(sound, volume))).collect()
}

fn twice() -> (Vec<String>, usize) {
    (vec!["12A3F1".to_owned(), "12A3F1".to_owned()], 2 * (1 + 2 + 10 + 3 + 15 + 1))
}

#[test]
fn every_format_over_every_leg() {
    for format in FORMATS {
        for &rate in format.rates {
            for tone_hz in format.tone_hz.map_or(vec![1800, 1900], |hz| vec![hz]) {
                let options = PulseOptions::at(tone_hz, rate);
                for db in [0.0, -12.0, -30.0, -40.0] {
                    let line = line(options, Volume { db, ..Volume::default() });
                    for line in [line.clone(), mu_law(&line), a_law(&line)] {
                        assert_eq!(hear(options, &line), twice(), "{}, {tone_hz} Hz, {rate}, {db} dB", format.name);
                    }
                }
                let faint = line(options, Volume { db: -50.0, ..Volume::default() });
                assert_eq!(hear(options, &faint), (Vec::new(), 0));
            }
        }
    }
}

#[test]
fn one_listener_hears_both_tones() {
    for (tone_hz, rate) in [(1800, 10), (1900, 10), (1800, 20), (1900, 20), (1800, 40), (1900, 40)] {
        let sent = line(PulseOptions::at(tone_hz, rate), Volume::default());
        assert_eq!(hear(PulseOptions::at(1850, rate), &sent), twice(), "{tone_hz} Hz, {rate}");
    }
}

#[test]
fn rates_and_widths_that_are_off() {
    for rate in [18, 19, 21, 22] {
        let sent = PulseOptions { rate, ..PulseOptions::at(1800, 20) };
        assert_eq!(hear(PulseOptions::at(1800, 20), &line(sent, Volume::default())), twice(), "{rate}");
    }
    let pulses = |on_ms: f64, off_ms: f64| {
        let one = [sines(&[(1800.0, -12.0)], on_ms), silence(off_ms)].concat();
        hear(PulseOptions::at(1800, 20), &sampled(&[silence(99.0), one.repeat(7)].concat()))
    };
    for (on_ms, off_ms) in [(18.0, 32.0), (20.0, 30.0), (30.0, 20.0), (35.0, 15.0)] {
        assert_eq!(pulses(on_ms, off_ms), (vec!["7".to_owned()], 7), "{on_ms}/{off_ms}");
    }
    assert_eq!(pulses(4.0, 46.0), (Vec::new(), 0));
    assert_eq!(pulses(100.0, 50.0), (Vec::new(), 0));
}

#[test]
fn noise_and_other_tones() {
    let mut chance = Chance(21);
    for rate in [10, 20, 40] {
        let options = PulseOptions::at(1900, rate);
        let sent: Vec<f64> = line(options, Volume::default()).into_iter().map(f64::from).collect();
        // 10 dB of signal to noise in 4 kHz.
        let noise = mu_law(&sampled(&noisy(&sent, -22.0, &mut chance)));
        assert_eq!(hear(options, &noise), twice(), "{rate}");
        assert_eq!(hear(options, &line(PulseOptions::at(1400, rate), Volume::default())), (Vec::new(), 0), "{rate}");
    }
    assert_eq!(hear(PulseOptions::at(1800, 20), &sampled(&noisy(&silence(20_000.0), -15.0, &mut chance))).0, [""; 0]);
}

#[test]
fn settings_that_no_listener_can_work_with() {
    let good = PulseOptions::at(1800, 20);
    let refused =
        |options| PulseListener::new(options).err().map(|error| (error.setting, error.from, error.to, error.found));
    assert_eq!(refused(PulseOptions { tone_hz: 299, ..good }), Some(("tone_hz", 300.0, 3400.0, 299.0)));
    assert_eq!(refused(PulseOptions { rate: 51, ..good }), Some(("rate", 5.0, 50.0, 51.0)));
    assert_eq!(refused(PulseOptions { digit_gap_ms: 99, ..good }), Some(("digit_gap_ms", 100.0, 30_000.0, 99.0)));
    assert_eq!(refused(PulseOptions { round_gap_ms: 499, ..good }), Some(("round_gap_ms", 500.0, 60_000.0, 499.0)));
    assert_eq!(refused(PulseOptions { min_level_db: 0.5, ..good }), Some(("min_level_db", -90.0, 0.0, 0.5)));
    for edge in [PulseOptions::at(300, 5), PulseOptions::at(3400, 50), PulseOptions { digit_gap_ms: 100, ..good }] {
        assert_eq!(refused(edge), None);
    }
}

#[test]
fn what_is_no_round_is_garbled() {
    let options = PulseOptions::at(1800, 20);
    let tone = |ms: f64| sines(&[(1800.0, -12.0)], ms);
    let pulse = || [tone(25.0), silence(25.0)].concat();
    let sixteen = [pulse().repeat(16), silence(2000.0)].concat();
    assert_eq!(hear(options, &sampled(&sixteen)), (vec!["!".to_owned()], 16));
    let long = [pulse().repeat(3), tone(200.0), silence(25.0), pulse().repeat(2), silence(2000.0)].concat();
    assert_eq!(hear(options, &sampled(&long)), (vec!["!".to_owned()], 5));
    // Nine digits are shown as eight, which no report has.
    let many: Vec<i16> =
        options.sounds(&digits("111111111")).flat_map(|sound| samples(sound, Volume::default())).collect();
    assert_eq!(hear(options, &many), (vec!["11111111".to_owned()], 9));
    // After what was garbled the next round is read.
    let again = [sampled(&sixteen), line(options, Volume::default())].concat();
    assert_eq!(hear(options, &again).0, ["!", "12A3F1", "12A3F1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_round_survives(counts in prop::collection::vec(1u8..16, 1..8), rate in prop::sample::select(vec![10u8, 20, 40]),
                          tone_hz in prop::sample::select(vec![1800u16, 1900]), db in -30f32..0.0, law in any::<bool>()) {
        let options = PulseOptions::at(tone_hz, rate);
        let round: Vec<Digit> = counts.iter().filter_map(|&count| Digit::new(count)).collect();
        let volume = Volume { db, ..Volume::default() };
        let line: Vec<i16> = options.sounds(&round).flat_map(|sound| samples(sound, volume)).collect();
        let line = if law { mu_law(&line) } else { line };
        let text: String = round.iter().map(|digit| digit.to_char()).collect();
        prop_assert_eq!(hear(options, &line), (vec![text], counts.iter().map(|&count| usize::from(count)).sum()));
    }

    #[test]
    fn nothing_panics(line in prop::collection::vec(any::<i16>(), 0..2000), tone_hz in 300u16..=3400, rate in 5u8..=50,
                      digit_gap_ms in 400u16..=30_000, min_level_db in -90f32..=0.0) {
        let options = PulseOptions { tone_hz, rate, digit_gap_ms, round_gap_ms: digit_gap_ms * 2, min_level_db };
        let (rounds, pulses) = hear(options, &line);
        prop_assert!(rounds.len() <= pulses);
        prop_assert!(options.sounds(&digits("09F")).count() > 20);
    }
}
