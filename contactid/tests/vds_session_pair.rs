//! A VdS panel and a centre talk over a line that loses, doubles, delays, changes and cuts what they say: every report is
//! stored, each is delivered once and not before it was stored, and a repeat is known for one.
#![allow(clippy::unwrap_used, reason = "a test stops where a link does not answer")]
#![cfg(feature = "aes")]

use std::collections::{BTreeMap, BTreeSet};

use contactid::Key;
use contactid::vds::{
    VdsCentre, VdsCentreInput as ToCentre, VdsCentreOutput as Centre, VdsCentreSetup, VdsKey, VdsPanel,
    VdsPanelInput as ToPanel, VdsPanelOutput as Panel, VdsPanelSetup,
};

/// The line is bad up to here; from then on everything arrives.
const GOOD_FROM_MS: u64 = 120_000;
const REPORTS: u8 = 12;
const QUERIES: u8 = 4;

/// What is under way, by the time at which it arrives.
#[derive(Debug)]
enum Arrival {
    Report(u8),
    Query(u8),
    ToCentre { connection: u32, bytes: Vec<u8> },
    ToPanel { connection: u32, bytes: Vec<u8> },
    Stored { connection: u32, ticket: u64 },
    Connect,
}

/// What the line does, in per cent.
struct Line {
    lost: u64,
    doubled: u64,
    changed: u64,
    broken: u64,
    delay_ms: u64,
}

struct World {
    chance: u64,
    line: Line,
    store_ms: u64,
    key: Option<VdsKey>,
    now_ms: u64,
    panel: VdsPanel,
    centre: VdsCentre,
    connection: u32,
    /// What is under way is lost with the connection.
    broken: bool,
    arrivals: BTreeMap<(u64, u64), Arrival>,
    count: u64,
    /// When the last bytes arrive that are under way to the centre and to the panel: a connection keeps their order.
    last_ms: [u64; 2],
    /// The report of each ticket of this connection, and whether the centre says that it may be a repeat.
    tickets: BTreeMap<u64, (Vec<u8>, bool)>,
    /// How often each report was stored as one that is no repeat.
    stored: BTreeMap<Vec<u8>, usize>,
    sent: BTreeMap<u64, Vec<u8>>,
    delivered: Vec<u64>,
    queries: BTreeSet<Vec<u8>>,
    answered: Vec<u64>,
    up: [Option<bool>; 2],
    seen: BTreeMap<&'static str, usize>,
}

/// One in two reports wants a record 03.
fn report(number: u8) -> Vec<u8> {
    vec![5, if number.is_multiple_of(2) { 2 } else { 4 }, 0x11, number, 0, 1, 34]
}

impl World {
    fn new(seed: u64, breaks: bool) -> Self {
        let mut chance = seed;
        let mut up_to = |most| random(&mut chance) % most;
        let line = Line {
            lost: up_to(40),
            doubled: up_to(20),
            changed: up_to(30),
            broken: if breaks { up_to(10) } else { 0 },
            delay_ms: up_to(3_000),
        };
        let (store_ms, sealed) = (up_to(9_000), up_to(2) == 1);
        let key = sealed.then(|| VdsKey::new(3, Key::new(b"0123456789abcdef").unwrap()).unwrap());
        let (centre, panel) = (up_to(1 << 32) as u32, up_to(1 << 32) as u32);
        let mut world = Self {
            line,
            store_ms,
            now_ms: 0,
            panel: VdsPanel::new(VdsPanelSetup { key: key.clone(), ..VdsPanelSetup::default() }, panel, 0),
            centre: VdsCentre::new(centre_setup(key.clone()), centre, 0),
            key,
            connection: 0,
            broken: false,
            arrivals: BTreeMap::new(),
            count: 0,
            last_ms: [0; 2],
            tickets: BTreeMap::new(),
            stored: BTreeMap::new(),
            sent: BTreeMap::new(),
            delivered: Vec::new(),
            queries: BTreeSet::new(),
            answered: Vec::new(),
            up: [None; 2],
            seen: BTreeMap::new(),
            chance,
        };
        for number in 0..REPORTS {
            let at = world.random() % GOOD_FROM_MS;
            world.arrive(at, Arrival::Report(number));
        }
        for number in 0..QUERIES {
            let at = world.random() % GOOD_FROM_MS;
            world.arrive(at, Arrival::Query(number));
        }
        world.heed_centre();
        world
    }

    fn random(&mut self) -> u64 {
        random(&mut self.chance)
    }

    fn befalls(&mut self, percent: u64) -> bool {
        self.now_ms < GOOD_FROM_MS && self.random() % 100 < percent
    }

    fn arrive(&mut self, at_ms: u64, arrival: Arrival) {
        self.count += 1;
        self.arrivals.insert((at_ms, self.count), arrival);
    }

    /// Puts bytes on the line, in two pieces.
    fn carry(&mut self, way: usize, mut bytes: Vec<u8>) {
        if self.broken || self.befalls(self.line.lost) {
            return;
        }
        if self.befalls(self.line.broken) {
            self.broken = true;
            return self.arrive(self.now_ms + 500, Arrival::Connect);
        }
        if self.befalls(self.line.changed) {
            let (at, change) = (self.random() as usize % bytes.len(), 1 + self.random() % 255);
            bytes[at] ^= change as u8;
        }
        for _ in 0..1 + usize::from(self.befalls(self.line.doubled)) {
            let most = if self.now_ms < GOOD_FROM_MS { self.line.delay_ms } else { 50 };
            let at_ms = self.last_ms[way].max(self.now_ms + 1 + self.random() % (most + 1));
            self.last_ms[way] = at_ms;
            let (connection, cut) = (self.connection, self.random() as usize % bytes.len());
            for piece in [&bytes[..cut], &bytes[cut..]] {
                let bytes = piece.to_vec();
                self.arrive(
                    at_ms,
                    match way {
                        0 => Arrival::ToCentre { connection, bytes },
                        _ => Arrival::ToPanel { connection, bytes },
                    },
                );
            }
        }
    }

    fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    fn centre(&mut self, input: ToCentre<'_>) {
        self.centre.handle(self.now_ms, input);
        self.heed_centre();
    }

    fn heed_centre(&mut self) {
        while let Some(output) = self.centre.poll() {
            match output {
                Centre::Send(bytes) => self.carry(1, bytes),
                Centre::Record(arrival) => {
                    let may_repeat = arrival.repeats.is_some();
                    // A panel's answer to a query is no report of this test.
                    self.tickets.insert(arrival.ticket, (arrival.frame.record_bytes().to_vec(), may_repeat));
                    let at_ms = self.now_ms + self.random() % (self.store_ms + 1);
                    self.arrive(at_ms, Arrival::Stored { connection: self.connection, ticket: arrival.ticket });
                    self.saw(if may_repeat { "may repeat" } else { "report" });
                }
                Centre::Repeated(ticket) => {
                    assert!(self.tickets.contains_key(&ticket));
                    self.saw("repeated");
                }
                Centre::Answered(number) => self.answered.push(number),
                Centre::Refused(_) => self.saw("refused"),
                Centre::Closing => self.saw("closing"),
                Centre::Up => assert_ne!(self.up[0].replace(true), Some(true)),
                Centre::Down => {
                    assert_ne!(self.up[0].replace(false), Some(false));
                    self.saw("centre down");
                }
            }
        }
    }

    fn panel(&mut self, input: ToPanel<'_>) {
        self.panel.handle(self.now_ms, input);
        while let Some(output) = self.panel.poll() {
            match output {
                Panel::Send(bytes) => self.carry(0, bytes),
                Panel::Delivered(number) => {
                    assert!(self.stored.contains_key(&self.sent[&number]), "delivered before it was stored");
                    self.delivered.push(number);
                }
                Panel::Received(frame) => {
                    self.queries.insert(frame.record_bytes().to_vec());
                }
                Panel::Refused(_) => self.saw("panel refused"),
                Panel::Closing | Panel::Close => panic!("the centre never closes"),
                Panel::Up => assert_ne!(self.up[1].replace(true), Some(true)),
                Panel::Down => {
                    assert_ne!(self.up[1].replace(false), Some(false));
                    self.saw("panel down");
                }
            }
        }
    }

    fn step(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Report(number) => {
                let records = report(number);
                self.sent.insert(self.panel.queue(records.clone()).unwrap(), records);
                self.panel(ToPanel::Time);
            }
            Arrival::Query(number) => {
                self.centre.ask(vec![1, 0x10, number]).unwrap();
                self.centre(ToCentre::Time);
            }
            Arrival::ToCentre { connection, bytes } if connection == self.connection && !self.broken => {
                self.centre(ToCentre::Bytes(&bytes));
            }
            Arrival::ToPanel { connection, bytes } if connection == self.connection && !self.broken => {
                self.panel(ToPanel::Bytes(&bytes));
            }
            Arrival::Stored { connection, ticket } if connection == self.connection => {
                if self.befalls(15) {
                    return self.centre(ToCentre::NotStored(ticket));
                }
                let (records, may_repeat) = self.tickets[&ticket].clone();
                *self.stored.entry(records).or_default() += usize::from(!may_repeat);
                self.centre(ToCentre::Stored { ticket, records: &[] });
            }
            Arrival::Connect => {
                self.connection += 1;
                self.broken = false;
                let counter = self.random() as u32;
                self.centre = VdsCentre::new(centre_setup(self.key.clone()), counter, self.now_ms);
                (self.up[0], self.last_ms) = (None, [self.now_ms; 2]);
                self.tickets.clear();
                self.panel(ToPanel::Connected);
                self.heed_centre();
            }
            Arrival::ToCentre { .. } | Arrival::ToPanel { .. } | Arrival::Stored { .. } => {}
        }
    }

    /// From one moment at which something happens to the next.
    fn run(&mut self, until_ms: u64) {
        loop {
            let arrival = self.arrivals.first_key_value().map(|(&(at, _), _)| at);
            let next = [arrival, self.panel.deadline(), self.centre.deadline()].into_iter().flatten().min();
            let Some(next) = next.filter(|&next| next <= until_ms) else { return };
            self.now_ms = self.now_ms.max(next);
            if arrival == Some(next) {
                let (_, arrival) = self.arrivals.pop_first().unwrap();
                self.step(arrival);
            } else {
                self.panel(ToPanel::Time);
                self.centre(ToCentre::Time);
                let after = [self.panel.deadline(), self.centre.deadline()].into_iter().flatten().min();
                assert!(after.is_none_or(|after| after > self.now_ms), "a deadline that stays: {after:?}");
            }
        }
    }
}

fn random(chance: &mut u64) -> u64 {
    *chance = chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*chance ^ *chance >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB) >> 16
}

fn centre_setup(key: Option<VdsKey>) -> VdsCentreSetup {
    VdsCentreSetup { keys: key.into_iter().collect(), ..VdsCentreSetup::default() }
}

/// All days of this kind, and what was seen in them.
fn days(breaks: bool) -> BTreeMap<&'static str, usize> {
    let mut seen = BTreeMap::new();
    for seed in 0..400 {
        let mut world = World::new(seed, breaks);
        world.run(GOOD_FROM_MS + 300_000);
        let reports: Vec<Vec<u8>> = world.sent.values().cloned().collect();
        assert_eq!(reports.len(), usize::from(REPORTS));
        assert!(world.stored.keys().all(|records| reports.contains(records)), "seed {seed}");
        assert_eq!(world.stored.len(), reports.len(), "seed {seed}");
        if !breaks {
            // Of another connection a centre knows nothing; in one it knows each repeat.
            assert!(world.stored.values().all(|&times| times == 1), "seed {seed}: {:?}", world.stored);
            assert_eq!(world.answered, Vec::from_iter(1..=u64::from(QUERIES)), "seed {seed}");
            assert_eq!(world.queries.len(), usize::from(QUERIES), "seed {seed}");
        }
        assert_eq!(world.delivered, Vec::from_iter(1..=u64::from(REPORTS)), "seed {seed}");
        assert_eq!((world.panel.waiting(), world.up), (0, [Some(true); 2]), "seed {seed}");
        for (what, times) in world.seen {
            *seen.entry(what).or_default() += times;
        }
    }
    seen
}

#[test]
fn every_report_once_on_a_bad_connection() {
    let seen = days(false);
    println!("{seen:?}");
    let whats =
        ["centre down", "closing", "may repeat", "panel down", "panel refused", "refused", "repeated", "report"];
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), whats);
}

#[test]
fn every_report_over_connections_that_break() {
    let seen = days(true);
    println!("{seen:?}");
    assert!(seen["panel down"] > 400, "{seen:?}");
}
