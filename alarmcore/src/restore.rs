//! Which signal ends which: an alarm and its restore are the same code in Contact ID, and two codes in SIA.

use contactid::{Code, NumberIs, Signal};

/// What a signal speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) code: Code,
    pub(crate) group: Option<u16>,
    pub(crate) number: Option<u32>,
}

impl Place {
    pub(crate) const fn of(signal: &Signal) -> Self {
        Self { code: signal.code, group: signal.group, number: signal.number }
    }

    /// Does this restore end what began there? A group that one of the two leaves out is no difference: panels often do.
    pub(crate) fn ends(&self, began: &Self) -> bool {
        let same_group = self.group == began.group || self.group.is_none() || began.group.is_none();
        same_group && self.number == began.number && code_ends(self.code, began.code)
    }
}

fn code_ends(restore: Code, began: Code) -> bool {
    match (restore, began) {
        (Code::Cid(restore), Code::Cid(began)) => restore == began,
        (Code::Sia(restore), Code::Sia(code)) => {
            let named = code.entry().and_then(|entry| entry.restore);
            // `BR` says that a burglary zone is normal, whether an alarm (`BA`) or a trouble (`BT`) was reported of it.
            let [of, normal] = restore.letters();
            let of_zone = Code::Sia(code).number_is() == NumberIs::Zone && normal == b'R' && code.letters()[0] == of;
            named == Some(restore) || of_zone
        }
        (Code::Own(restore), Code::Own(began)) => restore == began,
        (Code::Cid(_) | Code::Sia(_) | Code::Own(_), _) => false,
    }
}
