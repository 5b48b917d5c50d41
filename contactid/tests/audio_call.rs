//! Whole calls in samples: both ends of a line, with companding, noise, loss, twist and echo between them.
#![cfg(feature = "audio")]
#![allow(clippy::unwrap_used, reason = "a test stops where its call does")]

#[path = "support/audio_line.rs"]
#[allow(unreachable_pub, reason = "shared by tests")]
mod audio_line;

use audio_line::{CLEAN, Chance, Leg, Mouth, a_law};
use contactid::audio::{
    BlockReader, DtmfListener, DtmfOptions, FskHeard, FskListener, HeardTone, Modem, PulseHeard, PulseListener,
    PulseOptions, ToneListener, ToneOptions, Volume,
};
use contactid::cid::AdemcoReport;
use contactid::line::pulse::PulseReport;
use contactid::line::{
    Ending, Handshake, LineMessage, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, ReceiverTiming, Report,
    Sound, Transmitter, TransmitterInput, TransmitterOutput, TransmitterTiming,
};
use contactid::sia::{Block, Function};
use contactid::{RecordError, Strictness};

/// What a call came to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    reports: Vec<Report>,
    refused: Vec<RecordError>,
    delivered: Vec<u32>,
    ending: Option<Ending>,
}

/// The receiver with its ears and its mouth.
struct Station {
    receiver: Receiver,
    digits: DtmfListener,
    pulses: PulseListener,
    mouth: Mouth,
    reports: Vec<Report>,
    refused: Vec<RecordError>,
    ending: Option<Ending>,
}

impl Station {
    fn new(options: ReceiverOptions) -> Self {
        let mut station = Self {
            receiver: Receiver::new(options),
            digits: DtmfListener::new(DtmfOptions::default()).unwrap(),
            pulses: PulseListener::new(PulseOptions::at(1850, 20)).unwrap(),
            mouth: Mouth::default(),
            reports: Vec::new(),
            refused: Vec::new(),
            ending: None,
        };
        station.take(0, ReceiverInput::Answered);
        station
    }

    fn hear(&mut self, now_ms: u64, sample: i16) {
        if let Some(heard) = self.digits.hear(sample) {
            self.take(now_ms, ReceiverInput::Digit(heard.digit));
        }
        match self.pulses.hear(sample) {
            Some(PulseHeard::Pulse) => self.take(now_ms, ReceiverInput::Pulse),
            Some(PulseHeard::Round(round)) => self.take(now_ms, ReceiverInput::Round(round.digits())),
            Some(PulseHeard::Garbled) | None => {}
        }
        if self.receiver.deadline().is_some_and(|deadline| deadline <= now_ms) {
            self.take(now_ms, ReceiverInput::Time);
        }
    }

    fn take(&mut self, now_ms: u64, input: ReceiverInput<'_>) {
        self.receiver.handle(now_ms, input);
        while let Some(output) = self.receiver.poll() {
            match output {
                ReceiverOutput::Sound(sound) => self.mouth.sounds.push_back(sound),
                ReceiverOutput::Report(report) => {
                    self.reports.push(report);
                    self.receiver.handle(now_ms, ReceiverInput::Stored(report.number));
                }
                ReceiverOutput::Refused(error) => self.refused.push(error),
                ReceiverOutput::ListenIn(_) => {}
                ReceiverOutput::HangUp(ending) => self.ending = Some(ending),
            }
        }
    }
}

/// The panel with its ears and its mouth.
struct Panel {
    transmitter: Transmitter,
    tones: ToneListener<2>,
    mouth: Mouth,
    delivered: Vec<u32>,
    hung_up: bool,
}

impl Panel {
    fn new(messages: &[AdemcoReport], twist_db: f32) -> Self {
        let mut transmitter = Transmitter::new(TransmitterTiming::default());
        for &message in messages {
            transmitter.handle(0, TransmitterInput::Send(message));
        }
        assert_eq!(transmitter.poll(), Some(TransmitterOutput::Dial(1)));
        transmitter.handle(0, TransmitterInput::Connected);
        let volume = Volume { twist_db, ..Volume::default() };
        let mouth = Mouth { volume, ..Mouth::default() };
        let tones = ToneListener::new([1400, 2300], ToneOptions::default()).unwrap();
        Self { transmitter, tones, mouth, delivered: Vec::new(), hung_up: false }
    }

    fn hear(&mut self, now_ms: u64, sample: i16) {
        let input = match self.tones.hear(sample) {
            Some(HeardTone::Begins { meant_hz, .. }) => TransmitterInput::ToneBegins(meant_hz),
            Some(HeardTone::Over { hz, start_ms, end_ms, .. }) => TransmitterInput::Tone { hz, start_ms, end_ms },
            None if self.transmitter.deadline().is_some_and(|deadline| deadline <= now_ms) => TransmitterInput::Time,
            None => return,
        };
        self.transmitter.handle(now_ms, input);
        while let Some(output) = self.transmitter.poll() {
            match output {
                TransmitterOutput::Sound(sound) => self.mouth.sounds.push_back(sound),
                TransmitterOutput::Delivered(number) => self.delivered.push(number),
                TransmitterOutput::HangUp => self.hung_up = true,
                other => panic!("nothing else happens in one call: {other:?}"),
            }
        }
    }
}

/// One call over this leg. From `deaf_ms` on, the panel's samples are lost for 90 ms.
fn call(leg: Leg, messages: &[AdemcoReport], deaf_ms: Option<u64>) -> Outcome {
    // Where a digit is lost the next one ends 200 ms later: the receiver has to be more patient than that.
    let between_digits_ms = if deaf_ms.is_some() { 300 } else { 200 };
    let timing = ReceiverTiming { between_digits_ms, ..ReceiverTiming::default() };
    let mut station = Station::new(ReceiverOptions { timing, ..ReceiverOptions::default() });
    let mut panel = Panel::new(messages, leg.twist_db);
    let mut chance = Chance(31);
    for n in 0..8000 * 60 {
        let now_ms = n / 8;
        let (up, down) = (panel.mouth.sample(), station.mouth.sample());
        let lost = deaf_ms.is_some_and(|from| (from..from + 90).contains(&now_ms));
        station.hear(now_ms, leg.carry(if lost { 0 } else { up }, down, &mut chance));
        panel.hear(now_ms, leg.carry(down, up, &mut chance));
        if panel.hung_up {
            station.take(now_ms, ReceiverInput::HungUp);
            break;
        }
    }
    let Station { reports, refused, ending, .. } = station;
    Outcome { reports, refused, delivered: panel.delivered, ending }
}

fn messages() -> Vec<AdemcoReport> {
    // The last one says the same as the one before it.
    let written = ["1234181131010158", "1234181137010152", "123418140101000E", "123418140101000E"];
    written.iter().map(|text| AdemcoReport::parse(text.as_bytes(), Strictness::Strict).unwrap()).collect()
}

/// The outcome of a call in which all was well at the first try.
fn all_well(messages: &[AdemcoReport]) -> Outcome {
    let report = |(place, &message): (usize, &AdemcoReport)| Report {
        number: place as u32 + 1,
        message: LineMessage::Ademco(message),
        repeats: (place > 0 && messages[place - 1] == message).then_some(place as u32),
    };
    Outcome {
        reports: messages.iter().enumerate().map(report).collect(),
        refused: Vec::new(),
        delivered: (1..=messages.len() as u32).collect(),
        ending: Some(Ending::HungUp),
    }
}

#[test]
fn four_messages_over_every_leg() {
    let legs = [
        ("clean, μ-law", CLEAN),
        ("clean, A-law", Leg { law: a_law, ..CLEAN }),
        ("15 dB of signal to noise", Leg { noise_db: -9.0 - 15.0, ..CLEAN }),
        ("10 dB of signal to noise", Leg { noise_db: -9.0 - 10.0, law: a_law, ..CLEAN }),
        ("20 dB of loss", Leg { gain: 0.1, noise_db: -50.0, ..CLEAN }),
        ("twist", Leg { twist_db: 6.0, noise_db: -30.0, ..CLEAN }),
        ("twist the other way", Leg { twist_db: -6.0, noise_db: -30.0, ..CLEAN }),
        ("echo", Leg { echo: 0.3, noise_db: -35.0, ..CLEAN }),
        ("all of it", Leg { law: a_law, gain: 0.3, noise_db: -38.0, echo: 0.1, twist_db: 4.0 }),
    ];
    for (name, leg) in legs {
        assert_eq!(call(leg, &messages(), None), all_well(&messages()), "{name}");
    }
}

#[test]
fn a_message_that_loses_a_digit_is_sent_again() {
    let messages = &messages()[..2];
    // The digits begin about 1.6 s after the call.
    let outcome = call(CLEAN, messages, Some(2180));
    let expected = all_well(messages);
    // What fifteen digits would have to be.
    let fifteen = RecordError::Form { expected: "message type 56", at: 4, found: b'1' };
    assert_eq!(outcome, Outcome { refused: vec![fifteen], ..expected });
}

#[test]
fn a_panel_that_sends_pulses() {
    let options = PulseOptions::at(1800, 20);
    let report = PulseReport::parse(b"12345A", Strictness::Strict).unwrap();
    let mut station = Station::new(ReceiverOptions { handshakes: vec![Handshake::Single2300], ..Default::default() });
    let (mut mouth, mut tones) = (Mouth::default(), ToneListener::new([1400, 2300], ToneOptions::default()).unwrap());
    let (mut chance, mut heard) = (Chance(32), Vec::new());
    let leg = Leg { noise_db: -32.0, law: a_law, ..CLEAN };
    for n in 0..8000 * 30 {
        let (up, down) = (mouth.sample(), station.mouth.sample());
        station.hear(n / 8, leg.carry(up, down, &mut chance));
        let Some(HeardTone::Over { meant_hz, start_ms, end_ms, .. }) = tones.hear(leg.carry(down, up, &mut chance))
        else {
            continue;
        };
        heard.push((meant_hz, (end_ms - start_ms + 50) / 100));
        match heard.len() {
            // The handshake: the round, twice.
            1 => {
                mouth.sounds.push_back(Sound::Silence { ms: 300 });
                for round in [report.rounds(), report.rounds()].iter().flatten() {
                    mouth.sounds.extend(options.sounds(round));
                }
            }
            // The kissoff.
            _ => station.take(n / 8, ReceiverInput::HungUp),
        }
    }
    assert_eq!(heard, [(2300, 1), (2300, 9)]);
    let report = Report { number: 1, message: LineMessage::Pulse(report), repeats: None };
    assert_eq!((station.reports, station.refused, station.ending), (vec![report], Vec::new(), Some(Ending::HungUp)));
}

#[test]
fn blocks_of_dc_03_both_ways_at_once() {
    // Both bands on one pair of wires: each end hears the other one and, weaker, itself.
    let leg = Leg { echo: 0.4, gain: 0.5, noise_db: -35.0, ..CLEAN };
    let event = Block::new(Function::NEW_EVENT, b"ti12:05/ri1/BA001/BA002").unwrap().with_flags(true, true);
    let answer = Block::ACKNOWLEDGEMENT;
    let (calling, answering) = (Modem::BELL_103_CALLING, Modem::BELL_103_ANSWERING);
    let (sent, said) = (event.encode(), answer.encode().repeat(6));
    let mut up = calling.samples(&sent, 300, Volume::default());
    let mut down = answering.samples(&said, 300, Volume::default());
    let mut ends =
        [calling, answering].map(|modem| (FskListener::new(modem).unwrap(), BlockReader::default(), Vec::new()));
    let mut chance = Chance(33);
    for _ in 0..16_000 {
        let (up, down) = (up.next().unwrap_or(0), down.next().unwrap_or(0));
        let carried = [leg.carry(up, down, &mut chance), leg.carry(down, up, &mut chance)];
        for ((listener, reader, blocks), sample) in ends.iter_mut().zip(carried) {
            match listener.hear(sample) {
                Some(FskHeard::Byte(byte)) => blocks.extend(reader.push(byte).map(<[u8]>::to_vec)),
                Some(_) => reader.reset(),
                None => {}
            }
        }
    }
    let [(.., events), (.., answers)] = &ends;
    let read = |blocks: &[Vec<u8>]| -> Vec<Vec<u8>> {
        blocks.iter().map(|block| Block::parse(block, Strictness::Tolerant).unwrap().encode()).collect()
    };
    assert_eq!((read(events), read(answers)), (vec![sent], vec![answer.encode(); 6]));
}
