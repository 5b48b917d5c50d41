//! Samples are listened to and made without allocation, for as long as a call takes.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its listeners do not begin")]

use std::alloc::System;

use contactid::audio::{
    BlockReader, DtmfListener, DtmfOptions, FskHeard, FskListener, Modem, PulseHeard, PulseListener, PulseOptions,
    ToneListener, ToneOptions, Volume, samples,
};
use contactid::dtmf::Digit;
use contactid::line::Sound;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Everything that can be heard, heard once: digits, tones told of, rounds, and blocks.
fn listen() -> [usize; 4] {
    let mut digits = DtmfListener::new(DtmfOptions::default()).unwrap();
    let mut tones = ToneListener::new([1400, 2300], ToneOptions::default()).unwrap();
    let options = PulseOptions::at(1900, 20);
    let mut pulses = PulseListener::new(options).unwrap();
    let modem = Modem::BELL_103_CALLING;
    let (mut fsk, mut reader) = (FskListener::new(modem).unwrap(), BlockReader::default());

    let volume = Volume::default();
    let pairs = (0..16).filter_map(Digit::new).map(|digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 });
    let kissoff = [Sound::Tone { hz: 1400, ms: 850 }, Sound::Silence { ms: 300 }];
    let round = [Digit::UNUSED; 4];
    let sounds = pairs.chain(kissoff).chain(options.sounds(&round)).flat_map(|sound| samples(sound, volume));
    let mut heard = [0; 4];
    for sample in sounds.chain(modem.samples(b"\x04#1234\xDC", 300, volume)).chain([0; 1600]) {
        heard[0] += usize::from(digits.hear(sample).is_some());
        heard[1] += usize::from(tones.hear(sample).is_some());
        heard[2] += usize::from(matches!(pulses.hear(sample), Some(PulseHeard::Round(_))));
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
        // Every digit, the beginning and the end of the kissoff, the round, the block.
        let right = listen() == [16, 2, 1, 1];
        let change = counted.change();
        assert!(right);
        change.allocations + change.reallocations
    };
    // What the harness still does beside a test that has just begun is counted as well, but not each time.
    let counts: [usize; 3] = std::array::from_fn(|_| allocations());
    assert!(counts.contains(&0), "{counts:?}");
}
