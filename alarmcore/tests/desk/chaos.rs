//! Seeded chaos: random accounts, signals, people, units, clock jumps and restarts; after each step the invariants hold.

mod acts;
mod follow_ups;
mod lowered;
mod people;
pub(crate) mod plans;
mod policies;
mod promises;
mod sources;
mod storms;
mod units;

use std::collections::BTreeSet;

use alarmcore::{
    AccountCard, Command, ContactAnswer, ContactId, ExpectationRules, FalseCallsCommand, Feature, HandOff, IncidentId,
    Input, OperatorId, Output, Part, Plans, Policy, Presence, Proof, Received, SignalId, Supervision, TestCommand,
    TestReason, TestStart, TheirAnswer, Timestamp, UnitCard, UnitId,
};
use contactid::Class;

use crate::replay::Memory;
use crate::script::{MIDNIGHT, rules, signal};
use crate::witness::Witness;

use plans::FORCED;
use policies::{CLAUSES, RULES};

/// Inputs per seed.
const STEPS: u32 = 80;

/// SplitMix64: the same numbers on every machine, for ever.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of 0 to `sides` - 1.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }

    pub(crate) fn maybe(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// What comes more often on those days: somebody, or a moth, walks about, and cancels.
const WALK: [&str; 12] =
    ["E130", "R130", "E130", "E139", "R130", "E131", "E137", "E406", "R401", "E401", "E351", "E110"];
const ACCOUNTS: [&str; 6] = ["1001", "1002", "1003", "9001", "9002", "-"];
const EVENTS: [&str; 31] = [
    "E130", "R130", "E131", "P130", "E110", "R110", "E120", "E121", "E100", "E151", "E137", "E301", "E353", "R301",
    "E302", "R302", "E350", "R350", "E401", "R401", "E441", "E570", "R570", "E602", "E406", "E305", "E698", "BA", "BR",
    "AT", "AR",
];

/// A day by chance, and what was said on it.
pub(crate) struct Day {
    dice: Dice,
    witness: Witness,
    watch: Supervision,
    /// What the centre said last of what is expected.
    edges: promises::Told,
    now: Timestamp,
    signals: u64,
    /// Is it played under rules of its own?
    ruled: bool,
    /// Do many fail at once?
    stormy: bool,
    /// Do its accounts promise anything?
    promises: bool,
    pub(crate) said: Vec<Output>,
    /// Every input, and where in `said` what came of it begins.
    pub(crate) heard: Vec<(Input, usize)>,
    sources: sources::Told,
    pub(crate) memory: Memory,
    pub(crate) policy: Policy,
}

impl Day {
    fn new(seed: u64) -> Self {
        let mut policy = Policy { unknown_accounts_shown: 1, ..rules(RULES[(seed % 6) as usize]) };
        if seed % 7 < 3 {
            policy.rules = rules(CLAUSES).rules;
        }
        if seed % 6 < 2 {
            policy.plans = Plans::from_toml(FORCED).unwrap().into();
        }
        let mut day = Self {
            dice: Dice(seed),
            witness: Witness::new(policy.clone()),
            now: MIDNIGHT,
            signals: 0,
            ruled: !seed.is_multiple_of(6),
            stormy: seed % 6 == 5,
            watch: watch(MIDNIGHT),
            edges: promises::Told::default(),
            sources: sources::Told::default(),
            promises: seed % 6 != 3,
            said: Vec::new(),
            heard: Vec::new(),
            memory: Memory::default(),
            policy,
        };
        for number in 1001..=1003_u32 {
            day.hear(Input::Account(day.card(&number.to_string())));
        }
        for unit in 1..=3 {
            day.hear(Input::Unit(UnitCard::new(UnitId::new(unit))));
            let card = people::card(&mut Dice(seed), unit);
            day.hear(Input::Person { at: day.now, card });
            if day.policy.feed.enabled {
                let (at, operator) = (day.now, OperatorId::new(unit));
                day.hear(Input::Operator { at, operator, presence: Presence::Here });
            }
        }
        day
    }

    fn hear(&mut self, input: Input) {
        let card = match &input {
            Input::Account(AccountCard { account, .. }) | Input::AccountClosed(account) => Some(*account),
            Input::Signal(_)
            | Input::Act { .. }
            | Input::Test { .. }
            | Input::Operator { .. }
            | Input::FalseCalls { .. }
            | Input::FollowUp { .. }
            | Input::Lowered { .. }
            | Input::Storm { .. }
            | Input::Unit(_)
            | Input::Person { .. }
            | Input::Time(_) => None,
        };
        if self.dice.maybe(4) {
            self.witness.crash(&input, self.dice.roll(6) as usize);
        }
        let said = self.witness.handle(input.clone());
        self.heard.push((input.clone(), self.said.len()));
        self.memory.note(&input, &said);
        self.sources.check(self.witness.desk(), &said);
        let touched = said.iter().filter_map(|output| match output {
            Output::Touched(account) => Some(*account),
            _ => None,
        });
        for account in touched.chain(card) {
            self.watch.plan(account, &self.witness.desk().expected(&account, self.now), self.now);
        }
        self.said.extend(said);
    }

    /// On the days of confirmed intrusions nothing is promised: what the centre says of it would come between their signs.
    fn card(&self, account: &str) -> AccountCard {
        let mut card = AccountCard::new(account.parse().unwrap());
        card.features = (account != "1001").then_some(Feature::Guarded).into_iter().collect();
        // One account keeps a list of who may cancel: users 0 and 1.
        card.cancel_users = (account == "1001").then(|| BTreeSet::from([0, 1]).into());
        card.sources = sources::listed(account);
        card.areas = storms::areas(account);
        if !self.promises {
            return card;
        }
        promises::promising(card)
    }

    /// What is missed by now comes in as signals of the centre; now and then another centre does it that has just started.
    fn watch(&mut self) {
        if self.promises && self.dice.maybe(5) {
            self.watch = watch(self.now);
            for account in ["1001", "1002", "1003"].map(|account| account.parse().unwrap()) {
                self.watch.plan(account, &self.witness.desk().expected(&account, self.now), self.now);
            }
        }
        let due: Vec<_> = self.watch.poll(self.now).into_iter().collect();
        // All of them were missed before the desk hears the first, by which it may come to the hours of a test.
        due.iter().for_each(|edge| self.edges.check(self.witness.desk(), edge));
        for edge in due {
            self.signals += 1;
            let received = Received { id: SignalId::new(self.signals), report: edge.report() };
            self.hear(Input::Signal(received));
        }
    }

    fn step(&mut self) {
        match self.dice.roll(100) {
            0..25 => {}
            25..90 => self.now = self.now.plus_secs(self.dice.roll(45) as u32),
            90..98 => self.now = self.now.plus_secs(self.dice.roll(3000) as u32),
            _ => self.now = Timestamp::from_millis(self.now.millis() - 30_000),
        }
        self.watch();
        if self.signals.is_multiple_of(2) && self.witness.desk().policy().late_close.answer_within_s > 0 {
            let answer = lowered::answer(&mut self.dice, self.witness.desk(), self.now);
            self.hear(answer);
        }
        match self.dice.roll(100) {
            0..40 => self.receive(),
            40..87 => self.act(),
            87 => (0..4).for_each(|_| self.storm()),
            88 | 89 => (0..4).for_each(|_| self.follow_up()),
            90 => {
                let number = 1 + self.dice.roll(3) as u32;
                let operator = OperatorId::new(number);
                // With dice of their own: who can do what does not change the rest of the day.
                let card = people::card(&mut Dice(self.signals), number);
                self.hear(Input::Person { at: self.now, card });
                let presence = self.dice.pick(Presence::ALL);
                self.hear(Input::Operator { at: self.now, operator, presence });
            }
            91 => self.outside(),
            92..94 => self.test(),
            94 | 95 => self.prove(),
            96 => self.hear(Input::Time(self.now)),
            97 => {
                let account = self.dice.pick(&["1003", "9002"]);
                let wait = self.dice.maybe(50).then_some(60);
                let site = self.dice.maybe(40).then(|| std::sync::Arc::new("mall".into()));
                let address_since = Some(self.now);
                let card = AccountCard { mains_wait_s: wait, site, address_since, ..self.card(account) };
                let card = lowered::agreed(&mut self.dice, self.witness.desk(), card, self.now);
                self.hear(Input::Account(card));
                for _ in 0..4 {
                    let act = lowered::act(&mut self.dice, self.now);
                    self.hear(act);
                }
            }
            98 => {
                let account = self.dice.pick(&["1003", "9002"]).parse().unwrap();
                self.hear(Input::AccountClosed(account));
            }
            _ if self.dice.maybe(30) => {
                self.signals += 1;
                let (part, fails) = (self.dice.pick(Part::ALL), self.dice.maybe(60));
                let report = match self.dice.maybe(20) {
                    true => Part::checked(self.now, String::new()),
                    false => part.report(self.now, fails, String::new()),
                };
                self.hear(Input::Signal(Received { id: SignalId::new(self.signals), report }));
            }
            _ => {
                let card = units::card(&mut self.dice, self.now);
                self.hear(Input::Unit(card));
            }
        }
    }

    /// A zone is set off, restores, and is set off again.
    fn twice(&mut self) {
        for event in ["E130", "R130", "E130"] {
            self.signals += 1;
            let sequence = format!("s{}", 1000 + self.signals);
            self.hear(Input::Signal(signal(self.signals, self.now, "1002", &[event, "g1", "n2", &sequence])));
            self.now = self.now.plus_secs(5);
        }
    }

    fn receive(&mut self) {
        if self.ruled && self.dice.maybe(3) {
            return self.twice();
        }
        self.signals += 1;
        let often = self.ruled && self.dice.maybe(60);
        let walks = often && !self.stormy;
        let (account, event) = match often {
            true if walks => ("1001", self.dice.pick(&WALK)),
            true => (self.dice.pick(&["1001", "1002", "1003"]), self.dice.pick(&storms::FAILS)),
            false => (self.dice.pick(&ACCOUNTS), self.dice.pick(&EVENTS)),
        };
        let sequence = format!("s{}", self.dice.roll(40));
        // A second zone confirms an intrusion before a second trip of the first can.
        let same_zone = if self.promises { 70 } else { 93 };
        let number = if walks && self.dice.maybe(same_zone) { "n1".into() } else { format!("n{}", self.dice.roll(3)) };
        let mark = self.dice.pick(&["plain-despite-key", "encrypted", "stale-clock", "clock-off"]);
        let mut words = vec![event, "g1", &number, &sequence];
        if self.dice.maybe(5) {
            words = vec!["nothing", self.dice.pick(&["unread", "undeciphered"])];
        } else if self.dice.maybe(10) {
            words.push(mark);
        }
        let again = self.dice.maybe(8);
        let mut received = signal(self.signals, self.now, account, &words);
        received.report.source = sources::of(self.signals);
        if again {
            self.hear(Input::Signal(received.clone()));
            self.signals += 1;
            // The frame once more, or the same event from a second path.
            let mut report = alarmcore::Report { received_at: self.now.plus_secs(3), ..received.report };
            if self.signals.is_multiple_of(2) {
                report.line = "dc09-udp".into();
                report.sequence = report.sequence.map(|sequence| sequence + 1000);
            }
            self.hear(Input::Signal(alarmcore::Received { id: alarmcore::SignalId::new(self.signals), report }));
        } else {
            self.hear(Input::Signal(received));
        }
    }

    /// A person tries things until one of them is granted, or gives up.
    fn act(&mut self) {
        let open: Vec<IncidentId> = self.witness.desk().queue().iter().map(|incident| incident.id).collect();
        let Some(&incident) = open.get(self.dice.roll(open.len().max(1) as u64) as usize) else { return };
        for _ in 0..12 {
            let owner = self.witness.desk().incident(incident).and_then(|incident| incident.owner);
            let anybody = OperatorId::new(1 + self.dice.roll(3) as u32);
            let by = owner.filter(|_| self.dice.maybe(90)).unwrap_or(anybody);
            let second = self.dice.maybe(50).then(|| OperatorId::new(1 + self.dice.roll(3) as u32));
            let purposeful = self.dice.maybe(50);
            let fitting = self.witness.desk().incident(incident).filter(|_| purposeful).and_then(acts::fitting);
            let command = fitting.unwrap_or_else(|| acts::any(&mut self.dice, self.now));
            let before = self.said.len();
            self.hear(Input::Act { at: self.now, by, incident, command, second });
            if !self.said[before..].iter().any(|output| matches!(output, Output::Refuse(_))) {
                return;
            }
        }
    }

    /// Somebody records the proof of a remedy.
    fn prove(&mut self) {
        let reference = self.dice.maybe(80).then(|| "WO-1".to_owned());
        let known = ["1001", "1002", "1003"].map(|account| account.parse().unwrap());
        let counted = known.into_iter().find(|account| self.witness.desk().false_calls(*account).is_some());
        let account = counted.unwrap_or(known[0]);
        let (by, command) = (OperatorId::new(1), FalseCallsCommand::Prove { reference, note: Some("a word".into()) });
        self.hear(Input::FalseCalls { at: self.now, by, account, command });
    }

    /// A person tries something about storms.
    fn storm(&mut self) {
        let act = storms::act(&mut self.dice, self.witness.desk(), self.now);
        self.hear(act);
    }

    /// Somebody makes a follow-up, or acts on one.
    fn follow_up(&mut self) {
        let act = follow_ups::act(&mut self.dice, self.witness.desk(), self.now);
        self.hear(act);
    }

    /// An adapter or an authority says something about a hand-off, of a closed incident too: in order, twice, late, or mad; or a customer
    /// does who was asked.
    fn outside(&mut self) {
        let snapshot = self.witness.desk().snapshot();
        let asked: Vec<IncidentId> =
            snapshot.incidents.iter().filter(|one| one.first_contact.is_some()).map(|one| one.id).collect();
        if !asked.is_empty() && self.dice.maybe(40) {
            let (at, by, incident) = (self.now, OperatorId::OUTSIDE, self.dice.pick(&asked));
            let note = self.dice.maybe(50).then(|| "a van in the yard".to_owned());
            let command = Command::AnswerContact { answer: self.dice.pick(ContactAnswer::ALL), note };
            return self.hear(Input::Act { at, by, incident, command, second: None });
        }
        let handed: Vec<(IncidentId, HandOff)> = snapshot
            .incidents
            .iter()
            .chain(&snapshot.awaited)
            .flat_map(|incident| incident.hand_offs.iter().map(|hand_off| (incident.id, hand_off.clone())))
            .collect();
        let Some((incident, hand_off)) = handed.get(self.dice.roll(handed.len().max(1) as u64) as usize) else {
            return;
        };
        let (dice, number) = (&mut self.dice, hand_off.number);
        let delivers = hand_off.on_the_way.first().copied().filter(|_| dice.maybe(60));
        let command = match delivers {
            Some(sequence) if dice.maybe(70) => Command::ConfirmDelivery { number, sequence, note: None },
            Some(sequence) => Command::FailDelivery { number, sequence, note: Some("refused".into()) },
            None => {
                let answer = dice.pick(TheirAnswer::ALL);
                Command::RecordAnswer {
                    number,
                    answer,
                    from: None,
                    reason: None,
                    outcome: None,
                    eta_s: Some(dice.pick(&[1, 60])).filter(|_| answer == TheirAnswer::Eta),
                    reference: None,
                    message: Some(format!("m{}", dice.roll(12))),
                    unread: dice.maybe(10),
                    note: Some("a word".into()),
                }
            }
        };
        let (at, by, incident) = (self.now, OperatorId::OUTSIDE, *incident);
        self.hear(Input::Act { at, by, incident, command, second: None });
    }

    /// Somebody puts an account on test, or acts on its test.
    fn test(&mut self) {
        let dice = &mut self.dice;
        let zones = |dice: &mut Dice| (0..3).filter(|_| dice.maybe(40)).collect();
        let minutes = dice.roll(40) as u32;
        let command = match dice.roll(8) {
            0..5 => TestCommand::Start(TestStart {
                only: if dice.maybe(30) { zones(dice) } else { BTreeSet::new() },
                except: if dice.maybe(30) { zones(dice) } else { BTreeSet::new() },
                classes: Class::ALL
                    .iter()
                    .filter(|_| dice.maybe(20))
                    .filter_map(|&class| class.try_into().ok())
                    .collect(),
                life_safety: [Class::Fire, Class::HoldUp, Class::Burglary]
                    .into_iter()
                    .filter(|_| dice.maybe(10))
                    .collect(),
                minutes: dice.maybe(80).then_some(minutes * 20),
                reason: dice.maybe(90).then(|| dice.pick(TestReason::ALL)),
                contact: dice.maybe(50).then_some(ContactId::new(1)),
                proof: dice.maybe(50).then(|| dice.pick(Proof::ALL)),
                asked_by: dice.maybe(70).then(|| "a name".to_owned()),
                note: None,
            }),
            5 | 6 => TestCommand::Extend {
                minutes: minutes % 8 * 20,
                contact: Some(ContactId::new(1)),
                proof: dice.maybe(70).then(|| dice.pick(Proof::ALL)),
                note: Some("a word".into()),
            },
            _ => TestCommand::End { note: None },
        };
        let account = dice.pick(&["1001", "1002", "1003", "9002"]).parse().unwrap();
        let (by, supervisor) = (OperatorId::new(1 + dice.roll(3) as u32), dice.maybe(50));
        let second = dice.maybe(40).then(|| OperatorId::new(1 + dice.roll(3) as u32));
        self.hear(Input::Test { at: self.now, by, supervisor, account, command, second });
    }
}

/// The supervision of a centre that was started so early that it knows everything by now.
fn watch(now: Timestamp) -> Supervision {
    Supervision::new(&ExpectationRules { restart_grace_s: 0, ..ExpectationRules::default() }, now)
}

/// Lives through the day of a seed.
pub(crate) fn play(seed: u64) -> Day {
    let mut day = Day::new(seed);
    for _ in 0..STEPS {
        day.step();
    }
    // What was asked for is proved at last, whatever the dice said.
    day.prove();
    day.witness.close();
    day
}
