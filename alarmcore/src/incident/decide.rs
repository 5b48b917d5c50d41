//! Command to events or refusal: may refuse, and changes nothing.

use super::{Command, Incident, IncidentEvent, Refusal};
use crate::id::OperatorId;
use crate::policy::Policy;
use crate::time::Timestamp;

/// One act of a person.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: OperatorId,
    /// The second person, for what needs four eyes.
    pub second: Option<OperatorId>,
    /// What.
    pub command: &'a Command,
}

/// What an act makes of an incident.
///
/// # Errors
/// [`Refusal`] says in the words of the centre why it is not granted.
pub fn decide(incident: &Incident, policy: &Policy, act: &Act<'_>) -> Result<Vec<IncidentEvent>, Refusal> {
    let _ = (policy, act);
    Err(Refusal::NoSuchIncident { incident: incident.id })
}
