//! The desk with its store open: one turn reads, decides, and commits.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use alarmcore::{
    AccountState, Desk, Edge, Effect, IncidentId, Input, OperatorId, Output, Policy, Priority, Received, SignalId,
    Timestamp,
};
use contactid::AccountNumber;
use opsmodel::store::{Batch, Centre, Owed, SignalReader, StoreError};
use receiver::Directory;

use super::{Act, Done, NotDone};
use crate::cards::{Heartbeat, Shown};
use crate::live::{Change, Rung};
use crate::outside::Outside;
use crate::presence::{Seen, Sign};

/// Signals that one commit disposes of at most. Large, so that a desk which is behind costs the disk little; and small
/// enough that an operator's act, which waits for the turn to end, is answered within a fraction of a second.
const SIGNALS_A_TURN: usize = 4096;
/// The same while the disk is full: what one commit writes must fit into the room that was kept back, and its write-ahead log beside it.
const SIGNALS_A_TURN_CRAMPED: usize = 256;
/// Cards of which the desk is told one by one at most; for more it is loaded anew.
const CARDS_AT_ONCE: u32 = 500;
/// Effects that are performed between two turns at most.
const EFFECTS_A_TURN: usize = 64;
/// Effects that were claimed and not marked as done are due again after so many seconds.
const LEASE_S: u32 = 5;

/// The desk, and the files it works on.
pub(crate) struct Seat {
    desk: Desk,
    centre: Centre,
    log: SignalReader,
    cursor: SignalId,
    /// Signals that one commit disposes of at most.
    signals_a_turn: usize,
    /// When the desk wants to be told the time.
    deadline: Option<Timestamp>,
    /// What the store looked like when the desk was loaded: see [`Seat::is_outdated`].
    edition: i64,
    /// The last row of the history of cards that the desk knows of.
    known: u64,
    /// Changed accounts, of which it is told before any signal.
    cards: Vec<Input>,
    /// Effects may be owed. True at first: those of before the last end are performed now.
    owes: bool,
    /// What the desk has to be told of people and units whose cards were written.
    people: Vec<Input>,
    /// What it has to be told of who is there: first, of those whose screens are not connected.
    signs: Vec<Sign>,
}

/// How often the accounts promise to be heard whose cards were written, in seconds.
pub(crate) type Lines = Vec<(AccountNumber, Option<u32>)>;

/// What came of a turn.
pub(crate) struct Turned {
    /// For whoever listens; `None` when nothing happened.
    pub(crate) change: Option<Change>,
    /// The answers to the acts, in their order.
    pub(crate) verdicts: Vec<Result<Done, NotDone>>,
    /// More signals wait than one turn takes.
    pub(crate) is_behind: bool,
    /// What is expected now of the accounts whose state has changed.
    pub(crate) expected: Vec<(AccountNumber, Vec<Edge>)>,
}

impl Seat {
    /// Opens the store in `dir` and loads the desk as it stood after its last commit. Whoever was asked before `started` could not be
    /// heard until then.
    pub(crate) fn open(dir: &Path, policy: &Policy, seen: &Seen, started: Timestamp) -> Result<Self, StoreError> {
        let mut centre = Centre::open(dir)?;
        // What the desk before this one had claimed and not seen to: nobody else will.
        centre.unclaim(started)?;
        if centre.settle(dir, started)? {
            tracing::warn!("started on a copy of its store: what goes out from now on has numbers of a new generation");
        }
        let log = SignalReader::open(dir)?;
        let edition = centre.data_version()?;
        let cursor = centre.cursor()?;
        let known = centre.written_after(0, 0)?.seq;
        let mut snapshot = centre.snapshot()?;
        // Before anything is decided: what is only for some waits for them if they are there.
        snapshot.present = seen.there().into_iter().collect();
        snapshot.started = Some(started);
        if policy.source.changed {
            snapshot.last_sources = centre.last_sources()?;
        }
        let desk = Desk::restore(policy.clone(), snapshot);
        let owners: BTreeSet<OperatorId> = desk.queue().iter().filter_map(|incident| incident.owner).collect();
        let signs = seen.of(owners);
        // The desk wants to be told the time first of all: it then says when it wants to be told again.
        Ok(Self {
            desk,
            centre,
            log,
            cursor,
            signals_a_turn: SIGNALS_A_TURN,
            deadline: Some(Timestamp::default()),
            edition,
            known,
            cards: Vec::new(),
            owes: true,
            people: Vec::new(),
            signs,
        })
    }

    /// What the receiver and the supervision of lines need of the cards.
    pub(crate) fn cards(&self) -> Result<Vec<Shown>, StoreError> {
        let mut keys: HashMap<_, _> = self.centre.account_keys()?.into_iter().collect();
        let served = self.centre.accounts()?.into_iter().filter(|card| card.closed_at.is_none());
        let shown = served.map(|card| Shown {
            key: keys.remove(&card.account),
            line: Heartbeat::of(&self.desk, card.account, card.heartbeat_s),
            strange_weighs: self.desk.policy().source.strange_weighs,
            card,
        });
        Ok(shown.collect())
    }

    /// The line of an account that promises to be heard every so many seconds.
    pub(crate) fn line(&self, account: AccountNumber, promised: Option<u32>) -> Option<Heartbeat> {
        Heartbeat::of(&self.desk, account, promised)
    }

    /// What is expected of every account, closed ones too: of those it is nothing.
    pub(crate) fn expected(&self, now: Timestamp) -> Result<Vec<(AccountNumber, Vec<Edge>)>, StoreError> {
        let cards = self.centre.accounts()?;
        Ok(cards.into_iter().map(|card| (card.account, self.desk.expected(&card.account, now))).collect())
    }

    /// The incident of `account` that was opened last, if one is open.
    pub(crate) fn open_incident(&self, account: AccountNumber) -> Option<IncidentId> {
        let open = self.desk.queue().into_iter().filter(|incident| incident.account == Some(account));
        open.map(|incident| incident.id).max()
    }

    /// Another process has written cards: what the desk knows is not what the store holds.
    pub(crate) fn is_outdated(&self) -> Result<bool, StoreError> {
        Ok(self.centre.data_version()? != self.edition)
    }

    /// Looks which cards were written since the desk knew them all. `None` when it has to be loaded anew: for many cards at once,
    /// for a key, and for an account or a person that comes or goes.
    pub(crate) fn catch_up(&mut self, now: Timestamp, directory: &Directory) -> Result<Option<Lines>, StoreError> {
        let outdated = self.is_outdated()?;
        self.edition = self.centre.data_version()?;
        let written = self.centre.written_after(self.known, CARDS_AT_ONCE)?;
        let count = written.accounts.len() + written.operators.len() + written.units.len();
        // Another process that wrote no card has done what nobody foresaw.
        if written.keys || count > CARDS_AT_ONCE as usize || (outdated && count == 0) {
            return Ok(None);
        }
        let mut lines = Vec::new();
        for account in written.accounts {
            let card = self.centre.account(account)?.filter(|card| card.closed_at.is_none());
            let Some(card) = card.filter(|_| directory.knows(account)) else { return Ok(None) };
            lines.push((account, card.heartbeat_s));
            self.cards.push(Input::Account(card.desk_card()));
        }
        let people = if written.operators.is_empty() { Vec::new() } else { self.centre.operators()? };
        for card in people.into_iter().filter(|card| written.operators.contains(&card.id)) {
            let Some(card) = card.desk_card() else { return Ok(None) };
            self.people.push(Input::Person { at: now, card });
        }
        for unit in written.units {
            self.people.extend(self.centre.unit(unit)?.map(|card| Input::Unit(card.desk_card())));
        }
        self.known = written.seq;
        Ok(Some(lines))
    }

    /// What is expected of one account.
    pub(crate) fn expected_of(&self, account: AccountNumber, now: Timestamp) -> Vec<Edge> {
        self.desk.expected(&account, now)
    }

    /// The one connection that writes.
    pub(crate) fn centre(&mut self) -> &mut Centre {
        &mut self.centre
    }

    /// When the desk wants to be told the time.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// From now on a commit needs little room on the disk, or may need as much as it likes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn cramp(&mut self, cramped: bool) -> Result<(), StoreError> {
        let most = if cramped { SIGNALS_A_TURN_CRAMPED } else { SIGNALS_A_TURN };
        if self.signals_a_turn != most {
            self.signals_a_turn = most;
            self.centre.keep_log_short(cramped)?;
        }
        Ok(())
    }

    /// Hears of changed accounts, disposes of what was stored, lets due deadlines pass, hears of people, does `acts`, and commits all of
    /// it as one. Of `signs` of people each is heard before what came after it: a signal that is only for some waits for them if they
    /// were there.
    ///
    /// # Errors
    /// The store did not take it. Then nothing of it has happened, and this desk must not be used any more.
    pub(crate) fn turn(&mut self, signs: Vec<Sign>, acts: Vec<Act>, now: Timestamp) -> Result<Turned, StoreError> {
        let logged = self.log.after(self.cursor, self.signals_a_turn)?;
        let is_behind = logged.len() == self.signals_a_turn;
        let mut taken = Taken::default();
        for card in std::mem::take(&mut self.cards) {
            self.hear(card, &mut taken);
            // What rules hid that hold no longer for the account is shown as soon as the desk knows what time it is.
            self.deadline = Some(Timestamp::default());
        }
        let mut signs: Vec<Sign> = std::mem::take(&mut self.signs).into_iter().chain(signs).collect();
        signs.sort_by_key(|sign| sign.at);
        let mut signs = signs.into_iter().peekable();
        let mut received = Vec::with_capacity(logged.len());
        for signal in logged {
            let came_at = signal.received.report.received_at;
            while let Some(sign) = signs.next_if(|sign| sign.at <= came_at) {
                self.hear_sign(sign, &mut taken);
            }
            // A wait that was over when this signal came was over: the same after a night without a desk.
            self.pass(came_at, &mut taken);
            self.hear(Input::Signal(signal.received.clone()), &mut taken);
            received.push(signal.received);
        }
        if is_behind {
            self.signs = signs.collect();
        } else {
            for sign in signs {
                self.hear_sign(sign, &mut taken);
            }
            self.pass(now, &mut taken);
        }
        for news in std::mem::take(&mut self.people) {
            self.hear(news, &mut taken);
        }
        let verdicts: Vec<_> = acts.into_iter().map(|act| self.act(act, now, &mut taken)).collect();
        if received.is_empty() && taken.outputs.is_empty() {
            return Ok(Turned { change: None, verdicts, is_behind, expected: Vec::new() });
        }
        let seq = self.commit(&received, &taken)?;
        let verdicts = verdicts.into_iter().map(|verdict| verdict.map(|done| Done { seq, ..done })).collect();
        let expected = taken.accounts.iter().map(|account| (*account, self.desk.expected(account, now))).collect();
        let change = Some(taken.change(seq, self.cursor, received.len()));
        Ok(Turned { change, verdicts, is_behind, expected })
    }

    /// Performs what is owed to the outside, and gives what of it should be heard.
    ///
    /// What has a way out goes there. Everything else is shown to people: an alert rings in the console, an offer stands on the
    /// dispatch board, a hand-off is telephoned by the operator who sees it on the incident. Showing twice does no harm.
    pub(crate) fn perform(&mut self, now: Timestamp, outside: &Outside) -> Result<Rung, StoreError> {
        if !self.owes {
            return Ok(Rung::default());
        }
        let owed = self.centre.claim(now, now.plus_secs(LEASE_S), EFFECTS_A_TURN)?;
        self.owes = owed.len() == EFFECTS_A_TURN;
        let mut rung = Rung::default();
        for Owed { id, effect, .. } in owed {
            // Nobody is warned any more of what has ended: the centre was down, or its policy names an end of long ago.
            if effect.ends_at().is_some_and(|until| until <= now) {
                self.centre.done(&id, now)?;
                continue;
            }
            if let Some(way) = outside.way_of(&effect) {
                self.centre.send_by(&id, way, now)?;
                outside.wake();
                // Whoever is called may be at the desk all the same.
                match effect {
                    Effect::Escalate { incident, priority, .. } => rung.alerts.push((incident, priority.get())),
                    Effect::FollowUpUndone { priority, .. } => rung.also(priority),
                    _ => {}
                }
                continue;
            }
            match effect {
                // It has no way any more, and no hand-off of this centre is without one that had one: what follows it is given up as what
                // a way took along, and people hear so.
                Effect::TellAuthority { incident, number, to, .. } if self.centre.went_by_machine(incident, number)? => {
                    self.centre.send_by(&id, &format!("({to})"), now)?;
                    outside.wake();
                    continue;
                }
                Effect::Alert { incident, priority } | Effect::Escalate { incident, priority, .. } => {
                    rung.alerts.push((incident, priority.get()));
                }
                // Without a way out nothing reaches people who are away: who is at the desk sees it and telephones.
                Effect::TestEnding { .. }
                | Effect::LoweringEnding { .. }
                | Effect::OverrideEnding { .. }
                | Effect::FalseCalls { .. }
                | Effect::CallIn { .. } => rung.also(Priority::LEAST),
                Effect::FollowUpDue { priority, .. } | Effect::FollowUpUndone { priority, .. } => rung.also(priority),
                Effect::Offer { .. }
                | Effect::Recall { .. }
                | Effect::TellUnit { .. }
                | Effect::FirstContact { .. }
                // Whoever asks nobody is not started with rules that want it.
                | Effect::AskClosing { .. }
                | Effect::Forward { .. }
                | Effect::HandOff { .. }
                | Effect::TellAuthority { .. } => {}
            }
            self.centre.done(&id, now)?;
        }
        Ok(rung)
    }

    /// Tells the desk the time if it wants to know it.
    fn pass(&mut self, now: Timestamp, taken: &mut Taken) {
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.hear(Input::Time(now), taken);
        }
    }

    /// Whoever showed themselves before what they own was due to be taken from them keeps it.
    fn hear_sign(&mut self, sign: Sign, taken: &mut Taken) {
        self.pass(sign.at, taken);
        self.hear(sign.into(), taken);
    }

    fn hear(&mut self, news: Input, taken: &mut Taken) {
        self.desk.handle(news);
        self.drain(taken);
    }

    fn act(&mut self, act: Act, at: Timestamp, taken: &mut Taken) -> Result<Done, NotDone> {
        let before = taken.outputs.len();
        let wanted = Wanted::of(&act);
        self.hear(act.input(at), taken);
        match taken.refusal.take() {
            Some(refusal) => Err(refusal),
            None => Ok(Done { seq: 0, version: taken.version_of(wanted, before) }),
        }
    }

    /// Takes everything that the desk says until it waits.
    fn drain(&mut self, taken: &mut Taken) {
        loop {
            match self.desk.poll() {
                Output::Wait(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                Output::Refuse(refusal) => taken.refusal = Some(NotDone::Refused(refusal)),
                Output::RefuseTest(refusal) => taken.refusal = Some(NotDone::RefusedTest(refusal)),
                Output::RefuseFalseCalls(refusal) => taken.refusal = Some(NotDone::RefusedFalseCalls(refusal)),
                Output::RefuseLowered(refusal) => taken.refusal = Some(NotDone::RefusedLowered(refusal)),
                Output::RefuseStorm(refusal) => taken.refusal = Some(NotDone::RefusedStorm(refusal)),
                Output::Touched(account) => {
                    if taken.accounts.insert(account) {
                        taken.outputs.push(Output::Touched(account));
                    }
                }
                Output::RefuseFollowUp(refusal) => taken.refusal = Some(NotDone::RefusedFollowUp(refusal)),
                output @ (Output::Record(_)
                | Output::TestRecord(_)
                | Output::FalseCallsRecord(_)
                | Output::FollowUpRecord(_)
                | Output::StormRecord(_)
                | Output::LoweredRecord(_)
                | Output::OverridesOver(_)
                | Output::OverrideWarned(_)
                | Output::Dispose(_)
                | Output::Perform(_)) => taken.outputs.push(output),
            }
        }
    }

    fn commit(&mut self, received: &[Received], taken: &Taken) -> Result<u64, StoreError> {
        let states: Vec<AccountState> =
            taken.accounts.iter().filter_map(|account| self.desk.account(account).cloned()).collect();
        let cursor = received.last().map_or(self.cursor, |last| last.id);
        let seq = self.centre.commit(Batch { cursor, received, outputs: &taken.outputs, states: &states })?;
        self.cursor = cursor;
        self.owes |= taken.outputs.iter().any(|output| matches!(output, Output::Perform(_)));
        Ok(seq)
    }
}

/// What an act is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Incident(IncidentId),
    Test,
    FalseCalls(AccountNumber),
    FollowUp,
    Storm,
    Lowered(AccountNumber),
}

impl Wanted {
    const fn of(act: &Act) -> Self {
        match act {
            Act::Incident { incident, .. } => Self::Incident(*incident),
            Act::Test { .. } => Self::Test,
            Act::FalseCalls { account, .. } => Self::FalseCalls(*account),
            Act::FollowUp { .. } => Self::FollowUp,
            Act::Storm { .. } => Self::Storm,
            Act::Lowered { account, .. } => Self::Lowered(*account),
        }
    }
}

/// What the desk said in one turn.
#[derive(Default)]
struct Taken {
    outputs: Vec<Output>,
    accounts: BTreeSet<AccountNumber>,
    /// Of the act that was just given.
    refusal: Option<NotDone>,
}

impl Taken {
    /// The version that the last record gave what was acted on, among what was said from `before` on.
    fn version_of(&self, wanted: Wanted, before: usize) -> u32 {
        let records = self.outputs[before..].iter().rev().filter_map(|output| match output {
            Output::Record(record) => (Wanted::Incident(record.incident) == wanted).then_some(record.version),
            Output::TestRecord(record) => (wanted == Wanted::Test).then_some(record.version),
            Output::StormRecord(record) => (wanted == Wanted::Storm).then_some(record.version),
            Output::FalseCallsRecord(record) => {
                (Wanted::FalseCalls(record.account) == wanted).then_some(record.version)
            }
            Output::LoweredRecord(record) => (Wanted::Lowered(record.account) == wanted).then_some(record.version),
            Output::FollowUpRecord(record) => (wanted == Wanted::FollowUp).then_some(record.version),
            _ => None,
        });
        records.take(1).sum()
    }

    /// What pages are told.
    fn change(self, seq: u64, cursor: SignalId, signals: usize) -> Change {
        let (mut incidents, mut tests, mut follow_ups) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut storms, mut accounts) = (BTreeSet::new(), self.accounts.clone());
        for output in &self.outputs {
            match output {
                Output::Record(record) => drop(incidents.insert(record.incident)),
                Output::TestRecord(record) => drop(tests.insert(record.test)),
                Output::FalseCallsRecord(record) => drop(accounts.insert(record.account)),
                Output::LoweredRecord(record) => drop(accounts.insert(record.account)),
                Output::FollowUpRecord(record) => drop(follow_ups.insert(record.follow_up)),
                Output::StormRecord(record) => drop(storms.insert(record.storm)),
                _ => {}
            }
        }
        Change {
            seq,
            cursor: cursor.get(),
            incidents: incidents.into_iter().collect(),
            tests: tests.into_iter().collect(),
            follow_ups: follow_ups.into_iter().collect(),
            accounts: accounts.into_iter().collect(),
            storms: storms.into_iter().collect(),
            signals,
            ..Change::default()
        }
    }
}

#[cfg(test)]
mod tests;
