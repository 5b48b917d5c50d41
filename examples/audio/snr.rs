//! How much noise each format bears: error rates against signal to noise, over a μ-law leg.

use contactid::audio::{
    DtmfListener, DtmfOptions, FskHeard, FskListener, HeardTone, Modem, PulseHeard, PulseListener, PulseOptions,
    SettingError, ToneListener, ToneOptions, Volume, g711, samples,
};
use contactid::dtmf::Digit;
use contactid::line::Sound;

/// From quiet to hopeless, in dB.
const SNR_DB: [f64; 13] = [20.0, 15.0, 12.0, 10.0, 8.0, 6.0, 5.0, 4.0, 3.0, 2.0, 0.0, -2.0, -4.0];

/// Numbers that look like chance, and are the same each time.
struct Chance(u64);

impl Chance {
    fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    /// About normally distributed, of variance one.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| f64::from(self.bits()) / f64::from(u32::MAX)).sum::<f64>() - 6.0
    }

    /// A line with white noise so far below a sound of this power, as a μ-law leg brings it.
    fn carry(&mut self, line: impl Iterator<Item = i16>, power: f64, snr_db: f64) -> Vec<i16> {
        let deviation = (power / 10f64.powf(snr_db / 10.0)).sqrt();
        line.map(|sample| f64::from(sample) + deviation * self.normal())
            .map(|sample| g711::from_mu_law(g711::mu_law(sample.round() as i16)))
            .collect()
    }
}

/// The power of a sine of the default volume.
fn sine() -> f64 {
    let amplitude = 32_767.0 * 10f64.powf(f64::from(Volume::default().db) / 20.0);
    amplitude * amplitude / 2.0
}

/// The table, one line each. White noise is counted over the whole band of 4 kHz, and so many digits are sent for each line,
/// a tenth as many tones, as many bytes, and a tenth as many rounds of pulses.
///
/// # Errors
/// Never: every setting is one of the listeners' own.
pub fn table(digits: u32) -> Result<Vec<String>, SettingError> {
    let mut lines = vec![
        format!(
            "# {digits} digits, {} tones, {digits} bytes of each modem, {} rounds; errors in %",
            digits / 10,
            digits / 10
        ),
        "SNR dB   digits   1400/2300   Bell 103 up   Bell 103 down   110 baud   pulses 20/s".into(),
    ];
    for (seed, snr_db) in (1u64..).zip(SNR_DB) {
        let mut chance = Chance(seed);
        let percent = |(wrong, all): (u32, u32)| 100.0 * f64::from(wrong) / f64::from(all.max(1));
        let columns = [
            percent(dtmf(&mut chance, digits, snr_db)?),
            percent(tones(&mut chance, digits / 10, snr_db)?),
            percent(fsk(&mut chance, Modem::BELL_103_CALLING, digits, snr_db)?),
            percent(fsk(&mut chance, Modem::BELL_103_ANSWERING, digits, snr_db)?),
            percent(fsk(&mut chance, Modem::BELL_103_CALLING.slow(), digits, snr_db)?),
            percent(pulses(&mut chance, digits / 10, snr_db)?),
        ];
        let [digit, tone, up, down, slow, pulse] = columns;
        lines.push(format!(
            "{snr_db:>6}   {digit:>6.2}   {tone:>9.2}   {up:>11.2}   {down:>13.2}   {slow:>8.2}   {pulse:>11.2}"
        ));
    }
    Ok(lines)
}

/// Digits of 50 ms and as much silence: those that were not heard where they were sent, and those that were not sent.
fn dtmf(chance: &mut Chance, count: u32, snr_db: f64) -> Result<(u32, u32), SettingError> {
    let sent: Vec<Digit> = (0..count).filter_map(|_| Digit::new((chance.bits() & 15) as u8)).collect();
    let sounds = sent.iter().map(|&digit| Sound::Digit { digit, on_ms: 50, off_ms: 50 });
    let silence = Sound::Silence { ms: 100 };
    let line = sounds.chain([silence]).flat_map(|sound| samples(sound, Volume::default()));
    let line = chance.carry(line, 2.0 * sine(), snr_db);
    let mut listener = DtmfListener::new(DtmfOptions::default())?;
    let mut right = vec![false; sent.len()];
    let mut extra = 0;
    for heard in line.into_iter().filter_map(|sample| listener.hear(sample)) {
        let place = ((heard.start_ms + heard.end_ms) / 200) as usize;
        match right.get_mut(place).filter(|right| !**right && sent.get(place) == Some(&heard.digit)) {
            Some(right) => *right = true,
            None => extra += 1,
        }
    }
    Ok((missing(&right).max(extra), count))
}

fn missing(right: &[bool]) -> u32 {
    right.iter().filter(|right| !**right).count() as u32
}

/// Handshake tones of 100 ms: those that were not heard within 5 % of their frequency and 15 ms of their length.
fn tones(chance: &mut Chance, count: u32, snr_db: f64) -> Result<(u32, u32), SettingError> {
    let hz = |place: usize| if place.is_multiple_of(2) { 1400 } else { 2300 };
    let sounds =
        (0..count as usize).flat_map(|place| [Sound::Tone { hz: hz(place), ms: 100 }, Sound::Silence { ms: 100 }]);
    let line = chance.carry(sounds.flat_map(|sound| samples(sound, Volume::default())), sine(), snr_db);
    let mut listener = ToneListener::new([1400, 2300], ToneOptions::default())?;
    let mut right = vec![false; count as usize];
    for heard in line.into_iter().chain([0; 800]).filter_map(|sample| listener.hear(sample)) {
        let HeardTone::Over { hz: was, start_ms, end_ms, .. } = heard else { continue };
        let place = ((start_ms + end_ms) / 400) as usize;
        let near = hz(place).abs_diff(was) * 20 <= hz(place) && (end_ms - start_ms).abs_diff(100) <= 15;
        if let Some(right) = right.get_mut(place).filter(|_| near) {
            *right = true;
        }
    }
    Ok((missing(&right), count))
}

/// Bytes, 32 behind each rest: those that were not heard in their time.
fn fsk(chance: &mut Chance, modem: Modem, count: u32, snr_db: f64) -> Result<(u32, u32), SettingError> {
    const LEAD_MS: u32 = 200;
    let mut wrong = 0;
    for _ in 0..count.div_ceil(32) {
        let sent: Vec<u8> = (0..32).map(|_| chance.bits() as u8).collect();
        let line = chance.carry(modem.samples(&sent, LEAD_MS, Volume::default()), sine(), snr_db);
        let mut listener = FskListener::new(modem)?;
        let mut right = vec![false; sent.len()];
        for (n, sample) in line.into_iter().enumerate() {
            let Some(FskHeard::Byte(byte)) = listener.hear(sample) else { continue };
            let bits = n as f64 * f64::from(modem.baud) / 8000.0 - f64::from(LEAD_MS * u32::from(modem.baud)) / 1000.0;
            // A byte is told in the middle of its stop bit.
            let place = ((bits - 9.5) / f64::from(9 + modem.stop_bits)).round();
            if let Some(right) = right.get_mut(place as usize).filter(|_| sent.get(place as usize) == Some(&byte)) {
                *right = true;
            }
        }
        wrong += missing(&right);
    }
    Ok((wrong, count.div_ceil(32) * 32))
}

/// Rounds of four digits at 20 pulses a second: those that were not heard whole.
fn pulses(chance: &mut Chance, count: u32, snr_db: f64) -> Result<(u32, u32), SettingError> {
    let options = PulseOptions::at(1800, 20);
    let mut wrong = 0;
    for _ in 0..count {
        let round: Vec<Digit> = (0..4).filter_map(|_| Digit::new((chance.bits() % 10 + 1) as u8)).collect();
        let line = options.sounds(&round).flat_map(|sound| samples(sound, Volume::default()));
        let line = chance.carry(line, sine(), snr_db);
        let mut listener = PulseListener::new(options)?;
        let heard: Vec<PulseHeard> = line.into_iter().filter_map(|sample| listener.hear(sample)).collect();
        let rounds: Vec<_> = heard.iter().filter(|heard| !matches!(heard, PulseHeard::Pulse)).collect();
        let right = matches!(rounds[..], [PulseHeard::Round(heard)] if heard.digits() == round);
        wrong += u32::from(!right);
    }
    Ok((wrong, count))
}
