//! What is awaited of an authority: an answer to a hand-off and to a cancel request; and what of it people have to know.

use super::{HandOff, HandOffState, IncidentEvent};
use crate::follow_up::Said;
use crate::time::Timestamp;

impl HandOff {
    /// They are asked to cancel, by this message.
    pub(crate) fn asked_to_cancel(&mut self, sequence: u32, at: Timestamp) {
        (self.cancel_asked_at, self.needed_since) = (Some(at), None);
        (self.cancel_sent, self.cancel_answer_by) = (Some(sequence), None);
    }

    /// When somebody is to be called because they come, as far as we know, and have not answered our cancel request.
    pub(crate) fn cancel_due(&self) -> Option<Timestamp> {
        let comes = matches!(self.state(), HandOffState::Accepted | HandOffState::Dispatched);
        self.cancel_answer_by.filter(|_| comes && self.is_called_off())
    }

    /// When somebody is to be called because they have not answered.
    pub(crate) fn answer_due(&self) -> Option<Timestamp> {
        [self.answer_by, self.cancel_due()].into_iter().flatten().min()
    }
}

impl IncidentEvent {
    /// What of a hand-off it says that people may have to know; its record is known once it is written.
    pub(crate) fn said(&self) -> Option<Said> {
        match *self {
            Self::HandOffFailed { number, .. } | Self::HandOffUnanswered { number } => {
                Some(Said { record: 0, number, answer: None, outcome: None })
            }
            Self::AuthorityAnswered { number, answer, outcome, .. } => {
                Some(Said { record: 0, number, answer: Some(answer), outcome })
            }
            _ => None,
        }
    }
}
