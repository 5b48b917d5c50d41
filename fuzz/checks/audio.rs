//! Samples of a telephone line.

use contactid::audio::{
    BlockReader, DtmfListener, DtmfOptions, FskHeard, FskListener, HeardTone, Modem, PulseHeard, PulseListener,
    PulseOptions, ToneListener, ToneOptions, Volume, g711, samples,
};
use contactid::dtmf::Digit;
use contactid::line::Sound;
use contactid::sia::Block;

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[("audio-dtmf", dtmf), ("audio-fsk", fsk), ("audio-pulse", pulse)];

/// What is said on the line: two bytes say what, and how long.
fn line(steps: &[u8]) -> (Vec<i16>, Vec<Digit>, bool) {
    let (mut line, mut digits, mut clean) = (vec![0; 80], Vec::new(), true);
    for &[what, how] in steps.as_chunks::<2>().0.iter().take(200) {
        let ms = u32::from(how);
        match what {
            0..128 => {
                let digit = Digit::new(what % 16).unwrap_or(Digit::ZERO);
                // Long enough to be heard, and apart from the next one.
                let (on_ms, off_ms) = (40 + ms % 40, 40 + ms / 40);
                let volume = Volume { twist_db: f32::from(what / 16) - 4.0, ..Volume::default() };
                line.extend(samples(Sound::Digit { digit, on_ms, off_ms }, volume));
                digits.push(digit);
            }
            128..160 => line.extend(samples(Sound::Silence { ms }, Volume::default())),
            160..192 => {
                let hz = u16::from(what - 160) * 100 + 400;
                line.extend(samples(Sound::Tone { hz, ms }, Volume { db: -f32::from(how) / 4.0, ..Volume::default() }));
                clean = false;
            }
            _ => {
                // Eight bits as a telephone leg brings them, and some that no leg does.
                let byte = |n: u32| (n.wrapping_mul(u32::from(what) * 2 + 1) >> 3) as u8 ^ how;
                let law = if what & 1 == 0 { g711::from_mu_law } else { g711::from_a_law };
                line.extend((0..ms * 4).map(|n| law(byte(n))));
                clean = false;
            }
        }
    }
    line.extend([0; 400]);
    (line, digits, clean)
}

/// Digits and single tones among everything that may be on a line.
fn dtmf(bytes: &[u8]) {
    let (line, sent, clean) = line(bytes);
    let mut digits = DtmfListener::new(DtmfOptions::default()).expect("within the limits");
    let mut tones = ToneListener::new([1400, 2300], ToneOptions::default()).expect("within the limits");
    let (mut heard, mut open, mut last_ms) = (Vec::new(), None, 0);
    for (n, &sample) in line.iter().enumerate() {
        let now_ms = n as u64 / 8 + 1;
        if let Some(digit) = digits.hear(sample) {
            assert!(last_ms <= digit.end_ms && digit.start_ms < digit.end_ms && digit.end_ms <= now_ms);
            last_ms = digit.end_ms;
            heard.push(digit.digit);
        }
        match tones.hear(sample) {
            Some(HeardTone::Begins { meant_hz, start_ms }) => {
                assert!(open.is_none() && start_ms <= now_ms);
                open = Some((meant_hz, start_ms));
            }
            Some(HeardTone::Over { meant_hz, hz, start_ms, end_ms }) => {
                assert_eq!(open.take(), Some((meant_hz, start_ms)));
                assert!(start_ms < end_ms && end_ms <= now_ms && hz.abs_diff(meant_hz) <= meant_hz / 10);
            }
            None => {}
        }
    }
    if clean {
        assert_eq!(heard, sent);
    }
}

/// Bytes through a modem, and bytes as samples.
fn fsk(bytes: &[u8]) {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let bytes = &bytes[..bytes.len().min(200)];
    let modems = [Modem::BELL_103_CALLING, Modem::BELL_103_ANSWERING, Modem::BELL_103_CALLING.slow(), Modem::CESA];
    let modem = modems[usize::from(choice % 4)];
    let law = if choice & 4 == 0 { g711::from_mu_law } else { g711::from_a_law };
    let raw: Vec<i16> = bytes.iter().flat_map(|&byte| [law(byte), law(byte ^ choice)]).collect();
    let sent: Vec<i16> = modem.samples(bytes, 250, Volume::default()).chain([0; 1600]).collect();
    for (line, exact) in [(&sent, true), (&raw, false)] {
        let (mut listener, mut reader, mut heard) =
            (FskListener::new(modem).expect("within the limits"), BlockReader::default(), Vec::new());
        for &sample in line {
            match listener.hear(sample) {
                Some(FskHeard::Byte(byte)) => {
                    heard.push(byte);
                    assert!(reader.push(byte).is_none_or(|block| (3..=Block::MAX).contains(&block.len())));
                }
                Some(FskHeard::Begins | FskHeard::Garbled | FskHeard::Over) => reader.reset(),
                None => {}
            }
        }
        assert!(!exact || heard == bytes);
    }
}

/// Rounds of pulses, each byte below 128 as two digits, and anything else between them.
fn pulse(bytes: &[u8]) {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let options = PulseOptions::at([1800, 1900][usize::from(choice & 1)], [10, 20, 40][usize::from(choice / 2 % 3)]);
    let bytes = &bytes[..bytes.len().min(12)];
    let round: Vec<Digit> = bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter(|&digit| digit > 0)
        .filter_map(Digit::new)
        .collect();
    let sent: Vec<i16> = options.sounds(&round).flat_map(|sound| samples(sound, Volume::default())).collect();
    let (noise, ..) = line(bytes);
    for (line, exact) in [(&sent, true), (&noise, false)] {
        let (mut listener, mut rounds, mut pulses) =
            (PulseListener::new(options).expect("within the limits"), Vec::new(), 0);
        for &sample in line {
            match listener.hear(sample) {
                Some(PulseHeard::Pulse) => pulses += 1,
                Some(PulseHeard::Round(heard)) => rounds.push(heard.digits().to_vec()),
                Some(PulseHeard::Garbled) => assert!(!exact || round.is_empty()),
                None => {}
            }
        }
        assert!(rounds.len() <= pulses);
        if exact && !round.is_empty() {
            assert_eq!(rounds, [round[..round.len().min(8)].to_vec()]);
            assert_eq!(pulses, round.iter().map(|digit| usize::from(digit.value())).sum::<usize>());
        }
    }
}
