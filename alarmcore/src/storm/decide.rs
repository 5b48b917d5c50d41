//! Command to events or refusal: may refuse, and changes nothing.

use super::{Area, AreaOf, Counted, Outage, Storm, StormCommand, StormEvent, StormRefusal, StormStart, StormState};
use crate::id::OperatorId;
use crate::incident::written;
use crate::policy::Policy;
use crate::time::Timestamp;

/// One act of a person on a storm.
#[derive(Clone, Copy, Debug)]
pub struct StormAct<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: OperatorId,
    /// Is it a supervisor? Only the caller knows.
    pub supervisor: bool,
    /// The second person, for what needs four eyes.
    pub second: Option<OperatorId>,
    /// What.
    pub command: &'a StormCommand,
}

/// What an act makes of a storm; of none, where one is declared.
///
/// What only the desk knows (are there such accounts, is there a storm over them already) has to be asked before.
///
/// # Errors
/// [`StormRefusal`] says in the words of the centre why it is not granted.
pub fn decide_storm(
    storm: Option<&Storm>,
    policy: &Policy,
    act: &StormAct<'_>,
) -> Result<Vec<StormEvent>, StormRefusal> {
    let called_in = |call_in: bool| call_in.then_some(StormEvent::CalledIn { note: None });
    let storm = match (act.command, storm) {
        (StormCommand::Declare(wanted), None) => {
            let declared = declare(wanted, policy, act)?;
            return Ok([declared].into_iter().chain(called_in(wanted.call_in)).collect());
        }
        (StormCommand::Declare(_), Some(storm)) => return Err(StormRefusal::AlreadyStorm { storm: storm.id }),
        (_, None) => return Err(StormRefusal::NoSuchStorm),
        (_, Some(storm)) if storm.is_over() => return Err(StormRefusal::Over),
        (_, Some(storm)) => storm,
    };
    let event = match act.command {
        StormCommand::Declare(_) => return Err(StormRefusal::AlreadyStorm { storm: storm.id }),
        StormCommand::Confirm { minutes, call_in, note } => {
            unconfirmed(storm)?;
            let until = match minutes {
                None => storm.until,
                Some(minutes) => act.at.plus_secs(within(*minutes, policy.storm.max_s)?),
            };
            let confirmed = StormEvent::Confirmed { until, note: written(note) };
            return Ok([confirmed].into_iter().chain(called_in(*call_in)).collect());
        }
        StormCommand::Dismiss { note } => {
            unconfirmed(storm)?;
            StormEvent::Dismissed { note: written(note) }
        }
        StormCommand::Extend { minutes, note } => {
            groups(storm)?;
            let until = act.at.plus_secs(within(*minutes, policy.storm.max_s)?);
            if until <= storm.until {
                return Err(StormRefusal::NotLonger { until: storm.until });
            }
            StormEvent::Extended { until, note: written(note) }
        }
        StormCommand::CallIn { note } => {
            groups(storm)?;
            if !storm.is_confirmed() {
                return Err(StormRefusal::Unconfirmed);
            }
            StormEvent::CalledIn { note: written(note) }
        }
        StormCommand::AnswerCallIn { answer, message, note } => {
            storm.called_in_at.ok_or(StormRefusal::NotCalledIn)?;
            let message = written(message);
            if message.as_ref().is_some_and(|message| storm.heard.contains(message)) {
                return Err(StormRefusal::AlreadyHeard);
            }
            StormEvent::StaffAnswered { answer: *answer, message, note: written(note) }
        }
        StormCommand::Order { account, kind, reference } => {
            let outage = line(storm, Outage { account: *account, kind: *kind })?;
            let reference = written(reference).ok_or(StormRefusal::ReferenceMissing)?;
            StormEvent::Ordered { outage, reference }
        }
        StormCommand::Accept { account, kind, note } => {
            let outage = line(storm, Outage { account: *account, kind: *kind })?;
            let note = written(note).ok_or(StormRefusal::ReasonMissing)?;
            StormEvent::Accepted { outage, note: Some(note) }
        }
        StormCommand::End { note } => {
            if storm.left > 0 {
                return Err(StormRefusal::LinesLeft { left: storm.left });
            }
            let second = act.second.ok_or(StormRefusal::SecondPersonMissing)?;
            if second == act.by {
                return Err(StormRefusal::SecondPersonMustDiffer);
            }
            StormEvent::Ended { second, note: written(note) }
        }
    };
    Ok(vec![event])
}

fn declare(wanted: &StormStart, policy: &Policy, act: &StormAct<'_>) -> Result<StormEvent, StormRefusal> {
    if !act.supervisor {
        return Err(StormRefusal::SupervisorsOnly);
    }
    let seconds = match wanted.minutes {
        None => policy.storm.lasts_s,
        Some(minutes) => within(minutes, policy.storm.max_s)?,
    };
    Ok(StormEvent::Declared {
        area: wanted.over()?,
        until: act.at.plus_secs(seconds),
        counted: Counted::default(),
        policy: policy.version,
        note: written(&wanted.note),
    })
}

impl StormStart {
    /// Over which accounts.
    pub(crate) fn over(&self) -> Result<Area, StormRefusal> {
        let name = written(&self.name);
        match (self.area, name) {
            (AreaOf::Everywhere, _) => Ok(Area::everywhere()),
            (_, None) => Err(StormRefusal::NameMissing),
            (of, Some(name)) => Ok(Area { of, name: name.into() }),
        }
    }
}

fn unconfirmed(storm: &Storm) -> Result<(), StormRefusal> {
    groups(storm)?;
    if storm.is_confirmed() { Err(StormRefusal::AlreadyConfirmed) } else { Ok(()) }
}

fn groups(storm: &Storm) -> Result<(), StormRefusal> {
    if storm.groups() { Ok(()) } else { Err(StormRefusal::Calm) }
}

/// A line that nobody has caught up on.
fn line(storm: &Storm, outage: Outage) -> Result<Outage, StormRefusal> {
    let Outage { account, kind } = outage;
    match storm.ledger.line(outage).map(|line| line.settled.is_none()) {
        None => Err(StormRefusal::NoSuchLine { account, kind }),
        Some(false) => Err(StormRefusal::LineSettled { account, kind }),
        Some(true) => Ok(outage),
    }
}

/// So many minutes in seconds, if there are any and they are no more than that.
fn within(minutes: u32, max_s: u32) -> Result<u32, StormRefusal> {
    let seconds = minutes.saturating_mul(60);
    if seconds == 0 || seconds > max_s {
        return Err(StormRefusal::OverLimit { minutes, at_most: max_s / 60 });
    }
    Ok(seconds)
}

/// Can this event, which a person's act once made of a storm, happen to this one too?
pub(crate) fn fits(storm: &Storm, event: &StormEvent) -> bool {
    match event {
        StormEvent::Declared { .. } => false,
        StormEvent::Confirmed { .. } | StormEvent::Dismissed { .. } => storm.state == StormState::Declared,
        StormEvent::Extended { .. } => storm.groups(),
        StormEvent::CalledIn { .. } => storm.is_confirmed(),
        StormEvent::StaffAnswered { .. } => storm.called_in_at.is_some(),
        StormEvent::Ordered { outage, .. } | StormEvent::Accepted { outage, .. } => line(storm, *outage).is_ok(),
        StormEvent::Ended { .. } => storm.left == 0,
        StormEvent::Lapsed {} | StormEvent::Grouped { .. } | StormEvent::Restored { .. } | StormEvent::Shown { .. } => {
            false
        }
    }
}
