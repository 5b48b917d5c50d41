//! A handling as a file writes it: flat, so that whatever reads it knows the place of each key, and then checked.

use serde::Deserialize;

use super::Handling;
use crate::queue::Priority;

/// The three keys of a handling; which of them go together is checked afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    action: Action,
    priority: Option<Priority>,
    seconds: Option<u32>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Action {
    Show,
    Hold,
    Log,
}

/// The keys do not go together.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("`show` needs a `priority`, 1 to 10")]
    ShowWithoutPriority,
    #[error("`show` takes no `seconds`; `hold` does")]
    ShowWithSeconds,
    #[error("`hold` needs a `priority`, 1 to 10: how urgent it is once the wait is over")]
    HoldWithoutPriority,
    #[error("`hold` needs `seconds`: how long it waits for the restore")]
    HoldWithoutSeconds,
    #[error("`log` takes no `priority`: nobody is shown it")]
    LogWithPriority,
    #[error("`log` takes no `seconds`: nothing waits")]
    LogWithSeconds,
}

impl TryFrom<Written> for Handling {
    type Error = Unfit;

    fn try_from(Written { action, priority, seconds }: Written) -> Result<Self, Unfit> {
        match (action, priority, seconds) {
            (Action::Show, Some(priority), None) => Ok(Self::Show { priority }),
            (Action::Show, None, _) => Err(Unfit::ShowWithoutPriority),
            (Action::Show, Some(_), Some(_)) => Err(Unfit::ShowWithSeconds),
            (Action::Hold, Some(priority), Some(seconds)) => Ok(Self::Hold { priority, seconds }),
            (Action::Hold, None, _) => Err(Unfit::HoldWithoutPriority),
            (Action::Hold, Some(_), None) => Err(Unfit::HoldWithoutSeconds),
            (Action::Log, None, None) => Ok(Self::Log {}),
            (Action::Log, Some(_), _) => Err(Unfit::LogWithPriority),
            (Action::Log, None, Some(_)) => Err(Unfit::LogWithSeconds),
        }
    }
}
