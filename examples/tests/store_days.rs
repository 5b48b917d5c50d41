//! The days of chance by which the desk is proved, lived through once more with the store beneath: started anew from its files at
//! any moment, with every row made anew in between or not, a desk stands where the one stood that never stopped, and says the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(dead_code, reason = "of the days only the inputs are of use here, of the room only what works it")]

/// The days, as the tests of the desk have them.
#[path = "../../alarmcore/tests/desk"]
mod desk {
    pub(crate) mod chaos;
    pub(crate) mod replay;
    pub(crate) mod script;
    pub(crate) mod witness;
}

/// A centre in a folder, as the tests of the store have it.
#[path = "../../opsmodel/tests/store"]
mod store {
    pub(crate) mod room;
    pub(crate) mod sample;
}

use desk::{chaos, replay, script, witness};
use store::{room, sample};

use std::collections::BTreeMap;

use alarmcore::{Desk, Input, Output, Received, Snapshot, Timestamp};
use chaos::{Day, Dice, play};
use opsmodel::crm::AccountCard;
use opsmodel::store::SignalLog;
use room::Room;
use sample::framed;
use serde_json::Value;

/// How many days plain `cargo test` lives through; `STORE_DAYS` asks for more.
const DAYS: u64 = 42;

/// Days on which a fault was found once.
const FOUND: [u64; 3] = [166, 178, 316];

/// A desk and its files.
struct Stored {
    _folder: tempfile::TempDir,
    room: Room,
    seed: u64,
    /// Whoever says when the process ends; the day has dice of its own.
    dice: Dice,
    latest: Timestamp,
}

impl Stored {
    fn new(day: &Day, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        drop(SignalLog::open(folder.path()).unwrap());
        let mut room = Room::open(folder.path());
        room.desk = Desk::new(day.policy.clone());
        Self { _folder: folder, room, seed, dice: Dice(seed ^ 0x5709_ed00), latest: script::MIDNIGHT }
    }

    /// Hears an input as the binary does: a signal is read from the log, and what the desk says is stored with it.
    fn hear(&mut self, input: &Input) -> Vec<Output> {
        self.latest = self.latest.max(input.at().unwrap_or(self.latest));
        let received = match input {
            Input::Signal(received) => vec![self.logged(received)],
            _ => Vec::new(),
        };
        self.put_card(input);
        let said = tell(&mut self.room.desk, input.clone());
        let granted: Vec<Output> = said.iter().filter(|output| is_stored(output)).cloned().collect();
        let cursor = received.last().map_or_else(|| self.room.centre.cursor().unwrap(), |last| last.id);
        self.room.commit(cursor, &received, &granted).unwrap();
        said
    }

    /// What a card looks for is made anew with the states: the store has it by the time the desk hears of it.
    fn put_card(&mut self, input: &Input) {
        let (account, expectations, closed_at) = match input {
            Input::Account(card) => (card.account, card.expectations.clone(), None),
            Input::AccountClosed(account) => (*account, None, Some(self.latest)),
            _ => return,
        };
        let known = self.room.centre.account(account).unwrap();
        let known = known.unwrap_or_else(|| AccountCard::new(account, "Shop"));
        let card = AccountCard { expectations, closed_at, ..known };
        self.room.centre.put_account(&card, &room::change(0, "of the day")).unwrap();
    }

    /// Puts a signal into the log, and reads it as the desk does.
    fn logged(&mut self, received: &Received) -> Received {
        let cursor = self.room.centre.cursor().unwrap();
        drop(self.room.log.append(&[framed(received.report.clone())], &[]).unwrap());
        let read = self.room.reader.after(cursor, 2).unwrap();
        let read: Vec<Received> = read.into_iter().map(|logged| logged.received).collect();
        assert_eq!(read, std::slice::from_ref(received), "seed {}: the log has something else", self.seed);
        received.clone()
    }

    /// The process ends without a word, and another starts from the files. Cards are written by others, and who is there is told by
    /// whoever sees them: both are told to the new desk as the old one had them.
    fn restart(&mut self, day: &Day) {
        let stood = self.room.desk.snapshot();
        let stored = self.room.centre.snapshot().unwrap();
        let told = Snapshot {
            accounts: stood.accounts.clone(),
            units: stood.units.clone(),
            operators: stood.operators.clone(),
            present: stood.present.clone(),
            silent: stood.silent.clone(),
            last_sources: match day.policy.source.changed {
                true => self.room.centre.last_sources().unwrap(),
                false => BTreeMap::new(),
            },
            ..stored
        };
        let restored = || Desk::restore(day.policy.clone(), told.clone());
        let (mut here, mut there) = (Desk::restore(day.policy.clone(), stood), restored());
        let now = Input::Time(self.latest);
        let said = compared(tell(&mut there, now.clone()));
        assert_eq!(said, compared(tell(&mut here, now)), "seed {}: it would say something else", self.seed);
        let stands = parts(&there.snapshot());
        for (part, here) in parts(&here.snapshot()) {
            assert_eq!(stands[&part], here, "seed {}: the store has other {part}", self.seed);
        }
        // The files do not say whose rest after an offer is over: a desk knows it as soon as it hears the time. Where the clock is
        // set back next, it has to hear it here; what was due in this very second is said by the next input, as it was that day.
        self.room.desk = if said.is_empty() { there } else { restored() };
    }
}

fn tell(desk: &mut Desk, input: Input) -> Vec<Output> {
    desk.handle(input);
    std::iter::from_fn(|| Some(desk.poll()).filter(|output| !matches!(output, Output::Wait(_)))).collect()
}

/// What of it must be the same: all but how long the desk waits.
fn compared(said: Vec<Output>) -> Vec<Output> {
    said.into_iter().filter(|output| !matches!(output, Output::Wait(_))).collect()
}

/// The parts of a snapshot by name: whoever reads a failure wants to see only the one that differs.
fn parts(snapshot: &Snapshot) -> BTreeMap<String, Value> {
    serde_json::from_value(serde_json::to_value(snapshot).unwrap()).unwrap()
}

const fn is_stored(output: &Output) -> bool {
    !matches!(
        output,
        Output::Refuse(_)
            | Output::RefuseTest(_)
            | Output::RefuseFalseCalls(_)
            | Output::RefuseFollowUp(_)
            | Output::RefuseLowered(_)
            | Output::RefuseStorm(_)
    )
}

#[test]
fn a_desk_restored_from_the_store_is_one_that_never_stopped() {
    let asked = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let (first, days) = (asked("STORE_FIRST").unwrap_or(0), asked("STORE_DAYS").unwrap_or(DAYS));
    for seed in (first..first + days).chain(FOUND) {
        let day = play(seed);
        let mut stored = Stored::new(&day, seed);
        for (at, (input, begins)) in day.heard.iter().enumerate() {
            if stored.dice.maybe(2) {
                stored.room.centre.rebuild().unwrap();
            }
            if stored.dice.maybe(10) {
                stored.restart(&day);
            }
            let ends = day.heard.get(at + 1).map_or(day.said.len(), |(_, next)| *next);
            assert_eq!(
                compared(stored.hear(input)),
                compared(day.said[*begins..ends].to_vec()),
                "seed {seed}: {input:?}"
            );
        }
        stored.room.centre.rebuild().unwrap();
        stored.restart(&day);
    }
}
