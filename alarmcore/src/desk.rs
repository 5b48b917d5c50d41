//! `Desk`: routes inputs to accounts and incidents, keeps the queue and the deadlines, owns the drain.

mod acts;
mod address;
mod away;
mod cancel;
mod confirm;
mod danger;
mod deadlines;
mod dues;
mod false_calls;
mod feed;
mod follow_ups;
mod forward;
mod grouping;
mod hand_off;
mod hidden;
mod hours;
mod incidents;
mod interrupt;
mod late_close;
mod lowered;
mod on_test;
mod overrides;
mod people;
mod plans;
mod queues;
mod recent;
mod restores;
mod runaway;
mod signals;
mod sources;
mod storm;
mod swinger;
mod tally;
mod units;
mod unrestored;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use contactid::AccountNumber;
use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use crate::account::{AccountCard, AccountState, Hidden, UnseenTrips};
use crate::attention::Attention;
use crate::expect::{Edge, expected};
use crate::false_calls::FalseCalls;
use crate::follow_up::FollowUp;
use crate::id::{FollowUpId, IncidentId, OperatorId, SignalId, StormId, TestId, UnitId};
use crate::incident::Incident;
use crate::input::Input;
use crate::lowered::Lowered;
use crate::operator::OperatorCard;
use crate::output::Output;
use crate::policy::{OverrideEnd, Policy, Rules};
use crate::snapshot::{Held, Returned, Snapshot};
use crate::source::{SignalSource, ToldSources};
use crate::storm::{Areas, Storm};
use crate::test_session::{TestAct, TestSession};
use crate::time::Timestamp;
use crate::unit::UnitCard;
use feed::Offers;
use incidents::Incidents;
use plans::Night;
use storm::Asked;
use tally::Tally;

/// The desk of one alarm centre.
///
/// [`Desk::handle`] takes one input, then [`Desk::poll`] is drained until it says [`Output::Wait`]. Everything said for one
/// input belongs into one transaction.
#[derive(Clone, Debug)]
pub struct Desk {
    rules: Rules,
    /// By number; under `None` what names no account, and what the unknown accounts beyond the limit share.
    accounts: Accounts,
    /// The trips that nobody was shown, of the accounts that have any.
    unseen: BTreeMap<AccountNumber, Vec<UnseenTrips>>,
    /// What stands and nobody was shown, of the accounts of which anything does.
    hidden: BTreeMap<AccountNumber, Vec<Hidden>>,
    /// The accounts whose rules may be others than those that hid it.
    unsettled: BTreeSet<AccountNumber>,
    incidents: Incidents,
    held: BTreeMap<SignalId, Held>,
    /// The tests that are not over; an account has one at most.
    tests: BTreeMap<AccountNumber, TestSession>,
    /// How an account stood when its last test was over.
    returned: BTreeMap<AccountNumber, Returned>,
    /// The closed incidents of which something still stands, until its restore is due, and those that an authority still has.
    awaited: BTreeMap<IncidentId, Box<Incident>>,
    /// Those that are not done.
    follow_ups: BTreeMap<FollowUpId, FollowUp>,
    /// When those who are silent count as gone.
    silent: BTreeMap<OperatorId, Timestamp>,
    /// The false alarms of the accounts that have any, where a rule counts them.
    false_calls: BTreeMap<AccountNumber, FalseCalls>,
    /// When time alone brings something next of them.
    false_calls_due: BTreeMap<AccountNumber, Timestamp>,
    /// What is kept of the accounts of which something lowers the protection by agreement, or whose rows are somebody's.
    lowered: BTreeMap<AccountNumber, Lowered>,
    /// When time alone changes something next of them.
    lowered_due: BTreeMap<AccountNumber, Timestamp>,
    /// When the panels that run away will have been silent for long enough.
    runs: BTreeMap<AccountNumber, Timestamp>,
    /// When overrides of the policy ended.
    ended: BTreeSet<Timestamp>,
    /// Of which ends of them somebody was warned.
    warned: BTreeSet<OverrideEnd>,
    /// The storms that are not over.
    storms: BTreeMap<StormId, Storm>,
    /// What failed lately, by area.
    tally: Tally,
    /// Whether it is night by the clock of the plans.
    night: Night,
    /// What accounts share of areas, each once.
    names: BTreeSet<Areas>,
    units: BTreeMap<UnitId, UnitCard>,
    operators: BTreeMap<OperatorId, OperatorCard>,
    /// Who is there, as far as it was said.
    present: BTreeSet<OperatorId>,
    /// Who acted when, and let an offer pass since.
    attention: BTreeMap<OperatorId, Attention>,
    /// What is offered to whom.
    offers: Offers,
    /// The strange sources of accounts that operators were told of lately.
    told_sources: BTreeMap<AccountNumber, ToldSources>,
    /// Where the last signal of each account came from, where the policy tells of another one.
    last_sources: BTreeMap<AccountNumber, SignalSource>,
    /// When the centre was started: who was asked before that has the whole time again.
    started: Option<Timestamp>,
    /// Which incident each unit has now.
    jobs: BTreeMap<UnitId, IncidentId>,
    /// The incidents of unknown accounts.
    unknown: BTreeSet<IncidentId>,
    deadlines: BTreeSet<(Timestamp, Due)>,
    next_incident: IncidentId,
    next_test: TestId,
    next_follow_up: FollowUpId,
    next_storm: StormId,
    outputs: VecDeque<Output>,
}

/// Every signal looks its account up many times over: this is the one index that is not in order. Each account is in a box of
/// its own, so that the empty places of the index cost little.
type Accounts = FxHashMap<Option<AccountNumber>, Box<Account>>;

#[derive(Clone, Debug, Default)]
struct Account {
    /// None for an account that is unknown, or no longer served.
    card: Option<AccountCard>,
    /// None until it is heard.
    state: Option<AccountState>,
    /// Its open incidents, oldest first.
    open: Vec<IncidentId>,
    /// Its held signals, oldest first.
    held: ThinVec<SignalId>,
}

impl Account {
    /// How many signals of one account are held at most; those beyond are shown at once.
    const HELD: usize = 64;

    /// May one more signal be held?
    fn may_hold(&self) -> bool {
        self.held.len() < Self::HELD
    }

    /// What the card expects is looked for. Says whether the state has anything new to keep.
    fn look_for(&mut self) -> bool {
        let expectations = self.card.as_ref().map(AccountCard::expectations).unwrap_or_default();
        self.state.as_mut().is_some_and(|state| state.look_for(expectations))
    }
}

/// What becomes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// A held signal did not restore.
    Held(SignalId),
    /// Who was asked about this incident before the centre was away has the whole time again. Before what they would be late for.
    Anew(IncidentId),
    /// An offer of this incident was not accepted.
    Offer(IncidentId),
    /// The unit that accepted this incident is not there in time.
    Arrival(IncidentId),
    /// Nothing was heard of a unit on the scene of this incident.
    Silent(IncidentId),
    /// Nobody goes on with this incident.
    Rest(IncidentId),
    /// Whoever was sent to this incident is to be told that its address is another one since.
    Address(IncidentId),
    /// The guard of this incident is to be asked how things stand.
    Guard(IncidentId),
    /// The test of this account ends soon, or now.
    Test(AccountNumber),
    /// What this closed incident was about should have restored.
    Restore(IncidentId),
    /// This incident was on hold for long enough.
    Hold(IncidentId),
    /// Nobody has taken this incident, or acted on it, for so long that somebody else is called.
    Escalation(IncidentId),
    /// This follow-up is due.
    FollowUp(FollowUpId),
    /// Nothing was seen of this person for so long that they count as gone.
    Silence(OperatorId),
    /// An act that a clause asks for on this incident was not done.
    Claim(IncidentId),
    /// The false alarms of this account bring something by the time alone.
    FalseCalls(AccountNumber),
    /// An authority has not answered for this incident, or its fire is not handed off.
    HandOff(IncidentId),
    /// The last word of an authority on this closed incident is not awaited any more.
    Follow(IncidentId),
    /// This storm groups no more.
    Storm(StormId),
    /// A suspension or log-only agreement of this account begins, ends soon, or is over.
    Lowered(AccountNumber),
    /// The panel of this account has been silent for so long that it runs away no more.
    Quiet(AccountNumber),
    /// The override at this place of the policy ends soon.
    OverrideEnding(usize),
    /// The override at this place of the policy is over.
    Override(usize),
    /// Nobody of its queue has taken this incident.
    Overflow(IncidentId),
    /// Whoever is offered this incident has not taken it.
    Feed(IncidentId),
    /// This person let an offer pass long enough ago to be asked again.
    Rested(OperatorId),
}

impl Desk {
    /// The desk of a centre on its first day.
    pub fn new(policy: Policy) -> Self {
        Self::restore(policy, Snapshot::default())
    }

    /// A desk that stands exactly where the one stood that the snapshot was taken of.
    pub fn restore(policy: Policy, snapshot: Snapshot) -> Self {
        let window_s = policy.storm.window_s();
        let mut desk = Self {
            rules: Rules::new(policy),
            accounts: Accounts::default(),
            unseen: BTreeMap::new(),
            hidden: BTreeMap::new(),
            unsettled: snapshot.unsettled,
            incidents: Incidents::default(),
            held: BTreeMap::new(),
            tests: BTreeMap::new(),
            returned: snapshot.returned,
            awaited: BTreeMap::new(),
            follow_ups: BTreeMap::new(),
            silent: snapshot.silent,
            false_calls: BTreeMap::new(),
            false_calls_due: BTreeMap::new(),
            lowered: snapshot.lowered.into_iter().map(|lowered| (lowered.account, lowered)).collect(),
            lowered_due: BTreeMap::new(),
            runs: BTreeMap::new(),
            ended: snapshot.ended,
            warned: snapshot.warned,
            storms: BTreeMap::new(),
            tally: Tally::restore(snapshot.failures, snapshot.calmed, window_s),
            night: Night::default(),
            names: BTreeSet::new(),
            units: snapshot.units.into_iter().map(|card| (card.unit, card)).collect(),
            operators: snapshot.operators.into_iter().map(|card| (card.operator, card)).collect(),
            present: snapshot.present,
            attention: BTreeMap::new(),
            offers: Offers::default(),
            told_sources: snapshot.told_sources,
            last_sources: snapshot.last_sources,
            started: snapshot.started,
            jobs: BTreeMap::new(),
            unknown: BTreeSet::new(),
            deadlines: BTreeSet::new(),
            next_incident: snapshot.next_incident,
            next_test: snapshot.next_test,
            next_follow_up: snapshot.next_follow_up,
            next_storm: snapshot.next_storm,
            outputs: VecDeque::new(),
        };
        for (until, place) in desk.rules.ends().collect::<Vec<_>>() {
            if desk.ended.contains(&until) {
                desk.rules.end(place);
            } else {
                desk.deadlines.insert((until, Due::Override(place)));
                desk.plan_override_warning(place);
            }
        }
        for storm in snapshot.storms {
            desk.keep_storm(storm);
        }
        for card in snapshot.accounts {
            desk.put_card(card.account, Some(card));
        }
        // Also of accounts that are closed meanwhile: a closing of theirs may still be awaited.
        for account in desk.lowered.keys().copied().collect::<Vec<_>>() {
            desk.plan_lowered(account);
        }
        for state in snapshot.states {
            let account = desk.of(state.account);
            account.state = Some(state);
            account.look_for();
        }
        for unseen in snapshot.unseen {
            desk.unseen.entry(unseen.account).or_default().push(unseen);
        }
        desk.keep_hidden(snapshot.hidden);
        desk.await_silences();
        for incident in snapshot.incidents {
            desk.admit(Box::new(incident));
        }
        for held in snapshot.held {
            desk.keep(held);
        }
        for open in snapshot.tests {
            desk.keep_test(open);
        }
        for incident in snapshot.awaited {
            desk.keep_awaited(Box::new(incident));
        }
        for follow_up in snapshot.follow_ups {
            desk.keep_follow_up(follow_up);
        }
        desk.deadlines.extend(desk.silent.iter().map(|(&operator, &at)| (at, Due::Silence(operator))));
        for (operator, attention) in snapshot.attention {
            desk.attend(operator, attention);
        }
        for calls in snapshot.false_calls {
            desk.keep_false_calls(calls);
        }
        for account in desk.accounts.values_mut() {
            account.open.sort_unstable();
            account.held.sort_unstable();
        }
        desk.recount();
        desk
    }

    /// Everything this desk knows.
    pub fn snapshot(&self) -> Snapshot {
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.sort_unstable_by_key(|(number, _)| **number);
        Snapshot {
            accounts: accounts.iter().filter_map(|(_, account)| account.card.clone()).collect(),
            states: accounts.iter().filter_map(|(_, account)| account.state.clone()).collect(),
            unseen: self.unseen.values().flatten().copied().collect(),
            hidden: self.all_hidden(),
            unsettled: self.unsettled.clone(),
            incidents: self.incidents.values().cloned().collect(),
            held: self.held.values().cloned().collect(),
            tests: self.tests.values().cloned().collect(),
            returned: self.returned.clone(),
            awaited: self.awaited.values().map(|incident| Incident::clone(incident)).collect(),
            follow_ups: self.follow_ups.values().cloned().collect(),
            silent: self.silent.clone(),
            false_calls: self.false_calls.values().cloned().collect(),
            lowered: self.lowered.values().cloned().collect(),
            ended: self.ended.clone(),
            warned: self.warned.clone(),
            storms: self.storms.values().cloned().collect(),
            failures: self.tally.failures(),
            calmed: self.tally.calmed(),
            units: self.units.values().cloned().collect(),
            operators: self.operators.values().cloned().collect(),
            present: self.present.clone(),
            attention: self.attention.clone(),
            told_sources: self.told_sources.clone(),
            last_sources: self.last_sources.clone(),
            started: self.started,
            next_incident: self.next_incident,
            next_test: self.next_test,
            next_follow_up: self.next_follow_up,
            next_storm: self.next_storm,
        }
    }

    /// Takes in one thing that happened. Drain [`Desk::poll`] before the next.
    pub fn handle(&mut self, input: Input) {
        let at = input.at();
        match input {
            Input::Signal(received) => self.signal(&received),
            Input::Act { at, by, incident, command, second } => self.act(at, by, incident, &command, second),
            Input::FollowUp { at, by, follow_up, command } => self.follow_up_act(at, by, follow_up, &command),
            Input::Operator { at, operator, presence } => self.presence(at, operator, presence),
            Input::Account(card) => self.put_card(card.account, Some(card)),
            Input::Test { at, by, supervisor, account, command, second } => {
                self.test_act(&TestAct {
                    at,
                    by,
                    supervisor,
                    second,
                    account,
                    signals: self.sent(account),
                    before_s: 0,
                    danger: None,
                    intrusion: None,
                    command: &command,
                });
            }
            Input::FalseCalls { at, by, account, command } => self.false_calls_act(at, by, account, &command),
            Input::Lowered { at, by, account, command } => self.lowered_act(at, by, account, &command),
            Input::Storm { at, by, supervisor, storm, command, second } => {
                self.storm_act(&Asked { at, by, supervisor, second, storm, command: &command });
            }
            Input::AccountClosed(account) => {
                if self.accounts.contains_key(&Some(account)) {
                    self.put_card(account, None);
                }
            }
            Input::Unit(card) => self.put_unit(card),
            Input::Person { at, card } => self.put_operator(at, card),
            Input::Time(now) => self.advance(now),
        }
        if let Some(at) = at {
            self.feed(at);
        }
    }

    /// The rules that hold for an account: the centre's, or those of its overrides.
    pub fn policy_of(&self, account: Option<AccountNumber>) -> &Policy {
        self.rules.of(account)
    }

    fn of(&mut self, account: AccountNumber) -> &mut Account {
        self.accounts.entry(Some(account)).or_default()
    }

    /// What to do next; [`Output::Wait`] when there is nothing more.
    pub fn poll(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| Output::Wait(self.deadlines.first().map(|(at, _)| *at)))
    }

    /// How an account stands; `None` if it was never heard.
    pub fn account(&self, account: &AccountNumber) -> Option<&AccountState> {
        self.accounts.get(&Some(*account))?.state.as_ref()
    }

    /// What is expected at `now` of an account that is served, as its signals stand: see [`expected`].
    pub fn expected(&self, account: &AccountNumber, now: Timestamp) -> Vec<Edge> {
        let known =
            self.accounts.get(&Some(*account)).and_then(|known| Some((known.card.as_ref()?, known.state.as_ref()?)));
        let rules = &self.policy_of(Some(*account)).expect;
        known.map(|(card, state)| expected(card, state, rules, &self.tested(*account), now)).unwrap_or_default()
    }

    /// After so many seconds of silence the line of an account is lost that promises to be heard every `interval_s`.
    pub fn silence_s(&self, account: AccountNumber, interval_s: u32) -> u32 {
        self.policy_of(Some(account)).expect.silence_s(interval_s)
    }

    /// The tests that are not over, by account.
    pub fn tests(&self) -> impl Iterator<Item = &TestSession> {
        self.tests.values()
    }

    /// The test of an account that is not over.
    pub fn test(&self, account: AccountNumber) -> Option<&TestSession> {
        self.tests.get(&account)
    }

    /// The false alarms of an account, where any was counted.
    pub fn false_calls(&self, account: AccountNumber) -> Option<&FalseCalls> {
        self.false_calls.get(&account)
    }

    /// What is kept of the lowered protection of an account.
    pub fn lowered(&self, account: AccountNumber) -> Option<&Lowered> {
        self.lowered.get(&account)
    }

    /// The storms that are not over, the oldest first.
    pub fn storms(&self) -> impl Iterator<Item = &Storm> {
        self.storms.values()
    }

    /// An incident that is not closed.
    pub fn incident(&self, id: IncidentId) -> Option<&Incident> {
        self.incidents.get(&id)
    }

    /// The incidents that are not closed, in the order operators see them.
    pub fn queue(&self) -> Vec<&Incident> {
        let mut queue: Vec<&Incident> = self.incidents.values().collect();
        queue.sort_unstable_by_key(|incident| incident.queue_key());
        queue
    }

    /// The rules in force.
    pub const fn policy(&self) -> &Policy {
        self.rules.centre()
    }
}
