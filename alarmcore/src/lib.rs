//! The dispatch desk of an alarm centre as a state machine without IO, clock or chance.

mod account;
mod desk;
mod disposition;
mod effect;
mod id;
mod incident;
mod input;
mod money;
mod output;
mod policy;
mod queue;
mod report;
mod restore;
mod snapshot;
mod supervise;
mod time;
mod unit;
mod words;

pub use account::{AccountCard, AccountState, AreaState, Arming, Heard, Recent, Standing};
pub use contactid::{AccountNumber, Lang};
pub use desk::Desk;
pub use disposition::{Disposition, Outcome, OutcomeWord, Rule};
pub use effect::Effect;
pub use id::{ContactId, IncidentId, OperatorId, SignalId, UnitId};
pub use incident::{
    Act, Authority, Basis, Call, CallResult, Cancelled, Cause, Check, Command, Dispatch, DispatchState, EventKind,
    Evidence, Family, Field, FreeText, HandOff, Incident, IncidentEvent, Kind, Origin, RaiseReason, Record, Refusal,
    Resolution, Settlement, Stage, Verdict, Wish, decide, evolve, owed,
};
pub use input::Input;
pub use money::{Currency, NotACurrency};
pub use output::Output;
pub use policy::{
    AgeingLimits, Handling, IsLifeSafety, OrdinaryClass, OrdinaryCode, PlainAnswer, Policy, is_life_safety,
};
pub use queue::{Ageing, NotAPriority, Priority, QueueKey};
pub use report::{Marks, Received, Report};
pub use snapshot::{Held, Snapshot};
pub use supervise::{Edge, Supervision};
pub use time::Timestamp;
pub use unit::UnitCard;
