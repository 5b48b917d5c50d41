//! Samples are listened to and made without allocation, for as long as a call takes.
#![cfg(feature = "audio")]

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

// One test in this crate, because every thread's allocations are counted.
#[test]
fn lines_are_listened_to_without_allocation() {
    let counted = Region::new(ALLOCATOR);
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
    let (mut heard, mut blocks) = ([0usize; 3], 0usize);
    for sample in sounds.chain(modem.samples(b"\x04#1234\xDC", 300, volume)).chain([0; 1600]) {
        heard[0] += usize::from(digits.hear(sample).is_some());
        heard[1] += usize::from(tones.hear(sample).is_some());
        heard[2] += usize::from(matches!(pulses.hear(sample), Some(PulseHeard::Round(_))));
        match fsk.hear(sample) {
            Some(FskHeard::Byte(byte)) => blocks += usize::from(reader.push(byte).is_some()),
            Some(_) => reader.reset(),
            None => {}
        }
    }
    let change = counted.change();

    assert_eq!(change.allocations + change.reallocations, 0, "{change:?}");
    // Every digit, the beginning and the end of the kissoff, the round, the block.
    assert_eq!((heard, blocks), ([16, 2, 1], 1));
}
