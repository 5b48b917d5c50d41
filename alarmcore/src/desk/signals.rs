//! What becomes of a signal: repeat, held, shown, joined, logged. Every path ends in exactly one disposition.

use contactid::{AccountNumber, Class, Qualifier, Signal};

use super::Desk;
use super::confirm::begins_intrusion;
use super::hours::with_hours;
use super::recent::Recently;
use crate::account::AccountState;
use crate::disposition::{Disposition, Outcome, Rule};
use crate::expect::EXPECTATION;
use crate::expectation::Expectation;
use crate::id::{IncidentId, SignalId};
use crate::incident::{Family, Incident, IncidentEvent, Kind, RaiseReason, raise};
use crate::output::Output;
use crate::policy::{Handling, Policy, SourceRules, is_life_safety, wait_of};
use crate::queue::Priority;
use crate::report::{Marks, Received, Report};
use crate::restore::Place;
use crate::schedule::Irregular;
use crate::snapshot::Held;
use crate::time::Timestamp;

/// How many times as many accounts without a card have an incident of life safety of their own as have one at all.
const DANGERS: usize = 10;

impl Desk {
    pub(super) fn signal(&mut self, received: &Received) {
        let report = &received.report;
        let at = report.received_at;
        self.advance(at);
        let irregular = self.out_of_hours(report);
        let Policy { repeat_window_s, source: SourceRules { changed: tells_changes, strange_weighs, .. }, .. } =
            *self.rules.centre();
        let known = report.account.and_then(|number| {
            let account = self.accounts.get_mut(&Some(number))?;
            let card = account.card.as_ref()?;
            let sources = card.sources.as_deref();
            let strange = sources.is_some_and(|sources| report.source.is_some_and(|source| !sources.allows(source)));
            Some((number, account.state.get_or_insert_with(|| AccountState::of(card)), strange))
        });
        if report.account.is_none() && report.marks.contains(Marks::SUPERVISION) {
            let (outcome, rule) = self.own(received);
            return self.dispose(received, at, outcome, rule);
        }
        let Some((number, state, strange)) = known else {
            let outcome = self.unknown_account(received);
            self.dispose(received, at, outcome, Rule::UnknownAccount);
            return self.forward(received, outcome);
        };
        let repeat = state.repeat_of(report, repeat_window_s);
        let duplicate = state.duplicate_of(report);
        let trips = |state: &AccountState| {
            report.signal.as_ref().and_then(|signal| state.trips_of(signal)).map(|trips| trips.count)
        };
        let before = trips(state);
        // Whoever pretends to be the panel must not make danger less visible.
        let weighs = (!strange || strange_weighs) && !report.marks.is_doubtful();
        if weighs {
            state.apply(received);
        } else {
            state.apply_strange(received);
        }
        let trips = trips(state).unwrap_or(0) > before.unwrap_or(0);
        self.runs_on(number);
        if report.marks.contains(Marks::SUPERVISION) {
            self.closing_came(number, received);
        }
        let mut decided = self.judge(number, received, (repeat, duplicate), irregular, weighs);
        if strange || tells_changes {
            decided = self.check_source(number, received, (strange, weighs), decided);
        }
        let (outcome, rule) = decided;
        let ends = report.signal.as_ref().filter(|_| weighs);
        let settled = ends.is_some_and(|signal| self.settle_outage(number, received, signal));
        let rule = if settled && rule == Rule::RestoreLogged { Rule::StormRestored } else { rule };
        let counted = report.signal.as_ref().is_some_and(|signal| self.counts(number, received, signal));
        let unseen = self.sees_trips(number, received, (trips, outcome, rule));
        let decided = self.decided(received, at, outcome, rule);
        self.hide(number, &decided);
        self.outputs.push_back(Output::Dispose(Disposition { unweighed: !weighs, counted, unseen, ..decided }));
        self.forward(received, outcome);
        self.outputs.push_back(Output::Touched(number));
    }

    pub(super) fn dispose(&mut self, received: &Received, at: Timestamp, outcome: Outcome, rule: Rule) {
        let decided = self.decided(received, at, outcome, rule);
        self.outputs.push_back(Output::Dispose(decided));
    }

    fn decided(&self, received: &Received, at: Timestamp, outcome: Outcome, rule: Rule) -> Disposition {
        let overridden = self.rules.decided(received.report.account, rule, received.report.signal.as_ref());
        let (signal, policy) = (received.id, self.rules.centre().version);
        Disposition { signal, at, outcome, rule, policy, overridden, unweighed: false, counted: false, unseen: false }
    }

    /// What the centre reports of itself: all its faults are one incident, and each end of one joins it.
    fn own(&mut self, received: &Received) -> (Outcome, Rule) {
        let (at, priority) = (received.report.received_at, self.rules.centre().self_watch.priority);
        let open = self.target(None, Kind::Centre);
        match (&received.report.signal, open) {
            (Some(signal), _) if signal.class() == Class::Test => (Outcome::Logged, Rule::CentreLogged),
            (Some(Signal { qualifier: Qualifier::Restore, .. }), Some(id)) => {
                (self.join(id, received, at, Rule::RestoreJoined), Rule::RestoreJoined)
            }
            (Some(Signal { qualifier: Qualifier::Restore, .. }), None) => (Outcome::Logged, Rule::CentreLogged),
            (Some(_), Some(id)) => {
                // Of a part, only what did not fail before is said: a second certificate, another way.
                let another = self.incidents.get(&id).map(|incident| {
                    // Whoever has it knows of the other one, and may wait for that.
                    raise(incident, RaiseReason::AnotherFault, Kind::Centre, priority.min(incident.priority))
                });
                let joined = self.join(id, received, at, Rule::CentreFault);
                self.record(id, at, None, another.into_iter().collect());
                (joined, Rule::CentreFault)
            }
            _ => (self.show(None, received, at, Kind::Centre, priority, Rule::CentreFault), Rule::CentreFault),
        }
    }

    /// One incident for everything of one account that has no card, or of all of them when there are too many. Life safety is
    /// what it is without a card, too: it has its own clocks, and goes to the authorities at once.
    fn unknown_account(&mut self, received: &Received) -> Outcome {
        let (report, rules) = (&received.report, self.rules.centre());
        let signal = report.signal.as_ref();
        if let Some(id) = signal.and_then(|signal| self.ended_life_safety(report.account, signal)) {
            return self.join(id, received, report.received_at, Rule::UnknownAccount);
        }
        let danger = signal.filter(|signal| begins_life_safety(signal));
        let kind = danger.map_or(Kind::UnknownAccount, |signal| Kind::of(signal.class()));
        let begins = signal.filter(|signal| signal.qualifier != Qualifier::Restore);
        let priority = match begins.map(|signal| rules.handling(signal).0) {
            Some(Handling::Show { priority }) => priority.min(rules.unknown_account),
            _ => rules.unknown_account,
        };
        // Fires of several buildings share no incident, unless somebody makes up account numbers without end.
        let places = rules.unknown_accounts_shown as usize * if danger.is_some() { DANGERS } else { 1 };
        let too_many = self.unknown.len() >= places;
        let key = report.account.filter(|_| !too_many || self.target(report.account, kind).is_some());
        self.show(key, received, report.received_at, kind, priority, Rule::UnknownAccount)
    }

    /// The incident of life safety of an account without a card that this restore ends a part of.
    fn ended_life_safety(&self, key: Option<AccountNumber>, signal: &Signal) -> Option<IncidentId> {
        let place = Place::of(signal);
        let holds = |incident: &Incident| {
            incident.kind != Kind::UnknownAccount && incident.origins.iter().any(|origin| place.ends(&origin.place()))
        };
        let ends = signal.qualifier == Qualifier::Restore;
        ends.then(|| self.newest(key, holds).or_else(|| self.newest(None, holds))).flatten()
    }

    fn judge(
        &mut self,
        number: AccountNumber,
        received: &Received,
        (repeat, duplicate): (Option<SignalId>, Option<SignalId>),
        irregular: Option<(Irregular, Rule)>,
        weighs: bool,
    ) -> (Outcome, Rule) {
        let (key, report) = (Some(number), &received.report);
        if let Some(of) = repeat.filter(|_| self.may_repeat(key, report)) {
            return (Outcome::Repeat { of }, Rule::Repeat);
        }
        if let Some(of) = duplicate {
            match self.copy(key, received) {
                Some(joined) => return (joined, Rule::Duplicate),
                None if report.signal.as_ref().is_none_or(|signal| !begins_life_safety(signal)) => {
                    return (Outcome::Repeat { of }, Rule::Duplicate);
                }
                None => {}
            }
        }
        let judged = report.signal.as_ref().map(|signal| {
            let judged = self.triage(number, received, signal, irregular, weighs);
            if weighs { self.beside_danger(number, received, signal, judged) } else { judged }
        });
        let runaway = if weighs { self.call_runaway(number, received) } else { None };
        let suspect = [
            (Marks::UNDECIPHERED, Rule::Undeciphered),
            (Marks::UNREAD, Rule::Unread),
            (Marks::PLAIN_DESPITE_KEY, Rule::PlainDespiteKey),
            (Marks::STALE_CLOCK, Rule::StaleClock),
        ];
        let suspicion = suspect.into_iter().find(|(mark, _)| report.marks.contains(*mark)).map(|(_, rule)| rule);
        // That a late sign of life is none says nothing to an operator.
        let suspicion = suspicion.filter(|rule| *rule != Rule::StaleClock || report.signal.is_some());
        // The line is suspect, or the panel runs away, and what was said is judged all the same: an alarm stays an alarm.
        let suspicion = suspicion.map(|rule| {
            (self.show(key, received, report.received_at, Kind::Security, self.rules.centre().security, rule), rule)
        });
        let shown = judged.filter(|(outcome, _)| *outcome != Outcome::Logged);
        shown.or(suspicion).or(runaway).or(judged).unwrap_or((Outcome::Logged, Rule::ClassLogged))
    }

    /// A frame sent again says nothing new, unless it tells of an alarm that nobody is dealing with: the first may have come during a
    /// test that is over, its incident may be closed, what it told of may have restored, and a counter that begins anew at each
    /// alarm gives every one the number of the first.
    fn may_repeat(&self, key: Option<AccountNumber>, report: &Report) -> bool {
        let alarm = report.signal.as_ref().filter(|signal| begins_life_safety(signal) || begins_intrusion(signal));
        let Some(signal) = alarm else { return true };
        let place = Place::of(signal);
        let stands = |incident: &Incident| incident.origins.iter().any(|one| one.place() == place && !one.restored);
        let shown = self.holder(key, signal).and_then(|id| self.incidents.get(&id)).is_some_and(stands);
        shown || self.held_of(key).any(|(_, held)| Place::of(held) == place)
    }

    /// A copy of life safety is never hidden: it joins the open incident that shows it. Where none does, the first was kept back.
    fn copy(&mut self, key: Option<AccountNumber>, received: &Received) -> Option<Outcome> {
        let signal = received.report.signal.as_ref().filter(|signal| begins_life_safety(signal))?;
        let id = self.holder(key, signal)?;
        Some(self.join(id, received, received.report.received_at, Rule::Duplicate))
    }

    /// The open incident that shows what this says of its place already.
    pub(super) fn holder(&self, key: Option<AccountNumber>, signal: &Signal) -> Option<IncidentId> {
        let place = Place::of(signal);
        let holds = |incident: &Incident| incident.origins.iter().any(|origin| origin.place() == place);
        self.target(key, Kind::of(signal.class())).filter(|id| self.incidents.get(id).is_some_and(holds))
    }

    /// The stages that a signal goes through: the first that has a word to say has the last.
    fn triage(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        irregular: Option<(Irregular, Rule)>,
        weighs: bool,
    ) -> (Outcome, Rule) {
        if let Some(beside) = if weighs { None } else { self.end_nothing(number, received, signal) } {
            return beside;
        }
        if let Some(logged) = self.log_runaway(number, received, signal, weighs) {
            return logged;
        }
        if signal.class() == Class::Cancel {
            return self.cancel(number, received, signal, weighs);
        }
        // What a person reports was agreed to by nobody, a duress word that was said least of all; and no person is a zone that swings.
        if !received.report.is_by_person() {
            let tested = self.log_tested(number, received, signal);
            let logged = tested.or_else(|| self.log_lowered(number, received, signal));
            if let Some(logged) = logged.or_else(|| self.log_swinger(number, signal)) {
                return logged;
            }
        }
        let decided = if weighs { self.group(number, received, signal) } else { None };
        let waited = self.show_confirmed(number, received, signal);
        let decided = decided.or_else(|| self.two_paths(number, received, signal));
        let may_lower = irregular.is_none() && weighs;
        let decided = decided
            .or_else(|| if may_lower { self.closes_soon_after(number, received, signal) } else { None })
            .unwrap_or_else(|| self.carry_out(number, received, signal, irregular));
        let began = waited.unwrap_or(received.report.received_at);
        self.confirm(number, received, signal, decided, began, received.report.received_at);
        let threat = matches!(signal.class(), Class::HoldUp | Class::Duress) && signal.qualifier != Qualifier::Restore;
        if threat && decided.0.incident().is_some() {
            self.show_threatened(number, received.report.received_at);
        }
        decided
    }

    /// What the policy says of its class or code is done.
    fn carry_out(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        irregular: Option<(Irregular, Rule)>,
    ) -> (Outcome, Rule) {
        let (key, at, class) = (Some(number), received.report.received_at, signal.class());
        let usual = || with_hours(self.policy_of(key).handling(signal), irregular);
        let (handling, rule) = match self.expected_handling(number, received, signal).unwrap_or_else(usual) {
            (handling, Rule::LifeSafety) if self.is_suspended(number, at) => (handling, Rule::SuspendedLifeSafety),
            judged => judged,
        };
        let kind = if rule == Rule::UnknownCode { Kind::UnknownCode } else { Kind::of(class) };
        let ends = signal.qualifier == Qualifier::Restore && class != Class::OpenClose && rule != Rule::UnknownCode;
        match handling {
            Handling::Log {} => (Outcome::Logged, rule),
            Handling::Show { .. } | Handling::Hold { .. } if ends => self.end(key, received, signal),
            Handling::Show { priority } => {
                if let Some(asked) = self.ask_closing(number, received, signal, kind) {
                    return asked;
                }
                let (priority, rule) = match self.recently(number, received, signal) {
                    Some(Recently::Logged(outcome, rule)) => return (outcome, rule),
                    Some(Recently::Lowered(lower, rule)) => (priority.max(lower), rule),
                    // A person has seen it: nothing has to confirm that.
                    None if received.report.is_by_person() => (priority, rule),
                    None => self.unconfirmed(number, signal, (priority, rule)),
                };
                (self.show(key, received, at, kind, priority, rule), rule)
            }
            Handling::Hold { priority, seconds } => {
                let seconds = self.wait_of(key, class).unwrap_or(seconds);
                // What a person says nobody waits to be restored or cancelled: no panel knows of it.
                let shows = seconds == 0
                    || received.report.is_by_person()
                    || !self.may_hold(key)
                    || self.target(key, kind).is_some();
                if shows || self.is_confirmed(at, number, received, signal) {
                    return (self.show(key, received, at, kind, priority, Rule::ClassShown), Rule::ClassShown);
                }
                self.hold(key, received, signal, seconds)
            }
        }
    }

    /// What the account's card says of something that it expects and that has not come.
    fn expected_handling(
        &self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Handling, Rule)> {
        let of_card = received.report.marks.contains(Marks::SUPERVISION) && received.report.token == EXPECTATION;
        let all = self.accounts.get(&Some(number))?.card.as_ref()?.expectations.as_ref().filter(|_| of_card)?;
        let missed = Expectation::reported(all, &Place::of(signal))?;
        Some((Handling::Show { priority: missed.priority() }, Rule::ExpectedMissing))
    }

    /// What an account's own card says of the wait for mains.
    fn wait_of(&self, key: Option<AccountNumber>, class: Class) -> Option<u32> {
        self.accounts.get(&key)?.card.as_ref()?.mains_wait_s.filter(|_| class == Class::MainsPower)
    }

    fn hold(
        &mut self,
        key: Option<AccountNumber>,
        received: &Received,
        signal: &Signal,
        seconds: u32,
    ) -> (Outcome, Rule) {
        let place = Place::of(signal);
        if self.held_of(key).any(|(_, held)| held.qualifier == signal.qualifier && Place::of(held) == place) {
            self.stands_again(key, &place, received.report.received_at);
            return (Outcome::Logged, Rule::RestoreWaitAgain);
        }
        let until = received.report.received_at.plus_secs(seconds);
        self.keep(Held { received: received.clone(), until });
        (Outcome::Held { until }, wait_of(signal.class()))
    }

    /// What is held was set off again: a restore that waits with it is true no more.
    fn stands_again(&mut self, key: Option<AccountNumber>, began: &Place, at: Timestamp) {
        let restores = self.held_of(key).filter(|(_, held)| held.qualifier == Qualifier::Restore);
        let restores = restores.filter(|(_, held)| Place::of(held).ends(began));
        let untrue: Vec<SignalId> = restores.map(|(held, _)| held.received.id).collect();
        for id in untrue {
            if let Some(held) = self.release(id) {
                self.dispose(&held.received, at, Outcome::Logged, Rule::CancelWaitRestore);
            }
        }
    }

    pub(super) fn may_hold(&self, key: Option<AccountNumber>) -> bool {
        self.accounts.get(&key).is_none_or(|account| account.may_hold())
    }

    /// The held signals of an account, and what each says.
    pub(super) fn held_of(&self, key: Option<AccountNumber>) -> impl Iterator<Item = (&Held, &Signal)> {
        let ids = self.accounts.get(&key).map(|account| account.held.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|id| {
            let held = self.held.get(id)?;
            Some((held, held.received.report.signal.as_ref()?))
        })
    }

    /// The signal becomes part of the incident it belongs to, or opens one. Life safety always calls an operator.
    pub(super) fn show(
        &mut self,
        key: Option<AccountNumber>,
        received: &Received,
        at: Timestamp,
        kind: Kind,
        priority: Priority,
        rule: Rule,
    ) -> Outcome {
        if let Some(id) = self.guarded(key, kind) {
            // Whoever stands there is in danger first, and first on the spot: it goes on where they are.
            return self.join_and(id, received, at, rule, |incident| {
                let graver = kind.family() == Family::LifeSafety || priority.is_above(incident.priority);
                let kind = if graver { kind } else { incident.kind };
                Some(raise(incident, RaiseReason::GuardedSite, kind, priority))
            });
        }
        let Some(id) = self.target(key, kind) else {
            let evidence = self.evidence(received, rule);
            let policy = self.rules.centre().version;
            let event = IncidentEvent::Opened { account: key, kind, priority, evidence, rule, policy, plan: None };
            return Outcome::Opened { incident: self.open(at, event) };
        };
        let begins = received.report.signal.as_ref().is_some_and(begins_life_safety);
        self.join_and(id, received, at, rule, |incident| {
            let reason = match priority {
                Priority::LIFE_SAFETY if begins => RaiseReason::LifeSafety,
                _ if priority.is_above(incident.priority) => RaiseReason::MoreUrgent,
                _ => return None,
            };
            Some(raise(incident, reason, kind, priority))
        })
    }

    /// The signal becomes part of this incident.
    pub(super) fn join(&mut self, id: IncidentId, received: &Received, at: Timestamp, rule: Rule) -> Outcome {
        self.join_and(id, received, at, rule, |_| None)
    }

    /// The same, and it may raise it: those who go hear of both at once.
    fn join_and(
        &mut self,
        id: IncidentId,
        received: &Received,
        at: Timestamp,
        rule: Rule,
        raised: impl Fn(&Incident) -> Option<IncidentEvent>,
    ) -> Outcome {
        let evidence = self.evidence(received, rule);
        let raised = self.incidents.get(&id).and_then(raised);
        let joined = IncidentEvent::SignalJoined { evidence, rule };
        self.record(id, at, None, [joined].into_iter().chain(raised).collect());
        Outcome::Joined { incident: id }
    }

    /// The open incident that a signal of this kind belongs to. All alarms of an account are one incident until it is
    /// found false or left undetermined; of everything else each kind is its own.
    pub(super) fn target(&self, key: Option<AccountNumber>, kind: Kind) -> Option<IncidentId> {
        self.newest(key, |incident| match kind.family() {
            Family::Service => incident.kind == kind,
            Family::LifeSafety | Family::Alarm => {
                incident.kind.family() != Family::Service && !incident.is_false() && incident.scene_end().is_none()
            }
        })
    }

    /// The incident in which a guard is kept at this site, where no other one is open that an alarm of this kind belongs to.
    fn guarded(&self, key: Option<AccountNumber>, kind: Kind) -> Option<IncidentId> {
        let alarm = kind.family() != Family::Service && self.target(key, kind).is_none();
        self.newest(key, Incident::is_guarded).filter(|_| alarm)
    }

    pub(super) fn newest(&self, key: Option<AccountNumber>, suits: impl Fn(&Incident) -> bool) -> Option<IncidentId> {
        let account = self.accounts.get(&key)?;
        account.open.iter().rev().copied().find(|id| self.incidents.get(id).is_some_and(&suits))
    }
}

fn begins_life_safety(signal: &Signal) -> bool {
    is_life_safety(signal.class()) && signal.qualifier != Qualifier::Restore
}
