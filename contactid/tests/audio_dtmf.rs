//! Digits in samples: each limit from inside and from outside, noise, companding, and speech that is no digit.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its digits do not read")]

#[path = "support/audio_line.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod audio_line;

use audio_line::{Chance, a_law, mu_law, noisy, sampled, silence, sines};
use contactid::audio::{DtmfListener, DtmfOptions, HeardDigit, Volume, samples};
use contactid::{dtmf::Digit, line::Sound};
use proptest::prelude::*;

const ALL: &str = "0123456789ABCDEF";

/// What is heard in samples, with silence behind them.
fn hear(options: DtmfOptions, line: &[i16]) -> Vec<HeardDigit> {
    let mut listener = DtmfListener::new(options).unwrap();
    line.iter().copied().chain([0; 480]).filter_map(|sample| listener.hear(sample)).collect()
}

/// The digits alone, as text.
fn digits(line: &[i16]) -> String {
    hear(DtmfOptions::default(), line).iter().map(|heard| heard.digit.to_char()).collect()
}

/// One pair with everything that can be wrong with it.
#[derive(Clone, Copy)]
struct Pair {
    low_permille: f64,
    high_permille: f64,
    low_db: f64,
    high_db: f64,
    on_ms: f64,
}

const GOOD: Pair = Pair { low_permille: 0.0, high_permille: 0.0, low_db: -12.0, high_db: -12.0, on_ms: 50.0 };

impl Pair {
    /// Every digit sent so, 50 ms apart.
    fn all(self) -> Vec<f64> {
        let mut line = silence(100.0);
        for digit in ALL.chars() {
            line.extend(self.one(digit));
            line.extend(silence(50.0));
        }
        line
    }

    fn one(self, digit: char) -> Vec<f64> {
        let (low, high) = Digit::from_char(digit).unwrap().pair();
        let off = |hz: u16, permille: f64| f64::from(hz) * (1.0 + permille / 1000.0);
        let tones = [(off(low, self.low_permille), self.low_db), (off(high, self.high_permille), self.high_db)];
        sines(&tones, self.on_ms)
    }
}

/// All sixteen digits are heard, or none is, whatever the leg.
fn check(name: &str, pair: Pair, heard: bool) {
    let line = sampled(&pair.all());
    let expected = if heard { ALL } else { "" };
    for (leg, line) in [("linear", line.clone()), ("μ-law", mu_law(&line)), ("A-law", a_law(&line))] {
        assert_eq!(digits(&line), expected, "{name}, {leg}");
    }
}

#[test]
fn frequencies_within_the_tolerance_and_beyond() {
    for permille in [-15.0, -10.0, 10.0, 15.0] {
        check("both off", Pair { low_permille: permille, high_permille: permille, ..GOOD }, true);
        check("apart", Pair { low_permille: permille, high_permille: -permille, ..GOOD }, true);
    }
    for permille in [-35.0, 35.0, 60.0] {
        check("low off", Pair { low_permille: permille, ..GOOD }, false);
        check("high off", Pair { high_permille: permille, ..GOOD }, false);
    }
}

#[test]
fn twist_both_ways() {
    for twist in [0.0, 4.0, 8.0] {
        check("low weaker", Pair { low_db: -12.0 - twist, ..GOOD }, true);
        check("high weaker", Pair { high_db: -12.0 - twist, ..GOOD }, true);
    }
    for twist in [10.5, 15.0] {
        check("low too weak", Pair { low_db: -12.0 - twist, ..GOOD }, false);
        check("high too weak", Pair { high_db: -12.0 - twist, ..GOOD }, false);
    }
}

#[test]
fn levels_from_clipping_to_the_limit() {
    // At -3 the sum of both is clipped; at -40 A-law has a few steps left.
    for db in [-3.0, -6.0, -20.0, -30.0, -40.0] {
        check("level", Pair { low_db: db, high_db: db, ..GOOD }, true);
    }
    for db in [-47.0, -60.0] {
        check("too low", Pair { low_db: db, high_db: db, ..GOOD }, false);
    }
}

#[test]
fn lengths() {
    for on_ms in [40.0, 50.0, 65.0, 500.0] {
        check("long enough", Pair { on_ms, ..GOOD }, true);
    }
    for on_ms in [5.0, 15.0, 23.0] {
        check("too short", Pair { on_ms, ..GOOD }, false);
    }
}

#[test]
fn gaps_part_digits_and_interruptions_do_not() {
    let with_gap = |first: char, gap_ms: f64, second: char| {
        let parts = [silence(33.0), GOOD.one(first), silence(gap_ms), GOOD.one(second)];
        digits(&sampled(&parts.concat()))
    };
    for gap_ms in [30.0, 40.0, 50.0, 2000.0] {
        assert_eq!(with_gap('5', gap_ms, '5'), "55", "{gap_ms}");
    }
    for gap_ms in [1.0, 5.0, 10.0] {
        assert_eq!(with_gap('5', gap_ms, '5'), "5", "{gap_ms}");
    }
    for gap_ms in [0.0, 10.0, 40.0] {
        assert_eq!(with_gap('1', gap_ms, '9'), "19", "{gap_ms}");
    }
}

#[test]
fn times_are_known_to_five_milliseconds() {
    for start in [60.0, 61.3, 62.6, 63.9, 65.1] {
        let line = [silence(start), GOOD.one('7'), silence(50.0)].concat();
        let heard = hear(DtmfOptions::default(), &sampled(&line));
        let [one] = heard[..] else { panic!("one digit: {heard:?}") };
        let near = |ms: u64, meant: f64| assert!((ms as f64 - meant).abs() <= 5.0, "{one:?}, from {start}");
        near(one.start_ms, start);
        near(one.end_ms, start + 50.0);
    }
}

#[test]
fn noise_hum_and_direct_current() {
    // 50 digits of every kind at 6 dB of signal to noise: the sum of both tones against the noise in 4 kHz.
    let mut chance = Chance(1);
    for _ in 0..3 {
        let line = noisy(&GOOD.all(), -12.0 + 3.0 - 6.0, &mut chance);
        assert_eq!(digits(&mu_law(&sampled(&line))), ALL);
    }
    let hum = sines(&[(50.0, -9.0), (150.0, -20.0)], 2000.0);
    let line: Vec<f64> = GOOD.all().iter().zip(hum).map(|(tone, hum)| tone * 0.5 + hum + 2000.0).collect();
    assert_eq!(digits(&sampled(&line)), ALL);
}

/// What sounds like speech: a buzz of falling harmonics through three formants, new vowels and a new melody a few times a
/// second.
fn voice(seconds: u32, chance: &mut Chance) -> Vec<f64> {
    let (mut phase, mut line) = (0.0f64, Vec::new());
    let mut sound = [140.0, 500.0, 1500.0, 2500.0];
    let mut aim = sound;
    for n in 0..seconds * 8000 {
        if n % 1200 == 0 {
            let between = |low: f64, high: f64, chance: f64| low + (high - low) * chance;
            let ranges = [(90.0, 240.0), (270.0, 850.0), (850.0, 2300.0), (2200.0, 3000.0)];
            aim = ranges.map(|(low, high)| between(low, high, chance.next()));
        }
        for (now, aim) in sound.iter_mut().zip(aim) {
            *now += (aim - *now) * 0.002;
        }
        let [pitch, formants @ ..] = sound;
        phase += pitch / 8000.0;
        let value: f64 = (1..=(3400.0 / pitch) as u32)
            .map(f64::from)
            .map(|harmonic| {
                let weight = |formant: &f64| 1.0 / (1.0 + ((pitch * harmonic - formant) / 60.0).powi(2));
                let weight = formants.iter().map(weight).sum::<f64>() + 0.02;
                weight / harmonic * (std::f64::consts::TAU * phase * harmonic).sin()
            })
            .sum();
        line.push(value * 12_000.0);
    }
    line
}

#[test]
fn noise_and_what_sounds_like_speech_are_no_digits() {
    let mut chance = Chance(2);
    assert_eq!(digits(&sampled(&noisy(&silence(20_000.0), -20.0, &mut chance))), "");
    // A vowel can be two pure tones for as long as a digit is. It must be seldom, and far from a message.
    let spoken = digits(&mu_law(&sampled(&voice(60, &mut chance))));
    assert!(spoken.len() <= 3, "in a minute without a pause: {spoken}");
    // Single tones are not, either.
    for hz in [697.0, 1209.0, 1400.0, 2300.0, 350.0] {
        assert_eq!(digits(&sampled(&sines(&[(hz, -10.0)], 500.0))), "", "{hz}");
    }
}

#[test]
fn options_move_the_limits() {
    let line = sampled(&Pair { low_permille: 40.0, on_ms: 20.0, ..GOOD }.all());
    let open = DtmfOptions { tolerance_permille: 50, min_on_ms: 10, ..DtmfOptions::default() };
    assert_eq!(hear(open, &line).len(), 16);
}

#[test]
fn settings_that_no_listener_can_work_with() {
    let good = DtmfOptions::default();
    for (options, error) in [
        (DtmfOptions { tolerance_permille: 101, ..good }, ("tolerance_permille", 0.0, 100.0, 101.0)),
        (DtmfOptions { min_on_ms: 1001, ..good }, ("min_on_ms", 0.0, 1000.0, 1001.0)),
        (DtmfOptions { min_off_ms: 1001, ..good }, ("min_off_ms", 0.0, 1000.0, 1001.0)),
        (DtmfOptions { twist_db: -1.0, ..good }, ("twist_db", 0.0, 30.0, -1.0)),
        (DtmfOptions { reverse_twist_db: 31.0, ..good }, ("reverse_twist_db", 0.0, 30.0, 31.0)),
        (DtmfOptions { min_level_db: 3.0, ..good }, ("min_level_db", -90.0, 0.0, 3.0)),
        (DtmfOptions { min_share: 1.1, ..good }, ("min_share", 0.0, 1.0, 1.1)),
    ] {
        let refused = DtmfListener::new(options).unwrap_err();
        assert_eq!((refused.setting, refused.from, refused.to, refused.found), error);
    }
    let refused = DtmfListener::new(DtmfOptions { min_share: f32::NAN, ..good }).unwrap_err();
    assert_eq!(refused.to_string(), "min_share: 0 to 1 was expected, and NaN found");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_digits_survive(numbers in prop::collection::vec(0u8..16, 1..20), on_ms in 40u32..80, off_ms in 40u32..80,
                          db in -25f32..-9.0, twist_db in -8f32..8.0, start_ms in 0u32..40, law in 0..3) {
        let sent: Vec<Digit> = numbers.into_iter().filter_map(Digit::new).collect();
        let volume = Volume { db: if twist_db < 0.0 { db } else { db - twist_db }, twist_db };
        let sounds = sent.iter().map(|&digit| Sound::Digit { digit, on_ms, off_ms });
        let line: Vec<i16> = [Sound::Silence { ms: start_ms }].into_iter().chain(sounds)
            .flat_map(|sound| samples(sound, volume)).collect();
        let line = match law { 0 => line, 1 => mu_law(&line), _ => a_law(&line) };
        let heard: Vec<Digit> = hear(DtmfOptions::default(), &line).iter().map(|heard| heard.digit).collect();
        prop_assert_eq!(heard, sent);
    }

    #[test]
    fn nothing_panics(line in prop::collection::vec(any::<i16>(), 0..2000)) {
        let heard = hear(DtmfOptions::default(), &line);
        prop_assert!(heard.windows(2).all(|pair| pair[0].end_ms <= pair[1].end_ms));
    }
}
