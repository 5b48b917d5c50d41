//! What a microphone heard: a sound that is made here, so that no recording has to be kept beside the program.

use simulator::panel::dice::Dice;

/// Samples a second, one byte each.
const RATE: u32 = 8000;
/// How long it is.
pub(super) const LASTS_S: u32 = 6;

/// Six seconds of a quiet room in which, after two seconds, glass breaks: a WAV file, the same every time.
pub(super) fn glass_breaks() -> Vec<u8> {
    let mut dice = Dice::new(20_110_110);
    let breaks = 2 * RATE;
    let samples = (0..LASTS_S * RATE).map(|at| {
        let noise = dice.between(0, 256);
        let loud = match at.checked_sub(breaks) {
            // It fades to the hum of the room within a second and a half.
            Some(since) => 100u32.saturating_sub(since / 120).max(2),
            None => 2,
        };
        u8::try_from(128 + (noise * loud) / 256 - loud / 2).unwrap_or(128)
    });
    let samples: Vec<u8> = samples.collect();
    let long = |number: u32| number.to_le_bytes();
    let short = |number: u16| number.to_le_bytes();
    let length = LASTS_S * RATE;
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend_from_slice(b"RIFF");
    file.extend(long(36 + length));
    file.extend_from_slice(b"WAVEfmt ");
    file.extend(long(16));
    // PCM, one channel, one byte a sample.
    file.extend([short(1), short(1)].concat());
    file.extend([long(RATE), long(RATE)].concat());
    file.extend([short(1), short(8)].concat());
    file.extend_from_slice(b"data");
    file.extend(long(length));
    file.extend(samples);
    file
}
