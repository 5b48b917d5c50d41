//! Robofon 8 and CESA in samples: characters of a keyed tone, the two tones in turn, and whole calls over bad lines.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its call does")]

#[path = "support/audio_line.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod audio_line;

use audio_line::{CLEAN, Chance, Leg, Mouth, a_law, mu_law, noisy, sampled, silence, sines};
use contactid::Strictness;
use contactid::audio::{
    Character, FskHeard, FskListener, HeardWarble, KeyedListener, Modem, Samples, Volume, WarbleListener, samples,
};
use contactid::cesa::CesaMessage;
use contactid::line::keyed::{KeyedFormat, KeyedMessage, KeyedTiming, Sign};
use contactid::line::{
    Ending, Handshake, LineMessage, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Report, Sound,
    Transmitter, TransmitterInput, TransmitterOutput, TransmitterTiming,
};
use contactid::robofon::{BAUD, ParityBit, RobofonFrame, TONE_HZ};
use proptest::prelude::*;

/// Sounds one behind the other, without a jump where a tone follows another.
fn spoken(sounds: impl IntoIterator<Item = Sound>, volume: Volume) -> Vec<i16> {
    let mut line = Vec::new();
    let mut before: Option<Samples> = None;
    for sound in sounds {
        let now = before.map_or_else(|| samples(sound, volume), |before| before.then(sound, volume));
        line.extend(now.clone());
        before = Some(now);
    }
    line
}

/// Bytes on a keyed tone of this frequency, so many samples a bit, with silence around them.
fn keyed(bytes: &[u8], hz: f64, bit: f64, db: f64) -> Vec<f64> {
    let bits = bytes.iter().flat_map(|&byte| {
        let bits = (u16::from(byte) | 0x100) << 1;
        (0..10).map(move |place| bits >> place & 1)
    });
    let bits: Vec<u16> = std::iter::repeat_n(1, 20).chain(bits).chain([1; 20]).collect();
    let tone = sines(&[(hz, db)], bits.len() as f64 * bit / 8.0);
    tone.into_iter()
        .enumerate()
        .map(|(n, sample)| if bits[(n as f64 / bit) as usize] == 0 { sample } else { 0.0 })
        .collect()
}

fn hear(line: &[i16]) -> Vec<Character> {
    let mut listener = KeyedListener::new(TONE_HZ, BAUD).unwrap();
    line.iter().copied().chain([0; 800]).filter_map(|sample| listener.hear(sample)).collect()
}

fn warbles(line: &[i16]) -> Vec<HeardWarble> {
    let mut listener = WarbleListener::cesa();
    line.iter().copied().chain([0; 800]).filter_map(|sample| listener.hear(sample)).collect()
}

/// Characters with every kind of edge in them.
const TEXT: &[u8] = b"\xD5\x00\xFF\x55\xAA\x31\xB3\x83\x80\x01";

fn characters(bytes: &[u8]) -> Vec<Character> {
    bytes.iter().map(|&byte| Character::Byte(byte)).collect()
}

#[test]
fn a_keyed_tone_over_every_leg() {
    for db in [0.0, -12.0, -30.0, -40.0] {
        let line = sampled(&keyed(TEXT, 1000.0, 160.0, db));
        for (name, line) in [("as it is", line.clone()), ("μ-law", mu_law(&line)), ("A-law", a_law(&line))] {
            assert_eq!(hear(&line), characters(TEXT), "{db} dB, {name}");
        }
    }
    assert_eq!(hear(&sampled(&keyed(TEXT, 1000.0, 160.0, -60.0))), []);
}

#[test]
fn tones_and_rates_that_are_off() {
    for (hz, rate) in [(985.0, 1.0), (1015.0, 1.0), (1000.0, 0.98), (1000.0, 1.02), (985.0, 1.02), (1015.0, 0.98)] {
        let line = sampled(&keyed(TEXT, hz, 160.0 * rate, -12.0));
        assert_eq!(hear(&line), characters(TEXT), "{hz} Hz, {rate}");
    }
    assert_eq!(hear(&sampled(&keyed(TEXT, 1300.0, 160.0, -12.0))), []);
    // Twice as fast is something, and not these characters.
    assert_ne!(hear(&sampled(&keyed(TEXT, 1000.0, 80.0, -12.0))), characters(TEXT));
}

#[test]
fn a_keyed_tone_in_noise_and_noise_alone() {
    let mut chance = Chance(51);
    for _ in 0..5 {
        // 8 dB of signal to noise in 4 kHz.
        let line = noisy(&keyed(TEXT, 1000.0, 160.0, -12.0), -20.0, &mut chance);
        assert_eq!(hear(&mu_law(&sampled(&line))), characters(TEXT));
    }
    assert_eq!(hear(&sampled(&noisy(&silence(20_000.0), -15.0, &mut chance))), []);
    assert_eq!(warbles(&sampled(&noisy(&silence(20_000.0), -15.0, &mut chance))), []);
    // Behind a crash that is thirty times as high the line has to be quiet for 12 bits.
    let crash = sines(&[(1000.0, 0.0)], 80.0);
    let line = [crash, silence(400.0), keyed(TEXT, 1000.0, 160.0, -30.0)].concat();
    assert_eq!(hear(&sampled(&line))[1..], characters(TEXT), "{:?}", hear(&sampled(&line)));
}

#[test]
fn a_tone_that_stays_has_no_stop_bit() {
    assert_eq!(hear(&sampled(&sines(&[(1000.0, -12.0)], 1000.0))), [Character::Garbled]);
}

#[test]
fn settings_that_no_listener_can_work_with() {
    let refused = |hz, baud| KeyedListener::new(hz, baud).err().map(|error| (error.setting, error.found));
    assert_eq!(refused(299, BAUD), Some(("tone_hz", 299.0)));
    assert_eq!(refused(TONE_HZ, 44), Some(("baud", 44.0)));
    assert_eq!(refused(TONE_HZ, 201), Some(("baud", 201.0)));
    assert_eq!(refused(TONE_HZ, 200), None);
}

#[test]
fn two_tones_in_turn_over_every_leg_and_in_noise() {
    let mut chance = Chance(52);
    let pattern = KeyedFormat::Cesa.sounds(Sign::Handshake);
    for db in [0.0, -12.0, -40.0] {
        let line =
            spoken([Sound::Silence { ms: 200 }].into_iter().chain(pattern.clone()), Volume { db, ..Volume::default() });
        let as_sent: Vec<f64> = line.iter().copied().map(f64::from).collect();
        let noise = sampled(&noisy(&as_sent, f64::from(db) - 8.0, &mut chance));
        for line in [line.clone(), mu_law(&line), a_law(&line), mu_law(&noise)] {
            let [HeardWarble { start_ms, end_ms }] = warbles(&line)[..] else { panic!("{:?}", warbles(&line)) };
            assert!(start_ms.abs_diff(200) <= 20 && end_ms.abs_diff(1160) <= 20, "{db}: {start_ms}, {end_ms}");
        }
    }
    // Frequencies that are 1 % off, and pieces that are 20 % off.
    for (up, ms) in [(1.01, 15), (0.99, 15), (1.0, 12), (1.0, 18)] {
        let hz = |hz: f64| (hz * up) as u16;
        let pair = [Sound::Tone { hz: hz(1850.0), ms }, Sound::Tone { hz: hz(1650.0), ms }];
        let line = spoken(pair.repeat(32), Volume::default());
        assert_eq!(warbles(&line).len(), 1, "{up}, {ms}");
    }
}

#[test]
fn what_is_no_pattern() {
    let pieces = |ms, count| {
        let pair = [1850, 1650].map(|hz| Sound::Tone { hz, ms });
        warbles(&spoken(pair.into_iter().cycle().take(count), Volume::default())).len()
    };
    // Half of it is enough, and less is not.
    assert_eq!((pieces(15, 32), pieces(15, 31)), (1, 0));
    assert_eq!((pieces(30, 32), pieces(5, 192)), (0, 0));
    for hz in [1650.0, 1750.0, 1850.0] {
        assert_eq!(warbles(&sampled(&sines(&[(hz, -12.0)], 2000.0))), [], "{hz}");
    }
    assert_eq!(warbles(&sampled(&sines(&[(1650.0, -12.0), (1850.0, -12.0)], 2000.0))), []);
    // Two of them are two.
    let twice = [pieces_of(64), vec![Sound::Silence { ms: 200 }], pieces_of(64)].concat();
    assert_eq!(warbles(&spoken(twice, Volume::default())).len(), 2);
}

fn pieces_of(count: usize) -> Vec<Sound> {
    KeyedFormat::Cesa.sounds(Sign::Acknowledge).into_iter().take(count).collect()
}

/// Both ends with their ears and mouths.
struct Call {
    /// Which of its ears the receiver listens to: that of the handshake that it offers.
    format: KeyedFormat,
    receiver: Receiver,
    panel: Transmitter,
    keyed: [KeyedListener; 2],
    fsk: FskListener,
    warble: WarbleListener,
    down: Mouth,
    up: Mouth,
    outcome: Outcome,
}

/// What a call came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    reports: Vec<Report>,
    refused: usize,
    delivered: Vec<u32>,
    ending: Option<Ending>,
}

impl Call {
    fn new(messages: &[KeyedMessage]) -> Self {
        let format = messages[0].format();
        let handshakes = vec![Handshake::Keyed(format)];
        let mut call = Self {
            format,
            receiver: Receiver::new(ReceiverOptions { handshakes, ..ReceiverOptions::default() }),
            panel: Transmitter::new(TransmitterTiming::default()),
            keyed: std::array::from_fn(|_| KeyedListener::new(TONE_HZ, BAUD).unwrap()),
            fsk: FskListener::new(Modem::CESA).unwrap().with_patience_ms(700),
            warble: WarbleListener::cesa(),
            down: Mouth::default(),
            up: Mouth::default(),
            outcome: Outcome::default(),
        };
        for &message in messages {
            call.panel.handle(0, TransmitterInput::SendKeyed(message));
        }
        call.panel.handle(0, TransmitterInput::Connected);
        call.receiver.handle(0, ReceiverInput::Answered);
        call
    }

    fn receiver_hears(&mut self, now_ms: u64, sample: i16) {
        let keyed = self.keyed[0].hear(sample).map(|character| match character {
            Character::Byte(byte) => ReceiverInput::Character(byte),
            Character::Garbled => ReceiverInput::Garbled,
        });
        let fsk = self.fsk.hear(sample).and_then(|heard| match heard {
            FskHeard::Byte(byte) => Some(ReceiverInput::Character(byte)),
            FskHeard::Garbled => Some(ReceiverInput::Garbled),
            FskHeard::Begins | FskHeard::Over => None,
        });
        let heard = match self.format {
            KeyedFormat::Robofon => keyed,
            KeyedFormat::Cesa => fsk,
        };
        self.receiver.handle(now_ms, heard.unwrap_or(ReceiverInput::Time));
        while let Some(output) = self.receiver.poll() {
            match output {
                ReceiverOutput::Sound(sound) => self.down.sounds.push_back(sound),
                ReceiverOutput::Report(report) => {
                    self.outcome.reports.push(report);
                    self.receiver.handle(now_ms, ReceiverInput::Stored(report.number));
                }
                ReceiverOutput::Refused(_) => self.outcome.refused += 1,
                ReceiverOutput::ListenIn(number) => panic!("{number} announces nothing"),
                ReceiverOutput::HangUp(ending) => self.outcome.ending = Some(ending),
            }
        }
    }

    fn panel_hears(&mut self, now_ms: u64, sample: i16) {
        let keyed = self.keyed[1].hear(sample).and_then(|character| match character {
            Character::Byte(byte) => Sign::of(byte, ParityBit::Odd),
            Character::Garbled => None,
        });
        let sign = keyed.or(self.warble.hear(sample).map(|_| Sign::Handshake));
        self.panel.handle(now_ms, sign.map_or(TransmitterInput::Time, TransmitterInput::Sign));
        while let Some(output) = self.panel.poll() {
            match output {
                TransmitterOutput::Sound(sound) => self.up.sounds.push_back(sound),
                TransmitterOutput::Delivered(number) => self.outcome.delivered.push(number),
                TransmitterOutput::HangUp => self.receiver.handle(now_ms, ReceiverInput::HungUp),
                TransmitterOutput::Dial(_) => {}
                other => panic!("nothing else happens: {other:?}"),
            }
        }
    }

    /// Up to the end of the call. For so many ms from then on the line is dead.
    fn run(mut self, leg: Leg, dead: Option<(u64, u64)>) -> Outcome {
        let mut chance = Chance(53);
        for n in 0..8000 * 90 {
            let now_ms = n / 8;
            let (up, down) = (self.up.sample(), self.down.sample());
            let dead = dead.is_some_and(|(from_ms, long_ms)| (from_ms..from_ms + long_ms).contains(&now_ms));
            let alive = |sample| if dead { 0 } else { sample };
            let heard = [leg.carry(alive(up), down, &mut chance), leg.carry(alive(down), up, &mut chance)];
            self.receiver_hears(now_ms, heard[0]);
            self.panel_hears(now_ms, heard[1]);
            if self.outcome.ending.is_some() {
                break;
            }
        }
        self.outcome
    }
}

fn messages(format: KeyedFormat) -> Vec<KeyedMessage> {
    match format {
        KeyedFormat::Robofon => [(*b"10", 0x05), (*b"20", 0x06)]
            .map(|(code, check)| RobofonFrame::new("123456".parse().unwrap(), code, check).unwrap())
            .map(KeyedMessage::Robofon)
            .to_vec(),
        KeyedFormat::Cesa => [b"1234510700000000", b"9876521200000000"]
            .map(|written| CesaMessage::parse(written, Strictness::Strict).unwrap())
            .map(KeyedMessage::Cesa)
            .to_vec(),
    }
}

/// The outcome of a call in which all came through, after so many refusals.
fn all_well(messages: &[KeyedMessage], refused: usize) -> Outcome {
    let report = |(place, &message): (usize, &KeyedMessage)| Report {
        number: place as u32 + 1,
        message: LineMessage::Keyed(message),
        repeats: None,
    };
    Outcome {
        reports: messages.iter().enumerate().map(report).collect(),
        refused,
        delivered: (1..=messages.len() as u32).collect(),
        ending: Some(Ending::HungUp),
    }
}

#[test]
fn two_messages_over_every_leg() {
    let legs = [
        ("clean, μ-law", CLEAN),
        ("clean, A-law", Leg { law: a_law, ..CLEAN }),
        ("15 dB of signal to noise", Leg { noise_db: -12.0 - 15.0, ..CLEAN }),
        ("10 dB of signal to noise", Leg { noise_db: -12.0 - 10.0, law: a_law, ..CLEAN }),
        ("20 dB of loss", Leg { gain: 0.1, noise_db: -50.0, ..CLEAN }),
        ("echo", Leg { echo: 0.3, noise_db: -35.0, ..CLEAN }),
        ("all of it", Leg { law: a_law, gain: 0.3, noise_db: -38.0, echo: 0.2, ..CLEAN }),
    ];
    for format in [KeyedFormat::Robofon, KeyedFormat::Cesa] {
        for (name, leg) in legs {
            let messages = messages(format);
            assert_eq!(Call::new(&messages).run(leg, None), all_well(&messages, 0), "{name}, {format:?}");
        }
    }
}

#[test]
fn a_line_that_is_dead_for_a_while() {
    // Inside the first frame; inside the first copy, and inside the second one.
    for (format, from_ms) in [(KeyedFormat::Robofon, 2500), (KeyedFormat::Cesa, 3600), (KeyedFormat::Cesa, 5200)] {
        let messages = &messages(format)[..1];
        assert_eq!(Call::new(messages).run(CLEAN, Some((from_ms, 150))), all_well(messages, 1), "{format:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_characters_survive(sent in prop::collection::vec(any::<u8>(), 1..16), db in -30f64..0.0, shift in 0..200usize, law in 0..3) {
        let line = sampled(&[vec![0.0; shift], keyed(&sent, 1000.0, 160.0, db)].concat());
        let line = match law { 0 => line, 1 => mu_law(&line), _ => a_law(&line) };
        prop_assert_eq!(hear(&line), characters(&sent));
    }

    /// What a panel sends, with every time that the sources allow, is what a receiver reads.
    #[test]
    fn any_message_survives(written in "[0-9A-Z]{5}[0-9]{3}", carrier_ms in 800u32..=1000, rest_ms in 20u32..200, gap_ms in 600u32..=800, shift in 0..80usize) {
        let characters = [written.as_bytes(), b"00000000"].concat();
        let message = KeyedMessage::Cesa(CesaMessage::parse(&characters, Strictness::Strict).unwrap());
        let timing = KeyedTiming { carrier_ms, rest_ms, gap_ms, ..KeyedTiming::default() };
        let line = [vec![0; shift], spoken(message.sounds(&timing), Volume::default())].concat();
        let mut listener = FskListener::new(Modem::CESA).unwrap().with_patience_ms(700);
        let heard: Vec<FskHeard> = mu_law(&line).into_iter().chain([0; 800]).filter_map(|sample| listener.hear(sample)).collect();
        let copy = characters.iter().map(|&byte| FskHeard::Byte(byte));
        let expected: Vec<FskHeard> = [FskHeard::Begins].into_iter().chain(copy.clone()).chain(copy).chain([FskHeard::Over]).collect();
        prop_assert_eq!(heard, expected);
    }

    #[test]
    fn nothing_panics(line in prop::collection::vec(any::<i16>(), 0..4000), hz in 300u16..=3400, baud in 45u16..=200) {
        let mut listener = KeyedListener::new(hz, baud).unwrap();
        let heard = line.iter().filter_map(|&sample| listener.hear(sample)).count();
        prop_assert!(heard <= line.len() * usize::from(baud) / 8000 / 9 + 1);
        prop_assert_eq!(warbles(&line), []);
    }
}
