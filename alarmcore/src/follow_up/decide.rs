//! Command to events or refusal: may refuse, and changes nothing.

use super::{Assignee, FollowUp, FollowUpCommand, FollowUpEvent, FollowUpRefusal, Subject};
use crate::id::OperatorId;
use crate::incident::{Rank, written};
use crate::policy::FollowUpRules;
use crate::time::Timestamp;

/// One act of a person on a follow-up.
#[derive(Clone, Copy, Debug)]
pub struct FollowUpAct<'a> {
    /// When.
    pub at: Timestamp,
    /// What.
    pub command: &'a FollowUpCommand,
}

/// What an act makes of a follow-up that is not done, or of none where it makes one.
///
/// What only the desk knows (is there such an incident or account, is there such a follow-up) has to be asked as well. What an authority
/// said or did not is put off no further than the rules let it.
///
/// # Errors
/// [`FollowUpRefusal`] says in the words of the centre why it is not granted.
pub fn decide_follow_up(
    open: Option<&FollowUp>,
    rules: &FollowUpRules,
    act: &FollowUpAct<'_>,
) -> Result<FollowUpEvent, FollowUpRefusal> {
    match (act.command, open) {
        (FollowUpCommand::Create { incident, account, operator, rank, minutes, note }, _) => {
            let subject = match (*incident, *account) {
                (Some(incident), None) => Subject::Incident(incident),
                (None, Some(account)) => Subject::Account(account),
                (None, None) | (Some(_), Some(_)) => return Err(FollowUpRefusal::OneSubject),
            };
            let to = assignee(*operator, *rank)?.ok_or(FollowUpRefusal::OneAssignee)?;
            let note = Some(written(note).ok_or(FollowUpRefusal::NoteMissing)?);
            Ok(FollowUpEvent::Created {
                subject,
                to,
                due_at: due(act.at, *minutes, FollowUp::MINUTES)?,
                reason: None,
                said: None,
                priority: None,
                note,
            })
        }
        (FollowUpCommand::Reassign { .. } | FollowUpCommand::Done { .. }, None) => Err(FollowUpRefusal::NoneNamed),
        (FollowUpCommand::Reassign { operator, rank, minutes, note }, Some(open)) => {
            let to = assignee(*operator, *rank)?.unwrap_or(open.to);
            let at_most = rules.put_off_minutes(open);
            let due_at = minutes.map_or(Ok(open.due_at), |minutes| due(act.at, minutes, at_most))?;
            if (to, due_at) == (open.to, open.due_at) {
                return Err(FollowUpRefusal::NothingChanges);
            }
            Ok(FollowUpEvent::Reassigned { to, due_at, note: written(note) })
        }
        (FollowUpCommand::Done { note }, Some(_)) => Ok(FollowUpEvent::Done { note: written(note) }),
    }
}

fn assignee(operator: Option<OperatorId>, rank: Option<Rank>) -> Result<Option<Assignee>, FollowUpRefusal> {
    match (operator, rank) {
        (Some(operator), None) => Ok(Some(Assignee::Operator(operator))),
        (None, Some(rank)) => Ok(Some(Assignee::Rank(rank))),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(FollowUpRefusal::OneAssignee),
    }
}

fn due(at: Timestamp, minutes: u32, at_most: u32) -> Result<Timestamp, FollowUpRefusal> {
    if minutes == 0 || minutes > at_most {
        return Err(FollowUpRefusal::TimeOutOfRange { minutes, at_most });
    }
    Ok(at.plus_secs(minutes * 60))
}
