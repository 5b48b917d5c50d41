//! What was raised in an incident and nobody has looked at yet: while it stands, nothing ends the incident or finds it harmless.

use contactid::Lang;
use serde::{Deserialize, Serialize};

use super::{Incident, RaiseReason, Record, Refusal};
use crate::time::Timestamp;

/// Danger that came to an incident, and that its owner has not looked at.
///
/// Only taking the incident after it is looking: taking it for the first time, again, or over. Every other act may have been
/// written before the danger came, so it neither clears this nor stops the call. What the owner's own act raised, such as the
/// duress code that they were given on the telephone, they have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// Why it was raised: a reason that [must be seen](RaiseReason::must_be_seen).
    pub reason: RaiseReason,
    /// When.
    pub since: Timestamp,
}

impl Incident {
    /// Refuses what would end it, or find it harmless, without a look at the danger that has come.
    pub(super) fn looked_at(&self) -> Result<(), Refusal> {
        match self.unseen {
            Some(Unseen { reason, since }) => Err(Refusal::NotSeen { reason, since }),
            None => Ok(()),
        }
    }

    /// Something raised it. The first that was not seen is kept, but for life safety, which is said rather than anything else.
    pub(super) fn raised_unseen(&mut self, record: &Record, reason: RaiseReason) {
        let own = record.by.is_some() && record.by == self.owner;
        let said = self.unseen.is_some() && reason != RaiseReason::LifeSafety;
        if reason.must_be_seen() && !own && !said {
            self.unseen = Some(Unseen { reason, since: record.at });
        }
    }
}

/// What a person reads whose act is refused for it.
pub(super) fn first_look(reason: RaiseReason, since: Timestamp, lang: Lang) -> String {
    let what = reason.label(lang);
    match lang {
        Lang::En => format!("not looked at yet: {what}, {since}; take it first"),
        Lang::Zh => format!("{since}:{what},尚未查看,请先接警"),
    }
}
