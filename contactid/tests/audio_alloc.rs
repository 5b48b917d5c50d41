//! Samples are listened to and made without allocation, for as long as a call takes.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its listeners do not begin")]

use std::alloc::System;

use contactid::audio::{
    BlockReader, Character, DtmfListener, DtmfOptions, FskHeard, FskListener, KeyedListener, Modem, PulseHeard,
    PulseListener, PulseOptions, ToneListener, ToneOptions, Volume, WarbleListener, samples,
};
use contactid::dtmf::Digit;
use contactid::line::Sound;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Everything that can be heard, heard once: digits, tones told of, rounds, blocks, a character, and two tones in turn.
fn listen() -> [usize; 6] {
    let mut digits = DtmfListener::new(DtmfOptions::default()).unwrap();
    let mut tones = ToneListener::new([1400, 2300], ToneOptions::default()).unwrap();
    let options = PulseOptions::at(1900, 20);
    let mut pulses = PulseListener::new(options).unwrap();
    let modem = Modem::BELL_103_CALLING;
    let (mut fsk, mut reader) = (FskListener::new(modem).unwrap(), BlockReader::default());

    let (mut keyed, mut warble) = (KeyedListener::new(1000, 50).unwrap(), WarbleListener::cesa());

    let volume = Volume::default();
    // A start bit, eight ones, and rest.
    let character = [Sound::Silence { ms: 300 }, Sound::Tone { hz: 1000, ms: 20 }, Sound::Silence { ms: 300 }];
    let turns = [1850, 1650].map(|hz| Sound::Tone { hz, ms: 15 }).into_iter().cycle().take(64);
    let pairs = (0..16).filter_map(Digit::new).map(|digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 });
    let kissoff = [Sound::Tone { hz: 1400, ms: 850 }, Sound::Silence { ms: 300 }];
    let round = [Digit::UNUSED; 4];
    let sounds = pairs
        .chain(kissoff)
        .chain(options.sounds(&round))
        .chain(character)
        .chain(turns)
        .flat_map(|sound| samples(sound, volume));
    let mut heard = [0; 6];
    for sample in sounds.chain(modem.samples(b"\x04#1234\xDC", 300, volume)).chain([0; 1600]) {
        heard[0] += usize::from(digits.hear(sample).is_some());
        heard[1] += usize::from(tones.hear(sample).is_some());
        heard[2] += usize::from(matches!(pulses.hear(sample), Some(PulseHeard::Round(_))));
        heard[4] += usize::from(keyed.hear(sample) == Some(Character::Byte(0xFF)));
        heard[5] += usize::from(warble.hear(sample).is_some());
        match fsk.hear(sample) {
            Some(FskHeard::Byte(byte)) => heard[3] += usize::from(reader.push(byte).is_some()),
            Some(_) => reader.reset(),
            None => {}
        }
    }
    heard
}

// One test in this crate, because every thread's allocations are counted.
#[test]
fn lines_are_listened_to_without_allocation() {
    let allocations = || {
        let counted = Region::new(ALLOCATOR);
        // Every digit, the beginning and the end of the kissoff, the round, the block, the character, the pattern.
        let right = listen() == [16, 2, 1, 1, 1, 1];
        let change = counted.change();
        assert!(right);
        change.allocations + change.reallocations
    };
    // What the harness still does beside a test that has just begun is counted as well, but not each time.
    let counts: [usize; 3] = std::array::from_fn(|_| allocations());
    assert!(counts.contains(&0), "{counts:?}");
}
