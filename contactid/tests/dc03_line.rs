//! Both ends of a DC-03 link over a line that loses and mangles what is put on it: what is delivered was stored before.
#![allow(clippy::unwrap_used, reason = "a test stops where a session does not answer")]

use std::collections::{BTreeMap, BTreeSet};

use contactid::Strictness;
use contactid::sia::report::{
    Answering, Outgoing, Panel, PanelInput, PanelOptions, PanelOutput, Receiver, ReceiverInput, ReceiverOptions,
    ReceiverOutput, Tonal,
};
use contactid::sia::{self, Function};
use proptest::prelude::*;

/// What the line does to one write.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    Lost,
    /// Of this block, this byte becomes another one.
    Mangled(usize, usize, u8),
    /// It ends before this byte.
    Cut(usize),
    /// It comes as two segments.
    Parted(usize),
}

#[derive(Clone, Debug)]
enum Event {
    Up,
    ToReceiver(Vec<u8>),
    ToPanel(Vec<u8>),
    Tone(Tonal),
    Stored(u32),
    PanelGone,
    ReceiverGone,
}

const LATENCY_MS: u64 = 200;

struct Line {
    panel: Panel,
    receiver: Receiver,
    answering: Answering,
    /// What will happen, by time and order, and on which link.
    events: BTreeMap<(u64, u64), (u32, Event)>,
    order: u64,
    /// Until when the line brings what was written before: it may be late, and overtakes nothing.
    brings_ms: u64,
    /// Whether a part of a block was the last that came to the receiver, and to the panel.
    cut: [bool; 2],
    link: u32,
    faults: Vec<Fault>,
    written: usize,
    store_ms: u64,
    numbers: BTreeMap<(u32, u32), Vec<u8>>,
    stored: BTreeSet<Vec<u8>>,
    reported: Vec<Vec<u8>>,
    settled: Vec<(u32, bool)>,
}

fn outgoing(number: u32) -> Outgoing {
    let report = Outgoing::new("1234".parse().unwrap());
    let report = report.with_block(Function::NEW_EVENT, format!("BA{number:03}").as_bytes()).unwrap();
    report.with_block(Function::TEXT, format!("Door {number}").as_bytes()).unwrap()
}

impl Line {
    fn new(options: PanelOptions, answering: Answering, faults: Vec<Fault>, store_ms: u64) -> Self {
        Self {
            panel: Panel::new(options),
            receiver: Receiver::new(ReceiverOptions { answering, ..ReceiverOptions::default() }),
            answering,
            events: BTreeMap::new(),
            order: 0,
            brings_ms: 0,
            cut: [false; 2],
            link: 0,
            faults,
            written: 0,
            store_ms,
            numbers: BTreeMap::new(),
            stored: BTreeSet::new(),
            reported: Vec::new(),
            settled: Vec::new(),
        }
    }

    fn at(&mut self, at: u64, event: Event) {
        self.order += 1;
        self.events.insert((at, self.order), (self.link, event));
    }

    /// Puts bytes on the line, as far as its next fault lets them through.
    fn write(&mut self, now: u64, mut bytes: Vec<u8>, event: fn(Vec<u8>) -> Event) {
        self.written += 1;
        let at = self.brings_ms.max(now + LATENCY_MS);
        let cut = &mut self.cut[usize::from(matches!(event(Vec::new()), Event::ToPanel(_)))];
        let fault = self.faults.get(self.written - 1).copied().unwrap_or(Fault::None);
        // A part of a block and a mangled one behind it can make a block of the right parity, which is all the check there is: an
        // error that no end of this protocol can see.
        if matches!(fault, Fault::Lost) || *cut && matches!(fault, Fault::Mangled(..)) {
            return;
        }
        *cut = matches!(fault, Fault::Cut(_));
        match fault {
            Fault::None | Fault::Lost => {}
            Fault::Mangled(block, place, with) => {
                let lengths: Vec<usize> =
                    sia::blocks(&bytes, Strictness::Strict).map(|block| block.unwrap().encode().len()).collect();
                let block = block % lengths.len();
                let start: usize = lengths[..block].iter().sum();
                // Behind header and function: a line that mangles those can make a block of it that is none of them.
                bytes[start + 2 + place % (lengths[block] - 2)] ^= with | 1;
            }
            Fault::Cut(place) => bytes.truncate(place % bytes.len()),
            Fault::Parted(place) => {
                let rest = bytes.split_off(place % bytes.len());
                self.brings_ms = at + 5;
                self.at(at, event(bytes));
                return self.at(at + 5, event(rest));
            }
        }
        self.at(at, event(bytes));
    }

    fn drain(&mut self, now: u64) {
        while let Some(output) = self.panel.poll() {
            match output {
                PanelOutput::Connect => {
                    self.link += 1;
                    self.at(now + LATENCY_MS, Event::Up);
                }
                PanelOutput::Send(bytes) => self.write(now, bytes, Event::ToReceiver),
                PanelOutput::Delivered(number) => {
                    for (function, written) in outgoing(number).blocks() {
                        let content = [&[function.0], written].concat();
                        let stored = self
                            .stored
                            .iter()
                            .any(|stored| stored.split(|&byte| byte == b'|').any(|block| block == content));
                        assert!(stored, "delivered, and not stored: {number}");
                    }
                    self.settled.push((number, true));
                }
                PanelOutput::GaveUp(number, _) => self.settled.push((number, false)),
                PanelOutput::ReverseChannel => panic!("nobody has anything to say"),
                PanelOutput::Close => self.at(now + LATENCY_MS, Event::PanelGone),
            }
        }
        while let Some(output) = self.receiver.poll() {
            match output {
                ReceiverOutput::Send(bytes) => self.write(now, bytes, Event::ToPanel),
                ReceiverOutput::Tone(tone) => self.at(now + LATENCY_MS, Event::Tone(tone)),
                ReceiverOutput::Report(report) => {
                    self.at(now + self.store_ms, Event::Stored(report.number));
                    self.reported.push(report.content.clone());
                    self.numbers.insert((self.link, report.number), report.content);
                }
                ReceiverOutput::Refused(_) => {}
                ReceiverOutput::Close(_) => self.at(now + LATENCY_MS, Event::ReceiverGone),
            }
        }
    }

    fn run(&mut self, count: u32) {
        for number in 1..=count {
            self.panel.handle(0, PanelInput::Send(outgoing(number)));
        }
        let mut now = 0;
        for _ in 0..20_000 {
            self.drain(now);
            let event = self.events.first_key_value().map(|(&(at, _), _)| at);
            let deadlines = [self.panel.deadline(), self.receiver.deadline()];
            let Some(next) = deadlines.into_iter().chain([event]).flatten().min() else { return };
            now = next.max(now);
            if event.is_some_and(|at| at <= now) {
                let (_, (link, event)) = self.events.pop_first().unwrap();
                if link == self.link {
                    self.happens(now, event);
                }
            } else {
                self.panel.handle(now, PanelInput::Time);
                self.receiver.handle(now, ReceiverInput::Time);
            }
        }
        panic!("no end of it");
    }

    fn happens(&mut self, now: u64, event: Event) {
        match event {
            Event::Up => {
                let options = ReceiverOptions { answering: self.answering, ..ReceiverOptions::default() };
                self.receiver = Receiver::new(options);
                self.panel.handle(now, PanelInput::Connected);
            }
            Event::ToReceiver(bytes) => self.receiver.handle(now, ReceiverInput::Bytes(&bytes)),
            Event::ToPanel(bytes) => self.panel.handle(now, PanelInput::Bytes(&bytes)),
            Event::Tone(tone) => self.panel.handle(now, PanelInput::Tone(tone)),
            Event::Stored(number) => {
                self.stored.insert(self.numbers[&(self.link, number)].clone());
                self.receiver.handle(now, ReceiverInput::Stored(number));
            }
            Event::PanelGone => self.receiver.handle(now, ReceiverInput::Closed),
            Event::ReceiverGone => self.panel.handle(now, PanelInput::Closed),
        }
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::Lost),
        2 => (0..3usize, 0..40usize, any::<u8>()).prop_map(|(block, place, with)| Fault::Mangled(block, place, with)),
        1 => (0..40usize).prop_map(Fault::Cut),
        1 => (0..40usize).prop_map(Fault::Parted),
    ]
}

fn answering() -> impl Strategy<Value = Answering> {
    prop_oneof![Just(Answering::Serial), Just(Answering::Network), Just(Answering::ByLevel), Just(Answering::Tonal)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the line does: what the panel takes for delivered is stored, every report is settled once and in order, and
    /// nothing else than what was sent is reported.
    #[test]
    fn what_is_delivered_was_stored(
        count in 1u32..6,
        faults in proptest::collection::vec(fault(), 0..60),
        store_ms in prop_oneof![Just(0u64), 0..6_000u64],
        answering in answering(),
        grouped: bool,
        level in 1u8..=4,
    ) {
        let mut line = Line::new(PanelOptions { grouped, level: level.max(3), ..PanelOptions::default() }, answering, faults, store_ms);
        line.run(count);
        let settled: Vec<u32> = line.settled.iter().map(|(number, _)| *number).collect();
        prop_assert_eq!(settled, (1..=count).collect::<Vec<_>>());
        let sent: BTreeSet<Vec<u8>> = (1..=count)
            .flat_map(|number| {
                let report = outgoing(number);
                report.blocks().map(|(function, written)| [&[function.0], written].concat()).collect::<Vec<_>>()
            })
            .collect();
        for block in line.reported.iter().flat_map(|content| content.split(|&byte| byte == b'|')) {
            prop_assert!(sent.contains(block), "never sent: {}", String::from_utf8_lossy(block));
        }
    }

    /// On a sound line every report comes once.
    #[test]
    fn a_sound_line_brings_each_report_once(
        count in 1u32..20,
        store_ms in 0..2_000u64,
        answering in answering(),
        grouped: bool,
    ) {
        let mut line = Line::new(PanelOptions { grouped, ..PanelOptions::default() }, answering, Vec::new(), store_ms);
        line.run(count);
        let expected: Vec<Vec<u8>> = (1..=count)
            .flat_map(|number| {
                let (event, text) = (format!("NBA{number:03}"), format!("ADoor {number}"));
                if grouped { vec![format!("{event}|{text}")] } else { vec![event, text] }
            })
            .map(String::into_bytes)
            .collect();
        prop_assert_eq!(line.reported, expected);
        prop_assert_eq!(line.settled, (1..=count).map(|number| (number, true)).collect::<Vec<_>>());
    }
}
