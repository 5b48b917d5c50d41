//! What a person can ask of an incident. Flat and plain, so that a form or a JSON body is one of these.

mod whose;

use serde::{Deserialize, Serialize};

use super::avs::AvsLevel;
use super::hand_off::{Answer, Rejection, Telling, TheirOutcome};
use super::hold::HoldReason;
use super::words::{Authority, Basis, CallResult, Cause, Check, ContactAnswer, SceneEnd, Settlement, Sight, Source};
use crate::id::{ContactId, NumberId, UnitId};
use crate::money::Currency;
use crate::time::Timestamp;

/// One act of an operator, as `{"act": "verify-false", "cause": "animal"}`.
///
/// `note` is always free text that may hold personal details; it is never needed to decide. A cause is optional here so
/// that its absence is refused in the centre's own words rather than as bad syntax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// Take an incident that nobody owns.
    Take,
    /// Take an incident from its owner; see [`Command::needs_supervisor`].
    TakeOver,
    /// Put it back in the queue.
    Release {
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// Lay it aside for so many minutes: then it calls again. No clock stops.
    Hold {
        /// Why; mandatory.
        #[serde(default)]
        reason: Option<HoldReason>,
        /// For how many minutes, within the limits of the policy.
        minutes: u32,
        /// What is waited for; mandatory where the reason is another one.
        #[serde(default)]
        note: Option<String>,
    },
    /// Go on with what is on hold.
    Resume,
    /// A contact was called.
    Call {
        /// Who.
        contact: ContactId,
        /// How it went.
        result: CallResult,
        /// Which number of the account's card was dialled, where the centre tells them apart.
        #[serde(default)]
        number: Option<NumberId>,
        /// How many different numbers there were to dial.
        #[serde(default)]
        numbers: Option<u16>,
        /// Was what was said compared with the codewords by the centre? Only the centre itself may say so.
        #[serde(default)]
        compared: bool,
        /// They are to be called again then: it rings at that second, until they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again_at: Option<Timestamp>,
        /// What was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// Something on the scene was seen or heard.
    Observe {
        /// By what.
        source: Source,
        /// What.
        saw: Sight,
        /// More of it.
        #[serde(default)]
        note: Option<String>,
    },
    /// Raise or lower the level of AVS-01 by hand. The note says why, and must be there.
    SetLevel {
        /// The level.
        level: AvsLevel,
        /// Why; mandatory.
        #[serde(default)]
        note: Option<String>,
    },
    /// Branch 1: verified false; closes the incident.
    VerifyFalse {
        /// Why it was false; mandatory.
        #[serde(default)]
        cause: Option<Cause>,
        /// What was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// Branch 2: undetermined. Pre-processes the incident and offers it to a unit in the same act.
    PreProcess {
        /// The unit to send; the one that costs least when none is named.
        #[serde(default)]
        unit: Option<UnitId>,
        /// What is known.
        #[serde(default)]
        note: Option<String>,
    },
    /// Offer the incident to another unit, after one declined or did not answer, or as a second one.
    Offer {
        /// The unit to send; the one that costs least of those not asked yet when none is named.
        #[serde(default)]
        unit: Option<UnitId>,
    },
    /// Call a unit back before it arrives.
    Withdraw {
        /// The unit.
        unit: UnitId,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// The unit accepted.
    Accept {
        /// The unit.
        unit: UnitId,
    },
    /// The unit declined.
    Decline {
        /// The unit.
        unit: UnitId,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// The unit is on its way.
    Depart {
        /// The unit.
        unit: UnitId,
    },
    /// The unit is on the scene.
    Arrive {
        /// The unit.
        unit: UnitId,
    },
    /// What the unit found on the scene.
    ReportScene {
        /// The unit.
        unit: UnitId,
        /// The doors.
        doors: Check,
        /// The windows.
        windows: Check,
        /// Are there signs that somebody went in?
        #[serde(default)]
        entry_signs: bool,
        /// How many persons were met.
        #[serde(default)]
        persons: u16,
        /// References of the pictures taken.
        #[serde(default)]
        photos: Vec<String>,
        /// What else was found.
        #[serde(default)]
        note: Option<String>,
    },
    /// The unit left the scene.
    Leave {
        /// The unit.
        unit: UnitId,
    },
    /// The scene says that it was false.
    SceneFalse {
        /// Why it was false; mandatory.
        #[serde(default)]
        cause: Option<Cause>,
        /// What was found.
        #[serde(default)]
        note: Option<String>,
    },
    /// The end of branch 2 where the scene leaves it undetermined.
    EndUndetermined {
        /// How it ends.
        end: SceneEnd,
        /// Who secures the scene; mandatory for [`SceneEnd::SecuredByOwner`].
        #[serde(default)]
        contact: Option<ContactId>,
        /// The unit that keeps guard; mandatory for [`SceneEnd::KeptGuarded`].
        #[serde(default)]
        unit: Option<UnitId>,
        /// Until when it keeps guard; mandatory for [`SceneEnd::KeptGuarded`].
        #[serde(default)]
        until: Option<Timestamp>,
        /// When somebody asks the guard how things stand, before that; at the end where nothing is said.
        #[serde(default)]
        check_at: Option<Timestamp>,
        /// What was agreed.
        #[serde(default)]
        note: Option<String>,
    },
    /// Branch 3: it is real.
    ConfirmReal {
        /// On whose word.
        basis: Basis,
        /// What is known.
        #[serde(default)]
        note: Option<String>,
    },
    /// What was called real was false after all. Needs a second person.
    Overturn {
        /// Why it was false; mandatory.
        #[serde(default)]
        cause: Option<Cause>,
        /// What came to light.
        #[serde(default)]
        note: Option<String>,
    },
    /// The owner was called to the scene.
    NotifyOwner {
        /// Who was called.
        contact: ContactId,
        /// What was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// The owner arrived on the scene.
    OwnerArrived,
    /// What the owner wishes, and what the loss may be.
    RecordWish {
        /// Report to the police?
        police: bool,
        /// Report to the insurer?
        insurer: bool,
        /// Estimated loss in minor units (fen, cents).
        #[serde(default)]
        loss_minor: Option<i64>,
        /// Its currency; renminbi when nothing is said.
        #[serde(default)]
        currency: Option<Currency>,
        /// What was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// Hand the incident to an authority.
    HandOff {
        /// To whom.
        to: Authority,
        /// Their reference number, if they gave one.
        #[serde(default)]
        reference: Option<String>,
        /// What was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// The authority answered.
    AnswerHandOff {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// Do they take it?
        accepted: bool,
        /// Their reference number.
        #[serde(default)]
        reference: Option<String>,
        /// Their reason, if they do not.
        #[serde(default)]
        note: Option<String>,
    },
    /// The authority took charge on the scene.
    TakeCharge {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// The officer.
        #[serde(default)]
        officer: Option<String>,
        /// Their case number.
        #[serde(default)]
        case_number: Option<String>,
    },
    /// A message to an authority has arrived: an adapter says so, or whoever telephoned.
    ConfirmDelivery {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// Which message of it: 1 is the hand-off itself.
        sequence: u32,
        /// Their receipt.
        #[serde(default)]
        note: Option<String>,
    },
    /// A message to an authority could not be delivered.
    FailDelivery {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// Which message of it: 1 is the hand-off itself.
        sequence: u32,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// Tell an authority more about a hand-off, ask when they arrive, or ask them not to come.
    TellAuthority {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// What.
        telling: Telling,
        /// Who has the keys.
        #[serde(default)]
        contact: Option<ContactId>,
        /// What else is to be said.
        #[serde(default)]
        note: Option<String>,
    },
    /// What an authority says to a hand-off, in a message of theirs or by telephone.
    RecordAnswer {
        /// Which hand-off of this incident, counted from 1.
        number: u16,
        /// What they say.
        answer: Answer,
        /// Who says it, where that is known: the hand-offs of others are not theirs to answer.
        #[serde(default)]
        from: Option<Authority>,
        /// Why they do not take it; [`Rejection::Other`] when nothing is said.
        #[serde(default)]
        reason: Option<Rejection>,
        /// What they closed it with; [`TheirOutcome::Other`] when nothing is said.
        #[serde(default)]
        outcome: Option<TheirOutcome>,
        /// In how many seconds they arrive.
        #[serde(default)]
        eta_s: Option<u32>,
        /// Their reference number.
        #[serde(default)]
        reference: Option<String>,
        /// The number of their message, by which it is recognised when it comes again; none of what a person heard.
        #[serde(default)]
        message: Option<String>,
        /// Their machine said something that cannot be read: only the centre itself may say so. The text is all of it, and moves nothing.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        unread: bool,
        /// Their text.
        #[serde(default)]
        note: Option<String>,
    },
    /// One line of the loss list.
    ListLoss {
        /// What was lost or damaged.
        item: String,
        /// How many.
        quantity: u32,
        /// What all of them are worth, in minor units.
        value_minor: i64,
        /// Its currency; renminbi when nothing is said.
        #[serde(default)]
        currency: Option<Currency>,
        /// What proves it.
        #[serde(default)]
        evidence: Option<String>,
    },
    /// The owner signs the loss list; an empty one says that nothing was lost.
    SignLosses {
        /// Who signed.
        #[serde(default)]
        signed_by: Option<String>,
    },
    /// The record that a dispatched unit owes. Its times are those of the dispatch itself.
    RecordDispatch {
        /// The unit.
        unit: UnitId,
        /// Who went.
        #[serde(default)]
        people: Option<String>,
        /// What they found and did.
        #[serde(default)]
        findings: Option<String>,
        /// Who signed for the unit.
        #[serde(default)]
        signed_by: Option<String>,
    },
    /// The record of a real case at the centre.
    RecordCase {
        /// What happened.
        #[serde(default)]
        note: Option<String>,
    },
    /// End a trouble or an unclear signal; closes the incident.
    Settle {
        /// How it was dealt with; mandatory.
        #[serde(default)]
        settlement: Option<Settlement>,
        /// What was done.
        #[serde(default)]
        note: Option<String>,
    },
    /// Close an incident whose branch is complete.
    Close {
        /// A last word.
        #[serde(default)]
        note: Option<String>,
    },
    /// A step of the plan that only a person can say was done is done.
    TickStep {
        /// The step's word.
        step: String,
        /// What came of it.
        #[serde(default)]
        note: Option<String>,
    },
    /// Leave out a step of the plan; a forced one needs a second person.
    SkipStep {
        /// The step's word.
        step: String,
        /// Why; mandatory.
        #[serde(default)]
        note: Option<String>,
    },
    /// An offer to a unit could not be delivered: an adapter says so.
    FailOffer {
        /// The unit.
        unit: UnitId,
        /// Which offer of the incident: from 1.
        offer: u16,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// A unit could not be told that it need not go: an adapter says so.
    FailRecall {
        /// The unit.
        unit: UnitId,
        /// Which offer of the incident: from 1.
        offer: u16,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// An offer has arrived: an adapter says so.
    ConfirmOffer {
        /// The unit.
        unit: UnitId,
        /// Which offer of the incident: from 1.
        offer: u16,
    },
    /// Tell a unit that has the job what joined, or anything else: a machine that reached it once does so, else whoever writes this has.
    TellUnit {
        /// The unit.
        unit: UnitId,
        /// What else is said.
        #[serde(default)]
        note: Option<String>,
    },
    /// A unit could not be told that: an adapter says so.
    FailTelling {
        /// The unit.
        unit: UnitId,
        /// Which offer of the incident: from 1.
        offer: u16,
        /// Why.
        #[serde(default)]
        note: Option<String>,
    },
    /// What a unit says by machine of an offer. It counts while the offer stands, and once.
    RecordUnitAnswer {
        /// The unit.
        unit: UnitId,
        /// Which offer of the incident: from 1.
        offer: u16,
        /// What it says.
        answer: super::UnitAnswer,
        /// The number that the unit gave to this.
        message: String,
        /// It says something in words; so it does where there are any.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        speaks: bool,
        /// What else it said.
        #[serde(default)]
        note: Option<String>,
        /// What it found on the scene, once it is there: its scene report.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scene: Option<Box<super::SceneFound>>,
    },
    /// What the customer answered who was asked by machine. Whoever or whatever hears it may say so.
    AnswerContact {
        /// What.
        answer: ContactAnswer,
        /// What else was said.
        #[serde(default)]
        note: Option<String>,
    },
    /// Write something down.
    Note {
        /// What.
        note: String,
    },
}
