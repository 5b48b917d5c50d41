//! A panel and a receiver talk over a line that loses, doubles, delays and changes what they say: every event is reported
//! once, and every delivered one was stored.
#![allow(clippy::unwrap_used, reason = "a test stops where its frames do not read")]
#![cfg(feature = "aes")]

use std::collections::{BTreeMap, BTreeSet};

use contactid::session::Moment;
use contactid::session::receiver::{self, Closing, Link, Options, Policy, Receiver, Terms, Ticket};
use contactid::session::transmitter::{self, Content, Event, Path, Setup, Transmitter, Transport};
use contactid::{Edition, Key, Stamp, Strictness, Token, Window};
use proptest::prelude::*;

/// The line is bad up to here; from then on everything arrives.
const GOOD_FROM_MS: u64 = 120_000;

/// What the line does, in per cent, and how everything is set up.
#[derive(Clone, Debug)]
struct Day {
    seed: u64,
    transports: Vec<Transport>,
    encrypted: bool,
    lost: u64,
    doubled: u64,
    changed: u64,
    broken: u64,
    delay_ms: u64,
    store_ms: u64,
    not_stored: u64,
    clock_ahead_secs: i64,
    events: Vec<u64>,
    closing: Closing,
    close: bool,
}

fn days() -> impl Strategy<Value = Day> {
    let transport = || prop_oneof![Just(Transport::Tcp), Just(Transport::Udp)];
    let closing = prop_oneof![
        (0..2_000u64).prop_map(|linger_ms| Closing::Answered { linger_ms }),
        (100..40_000u64).prop_map(|idle_ms| Closing::Idle { idle_ms }),
        Just(Closing::ByPanel),
    ];
    (
        (any::<u64>(), proptest::collection::vec(transport(), 1..4), any::<bool>()),
        (0..40u64, 0..30u64, 0..30u64, 0..20u64),
        (0..3_000u64, 0..8_000u64, 0..20u64),
        (-4_000_000..4_000_000i64, proptest::collection::vec(0..GOOD_FROM_MS, 1..20), closing, any::<bool>()),
    )
        .prop_map(|((seed, transports, encrypted), (lost, doubled, changed, broken), waits, rest)| Day {
            seed,
            transports,
            encrypted,
            lost,
            doubled,
            changed,
            broken,
            delay_ms: waits.0,
            store_ms: waits.1,
            not_stored: waits.2,
            clock_ahead_secs: rest.0,
            events: rest.1,
            closing: rest.2,
            close: rest.3,
        })
}

/// What is under way, by the time at which it arrives.
#[derive(Debug)]
enum Arrival {
    Event(usize),
    Connected {
        path: usize,
        connection: u64,
    },
    ToCentre {
        path: usize,
        connection: u64,
        bytes: Vec<u8>,
    },
    ToPanel {
        path: usize,
        connection: u64,
        bytes: Vec<u8>,
    },
    /// The panel meets the end of a connection behind all that the receiver had sent.
    Ended {
        path: usize,
        connection: u64,
    },
    Stored(Ticket),
}

struct World {
    day: Day,
    chance: u64,
    now_ms: u64,
    panel: Transmitter,
    centre: Receiver,
    key: Key,
    arrivals: BTreeMap<(u64, u64), Arrival>,
    count: u64,
    /// The connection of each path: those of the panel's making, and the live ones.
    connections: BTreeMap<usize, u64>,
    last_connection: u64,
    /// Connections that the receiver has closed.
    closed: BTreeSet<u64>,
    reported: Vec<String>,
    stored: Vec<String>,
    texts: BTreeMap<Ticket, String>,
    delivered: BTreeMap<Event, usize>,
    queued: Vec<(Event, String)>,
    alive: usize,
}

impl World {
    fn new(day: Day) -> Self {
        let key = Key::new(b"0123456789abcdef").unwrap();
        let path = |transport: &Transport| Path {
            tries: 3,
            close: day.close,
            ..if *transport == Transport::Tcp { Path::tcp() } else { Path::udp() }
        };
        let setup = Setup {
            key: day.encrypted.then(|| key.clone()),
            edition: Edition::E2026,
            paths: day.transports.iter().map(path).collect(),
            supervision: Some(transmitter::Supervision { interval_ms: 20_000, content: Content::null() }),
            rest_ms: 5_000,
            return_ms: 30_000,
            // A damaged frame must not pass by way of another reading of its check value.
            strictness: Strictness::Strict,
            ..Setup::new("1234", Path::udp())
        };
        // A datagram may be overtaken by every other one of the day: whoever forgets it sooner reports it again.
        let options = Options { strictness: Strictness::Strict, repeats: 100, ..Options::default() };
        Self {
            chance: day.seed,
            now_ms: 0,
            panel: Transmitter::new(setup, 9_990).unwrap(),
            centre: Receiver::new(options),
            key,
            arrivals: BTreeMap::new(),
            count: 0,
            connections: BTreeMap::new(),
            last_connection: 1_000,
            closed: BTreeSet::new(),
            reported: Vec::new(),
            stored: Vec::new(),
            texts: BTreeMap::new(),
            delivered: BTreeMap::new(),
            queued: Vec::new(),
            alive: 0,
            day,
        }
    }

    fn random(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.chance ^ self.chance >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB) >> 16
    }

    fn befalls(&mut self, percent: u64) -> bool {
        let bad = self.now_ms < GOOD_FROM_MS;
        bad && self.random() % 100 < percent
    }

    fn arrive(&mut self, delay_ms: u64, arrival: Arrival) {
        self.count += 1;
        self.arrivals.insert((self.now_ms + delay_ms, self.count), arrival);
    }

    fn delay(&mut self) -> u64 {
        let most = if self.now_ms < GOOD_FROM_MS { self.day.delay_ms } else { 50 };
        1 + self.random() % (most + 1)
    }

    /// Puts bytes on the line: datagrams suffer anything, a connection only delay, and its end.
    fn carry(&mut self, path: usize, bytes: Vec<u8>, arrival: impl Fn(u64, Vec<u8>) -> Arrival) {
        if self.day.transports[path] == Transport::Tcp {
            let Some(&connection) = self.connections.get(&path) else { return };
            if self.befalls(self.day.broken) {
                return self.cut(path, connection);
            }
            // In order, and in pieces.
            let at = bytes.len() / 3;
            for piece in [&bytes[..at], &bytes[at..]] {
                self.arrive(10, arrival(connection, piece.to_vec()));
            }
            return;
        }
        if self.befalls(self.day.lost) {
            return;
        }
        for _ in 0..1 + usize::from(self.befalls(self.day.doubled)) {
            let mut bytes = bytes.clone();
            if self.befalls(self.day.changed) {
                let (at, change) = (self.random() as usize % bytes.len(), 1 + self.random() % 255);
                bytes[at] ^= change as u8;
            }
            let delay = self.delay();
            self.arrive(delay, arrival(path as u64, bytes));
        }
    }

    fn connect(&mut self, path: usize) {
        if self.befalls(self.day.broken) {
            return;
        }
        self.last_connection += 1;
        let (connection, delay) = (self.last_connection, self.delay());
        self.arrive(delay, Arrival::Connected { path, connection });
    }

    /// Ends a connection on both sides.
    fn cut(&mut self, path: usize, connection: u64) {
        if self.connections.get(&path) == Some(&connection) {
            self.connections.remove(&path);
            self.centre(receiver::Input::Closed(Link(connection)));
            self.panel(transmitter::Input::Broken { path });
        }
    }

    fn panel(&mut self, input: transmitter::Input<'_>) {
        let utc = Stamp::from_unix(1_741_350_896 + (self.now_ms / 1000) as i64 + self.day.clock_ahead_secs);
        let random = self.random().to_be_bytes().repeat(4);
        self.panel.handle(input, Moment { now_ms: self.now_ms, utc, random: &random });
        while let Some(output) = self.panel.poll() {
            match output {
                transmitter::Output::Connect { path } => self.connect(path),
                transmitter::Output::Send { path, bytes } => {
                    self.carry(path, bytes, |connection, bytes| Arrival::ToCentre { path, connection, bytes });
                }
                transmitter::Output::Close { path } => {
                    if let Some(connection) = self.connections.remove(&path) {
                        self.centre(receiver::Input::Closed(Link(connection)));
                    }
                }
                transmitter::Output::Delivered(delivery) => {
                    let text = &self.queued.iter().find(|(event, _)| *event == delivery.event).unwrap().1;
                    assert!(self.stored.contains(text), "delivered before it was stored: {text}");
                    *self.delivered.entry(delivery.event).or_default() += 1;
                }
                transmitter::Output::Refused(delivery) => panic!("{delivery:?}"),
                _ => {}
            }
        }
    }

    fn centre(&mut self, input: receiver::Input<'_>) {
        let utc = Stamp::from_unix(1_741_350_896 + (self.now_ms / 1000) as i64);
        let random = self.random().to_be_bytes().repeat(4);
        let key = self.key.clone();
        let terms = |_: Option<_>| Terms {
            key: self.day.encrypted.then_some(&key),
            offered: None,
            policy: Policy {
                closing: self.day.closing,
                // Delay and repeats of a datagram count as a wrong clock.
                window: Some(Window { ahead_secs: 20, behind_secs: 40 }),
                retry_span_ms: 2 * GOOD_FROM_MS,
                edition: Edition::E2026,
                ..Policy::default()
            },
        };
        self.centre.handle(input, Moment { now_ms: self.now_ms, utc, random: &random }, &terms);
        while let Some(output) = self.centre.poll() {
            match output {
                receiver::Output::Report(report) => {
                    let text = report.signals[0].number_text();
                    self.reported.push(text.clone());
                    self.texts.insert(report.ticket, text);
                    let delay = self.random() % (self.day.store_ms + 1);
                    self.arrive(delay, Arrival::Stored(report.ticket));
                }
                receiver::Output::Send { link, bytes } => {
                    let found = self.connections.iter().find(|(_, connection)| **connection == link.0);
                    let path = found.map_or(link.0 as usize, |(path, _)| *path);
                    if path < self.day.transports.len() {
                        self.carry(path, bytes, |connection, bytes| Arrival::ToPanel { path, connection, bytes });
                    }
                }
                receiver::Output::Close { link, .. } => {
                    let found = self.connections.iter().find(|(_, connection)| **connection == link.0);
                    if let Some(path) = found.map(|(path, _)| *path) {
                        self.closed.insert(link.0);
                        self.arrive(10, Arrival::Ended { path, connection: link.0 });
                    }
                }
                receiver::Output::Alive { .. } => self.alive += 1,
                _ => {}
            }
        }
    }

    fn step(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Event(number) => {
                let text = format!("{number:03}");
                let content = Content::report(Token::AdmCid, "1234", format!("1130 01 {text}"));
                self.queued.push((self.panel.queue(content, Vec::new()).unwrap(), text));
                self.panel(transmitter::Input::Tick);
            }
            Arrival::Connected { path, connection } => {
                self.connections.insert(path, connection);
                self.centre(receiver::Input::Opened(Link(connection)));
                self.panel(transmitter::Input::Connected { path });
            }
            Arrival::ToCentre { path, connection, bytes } => {
                if self.day.transports[path] == Transport::Udp {
                    self.centre(receiver::Input::Datagram { link: Link(connection), bytes: &bytes });
                } else if self.connections.get(&path) == Some(&connection) && !self.closed.contains(&connection) {
                    self.centre(receiver::Input::Bytes { link: Link(connection), bytes: &bytes });
                }
            }
            Arrival::ToPanel { path, connection, bytes } => {
                if self.day.transports[path] == Transport::Udp || self.connections.get(&path) == Some(&connection) {
                    self.panel(transmitter::Input::Received { path, bytes: &bytes });
                }
            }
            Arrival::Ended { path, connection } => {
                if self.connections.get(&path) == Some(&connection) {
                    self.connections.remove(&path);
                    self.panel(transmitter::Input::Broken { path });
                }
            }
            Arrival::Stored(ticket) => {
                let text = self.texts[&ticket].clone();
                if self.befalls(self.day.not_stored) {
                    self.reported.retain(|reported| *reported != text);
                    self.centre(receiver::Input::NotStored(ticket));
                } else {
                    self.stored.push(text);
                    self.centre(receiver::Input::Stored { ticket, response: None });
                }
            }
        }
    }

    /// From one moment at which something happens to the next.
    fn run(&mut self, until_ms: u64) {
        loop {
            let arrival = self.arrivals.first_key_value().map(|(&(at, _), _)| at);
            let next = [arrival, self.panel.deadline(), self.centre.deadline()].into_iter().flatten().min();
            let Some(next) = next.filter(|&next| next <= until_ms) else { return };
            let stuck = (self.now_ms, next);
            self.now_ms = self.now_ms.max(next);
            if arrival == Some(next) {
                let (_, arrival) = self.arrivals.pop_first().unwrap();
                self.step(arrival);
            } else {
                self.panel(transmitter::Input::Tick);
                self.centre(receiver::Input::Tick);
                let after = [self.panel.deadline(), self.centre.deadline()].into_iter().flatten().min();
                assert!(after.is_none_or(|after| after > self.now_ms), "a deadline that stays: {stuck:?}, {after:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_event_once(day in days()) {
        let mut world = World::new(day.clone());
        for (number, &at) in day.events.iter().enumerate() {
            world.arrive(at, Arrival::Event(number));
        }
        world.run(GOOD_FROM_MS + 300_000);
        let expected: Vec<_> = (0..day.events.len()).map(|number| format!("{number:03}")).collect();
        world.reported.sort();
        world.stored.sort();
        prop_assert_eq!(&world.reported, &expected);
        prop_assert_eq!(&world.stored, &expected);
        prop_assert_eq!(world.panel.waiting(), 0);
        prop_assert_eq!(world.delivered.values().copied().collect::<Vec<_>>(), vec![1; day.events.len()]);
        // The line is good: the panel lives.
        prop_assert!(world.alive > 5, "{} supervision messages", world.alive);
    }
}
