//! Why an act is refused, in the words of the centre.

mod label;

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::RaiseReason;
use super::avs::AvsLevel;
use super::dispatch::DispatchState;
use super::field::Field;
use super::hand_off::HandOffState;
use super::words::{Authority, Kind};
use crate::id::{IncidentId, OperatorId, UnitId};
use crate::pack::{Claim, ClauseId};
use crate::time::Timestamp;

/// Why an act is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum Refusal {
    /// There is no such incident.
    NoSuchIncident {
        /// The number asked for.
        incident: IncidentId,
    },
    /// It is closed.
    AlreadyClosed {
        /// The incident.
        incident: IncidentId,
    },
    /// Somebody else has it.
    AlreadyTaken {
        /// Who.
        by: OperatorId,
    },
    /// It is already yours: harmless.
    AlreadyYours,
    /// It is in a queue that is not theirs.
    OtherQueue {
        /// Which.
        queue: std::sync::Arc<str>,
    },
    /// Nobody has taken it yet.
    NotTaken,
    /// Danger came to it, and its owner has not looked at that: nothing ends it or finds it harmless before.
    NotSeen {
        /// What came.
        reason: RaiseReason,
        /// When.
        since: Timestamp,
    },
    /// It belongs to somebody else.
    NotYours {
        /// To whom.
        owner: OperatorId,
    },
    /// It was not said why it is to be on hold.
    HoldReasonMissing,
    /// Life safety is not laid aside before somebody has done something about it.
    HoldNeedsAct,
    /// No minute at all, or more than the policy allows.
    HoldTooLong {
        /// How many were asked for.
        minutes: u32,
        /// How many it may be; 0 for none.
        at_most: u32,
    },
    /// Somebody is to be called again at a time that has gone, or is too far ahead.
    CallAgainTime,
    /// Somebody is to be called again under a number that turned out dead.
    CallAgainDead,
    /// It is on hold already.
    AlreadyOnHold {
        /// Until when.
        until: Timestamp,
    },
    /// It is not on hold.
    NotOnHold,
    /// The customer was not asked by machine.
    NotAsked,
    /// The customer has answered already.
    AlreadyAnswered,
    /// What has this number was heard before.
    AlreadyHeard,
    /// The branches are for alarms; this is settled.
    NotAnAlarm {
        /// What it is.
        kind: Kind,
    },
    /// An alarm ends through one of the three branches.
    NeedsABranch {
        /// What it is.
        kind: Kind,
    },
    /// No cause was given.
    CauseMissing,
    /// Only the scene can leave an alarm unexplained.
    CauseNeedsScene,
    /// It was not said how it was settled.
    SettlementMissing,
    /// A step of the plan comes first: it is forced.
    StepFirst {
        /// Its word.
        step: String,
        /// What to do, in English.
        en: String,
        /// What to do, in Chinese.
        zh: String,
    },
    /// The plan has no such step, or there is no plan.
    NoSuchStep {
        /// The word asked for.
        step: String,
    },
    /// The step is done by an act, not by saying so.
    StepNeedsAct {
        /// Its word.
        step: String,
    },
    /// The step is done, or left out already.
    StepDone {
        /// Its word.
        step: String,
    },
    /// The step is not asked for as things stand.
    StepNotAsked {
        /// Its word.
        step: String,
    },
    /// It was not said who secures the scene.
    ContactMissing,
    /// It was not said which unit keeps guard.
    GuardMissing,
    /// The guard left before its time: it must be said how the scene is secured now.
    GuardLeftEarly {
        /// The unit.
        unit: UnitId,
    },
    /// It was not said until when the guard is kept, or that is over, or the check lies outside.
    GuardTimeWrong,
    /// The guard is kept for longer than the policy lets it be set at once.
    GuardTooLong {
        /// For how many minutes at most.
        at_most: u32,
    },
    /// It is pre-processed: only the scene can end it.
    StillUndetermined,
    /// Somebody is threatened or calls for help: nobody says alone that there is no danger.
    DuressGiven,
    /// This contact said the duress word: somebody else has to secure the scene.
    ContactForced,
    /// It is already pre-processed.
    AlreadyPreProcessed,
    /// Neither pre-processed nor real: no unit goes yet.
    NotPreProcessed,
    /// There is no such unit.
    NoSuchUnit {
        /// The number asked for.
        unit: UnitId,
    },
    /// The unit is off duty.
    UnitOffDuty {
        /// The unit.
        unit: UnitId,
    },
    /// The unit has another incident.
    UnitBusy {
        /// The unit.
        unit: UnitId,
        /// That incident.
        incident: IncidentId,
    },
    /// Another unit has the offer or is on its way.
    UnitUnderWay {
        /// That unit.
        unit: UnitId,
    },
    /// No unit that is left can be sent: off duty, busy, without a skill that is asked for, or owing papers.
    NoUnitFits,
    /// Another unit has the job: the first that accepts has it.
    JobTaken {
        /// The unit that comes too late.
        unit: UnitId,
        /// The one that has it, or is asked now.
        by: UnitId,
    },
    /// The unit was not offered this incident.
    NotOffered {
        /// The unit.
        unit: UnitId,
    },
    /// The unit's dispatch stands elsewhere.
    DispatchStands {
        /// The unit.
        unit: UnitId,
        /// Where it stands.
        state: DispatchState,
    },
    /// No unit is on the scene yet.
    NotYetOnScene,
    /// The unit has not left the scene yet.
    NotYetLeft {
        /// The unit.
        unit: UnitId,
    },
    /// The unit owes its scene report.
    SceneReportMissing {
        /// The unit.
        unit: UnitId,
    },
    /// Danger came after the units that were there had reported: the scene has to be looked at anew.
    ReportTooOld {
        /// When it came.
        since: Timestamp,
    },
    /// The scene report of this unit says otherwise: one person alone does not end it so.
    SceneSaysOtherwise {
        /// The unit.
        unit: UnitId,
    },
    /// Neither false nor real yet.
    VerdictMissing,
    /// It is already found false.
    AlreadyFalse,
    /// It is already confirmed real; calling it false now needs a second person.
    AlreadyReal,
    /// It is not confirmed real.
    NotReal,
    /// A second person must agree.
    SecondPersonMissing,
    /// The second person must be somebody else.
    SecondPersonMustDiffer,
    /// The owner has not been called to the scene.
    OwnerNotNotified,
    /// The owner's arrival is already recorded.
    OwnerAlreadyArrived,
    /// The owner's wish has not been recorded.
    WishMissing,
    /// The owner does not wish it, and no rule asks for it.
    NotWished {
        /// To whom.
        to: Authority,
    },
    /// The owner wishes it, and no hand-off was accepted.
    HandOffMissing {
        /// To whom.
        to: Authority,
    },
    /// False calls have brought that the police do not come to this account.
    ResponseWithdrawn {
        /// By which clause.
        clause: ClauseId,
    },
    /// A clause of a rule pack asks for this act, and it is not done.
    ActDue {
        /// Which clause.
        clause: ClauseId,
        /// What.
        act: Claim,
        /// To whom, of a hand-off.
        to: Option<Authority>,
    },
    /// This hand-off has not been answered.
    HandOffOpen {
        /// Which.
        number: u16,
    },
    /// There is no such hand-off.
    NoSuchHandOff {
        /// The number asked for.
        number: u16,
    },
    /// This hand-off is already answered.
    HandOffAnswered {
        /// Which.
        number: u16,
    },
    /// This hand-off was not accepted.
    HandOffNotAccepted {
        /// Which.
        number: u16,
    },
    /// Calls must be tried before the police are asked for.
    CallsMissing {
        /// So many more.
        calls: u32,
        /// To so many more different numbers.
        numbers: u32,
    },
    /// The level of AVS-01 is this already.
    SameLevel {
        /// The level.
        level: AvsLevel,
    },
    /// They come for nothing: it is false, and they were not asked to cancel.
    CancelMissing {
        /// Which hand-off.
        number: u16,
    },
    /// They were asked to cancel, so they are told nothing more of it: it is handed off anew.
    AskedToCancel {
        /// Which hand-off.
        number: u16,
    },
    /// The hand-off stands elsewhere.
    HandOffStands {
        /// Which.
        number: u16,
        /// Where it stands.
        state: HandOffState,
    },
    /// The loss list is signed; nothing is added to it any more.
    LossesAlreadySigned,
    /// The loss list is not signed.
    LossesNotSigned,
    /// An amount below zero, a quantity of none, or a sum beyond all bounds.
    AmountOutOfRange,
    /// The unit owes its dispatch record.
    DispatchRecordMissing {
        /// The unit.
        unit: UnitId,
    },
    /// The unit's dispatch is already recorded.
    DispatchAlreadyRecorded {
        /// The unit.
        unit: UnitId,
    },
    /// The case record is not written.
    CaseRecordMissing,
    /// The case record is already written.
    CaseAlreadyRecorded,
    /// Something must be written here.
    FieldMissing {
        /// Where.
        field: Field,
    },
}
