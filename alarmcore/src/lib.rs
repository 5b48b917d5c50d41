//! The dispatch desk of an alarm centre as a state machine without IO, clock or chance.
//!
//! ```text
//!                    ┌──────────────────────── Desk ───────────────────────┐
//!  a signal      ───▶│ account state ─▶ repeat? held? logged? shown?       │───▶ Dispose   what became of the signal, and why
//!  a person's act ──▶│ incident: decide ─▶ events ─▶ evolve, or a refusal  │───▶ Record    a line of an incident's journal
//!  a card        ───▶│ queue: priority, age, number                        │───▶ Perform   what the outside is asked to do
//!  the time      ───▶│ deadlines: restores awaited, offers open            │───▶ Wait      until when nothing more happens
//!                    └─────────────────────────────────────────────────────┘
//! ```
//!
//! # The contract
//!
//! Give the [`Desk`] one [`Input`], then take [`Output`]s from [`Desk::poll`] until it says [`Output::Wait`]. Everything said
//! for one input belongs into one transaction: if that fails, drop the desk and [restore](Desk::restore) it from what is
//! stored. `Wait` names the moment of the next deadline; come back with [`Input::Time`] then. Coming late, early or not at
//! all makes no difference to what is decided: every deadline that lies before an input falls due before it, at its own
//! moment.
//!
//! - The same inputs give the same outputs, byte for byte. Nothing here reads a clock, draws a number or makes an id by chance.
//! - Every signal gets one final [`Disposition`], and only a held one gets another before it.
//! - Fire, hold-up, duress, medical and gas signals always open an incident or [raise](IncidentEvent::Raised) one. No rule
//!   can hold or hide them: [`Policy`] has no way to say so.
//! - Incidents are ended by people. A cancel from the panel is evidence: weighed, and no more.
//! - An incident is the fold of its records ([`evolve`]), and an account's state that of its signals
//!   ([`AccountState::apply`]). Free text can be [taken out](IncidentEvent::take_text) of a record; nothing is decided by it.
//!
//! # A day at the desk
//!
//! ```
//! use alarmcore::*;
//! use contactid::{Code, Qualifier, Signal};
//!
//! // What a caller does: one input, then everything the desk has to say.
//! fn tell(desk: &mut Desk, input: Input) -> Vec<Output> {
//!     desk.handle(input);
//!     let mut said = Vec::new();
//!     loop {
//!         match desk.poll() {
//!             Output::Wait(_) => return said,
//!             output => said.push(output),
//!         }
//!     }
//! }
//!
//! let mut desk = Desk::new(Policy::default());
//! let (shop, anna) = ("1001".parse()?, OperatorId::new(1));
//! tell(&mut desk, Input::Account(AccountCard::new(shop)));
//! tell(&mut desk, Input::Unit(UnitCard::new(UnitId::new(7))));
//!
//! // 22:14:03. Burglary in zone 5, durable in the signal log as number 1: the desk hears of it.
//! let mut now = Timestamp::from_rfc3339("2026-11-22T22:14:03Z").ok_or("no time")?;
//! let signal = Signal { number: Some(5), ..Signal::new("130".parse()?, Qualifier::New) };
//! let report = Report {
//!     received_at: now,
//!     line: "dc09-tcp".into(),
//!     account: Some(shop),
//!     token: "ADM-CID".into(),
//!     sequence: Some(42),
//!     part: 0,
//!     parts: 1,
//!     marks: Marks::NONE,
//!     content: 0x9e37_79b9,
//!     source: None,
//!     signal: Some(signal),
//! };
//! let said = tell(&mut desk, Input::Signal(Received { id: SignalId::new(1), report }));
//! let incident = IncidentId::new(1);
//! assert!(said.contains(&Output::Perform(Effect::Alert { incident, priority: Priority::clamped(2) })));
//!
//! // Anna takes it. Nobody answers the telephone, so nobody can say that it was false: a unit goes, in the same act.
//! let mut act = |desk: &mut Desk, json: &str| -> Result<Vec<Output>, Box<dyn std::error::Error>> {
//!     now = now.plus_secs(20);
//!     let command: Command = serde_json::from_str(json)?;
//!     Ok(tell(desk, Input::Act { at: now, by: anna, incident, command, second: None }))
//! };
//! act(&mut desk, r#"{"act": "take"}"#)?;
//! act(&mut desk, r#"{"act": "call", "contact": 3, "result": "no-answer"}"#)?;
//! act(&mut desk, r#"{"act": "pre-process", "unit": 7}"#)?;
//! let said = act(&mut desk, r#"{"act": "close"}"#)?;
//! assert_eq!(said, [Output::Refuse(Refusal::StillUndetermined)]);
//!
//! // The unit finds a cat. Scene report, cause and dispatch record make the incident complete, and it is closed.
//! act(&mut desk, r#"{"act": "accept", "unit": 7}"#)?;
//! act(&mut desk, r#"{"act": "arrive", "unit": 7}"#)?;
//! act(&mut desk, r#"{"act": "report-scene", "unit": 7, "doors": "intact", "windows": "open", "note": "a cat"}"#)?;
//! act(&mut desk, r#"{"act": "scene-false", "cause": "animal"}"#)?;
//! act(&mut desk, r#"{"act": "leave", "unit": 7}"#)?;
//! let owed: Vec<String> =
//!     owed(&desk.queue()[0], desk.policy()).iter().map(|refusal| refusal.label(Lang::En)).collect();
//! assert_eq!(owed, ["unit 7 owes its dispatch record"]);
//! act(&mut desk, r#"{"act": "record-dispatch", "unit": 7, "people": "Wang", "findings": "a cat", "signed_by": "Wang"}"#)?;
//! act(&mut desk, r#"{"act": "close"}"#)?;
//! assert!(desk.queue().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where things are
//!
//! | to find out | look at |
//! |---|---|
//! | what becomes of a signal, and by which rule | [`Outcome`], [`Rule`] |
//! | what a centre can set, and its defaults | [`Policy`] |
//! | what is to be done about an incident, step by step | [`Plans`], [`progress`] |
//! | what an operator can do, and what stands in the way | [`Command`], [`Refusal`], [`owed`] |
//! | what is kept for ever | [`Record`], [`IncidentEvent`] |
//! | where an incident stands | [`Incident`], [`Stage`], [`Dispatch`] |
//! | which unit is sent, and what it cost | [`Choice`], [`UnitRules`] |
//! | clips of sound and video of an incident | [`Clips`], [`ClipEvent`] |
//! | how an account stands | [`AccountState`] |
//! | what last month would have been under other rules | [`WhatIf`] |
//! | what standards and authorities ask, clause by clause | [`Pack`], [`Rulebook`], [`PackRule`] |
//! | what false calls to the police bring | [`FalseCalls`] |
//! | who is asked about a late closing, and what they answer | [`LateClosing`], [`LateCloseRules`] |
//! | what a suspension or a log-only agreement keeps from the operators | [`Lowering`], [`Lowered`] |
//! | when a site may be open, and what is out of order | [`Schedule`], [`ScheduleRules`] |
//! | what is done when many accounts of one area fail at once | [`Storm`], [`StormLimits`] |
//! | what an account has to send by when, and what is missing | [`expected`], [`Expectation`], [`Supervision`] |
//!
//! Every closed list of words ([`Stage`], [`Cause`], [`CallResult`], …) has a stable spelling and labels in English and
//! Chinese.

mod account;
mod attention;
mod clip;
mod desk;
mod disposition;
mod effect;
mod event;
mod expect;
mod expectation;
mod false_calls;
mod follow_up;
mod id;
mod incident;
mod input;
mod lowered;
mod money;
mod operator;
mod output;
mod pack;
mod plan;
mod policy;
mod presence;
mod queue;
mod report;
mod restore;
mod schedule;
mod self_watch;
mod snapshot;
mod source;
mod storm;
mod supervise;
mod test_session;
mod time;
mod unit;
mod whatif;
mod words;

pub use account::{
    AccountCard, AccountState, AreaState, Arming, Heard, Hidden, Logged, Pace, Recent, Seen, Standing, Trips, Turned,
    UnseenTrips, UserRight, Wanted,
};
pub use attention::Attention;
pub use clip::{
    Clip, ClipCommand, ClipEvent, ClipEventKind, ClipKind, ClipRecord, ClipRefusal, Clips, NewClip, decide_clip,
    evolve_clips,
};
pub use contactid::{AccountNumber, Lang};
pub use desk::Desk;
pub use disposition::{Disposition, Outcome, OutcomeWord, Rule};
pub use effect::Effect;
pub use event::FreeText;
pub use expect::{Edge, ExpectationRules, Expected, TestBy, expected};
pub use expectation::{Expectation, ExpectationError, ExpectationsError, Raised, Tested};
pub use false_calls::{
    FalseCall, FalseCalls, FalseCallsCommand, FalseCallsEvent, FalseCallsEventKind, FalseCallsRecord,
    FalseCallsRefusal, Imposed, evolve_false_calls,
};
pub use follow_up::{
    Assignee, FollowUp, FollowUpAct, FollowUpCommand, FollowUpEvent, FollowUpEventKind, FollowUpReason, FollowUpRecord,
    FollowUpRefusal, Said as FollowUpSaid, Subject, decide_follow_up, evolve_follow_up,
};
pub use id::{ContactId, FollowUpId, IncidentId, NumberId, OperatorId, SignalId, StormId, TestId, UnitId};
pub use incident::{
    Act, Answer as TheirAnswer, Authority, AvsChange, AvsLevel, AvsReason, Basis, Call, CallResult, Cancelled, Cause,
    Check, Claimed, Command, Confirmed, ContactAnswer, Danger, Dispatch, DispatchState, Escalated, EventKind, Evidence,
    Family, FeedEnd, Field, FirstContact, Guard, HandOff, HandOffEnd, HandOffState, Hold, HoldReason, InQueue,
    Incident, IncidentEvent, Kind, Missing, NotALevel, Observation, Offered, Origin, OverflowReason, RaiseReason, Rank,
    Record, Refusal, Rejection, Resolution, ResolveGroup, SceneEnd, SceneFound, SceneTrace, Settlement, Sight, Source,
    Stage, Standing as AnswerStanding, Telling, TheirOutcome, UnitAnswer, Unseen, Urgent, Verdict, Wish, calls_missing,
    decide, evolve, owed,
};
pub use input::Input;
pub use lowered::{
    Assigned, ClosingAnswer, ClosingEnd, ClosingStage, LateClosing, Listed, Lowered, LoweredCommand, LoweredEvent,
    LoweredEventKind, LoweredKind, LoweredRecord, LoweredRefusal, LoweredThing, Lowering, LoweringStage, Lowers,
    RecurringFault, RecurringTest, Runaway, evolve_lowered,
};
pub use money::{Currency, NotACurrency};
pub use operator::OperatorCard;
pub use output::Output;
pub use pack::{
    AlwaysRule, Claim, ClauseId, ClauseInForce, ClauseRule, Counts, DueRule, FalseCallRule, Feature, Features,
    Invariant, KeySet, Mark, Measure, NotAClause, PackRule, PollRule, ProofNeed, Register, RegisterRule, Said, Sign,
    Span, TargetRule, When, Window,
};
#[cfg(feature = "toml")]
pub use pack::{Case, Clause, Deviation, Finding, Pack, Rulebook, WhyNot, percent};
pub use plan::{
    Answer, At, Condition, Doing, Guarded, Line as PlanLine, Plan, PlanGiven, PlanScope, Plans, Progress, Question,
    Step, StepMark, StepState, Then, passed_over, progress,
};
#[cfg(feature = "toml")]
pub use policy::PolicyError;
pub use policy::{
    AgeingLimits, AnswerPart, AnswerTimes, ArrivalLimits, ArrivalPart, AvsPart, AvsRules, CallLimits, CancelLimits,
    CancelPart, Changes, ConfirmLimits, ConfirmPart, Covers, EscalationStep, Exemption, ExpectPart, FeedRules,
    FollowUpRules, ForwardRule, HandOffLimits, HandOffPart, Handling, HoldLimits, HoldPart, IsLifeSafety,
    LateClosePart, LateCloseRules, LoweredLongest, LoweredOwners, LoweredRules, LoweredTimes, NextUnit, NotAZoneCount,
    OrdinaryClass, OrdinaryCode, Override, OverrideEnd, OverrideError, Overrides, OwnershipLimits, PackScope,
    PlainAnswer, PoliceCalls, PoliceCallsPart, Policy, QueueRule, RecentLimits, RecentPart, RestLimits, RestPart,
    RunawayLimits, RunawayPart, SchedulePart, SourceRules, SwingerLimits, SwingerPart, TestPart, UnitNeed, UnitRules,
    UnrestoredLimits, UnrestoredPart, VerifyPart, VerifyRules, Weaker, What, Which, Withheld, ZoneCount,
    is_life_safety,
};
pub use presence::{Absence, Presence};
pub use queue::{Ageing, NotAPriority, Priority, QueueKey};
pub use report::{Marks, NotReportable, Received, Report, Told};
pub use schedule::{
    Hours, Irregular, NothingToHold, Open, Phrase, Schedule, ScheduleError, ScheduleLine, ScheduleRules, TestHours,
    Whose,
};
pub use self_watch::{Part, SelfWatchLimits};
pub use snapshot::{Calmed, Failure, Held, Returned, Snapshot};
pub use source::{Caller, NotASource, SignalSource, Sources, SourcesError, ToldSources, source_told};
pub use storm::{
    Area, AreaOf, Areas, CaughtUp, Counted as StormCounted, Grouped, Ledger, Names as AreaNames, Outage, Settled,
    StaffAnswer, Storm, StormAct, StormCommand, StormEvent, StormEventKind, StormLimits, StormRecord, StormRefusal,
    StormStart, StormState, decide_storm, evolve_storm,
};
pub use supervise::Supervision;
pub use test_session::{
    Proof, ProofFor, Scope, TestAct, TestCommand, TestEnd, TestEvent, TestEventKind, TestLimits, TestReason,
    TestRecord, TestRefusal, TestSession, TestStart, Zones, decide_test, evolve_test,
};
pub use time::Timestamp;
pub use unit::{Candidate, Choice, ChosenBy, NotAPosition, NotSent, Position, TravelBasis, UnitCard};
pub use whatif::{
    Aspect, Decided, Difference, Differences, Differing, Figures, MadeAnew, Missed, NotReplayed, Opening, Pair, Past,
    PastAct, Shown, TrueEvent, Unreplayed, WhatIf,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
