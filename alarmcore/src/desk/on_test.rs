//! Accounts on test: the acts, the deadlines, what a test covers, and what comes back when it is over.

use contactid::{AccountNumber, Class, Qualifier, Signal};

use super::confirm::begins_intrusion;
use super::{Desk, Due};
use crate::disposition::{Outcome, Rule};
use crate::effect::Effect;
use crate::expectation::Tested;
use crate::id::{OperatorId, TestId};
use crate::lowered::Lowers;
use crate::output::Output;
use crate::policy::Handling;
use crate::report::Received;
use crate::snapshot::Returned;
use crate::test_session::{TestAct, TestEvent, TestRecord, TestRefusal, TestSession, decide_test, due, evolve_test};
use crate::time::Timestamp;

impl Desk {
    pub(super) fn test_act(&mut self, act: &TestAct<'_>) {
        let &TestAct { at, by, account, .. } = act;
        self.advance(at);
        // Also of a test that was over just now.
        let (danger, intrusion) = (self.danger_of(account), self.intrusion_of(account));
        let act = &TestAct { before_s: self.tested_before(account, at), danger, intrusion, ..*act };
        let known = self.accounts.get(&Some(account)).is_some_and(|account| account.card.is_some());
        let open = self.tests.get(&account);
        let granted = match (known, open) {
            (false, None) => Err(TestRefusal::NoSuchAccount { account }),
            (true, _) | (false, Some(_)) => decide_test(open, self.policy_of(Some(account)), act),
        };
        match granted {
            Ok(events) => self.record_test(account, at, Some(by), events),
            Err(refusal) => self.outputs.push_back(Output::RefuseTest(refusal)),
        }
    }

    /// What a person did about a test, as it is recorded: it happens again, whatever the policy would say of it now.
    pub(crate) fn retell(&mut self, account: AccountNumber, record: &TestRecord) {
        self.advance(record.at);
        let begins = matches!(record.event, TestEvent::Started { .. });
        if begins != self.tests.contains_key(&account) {
            self.record_test(account, record.at, record.by, vec![record.event.clone()]);
        }
    }

    /// The hours of a recurring test have come. None lasts longer than an operator's.
    pub(super) fn begin_recurring(&mut self, account: AccountNumber, number: u32, at: Timestamp, until: Timestamp) {
        let test = self.lowerings(account).find(|one| one.number == number).map(|one| &one.lowers);
        let Some(Lowers::RecurringTest(test)) = test.cloned() else { return };
        let policy = self.policy_of(Some(account));
        let seconds = u32::try_from(until.secs_since(at)).unwrap_or(0).min(policy.on_test.operator_max_s);
        let begun = TestEvent::Started {
            account,
            scope: test.scope,
            until: at.plus_secs(seconds),
            warn_at: policy.on_test.warn_at(at, seconds),
            reason: test.test_reason,
            contact: None,
            proved: false,
            policy: policy.version,
            second: None,
            agreed: Some(number),
            before_s: self.tested_before(account, at),
            danger: None,
            asked_by: None,
            note: None,
        };
        self.record_test(account, at, None, vec![begun]);
    }

    /// What was agreed to was ended before its time: its test is, too, where one goes on.
    pub(super) fn end_recurring(&mut self, account: AccountNumber, number: u32, at: Timestamp) {
        if self.tests.get(&account).is_some_and(|open| open.agreed == Some(number)) {
            let signals = self.sent(account);
            self.record_test(account, at, None, vec![TestEvent::Ended { signals, note: None }]);
        }
    }

    /// A warning is due, or the end.
    pub(super) fn test_due(&mut self, account: AccountNumber, at: Timestamp) {
        let Some(open) = self.tests.get(&account) else { return };
        let events = due(open, at, self.sent(account));
        self.record_test(account, at, None, events);
    }

    /// Adds events to the account's open test or opens one, says them, and says what they ask of the outside.
    fn record_test(&mut self, account: AccountNumber, at: Timestamp, by: Option<OperatorId>, events: Vec<TestEvent>) {
        let mut session = self.tests.remove(&account);
        if let Some(open) = &session {
            self.deadlines.remove(&(open.due_at(), Due::Test(account)));
        }
        if events.iter().any(|event| matches!(event, TestEvent::Started { .. })) {
            // What it says from now on is held against it no more.
            self.run_over(account, at);
        }
        for event in events {
            let (test, version) = session.as_ref().map_or((self.next_test, 1), |open| (open.id, open.version + 1));
            let record = TestRecord { test, version, at, by, event };
            session = evolve_test(session, &record);
            let warns = matches!(record.event, TestEvent::Warned {});
            self.outputs.push_back(Output::TestRecord(record));
            if let Some(open) = session.as_ref().filter(|_| warns) {
                let until = open.until;
                self.outputs.push_back(Output::Perform(Effect::TestEnding { test, account, until }));
            }
        }
        match session {
            Some(over) if over.is_over() => {
                let (signals, scope) = (over.signals.unwrap_or_default(), over.scope.clone());
                self.returned.insert(account, Returned { at, signals, scope, tested_s: over.tested_s(at) });
                let logged = self.logged_by_test(account);
                let hid = |code, number| over.scope.covers(code, number) && logged.contains(&(code, number));
                self.bring_back(account, over.started_at, hid, at, Rule::OnTestOver);
            }
            Some(open) => self.keep_test(open),
            None => {}
        }
        // What is expected of it stands still while it is tested.
        self.expected_otherwise(account);
    }

    /// Of an account that promises something, another thing may be expected next.
    pub(super) fn expected_otherwise(&mut self, account: AccountNumber) {
        let known = self.accounts.get(&Some(account));
        if known.is_some_and(|known| known.card.as_ref().is_some_and(|card| card.expectations.is_some())) {
            self.outputs.push_back(Output::Touched(account));
        }
    }

    /// For how long an account was on test, in seconds, where that ended so lately that a test which begins now goes on from it.
    fn tested_before(&self, account: AccountNumber, at: Timestamp) -> u32 {
        let again_s = i64::from(self.policy_of(Some(account)).on_test.again_s);
        let last = self.returned.get(&account).filter(|last| at.secs_since(last.at) < again_s);
        last.map_or(0, |last| last.tested_s)
    }

    /// The tests of an account, as far as they pause what is expected of it.
    pub(super) fn tested(&self, account: AccountNumber) -> Tested {
        let now = self.tests.get(&account).map(|open| open.scope.clone());
        let last = self.returned.get(&account).map(|returned| (returned.scope.clone(), returned.at));
        Tested { now, last }
    }

    /// Puts a test among the open ones.
    pub(super) fn keep_test(&mut self, open: TestSession) {
        self.next_test = self.next_test.max(TestId::new(open.id.get() + 1));
        self.deadlines.insert((open.due_at(), Due::Test(open.account)));
        self.tests.insert(open.account, open);
    }

    /// How many signals an account has sent in all.
    pub(super) fn sent(&self, account: AccountNumber) -> u64 {
        self.account(&account).map_or(0, |state| state.signals)
    }

    /// How many signals an account has sent since it was last on test; `None` while it is.
    pub(super) fn sent_untested(&self, account: AccountNumber) -> Option<u64> {
        let tested = self.returned.get(&account).map_or(0, |returned| returned.signals);
        (!self.tests.contains_key(&account)).then(|| self.sent(account).saturating_sub(tested))
    }

    /// What becomes of a signal that a test covers: it is logged, whatever the policy says of it. While people are in danger everything
    /// counts, unless whoever agreed to the test knew of it; and so does an intrusion where one was open when the test began by itself.
    pub(super) fn log_tested(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
    ) -> Option<(Outcome, Rule)> {
        let test = self.tests.get(&number)?;
        let unknown = self.stands_back(number, test) || begins_intrusion(signal) && self.began_beside(number, test);
        (!unknown && test.scope.covers(signal.code, signal.number))
            .then(|| self.log_covered(number, received, signal, Rule::OnTest))
    }

    /// What is hidden is logged. What it restores may have begun before, and is ended as ever.
    pub(super) fn log_covered(
        &mut self,
        number: AccountNumber,
        received: &Received,
        signal: &Signal,
        rule: Rule,
    ) -> (Outcome, Rule) {
        let ends = signal.qualifier == Qualifier::Restore && signal.class() != Class::OpenClose;
        let ended = (ends && self.policy_of(Some(number)).handling(signal).0 != Handling::Log {})
            .then(|| self.end(Some(number), received, signal))
            .filter(|(_, rule)| *rule != Rule::RestoreLogged);
        ended.unwrap_or((Outcome::Logged, rule))
    }
}
