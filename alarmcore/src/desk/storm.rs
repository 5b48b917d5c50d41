//! Storms: the acts, the deadlines, what a rule declares, and the ledger.

use std::collections::BTreeMap;

use contactid::{AccountNumber, Class, Qualifier, Signal};

use super::{Desk, Due};
use crate::account::AccountCard;
use crate::effect::Effect;
use crate::id::{IncidentId, OperatorId, StormId};
use crate::incident::Kind;
use crate::output::Output;
use crate::policy::Handling;
use crate::report::{Marks, Received};
use crate::snapshot::Failure;
use crate::storm::{
    Area, Areas, Counted, Outage, Storm, StormAct, StormCommand, StormEvent, StormRecord, StormRefusal, decide_storm,
    evolve_storm, fits,
};
use crate::time::Timestamp;

/// One act of a person, as the desk hears of it.
pub(super) struct Asked<'a> {
    pub(super) at: Timestamp,
    pub(super) by: OperatorId,
    pub(super) supervisor: bool,
    pub(super) second: Option<OperatorId>,
    /// Which storm; `None` for one that is to be declared.
    pub(super) storm: Option<StormId>,
    pub(super) command: &'a StormCommand,
}

impl Desk {
    pub(super) fn storm_act(&mut self, asked: &Asked<'_>) {
        self.advance(asked.at);
        match self.granted_storm(asked) {
            Ok((storm, events)) => self.do_storm(storm, asked.at, Some(asked.by), events),
            Err(refusal) => self.outputs.push_back(Output::RefuseStorm(refusal)),
        }
    }

    fn granted_storm(&self, asked: &Asked<'_>) -> Result<(StormId, Vec<StormEvent>), StormRefusal> {
        let &Asked { at, by, supervisor, second, command, .. } = asked;
        let storm = match (command, asked.storm) {
            (StormCommand::Declare(wanted), _) => {
                let area = wanted.over()?;
                if area != Area::everywhere() && self.tally.members(&area) == 0 {
                    return Err(StormRefusal::NoSuchArea { area });
                }
                self.storms.values().find(|storm| storm.groups() && storm.area == area)
            }
            (_, Some(id)) => match self.storms.get(&id) {
                None if id.get() > 0 && id < self.next_storm => return Err(StormRefusal::Over),
                storm => storm,
            },
            (_, None) => None,
        };
        let events = decide_storm(storm, self.rules.centre(), &StormAct { at, by, supervisor, second, command })?;
        Ok((storm.map_or(self.next_storm, |storm| storm.id), events))
    }

    /// What a person did about a storm, as it is recorded: it happens again to the storm over that area, if it can.
    pub(crate) fn retell_storm(&mut self, area: &Area, record: &StormRecord) {
        self.advance(record.at);
        let open = self.storms.values().filter(|storm| storm.area == *area);
        let storm = match &record.event {
            StormEvent::Declared { .. } if open.clone().any(Storm::groups) => return,
            StormEvent::Declared { .. } => self.next_storm,
            event => match open.rev().find(|storm| fits(storm, event)) {
                Some(storm) => storm.id,
                None => return,
            },
        };
        self.do_storm(storm, record.at, record.by, vec![record.event.clone()]);
    }

    /// Does to a storm what its events ask of the desk itself, and records them.
    fn do_storm(&mut self, id: StormId, at: Timestamp, by: Option<OperatorId>, events: Vec<StormEvent>) {
        if events.iter().any(|event| matches!(event, StormEvent::Dismissed { .. })) {
            self.show_grouped(id, at);
        }
        let confirms = events.iter().any(|event| matches!(event, StormEvent::Confirmed { .. }));
        let declares = events.iter().any(|event| matches!(event, StormEvent::Declared { .. }));
        self.record_storm(id, at, by, events);
        if declares {
            self.gather(id, at);
        }
        if confirms || (declares && by.is_some()) {
            self.ask_first(id, at);
        }
    }

    /// Its time is over.
    pub(super) fn storm_due(&mut self, id: StormId, at: Timestamp) {
        self.record_storm(id, at, None, vec![StormEvent::Lapsed {}]);
    }

    /// Adds events to a storm or declares one, says them, and says what they ask of the outside.
    pub(super) fn record_storm(&mut self, id: StormId, at: Timestamp, by: Option<OperatorId>, events: Vec<StormEvent>) {
        let mut storm = self.storms.remove(&id);
        let grouped = storm.as_ref().is_some_and(Storm::groups);
        if let Some(storm) = &storm {
            self.deadlines.remove(&(storm.until, Due::Storm(id)));
        }
        for event in events {
            let version = storm.as_ref().map_or(1, |storm| storm.version + 1);
            let record = StormRecord { storm: id, version, at, by, event };
            storm = evolve_storm(storm, &record);
            let calls_in = matches!(record.event, StormEvent::CalledIn { .. });
            self.outputs.push_back(Output::StormRecord(record));
            if calls_in {
                self.outputs.push_back(Output::Perform(Effect::CallIn { storm: id }));
            }
        }
        let Some(storm) = storm else { return };
        let groups = storm.groups();
        if grouped && !groups {
            self.tally.calm(storm.area.clone(), at);
        }
        if !storm.is_over() {
            self.keep_storm(storm);
        }
        if grouped != groups {
            self.recount();
        }
    }

    /// Puts a storm among those that are not over.
    pub(super) fn keep_storm(&mut self, storm: Storm) {
        self.next_storm = self.next_storm.max(StormId::new(storm.id.get() + 1));
        if storm.groups() {
            self.deadlines.insert((storm.until, Due::Storm(storm.id)));
        }
        self.storms.insert(storm.id, storm);
    }

    pub(super) fn recount(&mut self) {
        let (accounts, storms) = (&self.accounts, &self.storms);
        self.tally.recount(|account| uncovered(accounts, storms, account));
    }

    /// A card is new, has changed, or is there no more.
    pub(super) fn put_card(&mut self, number: AccountNumber, card: Option<AccountCard>) {
        let card = card.map(|card| self.interned(card));
        for due in self.address_deadlines(number) {
            self.deadlines.remove(&due);
        }
        let account = self.accounts.entry(Some(number)).or_default();
        let before = std::mem::replace(&mut account.card, card);
        if account.look_for() {
            self.outputs.push_back(Output::Touched(number));
        }
        self.settle_rules(number);
        self.settle_later(number);
        let due = self.address_deadlines(number);
        self.deadlines.extend(due);
        let after = self.accounts.get(&Some(number)).and_then(|account| account.card.as_ref());
        let moves = before.iter().flat_map(AccountCard::areas).ne(after.into_iter().flat_map(AccountCard::areas));
        self.tally.enrol(before.as_ref(), after);
        if (moves || before.is_some() != after.is_some()) && self.tally.has_failed(number) {
            self.recount();
        }
        self.plan_lowered(number);
        self.runs_on(number);
    }

    /// The districts, carriers and kinds of site are few, and their accounts many: what accounts share is kept once.
    fn interned(&mut self, mut card: AccountCard) -> AccountCard {
        match self.names.get(&card.areas) {
            Some(known) => card.areas.clone_from(known),
            None if card.areas == Areas::NONE => {}
            None => drop(self.names.insert(card.areas.clone())),
        }
        card
    }

    /// The storm that groups what this account sends.
    pub(super) fn storm_over(&self, number: AccountNumber) -> Option<StormId> {
        let card = self.accounts.get(&Some(number))?.card.as_ref()?;
        self.storms.values().find(|storm| storm.groups() && storm.area.holds(card)).map(|storm| storm.id)
    }

    /// Has a storm cut the line of this account, as far as is known? One that groups what it sends, or has its line in its ledger as
    /// something that is still to be caught up on.
    pub(super) fn storm_cuts(&self, number: AccountNumber) -> bool {
        let line = Outage { account: number, kind: Kind::Communication };
        let left = |storm: &Storm| storm.ledger.line(line).is_some_and(|line| line.settled.is_none());
        self.storm_over(number).is_some() || self.storms.values().any(left)
    }

    /// Counts a trouble, and declares a storm when it is one too many of an area: the one of which the greatest part fails, for a
    /// feeder that fails is not its whole district. Of equals the first of district, feeder, carrier, kind of site.
    pub(super) fn count_failure(&mut self, number: AccountNumber, received: &Received) {
        let (at, window_s) = (received.report.received_at, self.rules.centre().storm.window_s());
        let failure = Failure { at, signal: received.id, account: number };
        let (accounts, storms) = (&self.accounts, &self.storms);
        let counts = uncovered(accounts, storms, number);
        self.tally.count(failure, counts);
        self.tally.prune(window_s, |account| uncovered(accounts, storms, account));
        let Some(card) = counts else { return };
        let storms = card.areas().filter_map(|area| {
            let (counted, members) = (self.tally.counted(&area), self.tally.members(&area));
            let Counted { signals, accounts } = counted;
            let is_storm = self.rules.centre().storm.is_storm(signals, accounts, members);
            is_storm.then_some((area, counted, members))
        });
        let part = |of: u32, all: u32| u64::from(of) * u64::from(all);
        let storm = storms.reduce(|first, other| {
            let greater = part(other.1.accounts, first.2) > part(first.1.accounts, other.2);
            if greater { other } else { first }
        });
        let Some((area, counted, _)) = storm else { return };
        let until = at.plus_secs(self.rules.centre().storm.lasts_s);
        let declared = StormEvent::Declared { area, until, counted, policy: self.rules.centre().version, note: None };
        self.do_storm(self.next_storm, at, None, vec![declared]);
    }

    /// Is this one of the troubles that were counted?
    pub(super) fn counts(&self, number: AccountNumber, received: &Received, signal: &Signal) -> bool {
        let failure = || Failure { at: received.report.received_at, signal: received.id, account: number };
        is_outage(signal.class()) && self.tally.holds(failure())
    }

    /// What failed has restored, where nothing of its kind stands any more. Is it a line of a ledger?
    pub(super) fn settle_outage(&mut self, number: AccountNumber, received: &Received, signal: &Signal) -> bool {
        let kind = Kind::of(signal.class());
        if !is_outage(signal.class()) || signal.qualifier != Qualifier::Restore || self.fails(number, kind) {
            return false;
        }
        let (outage, signal) = (Outage { account: number, kind }, received.id);
        let left = |storm: &&Storm| storm.ledger.line(outage).is_some_and(|line| line.settled.is_none());
        let storms: Vec<StormId> = self.storms.values().filter(left).map(|storm| storm.id).collect();
        for storm in &storms {
            let restored = StormEvent::Restored { outage, signal };
            self.record_storm(*storm, received.report.received_at, None, vec![restored]);
        }
        !storms.is_empty()
    }

    /// Does something of this kind stand at the account?
    fn fails(&self, number: AccountNumber, kind: Kind) -> bool {
        self.account(&number).is_some_and(|state| {
            let silent = kind == Kind::Communication && state.silent_since.is_some();
            silent || state.troubles.iter().any(|trouble| Kind::of(trouble.class) == kind)
        })
    }

    /// Is this a trouble that storms are made of, on a line that nobody doubts?
    pub(super) fn is_failure(&self, received: &Received, signal: &Signal) -> bool {
        let doubtful = [Marks::UNDECIPHERED, Marks::UNREAD, Marks::PLAIN_DESPITE_KEY, Marks::MANUAL];
        is_outage(signal.class())
            && signal.qualifier == Qualifier::New
            && !doubtful.iter().any(|mark| received.report.marks.contains(*mark))
            && self.policy_of(received.report.account).handling(signal).0 != Handling::Log {}
    }

    /// The incident that stands for what a storm grouped of this kind.
    pub(super) fn group_of(&self, storm: StormId, kind: Kind) -> Option<IncidentId> {
        self.newest(None, |incident| incident.storm == Some(storm) && incident.kind == kind)
    }
}

/// Mains, battery, line: what fails in many places at once when the weather or a carrier does.
pub(super) const fn is_outage(class: Class) -> bool {
    matches!(class, Class::MainsPower | Class::Battery | Class::Communication)
}

/// The card of an account that no storm groups.
fn uncovered<'c>(
    accounts: &'c super::Accounts,
    storms: &BTreeMap<StormId, Storm>,
    number: AccountNumber,
) -> Option<&'c AccountCard> {
    let card = accounts.get(&Some(number))?.card.as_ref()?;
    let covered = storms.values().any(|storm| storm.groups() && storm.area.holds(card));
    (!covered).then_some(card)
}
