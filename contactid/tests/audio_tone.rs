//! Handshakes and kissoffs in samples: length, frequency, noise, and what is no tone.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its tones do not read")]

#[path = "support/audio_line.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod audio_line;

use audio_line::{Chance, a_law, mu_law, noisy, sampled, silence, sines};
use contactid::audio::{HeardTone, ToneListener, ToneOptions, Volume, samples};
use contactid::{dtmf::Digit, line::Sound};
use proptest::prelude::*;

/// What is heard of the two tones of the handshake, with silence behind the line.
fn hear(options: ToneOptions, line: &[i16]) -> Vec<HeardTone> {
    let mut listener = ToneListener::new([1400, 2300], options).unwrap();
    line.iter().copied().chain([0; 480]).filter_map(|sample| listener.hear(sample)).collect()
}

/// The tones that were over: what was meant, what it was, how long it sounded.
fn over(line: &[i16]) -> Vec<(u16, u16, u64)> {
    let only = |heard: HeardTone| match heard {
        HeardTone::Over { meant_hz, hz, start_ms, end_ms } => Some((meant_hz, hz, end_ms - start_ms)),
        HeardTone::Begins { .. } => None,
    };
    hear(ToneOptions::default(), line).into_iter().filter_map(only).collect()
}

/// One tone of 100 ms is heard as the one that is meant, or none is, whatever the leg.
fn check(meant: u16, hz: f64, db: f64, heard: bool) {
    let line = sampled(&[silence(203.0), sines(&[(hz, db)], 100.0)].concat());
    for (leg, line) in [("linear", line.clone()), ("μ-law", mu_law(&line)), ("A-law", a_law(&line))] {
        match over(&line)[..] {
            [(was_meant, was, ms)] if heard => {
                let near = (f64::from(was) - hz).abs() <= 3.0 && ms.abs_diff(100) <= 3;
                assert!(near && was_meant == meant, "{hz} Hz, {db} dB, {leg}: {was_meant}, {was} for {ms} ms");
            }
            [] if !heard => {}
            ref other => panic!("{hz} Hz, {db} dB, {leg}: {other:?}"),
        }
    }
}

#[test]
fn frequencies_within_the_tolerance_and_beyond() {
    for meant in [1400, 2300] {
        for permille in [-50.0, -30.0, -10.0, 0.0, 10.0, 30.0, 50.0] {
            check(meant, f64::from(meant) * (1.0 + permille / 1000.0), -12.0, true);
        }
        for permille in [-150.0, -70.0, 70.0, 150.0] {
            check(meant, f64::from(meant) * (1.0 + permille / 1000.0), -12.0, false);
        }
    }
}

#[test]
fn levels_from_full_scale_to_the_limit() {
    for db in [0.0, -10.0, -30.0, -40.0] {
        check(1400, 1400.0, db, true);
    }
    check(2300, 2300.0, -48.0, false);
}

#[test]
fn handshake_and_kissoff_as_they_are_sent() {
    let tone = |hz, ms| Sound::Tone { hz, ms };
    let pause = |ms| Sound::Silence { ms };
    let sounds = [pause(1000), tone(1400, 100), pause(100), tone(2300, 100), pause(1800), tone(1400, 850)];
    let line: Vec<i16> = sounds.into_iter().flat_map(|sound| samples(sound, Volume::default())).collect();
    let near = |ms: u64, meant: u64| assert!(ms.abs_diff(meant) <= 3, "{ms} is not {meant}");
    let heard = hear(ToneOptions::default(), &mu_law(&line));
    let meant = [(1400, 1000, 1100), (2300, 1200, 1300), (1400, 3100, 3950)];
    assert_eq!(heard.len(), 2 * meant.len());
    for (pair, (hz, start, end)) in heard.as_chunks::<2>().0.iter().zip(meant) {
        let &[HeardTone::Begins { meant_hz, start_ms }, over] = pair else { panic!("it begins: {pair:?}") };
        assert!(matches!(over, HeardTone::Over { .. }));
        let HeardTone::Over { meant_hz: same_hz, hz: was, start_ms: same_ms, end_ms } = over else { continue };
        assert_eq!((meant_hz, same_hz, was, start_ms), (hz, hz, hz, same_ms));
        near(start_ms, start);
        near(end_ms, end);
    }
}

#[test]
fn lengths_and_interruptions() {
    for ms in [20.0, 30.0] {
        assert_eq!(over(&sampled(&sines(&[(1400.0, -12.0)], ms))), [], "{ms}");
    }
    let broken = |gap_ms: f64| {
        let tone = || sines(&[(1400.0, -12.0)], 300.0);
        over(&sampled(&[tone(), silence(gap_ms), tone()].concat())).len()
    };
    assert_eq!([5.0, 10.0, 30.0, 100.0].map(broken), [1, 1, 2, 2]);
}

#[test]
fn noise() {
    let mut chance = Chance(5);
    // 6 dB of signal to noise in 4 kHz.
    let tones = [silence(300.0), sines(&[(1400.0, -12.0)], 100.0), silence(100.0), sines(&[(2300.0, -12.0)], 850.0)];
    for _ in 0..5 {
        let line = mu_law(&sampled(&noisy(&tones.concat(), -18.0, &mut chance)));
        let near = |(meant, hz, ms): (u16, u16, u64)| (meant, hz.abs_diff(meant) <= 8, ms.div_ceil(50));
        assert_eq!(over(&line).into_iter().map(near).collect::<Vec<_>>(), [(1400, true, 2), (2300, true, 17)]);
    }
    assert_eq!(over(&sampled(&noisy(&silence(20_000.0), -15.0, &mut chance))), []);
}

#[test]
fn settings_that_no_listener_can_work_with() {
    let good = ToneOptions::default();
    let refused = |hz, options| {
        ToneListener::new([1400, hz], options).err().map(|error| (error.setting, error.from, error.to, error.found))
    };
    assert_eq!(refused(299, good), Some(("hz", 300.0, 3400.0, 299.0)));
    for (options, error) in [
        (ToneOptions { tolerance_permille: 151, ..good }, ("tolerance_permille", 0.0, 150.0, 151.0)),
        (ToneOptions { min_on_ms: 1001, ..good }, ("min_on_ms", 0.0, 1000.0, 1001.0)),
        (ToneOptions { min_off_ms: 1001, ..good }, ("min_off_ms", 0.0, 1000.0, 1001.0)),
        (ToneOptions { min_level_db: -91.0, ..good }, ("min_level_db", -90.0, 0.0, -91.0)),
        (ToneOptions { min_share: -0.1, ..good }, ("min_share", 0.0, 1.0, -0.1)),
    ] {
        assert_eq!(refused(2300, options), Some(error));
    }
    assert_eq!((refused(300, good), refused(3400, good)), (None, None));
}

#[test]
fn digits_are_no_tones() {
    for digit in (0..16).filter_map(Digit::new) {
        let line: Vec<i16> = samples(Sound::Digit { digit, on_ms: 500, off_ms: 50 }, Volume::default()).collect();
        assert_eq!(over(&line), [], "{digit}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_tone_that_is_listened_for_is_heard(hz in 500u16..3300, ms in 60u32..400, start_ms in 30u32..60, db in -35f32..0.0) {
        let mut listener = ToneListener::new([hz], ToneOptions::default()).unwrap();
        let line = [Sound::Silence { ms: start_ms }, Sound::Tone { hz, ms }, Sound::Silence { ms: 60 }];
        let volume = Volume { db, ..Volume::default() };
        let heard: Vec<HeardTone> =
            line.into_iter().flat_map(|sound| samples(sound, volume)).filter_map(|sample| listener.hear(sample)).collect();
        let [HeardTone::Begins { .. }, HeardTone::Over { hz: was, start_ms: from, end_ms, .. }] = heard[..] else {
            return Err(TestCaseError::fail(format!("{heard:?}")));
        };
        prop_assert!(was.abs_diff(hz) <= 1 && from.abs_diff(start_ms.into()) <= 4, "{heard:?}");
        prop_assert!((end_ms - from).abs_diff(ms.into()) <= 6, "{heard:?}");
    }

    #[test]
    fn nothing_panics(line in prop::collection::vec(any::<i16>(), 0..2000), hz in prop::array::uniform3(300u16..=3400)) {
        let mut listener = ToneListener::new(hz, ToneOptions::default()).unwrap();
        let heard: Vec<HeardTone> = line.into_iter().filter_map(|sample| listener.hear(sample)).collect();
        // Every end has its beginning.
        let begins = heard.iter().filter(|heard| matches!(heard, HeardTone::Begins { .. })).count();
        prop_assert!(begins * 2 - heard.len() <= 1);
    }
}
