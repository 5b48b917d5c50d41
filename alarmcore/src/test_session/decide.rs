//! Command to events or refusal: may refuse, and changes nothing.

use contactid::AccountNumber;

use super::{Proof, ProofFor, Scope, TestCommand, TestEvent, TestRefusal, TestSession, TestStart};
use crate::id::{IncidentId, OperatorId};
use crate::incident::written;
use crate::policy::Policy;
use crate::time::Timestamp;

/// One act of a person on an account's test.
#[derive(Clone, Copy, Debug)]
pub struct TestAct<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: OperatorId,
    /// Is it a supervisor? Only the caller knows.
    pub supervisor: bool,
    /// Who else agrees to it: a supervisor, as only the caller knows.
    pub second: Option<OperatorId>,
    /// The account.
    pub account: AccountNumber,
    /// How many signals it has sent in all.
    pub signals: u64,
    /// For how long it was on test, in seconds, where that ended so lately that another test goes on from it.
    pub before_s: u32,
    /// The open incident of the account in which people are in danger, where there is one.
    pub danger: Option<IncidentId>,
    /// The open incident of an intrusion of the account, where there is one.
    pub intrusion: Option<IncidentId>,
    /// What.
    pub command: &'a TestCommand,
}

/// What an act makes of an account's open test, where there is one.
///
/// What only the desk knows (is there such an account) has to be asked before.
///
/// # Errors
/// [`TestRefusal`] says in the words of the centre why it is not granted.
pub fn decide_test(
    open: Option<&TestSession>,
    policy: &Policy,
    act: &TestAct<'_>,
) -> Result<Vec<TestEvent>, TestRefusal> {
    let event = match (act.command, open) {
        (TestCommand::Start(wanted), None) => start(wanted, policy, act)?,
        (TestCommand::Start(_), Some(open)) => return Err(TestRefusal::AlreadyOnTest { until: open.until }),
        (TestCommand::Extend { .. } | TestCommand::End { .. }, None) => return Err(TestRefusal::NotOnTest),
        (TestCommand::Extend { minutes, contact, proof, note }, Some(open)) => {
            let agreed = agreed(&open.scope, *proof, policy, act)?;
            let (until, warn_at) = extend(open, policy, act, *minutes)?;
            let Agreed { proved, second } = agreed;
            let (contact, danger, note) = (*contact, act.danger, written(note));
            TestEvent::Extended { until, warn_at, contact, proved, second, danger, note }
        }
        (TestCommand::End { note }, Some(_)) => TestEvent::Ended { signals: act.signals, note: written(note) },
    };
    Ok(vec![event])
}

/// Who stands for a test.
struct Agreed {
    /// Did whoever asked say the right codeword?
    proved: bool,
    /// Who else agreed.
    second: Option<OperatorId>,
}

/// A test begins, and goes on for longer, only where those stand for it who have to.
fn agreed(scope: &Scope, proof: Option<Proof>, policy: &Policy, act: &TestAct<'_>) -> Result<Agreed, TestRefusal> {
    if let Some(refusal) = proof.and_then(Proof::refused) {
        return Err(refusal);
    }
    let proved = proof == Some(Proof::Right);
    let second = act.second.filter(|second| *second != act.by);
    if !proved && second.is_none() && scope.needs_proof(policy.on_test.proof) {
        return Err(match proof {
            Some(Proof::Unreviewed) => TestRefusal::ProofUnreviewed,
            _ => TestRefusal::ProofMissing,
        });
    }
    // Whoever is threatened says the right word at the second blow.
    if let (Some(incident), None) = (act.danger, second) {
        return Err(TestRefusal::Danger { incident });
    }
    // Whoever is in where they should not be answers the telephone as well as anybody.
    let asks = !proved && second.is_none() && policy.on_test.proof != ProofFor::Nothing;
    if let Some(incident) = act.intrusion.filter(|_| asks) {
        return Err(match proof {
            Some(Proof::Unreviewed) => TestRefusal::ProofUnreviewed,
            _ => TestRefusal::Intrusion { incident },
        });
    }
    Ok(Agreed { proved, second })
}

fn start(wanted: &TestStart, policy: &Policy, act: &TestAct<'_>) -> Result<TestEvent, TestRefusal> {
    if let Some(refusal) = wanted.proof.and_then(Proof::refused) {
        return Err(refusal);
    }
    let scope = wanted.scope().ok_or(TestRefusal::OnlyAndExcept)?;
    if let Some(class) = scope.misplaced() {
        return Err(TestRefusal::NotLifeSafety { class });
    }
    let reason = wanted.reason.ok_or(TestRefusal::ReasonMissing)?;
    let asked_by = written(&wanted.asked_by);
    if wanted.contact.is_none() && asked_by.is_none() {
        return Err(TestRefusal::AskedByMissing);
    }
    let Agreed { proved, second } = agreed(&scope, wanted.proof, policy, act)?;
    let max_s = policy.on_test.max_s(act.supervisor).saturating_sub(act.before_s);
    let seconds = match wanted.minutes {
        None if max_s < 60 && act.before_s > 0 => return Err(goes_on(act.before_s, max_s)),
        None => policy.on_test.default_s.min(max_s),
        Some(minutes) => within(minutes, max_s, act.before_s)?,
    };
    Ok(TestEvent::Started {
        account: act.account,
        scope,
        until: act.at.plus_secs(seconds),
        warn_at: policy.on_test.warn_at(act.at, seconds),
        reason,
        contact: wanted.contact,
        proved,
        policy: policy.version,
        second,
        agreed: None,
        before_s: act.before_s,
        danger: act.danger,
        asked_by,
        note: written(&wanted.note),
    })
}

/// Until when it goes on, and when to warn. The limit counts from the beginning, also of the tests that this one goes on from: no row of extensions outlives it.
fn extend(
    open: &TestSession,
    policy: &Policy,
    act: &TestAct<'_>,
    minutes: u32,
) -> Result<(Timestamp, Timestamp), TestRefusal> {
    let left_s = policy.on_test.max_s(act.supervisor).saturating_sub(open.tested_s(act.at));
    let seconds = within(minutes, left_s, open.before_s)?;
    let until = act.at.plus_secs(seconds);
    if until <= open.until {
        return Err(TestRefusal::NotLonger { until: open.until });
    }
    Ok((until, policy.on_test.warn_at(act.at, seconds)))
}

/// So many minutes in seconds, if there are any and they are no more than that, of a test that goes on from others of so many seconds.
fn within(minutes: u32, max_s: u32, before_s: u32) -> Result<u32, TestRefusal> {
    let seconds = minutes.saturating_mul(60);
    if seconds > max_s && before_s > 0 {
        return Err(goes_on(before_s, max_s));
    }
    if seconds == 0 || seconds > max_s {
        return Err(TestRefusal::OverLimit { minutes, at_most: max_s / 60 });
    }
    Ok(seconds)
}

const fn goes_on(before_s: u32, max_s: u32) -> TestRefusal {
    TestRefusal::TestedBefore { minutes: before_s.div_ceil(60), at_most: max_s / 60 }
}

/// What an open test comes to at this moment: a warning, or its end.
pub(crate) fn due(open: &TestSession, at: Timestamp, signals: u64) -> Vec<TestEvent> {
    if at >= open.until { vec![TestEvent::Expired { signals }] } else { vec![TestEvent::Warned {}] }
}
