//! What a person can do about the false alarms of an account, and why that is refused.

use contactid::{AccountNumber, Lang};
use serde::{Deserialize, Serialize};

use super::{FalseCalls, FalseCallsEvent};
use crate::incident::written;

/// One act, as `{"act": "prove", "reference": "WO-77"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FalseCallsCommand {
    /// Record the proof of a remedy.
    Prove {
        /// The number of the work order or report; mandatory.
        #[serde(default)]
        reference: Option<String>,
        /// What was done.
        #[serde(default)]
        note: Option<String>,
    },
}

/// Why an act on the false alarms of an account is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
#[error("{}", self.label(Lang::En))]
pub enum FalseCallsRefusal {
    /// No false alarm of this account is counted.
    NothingCounted {
        /// The account.
        account: AccountNumber,
    },
    /// No work order or report was named.
    ReferenceMissing,
}

impl FalseCallsRefusal {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NothingCounted { account }, Lang::En) => format!("no false alarm of account {account} is counted"),
            (Self::NothingCounted { account }, Lang::Zh) => format!("用户 {account} 没有计入的误报"),
            (Self::ReferenceMissing, Lang::En) => "name the work order or report that proves the remedy".into(),
            (Self::ReferenceMissing, Lang::Zh) => "请填写证明已整改的工单或报告编号".into(),
        }
    }
}

/// What an act makes of the false alarms of an account.
pub(crate) fn decide(
    account: AccountNumber,
    calls: Option<&FalseCalls>,
    command: &FalseCallsCommand,
) -> Result<FalseCallsEvent, FalseCallsRefusal> {
    let FalseCallsCommand::Prove { reference, note } = command;
    if calls.is_none() {
        return Err(FalseCallsRefusal::NothingCounted { account });
    }
    let reference = written(reference).ok_or(FalseCallsRefusal::ReferenceMissing)?;
    Ok(FalseCallsEvent::Proved { reference, note: written(note) })
}
