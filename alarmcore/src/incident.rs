//! `Incident`: one alarm from opening to closing, as the fold of its records.

mod arrival;
mod avs;
mod blank;
mod called_off;
mod claim;
pub(crate) mod command;
mod decide;
pub(crate) mod dispatch;
pub(crate) mod escalation;
pub(crate) mod event;
mod evidence;
mod evolve;
mod feed;
mod field;
mod fire;
pub(crate) mod hand_off;
pub(crate) mod hold;
mod in_queue;
mod owed;
mod raise_reason;
mod raised;
pub(crate) mod record;
mod recorded;
pub(crate) mod refusal;
mod rest;
mod scene;
pub(crate) mod stage;
mod standing;
mod threat;
mod unanswered;
mod unit_answer;
mod unit_told;
mod unseen;
mod urgent;
mod verify;
pub(crate) mod words;

use std::collections::BTreeMap;

use contactid::{AccountNumber, Class, Code};
use serde::{Deserialize, Serialize};

pub use avs::{AvsChange, AvsLevel, AvsReason, NotALevel};
pub use claim::Claimed;
pub use command::Command;
pub use decide::{Act, decide};
pub(crate) use decide::{
    address_changed, address_due, expire, further_alarm, level_changed, needed_again, offered, raise, unanswered,
    wants_unit, written,
};
pub use dispatch::{Dispatch, DispatchState};
pub(crate) use escalation::escalate;
pub use escalation::{Escalated, Missing, Rank};
pub use event::{EventKind, IncidentEvent};
pub use evidence::Evidence;
pub use evolve::evolve;
pub use feed::{FeedEnd, Offered};
pub use field::Field;
pub use hand_off::{Answer, HandOff, HandOffEnd, HandOffState, Rejection, Telling, TheirOutcome};
pub use hold::{Hold, HoldReason};
pub use in_queue::{InQueue, OverflowReason};
pub use owed::owed;
pub use raise_reason::RaiseReason;
pub use record::Record;
pub use refusal::Refusal;
pub use scene::{SceneFound, SceneTrace};
pub use stage::Stage;
pub use standing::Standing;
pub use threat::Danger;
pub use unit_answer::UnitAnswer;
pub use unseen::Unseen;
pub use urgent::Urgent;
pub use verify::calls_missing;
pub use words::{
    Authority, Basis, CallResult, Cause, Check, ContactAnswer, Family, Kind, Resolution, ResolveGroup, SceneEnd,
    Settlement, Sight, Source,
};

use crate::disposition::Rule;
use crate::id::{ContactId, IncidentId, NumberId, OperatorId, SignalId, StormId, UnitId};
use crate::money::Currency;
use crate::pack::ClauseId;
use crate::plan::{PlanGiven, StepMark};
use crate::queue::{Priority, QueueKey};
use crate::report::Marks;
use crate::restore::Place;
use crate::time::Timestamp;

/// One incident. It holds ids and facts, never free text: that stays with the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// The account; `None` for reports that name none.
    pub account: Option<AccountNumber>,
    /// What it is about; the most urgent of what came in.
    pub kind: Kind,
    /// How urgent it is.
    pub priority: Priority,
    /// Where it stands.
    pub stage: Stage,
    /// Who has it.
    pub owner: Option<OperatorId>,
    /// The version of its last record.
    pub version: u32,
    /// The rule that opened it.
    pub rule: Rule,
    /// The version of the policy when it was opened.
    pub policy: u32,

    /// When the signal that opened it was received, or was shown at last where something [hid](Rule::shows_late) it: where the response
    /// clock starts. Nothing stops it.
    pub received_at: Timestamp,
    /// When it was opened; later than the receipt by the wait of a held signal.
    pub opened_at: Timestamp,
    /// Since when it has been calling for an operator; `None` while nobody is missed.
    pub calling_since: Option<Timestamp>,
    /// When an operator first took it.
    pub taken_at: Option<Timestamp>,
    /// When a person first did something about it, other than taking, releasing or writing a note.
    pub first_act_at: Option<Timestamp>,
    /// When a unit was first asked to go.
    pub dispatched_at: Option<Timestamp>,
    /// When a unit first arrived.
    pub arrived_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When anything last happened to it.
    pub changed_at: Timestamp,

    /// How many signals it holds.
    pub signals: u32,
    /// The signal that opened it.
    pub first_signal: SignalId,
    /// The last signal that joined it, or the first.
    pub last_signal: SignalId,
    /// Where it came from: zones and users, oldest first, at most [`Incident::ORIGINS`].
    pub origins: Vec<Origin>,
    /// Everything remarkable about its frames.
    pub marks: Marks,
    /// When a user cancelled, and which: evidence, no more.
    pub cancelled: Option<Cancelled>,
    /// When a second sign confirmed the intrusion, and which: the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,

    /// The calls made, oldest first.
    pub calls: Vec<Call>,
    /// What was seen or heard on the scene, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<Observation>,
    /// The changes of its level of AVS-01, oldest first; 0 before the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub avs: Vec<AvsChange>,
    /// The dispatches, oldest first.
    pub dispatches: Vec<Dispatch>,
    /// The units that were asked in this round: since one last arrived, or the list of units began anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<UnitId>,
    /// False or real, once it is known.
    pub verdict: Option<Verdict>,
    /// When it was decided, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// The guard that is kept on the scene.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
    /// When the owner was called to the scene.
    pub owner_notified_at: Option<Timestamp>,
    /// When the owner arrived.
    pub owner_arrived_at: Option<Timestamp>,
    /// What the owner wishes.
    pub wish: Option<Wish>,
    /// The hand-offs, the first with number 1.
    pub hand_offs: Vec<HandOff>,
    /// Since when the time runs within which a fire is to be handed to the fire brigade; `None` once it is, while somebody is
    /// called for it, and when it was false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fire_since: Option<Timestamp>,
    /// Since when a fire has no hand-off to the fire brigade that is placed: for as long, no act ends its chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unplaced_since: Option<Timestamp>,
    /// Until when the last word of an authority is awaited, after the closing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed_until: Option<Timestamp>,
    /// When it last called because the address has changed since somebody was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_called_at: Option<Timestamp>,
    /// How many lines the loss list has.
    pub loss_lines: u32,
    /// Their sums, in minor units by currency.
    pub losses: BTreeMap<Currency, i64>,
    /// When the loss list was signed.
    pub losses_signed_at: Option<Timestamp>,
    /// When the case record was written.
    pub case_recorded_at: Option<Timestamp>,
    /// How a trouble was settled.
    pub settlement: Option<Settlement>,
    /// What it was, once it is closed.
    pub resolution: Option<Resolution>,
    /// The plan that it got, and how the site stood then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanGiven>,
    /// What persons said of the steps of that plan, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepMark>,
    /// When what still stood at the closing is to have restored; `None` when nothing is awaited (any more).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore_due: Option<Timestamp>,
    /// What clauses of rule packs ask for, in the order in which it became due.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claimed>,
    /// The clause by which the police do not come to its account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<ClauseId>,

    /// Why and until when it is on hold; `None` when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// How often it was put on hold.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub holds: u32,
    /// For how many milliseconds it was on hold in all, the hold that goes on not counted.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub held_ms: u64,
    /// Since when a person's act is missing: since it was opened, or raised after the last act; `None` when none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unacted_since: Option<Timestamp>,
    /// Since when it is about the gravest danger in it, where that came later, and what was done first after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Box<Urgent>>,
    /// What was raised and its owner has not looked at: nothing ends it or finds it harmless before. It calls as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<Unseen>,
    /// Danger that came last, after somebody was asked to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger: Option<Danger>,
    /// When anybody last did or said anything of it: at the desk, a unit, an authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worked_at: Option<Timestamp>,
    /// The steps of the escalation chain that nobody has answered yet, in the order in which it came to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalated: Vec<Escalated>,
    /// The storm of which it stands for everything of its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storm: Option<StormId>,
    /// The customer was asked by machine, because of a storm. Its script is the short one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<FirstContact>,
    /// The incident of life safety that calls its operator away from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<IncidentId>,
    /// The queue that it is in; `None` where it is everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Box<InQueue>>,
    /// To whom it is offered; `None` where it is not, and once somebody has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
}

/// Left out of what is stored.
pub(crate) fn is_nought<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

/// A customer who was asked by machine, before a person looks at the incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstContact {
    /// The storm that was the reason.
    pub storm: StormId,
    /// When.
    pub at: Timestamp,
    /// What they answered: evidence, no more.
    pub answer: Option<ContactAnswer>,
    /// When.
    pub answered_at: Option<Timestamp>,
}

/// A zone or user that sent something into an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What it sent first.
    pub code: Code,
    /// Its class.
    pub class: Class,
    /// The group.
    pub group: Option<u16>,
    /// The zone or user.
    pub number: Option<u32>,
    /// How often it sent something.
    pub signals: u32,
    /// Did its last word say that it is over?
    pub restored: bool,
}

impl Origin {
    pub(crate) const fn place(&self) -> Place {
        Place { code: self.code, group: self.group, number: self.number }
    }
}

/// A cancel by a user of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// When.
    pub at: Timestamp,
    /// Which user, where the panel says.
    pub by: Option<u32>,
}

/// A confirmed intrusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// When.
    pub at: Timestamp,
    /// By what: a reason that [confirms](RaiseReason::confirms).
    pub reason: RaiseReason,
}

/// A call to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who was called.
    pub contact: ContactId,
    /// How it went.
    pub result: CallResult,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<OperatorId>,
    /// Which number was dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberId>,
    /// How many different numbers there were to dial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<u16>,
    /// The number is dead: by when somebody must correct or confirm it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct_by: Option<Timestamp>,
    /// They are to be called again then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_at: Option<Timestamp>,
}

impl Call {
    /// Was there a number to dial? Where the card has numbers and none of them is this contact's, nobody was called: that is none of
    /// the attempts that the police want. Where it has none at all, whoever calls has the number from elsewhere.
    fn is_dialled(&self) -> bool {
        self.number.is_some() || self.numbers.is_none_or(|numbers| numbers == 0)
    }
}

/// Something that was seen or heard on the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// By what.
    pub source: Source,
    /// What.
    pub saw: Sight,
    /// When it was written down.
    pub at: Timestamp,
}

/// What an alarm turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It was false.
    False {
        /// Why.
        cause: Cause,
    },
    /// It is real.
    Real {
        /// On whose word.
        basis: Basis,
    },
    /// The scene left it undetermined.
    Undetermined {
        /// How branch 2 ended.
        end: SceneEnd,
    },
}

/// A guard on a scene that was left undetermined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// The unit.
    pub unit: UnitId,
    /// Until when it is to stay.
    pub until: Timestamp,
    /// When it is to be asked how things stand; `None` when that is over.
    pub due: Option<Timestamp>,
}

/// What the owner wishes, and what the loss may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Report to the police?
    pub police: bool,
    /// Report to the insurer?
    pub insurer: bool,
    /// Estimated loss in minor units.
    pub loss_minor: Option<i64>,
    /// Its currency.
    pub currency: Currency,
    /// When it was recorded.
    pub at: Timestamp,
}

impl Incident {
    /// How many zones and users an incident names; signals of others are counted without being named.
    pub const ORIGINS: usize = 256;

    /// Its place in the queue.
    pub const fn queue_key(&self) -> QueueKey {
        QueueKey { priority: self.priority, opened_at: self.opened_at, id: self.id }
    }

    /// Is it over?
    pub const fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// The dispatch of this unit that counts: the last one.
    pub fn dispatch_of(&self, unit: UnitId) -> Option<&Dispatch> {
        self.dispatches.iter().rev().find(|dispatch| dispatch.unit == unit)
    }

    /// Is it real?
    pub const fn is_real(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Real { .. }))
    }

    /// The end of branch 2, where the scene left it undetermined.
    pub const fn scene_end(&self) -> Option<SceneEnd> {
        match self.verdict {
            Some(Verdict::Undetermined { end }) => Some(end),
            Some(Verdict::False { .. } | Verdict::Real { .. }) | None => None,
        }
    }

    /// Was it left with a guard who is there?
    pub fn is_guarded(&self) -> bool {
        let there = |unit: UnitId| self.dispatch_of(unit).is_some_and(|one| one.state == DispatchState::OnScene);
        self.scene_end() == Some(SceneEnd::KeptGuarded) && self.guard.is_some_and(|guard| there(guard.unit))
    }

    /// Is it false?
    pub const fn is_false(&self) -> bool {
        matches!(self.verdict, Some(Verdict::False { .. }))
    }
}
