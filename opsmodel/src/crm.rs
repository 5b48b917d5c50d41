//! The cards: what is written down about accounts, units and operators, by hand and with a history.

mod account;
mod call_list;
mod codeword;
mod contact_line;
mod handover;
mod heard;
mod kept_plan;
mod key;
mod lowering;
mod name;
mod operator;
mod panel_user;
mod proposal_line;
mod review;
mod unit;
mod word_line;

pub use account::{AccountCard, CardError, Contact, Zone};
pub use call_list::{Dead, Standing, Turn, call_list, dead_numbers};
pub use codeword::Codeword;
pub use contact_line::ContactLineError;
pub use handover::SignedHandover;
pub use heard::Judged;
pub use kept_plan::KeptPlan;
pub use key::{AccountKey, KeyError};
pub use lowering::{Agreed, AgreedError, Approved, Ended, Proposal};
pub use operator::{OperatorCard, OperatorField, Role};
pub use panel_user::{PanelUser, PanelUserError};
pub use proposal_line::{ProposalFault, ProposalLineError};
pub use review::{Cancels, CardField, Pending};
pub use unit::{UnitCard, read_names, write_names};
pub use word_line::{WordLineError, Words};

use alarmcore::{OperatorId, Timestamp};

/// Who changes a card, when, from where and why: kept with every version of it (requirement H3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The operator; `None` when the centre itself does it, as in an import.
    pub by: Option<OperatorId>,
    /// When.
    pub at: Timestamp,
    /// From where: `console 192.0.2.7`, `import accounts.csv`.
    pub origin: String,
    /// Why, in the words of who did it.
    pub reason: String,
}

/// Left out of what is stored.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_nought(number: &u32) -> bool {
    *number == 0
}
