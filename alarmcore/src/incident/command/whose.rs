//! Who may do an act, and what kind of act it is.

use super::Command;
use crate::incident::{Telling, UnitAnswer};

impl Command {
    /// May only a supervisor do this? Who is one, the caller knows.
    pub const fn needs_supervisor(&self) -> bool {
        matches!(self, Self::TakeOver)
    }

    /// May anybody do this, whoever has the incident? What a unit reports by radio is written down by whoever hears it.
    pub const fn is_anyones(&self) -> bool {
        matches!(
            self,
            Self::Take
                | Self::TakeOver
                | Self::Accept { .. }
                | Self::Decline { .. }
                | Self::Depart { .. }
                | Self::Arrive { .. }
                | Self::ReportScene { .. }
                | Self::Leave { .. }
                | Self::RecordUnitAnswer { .. }
                | Self::FailOffer { .. }
                | Self::FailRecall { .. }
                | Self::ConfirmOffer { .. }
                | Self::TellUnit { .. }
                | Self::FailTelling { .. }
                | Self::AnswerContact { .. }
                | Self::Note { .. }
        ) || self.is_heard()
    }

    /// Does it tell of what happened elsewhere, between the centre and an authority? That can come after the closing.
    pub const fn is_heard(&self) -> bool {
        matches!(self, Self::ConfirmDelivery { .. } | Self::FailDelivery { .. } | Self::RecordAnswer { .. })
    }

    /// Does a unit call for help by it?
    pub(crate) const fn is_help(&self) -> bool {
        matches!(self, Self::RecordUnitAnswer { answer: UnitAnswer::Help, .. })
    }

    /// Does it end the incident, or say that there is no danger?
    pub const fn ends(&self) -> bool {
        matches!(
            self,
            Self::VerifyFalse { .. }
                | Self::SceneFalse { .. }
                | Self::EndUndetermined { .. }
                | Self::Overturn { .. }
                | Self::Settle { .. }
                | Self::Close { .. }
        )
    }

    /// Must a second person agree, always or where a rule says so?
    pub const fn needs_second(&self) -> bool {
        matches!(
            self,
            Self::Overturn { .. }
                | Self::SkipStep { .. }
                | Self::VerifyFalse { .. }
                | Self::SceneFalse { .. }
                | Self::EndUndetermined { .. }
                | Self::TellAuthority { telling: Telling::Cancel, .. }
        )
    }
}
