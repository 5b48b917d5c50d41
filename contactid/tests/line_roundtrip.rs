//! Both ends of a call over a line that loses and mangles what is put on it: what is delivered was reported.
#![allow(clippy::unwrap_used, reason = "a test stops where a session does not answer")]

use std::collections::{BTreeMap, BTreeSet};

use contactid::cid::{AdemcoReport, CidReport};
use contactid::dtmf::Digit;
use contactid::line::{
    LineMessage, Receiver, ReceiverInput, ReceiverOptions, ReceiverOutput, Sound, Transmitter, TransmitterInput,
    TransmitterOutput, TransmitterTiming,
};
use contactid::{CidMessage, EventCode, Qualifier};
use proptest::prelude::*;

/// What the line does to one try of a message, or to one tone.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    /// All of it is lost.
    Lost,
    /// This digit is lost.
    Dropped(usize),
    /// This digit becomes another one, which a check digit can see.
    Mangled(usize),
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Answered,
    Digit(Digit),
    Stored(u32),
    PanelGone,
    ReceiverGone,
    ToneBegins(u16),
    Tone(u16, u64, u64),
}

/// Two sessions and the line between them.
struct Line {
    panel: Transmitter,
    receiver: Receiver,
    /// What will happen, by time and order, and in which call.
    events: BTreeMap<(u64, u64), (u32, Event)>,
    order: u64,
    call: u32,
    panel_free: u64,
    receiver_free: u64,
    faults: Vec<Fault>,
    fault: Fault,
    place: usize,
    tried: usize,
    store_ms: u64,
    sent: Vec<String>,
    numbers: BTreeMap<(u32, u32), String>,
    stored: BTreeSet<String>,
    reported: Vec<(u32, String, bool)>,
    settled: Vec<(u32, bool)>,
}

fn text(message: LineMessage) -> String {
    match message {
        LineMessage::Ademco(report) => String::from_utf8(report.encode()).unwrap(),
        other => panic!("{other:?}"),
    }
}

impl Line {
    fn new(faults: Vec<Fault>, store_ms: u64) -> Self {
        Self {
            panel: Transmitter::new(TransmitterTiming::default()),
            receiver: Receiver::new(ReceiverOptions::default()),
            events: BTreeMap::new(),
            order: 0,
            call: 0,
            panel_free: 0,
            receiver_free: 0,
            faults,
            fault: Fault::None,
            place: 0,
            tried: 0,
            store_ms,
            sent: Vec::new(),
            numbers: BTreeMap::new(),
            stored: BTreeSet::new(),
            reported: Vec::new(),
            settled: Vec::new(),
        }
    }

    fn at(&mut self, at: u64, event: Event) {
        self.order += 1;
        self.events.insert((at, self.order), (self.call, event));
    }

    fn send(&mut self, count: u16) {
        for number in 1..=count {
            self.panel.handle(0, TransmitterInput::Send(message(number)));
            self.sent.push(text(LineMessage::Ademco(message(number))));
        }
    }

    /// The line is sound again when no faults are left.
    fn next_fault(&mut self) -> Fault {
        self.tried += 1;
        self.faults.get(self.tried - 1).copied().unwrap_or(Fault::None)
    }

    fn drain(&mut self, now: u64) {
        while let Some(output) = self.panel.poll() {
            match output {
                TransmitterOutput::Dial(_) => {
                    self.call += 1;
                    self.at(now + 500, Event::Answered);
                }
                TransmitterOutput::Sound(sound) => {
                    let from = self.panel_free.max(now);
                    self.panel_free = from + sound.ms();
                    match sound {
                        Sound::Digit { digit, on_ms, .. } => {
                            let heard = match self.fault {
                                Fault::Lost => None,
                                Fault::Dropped(place) if place == self.place => None,
                                Fault::Mangled(place) if place == self.place => {
                                    // The next pair that counts otherwise; `A` counts as `0` does.
                                    Digit::new(if digit.number() == 9 { 11 } else { (digit.number() + 1) % 16 })
                                }
                                _ => Some(digit),
                            };
                            self.place += 1;
                            if let Some(digit) = heard {
                                self.at(from + u64::from(on_ms), Event::Digit(digit));
                            }
                        }
                        _ => (self.fault, self.place) = (self.next_fault(), 0),
                    }
                }
                TransmitterOutput::Delivered(number) => {
                    assert!(self.stored.contains(&self.sent[number as usize - 1]), "acknowledged, not stored");
                    self.settled.push((number, true));
                }
                TransmitterOutput::GaveUp(number) => self.settled.push((number, false)),
                TransmitterOutput::HangUp => self.at(now, Event::PanelGone),
                TransmitterOutput::Talk(_) => panic!("nobody announced audio"),
            }
        }
        while let Some(output) = self.receiver.poll() {
            match output {
                ReceiverOutput::Sound(sound) => {
                    let from = self.receiver_free.max(now);
                    self.receiver_free = from + sound.ms();
                    if let Sound::Tone { hz, ms } = sound
                        && !matches!(self.next_fault(), Fault::Lost)
                    {
                        self.at(from, Event::ToneBegins(hz));
                        self.at(from + u64::from(ms), Event::Tone(hz, from, from + u64::from(ms)));
                    }
                }
                ReceiverOutput::Report(report) => {
                    self.reported.push((self.call, text(report.message), report.repeats.is_some()));
                    // The store answers in its own time.
                    self.at(now + self.store_ms, Event::Stored(report.number));
                    self.numbers.insert((self.call, report.number), text(report.message));
                }
                ReceiverOutput::Refused(_) => {}
                ReceiverOutput::ListenIn(_) => panic!("nobody announced audio"),
                ReceiverOutput::HangUp(_) => self.at(now, Event::ReceiverGone),
            }
        }
    }

    fn run(&mut self) {
        let mut now = 0;
        for _ in 0..20_000 {
            self.drain(now);
            let event = self.events.first_key_value().map(|(&(at, _), _)| at);
            let deadlines = [self.panel.deadline(), self.receiver.deadline()];
            let Some(next) = deadlines.into_iter().chain([event]).flatten().min() else { return };
            now = next.max(now);
            if event.is_some_and(|at| at <= now) {
                let (_, (call, event)) = self.events.pop_first().unwrap();
                if call == self.call {
                    self.happens(now, event);
                }
            } else {
                self.panel.handle(now, TransmitterInput::Time);
                self.receiver.handle(now, ReceiverInput::Time);
            }
        }
        panic!("no end of it");
    }

    fn happens(&mut self, now: u64, event: Event) {
        match event {
            Event::Answered => {
                (self.panel_free, self.receiver_free) = (0, 0);
                self.receiver.handle(now, ReceiverInput::Answered);
                self.panel.handle(now, TransmitterInput::Connected);
            }
            Event::Digit(digit) => self.receiver.handle(now, ReceiverInput::Digit(digit)),
            Event::Stored(number) => {
                self.stored.insert(self.numbers[&(self.call, number)].clone());
                self.receiver.handle(now, ReceiverInput::Stored(number));
            }
            Event::PanelGone => self.receiver.handle(now, ReceiverInput::HungUp),
            Event::ReceiverGone => self.panel.handle(now, TransmitterInput::HungUp),
            Event::ToneBegins(hz) => self.panel.handle(now, TransmitterInput::ToneBegins(hz)),
            Event::Tone(hz, start_ms, end_ms) => {
                self.panel.handle(now, TransmitterInput::Tone { hz, start_ms, end_ms });
            }
        }
    }
}

fn message(number: u16) -> AdemcoReport {
    let message = CidMessage::new(Qualifier::New, EventCode::new(130).unwrap(), 1, number).unwrap();
    AdemcoReport::ContactId(CidReport::new("1234".parse().unwrap(), message).unwrap())
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::Lost),
        1 => (0..16usize).prop_map(Fault::Dropped),
        1 => (0..16usize).prop_map(Fault::Mangled),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the line does: what the panel takes for delivered was reported; nothing else than what was sent is
    /// reported; and what is reported twice in a call says so.
    #[test]
    fn what_is_delivered_was_reported(
        count in 1u16..6,
        faults in proptest::collection::vec(fault(), 0..120),
        store_ms in prop_oneof![Just(0u64), 0..12_000u64],
    ) {
        let mut line = Line::new(faults, store_ms);
        line.send(count);
        line.run();

        let settled: Vec<u32> = line.settled.iter().map(|(number, _)| *number).collect();
        prop_assert_eq!(settled, (1..=u32::from(count)).collect::<Vec<_>>());
        let mut news = BTreeSet::new();
        for (call, message, repeats) in &line.reported {
            prop_assert!(line.sent.contains(message), "never sent: {}", message);
            prop_assert!(*repeats || news.insert((call, message)), "twice in a call: {}", message);
        }
    }

    /// On a sound line and with a store that is fast enough every message is reported once, in one call.
    #[test]
    fn a_sound_line_brings_each_message_once(count in 1u16..20, store_ms in 0..900u64) {
        let mut line = Line::new(Vec::new(), store_ms);
        line.send(count);
        line.run();
        let reported: Vec<_> = line.sent.iter().map(|message| (1, message.clone(), false)).collect();
        prop_assert_eq!(line.reported, reported);
        prop_assert_eq!(line.settled, (1..=u32::from(count)).map(|number| (number, true)).collect::<Vec<_>>());
    }
}
