//! What an answer of an authority does to its hand-off.

use super::{Answer, HandOff};
use crate::words::words;

words! {
    /// What an answer did.
    Standing {
        /// It counts.
        Taken "taken" "Taken" "已采纳",
        /// It was heard before: a message with this number has come already.
        Repeated "repeated" "Heard before" "重复",
        /// It is overtaken by what was heard before it, or the hand-off has ended.
        Late "late" "Out of order" "迟到",
        /// It could not be read: what it says, a person has to find out.
        Unread "unread" "Could not be read" "无法读取",
    }
}

impl HandOff {
    /// What this answer does to it, when it comes now in the message of this number.
    pub fn standing(&self, answer: Answer, message: Option<&str>) -> Standing {
        if self.has_heard(message) {
            return Standing::Repeated;
        }
        let nobody_sent = self.dispatched_at.is_none() && self.on_scene_at.is_none();
        let counts = (!self.state().is_end() || self.is_had(answer))
            && match answer {
                Answer::Accepted => self.accepted.is_none(),
                // Whatever they said before, but that they are there: nobody may believe that help is coming.
                Answer::Rejected => self.on_scene_at.is_none(),
                Answer::Dispatched => nobody_sent,
                Answer::OnScene => self.on_scene_at.is_none(),
                Answer::Eta | Answer::Told | Answer::Closed => true,
                // Also where nobody asked them to: they are not coming.
                Answer::Cancelled => true,
                Answer::CancelRefused => self.is_called_off(),
            };
        if counts { Standing::Taken } else { Standing::Late }
    }

    /// What an answer does to it that cannot be read: nothing, for nobody knows what it says.
    pub(crate) fn standing_unread(&self, message: Option<&str>) -> Standing {
        if self.has_heard(message) { Standing::Repeated } else { Standing::Unread }
    }

    fn has_heard(&self, message: Option<&str>) -> bool {
        message.is_some_and(|message| self.heard.contains(message))
    }
}
