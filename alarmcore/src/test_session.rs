//! `TestSession`: an account, or a part of it, that is being tested, as the fold of its records.
//!
//! A test lowers protection on purpose: what falls into its [`Scope`] is logged and calls nobody. So it has a limit that no
//! act can lift, ends at that limit by itself, and whatever it hid and has not ended by then is shown as if it came then. It covers
//! nothing that a person reports, and nothing at all while people of the account are in danger as far as is known, unless a second
//! person agreed to it who knew.

mod command;
mod decide;
mod event;
mod evolve;
mod limits;
mod refusal;
mod scope;
mod words;

use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

pub use command::{TestCommand, TestStart};
pub(crate) use decide::due;
pub use decide::{TestAct, decide_test};
pub use event::{TestEvent, TestEventKind, TestRecord};
pub use evolve::evolve_test;
pub use limits::TestLimits;
pub use refusal::TestRefusal;
pub use scope::{Scope, Zones};
pub use words::{Proof, ProofFor, TestEnd, TestReason};

use crate::id::{ContactId, IncidentId, OperatorId, TestId};
use crate::time::Timestamp;

/// One test session. It holds ids and facts, never free text: that stays with the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestSession {
    /// Its number.
    pub id: TestId,
    /// The account.
    pub account: AccountNumber,
    /// The version of its last record.
    pub version: u32,
    /// What is tested: signals of it are logged and call nobody.
    pub scope: Scope,
    /// Why.
    pub reason: TestReason,
    /// Who asked for it, where that is somebody on the call list.
    pub contact: Option<ContactId>,
    /// Did whoever asked say the right codeword?
    pub proved: bool,
    /// Who else agreed to it, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<OperatorId>,
    /// The number on the card of the agreement to test again and again that it came of, where it came of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<u32>,
    /// For how many seconds the account was on test before, where that ended so lately that this goes on from it.
    #[serde(default, skip_serializing_if = "event::is_zero")]
    pub before_s: u32,
    /// The open incident with people in danger that it goes on beside, as whoever agreed to it last knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger: Option<IncidentId>,
    /// Who put the account on test; `None` where the hours of a recurring test did.
    pub by: Option<OperatorId>,
    /// Since when.
    pub started_at: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// When somebody is to be warned that it ends.
    pub warn_at: Timestamp,
    /// When somebody was warned, if it was not extended since.
    pub warned_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub ending: Option<TestEnd>,
    /// How many signals the account had sent in all when it ended.
    pub signals: Option<u64>,
    /// The version of the policy when it began.
    pub policy: u32,
}

impl TestSession {
    /// For how many seconds the account has been on test at this moment, with the tests that this one goes on from.
    pub fn tested_s(&self, at: Timestamp) -> u32 {
        let gone_s = at.min(self.ended_at.unwrap_or(at)).secs_since(self.started_at).max(0);
        u32::try_from(gone_s).unwrap_or(u32::MAX).saturating_add(self.before_s)
    }

    /// Is it over?
    pub const fn is_over(&self) -> bool {
        self.ended_at.is_some()
    }

    /// When the time has something to say next: a warning, or the end.
    pub(crate) const fn due_at(&self) -> Timestamp {
        match self.warned_at {
            None => self.warn_at,
            Some(_) => self.until,
        }
    }
}
