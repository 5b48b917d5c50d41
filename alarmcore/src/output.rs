//! Everything the desk says.

use contactid::AccountNumber;

use crate::disposition::Disposition;
use crate::effect::Effect;
use crate::false_calls::{FalseCallsRecord, FalseCallsRefusal};
use crate::follow_up::{FollowUpRecord, FollowUpRefusal};
use crate::incident::{Record, Refusal};
use crate::lowered::{LoweredRecord, LoweredRefusal};
use crate::policy::OverrideEnd;
use crate::storm::{StormRecord, StormRefusal};
use crate::test_session::{TestRecord, TestRefusal};
use crate::time::Timestamp;

/// What the caller does next. Drain until [`Output::Wait`] before feeding anything else in.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Write this fact down.
    Record(Record),
    /// Write this fact about a test down.
    TestRecord(TestRecord),
    /// Write this fact about the false alarms of an account down.
    FalseCallsRecord(FalseCallsRecord),
    /// Write this fact about a follow-up down.
    FollowUpRecord(FollowUpRecord),
    /// Write this fact about a storm down.
    StormRecord(StormRecord),
    /// Write this fact about the lowered protection of an account down.
    LoweredRecord(LoweredRecord),
    /// Write down that the overrides of the policy that end at this moment are over: a desk that starts anew then has
    /// [them](crate::Snapshot::ended) over from its start.
    OverridesOver(Timestamp),
    /// Write down that somebody is warned before this override of the policy ends: a desk that starts anew then
    /// [has warned](crate::Snapshot::warned) of it.
    OverrideWarned(OverrideEnd),
    /// Write down what became of a signal.
    Dispose(Disposition),
    /// The state of this account changed: write down [`Desk::account`](crate::Desk::account) in the same transaction.
    Touched(AccountNumber),
    /// Owe this to the outside, once the record before it is durable.
    Perform(Effect),
    /// The act is refused; nothing changed.
    Refuse(Refusal),
    /// The act on a test is refused; nothing changed.
    RefuseTest(TestRefusal),
    /// The act on false alarms is refused; nothing changed.
    RefuseFalseCalls(FalseCallsRefusal),
    /// The act on a follow-up is refused; nothing changed.
    RefuseFollowUp(FollowUpRefusal),
    /// The act on a storm is refused; nothing changed.
    RefuseStorm(StormRefusal),
    /// The act on a row of the board is refused; nothing changed.
    RefuseLowered(LoweredRefusal),
    /// Nothing more. Come back with an input, or with [`Input::Time`](crate::Input::Time) at this moment.
    Wait(Option<Timestamp>),
}
