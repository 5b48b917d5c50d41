//! Words to samples.

use contactid::Strictness;
use contactid::audio::{Modem, PulseOptions, Samples, Volume, samples};
use contactid::cesa::CesaMessage;
use contactid::dtmf::Digit;
use contactid::line::Sound;
use contactid::line::keyed::{KeyedFormat, KeyedMessage, KeyedTiming, Sign};
use contactid::robofon::{BlockCheck, RobofonFrame};
use contactid::sia::{Block, Function};

/// Silence before and behind everything.
const EDGE: Sound = Sound::Silence { ms: 200 };

/// Makes samples of what the words ask for; the usage of the example lists them.
///
/// # Errors
/// Which word is none, and what belongs there.
pub fn speak(words: &[&str]) -> Result<Vec<i16>, String> {
    match words {
        ["digits", written] => {
            let sound = |digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 };
            Ok(sounds(digits(written)?.into_iter().map(sound)))
        }
        ["tones", tones @ ..] if !tones.is_empty() => {
            let tones: Result<Vec<_>, _> = tones.iter().map(|tone| sound(tone)).collect();
            Ok(sounds(tones?.into_iter()))
        }
        ["blocks", blocks @ ..] if !blocks.is_empty() => fsk(Modem::BELL_103_CALLING, blocks),
        ["answer", blocks @ ..] if !blocks.is_empty() => fsk(Modem::BELL_103_ANSWERING, blocks),
        ["pulses", hz, rate, written] => {
            let hz = frequency(hz)?;
            let rate = rate.parse().ok().filter(|rate| (5..=50).contains(rate));
            let options = PulseOptions::at(hz, rate.ok_or("pulses a second: 5 to 50")?);
            let round = digits(written)?;
            Ok(sounds(options.sounds(&round).chain(options.sounds(&round))))
        }
        ["robofon", "77"] => Ok(sounds(KeyedFormat::Robofon.sounds(Sign::Handshake).into_iter())),
        ["robofon", "06"] => Ok(sounds(KeyedFormat::Robofon.sounds(Sign::Acknowledge).into_iter())),
        ["robofon", "15"] => Ok(sounds(KeyedFormat::Robofon.sounds(Sign::Refuse).into_iter())),
        ["robofon", written] => keyed(KeyedMessage::Robofon(robofon(written)?)),
        ["cesa", "handshake"] => Ok(sounds(KeyedFormat::Cesa.sounds(Sign::Handshake).into_iter())),
        ["cesa", written] => {
            let message = CesaMessage::parse(written.as_bytes(), Strictness::Strict);
            keyed(KeyedMessage::Cesa(message.map_err(|error| format!("{written:?}: {error}"))?))
        }
        _ => Err("speak what: digits, tones, blocks, answer, pulses, robofon or cesa, and what they say".into()),
    }
}

fn sounds(sounds: impl Iterator<Item = Sound>) -> Vec<i16> {
    let mut before: Option<Samples> = None;
    let mut behind = |sound| {
        let volume = Volume::default();
        let now = before.as_ref().map_or_else(|| samples(sound, volume), |before| before.then(sound, volume));
        before.insert(now).clone()
    };
    [EDGE].into_iter().chain(sounds).chain([EDGE]).flat_map(&mut behind).collect()
}

fn keyed(message: KeyedMessage) -> Result<Vec<i16>, String> {
    Ok(sounds(message.sounds(&KeyedTiming::default()).into_iter()))
}

/// Six digits of account and two of code; the check character is their sum.
fn robofon(written: &str) -> Result<RobofonFrame, String> {
    let wrong = || format!("{written:?}: Robofon has six digits of account and two of code");
    let digits: [u8; 8] = written.as_bytes().try_into().map_err(|_| wrong())?;
    let (account, code) = written.split_at_checked(6).ok_or_else(wrong)?;
    let account = account.parse().map_err(|_| wrong())?;
    let code = code.as_bytes().try_into().map_err(|_| wrong())?;
    RobofonFrame::new(account, code, BlockCheck::Sum.of(digits).unwrap_or_default()).map_err(|error| error.to_string())
}

fn digits(written: &str) -> Result<Vec<Digit>, String> {
    let digit = |sign| Digit::from_char(sign).ok_or(format!("{sign:?} is no digit: 0 to 9 and A to F are"));
    if written.is_empty() {
        return Err("no digit: at least one of 0 to 9 and A to F".into());
    }
    written.chars().map(digit).collect()
}

fn frequency(hz: &str) -> Result<u16, String> {
    hz.parse().ok().filter(|hz| (300..=3400).contains(hz)).ok_or(format!("{hz:?}: a frequency is 300 to 3400"))
}

/// `1400:100`, or `-:100` for silence.
fn sound(written: &str) -> Result<Sound, String> {
    let (hz, ms) = written.split_once(':').ok_or(format!("{written:?}: a tone is written 1400:100"))?;
    let ms = ms.parse().ok().filter(|ms| (1..=60_000).contains(ms));
    let ms = ms.ok_or(format!("{written:?}: a tone has 1 to 60000 ms"))?;
    Ok(if hz == "-" { Sound::Silence { ms } } else { Sound::Tone { hz: frequency(hz)?, ms } })
}

/// Blocks, half a second between them: the function first, then what it says.
fn fsk(modem: Modem, written: &[&str]) -> Result<Vec<i16>, String> {
    let mut line = Vec::new();
    for block in written {
        let (&function, content) = block.as_bytes().split_first().ok_or("a block begins with its function")?;
        let block = Block::new(Function(function), content).map_err(|error| format!("{block:?}: {error}"))?;
        let block = block.with_flags(true, false).encode();
        line.extend(sounds([Sound::Silence { ms: 100 }].into_iter()));
        line.extend(modem.samples(&block, 100, Volume::default()));
    }
    line.extend(sounds(std::iter::empty()));
    Ok(line)
}
